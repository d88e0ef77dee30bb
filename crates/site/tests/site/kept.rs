//! What is told of circles that one does not belong to, what is kept of a form above the ceiling, and two who write at once: nothing, nothing,
//! and the first. A circle that two claim is told of to whoever decides whose it is.

use std::sync::Arc;

use axum::http::StatusCode;
use node::chance::SeededRandom;
use node::clock::SystemClock;
use node::keys::Words;
use node::seal::{CircleName, Roster};
use node::submission::{Channel, Marking, Submission};
use node::users::{Role, Scope};
use node::{Kind, New, Node};
use policy::{CircleId, Member};
use serde_json::json;
use tempfile::TempDir;

use crate::programs::{NOTE, Programs, read, tag};
use crate::stage::Stage;

const CANARY: &str = "Quillfeather 7731";
const CIRCLE: &str = "Sanctions preparation";

/// What each has for the other is carried there.
fn exchange(a: &Node, b: &Node) {
    for (from, to) in [(a, b), (b, a)] {
        let mut bundle = Vec::new();
        from.seal_bundle(&to.home().id, &mut bundle).unwrap();
        to.open_bundle(&bundle[..], false).unwrap();
    }
}

/// Another node, which ours knows and which knows ours.
fn neighbor(ours: &Node, name: &str, seed: u64) -> (Node, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("node");
    let new = New {
        participant: name.to_owned(),
        kind: Kind::State,
        organ_of: None,
        country: None,
    };
    let chance = || SeededRandom::new(seed);
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
    (theirs, folder)
}

/// A circle of somebody else, to which our participant belonged.
fn left(ours: &Node) -> String {
    let (theirs, _folder) = neighbor(ours, "Kestria", 9);
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

/// Two of our peers say that they keep the circle of an id as older programs made them; their participants.
fn claimed(ours: &Node, circle: &CircleId) -> [String; 2] {
    [("Kestria", 9), ("Cresta", 10)].map(|(name, seed)| {
        let (theirs, _folder) = neighbor(ours, name, seed);
        let members = [ours, &theirs].map(|node| Member::Participant(node.home().id.clone()));
        let key = node::keys::load(&theirs.folder().keys()).unwrap().seal;
        let home = theirs.home().id.clone();
        let text = Roster::make(
            &home,
            &CircleName::from(circle.clone()),
            &format!("North of {name}"),
            1,
            members.map(|member| (member, 1)).to_vec(),
            &key,
            theirs.now(),
        );
        let text = text.unwrap().record().unwrap();
        let end = text.len();
        let submission = Submission {
            bytes: text.into(),
            objects: std::iter::once(0..end).collect(),
            channel: Channel::Peer(home.clone()),
            submitter: home.clone(),
            person: None,
            collection: "situation".to_owned(),
            marking: Marking::default(),
        };
        let receipt = ours.accept(submission).unwrap().wait().unwrap();
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
        theirs.close();
        home.to_string()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_that_two_claim_says_so_until_a_person_decides() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let circle = CircleId::parse("11111111-2222-4333-8444-555555555555").unwrap();
    let (node, id) = (stage.node.clone(), circle.clone());
    let [kestria, cresta] = tokio::task::spawn_blocking(move || claimed(&node, &id))
        .await
        .unwrap();
    let path = format!("/circles/{}", circle.as_str());
    let contested = |page: &str| page.contains("Whose circle it is");
    let list = stage.get("/circles", &[("cookie", &cookie)]).await.body;
    assert!(list.contains("Contested"), "{list}");
    let page = stage.get(&path, &[("cookie", &cookie)]).await.body;
    assert!(contested(&page), "{page}");
    for (name, id) in [("Kestria", &kestria), ("Cresta", &cresta)] {
        assert!(page.contains(&format!("Kept by {name}")), "{page}");
        assert!(page.contains(&format!(r#"value="{id}""#)), "{page}");
    }
    let settled = stage
        .post(
            &format!("{path}/settle"),
            &cookie,
            &format!("keeper={cresta}"),
        )
        .await;
    assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.body);
    let list = stage.get("/circles", &[("cookie", &cookie)]).await.body;
    assert!(!list.contains("Contested") && list.contains("North of Cresta"));
    let page = stage.get(&path, &[("cookie", &cookie)]).await.body;
    assert!(!contested(&page) && page.contains("<bdi>Cresta</bdi>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_above_the_ceiling_is_refused_and_in_no_draft() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let above = "SECRET%2F%2FNOFORN%0D%0AThe+pump+of+Quillfeather+7731+failed.";
    let typed = format!("title=A+pump&text={above}&state=begun&host=kestria");
    let page = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    let value = |name: &str| {
        let from = page.find(&format!("name=\"{name}\" value=\"")).unwrap() + name.len() + 15;
        page[from..].split('"').next().unwrap().replace(' ', "+")
    };
    let (of, proof) = (value("draft-of"), value("draft-proof"));
    // As a script keeps what is typed.
    let kept = format!("{typed}&draft-of={of}&draft-proof={proof}");
    let kept = stage.post("/drafts", &cookie, &kept).await;
    let page = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    assert!(!page.contains(CANARY), "the script's draft has it");
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
    // And as it is sent, with something else that is wrong.
    let wrong = typed.replace("A+pump", "");
    for typed in [&typed, &wrong] {
        let sent = stage.post("/design/form", &cookie, typed).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            sent.body
                .contains("classification that this node may not hold"),
            "{}",
            sent.body
        );
        let page = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
        assert!(!page.contains(CANARY), "the draft has it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_to_one_version_sent_at_once_one_is_taken() {
    let all = Arc::new(Programs::new().await);
    let writes = all.token(&Role::ALL, Scope::Write).await;
    let path = format!("/api/v1/records/{NOTE}");
    for round in 0..4 {
        let there = all.get(&path, &writes).await;
        let (object, tag) = (read(&there)["object"].clone(), tag(&there));
        let asked = (0..6).map(|at| {
            let (all, writes, path, tag) = (all.clone(), writes.clone(), path.clone(), tag.clone());
            let mut object = object.clone();
            object["content"] = json!(format!("Round {round}, by {at}"));
            object.as_object_mut().unwrap().remove("modified");
            tokio::spawn(async move {
                let new = json!({ "object": object });
                let condition = [("if-match", tag.as_str())];
                let answer = all.ask("PUT", &path, &writes, &condition, &new).await;
                answer.status
            })
        });
        let asked: Vec<_> = asked.collect();
        let mut answers = Vec::new();
        for one in asked {
            answers.push(one.await.unwrap());
        }
        let taken = answers.iter().filter(|one| one.is_success()).count();
        assert_eq!(taken, 1, "round {round}: {answers:?}");
        assert!(
            answers
                .iter()
                .all(|one| one.is_success() || *one == StatusCode::PRECONDITION_FAILED),
            "{answers:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_belongs_to_a_circle_is_not_offered_to_it_again() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let belmark = stage.node.participant("Belmark").unwrap().id;
    let offered = format!("<option value=\"{belmark}\"");
    for (members, expected) in [
        (String::new(), true),
        (format!("&members={belmark}"), false),
    ] {
        let body = format!("name=Ports+{expected}{members}");
        let made = stage.post("/circles/new", &cookie, &body).await;
        let to = made.headers["location"].to_str().unwrap();
        let page = stage.get(to, &[("cookie", &cookie)]).await.body;
        assert!(page.contains("/join\""), "{page}");
        assert_eq!(page.contains(&offered), expected, "{page}");
    }
}
