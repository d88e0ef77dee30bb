//! Two at once, and twice the same: what was pressed twice is done once, and nobody goes on from what somebody else has changed.

use std::sync::Arc;

use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::drafting::bench::Bench;
use dialogues::import::{Reading, Stage, load, save};
use dialogues::records::Draft;
use dialogues::register::Register;
use node::Node;
use node::users::Role;
use policy::Purpose;
use stage::{address, form, hidden};
use stix::ObjectId;

use crate::appraisals::{brought, key};
use crate::drafting_story::pages::{Answer, Pages, carried, edited};
use crate::entered::{TEXT, entered};

const OURS: (&str, &str) = ("tlp", "AMBER+STRICT");
/// How many press at once.
const HANDS: usize = 6;

/// The same form, sent several times at once.
pub(crate) async fn at_once(
    pages: &Arc<Pages>,
    path: &str,
    fields: &[(&str, &str)],
) -> Vec<Answer> {
    let fields: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let hands = (0..HANDS).map(|hand| {
        let (pages, path, fields) = (pages.clone(), path.to_owned(), fields.clone());
        tokio::spawn(async move {
            let hand = hand.to_string();
            let own: Vec<(&str, String)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.replace("HAND", &hand)))
                .collect();
            let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (*a, b.as_str())).collect();
            pages.post(&path, &own).await
        })
    });
    let hands: Vec<_> = hands.collect();
    let mut answers = Vec::new();
    for hand in hands {
        answers.push(hand.await.unwrap());
    }
    answers
}

/// How many were taken; the others were told, and nothing broke.
#[track_caller]
pub(crate) fn taken(answers: &[Answer]) -> usize {
    let told = [
        StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::CONFLICT,
        StatusCode::NOT_FOUND,
    ];
    for answer in answers {
        assert!(
            answer.status == StatusCode::SEE_OTHER || told.contains(&answer.status),
            "{}: {}",
            answer.status,
            answer.text()
        );
    }
    let taken = answers
        .iter()
        .filter(|one| one.status == StatusCode::SEE_OTHER);
    taken.count()
}

/// How many objects of a type are here.
pub(crate) async fn count(node: &Node, kind: &str) -> usize {
    let (node, kind) = (node.clone(), format!("\"type\":\"{kind}\""));
    tokio::task::spawn_blocking(move || {
        let all = node.newest(&node.home_viewer(), Purpose::Show, &[], 5_000);
        let all = all.unwrap().into_iter();
        let fits = |body: &[u8]| String::from_utf8_lossy(body).contains(&kind);
        all.filter(|one| fits(&one.as_ref().into_inner().record.body))
            .count()
    })
    .await
    .unwrap()
}

/// The address of a draft of two passages.
async fn drafted(pages: &Pages) -> String {
    let session = pages.session().await;
    let made = pages
        .sent(
            &format!("{session}/drafts/new"),
            &[
                ("title", "T"),
                ("text", "They will meet.\n\nThey will publish it."),
                OURS,
            ],
        )
        .await;
    made.to
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_confirmed_once_however_often_it_is_pressed() {
    let pages = Arc::new(Pages::new().await);
    for round in 0..3 {
        let text = TEXT.replace("contact points", &format!("contact points of kind {round}"));
        let read = pages
            .sent("/dialogues/readings/new", &[("text", &text)])
            .await;
        let confirm = format!("{}/confirm", read.to);
        let before = count(&pages.bench.node, "report").await;
        let fields = [("standing", "joint"), ("revision", "0")];
        let answers = at_once(&pages, &confirm, &fields).await;
        assert_eq!(
            (taken(&answers), count(&pages.bench.node, "report").await),
            (1, before + 1),
            "round {round}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_confirmed_and_cut_short_behind_it_is_in_the_register() {
    let pages = Pages::new().await;
    let fields = [("text", TEXT)];
    let read = pages.sent("/dialogues/readings/new", &fields).await.to;
    let id = read.rsplit('/').next().unwrap().to_owned();
    let confirm = format!("{read}/confirm");
    let fields = [("standing", "joint"), ("revision", "0")];
    pages.sent(&confirm, &fields).await;
    // As the disk has it where the program ended before it could note that.
    let node = pages.bench.node.clone();
    let stage = || {
        tokio::task::block_in_place(|| load(&node, &id))
            .unwrap()
            .unwrap()
    };
    let done = stage();
    let cut = Reading {
        stage: Stage::Waiting,
        confirming: Some(node.now()),
        ..done.clone()
    };
    tokio::task::block_in_place(|| save(&node, Some(&done), &cut)).unwrap();
    assert_eq!(stage(), cut, "it may still be going on");
    pages.bench.later(601);
    assert_eq!(stage().stage, Stage::Confirmed);
    let listed = pages.get("/dialogues/readings?stage=confirmed").await;
    listed.has(&read);
    assert_eq!(count(&pages.bench.node, "report").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_what_is_confirmed() {
    let pages = stage::Pages::new(Dialogues).await;
    let other = pages.somebody("Ilse Varnholt", &Role::ALL).await;
    let read = pages
        .post("/dialogues/readings/new", &[("text", TEXT)])
        .await
        .to;
    let (head, confirm) = (format!("{read}/head"), format!("{read}/confirm"));
    let title = |title, revision| {
        [
            ("title", title),
            ("kind", "joint_statement"),
            ("parties", "EU, Japan"),
            ("revision", revision),
        ]
    };
    // Refused, corrected as told by the same person, and sent again as it was kept: nobody else did anything.
    let unnamed = pages
        .post(&confirm, &[("standing", "read_out"), ("revision", "0")])
        .await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let corrected = pages.post(&head, &title("Otherwise", "0")).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER);
    let kept = pages.get(&confirm).await.body;
    let fields = |revision| [("standing", "read_out"), ("revision", revision)];
    let still = pages
        .post(&confirm, &fields(&hidden(&kept, "revision")))
        .await;
    assert!(!still.body.contains("Somebody corrected"), "{}", still.body);
    // Somebody else corrects it while the page is open on which it is confirmed.
    let now = form(&title("Once more", "1"));
    let corrected = pages.ask("POST", &head, &other, now).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER);
    let fields = |revision| [("standing", "joint"), ("revision", revision)];
    let stale = pages.post(&confirm, &fields("1")).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("Somebody corrected"), "{}", stale.body);
    let now = hidden(&pages.get(&confirm).await.body, "revision");
    let done = pages.post(&confirm, &fields(&now)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_corrections_at_once_one_is_taken() {
    let pages = Arc::new(Pages::new().await);
    let read = pages
        .sent("/dialogues/readings/new", &[("text", TEXT)])
        .await
        .to;
    for round in 0..4 {
        let head = format!("{read}/head");
        let revision = round.to_string();
        let fields = [
            ("title", "By HAND"),
            ("kind", "joint_statement"),
            ("parties", "EU, Japan"),
            ("revision", &revision),
        ];
        let answers = at_once(&pages, &head, &fields).await;
        assert_eq!(taken(&answers), 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_internal_files_at_once_one_is_taken() {
    let pages = Arc::new(Pages::new().await);
    let session = pages.session().await;
    let series = address(&pages.get(&session).await.text(), "/dialogues/series/");
    let file = format!("{series}/file");
    for round in 0..4 {
        // One was taken each time before; a page would go on from what a slower hand had typed.
        let revision = round.to_string();
        let fields = [("red-lines", "None, by HAND"), ("revision", &*revision)];
        let answers = at_once(&pages, &file, &fields).await;
        assert_eq!(taken(&answers), 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_put_forward_once_and_as_it_was_read() {
    let pages = Arc::new(Pages::new().await);
    let draft = drafted(&pages).await;
    let (work, forward) = (format!("{draft}/work"), format!("{draft}/forward"));
    for round in 0..3 {
        pages.sent(&work, &[]).await;
        let page = pages.get(&forward).await.text();
        let read = page.contains("name=\"revision\"");
        // Somebody adds words meanwhile.
        let passage = format!("{work}/1-2");
        let revision = "1";
        let words = format!("They will publish it {round} times.");
        let fields = [("words", words.as_str()), ("revision", revision)];
        // In several hands at once: one of them is kept.
        assert_eq!(taken(&at_once(&pages, &passage, &fields).await), 1);
        let unread = pages.post(&forward, &[("revision", revision), OURS]).await;
        assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
        unread.has("changed this round meanwhile");
        assert!(read, "the page carries what it shows");
        let now = carried(&pages.get(&forward).await, "revision");
        let answers = at_once(&pages, &forward, &[("revision", &now), OURS]).await;
        assert_eq!(taken(&answers), 1);
        let id = format!("draft--{}", draft.rsplit('/').next().unwrap());
        let node = pages.bench.node.clone();
        let rounds = tokio::task::spawn_blocking(move || {
            let rounds = Register::at_home(&node).having::<Draft>("draft.of", &id, 99);
            rounds.unwrap().into_inner().len()
        });
        assert_eq!(rounds.await.unwrap(), round + 2);
    }
}

/// The round in preparation of a draft as this node keeps it, as it is left where the program ends in the midst of putting it forward.
async fn cut_short(node: &Node, draft: &str, kept: Option<Bench>, since: i64) -> Bench {
    let id = ObjectId::parse(&format!("draft--{}", draft.rsplit('/').next().unwrap())).unwrap();
    let (node, id) = (node.clone(), id);
    let left = tokio::task::spawn_blocking(move || {
        let mut left = kept.unwrap_or_else(|| Bench::load(&node, &id).unwrap().unwrap());
        left.sending = Some(node.now() + since);
        let bytes = serde_json::to_vec(&left).unwrap();
        let kept = node.keep(dialogues::DESK, "round", id.as_str(), bytes);
        kept.wait().unwrap();
        left
    });
    left.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_was_out_when_the_program_ended_goes_out_once() {
    let pages = Pages::new().await;
    let draft = drafted(&pages).await;
    let (work, forward) = (format!("{draft}/work"), format!("{draft}/forward"));
    let node = pages.bench.node.clone();
    let hour = 3_600_000_000;
    pages.sent(&work, &[]).await;
    let words = [("words", "They will publish all of it."), ("revision", "1")];
    pages.sent(&format!("{work}/1-2"), &words).await;
    let now = carried(&pages.get(&forward).await, "revision");
    let kept = cut_short(&node, &draft, None, -hour).await;
    let first = pages.sent(&forward, &[("revision", &now), OURS]).await;
    let before = count(&node, "draft").await;
    // It went out, and the program ended before it could let go of what was prepared.
    cut_short(&node, &draft, Some(kept.clone()), -hour).await;
    let again = pages.sent(&forward, &[("revision", &now), OURS]).await;
    assert_eq!(again.to, first.to);
    assert_eq!(count(&node, "draft").await, before);
    // The next round is begun from it, not from what was left lying.
    cut_short(&node, &draft, Some(kept), -hour).await;
    pages.sent(&work, &[]).await;
    let now = carried(&pages.get(&forward).await, "revision");
    let next = pages.sent(&forward, &[("revision", &now), OURS]).await;
    assert_ne!(next.to, first.to);
    assert_eq!(count(&node, "draft").await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_short_under_a_clock_ahead_holds_nobody_up() {
    let pages = Pages::new().await;
    let draft = drafted(&pages).await;
    pages.sent(&format!("{draft}/work"), &[]).await;
    let forward = format!("{draft}/forward");
    let now = carried(&pages.get(&forward).await, "revision");
    let year = 365 * 86_400_000_000;
    cut_short(&pages.bench.node, &draft, None, year).await;
    pages.sent(&forward, &[("revision", &now), OURS]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_came_back_is_taken_with_its_own_authors() {
    let pages = Pages::new().await;
    let draft = drafted(&pages).await;
    let round = address(&pages.get(&draft).await.text(), &format!("{draft}/rounds/"));
    let sent = pages.get(&format!("{round}/round.docx")).await.bytes;
    let by = |authors: [&str; 2]| {
        let change = |author: &str, word: &str| {
            format!(
                "</w:t></w:r><w:ins w:id=\"90\" w:author=\"{author}\" w:date=\"2026-11-23T10:00:00Z\"><w:r><w:t xml:space=\"preserve\"> {word}</w:t></w:r></w:ins><w:r><w:t>."
            )
        };
        let [one, other] = authors;
        edited(
            &sent,
            "word/document.xml",
            &[
                (" meet.", &format!(" meet{}", change(one, "soon"))),
                (
                    " publish it.",
                    &format!(" publish it{}", change(other, "soon")),
                ),
            ],
        )
    };
    let receive = format!("{draft}/receive");
    let first = pages
        .upload(&receive, "Ms Tanaka", &by(["Alice", "Bob"]))
        .await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
    let form = pages.get(&first.to).await;
    let names = |page: &str| -> Vec<(String, String)> {
        let labels = page.split("<label for=\"f-author-").skip(1).map(|rest| {
            let (name, rest) = rest.split_once('"').unwrap();
            let label = rest.split('>').nth(1).unwrap();
            (format!("author-{name}"), label.to_owned())
        });
        labels.collect()
    };
    let of_first = names(&form.text());
    assert_eq!(of_first.len(), 2, "{}", form.text());
    let digest = form
        .text()
        .contains("name=\"waits\"")
        .then(|| carried(&form, "waits"));
    // Meanwhile somebody brings another file.
    let second = pages
        .upload(&receive, "Ms Tanaka", &by(["Bob", "Carol"]))
        .await;
    assert_eq!(second.status, StatusCode::SEE_OTHER);
    let mut fields = vec![("sender", "JP")];
    fields.extend(of_first.iter().map(|(name, _)| (name.as_str(), "JP")));
    fields.extend(digest.as_deref().map(|digest| ("waits", digest)));
    let other = pages.post(&first.to, &fields).await;
    assert_eq!(
        other.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the sides of one file are taken for another's authors"
    );
    other.has("Another file was brought in meanwhile");
    // One person goes on where somebody was, not where they stood on the list.
    let form = pages.get(&first.to).await;
    let of_second = names(&form.text());
    let bob = |all: &[(String, String)]| {
        let all = all.iter().find(|(_, label)| label.contains("Bob"));
        all.unwrap().0.clone()
    };
    assert_eq!(bob(&of_first), bob(&of_second), "a field is an author's");
    let now = carried(&form, "waits");
    let mut fields = vec![("sender", "JP"), ("waits", now.as_str())];
    fields.extend(of_second.iter().map(|(name, _)| (name.as_str(), "JP")));
    pages.sent(&first.to, &fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_feeds_opens_no_unconfirmed_text() {
    let pages = Pages::new().await;
    let read = pages
        .sent("/dialogues/readings/new", &[("text", TEXT)])
        .await
        .to;
    let path = format!("{read}/example.json");
    pages.get(&path).await.has("entente-statement/1");
    let node = pages.bench.node.clone();
    let operator = node.at_terminal("tests");
    let known = node.users(&operator).unwrap();
    let me = known
        .into_iter()
        .find(|one| one.name == "Ilse Varnholt")
        .unwrap();
    let code = node.one_time(&me.person, node::users::Once::Link, &operator);
    let code = code.await.unwrap();
    let by = node.redeem(&code.secret, "tests").await.unwrap().actor;
    let new = node::users::NewToken {
        name: "reader".to_owned(),
        scope: node::users::Scope::Feed,
        days: 1,
    };
    let token = node.add_token(new, &by).await.unwrap().to_string();
    let stranger = Pages {
        cookie: String::new(),
        ..pages
    };
    let due = format!("/dialogues/due.json?token={token}");
    stranger.get(&due).await;
    let opened = stranger
        .ask(
            "GET",
            &format!("{path}?token={token}"),
            "text/plain",
            Vec::new(),
        )
        .await;
    assert_ne!(opened.status, StatusCode::OK, "{}", opened.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_scores_is_taken_once() {
    let pages = stage::Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let series = address(&pages.get(&session).await.body, "/dialogues/series/");
    let scores = format!("{series}/scores");
    let words =
        "The EU and Japan will exchange contact points for cyber incidents by 31 December 2025";
    let table = format!("commitment,member,score,text\n\"{words}\",Japan,+1,a\n");
    let tried = brought(&pages, &scores, &table).await;
    let key = key(&tried);
    let pages = Arc::new(Pages {
        bench: pages.bench,
        router: pages.router,
        cookie: pages.cookie,
    });
    let before = count(&pages.bench.node, "appraisal").await;
    let answers = at_once(&pages, &format!("{scores}/take"), &[("brought", &key)]).await;
    assert_eq!(
        (taken(&answers), count(&pages.bench.node, "appraisal").await),
        (1, before + 1)
    );
}
