//! What is wrong with the texts of a package: missing in a language, never used, used and not there. A test of each package asks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// How templates and handlers ask for a text by its key.
const ASKED: [&str; 5] = [".t(\"", ".t1(\"", ".t2(\"", ".t3(\"", ".with(\""];

/// Looks through `locales`, `src` and `templates` of a package, given by its folder; what its texts may rely on besides is `shared`, the
/// folder of this package for a desk. A line for each problem.
///
/// A key counts as used where it stands as a whole string (`"peers-title"`), or where a string begins with it and goes on with a place
/// (`"role-{…}"`).
///
/// # Panics
/// When a folder can't be read: it is for tests.
pub fn problems(package: &Path, shared: Option<&Path>) -> Vec<String> {
    let own = languages(&package.join("locales"));
    let beside = shared.map(|shared| languages(&shared.join("locales")));
    let mut found = Vec::new();
    let english = own.get("en").cloned().unwrap_or_default();
    for (language, keys) in &own {
        found.extend(
            keys.twice
                .iter()
                .map(|key| format!("{language}: {key} is there twice")),
        );
        for key in english
            .places
            .keys()
            .filter(|key| !keys.places.contains_key(*key))
        {
            found.push(format!("{language}: {key} is missing"));
        }
        // How a language writes dates and lists is its own affair: it may leave out a place, or take one that English doesn't need.
        for (key, places) in keys
            .places
            .iter()
            .filter(|(key, _)| !key.starts_with("format-"))
        {
            match english.places.get(key) {
                None => found.push(format!("{language}: {key} is not in English")),
                Some(wanted) => {
                    let strange = places.difference(wanted);
                    found.extend(strange.map(|place| {
                        format!("{language}: {key} has a place ${place} that English has not")
                    }));
                }
            }
        }
    }
    if let Some(beside) = &beside {
        let missing = beside
            .keys()
            .filter(|language| !own.contains_key(*language));
        found.extend(missing.map(|language| format!("{language}: no texts at all")));
        let taken = beside.get("en").cloned().unwrap_or_default();
        let both = english
            .places
            .keys()
            .filter(|key| taken.places.contains_key(*key));
        found.extend(both.map(|key| format!("en: {key} is a key of the site already")));
    }
    for file in files(&package.join("locales/fr")) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let value = line.split_once(" = ").map_or(line, |(_, value)| value);
            let wrong = wrong_signs(value).into_iter();
            found.extend(wrong.map(|wrong| format!("fr: {wrong} in {line:?}")));
        }
    }
    let known: BTreeSet<&String> = english
        .places
        .keys()
        .chain(
            beside
                .iter()
                .filter_map(|all| all.get("en"))
                .flat_map(|keys| keys.places.keys()),
        )
        .collect();
    let mut used = BTreeSet::new();
    let mut begun = BTreeSet::new();
    for file in ["src", "templates"]
        .iter()
        .flat_map(|folder| files(&package.join(folder)))
    {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for asked in ASKED {
            for (place, _) in text.match_indices(asked) {
                let key = text[place + asked.len()..]
                    .split('"')
                    .next()
                    .unwrap_or_default();
                if is_key(key) && !known.iter().any(|known| *known == key) {
                    found.push(format!("{}: {key} is used and not there", file.display()));
                }
            }
        }
        for text in text.split('"') {
            match text.split_once('{') {
                None if is_key(text) => drop(used.insert(text.to_owned())),
                Some((begin, _)) if begin.ends_with('-') => drop(begun.insert(begin.to_owned())),
                _ => {}
            }
        }
    }
    // What the machinery of languages asks for itself.
    begun.extend(["format-", "language-", "month-"].map(str::to_owned));
    for key in english.places.keys() {
        if !used.contains(key) && !begun.iter().any(|begin| key.starts_with(begin.as_str())) {
            found.push(format!("en: {key} is used nowhere"));
        }
    }
    found
}

/// What French doesn't write: a sign without its no-break space, a straight apostrophe.
fn wrong_signs(value: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let kept = |near: Option<char>| matches!(near, Some('\u{a0}' | '\u{202f}'));
    for (place, sign) in value.match_indices([';', ':', '?', '!', '»']) {
        // A colon inside a word is none of the sentence: TLP:RED, https://, a port.
        let inside = value[place + sign.len()..].starts_with(|next: char| !next.is_whitespace());
        if !(sign == ":" && inside || kept(value[..place].chars().next_back())) {
            wrong.push(format!("no space before {sign}"));
        }
    }
    for (place, sign) in value.match_indices('«') {
        if !kept(value[place + sign.len()..].chars().next()) {
            wrong.push(format!("no space after {sign}"));
        }
    }
    if value.contains('\'') {
        wrong.push("a straight apostrophe".to_owned());
    }
    wrong
}

/// The keys of a language, and the places of each.
#[derive(Debug, Clone, Default)]
struct Keys {
    places: BTreeMap<String, BTreeSet<String>>,
    twice: Vec<String>,
}

fn languages(folder: &Path) -> BTreeMap<String, Keys> {
    let mut languages: BTreeMap<String, Keys> = BTreeMap::new();
    for file in files(folder) {
        let language = file
            .parent()
            .and_then(|parent| parent.file_name())
            .map(|name| name.to_string_lossy().into_owned());
        let keys = languages.entry(language.unwrap_or_default()).or_default();
        let text = fs::read_to_string(&file).expect("a locale file is readable");
        let mut current: Option<String> = None;
        for line in text.lines() {
            let begins = line.split_once('=').filter(|(key, _)| is_key(key.trim()));
            if let Some((key, _)) = begins.filter(|_| !line.starts_with([' ', '#'])) {
                let key = key.trim().to_owned();
                if keys.places.insert(key.clone(), BTreeSet::new()).is_some() {
                    keys.twice.push(key.clone());
                }
                current = Some(key);
            }
            if let Some(places) = current.as_ref().and_then(|key| keys.places.get_mut(key))
                && !line.starts_with('#')
            {
                let names = line.split('$').skip(1).map(|rest| {
                    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
                    rest.chars().take_while(|c| letter(*c)).collect::<String>()
                });
                places.extend(names);
            }
        }
    }
    languages
}

fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(plain))
}

/// All files under a folder, which may be absent.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry.expect("a folder is readable").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_every_language_and_used() {
        let found = problems(Path::new(env!("CARGO_MANIFEST_DIR")), None);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn a_planted_fault_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "locales/en/a.ftl",
            "a-title = A { $n }\na-left = Left\nkind-one = One\na-idle = Idle\n",
        );
        write(
            "locales/fr/a.ftl",
            "a-title = A { $m }\nkind-one = Un\na-idle = Rien\na-idle = Rien\n",
        );
        write(
            "templates/a.html",
            "{{ frame.t(\"a-left\") }}{{ frame.t(\"a-gone\") }}",
        );
        write(
            "src/a.rs",
            "fn a() { w.t1(\"a-title\", n); w.t(&format!(\"kind-{kind}\")) }",
        );
        let found = problems(folder.path(), None);
        for fault in [
            "fr: a-left is missing",
            "fr: a-title has a place $m that English has not",
            "fr: a-idle is there twice",
            "a-gone is used and not there",
            "en: a-idle is used nowhere",
        ] {
            assert!(
                found.iter().any(|line| line.contains(fault)),
                "{fault}: {found:?}"
            );
        }
        assert_eq!(found.len(), 5, "{found:?}");
    }

    #[test]
    fn french_signs_have_their_spaces() {
        let wrong = |value: &str| wrong_signs(value).len();
        for right in [
            "Qui la verra\u{a0}?",
            "Cercle\u{a0}: { $name }",
            "TLP:RED, https://ici:80",
            "«\u{a0}oui\u{a0}»",
            "{\"\u{a0}:\"}",
        ] {
            assert_eq!(wrong(right), 0, "{right}");
        }
        for one in ["Qui ?", "Cercle : ici", "a; b", "« oui\u{a0}»", "l'eau"] {
            assert_eq!(wrong(one), 1, "{one}");
        }
    }
}
