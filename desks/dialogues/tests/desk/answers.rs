//! What the desk answers: how wording moved, what was said again in silence, which sessions were held, what binds us with somebody.

use crate::entered::{TEXT, entered};
use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::register::Register;
use stage::{Pages, address};

pub(crate) const LATER: &str = "Joint elements of the 5th EU-Japan Cyber Dialogue\n\nTokyo, 01/07/2021\n\n\
The European Union and Japan held the fifth meeting of their Cyber Dialogue in Tokyo on 15 June 2021.\n\
Both sides condemned any attempt to misuse information technologies.\n\
The EU and Japan will exchange duty contact points for cyber incidents by 31 December 2026.\n";

#[tokio::test(flavor = "multi_thread")]
async fn from_one_session_to_the_next() {
    let pages = Pages::new(Dialogues).await;
    entered(&pages, TEXT).await;
    pages.bench.later(60);
    let read = pages
        .post("/dialogues/readings/new", &[("text", LATER)])
        .await;
    let confirm = format!("{}/confirm", read.to);
    let page = pages.get(&confirm).await.body;
    let series = page
        .split("value=\"dialogue--")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let series = format!("dialogue--{series}");
    let done = pages
        .post(
            &confirm,
            &[
                ("standing", "joint"),
                ("revision", "0"),
                ("others", "yes"),
                ("dialogue", &series),
            ],
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);

    // Said again, with no word on the first time: over all series, and not for somebody else.
    let again = pages.get("/dialogues/repeated").await.body;
    assert!(
        again.contains("duty contact points") && again.contains("says again"),
        "{again}"
    );
    assert!(
        !pages
            .get("/dialogues/repeated?side=US")
            .await
            .body
            .contains("duty contact points")
    );

    // Word by word, wherever it was said.
    let home = pages.get("/dialogues").await.body;
    for way in [
        "/dialogues/wording",
        "/dialogues/repeated",
        "/dialogues/timeline",
        "/dialogues/sessions?outcome=not-recorded",
    ] {
        assert_eq!(address(&home, way), way);
        assert_eq!(pages.get(way).await.status, StatusCode::OK, "{way}");
    }
    let register = Register::at_home(&pages.bench.node);
    let duty = register
        .all::<dialogues::records::Commitment>("commitment.topic", 50)
        .unwrap()
        .into_inner()
        .into_iter()
        .find(|piece| piece.what.words.contains("duty contact"))
        .unwrap()
        .what;
    let topic = &duty.topics[0];
    for by in ["time", "partner", "language"] {
        let page = pages
            .get(&format!("/dialogues/wording?topic={topic}&by={by}"))
            .await
            .body;
        assert!(page.contains("<ins>duty</ins>"), "{by}: {page}");
        assert!(
            page.contains("<del>2025.</del>") && page.contains("held against"),
            "{by}"
        );
    }
    let late = pages
        .get(&format!(
            "/dialogues/wording?topic={topic}&since=2021-01-01"
        ))
        .await
        .body;
    assert!(
        !late.contains("<ins>") && late.contains("no earlier wording near it"),
        "{late}"
    );
    assert!(
        pages
            .get("/dialogues/wording")
            .await
            .body
            .contains("Choose a subject")
    );

    // Which sessions, and what was announced there.
    let held = pages.get("/dialogues/sessions").await.body;
    assert!(held.contains("Tokyo") && held.contains("Brussels"));
    let one = pages.get("/dialogues/sessions?place=tok").await.body;
    assert!(
        one.contains("15 June 2021") && !one.contains("11 June 2019"),
        "{one}"
    );
    assert!(
        pages
            .get("/dialogues/sessions?until=2020-01-01&as=csv")
            .await
            .body
            .contains("11 June 2019")
    );
    // What lists nothing has no file of it.
    for (until, files) in [("2020-01-01", true), ("1990-01-01", false)] {
        let asked = format!("/dialogues/sessions?until={until}");
        let page = pages.get(&asked).await.body;
        assert_eq!(page.contains("as=csv"), files, "{page}");
    }
    assert!(
        !pages
            .get("/dialogues/sessions?outcome=not-recorded")
            .await
            .body
            .contains("15 June 2021")
    );
    // What binds us with one of them, and with nobody else.
    assert!(
        pages
            .get("/dialogues/register?act=commitment&with=JP")
            .await
            .body
            .contains("duty contact points")
    );
    assert!(
        !pages
            .get("/dialogues/register?act=commitment&with=US")
            .await
            .body
            .contains("duty contact points")
    );
    let since = pages.get("/dialogues/register?since=2020-01-01").await.body;
    assert!(
        since.contains("duty contact points") && !since.contains("exchange contact points"),
        "{since}"
    );
    let line = pages.get("/dialogues/timeline?since=2019-01-01").await.body;
    assert!(
        line.contains("<svg") && line.contains("duty contact") && line.contains("Session no. 5, "),
        "{line}"
    );
    // Nothing came from others.
    assert!(!home.contains("id=\"came\""));
    // Before the next meeting: the text of the last one, and what came since; and all of the series as a document.
    let later = pages.get(&format!("{}/brief", done.to)).await.body;
    assert!(
        later.contains("Texts of this session") && !later.contains("Texts since then"),
        "{later}"
    );
    assert!(
        !later.contains("last session:"),
        "it is the last itself: {later}"
    );
    let way = held
        .split("href=\"/dialogues/sessions/")
        .find(|row| row.contains("11 June 2019"));
    let first = way.unwrap().split('"').next().unwrap();
    let first = pages
        .get(&format!("/dialogues/sessions/{first}/brief"))
        .await
        .body;
    let since = first.split("Texts since then").nth(1).unwrap();
    assert!(since.contains("Joint elements of the 5th"), "{since}");
    let page = pages
        .get(&format!(
            "/dialogues/series/{}",
            &series["dialogue--".len()..]
        ))
        .await
        .body;
    let own = &series["dialogue--".len()..];
    let file = format!("/dialogues/series/{own}/register.docx");
    assert!(page.contains(&format!("href=\"{file}\"")), "{page}");
    let file = pages.get(&file).await;
    assert_eq!((file.status, &file.body[..2]), (StatusCode::OK, "PK"));
    // Each answer by participant, subject, series, meeting and time: what fits stays, everything else goes.
    let uuid = |id: &Option<String>| {
        id.as_deref()
            .unwrap()
            .split("--")
            .nth(1)
            .unwrap()
            .to_owned()
    };
    let (series, session) = (uuid(&duty.dialogue_ref), uuid(&duty.session_ref));
    let another = "00000000-0000-4000-8000-000000000009";
    let narrowed = [
        ("side=JP".to_owned(), "side=US".to_owned()),
        (
            format!("topic={topic}"),
            "topic=child_protection".to_owned(),
        ),
        (format!("series={series}"), format!("series={another}")),
        (format!("session={session}"), format!("session={another}")),
        (
            "since=2021-01-01&until=2027-01-01".to_owned(),
            "since=2030-01-01&until=2031-01-01".to_owned(),
        ),
    ];
    for (answer, always, word) in [
        ("register", String::new(), "duty contact points"),
        ("repeated", String::new(), "duty contact points"),
        ("wording", format!("topic={topic}"), "contact points"),
        (
            "timeline",
            "since=2021-01-01&until=2027-01-01".to_owned(),
            "duty contact",
        ),
        ("sessions", String::new(), "15 June 2021"),
    ] {
        for (fits, other) in &narrowed {
            // What is asked for first is what counts.
            let own = fits.split('=').next().unwrap();
            if answer == "sessions" && own == "session" {
                continue;
            }
            let always = Some(&always).filter(|always| !always.starts_with(own));
            let always = always.cloned().unwrap_or_default();
            for (asked, there) in [(fits, true), (other, false)] {
                let path = format!("/dialogues/{answer}?{asked}&{always}");
                let page = pages.get(&path).await.body;
                let rows = page.split("<main").nth(1).unwrap();
                assert_eq!(rows.contains(word), there, "{path}: {page}");
            }
        }
    }
}
