//! `GET /peers`: all peers and how the exchange with each goes; and the file and words by which this node introduces itself.

use askama::Template;
use axum::response::Response;
use node::peers::fault::Fault;
use node::peers::{Peer, State};

use crate::locale::Words;
use crate::parts::form::{Field, Form, Input};
use crate::rooms::wording::Wording;
use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::prelude::parameter;
use crate::shell::shown::shown;
use crate::shell::visitor::{Role, Visitor};

#[derive(Template)]
#[template(path = "rooms/peers/list.html")]
struct List {
    frame: Frame,
    peers: Vec<Row>,
    administrator: bool,
    words: Option<String>,
    introduce: Form,
    add: Form,
}

/// Why the last try with a peer failed: what that is and what to do about it; and the words of the program that found it, in English.
#[derive(Template)]
#[template(path = "rooms/peers/trouble.html")]
pub(super) struct Trouble {
    said: String,
    as_found: String,
    words: String,
}

impl askama::filters::HtmlSafe for Trouble {}

/// A peer and how the exchange with it goes.
pub(super) struct Row {
    pub path: String,
    pub name: String,
    /// Each in pieces, between which a line may end: nobody reads a port off two lines.
    pub addresses: Vec<Vec<String>>,
    pub state: String,
    pub last_contact: String,
    pub trouble: Option<Trouble>,
    pub next_try: String,
    pub taken: String,
    pub log_size: String,
    pub log_renamed: Option<String>,
    pub inconsistent: bool,
}

/// An address in pieces: each ends with its slashes, and a port stands alone.
fn pieces(address: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let (mut last, mut rest) = (' ', address.chars().peekable());
    while let Some(c) = rest.next() {
        let port = c == ':' && rest.peek().is_some_and(char::is_ascii_digit);
        let after = last == '/' && c != '/';
        match pieces.last_mut() {
            Some(piece) if !port && !after => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        last = c;
    }
    pieces
}

impl Row {
    pub(super) fn of(visitor: &Visitor, wording: &Wording<'_>, peer: &Peer) -> Self {
        let words = &visitor.words;
        let dash = || "–".to_owned();
        let name = wording.name(peer.participant.as_str());
        Self {
            path: format!("/peers/{}", peer.participant),
            name: if name == peer.participant.as_str() {
                shown(&peer.name)
            } else {
                name
            },
            addresses: peer
                .addresses
                .iter()
                .map(|one| pieces(&shown(one)))
                .collect(),
            state: words.t(&format!("peer-{}", peer.state.as_str())),
            last_contact: peer
                .last_contact
                .map_or_else(|| words.t("peers-never"), |at| words.moment(at)),
            trouble: peer.last_error.as_deref().map(|raw| {
                let fault = peer.last_fault.unwrap_or(Fault::Other);
                Trouble {
                    said: words.t(&format!("peers-fault-{}", fault.as_str())),
                    as_found: words.t("peers-fault-words"),
                    words: shown(raw),
                }
            }),
            next_try: match (peer.state, peer.failures) {
                (State::Confirmed, 0) => {
                    words.t1("peers-polled", "n", visitor.node().config().poll_seconds)
                }
                (State::Confirmed, _) => words.moment(peer.next_try),
                _ => dash(),
            },
            taken: words.figure(peer.taken),
            log_size: peer.log_size.map_or_else(dash, |size| words.figure(size)),
            log_renamed: peer.log_renamed.as_ref().map(|log| {
                let renamed = words.t1("peers-log-renamed", "log", shown(log));
                match peer.log_lost {
                    Some(lost) => format!("{renamed} {}", words.t1("peers-log-lost", "lost", lost)),
                    None => renamed,
                }
            }),
            inconsistent: peer.inconsistent.is_some(),
        }
    }
}

/// Words to read aloud, in the visitor's language where the list of them has it: both sides need one that they share.
pub(super) fn aloud(words: &Words, spoken: &node::keys::Words) -> String {
    match words.language() {
        "fr" => spoken.in_french(),
        _ => spoken.in_english(),
    }
}

/// Where this node is reached: what its introduction says.
pub(super) fn introduction_form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let address = Field::new("address", words.t("peers-address"), Input::Line)
        .hint(words.t("peers-address-hint"))
        .with(visitor.node().config().address.clone().unwrap_or_default());
    let form = Form::new(
        visitor,
        "peer-introduce",
        "/peers/introduce",
        words.t("peers-make"),
    )?;
    Ok(form.long().field(address.optional()))
}

/// The file of another node.
pub(super) fn adding_form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let file = Field::new("file", words.t("peers-file"), Input::Lines(8));
    let form = Form::new(visitor, "peer-add", "/peers/add", words.t("peers-take"))?;
    Ok(form.long().field(file.hint(words.t("peers-file-hint"))))
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let wording = Wording::of(visitor)?;
            let peers = node.peers()?;
            let own = node.own_words()?;
            let wrong = parameter(&visitor.query, "wrong").unwrap_or_default();
            let mut introduce = introduction_form(visitor)?.resumed(visitor)?;
            if matches!(wrong.as_str(), "address" | "own-name") {
                introduce.wrong("address", visitor.words.t(&format!("peers-wrong-{wrong}")));
            }
            let mut add = adding_form(visitor)?.resumed(visitor)?;
            if matches!(wrong.as_str(), "file" | "name") {
                add.wrong("file", visitor.words.t(&format!("peers-wrong-{wrong}")));
            }
            visitor.page("peers-title", nothing(), |(), frame| {
                let mut rows: Vec<Row> = peers
                    .iter()
                    .map(|peer| Row::of(visitor, &wording, peer))
                    .collect();
                visitor.words.sort(&mut rows, |row| &row.name);
                Ok(List {
                    peers: rows,
                    administrator: visitor.has(Role::Administrator),
                    words: own.map(|own| aloud(&visitor.words, &own)),
                    introduce,
                    add,
                    frame,
                })
            })
        })
        .await
}

/// `GET /peers/introduction`: the file by which others come to know this node.
pub(super) async fn introduction(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let file = visitor.node().own_introduction()?.ok_or(Failure::Absent)?;
            let page = Page::of("application/json", nothing().map(|()| file));
            Ok(page.as_file("entente-introduction.json"))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_a_line_before_its_port_and_after_its_slashes() {
        for (address, expected) in [
            (
                "https://entente.arland.example:8443",
                "https:// entente.arland.example :8443",
            ),
            (
                "https://[2001:db8::1]:8443/taxii2/",
                "https:// [2001:db8: :1] :8443/ taxii2/",
            ),
            ("arland.example", "arland.example"),
            ("", ""),
        ] {
            assert_eq!(pieces(address).join(" "), expected);
        }
    }
}
