//! The peers of the node: introducing, confirming by words, stopping; what each was given, what was withheld and why.

mod act;
mod list;
mod show;

use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Need, Section};
use crate::shell::failure::Failure;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Role, Visitor};
use node::peers::State;
use policy::Released;

pub(crate) struct Peers;

impl Desk for Peers {
    fn name(&self) -> &'static str {
        "peers"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Exchange,
            path: "/peers",
            key: "peers-title",
            letter: 'p',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        let administrator = Who::Role(Role::Administrator);
        Routes::new()
            .page("/peers", Who::SignedIn, list::show)
            .page("/peers/{id}", Who::SignedIn, show::show)
            .feed("/peers/introduction", administrator, list::introduction)
            .form("/peers/introduce", administrator, act::introduce)
            .form("/peers/add", administrator, act::add)
            .form("/peers/{id}/confirm", administrator, act::confirm)
            .form("/peers/{id}/suspend", administrator, act::suspend)
            .form("/peers/{id}/resume", administrator, act::resume)
            .form("/peers/{id}/forget", administrator, act::forget)
    }

    fn needs(&self, visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
        let mut needs = Vec::new();
        if visitor.has(Role::Administrator) {
            for peer in visitor.node().peers()? {
                let key = if peer.inconsistent.is_some() {
                    "peers-need-fork"
                } else if peer.state == State::Introduced {
                    "peers-need-words"
                } else {
                    continue;
                };
                needs.push(Need {
                    sentence: visitor.words.t1(key, "name", crate::shown(&peer.name)),
                    path: format!("/peers/{}", peer.participant),
                });
            }
        }
        Ok(nothing().map(|()| needs))
    }
}
