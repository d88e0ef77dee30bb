//! No word of the pages stands in code: in an invented language, made of the texts with accents, nothing is left without them. What
//! people and records say is in Greek here, so that whatever has plain letters is the program's own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::Method;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{
    Activity, Appraisal, Arrangement, Commitment, Demarche, Dialogue, Draft, Event, FollowUp,
    NewPiece, Session, Strand, Text,
};
use node::chance::SeededRandom;
use node::users::Role;
use serde_json::json;
use site::{Kind, SetUp, Settings, Site, Who};
use stage::{Bench, Pages, made};
use stix::Timestamp;

/// A node where everybody speaks Greek, and its addresses.
async fn greek() -> (Pages, Site) {
    let bench = Bench::of(&Dialogues, "Υπουργείο Εξωτερικών", Some("Βαλμόρα"));
    bench.node.complete_set_up().await.unwrap();
    let set_up = SetUp::of(&bench.node, &mut SeededRandom::new(8)).unwrap();
    let settings = Settings {
        design: true,
        ..Settings::default()
    };
    let desks: Vec<Box<dyn site::Desk>> = vec![Box::new(Dialogues)];
    let (site, router) = Site::mount(&bench.node, &set_up, desks, settings);
    let mut pages = Pages {
        bench,
        router,
        cookie: String::new(),
    };
    pages.cookie = pages.somebody("Ελένη Παππά", &Role::ALL).await;
    tokio::task::block_in_place(|| write(&pages.bench));
    (pages, site)
}

/// A record of each type, of a past session and of one to come.
fn write(bench: &Bench) {
    let node = &bench.node;
    let home = node.home().id.to_string();
    let mut batch = Batch::new(node, None, Label::Ours);
    let dialogue: Dialogue =
        made(json!({ "name": "Διάλογος", "parties": [home, "JP"], "description": "Λόγια" }));
    let dialogue = batch.add(NewPiece::of(dialogue)).unwrap().id;
    let mut sessions = ["2026-05-04", "2027-03-01"].iter().map(|day| {
        let state = if *day < "2026-11" { "held" } else { "planned" };
        let session: Session = made(json!({
            "dialogue_ref": dialogue, "parties": [home, "JP"], "starts": format!("{day}T00:00:00Z"), "start": day,
            "state": state, "place": "Αθήνα", "host": "JP", "ordinal": 3,
            "remarks": ["Λόγια"], "next": { "date": "2027-06", "place": "Αθήνα" },
        }));
        batch.add(NewPiece::of(session)).unwrap().id
    });
    let (session, next) = (sessions.next().unwrap(), sessions.next().unwrap());
    drop(sessions);
    let text: Text = made(json!({
        "title": "Κείμενο", "standing": "joint", "kind": "dialogue_statement", "normal": "λόγια", "content": "Λόγια.",
        "published": "2026-05-05T00:00:00Z", "session_ref": session, "dialogue_ref": dialogue,
    }));
    let text = batch.add(NewPiece::of(text)).unwrap().id;
    let commitment: Commitment = made(json!({
        "words": "θα μιλήσουν", "act": "commitment", "actors": [home, "JP"], "strength": 3, "standing": "joint",
        "dialogue_ref": dialogue, "session_ref": session, "text_ref": text, "due": "2026-10-31",
        "due_by": "2026-10-31T00:00:00Z", "topics": ["norms", "cbms"], "touches": ["UN-GGE", "AU", "BUDAPEST-CONVENTION"],
    }));
    let commitment = batch.add(NewPiece::of(commitment)).unwrap().id;
    let follow_up: FollowUp = made(json!({
        "about_ref": commitment, "side": home, "state": "implemented", "account": "Λόγια"
    }));
    batch.add(NewPiece::of(follow_up)).unwrap();
    let appraisal: Appraisal = made(json!({
        "about_ref": commitment, "of": "JP", "by": home, "basis": "Λόγια", "account": "λόγια"
    }));
    batch.add(NewPiece::of(appraisal)).unwrap();
    let draft_id = node.new_id("draft").unwrap();
    let draft: Draft = made(json!({
        "title": "Στοιχεία", "round": 1, "side": home, "session_ref": next, "draft_ref": draft_id, "dialogue_ref": dialogue,
        "parties": [home, "JP"],
        "passages": [{ "mark": "p1", "words": "Λόγια.", "state": "proposed", "by": home }],
    }));
    let mut draft = NewPiece::of(draft);
    draft.of = Some((draft_id, Timestamp::from_micros(node.now())));
    batch.add(draft).unwrap();
    let arrangement: Arrangement = made(json!({
        "name": "Συμφωνία", "parties": [home, "JP"], "dialogue_ref": dialogue, "serves_refs": [commitment],
    }));
    let arrangement = batch.add(NewPiece::of(arrangement)).unwrap().id;
    let strand: Strand = made(json!({ "arrangement_ref": arrangement, "name": "Σκέλος" }));
    let strand = batch.add(NewPiece::of(strand)).unwrap().id;
    let activity: Activity = made(json!({
        "part_of_ref": strand, "name": "Δράση", "progress": "planned", "due": "2027-02-01",
        "due_by": "2027-02-01T00:00:00Z", "serves_refs": [commitment],
    }));
    batch.add(NewPiece::of(activity)).unwrap();
    let event: Event = made(json!({
        "name": "Γεγονός", "starts": "2027-02-03T00:00:00Z", "dialogue_ref": dialogue, "serves_refs": [commitment],
    }));
    batch.add(NewPiece::of(event)).unwrap();
    let demarche: Demarche = made(json!({
        "towards": "KR", "by": [home], "subject": "Διάβημα", "at": "2026-11-04T00:00:00Z", "dialogue_ref": dialogue,
    }));
    batch.add(NewPiece::of(demarche)).unwrap();
    batch.send().unwrap();
    bench.later(1);
}

/// Elements without an end.
const VOID: [&str; 11] = [
    "!DOCTYPE", "area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr",
];

/// Attributes that are read out or shown.
const SHOWN: [&str; 5] = ["aria-label", "title", "placeholder", "alt", "data-name"];

/// The letters that the invented language writes otherwise.
const ACCENTED: &str = "aeioucnsyACEINOPSUY";

/// Words that are the same in every language: labels, formats, what languages call themselves, who acts at the terminal of tests.
const SAME: [&str; 13] = [
    "TLP",
    "CLEAR",
    "GREEN",
    "AMBER",
    "STRICT",
    "RED",
    "UTC",
    "CSV",
    "JSON",
    "DOCX",
    "English",
    "Français",
    "tests",
];

/// The value of an attribute in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let begin = format!(" {name}=\"");
    let at = tag.find(&begin)? + begin.len();
    tag[at..].split('"').next()
}

/// The pieces of a page that are read, without what says itself that it is in another language, a code or typed.
fn read(page: &str) -> Vec<String> {
    let (mut found, mut open): (Vec<String>, Vec<(String, bool)>) = (Vec::new(), Vec::new());
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        let quiet = open.last().is_some_and(|(_, quiet)| *quiet);
        if let Some(end) = tag.strip_prefix('/') {
            if let Some(at) = open.iter().rposition(|(name, _)| name == end) {
                open.truncate(at);
            }
        } else {
            let code = ["code", "kbd", "script", "style", "textarea", "pre"].contains(&name)
                || attribute(tag, "class")
                    .is_some_and(|class| class.split(' ').any(|one| one == "code"));
            let other = attribute(tag, "lang").is_some_and(|lang| lang != "en-XA");
            if !quiet && !other {
                found.extend(
                    SHOWN
                        .iter()
                        .filter_map(|name| attribute(tag, name))
                        .map(str::to_owned),
                );
            }
            if !VOID.contains(&name) && !tag.ends_with('/') {
                open.push((name.to_owned(), quiet || code || other));
            }
        }
        if !open.last().is_some_and(|(_, quiet)| *quiet) {
            found.push(text.to_owned());
        }
    }
    let signs = [
        ("&#38;", "&"),
        ("&amp;", "&"),
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    let unescaped = |text: String| {
        signs
            .iter()
            .fold(text, |text, (code, sign)| text.replace(code, sign))
    };
    found.into_iter().map(unescaped).collect()
}

/// The words of a piece that have letters without their accents. Paths and zones of time are names that machines read.
fn plain(text: &str) -> Vec<&str> {
    let path = |word: &&str| word.contains('/');
    let zone = text.split_once('/').is_some_and(|(area, _)| {
        area.trim().starts_with(char::is_uppercase) && area.chars().all(char::is_alphanumeric)
    });
    let pieces = text.split_whitespace().filter(|word| !zone && !path(word));
    pieces
        .flat_map(|piece| piece.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| word.contains(|letter| ACCENTED.contains(letter)))
        .filter(|word| !word.contains(|letter: char| letter.is_ascii_digit()))
        .filter(|word| !SAME.contains(word))
        .collect()
}

/// Leads to all bundles where none was brought, as here.
const BROUGHT: &str = "/bundles/brought";

/// So many addresses are looked at; with more the test fails, so that it never leaves any out unseen.
const MOST: usize = 600;

#[test]
fn what_has_no_accents_is_found() {
    let page = "<p title=\"ñóó\">Þéééérš <b>peers</b> <code>peer</code> <span lang=\"fr\">pairs</span> &amp; <br> Λόγια</p>";
    let found: Vec<String> = read(page);
    let found: Vec<&str> = found.iter().flat_map(|text| plain(text)).collect();
    assert_eq!(found, ["peers"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_page_stands_in_code() {
    let (pages, site) = greek().await;
    let routes = site.routes().iter();
    let declared: Vec<(String, bool)> = routes
        .filter(|route| route.method == Method::GET && route.kind == Kind::Page)
        .filter(|route| !route.path.contains('{') && route.path != BROUGHT)
        .map(|route| (route.path.to_owned(), route.who == Who::Everyone))
        .collect();
    let mut queue: VecDeque<String> = declared.iter().map(|(path, _)| path.clone()).collect();
    let (mut seen, mut wrong) = (BTreeSet::new(), BTreeMap::new());
    let mut looked = BTreeSet::new();
    while let Some(path) = queue.pop_front() {
        let other = ["lang=", "theme=", "sign-out"]
            .iter()
            .any(|part| path.contains(part));
        if other || !seen.insert(path.clone()) {
            continue;
        }
        assert!(seen.len() < MOST, "more addresses than are looked at");
        let sign = if path.contains('?') { '&' } else { '?' };
        let asked = format!("{path}{sign}lang=en-XA");
        let mut answers = vec![pages.get(&asked).await];
        // Whoever has signed in is led on from where one signs in.
        if declared.contains(&(path.clone(), true)) {
            answers.push(pages.ask("GET", &asked, "", String::new()).await);
        }
        answers.retain(|answer| answer.kind.starts_with("text/html"));
        for answer in answers {
            looked.insert(path.clone());
            for text in read(&answer.body) {
                for word in plain(&text) {
                    let told = format!("{word} in {:?}", text.trim());
                    wrong.entry(told).or_insert_with(|| path.clone());
                }
            }
            let links = answer.body.split("href=\"/").skip(1).map(|rest| {
                let path = rest.split(['"', '#']).next().unwrap_or_default();
                format!("/{path}")
                    .replace("&#38;", "&")
                    .replace("&amp;", "&")
            });
            queue.extend(links.filter(|path| !path.starts_with("/assets/")));
        }
    }
    let wrong: Vec<String> = wrong
        .into_iter()
        .map(|(told, path)| format!("{path}: {told}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missed: Vec<&String> = declared
        .iter()
        .map(|(path, _)| path)
        .filter(|path| !looked.contains(*path))
        .collect();
    assert!(missed.is_empty(), "not looked at: {missed:?}");
    println!("{} pages, {} addresses", looked.len(), seen.len());
    assert!(looked.len() > 100, "{} pages", looked.len());
}
