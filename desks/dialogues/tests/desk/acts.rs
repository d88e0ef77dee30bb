//! Pages that lead to an act: a form begins with what stands and with those whom it concerns, says who will see what is kept, and is offered
//! to nobody whose act it is not.

use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Demarche, Dialogue, Draft, Kind, NewPiece, Piece, Session};
use dialogues::register::Register;
use node::Participant;
use serde_json::{Value, json};
use stage::{Pages, hidden};
use stix::marking::{Audience, TlpName};

const KESTRIA: &str = "identity--00000000-0000-4000-8000-00000000000a";

/// A series with Kestria and two sessions, the older one held; in each the words of a commitment.
struct World {
    pages: Pages,
    held: String,
    planned: String,
    old: String,
    new: String,
    theirs: String,
    demarche: String,
    draft: String,
}

fn known<T: serde::de::DeserializeOwned>(what: Value) -> NewPiece<T> {
    NewPiece::of(serde_json::from_value(what).unwrap()).in_language("en")
}

impl World {
    /// With everything under a label.
    async fn under(label: Label) -> Self {
        let pages = Pages::new(Dialogues).await;
        let node = pages.bench.node.clone();
        let kestria = Participant::new(KESTRIA.parse().unwrap(), "Kestria", node::Kind::State);
        let operator = node.at_terminal("tests");
        node.add_participant(kestria, &operator).await.unwrap();
        tokio::task::spawn_blocking(move || Self::written(pages, label))
            .await
            .unwrap()
    }

    fn written(pages: Pages, label: Label) -> Self {
        let node = pages.bench.node.clone();
        let home = node.home().id.to_string();
        let mut batch = Batch::new(&node, None, label);
        let parties = [&home, KESTRIA];
        let series = json!({ "name": "Valmora–Kestria", "parties": parties });
        let series = batch.add(known::<Dialogue>(series)).unwrap().id;
        let mut session = |state: &str, day: &str, number: u32| {
            let what = json!({
                "dialogue_ref": series.as_str(), "state": state, "starts": format!("{day}T00:00:00Z"), "start": day,
                "ordinal": number, "parties": parties, "persons": [{ "name": "Ole Brandt", "side": home }],
            });
            batch.add(known::<Session>(what)).unwrap().id
        };
        let (held, planned) = (
            session("held", "2025-09-29", 1),
            session("planned", "2026-12-10", 2),
        );
        let mut said = |session: &stix::ObjectId, words: &str, actor: &str, due: Option<&str>| {
            let what = json!({
                "words": words, "act": "commitment", "actors": [actor], "strength": 3, "standing": "joint", "due": due,
                "due_by": due.map(|day| format!("{day}T23:59:59Z")), "dialogue_ref": series.as_str(), "session_ref": session.as_str(),
            });
            let id = batch.add(known::<Commitment>(what)).unwrap().id;
            format!("/dialogues/commitments/{}", id.uuid())
        };
        let old = said(
            &held,
            "Both sides will keep a contact during working hours.",
            &home,
            Some("2026-01-31"),
        );
        let new = said(
            &planned,
            "Both sides will keep a contact at any hour.",
            &home,
            None,
        );
        let theirs = said(
            &held,
            "Kestria will publish its strategy.",
            KESTRIA,
            Some("2027-03-31"),
        );
        let what = json!({ "towards": "NO", "subject": "A contact", "by": [home], "at": "2026-11-01T00:00:00Z" });
        let demarche = batch.add(known::<Demarche>(what)).unwrap().id;
        let id = node.new_id("draft").unwrap();
        let run = |words: &str, by: Option<&str>| json!({ "words": words, "in_by": by });
        let what = json!({
            "title": "Elements", "round": 1, "side": home, "dialogue_ref": series.as_str(), "session_ref": planned.as_str(),
            "parties": parties, "draft_ref": id.as_str(), "passages": [{
                "mark": "1-1", "state": "open", "words": "They will meet twice.",
                "runs": [run("They will meet", None), run(" twice", Some(KESTRIA)), run(".", None)],
            }],
        });
        let mut new_round = known::<Draft>(what);
        new_round.of = Some((id.clone(), stix::Timestamp::from_micros(node.now())));
        batch.add(new_round).unwrap();
        batch.send().unwrap();
        let at = |room: &str, id: &stix::ObjectId| format!("/dialogues/{room}/{}", id.uuid());
        Self {
            held: at("sessions", &held),
            planned: at("sessions", &planned),
            demarche: at("demarches", &demarche),
            draft: at("drafts", &id),
            old,
            new,
            theirs,
            pages,
        }
    }

    async fn page(&self, path: &str) -> String {
        let page = self.pages.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        page.body
    }
}

fn for_kestria() -> Label {
    let kestria = Audience::Identity(KESTRIA.parse().unwrap());
    Label::To(TlpName::Amber, vec![kestria])
}

/// Whether a page's form has Kestria among those who get what it sends.
fn ticks_kestria(page: &str) -> bool {
    page.contains(&format!("name=\"for\" value=\"{KESTRIA}\" checked"))
}

#[track_caller]
fn has(page: &str, words: &str) {
    assert!(page.contains(words), "no “{words}” in {page}");
}

#[track_caller]
fn lacks(page: &str, words: &str) {
    assert!(!page.contains(words), "“{words}” in {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_followed_is_said_anew_to_those_who_had_it() {
    let world = World::under(for_kestria()).await;
    let way = format!("{}/follow-up", world.old);
    assert!(!ticks_kestria(&world.page(&way).await));
    let told = [
        ("state", "under_way"),
        ("account", "A desk is being set up."),
        ("as_of", "2026-10-05"),
        ("evidence", "Decree 7"),
        ("url", "https://law.test/7"),
        ("tlp", "AMBER"),
        ("for", KESTRIA),
    ];
    let sent = world.pages.post(&way, &told).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = world.page(&way).await;
    assert!(ticks_kestria(&page), "{page}");
    for stood in ["2026-10-05", "Decree 7", "https://law.test/7"] {
        has(&page, &format!("value=\"{stood}\""));
    }
    has(&page, "A desk is being set up.");
    // Whoever sends the page of before hears what was said meanwhile.
    let late = world.pages.post(&way, &told).await;
    assert_eq!(
        late.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        late.body
    );
    has(&late.body, "Somebody changed it meanwhile");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_others_committed_to_nobody_asks_our_part() {
    let world = World::under(for_kestria()).await;
    has(&world.page(&world.old).await, "Say what followed");
    lacks(&world.page(&world.theirs).await, "Say what followed");
    let way = format!("{}/follow-up", world.theirs);
    assert_eq!(world.pages.get(&way).await.status, StatusCode::CONFLICT);
    let told = [("state", "implemented"), ("tlp", "AMBER+STRICT")];
    let sent = world.pages.post(&way, &told).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    has(&sent.body, "for them to say");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_the_signatories_said_their_observer_is_not_asked() {
    let world = World::under(for_kestria()).await;
    let node = &world.pages.bench.node;
    let home = node.home().id.to_string();
    let said = |parties: &[&str], observers: Value| {
        let mut batch = Batch::new(node, None, for_kestria());
        let what = json!({
            "dialogue_ref": "dialogue--00000000-0000-4000-8000-00000000000d", "state": "held",
            "starts": "2025-10-01T00:00:00Z", "parties": parties, "observers": observers,
        });
        let session = batch.add(known::<Session>(what)).unwrap().id;
        let what = json!({
            "words": "The signatories will meet.", "act": "commitment", "actors": ["SIGNATORIES"], "strength": 3,
            "standing": "joint", "session_ref": session.as_str(),
        });
        let id = batch.add(known::<Commitment>(what)).unwrap().id;
        tokio::task::block_in_place(|| batch.send()).unwrap();
        world.pages.bench.later(1);
        format!("/dialogues/commitments/{}", id.uuid())
    };
    let signed = said(&[&home, KESTRIA], json!([]));
    has(&world.page(&signed).await, "Say what followed");
    let observed = said(&["NO", KESTRIA], json!([{ "who": home, "sees": "all" }]));
    lacks(&world.page(&observed).await, "Say what followed");
    let told = [("state", "implemented"), ("tlp", "AMBER+STRICT")];
    let sent = world
        .pages
        .post(&format!("{observed}/follow-up"), &told)
        .await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_and_a_silence_are_proposed_to_the_other_parties() {
    let world = World::under(for_kestria()).await;
    let way = format!("{}/silence", world.draft);
    assert!(ticks_kestria(&world.page(&way).await));
    let start = [
        ("act", "start"),
        ("day", "2026-12-01"),
        ("time", "18:00"),
        ("zone", "+00:00"),
        ("tlp", "AMBER"),
    ];
    let deaf = world.pages.post(&way, &start).await;
    assert_eq!(deaf.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&deaf.body, "Nobody would hear of this silence");
    let begun = world
        .pages
        .post(&format!("{}/work", world.draft), &[])
        .await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let way = format!("{}/forward", world.draft);
    let page = world.page(&way).await;
    assert!(ticks_kestria(&page));
    let revision = hidden(&page, "revision");
    let alone = [("revision", &*revision), ("tlp", "AMBER+STRICT")];
    let asked = world.pages.post(&way, &alone).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(
        &asked.body,
        "Nobody is named: Kestria would not get this round",
    );
    let meant = [alone[0], alone[1], ("alone", "yes")];
    let sent = world.pages.post(&way, &meant).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_is_not_shown_as_taken() {
    let world = World::under(Label::Ours).await;
    let page = world.page(&format!("{}/text", world.draft)).await;
    has(&page, "1 paragraph is still open");
    has(&page, "<ins>");
    lacks(&page, "They will meet twice.");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_change_from_the_earlier_to_the_later_on_either_page() {
    let world = World::under(Label::Ours).await;
    for one in [&world.old, &world.new] {
        let page = world.page(one).await;
        has(&page, "Similar words in other sessions");
        has(
            &page,
            "<del>during working hours.</del> <ins>at any hour.</ins>",
        );
        let signs = "Struck through: only in session no. 1, 29 September 2025. Underlined: only in session no. 2, 10 December 2026.";
        has(&page, signs);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_will_see_a_new_version_stands_above_its_button() {
    let shared = World::under(for_kestria()).await;
    let inside = World::under(Label::Ours).await;
    for (way, verb) in [
        ("{held}/chairs", "Save the chairs"),
        ("{held}/observers", "Save the observers"),
        ("{old}/edit", "Save as a new version"),
        ("{old}/withdraw", "Withdraw this commitment"),
        ("{demarche}", "Save the answer"),
    ] {
        let at = |world: &World| {
            way.replace("{held}", &world.held)
                .replace("{old}", &world.old)
                .replace("{demarche}", &world.demarche)
        };
        for (world, verb) in [
            (&shared, format!("{verb}; goes to Kestria")),
            (&inside, verb.to_owned()),
        ] {
            let page = world.page(&at(world)).await;
            let button = page.find(&format!("<button class=\"go\">{verb}</button>"));
            let button = button.unwrap_or_else(|| panic!("no “{verb}” in {page}"));
            let told = page.find("Who will see it");
            assert!(told.is_some_and(|told| told < button), "{way}: {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brief_has_the_last_session_and_what_is_still_due() {
    let world = World::under(Label::Ours).await;
    let settled = [("state", "superseded"), ("tlp", "AMBER+STRICT")];
    let page = world.page(&format!("{}/brief", world.planned)).await;
    has(&page, "last session:");
    has(&page, "Persons at the last session");
    let dates = |page: &str| {
        page.split("id=\"dates-head\"")
            .nth(1)
            .unwrap_or_default()
            .to_owned()
    };
    let told = dates(&page);
    has(
        &told,
        &format!("31 January 2026: <a href=\"{}\"", world.old),
    );
    has(&told, "Date passed, no follow-up recorded");
    has(
        &told,
        &format!("10 December 2026: <a href=\"{}\"", world.planned),
    );
    has(
        &told,
        &format!("31 March 2027: <a href=\"{}\"", world.theirs),
    );
    // Of one that was held: itself, and no other.
    let held = world.page(&format!("{}/brief", world.held)).await;
    lacks(&held, "last session:");
    lacks(&held, "Persons at the last session");
    has(&held, "29 September 2025</bdi> · held");
    has(&held, "Ole Brandt");
    // What is settled is no date any more.
    let way = format!("{}/follow-up", world.old);
    let sent = world.pages.post(&way, &settled).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let told = dates(&world.page(&format!("{}/brief", world.planned)).await);
    lacks(&told, "31 January 2026");
}

/// Publishes a record as a file of our own does that says so itself.
async fn published<T: Kind>(world: &World, path: &str) {
    let node = &world.pages.bench.node;
    let id = format!("{}--{}", T::TYPE, path.rsplit('/').next().unwrap());
    let known = Register::at_home(node).one::<T>(&id.parse().unwrap());
    let piece = Piece {
        modified: stix::Timestamp::from_micros(node.now()),
        ..known.unwrap().unwrap().into_inner()
    };
    let (desk, tlp) = (dialogues::DESK, TlpName::Clear);
    world.pages.bench.imported(desk, &piece, tlp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_whoever_is_outside_what_is_not_there_says_nothing() {
    let world = World::under(Label::Ours).await;
    let series = stage::address(&world.page(&world.held).await, "/dialogues/series/");
    let inside = world.page(&series).await;
    has(&inside, "no follow-up recorded");
    has(&inside, "Said again, with no word");
    has(&world.page(&world.old).await, "No follow-up is recorded");
    let said = [
        ("state", "not_started"),
        ("account", "Inside alone"),
        ("tlp", "AMBER+STRICT"),
    ];
    let follow = format!("{}/follow-up", world.old);
    let kept = world.pages.post(&follow, &said).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    world.pages.bench.later(60);
    published::<Dialogue>(&world, &series).await;
    published::<Session>(&world, &world.held).await;
    published::<Session>(&world, &world.planned).await;
    published::<Commitment>(&world, &world.old).await;
    published::<Commitment>(&world, &world.new).await;
    for path in [&world.old, &world.new, &series, &world.held] {
        let page = world.pages.ask("GET", path, "", String::new()).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        for gap in ["ollow-up", "Inside alone", "no word on", "is recorded"] {
            assert!(!page.body.contains(gap), "{path} says {gap}: {}", page.body);
        }
    }
}
