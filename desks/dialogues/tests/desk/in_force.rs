//! Which form of a text is spoken of: the brief has the last one, and compares with its words.

use axum::http::StatusCode;
use dialogues::Dialogues;
use stage::{Bench, Pages, address};

use crate::entered::{TEXT, entered};

/// The next session, which says nearly the same.
const NEXT: &str = "Joint elements of the 5th EU-Japan Cyber Dialogue\n\nTokyo, 20/06/2020\n\n\
The European Union and Japan held the fifth meeting of their Cyber Dialogue in Tokyo on 18 June 2020.\n\
The EU and Japan will exchange contact points for cyber incidents by 31 December 2028.\n";

pub(crate) fn id(kind: &str, path: &str) -> String {
    format!("{kind}--{}", path.rsplit('/').next().unwrap())
}

/// Enters a text, with these choices.
pub(crate) async fn enters(pages: &Pages, text: &str, more: &[(&str, &str)]) -> String {
    pages.bench.later(60);
    let read = pages
        .post("/dialogues/readings/new", &[("text", text)])
        .await;
    let mut fields = vec![("standing", "joint"), ("revision", "0")];
    fields.extend_from_slice(more);
    let done = pages.post(&format!("{}/confirm", read.to), &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    done.to
}

/// A session with a text and its changed form: its address, that of its series, and those of both.
pub(crate) async fn changed(pages: &Pages) -> [String; 4] {
    let session = entered(pages, TEXT).await;
    let page = pages.get(&session).await.body;
    let series = address(&page, "/dialogues/series/");
    let old = address(&page, "/dialogues/texts/");
    let form = TEXT.replace("31 December 2025", "30 September 2027");
    let form = form.replace("Joint elements", "Corrected elements");
    let (dialogue, held) = (id("dialogue", &series), id("session", &session));
    let text = id("report", &old);
    let fields = [
        ("dialogue", &*dialogue),
        ("session", &*held),
        ("replaces", &*text),
    ];
    enters(pages, &form, &fields).await;
    let page = pages.get(&session).await.body;
    let links = page.split("href=\"").skip(1);
    let mut links = links.filter_map(|rest| rest.split('"').next());
    let new = links.find(|link| link.starts_with("/dialogues/texts/") && *link != old);
    let new = new.unwrap().to_owned();
    [session, series, old, new]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_brief_speaks_of_the_form_that_is_in_force() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let [session, series, old, new] = changed(&pages).await;
    let dialogue = id("dialogue", &series);
    let next = enters(&pages, NEXT, &[("dialogue", &*dialogue)]).await;
    let brief = pages.get(&format!("{next}/brief")).await.body;
    // The same words before are those of the changed form.
    let gone: Vec<&str> = brief
        .split("<del>")
        .skip(1)
        .filter_map(|rest| rest.split("</del>").next())
        .collect();
    let gone = gone.join(" ");
    assert!(
        gone.contains("September 2027") && !gone.contains("2025"),
        "{gone}: {brief}"
    );
    // Of the session itself the last text is the changed form alone.
    let brief = pages.get(&format!("{session}/brief")).await.body;
    let text = |path: &str| format!("href=\"{path}\"");
    assert!(
        brief.contains(&text(&new)) && !brief.contains(&text(&old)),
        "{brief}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_form_announces_in_place_of_the_earlier() {
    let pages = Pages::over(Dialogues, Bench::of(&Dialogues, "European Union", None)).await;
    let session = entered(&pages, TEXT).await;
    let page = pages.get(&session).await.body;
    assert!(page.contains("announced for June 2020, Tokyo"), "{page}");
    let (dialogue, text) = (
        id("dialogue", &address(&page, "/dialogues/series/")),
        id("report", &address(&page, "/dialogues/texts/")),
    );
    let held = id("session", &session);
    let fields = [
        ("dialogue", &*dialogue),
        ("session", &*held),
        ("replaces", &*text),
    ];
    let form = TEXT.replace("in Tokyo in June 2020", "in Tokyo in July 2020");
    enters(&pages, &form, &fields).await;
    let page = pages.get(&session).await.body;
    assert!(
        page.contains("announced for July 2020, Tokyo") && !page.contains("says besides"),
        "{page}"
    );
}
