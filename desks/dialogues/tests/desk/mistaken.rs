//! What was entered by mistake: the head of a text is put right, a text is taken back with what it says, a session and a series go where
//! nothing hangs on them.

use crate::entered::{TEXT, entered};
use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::records::{Commitment, Kind as _, Session, Standing, Text};
use dialogues::register::{ALWAYS, Register};
use stage::{Answer, Bench, Pages, address, hidden};

async fn union() -> (Pages, String, String) {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, TEXT).await;
    let text = address(&pages.get(&session).await.body, "/dialogues/texts/");
    (pages, session, text)
}

/// Sends the form at an address with these fields, and which version it is of.
async fn sends(pages: &Pages, way: &str, fields: &[(&str, &str)]) -> Answer {
    pages.bench.later(60);
    let form = pages.get(way).await;
    assert_eq!(form.status, StatusCode::OK, "{way}: {}", form.body);
    let version = hidden(&form.body, "version");
    let mut all = vec![("version", &*version)];
    all.extend_from_slice(fields);
    pages.post(way, &all).await
}

fn id(kind: &str, path: &str) -> String {
    format!("{kind}--{}", path.rsplit('/').next().unwrap())
}

fn sessions(pages: &Pages) -> Vec<String> {
    let all = Register::at_home(&pages.bench.node).between::<Session>("session.starts", ALWAYS, 50);
    let all = all.unwrap().into_inner().into_iter();
    all.map(|piece| piece.id.to_string()).collect()
}

fn statements(pages: &Pages, text: &str) -> Vec<Commitment> {
    let register = Register::at_home(&pages.bench.node);
    let text = id(Text::TYPE, text);
    let all = register.having::<Commitment>("commitment.text", &text, 50);
    let all = all.unwrap().into_inner().into_iter();
    all.map(|piece| piece.what).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_a_text_is_put_right_with_what_it_says() {
    let (pages, session, text) = union().await;
    let series = address(&pages.get(&session).await.body, "/dialogues/series/");
    let new = address(&pages.get(&series).await.body, "/dialogues/sessions/new");
    let new = new.replace("&#38;", "&");
    let form = pages.get(&new).await.body;
    let (version, dialogue) = (hidden(&form, "version"), hidden(&form, "dialogue"));
    let fields = [
        ("version", &*version),
        ("dialogue", &*dialogue),
        ("state", "held"),
        ("start", "2019-06-12"),
        ("tlp", "AMBER+STRICT"),
    ];
    let other = pages.post(new.split('?').next().unwrap(), &fields).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "{}", other.body);
    let to = id(Session::TYPE, &other.to);

    let edit = address(&pages.get(&text).await.body, &format!("{text}/edit"));
    let with = |more: &[(&'static str, &'static str)]| {
        let mut all = vec![
            ("title", "Read-out by the European Union"),
            ("standing", "read_out"),
            ("reported_by", "EU"),
            ("dateline", "2019-07-02"),
            ("reason", "It was entered as joint"),
        ];
        all.retain(|(name, _)| more.iter().all(|(own, _)| own != name));
        all.extend_from_slice(more);
        all
    };
    for (more, said) in [
        ([("reported_by", "")], "Say whose text it is"),
        ([("dateline", "soon")], "This is no date"),
        ([("reason", "")], "Fill in: Why"),
        ([("title", "")], "Fill in: Title"),
    ] {
        let mut fields = with(&more);
        fields.push(("session", &to));
        let refused = sends(&pages, &edit, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    let none = sends(&pages, &edit, &with(&[])).await;
    assert!(none.body.contains("Choose the session"), "{}", none.body);

    let before = statements(&pages, &text);
    assert!(before.len() > 1 && before.iter().all(|one| one.standing == Standing::Joint));
    let mut fields = with(&[]);
    fields.push(("session", &to));
    let done = sends(&pages, &edit, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = pages.get(&text).await.body;
    assert!(
        page.contains("Read-out by the European Union")
            && page.contains("2 July 2019")
            && !page.contains("/consent\""),
        "{page}"
    );
    let after = statements(&pages, &text);
    assert_eq!(after.len(), before.len());
    for one in &after {
        assert_eq!(one.standing, Standing::ReadOut);
        assert_eq!(one.reported_by.as_deref(), Some("EU"));
        assert_eq!(one.session_ref.as_deref(), Some(&*to));
        assert_eq!(one.reason.as_deref(), Some("It was entered as joint"));
    }
    let page = pages.get(&other.to).await.body;
    assert!(page.contains("exchange contact points"), "{page}");
    let page = pages.get(&session).await.body;
    assert!(!page.contains("exchange contact points"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_entered_twice_is_taken_back() {
    let (pages, session, text) = union().await;
    // As long as a text hangs on it, it stays, and it is said what hangs on it.
    let withdraw = format!("{session}/withdraw");
    let page = pages.get(&withdraw).await;
    assert!(
        page.body.contains("as long as this hangs on it")
            && page.body.contains(&text)
            && !page.body.contains("name=\"reason\""),
        "{}",
        page.body
    );
    let refused = pages.post(&withdraw, &[("reason", "x")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(sessions(&pages).len(), 1);

    let series = address(&pages.get(&session).await.body, "/dialogues/series/");
    let new = address(&pages.get(&series).await.body, "/dialogues/sessions/new");
    let new = new.replace("&#38;", "&");
    let (form, mut made) = (pages.get(&new).await.body, Vec::new());
    let dialogue = hidden(&form, "dialogue");
    for _ in 0..2 {
        let mut alike = String::new();
        let answer = loop {
            let fields = [
                ("version", ""),
                ("dialogue", &*dialogue),
                ("alike", &*alike),
                ("state", "planned"),
                ("ordinal", "5"),
                ("start", "2027-06-12"),
                ("tlp", "AMBER+STRICT"),
            ];
            let answer = pages.post(new.split('?').next().unwrap(), &fields).await;
            if answer.status == StatusCode::SEE_OTHER {
                break answer;
            }
            let said = hidden(&answer.body, "alike");
            assert_ne!(said, alike, "{}", answer.body);
            alike = said;
        };
        made.push(answer.to);
    }
    assert_eq!(sessions(&pages).len(), 3);
    let way = address(
        &pages.get(&made[1]).await.body,
        &format!("{}/withdraw", made[1]),
    );
    let refused = sends(&pages, &way, &[("reason", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = sends(&pages, &way, &[("reason", "Entered twice")]).await;
    assert_eq!((done.status, &*done.to), (StatusCode::SEE_OTHER, &*series));
    assert_eq!(sessions(&pages).len(), 2);
    let home = pages.get("/dialogues").await.body;
    assert!(
        !home.contains(&made[1]) && home.contains(&made[0]),
        "{home}"
    );
    // Its page says what became of it; whoever has it not finds nothing there.
    let page = pages.get(&made[1]).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(
        page.body.contains("Withdrawn by European Union on") && page.body.contains("Entered twice"),
        "{}",
        page.body
    );
    let outside = pages.ask("GET", &made[1], "", String::new()).await;
    assert_eq!(outside.status, StatusCode::NOT_FOUND);
    let again = pages.post(&way, &[("reason", "x")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);

    // A series goes when the last session has gone.
    let withdraw = format!("{series}/withdraw");
    assert!(pages.get(&withdraw).await.body.contains("hangs on it"));
    sends(&pages, &format!("{text}/withdraw"), &[("reason", "x")]).await;
    for one in [&session, &made[0]] {
        let gone = sends(&pages, &format!("{one}/withdraw"), &[("reason", "x")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    }
    let gone = sends(&pages, &withdraw, &[("reason", "x")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    let list = pages.get("/dialogues/series").await.body;
    assert!(!list.contains(&series), "{list}");
    assert_eq!(pages.get(&series).await.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_taken_back_with_what_it_says_and_can_be_entered_again() {
    let (pages, session, text) = union().await;
    let page = pages.get(&session).await.body;
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    let one = address(&page[row..], "/dialogues/commitments/");
    let follow = [
        ("version", ""),
        ("state", "implemented"),
        ("tlp", "AMBER+STRICT"),
    ];
    let said = pages.post(&format!("{one}/follow-up"), &follow).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let way = address(&pages.get(&text).await.body, &format!("{text}/withdraw"));
    let page = pages.get(&way).await.body;
    let n = statements(&pages, &text).len();
    assert!(
        page.contains(&format!("{n} statements of it go along"))
            && page.contains("What followed one of them was said by European Union"),
        "{page}"
    );
    let done = sends(&pages, &way, &[("reason", "The wrong file")]).await;
    assert_eq!((done.status, &*done.to), (StatusCode::SEE_OTHER, &*session));
    assert!(statements(&pages, &text).is_empty());
    let register = Register::at_home(&pages.bench.node);
    let about = id(Commitment::TYPE, &one);
    let said = register.having::<dialogues::records::FollowUp>("follow_up.about", &about, 5);
    assert!(said.unwrap().into_inner().is_empty());
    for gone in [&text, &one] {
        let page = pages.get(gone).await;
        assert_eq!(page.status, StatusCode::GONE, "{gone}");
    }
    assert!(pages.get(&text).await.body.contains("The wrong file"));
    // The same words are no known text now; the reading waits, and becomes a text of its own.
    let read = pages
        .post("/dialogues/readings/new", &[("text", TEXT)])
        .await;
    let confirm = format!("{}/confirm", read.to);
    let revision = hidden(&pages.get(&confirm).await.body, "revision");
    let fields = [
        ("standing", "joint"),
        ("revision", &*revision),
        ("session", &*id(Session::TYPE, &session)),
        ("dialogue", &*{
            let series = address(&pages.get(&session).await.body, "/dialogues/series/");
            id("dialogue", &series)
        }),
        ("others", "yes"),
    ];
    let again = pages.post(&confirm, &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let page = pages.get(&session).await.body;
    assert!(page.contains("exchange contact points"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_without_what_it_needs_is_absent() {
    let pages = Pages::new(Dialogues).await;
    for (kind, room) in [
        ("event", "events"),
        ("demarche", "demarches"),
        ("commitment", "commitments"),
    ] {
        let node = pages.bench.node.clone();
        let uuid = "9d1f1f7e-11aa-4c53-8f0e-0aa4f2b7b3f1";
        let text = format!(
            r#"{{"type":"{kind}","spec_version":"2.1","id":"{kind}--{uuid}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z",
            "created_by_ref":"identity--3a2d9b0e-95d8-44c5-9a8b-5e7a0b9d1c11","extensions":{{"{}":{{"extension_type":"new-sdo"}}}}}}"#,
            dialogues::records::EXTENSION
        );
        let taken = tokio::task::spawn_blocking(move || {
            let submission = node::Submission {
                objects: std::iter::once(0..text.len()).collect(),
                bytes: text.into(),
                channel: node::Channel::Import,
                submitter: node.home().id.clone(),
                person: None,
                collection: dialogues::DESK.to_owned(),
                marking: node::submission::Marking::default(),
            };
            node.accept(submission).unwrap().wait().unwrap().successes()
        });
        assert_eq!(taken.await.unwrap(), 1, "{kind}");
        // The room of all records has it; the desk does not know what to show.
        let kept = pages.get(&format!("/records/{kind}--{uuid}")).await;
        assert_eq!(kept.status, StatusCode::OK, "{kind}: {}", kept.body);
        let page = pages.get(&format!("/dialogues/{room}/{uuid}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{kind}: {}", page.body);
    }
}
