//! Rule: arrows point down. What each package may be built on is one table; what is not in it has no place yet.

use std::collections::BTreeSet;

use super::Violation;
use crate::workspace::{Package, Tree};

/// Each package and those of ours right below it. What lies further below may be used as well; nothing else may.
const ORDER: &[(&str, &[&str])] = &[
    ("stix", &[]),
    ("tlog", &[]),
    ("policy", &["stix"]),
    ("text", &["policy"]),
    ("store", &["policy"]),
    ("node", &["store", "text", "tlog"]),
    ("taxii", &["node"]),
    ("misp", &["node"]),
    ("site", &["node"]),
    ("desk", &["site"]),
    (FOR_TESTS, &["desk"]),
    // Each desk, by its folder: over what desks share, and beside the other desks.
    (DESK, &["desk", FOR_TESTS]),
    // And over all desks.
    (PROGRAM, &["taxii", "misp", DESK]),
    ("xtask", &[]),
];

/// The place of what lies in `desks/`.
const DESK: &str = "desks/";
const PROGRAM: &str = "entente";
/// What the tests of desks stand on, and nothing else does.
const FOR_TESTS: &str = "stage";

/// The packages that decide and compute, and touch nothing outside their arguments.
pub(super) const PURE: [&str; 4] = ["stix", "policy", "tlog", "text"];

/// What a pure package is never built on, however far below.
const IMPURE: [&str; 16] = [
    "tokio",
    "async-std",
    "smol",
    "futures-executor",
    "hyper",
    "http",
    "axum",
    "reqwest",
    "ureq",
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "postgres",
    "sqlx",
    "rustls",
    "openssl",
];

/// What a pure package doesn't name itself: the clock and randomness. Below a document reader they do occur, unused by us.
const CLOCK_AND_CHANCE: [&str; 8] = [
    "rand",
    "getrandom",
    "fastrand",
    "chrono",
    "time",
    "jiff",
    "async-trait",
    "futures",
];

/// What only one package may name: the room where it belongs.
const ONLY_IN: [(&str, &str); 4] = [
    ("rusqlite", "store"),
    ("tokio-postgres", "store"),
    ("deadpool-postgres", "store"),
    ("clap", "entente"),
];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in tree.ours() {
        violations.extend(points_up(tree, package));
        violations.extend(is_impure(tree, package));
        violations.extend(is_in_the_wrong_room(package));
        violations.extend(is_built_on_tests(package));
    }
    violations
}

fn manifest(package: &Package) -> String {
    format!("{}/Cargo.toml", package.folder)
}

fn points_up(tree: &Tree, package: &Package) -> Vec<Violation> {
    let is_desk = |package: &Package| package.folder.starts_with(DESK);
    let place = if is_desk(package) {
        DESK
    } else {
        &package.name
    };
    let Some(mut below) = below(place) else {
        let message = format!(
            "{} has no place in the order of packages: give it one in ORDER",
            package.name
        );
        return vec![Violation::new(manifest(package), 0, message)];
    };
    if package.name == PROGRAM {
        let desks = tree.ours().filter(|package| is_desk(package));
        below.extend(desks.map(|desk| desk.name.as_str()));
    }
    let ours: BTreeSet<&str> = tree.ours().map(|package| package.name.as_str()).collect();
    package
        .declares
        .iter()
        .filter(|dependency| {
            ours.contains(dependency.name.as_str()) && dependency.name != package.name
        })
        .filter(|dependency| !below.contains(dependency.name.as_str()))
        .map(|dependency| {
            let message = format!(
                "{} is not below {}: arrows point down",
                dependency.name, package.name
            );
            Violation::new(manifest(package), 0, message)
        })
        .collect()
}

/// All packages below one; none when it has no place.
fn below<'t>(name: &str) -> Option<BTreeSet<&'t str>> {
    let (_, direct) = ORDER.iter().find(|(package, _)| *package == name)?;
    let mut all = BTreeSet::new();
    for package in *direct {
        all.insert(*package);
        all.extend(below(package).unwrap_or_default());
    }
    Some(all)
}

fn is_impure(tree: &Tree, package: &Package) -> Vec<Violation> {
    if !PURE.contains(&package.name.as_str()) {
        return Vec::new();
    }
    let declared = package
        .declares
        .iter()
        .filter(|dependency| !dependency.only_in_tests)
        .map(|dependency| dependency.name.as_str())
        .filter(|name| CLOCK_AND_CHANCE.contains(name) || IMPURE.contains(name));
    let reached = reached(tree, package)
        .into_iter()
        .filter(|name| IMPURE.contains(name));
    let found: BTreeSet<&str> = declared.chain(reached).collect();
    found
        .into_iter()
        .map(|name| {
            let message = format!(
                "{} is pure and may not be built on {name}: time, chance, files and wire are passed in",
                package.name
            );
            Violation::new(manifest(package), 0, message)
        })
        .collect()
}

/// The names of everything that a package is built from.
fn reached<'t>(tree: &'t Tree, package: &'t Package) -> BTreeSet<&'t str> {
    let mut names = BTreeSet::new();
    let mut waiting: Vec<&Package> = vec![package];
    while let Some(package) = waiting.pop() {
        for below in package
            .built_from
            .iter()
            .filter_map(|place| tree.packages.get(*place))
        {
            if names.insert(below.name.as_str()) {
                waiting.push(below);
            }
        }
    }
    names
}

fn is_in_the_wrong_room(package: &Package) -> Vec<Violation> {
    package
        .declares
        .iter()
        .filter(|dependency| !dependency.only_in_tests)
        .filter_map(|dependency| {
            let (name, room) = ONLY_IN.iter().find(|(name, _)| *name == dependency.name)?;
            (package.name != *room).then(|| {
                let message = format!("only {room} names {name}");
                Violation::new(manifest(package), 0, message)
            })
        })
        .collect()
}

fn is_built_on_tests(package: &Package) -> Option<Violation> {
    let on_tests = package
        .declares
        .iter()
        .any(|dependency| dependency.name == FOR_TESTS && !dependency.only_in_tests);
    on_tests.then(|| {
        let message = format!("{FOR_TESTS} is for tests: name it under dev-dependencies");
        Violation::new(manifest(package), 0, message)
    })
}
