//! The tree as the rules see it: its files and its packages, read once, so that every rule is a pure function over them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::program::{cargo, command, output};

/// Where a package is looked at for its dependencies: what a node runs on.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// The folder that holds Cargo.toml of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Where cargo builds to.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Everything the rules look at.
#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
    pub(crate) packages: Vec<Package>,
}

/// A text file; its path is relative to the root, with `/`.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One package of the dependency graph.
#[derive(Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) is_ours: bool,
    /// Its folder, relative to the root; only for the packages of this workspace.
    pub(crate) folder: String,
    /// What its manifest names.
    pub(crate) declares: Vec<Dependency>,
    /// What it is built from, as places in `Tree::packages`; without development dependencies.
    pub(crate) built_from: Vec<usize>,
    /// `package.metadata` of the manifest.
    pub(crate) metadata: Value,
}

#[derive(Clone)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) only_in_tests: bool,
}

impl Tree {
    /// Reads the tree around us: what is tracked, and what would be if it were added now.
    pub(crate) fn read() -> Result<Tree> {
        Ok(Tree {
            files: read_files()?,
            packages: packages()?,
        })
    }

    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_ours)
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

fn read_files() -> Result<Vec<File>> {
    let listed = output(&mut command(
        "git",
        &[
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ],
    ))
    .context("the rules look at the files that git knows")?;
    let mut files = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        // A file may be listed and deleted, and a picture is no text: neither can break a rule.
        if let Ok(text) = std::fs::read_to_string(root().join(path)) {
            files.push(File {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}

/// The packages alone, without reading the files.
pub(crate) fn packages() -> Result<Vec<Package>> {
    let printed = output(&mut cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        PLATFORM,
    ]))?;
    let metadata: Value = serde_json::from_str(&printed)
        .context("cargo metadata printed something else than JSON")?;
    let mut packages: Vec<Package> = list(&metadata["packages"]).map(package).collect();
    let places: HashMap<&str, usize> = list(&metadata["packages"])
        .enumerate()
        .map(|(place, package)| (text(&package["id"]), place))
        .collect();
    for node in list(&metadata["resolve"]["nodes"]) {
        let Some(package) = places
            .get(text(&node["id"]))
            .and_then(|place| packages.get_mut(*place))
        else {
            continue;
        };
        package.built_from = list(&node["deps"])
            .filter(|dependency| list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev"))
            .filter_map(|dependency| places.get(text(&dependency["pkg"])).copied())
            .collect();
    }
    Ok(packages)
}

fn package(value: &Value) -> Package {
    let folder = Path::new(text(&value["manifest_path"])).parent();
    let folder = folder.and_then(|folder| folder.strip_prefix(root()).ok());
    Package {
        name: text(&value["name"]).to_owned(),
        is_ours: value["source"].is_null(),
        folder: folder
            .map(|folder| folder.display().to_string())
            .unwrap_or_default(),
        declares: list(&value["dependencies"])
            .map(|dependency| Dependency {
                name: text(&dependency["name"]).to_owned(),
                only_in_tests: dependency["kind"] == "dev",
            })
            .collect(),
        built_from: Vec::new(),
        metadata: value["metadata"].clone(),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
