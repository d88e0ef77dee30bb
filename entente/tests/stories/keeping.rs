//! A node is proven, saved and restored; a changed byte is found, and yesterday is told from today.

use std::fs;
use std::os::unix::fs::FileExt;

use crate::program::{Home, entente, entente_reading, text};

fn import(home: &Home, number: u32) {
    let file = home.file(&format!("{number}.json"));
    let note = format!(
        r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-{number:012}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"what was said in {number}","object_refs":["note--00000000-0000-4000-8000-000000000000"]}}"#
    );
    fs::write(&file, note).unwrap();
    home.run(&["import", "DIR", text(&file)]).with(0);
}

#[test]
fn a_changed_byte_is_found_and_named() {
    let home = Home::new();
    import(&home, 1);
    import(&home, 2);
    let serving = home.serve();
    let clean = home.run(&["verify", "DIR"]).with(0).out;
    assert!(clean.contains("Everything verifies: 2 entries"), "{clean}");
    serving.stop(rustix::process::Signal::TERM);

    let database = home.dir().join("node.db");
    let bytes = fs::read(&database).unwrap();
    let said = b"what was said in 2";
    let places: Vec<usize> = (0..bytes.len() - said.len())
        .filter(|at| bytes[*at..].starts_with(said))
        .collect();
    assert!(!places.is_empty());
    let file = fs::OpenOptions::new().write(true).open(&database).unwrap();
    for at in places {
        file.write_at(b"W", at as u64).unwrap();
    }
    let found = home.run(&["verify", "DIR"]).with(1).out;
    assert!(
        found.contains("note--00000000-0000-4000-8000-000000000002"),
        "{found}"
    );
    let found = home.run(&["verify", "DIR", "--json"]).with(1).json();
    assert_eq!(found["findings"][0]["leaf"], 1, "{found}");
    home.run(&["verify", text(&home.file("nothing"))]).with(2);
}

#[test]
fn a_backup_opens_with_the_recovery_key_and_is_told_from_what_came_later() {
    let home = Home::empty();
    let made = home
        .run(&["init", "DIR", "--participant", "Arland", "--json"])
        .with(0)
        .json();
    let key = made["recovery_key"].as_str().unwrap();
    import(&home, 1);
    let serving = home.serve();
    let (backup, checkpoint) = (home.file("node.age"), home.file("head"));
    home.run(&["backup", "DIR", text(&backup)]).with(0);
    home.run(&["backup", "DIR", text(&backup)]).with(2);
    import(&home, 2);
    home.run(&[
        "backup",
        "DIR",
        text(&home.file("later.age")),
        "--checkpoint",
        text(&checkpoint),
        "--json",
    ])
    .with(0);
    serving.stop(rustix::process::Signal::TERM);
    assert!(
        !fs::read(&backup)
            .unwrap()
            .windows(8)
            .any(|window| window == b"what was"),
        "it is readable"
    );
    home.run(&["verify", "DIR", "--against", text(&checkpoint)])
        .with(0);

    let restored = home.file("restored");
    let restore = ["restore", text(&backup), text(&restored)];
    let wrong = entente_reading(
        &restore,
        b"AGE-SECRET-KEY-1Y2M8KR20TKZWXHRLYYPJF4S9DUS4U4Y6VTUN4MC5F2GF2RN2GLMSER8KVV\n",
    )
    .with(2);
    assert!(wrong.err.contains("recovery key"), "{}", wrong.err);
    assert!(!restored.exists());
    let done = entente_reading(&restore, format!("{key}\n").as_bytes())
        .with(0)
        .out;
    assert!(done.contains("1 records are restored"), "{done}");

    let yesterday = entente(&["verify", text(&restored), "--against", text(&checkpoint)])
        .with(1)
        .out;
    assert!(!yesterday.contains("Everything verifies"), "{yesterday}");
    let silent = entente(&["export", text(&restored)]).with(2);
    assert!(
        silent.err.contains("entente restore --announce"),
        "{}",
        silent.err
    );
    entente(&["restore", "--announce", text(&restored)]).with(0);
    entente(&["restore", "--announce", text(&restored)]).with(2);
    assert!(
        entente(&["export", text(&restored)])
            .with(0)
            .out
            .contains("what was said in 1")
    );
}

#[test]
fn erasing_takes_two_persons_and_leaves_no_byte() {
    let home = Home::new();
    import(&home, 1);
    import(&home, 2);
    let id = "note--00000000-0000-4000-8000-000000000001";
    for name in ["Ada Lind", "Bo Holm"] {
        home.run(&["user", "add", "DIR", name]).with(0);
    }
    let serving = home.serve();
    home.run(&["erase", "DIR", id, "--by", "Ada Lind"]).with(2);
    home.run(&[
        "erase",
        "DIR",
        id,
        "--reason",
        "names a source",
        "--by",
        "Nobody",
    ])
    .with(2);
    home.run(&[
        "erase",
        "DIR",
        id,
        "--reason",
        "names a source",
        "--by",
        "Ada Lind",
    ])
    .with(0);
    let listed = home
        .run(&["erase", "DIR", "--list", "--json"])
        .with(0)
        .json();
    assert_eq!(listed[0]["asked_by"], "Ada Lind", "{listed}");
    let alone = home
        .run(&["erase", "DIR", "--agree", "1", "--by", "Ada Lind"])
        .with(2);
    assert!(
        alone.err.contains("somebody else has to agree"),
        "{}",
        alone.err
    );
    let explain = |viewer: &[&str]| {
        let asked = [&["explain", "DIR", id, "--json"], viewer].concat();
        home.run(&asked).with(0).json()
    };
    assert_eq!(explain(&[])["erased"], false);
    home.run(&["erase", "DIR", "--agree", "1", "--by", "Bo Holm"])
        .with(0);
    let told = explain(&[]);
    assert_eq!(told["erased"], true, "{told}");
    assert!(
        told["english"]
            .as_str()
            .unwrap()
            .starts_with("Its content was erased here"),
        "{told}"
    );
    let told = explain(&["--viewer", "Arland"]);
    assert_eq!(told["verdict"], "refused", "{told}");
    assert_eq!(told["reasons"][0], "its content was erased here", "{told}");
    home.run(&["erase", "DIR", "--cancel", "1"]).with(2);
    home.run(&[
        "spill",
        "DIR",
        "note--00000000-0000-4000-8000-000000000002",
        "--by",
        "Ada Lind",
    ])
    .with(0);
    serving.stop(rustix::process::Signal::TERM);
    for entry in fs::read_dir(home.dir()).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = fs::read(&path) else { continue };
        let found = bytes.windows(13).any(|window| window == b"what was said");
        assert!(!found, "{} holds it", path.display());
    }
    let verified = home.run(&["verify", "DIR", "--json"]).with(0).json();
    assert_eq!(verified["erased"], 2, "{verified}");
}

#[test]
fn keys_are_rotated_while_it_serves_and_recovered_when_they_are_lost() {
    let home = Home::empty();
    let made = home
        .run(&["init", "DIR", "--participant", "Arland", "--json"])
        .with(0)
        .json();
    let recovery = made["recovery_key"].as_str().unwrap();
    import(&home, 1);
    let listed = |home: &Home| home.run(&["key", "list", "DIR", "--json"]).with(0).out;
    let first = listed(&home);
    let serving = home.serve();
    let rotated = home.run(&["key", "rotate", "DIR", "--json"]).with(0).json();
    assert_eq!(rotated.as_array().unwrap().len(), 4, "{rotated}");
    let revoked = home
        .run(&[
            "key",
            "revoke",
            "DIR",
            "seal",
            "--because",
            "stolen",
            "--json",
        ])
        .with(0)
        .json();
    assert_eq!(revoked[0]["peers_follow"], false, "{revoked}");
    assert_ne!(listed(&home), first);
    let dir = home.dir();
    let recover = ["key", "recover", text(&dir)];
    let busy = entente_reading(&recover, recovery.as_bytes()).with(2);
    assert!(busy.err.contains("another process has"), "{}", busy.err);
    serving.stop(rustix::process::Signal::TERM);

    fs::remove_file(dir.join("keys/seal")).unwrap();
    home.run(&["export", "DIR"]).with(2);
    let before = entente_reading(&recover, recovery.as_bytes()).with(0).out;
    assert!(before.contains("seal:"), "{before}");
    home.run(&["verify", "DIR"]).with(0);
    import(&home, 2);
}
