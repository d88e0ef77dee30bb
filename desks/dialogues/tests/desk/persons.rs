//! Who took part, and how they are called: the chair of each side, names in the reader's language, and the brief that has both.

use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{
    Attendance, Commitment, Dialogue, NewPiece, Observer, Sees, Session, Translation, Weight,
};
use dialogues::register::Register;
use dialogues::rules::attendance::{CHAIR, chair_of, chaired};
use serde_json::json;
use stage::{Pages, hidden};

fn person(name: &str, side: Option<&str>, function: Option<&str>) -> Attendance {
    Attendance {
        name: name.to_owned(),
        role: Some("Ambassador".to_owned()),
        side: side.map(str::to_owned),
        function: function.map(str::to_owned),
    }
}

#[test]
fn one_person_chairs_for_a_side() {
    let known = [
        person("Ilse", Some("A"), Some(CHAIR)),
        person("Mira", Some("B"), None),
        person("Ole", None, None),
    ];
    for (side, told, chairs, office, all) in [
        // The same again, another office, none.
        (
            "A",
            ("Ilse", "Ambassador"),
            [Some("Ilse"), None],
            Some("Ambassador"),
            3,
        ),
        (
            "A",
            ("Ilse", "Minister"),
            [Some("Ilse"), None],
            Some("Minister"),
            3,
        ),
        ("A", ("Ilse", ""), [Some("Ilse"), None], None, 3),
        // Nobody: the person took part all the same.
        ("A", ("", ""), [None, None], None, 3),
        // Somebody who took part, for the side or for one not known; the office is kept.
        (
            "B",
            ("Mira", ""),
            [Some("Ilse"), Some("Mira")],
            Some("Ambassador"),
            3,
        ),
        ("A", ("Ole", ""), [Some("Ole"), None], Some("Ambassador"), 3),
        // A namesake of the other side is another person; so is somebody new.
        (
            "B",
            ("Ilse", "Envoy"),
            [Some("Ilse"), Some("Ilse")],
            Some("Envoy"),
            4,
        ),
        (
            "B",
            ("Pia", "Envoy"),
            [Some("Ilse"), Some("Pia")],
            Some("Envoy"),
            4,
        ),
    ] {
        let mut persons = known.to_vec();
        chaired(&mut persons, side, told);
        assert_eq!(persons.len(), all, "{side} {told:?}");
        let session: Session = serde_json::from_value(json!({
            "dialogue_ref": "dialogue--1", "state": "held", "starts": "2026-01-01T00:00:00Z", "parties": ["A", "B"], "persons": persons,
        }))
        .unwrap();
        let found = ["A", "B"].map(|side| chair_of(&session, side).map(|one| one.name.as_str()));
        assert_eq!(found, chairs, "{side} {told:?}");
        let own = chair_of(&session, side).and_then(|one| one.role.as_deref());
        assert_eq!(own, office, "{side} {told:?}");
    }
}

/// A session between this node's participant and Japan, which Ole Brandt took part in; its address.
async fn session(pages: &Pages) -> String {
    let node = pages.bench.node.clone();
    tokio::task::spawn_blocking(move || {
        let home = node.home().id.to_string();
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what: Dialogue = serde_json::from_value(
            json!({ "name": "Valmora–Japan", "name_fr": "Valmora – Japon", "parties": [home, "JP"] }),
        )
        .unwrap();
        let dialogue = batch.add(NewPiece::of(what)).unwrap();
        let what: Session = serde_json::from_value(json!({
            "dialogue_ref": dialogue.id.as_str(), "state": "held", "starts": "2026-10-10T00:00:00Z", "ordinal": 5,
            "start": "2026-10-10", "place": "Tokyo", "parties": [home, "JP"], "persons": [{ "name": "Ole Brandt", "role": "Envoy" }],
        }))
        .unwrap();
        let session = batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
        format!("/dialogues/sessions/{}", session.id.uuid())
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chair_of_each_side_is_entered_and_shown() {
    let pages = Pages::new(Dialogues).await;
    let session = session(&pages).await;
    let way = format!("{session}/chairs");
    assert!(
        pages
            .get(&session)
            .await
            .body
            .contains(&format!("href=\"{way}\""))
    );
    let page = pages.get(&way).await.body;
    assert!(page.contains("Japan: who chaired"), "{page}");
    let version = hidden(&page, "version");
    pages.bench.later(1);
    let of = |name: &'static str, office: &'static str, version: &str| {
        vec![
            ("version".to_owned(), version.to_owned()),
            (
                asked(&page, "Valmora: who chaired"),
                "Ole Brandt".to_owned(),
            ),
            (asked(&page, "Japan: who chaired"), name.to_owned()),
            (asked(&page, "Japan: in which office"), office.to_owned()),
            ("chair".to_owned(), "JP".to_owned()),
        ]
    };
    let send = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|one| (&*one.0, &*one.1)).collect();
        pages.post(&way, &fields).await
    };
    for (fields, says) in [
        (of("", "Director", &version), "Write whose office it is"),
        (
            of("Aiko Mori", "Director", "2020-01-01T00:00:00Z"),
            "Somebody changed it meanwhile",
        ),
    ] {
        let answer = send(fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(says), "{}", answer.body);
    }
    let kept = send(of("Aiko Mori", "Director", &version)).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let page = pages.get(&session).await.body;
    for said in [
        "<dt>Chair (Japan)</dt><dd><bdi>Aiko Mori (Director)</bdi>",
        "<dt>Chair (Ministry of Foreign Affairs of Valmora)</dt><dd><bdi>Ole Brandt (Envoy)</bdi>",
        "<dt>Chair</dt><dd><bdi>Japan</bdi>",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Whoever prints the brief can tell it from others by its name, and sees who chaired.
    let brief = pages.get(&format!("{session}/brief")).await.body;
    assert!(brief.contains("<title>Brief: Valmora–Japan, "), "{brief}");
    assert!(brief.contains("Director · Japan · Chair"), "{brief}");
    let french = pages.get(&format!("{session}?lang=fr")).await.body;
    assert!(french.contains("Présidence (Japon)"), "{french}");
}

/// The name of the field that a page asks so.
fn asked(page: &str, label: &str) -> String {
    let at = page.find(label).unwrap_or_else(|| {
        panic!("{label} is not asked in {page}");
    });
    let rest = page[at..].split("name=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// What a browser would send of a page's lines: what is carried, what is written, and what is ticked.
fn written(page: &str) -> Vec<(String, String)> {
    let of = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1)?;
        Some(value.split('"').next()?.to_owned())
    };
    let form = page.split("<main").nth(1).unwrap();
    let tags = form.split("<input ").skip(1);
    let tags = tags.map(|rest| rest.split('>').next().unwrap());
    let sent = tags.filter(|tag| !tag.contains("type=\"checkbox\"") || tag.contains(" checked"));
    sent.filter_map(|tag| Some((of(tag, "name")?, of(tag, "value")?)))
        .collect()
}

/// A session as another person has it in the meantime.
async fn meanwhile(pages: &Pages, session: &str, change: impl FnOnce(&mut Session)) {
    pages.bench.later(60);
    let id = session.replace("/dialogues/sessions/", "session--");
    let one = Register::at_home(&pages.bench.node).one::<Session>(&id.parse().unwrap());
    let piece = one.unwrap().unwrap().into_inner();
    let mut what = piece.what.clone();
    change(&mut what);
    let mut batch = Batch::new(&pages.bench.node, None, Label::Ours);
    batch.add(piece.revised(what)).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    pages.bench.later(60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_stays_with_its_side_while_the_parties_change() {
    let pages = Pages::new(Dialogues).await;
    let session = session(&pages).await;
    let way = format!("{session}/chairs");
    let post = async |fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|one| (&*one.0, &*one.1)).collect();
        pages.post(&way, &fields).await
    };
    let put = |fields: &mut Vec<(String, String)>, name: &str, value: &str| {
        let field = fields.iter_mut().find(|field| field.0 == name);
        field.unwrap().1 = value.to_owned();
    };
    let told = "Somebody changed it meanwhile";

    // Somebody else puts Canada before both while the chair of Japan is written down.
    let page = pages.get(&way).await.body;
    let mut fields = written(&page);
    put(
        &mut fields,
        &asked(&page, "Japan: who chaired"),
        "Aiko Mori",
    );
    put(
        &mut fields,
        &asked(&page, "Japan: in which office"),
        "Director",
    );
    meanwhile(&pages, &session, |what| {
        what.parties.insert(0, "CA".to_owned());
    })
    .await;
    let late = post(&fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains(told), "{}", late.body);
    let again = post(&written(&late.body)).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let page = pages.get(&session).await.body;
    let japan = "<dt>Chair (Japan)</dt><dd><bdi>Aiko Mori (Director)</bdi>";
    assert!(
        page.contains(japan) && !page.contains("Chair (Canada)"),
        "{page}"
    );

    // Canada leaves again, while somebody writes who chaired for it, and ticks it.
    let page = pages.get(&way).await.body;
    let mut fields = written(&page);
    put(&mut fields, &asked(&page, "Canada: who chaired"), "Ann Roy");
    fields.push(("chair".to_owned(), "CA".to_owned()));
    meanwhile(&pages, &session, |what| {
        what.parties.retain(|side| side != "CA");
    })
    .await;
    let mut late = post(&fields).await;
    let gone = "Canada is no party to this session any more";
    assert!(
        late.body
            .contains(&format!("{gone} and cannot be in the chair")),
        "{}",
        late.body
    );
    for turn in 0..2 {
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{turn}");
        let asks = late.body.contains(gone) && late.body.contains("value=\"Ann Roy\"");
        assert!(asks, "{turn}: {}", late.body);
        // Left and taken up again, it still stands there.
        let kept = pages.get(&way).await.body;
        let asks = kept.contains(gone) && kept.contains("value=\"Ann Roy\"");
        assert!(asks, "{turn}: {kept}");
        late = post(&written(&late.body)).await;
    }
    let mut fields = written(&late.body);
    put(&mut fields, &asked(&late.body, "Canada: who chaired"), "");
    let kept = post(&fields).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let page = pages.get(&session).await.body;
    assert!(page.contains(japan) && !page.contains("Ann Roy"), "{page}");
}

/// What a browser would send of the page of the observers: what is carried, and what is chosen.
fn chosen(page: &str) -> Vec<(String, String)> {
    let of = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1)?;
        Some(value.split('"').next()?.to_owned())
    };
    let tags = page.split("<input ").skip(1);
    let tags = tags.map(|rest| rest.split('>').next().unwrap());
    let mut all = vec![("version".to_owned(), hidden(page, "version"))];
    let radios = tags.filter(|tag| tag.contains("type=\"radio\"") && tag.contains(" checked"));
    all.extend(radios.map(|tag| (of(tag, "name").unwrap(), of(tag, "value").unwrap())));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_observer_may_see_stays_with_it_when_two_change_the_observers() {
    let pages = Pages::new(Dialogues).await;
    let session = session(&pages).await;
    let way = format!("{session}/observers");
    let id = session.replace("/dialogues/sessions/", "session--");
    let id = id.parse().unwrap();
    let observer = |who: &str, sees: Sees| Observer {
        who: who.to_owned(),
        sees,
        side: Some("JP".to_owned()),
    };
    let now = || {
        let one = Register::at_home(&pages.bench.node).one::<Session>(&id);
        one.unwrap().unwrap().into_inner()
    };
    let made = |observers: Vec<Observer>| {
        pages.bench.later(60);
        let mut batch = Batch::new(&pages.bench.node, None, Label::Ours);
        let piece = now();
        let mut what = piece.what.clone();
        what.observers = observers;
        batch.add(piece.revised(what)).unwrap();
        tokio::task::block_in_place(|| batch.send()).unwrap();
    };
    let send = async |page: &str, changes: &[(&str, Sees)]| {
        pages.bench.later(60);
        let mut fields = chosen(page);
        for (who, sees) in changes {
            // Where the page asks it of them.
            let asked = page.split(&format!("Role of {who}")).nth(1).unwrap();
            let name = asked.split("name=\"").nth(1).unwrap();
            let name = name.split('"').next().unwrap();
            let field = fields.iter_mut().find(|field| field.0 == name).unwrap();
            field.1 = sees.as_str().to_owned();
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|one| (&*one.0, &*one.1)).collect();
        pages.post(&way, &fields).await
    };
    let (canada, korea) = ("CA", "KR");
    made(vec![
        observer(canada, Sees::All),
        observer(korea, Sees::Outcome),
    ]);
    let opened = pages.get(&way).await.body;
    // The first is taken off by somebody else; another sends what they had open, and sends it again.
    made(vec![observer(korea, Sees::Outcome)]);
    let late = send(&opened, &[]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "Canada is no observer of this session any more";
    assert!(late.body.contains(said), "{}", late.body);
    let again = send(&late.body, &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert_eq!(now().what.observers, [observer(korea, Sees::Outcome)]);
    // Somebody else adds one: it stays, though the form that is sent again did not have it.
    let opened = pages.get(&way).await.body;
    let added = observer(canada, Sees::Tabled);
    made(vec![added.clone(), observer(korea, Sees::Outcome)]);
    let late = send(&opened, &[("South Korea", Sees::All)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = send(&late.body, &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert_eq!(now().what.observers, [added, observer(korea, Sees::All)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_brief_has_what_was_committed_to_in_each_language() {
    let pages = Pages::new(Dialogues).await;
    let session = session(&pages).await;
    let of = session.replace("/dialogues/sessions/", "session--");
    let one = Register::at_home(&pages.bench.node).one::<Session>(&of.parse().unwrap());
    let series = one.unwrap().unwrap().into_inner().what.dialogue_ref;
    let node = pages.bench.node.clone();
    let french = "Les deux parties désigneront un point de contact.";
    tokio::task::spawn_blocking(move || {
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what: Commitment = serde_json::from_value(json!({
            "words": "Both sides will designate a contact point.", "act": "commitment", "actors": ["JP"], "strength": 3,
            "standing": "joint", "dialogue_ref": series, "session_ref": of,
        }))
        .unwrap();
        let made = batch.add(NewPiece::of(what).in_language("en")).unwrap();
        batch
            .translate(&Translation {
                of: made.id,
                lang: "fr".to_owned(),
                field: "words".to_owned(),
                words: french.to_owned(),
                weight: Some(Weight::Authentic),
            })
            .unwrap();
        batch.send().unwrap();
    })
    .await
    .unwrap();
    let brief = pages.get(&format!("{session}/brief")).await.body;
    let said = format!("<bdi lang=\"fr\">{french}</bdi> <span class=\"meta\">Authentic</span>");
    assert!(brief.contains(&said), "{brief}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_in_the_language_of_who_reads() {
    let pages = Pages::new(Dialogues).await;
    let session = session(&pages).await;
    let (english, french) = (
        "Ministry of Foreign Affairs of Valmora",
        "Ministère des affaires étrangères de Valmora",
    );
    // As it stands, where its identity has no other name.
    let page = pages.get(&format!("{session}?lang=fr")).await.body;
    assert!(page.contains(english) && !page.contains(french), "{page}");
    let node = pages.bench.node.clone();
    pages.bench.later(1);
    tokio::task::spawn_blocking(move || {
        let mut batch = Batch::new(&node, None, Label::Ours);
        batch
            .translate(&Translation {
                of: node.home().id.clone(),
                lang: "fr".to_owned(),
                field: "name".to_owned(),
                words: french.to_owned(),
                weight: None,
            })
            .unwrap();
        batch.send().unwrap();
    })
    .await
    .unwrap();
    let facts = |page: &str| page[page.find("<dl class=\"facts\">").unwrap()..].to_owned();
    let page = facts(&pages.get(&format!("{session}?lang=fr")).await.body);
    assert!(page.contains(french), "{page}");
    let page = facts(&pages.get(&format!("{session}?lang=en")).await.body);
    assert!(page.contains(english) && !page.contains(french), "{page}");
}
