//! `/dialogues/sessions/{id}/drafts`: the texts in the making of a session.

use axum::extract::Path;
use axum::response::Response;
use site::parts::table::{Cell, Column, Row, Table};
use site::{Failure, Link, Role, Tlp, Visitor, shown};

use super::super::view::{Eyes, path as path_of};
use super::super::{object, register_of};
use crate::drafting::ink::open;
use crate::drafting::rounds::draft_of;
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
            let rounds = register.in_the_making("draft.session", &id, MOST)?;
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
    let rows = rounds.iter().map(|newest| {
        let (still, _) = open(&newest.what.passages);
        Row::new(
            super::path(&draft_of(newest)),
            vec![
                Cell::In(shown(&newest.what.title), super::lang(newest)),
                figure(usize::try_from(newest.what.round).unwrap_or_default()),
                Cell::Text(eyes.side(&newest.what.side)),
                Cell::Text(words.moment(newest.created.micros())),
                figure(still),
            ],
        )
    });
    Table::new(visitor, words.t("drafting-drafts"), columns)
        .rows(rows.collect::<Vec<_>>())
        .nothing(words.t("drafting-none"), add)
}
