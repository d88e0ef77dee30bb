//! The calendar: what waits for the visitor and until when, and every date that a desk or a room knows of. `GET /calendar`, and
//! `GET /calendar.ics` for any calendar program.
//!
//! Invariant: both show what the pages behind their lines show to the same person, by the same check.

use axum::response::Response;

use crate::feeds::calendar;
use crate::parts::form::Choice;
use crate::parts::table::{Cell, Column, Filter, Row, Shape, Table};
use crate::shell::desk::{Dated, Desk, Nav, Section, Span, When};
use crate::shell::frame::Link;
use crate::shell::label::Tlp;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::Visitor;

/// Dates of each sort on the page.
const SHOWN: usize = 100;
/// Dates of each sort in the file.
const KEPT: usize = 2_000;
const DAY: i64 = 86_400_000_000;
/// How far back the file goes: older dates are where they belong.
const BACK: i64 = 2 * 365 * DAY;

pub(crate) struct Calendar;

impl Desk for Calendar {
    fn name(&self) -> &'static str {
        "calendar"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Day,
            path: "/calendar",
            key: "calendar-title",
            letter: 'k',
            role: None,
        }]
    }

    fn feeds(&self) -> Vec<(&'static str, &'static str)> {
        vec![("/calendar.ics", "calendar-file")]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/calendar", Who::SignedIn, show).feed(
            "/calendar.ics",
            Who::SignedIn,
            file,
        )
    }
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .listed(|visitor| {
            let today = visitor.now.div_euclid(DAY) * DAY;
            let dates = visitor.dates(Span {
                since: today,
                most: SHOWN,
            })?;
            let way = Link::new("/calendar.ics", visitor.words.t("calendar-download"));
            visitor.listing(
                "calendar-title",
                "calendar-lead",
                Some(way),
                dates,
                |dates| {
                    let labels: Vec<_> =
                        dates.iter().filter_map(|one| one.label.as_ref()).collect();
                    let label = (!labels.is_empty()).then(|| Tlp::strictest(labels));
                    Ok((table(visitor, &dates), label))
                },
            )
        })
        .await
}

fn table(visitor: &Visitor, dates: &[Dated]) -> Table {
    let words = &visitor.words;
    let mine = visitor.asked("mine").is_some_and(|asked| asked == "yes");
    let rows = dates.iter().filter(|one| one.awaits || !mine).map(|one| {
        let label = one.label.as_ref();
        Row::new(
            &one.path,
            vec![
                Cell::Text(one.title.clone()),
                match one.when {
                    When::Open => Cell::Text(words.t("calendar-open")),
                    When::Days(at, _) | When::Moment(at) => {
                        Cell::Day(at.to_string(), one.told.clone())
                    }
                },
                label.map_or(Cell::Nothing, |label| {
                    Cell::Label(Tlp::of(label.class.tlp()))
                }),
                if one.awaits {
                    Cell::State("wait", words.t("calendar-awaits"))
                } else {
                    Cell::Nothing
                },
            ],
        )
    });
    let rows: Vec<Row> = rows.collect();
    let count = words.t1("calendar-count", "n", rows.len());
    let columns = vec![
        Column::new("what", words.t("calendar-what")),
        Column::new("when", words.t("calendar-when")),
        Column::new("label", words.t("calendar-label")),
        Column::new("you", words.t("calendar-you")),
    ];
    let choice = Choice::new("yes", words.t("calendar-mine"));
    let filter = Filter::new(
        "mine",
        words.t("calendar-you"),
        "calendar-by-mine",
        Shape::Any(vec![choice]),
    );
    Table::new(visitor, words.t("calendar-caption"), columns)
        .rows(rows)
        .filters(visitor, vec![filter])
        .count(count)
        .exported(visitor)
        .nothing(words.t("calendar-none"), None)
}

async fn file(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let dates = visitor.dates(Span {
                since: visitor.now - BACK,
                most: KEPT,
            })?;
            let name = visitor.words.t("product-name");
            Ok(calendar(visitor, &name, "entente.ics", dates))
        })
        .await
}
