//! `/design/table`: a table with filters, order, further pages and export, over invented rows.

use axum::response::Response;

use crate::locale::Words;
use crate::parts::form::Choice;
use crate::parts::table::{Cell, Column, Filter, Row, Shape, Table};
use crate::shell::answer::nothing;
use crate::shell::frame::Link;
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

const SIDES: [&str; 3] = ["valmora", "kestria", "belmark"];
const ALL: usize = 60;
const PAGE: usize = 20;

/// One invented row: its number, its side, its day.
struct Made {
    number: usize,
    side: &'static str,
    day: String,
}

fn made() -> Vec<Made> {
    let all = (1..=ALL).map(|number| Made {
        number,
        side: SIDES[number % SIDES.len()],
        day: format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
    });
    all.collect()
}

fn name(words: &Words, side: &str) -> String {
    words.t(&format!("design-{side}"))
}

/// `GET /design/table`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .listed(|visitor| {
            let add = Link::new("/design/form", visitor.words.t("design-add"));
            visitor.listing(
                "design-table",
                "design-table-lead",
                Some(add),
                nothing(),
                |()| {
                    let label: Tlp = Tlp::of(policy::Tlp::Green);
                    Ok((table(visitor), Some(label)))
                },
            )
        })
        .await
}

fn table(visitor: &Visitor) -> Table {
    let words = &visitor.words;
    let sides = visitor.all_asked("side");
    let before = visitor.asked_day("before");
    let looked_for = visitor.asked("number");
    let mut rows = made();
    rows.retain(|row| sides.is_empty() || sides.iter().any(|side| side == row.side));
    rows.retain(|row| before.as_ref().is_none_or(|before| row.day < *before));
    rows.retain(|row| {
        let number = row.number.to_string();
        looked_for
            .as_ref()
            .is_none_or(|asked| number.contains(asked))
    });
    match visitor.sorted() {
        Some((key, down)) if key == "day" => {
            rows.sort_by(|one, other| one.day.cmp(&other.day));
            if down {
                rows.reverse();
            }
        }
        _ => rows.sort_by_key(|row| row.number),
    }
    let all = rows.len();
    let from: usize = visitor
        .asked("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    let most = visitor.rows_at_most(PAGE);
    let next = (from + most < all).then(|| (from + most).to_string());
    let shown = rows.into_iter().skip(from).take(most).map(|row| {
        Row::new(
            format!("/design/table?number={}", row.number),
            vec![
                Cell::Text(words.t1("design-row", "n", row.number)),
                Cell::Text(name(words, row.side)),
                Cell::Day(row.day.clone(), words.date_of(&row.day).unwrap_or_default()),
                Cell::State(
                    ["good", "wait", "bad", "off"][row.number % 4],
                    words.t(&format!("design-sign-{}", row.number % 4)),
                ),
                Cell::Figure(words.figure(row.number * 1_234)),
                Cell::Label(Tlp::of(policy::Tlp::Green)),
            ],
        )
    });
    let choices = SIDES.map(|side| Choice::new(side, name(words, side)));
    Table::new(
        visitor,
        words.t("design-rows"),
        vec![
            Column::new("title", words.t("design-field-title")),
            Column::new("side", words.t("design-field-sides")),
            Column::new("day", words.t("design-field-due")).sortable(),
            Column::new("state", words.t("design-field-state")),
            Column::new("pages", words.t("design-field-pages")).number(),
            Column::new("tlp", words.t("design-field-label")),
        ],
    )
    .rows(shown.collect::<Vec<_>>())
    .filters(
        visitor,
        vec![
            Filter::new(
                "side",
                words.t("design-field-sides"),
                "design-by-side",
                Shape::Any(choices.to_vec()),
            ),
            Filter::new(
                "before",
                words.t("design-before"),
                "design-by-before",
                Shape::Day,
            ),
            Filter::new(
                "number",
                words.t("design-number"),
                "design-by-number",
                Shape::Words,
            ),
        ],
    )
    .count(words.t1("design-count", "n", all))
    .more(visitor, next)
    .exported(visitor)
    .nothing(words.t("design-nothing"), None)
}
