//! Nodes that come to know each other, with the real program: an introduction each way, and words.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::program::{Home, text};

/// What one node says of itself: the file, and the words that its people read aloud.
pub(crate) struct Introduction {
    name: String,
    pub(crate) file: PathBuf,
    words: String,
}

/// A node says that it listens at `address`; at none, it only calls out.
pub(crate) fn introduce(home: &Home, name: &str, address: Option<&str>) -> Introduction {
    let file = home.file("introduction");
    // The last one counts.
    let _ = fs::remove_file(&file);
    let mut arguments = vec![
        "peer",
        "introduce",
        "DIR",
        "--output",
        text(&file),
        "--json",
    ];
    if let Some(address) = address {
        arguments.extend(["--address", address]);
    }
    let made = home.run(&arguments).with(0).json();
    Introduction {
        name: name.to_owned(),
        words: made["words"]["english"].as_str().unwrap().to_owned(),
        file,
    }
}

/// `home` takes an introduction, and its people confirm the words.
pub(crate) fn confirm(home: &Home, who: &Introduction) {
    home.run(&["peer", "add", "DIR", text(&who.file)]).with(0);
    let words: Vec<&str> = who.words.split(' ').collect();
    home.run(&[&["peer", "confirm", "DIR", &who.name], &words[..]].concat())
        .with(0);
}

/// What a node's list of peers says of one.
pub(crate) fn peer(home: &Home, name: &str) -> Value {
    let peers = home.run(&["peer", "list", "DIR", "--json"]).with(0).json();
    let found = peers
        .as_array()
        .unwrap()
        .iter()
        .find(|peer| peer["name"] == name);
    found
        .unwrap_or_else(|| panic!("no {name}: {peers}"))
        .clone()
}

/// Changes lines of a node's configuration.
pub(crate) fn configure(home: &Home, changes: &[(&str, &str)]) {
    let path = home.dir().join("config.toml");
    let mut config = fs::read_to_string(&path).unwrap();
    for (from, to) in changes {
        assert!(config.contains(from), "no {from:?} in {config}");
        config = config.replacen(from, to, 1);
    }
    fs::write(path, config).unwrap();
}

/// The id of a node's participant.
pub(crate) fn participant(home: &Home, name: &str) -> String {
    let all = home
        .run(&["participant", "list", "DIR", "--json"])
        .with(0)
        .json();
    let own = all
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == name);
    own.unwrap_or_else(|| panic!("no {name}: {all}"))["id"]
        .as_str()
        .unwrap()
        .to_owned()
}
