//! Who is who: collections, programs, persons and participants, by the names that people type.

use std::fs;

use crate::program::{Home, entente_reading, text};

#[test]
fn a_collection_is_added_and_serves_by_its_name() {
    let home = Home::new();
    home.run(&[
        "access",
        "add",
        "DIR",
        "reader",
        "--participant",
        "Belmark",
        "--read",
        "situation",
    ])
    .with(0);
    let added = home
        .run(&[
            "collection",
            "add",
            "DIR",
            "advisories",
            "--desk",
            "situation",
            "--tlp",
            "AMBER",
            "--for",
            "Belmark",
            "--json",
        ])
        .with(0)
        .json();
    assert_eq!(added["alias"], "advisories");
    assert_eq!(added["id"].as_str().unwrap().len(), 36, "{added}");
    let listed = home.run(&["collection", "list", "DIR"]).with(0).out;
    let line = listed
        .lines()
        .find(|line| line.starts_with("advisories"))
        .unwrap();
    assert!(line.contains("TLP:AMBER for Belmark"), "{listed}");
    for (arguments, says) in [
        (
            &["collection", "add", "DIR", "x", "--for", "Belmrak"][..],
            "did you mean \"Belmark\"?",
        ),
        (
            &["collection", "add", "DIR", "x", "--desk", "sport"],
            "the desks are dialogues",
        ),
        (
            &["import", "DIR", "x.json", "--collection", "advisorys"],
            "did you mean \"advisories\"?",
        ),
        (&["import", "DIR", "x.json", "--for", "Nobody"], "there are"),
    ] {
        let ended = home.run(arguments).with(2);
        assert!(ended.err.contains(says), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn a_program_gets_a_secret_once_or_brings_its_own() {
    let home = Home::new();
    let dir = home.dir();
    let add = [
        "access",
        "add",
        text(&dir),
        "reader",
        "--participant",
        "Belmark",
        "--read",
        "situation",
        "--read",
        "incidents",
        "--json",
    ];
    let ended = crate::program::entente(&add).with(0);
    assert!(
        ended
            .err
            .contains("Belmark was not known here and has been noted"),
        "{}",
        ended.err
    );
    let secret = ended.json()["secret"].as_str().unwrap().to_owned();
    assert!(secret.len() > 40);

    let serving = home.serve();
    let own = [
        "access",
        "add",
        text(&dir),
        "sensor",
        "--participant",
        "Belmark",
        "--write",
        "situation",
        "--password-stdin",
    ];
    let short = entente_reading(&own, b"1234567\n").with(2);
    assert!(
        short.err.contains("at least 8 bytes; this one has 7"),
        "{}",
        short.err
    );
    let ended = entente_reading(&own, b"correct horse\n").with(0);
    assert!(
        !ended.out.contains("correct horse") && ended.err.is_empty(),
        "{ended:?}"
    );
    let listed = home.run(&["access", "list", "DIR", "--json"]).with(0);
    assert!(!listed.out.contains("correct horse") && !listed.out.contains(&secret));
    let listed = listed.json();
    assert_eq!(
        listed[0]["read"],
        serde_json::json!(["situation", "incidents"]),
        "{listed}"
    );
    assert_eq!(listed[1]["participant"]["name"], "Belmark");
    home.run(&["access", "revoke", "DIR", "sensor"]).with(0);
    home.run(&["access", "revoke", "DIR", "sensor"]).with(2);
    let known = home.run(&["participant", "list", "DIR"]).with(0).out;
    assert!(
        known.contains("Belmark") && known.contains("Arland"),
        "{known}"
    );
    drop(serving);
    for file in ["node.db", "node.db-wal"] {
        let Ok(bytes) = fs::read(dir.join(file)) else {
            continue;
        };
        for secret in ["correct horse", secret.as_str()] {
            assert!(
                !bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes()),
                "{file} holds a secret"
            );
        }
    }
}

#[test]
fn persons_are_added_and_listed() {
    let home = Home::new();
    let added = home
        .run(&[
            "user",
            "add",
            "DIR",
            "Ada Lind",
            "--function",
            "duty officer",
            "--json",
        ])
        .with(0)
        .json();
    assert!(added["id"].as_str().unwrap().starts_with("identity--"));
    let listed = home.run(&["user", "list", "DIR"]).with(0).out;
    assert!(
        listed.contains("Ada Lind") && listed.contains("duty officer"),
        "{listed}"
    );
    home.run(&["user", "add", "DIR", "Ada Lind"]).with(2);
}

#[test]
fn a_state_means_the_organ_that_it_designated() {
    let home = Home::new();
    home.run(&[
        "participant",
        "add",
        "DIR",
        "Belmark",
        "--kind",
        "state",
        "--country",
        "xb",
    ])
    .with(0);
    home.run(&[
        "participant",
        "add",
        "DIR",
        "CSIRT of Belmark",
        "--of",
        "Belmark",
        "--competent-for",
        "situation",
    ])
    .with(0);
    home.run(&[
        "participant",
        "add",
        "DIR",
        "Ministry of Belmark",
        "--of",
        "Belmark",
    ])
    .with(0);
    home.run(&[
        "participant",
        "add",
        "DIR",
        "Power Grid",
        "--kind",
        "client",
        "--needs-to-know",
        "all",
    ])
    .with(0);
    for wrong in [
        &["--kind", "organ"][..],
        &["--kind", "client"],
        &["--needs-to-know", "norms"],
        &["--competent-for", "norms"],
    ] {
        home.run(&[&["participant", "add", "DIR", "Other"], wrong].concat())
            .with(2);
    }
    let listed = home.run(&["participant", "list", "DIR"]).with(0).out;
    assert!(
        listed.contains("Belmark, competent for situation"),
        "{listed}"
    );

    let file = home.file("note.json");
    fs::write(&file, r#"{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"x","object_refs":["note--00000000-0000-4000-8000-000000000000"]}"#).unwrap();
    home.run(&[
        "import",
        "DIR",
        text(&file),
        "--tlp",
        "AMBER",
        "--for",
        "Belmark",
    ])
    .with(0);
    let explained = home
        .run(&[
            "explain",
            "DIR",
            "note--00000000-0000-4000-8000-000000000001",
            "--json",
        ])
        .with(0)
        .json();
    let seen: Vec<&str> = explained["seen_by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(seen, ["CSIRT of Belmark"], "{explained}");
}

#[test]
fn a_circle_is_named_by_labels_and_joined_and_left() {
    let home = Home::new();
    for name in ["Belmark", "Cordia", "Daria"] {
        home.run(&["participant", "add", "DIR", name, "--kind", "state"])
            .with(0);
    }
    let added = home
        .run(&[
            "circle", "add", "DIR", "north", "Belmark", "Cordia", "--json",
        ])
        .with(0)
        .json();
    assert!(added["members"].as_array().unwrap().len() >= 2, "{added}");
    for (arguments, says) in [
        (
            &["circle", "add", "DIR", "south", "Belmrak"][..],
            "did you mean \"Belmark\"?",
        ),
        (
            &["circle", "join", "DIR", "nort", "Daria"],
            "did you mean \"north\"?",
        ),
        (&["circle", "join", "DIR", "north", "north"], "no circles"),
    ] {
        let ended = home.run(arguments).with(2);
        assert!(ended.err.contains(says), "{arguments:?}: {}", ended.err);
    }
    home.run(&["circle", "join", "DIR", "north", "Daria"])
        .with(0);
    home.run(&["circle", "leave", "DIR", "north", "Cordia"])
        .with(0);
    let listed = home.run(&["circle", "list", "DIR"]).with(0).out;
    let line = listed
        .lines()
        .find(|line| line.starts_with("north"))
        .unwrap();
    assert!(
        line.contains("Belmark") && line.contains("Daria") && !line.contains("Cordia"),
        "{listed}"
    );
    home.run(&[
        "collection",
        "add",
        "DIR",
        "x",
        "--tlp",
        "GREEN",
        "--for",
        "north",
    ])
    .with(0);
}
