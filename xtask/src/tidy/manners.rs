//! Rule: a file says what it is for in its first line, keeps to one subject, is no drawer and leaves nothing unfinished;
//! a package takes the workspace's lints, and the security core forbids what can panic.

use super::Violation;
use super::rooms::is_test;
use super::rust::{Kind, follows, tokens};
use crate::workspace::{File, Package, Tree};

const LONGEST_LINES: usize = 600;

/// What a drawer is called. A test folder's drawer is one too.
const DRAWERS: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

/// The packages where a panic would be a fault of security.
const NEVER_PANIC: [&str; 3] = ["policy", "tlog", "node"];
const PANICS: [&str; 4] = ["unwrap_used", "expect_used", "panic", "indexing_slicing"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let files = tree
        .files
        .iter()
        .filter(|file| !file.path.starts_with("fixtures/"));
    let mut violations: Vec<Violation> = files
        .flat_map(|file| {
            [opening(file), length(file), drawer(file)]
                .into_iter()
                .flatten()
                .chain(unfinished(file))
        })
        .collect();
    for package in tree.ours() {
        violations.extend(lints(tree, package));
        violations.extend(panics(tree, package));
    }
    violations
}

fn opening(file: &File) -> Option<Violation> {
    let extension = file.path.rsplit('.').next()?;
    let mut lines = file
        .text
        .lines()
        .filter(|line| !line.starts_with("#!") || extension == "rs");
    let first = lines.next().unwrap_or_default();
    let said = match extension {
        "rs" => first.strip_prefix("//!"),
        "sh" | "py" => first
            .strip_prefix('#')
            .or_else(|| first.strip_prefix("\"\"\"")),
        "js" | "mjs" | "ts" => first
            .strip_prefix("//")
            .or_else(|| first.strip_prefix("/*")),
        "css" => first.strip_prefix("/*"),
        "sql" => first.strip_prefix("--"),
        "html" if file.path.contains("/templates/") => first.strip_prefix("{#"),
        _ => return None,
    };
    let words = said.unwrap_or_default().split_whitespace().count();
    (words < 3).then(|| {
        Violation::new(
            &file.path,
            1,
            "the first line says what the file is for, in a sentence",
        )
    })
}

fn length(file: &File) -> Option<Violation> {
    let counts = [".rs", ".html", ".js", ".ts", ".css", ".py", ".sh"];
    let lines = file.text.lines().count();
    let long = lines > LONGEST_LINES
        && counts
            .iter()
            .any(|extension| file.path.ends_with(extension));
    long.then(|| {
        let message = format!(
            "{lines} lines have found a second subject: give it a room (at most {LONGEST_LINES})"
        );
        Violation::new(&file.path, 0, message)
    })
}

fn drawer(file: &File) -> Option<Violation> {
    let drawer = file
        .path
        .split('/')
        .map(|part| part.split('.').next().unwrap_or(part))
        .find(|part| DRAWERS.contains(part))?;
    Some(Violation::new(
        &file.path,
        0,
        format!("{drawer:?} is a drawer: name what is in it"),
    ))
}

fn unfinished(file: &File) -> Vec<Violation> {
    if !file.path.ends_with(".rs") {
        return Vec::new();
    }
    let tokens = tokens(&file.text);
    let mut violations = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let unfinished = match &token.kind {
            Kind::Comment(text) => text
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| ["TODO", concat!("FIX", "ME"), "XXX"].contains(&word)),
            Kind::Text(text) => text.to_lowercase().contains(concat!("not ", "implemented")),
            _ => false,
        };
        if unfinished && !is_test(&file.path) {
            violations.push(Violation::new(
                &file.path,
                token.line,
                "unfinished: finish it, or take it out",
            ));
        }
        if follows(&tokens, place, &["#", "[", "ignore"]) {
            violations.push(Violation::new(
                &file.path,
                token.line,
                "a test that nobody runs: let it print a line `SKIP why` where it cannot run",
            ));
        }
    }
    violations
}

fn lints(tree: &Tree, package: &Package) -> Option<Violation> {
    let path = format!("{}/Cargo.toml", package.folder);
    let manifest = &tree.file(&path)?.text;
    let mut section = manifest
        .lines()
        .skip_while(|line| line.trim() != "[lints]")
        .skip(1);
    let taken = section.next().map(str::trim) == Some("workspace = true");
    (!taken).then(|| Violation::new(path, 0, "takes no lints: add [lints] workspace = true"))
}

fn panics(tree: &Tree, package: &Package) -> Option<Violation> {
    if !NEVER_PANIC.contains(&package.name.as_str()) {
        return None;
    }
    let path = format!("{}/src/lib.rs", package.folder);
    let tokens = tokens(&tree.file(&path)?.text);
    let denied = |lint: &&str| {
        (0..tokens.len()).any(|place| follows(&tokens, place, &["clippy", "::", lint]))
    };
    (!PANICS.iter().all(denied)).then(|| {
        let message = format!(
            "{} never panics: deny clippy's {} outside tests",
            package.name,
            PANICS.join(", ")
        );
        Violation::new(path, 1, message)
    })
}
