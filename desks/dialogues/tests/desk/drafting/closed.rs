//! A text in the making for persons alone becomes a reading for them alone, and what is confirmed of it is under its label. Who brings the
//! same words from elsewhere learns of none of it.

use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::records::{Commitment, Session, Text};
use dialogues::register::Register;
use node::users::Role;
use policy::{Purpose, Tlp};
use stage::{Pages, form, hidden};

use crate::entered::{TEXT, entered};

const CLOSED: &str = "Both sides will keep Nachtfalter6604 open by 30 June 2027.";

#[tokio::test(flavor = "multi_thread")]
async fn a_round_for_persons_alone_becomes_a_reading_for_them_alone() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let node = pages.bench.node.clone();
    let persons = tokio::task::spawn_blocking(move || node.persons());
    let me = persons.await.unwrap().unwrap().remove(0).id.to_string();
    let fields = [
        ("title", "Closed elements"),
        ("language", "en"),
        ("text", CLOSED),
        ("tlp", "RED"),
        ("for", &*me),
    ];
    pages.bench.later(1);
    let draft = pages.post(&format!("{session}/drafts/new"), &fields).await;
    assert_eq!(draft.status, StatusCode::SEE_OTHER, "{}", draft.body);
    let other = pages
        .somebody("Carl Beck", &[Role::Reader, Role::Editor])
        .await;
    let theirs = async |path: &str| pages.ask("GET", path, &other, String::new()).await;
    assert_eq!(theirs(&draft.to).await.status, StatusCode::NOT_FOUND);
    let became = pages.post(&format!("{}/text", draft.to), &[]).await;
    assert_eq!(became.status, StatusCode::SEE_OTHER, "{}", became.body);

    // Whoever is named opens it, under its label; for anybody else it is not there.
    let way = became.to;
    let page = pages.get(&way).await;
    assert!(page.body.contains("Nachtfalter6604"), "{}", page.body);
    assert!(page.body.contains("TLP:RED"), "{}", page.body);
    assert!(
        pages
            .get("/dialogues/readings")
            .await
            .body
            .contains("Closed elements")
    );
    let all = theirs("/dialogues/readings").await.body;
    assert!(!all.contains("Closed elements"), "{all}");
    for below in ["", "/confirm", "/head", "/example.json"] {
        let answer = theirs(&format!("{way}{below}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{below}");
    }
    let confirm = format!("{way}/confirm");
    let fields = [("standing", "joint"), ("revision", "1")];
    let tried = pages.ask("POST", &confirm, &other, form(&fields)).await;
    assert_eq!(tried.status, StatusCode::NOT_FOUND, "{}", tried.body);
    // The same words from elsewhere are a reading of their own.
    let words = format!("Closed elements\n\n{CLOSED}");
    let brought = form(&[("text", &words)]);
    let brought = pages
        .ask("POST", "/dialogues/readings/new", &other, brought)
        .await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    assert_ne!(brought.to, way);
    assert_eq!(theirs(&brought.to).await.status, StatusCode::OK);

    // Confirmed into the session that stands, it is for the same persons alone; the session stays as it was.
    let page = pages.get(&confirm).await.body;
    let revision = hidden(&page, "revision");
    let id = format!("session--{}", session.rsplit('/').next().unwrap());
    let register = Register::at_home(&pages.bench.node);
    let before = register.one::<Session>(&id.parse().unwrap());
    let before = before.unwrap().unwrap().into_inner();
    let fields = [
        ("standing", "joint"),
        ("revision", &*revision),
        ("dialogue", &*before.what.dialogue_ref),
        ("session", &*id),
    ];
    pages.bench.later(1);
    let done = pages.post(&confirm, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let node = &pages.bench.node;
    let viewer = node.viewer_of_person(&me.parse().unwrap()).unwrap();
    let mine = Register::new(node, viewer, Purpose::Show);
    let texts = mine
        .having::<Text>("text.session", &id, 9)
        .unwrap()
        .into_inner();
    let closed = texts.iter().find(|one| one.what.title == "Closed elements");
    let closed = closed.unwrap();
    assert_eq!(closed.label.as_ref().unwrap().class.tlp(), Tlp::Red);
    let said = mine.having::<Commitment>("commitment.text", closed.id.as_str(), 9);
    let said = said.unwrap().into_inner();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].label.as_ref().unwrap().class.tlp(), Tlp::Red);
    let after = register.one::<Session>(&id.parse().unwrap());
    assert_eq!(
        after.unwrap().unwrap().into_inner().modified,
        before.modified
    );
    for path in [&*session, "/search?q=Nachtfalter6604"] {
        let page = theirs(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("Closed elements"), "{}", page.body);
    }
}
