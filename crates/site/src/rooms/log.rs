//! The log: `GET /log`, its head, which of the peers have signed it beside us, and how to prove it.

use askama::Template;
use axum::response::Response;
use node::overview::Head;
use policy::{Purpose, Released};

use super::wording::Wording;
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::routes::{Routes, Who};
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

pub(crate) struct Log;

impl Desk for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Keeping,
            path: "/log",
            key: "log-title",
            letter: 'l',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/log", Who::SignedIn, show).feed(
            "/log/checkpoint",
            Who::SignedIn,
            checkpoint,
        )
    }
}

#[derive(Template)]
#[template(path = "rooms/log/show.html")]
struct Show {
    frame: Frame,
    head: Option<Head>,
    size: String,
    signed: String,
    issued: String,
    witnesses: Vec<Witness>,
    folder: String,
    /// What was asked to be proven, where there is no such record.
    absent: Option<String>,
}

/// A peer that signs our checkpoints beside us, and the last size that it signed.
struct Witness {
    name: String,
    path: String,
    size: String,
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| -> Result<Reply, Failure> {
            let (node, words) = (visitor.node(), &visitor.words);
            let wanted = visitor.asked("record");
            if let Some(id) = wanted.as_ref().and_then(|text| visitor.record_at(text))
                && node.stood(visitor.viewer(), Purpose::Show, &id)?.is_some()
            {
                return Ok(Move::to(format!("/records/{id}/proof")).into());
            }
            let dash = || "–".to_owned();
            let wording = Wording::of(visitor)?;
            let head = node.head()?;
            let mut witnesses = Vec::new();
            for peer in node.peers()? {
                let note = node.cosigned_by(&peer.participant)?;
                let size = note.and_then(|note| note.lines().nth(1)?.parse::<u64>().ok());
                witnesses.push(Witness {
                    name: wording.name(peer.participant.as_str()),
                    path: format!("/peers/{}", peer.participant),
                    size: size.map_or_else(|| words.t("log-not-yet"), |size| words.figure(size)),
                });
            }
            words.sort(&mut witnesses, |witness| &witness.name);
            let page = visitor.page("log-title", nothing(), |(), frame| {
                Ok(Show {
                    size: head
                        .as_ref()
                        .map_or_else(dash, |head| words.figure(head.size)),
                    signed: head
                        .as_ref()
                        .and_then(|head| head.signed)
                        .map_or_else(dash, |at| words.moment(at)),
                    issued: head
                        .as_ref()
                        .and_then(|head| head.issued)
                        .map_or_else(dash, |size| words.figure(size)),
                    head,
                    witnesses,
                    folder: node.folder().root().display().to_string(),
                    absent: wanted.map(|text| shown(&text)),
                    frame,
                })
            })?;
            Ok(page.into())
        })
        .await
}

/// The signed note itself, to be kept elsewhere.
async fn checkpoint(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let head = visitor.node().head()?.ok_or(Failure::Absent)?;
            let note: Released<String> = nothing().map(|()| head.note);
            Ok(Page::of("text/plain; charset=utf-8", note).as_file("entente-checkpoint.txt"))
        })
        .await
}
