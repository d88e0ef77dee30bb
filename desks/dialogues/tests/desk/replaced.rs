//! A text that came again in a changed form: the old one says so, and what it alone says is open no more.

use std::collections::BTreeSet;

use crate::entered::{DUE, TEXT, entered};
use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::records::Commitment;
use dialogues::register::{ALWAYS, Register};
use stage::{Bench, Pages, address};

/// The id of what an address leads to.
fn id(kind: &str, path: &str) -> String {
    format!("{kind}--{}", path.rsplit('/').next().unwrap())
}

/// Enters the text with another date, as the changed form of one that stands.
async fn replace(pages: &Pages, (series, session, old): (&str, &str, &str), date: &str) {
    let changed = TEXT.replace("31 December 2025", date);
    let read = pages
        .post("/dialogues/readings/new", &[("text", &changed)])
        .await;
    let confirm = format!("{}/confirm", read.to);
    let (dialogue, held, text) = (
        id("dialogue", series),
        id("session", session),
        id("report", old),
    );
    let fields = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", &*dialogue),
        ("session", &*held),
        ("replaces", &*text),
    ];
    let done = pages.post(&confirm, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
}

/// The page of the clause that has these words.
fn clause(pages: &Pages, words: &str) -> String {
    let register = Register::at_home(&pages.bench.node);
    let said = register
        .between::<Commitment>("commitment.due", ALWAYS, 9)
        .unwrap()
        .into_inner();
    let found = said
        .iter()
        .find(|one| one.what.words.trim_end_matches('.') == words.trim_end_matches('.'));
    format!("/dialogues/commitments/{}", found.unwrap().id.uuid())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_changed_form_replaced_is_open_no_more() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, TEXT).await;
    let page = pages.get(&session).await.body;
    let (series, old) = (
        address(&page, "/dialogues/series/"),
        address(&page, "/dialogues/texts/"),
    );
    let home = pages.get("/dialogues").await.body;
    assert!(home.contains("1 commitment has passed its date"), "{home}");
    pages.bench.later(60);
    replace(&pages, (&series, &session, &old), "30 September 2027").await;

    // The session has both, and says which stands; so does the old text, with the way to the new one, and the new one with the way back.
    let page = pages.get(&session).await.body;
    let links: BTreeSet<&str> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.starts_with("/dialogues/texts/"))
        .collect();
    let new = links
        .into_iter()
        .find(|link| *link != old)
        .unwrap()
        .to_owned();
    assert!(page.contains("Replaced by"), "{page}");
    let was = pages.get(&old).await.body;
    assert!(
        was.contains("Replaced by") && was.contains(&format!("href=\"{new}\"")),
        "{was}"
    );
    let is = pages.get(&new).await.body;
    assert!(
        !is.contains("Replaced by") && is.contains(&format!("href=\"{old}\"")),
        "{is}"
    );

    // The clause of each leads to the other, and the old one is asked for no more.
    let before = clause(&pages, DUE);
    let after = clause(
        &pages,
        &DUE.replace("31 December 2025", "30 September 2027"),
    );
    let was = pages.get(&before).await.body;
    assert!(
        was.contains("Replaced by") && was.contains(&format!("href=\"{after}\"")),
        "{was}"
    );
    assert!(!was.contains("Date passed, no follow-up recorded"), "{was}");
    let is = pages.get(&after).await.body;
    assert!(
        is.contains("Changed form of") && is.contains(&format!("href=\"{before}\"")),
        "{is}"
    );
    let home = pages.get("/dialogues").await.body;
    assert!(
        !home.contains("passed its date") && home.contains("1 commitment is due within a year"),
        "{home}"
    );
    let passed = pages.get("/dialogues/register?state=passed").await.body;
    assert!(!passed.contains(&before), "{passed}");
    let calendar = pages.get("/dialogues/calendar.ics").await.body;
    assert!(
        calendar.contains("20270930") && !calendar.contains("20251231"),
        "{calendar}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_of_a_clause_stands_beside_what_took_its_place() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, TEXT).await;
    let page = pages.get(&session).await.body;
    let series = address(&page, "/dialogues/series/");
    let first = address(&page, "/dialogues/texts/");
    let before = clause(&pages, DUE);
    let say = |at: String, account: &'static str| {
        let pages = &pages;
        async move {
            let fields = [
                ("state", "under_way"),
                ("account", account),
                ("tlp", "AMBER+STRICT"),
            ];
            let done = pages.post(&format!("{at}/follow-up"), &fields).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        }
    };
    say(before.clone(), "Names were exchanged in part.").await;
    pages.bench.later(60);
    replace(&pages, (&series, &session, &first), "30 November 2025").await;
    let after = clause(&pages, &DUE.replace("31 December", "30 November"));

    // Spoken of, in words of the earlier wording, with the way there: on its page, in lists, and in what is asked of them.
    let spoken = |page: &str| {
        page.contains("Names were exchanged in part.")
            && page.contains("said of the earlier wording")
            && page.contains(&format!("href=\"{before}\""))
    };
    let page = pages.get(&after).await.body;
    assert!(spoken(&page), "{page}");
    assert!(!page.contains("No follow-up is recorded."), "{page}");
    assert!(!page.contains("Date passed, no follow-up"), "{page}");
    let page = pages.get(&session).await.body;
    assert!(spoken(&page), "{page}");
    let home = pages.get("/dialogues").await.body;
    assert!(!home.contains("passed its date"), "{home}");
    for state in ["silent", "passed"] {
        let asked = format!("/dialogues/register?state={state}");
        let listed = pages.get(&asked).await.body;
        assert!(!listed.contains(&after), "{state}: {listed}");
    }

    // Said anew of what stands now, both stand, and what was said before is no word of that.
    say(after.clone(), "All names were exchanged.").await;
    let page = pages.get(&after).await.body;
    assert!(spoken(&page), "{page}");
    assert!(page.contains("All names were exchanged."), "{page}");
    let was = pages.get(&before).await.body;
    assert!(!was.contains("All names were exchanged."), "{was}");
    pages.bench.later(60);

    // And through another form to the first of them.
    let page = pages.get(&after).await.body;
    let text = address(&page, "/dialogues/texts/");
    let text = text.split('#').next().unwrap().to_owned();
    replace(&pages, (&series, &session, &text), "31 October 2025").await;
    let newest = clause(&pages, &DUE.replace("31 December", "31 October"));
    let page = pages.get(&newest).await.body;
    assert!(spoken(&page), "{page}");
    assert!(page.contains("All names were exchanged."), "{page}");
    assert!(!page.contains("Date passed, no follow-up"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_without_a_word_is_called_by_what_it_is_said_of_where_its_label_lets_it() {
    for tlp in ["AMBER+STRICT", "GREEN"] {
        let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
        entered(&pages, TEXT).await;
        let at = clause(&pages, DUE);
        let fields = [("state", "under_way"), ("account", ""), ("tlp", tlp)];
        let done = pages.post(&format!("{at}/follow-up"), &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let begin = DUE.split(' ').take(4).collect::<Vec<_>>().join(" ");
        let uuid = at.rsplit('/').next().unwrap();
        for (lang, state, brief) in [
            ("en", "Under way: ", "Under way (commitment "),
            ("fr", "En cours : ", "En cours (engagement "),
        ] {
            let asked = format!("/records?type=follow-up&lang={lang}");
            let listed = pages.get(&asked).await.body;
            // The words of the commitment are for our own people alone; a list does not show them under a wider label.
            let called = match tlp {
                "GREEN" => format!("{brief}{}", &uuid[..8]),
                _ => format!("{state}{begin}"),
            };
            assert!(listed.contains(&called), "no “{called}” in {listed}");
        }
    }
}
