//! The home page: what the node holds, gave, withheld and has to decide; and how one comes in.

mod page;

use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::routes::{Routes, Who};

pub(crate) struct Home;

impl Desk for Home {
    fn name(&self) -> &'static str {
        "home"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Day,
            path: "/",
            key: "frame-home",
            letter: 'h',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/", Who::SignedIn, page::show)
    }
}
