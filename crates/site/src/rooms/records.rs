//! The records of the node: the latest, what a collection holds, what a search finds, and one record with all that is known of it here.

pub(in crate::rooms) mod list;
mod remark;
mod search;
mod show;
mod versions;

use node::Right;
use stix::Limits;

use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::routes::{Routes, Who};
use crate::shell::shown::{shorten, shown, shown_lines};

/// Members of an object that stand at the head of its page already, or say nothing to a reader.
const NOT_LISTED: [&str; 9] = [
    "type",
    "spec_version",
    "id",
    "created_by_ref",
    "revoked",
    "object_marking_refs",
    "granular_markings",
    "extensions",
    "lang",
];

/// A member of an object, as text.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) plain: bool,
}

/// What an object says, in the order in which it says it.
pub(super) fn members(body: &[u8]) -> Vec<Member> {
    let limits = Limits::default();
    let Ok(object) = stix::check(body, &limits) else {
        return Vec::new();
    };
    let listed = object
        .view()
        .members()
        .filter(|(name, _)| !NOT_LISTED.contains(&name.as_ref()));
    listed
        .map(|(name, value)| {
            let (text, plain) = match value.string() {
                Some(text) => (text.into_owned(), true),
                None => (shorten(value.raw()), false),
            };
            Member {
                name: shown(&name),
                text: shown_lines(&text),
                plain,
            }
        })
        .collect()
}

pub(crate) struct Records;

impl Desk for Records {
    fn name(&self) -> &'static str {
        "records"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Node,
            path: "/records",
            key: "records-title",
            letter: 'r',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new()
            .page("/records", Who::SignedIn, list::show)
            .page("/records/{id}", Who::SignedIn, show::show)
            .page("/records/{id}/versions", Who::SignedIn, versions::show)
            .form(
                "/records/{id}/versions",
                Who::May(Right::Write),
                versions::restore,
            )
            .page("/records/{id}/remark", Who::May(Right::Write), remark::show)
            .form("/records/{id}/remark", Who::May(Right::Write), remark::send)
            .page("/search", Who::SignedIn, search::show)
    }
}
