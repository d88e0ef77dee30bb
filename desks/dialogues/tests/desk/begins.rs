//! What a new node's home leads to, what feeds are called, and how a day that is not known for certain reads in both languages.

use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Dialogue, NewPiece, Session};
use serde_json::{Value, json};
use stage::{Bench, Pages, made};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_write_brings_the_first_records_in_by_the_browser() {
    let pages = Pages::new(Dialogues).await;
    for (lang, step) in [
        ("en", "Bring in the first texts: drop files to be read"),
        (
            "fr",
            "Verser les premiers textes : déposez les fichiers à lire",
        ),
    ] {
        let home = pages.get(&format!("/?lang={lang}")).await.body;
        let link = format!("<a href=\"/dialogues/readings/files\">{step}</a>");
        assert!(home.contains(&link), "{home}");
    }
    // A desk without anything to say says that.
    for (lang, quiet) in [("en", "Nothing to report."), ("fr", "Rien à signaler.")] {
        let home = pages.get(&format!("/?lang={lang}")).await.body;
        let desk = home.split("<a href=\"/dialogues\">").last().unwrap();
        let desk = desk.split("</section>").next().unwrap();
        assert!(desk.contains(quiet) && !desk.contains("<ul"), "{desk}");
    }
    // Who may not write has nothing to bring in there.
    let cookie = pages.somebody("Ada", &[site::Role::Administrator]).await;
    let home = pages.ask("GET", "/", &cookie, String::new()).await.body;
    assert!(!home.contains("/dialogues/readings/files"), "{home}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_not_called_by_a_form_that_it_does_not_have() {
    let pages = Pages::new(Dialogues).await;
    for (feed, title) in [
        ("texts", "New texts"),
        ("due", "Commitments by their dates"),
    ] {
        let json = pages.get(&format!("/dialogues/{feed}.json")).await.body;
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["title"], title);
        let atom = pages.get(&format!("/dialogues/{feed}.atom")).await.body;
        assert!(atom.contains(&format!("<title>{title}</title>")), "{atom}");
    }
    let home = pages.get("/dialogues").await.body;
    assert!(home.contains(">New texts (Atom)</a>"), "{home}");
}

/// A session that announces the next one for about a time; its page.
fn announcing(bench: &Bench, date: &str) -> String {
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let series: Dialogue = made(json!({ "name": "Dialogue", "parties": ["EU", "JP"] }));
    let series = batch.add(NewPiece::of(series)).unwrap().id;
    let session: Session = made(json!({
        "dialogue_ref": series, "parties": ["EU", "JP"], "starts": "2026-05-04T00:00:00Z", "start": "2026-05-04",
        "state": "held", "next": { "date": date },
    }));
    let session = batch.add(NewPiece::of(session)).unwrap().id;
    batch.send().unwrap();
    bench.later(1);
    format!("/dialogues/sessions/{}", session.uuid())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_about_which_nothing_is_certain_takes_its_article() {
    let pages = Pages::new(Dialogues).await;
    for (date, english, french) in [
        (
            "2027-06-30~",
            "announced for about 30 June 2027",
            "annoncée pour les alentours du 30 juin 2027",
        ),
        (
            "2027-06~",
            "announced for about June 2027",
            "annoncée pour juin 2027 environ",
        ),
        (
            "2027-06-30",
            "announced for 30 June 2027",
            "annoncée pour le 30 juin 2027",
        ),
    ] {
        let place = tokio::task::block_in_place(|| announcing(&pages.bench, date));
        for (lang, said) in [("en", english), ("fr", french)] {
            let page = pages.get(&format!("{place}?lang={lang}")).await.body;
            assert!(page.replace('\u{a0}', " ").contains(said), "{said}: {page}");
        }
    }
}
