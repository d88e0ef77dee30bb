//! A confirmed commitment is said anew, taken back, and let stand again: each a version with its reason.

use crate::entered::{TEXT, correction, entered};
use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::register::Register;
use stage::{Pages, address, hidden};

#[tokio::test(flavor = "multi_thread")]
async fn said_anew_with_its_reason_and_back_again() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let page = pages.get(&session).await.body;
    let one = address(&page, "/dialogues/commitments/");
    let before = pages.get(&one).await.body;
    assert!(before.contains("As the machine read it") && !before.contains(">Versions<"));
    let edit = format!("{one}/edit");
    let version = hidden(&pages.get(&edit).await.body, "version");
    let with = |changes: &[(&'static str, &'static str)]| {
        let reason = ("reason", "The subject was misread");
        let changes: Vec<_> = std::iter::once(reason).chain(changes.to_vec()).collect();
        let fields = correction(&version, &changes).into_iter();
        fields
            .map(|(name, value)| (name, value.to_owned()))
            .collect::<Vec<_>>()
    };
    let send = async |path: &str, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        pages.post(path, &fields).await
    };
    for (wrong, said) in [
        (("reason", ""), "Fill in: Why"),
        (("due", "soon"), "This is no date"),
        (
            ("words", "The EU will exchange recipes."),
            "do not stand in the text",
        ),
        (
            ("version", "2020-01-01T00:00:00Z"),
            "Somebody changed it meanwhile",
        ),
    ] {
        let answer = send(&edit, with(&[wrong])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(answer.body.contains(said), "{wrong:?}: {}", answer.body);
    }
    pages.bench.later(60);
    let words = "exchange contact points for cyber\nincidents";
    let good = send(&edit, with(&[("words", words), ("act", "reaffirmation")])).await;
    assert_eq!(good.status, StatusCode::SEE_OTHER, "{}", good.body);
    let after = pages.get(&one).await.body;
    assert!(
        after.contains("Versions") && after.contains("The subject was misread"),
        "{after}"
    );
    assert!(after.contains("<del>") && after.contains("Reaffirmation"));
    // The machine's reading stands beside, as it was.
    assert!(after[after.find("id=\"machine\"").unwrap()..].contains("Commitment ·"));
    // What it was before holds again, as a third version.
    let earlier = address(
        &after[after.find("id=\"history\"").unwrap()..],
        &format!("{one}/versions/"),
    );
    let restore = pages.get(&earlier).await.body;
    assert!(restore.contains("by 31 December 2025"));
    pages.bench.later(60);
    let fields = vec![
        ("version", hidden(&restore, "version")),
        ("reason", "It was right".to_owned()),
    ];
    assert_eq!(send(&earlier, fields).await.status, StatusCode::SEE_OTHER);
    let again = pages.get(&one).await.body;
    assert!(
        again.contains("It was right") && again.contains("<h1>Commitment</h1>"),
        "{again}"
    );
    // Taken back, it is due no more; it stays, and can stand again.
    pages.bench.later(60);
    assert!(
        pages
            .get("/dialogues")
            .await
            .body
            .contains("has passed its date")
    );
    let withdraw = format!("{one}/withdraw");
    let fields = vec![
        (
            "version",
            hidden(&pages.get(&withdraw).await.body, "version"),
        ),
        ("reason", "Overtaken".to_owned()),
    ];
    assert_eq!(send(&withdraw, fields).await.status, StatusCode::SEE_OTHER);
    assert!(
        !pages
            .get("/dialogues")
            .await
            .body
            .contains("has passed its date")
    );
    let gone = pages.get(&one).await.body;
    assert!(gone.contains("Taken back by its author") && gone.contains("Let it stand again"));
    let (register, uuid) = (
        Register::at_home(&pages.bench.node),
        one.rsplit('/').next().unwrap(),
    );
    let id = format!("commitment--{uuid}").parse().unwrap();
    let versions = register
        .versions::<dialogues::records::Commitment>(&id)
        .unwrap();
    assert_eq!(versions.into_inner().len(), 4, "nothing is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_wrote_is_not_ours_to_change() {
    use dialogues::records::{Commitment, Kind as _};
    let pages = Pages::new(Dialogues).await;
    let node = pages.bench.node.clone();
    let id = "commitment--9d1f1f7e-11aa-4c53-8f0e-0aa4f2b7b3f1";
    let text = format!(
        r#"{{"type":"commitment","spec_version":"2.1","id":"{id}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z",
        "created_by_ref":"identity--3a2d9b0e-95d8-44c5-9a8b-5e7a0b9d1c11","words":"We will meet.","act":"commitment","actors":["EU"],
        "strength":3,"standing":"joint","extensions":{{"{}":{{"extension_type":"new-sdo"}}}}}}"#,
        dialogues::records::EXTENSION
    );
    assert_eq!(Commitment::TYPE, "commitment");
    tokio::task::spawn_blocking(move || {
        let submission = node::submission::Submission {
            objects: std::iter::once(0..text.len()).collect(),
            bytes: text.into(),
            channel: node::submission::Channel::Import,
            submitter: node.home().id.clone(),
            person: None,
            collection: dialogues::DESK.to_owned(),
            marking: node::submission::Marking::default(),
        };
        node.accept(submission).unwrap().wait().unwrap();
    })
    .await
    .unwrap();
    let one = format!("/dialogues/commitments/{}", &id[12..]);
    let page = pages.get(&one).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(!page.body.contains("/edit\""));
    for way in ["edit", "withdraw"] {
        let answer = pages.get(&format!("{one}/{way}")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.body.contains("only its author"));
    }
}

/// A series is called otherwise, and a party joins: it keeps its address, and its earlier name.
#[tokio::test(flavor = "multi_thread")]
async fn a_series_changes_its_name_and_gains_a_party() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    pages.bench.later(60);
    let series = address(&pages.get(&session).await.body, "/dialogues/series/");
    let edit = format!("{series}/edit");
    assert!(pages.get(&series).await.body.contains(&edit));
    let form = pages.get(&edit).await.body;
    let version = hidden(&form, "version");
    let new = |name: &'static str, parties: &'static str| {
        [
            ("name", name),
            ("parties", parties),
            ("until", "2024"),
            ("tlp", "AMBER+STRICT"),
            ("name_fr", ""),
        ]
    };
    for (name, parties, told) in [
        ("", "EU, Japan, Korea", "Fill in: Name"),
        ("EU–Japan–Korea Dialogue", "EU", "two parties at least"),
    ] {
        let mut fields = new(name, parties).to_vec();
        fields.push(("version", &version));
        let wrong = pages.post(&edit, &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains(told), "{}", wrong.body);
    }
    let mut fields = new("Trilateral Cyber Dialogue", "EU, Japan, Republic of Korea").to_vec();
    fields.push(("version", &version));
    let done = pages.post(&edit, &fields).await;
    assert_eq!(
        (done.status, &*done.to),
        (StatusCode::SEE_OTHER, &*series),
        "{}",
        done.body
    );
    let page = pages.get(&series).await.body;
    for told in [
        "Trilateral Cyber Dialogue",
        "European Union–Japan Cyber Dialogue",
        "Korea",
    ] {
        assert!(page.contains(told), "{told} is not in {page}");
    }
    // Somebody who had the page open before hears of it, and loses nothing of what they typed.
    let late = pages.post(&edit, &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_sees_what_stands_and_sends_again() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let page = pages.get(&session).await.body;
    let edit = format!("{}/edit", address(&page, "/dialogues/commitments/"));
    let opened = hidden(&pages.get(&edit).await.body, "version");
    let send = async |version: &str, due: &str, reason: &str| {
        pages.bench.later(60);
        let fields = correction(version, &[("due", due), ("reason", reason)]);
        pages.post(&edit, &fields).await
    };
    let first = send(&opened, "2026-01-31", "The date was misread").await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    let second = send(&opened, "2026-02-28", "It ends with the month").await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "Somebody changed it meanwhile",
        "What stands there now: 2026-01-31",
        "value=\"2026-02-28\"",
        "It ends with the month",
    ] {
        assert!(second.body.contains(said), "{said}: {}", second.body);
    }
    // A reason never stands there to begin with.
    let empty = "Nothing stands there now";
    assert!(!second.body.contains(empty), "{}", second.body);
    // The form goes on from what stands, also when it is opened again.
    for page in [second.body, pages.get(&edit).await.body] {
        assert_ne!(hidden(&page, "version"), opened);
    }
    let now = hidden(&pages.get(&edit).await.body, "version");
    let again = send(&now, "2026-02-28", "It ends with the month").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let page = pages.get(&again.to).await.body;
    for version in ["The date was misread", "It ends with the month"] {
        assert!(page.contains(version), "{version}: {page}");
    }
    // A series is renamed by the same rule.
    let page = pages.get(&session).await.body;
    let edit = format!("{}/edit", address(&page, "/dialogues/series/"));
    let named = [
        ("version", "2020-01-01T00:00:00Z"),
        ("name", "Partnership"),
        ("parties", "EU, Japan, Canada"),
        ("until", "2024"),
        ("tlp", "AMBER"),
    ];
    let answer = pages.post(&edit, &named).await;
    for said in ["EU, JP", "TLP:AMBER+STRICT"].map(|now| format!("What stands there now: {now}")) {
        assert!(answer.body.contains(&said), "{said}: {}", answer.body);
    }
    assert!(!answer.body.contains(empty), "{}", answer.body);
    let version = hidden(&answer.body, "version");
    let again = [&[("version", version.as_str())], &named[1..]].concat();
    pages.bench.later(60);
    let done = pages.post(&edit, &again).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    // The label that it has is told, not one that nobody chose.
    let form = pages.get(&edit).await.body;
    assert!(form.contains("value=\"AMBER\" checked"), "{form}");
    let late = pages.post(&edit, &named).await.body;
    assert!(late.contains("Somebody changed it meanwhile"), "{late}");
    assert!(!late.contains("What stands there now: TLP"), "{late}");
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_back_by_two_at_once_it_does_not_stand_again() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let page = pages.get(&session).await.body;
    let one = address(&page, "/dialogues/commitments/");
    let way = format!("{one}/withdraw");
    let opened = pages.get(&way).await.body;
    let send = async |page: &str, reason: &str| {
        pages.bench.later(60);
        let [version, wish] = ["version", "withdrawn"].map(|name| hidden(page, name));
        let fields = [
            ("version", &*version),
            ("withdrawn", &*wish),
            ("reason", reason),
        ];
        pages.post(&way, &fields).await
    };
    let first = send(&opened, "Overtaken").await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    let second = send(&opened, "Nobody meant it").await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    let verb = |page: &str| {
        let button = page.split("<button class=\"go\">").nth(1).unwrap();
        button.split('<').next().unwrap().to_owned()
    };
    assert_eq!(verb(&second.body), verb(&opened));
    let again = send(&second.body, "Nobody meant it").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let page = pages.get(&one).await.body;
    assert!(page.contains("Taken back by its author"), "{page}");
    assert!(page.contains("Nobody meant it"), "{page}");
    // Whoever opens it now is asked for the other.
    let now = pages.get(&way).await.body;
    assert_ne!(verb(&now), verb(&opened));
    let back = send(&now, "It stands after all").await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    let page = pages.get(&one).await.body;
    assert!(!page.contains("id=\"back\""), "{page}");
}

const AFTERNOON: &str = "Joint elements of the 5th EU-Japan Cyber Dialogue\n\nBrussels, 02/07/2019\n\n\
The European Union and Japan held the fifth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
The EU and Japan will hold a joint exercise on supply chains by 30 June 2026.\n";
const OTHERWISE: &str = "Summary of the 4th EU-Japan Cyber Dialogue\n\nTokyo, 10/07/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 12 June 2019.\n\
Japan will host an expert workshop on supply chains by 30 June 2027.\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_second_session_on_one_day_and_another_date_are_told_before_they_are_entered() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let id = session.rsplit('/').next().unwrap();
    let read = async |text: &str| {
        pages.bench.later(60);
        let read = pages
            .post("/dialogues/readings/new", &[("text", text)])
            .await;
        assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.body);
        format!("{}/confirm", read.to)
    };
    let chosen = format!("value=\"session--{id}\" selected");
    let there = format!("value=\"session--{id}\"");
    let way = read(AFTERNOON).await;
    let page = pages.get(&way).await.body;
    assert!(
        page.contains("has a session of that day with another number: "),
        "{page}"
    );
    assert!(page.contains(&there) && !page.contains(&chosen), "{page}");
    // A session goes with its own series alone.
    let wrong = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", ""),
        ("session", &format!("session--{id}")),
    ];
    let answer = pages.post(&way, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("This session is of another series"));
    let series = page.split("value=\"dialogue--").nth(1).unwrap();
    let series = format!("dialogue--{}", series.split('"').next().unwrap());
    let fields = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", series.as_str()),
    ];
    let done = pages.post(&way, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_ne!(done.to, session);

    let way = read(OTHERWISE).await;
    let page = pages.get(&way).await.body;
    let said = "This text says 12 June 2019, the register says 11 June 2019";
    assert!(page.contains(said) && page.contains(&chosen), "{page}");
    let (dialogue, session_id) = (series.as_str(), format!("session--{id}"));
    let fields = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", dialogue),
        ("session", &session_id),
    ];
    let done = pages.post(&way, &fields).await;
    assert_eq!(done.to, session, "{}", done.body);
    let page = pages.get(&session).await.body;
    let differ = page.split("Sources give different dates").nth(1).unwrap();
    let differ = differ.split("</p>").next().unwrap();
    assert_eq!(differ.matches("2019").count(), 2, "{differ}");
    for (lang, said) in [
        ("en", "dated 12 June 2019 here, 11 June 2019 in the session"),
        (
            "fr",
            "date différente : 12 juin 2019 ici, 11 juin 2019 dans la session",
        ),
    ] {
        let page = pages.get(&format!("{session}?lang={lang}")).await.body;
        let link = "Summary of the 4th EU-Japan Cyber Dialogue</bdi></a>";
        let row = &page[..page.find(link).unwrap()];
        let text = address(&row[row.rfind("href=").unwrap()..], "/dialogues/texts/");
        let page = pages.get(&format!("{text}?lang={lang}")).await.body;
        assert!(page.contains(said), "{said}: {page}");
    }
}
