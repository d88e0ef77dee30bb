//! A text, and how a person enters one.

use axum::http::StatusCode;
use stage::Pages;

pub(crate) const TEXT: &str = "Joint elements of the 4th EU-Japan Cyber Dialogue\n\nBrussels, 01/07/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
Both sides condemned any attempt to misuse information and communication technologies.\n\
The EU and Japan will exchange contact points for cyber incidents by 31 December 2025.\n\
The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.\n\n\
Ann Press: +32 460 00 00 00 - ann.press@example.org\n";

/// Reads and confirms a text; the address of its session.
pub(crate) async fn entered(pages: &Pages, text: &str) -> String {
    let read = pages
        .post("/dialogues/readings/new", &[("text", text)])
        .await;
    assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.body);
    let confirm = format!("{}/confirm", read.to);
    let done = pages
        .post(&confirm, &[("standing", "joint"), ("others", "yes")])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    done.to
}
