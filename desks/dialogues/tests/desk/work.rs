//! What runs between sessions, entered by a person: opened from a commitment, and reporting back to it.

use crate::entered::{TEXT, entered};
use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::records::{Activity, Arrangement, Demarche};
use dialogues::register::Register;
use node::submission::{Channel, Marking, Submission};
use stage::{Answer, Bench, Pages, address, hidden};

/// Fills in the form at an address and sends it.
async fn fills(pages: &Pages, path: &str, fields: &[(&str, &str)]) -> Answer {
    let path = path.replace("&#38;", "&").replace("&amp;", "&");
    let form = pages.get(&path).await;
    assert_eq!(form.status, StatusCode::OK, "{path}: {}", form.body);
    let mut all: Vec<(String, String)> = ["version", "dialogue", "part_of"]
        .map(|name| (name.to_owned(), hidden(&form.body, name)))
        .to_vec();
    for after in form.body.split("name=\"serves\" value=\"").skip(1) {
        let (value, rest) = after.split_once('"').unwrap();
        if rest.starts_with(" checked") {
            all.push(("serves".to_owned(), value.to_owned()));
        }
    }
    all.push(("tlp".to_owned(), "AMBER+STRICT".to_owned()));
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push(((*name).to_owned(), (*value).to_owned()));
    }
    let all: Vec<(&str, &str)> = all
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let to = path.split('?').next().unwrap();
    pages.post(to, &all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn opened_from_a_commitment_and_reporting_back() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, TEXT).await;
    // Among all records a session stands under its own name, and not under its place alone.
    let records = pages.get("/records?kind=session").await.body;
    assert!(records.contains("Session no. 4, Brussels"), "{records}");
    // From its record to its page here; and either address names it where one is asked for.
    let record = address(&records, "/records/session--");
    let shown = pages.get(&record).await.body;
    assert!(
        shown.contains(&format!("<a href=\"{session}\">Its page at its desk</a>")),
        "{shown}"
    );
    let proof = pages.get(&format!("/log?record={session}")).await;
    assert_eq!(proof.to, format!("{record}/proof"));
    let asked = pages
        .post(
            "/clearance/open",
            &[("record", &session), ("draft-looks", "record")],
        )
        .await;
    assert!(
        !asked.body.contains("There is no such record"),
        "{}",
        asked.body
    );
    for kind in [
        "activity",
        "demarche",
        "appraisal",
        "consent",
        "draft",
        "strand",
        "note",
    ] {
        let choice = format!("<option value=\"{kind}\"");
        assert!(records.contains(&choice), "{kind}");
    }
    let one = address(&pages.get(&session).await.body, "/dialogues/commitments/");
    let page = pages.get(&one).await.body;
    assert!(page.contains("Nothing is recorded that serves it"));

    let open = address(&page, "/dialogues/demarches/new");
    let empty = fills(&pages, &open, &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        empty.body.contains("Fill in: Addressed to")
            && empty.body.contains("Fill in: What it is about")
    );
    let stranger = fills(
        &pages,
        &open,
        &[
            ("subject", "x"),
            ("towards", "Norway"),
            ("by", "European Union"),
            ("at", "2026-11-20"),
            ("serves", "/dialogues/commitments/none"),
        ],
    )
    .await;
    assert!(
        stranger.body.contains("No commitment that you can see has"),
        "{}",
        stranger.body
    );
    let made = fills(
        &pages,
        &open,
        &[
            ("subject", "Points of contact"),
            ("towards", "Norway"),
            ("by", "European Union"),
            ("at", "2026-11-20"),
            ("serves", one.as_str()),
            ("message", "Please name one."),
        ],
    )
    .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert!(pages.get(&one).await.body.contains("No answer is recorded"));
    pages.bench.later(60);
    let answer = format!("{}/answer", made.to);
    assert_eq!(
        pages.post(&answer, &[("date", "2026-11-21")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let answered = pages
        .post(
            &answer,
            &[
                ("gist", "One was named"),
                ("by", "Norway"),
                ("date", "2026-11-21"),
            ],
        )
        .await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
    let back = pages.get(&one).await.body;
    assert!(
        back.contains("Answer: One was named") && back.contains("addressed to Norway"),
        "{back}"
    );

    // Begun from no arrangement, what is part of one asks which; where there is none, it says so at once.
    let none = pages.get("/dialogues/strands/new").await;
    assert_eq!(none.status, StatusCode::CONFLICT, "{}", none.body);
    assert!(none.body.contains("enter one first"), "{}", none.body);
    let open = address(&back, "/dialogues/arrangements/new");
    // The button says what is true of any label; a script says what it does under the one that is chosen.
    let form = pages.get(&open.replace("&#38;", "&")).await.body;
    assert!(
        form.contains("data-by-label=\"Save\">Save</button>"),
        "{form}"
    );
    let wrong = fills(
        &pages,
        &open,
        &[
            ("name", "Arrangement"),
            ("parties", "EU, JP"),
            ("signed", "one day"),
        ],
    )
    .await;
    assert!(wrong.body.contains("This is no date"));
    let made = fills(
        &pages,
        &open,
        &[
            ("name", "Working arrangement"),
            ("parties", "EU, Japan"),
            ("signed", "2026-06"),
            ("also_called", "accord de travail"),
        ],
    )
    .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let arrangement = pages.get(&made.to).await.body;
    assert!(
        arrangement.contains("June 2026") && arrangement.contains("European Union and Japan"),
        "{arrangement}"
    );
    let strand = address(&arrangement, "/dialogues/strands/new");
    let chosen = made.to.rsplit('/').next().unwrap().to_owned();
    let chosen = format!("arrangement--{chosen}");
    let unbound = [("name", "Begun from none"), ("above", "")];
    let unbound = fills(&pages, "/dialogues/strands/new", &unbound).await;
    assert_eq!(unbound.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unbound.body.contains("Choose the arrangement"));
    let bound = [("name", "Begun from none"), ("above", chosen.as_str())];
    let bound = fills(&pages, "/dialogues/strands/new", &bound).await;
    assert_eq!(
        (bound.status, &bound.to),
        (StatusCode::SEE_OTHER, &made.to),
        "{}",
        bound.body
    );
    let made_strand = fills(
        &pages,
        &strand,
        &[
            ("name", "Exchange of practice"),
            ("number", "2"),
            ("topics", "info_sharing"),
        ],
    )
    .await;
    assert_eq!(
        (made_strand.status, &made_strand.to),
        (StatusCode::SEE_OTHER, &made.to),
        "{}",
        made_strand.body
    );
    let arrangement = pages.get(&made.to).await.body;
    let activity = address(
        &arrangement[arrangement.find("2. Exchange").unwrap()..],
        "/dialogues/activities/new",
    );
    let words = one.clone();
    let done = fills(
        &pages,
        &activity,
        &[
            ("name", "Workshop"),
            ("progress", "done"),
            ("due", "2026-10"),
            ("serves", &words),
            (
                "indicators",
                "Experts who took part | 20 | 24\nAdvisories compared",
            ),
        ],
    )
    .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let shown = pages.get(&done.to).await.body;
    assert!(
        shown.contains("Experts who took part") && shown.contains(">24<"),
        "{shown}"
    );
    // Back at the commitment: what is done for it, and that somebody should say so.
    let back = pages.get(&one).await.body;
    assert!(
        back.contains("Workshop") && back.contains("An activity for it is done"),
        "{back}"
    );

    let event = fills(
        &pages,
        &address(&back, "/dialogues/events/new"),
        &[
            ("name", "Side event"),
            ("start", "2027-03~"),
            ("place", "Geneva"),
        ],
    )
    .await;
    assert_eq!(event.status, StatusCode::SEE_OTHER, "{}", event.body);
    pages.bench.later(60);
    let edit = format!("{}/edit", event.to);
    let moved = fills(
        &pages,
        &edit,
        &[
            ("name", "Side event"),
            ("start", "2027-04"),
            ("place", "Bern"),
        ],
    )
    .await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    assert!(pages.get(&one).await.body.contains("April 2027 · Bern"));
    let calendar = pages.get("/dialogues/calendar.ics").await.body;
    for words in ["Side event", "Workshop", "Points of contact"] {
        assert!(calendar.contains(words), "{words}: {calendar}");
    }
    let register = Register::at_home(&pages.bench.node);
    let found = register
        .all::<Arrangement>("arrangement.name", 5)
        .unwrap()
        .into_inner();
    assert_eq!(found[0].what.serves_refs.len(), 1);
    let series = found[0].what.dialogue_ref.clone().unwrap();
    let series = pages
        .get(&format!("/dialogues/series/{}", &series[10..]))
        .await
        .body;
    for words in [
        "Working arrangement",
        "Exchange of practice",
        "Workshop",
        "Side event",
        "Points of contact",
    ] {
        assert!(series.contains(words), "{words}");
    }
    assert!(
        register
            .between::<Activity>("activity.due", (0, i64::MAX), 5)
            .unwrap()
            .into_inner()[0]
            .what
            .due_by
            .is_some()
    );
    assert!(
        register
            .between::<Demarche>("demarche.at", (0, i64::MAX), 5)
            .unwrap()
            .into_inner()[0]
            .what
            .by
            .len()
            == 1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn begun_from_nowhere_a_commitment_is_found_by_its_words() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, TEXT).await;
    let one = address(&pages.get(&session).await.body, "/dialogues/commitments/");
    let page = pages.get(&one).await.body;
    let said = page.split_once("<h1").unwrap().1.split_once('>').unwrap().1;
    let said = said.split("</h1>").next().unwrap();
    let word = said
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .filter(|word| word.len() > 6)
        .max_by_key(|word| word.len())
        .unwrap();
    pages.bench.node.index().unwrap();
    let open = "/dialogues/events/new";
    let form = pages.get(open).await.body;
    assert!(!form.contains("name=\"serves\""), "{form}");
    // Enter in a line sends the form; it does not press the button that looks.
    let first = form.split("name=\"draft-once\"").nth(1).unwrap();
    let first = first.split_once("<button").unwrap().1;
    assert!(first.starts_with(" hidden>"), "{first}");
    let asked = [("serves_others", word), ("draft-looks", "serves_others")];
    let found = pages.post(open, &asked).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    assert!(
        found
            .body
            .contains(&format!("name=\"serves\" value=\"{one}\"")),
        "{}",
        found.body
    );
    assert!(!found.body.contains("Fill in:"), "{}", found.body);
    // It is there again for whoever comes back, and is not taken before it is ticked.
    let again = pages.get(open).await.body;
    assert!(again.contains(&format!("value=\"{one}\"")), "{again}");
    let event = [
        ("name", "Side event"),
        ("start", "2027-03"),
        ("serves_others", word),
    ];
    let unticked = fills(&pages, open, &event).await;
    assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unticked.body.contains("Tick what you mean"),
        "{}",
        unticked.body
    );
    let nothing = [
        ("serves_others", "unheardofword"),
        ("draft-looks", "serves_others"),
    ];
    let nothing = pages.post(open, &nothing).await.body;
    assert!(
        nothing.contains("No commitment that you can see has"),
        "{nothing}"
    );
    // An empty line is answered, and so are more lines than are looked for at once.
    let many = vec!["unheardofword"; 21].join("\n");
    for (lines, said) in [
        (" ", "Type words that stand in it"),
        (many.as_str(), "20 lines are looked for at once"),
    ] {
        let asked = [("serves_others", lines), ("draft-looks", "serves_others")];
        let page = pages.post(open, &asked).await.body;
        assert!(page.contains(said), "{page}");
    }
    let ticked: Vec<(&str, &str)> = event
        .into_iter()
        .chain([("serves", one.as_str())])
        .collect();
    let made = fills(&pages, open, &ticked).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert!(pages.get(&one).await.body.contains("Side event"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_more_has_the_words_than_was_looked_at_none_is_not_said_of_all() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let node = &pages.bench.node;
    let home = node.home().id.clone();
    let told = async |number: std::ops::Range<usize>, language: &str| {
        for number in number {
            let note = format!(
                r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-{number:012}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","created_by_ref":"{home}","content":"heron","object_refs":["{home}"]}}"#
            );
            let submission = Submission {
                objects: std::iter::once(0..note.len()).collect(),
                bytes: note.into(),
                channel: Channel::Local,
                submitter: home.clone(),
                person: None,
                collection: dialogues::DESK.to_owned(),
                marking: Marking::default(),
            };
            let receipt = node.accept(submission).unwrap().await.unwrap();
            assert_eq!(receipt.successes(), 1, "{receipt:?}");
        }
        node.index().unwrap();
        let asked = [("serves_others", "heron"), ("draft-looks", "serves_others")];
        let path = format!("/dialogues/events/new?lang={language}");
        pages.post(&path, &asked).await.body
    };
    let page = told(0..250, "en").await;
    let none = "No commitment that you can see has";
    assert!(page.contains(none), "all were seen: {page}");
    let page = told(250..251, "en").await;
    assert!(
        page.contains("Among the newest 250 records that have “heron”"),
        "{page}"
    );
    assert!(!page.contains(none), "{page}");
    let page = told(0..0, "fr").await;
    assert!(
        page.contains("Parmi les 250 pièces les plus récentes"),
        "{page}"
    );
}
