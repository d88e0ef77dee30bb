//! A text in the making for persons alone does not become a reading, which every editor of the node can open.

use axum::http::StatusCode;
use dialogues::Dialogues;
use node::users::Role;
use stage::{Pages, form};

use crate::entered::{TEXT, entered};

const CLOSED: &str = "Both sides will keep Nachtfalter6604 open.";

#[tokio::test(flavor = "multi_thread")]
async fn a_round_for_persons_alone_becomes_no_reading() {
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
    let hidden = pages.ask("GET", &draft.to, &other, String::new()).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    // The page says so before anybody tries, and the act is refused.
    let way = format!("{}/text", draft.to);
    let refused = pages.post(&way, &[]).await;
    let all = pages
        .ask("GET", "/dialogues/readings", &other, form(&[]))
        .await;
    assert!(!all.body.contains("Closed elements"), "{}", all.body);
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    let why = "a reading is open to every editor of this node";
    assert!(refused.body.contains(why), "{}", refused.body);
    let page = pages.get(&way).await.body;
    assert!(page.contains(why), "{page}");
}
