//! The pages of the desk over a real node: the story of one text, and what nobody sees who may not.

use crate::entered::{TEXT, entered};
use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, NewPiece};
use dialogues::register::Register;
use site::Desk as _;
use stage::{Pages, address, hidden};

#[tokio::test(flavor = "multi_thread")]
async fn one_text_from_pasting_to_follow_up() {
    let pages = Pages::new(Dialogues).await;
    let empty = pages.get("/dialogues").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(
        empty.body.contains("It begins with a text"),
        "{}",
        empty.body
    );

    let wrong = pages.post("/dialogues/readings/new", &[("text", "Das ist ein deutscher Text über den Dialog, der nicht gelesen werden kann, weil er nicht englisch ist.")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("neither in English nor in French")
            && wrong.body.contains("deutscher Text")
    );

    let read = pages
        .post(
            "/dialogues/readings/new",
            &[("name", "eu-jp"), ("text", TEXT)],
        )
        .await;
    assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.body);
    let reading = pages.get(&read.to).await;
    assert_eq!(reading.status, StatusCode::OK);
    assert!(
        reading.body.contains("exchange contact points") && !reading.body.contains("ann.press")
    );
    assert!(reading.body.contains("read by machine"));
    // Found and source lead to each other.
    assert!(reading.body.contains("href=\"#s03\"") && reading.body.contains("href=\"#at-s03\""));

    let clause = format!("{}/clauses/s03", read.to);
    assert!(
        pages
            .get(&clause)
            .await
            .body
            .contains("exchange contact points")
    );
    let stood = hidden(&pages.get(&clause).await.body, "stood");
    let stale = pages
        .post(
            &clause,
            &[("stood", "7"), ("act", "position"), ("strength", "3")],
        )
        .await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bad = pages
        .post(
            &clause,
            &[
                ("stood", &*stood),
                ("act", "commitment"),
                ("due", "soon"),
                ("strength", "3"),
            ],
        )
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let actors = format!("EU, Japan, {}", pages.bench.node.home().id);
    let good = pages
        .post(
            &clause,
            &[
                ("stood", &*stood),
                ("act", "commitment"),
                ("actors", &*actors),
                ("topics", "incident_response"),
                ("strength", "2"),
                ("due", "2025-12-31"),
            ],
        )
        .await;
    assert_eq!(good.status, StatusCode::SEE_OTHER, "{}", good.body);
    assert!(pages.get(&read.to).await.body.contains("corrected"));
    let example = pages.get(&format!("{}/example.json", read.to)).await;
    assert!(example.body.contains("entente-statement/1"));

    let confirm = format!("{}/confirm", read.to);
    assert_eq!(pages.get(&confirm).await.status, StatusCode::OK);
    let nobodys = pages.post(&confirm, &[("standing", "unilateral")]).await;
    assert_eq!(nobodys.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = pages
        .post(
            &confirm,
            &[("standing", "joint"), ("revision", "1"), ("others", "yes")],
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let again = [("standing", "joint"), ("revision", "1")];
    let again = pages.post(&confirm, &again).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    let meeting = pages.get(&done.to).await;
    assert!(
        meeting.body.contains("exchange contact points") && meeting.body.contains("Tokyo"),
        "{}",
        meeting.body
    );
    let text = pages
        .get(&address(&meeting.body, "/dialogues/texts/"))
        .await;
    assert!(text.body.contains("<mark"));
    let home = pages.get("/dialogues").await;
    assert!(
        home.body
            .contains("1 commitment has passed its date without a recorded follow-up"),
        "{}",
        home.body
    );
    assert!(
        home.body
            .contains("1 session whose day is over is not recorded as held"),
        "{}",
        home.body
    );

    let one = address(
        &home.body[home.body.find("id=\"past\"").unwrap()..],
        "/dialogues/commitments/",
    );
    assert!(
        pages
            .get(&one)
            .await
            .body
            .contains("No follow-up is recorded")
    );
    let follow = format!("{one}/follow-up");
    assert_eq!(
        pages.post(&follow, &[("account", "x")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let told = pages
        .post(
            &follow,
            &[
                ("state", "implemented"),
                ("account", "Exchanged in March."),
                ("tlp", "AMBER+STRICT"),
            ],
        )
        .await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
    assert!(pages.get(&one).await.body.contains("Exchanged in March."));
    assert!(
        !pages
            .get("/dialogues")
            .await
            .body
            .contains("has passed its date")
    );

    for path in [
        "/dialogues/register?side=EU",
        "/dialogues/register?topic=incident_response&state=implemented",
        "/dialogues/series",
    ] {
        let page = pages.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            page.body.contains("contact points") || page.body.contains("European Union"),
            "{path}: {}",
            page.body
        );
    }
    assert!(
        !pages
            .get("/dialogues/register?state=differ")
            .await
            .body
            .contains("exchange contact points")
    );
    let csv = pages.get("/dialogues/register?as=csv").await;
    assert!(csv.body.contains("exchange contact points"));
    let calendar = pages.get("/dialogues/calendar.ics").await;
    assert!(
        calendar.body.starts_with("BEGIN:VCALENDAR\r\n")
            && calendar.body.contains("DTSTART;VALUE=DATE:20251231"),
        "{}",
        calendar.body
    );
    assert!(calendar.body.lines().all(|line| line.len() <= 75));
    let brief = pages.get(&format!("{}/brief", done.to)).await;
    assert_eq!(brief.status, StatusCode::OK, "{}", brief.body);
    // The room of records says the desk's values in the desk's words, with themselves beside.
    let record = one.replace("/dialogues/commitments/", "/records/commitment--");
    for (lang, act, topic) in [
        ("en", "Commitment", "incident and crisis management"),
        ("fr", "Engagement", "gestion des incidents et des crises"),
    ] {
        let page = pages.get(&format!("{record}?lang={lang}")).await.body;
        for (word, value) in [(act, "commitment"), (topic, "incident_response")] {
            let said = format!("{word} <span class=\"code\">{value}</span>");
            assert!(page.contains(&said), "{said}: {page}");
        }
    }
    // In French, with the same ways.
    let french = pages.get("/dialogues?lang=fr").await;
    assert!(french.body.contains("À quoi nous sommes-nous engagés"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_clause_stays_with_its_words_while_another_is_cut() {
    let pages = Pages::new(Dialogues).await;
    let read = pages
        .post("/dialogues/readings/new", &[("text", TEXT)])
        .await;
    let clause = |n: u32| format!("{}/clauses/s{n:02}", read.to);
    // The part of a page that is about a clause, and what one of its forms carries.
    let carried = |page: &str, act: &str, n: u32| {
        let at = page.find(&format!("/{act}/s{n:02}\"")).unwrap();
        hidden(&page[at..], "stood")
    };
    let says = async |n: u32| pages.get(&clause(n)).await.body;
    let contact = "exchange contact points";
    let opened = says(3).await;
    assert!(opened.contains(contact), "{opened}");
    let before = pages.get(&read.to).await.body;
    let split = |page: &str, n: u32| {
        let at = page.find(&format!("/split/s{n:02}\"")).unwrap();
        let rest = page[at..].split("<option value=\"").nth(1).unwrap();
        let place = rest.split('"').next().unwrap().to_owned();
        (format!("{}/split/s{n:02}", read.to), place)
    };
    let cut = async |page: &str, n: u32| {
        let (way, place) = split(page, n);
        let stood = carried(page, "split", n);
        pages.post(&way, &[("at", &place), ("stood", &stood)]).await
    };
    // Somebody else cuts the clause before it in two: it has another number now.
    let done = cut(&before, 2).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let of = |stood: String| {
        [
            ("stood", stood),
            ("act", "position".to_owned()),
            ("actors", "EU, Japan".to_owned()),
            ("topics", "incident_response".to_owned()),
            ("strength", "1".to_owned()),
        ]
    };
    let correct = async |n: u32, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|one| (one.0, &*one.1)).collect();
        pages.post(&clause(n), &fields).await
    };
    let late = correct(3, &of(hidden(&opened, "stood"))).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let main = late.body.split("<main").nth(1).unwrap();
    let lead = main.split("<form").next().unwrap();
    assert!(
        lead.contains(contact) && !lead.contains("condemned"),
        "{lead}"
    );
    assert!(late.body.contains("Somebody corrected this reading"));
    let again = correct(3, &of(hidden(&late.body, "stood"))).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert!(again.to.ends_with("#s04"), "{}", again.to);

    // What was begun of the third clause is not taken up for what has its number now.
    let (third, fourth) = (says(3).await, says(4).await);
    assert!(fourth.contains(contact) && !third.contains(contact));

    // What is on a page that is old is cut or joined no more: other words have its numbers.
    let stale = cut(&before, 3).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Nothing was changed"), "{}", stale.body);
    let merge = format!("{}/merge/s03", read.to);
    let stood = carried(&before, "merge", 3);
    let stale = pages.post(&merge, &[("stood", &stood)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let now = pages.get(&read.to).await.body;
    assert_eq!(
        now.matches("<li id=\"s").count(),
        before.matches("<li id=\"s").count() + 1
    );

    // The clause itself is cut while it is corrected: what was chosen is kept beside the words that it begins with now.
    let opened = says(4).await;
    assert_eq!(cut(&now, 4).await.status, StatusCode::SEE_OTHER);
    let late = correct(4, &of(hidden(&opened, "stood"))).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = late
        .body
        .contains("Somebody cut or joined this clause meanwhile");
    let ticked = |value: &str| late.body.contains(&format!("value=\"{value}\" checked"));
    assert!(
        told && ticked("position") && ticked("incident_response"),
        "{}",
        late.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_from_somebody_is_absent() {
    const CANARY: &str = "Zwergplanet4711";
    let pages = Pages::new(Dialogues).await;
    let node = pages.bench.node.clone();
    let series = tokio::task::spawn_blocking(move || {
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what: Dialogue = serde_json::from_value(serde_json::json!({ "name": CANARY, "parties": ["EU", "JP"] })).unwrap();
        let dialogue = batch.add(NewPiece::of(what)).unwrap();
        let what: Commitment = serde_json::from_value(serde_json::json!({
            "words": CANARY, "act": "commitment", "actors": ["EU"], "strength": 3, "standing": "joint",
            "dialogue_ref": dialogue.id.as_str(), "due_by": "2025-01-01T00:00:00Z",
        }))
        .unwrap();
        let commitment = batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
        (dialogue.id, commitment.id)
    })
    .await
    .unwrap();
    let file = format!("/dialogues/series/{}/file", series.0.uuid());
    let kept = pages
        .post(&file, &[("revision", "0"), ("red-lines", CANARY)])
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    assert!(pages.get(&file).await.body.contains(CANARY));
    let stale = pages
        .post(&file, &[("revision", "0"), ("red-lines", "other")])
        .await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Every page of the desk, asked by whoever has not signed in.
    entered(&pages, TEXT).await;
    let mut asked = 0;
    for route in Dialogues.routes().list() {
        let id = if route.path.contains("commitments") {
            series.1.uuid()
        } else {
            series.0.uuid()
        };
        let path = route.path.replace("{id}", id).replace("{clause}", "s01");
        let answer = pages
            .ask(route.method.as_str(), &path, "", String::new())
            .await;
        assert!(!answer.body.contains(CANARY), "{path}");
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        asked += 1;
    }
    assert!(asked > 30, "{asked}");
    // It is there for whom it is for, also the day after.
    pages.bench.later(86_400);
    let (register, id) = (Register::at_home(&pages.bench.node), series.0.clone());
    assert!(register.one::<Dialogue>(&id).unwrap().is_some());
    // Absent and hidden are one answer.
    let hidden = pages
        .ask(
            "GET",
            &format!("/dialogues/series/{}", series.0.uuid()),
            "",
            String::new(),
        )
        .await;
    let absent = pages
        .ask(
            "GET",
            "/dialogues/series/00000000-0000-4000-8000-000000000000",
            "",
            String::new(),
        )
        .await;
    assert_eq!((hidden.status, hidden.body), (absent.status, absent.body));
    // The internal file is in no record, whoever asks.
    let node = pages.bench.node.clone();
    let in_records = tokio::task::spawn_blocking(move || {
        let viewer = node.home_viewer();
        let all = node
            .newest(&viewer, policy::Purpose::Show, &[], 1_000)
            .unwrap();
        let all = all.into_inner();
        let held = |one: &&node::overview::Stood| {
            String::from_utf8_lossy(&one.record.body).contains("red-lines")
        };
        assert!(!all.is_empty());
        all.iter().filter(held).count()
    })
    .await
    .unwrap();
    assert_eq!(in_records, 0);
}
