//! What a form does not ask for is not lost by it: an embargo, a link to what its editor cannot see, what was ticked before an error, the
//! label of what stands on the way to a page.

use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{
    Commitment, Demarche, Dialogue, Draft, Event, FollowUp, NewPiece, Piece, Placed, Session,
};
use dialogues::register::Register;
use node::users::Role;
use node::{Kind, Participant};
use policy::{Caveats, Class, Clause, Pap, Purpose, Tlp};
use serde_json::{Value, json};
use stage::{Pages, form, hidden, made};
use stix::marking::{Audience, TlpName};
use stix::{ObjectId, Timestamp};

const KESTRIA: &str = "identity--00000000-0000-4000-8000-00000000000a";
const OURS: (&str, &str) = ("tlp", "AMBER+STRICT");
const DAY: i64 = 86_400_000_000;

/// Writes a record under a label, until a day from now for nobody else where there is an embargo.
fn written<T: Placed>(pages: &Pages, label: Label, embargo: bool, new: NewPiece<T>) -> Piece<T> {
    let until = embargo.then(|| pages.bench.node.now() + DAY);
    limited(pages, label, (until, Caveats::NONE), new)
}

/// Writes one that nobody else has before a time, and under caveats.
fn limited<T: Placed>(
    pages: &Pages,
    label: Label,
    (until, caveats): (Option<i64>, Caveats),
    new: NewPiece<T>,
) -> Piece<T> {
    pages.bench.later(1);
    let node = &pages.bench.node;
    let home = Clause {
        caveats,
        ..Clause::own(Tlp::AmberStrict, node.home().id.clone())
    };
    let source = policy::Label {
        embargo: until.map(Timestamp::from_micros),
        ..policy::Label::always(Class::of(home))
    };
    let mut batch = Batch::new(node, None, label).within(&[&source]);
    let piece = batch.add(new).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    pages.bench.later(60);
    piece
}

fn ours<T: Placed + serde::de::DeserializeOwned>(pages: &Pages, what: Value) -> Piece<T> {
    written(pages, Label::Ours, false, NewPiece::of(made::<T>(what)))
}

fn label(pages: &Pages, id: &ObjectId) -> policy::Label {
    let node = &pages.bench.node;
    let stood = node.stood(&node.home_viewer(), Purpose::Show, id).unwrap();
    stood.unwrap().into_inner().label
}

fn commitment(words: &str, act: &str, series: &Piece<Dialogue>) -> Value {
    json!({
        "words": words, "act": act, "actors": ["EU"], "strength": 3, "standing": "joint",
        "dialogue_ref": series.id.as_str(),
    })
}

fn series(pages: &Pages, name: &str) -> Piece<Dialogue> {
    ours(pages, json!({ "name": name, "parties": ["EU", "JP"] }))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_an_embargo_is_changed_by_no_form_that_would_drop_it() {
    let pages = Pages::new(Dialogues).await;
    let home = pages.bench.node.home().id.to_string();
    let one = series(&pages, "Dialogue");
    let mut what = commitment("We will meet", "commitment", &one);
    what["actors"] = json!([home]);
    let about = ours::<Commitment>(&pages, what);
    let said = json!({ "about_ref": about.id.as_str(), "state": "under_way", "side": home });
    let said = NewPiece::of(made::<FollowUp>(said));
    let said = written(&pages, Label::Ours, true, said).id;
    let event = NewPiece::of(made::<Event>(
        json!({ "name": "Workshop", "starts": "2027-03-01T00:00:00Z" }),
    ));
    let event = written(&pages, Label::Ours, true, event).id;
    let demarche = json!({
        "towards": "Norway", "by": ["EU"], "subject": "Contact points", "at": "2026-11-20T00:00:00Z",
    });
    let demarche = NewPiece::of(made::<Demarche>(demarche));
    let demarche = written(&pages, Label::Ours, true, demarche).id;
    for id in [&said, &event, &demarche] {
        assert!(label(&pages, id).embargo.is_some(), "{id}");
    }
    let follow_up = format!("/dialogues/commitments/{}/follow-up", about.id.uuid());
    let edit = format!("/dialogues/events/{}/edit", event.uuid());
    for way in [&follow_up, &edit] {
        let page = pages.get(way).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{way}: {}", page.body);
        assert!(page.body.contains("embargo"), "{way}: {}", page.body);
    }
    let answer = format!("/dialogues/demarches/{}/answer", demarche.uuid());
    let fields = [
        OURS,
        ("state", "implemented"),
        ("name", "Workshop"),
        ("gist", "Yes"),
    ];
    for way in [&follow_up, &edit, &answer] {
        let sent = pages.post(way, &fields).await;
        assert_eq!(sent.status, StatusCode::CONFLICT, "{way}: {}", sent.body);
    }
    for id in [&said, &event, &demarche] {
        assert!(label(&pages, id).embargo.is_some(), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_keeps_the_embargo_and_the_caveats_of_the_round_that_it_takes_up() {
    let pages = Pages::new(Dialogues).await;
    let (session, _) = planned(&pages);
    let way = format!("/dialogues/sessions/{}/drafts/new", session.id.uuid());
    let fields = [
        ("title", "Elements"),
        ("language", "en"),
        ("text", "They will meet."),
        OURS,
    ];
    let draft = pages.post(&way, &fields).await.to;
    let id = format!("draft--{}", draft.rsplit('/').next().unwrap());
    let id = ObjectId::parse(&id).unwrap();
    let register = Register::at_home(&pages.bench.node);
    let first = register.one::<Draft>(&id).unwrap().unwrap().into_inner();
    let again = first.revised(first.what.clone());
    let caveats = Caveats {
        originator_consent: true,
        pap: Pap::Red,
        chatham_house: true,
        ..Caveats::NONE
    };
    let until = pages.bench.node.now() + DAY;
    let limits = (Some(until), caveats.clone());
    limited(&pages, Label::Ours, limits, again);
    let before = label(&pages, &id);
    assert!(before.embargo.is_some());
    assert_eq!(before.class.caveats().as_ref(), Some(&caveats));
    let bench = format!("{draft}/work");
    pages.post(&bench, &[]).await;
    let passage = format!("{bench}/1-1");
    let revision = hidden(&pages.get(&passage).await.body, "revision");
    let fields = [("words", "They will meet again."), ("revision", &*revision)];
    let put = pages.post(&passage, &fields).await;
    assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
    pages.bench.later(1);
    let way = format!("{draft}/forward");
    let revision = hidden(&pages.get(&way).await.body, "revision");
    let sent = pages.post(&way, &[("revision", &*revision), OURS]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let round = format!("draft--{}", sent.to.rsplit('/').next().unwrap());
    let after = label(&pages, &round.parse().unwrap());
    assert_eq!(after.embargo, before.embargo);
    assert_eq!(after.class.caveats(), Some(caveats));
}

/// A session to come of ours and Kestria's, and its series.
fn planned(pages: &Pages) -> (Piece<Session>, Piece<Dialogue>) {
    let home = pages.bench.node.home().id.to_string();
    let parties = json!([home, KESTRIA]);
    let series = ours::<Dialogue>(pages, json!({ "name": "Querbalken", "parties": parties }));
    let session = json!({
        "dialogue_ref": series.id.as_str(), "state": "planned", "starts": "2026-12-10T00:00:00Z",
        "start": "2026-12-10", "parties": parties,
    });
    (ours(pages, session), series)
}

async fn with_kestria() -> Pages {
    let pages = Pages::new(Dialogues).await;
    let node = &pages.bench.node;
    let known = Participant::new(KESTRIA.parse().unwrap(), "Kestria", Kind::State);
    let operator = node.at_terminal("tests");
    node.add_participant(known, &operator).await.unwrap();
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_stands_under_the_label_of_what_is_on_the_way_to_it() {
    let pages = with_kestria().await;
    let (session, _) = planned(&pages);
    let way = format!("/dialogues/sessions/{}/drafts/new", session.id.uuid());
    let page = pages.get(&way).await.body;
    let head = |page: &str| page.split("<main").next().unwrap().to_owned();
    assert!(head(&page).contains("TLP:AMBER+STRICT"), "{page}");
    let fields = [
        ("title", "Elements"),
        ("language", "en"),
        ("text", "They will meet."),
        ("tlp", "AMBER"),
        ("for", KESTRIA),
    ];
    let draft = pages.post(&way, &fields).await;
    assert_eq!(draft.status, StatusCode::SEE_OTHER, "{}", draft.body);
    let page = pages.get(&draft.to).await.body;
    assert!(page.contains("Querbalken"), "{page}");
    assert!(head(&page).contains("TLP:AMBER+STRICT"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agenda_of_a_public_session_is_kept_as_it_stands() {
    let pages = Pages::new(Dialogues).await;
    let (session, _) = planned(&pages);
    let node = &pages.bench.node;
    // Published before, elsewhere: a file of our own says so itself.
    let open = Piece {
        modified: Timestamp::from_micros(node.now()),
        ..session.clone()
    };
    let (desk, tlp) = (dialogues::DESK, TlpName::Clear);
    pages.bench.imported(desk, &open, tlp).await;
    assert!(label(&pages, &session.id).class.is_public());
    pages.bench.later(60);
    let way = format!("/dialogues/sessions/{}/agenda", session.id.uuid());
    let page = pages.get(&way).await.body;
    let version = hidden(&page, "version");
    let fields = [
        ("version", &*version),
        ("items", "Contact points"),
        ("tlp", "CLEAR"),
    ];
    let kept = pages.post(&way, &fields).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
}

/// What an event serves.
fn served(pages: &Pages, at: &str) -> Vec<String> {
    let id = format!("event--{}", at.rsplit('/').next().unwrap());
    let register = Register::at_home(&pages.bench.node);
    let event = register.one::<Event>(&id.parse().unwrap());
    event.unwrap().unwrap().into_inner().what.serves_refs
}

fn at(piece: &Piece<Commitment>) -> String {
    format!("/dialogues/commitments/{}", piece.id.uuid())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_ticked_stays_behind_an_error_and_those_of_other_series_can_be_named() {
    let pages = Pages::new(Dialogues).await;
    let (one, other) = (series(&pages, "One"), series(&pages, "Other"));
    let welcome = ours::<Commitment>(&pages, commitment("They welcome it", "welcome", &one));
    ours::<Commitment>(&pages, commitment("They will meet", "commitment", &one));
    let far = ours::<Commitment>(
        &pages,
        commitment("They will publish it", "commitment", &other),
    );
    let way = format!(
        "/dialogues/events/new?dialogue={}&commitment={}",
        one.id, welcome.id
    );
    let ticked = format!("name=\"serves\" value=\"{}\" checked", at(&welcome));
    let page = pages.get(&way).await.body;
    assert!(page.contains(&ticked), "{page}");
    let (near, far_at) = (at(&welcome), at(&far));
    let mut fields = vec![
        ("dialogue", one.id.as_str()),
        ("serves", &*near),
        ("serves_others", &*far_at),
        OURS,
    ];
    let wrong = pages.post("/dialogues/events/new", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains(&ticked), "{}", wrong.body);
    assert!(wrong.body.contains(&format!("{far_at}</textarea>")));
    // Left there, and taken up again from the series.
    let left = format!("/dialogues/events/new?dialogue={}", one.id);
    let page = pages.get(&left).await.body;
    assert!(page.contains(&ticked), "{page}");
    fields.extend([("name", "Workshop"), ("start", "2027-03")]);
    let made = pages.post("/dialogues/events/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let both = [welcome.id.to_string(), far.id.to_string()];
    assert_eq!(served(&pages, &made.to), both);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_what_its_editor_cannot_see_stays() {
    let pages = Pages::new(Dialogues).await;
    let node = pages.bench.node.clone();
    let persons = tokio::task::spawn_blocking(move || node.persons());
    let me = persons.await.unwrap().unwrap().remove(0).id;
    let one = series(&pages, "One");
    let open = ours::<Commitment>(&pages, commitment("They will meet", "commitment", &one));
    let closed = commitment("They will keep Nachtfalter6604 open", "commitment", &one);
    let red = Label::To(TlpName::Red, vec![Audience::Identity(me.parse().unwrap())]);
    let closed = written(&pages, red, false, NewPiece::of(made::<Commitment>(closed)));
    let event = json!({
        "name": "Workshop", "starts": "2027-03-01T00:00:00Z", "dialogue_ref": one.id.as_str(),
        "serves_refs": [closed.id.as_str(), open.id.as_str()],
    });
    let event = ours::<Event>(&pages, event);
    let other = pages
        .somebody("Carl Beck", &[Role::Reader, Role::Editor])
        .await;
    let hidden_from = pages.ask("GET", &at(&closed), &other, String::new()).await;
    assert_eq!(hidden_from.status, StatusCode::NOT_FOUND);
    let way = format!("/dialogues/events/{}/edit", event.id.uuid());
    let page = pages.ask("GET", &way, &other, String::new()).await.body;
    assert!(!page.contains("Nachtfalter6604") && !page.contains(closed.id.uuid()));
    let version = hidden(&page, "version");
    // They take away the one that they see.
    let fields = [
        ("version", &*version),
        ("name", "Workshop"),
        ("start", "2027-03"),
        OURS,
    ];
    let kept = pages.ask("POST", &way, &other, form(&fields)).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let shown = format!("/dialogues/events/{}", event.id.uuid());
    assert_eq!(served(&pages, &shown), [closed.id.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_of_two_exercises_is_nobodys() {
    let pages = Pages::new(Dialogues).await;
    let node = &pages.bench.node;
    let of = |exercise: u32| {
        let caveats = Caveats {
            exercise: Some(stage::id("identity", exercise).parse().unwrap()),
            ..Caveats::NONE
        };
        let home = Clause {
            caveats,
            ..Clause::own(Tlp::AmberStrict, node.home().id.clone())
        };
        policy::Label::always(Class::of(home))
    };
    let (one, other) = (of(1), of(2));
    let to = Label::To(TlpName::AmberStrict, Vec::new());
    // Under which of both it lies there: its letters as written with that one first.
    let within = |name: &str, sources: &[&policy::Label]| {
        let all = policy::combine(sources.iter().copied()).unwrap();
        let batch = desk::Batch::new(node, dialogues::DESK, None, to.clone());
        let mut batch = batch.within(&all);
        let what = made::<Dialogue>(json!({ "name": name, "parties": ["EU", "JP"] }));
        let piece = batch.add(NewPiece::of(what)).unwrap();
        tokio::task::block_in_place(|| batch.send()).unwrap();
        [TlpName::AmberStrict, TlpName::Red].map(|tlp| {
            let text = piece.write(&[tlp.id().to_owned()]).unwrap();
            let end = text.find(tlp.id()).unwrap() + tlp.id().len();
            pages.bench.holds(&text[..end])
        })
    };
    assert_eq!(within("Of one", &[&one, &one]), [true, false]);
    assert_eq!(within("Of both", &[&one, &other]), [false, true]);
}
