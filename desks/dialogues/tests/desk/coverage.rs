//! What `docs/coverage.md` says of the desk holds: each address is a page that answers, each value it is narrowed by is one that the desk
//! knows, each text that a page is said to show is one of its texts, each test named is there.

use std::collections::BTreeSet;

use crate::entered::{TEXT, entered};
use dialogues::Dialogues;
use dialogues::names::TOPICS;
use dialogues::records::Act;
use site::Desk;
use stage::{Pages, address};

const COVERAGE: &str = include_str!("../../../../docs/coverage.md");

/// A row that says that something is served: its number, what it says, and where.
struct Row {
    number: &'static str,
    said: &'static str,
    places: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = COVERAGE.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, _, said, places] = cells[..] else {
            return None;
        };
        number.starts_with("00").then_some(Row {
            number,
            said,
            places,
        })
    });
    lines.filter(|row| !row.said.is_empty()).collect()
}

/// What stands between two of a mark.
fn between(text: &'static str, mark: char) -> impl Iterator<Item = &'static str> {
    text.split(mark).skip(1).step_by(2)
}

fn addresses(row: &Row) -> impl Iterator<Item = &'static str> {
    between(row.places, '`').filter(|place| place.starts_with('/'))
}

#[test]
fn each_row_says_where_and_each_address_is_one_of_the_desk() {
    let all = rows();
    assert!(all.len() > 50, "{}", all.len());
    let routes = Dialogues.routes();
    let routes: BTreeSet<&str> = routes.list().iter().map(|one| one.path).collect();
    let acts = [
        Act::Commitment,
        Act::Position,
        Act::Reaffirmation,
        Act::Welcome,
    ];
    let acts = acts.map(|act| act.as_str());
    for row in &all {
        let number = row.number;
        assert!(!row.places.is_empty(), "{number}");
        for address in addresses(row) {
            let (path, query) = address.split_once('?').unwrap_or((address, ""));
            let path = path.replace('…', "{id}");
            assert!(routes.contains(path.as_str()), "{number}: {address}");
            for pair in query.split('&').filter(|pair| !pair.is_empty()) {
                let known = match pair.split_once('=').unwrap() {
                    ("topic", topic) => TOPICS.iter().any(|(code, _, _)| *code == topic),
                    ("act", act) => acts.contains(&act),
                    ("outcome", outcome) => outcome == "not-recorded",
                    ("side", side) => side == "EU",
                    _ => false,
                };
                assert!(known, "{number}: {address}");
            }
        }
    }
}

#[test]
fn each_text_and_each_test_that_is_named_is_there() {
    let locales = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en");
    let files = std::fs::read_dir(locales).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let texts: String = texts.collect();
    for row in rows() {
        for shown in between(row.places, '*') {
            assert!(texts.contains(shown), "{}: {shown}", row.number);
        }
        let Some((_, tests)) = row.said.split_once("(test") else {
            continue;
        };
        for name in between(tests, '`') {
            let file = format!("{}/tests/desk/{name}.rs", env!("CARGO_MANIFEST_DIR"));
            assert!(std::fs::exists(&file).unwrap(), "{}: {name}", row.number);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_that_is_named_answers() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let page = pages.get(&session).await.body;
    let one = |room: &str| address(&page, &format!("/dialogues/{room}/"));
    let read = pages
        .post("/dialogues/readings/new", &[("text", TEXT)])
        .await;
    let known = [
        ("/dialogues/sessions/…", session.clone()),
        ("/dialogues/series/…", one("series")),
        ("/dialogues/texts/…", one("texts")),
        ("/dialogues/commitments/…", one("commitments")),
        ("/dialogues/readings/…", read.to),
    ];
    let mut asked = 0;
    for row in rows() {
        for place in addresses(&row) {
            let mut way = place.to_owned();
            for (written, there) in &known {
                way = way.replace(written, there);
            }
            let answer = pages.get(&way).await;
            assert_eq!(answer.status, 200, "{}: {way}", row.number);
            asked += 1;
        }
    }
    assert!(asked > 50, "{asked}");
}
