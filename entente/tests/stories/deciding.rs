//! What a person decides: what awaits a decision, what is in quarantine, who may see what.

use std::fs;

use crate::program::{Home, text};

const BELMARK: &str = "identity--bbbbbbbb-0000-4000-8000-000000000001";

fn import(home: &Home, name: &str, object: &str, more: &[&str]) -> serde_json::Value {
    let file = home.file(name);
    fs::write(&file, object).unwrap();
    let answer = home.run(&[&["import", "DIR", text(&file), "--json"], more].concat());
    assert!(answer.code < 2, "{answer:?}");
    answer.json()
}

fn report(number: u32, more: &str) -> String {
    format!(
        r#"{{"type":"report","spec_version":"2.1","id":"report--00000000-0000-4000-8000-{number:012}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"Report {number}","published":"2026-01-01T00:00:00Z","object_refs":["{BELMARK}"]{more}}}"#
    )
}

#[test]
fn a_label_says_who_sees_it_and_why_others_do_not() {
    let home = Home::new();
    for name in ["Belmark", "Cordia"] {
        home.run(&[
            "access",
            "add",
            "DIR",
            name,
            "--participant",
            name,
            "--read",
            "situation",
        ])
        .with(0);
    }
    import(
        &home,
        "amber.json",
        &report(1, ""),
        &["--tlp", "AMBER", "--for", "Belmark"],
    );
    let id = "report--00000000-0000-4000-8000-000000000001";
    let explained = home.run(&["explain", "DIR", id, "--json"]).with(0).json();
    assert_eq!(explained["label"], "TLP:AMBER");
    assert_eq!(explained["seen_by"][0]["name"], "Belmark", "{explained}");
    assert_eq!(explained["not_seen_by"][0]["name"], "Cordia", "{explained}");
    assert!(explained["french"].as_str().unwrap().contains("Cordia"));
    let one = home
        .run(&["explain", "DIR", id, "--viewer", "Cordia"])
        .with(0)
        .out;
    assert!(
        one.starts_with("Cordia may not have it: only those named"),
        "{one}"
    );
    home.run(&[
        "explain",
        "DIR",
        "report--00000000-0000-4000-8000-000000000009",
    ])
    .with(2);

    // What Belmark would get, and what Cordia would.
    let as_belmark = home.run(&["export", "DIR", "--as", "Belmark"]).with(0).out;
    let as_cordia = home.run(&["export", "DIR", "--as", "Cordia"]).with(0).out;
    assert!(as_belmark.contains("Report 1"), "{as_belmark}");
    assert!(!as_cordia.contains("Report 1"), "{as_cordia}");
    // What was written into a file for somebody counts as taken.
    let explained = home.run(&["explain", "DIR", id, "--json"]).with(0).json();
    let taken = explained["taken"].as_array().unwrap();
    assert_eq!(
        (taken.len(), &taken[0]["by"]),
        (1, &"Belmark".into()),
        "{explained}"
    );
}

#[test]
fn what_is_malformed_can_be_read_and_let_go() {
    let home = Home::new();
    assert_eq!(
        home.run(&["quarantine", "list", "DIR"]).with(0).out,
        "The quarantine is empty.\n"
    );
    let answer = import(&home, "bad.json", &report(2, r#","name":"twice""#), &[]);
    assert_eq!(answer["refused"], 1, "{answer}");
    let listed = home
        .run(&["quarantine", "list", "DIR", "--json"])
        .with(0)
        .json();
    let number = listed[0]["number"].to_string();
    let shown = home
        .run(&["quarantine", "show", "DIR", &number])
        .with(0)
        .out;
    assert!(
        shown.contains("Report 2") && shown.contains("twice"),
        "{shown}"
    );
    home.run(&["quarantine", "discard", "DIR", &number]).with(0);
    home.run(&["quarantine", "show", "DIR", &number]).with(2);
}

#[test]
fn publishing_waits_for_a_second_person() {
    let home = Home::new();
    import(&home, "clear.json", &report(3, ""), &["--tlp", "CLEAR"]);
    let listed = home
        .run(&["clearance", "list", "DIR", "--json"])
        .with(0)
        .json();
    assert_eq!(listed[0]["records"], 1, "{listed}");
    let number = listed[0]["number"].to_string();
    // Whoever holds the terminal alone publishes nothing: a second person signs in and agrees.
    home.run(&["clearance", "sign", "DIR", &number]).with(2);
    home.run(&["clearance", "withdraw", "DIR", &number]).with(0);
    assert_eq!(
        home.run(&["clearance", "list", "DIR"]).with(0).out,
        "Nothing waits to be cleared.\n"
    );
}

#[test]
fn nothing_awaits_a_decision_at_first() {
    let home = Home::new();
    assert_eq!(
        home.run(&["awaiting", "list", "DIR"]).with(0).out,
        "Nothing awaits a decision.\n"
    );
    home.run(&["awaiting", "admit", "DIR", "--all"]).with(2);
    home.run(&["awaiting", "admit", "DIR", "1"]).with(1);
}
