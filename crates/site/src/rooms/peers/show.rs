//! `GET /peers/{id}`: one peer: how the exchange goes, what of the latest records it was given, may have, and is kept from, and why.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Channel;
use node::overview::Stood;
use node::peers::{Peer, State};
use policy::{Purpose, decide};
use stix::ObjectId;

use super::act::words_form;
use super::list::{Row, aloud};
use crate::parts::form::Form;
use crate::rooms::texts::Text;
use crate::rooms::wording::{BESIDE, Wording};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::prelude::parameter;
use crate::shell::visitor::{Role, Visitor};

/// How many of the latest records are gone through.
const LATEST: usize = 60;
/// Lines of the ledger that are added up.
const LEDGER: i64 = 500;

#[derive(Template)]
#[template(path = "rooms/peers/show.html")]
struct Show {
    frame: Frame,
    row: Row,
    state: &'static str,
    administrator: bool,
    ours: Option<String>,
    cosigned: Option<String>,
    ledger: Option<String>,
    given: Vec<Pointer>,
    open: Vec<Pointer>,
    withheld: Vec<Because>,
    /// While its words are to be compared.
    confirm: Option<Form>,
    wrong: Option<String>,
}

/// A record.
struct Pointer {
    path: String,
    /// What it is, and since when it is here: sessions and texts are often called the same.
    kind: String,
    since: String,
    title: Text,
    label: Tlp,
    when: String,
}

/// What is withheld for one reason.
struct Because {
    reason: String,
    records: Vec<Pointer>,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let node = visitor.node();
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let peer = node.peer(&id)?.ok_or(Failure::Absent)?;
            let latest = node.newest(visitor.viewer(), Purpose::Show, &BESIDE, LATEST)?;
            let wording = Wording::of(visitor)?;
            let row = Row::of(visitor, &wording, &peer);
            visitor.page_called(&row.name.clone(), latest, |latest, frame| {
                written(visitor, &wording, &peer, row, &latest, frame)
            })
        })
        .await
}

fn written(
    visitor: &Visitor,
    wording: &Wording<'_>,
    peer: &Peer,
    row: Row,
    latest: &[Stood],
    frame: Frame,
) -> Result<Show, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let viewer = node.viewer_of(&peer.participant, true);
    let (mut given, mut open) = (Vec::new(), Vec::new());
    let mut withheld: Vec<Because> = Vec::new();
    for stood in latest {
        let from_it = stood.author.as_ref() == Some(&peer.participant)
            || stood.channel.as_ref().and_then(Channel::peer) == Some(&peer.participant);
        let Ok(id) = ObjectId::parse(&stood.record.id) else {
            continue;
        };
        if from_it {
            continue;
        }
        let mut pointer = Pointer {
            path: format!("/records/{id}"),
            kind: wording.kind(&stood.kind),
            since: words.date(stood.accepted),
            title: wording.title(&stood.record.id, &stood.record.body)?,
            label: Tlp::of(stood.label.class.tlp()),
            when: String::new(),
        };
        let takers = node.takers(&id)?;
        let taken = takers
            .iter()
            .find(|line| line.viewer == peer.participant.as_str());
        let decision = decide(&viewer, &stood.label, Purpose::Relay, &visitor.at());
        if let Some(taken) = taken {
            // The words are those of the newest version, which it may not have.
            let earlier = !decision.is_granted() || taken.last_at < stood.accepted;
            let key = match earlier {
                true => "peers-given-earlier",
                false => "peers-given-on",
            };
            pointer.when = words.t1(key, "date", words.moment(taken.last_at));
            given.push(pointer);
        } else if decision.is_granted() {
            open.push(pointer);
        } else if let Some(reason) = decision.reasons().first() {
            let reason = visitor.words.reason(*reason);
            match withheld.iter_mut().find(|known| known.reason == reason) {
                Some(known) => known.records.push(pointer),
                None => withheld.push(Because {
                    reason,
                    records: vec![pointer],
                }),
            }
        }
    }
    let lines = node.ledger(Some(&peer.participant), i64::MAX, LEDGER)?;
    let records: i64 = lines.iter().map(|line| line.records).sum();
    let ledger = lines.iter().map(|line| line.last_at).max().map(|last| {
        let date = words.moment(last);
        words.t2("peers-ledger", "n", records, "date", date)
    });
    let waits = peer.state == State::Introduced && visitor.has(Role::Administrator);
    let ours = if waits { node.own_words()? } else { None };
    let wrong = parameter(&visitor.query, "wrong").unwrap_or_default();
    let mut confirm = None;
    if waits {
        let mut form = words_form(visitor, &peer.participant)?.resumed(visitor)?;
        if wrong == "words" {
            form.wrong("words", words.t("peers-wrong-words"));
        }
        confirm = Some(form);
    }
    Ok(Show {
        state: peer.state.as_str(),
        row,
        administrator: visitor.has(Role::Administrator),
        ours: ours.map(|ours| aloud(words, &ours)),
        cosigned: node
            .cosigned_by(&peer.participant)?
            .and_then(|note| note.lines().nth(1).map(str::to_owned)),
        ledger,
        given,
        open,
        withheld,
        confirm,
        wrong: (wrong == "sure").then(|| words.t("peers-wrong-sure")),
        frame: frame
            .label(Tlp::strictest(latest.iter().map(|stood| &stood.label)))
            .under("/peers", words.t("peers-title")),
    })
}
