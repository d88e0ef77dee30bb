//! Two nodes come to know each other: a file each way, and words that people read aloud.

use crate::program::{Home, text};

fn words(of: &Home, to: &std::path::Path) -> String {
    let made = of
        .run(&[
            "peer",
            "introduce",
            "DIR",
            "--output",
            text(to),
            "--address",
            "http://127.0.0.1:1",
            "--json",
        ])
        .with(0)
        .json();
    made["words"]["french"].as_str().unwrap().to_owned()
}

#[test]
fn a_node_is_introduced_where_it_was_until_somebody_says_otherwise() {
    let home = Home::new();
    let files = ["one", "two", "three"].map(|name| home.file(name));
    let first = words(&home, &files[0]);
    let introduce = ["peer", "introduce", "DIR", "--json", "--output"];
    let again = home.run(&[&introduce[..], &[text(&files[1])]].concat());
    let again = again.with(0).json();
    assert_eq!(again["words"]["french"], first.as_str(), "the same file");
    let hidden = [&introduce[..], &[text(&files[2]), "--calls-out-only"]].concat();
    let hidden = home.run(&hidden).with(0);
    assert_ne!(hidden.json()["words"]["french"], first.as_str());
    let file = std::fs::read_to_string(&files[2]).unwrap();
    assert!(file.contains(r#""addresses": []"#), "{file}");
}

#[test]
fn a_peer_is_confirmed_by_its_words_and_by_no_others() {
    let (arland, belmark) = (Home::new(), Home::called("Belmark"));
    let files = [
        arland.file("arland.introduction"),
        belmark.file("belmark.introduction"),
    ];
    let ours = words(&arland, &files[0]);
    let theirs = words(&belmark, &files[1]);
    assert_ne!(ours, theirs);

    let added = arland
        .run(&["peer", "add", "DIR", text(&files[1]), "--json"])
        .with(0)
        .json();
    assert_eq!(added["name"], "Belmark");
    assert_eq!(added["read_aloud"]["french"], ours.as_str());
    let listed = arland.run(&["peer", "list", "DIR"]).with(0).out;
    assert!(listed.contains("introduced"), "{listed}");

    let wrong: Vec<&str> = ours.split(' ').collect();
    let refused = arland
        .run(&[&["peer", "confirm", "DIR", "Belmark"], &wrong[..]].concat())
        .with(2);
    assert!(
        refused.err.contains("these are not the words"),
        "{}",
        refused.err
    );
    let right: Vec<&str> = theirs.split(' ').collect();
    arland
        .run(&[&["peer", "confirm", "DIR", "belmark"], &right[..]].concat())
        .with(0);
    let listed = arland
        .run(&["peer", "list", "DIR", "--json"])
        .with(0)
        .json();
    assert_eq!(listed[0]["state"], "confirmed");

    arland.run(&["peer", "suspend", "DIR", "Belmark"]).with(0);
    arland.run(&["peer", "resume", "DIR", "Belmark"]).with(0);
    arland.run(&["peer", "forget", "DIR", "Belmark"]).with(0);
    let none = arland.run(&["peer", "forget", "DIR", "Belmark"]).with(2);
    assert!(none.err.contains("no peer is called"), "{}", none.err);
    arland
        .run(&[
            "peer",
            "add",
            "DIR",
            text(&arland.dir().join("config.toml")),
        ])
        .with(2);
}

/// Two nodes that have compared their words.
fn peers() -> (Home, Home) {
    let (arland, belmark) = (Home::called("Arland"), Home::called("Belmark"));
    let files = [
        arland.file("arland.introduction"),
        belmark.file("belmark.introduction"),
    ];
    let spoken = [words(&arland, &files[0]), words(&belmark, &files[1])];
    for (home, file, name, spoken) in [
        (&arland, &files[1], "Belmark", &spoken[1]),
        (&belmark, &files[0], "Arland", &spoken[0]),
    ] {
        home.run(&["peer", "add", "DIR", text(file)]).with(0);
        let spoken: Vec<&str> = spoken.split(' ').collect();
        home.run(&[&["peer", "confirm", "DIR", name], &spoken[..]].concat())
            .with(0);
    }
    (arland, belmark)
}

const NOTE: &str = r#"{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"for Belmark","object_refs":["note--00000000-0000-4000-8000-000000000000"]}"#;

#[test]
fn a_bundle_opens_once_and_at_its_node_only() {
    let (arland, belmark) = peers();
    let note = arland.file("note.json");
    std::fs::write(&note, NOTE).unwrap();
    arland
        .run(&[
            "import",
            "DIR",
            text(&note),
            "--tlp",
            "AMBER",
            "--for",
            "Belmark",
        ])
        .with(0);
    let bundle = arland.file("for-belmark.bundle");
    let sealed = arland
        .run(&["bundle", "seal", "DIR", "Belmark", text(&bundle), "--json"])
        .with(0)
        .json();
    assert_eq!(sealed["number"], 1, "{sealed}");
    let wrong = arland
        .run(&["bundle", "open", "DIR", text(&bundle)])
        .with(2);
    assert!(
        wrong.err.contains("encrypted to another node"),
        "{}",
        wrong.err
    );
    let serving = belmark.serve();
    belmark
        .run(&["bundle", "open", "DIR", text(&bundle)])
        .with(0);
    assert!(
        belmark
            .run(&["export", "DIR"])
            .with(0)
            .out
            .contains("for Belmark")
    );
    let again = belmark
        .run(&["bundle", "open", "DIR", text(&bundle)])
        .with(2);
    assert!(again.err.contains("was opened before"), "{}", again.err);
    drop(serving);
}

#[test]
fn a_peer_that_cannot_be_reached_is_told() {
    let (arland, _belmark) = peers();
    let told = arland.run(&["sync", "DIR", "--json"]).with(1).json();
    assert_eq!(told[0]["name"], "Belmark");
    assert!(told[0]["error"].is_string(), "{told}");
    let alone = Home::new();
    let none = alone.run(&["sync", "DIR"]).with(2);
    assert!(none.err.contains("no confirmed peer"), "{}", none.err);
}

/// A record that the peer has is tightened, and its last version revoked: both sides say so of it.
fn taken_back(arland: &Home, belmark: &Home, note: &std::path::Path) {
    let id = "note--00000000-0000-4000-8000-000000000001";
    let explained = |home: &Home| home.run(&["explain", "DIR", id, "--json"]).with(0).json();
    assert_eq!(
        explained(belmark)["asked_to_withdraw"],
        serde_json::json!([])
    );
    let changes = [
        ("02", "", "Arland"),
        ("03", r#""revoked":true,"#, "Belmark"),
    ];
    for (month, more, whom) in changes {
        let newer = NOTE
            .replace(
                r#""modified":"2026-01"#,
                &format!(r#""modified":"2026-{month}"#),
            )
            .replace(r#""content""#, &format!(r#"{more}"content""#));
        std::fs::write(note, newer).unwrap();
        arland
            .run(&["import", "DIR", text(note), "--tlp", "AMBER", "--for", whom])
            .with(0);
        belmark.run(&["sync", "DIR", "Arland"]).with(0);
    }
    for home in [arland, belmark] {
        let told = explained(home);
        let asked = told["asked_to_withdraw"].as_array().unwrap();
        assert_eq!(
            (asked.len(), &asked[0]["by"]),
            (1, &"Belmark".into()),
            "{told}"
        );
        assert_eq!(told["revoked"], true, "{told}");
        let words = told["english"].as_str().unwrap();
        assert!(words.starts_with("Its author has revoked it. "), "{told}");
    }
}

#[test]
fn what_is_for_a_peer_arrives_by_itself() {
    let (arland, belmark) = (Home::called("Arland"), Home::called("Belmark"));
    let serving = [arland.serve(), belmark.serve()];
    let files = [arland.file("introduction"), belmark.file("introduction")];
    let mut spoken = Vec::new();
    for ((home, serving), file) in [&arland, &belmark].into_iter().zip(&serving).zip(&files) {
        let address = format!("http://{}", serving.address);
        let made = home
            .run(&[
                "peer",
                "introduce",
                "DIR",
                "--output",
                text(file),
                "--address",
                &address,
                "--json",
            ])
            .with(0)
            .json();
        spoken.push(made["words"]["english"].as_str().unwrap().to_owned());
    }
    for (home, file, name, spoken) in [
        (&arland, &files[1], "Belmark", &spoken[1]),
        (&belmark, &files[0], "Arland", &spoken[0]),
    ] {
        home.run(&["peer", "add", "DIR", text(file)]).with(0);
        let spoken: Vec<&str> = spoken.split(' ').collect();
        home.run(&[&["peer", "confirm", "DIR", name], &spoken[..]].concat())
            .with(0);
    }
    let note = arland.file("note.json");
    std::fs::write(&note, NOTE).unwrap();
    arland
        .run(&[
            "import",
            "DIR",
            text(&note),
            "--tlp",
            "AMBER",
            "--for",
            "Belmark",
        ])
        .with(0);
    // It may be there already: a poke came with it. Asking exchanges now, and answers when that is done.
    let told = belmark
        .run(&["sync", "DIR", "Arland", "--json"])
        .with(0)
        .json();
    assert_eq!(told[0]["refused"], 0, "{told}");
    assert!(
        belmark
            .run(&["export", "DIR"])
            .with(0)
            .out
            .contains("for Belmark")
    );
    taken_back(&arland, &belmark, &note);
    for serving in serving {
        let (code, log) = serving.stop(rustix::process::Signal::TERM);
        assert_eq!(code, Some(0), "{log}");
        assert!(
            !log.contains("Belmark") && !log.contains("note--"),
            "who talks to whom is in the log: {log}"
        );
    }
}
