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
