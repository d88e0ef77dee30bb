//! Whom this node knows: participants, their organs, clients; of each, keys, circles and machine access. `GET /participants`, one of
//! them, and noting another.
//!
//! Invariant: being known gives a right to nothing; which programs come in for somebody is shown to administrators only.

mod act;
mod show;
mod under;

use std::collections::BTreeMap;

use axum::response::Response;
use node::{Kind, Participant};

use super::wording::Wording;
use crate::parts::form::Choice;
use crate::parts::table::{Cell, Column, Filter, Row, Shape, Table};
use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::frame::Link;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Role, Visitor};

pub(crate) struct Participants;

impl Desk for Participants {
    fn name(&self) -> &'static str {
        "participants"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Exchange,
            path: "/participants",
            key: "participants-title",
            letter: 'i',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        let administrator = Who::Role(Role::Administrator);
        Routes::new()
            .page("/participants", Who::SignedIn, list)
            .page("/participants/new", administrator, act::new)
            .form("/participants/new", administrator, act::add)
            .page("/participants/{id}", Who::SignedIn, show::show)
            .page("/participants/{id}/keys/{key}", administrator, under::show)
    }
}

/// The key of the word for what somebody is.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::State => "participants-state",
        Kind::Organisation => "participants-organisation",
        Kind::Organ => "participants-organ",
        Kind::Client => "participants-client",
    }
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::State, "state"),
    (Kind::Organisation, "organisation"),
    (Kind::Organ, "organ"),
    (Kind::Client, "client"),
];

fn path(participant: &Participant) -> String {
    format!("/participants/{}", participant.id)
}

async fn list(visitor: Visitor) -> Response {
    visitor
        .listed(|visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let wording = Wording::of(visitor)?;
            let asked = visitor.all_asked("kind");
            let mut all = node.participants();
            let word = |one: Kind| KINDS.iter().find(|(kind, _)| *kind == one).map(|(_, w)| *w);
            all.retain(|one| {
                asked.is_empty()
                    || word(one.kind).is_some_and(|word| asked.iter().any(|a| a == word))
            });
            let names: BTreeMap<String, String> = all
                .iter()
                .map(|one| (one.id.to_string(), wording.name(one.id.as_str())))
                .collect();
            let name = |one: &Participant| names.get(one.id.as_str()).cloned().unwrap_or_default();
            let mut rows: Vec<(String, Participant)> =
                all.into_iter().map(|one| (name(&one), one)).collect();
            words.sort(&mut rows, |(name, _)| name);
            if visitor.sorted() == Some(("name".to_owned(), true)) {
                rows.reverse();
            }
            let peers = node.peers()?;
            let add = visitor
                .has(Role::Administrator)
                .then(|| Link::new("/participants/new", words.t("participants-new")));
            visitor.listing(
                "participants-title",
                "participants-lead",
                add,
                nothing(),
                |()| {
                    let count = words.t1("participants-count", "n", rows.len());
                    let kinds = KINDS
                        .map(|(one, value)| Choice::new(value, words.t(kind(one))))
                        .to_vec();
                    let rows = rows.into_iter().map(|(name, one)| {
                        let peer = peers.iter().find(|peer| peer.participant == one.id);
                        Row::new(
                            path(&one),
                            vec![
                                Cell::Text(name),
                                Cell::Text(words.t(kind(one.kind))),
                                one.organ_of.as_ref().map_or(Cell::Nothing, |above| {
                                    Cell::Text(wording.name(above.as_str()))
                                }),
                                one.country.clone().map_or(Cell::Nothing, Cell::Code),
                                if one.id == node.home().id {
                                    Cell::Text(words.t("participants-this-node"))
                                } else {
                                    peer.map_or(Cell::Nothing, |peer| {
                                        let link = format!("/peers/{}", peer.participant);
                                        let state = format!("peer-{}", peer.state.as_str());
                                        Cell::Links(vec![Link::new(link, words.t(&state))])
                                    })
                                },
                            ],
                        )
                    });
                    let columns = vec![
                        Column::new("name", words.t("participants-name")).sortable(),
                        Column::new("kind", words.t("participants-kind")),
                        Column::new("of", words.t("participants-of")),
                        Column::new("country", words.t("participants-country")),
                        Column::new("node", words.t("participants-node")),
                    ];
                    let filter = Filter::new(
                        "kind",
                        words.t("participants-kind"),
                        "participants-by-kind",
                        Shape::Any(kinds),
                    );
                    let table = Table::new(visitor, words.t("participants-all"), columns)
                        .rows(rows.collect::<Vec<_>>())
                        .filters(visitor, vec![filter])
                        .count(count)
                        .exported(visitor);
                    Ok((table, None))
                },
            )
        })
        .await
}
