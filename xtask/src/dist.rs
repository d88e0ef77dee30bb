//! `cargo xtask dist`: the release as it is handed to operators, refused when it has grown beyond its limit.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::program::{cargo, command, output, succeeds};
use crate::workspace;

/// 40 MB: small enough for a slow line and a small machine.
const LARGEST_BYTES: u64 = 40_000_000;

/// What an operator needs beside the binary.
const BESIDE: [&str; 5] = [
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/operations.md",
    "dist/entente.service",
];

pub(crate) fn run() -> Result<ExitCode> {
    if !succeeds(&mut cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "entente",
    ]))? {
        return Ok(ExitCode::FAILURE);
    }
    let binary = workspace::target().join("release/entente");
    let folder = workspace::target().join("dist");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("could not make {}", folder.display()))?;
    copy(&binary, &folder)?;
    for file in BESIDE {
        copy(&workspace::root().join(file), &folder)?;
    }
    let bytes = std::fs::metadata(&binary)?.len();
    let sums = output(command("sha256sum", &["entente"]).current_dir(&folder))?;
    std::fs::write(folder.join("SHA256SUMS"), &sums)?;
    println!("{}", folder.display());
    print!("{sums}");
    println!("{}", verdict(bytes));
    Ok(if bytes <= LARGEST_BYTES {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn copy(from: &Path, folder: &Path) -> Result<()> {
    let name = from.file_name().context("a file to copy has a name")?;
    std::fs::copy(from, folder.join(name))
        .with_context(|| format!("could not copy {}", from.display()))?;
    Ok(())
}

fn verdict(bytes: u64) -> String {
    let comparison = if bytes <= LARGEST_BYTES {
        "within"
    } else {
        "ABOVE"
    };
    format!(
        "{:.1} MB, {comparison} the limit of {} MB",
        bytes as f64 / 1e6,
        LARGEST_BYTES / 1_000_000
    )
}

#[test]
fn a_binary_above_the_limit_is_named() {
    assert_eq!(verdict(40_000_000), "40.0 MB, within the limit of 40 MB");
    assert_eq!(verdict(41_000_000), "41.0 MB, ABOVE the limit of 40 MB");
}
