//! Texts that date a session otherwise than it stands: each day with who gives it, and no text named to those who may not have it.

use dialogues::compose::{Batch, Label};
use dialogues::records::{NewPiece, Session, Text};
use stage::{Pages, address, hidden, made};
use stix::marking::{Audience, TlpName};

use super::Three;
use crate::entered::{TEXT, entered};
use crate::in_force::{enters, id};

const EU: usize = 0;
const JAPAN: usize = 1;
const CANADA: usize = 2;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

/// A session of ours on 11 June 2021 that the other side has, entered by hand: its series and its address.
async fn by_hand(three: &Three) -> [String; 2] {
    let (eu, japan) = (&three.all[EU], three.id(JAPAN));
    let fourth = entered(eu, TEXT).await;
    let series = address(&eu.get(&fourth).await.body, "/dialogues/series/");
    let new = address(&eu.get(&series).await.body, "/dialogues/sessions/new");
    let new = new.replace("&#38;", "&");
    let dialogue = hidden(&eu.get(&new).await.body, "dialogue");
    let fields = [
        ("dialogue", &*dialogue),
        ("version", ""),
        ("state", "held"),
        ("ordinal", "5"),
        ("start", "2021-06-11"),
        LABEL,
        ("for", &*japan),
    ];
    let made = eu.post(new.split('?').next().unwrap(), &fields).await;
    Three::taken(&made);
    [dialogue, made.to]
}

/// A text of it under a title, which gives a day.
fn of_it(title: &str, day: &str) -> String {
    format!(
        "{title} of the 5th EU-Japan Cyber Dialogue\n\nBrussels, 02/07/2021\n\n\
         The European Union and Japan held the fifth meeting of their Cyber Dialogue in Brussels on {day} June 2021.\n\
         The EU and Japan will publish the {title} by 30 June 2028.\n"
    )
}

/// What its page says of its dates beside the session.
async fn besides(pages: &Pages, session: &str) -> String {
    let page = pages.get(session).await.body;
    let said = page.split("id=\"besides\"").nth(1);
    let said = said.unwrap_or_else(|| panic!("{page}"));
    let said = said.split("</p>").next().unwrap();
    let dates = said.split("Sources give different dates:").nth(1);
    dates.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_named_in_no_session_of_those_who_may_not_have_it() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, held) = (&three.all[EU], by_hand(&three).await);
    let [dialogue, session] = held;
    let of = id("session", &session);
    // An observer gave us alone what it noted, and our own text stays with our side.
    let noted = serde_json::json!({
        "title": "Nachtfalter6604", "standing": "unilateral", "kind": "press_release", "normal": "x",
        "content": "Notes", "published": "2021-06-20T00:00:00Z", "session_ref": of,
    });
    let (node, to) = (three.all[CANADA].bench.node.clone(), three.id(EU));
    let written = tokio::task::spawn_blocking(move || {
        let to = vec![Audience::Identity(to.parse().unwrap())];
        let mut batch = Batch::new(&node, None, Label::To(TlpName::AmberStrict, to));
        batch.add(NewPiece::of(made::<Text>(noted))).unwrap();
        batch.send().unwrap();
    });
    written.await.unwrap();
    three.exchange().await;
    assert_eq!(three.held::<Text>(EU, "text.session", &of).len(), 1);
    let fields = [("dialogue", &*dialogue), ("session", &*of)];
    enters(eu, &of_it("Joint conclusions", "12"), &fields).await;
    let said = besides(eu, &session).await;
    assert!(
        said.contains("European Union: 11 June 2021")
            && said.contains("European Union: 12 June 2021")
            && !said.contains("Nachtfalter6604"),
        "{said}"
    );
    let told = format!("{session}/told");
    let version = hidden(&eu.get(&told).await.body, "version");
    eu.bench.later(60);
    let fields = [("version", &*version), ("told", "dates")];
    Three::taken(&eu.post(&told, &fields).await);
    three.exchange().await;
    let theirs = three.held::<Session>(JAPAN, "session.dialogue", &dialogue);
    let theirs: Vec<&Session> = theirs.iter().map(|one| &one.what).collect();
    let [one] = theirs[..] else {
        panic!("{theirs:?}")
    };
    let dates: Vec<_> = one.dates.iter().map(|one| &*one.date).collect();
    assert_eq!(dates, ["2021-06-11", "2021-06-12"], "{one:?}");
    let texts = three.held::<Text>(EU, "text.session", &of);
    assert_eq!(texts.len(), 2);
    let node = three.all[JAPAN].bench.node.clone();
    let all = tokio::task::spawn_blocking(move || {
        let all = node.newest(&node.home_viewer(), policy::Purpose::Show, &[], 5_000);
        let all = all.unwrap().into_iter().map(policy::Released::into_inner);
        all.map(|one| String::from_utf8_lossy(&one.record.body).into_owned())
            .collect::<String>()
    });
    let all = all.await.unwrap();
    for text in &texts {
        assert!(!all.contains(&text.what.title) && !all.contains(text.id.uuid()));
    }
    // It is told once, and no more since it was taken over.
    let page = eu.get(&session).await.body;
    assert!(!page.contains("Sources give different dates: "), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_said_to_give_another_day_than_it_does() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let [dialogue, session] = by_hand(&three).await;
    let (of, japan) = (id("session", &session), three.id(JAPAN));
    let fields = [("dialogue", &*dialogue), ("session", &*of)];
    for (title, day) in [
        ("Joint conclusions", "12"),
        ("Joint elements", "11"),
        ("Joint statement", "12"),
    ] {
        enters(eu, &of_it(title, day), &fields).await;
    }
    // Whoever has the session has them.
    eu.bench.later(60);
    let for_japan = [LABEL, ("for", &*japan)];
    Three::taken(&eu.post(&format!("{session}/share"), &for_japan).await);
    let said = besides(eu, &session).await;
    let dates = [
        "Joint elements of the 5th EU-Japan Cyber Dialogue: 11 June 2021",
        "Joint conclusions of the 5th EU-Japan Cyber Dialogue: 12 June 2021",
        "Joint statement of the 5th EU-Japan Cyber Dialogue: 12 June 2021",
    ];
    for told in dates {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(said.matches(" June 2021").count(), dates.len(), "{said}");
}
