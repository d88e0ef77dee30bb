//! What is told of circles that one does not belong to: nothing.

use std::sync::Arc;

use axum::http::StatusCode;
use node::chance::SeededRandom;
use node::clock::SystemClock;
use node::keys::Words;
use node::users::{Role, Scope};
use node::{Kind, New, Node};
use policy::Member;
use serde_json::json;

use crate::programs::{NOTE, Programs};

const CIRCLE: &str = "Sanctions preparation";

/// What each has for the other is carried there.
fn exchange(a: &Node, b: &Node) {
    for (from, to) in [(a, b), (b, a)] {
        let mut bundle = Vec::new();
        from.seal_bundle(&to.home().id, &mut bundle).unwrap();
        to.open_bundle(&bundle[..], false).unwrap();
    }
}

/// A circle of somebody else, to which our participant belonged.
fn left(ours: &Node) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("node");
    let new = New {
        participant: "Kestria".to_owned(),
        kind: Kind::State,
        organ_of: None,
        country: None,
    };
    let chance = || SeededRandom::new(9);
    Node::create(&root, &new, &SystemClock, &mut chance()).unwrap();
    let theirs = Node::open(&root, None, Arc::new(SystemClock), Box::new(chance())).unwrap();
    for (from, to) in [(ours, &theirs), (&theirs, ours)] {
        let introduction = from.introduce(Vec::new(), &from.at_terminal("operator"));
        let introduction = introduction.wait().unwrap();
        let operator = to.at_terminal("operator");
        to.add_peer(introduction.file().as_bytes(), &operator)
            .unwrap();
        let words = Words::of(&introduction).unwrap().in_english();
        to.confirm_peer(&from.home().id, &words, &operator).unwrap();
    }
    let operator = theirs.at_terminal("operator");
    let us = Member::Participant(ours.home().id.clone());
    let them = Member::Participant(theirs.home().id.clone());
    let circle = theirs.add_circle(CIRCLE, vec![us.clone(), them], &operator);
    let circle = circle.wait().unwrap();
    exchange(ours, &theirs);
    assert!(ours.circles().iter().any(|known| known.id == circle.id));
    theirs
        .leave_circle(&circle.id, &us, &operator)
        .wait()
        .unwrap();
    exchange(ours, &theirs);
    circle.id.as_str().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_circle_that_one_does_not_belong_to_nothing_is_told() {
    let all = Programs::new().await;
    let node = all.stage.node.clone();
    let circle = tokio::task::spawn_blocking(move || left(&node))
        .await
        .unwrap();
    let cookie = all.stage.enter(None).await;
    let page = |path: String| {
        let (stage, cookie) = (&all.stage, cookie.clone());
        async move {
            let answer = stage.get(&path, &[("cookie", &cookie)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            answer.body
        }
    };
    assert!(!page("/circles".to_owned()).await.contains(CIRCLE));
    let form = page(format!("/records/{NOTE}/remark")).await;
    assert!(form.contains("name=\"for\"") && form.contains("Kestria"));
    assert!(!form.contains(CIRCLE), "the picker names it");
    assert!(!form.contains(&circle), "the picker knows it");
    // One that there is and one that there is not are the same.
    let absent = "00000000-0000-4000-8000-00000000dead";
    for tlp in ["GREEN", "AMBER", "AMBER%2BSTRICT"] {
        let told = page(format!("/label?tlp={tlp}&for={circle}")).await;
        let none = page(format!("/label?tlp={tlp}&for={absent}")).await;
        assert_eq!(
            told.replace(&circle, absent),
            none,
            "{tlp}: it tells a circle that is known from one that is not"
        );
    }
    let writes = all.token(&Role::ALL, Scope::Write).await;
    let mut said = Vec::new();
    for name in [CIRCLE, circle.as_str(), "Nobody's name", absent] {
        let new = json!({
            "object": { "type": "note", "content": "x", "object_refs": [NOTE] },
            "label": { "tlp": "AMBER", "for": [name] },
        });
        let answer = all.ask("POST", "/api/v1/records", &writes, &[], &new).await;
        said.push((answer.status, answer.body.replace(name, "")));
    }
    assert!(said.iter().all(|one| *one == said[2]), "{said:#?}");
}
