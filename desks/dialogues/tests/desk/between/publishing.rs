//! Publishing a session: consent is asked for text by text, to the form that is in force, and no other form is published.

use dialogues::records::{Consent, Text};

use super::Three;
use crate::in_force::{changed, enters, id};

const EU: usize = 0;
const JAPAN: usize = 1;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

/// Another text of the same session, of the same two.
const OTHER: &str = "Joint conclusions of the 4th EU-Japan Cyber Dialogue\n\nBrussels, 02/07/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
The EU and Japan will publish a glossary by 30 June 2028.\n";

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_asked_for_each_text_that_is_in_force() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], three.id(JAPAN));
    let [session, series, old, new] = changed(eu).await;
    let (dialogue, held) = (id("dialogue", &series), id("session", &session));
    let fields = [("dialogue", &*dialogue), ("session", &*held)];
    enters(eu, OTHER, &fields).await;
    eu.bench.later(60);
    let share = format!("{session}/share");
    let for_japan = [LABEL, ("for", &*japan)];
    Three::taken(&eu.post(&share, &for_japan).await);
    three.exchange().await;
    let texts = || three.held::<Text>(EU, "text.session", &held);
    let other = texts()
        .into_iter()
        .find(|one| one.what.title.starts_with("Joint conclusions"))
        .unwrap()
        .id
        .to_string();
    let missing = async || {
        eu.bench.later(60);
        let refused = eu.post(&share, &[("tlp", "CLEAR")]).await;
        let missing = "Agreed with others, whose consent to publish it is not recorded:";
        Three::refused(&refused, missing);
        let said = &refused.body[refused.body.find(missing).unwrap()..];
        said[..said.find("</").unwrap()].to_owned()
    };
    let corrected = "“Corrected elements of the 4th EU-Japan Cyber Dialogue” – Japan";
    let conclusions = "“Joint conclusions of the 4th EU-Japan Cyber Dialogue” – Japan";
    let said = missing().await;
    assert!(
        said.contains(corrected) && said.contains(conclusions),
        "{said}"
    );
    assert!(!said.contains("Joint elements"), "{said}");
    assert_eq!(said.matches("Japan Cyber").count(), 2, "{said}");
    assert_eq!(said.matches("– Japan").count(), 2, "{said}");

    // Consent to one is no consent to the other.
    let consent = |about: &str| -> Consent {
        let what = serde_json::json!({ "about_ref": about, "side": "JP", "purpose": "publish" });
        serde_json::from_value(what).unwrap()
    };
    three.writes(JAPAN, consent(&id("report", &new))).await;
    let said = missing().await;
    assert!(
        !said.contains(corrected) && said.contains(conclusions),
        "{said}"
    );
    three.writes(JAPAN, consent(&other)).await;

    // A consent that is taken back is none, until it is given again.
    let there = &three.all[JAPAN];
    there.bench.later(60);
    let back = format!("{new}/consent/back");
    assert!(there.get(&new).await.body.contains(&format!("{back}\"")));
    Three::taken(&there.post(&back, &[("reason", "Querbalken4414")]).await);
    assert!(!there.get(&new).await.body.contains(&format!("{back}\"")));
    three.exchange().await;
    let page = eu.get(&new).await.body;
    assert!(
        page.contains("Consent taken back") && page.contains("Querbalken4414"),
        "{page}"
    );
    let said = missing().await;
    assert!(said.contains(corrected), "{said}");
    three.writes(JAPAN, consent(&id("report", &new))).await;

    // The form whose place another took stays as it was.
    let versions = |title: &str| {
        let all = texts();
        let found = all.iter().find(|one| one.what.title.starts_with(title));
        found.map(|one| one.modified.clone())
    };
    let before = [versions("Joint elements"), versions("Corrected elements")];
    eu.bench.later(60);
    Three::taken(&eu.post(&share, &[("tlp", "CLEAR")]).await);
    let after = [versions("Joint elements"), versions("Corrected elements")];
    assert!(before[0].is_some() && before[0] == after[0], "{old}");
    assert!(before[1].is_some() && before[1] != after[1], "{new}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_text_says_of_a_session_that_others_have_is_said_to_whoever_confirms_it() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], three.id(JAPAN));
    let plain = crate::entered::TEXT.replace(
        "The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.\n",
        "",
    );
    let session = crate::entered::entered(eu, &plain).await;
    eu.bench.later(60);
    let for_japan = [LABEL, ("for", &*japan)];
    Three::taken(&eu.post(&format!("{session}/share"), &for_japan).await);
    let series = stage::address(&eu.get(&session).await.body, "/dialogues/series/");
    let (dialogue, held) = (id("dialogue", &series), id("session", &session));
    let text = OTHER.replace(
        "The EU and Japan will publish",
        "The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.\nThe EU and Japan will publish",
    );
    eu.bench.later(60);
    let read = eu.post("/dialogues/readings/new", &[("text", &text)]).await;
    let fields = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", &*dialogue),
        ("session", &*held),
    ];
    let page = super::leaving::led(eu, &format!("{}/confirm", read.to), &fields).await;
    let said = "The text says besides: Next session: announced for June 2020, Tokyo";
    assert!(page.contains(said), "{page}");
    assert!(page.contains("The text is in the register"), "{page}");
    // It says so of what is not there; nothing of the session was written.
    assert!(!page.contains("<dt>Next session"), "{page}");
    // It stands there until somebody takes it over, in the form that is filled in with it.
    let told = stage::address(&page, &format!("{session}/told"));
    let form = eu.get(&told).await.body;
    assert!(
        form.contains("value=\"next\" checked") && form.contains("June 2020, Tokyo"),
        "{form}"
    );
    let version = stage::hidden(&form, "version");
    eu.bench.later(60);
    let none = eu.post(&told, &[("version", &version)]).await;
    Three::refused(&none, "Tick what is to be taken over");
    let fields = [("version", &*version), ("told", "next")];
    Three::taken(&eu.post(&told, &fields).await);
    let page = eu.get(&session).await.body;
    assert!(
        page.contains("<dt>Next session") && !page.contains("says besides"),
        "{page}"
    );
    three.exchange().await;
    let page = three.all[JAPAN].get(&session).await.body;
    assert!(page.contains("<dt>Next session"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_day_and_the_number_that_a_text_says_of_a_session_of_others_too_are_told() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], three.id(JAPAN));
    let plain = crate::entered::TEXT
        .replace("fourth meeting", "meeting")
        .replace("the 4th EU-Japan", "the EU-Japan");
    let session = crate::entered::entered(eu, &plain).await;
    let before = eu.get(&session).await.body;
    assert!(!before.contains("<dt>Number"), "{before}");
    eu.bench.later(60);
    let for_japan = [LABEL, ("for", &*japan)];
    Three::taken(&eu.post(&format!("{session}/share"), &for_japan).await);
    let series = stage::address(&before, "/dialogues/series/");
    let (dialogue, held) = (id("dialogue", &series), id("session", &session));
    let text = OTHER.replace("11 June 2019", "12 June 2019");
    eu.bench.later(60);
    let read = eu.post("/dialogues/readings/new", &[("text", &text)]).await;
    let fields = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", &*dialogue),
        ("session", &*held),
    ];
    let page = super::leaving::led(eu, &format!("{}/confirm", read.to), &fields).await;
    let said = &page[page
        .find("id=\"besides\"")
        .unwrap_or_else(|| panic!("{page}"))..];
    let said = &said[..said.find("</p>").unwrap()];
    for told in [
        "Number: 4",
        "Sources give different dates:",
        "Joint elements of the EU-Japan Cyber Dialogue: 11 June 2019",
        "European Union: 12 June 2019",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    // The other side has the session and not the second text: it is not named there.
    assert!(!said.contains("Joint conclusions"), "{said}");
    // Both days stand there once somebody takes them over; then it is told no more.
    let told = format!("{session}/told");
    let version = stage::hidden(&eu.get(&told).await.body, "version");
    eu.bench.later(60);
    let fields = [
        ("version", &*version),
        ("told", "dates"),
        ("told", "ordinal"),
    ];
    Three::taken(&eu.post(&told, &fields).await);
    let page = eu.get(&session).await.body;
    assert!(!page.contains("id=\"besides\""), "{page}");
    assert!(page.contains("Sources give different dates"), "{page}");
}
