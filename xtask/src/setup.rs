//! What tests need beside Rust: found, or installed where that is possible. What could not be had is said aloud, and the
//! tests that need it print a line `SKIP why`.
//!
//! A package says what its tests need, so that nothing is installed for tests that are not there:
//!
//! ```toml
//! [package.metadata.tests]
//! apt = ["nginx"]                            # Debian packages
//! python = ["taxii2-client==2.3.0", "stix2"] # into target/venv
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::program::{cargo, command, output, quietly_succeeds, succeeds};
use crate::workspace::{self, Package};

/// The version that deny.toml was written for.
const CARGO_DENY: &str = "0.20.2";

/// What the first run of all tests leaves in target/, and a half more: the linker needs room beside what it writes.
const ROOM: u64 = 5 << 30;

/// Installs what the tests of these packages need; what is missing afterwards, a line each.
pub(crate) fn prepare(packages: &[Package]) -> Vec<String> {
    if let Some(free) = free(&workspace::target())
        && free < ROOM
    {
        println!(
            "{} has {} MiB left: a first run of all tests takes some {}. CARGO_TARGET_DIR puts it elsewhere.",
            workspace::target().display(),
            free >> 20,
            ROOM >> 20
        );
    }
    let mut missing = Vec::new();
    let debian = install_debian(&needs(packages, "apt"));
    if !debian.is_empty() {
        missing.push(format!(
            "set-up: Debian's {} could not be installed",
            debian.join(", ")
        ));
    }
    let wanted = needs(packages, "python");
    if !wanted.is_empty()
        && let Err(error) = python("venv", &wanted)
    {
        missing.push(format!("set-up: {error:#}"));
    }
    missing
}

/// Bytes that are left where this will lie, as far as `df` knows.
fn free(place: &Path) -> Option<u64> {
    let there = place.ancestors().find(|place| place.exists())?;
    let asked = Command::new("df").arg("-Pk").arg(there).output().ok()?;
    free_in(&String::from_utf8(asked.stdout).ok()?)
}

/// Bytes that are left, of what `df -Pk` prints of one place.
fn free_in(printed: &str) -> Option<u64> {
    let line = printed.lines().nth(1)?;
    let blocks: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    Some(blocks * 1024)
}

fn needs(packages: &[Package], kind: &str) -> Vec<String> {
    let all: BTreeSet<String> = packages
        .iter()
        .filter(|package| package.is_ours)
        .filter_map(|package| package.metadata["tests"][kind].as_array())
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    all.into_iter().collect()
}

/// Installs what is not there yet; the names of what is still missing.
fn install_debian(wanted: &[String]) -> Vec<String> {
    let missing = |names: &[String]| -> Vec<String> {
        let absent = |name: &&String| !quietly_succeeds(&mut command("dpkg", &["--status", name]));
        names.iter().filter(absent).cloned().collect()
    };
    let names = missing(wanted);
    if names.is_empty() || !is_root() {
        return names;
    }
    println!("installing {}", names.join(", "));
    let install = |names: &[String]| {
        quietly_succeeds(apt(&["install", "--yes", "--no-install-recommends"]).args(names))
    };
    if !install(&names) && quietly_succeeds(&mut apt(&["update"])) {
        // One by one: what this Debian doesn't have must not keep the others away.
        for name in &names {
            install(std::slice::from_ref(name));
        }
    }
    missing(&names)
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = command("apt-get", arguments);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    output(&mut command("id", &["-u"])).is_ok_and(|id| id.trim() == "0")
}

/// A Python of our own under the target folder, with these packages: the path of its interpreter.
pub(crate) fn python(folder: &str, packages: &[String]) -> Result<PathBuf> {
    let folder = workspace::target().join(folder);
    let interpreter = folder.join("bin/python");
    let (stamp, wanted) = (folder.join("installed"), packages.join("\n"));
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(interpreter);
    }
    println!("installing Python's {}", packages.join(", "));
    let made =
        interpreter.exists() || quietly_succeeds(command("python3", &["-m", "venv"]).arg(&folder));
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    if !made || !succeeds(command(&interpreter, &pip).args(packages))? {
        bail!("Python's {} could not be installed", packages.join(", "));
    }
    std::fs::write(stamp, wanted)?;
    Ok(interpreter)
}

/// cargo-deny as it is installed, or built once into the target folder.
pub(crate) fn cargo_deny() -> Option<PathBuf> {
    let folder = workspace::target().join("tools");
    let own = folder.join("bin/cargo-deny");
    let works = |program: &Path| quietly_succeeds(&mut command(program, &["--version"]));
    let found = [own.clone(), PathBuf::from("cargo-deny")]
        .into_iter()
        .find(|program| works(program));
    if found.is_some() {
        return found;
    }
    println!("building cargo-deny {CARGO_DENY}");
    let mut install = cargo(&[
        "install",
        "cargo-deny",
        "--version",
        CARGO_DENY,
        "--locked",
        "--debug",
        "--quiet",
        "--root",
    ]);
    let built = quietly_succeeds(
        install
            .arg(&folder)
            .env("CARGO_TARGET_DIR", folder.join("build")),
    );
    // What it was built from is ten times its size.
    let _ = std::fs::remove_dir_all(folder.join("build"));
    (built && works(&own)).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::free_in;

    #[test]
    fn what_is_left_is_read_from_its_column() {
        let printed = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                       /dev/vda 264222780 92274688 3460300 97% /\n";
        assert_eq!(free_in(printed), Some(3_460_300 << 10));
        assert_eq!(free_in(""), None);
        assert_eq!(free_in("Filesystem\n/dev/vda -"), None);
    }
}
