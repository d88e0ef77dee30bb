//! Clearance: what waits to leave, by whose visa and signature, in whose place, until when. `GET /clearance` and the pages below it.
//!
//! Invariant: a case is found by whoever may see its records, and is absent for everybody else; what a button does is decided by the
//! node, in the transaction that does it.

mod case;
mod dates;
mod deputies;
mod forms;
mod list;
mod open;
mod standing;
mod steps;
mod told;

use policy::Released;

use crate::shell::answer::nothing;
use crate::shell::desk::{Dated, Desk, Nav, Need, Section, Span};
use crate::shell::failure::Failure;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Right, Visitor};

pub(crate) use told::{CaseLinks, cases_about};

pub(crate) struct Clearance;

impl Desk for Clearance {
    fn name(&self) -> &'static str {
        "clearance"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Day,
            path: "/clearance",
            key: "clearance-title",
            letter: 'v',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        let (reads, stops) = (Who::May(Right::Read), Who::May(Right::Stop));
        let (signs, keeps) = (Who::May(Right::Release), Who::May(Right::Register));
        Routes::new()
            .page("/clearance", Who::SignedIn, list::show)
            .page("/clearance/open", reads, open::ask)
            .form("/clearance/open", reads, open::send)
            .page("/clearance/cases/{number}", reads, case::show)
            .form("/clearance/cases/{number}/visa/{step}", reads, case::visa)
            .form("/clearance/cases/{number}/sign/{step}", signs, case::sign)
            .form("/clearance/cases/{number}/back/{step}", reads, case::back)
            .form("/clearance/cases/{number}/withdraw", stops, case::withdraw)
            .form("/clearance/cases/{number}/silence", reads, case::silence)
            .form("/clearance/cases/{number}/say", reads, case::say)
            .form("/clearance/cases/{number}/extend", reads, case::extend)
            .form("/clearance/cases/{number}/wanted", reads, case::wanted)
            .page("/clearance/steps", Who::SignedIn, steps::show)
            .form("/clearance/steps", keeps, steps::add)
            .form("/clearance/steps/remove", keeps, steps::remove)
            .form("/clearance/rules", keeps, steps::rules)
            .page("/clearance/deputies", reads, deputies::show)
            .form("/clearance/deputies", reads, deputies::add)
            .form(
                "/clearance/deputies/{number}/end",
                Who::SignedIn,
                deputies::end,
            )
            .page("/clearance/standing", Who::SignedIn, standing::show)
            .form("/clearance/standing", signs, standing::add)
            .form("/clearance/standing/{number}/end", stops, standing::end)
    }

    fn dates(&self, visitor: &Visitor, _span: Span) -> Result<Released<Vec<Dated>>, Failure> {
        dates::dates(visitor)
    }

    fn needs(&self, visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
        let Some(me) = &visitor.actor else {
            return Ok(nothing().map(|()| Vec::new()));
        };
        let waiting = visitor.node().clearance().awaiting(me)?;
        Ok(waiting.map(|waiting| {
            let only = match waiting.as_slice() {
                [only] => format!("/clearance/cases/{only}"),
                _ => "/clearance".to_owned(),
            };
            let need = (!waiting.is_empty()).then(|| Need {
                sentence: visitor.words.t1("clearance-need", "n", waiting.len()),
                path: only,
            });
            need.into_iter().collect()
        }))
    }
}
