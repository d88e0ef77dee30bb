//! What is imported is accepted or listed with where and why, and comes out again byte for byte.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::program::{Home, binary, entente_reading, text};

fn note(number: u32, more: &str) -> String {
    format!(
        r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-{number:012}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"note {number}","object_refs":["note--00000000-0000-4000-8000-000000000000"]{more}}}"#
    )
}

fn bundle(objects: &[String]) -> String {
    format!(
        r#"{{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000001","objects":[{}]}}"#,
        objects.join(",")
    )
}

#[test]
fn accepted_known_and_refused_are_told_apart() {
    let home = Home::new();
    let file = home.file("notes.json");
    let broken = note(2, "").replace("\"note\"", "\"note\",\"type\":\"note\"");
    fs::write(&file, bundle(&[note(1, ""), broken, note(3, "")])).unwrap();
    let file = text(&file);

    let rehearsed = home
        .run(&["import", "DIR", file, "--dry-run", "--json"])
        .with(1)
        .json();
    let first = home.run(&["import", "DIR", file, "--json"]).with(1).json();
    for answer in [&rehearsed, &first] {
        assert_eq!(
            [&answer["accepted"], &answer["known"], &answer["refused"]],
            [2, 0, 1],
            "{answer}"
        );
        let problem = &answer["problems"][0];
        assert_eq!(problem["index"], 1);
        assert_eq!(problem["file"], file);
        let offset = usize::try_from(problem["offset"].as_u64().unwrap()).unwrap();
        assert!(
            fs::read_to_string(file).unwrap()[offset..]
                .starts_with(r#"{"type":"note","type":"note""#)
        );
        assert!(
            problem["reason"].as_str().unwrap().contains("type"),
            "{problem}"
        );
    }
    let again = home.run(&["import", "DIR", file]).with(1);
    assert!(
        again
            .out
            .contains("0 of 3 objects accepted, 2 already here, 1 refused."),
        "{}",
        again.out
    );
}

#[test]
fn bytes_come_out_as_they_went_in_whether_the_node_serves_or_not() {
    let home = Home::new();
    let exotic = note(
        7,
        r#", "x_number" : 123456789012345678901234567890.10 ,  "x_text":"\u00e9 é" "#,
    );
    let alone = exotic.clone();
    let file = home.file("one.json");
    fs::write(&file, &alone).unwrap();
    home.run(&["import", "DIR", text(&file)]).with(0);

    let serving = home.serve();
    // Through the socket, with both files and standard streams in the caller's hands.
    let dir = home.dir();
    let many: Vec<String> = (100..2_600).map(|number| note(number, "")).collect();
    let ended = entente_reading(
        &["import", text(&dir), "-", "--json"],
        bundle(&many).as_bytes(),
    )
    .with(0);
    assert_eq!(ended.json()["accepted"], 2_500);
    let held = home.run(&["export", "DIR"]).with(0);
    assert!(held.err.contains("2501 records exported"), "{}", held.err);
    let parsed: serde_json::Value = serde_json::from_str(&held.out).unwrap();
    assert_eq!(parsed["objects"].as_array().unwrap().len(), 2_501);
    assert!(held.out.contains(&exotic), "bytes changed");
    serving.stop(rustix::process::Signal::TERM);

    let table = home.file("records.csv");
    let ended = home
        .run(&[
            "export",
            "DIR",
            "--format",
            "csv",
            "--output",
            text(&table),
            "--json",
        ])
        .with(0);
    assert_eq!(ended.json()["records"], 2_501);
    assert_eq!(fs::read_to_string(&table).unwrap().lines().count(), 2_502);
    let refused = home
        .run(&["export", "DIR", "--output", text(&table)])
        .with(2);
    assert!(refused.err.contains("exists already"), "{}", refused.err);
}

#[test]
fn a_new_version_by_the_same_door_is_accepted() {
    let home = Home::new();
    let file = home.file("versions.json");
    let newer = note(1, "").replace("\"modified\":\"2026-01-01", "\"modified\":\"2026-02-01");
    fs::write(&file, bundle(&[note(1, ""), newer])).unwrap();
    home.run(&["import", "DIR", text(&file)]).with(0);
}

/// An import that is interrupted after the first part of its input was read; how it ended.
fn interrupted(home: &Home, first: &[u8], rest: &[u8]) -> std::process::Output {
    let mut child = binary()
        .args(["import", text(&home.dir()), "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A pipe holds 64 KiB: once more than that is gone, it is being read.
    stdin.write_all(first).unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    // It reads on until it hears of it; then nobody reads any more.
    let _ = stdin.write_all(rest);
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[test]
fn an_import_that_is_interrupted_says_what_is_in_and_goes_on_from_there() {
    let home = Home::new();
    let notes: Vec<String> = (1..=8_000).map(|number| note(number, "")).collect();
    let whole = bundle(&notes);
    let middle = whole.len() / 4;
    for serves in [false, true] {
        let _serving = serves.then(|| home.serve());
        let (first, rest) = whole.as_bytes().split_at(middle);
        let ended = interrupted(&home, first, rest);
        let error = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{error}");
        let said: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
        let count = |name: &str| said[name].as_u64().unwrap();
        let passed = count("accepted") + count("known");
        assert_eq!(said["interrupted"]["index"], passed, "{said}");
        assert!(passed < 8_000, "{said}");
        let held = home.run(&["export", "DIR"]).with(0);
        let parsed: serde_json::Value = serde_json::from_str(&held.out).unwrap();
        let held = parsed["objects"].as_array().unwrap().len() as u64;
        assert!(held >= passed, "{held} {said}");
    }
    let file = home.file("notes.json");
    fs::write(&file, &whole).unwrap();
    let again = home
        .run(&["import", "DIR", text(&file), "--json"])
        .with(0)
        .json();
    let total = again["accepted"].as_u64().unwrap() + again["known"].as_u64().unwrap();
    assert_eq!(total, 8_000, "{again}");
    assert!(again["known"].as_u64().unwrap() > 0, "{again}");
}

/// A limit on the size of files stands for a disk that is full; to ignore its signal is handed down to the program.
#[test]
fn an_import_that_a_full_disk_stops_says_what_it_kept_and_goes_on_later() {
    let home = Home::new();
    let file = home.file("many.json");
    let filler = "x".repeat(1000);
    let notes: Vec<String> = (0..4000)
        .map(|number| format!(r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-{number:012}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"{filler}","object_refs":["note--00000000-0000-4000-8000-000000000000"]}}"#))
        .collect();
    fs::write(&file, format!(r#"{{"objects":[{}]}}"#, notes.join(","))).unwrap();
    let dir = home.dir();
    let import = ["import", text(&dir), text(&file), "--json"];
    let full = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 5000; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_entente"))
        .args(import)
        .output()
        .unwrap();
    assert_eq!(full.status.code(), Some(1), "{full:?}");
    let told: serde_json::Value = serde_json::from_slice(&full.stdout).unwrap();
    let kept = told["accepted"].as_u64().unwrap();
    assert!(kept > 0 && kept < 4000, "{told}");
    assert!(told["stopped"].is_string(), "{told}");
    let verified = home.run(&["verify", "DIR", "--json"]).with(0).json();
    assert_eq!(verified["leaves"], kept, "{verified}");
    let again = home
        .run(&["import", "DIR", text(&file), "--json"])
        .with(0)
        .json();
    assert_eq!(
        (&again["known"], &again["accepted"]),
        (&kept.into(), &(4000 - kept).into()),
        "{again}"
    );
}

#[test]
fn what_is_too_large_is_refused_and_lies_in_quarantine_and_its_neighbors_are_taken() {
    let home = Home::new();
    let (file, alone) = (home.file("many.json"), home.file("one.json"));
    let large = |number| {
        let words = "x".repeat(5 << 20);
        note(number, "").replace(&format!("note {number}"), &words)
    };
    fs::write(&file, bundle(&[note(1, ""), large(2), note(3, "")])).unwrap();
    fs::write(&alone, large(4)).unwrap();
    let quarantine = || {
        let listed = home.run(&["quarantine", "list", "DIR", "--json"]);
        listed.with(0).json().as_array().unwrap().clone()
    };
    home.run(&["import", "DIR", text(&file), "--dry-run"])
        .with(1);
    assert!(quarantine().is_empty(), "it was a rehearsal");
    let told = home.run(&["import", "DIR", text(&file), "--json"]).with(1);
    let told = told.json();
    assert_eq!(
        (&told["accepted"], &told["refused"]),
        (&2.into(), &1.into())
    );
    assert_eq!(told["problems"][0]["index"], 1, "{told}");
    let reason = told["problems"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("at most 4194304 bytes"), "{told}");
    home.run(&["import", "DIR", text(&alone)]).with(1);
    let kept = quarantine();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(
        kept.iter()
            .all(|one| one["reason"].as_str() == Some(reason)),
        "{kept:?}"
    );
    let number = kept[0]["number"].to_string();
    let shown = home.run(&["quarantine", "show", "DIR", &number]).with(0);
    assert!(
        shown
            .out
            .contains("note--00000000-0000-4000-8000-00000000000"),
        "{}",
        shown.out
    );
}

#[test]
fn a_label_for_what_is_here_already_is_said_to_have_changed_nothing() {
    let home = Home::new();
    let file = home.file("note.json");
    fs::write(&file, note(1, "")).unwrap();
    let import = ["import", "DIR", text(&file)];
    let labeled = |tlp| [&import[..], &["--tlp", tlp]].concat();
    home.run(&labeled("AMBER")).with(0);
    home.run(&labeled("AMBER")).with(0);
    home.run(&import).with(0);
    let told = home.run(&labeled("RED")).with(1).out;
    assert!(
        told.contains("under another label, and stays TLP:AMBER;"),
        "{told}"
    );
    assert!(told.contains("1 already here"), "{told}");
    let told = home.run(&[&labeled("RED")[..], &["--json"]].concat());
    let told = told.with(1).json();
    assert_eq!(
        (&told["known"], &told["labels_stay"]),
        (&1.into(), &1.into())
    );
    assert_eq!(told["problems"][0]["outcome"], "known", "{told}");
}
