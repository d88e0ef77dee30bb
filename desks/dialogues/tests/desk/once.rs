//! A form is used once: sent twice, or pressed by two hands at once, it leads to what the first made. Two readings of the same words are one text.

use std::sync::Arc;

use axum::http::StatusCode;
use stage::hidden;

use crate::drafting_story::pages::Pages;
use crate::entered::TEXT;
use crate::twice::{at_once, count, taken};

const OURS: (&str, &str) = ("tlp", "AMBER+STRICT");

/// What a page of a form is sent with: what it is known by, and some fields.
async fn of_page<'a>(
    pages: &Pages,
    path: &str,
    fields: &[(&'a str, &'a str)],
) -> Vec<(&'a str, String)> {
    let page = pages.get(path).await.text();
    let once = hidden(&page, "draft-once");
    assert!(!once.is_empty(), "{page}");
    let mut all = vec![("draft-once", once)];
    all.extend(
        fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pressed_twice_is_made_once() {
    let pages = Arc::new(Pages::new().await);
    let session = pages.session().await;
    let demarche: &[_] = &[
        ("subject", "Points of contact"),
        ("towards", "Norway"),
        ("by", "European Union"),
        ("at", "2026-11-20"),
        OURS,
    ];
    let event: &[_] = &[("name", "Workshop"), ("start", "2026-11-20"), OURS];
    let arrangement: &[_] = &[("name", "Arrangement"), ("parties", "EU, JP"), OURS];
    let drafts = format!("{session}/drafts/new");
    let draft: &[_] = &[("title", "T"), ("text", "They will meet."), OURS];
    for (path, fields, kind) in [
        ("/dialogues/demarches/new", demarche, "demarche"),
        ("/dialogues/events/new", event, "event"),
        ("/dialogues/arrangements/new", arrangement, "arrangement"),
        (&*drafts, draft, "draft"),
    ] {
        let before = count(&pages.bench.node, kind).await;
        let filled = of_page(&pages, path, fields).await;
        let filled: Vec<(&str, &str)> = filled.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let answers = at_once(&pages, path, &filled).await;
        let places: Vec<&str> = answers.iter().map(|answer| &*answer.to).collect();
        assert_eq!(taken(&answers), places.len(), "{path}");
        assert!(places.iter().all(|to| *to == places[0]), "{places:?}");
        assert_eq!(count(&pages.bench.node, kind).await, before + 1, "{path}");
        // Later, too; but other words are something else, and so is the same form opened anew.
        pages.bench.later(600);
        assert_eq!(pages.sent(path, &filled).await.to, places[0]);
        assert_eq!(count(&pages.bench.node, kind).await, before + 1, "{path}");
        let (name, value) = filled[1];
        let other = format!("{value} again");
        let mut otherwise = filled.clone();
        otherwise[1] = (name, &other);
        assert_ne!(pages.sent(path, &otherwise).await.to, places[0]);
        let anew = of_page(&pages, path, fields).await;
        let anew: Vec<(&str, &str)> = anew.iter().map(|(a, b)| (*a, b.as_str())).collect();
        pages.bench.later(60);
        assert_ne!(pages.sent(path, &anew).await.to, places[0]);
        assert_eq!(count(&pages.bench.node, kind).await, before + 3, "{path}");
        // What was sent long before is not taken for it.
        pages.bench.later(300);
        assert_ne!(pages.sent(path, &filled).await.to, places[0]);
        assert_eq!(count(&pages.bench.node, kind).await, before + 4, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_wrong_is_sent_again_from_the_same_form() {
    let pages = Pages::new().await;
    let path = "/dialogues/demarches/new";
    let fields = [("subject", "Points of contact"), OURS];
    let filled = of_page(&pages, path, &fields).await;
    let mut filled: Vec<(&str, &str)> = filled.iter().map(|(a, b)| (*a, b.as_str())).collect();
    for _ in 0..2 {
        let wrong = pages.post(path, &filled).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    filled.extend([
        ("towards", "Norway"),
        ("by", "European Union"),
        ("at", "2026-11-20"),
    ]);
    pages.sent(path, &filled).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_readings_of_the_same_words_become_one_text() {
    let pages = Arc::new(Pages::new().await);
    for round in 0..4 {
        let text = TEXT.replace("contact points", &format!("contact points of kind {round}"));
        // The same words in another layout are another document.
        let mut ways = Vec::new();
        for text in [text.clone(), text.replace("\n\n", "\n\n\n")] {
            let fields = [("text", &*text)];
            let read = pages.sent("/dialogues/readings/new", &fields).await;
            ways.push(format!("{}/confirm", read.to));
        }
        assert_ne!(ways[0], ways[1]);
        let before = count(&pages.bench.node, "report").await;
        let hands = ways.iter().map(|way| {
            let (pages, way) = (pages.clone(), way.clone());
            tokio::spawn(async move {
                let fields = [("standing", "joint"), ("revision", "0")];
                pages.post(&way, &fields).await
            })
        });
        let mut answers = Vec::new();
        for hand in hands.collect::<Vec<_>>() {
            answers.push(hand.await.unwrap());
        }
        assert_eq!(taken(&answers), 1, "round {round}");
        assert_eq!(count(&pages.bench.node, "report").await, before + 1);
        let told = answers
            .iter()
            .find(|one| one.status != StatusCode::SEE_OTHER);
        told.unwrap().has("the same words");
    }
}
