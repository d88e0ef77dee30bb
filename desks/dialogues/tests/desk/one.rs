//! Two series that are one, ours and one that somebody else keeps: read as one from the moment that somebody says so, and not before. And
//! the register: every series and session to choose from, and nothing that was replaced.

use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, FollowUp, Kind, NewPiece, Piece, Session, Text};
use dialogues::register::{ALWAYS, Register};
use serde_json::{Value, json};
use stage::{Bench, Pages, address};
use stix::marking::TlpName;

use crate::entered::{TEXT, entered};
use crate::in_force::{changed, enters, id};

/// Of the fifth session, which the fourth announced; by somebody else, with a word otherwise here and there.
const THEIRS: &str = "5b0c2d1e-8f47-4a36-9d10-00000000000";

/// A record of another author.
fn theirs<T: Kind>(n: u32, what: Value) -> Piece<T> {
    stage::piece(n, stage::made(what))
}

async fn brought<T: Kind>(pages: &Pages, piece: &Piece<T>) {
    let collection = dialogues::DESK;
    pages
        .bench
        .imported(collection, piece, TlpName::Amber)
        .await;
}

/// What another participant keeps of the same series: the series, its fourth and fifth session.
async fn other_series(pages: &Pages) {
    let series = stage::id("dialogue", 1);
    let what = json!({ "name": "European Union–Japan Cyber Dialogue", "parties": ["JP", "EU"] });
    brought(pages, &theirs::<Dialogue>(1, what)).await;
    let held = |number: u32, day: &str, place: &str| {
        json!({
            "dialogue_ref": series, "state": "held", "starts": format!("{day}T00:00:00Z"), "start": day,
            "ordinal": number, "parties": ["EU", "JP"], "place": place,
        })
    };
    let fourth = held(4, "2019-06-11", "Brussels");
    brought(pages, &theirs::<Session>(2, fourth)).await;
    let fifth = held(5, "2020-06-18", "Tokyo");
    brought(pages, &theirs::<Session>(3, fifth)).await;
    let said = json!({
        "words": "Both sides will open a line for questions of translation.", "act": "commitment", "actors": ["EU", "JP"],
        "strength": 3, "standing": "joint", "dialogue_ref": series, "session_ref": stage::id("session", 3),
    });
    brought(pages, &theirs::<Commitment>(4, said)).await;
}

async fn european() -> Pages {
    Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await
}

async fn own_texts(pages: &Pages) -> Vec<Piece<Text>> {
    let node = pages.bench.node.clone();
    let texts = tokio::task::spawn_blocking(move || {
        let texts = Register::at_home(&node).between::<Text>("text.back", ALWAYS, 9);
        texts.unwrap().into_inner()
    });
    texts.await.unwrap()
}

/// What our record of the clause about contact points says.
async fn own_clause(pages: &Pages) -> Value {
    let node = pages.bench.node.clone();
    let all = tokio::task::spawn_blocking(move || {
        let all = Register::at_home(&node).between::<Commitment>("commitment.back", ALWAYS, 9);
        all.unwrap().into_inner()
    });
    let all = all.await.unwrap().into_iter();
    let mut all = all.filter(|one| one.what.words.contains("exchange contact points"));
    serde_json::to_value(&all.next().unwrap().what).unwrap()
}

/// The rows of a page that speak of something.
fn count(page: &str, words: &str) -> usize {
    page.matches(words).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_series_are_read_as_one_when_somebody_says_so() {
    let pages = european().await;
    let session = entered(&pages, TEXT).await;
    let own = address(&pages.get(&session).await.body, "/dialogues/series/");
    other_series(&pages).await;
    let other = format!("/dialogues/series/{THEIRS}1");
    let not_recorded = "/dialogues/sessions?outcome=not-recorded";

    // Each stands for itself, told apart by who entered it; and the fifth that was announced is not found.
    let list = pages.get("/dialogues/series").await.body;
    assert_eq!(count(&list, "entered by European Union)"), 1, "{list}");
    assert_eq!(count(&list, "(entered by "), 2, "{list}");
    assert!(pages.get(not_recorded).await.body.contains(&session));
    let home = pages.get("/dialogues").await.body;
    assert!(home.contains("id=\"not-held\""), "{home}");

    // Parties agree, and nothing was said: one click. The page of the other proposes the same.
    for page in [&own, &other] {
        let page = pages.get(page).await.body;
        assert!(page.contains("nothing was said of it yet"), "{page}");
    }
    let dialogue = stage::id("dialogue", 1);
    let said = pages
        .post(&format!("{own}/same"), &[("other", &dialogue)])
        .await;
    assert_eq!(
        (said.status, &*said.to),
        (StatusCode::SEE_OTHER, &*own),
        "{}",
        said.body
    );

    let home = pages.get("/dialogues").await.body;
    assert!(!home.contains("id=\"not-held\""), "{home}");
    assert!(!pages.get(not_recorded).await.body.contains(&session));
    let all = pages.get("/dialogues/sessions").await.body;
    let fourth_of_others = format!("/dialogues/sessions/{THEIRS}2");
    let fifth_of_others = format!("/dialogues/sessions/{THEIRS}3");
    assert!(!all.contains(&fourth_of_others), "{all}");
    assert!(all.contains(&fifth_of_others), "{all}");

    // The page of the series: each session once, ours where one is ours, and what binds by either.
    for page in [&own, &other] {
        let page = pages.get(page).await.body;
        assert!(
            page.contains("Read as one with") && page.contains("Read them apart again"),
            "{page}"
        );
        let (sessions, binds) = page.split_once("id=\"binds\"").unwrap();
        assert!(sessions.contains(&session) && sessions.contains(&fifth_of_others));
        assert!(!sessions.contains(&fourth_of_others), "{page}");
        assert!(binds.contains("open a line for questions") && binds.contains("contact points"));
    }
    let list = pages.get("/dialogues/series").await.body;
    assert_eq!(count(&list, "<tr><th scope=\"row\">"), 1, "{list}");

    // Lists that are narrowed to it have what both entered; so has the brief.
    let uuid = own.rsplit('/').next().unwrap();
    for path in [
        format!("/dialogues/register?series={uuid}"),
        format!("/dialogues/register?series={THEIRS}1"),
        format!("{fifth_of_others}/brief"),
    ] {
        let page = pages.get(&path).await.body;
        assert!(
            page.contains("open a line for questions") && page.contains("contact points"),
            "{path}: {page}"
        );
    }
    let timeline = format!("/dialogues/timeline?series={uuid}&since=2018-01-01");
    let timeline = pages.get(&timeline).await.body;
    assert!(timeline.contains(&fifth_of_others), "{timeline}");
    assert!(!timeline.contains(&fourth_of_others), "{timeline}");
    let sessions = pages
        .get(&format!("/dialogues/sessions?series={uuid}"))
        .await
        .body;
    assert!(sessions.contains(&fifth_of_others), "{sessions}");

    // The session has what others wrote down of it, and the way there.
    let page = pages.get(&session).await.body;
    assert!(page.contains("As others entered the same session"));
    assert!(page.contains(&fourth_of_others), "{page}");

    // It can be taken back, and is not proposed again.
    pages.bench.later(60);
    let apart = pages
        .post(&format!("{own}/apart"), &[("other", &dialogue)])
        .await;
    assert_eq!(apart.status, StatusCode::SEE_OTHER, "{}", apart.body);
    assert!(pages.get(not_recorded).await.body.contains(&session));
    let page = pages.get(&own).await.body;
    assert!(!page.contains("nothing was said of it yet"), "{page}");
    assert!(!page.contains(&fifth_of_others), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_says_of_series_joins_nothing_here() {
    let pages = european().await;
    let session = entered(&pages, TEXT).await;
    let own = address(&pages.get(&session).await.body, "/dialogues/series/");
    other_series(&pages).await;
    let said = json!({ "stands_ref": stage::id("dialogue", 1), "other_ref": id("dialogue", &own) });
    brought(&pages, &theirs::<dialogues::records::SameSeries>(9, said)).await;
    let page = pages.get(&own).await.body;
    assert!(!page.contains("Read as one with"), "{page}");
    assert!(!page.contains(&format!("{THEIRS}3")), "{page}");

    // Somebody who only reads is asked nothing, and can say nothing.
    let reader = pages.somebody("Reader", &[node::users::Role::Reader]).await;
    let page = pages.ask("GET", &own, &reader, String::new()).await.body;
    assert!(!page.contains("Read both as one"), "{page}");
    let form = stage::form(&[("other", &stage::id("dialogue", 1))]);
    let refused = pages
        .ask("POST", &format!("{own}/same"), &reader, form)
        .await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_text_with_a_word_otherwise_is_counted_once() {
    let pages = european().await;
    let session = entered(&pages, TEXT).await;
    let own = pages.get(&session).await.body;
    let text = address(&own, "/dialogues/texts/");
    other_series(&pages).await;
    let ours = own_texts(&pages).await.remove(0);
    let content = TEXT.replace("exchange contact points", "exchange their contact points");
    let what = json!({
        "title": "Joint elements", "standing": "joint", "kind": "dialogue_statement", "normal": "otherwise", "content": content,
        "published": ours.what.published, "parties": ["JP", "EU"],
        "dialogue_ref": stage::id("dialogue", 1), "session_ref": stage::id("session", 2),
    });
    let same = theirs::<Text>(5, what.clone());
    brought(&pages, &same).await;
    let mut clause = own_clause(&pages).await;
    clause["words"] = json!(
        "The EU and Japan will exchange their contact points for cyber incidents by 31 December 2025."
    );
    clause["text_ref"] = json!(same.id.as_str());
    clause["dialogue_ref"] = json!(stage::id("dialogue", 1));
    clause["session_ref"] = json!(stage::id("session", 2));
    brought(&pages, &theirs::<Commitment>(6, clause)).await;
    // Another joint text of that day is another text.
    let mut annex = what;
    annex["normal"] = json!("annex");
    annex["content"] = json!(
        "Both sides agreed on a plan of work for two years, with a list of persons and places."
    );
    brought(&pages, &theirs::<Text>(7, annex)).await;

    let page = pages.get(&text).await.body;
    let (_, same) = page.split_once("As others entered the same text").unwrap();
    assert!(same.contains(&format!("{THEIRS}5")), "{page}");
    assert!(!same.contains(&format!("{THEIRS}7")), "{page}");
    for path in ["/dialogues/register", "/dialogues/register?state=passed"] {
        let page = pages.get(path).await.body;
        assert!(!page.contains("exchange their contact points"), "{page}");
        assert_eq!(count(&page, "exchange contact points"), 1, "{page}");
        assert!(page.contains("also entered by"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_said_of_the_same_words_breaks_the_silence_on_them() {
    let pages = european().await;
    let session = entered(&pages, TEXT).await;
    let series = address(&pages.get(&session).await.body, "/dialogues/series/");
    let dialogue = id("dialogue", &series);
    enters(&pages, crate::answers::LATER, &[("dialogue", &*dialogue)]).await;
    let again = pages.get("/dialogues/repeated").await.body;
    assert!(again.contains("duty contact points"), "{again}");
    other_series(&pages).await;
    let texts = own_texts(&pages).await.into_iter();
    let mut texts = texts.filter(|text| text.what.content.contains("fourth meeting"));
    let mut same = serde_json::to_value(&texts.next().unwrap().what).unwrap();
    let mut clause = own_clause(&pages).await;
    for what in [&mut same, &mut clause] {
        what["dialogue_ref"] = json!(stage::id("dialogue", 1));
        what["session_ref"] = json!(stage::id("session", 2));
    }
    let same = theirs::<Text>(5, same);
    brought(&pages, &same).await;
    clause["text_ref"] = json!(same.id.as_str());
    let clause = theirs::<Commitment>(6, clause);
    brought(&pages, &clause).await;
    let again = pages.get("/dialogues/repeated").await.body;
    assert!(again.contains("duty contact points"), "{again}");
    let said = json!({
        "about_ref": clause.id.as_str(), "side": clause.author.as_str(), "state": "under_way",
        "dialogue_ref": stage::id("dialogue", 1),
    });
    brought(&pages, &theirs::<FollowUp>(7, said)).await;
    let again = pages.get("/dialogues/repeated").await.body;
    assert!(!again.contains("duty contact points"), "{again}");
    let home = pages.get("/dialogues").await.body;
    assert!(!home.contains("passed its date"), "{home}");
    let passed = pages.get("/dialogues/register?state=passed").await.body;
    assert!(!passed.contains("exchange contact points"), "{passed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_leaves_out_what_was_replaced_unless_asked() {
    let pages = european().await;
    let [session, series, ..] = changed(&pages).await;
    let (before, now) = ("by 31 December 2025", "by 30 September 2027");
    let uuid = series.rsplit('/').next().unwrap();
    let register = format!("/dialogues/register?series={uuid}");
    for path in [
        register.clone(),
        format!("{register}&as=csv"),
        format!("{register}&as=json"),
    ] {
        let page = pages.get(&path).await.body;
        assert!(
            page.contains(now) && !page.contains(before),
            "{path}: {page}"
        );
        let both = pages.get(&format!("{path}&replaced=also")).await.body;
        assert!(
            both.contains(now) && both.contains(before),
            "{path}: {both}"
        );
        assert!(both.contains("Replaced by a changed form of its text"));
    }
    // A form asks which commitments it serves: those that are in force.
    let dialogue = id("dialogue", &series);
    let form = pages
        .get(&format!("/dialogues/demarches/new?dialogue={dialogue}"))
        .await
        .body;
    assert!(form.contains(now) && !form.contains(before), "{form}");
    assert!(session.starts_with("/dialogues/sessions/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_series_and_every_session_of_one_can_be_chosen() {
    let pages = european().await;
    let node = &pages.bench.node;
    let add = |n: u32, statements: u32| {
        let mut batch = Batch::new(node, None, Label::Ours);
        let parties = json!(["EU", "JP"]);
        let series = json!({ "name": format!("Dialogue {n:02}"), "parties": parties });
        let series: Dialogue = stage::made(series);
        let series = batch.add(NewPiece::of(series)).unwrap();
        for m in 1..=3 {
            let session = json!({
                "dialogue_ref": series.id.as_str(), "state": "held", "starts": format!("2020-{m:02}-{n:02}T00:00:00Z"),
                "ordinal": m, "parties": parties,
            });
            let session: Session = stage::made(session);
            let session = batch.add(NewPiece::of(session)).unwrap();
            for k in 0..statements {
                let said = json!({
                    "words": format!("Words {n} {m} {k}"), "act": "commitment", "actors": parties, "strength": 3, "standing": "joint",
                    "dialogue_ref": series.id.as_str(), "session_ref": session.id.as_str(),
                });
                let said: Commitment = stage::made(said);
                batch.add(NewPiece::of(said)).unwrap();
            }
        }
        batch.send().unwrap();
        pages.bench.later(60);
        series.id.uuid().to_owned()
    };
    let first = tokio::task::block_in_place(|| add(1, 1));
    tokio::task::block_in_place(|| add(2, 30));
    // On the first page stands the second series alone.
    let page = pages.get("/dialogues/register").await.body;
    assert!(!page.contains("Words 1 1 0"), "{page}");
    assert!(page.contains(&format!("value=\"{first}\"")), "{page}");
    let page = pages
        .get(&format!("/dialogues/register?series={first}&words=nowhere"))
        .await
        .body;
    for number in 1..=3 {
        assert!(page.contains(&format!("session no. {number}")), "{page}");
    }
}
