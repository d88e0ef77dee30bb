//! Sessions that a person enters and changes: the next one, one that is put off or called off, and the one that a text then tells of.

use crate::entered::{TEXT, entered};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::drafting::docx;
use dialogues::records::{Dialogue, NewPiece, Session, SessionState};
use dialogues::register::{ALWAYS, Register};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use node::users::Role;
use node::{Kind, Participant};
use stage::{Answer, Bench, Pages, address, hidden};
use stix::marking::{Audience, TlpName};

const KESTRIA: &str = "identity--00000000-0000-4000-8000-00000000000a";

/// Pages of the European Union, with the session of a text in the register; the addresses of its series and of itself.
async fn with_text() -> (Pages, String, String) {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, TEXT).await;
    let series = address(&pages.get(&session).await.body, "/dialogues/series/");
    (pages, series, session)
}

/// Sends the form at an address with these fields, under what it carries along.
async fn sends(pages: &Pages, way: &str, fields: &[(&str, &str)]) -> Answer {
    pages.bench.later(60);
    let way = way.replace("&#38;", "&").replace("&amp;", "&");
    let form = pages.get(&way).await;
    assert_eq!(form.status, StatusCode::OK, "{way}: {}", form.body);
    let carried = ["version", "dialogue"].map(|name| (name, hidden(&form.body, name)));
    let mut all: Vec<(&str, &str)> = carried
        .iter()
        .map(|(name, text)| (*name, &**text))
        .collect();
    all.push(("tlp", "AMBER+STRICT"));
    all.extend_from_slice(fields);
    pages.post(way.split('?').next().unwrap(), &all).await
}

/// A file, as it comes.
async fn bytes(pages: &Pages, path: &str) -> Vec<u8> {
    let request = Request::get(path).header("cookie", &pages.cookie);
    let request = request.body(Body::empty()).unwrap();
    let service = TowerToHyperService::new(pages.router.clone());
    let body = service.call(request).await.unwrap().into_body();
    body.collect().await.unwrap().to_bytes().to_vec()
}

/// The sessions of the register.
fn sessions(pages: &Pages) -> Vec<Session> {
    let all = Register::at_home(&pages.bench.node).between::<Session>("session.starts", ALWAYS, 50);
    let all = all.unwrap().into_inner().into_iter();
    all.map(|piece| piece.what).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_session_is_entered_put_off_and_called_off() {
    let (pages, series, fourth) = with_text().await;
    let new = address(&pages.get(&series).await.body, "/dialogues/sessions/new");
    // It begins with what the last one announced.
    let form = pages.get(&new.replace("&#38;", "&")).await.body;
    assert!(
        form.contains("value=\"5\"") && form.contains("value=\"Tokyo\""),
        "{form}"
    );
    assert!(!form.contains("value=\"moved\""), "{form}");

    let planned = [
        ("state", "planned"),
        ("start", "2027-06-10"),
        ("place", "Tokyo"),
    ];
    let with = |more: &[(&'static str, &'static str)]| {
        let kept = planned
            .iter()
            .filter(|(name, _)| more.iter().all(|(own, _)| own != name));
        kept.chain(more).copied().collect::<Vec<_>>()
    };
    for (more, said) in [
        (&[("state", "held")][..], "it cannot have been held"),
        (&[("start", "")], "Fill in: First day"),
        (&[("start", "soon")], "This is no date"),
        (&[("end", "2027-06-09")], "The last day is before the first"),
        (&[("ordinal", "first")], "Write a number from 1 on"),
    ] {
        let refused = sends(&pages, &new, &with(more)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    assert_eq!(sessions(&pages).len(), 1);

    // A number that stands is said once, with the session that has it; sent again, it is taken.
    let fourth_again = with(&[("ordinal", "4")]);
    let said = sends(&pages, &new, &fourth_again).await;
    assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        said.body.contains("This number stands already") && said.body.contains("11 June 2019"),
        "{}",
        said.body
    );
    let alike = hidden(&said.body, "alike");
    assert!(fourth.ends_with(alike.split("--").nth(1).unwrap()));

    let made = sends(
        &pages,
        &new,
        &with(&[("ordinal", "5"), ("end", "2027-06-11")]),
    )
    .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let parties = sessions(&pages).into_iter().map(|one| one.parties);
    assert!(
        parties.clone().all(|one| one.len() == 2),
        "{:?}",
        parties.collect::<Vec<_>>()
    );
    let page = pages.get(&made.to).await.body;
    assert!(page.contains("Planned") && page.contains("/brief") && page.contains("/drafts"));
    let home = pages.get("/dialogues").await.body;
    assert!(home.contains("The next session with Japan is in"), "{home}");
    let listed = pages.get(&series).await.body;
    assert!(
        listed.contains("being prepared")
            && listed.contains("session no. 5, Tokyo, 10 June 2027")
            && listed.contains("(on another date than announced)"),
        "{listed}"
    );
    let calendar = pages
        .get("/dialogues/calendar.ics")
        .await
        .body
        .replace("\r\n ", "");
    assert!(
        calendar.contains("10 June 2027 (being prepared)"),
        "{calendar}"
    );

    // Put off: the new day has to be another, and the old one stays beside it.
    let edit = format!("{}/edit", made.to);
    let moved = with(&[("ordinal", "5"), ("state", "moved")]);
    let same = sends(&pages, &edit, &moved).await;
    assert!(same.body.contains("Write the new day"), "{}", same.body);
    let moved = with(&[
        ("ordinal", "5"),
        ("state", "moved"),
        ("start", "2027-09-01"),
    ]);
    let moved = sends(&pages, &edit, &moved).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    let page = pages.get(&made.to).await.body;
    assert!(
        page.contains("Planned before for")
            && page.contains("10 June 2027")
            && page.contains("1 September 2027"),
        "{page}"
    );

    // Somebody else changed it meanwhile: what was typed stays, and nothing is written over.
    let late = [
        ("version", "2026-01-01T00:00:00.000Z"),
        ("state", "planned"),
        ("start", "2027-10-01"),
        ("tlp", "AMBER+STRICT"),
    ];
    let late = pages.post(&edit, &late).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.body.contains("Somebody changed it meanwhile") && late.body.contains("2027-10-01")
    );

    let off = with(&[
        ("ordinal", "5"),
        ("state", "cancelled"),
        ("start", "2027-09-01"),
    ]);
    let off = sends(&pages, &edit, &off).await;
    assert_eq!(off.status, StatusCode::SEE_OTHER, "{}", off.body);
    let listed = pages.get(&series).await.body;
    assert!(
        listed.contains("called off") && listed.contains("Called off"),
        "{listed}"
    );
    let home = pages.get("/dialogues").await.body;
    assert!(!home.contains("The next session with"), "{home}");
    // Whoever takes the brief along reads it first.
    let off = edit.replace("/edit", "");
    let brief = pages.get(&format!("{off}/brief")).await.body;
    let head = &brief[brief.find("id=\"state\"").unwrap()..];
    let head = &head[..head.find("</p>").unwrap()];
    assert!(
        head.contains("Called off") && head.contains("Planned before for: 10 June 2027"),
        "{head}"
    );
    let paper = bytes(&pages, &format!("{off}/brief.docx")).await;
    let paper = docx::read(&paper).unwrap();
    let paper: String = paper.letters.iter().map(|seen| seen.letter).collect();
    let paper = paper.replace('\u{a0}', " ");
    assert!(
        paper.contains("· Called off · Planned before for: 10 June 2027"),
        "{paper}"
    );
    let calendar = pages
        .get("/dialogues/calendar.ics")
        .await
        .body
        .replace("\r\n ", "");
    assert!(
        calendar.contains("1 September 2027 (called off)"),
        "{calendar}"
    );
    // A program that shows the day takes it away by this.
    assert_eq!(
        calendar.matches("STATUS:CANCELLED").count(),
        1,
        "{calendar}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_takes_the_session_that_was_planned() {
    let (pages, series, _) = with_text().await;
    let new = address(&pages.get(&series).await.body, "/dialogues/sessions/new");
    let planned = [
        ("state", "planned"),
        ("ordinal", "5"),
        ("start", "2025-03-04"),
        ("place", "Tokyo"),
    ];
    let made = sends(&pages, &new, &planned).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let text = "Joint elements of the 5th EU-Japan Cyber Dialogue\n\nBrussels, 12/03/2025\n\n\
        The European Union and Japan held the fifth meeting of their Cyber Dialogue in Brussels on 11 March 2025.\n\
        Both sides will share their experience with certification by 31 December 2027.\n";
    let read = pages
        .post("/dialogues/readings/new", &[("text", text)])
        .await;
    let confirm = format!("{}/confirm", read.to);
    let page = pages.get(&confirm).await.body;
    assert!(
        page.contains("is planned in the register") && page.contains("recorded as held"),
        "{page}"
    );
    let session = format!("session--{}", made.to.rsplit('/').next().unwrap());
    assert!(
        page.contains(&format!("value=\"{session}\" selected")),
        "{page}"
    );
    let dialogue = format!("dialogue--{}", series.rsplit('/').next().unwrap());
    let chosen = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", &*dialogue),
        ("session", &*session),
    ];
    pages.bench.later(60);
    let done = pages.post(&confirm, &chosen).await;
    assert_eq!(
        (done.status, &done.to),
        (StatusCode::SEE_OTHER, &made.to),
        "{}",
        done.body
    );
    let all = sessions(&pages);
    assert_eq!(all.len(), 2);
    let fifth = all.iter().find(|one| one.ordinal == Some(5)).unwrap();
    let told = (fifth.state, fifth.start.as_deref(), fifth.place.as_deref());
    assert_eq!(
        told,
        (SessionState::Held, Some("2025-03-11"), Some("Brussels"))
    );
    let page = pages.get(&made.to).await.body;
    assert!(
        page.contains("Planned before for") && page.contains("4 March 2025"),
        "{page}"
    );
    assert!(!page.contains("Sources give different dates"), "{page}");
    // What was announced for about June 2020 in Tokyo is named, linked and said to be otherwise, on the series and among all sessions.
    let listed = pages.get(&series).await.body;
    let link = format!("href=\"{}\"", made.to);
    assert!(
        listed.contains("session no. 5, Brussels, 11 March 2025")
            && listed.matches(&link).count() > 1
            && listed.contains("on another date and in another place than announced"),
        "{listed}"
    );
    let table = pages.get("/dialogues/sessions?outcome=held").await.body;
    assert!(
        table.contains("held, on another date and in another place than announced")
            && table.contains(&link),
        "{table}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_announces_does_not_say_that_it_was_held() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, &TEXT.replace("11 June 2019", "11 June 2027")).await;
    let states: Vec<SessionState> = sessions(&pages).into_iter().map(|one| one.state).collect();
    assert_eq!(states, [SessionState::Planned]);
    assert!(pages.get(&session).await.body.contains("Planned"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begins_with_those_who_have_its_series() {
    let pages = Pages::new(Dialogues).await;
    let node = pages.bench.node.clone();
    let kestria: stix::ObjectId = KESTRIA.parse().unwrap();
    let known = Participant::new(kestria.clone(), "Kestria", Kind::State);
    node.add_participant(known, &node.at_terminal("tests"))
        .await
        .unwrap();
    let written = move || {
        let label = Label::To(TlpName::Amber, vec![Audience::Identity(kestria)]);
        let mut batch = Batch::new(&node, None, label);
        let what = serde_json::json!({ "name": "Dialogue", "parties": ["EU", "JP"] });
        let what: Dialogue = serde_json::from_value(what).unwrap();
        let series = batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
        series.id
    };
    let series = tokio::task::spawn_blocking(written).await.unwrap();
    let way = format!("/dialogues/sessions/new?dialogue={series}");
    let form = pages.get(&way).await.body;
    assert!(
        form.contains("value=\"AMBER\" checked")
            && form.contains(&format!("name=\"for\" value=\"{KESTRIA}\" checked")),
        "{form}"
    );
    let none = pages.get("/dialogues/sessions/new").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    // Of a series that everybody may see nothing begins as public: to publish is a decision of its own.
    let node = pages.bench.node.clone();
    let written = move || {
        let mut batch = Batch::new(&node, None, Label::To(TlpName::Clear, Vec::new()));
        let what = serde_json::json!({ "name": "Public dialogue", "parties": ["EU", "JP"] });
        let what: Dialogue = serde_json::from_value(what).unwrap();
        let series = batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
        series.id
    };
    let public = tokio::task::spawn_blocking(written).await.unwrap();
    let outside = pages
        .ask("GET", "/dialogues/series", "", String::new())
        .await;
    assert!(outside.body.contains("Public dialogue"), "{}", outside.body);
    let way = format!("/dialogues/sessions/new?dialogue={public}");
    let form = pages.get(&way).await.body;
    assert!(
        !form.contains("value=\"CLEAR\" checked") && form.contains("value=\"CLEAR\""),
        "{form}"
    );
    // What somebody writes for others who may not release waits for a signature.
    let editor = pages.somebody("Ed", &[Role::Editor]).await;
    let fields = [
        ("dialogue", series.as_str()),
        ("state", "planned"),
        ("start", "2027"),
        ("tlp", "AMBER"),
        ("for", KESTRIA),
    ];
    let sent = pages
        .ask(
            "POST",
            "/dialogues/sessions/new",
            &editor,
            stage::form(&fields),
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let node = pages.bench.node.clone();
    let open = tokio::task::spawn_blocking(move || node.clearance().open_cases());
    assert_eq!(open.await.unwrap().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_day_is_over_is_asked_for() {
    let (pages, series, _) = with_text().await;
    let new = address(&pages.get(&series).await.body, "/dialogues/sessions/new");
    let home = pages.get("/dialogues").await.body;
    let one = "1 session whose day is over is not recorded as held";
    assert!(home.contains(one), "{home}");
    let planned = [
        ("state", "planned"),
        ("ordinal", "5"),
        ("start", "2026-03~"),
    ];
    let made = sends(&pages, &new, &planned).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    // It was entered as it was announced, and is as late as before.
    let told = "was planned, not recorded as held";
    let link = format!("href=\"{}\"", made.to);
    let home = pages.get("/dialogues").await.body;
    assert!(home.contains(one) && home.contains(told), "{home}");
    assert!(!home.contains("The next session with"), "{home}");
    let late = &home[home.find("id=\"not-held\"").unwrap()..];
    assert!(late.contains(&link), "{late}");
    let table = pages.get("/dialogues/sessions?outcome=not-recorded").await;
    assert!(table.body.contains(&link), "{}", table.body);
    assert!(table.body.contains("Was planned; not recorded as held"));
    let listed = pages.get(&series).await.body;
    assert!(
        listed.contains(told) && !listed.contains("being prepared"),
        "{listed}"
    );
    let page = pages.get(&made.to).await.body;
    assert!(page.contains("Was planned; not recorded as held"), "{page}");
    let fourth = pages.get("/dialogues/sessions").await.body;
    assert!(fourth.contains(told), "{fourth}");
    let calendar = pages.get("/dialogues/calendar.ics").await.body;
    let calendar = calendar.replace("\r\n ", "").replace('\\', "");
    assert!(calendar.contains(&format!("({told})")), "{calendar}");

    // What nobody announced is asked for by itself.
    let alone = [
        ("state", "planned"),
        ("ordinal", "7"),
        ("start", "2026-10-02"),
    ];
    let alone = sends(&pages, &new, &alone).await;
    assert_eq!(alone.status, StatusCode::SEE_OTHER, "{}", alone.body);
    let home = pages.get("/dialogues").await.body;
    assert!(
        home.contains("2 sessions whose day is over are not recorded as held"),
        "{home}"
    );
    // Recorded as held, it is asked for no more.
    let held = [("state", "held"), ("ordinal", "7"), ("start", "2026-10-02")];
    let held = sends(&pages, &format!("{}/edit", alone.to), &held).await;
    assert_eq!(held.status, StatusCode::SEE_OTHER, "{}", held.body);
    assert!(pages.get("/dialogues").await.body.contains(one));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_no_day_is_counted_in_no_days() {
    let (pages, series, _) = with_text().await;
    let new = address(&pages.get(&series).await.body, "/dialogues/sessions/new");
    let planned = [("state", "planned"), ("ordinal", "5"), ("start", "2027")];
    let made = sends(&pages, &new, &planned).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let edit = format!("{}/edit", made.to);
    for (start, told, french) in [
        ("2027", "in 2027", "en 2027"),
        ("2027-02", "in February 2027", "en février 2027"),
        ("2026-11", "this month", "ce mois-ci"),
        ("2026", "this year", "cette année"),
        ("2026-11-28", "in 10 days", "dans 10 jours"),
        ("2026-11-18", "today", "aujourd’hui"),
    ] {
        let fields = [("state", "planned"), ("ordinal", "5"), ("start", start)];
        let sent = sends(&pages, &edit, &fields).await;
        let same = start == "2027";
        assert!(
            same || sent.status == StatusCode::SEE_OTHER,
            "{}",
            sent.body
        );
        let home = pages.get("/dialogues").await.body;
        let said = format!("The next session with Japan is {told}<");
        assert!(home.contains(&said), "{start}: {home}");
        assert!(
            home.contains(&format!("{}/brief", made.to)),
            "{start}: {home}"
        );
        let home = pages.get("/dialogues?lang=fr").await.body;
        assert!(
            home.contains(&format!("(Japon) : {french}<")),
            "{start}: {home}"
        );
    }
}
