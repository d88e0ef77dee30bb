//! A violation of every rule, planted: each must be found, and its lawful neighbor must not.

use super::{Violation, arrows, check, documents, manners, rooms, traces};
use crate::workspace::{Dependency, File, Package, Tree};

type Rule = fn(&Tree) -> Vec<Violation>;

fn tree(files: &[(&str, &str)]) -> Tree {
    let files = files.iter().map(|(path, text)| File {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    });
    Tree {
        files: files.collect(),
        packages: Vec::new(),
    }
}

/// Whether a rule finds something in a file with this path and text.
#[track_caller]
fn check_file(rule: Rule, path: &str, text: &str, found: bool) {
    let violations = rule(&tree(&[(path, text)]));
    assert_eq!(
        !violations.is_empty(),
        found,
        "{path}\n{text}\n{violations:?}"
    );
}

/// A package of ours that declares others; `others` are built from what follows them, in a row.
fn package(name: &str, declares: &[(&str, bool)]) -> Package {
    Package {
        name: name.to_owned(),
        is_ours: true,
        folder: format!("crates/{name}"),
        declares: declares
            .iter()
            .map(|(name, only_in_tests)| Dependency {
                name: (*name).to_owned(),
                only_in_tests: *only_in_tests,
            })
            .collect(),
        ..Package::default()
    }
}

#[track_caller]
fn check_packages(packages: Vec<Package>, found: &[&str]) {
    let violations: Vec<String> = arrows::check(&Tree {
        files: Vec::new(),
        packages,
    })
    .iter()
    .map(ToString::to_string)
    .collect();
    assert_eq!(violations.len(), found.len(), "{violations:?}");
    for (violation, found) in violations.iter().zip(found) {
        assert!(violation.contains(found), "{violation}");
    }
}

#[test]
fn arrows_point_down() {
    let ours = |declares: &[(&str, bool)], of: &str| {
        let all = [
            "stix", "policy", "tlog", "store", "node", "site", "stage", "taxii", "norms",
            "contacts", "entente",
        ];
        all.iter()
            .map(|name| {
                let own = package(name, if *name == of { declares } else { &[] });
                let desk = ["norms", "contacts"].contains(name);
                let folder = if desk { "desks" } else { "crates" };
                Package {
                    folder: format!("{folder}/{name}"),
                    ..own
                }
            })
            .collect::<Vec<_>>()
    };
    check_packages(ours(&[("policy", false), ("stix", false)], "store"), &[]);
    check_packages(
        ours(&[("tlog", false)], "store"),
        &["tlog is not below store"],
    );
    check_packages(
        ours(&[("node", false)], "policy"),
        &["node is not below policy"],
    );
    check_packages(
        ours(&[("node", true)], "policy"),
        &["node is not below policy"],
    );
    check_packages(
        ours(&[("contacts", false)], "norms"),
        &["contacts is not below norms"],
    );
    // A desk has its place by its folder, and the program is over all of them.
    check_packages(ours(&[("site", false), ("policy", false)], "norms"), &[]);
    check_packages(ours(&[("norms", false), ("taxii", false)], "entente"), &[]);
    check_packages(
        ours(&[("contacts", false)], "site"),
        &["contacts is not below site"],
    );
    check_packages(
        ours(&[("taxii", false)], "norms"),
        &["taxii is not below norms"],
    );
    // What tests stand on is for tests.
    check_packages(ours(&[("stage", true)], "norms"), &[]);
    check_packages(ours(&[("stage", false)], "norms"), &["stage is for tests"]);
    check_packages(ours(&[("stage", true)], "node"), &["stage is not below"]);
    check_packages(
        vec![package("brand_new", &[])],
        &["has no place in the order"],
    );
}

#[test]
fn pure_packages_stay_pure_however_far_below() {
    check_packages(vec![package("policy", &[("serde_json", false)])], &[]);
    check_packages(
        vec![package("policy", &[("tokio", false)])],
        &["may not be built on tokio"],
    );
    check_packages(
        vec![package("policy", &[("rand", false)])],
        &["may not be built on rand"],
    );
    check_packages(vec![package("policy", &[("rand", true)])], &[]);
    let far = |name: &str, built_from: Vec<usize>| Package {
        name: name.to_owned(),
        built_from,
        ..Package::default()
    };
    let mut pure = package("text", &[("reader", false)]);
    pure.built_from = vec![1];
    check_packages(
        vec![pure, far("reader", vec![2]), far("tokio", vec![])],
        &["may not be built on tokio"],
    );
}

#[test]
fn what_has_a_room_is_named_there_only() {
    check_packages(vec![package("store", &[("rusqlite", false)])], &[]);
    check_packages(
        vec![package("node", &[("rusqlite", false)])],
        &["only store names rusqlite"],
    );
    check_packages(vec![package("node", &[("rusqlite", true)])], &[]);
    check_packages(
        vec![package("node", &[("clap", false)])],
        &["only entente names clap"],
    );
}

#[test]
fn sql_stands_only_in_store() {
    let node = "crates/node/src/accept.rs";
    let cases = [
        (r#"f("SELECT body FROM record")"#, true),
        (r#"f("select body from record where id = $1")"#, true),
        ("f(\"SELECT body\\n        FROM record\")", true),
        (r##"f(r#"INSERT OR IGNORE INTO class VALUES ($1)"#)"##, true),
        (r#"f("WITH a AS (SELECT 1 FROM b) SELECT 2")"#, true),
        (r#"f("UPDATE job SET state = 1")"#, true),
        (r#"f("PRAGMA user_version")"#, true),
        (r#"f("select a file from the list")"#, false),
        (r#"f("the UPDATE that was SELECTED")"#, false),
        ("// SELECT body FROM record\nf()", false),
        (
            r#"#[cfg(test)] mod tests { fn f() { g("DELETE FROM record") } }"#,
            false,
        ),
    ];
    for (text, found) in cases {
        check_file(rooms::check, node, text, found);
        check_file(rooms::check, "crates/store/src/page.rs", text, false);
        check_file(rooms::check, "entente/tests/verify.rs", text, false);
    }
}

#[test]
fn labels_are_compared_only_in_policy() {
    let cases = [
        ("if label.tlp == other {}", true),
        ("if label.tlp() < limit {}", true),
        ("if x == Tlp::Red {}", true),
        ("if policy::Tlp::Red >= x {}", true),
        ("match tlp { Tlp::Red => 1, _ => 2 }", true),
        (
            "match tlp { Tlp::Amber | Tlp::AmberStrict => 1, _ => 2 }",
            true,
        ),
        ("match tlp { Some(policy::Tlp::Red) => 1, _ => 2 }", true),
        ("matches!(label.tlp, Tlp::Red)", true),
        ("matches!(x, Some(Tlp::Red) | None)", true),
        ("if let Tlp::Red = x {}", true),
        (r#"if name == "TLP:RED" {}"#, true),
        (r#"match name { "TLP:RED" => 1, _ => 2 }"#, true),
        ("let label = Label::new(Tlp::Red);", false),
        ("let all: Vec<Tlp> = vec![Tlp::Red, Tlp::Amber];", false),
        (
            "fn f(tlp: Option<Tlp>) -> Tlp { tlp.unwrap_or(Tlp::AmberStrict) }",
            false,
        ),
        ("let tlp = Tlp::parse(name)?; show(label.tlp)", false),
    ];
    for (text, found) in cases {
        check_file(rooms::check, "crates/taxii/src/add.rs", text, found);
        check_file(rooms::check, "crates/policy/src/decide.rs", text, false);
    }
}

#[test]
fn environment_clock_and_chance_have_their_rooms() {
    let environment = [
        "std::env::var(name)",
        "use std::env; f()",
        "env::args()",
        "env::temp_dir()",
    ];
    for text in environment {
        check_file(rooms::check, "crates/node/src/lib.rs", text, true);
        check_file(rooms::check, "entente/src/main.rs", text, false);
    }
    check_file(
        rooms::check,
        "crates/node/src/lib.rs",
        r#"env!("CARGO_PKG_VERSION")"#,
        false,
    );

    let time_and_chance = [
        "SystemTime::now()",
        "rand::rng()",
        "rand::random::<u8>()",
        "OsRng.fill(x)",
        "Uuid::new_v4()",
    ];
    for text in time_and_chance {
        check_file(rooms::check, "crates/node/src/accept.rs", text, true);
        check_file(rooms::check, "entente/src/main.rs", text, true);
        check_file(rooms::check, "crates/node/src/clock.rs", text, false);
        check_file(rooms::check, "crates/node/tests/story.rs", text, false);
    }
}

#[test]
fn pure_sources_stay_pure() {
    for text in [
        "async fn f() {}",
        "f().await",
        "Instant::now()",
        "std::fs::read(path)",
        "std::thread::spawn(f)",
    ] {
        check_file(rooms::check, "crates/policy/src/decide.rs", text, true);
        check_file(rooms::check, "crates/policy/tests/oracle.rs", text, false);
        check_file(rooms::check, "crates/taxii/src/poll.rs", text, false);
    }
}

#[test]
fn a_test_module_in_its_own_file_is_free() {
    let own = tree(&[
        (
            "crates/node/src/lib.rs",
            "#[cfg(test)]\nmod faults;\nmod accept;",
        ),
        ("crates/node/src/faults.rs", "SystemTime::now()"),
        ("crates/node/src/faults/crash.rs", "SystemTime::now()"),
        ("crates/node/src/accept.rs", "SystemTime::now()"),
    ]);
    let violations = rooms::check(&own);
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(violations[0].path, "crates/node/src/accept.rs");
}

#[test]
fn a_file_opens_with_what_it_is_for() {
    check_file(
        manners::check,
        "crates/stix/src/id.rs",
        "//! Identifiers of objects, checked once.\n",
        false,
    );
    check_file(manners::check, "crates/stix/src/id.rs", "//! stix\n", true);
    check_file(
        manners::check,
        "crates/stix/src/id.rs",
        "use std::fmt;\n",
        true,
    );
    check_file(manners::check, "crates/stix/src/id.rs", "", true);
    check_file(
        manners::check,
        "web/map.js",
        "// The map of participants, drawn.\n",
        false,
    );
    check_file(manners::check, "web/map.js", "draw();\n", true);
    check_file(
        manners::check,
        "dist/try.sh",
        "#!/bin/sh\n# Tries the unit out.\n",
        false,
    );
    check_file(manners::check, "dist/try.sh", "#!/bin/sh\necho\n", true);
}

#[test]
fn a_file_keeps_to_one_subject_and_is_no_drawer() {
    let opening = "//! One subject, told at length.\n";
    check_file(
        manners::check,
        "a/long.rs",
        &format!("{opening}{}", "\n".repeat(599)),
        false,
    );
    check_file(
        manners::check,
        "a/long.rs",
        &format!("{opening}{}", "\n".repeat(600)),
        true,
    );
    for path in [
        "a/src/utils.rs",
        "a/tests/common/mod.rs",
        "a/helpers/x.rs",
        "web/misc.js",
    ] {
        check_file(manners::check, path, opening, true);
    }
    check_file(manners::check, "a/src/commons.rs", opening, false);
}

#[test]
fn nothing_is_left_unfinished() {
    let cases = [
        (concat!("// FIX", "ME later"), true),
        ("// TODO: the rest", true),
        ("// the unit of `\\uXXXX`, of any length", false),
        (concat!("bail!(\"not ", "implemented\")"), true),
        ("#[ignore]\nfn f() {}", true),
        ("#[ignore = \"slow\"]\nfn f() {}", true),
        ("// what is left to do is said elsewhere", false),
    ];
    for (text, found) in cases {
        let text = format!("//! A file like others.\n{text}\n");
        check_file(manners::check, "crates/node/src/accept.rs", &text, found);
    }
}

#[test]
fn packages_take_the_lints_and_the_core_never_panics() {
    let with = |name: &str, manifest: &str, lib: &str| {
        let mut tree = tree(&[
            ("crates/x/Cargo.toml", manifest),
            ("crates/x/src/lib.rs", lib),
        ]);
        tree.packages = vec![Package {
            folder: "crates/x".to_owned(),
            ..package(name, &[])
        }];
        manners::check(&tree).len()
    };
    let lints = "[package]\n\n[lints]\nworkspace = true\n";
    let opening = "//! What it is for.\n";
    let denies = "//! What it is for.\n#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]\n";
    assert_eq!(with("stix", lints, opening), 0);
    assert_eq!(with("stix", "[package]\n", opening), 1);
    assert_eq!(
        with("stix", "[package]\n[lints]\nworkspace = false\n", opening),
        1
    );
    assert_eq!(with("policy", lints, opening), 1);
    assert_eq!(with("policy", lints, denies), 0);
    assert_eq!(
        with("policy", lints, &denies.replace("clippy::panic, ", "")),
        1
    );
}

#[test]
fn the_tree_holds_no_traces_of_a_machine() {
    let cases = [
        (concat!("see /wo", "rk/notes"), true),
        (concat!("(`/ho", "me/ann/x`)"), true),
        (concat!("https://example.org/wo", "rk/"), false),
        (concat!("target/wo", "rk/x"), false),
        (concat!("from https://stat", "ic.cra", "tes.i", "o/x"), true),
        (concat!("rule 3 of DES", "IGN"), true),
        ("REDESIGNED", false),
        (concat!("as issue", " 2 says"), true),
        (concat!("Issue", " #12"), true),
        ("an issue that needs it", false),
        ("tissue 3", false),
    ];
    for (text, found) in cases {
        check_file(traces::check, "docs/a.md", text, found);
        check_file(traces::check, "crates/stix/src/id.rs", text, found);
        check_file(traces::check, "fixtures/misp/a.json", text, false);
    }
}

#[test]
fn documents_lead_somewhere() {
    let check = |line: &str, found: bool| {
        let tree = tree(&[
            ("README.md", line),
            (
                "docs/operations.md",
                "# Running a node\n## Backup & restore\n",
            ),
            ("crates/stix/src/id.rs", "//! Identifiers of objects.\n"),
        ]);
        let violations = documents::check(&tree);
        assert_eq!(!violations.is_empty(), found, "{line}\n{violations:?}");
    };
    check("[how](docs/operations.md)", false);
    check("[how](docs/operation.md)", true);
    check("[how](docs/operations.md#backup--restore)", false);
    check("[how](docs/operations.md#backup)", true);
    check("[how](../operations.md)", true);
    check("[out](https://example.org/x.html#y)", false);
    check("<img src=\"docs/picture.svg\">", true);
    check("`crates/stix/src/id.rs` and `crates/stix`", false);
    check("`crates/stix/src/ids.rs`", true);
    check(
        "`crates/<name>/src` is a pattern, `entente serve` a command",
        false,
    );
    check("as operations.md says", false);
    check("as protocol.md says", true);
    check_file(
        documents::check,
        "crates/stix/src/id.rs",
        "//! As protocol.md says.\n",
        true,
    );
    check_file(
        documents::check,
        "crates/stix/src/id.rs",
        "f(\"protocol.md\")",
        false,
    );
}

#[test]
fn all_rules_are_asked() {
    let planted = tree(&[(
        "crates/node/src/utils.rs",
        concat!("f(\"DELETE FROM record\"); // /wo", "rk/x and protocol.md"),
    )]);
    let mut tree = planted;
    tree.packages = vec![package("brand_new", &[])];
    let shown: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
    for expected in [
        "no place in the order",
        "SQL stands only",
        "first line",
        "drawer",
        "one machine",
        "no document",
    ] {
        assert!(
            shown.iter().any(|line| line.contains(expected)),
            "{expected}: {shown:?}"
        );
    }
}

/// The tree around us keeps the rules: this is the check itself, run as a test.
#[test]
fn this_tree_is_tidy() {
    let violations = check(&Tree::read().expect("the tree can be read"));
    let shown: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}
