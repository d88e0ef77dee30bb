//! A text, and how a person enters one.

use axum::http::StatusCode;
use stage::Pages;

pub(crate) const TEXT: &str = "Joint elements of the 4th EU-Japan Cyber Dialogue\n\nBrussels, 01/07/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
Both sides condemned any attempt to misuse information and communication technologies.\n\
The EU and Japan will exchange contact points for cyber incidents by 31 December 2025.\n\
The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.\n\n\
Ann Press: +32 460 00 00 00 - ann.press@example.org\n";

/// The clause of the text that is due by a day, as the page that corrects it has it to begin with.
pub(crate) const DUE: &str =
    "The EU and Japan will exchange contact points for cyber incidents by 31 December 2025.";

/// What somebody who corrects that clause sends: all that the page asks but for the reason, with some of it otherwise.
pub(crate) fn correction<'a>(
    version: &'a str,
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("version", version),
        ("words", DUE),
        ("act", "commitment"),
        ("actors", "EU, Japan"),
        ("topics", "norms"),
        ("strength", "3"),
        ("due", "2025-12-31"),
    ];
    for change in changes {
        fields.retain(|field| field.0 != change.0);
        fields.push(*change);
    }
    fields
}

/// Reads and confirms a text; the address of its session.
pub(crate) async fn entered(pages: &Pages, text: &str) -> String {
    let read = pages
        .post("/dialogues/readings/new", &[("text", text)])
        .await;
    assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.body);
    let confirm = format!("{}/confirm", read.to);
    let done = pages
        .post(
            &confirm,
            &[("standing", "joint"), ("revision", "0"), ("others", "yes")],
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    done.to
}
