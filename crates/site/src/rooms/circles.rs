//! Circles: sets of participants and persons that a label can name. `GET /circles`, one circle, making one, joining and leaving,
//! and whose a contested one is.
//!
//! Invariant: name and members of a circle are shown only where the visitor's participant keeps it or belongs to it.

mod act;
mod show;

use axum::response::Response;
use node::Circle;
use policy::Member;

use super::wording::Wording;
use crate::parts::table::{Cell, Column, Row, Table};
use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::frame::Link;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Role, Visitor};

pub(crate) struct Circles;

impl Desk for Circles {
    fn name(&self) -> &'static str {
        "circles"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Exchange,
            path: "/circles",
            key: "circles-title",
            letter: 'c',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        let administrator = Who::Role(Role::Administrator);
        Routes::new()
            .page("/circles", Who::SignedIn, list)
            .page("/circles/new", administrator, act::new)
            .form("/circles/new", administrator, act::create)
            .page("/circles/{id}", Who::SignedIn, show::show)
            .form("/circles/{id}/join", administrator, act::join)
            .form("/circles/{id}/leave", administrator, act::leave)
            .form("/circles/{id}/settle", administrator, act::settle)
    }
}

/// The circles that the visitor may know of; whoever has to say whose a contested one is knows of it, too.
pub(crate) fn known(visitor: &Visitor) -> Vec<Circle> {
    let decides = visitor.has(Role::Administrator);
    let mut circles = visitor.node().circles();
    circles.retain(|circle| {
        let known = visitor.node().is_known(visitor.viewer(), circle);
        known || (decides && circle.is_contested())
    });
    circles
}

fn member_name(wording: &Wording<'_>, member: &Member) -> String {
    match member {
        Member::Participant(id) | Member::Person(id) => wording.name(id.as_str()),
        Member::Circle { id, .. } => id.as_str().to_owned(),
    }
}

async fn list(visitor: Visitor) -> Response {
    visitor
        .listed(|visitor| {
            let words = &visitor.words;
            let wording = Wording::of(visitor)?;
            let mut circles = known(visitor);
            words.sort(&mut circles, |circle| &circle.name);
            let add = visitor
                .has(Role::Administrator)
                .then(|| Link::new("/circles/new", words.t("circles-new")));
            visitor.listing(
                "circles-title",
                "circles-lead",
                add.clone(),
                nothing(),
                |()| {
                    let rows = circles.iter().map(|circle| {
                        Row::new(
                            format!("/circles/{}", circle.id.as_str()),
                            vec![
                                Cell::Text(crate::shown(&circle.name)),
                                Cell::Text(match circle.is_contested() {
                                    true => words.t("circles-contested"),
                                    false => wording.name(circle.owner.as_str()),
                                }),
                                Cell::Figure(words.figure(circle.members.len())),
                            ],
                        )
                    });
                    let table = Table::new(
                        visitor,
                        words.t("circles-title"),
                        vec![
                            Column::new("name", words.t("circles-name")),
                            Column::new("kept_by", words.t("circles-kept-by")),
                            Column::new("members", words.t("circles-members")).number(),
                        ],
                    )
                    .rows(rows.collect::<Vec<_>>())
                    .exported(visitor)
                    .nothing(words.t("circles-none"), add);
                    Ok((table, None))
                },
            )
        })
        .await
}
