//! How meetings, parties, persons and pages are told of: tables of wordings and what must be read from them.
//!
//! Each row stands for a way of saying, not for a text: a rule that is made for one row breaks its neighbours.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const BODY_EN: &str = "Both sides discussed threats in cyberspace and exchanged views on the work of the United Nations. They reaffirmed their commitment to an open, free and secure cyberspace. The two sides agreed to share information on ransomware.";
const BODY_FR: &str = "Les deux parties ont évoqué les menaces dans le cyberespace et ont échangé sur les travaux des Nations unies. Elles ont réaffirmé leur attachement à un cyberespace ouvert, libre et sûr. Les deux parties sont convenues de partager des informations sur les rançongiciels.";
const HELD_EN: &str = "Third EU-Japan Cyber Dialogue\n\nThe third EU-Japan Cyber Dialogue was held in Brussels on 11 June 2019.\n\nBoth sides discussed threats in cyberspace. They reaffirmed their commitment to an open, free and secure cyberspace. ";
const HELD_FR: &str = "Troisième dialogue UE-Japon sur le cyberespace\n\nLe troisième dialogue entre l'Union européenne et le Japon sur le cyberespace s'est tenu à Bruxelles le 11 juin 2019.\n\nLes deux parties ont évoqué les menaces dans le cyberespace. Elles ont réaffirmé leur attachement à un cyberespace ouvert, libre et sûr. ";

fn read(text: &str) -> Value {
    let reading = text::read(text.as_bytes(), &text::Options::named("row")).expect("a reading");
    serde_json::to_value(&reading.statement).expect("JSON")
}

fn rows(table: &'static str) -> Vec<(&'static str, &'static str)> {
    table
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .map(|l| l.split_once(" => ").expect("a row has an arrow"))
        .collect()
}

fn set(words: &str) -> BTreeSet<String> {
    words
        .split_whitespace()
        .filter(|w| *w != "-")
        .map(str::to_owned)
        .collect()
}

fn strings(value: &Value) -> BTreeSet<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect()
}

/// A value as a word, `-` when there is none.
fn word(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

/// A date read is right when it is the one expected or a closer one; "~" gives two months either way.
fn same_date(expected: &str, read: &str) -> bool {
    let months = |d: &str| -> Option<i32> {
        Some(d.get(..4)?.parse::<i32>().ok()? * 12 + d.get(5..7)?.parse::<i32>().ok()?)
    };
    let plain = read.trim_end_matches('~');
    match expected.strip_suffix('~') {
        Some(about) => {
            plain == &about[..4]
                || months(about)
                    .zip(months(plain))
                    .is_some_and(|(a, b)| (a - b).abs() <= 2)
        }
        None => plain == expected || expected != "-" && plain.starts_with(expected),
    }
}

fn series(statement: &Value) -> String {
    match statement["series"]["id"].as_str() {
        None => "-".to_owned(),
        Some(id) => format!(
            "{} {}",
            id.trim_end_matches(":cyber-dialogue"),
            word(&statement["series"]["ordinal"])
        ),
    }
}

fn event(statement: &Value) -> String {
    let event = &statement["event"];
    let when = match event["start"].as_str() {
        None => "-".to_owned(),
        Some(start) => format!("{start}..{}", word(&event["end"])),
    };
    format!("{when} @ {}", word(&event["place"]))
}

/// Fails with every row that is read otherwise.
fn none(wrong: &[String], rows: usize) {
    assert!(rows > 5, "only {rows} rows");
    assert!(
        wrong.is_empty(),
        "{} of {rows} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn openings(table: &'static str, body: &str) {
    let rows = rows(table);
    let mut wrong = Vec::new();
    for (opening, expected) in &rows {
        let text = format!("{}\n\n{body}", opening.replace('|', "\n"));
        let statement = read(&text);
        let parts: Vec<&str> = expected.split(" / ").map(str::trim).collect();
        let right = parts.len() == 4
            && set(parts[0]) == strings(&statement["parties"])
            && set(parts[1]) == strings(&statement["observers"])
            && parts[2] == series(&statement)
            && parts[3] == event(&statement);
        if !right {
            wrong.push(format!(
                "{opening}\n  {expected}\n  {:?} / {:?} / {} / {}",
                strings(&statement["parties"]),
                strings(&statement["observers"]),
                series(&statement),
                event(&statement)
            ));
        }
    }
    none(&wrong, rows.len());
}

#[test]
fn openings_in_english() {
    openings(include_str!("tables/openings-en.txt"), BODY_EN);
}

#[test]
fn openings_in_french() {
    openings(include_str!("tables/openings-fr.txt"), BODY_FR);
}

/// `place date number` of the next meeting, or `null`; a place may be of several words.
fn same_next(expected: &str, found: &Value) -> bool {
    let parts: Vec<&str> = expected.rsplitn(3, ' ').collect();
    match (parts.as_slice(), found) {
        (["null" | "-"], found) => found.is_null(),
        ([number, date, place], found) => {
            word(&found["ordinal"]) == *number
                && word(&found["place"]) == *place
                && same_date(date, &word(&found["date"]))
        }
        _ => false,
    }
}

fn next_meetings(table: &'static str, held: &str) {
    let rows = rows(table);
    let mut wrong = Vec::new();
    for (sentence, expected) in &rows {
        let statement = read(&format!("{held}{sentence}"));
        let found = &statement["next_meeting"];
        if !same_next(expected.trim(), found) {
            wrong.push(format!("{sentence}\n  {expected}\n  {found}"));
        }
        if event(&statement) != "2019-06-11..2019-06-11 @ Brussels" {
            wrong.push(format!(
                "{sentence}\n  moves the event: {}",
                event(&statement)
            ));
        }
    }
    none(&wrong, rows.len());
}

#[test]
fn next_meetings_in_english() {
    next_meetings(include_str!("tables/next-en.txt"), HELD_EN);
}

#[test]
fn next_meetings_in_french() {
    next_meetings(include_str!("tables/next-fr.txt"), HELD_FR);
}

fn persons(table: &'static str, body: &str) {
    let rows = rows(table);
    let mut wrong = Vec::new();
    for (sentence, expected) in &rows {
        let contact = sentence.starts_with("Press contact") || sentence.starts_with("Contact");
        let text = if contact {
            format!("{body}\n\n{sentence}")
        } else {
            format!("{sentence}\n\n{body}")
        };
        let statement = read(&text);
        let found: BTreeMap<String, String> = statement["persons"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| (word(&p["name"]), word(&p["side"])))
            .collect();
        let expected: BTreeMap<String, String> = expected
            .split(';')
            .filter_map(|p| p.trim().rsplit_once('/'))
            .map(|(name, side)| (name.to_owned(), side.to_owned()))
            .collect();
        let right = expected.len() == found.len()
            && expected
                .iter()
                .all(|(name, side)| found.get(name).is_some_and(|f| side == "-" || f == side));
        if !right {
            wrong.push(format!("{sentence}\n  {expected:?}\n  {found:?}"));
        }
    }
    none(&wrong, rows.len());
}

#[test]
fn persons_in_english() {
    persons(include_str!("tables/persons-en.txt"), BODY_EN);
}

#[test]
fn persons_in_french() {
    persons(include_str!("tables/persons-fr.txt"), BODY_FR);
}

/// The words of a text, folded as far as a comparison needs.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn counted(words: Vec<String>) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for word in words {
        *out.entry(word).or_default() += 1;
    }
    out
}

/// How many words of one are not in the other.
fn lacking(of: &BTreeMap<String, usize>, within: &BTreeMap<String, usize>) -> usize {
    of.iter()
        .map(|(w, n)| n.saturating_sub(within.get(w).copied().unwrap_or(0)))
        .sum()
}

/// A page's text from its marked lines: the whole, the title, the body.
fn page(marked: &str) -> (String, String, String) {
    let (mut whole, mut title, mut body) = (String::new(), String::new(), String::new());
    let mut before = ' ';
    for line in marked.lines() {
        let (sort, line) = match line.strip_prefix("T~") {
            Some(line) => ('t', line),
            None => line.strip_prefix('~').map_or(('b', line), |l| ('f', l)),
        };
        if !whole.is_empty() {
            whole.push_str(if sort == before && sort != 'b' {
                "\n"
            } else {
                "\n\n"
            });
        }
        whole.push_str(line);
        match sort {
            't' => {
                title.push_str(line);
                title.push('\n');
            }
            'b' => {
                body.push_str(line);
                body.push('\n');
            }
            _ => {}
        }
        before = sort;
    }
    (whole, title, body)
}

fn pages(table: &'static str) {
    let mut wrong = Vec::new();
    let pages: Vec<&str> = table.split("@@ ").skip(1).collect();
    for marked in &pages {
        let (head, text) = marked.split_once('\n').expect("a page has a head");
        let f: Vec<&str> = head.split(" | ").map(str::trim).collect();
        assert_eq!(f.len(), 9, "{head}");
        let (whole, title, body) = page(text.trim_end());
        let statement = read(&whole);
        let mut miss = |field: &str, right: bool, found: String| {
            if !right {
                wrong.push(format!("{}: {field}: {found}", f[0]));
            }
        };
        miss(
            "kind",
            word(&statement["kind"]) == f[1],
            word(&statement["kind"]),
        );
        let found = counted(words(&word(&statement["title"])));
        miss(
            "title",
            found == counted(words(&title)),
            word(&statement["title"]),
        );
        miss(
            "parties",
            strings(&statement["parties"]) == set(f[2]),
            statement["parties"].to_string(),
        );
        miss(
            "observers",
            strings(&statement["observers"]) == set(f[3]),
            statement["observers"].to_string(),
        );
        miss("event", event(&statement) == f[4], event(&statement));
        miss(
            "published",
            word(&statement["published"]) == f[5],
            word(&statement["published"]),
        );
        miss("series", series(&statement) == f[6], series(&statement));
        miss(
            "next meeting",
            same_next(f[7], &statement["next_meeting"]),
            statement["next_meeting"].to_string(),
        );
        let expected: BTreeSet<String> = f[8]
            .split(';')
            .map(|n| n.trim().to_owned())
            .filter(|n| n != "-")
            .collect();
        // The side is compared where the table tells it.
        let sided = f[8].contains('/');
        let names: BTreeSet<String> = statement["persons"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| match (sided, word(&p["name"]), word(&p["side"])) {
                (true, name, side) => format!("{name}/{side}"),
                (false, name, _) => name,
            })
            .collect();
        miss("persons", names == expected, format!("{names:?}"));
        let read = statement["statements"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|s| word(&s["text"]))
            .collect::<Vec<_>>()
            .join("\n");
        let (read, body) = (counted(words(&read)), counted(words(&body)));
        // Numbers of paragraphs are none of their words.
        miss(
            "the body",
            lacking(&body, &read) <= 12 && lacking(&read, &body) <= 2,
            format!(
                "{} lost, {} added",
                lacking(&body, &read),
                lacking(&read, &body)
            ),
        );
    }
    none(&wrong, pages.len());
}

#[test]
fn pages_in_english() {
    pages(include_str!("tables/pages-en.txt"));
}

#[test]
fn pages_in_french() {
    pages(include_str!("tables/pages-fr.txt"));
}
