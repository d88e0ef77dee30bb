//! The audit trail: who did what on this node, when, and through what; narrowed by person, deed, subject and days; for those who may read it,
//! to be taken along as CSV or JSON, whole.

mod deeds;
mod details;

use axum::response::Response;
use node::users::TrailLine;
use stix::{ObjectId, Timestamp};

use details::Details;

use crate::parts::form::Choice;
use crate::parts::table::{Cell, Column, Filter, Row, Shape, Table};
use crate::rooms::wording::Wording;
use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::failure::Failure;
use crate::shell::routes::{Routes, Who};
use crate::shell::shown::shown;
use crate::shell::visitor::{Role, Visitor};

/// Lines on a page.
const LINES: usize = 100;
/// Lines that are looked at for one page, and at a time.
const LOOKED_AT: usize = 5_000;
const TOGETHER: usize = 500;

pub(crate) struct Audit;

impl Desk for Audit {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Keeping,
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

/// What the address asks for.
struct Asked {
    who: String,
    deed: Option<String>,
    subject: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

impl Asked {
    fn of(visitor: &Visitor) -> Self {
        Self {
            who: visitor.asked("who").unwrap_or_default().to_lowercase(),
            deed: visitor.asked("deed"),
            subject: visitor.asked("subject"),
            since: visitor.asked_day("since"),
            until: visitor.asked_day("until"),
        }
    }

    fn fits(&self, line: &TrailLine) -> bool {
        let at = Timestamp::from_micros(line.at);
        let day = at.as_str().get(..10).unwrap_or_default();
        line.name.to_lowercase().contains(&self.who)
            && self.deed.as_ref().is_none_or(|deed| *deed == line.action)
            && self.since.as_deref().is_none_or(|since| day >= since)
            && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// The lines that are asked for, the newest first, and what further ones come after.
fn found(visitor: &Visitor) -> Result<(Vec<TrailLine>, Option<String>), Failure> {
    let (asked, me) = (Asked::of(visitor), visitor.acting()?);
    let (most, far) = (visitor.rows_at_most(LINES), visitor.rows_at_most(LOOKED_AT));
    let mut before: Option<i64> = visitor.asked("after").and_then(|after| after.parse().ok());
    let (mut kept, mut looked_at) = (Vec::new(), 0);
    loop {
        let part = visitor
            .node()
            .trail(before, asked.subject.as_deref(), TOGETHER, &me)?;
        let last = part.len() < TOGETHER;
        for line in part {
            if kept.len() == most || looked_at == far {
                return Ok((kept, before.map(|number| number.to_string())));
            }
            looked_at += 1;
            before = Some(line.number);
            if asked.fits(&line) {
                kept.push(line);
            }
        }
        if last {
            return Ok((kept, None));
        }
    }
}

async fn list(visitor: Visitor) -> Response {
    visitor
        .listed(|visitor| {
            let (lines, next) = found(visitor)?;
            let wording = Wording::of(visitor)?;
            let details = Details::of(visitor, &wording)?;
            visitor.listing("audit-title", "audit-lead", None, nothing(), |()| {
                let words = &visitor.words;
                let columns = vec![
                    Column::new("number", words.t("list-number")).number(),
                    Column::new("at", words.t("audit-at")),
                    Column::new("name", words.t("audit-who")),
                    Column::new("through", words.t("audit-through")),
                    Column::new("action", words.t("audit-action")),
                    Column::new("subject", words.t("audit-subject")),
                    Column::new("detail", words.t("audit-detail")),
                    Column::new("person", String::new()).aside(),
                    Column::new("hash", String::new()).aside(),
                ];
                let table = Table::new(visitor, words.t("audit-lines"), columns)
                    .rows(
                        lines
                            .iter()
                            .map(|line| row(visitor, (&wording, &details), line)),
                    )
                    .filters(visitor, filters(visitor))
                    .more(visitor, next)
                    .exported(visitor)
                    .nothing(words.t("audit-none"), None);
                Ok((table, None))
            })
        })
        .await
}

fn row(
    visitor: &Visitor,
    (wording, details): (&Wording<'_>, &Details<'_>),
    line: &TrailLine,
) -> Row {
    let words = &visitor.words;
    let at = Timestamp::from_micros(line.at);
    let hash: String = line.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let itself = matches!(line.name.as_str(), "node" | "local");
    let name = match line.person.is_empty() && itself {
        true => words.t("audit-node"),
        false => shown(&line.name),
    };
    let id = ObjectId::parse(&line.subject).ok();
    let somebody = id.as_ref().filter(|id| id.type_name() == "identity");
    let subject = match somebody {
        Some(id) => Cell::Told(line.subject.clone(), wording.name(id.as_str())),
        None => match details::subject(words, &line.subject) {
            Some(told) => Cell::Told(line.subject.clone(), told),
            None => Cell::Code(shown(&line.subject)),
        },
    };
    let details = details.told(&line.detail);
    let cells = vec![
        Cell::Told(line.number.to_string(), words.figure(line.number)),
        Cell::Day(at.as_str().to_owned(), words.moment(line.at)),
        Cell::Told(line.name.clone(), name),
        Cell::Told(line.through.clone(), deeds::through(words, &line.through)),
        Cell::Told(line.action.clone(), deeds::said(words, &line.action)),
        subject,
        Cell::Told(line.detail.clone(), details),
        Cell::Code(line.person.clone()),
        Cell::Code(hash),
    ];
    let known = |id: &ObjectId| visitor.node().participant(id.as_str()).is_some();
    match (&id, somebody) {
        (_, Some(id)) if known(id) => Row::new(format!("/participants/{id}"), cells),
        (Some(id), None) => Row::new(format!("/records/{id}"), cells),
        _ => Row::plain(cells),
    }
}

fn filters(visitor: &Visitor) -> Vec<Filter> {
    let words = &visitor.words;
    let mut deeds: Vec<Choice> = deeds::ALL
        .iter()
        .map(|deed| Choice::new(*deed, deeds::said(words, deed)))
        .collect();
    words.sort(&mut deeds, |choice| &choice.name);
    vec![
        Filter::new("who", words.t("audit-who"), "audit-by-who", Shape::Words),
        Filter::new(
            "deed",
            words.t("audit-action"),
            "audit-by-deed",
            Shape::One(deeds),
        ),
        Filter::new(
            "subject",
            words.t("audit-subject"),
            "audit-by-subject",
            Shape::Words,
        ),
        Filter::new(
            "since",
            words.t("audit-since"),
            "audit-by-since",
            Shape::Day,
        ),
        Filter::new(
            "until",
            words.t("audit-until"),
            "audit-by-until",
            Shape::Day,
        ),
    ]
}
