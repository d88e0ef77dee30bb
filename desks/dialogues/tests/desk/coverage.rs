//! What `docs/coverage.md` says of the desk holds: each address is a page that answers, each value it is narrowed by is one that the desk
//! knows, each text that a page is said to show is one of its texts, each test named is there; and each page shows what it is named for.

use std::collections::BTreeSet;

use crate::entered::{TEXT, entered};
use dialogues::Dialogues;
use dialogues::names::TOPICS;
use dialogues::records::Act;
use site::Desk;
use stage::{Bench, Pages, address};

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
                    ("topic", topic) => TOPICS.contains(&topic),
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

/// What a text says besides, so that it speaks of what the rows speak of, in words of our own.
const SPOKEN: &str = "Both sides reaffirmed their partnership for an open, free, stable and secure cyberspace.\n\
They stressed the peaceful settlement of disputes in cyberspace under international law.\n\
They underlined that those responsible for malicious cyber activities must be held accountable for them.\n\
They stressed the value of sharing information and good practices.\n\
They supported multistakeholder internet governance.\n\
They welcomed the campaign of training and awareness raising on cybersecurity.\n\
The EU and Japan will strengthen the Global Alliance against child sexual abuse online.\n\
The EU and Japan will promote the Budapest Convention on Cybercrime.\n\
They stressed that the same human rights apply online as offline.\n\
The EU and Japan will coordinate their capacity building in third countries.\n\
They underlined the need to protect critical infrastructure.\n";

/// What each address shows of that text, and whose words stand there that are on another subject or of another act.
const SHOWN: &[(&str, &[&str], &str)] = &[
    (
        "/dialogues",
        &["announced for June 2020, Tokyo", "has passed its date"],
        "condemned",
    ),
    (
        "/dialogues/series",
        &["European Union–Japan Cyber Dialogue"],
        "",
    ),
    (
        "/dialogues/series/…",
        &[
            "no. 4, Brussels, 11 June 2019",
            "no such session recorded",
            "coordinate their capacity building",
        ],
        "",
    ),
    (
        "/dialogues/sessions/…",
        &[
            "11 June 2019",
            "Brussels",
            "Joint text",
            "child sexual abuse",
            "/observers\"",
            "/chairs\"",
        ],
        "",
    ),
    ("/dialogues/sessions/…/drafts", &["/drafts/new\""], ""),
    (
        "/dialogues/sessions?outcome=not-recorded",
        &["June 2020, Tokyo", "no such session recorded"],
        "Nothing matches",
    ),
    (
        "/dialogues/texts/…",
        &["1 July 2019", "under international law", "Joint text"],
        "ann.press",
    ),
    (
        "/dialogues/commitments/…",
        &[
            "By when",
            "31 December 2025",
            "Firm",
            "Subjects",
            "Enter an arrangement",
            "What followed",
        ],
        "",
    ),
    (
        "/dialogues/commitments/…/follow-up",
        &[
            "exchange contact points",
            "Implemented",
            "No information shared",
        ],
        "",
    ),
    (
        "/dialogues/readings/…",
        &[
            "<mark",
            "held the fourth meeting",
            "/split/",
            "read by machine",
        ],
        "ann.press",
    ),
    (
        "/dialogues/readings/…/head",
        &["name=\"start\"", "2019-06-11", "name=\"ordinal\""],
        "",
    ),
    (
        "/dialogues/arrangements/new",
        &["name=\"signed\"", "name=\"parties\""],
        "",
    ),
    (
        "/dialogues/events/new",
        &["name=\"start\"", "name=\"hosts\""],
        "",
    ),
    (
        "/dialogues/register?act=position",
        &["condemned any attempt"],
        "contact points",
    ),
    (
        "/dialogues/register?act=reaffirmation",
        &["reaffirmed their partnership"],
        "condemned",
    ),
    (
        "/dialogues/register?act=welcome",
        &["welcomed the campaign"],
        "condemned",
    ),
    (
        "/dialogues/register?side=EU",
        &["contact points", "condemned"],
        "",
    ),
    (
        "/dialogues/register?topic=open_cyberspace",
        &["open, free, stable and secure"],
        "contact points",
    ),
    (
        "/dialogues/register?topic=international_law",
        &["peaceful settlement"],
        "contact points",
    ),
    (
        "/dialogues/register?topic=attribution_accountability",
        &["held accountable"],
        "contact points",
    ),
    (
        "/dialogues/register?topic=info_sharing",
        &["good practices"],
        "condemned",
    ),
    (
        "/dialogues/register?topic=internet_governance",
        &["multistakeholder"],
        "condemned",
    ),
    (
        "/dialogues/register?topic=awareness_training",
        &["awareness raising"],
        "condemned",
    ),
    (
        "/dialogues/register?topic=child_protection",
        &["child sexual abuse"],
        "condemned",
    ),
    (
        "/dialogues/register?topic=budapest_convention",
        &["Budapest Convention on"],
        "condemned",
    ),
    (
        "/dialogues/register?topic=human_rights",
        &["apply online as offline"],
        "condemned",
    ),
    (
        "/dialogues/register?topic=capacity_building",
        &["in third countries"],
        "condemned",
    ),
    (
        "/dialogues/register?topic=critical_infrastructure",
        &["need to protect"],
        "condemned",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_page_that_is_named_shows_what_it_is_named_for() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let place = "The EU and Japan will exchange";
    let text = TEXT.replacen(place, &format!("{SPOKEN}{place}"), 1);
    let session = entered(&pages, &text).await;
    let page = pages.get(&session).await.body;
    let one = |room: &str| address(&page, &format!("/dialogues/{room}/"));
    let row = &page[..page.find("exchange contact points").unwrap()];
    let row = &row[row.rfind("href=").unwrap()..];
    let read = pages
        .post("/dialogues/readings/new", &[("text", TEXT)])
        .await;
    let known = [
        ("/dialogues/sessions/…", session.clone()),
        ("/dialogues/series/…", one("series")),
        ("/dialogues/texts/…", one("texts")),
        (
            "/dialogues/commitments/…",
            address(row, "/dialogues/commitments/"),
        ),
        ("/dialogues/readings/…", read.to),
    ];
    let (mut asked, mut wrong) = (BTreeSet::new(), Vec::new());
    for row in rows() {
        for place in addresses(&row) {
            let shown = SHOWN.iter().find(|(known, ..)| *known == place);
            let (_, shows, not) = shown.unwrap_or_else(|| panic!("{}: {place}", row.number));
            if !asked.insert(place) {
                continue;
            }
            let mut way = place.to_owned();
            for (written, there) in &known {
                way = way.replace(written, there);
            }
            let answer = pages.get(&way).await;
            assert_eq!(answer.status, 200, "{}: {way}", row.number);
            let main = answer.body.split("<main").nth(1).unwrap();
            let said = |word: &&&str| main.contains(**word);
            let lacks = shows.iter().filter(|word| !said(word));
            wrong.extend(lacks.map(|word| format!("{}: {way} lacks {word}", row.number)));
            if !not.is_empty() && main.contains(not) {
                wrong.push(format!("{}: {way} has {not}", row.number));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let named: Vec<&str> = SHOWN.iter().map(|(place, ..)| *place).collect();
    assert_eq!(named.len(), asked.len(), "{named:?} {asked:?}");
}
