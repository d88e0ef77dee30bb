//! What was erased, or spilled, is nowhere any more: not in the bytes of the database, its write-ahead file, logs, answers or later backups.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use store::Store;

use crate::program::{Home, Serving, reading, text};
use crate::wire::{Caller, SITUATION};

/// The words of a record, each in another place of it: no two begin alike, so that an index that shares beginnings still has their ends.
const ERASED: [&str; 6] = [
    "qzerased5e1bf3a9",
    "wverased70d2c84b",
    "jxerased19f6ae35",
    "kyerasedc3b8075d",
    "uberased6a94e1f2",
    "zoerasedd81f3c60",
];
const SPILLED: [&str; 6] = [
    "qjspilled4be9a107",
    "wxspilledf03d6c92",
    "jkspilled85a1e7b4",
    "kvspilled2c70d9f6",
    "uzspillede6b4183a",
    "zyspilled9d5f20c8",
];
/// How much of a word's end is looked for.
const END: usize = 8;
/// How long indexing may take, on a machine busy with other work.
const PATIENCE: Duration = Duration::from_secs(240);

fn record(n: u64, version: &str, words: &[&str; 6]) -> String {
    let [name, description, label, alias, value, key] = words;
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"{}","created":"2020-01-01T00:00:00.000Z","modified":"{version}","name":"{name} {n}","description":"about {description}","labels":["{label}"],"aliases":["{alias}"],"x_{key}":"{value}"}}"#,
        id(n)
    )
}

fn id(n: u64) -> String {
    format!("tool--00000000-0000-4000-8000-{n:012x}")
}

const FIRST: &str = "2020-01-01T00:00:00.000Z";
const SECOND: &str = "2021-01-01T00:00:00.000Z";
const ERASED_ID: u64 = 0xe1;
const SPILLED_ID: u64 = 0xe2;
const KEPT_ID: u64 = 0xe3;

/// Which of these words stand in bytes, as they are or with their beginning left to the word before.
fn found(bytes: &[u8], words: &[&str; 6]) -> Vec<String> {
    let bytes = bytes.to_ascii_lowercase();
    let stands = |word: &&&str| {
        let end = &word.as_bytes()[word.len() - END..];
        bytes.windows(END).any(|part| part == end)
    };
    words
        .iter()
        .filter(stands)
        .map(|word| (*word).to_owned())
        .collect()
}

/// The files of a folder and those below it in which a word stands.
fn files(folder: &Path, words: &[&str; 6]) -> Vec<String> {
    let mut hits = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            hits.extend(files(&entry.path(), words));
        } else if kind.is_file() {
            for word in found(&fs::read(entry.path()).unwrap(), words) {
                hits.push(format!("{}: {word}", entry.file_name().to_string_lossy()));
            }
        }
    }
    hits
}

/// Waits until everything is indexed for search: the event is the indexing job's, and it is looked at where it is kept.
fn indexed(home: &Home) {
    let begun = Instant::now();
    loop {
        let store = Store::inspect(home.dir().join("node.db")).unwrap();
        let behind = store.read().unwrap().search_behind().unwrap();
        if behind == 0 {
            return;
        }
        let waited = begun.elapsed();
        assert!(waited < PATIENCE, "{behind} not indexed in {waited:?}");
        std::thread::yield_now();
    }
}

/// Everything that a program hears: of the record, of the list, of what is beside TAXII.
fn heard(caller: &Caller, n: u64) -> String {
    let by_id = format!("{SITUATION}objects/{}/", id(n));
    let questions = [
        by_id.clone(),
        format!("{by_id}?match[version]=all"),
        format!("{by_id}versions/"),
        format!("{SITUATION}objects/?match[version]=all"),
        format!("{SITUATION}manifest/?match[version]=all"),
        "/".to_owned(),
        "/metrics".to_owned(),
        "/health".to_owned(),
        "/setup".to_owned(),
    ];
    let answer = |path: &String| {
        let answer = caller.get(path).unwrap();
        format!("{:?} {}\n", answer.headers, answer.text())
    };
    questions.iter().map(answer).collect()
}

struct Stage {
    home: Home,
    serving: Serving,
    reader: Caller,
}

/// A node that holds both, in several versions, copies and lists; read by a program, and indexed.
fn stage() -> Stage {
    let home = Home::of("Ministry of Arland");
    for name in ["Ada Lindqvist", "Bo Holm"] {
        home.run(&["user", "add", "DIR", name]).with(0);
    }
    let reader = home.let_in("reader", "Belmark", &["situation"], &["situation"]);
    let stranger = home.let_in("stranger", "Corvia", &["situation"], &["situation"]);
    let kept: Vec<String> = (0..200)
        .map(|n| {
            record(0x1000 + n, FIRST, &["plain"; 6]).replace("about", "about everything else and")
        })
        .collect();
    let mut objects = kept;
    for (n, words) in [(ERASED_ID, &ERASED), (SPILLED_ID, &SPILLED)] {
        objects.extend([record(n, FIRST, words), record(n, SECOND, words)]);
    }
    objects.push(record(KEPT_ID, FIRST, &["plain"; 6]));
    let file = home.file("objects.json");
    fs::write(&file, format!("{{\"objects\":[{}]}}", objects.join(","))).unwrap();
    home.run(&[
        "import",
        "DIR",
        text(&file),
        "--tlp",
        "AMBER+STRICT",
        "--for",
        "Belmark",
    ])
    .with(0);
    // What the operator brought it from is the operator's to destroy.
    fs::remove_file(file).unwrap();
    let serving = home.serve_with(&["--log", "trace"]).unwrap();
    // Another channel says something of the spilled one: it awaits a decision, and another content lies in quarantine.
    let stranger = serving.caller(&stranger);
    let third = record(SPILLED_ID, "2022-01-01T00:00:00.000Z", &SPILLED);
    let other = record(SPILLED_ID, FIRST, &SPILLED).replace("about", "otherwise about");
    for object in [third, other] {
        let body = format!("{{\"objects\":[{object}]}}");
        let answer = stranger
            .post(&format!("{SITUATION}objects/"), body.as_bytes())
            .unwrap();
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
    let reader = serving.caller(&reader);
    indexed(&home);
    Stage {
        home,
        serving,
        reader,
    }
}

fn erase(home: &Home) {
    home.run(&[
        "erase",
        "DIR",
        &id(ERASED_ID),
        "--reason",
        "names a source",
        "--by",
        "Ada Lindqvist",
    ])
    .with(0);
    let done = home
        .run(&["erase", "DIR", "--agree", "1", "--by", "Bo Holm", "--json"])
        .with(0)
        .json();
    assert_eq!(done["emptied"], true, "{done}");
}

fn spill(home: &Home) {
    let done = home
        .run(&[
            "spill",
            "DIR",
            &id(SPILLED_ID),
            "--by",
            "Ada Lindqvist",
            "--json",
        ])
        .with(0)
        .json();
    assert_eq!(done["emptied"], true, "{done}");
}

#[test]
fn what_is_erased_or_spilled_is_nowhere_any_more() {
    let Stage {
        home,
        serving,
        reader,
    } = stage();
    // The look is sharp enough: before, every word is found, in the database and in what is heard.
    for (n, words) in [(ERASED_ID, &ERASED), (SPILLED_ID, &SPILLED)] {
        let before = files(&home.dir(), words);
        assert!(
            words
                .iter()
                .all(|word| before.iter().any(|hit| hit.contains(word))),
            "{before:?}"
        );
        assert_eq!(
            found(heard(&reader, n).as_bytes(), words).len(),
            words.len()
        );
    }
    erase(&home);
    assert_eq!(
        files(&home.dir(), &ERASED),
        [""; 0],
        "while it serves, after erasing"
    );
    spill(&home);
    assert_eq!(
        files(&home.dir(), &SPILLED),
        [""; 0],
        "while it serves, after the spill"
    );
    let nowhere = |what: &str, bytes: &[u8]| {
        assert_eq!(found(bytes, &ERASED), [""; 0], "{what}");
        assert_eq!(found(bytes, &SPILLED), [""; 0], "{what}");
    };
    for n in [ERASED_ID, SPILLED_ID, KEPT_ID] {
        nowhere("an answer", heard(&reader, n).as_bytes());
    }
    assert!(
        heard(&reader, KEPT_ID).contains("plain"),
        "its neighbor is there"
    );
    for arguments in [
        &["export", "DIR", "--all-versions"][..],
        &["export", "DIR", "--format", "csv"],
        &["awaiting", "list", "DIR", "--json"],
        &["quarantine", "list", "DIR", "--json"],
        &["explain", "DIR", &id(ERASED_ID)],
        &["explain", "DIR", &id(SPILLED_ID), "--json"],
        &["erase", "DIR", "--list", "--json"],
        &["verify", "DIR", "--json"],
    ] {
        let ended = home.run(arguments);
        nowhere(
            &format!("{arguments:?}"),
            format!("{}{}", ended.out, ended.err).as_bytes(),
        );
    }
    // A backup that is made later, opened again.
    let (backup, restored) = (home.file("later.age"), home.file("restored"));
    home.run(&["backup", "DIR", text(&backup)]).with(0);
    reading(
        &["restore", text(&backup), text(&restored)],
        home.recovery(),
    )
    .with(0);
    for words in [&ERASED, &SPILLED] {
        assert_eq!(files(&restored, words), [""; 0], "a later backup");
        assert_eq!(files(&home.dir(), words), [""; 0], "after a backup");
    }
    nowhere("the log of a serving node", serving.stop().as_bytes());
    home.run(&["verify", "DIR"]).with(0);
    for words in [&ERASED, &SPILLED] {
        assert_eq!(files(&home.dir(), words), [""; 0], "after a stop");
    }
}

#[test]
fn what_a_killed_backup_left_goes_before_anything_is_erased() {
    let Stage {
        home, mut serving, ..
    } = stage();
    serving.kill();
    // As kill -9 leaves it in the middle of a backup.
    fs::copy(home.dir().join("node.db"), home.dir().join(".backup.db")).unwrap();
    let _serving = home.serve();
    erase(&home);
    assert_eq!(files(&home.dir(), &ERASED), [""; 0]);
}

/// The harness can fail: a copy of the write-ahead file, a backup from before, one word in one place.
#[test]
fn what_is_left_somewhere_is_noticed() {
    let Stage {
        home,
        serving,
        reader,
    } = stage();
    let before = home.file("before.age");
    home.run(&["backup", "DIR", text(&before)]).with(0);
    let log = fs::read(home.dir().join("node.db-wal")).unwrap();
    drop(reader);
    erase(&home);
    serving.stop();
    fs::write(home.dir().join("node.db-wal.old"), &log).unwrap();
    let database = fs::read(home.dir().join("node.db")).unwrap();
    assert!(
        !files(&home.dir(), &ERASED).is_empty(),
        "a copy of the write-ahead file has it"
    );
    let restored = home.file("restored");
    reading(
        &["restore", text(&before), text(&restored)],
        home.recovery(),
    )
    .with(0);
    assert!(
        !files(&restored, &ERASED).is_empty(),
        "a backup from before has it"
    );
    assert_eq!(
        found(&[&database[..], b"..d81f3c60.."].concat(), &ERASED),
        [ERASED[5]]
    );
}
