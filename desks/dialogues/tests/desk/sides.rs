//! No side is put before another: accounts, fields and choices stand in the order of the reader's language. And what a page says of itself
//! it does not say again of each row.

use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, FollowUp, NewPiece, Session};
use serde_json::json;
use stage::{Bench, Pages};

const SERIES: &str = "European Union–Japan Cyber Dialogue";

/// A node of the European Union with a session with Japan that announced the next, and a commitment of which both say something else; the
/// addresses of the series, the session and the commitment.
async fn world() -> (Pages, [String; 3]) {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let node = pages.bench.node.clone();
    let ways = tokio::task::spawn_blocking(move || {
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what: Dialogue =
            serde_json::from_value(json!({ "name": SERIES, "parties": ["EU", "JP"] })).unwrap();
        let series = batch.add(NewPiece::of(what)).unwrap().id;
        let what: Session = serde_json::from_value(json!({
            "dialogue_ref": series, "state": "held", "starts": "2026-10-10T00:00:00Z", "ordinal": 5, "start": "2026-10-10",
            "place": "Tokyo", "parties": ["EU", "JP"], "next": { "date": "2027-04-02", "by": "2027-04-02T23:59:59Z", "place": "Brussels" },
        }))
        .unwrap();
        let session = batch.add(NewPiece::of(what)).unwrap().id;
        let what: Commitment = serde_json::from_value(json!({
            "words": "Both sides will designate a contact point.", "act": "commitment", "actors": ["EU", "JP"], "strength": 3,
            "standing": "joint", "dialogue_ref": series, "session_ref": session,
        }))
        .unwrap();
        let one = batch.add(NewPiece::of(what)).unwrap().id;
        for (side, state) in [("EU", "implemented"), ("JP", "under_way")] {
            let what: FollowUp =
                serde_json::from_value(json!({ "about_ref": one, "side": side, "state": state, "dialogue_ref": series }))
                    .unwrap();
            batch.add(NewPiece::of(what)).unwrap();
        }
        batch.send().unwrap();
        [
            format!("/dialogues/series/{}", series.uuid()),
            format!("/dialogues/sessions/{}", session.uuid()),
            format!("/dialogues/commitments/{}", one.uuid()),
        ]
    })
    .await
    .unwrap();
    pages.bench.later(60);
    (pages, ways)
}

/// Whether each of these stands in a page, in this order.
fn in_order(page: &str, words: &[&str]) -> bool {
    let mut rest = page;
    words.iter().all(|word| match rest.split_once(word) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_side_is_put_before_another() {
    let (pages, [series, session, one]) = world().await;
    let english = ["European Union", "Implemented", "Japan", "Under way"];
    let french = ["Japon", "En cours", "Union européenne", "Mis en œuvre"];
    for (path, section) in [
        (&series, "id=\"binds\""),
        (&session, "id=\"committed\""),
        (&one, "id=\"followed\""),
    ] {
        for (language, words) in [("en", &english), ("fr", &french)] {
            let page = pages.get(&format!("{path}?lang={language}")).await.body;
            let from = page
                .find(section)
                .unwrap_or_else(|| panic!("{path}: {page}"));
            // What each says, after whose the commitment is.
            let said = page[from..].split_once("<h3>").filter(|_| path == &one);
            let said = said.map(|(_, said)| said.to_owned());
            let said =
                said.unwrap_or_else(|| page[from..].split_once("<ul>").unwrap().1.to_owned());
            assert!(in_order(&said, words), "{path} {language}: {said}");
        }
    }
    // The fields of a form, and what is chosen among.
    for (way, asked) in [("chairs", "qui a présidé"), ("observers", "Du côté de qui")] {
        let page = pages.get(&format!("{session}/{way}?lang=fr")).await.body;
        let form = page.split_once("<form class=\"form").map(|(_, form)| form);
        let form = form.unwrap_or_else(|| panic!("{page}"));
        assert!(form.contains(asked), "{form}");
        let sides = match way {
            "chairs" => form,
            _ => form.split_once(asked).unwrap().1,
        };
        let first = ["Japon", "Union européenne"].map(|side| sides.find(side).unwrap());
        assert!(first[0] < first[1], "{way}: {sides}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_does_not_say_of_each_row_what_it_says_itself() {
    let (pages, [series, session, one]) = world().await;
    let home = pages.get("/dialogues").await.body;
    // The session that is announced is not named as the one that announced it.
    let told = format!(
        "<a href=\"{session}\"><bdi>{SERIES}</bdi></a>: announced for 2 April 2027, Brussels (told at session no. 5, Tokyo, 10 October 2026)"
    );
    assert!(home.contains(&told), "{home}");
    let page = pages.get(&series).await.body;
    let binds = page.split("id=\"binds\"").nth(1).unwrap();
    let binds = binds.split("</section>").next().unwrap();
    assert!(binds.contains("Accounts differ"), "{binds}");
    // Which series, which session: the page says it.
    assert!(
        binds.contains(&session) && !binds.contains(SERIES),
        "{binds}"
    );
    let page = pages.get(&session).await.body;
    let committed = page.split("id=\"committed\"").nth(1).unwrap();
    let committed = committed.split("</section>").next().unwrap();
    assert!(committed.contains(&one), "{committed}");
    assert!(!committed.contains(&session), "{committed}");
}
