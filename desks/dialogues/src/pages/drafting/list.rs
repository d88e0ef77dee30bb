//! `/dialogues/sessions/{id}/drafts`: the texts in the making of a session.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use site::parts::table::{Cell, Column, Row, Table};
use site::{Failure, Link, Role, Tlp, Visitor, shown};

use super::super::view::{Eyes, path as path_of};
use super::super::{object, register_of};
use crate::drafting::ink::open;
use crate::records::{Draft, Piece, Session};

/// How many rounds of a session are looked at.
const MOST: usize = 1_000;

/// `GET /dialogues/sessions/{id}/drafts`.
pub(in super::super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .listed(move |visitor| {
            let id = object("session", &uuid)?;
            let register = register_of(visitor);
            let session = register.one::<Session>(&id)?.ok_or(Failure::Absent)?;
            let rounds = register.having::<Draft>("draft.session", id.as_str(), MOST)?;
            let (rounds, _) = register.standing_rounds(rounds)?;
            let way = format!("{}/drafts/new", path_of(&id));
            let add = visitor
                .has(Role::Editor)
                .then(|| Link::new(way, visitor.words.t("drafting-begin")));
            visitor.listing(
                "drafting-drafts",
                "drafting-drafts-lead",
                add.clone(),
                session.zip(rounds),
                |(_, rounds)| {
                    let label = (!rounds.is_empty()).then(|| {
                        Tlp::strictest(rounds.iter().filter_map(|one| one.label.as_ref()))
                    });
                    Ok((table(visitor, &rounds, add), label))
                },
            )
        })
        .await
}

fn table(visitor: &Visitor, rounds: &[Piece<Draft>], add: Option<Link>) -> Table {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let mut drafts: BTreeMap<&str, &Piece<Draft>> = BTreeMap::new();
    for round in rounds {
        let Some(of) = round.what.draft_ref.as_deref() else {
            continue;
        };
        let newest = drafts.entry(of).or_insert(round);
        if (round.what.round, round.created.micros()) > (newest.what.round, newest.created.micros())
        {
            *newest = round;
        }
    }
    let columns = vec![
        Column::new("title", words.t("drafting-title")),
        Column::new("round", words.t("drafting-round")).number(),
        Column::new("side", words.t("drafting-put-forward-by")),
        Column::new("date", words.t("drafting-on")),
        Column::new("open", words.t("drafting-open")).number(),
    ];
    let figure = |number: usize| {
        Cell::Text(words.figure(f64::from(u32::try_from(number).unwrap_or(u32::MAX))))
    };
    let rows = drafts.into_iter().filter_map(|(of, newest)| {
        let id = stix::ObjectId::parse(of).ok()?;
        let (still, _) = open(&newest.what.passages);
        Some(Row::new(
            super::path(&id),
            vec![
                Cell::In(shown(&newest.what.title), super::lang(newest)),
                figure(usize::try_from(newest.what.round).unwrap_or_default()),
                Cell::Text(eyes.side(&newest.what.side)),
                Cell::Text(words.moment(newest.created.micros())),
                figure(still),
            ],
        ))
    });
    Table::new(visitor, words.t("drafting-drafts"), columns)
        .rows(rows.collect::<Vec<_>>())
        .nothing(words.t("drafting-none"), add)
}
