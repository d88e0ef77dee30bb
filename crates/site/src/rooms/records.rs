//! The records of the node: the latest, what a collection holds, what a search finds, and one record with all that is known of it here.

pub(crate) mod list;
pub(crate) mod proof;
mod remark;
mod search;
mod show;
mod taken;
mod versions;
pub(crate) mod withdraw;

use node::Right;

use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::routes::{Routes, Who};

pub(crate) struct Records;

impl Desk for Records {
    fn name(&self) -> &'static str {
        "records"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Keeping,
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
            .asked(
                "/records/{id}/withdraw",
                Who::May(Right::Write),
                withdraw::ask,
                withdraw::send,
            )
            .page("/records/{id}/proof", Who::SignedIn, proof::show)
            .file("/records/{id}/proof.json", Who::SignedIn, proof::file)
            .page("/search", Who::SignedIn, search::show)
    }
}
