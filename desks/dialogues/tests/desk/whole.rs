//! Answers are whole, however much there is to look through: sessions on a subject, a series on the timeline, what was said again; and where
//! a page ends early it says so.

use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, NewPiece, Piece, Session};
use dialogues::register::Register;
use serde_json::{Value, json};
use stage::{Bench, Pages, made};

fn series(bench: &Bench, name: &str) -> Piece<Dialogue> {
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let what = json!({ "name": name, "parties": ["EU", "JP"] });
    let one = batch.add(NewPiece::of(made(what))).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    one
}

fn session(bench: &Bench, series: &Piece<Dialogue>, day: &str, place: &str) -> Piece<Session> {
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let what = json!({
        "dialogue_ref": series.id.as_str(), "state": "held", "parties": ["EU", "JP"],
        "starts": format!("{day}T00:00:00Z"), "start": day, "place": place,
    });
    let one = batch.add(NewPiece::of(made(what))).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    one
}

/// Statements of a session on a subject, as many as are asked for.
fn said(
    bench: &Bench,
    session: &Piece<Session>,
    (topic, most): (&str, usize),
    more: &Value,
) -> Vec<Piece<Commitment>> {
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let statements = (0..most).map(|n| {
        let mut what = json!({
            "dialogue_ref": session.what.dialogue_ref, "session_ref": session.id.as_str(), "words": format!("They will meet, {n}."), "strength": 3,
            "act": "commitment", "standing": "joint", "actors": ["EU"], "topics": [topic],
        });
        for (name, value) in more.as_object().unwrap() {
            what[name] = value.clone();
        }
        batch.add(NewPiece::of(made::<Commitment>(what))).unwrap()
    });
    let all = statements.collect();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    all
}

/// What somebody writes of so many series, the last of which the node may not hold where that is wanted.
fn batch(bench: &Bench, most: usize, above: bool) -> Batch<'_> {
    let by = bench.node.at_terminal("tests");
    let mut batch = Batch::new(&bench.node, by, Label::Ours);
    for n in 0..most {
        let name = match above && n + 1 == most {
            true => "SECRET//NOFORN".to_owned(),
            false => format!("Dialogue {n}"),
        };
        let what = json!({ "name": name, "parties": ["EU", "JP"] });
        batch.add(NewPiece::of(made::<Dialogue>(what))).unwrap();
    }
    batch
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_writes_is_whole_however_much_it_is() {
    let bench = Bench::new(&Dialogues);
    let count = || {
        let register = Register::at_home(&bench.node);
        let all = register.all::<Dialogue>("dialogue.name", 9_000);
        all.unwrap().map(|all| all.len()).into_inner()
    };
    let sent = |batches| tokio::task::block_in_place(|| Batch::send_all(batches));
    let refused = sent(vec![batch(&bench, 1_200, true)]);
    assert!(refused.unwrap_err().is::<node::NotTaken>());
    assert_eq!(count(), 0, "of one that is larger than a portion");
    let refused = sent(vec![batch(&bench, 3, false), batch(&bench, 2, true)]);
    assert!(refused.unwrap_err().is::<node::NotTaken>());
    assert_eq!(count(), 0, "of several");
    sent(vec![batch(&bench, 1_200, false), batch(&bench, 3, false)]).unwrap();
    assert_eq!(count(), 1_203);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_found_by_its_subject_behind_any_number_of_statements() {
    let pages = Pages::new(Dialogues).await;
    let bench = &pages.bench;
    let one = series(bench, "Dialogue");
    let loud = session(bench, &one, "2024-03-01", "Loudville");
    // As many as were once looked through, and one more.
    said(bench, &loud, ("capacity_building", 5_001), &json!({}));
    let quiet = session(bench, &one, "2025-03-01", "Quietburg");
    let withdrawn = session(bench, &one, "2025-04-01", "Backton");
    let silent = session(bench, &one, "2025-05-01", "Silentstead");
    said(bench, &silent, ("norms", 1), &json!({}));
    let last = said(bench, &quiet, ("capacity_building", 1), &json!({}));
    said(bench, &withdrawn, ("capacity_building", 1), &json!({}));
    let path = "/dialogues/sessions?topic=capacity_building";
    let page = pages.get(path).await.body;
    for there in ["Loudville", "Quietburg", "Backton"] {
        assert!(page.contains(there), "{there}");
    }
    assert!(!page.contains("Silentstead"));
    assert!(!page.contains("Not everything is shown"));

    // What is no longer on the subject in its newest version is not found by an older one.
    bench.later(1);
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let mut what = last[0].what.clone();
    what.topics = vec!["norms".to_owned()];
    batch.add(last[0].revised(what)).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    let page = pages.get(path).await.body;
    assert!(page.contains("Loudville") && !page.contains("Quietburg"));

    // A page that ends early says so; this one is of more statements than a page of a session has.
    let path = format!("/dialogues/sessions/{}", loud.id.uuid());
    let page = pages.get(&path).await;
    assert!(page.body.contains("Not everything is shown"));
    let home = pages.get("/dialogues/series").await.body;
    assert!(!home.contains("Not everything is shown"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_stands_on_the_timeline_behind_all_others() {
    let pages = Pages::new(Dialogues).await;
    let bench = &pages.bench;
    let (loud, quiet) = (series(bench, "Loud"), series(bench, "Quiet"));
    for n in 0..61 {
        let day = format!("2026-{:02}-{:02}", 1 + n / 28, 1 + n % 28);
        session(bench, &loud, &day, "Loudville");
    }
    let one = session(bench, &quiet, "2026-09-01", "Quietburg");
    let due = json!({ "due": "2026-09-30", "due_by": "2026-09-30T23:59:59Z" });
    let first = session(bench, &loud, "2026-08-01", "Loudville");
    said(bench, &first, ("norms", 61), &due);
    said(bench, &one, ("norms", 1), &due);
    let all = pages.get("/dialogues/timeline").await.body;
    assert!(all.contains("Not everything is shown"), "{all}");
    let path = format!("/dialogues/timeline?series={}", quiet.id.uuid());
    let page = pages.get(&path).await.body;
    assert!(!page.contains("Not everything is shown"), "{page}");
    assert!(page.contains(one.id.uuid()), "{page}");
    assert!(page.contains("They will meet, 0."), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_again_goes_on_page_by_page() {
    let pages = Pages::new(Dialogues).await;
    let bench = &pages.bench;
    let one = series(bench, "Dialogue");
    let before = session(bench, &one, "2024-03-01", "Tokyo");
    let after = session(bench, &one, "2025-03-01", "Brussels");
    for earlier in said(bench, &before, ("norms", 101), &json!({})) {
        let again = json!({ "repeats_ref": earlier.id.as_str() });
        said(bench, &after, ("norms", 1), &again);
    }
    let first = pages.get("/dialogues/repeated").await.body;
    let next = first.split("rel=\"next\"").next().unwrap();
    let next = next.rsplit("href=\"").next().unwrap().split('"').next();
    let next = format!("/dialogues/repeated{}", next.unwrap().replace("&#38;", "&"));
    let last = pages.get(&next).await.body;
    assert_eq!(first.matches("<p class=\"name\">").count(), 100);
    assert_eq!(last.matches("<p class=\"name\">").count(), 1, "{last}");
    assert!(!last.contains("rel=\"next\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn wording_is_narrowed_before_it_is_cut_off() {
    let pages = Pages::new(Dialogues).await;
    let bench = &pages.bench;
    let loud = series(bench, "Loud dialogue");
    let early = session(bench, &loud, "2019-03-01", "Loudville");
    // More than a page looks at.
    said(bench, &early, ("norms", 700), &json!({}));
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let what = json!({ "name": "Quiet dialogue", "parties": ["EU", "CA"] });
    let quiet = batch.add(NewPiece::of(made::<Dialogue>(what))).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    let late = session(bench, &quiet, "2025-03-01", "Quietburg");
    let words = |words: &str| json!({ "words": words });
    said(bench, &late, ("norms", 1), &words("Quiet words."));
    let agency = json!({ "words": "An agency plans exercises by itself.", "actors": ["ENISA"] });
    said(bench, &late, ("norms", 1), &agency);
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let what = json!({ "name": "Dialogue of the guest", "parties": ["EU", "AU"] });
    batch.add(NewPiece::of(made::<Dialogue>(what))).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    let guest = json!({ "words": "A guest speaks of norms.", "actors": ["AU"] });
    said(bench, &late, ("norms", 1), &guest);
    said(
        bench,
        &late,
        ("capacity_building", 1),
        &words("Other words."),
    );

    let (series, session) = (quiet.id.uuid(), late.id.uuid());
    let cut = "Not everything is shown";
    for (narrowed, here, gone) in [
        ("since=2024-01-01".to_owned(), "Quiet words", "They will"),
        (
            "since=2025-03-01&until=2025-03-01".to_owned(),
            "Quiet words",
            "They will",
        ),
        (
            "since=2024-01-01&side=CA".to_owned(),
            "Quiet words",
            "They will",
        ),
        (
            "since=2024-01-01&side=ENISA".to_owned(),
            "An agency plans",
            "Quiet words",
        ),
        ("side=CA".to_owned(), "Quiet words", "They will"),
        // A party of another series that speaks in this one.
        ("side=AU".to_owned(), "A guest speaks", "Quiet words"),
        (
            "since=2024-01-01&side=AU".to_owned(),
            "A guest speaks",
            "Quiet words",
        ),
        ("side=ENISA".to_owned(), "An agency plans", "Quiet words"),
        (format!("series={series}"), "Quiet words", "They will"),
        (
            format!("series={series}&since=2024-01-01"),
            "Quiet words",
            "They will",
        ),
        (format!("session={session}"), "Quiet words", "They will"),
    ] {
        let path = format!("/dialogues/wording?topic=norms&{narrowed}");
        let page = pages.get(&path).await.body;
        assert!(page.contains(here), "{path}: {page}");
        for not in [gone, "Other words", cut] {
            assert!(!page.contains(not), "{path}: {not}");
        }
    }
    for narrowed in ["", "&until=2020-01-01", "&side=JP", "&side=EU"] {
        let path = format!("/dialogues/wording?topic=norms{narrowed}");
        let page = pages.get(&path).await.body;
        assert!(page.contains("They will"), "{path}");
        assert!(page.contains(cut), "{path}");
    }
    for narrowed in ["since=2026-01-01", "until=2018-12-31", "side=US"] {
        let path = format!("/dialogues/wording?topic=norms&{narrowed}");
        let page = pages.get(&path).await.body;
        let rows = page.split("<main").nth(1).unwrap();
        assert!(!rows.contains("words."), "{path}");
        assert!(!rows.contains("They will") && !page.contains(cut), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_a_time_and_on_a_subject_are_found_behind_all_others() {
    let pages = Pages::new(Dialogues).await;
    let bench = &pages.bench;
    let one = series(bench, "Dialogue");
    let old = session(bench, &one, "2011-03-01", "Oldstead");
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let series: Vec<Piece<Dialogue>> = (0..30)
        .map(|n| {
            let what = json!({ "name": format!("Dialogue {n}"), "parties": ["EU", "JP"] });
            batch.add(NewPiece::of(made(what))).unwrap()
        })
        .collect();
    for n in 0..450 {
        let what = json!({
            "dialogue_ref": series[n % 30].id.as_str(), "state": "held", "parties": ["EU", "JP"], "place": "Manyham",
            "starts": format!("2025-03-{:02}T00:00:00Z", n % 28 + 1), "start": format!("2025-03-{:02}", n % 28 + 1),
        });
        batch.add(NewPiece::of(made::<Session>(what))).unwrap();
    }
    tokio::task::block_in_place(|| batch.send()).unwrap();
    let page = pages.get("/dialogues/sessions?until=2012-01-01").await.body;
    assert!(page.contains("Oldstead") && !page.contains("Manyham"));
    let page = pages
        .get("/dialogues/sessions?since=2010-01-01&until=2025-02-28")
        .await
        .body;
    assert!(page.contains("Oldstead") && !page.contains("Manyham"));
    // A subject that was spoken of, on no agenda, puts its session on the line as it does in the list.
    said(bench, &old, ("norms", 1), &json!({}));
    let line = "/dialogues/timeline?since=2010-01-01&until=2025-12-31";
    for (topic, there) in [("norms", true), ("capacity_building", false)] {
        let page = pages.get(&format!("{line}&topic={topic}")).await.body;
        let rows = page.split("<main").nth(1).unwrap();
        assert_eq!(rows.contains("Oldstead"), there, "{topic}: {rows}");
    }
}
