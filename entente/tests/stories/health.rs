//! A node that says when it cannot do its work, and keeps what it makes for its owner.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::process::Signal;
use serde_json::Value;

use crate::program::{Home, Serving, text};

const REPORT: &[u8] = br#"{"type":"report","spec_version":"2.1","id":"report--1f2e0d00-6c2b-4d4c-9c1e-3f8f5f2f7a11","created":"2026-11-20T08:00:00Z","modified":"2026-11-20T08:00:00Z","name":"A report","published":"2026-11-20T08:00:00Z","object_refs":["identity--1f2e0d00-6c2b-4d4c-9c1e-3f8f5f2f7a11"]}"#;

fn asked(serving: &Serving) -> (u16, Value) {
    let (status, answer) = serving.get("/health");
    let body = answer.split("\r\n\r\n").last().unwrap_or(&answer);
    (status, serde_json::from_str(body.trim()).unwrap())
}

#[test]
fn a_folder_that_is_gone_is_said_refused_and_taken_again() {
    let home = Home::new();
    fs::write(home.file("report.json"), REPORT).unwrap();
    let serving = home.serve();
    let (status, told) = asked(&serving);
    assert_eq!((status, &told["status"]), (200, &"pass".into()), "{told}");
    home.run(&["health", "DIR"]).with(0);

    let aside = home.file("aside");
    fs::rename(home.dir(), &aside).unwrap();
    let (status, told) = asked(&serving);
    assert_eq!((status, &told["status"]), (503, &"fail".into()), "{told}");
    let folder = &told["checks"]["folder"][0];
    assert_eq!(folder["status"], "fail");
    assert!(
        folder["remedy"]
            .as_str()
            .unwrap()
            .contains("back where it was")
    );
    let (status, figures) = serving.get("/metrics");
    assert_eq!(status, 200);
    assert!(
        figures.contains("entente_health{part=\"folder\"} 0"),
        "{figures}"
    );
    for state in ["introduced", "confirmed", "suspended"] {
        let line = format!("entente_peers{{state=\"{state}\"}} 0");
        assert!(figures.contains(&line), "{figures}");
    }
    // Who comes from elsewhere learns one word.
    let (status, told) = serving.ask("GET /health HEAD\r\nForwarded: for=192.0.2.1\r\n\r\n");
    assert_eq!(status, 503);
    assert!(told.trim().ends_with(r#"{"status":"fail"}"#), "{told}");

    fs::rename(&aside, home.dir()).unwrap();
    assert_eq!(asked(&serving).0, 200);
    home.run(&["import", "DIR", text(&home.file("report.json"))])
        .with(0);
    assert_eq!(serving.stop(Signal::TERM).0, Some(0));
    home.run(&["verify", "DIR"]).with(0);
}

#[test]
fn a_reserve_that_is_begun_is_no_health() {
    let home = Home::new();
    home.configure(
        "reserve_bytes = 67108864",
        "reserve_bytes = 9007199254740992",
    );
    let serving = home.serve();
    let (status, told) = asked(&serving);
    let room = &told["checks"]["room:free"][0];
    assert_eq!((status, &room["status"]), (503, &"fail".into()), "{told}");
    assert!(room["observedValue"].as_u64().unwrap() > 0);
    let found = home.run(&["health", "DIR", "--json"]).with(1).json();
    assert_eq!(found["status"], "fail");
}

#[test]
fn what_a_node_makes_is_for_its_owner_only() {
    let home = Home::new();
    let report = home.file("report.json");
    fs::write(&report, REPORT).unwrap();
    let made: Vec<_> = [
        "export.json",
        "backup.age",
        "newest.checkpoint",
        "own.introduction",
    ]
    .map(|name| home.file(name))
    .into();
    let serving = home.serve();
    home.run(&["import", "DIR", text(&report)]).with(0);
    home.run(&["export", "DIR", "--output", text(&made[0])])
        .with(0);
    let backup = [
        "backup",
        "DIR",
        text(&made[1]),
        "--checkpoint",
        text(&made[2]),
    ];
    home.run(&backup).with(0);
    let introduce = ["peer", "introduce", "DIR", "--output", text(&made[3])];
    home.run(&introduce).with(0);
    let mut seen = 0;
    for path in made
        .iter()
        .map(|path| path.as_path())
        .chain([home.dir().as_path()])
    {
        seen += private(path);
    }
    assert!(seen > 12, "{seen} files only");
    assert_eq!(serving.stop(Signal::TERM).0, Some(0));
    fs::remove_file(home.dir().join("node.db-shm")).ok();
    // As an earlier version left it.
    let database = home.dir().join("node.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
    let serving = home.serve();
    private(&home.dir());
    assert_eq!(serving.stop(Signal::TERM).0, Some(0));
}

/// Checks a path and all below it; how many there are.
fn private(path: &Path) -> usize {
    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    if !path.is_dir() {
        return 1;
    }
    let inside = fs::read_dir(path).unwrap();
    1 + inside
        .map(|one| private(&one.unwrap().path()))
        .sum::<usize>()
}
