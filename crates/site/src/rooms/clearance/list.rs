//! `GET /clearance`: what waits for the visitor, what else is open, what is over.

use askama::Template;
use axum::response::Response;
use node::clearance::Seen;
use policy::Released;

use super::told::{asker, stands};
use crate::parts::table::{Cell, Column, Row, Table};
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::{Right, Visitor};

/// How many cases that are over are shown.
const OVER: usize = 40;

#[derive(Template)]
#[template(path = "rooms/clearance/list.html")]
struct List {
    frame: Frame,
    about: String,
    open: Table,
    over: Table,
    may_ask: bool,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let clearance = visitor.node().clearance();
            let open: Released<Vec<Seen>> =
                clearance.open_to(visitor.viewer())?.into_iter().collect();
            let over: Released<Vec<Seen>> = clearance
                .over_to(visitor.viewer(), OVER)?
                .into_iter()
                .collect();
            visitor.page("clearance-title", open.zip(over), |(open, over), frame| {
                written(visitor, &open, &over, frame)
            })
        })
        .await
}

fn written(visitor: &Visitor, open: &[Seen], over: &[Seen], frame: Frame) -> Result<List, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let wording = Wording::of(visitor)?;
    let mine = |seen: &&Seen| {
        visitor
            .actor
            .as_ref()
            .is_some_and(|me| node.clearance().waits_for(&seen.case, me))
    };
    // What waits for the visitor comes first.
    let (first, rest): (Vec<&Seen>, Vec<&Seen>) = open.iter().partition(mine);
    let ordered: Vec<(&Seen, bool)> = first
        .into_iter()
        .map(|seen| (seen, true))
        .chain(rest.into_iter().map(|seen| (seen, false)))
        .collect();
    let past: Vec<(&Seen, bool)> = over.iter().map(|seen| (seen, false)).collect();
    let all = || open.iter().chain(over).flat_map(|seen| &seen.records);
    let steps = !node.clearance().procedure().steps.is_empty();
    let label = (!open.is_empty() || !over.is_empty())
        .then(|| Tlp::strictest(all().map(|stood| &stood.label)));
    Ok(List {
        about: if steps {
            words.t("clearance-lead")
        } else {
            words.t1(
                "clearance-lead-none",
                "n",
                node.config().publication_delay_hours,
            )
        },
        open: table(visitor, &wording, words.t("clearance-open"), &ordered)?
            .nothing(words.t("clearance-none"), None),
        over: table(visitor, &wording, words.t("clearance-over"), &past)?
            .nothing(words.t("clearance-none-over"), None),
        may_ask: visitor.may(Right::Write) || visitor.may(Right::Release),
        frame: match label {
            Some(label) => frame.label(label),
            None => frame,
        },
    })
}

fn table(
    visitor: &Visitor,
    wording: &Wording<'_>,
    caption: String,
    cases: &[(&Seen, bool)],
) -> Result<Table, Failure> {
    let words = &visitor.words;
    let mut rows = Vec::with_capacity(cases.len());
    for (seen, mine) in cases {
        let case = &seen.case;
        let first = seen
            .records
            .first()
            .map(|stood| wording.title(&stood.record.id, &stood.record.body))
            .transpose()?;
        let first = first.map_or_else(String::new, |title| title.text);
        let what = match case.count() {
            1 => first,
            n => words.t2("clearance-and-more", "name", first, "n", n - 1),
        };
        let (sign, state) = stands(words, case);
        let label = case
            .label()
            .map(|label| Cell::Label(Tlp::of(label.class.tlp())));
        rows.push(Row::new(
            format!("/clearance/cases/{}", case.number),
            vec![
                Cell::Text(what),
                Cell::Figure(words.figure(case.number)),
                Cell::Text(asker(wording, &case.asked_by)),
                Cell::Day(case.asked_at.to_string(), words.moment(case.asked_at)),
                label.unwrap_or(Cell::Nothing),
                Cell::State(sign, state),
                if *mine {
                    Cell::State("wait", words.t("clearance-you"))
                } else {
                    Cell::Nothing
                },
            ],
        ));
    }
    let columns = vec![
        Column::new("what", words.t("clearance-what")),
        Column::new("case", words.t("clearance-case")).number(),
        Column::new("asked_by", words.t("clearance-asked-by")),
        Column::new("asked", words.t("clearance-asked")),
        Column::new("label", words.t("clearance-label")),
        Column::new("stands", words.t("clearance-stands")),
        Column::new("you", words.t("clearance-needs-you")),
    ];
    Ok(Table::new(visitor, caption, columns).rows(rows))
}
