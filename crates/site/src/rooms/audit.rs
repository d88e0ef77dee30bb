//! The audit trail: who did what on this node, when, and through what; for those who may read it, to be taken along as CSV or JSON.

use axum::response::Response;
use stix::ObjectId;

use crate::parts::table::{Cell, Column, Row, Table};
use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::routes::{Routes, Who};
use crate::shell::shown::shown;
use crate::shell::visitor::{Role, Visitor};

/// Lines on a page.
const LINES: usize = 100;

pub(crate) struct Audit;

impl Desk for Audit {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Node,
            path: "/audit",
            key: "audit-title",
            letter: 't',
            role: Some(Role::Auditor),
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/audit", Who::Role(Role::Auditor), list)
    }
}

async fn list(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let before = visitor.asked("after").and_then(|after| after.parse().ok());
            let subject = visitor.asked("subject");
            let me = visitor.acting()?;
            let mut lines = node.trail(before, subject.as_deref(), LINES + 1, &me)?;
            let more = lines.len() > LINES;
            lines.truncate(LINES);
            let next = lines
                .last()
                .filter(|_| more)
                .map(|last| last.number.to_string());
            visitor.listing("audit-title", "audit-lead", None, nothing(), |()| {
                let rows = lines.iter().map(|line| {
                    let about = match ObjectId::parse(&line.subject) {
                        Ok(id) => format!("/records/{id}"),
                        Err(_) => String::new(),
                    };
                    let cells = vec![
                        Cell::Figure(words.figure(line.number)),
                        Cell::Day(line.at.to_string(), words.moment(line.at)),
                        Cell::Text(shown(&line.name)),
                        Cell::Text(shown(&line.through)),
                        Cell::Code(shown(&line.action)),
                        Cell::Code(shown(&line.subject)),
                        Cell::Code(shown(&line.detail)),
                    ];
                    if about.is_empty() {
                        Row::plain(cells)
                    } else {
                        Row::new(about, cells)
                    }
                });
                let table = Table::new(
                    visitor,
                    words.t("audit-title"),
                    vec![
                        Column::new("number", words.t("list-number")).number(),
                        Column::new("at", words.t("audit-at")),
                        Column::new("name", words.t("audit-who")),
                        Column::new("through", words.t("audit-through")),
                        Column::new("action", words.t("audit-action")),
                        Column::new("subject", words.t("audit-subject")),
                        Column::new("detail", words.t("audit-detail")),
                    ],
                )
                .rows(rows.collect::<Vec<_>>())
                .more(visitor, next)
                .exported(visitor)
                .nothing(words.t("audit-none"), None);
                Ok((table, None))
            })
        })
        .await
}
