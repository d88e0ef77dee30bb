//! Rule: one room for each thing that spreads if it may. SQL lives in `store`, comparing labels in `policy`, environment
//! and arguments in `entente`, clock and chance in one module of `node`; a pure package has none of them. Tests are free.

use super::Violation;
use super::arrows::PURE;
use super::rust::{Kind, Token, follows, product, tokens};
use crate::workspace::{File, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let sources: Vec<(&File, Vec<Token>)> = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with(".rs"))
        .map(|file| (file, tokens(&file.text)))
        .collect();
    let of_tests = test_modules(&sources);
    let mut violations = Vec::new();
    for (file, tokens) in &sources {
        let path = file.path.as_str();
        if is_test(path) || of_tests.iter().any(|module| belongs_to(path, module)) {
            continue;
        }
        let mut say =
            |line: usize, message: String| violations.push(Violation::new(path, line, message));
        look(room(path), path, &product(tokens), &mut say);
    }
    violations
}

fn look(room: &str, path: &str, code: &[Token], say: &mut impl FnMut(usize, String)) {
    for (place, token) in code.iter().enumerate() {
        if let Kind::Text(text) = &token.kind
            && room != "store"
            && room != "xtask"
            && is_sql(text)
        {
            say(token.line, "SQL stands only in store".to_owned());
        }
        if room != "policy" && room != "stix" && room != "xtask" && compares_label(code, place) {
            say(
                token.line,
                "labels are compared only in policy: ask it".to_owned(),
            );
        }
        if room != "entente" && room != "xtask" && reads_environment(code, place) {
            say(
                token.line,
                "environment and arguments are read only in entente: take them as a parameter"
                    .to_owned(),
            );
        }
        if room != "xtask" && !is_clock(path) && asks_clock_or_chance(code, place) {
            say(
                token.line,
                "time and randomness come from node's clock and chance: take them as a parameter"
                    .to_owned(),
            );
        }
        if PURE.contains(&room)
            && let Some(what) = impurity(code, place)
        {
            say(token.line, format!("{room} is pure: no {what} here"));
        }
    }
}

/// The package that a source file belongs to, by its folder.
fn room(path: &str) -> &str {
    let mut folders = path.split('/');
    match folders.next() {
        Some("crates" | "desks") => folders.next().unwrap_or_default(),
        Some(folder) => folder,
        None => "",
    }
}

fn is_clock(path: &str) -> bool {
    ["clock", "chance"].iter().any(|module| {
        path == format!("crates/node/src/{module}.rs")
            || path.starts_with(&format!("crates/node/src/{module}/"))
    })
}

/// Whether a file only exists for tests, measurements or examples.
pub(super) fn is_test(path: &str) -> bool {
    let folder = |name: &&str| path.split('/').any(|part| part == *name);
    ["tests", "benches", "examples", "fuzz"].iter().any(folder) || path.ends_with("/tests.rs")
}

/// The modules that are declared under `#[cfg(test)]`, as paths without `.rs`.
fn test_modules(sources: &[(&File, Vec<Token>)]) -> Vec<String> {
    let mut modules = Vec::new();
    for (file, tokens) in sources {
        for place in 0..tokens.len() {
            if follows(
                tokens,
                place,
                &["#", "[", "cfg", "(", "test", ")", "]", "mod"],
            ) && follows(tokens, place + 9, &[";"])
                && let Some(Kind::Word(name)) = tokens.get(place + 8).map(|token| &token.kind)
            {
                modules.push(format!("{}/{name}", module_folder(&file.path)));
            }
        }
    }
    modules
}

/// Where the child modules of a source file are.
fn module_folder(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    ["/lib", "/main", "/mod"]
        .iter()
        .find_map(|name| stem.strip_suffix(name))
        .unwrap_or(stem)
}

fn belongs_to(path: &str, module: &str) -> bool {
    path.strip_prefix(module)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// Two words that occur in this order only in a statement. Upper case counts anywhere; lower case only at the beginning.
const STATEMENTS: [(&str, &str); 16] = [
    ("SELECT ", " FROM "),
    ("INSERT ", "INTO "),
    ("REPLACE ", "INTO "),
    ("UPDATE ", " SET "),
    ("DELETE ", "FROM "),
    ("CREATE ", "TABLE "),
    ("CREATE ", "INDEX "),
    ("CREATE ", "TRIGGER "),
    ("CREATE ", "VIEW "),
    ("DROP ", "TABLE "),
    ("DROP ", "INDEX "),
    ("ALTER ", "TABLE "),
    ("BEGIN ", "IMMEDIATE"),
    ("PRAGMA ", ""),
    ("VACUUM ", "INTO "),
    ("ATTACH ", " AS "),
];

fn is_sql(text: &str) -> bool {
    let flat = text.replace("\\n", " ").replace('\\', " ");
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ") + " ";
    STATEMENTS.iter().any(|(first, second)| {
        let shouted = after_word(&flat, first).is_some_and(|rest| rest.contains(second));
        let (first, second) = (first.to_lowercase(), second.to_lowercase());
        let begins = flat
            .strip_prefix(&first)
            .is_some_and(|rest| rest.contains(&second));
        shouted || (begins && !second.is_empty() && flat.contains(['$', '?', '*', '=', '(']))
    })
}

/// What follows a word that begins a word.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.match_indices(word)
        .find(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, _)| &text[at + word.len()..])
}

const COMPARISONS: [&str; 6] = ["==", "!=", "<", ">", "<=", ">="];

fn compares_label(code: &[Token], place: usize) -> bool {
    let compares = |place: Option<usize>| {
        place
            .and_then(|place| code.get(place))
            .is_some_and(|token| COMPARISONS.iter().any(|mark| token.is_mark(mark)))
    };
    let Some(token) = code.get(place) else {
        return false;
    };
    match &token.kind {
        // "TLP:RED" == x, "TLP:RED" => ..
        Kind::Text(text) if text.to_uppercase().starts_with("TLP:") => {
            compares(Some(place + 1))
                || compares(place.checked_sub(1))
                || follows(code, place + 1, &["=>"])
        }
        // Tlp::Red == x, Tlp::Red => .., Some(Tlp::Red) => .., matches!(x, Tlp::Red), let Tlp::Red = x
        Kind::Word(name) if (name == "Tlp" || name == "TlpName") && is_variant(code, place) => {
            let start = start_of_path(code, place);
            let mut end = place + 3;
            let compared = compares(Some(end)) || compares(start.checked_sub(1));
            while follows(code, end, &[")"]) {
                end += 1;
            }
            let pattern = follows(code, end, &["=>"])
                || follows(code, end, &["if"])
                || is_alternative(code, place + 3);
            let bound = start
                .checked_sub(1)
                .is_some_and(|before| follows(code, before, &["let"]));
            compared || pattern || bound || is_in_matches(code, start)
        }
        // label.tlp == x, label.tlp() < x
        Kind::Word(name) if name == "tlp" && place > 0 && follows(code, place - 1, &["."]) => {
            let called = follows(code, place + 1, &["(", ")"]);
            compares(Some(if called { place + 3 } else { place + 1 }))
        }
        _ => false,
    }
}

fn is_variant(code: &[Token], place: usize) -> bool {
    follows(code, place + 1, &["::"])
        && !follows(code, place + 3, &["("])
        && matches!(code.get(place + 2).map(|token| &token.kind),
            Some(Kind::Word(word)) if word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase))
}

fn start_of_path(code: &[Token], mut place: usize) -> usize {
    while place >= 2 && follows(code, place - 1, &["::"]) {
        place -= 2;
    }
    place
}

/// `Tlp::Red | Tlp::Amber =>`: the first of several.
fn is_alternative(code: &[Token], end: usize) -> bool {
    follows(code, end, &["|"])
        && code
            .iter()
            .skip(end)
            .find(|token| {
                ["=>", ";", "{", ",", "="]
                    .iter()
                    .any(|mark| token.is_mark(mark))
            })
            .is_some_and(|token| token.is_mark("=>") || token.is_mark("="))
}

fn is_in_matches(code: &[Token], start: usize) -> bool {
    let mut depth = 0_i32;
    for place in (0..start).rev() {
        let Some(token) = code.get(place) else {
            return false;
        };
        if token.is_mark(")") {
            depth += 1;
        } else if token.is_mark("(") {
            depth -= 1;
            if depth < 0 && place >= 2 && follows(code, place - 2, &["matches", "!"]) {
                return true;
            }
        } else if token.is_mark(";") || token.is_mark("{") || token.is_mark("}") {
            return false;
        }
    }
    false
}

fn reads_environment(code: &[Token], place: usize) -> bool {
    const CALLS: [&str; 8] = [
        "var",
        "var_os",
        "vars",
        "vars_os",
        "args",
        "args_os",
        "current_dir",
        "temp_dir",
    ];
    follows(code, place, &["std", "::", "env"])
        || CALLS
            .iter()
            .any(|call| follows(code, place, &["env", "::", call]))
            && !follows(code, place.wrapping_sub(1), &["::"])
}

fn asks_clock_or_chance(code: &[Token], place: usize) -> bool {
    const CALLS: [&[&str]; 11] = [
        &["SystemTime", "::", "now"],
        &["UNIX_EPOCH", ".", "elapsed"],
        &["Utc", "::", "now"],
        &["rand", "::", "rng"],
        &["rand", "::", "random"],
        &["thread_rng"],
        &["OsRng"],
        &["SysRng"],
        &["getrandom"],
        &["new_v4"],
        &["now_v7"],
    ];
    CALLS.iter().any(|call| follows(code, place, call))
}

/// What a pure package has no business with.
fn impurity(code: &[Token], place: usize) -> Option<&'static str> {
    const CALLS: [(&[&str], &str); 8] = [
        (&["async"], "waiting"),
        (&["await"], "waiting"),
        (&["SystemTime"], "clock"),
        (&["Instant", "::", "now"], "clock"),
        (&["std", "::", "fs"], "files"),
        (&["std", "::", "net"], "network"),
        (&["std", "::", "process"], "processes"),
        (&["std", "::", "thread"], "threads"),
    ];
    CALLS
        .iter()
        .find(|(call, _)| follows(code, place, call))
        .map(|(_, what)| *what)
}
