//! A record of ours is said anew while the version before waits to be released: nobody loses what they have, and it goes on in the same case.
//! What was for fewer does not go out by being restored.

use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, NewPiece, Piece};
use node::clearance::{Procedure, Step, StepKind};
use node::submission::Marking;
use node::users::Role;
use node::{Channel, Kind, Participant, Submission};
use policy::Purpose;
use stage::{Pages, form, hidden};
use stix::marking::{AccessMarking, Audience, TlpName};
use stix::{ObjectId, Timestamp};

const KESTRIA: &str = "identity--00000000-0000-4000-8000-00000000000a";

async fn with_kestria() -> Pages {
    let pages = Pages::new(Dialogues).await;
    let node = &pages.bench.node;
    let known = Participant::new(KESTRIA.parse().unwrap(), "Kestria", Kind::State);
    let operator = node.at_terminal("tests");
    node.add_participant(known, &operator).await.unwrap();
    pages
}

fn theirs() -> Label {
    let kestria = Audience::Identity(KESTRIA.parse().unwrap());
    Label::To(TlpName::Amber, vec![kestria])
}

/// A commitment of ours under a label; the next version of one, where one is given.
async fn told(pages: &Pages, label: Label, before: Option<Piece<Commitment>>) -> Piece<Commitment> {
    pages.bench.later(60);
    let node = pages.bench.node.clone();
    let written = move || {
        let mut batch = Batch::new(&node, None, label);
        let what = serde_json::json!({ "words": "We will meet", "act": "commitment", "actors": ["EU"], "strength": 1, "standing": "joint" });
        let what: Commitment = serde_json::from_value(what).unwrap();
        let new = match before {
            Some(before) => before.revised(what),
            None => NewPiece::of(what),
        };
        let piece = batch.add(new).unwrap();
        batch.send().unwrap();
        piece
    };
    tokio::task::spawn_blocking(written).await.unwrap()
}

/// The version that Kestria has.
fn had(pages: &Pages, id: &ObjectId) -> Option<String> {
    let node = &pages.bench.node;
    let kestria = node.viewer_of(&KESTRIA.parse().unwrap(), true);
    let stood = node.stood(&kestria, Purpose::Relay, id).unwrap();
    stood.map(|stood| stood.into_inner().record.version)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_corrected_twice_while_it_waits_takes_nothing_from_anybody() {
    let pages = with_kestria().await;
    let node = &pages.bench.node;
    let one = told(&pages, theirs(), None).await.id;
    let first = had(&pages, &one);
    assert!(first.is_some());
    let procedure = Procedure {
        steps: vec![Step {
            name: "signature".into(),
            kind: StepKind::Signature,
            who: Vec::new(),
            given: None,
        }],
        four_eyes: true,
        ..Procedure::default()
    };
    let operator = node.at_terminal("tests");
    let defined = node.clearance().define(procedure, &operator);
    defined.await.unwrap();
    let way = format!("/dialogues/commitments/{}/withdraw", one.uuid());
    for withdrawn in ["true", "false"] {
        pages.bench.later(60);
        let version = hidden(&pages.get(&way).await.body, "version");
        let fields = [
            ("version", &*version),
            ("withdrawn", withdrawn),
            ("reason", "Misread"),
        ];
        let answer = pages.post(&way, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(had(&pages, &one), first, "withdrawn: {withdrawn}");
        let waits = pages.get(&format!("/records/{one}")).await.body;
        assert!(waits.contains("/clearance/cases/1"), "{waits}");
    }
    // The case goes on with the last of them alone.
    let open = node.clearance().open_cases().unwrap();
    let counts: Vec<i64> = open.iter().map(|case| case.count()).collect();
    assert_eq!(counts, [1]);
    let sam = pages.somebody("Sam Rook", &[Role::Releaser]).await;
    let seen = open[0].happened().to_string();
    let given = form(&[("verdict-0", "given"), ("seen", &seen)]);
    let signed = pages
        .ask("POST", "/clearance/cases/1/sign/0", &sam, given)
        .await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
    assert!(had(&pages, &one) > first);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_for_fewer_does_not_go_out_by_being_restored() {
    let pages = with_kestria().await;
    let inside = told(&pages, Label::Ours, None).await;
    let out = told(&pages, theirs(), Some(inside.clone())).await;
    let again = told(&pages, theirs(), Some(out.clone())).await;
    let newest = had(&pages, &out.id);
    let path = format!("/dialogues/commitments/{}", out.id.uuid());
    let record = format!("/records/{}/versions", out.id);
    for (before, status) in [
        (&inside, StatusCode::CONFLICT),
        (&out, StatusCode::SEE_OTHER),
    ] {
        let version = before.modified.as_str();
        pages.bench.later(60);
        let fields = [("version", version), ("newest", &*newest.clone().unwrap())];
        let told = pages.post(&record, &fields).await;
        assert_eq!(told.status, status, "{}", told.body);
        if status == StatusCode::CONFLICT {
            assert_eq!(had(&pages, &out.id), newest);
        }
    }
    pages.bench.later(60);
    let way = format!("{path}/versions/{}", inside.modified.as_str());
    let version = hidden(&pages.get(&way).await.body, "version");
    let stands = had(&pages, &out.id);
    let fields = [("version", &*version), ("reason", "It was right")];
    let answer = pages.post(&way, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("That version was for fewer"),
        "{}",
        answer.body
    );
    assert_eq!(had(&pages, &out.id), stands);
    assert!(stands > newest && again.id == out.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_an_embargo_is_not_said_anew_without_it() {
    let pages = with_kestria().await;
    let piece = told(&pages, Label::Ours, None).await;
    let node = pages.bench.node.clone();
    let (id, marking) = (piece.id.clone(), node.new_id("marking-definition").unwrap());
    let terms = AccessMarking {
        audience: Some(vec![Audience::Identity(KESTRIA.parse().unwrap())]),
        embargo: Some(Timestamp::from_micros(node.now() + 86_400_000_000)),
        ..AccessMarking::default()
    };
    pages.bench.later(60);
    let at = Timestamp::from_micros(node.now());
    let definition = terms.definition(&marking, &at, Some(&node.home().id));
    let again = Piece {
        modified: at,
        ..piece
    };
    let text = again
        .write(&[TlpName::Amber.id().to_owned(), marking.to_string()])
        .unwrap();
    let bytes = format!("{definition}{text}");
    let submission = Submission {
        objects: vec![0..definition.len(), definition.len()..bytes.len()],
        bytes: bytes.into(),
        channel: Channel::Local,
        submitter: node.home().id.clone(),
        person: None,
        collection: dialogues::DESK.to_owned(),
        marking: Marking::default(),
    };
    let receipt = node.accept(submission).unwrap().await.unwrap();
    assert_eq!(receipt.successes(), 2, "{receipt:?}");
    assert_eq!(had(&pages, &id), None, "it waits for its day");
    pages.bench.later(60);
    let path = format!("/dialogues/commitments/{}/withdraw", id.uuid());
    let page = pages.get(&path).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.body);
    let version = again.modified.as_str();
    let fields = [("version", version), ("reason", "Misread")];
    let sent = pages.post(&path, &fields).await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
    assert_eq!(had(&pages, &id), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_above_the_ceiling_is_said_beside_the_field_with_what_was_typed() {
    let pages = Pages::new(Dialogues).await;
    let node = pages.bench.node.clone();
    let written = move || {
        let what = serde_json::json!({ "name": "Dialogue", "parties": ["EU", "JP"] });
        let what: Dialogue = serde_json::from_value(what).unwrap();
        let mut batch = Batch::new(&node, None, Label::Ours);
        let series = batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
        series
    };
    let series = tokio::task::spawn_blocking(written).await.unwrap();
    pages.bench.later(60);
    let way = format!("/dialogues/series/{}/edit", series.id.uuid());
    let version = hidden(&pages.get(&way).await.body, "version");
    let named = |name: &'static str| {
        let version = version.clone();
        let way = way.clone();
        let pages = &pages;
        async move {
            let fields = [
                ("version", &*version),
                ("name", name),
                ("parties", "EU, Japan"),
                ("tlp", "AMBER+STRICT"),
            ];
            pages.post(&way, &fields).await
        }
    };
    let refused = named("SECRET//NOFORN").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = refused.body;
    assert!(
        said.contains("It was refused, and nothing of it was kept")
            && said.contains("classification")
            && said.contains("SECRET//NOFORN"),
        "{said}"
    );
    assert_eq!(named("Another").await.status, StatusCode::SEE_OTHER);
}
