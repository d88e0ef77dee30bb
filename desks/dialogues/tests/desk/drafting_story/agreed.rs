//! What a text in the making leaves behind: the agreed language that it took up, three rounds of one number, and the times that it sets.

use axum::http::StatusCode;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, Draft, NewPiece, Session, Silence};
use dialogues::register::Register;
use serde_json::json;

use super::OURS;
use super::pages::{Pages, carried};

fn id(address: &str) -> String {
    address.rsplit('/').next().unwrap().to_owned()
}

impl Pages {
    async fn written(&self, whats: Vec<serde_json::Value>) -> Vec<String> {
        let node = self.bench.node.clone();
        self.bench.later(1);
        tokio::task::spawn_blocking(move || {
            let mut batch = Batch::new(&node, None, Label::Ours);
            let mut ids = Vec::new();
            for what in whats {
                let home = node.home().id.to_string();
                let text = what.to_string().replace("@home", &home);
                let what: Draft = serde_json::from_str(&text).unwrap();
                let piece = batch.add(NewPiece::of(what).in_language("en")).unwrap();
                ids.push(piece.id.to_string());
            }
            batch.send().unwrap();
            ids
        })
        .await
        .unwrap()
    }

    async fn begun(&self, session: &str, text: &str) -> String {
        let fields = [
            ("title", "Elements"),
            ("language", "en"),
            ("text", text),
            OURS,
        ];
        let new = format!("{session}/drafts/new");
        self.sent(&new, &fields).await.to
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agreed_language_that_was_taken_up_is_linked_to_where_it_stood() {
    let pages = Pages::new().await;
    let session = pages.session().await;
    let begin = "Valmora and Japan held the fifth Cyber Dialogue in Tokyo on 10 December 2026.\n\nBoth sides will meet again.";
    let draft = pages.begun(&session, begin).await;
    pages.sent(&format!("{draft}/work"), &[]).await;
    let found = pages
        .get(&format!("{draft}/add?topic=norms&q=eleven"))
        .await;
    let from = carried(&found, "from");
    let add = [("from", &*from), ("after", "1-2"), ("revision", "1")];
    pages.sent(&format!("{draft}/add"), &add).await;
    let round = pages.forward(&draft).await;
    // The other side takes it.
    let (of, round) = (
        format!("draft--{}", id(&draft)),
        format!("draft--{}", id(&round)),
    );
    let words = "Both sides reaffirm the eleven norms of 2015.";
    let session_id = format!("session--{}", id(&session));
    let passage =
        |words: &str, mark: &str| json!({ "words": words, "state": "agreed", "mark": mark });
    let mut taken = passage(words, "2a-1");
    taken["from_ref"] = json!(from);
    pages
        .written(vec![json!({
            "title": "Elements", "round": 3, "side": "JP", "parties": ["@home", "JP"], "draft_ref": of, "follows_ref": round,
            "session_ref": session_id,
            "passages": [
                passage("Valmora and Japan held the fifth Cyber Dialogue in Tokyo on 10 December 2026.", "1-1"),
                passage("Both sides will meet again.", "1-2"), taken,
            ],
        })])
        .await;
    let reading = pages.sent(&format!("{draft}/text"), &[]).await.to;
    let confirm = format!("{reading}/confirm");
    let done = pages
        .sent(
            &confirm,
            &[("standing", "joint"), ("revision", "1"), ("others", "yes")],
        )
        .await;
    let said = format!("session--{}", id(&done.to));
    let all =
        Register::at_home(&pages.bench.node).having::<Commitment>("commitment.session", &said, 99);
    let all = all.unwrap().into_inner();
    let repeats = |words: &str| {
        let one = all.iter().find(|one| one.what.words.contains(words));
        one.unwrap_or_else(|| panic!("{all:?}"))
            .what
            .repeats_ref
            .clone()
    };
    assert_eq!(repeats("eleven norms"), Some(from));
    // What nobody took up is linked to nothing.
    assert_eq!(repeats("will meet again"), None);
    pages
        .get("/dialogues/repeated")
        .await
        .has("eleven norms of 2015");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_rounds_of_one_number_are_taken_up_one_after_the_other() {
    let pages = Pages::new().await;
    let session = pages.session().await;
    let draft = pages
        .begun(&session, "Both sides will meet in Tokyo.")
        .await;
    let of = format!("draft--{}", id(&draft));
    let round = |side: &str, word: &str| {
        json!({
            "title": "Elements", "round": 2, "side": side, "parties": ["@home", "JP", "CA", "AU"], "draft_ref": of, "follows_ref": of,
            "passages": [{ "words": format!("Both sides will meet in {word}."), "state": "open", "mark": "1-1", "runs": [
                { "words": "Both sides will meet in " }, { "words": "Tokyo", "out_by": side }, { "words": word, "in_by": side }, { "words": "." }] }],
        })
    };
    let three = vec![
        round("JP", "Kyoto"),
        round("CA", "Ottawa"),
        round("AU", "Perth"),
    ];
    pages.written(three).await;
    pages.get(&draft).await.has("none takes up the other");
    // Two of them in the first round, what comes of it and the third in the next; a word of each is still there.
    let work = format!("{draft}/work");
    for left in [true, false] {
        pages.sent(&work, &[]).await;
        let page = pages.get(&work).await;
        assert_eq!(
            page.text()
                .contains("Came in meanwhile and is not taken up here"),
            left,
            "{}",
            page.text()
        );
        pages.bench.later(1);
        pages.forward(&draft).await;
    }
    let page = pages.get(&draft).await;
    assert!(!page.text().contains("none takes up the other"));
    for word in ["Tokyo", "Kyoto", "Ottawa", "Perth"] {
        page.has(word);
    }
    let rounds = Register::at_home(&pages.bench.node).draft(&of.parse().unwrap());
    let rounds = rounds.unwrap().unwrap().into_inner();
    assert_eq!((rounds.all.len(), rounds.heads().len()), (6, 1));
    assert_eq!(rounds.newest().unwrap().what.round, 4);
    assert_eq!(
        pages.post(&format!("{draft}/text"), &[]).await.status,
        StatusCode::CONFLICT
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_within_a_week_stands_on_every_page_and_in_the_calendar() {
    let pages = Pages::new().await;
    let node = pages.bench.node.clone();
    let session = tokio::task::spawn_blocking(move || {
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what: Session = serde_json::from_value(json!({
            "dialogue_ref": "dialogue--00000000-0000-4000-8000-000000000001", "state": "planned", "starts": "2026-11-26T00:00:00Z",
            "start": "2026-11-26", "place": "Tokyo", "parties": [node.home().id.as_str(), "JP"],
        }))
        .unwrap();
        let session = batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
        format!("/dialogues/sessions/{}", session.id.uuid())
    })
    .await
    .unwrap();
    let draft = pages
        .begun(&session, "Both sides will meet in Tokyo.")
        .await;
    let silence = format!("{draft}/silence");
    let start = [
        ("act", "start"),
        ("day", "2026-11-25"),
        ("time", "12:30"),
        ("zone", "+01:00"),
        OURS,
    ];
    pages.sent(&silence, &start).await;
    let needs = [
        "The silence on 1 text ends within a week",
        "1 session begins within a week",
    ];
    // More than a week before: in the calendar with its moment, and nobody is hurried.
    let calendar = pages.get("/dialogues/calendar.ics").await.text();
    for line in [
        "20261125T113000Z",
        "Silence ends: Elements",
        "DTSTART;VALUE=DATE:20261126",
    ] {
        assert!(calendar.contains(line), "{line}: {calendar}");
    }
    for need in needs {
        assert!(!pages.get("/dialogues/series").await.text().contains(need));
    }
    for _ in 0..2 {
        pages.bench.later(7 * 3_600);
        pages.get("/dialogues").await;
    }
    for page in ["/dialogues", "/dialogues/series", "/records"] {
        for need in needs {
            pages.get(page).await.has(need);
        }
    }
    // Broken, it ends nothing any more.
    pages
        .sent(&silence, &[("act", "break"), ("zone", "+00:00"), OURS])
        .await;
    assert!(!pages.get("/dialogues").await.text().contains(needs[0]));
    pages.get("/dialogues").await.has(needs[1]);
    let calendar = pages.get("/dialogues/calendar.ics").await.text();
    assert!(!calendar.contains("Silence ends"), "{calendar}");
    let of = format!("draft--{}", id(&draft));
    let steps = Register::at_home(&pages.bench.node).having::<Silence>("silence.draft", &of, 9);
    assert_eq!(steps.unwrap().map(|all| all.len()).into_inner(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_was_drafted_here_goes_to_its_own_series_and_session() {
    let pages = Pages::new().await;
    // A larger series in which both meet, too, with a session of that number on that day; it comes first by its name.
    let node = pages.bench.node.clone();
    tokio::task::spawn_blocking(move || {
        let home = node.home().id.to_string();
        let parties = json!([home, "JP", "EU"]);
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what = json!({ "name": "All of them", "parties": parties });
        let what: Dialogue = serde_json::from_value(what).unwrap();
        let series = batch.add(NewPiece::of(what)).unwrap();
        let what = json!({
            "dialogue_ref": series.id.as_str(), "state": "held", "starts": "2026-12-10T00:00:00Z", "start": "2026-12-10",
            "ordinal": 5, "parties": parties,
        });
        let what: Session = serde_json::from_value(what).unwrap();
        batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
    })
    .await
    .unwrap();
    let session = pages.session().await;
    let draft = pages.begun(&session, "Both sides will meet again.").await;
    let (of, session_id) = (
        format!("draft--{}", id(&draft)),
        format!("session--{}", id(&session)),
    );
    let begun = Register::at_home(&pages.bench.node).one::<Draft>(&of.parse().unwrap());
    let series = begun.unwrap().unwrap().into_inner().what.dialogue_ref;
    let series = series.unwrap();
    pages
        .written(vec![json!({
            "title": "Elements", "round": 2, "side": "JP", "parties": ["@home", "JP"], "draft_ref": of, "follows_ref": of,
            "session_ref": session_id, "dialogue_ref": series,
            "passages": [{ "words": "Both sides will meet again.", "state": "agreed", "mark": "1-1" }],
        })])
        .await;
    let reading = pages.sent(&format!("{draft}/text"), &[]).await.to;
    let way = format!("{reading}/confirm");
    let page = pages.get(&way).await;
    page.has(&format!("value=\"{series}\" selected"));
    page.has(&format!("value=\"{session_id}\" selected"));
    let fields = [
        ("standing", "joint"),
        ("revision", "1"),
        ("others", "yes"),
        ("dialogue", &*series),
        ("session", &*session_id),
    ];
    assert_eq!(pages.sent(&way, &fields).await.to, session);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_on_a_list_says_which_it_is_and_leads_to_its_page() {
    let pages = Pages::new().await;
    let session = pages.session().await;
    let draft = pages.begun(&session, "Both sides will meet again.").await;
    let first = format!("draft--{}", id(&draft));
    let second = json!({
        "title": "Elements", "round": 2, "side": "@home", "draft_ref": first, "follows_ref": first,
        "passages": [{ "words": "Both sides will meet.", "state": "agreed" }],
    });
    let second = pages.written(vec![second]).await.remove(0);
    let listed = pages.get("/records?type=draft").await;
    let french = pages.get("/records?type=draft&lang=fr").await;
    for (number, round) in [("1", &first), ("2", &second)] {
        listed.has(&format!("Elements, round {number}"));
        french.has(&format!("Elements, tour {number}"));
        let page = pages.get(&format!("/records/{round}")).await;
        let own = round.trim_start_matches("draft--");
        let place = format!("{draft}/rounds/{own}");
        page.has(&format!("href=\"{place}\""));
        // And from that address back to what it is of.
        let asked = format!("/log?record={place}");
        let proof = pages.ask("GET", &asked, "text/plain", Vec::new()).await;
        assert_eq!(proof.to, format!("/records/{round}/proof"));
    }
}
