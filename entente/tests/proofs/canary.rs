//! Two records with words that stand nowhere else: TLP:RED for one person, TLP:AMBER+STRICT for one participant. Then everything that
//! can be asked is asked by each kind of viewer, and nothing of them is found where it should not be: no word, no count, no other answer
//! than a node gives that has never held them.

mod crawl;
mod erased;

use std::path::Path;

use self::crawl::{Crawl, Heard};
use crate::dice::setting;
use crate::program::{Access, Home, Serving, text};
use crate::wire::{Caller, SITUATION};

const RED: &str = "canary-red-5e1bf3a9";
const AMBER: &str = "canary-amber-91c07d24";
/// Reads of a hidden and of an absent object that are timed; `CANARY_SAMPLES` asks for more.
const SAMPLES: u64 = 150;

fn tool(n: u64, words: &str) -> String {
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"{}","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"{words} name","description":"{words} text","labels":["{words}-label"],"aliases":["{words}-alias"],"x_{}":"{words}-value"}}"#,
        id(n),
        words.replace('-', "_"),
    )
}

fn id(n: u64) -> String {
    format!("tool--00000000-0000-4000-8000-{n:012x}")
}

const HIDDEN_RED: u64 = 0xc001;
const HIDDEN_AMBER: u64 = 0xc002;
const ABSENT: u64 = 0xc003;

/// Somebody who looks, and what that one may find.
struct Viewer {
    name: &'static str,
    access: Option<Access>,
    red: bool,
    amber: bool,
}

/// A node before the canaries come: participants, a person, programs of each kind, records that each may see.
fn stage() -> (Home, Vec<Viewer>) {
    let home = Home::of("Ministry of Arland");
    home.run(&["user", "add", "DIR", "Ada Lindqvist"]).with(0);
    let (read, write, both, none) = (["situation"], ["situation"], ["situation", "norms"], []);
    let mut viewers = vec![Viewer {
        name: "nobody",
        access: None,
        red: false,
        amber: false,
    }];
    let mut add = |name, access, red, amber| {
        viewers.push(Viewer {
            name,
            access: Some(access),
            red,
            amber,
        })
    };
    add(
        "an outsider",
        home.let_in("outsider", "Belmark", &read, &write),
        false,
        false,
    );
    add(
        "an outsider with two collections",
        home.let_in("outsider-two", "Belmark", &both, &none),
        false,
        false,
    );
    add(
        "one who only adds",
        home.let_in("writer", "Dorne", &none, &write),
        false,
        false,
    );
    add(
        "the recipient",
        home.let_in("recipient", "Corvia", &read, &none),
        false,
        true,
    );
    add(
        "a program of the node's own",
        home.let_in("own", "Ministry of Arland", &read, &none),
        false,
        true,
    );
    add("the person's program", personal(&home), true, true);
    let visible: Vec<String> = (1..=12).map(|n| tool(n, "plain")).collect();
    import(
        &home,
        "visible.json",
        &visible,
        &[
            "--tlp",
            "AMBER+STRICT",
            "--for",
            "Belmark",
            "--for",
            "Corvia",
        ],
    );
    (home, viewers)
}

fn personal(home: &Home) -> Access {
    let added = home
        .run(&[
            "access",
            "add",
            "DIR",
            "personal",
            "--participant",
            "Ministry of Arland",
            "--read",
            "situation",
            "--person",
            "Ada Lindqvist",
            "--json",
        ])
        .with(0)
        .json();
    Access {
        name: "personal".to_owned(),
        secret: added["secret"].as_str().unwrap().to_owned(),
    }
}

fn import(home: &Home, name: &str, objects: &[String], label: &[&str]) {
    let file = home.file(name);
    std::fs::write(&file, format!("{{\"objects\":[{}]}}", objects.join(","))).unwrap();
    let ended = home
        .run(&[&["import", "DIR", text(&file), "--log", "trace"], label].concat())
        .with(0);
    silent(
        "import",
        &format!("{}{}", ended.out, ended.err),
        false,
        false,
    );
}

/// Fails if a word is found by one who may not find it.
#[track_caller]
fn silent(where_: &str, said: &str, red: bool, amber: bool) {
    for (word, may) in [(RED, red), (AMBER, amber)] {
        let variants = [word.to_owned(), word.replace('-', "_")];
        let found = variants.iter().find_map(|word| said.find(word.as_str()));
        assert!(
            may || found.is_none(),
            "{word} is in {where_}: {}",
            &said[found.unwrap_or(0).saturating_sub(200)..][..200.min(said.len())]
        );
    }
}

/// The same node once more, in a folder of its own.
fn copy(home: &Home) -> Home {
    let other = Home::of("Ministry of Arland");
    std::fs::remove_dir_all(other.dir()).unwrap();
    copy_folder(&home.dir(), &other.dir());
    other
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    std::fs::set_permissions(to, std::fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn caller(serving: &Serving, viewer: &Viewer) -> Caller {
    viewer
        .access
        .as_ref()
        .map_or_else(|| serving.anybody(), |access| serving.caller(access))
}

#[test]
fn nothing_of_a_hidden_record_is_found_anywhere() {
    let (with, viewers) = stage();
    let without = copy(&with);
    import(
        &with,
        "red.json",
        &[tool(HIDDEN_RED, RED)],
        &["--tlp", "RED", "--for", "Ada Lindqvist"],
    );
    import(
        &with,
        "amber.json",
        &[tool(HIDDEN_AMBER, AMBER)],
        &["--tlp", "AMBER+STRICT", "--for", "Corvia"],
    );
    let crawl = Crawl::new(&[HIDDEN_RED, HIDDEN_AMBER, ABSENT, 1, 2].map(id));
    let (here, there) = (
        with.serve_with(&["--log", "trace"]).unwrap(),
        without.serve_with(&["--log", "trace"]).unwrap(),
    );
    let mut asked = 0;
    for pass in ["before", "after"] {
        for viewer in &viewers {
            let heard = crawl.run(&caller(&here, viewer));
            asked += heard.len();
            for answer in &heard {
                silent(
                    &format!("{} to {}", answer.question, viewer.name),
                    &answer.said(),
                    viewer.red,
                    viewer.amber,
                );
            }
            // It was worth asking: whoever may find them does.
            let all: String = heard.iter().map(Heard::said).collect();
            assert_eq!(
                (all.contains(RED), all.contains(AMBER)),
                (viewer.red, viewer.amber),
                "{}",
                viewer.name
            );
            if viewer.red || viewer.amber {
                continue;
            }
            // A node that never held them says the same, to the byte.
            let other = crawl.run(&caller(&there, viewer));
            assert_eq!(
                heard.len(),
                other.len(),
                "{}: another number of pages",
                viewer.name
            );
            for (one, other) in heard.iter().zip(&other) {
                // What came later came at another moment.
                assert_eq!(
                    one.comparable(pass == "after"),
                    other.comparable(pass == "after"),
                    "{} to {}",
                    one.question,
                    viewer.name
                );
            }
            // And what is hidden is what is absent.
            let absent_id = id(ABSENT);
            for hidden_id in [id(HIDDEN_RED), id(HIDDEN_AMBER)] {
                for (one, absent) in crawl::pairs(&heard, &hidden_id, &absent_id) {
                    assert_eq!(
                        one.of_any(&hidden_id),
                        absent.of_any(&absent_id),
                        "{} and {} to {}",
                        one.question,
                        absent.question,
                        viewer.name
                    );
                }
            }
        }
        if pass == "before" {
            // More that all may see comes after the hidden records did.
            let later: Vec<String> = (20..=25).map(|n| tool(n, "plain")).collect();
            for home in [&with, &without] {
                import(
                    home,
                    "later.json",
                    &later,
                    &[
                        "--tlp",
                        "AMBER+STRICT",
                        "--for",
                        "Belmark",
                        "--for",
                        "Corvia",
                    ],
                );
            }
        }
    }
    timing(&here, &viewers);
    operator(&with);
    silent("the log of a serving node", &here.stop(), false, false);
    operator(&with);
    println!(
        "canary: no defect found: {asked} answers to {} kinds of viewers",
        viewers.len()
    );
}

/// What commands say and write, to an operator who is not named.
fn operator(home: &Home) {
    let (red, amber) = (id(HIDDEN_RED), id(HIDDEN_AMBER));
    let say = |arguments: &[&str]| {
        let ended = home.run(&[arguments, &["--log", "trace"]].concat());
        format!("{}{}", ended.out, ended.err)
    };
    for list in [
        "collection",
        "participant",
        "user",
        "access",
        "awaiting",
        "quarantine",
        "clearance",
        "peer",
    ] {
        for json in [&["--json"][..], &[]] {
            silent(
                list,
                &say(&[&[list, "list", "DIR"], json].concat()),
                false,
                false,
            );
        }
    }
    for arguments in [
        &["explain", "DIR", &red][..],
        &["explain", "DIR", &amber],
        &["explain", "DIR", &red, "--viewer", "Belmark", "--json"],
        &["verify", "DIR", "--json"],
    ] {
        silent(&format!("{arguments:?}"), &say(arguments), false, false);
    }
    // The node's own participant holds the amber one, and no file gets the red one.
    for arguments in [
        &["export", "DIR", "--all-versions"][..],
        &["export", "DIR", "--format", "csv"],
    ] {
        let said = say(arguments);
        silent(&format!("{arguments:?}"), &said, false, true);
        assert!(
            said.contains(AMBER),
            "{arguments:?} does not export what it may"
        );
    }
    let backup = home.file("backup");
    let _ = std::fs::remove_file(&backup);
    let ended = home.run(&["backup", "DIR", text(&backup)]).with(0);
    silent(
        "what backup says",
        &format!("{}{}", ended.out, ended.err),
        false,
        false,
    );
    silent(
        "the backup",
        &String::from_utf8_lossy(&std::fs::read(&backup).unwrap()),
        false,
        false,
    );
}

/// How often a read of a hidden object takes longer than one of an absent object: half of the time, if they are alike.
fn timing(serving: &Serving, viewers: &[Viewer]) {
    let outsider = viewers
        .iter()
        .find(|viewer| viewer.name == "an outsider")
        .unwrap();
    let caller = caller(serving, outsider);
    let samples = setting("CANARY_SAMPLES").unwrap_or(SAMPLES);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..samples {
        for (n, times) in [HIDDEN_RED, ABSENT].into_iter().zip(&mut times) {
            let begun = std::time::Instant::now();
            assert_eq!(
                caller
                    .get(&format!("{SITUATION}objects/{}/", id(n)))
                    .unwrap()
                    .status,
                404
            );
            times.push(begun.elapsed());
        }
    }
    let [hidden, absent] = &mut times;
    hidden.sort();
    absent.sort();
    let longer: usize = hidden
        .iter()
        .map(|time| absent.partition_point(|other| other < time))
        .sum();
    let share = longer as f64 / (hidden.len() * absent.len()) as f64;
    let middle = hidden.len() / 2;
    println!(
        "canary timing: {samples} reads each; median hidden {:?}, absent {:?}, ratio {:.3}; a hidden one takes longer in {:.1} % of pairs",
        hidden[middle],
        absent[middle],
        hidden[middle].as_secs_f64() / absent[middle].as_secs_f64(),
        share * 100.0
    );
    // Thousands of samples are enough to tell; a few on a busy machine are not.
    assert!(
        samples < 5_000 || (0.4..0.6).contains(&share),
        "hidden and absent can be told apart by time"
    );
}

/// The harness can fail: one visible record more, and the comparison says so.
#[test]
fn a_count_that_differs_is_noticed() {
    let (with, viewers) = stage();
    let without = copy(&with);
    import(
        &with,
        "leak.json",
        &[tool(HIDDEN_AMBER, "planted")],
        &["--tlp", "AMBER+STRICT", "--for", "Belmark"],
    );
    let crawl = Crawl::new(&[id(HIDDEN_AMBER), id(ABSENT)]);
    let (here, there) = (with.serve(), without.serve());
    let outsider = &viewers[1];
    let (one, other) = (
        crawl.run(&caller(&here, outsider)),
        crawl.run(&caller(&there, outsider)),
    );
    assert!(
        one.len() != other.len()
            || one
                .iter()
                .zip(&other)
                .any(|(one, other)| one.comparable(true) != other.comparable(true))
    );
    let pairs = crawl::pairs(&one, &id(HIDDEN_AMBER), &id(ABSENT));
    assert!(
        pairs
            .iter()
            .any(|(one, other)| one.of_any(&id(HIDDEN_AMBER)) != other.of_any(&id(ABSENT))),
        "{} pairs",
        pairs.len()
    );
    assert!(
        std::panic::catch_unwind(|| silent(
            "a planted leak",
            &format!("... {RED} ..."),
            false,
            false
        ))
        .is_err()
    );
}
