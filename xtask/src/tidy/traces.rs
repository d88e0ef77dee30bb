//! Rule: the tree makes sense to whoever has only the tree. No path of one machine, no address of a package registry, no
//! number of a tracker that others don't have.

use super::Violation;
use crate::workspace::{File, Tree};

/// Paths of one machine. Written in two parts, so that this file doesn't hold what it forbids.
const PATHS: [&str; 6] = [
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/ro", "ot/"),
    concat!("/fa", "rm/"),
    concat!("/tmp/", "bash_jobs"),
];

/// Registries are settings of the machine that builds, never of the tree.
const HOSTS: [&str; 7] = [
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("deb.debian", ".org"),
    concat!("proxy.golang", ".org"),
];

/// Documents that are not in the tree.
const ELSEWHERE: [&str; 3] = [
    concat!("DES", "IGN"),
    concat!("STY", "LE"),
    concat!("BLUE", "PRINT"),
];

/// What is kept as others wrote it.
const OTHERS: [&str; 4] = ["Cargo.lock", "package-lock.json", "LICENSE", "fixtures/"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let ours = |file: &&File| {
        !OTHERS
            .iter()
            .any(|other| file.path.starts_with(other) || file.path.ends_with(&format!("/{other}")))
    };
    tree.files.iter().filter(ours).flat_map(look).collect()
}

fn look(file: &File) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        let mut say =
            |message: String| violations.push(Violation::new(&file.path, number, message));
        if let Some(path) = PATHS.iter().find(|path| stands_alone(line, path)) {
            say(format!("{path} is a path of one machine"));
        }
        if let Some(host) = HOSTS.iter().find(|host| line.contains(**host)) {
            say(format!(
                "{host} is a registry: which one is used is a setting of the machine"
            ));
        }
        if let Some(name) = ELSEWHERE.iter().find(|name| has_word(line, name)) {
            say(format!(
                "{name} is no document of this tree: say the rule itself, or link docs/"
            ));
        }
        if names_issue(line) {
            say("the number of an issue says nothing here: say what it is about".to_owned());
        }
    }
    violations
}

/// Whether a path begins here, and isn't the end of a longer one or of an address.
fn stands_alone(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric() && !"._-/}>".contains(before))
    })
}

fn has_word(line: &str, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(letter) && !after.is_some_and(letter)
    })
}

fn names_issue(line: &str) -> bool {
    let line = line.to_lowercase();
    line.match_indices("issue").any(|(at, word)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + word.len()..).unwrap_or_default();
        let number = after
            .strip_prefix(' ')
            .map(|after| after.strip_prefix('#').unwrap_or(after));
        let number = number.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
        !before.is_some_and(char::is_alphanumeric) && (number || after.starts_with("s show"))
    })
}
