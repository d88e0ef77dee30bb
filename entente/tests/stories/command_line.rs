//! Every command explains itself, and ends with a code that says whether anything was tried.

use crate::program::{Home, entente, text};

/// Every command and subcommand, as `--help` lists them: in one list, or by group before the options.
fn commands(of: &[&str]) -> Vec<String> {
    let help = entente(&[of, &["--help"]].concat()).with(0).out;
    let list = match help.split_once("\nCommands:\n") {
        Some((_, list)) => list.split("\n\n").next().unwrap_or_default(),
        None if of.is_empty() => help.split("\nOptions:\n").next().unwrap_or_default(),
        None => return Vec::new(),
    };
    list.lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn help_begins_with_what_one_needs_first() {
    let help = entente(&["--help"]).with(0).out;
    let places: Vec<_> = [
        "Start here:\n  init ",
        "  serve ",
        "  demo ",
        "Other nodes:",
        "Options:",
        "Logging:",
    ]
    .map(|part| {
        help.find(part)
            .unwrap_or_else(|| panic!("{part} is missing:\n{help}"))
    })
    .into();
    assert!(places.is_sorted(), "{places:?}\n{help}");
    assert!(!help.contains("\nOthers:\n"), "{help}");
}

#[test]
fn every_command_has_an_example_and_json() {
    let mut seen = 0;
    for command in commands(&[]) {
        let below = commands(&[&command]);
        let mut paths = vec![vec![command.as_str()]];
        paths.extend(
            below
                .iter()
                .map(|name| vec![command.as_str(), name.as_str()]),
        );
        for path in paths {
            let help = entente(&[&path[..], &["--help"]].concat()).with(0).out;
            assert!(help.contains("Example"), "{path:?} has no example:\n{help}");
            assert!(help.contains("--json"), "{path:?} has no --json:\n{help}");
            let (options, logging) = help
                .split_once("\nLogging:\n")
                .expect("a heading for logging");
            assert!(
                !options.contains("--log ") && !options.contains("--log-"),
                "{path:?} mixes in logging:\n{help}"
            );
            assert!(logging.contains("--log <LEVEL>"), "{path:?}:\n{help}");
            // An example that was wrapped is no command any more.
            let example = help.split("\nExample").nth(1).unwrap_or_default();
            for (line, next) in example.lines().skip(1).zip(example.lines().skip(2)) {
                let follows = next.is_empty()
                    || next.starts_with("  entente ")
                    || next.starts_with("  curl ")
                    || next.contains(" | entente ");
                assert!(
                    follows || line.ends_with('\\'),
                    "{path:?} wraps its example:\n{help}"
                );
            }
            assert!(
                help.contains(&format!("  entente {} ", path[0]))
                    || help.contains(&format!("  entente {}\n", path[0])),
                "{path:?} shows another command:\n{help}"
            );
            seen += 1;
        }
    }
    assert!(seen >= 40, "only {seen} commands were found");
}

#[test]
fn what_is_wrong_ends_with_2_and_says_what_to_do() {
    let home = Home::new();
    let dir = home.dir();
    let elsewhere = home.file("elsewhere");
    for (arguments, says) in [
        (&["nothing"][..], "unrecognized subcommand"),
        (&["imprt", "DIR", "x"], "'import'"),
        (&[], "Usage"),
        (&["import", "DIR"], "<FILE>"),
        (
            &["import", "DIR", "x.json", "--tlp", "PINK"],
            "AMBER+STRICT",
        ),
        (&["import", "DIR", "x.json"], "x.json could not be opened"),
        (
            &["import", "DIR", "x.json", "--collection", "none"],
            "there is no collection \"none\"; there are \"dialogues\"",
        ),
        (&["import", text(&elsewhere), "x.json"], "entente init"),
        (
            &["init", "DIR", "--participant", "Arland"],
            "already holds a node",
        ),
        (
            &[
                "init",
                text(&elsewhere),
                "--participant",
                "Police",
                "--kind",
                "organ",
            ],
            "--of",
        ),
        (
            &[
                "init",
                text(&elsewhere),
                "--participant",
                "Police",
                "--country",
                "France",
            ],
            "two letters",
        ),
        (
            &["init", text(&elsewhere), "--participant", &"a".repeat(201)],
            "at most 200 characters; this one has 201",
        ),
        (
            &["init", text(&elsewhere), "--participant", "Ar\nland"],
            "stands on one line",
        ),
        (
            &["init", text(&elsewhere), "--participant", "Ar\u{202e}dnal"],
            "U+202E",
        ),
        (
            &["participant", "add", "DIR", "Bel\u{2066}mark"],
            "stands on one line",
        ),
        (
            &["import", "DIR", "x.json", "--tlp", "RED", "--for", "Arland"],
            "RED reaches named persons only; name them, or choose AMBER+STRICT",
        ),
        (&["serve", "DIR", "--listen", "everywhere"], "everywhere"),
    ] {
        let ended = home.run(arguments).with(2);
        assert!(
            ended.err.contains(says),
            "{arguments:?} does not say {says:?}: {}",
            ended.err
        );
        assert!(ended.out.is_empty(), "{arguments:?}: {}", ended.out);
    }
    let ended = home.run(&["import", "DIR", "x.json", "--json"]).with(2);
    let error: serde_json::Value = serde_json::from_str(&ended.err).unwrap();
    assert_eq!(error["error"], "nothing was imported");
    assert!(dir.join("config.toml").exists() && !elsewhere.exists());
}

#[test]
fn init_shows_the_recovery_key_once_and_keeps_it_nowhere() {
    let home = Home::new();
    let other = home.file("other");
    let made = entente(&["init", text(&other), "--participant", "Belmark", "--json"])
        .with(0)
        .json();
    let key = made["recovery_key"].as_str().unwrap();
    assert!(key.len() > 40, "{made}");
    let mut files = 0;
    for folder in [other.clone(), other.join("keys")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let found = bytes
                    .windows(key.len())
                    .any(|window| window == key.as_bytes());
                assert!(!found, "{} holds it", path.display());
                files += 1;
            }
        }
    }
    assert!(files >= 6, "{files}");
}
