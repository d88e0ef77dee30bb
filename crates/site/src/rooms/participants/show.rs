//! `GET /participants/{id}`: who somebody is, by which key they are known, which circles they belong to, and what comes in for them.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Participant;
use policy::{Desk, Member};
use serde::Deserialize;
use stix::ObjectId;

use super::{kind, path};
use crate::rooms::circles::known;
use crate::rooms::wording::Wording;
use crate::shell::answer::nothing;
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::shown::shown;
use crate::shell::visitor::{Role, Visitor};

#[derive(Template)]
#[template(path = "rooms/participants/show.html")]
struct Show {
    frame: Frame,
    id: String,
    kind: String,
    country: Option<String>,
    above: Option<Link>,
    competent: Vec<String>,
    clients_of: Vec<(Link, String)>,
    organs: Vec<Link>,
    clients: Vec<Link>,
    keys: Vec<Key>,
    circles: Vec<Link>,
    peer: Option<Link>,
    programs: Option<Vec<Program>>,
    own: bool,
    administrator: bool,
}

struct Key {
    id: String,
    /// Where what came under it is listed, for administrators.
    came: Option<String>,
    since: String,
    sign: &'static str,
    state: String,
}

struct Program {
    name: String,
    reads: String,
    writes: String,
    used: String,
    works: bool,
    state: String,
}

/// What a program may do, as the node keeps it.
#[derive(Default, Deserialize)]
struct Rights {
    read: BTreeSet<String>,
    write: BTreeSet<String>,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let node = visitor.node();
            let one = node.participant(id.as_str()).ok_or(Failure::Absent)?;
            let wording = Wording::of(visitor)?;
            let name = wording.name(id.as_str());
            visitor.page_called(&name, nothing(), |(), frame| {
                written(visitor, &wording, &one, frame)
            })
        })
        .await
}

/// What a desk of the register is called; every desk has no name there.
fn desk(visitor: &Visitor, name: &str) -> String {
    match Desk::parse(name) {
        Some(desk) => visitor.words.desk(desk),
        None => visitor.words.t("participants-every-desk"),
    }
}

fn written(
    visitor: &Visitor,
    wording: &Wording<'_>,
    one: &Participant,
    frame: Frame,
) -> Result<Show, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let link = |other: &Participant| Link::new(path(other), wording.name(other.id.as_str()));
    let all = node.participants();
    let found = |id: &ObjectId| all.iter().find(|other| other.id == *id);
    let listed = |keep: &dyn Fn(&Participant) -> bool| {
        let mut links: Vec<Link> = all.iter().filter(|other| keep(other)).map(link).collect();
        words.sort(&mut links, |link| &link.name);
        links
    };
    let competent = all.iter().flat_map(|state| {
        let own = state
            .designated
            .iter()
            .filter(|(_, organ)| **organ == one.id);
        own.map(|(name, _)| {
            words.t2(
                "participants-competent-for",
                "desk",
                desk(visitor, name),
                "name",
                wording.name(state.id.as_str()),
            )
        })
    });
    let clients_of = one.client_of.iter().filter_map(|(patron, desks)| {
        let names: Vec<String> = if desks.is_empty() {
            vec![desk(visitor, "")]
        } else {
            desks.iter().map(|name| desk(visitor, name)).collect()
        };
        Some((link(found(patron)?), words.list(&names)))
    });
    let administrator = visitor.has(Role::Administrator);
    let keys = node.bindings_of(&one.id)?.into_iter().map(|bound| Key {
        came: (administrator && bound.revoked).then(|| format!("{}/keys/{}", path(one), bound.key)),
        id: bound.key,
        since: words.moment(bound.since),
        sign: if bound.revoked {
            "bad"
        } else if bound.until.is_some() {
            "off"
        } else {
            "good"
        },
        state: match (bound.revoked, bound.until) {
            (true, _) => words.t("participants-key-revoked"),
            (false, Some(until)) => words.t1("participants-key-until", "date", words.moment(until)),
            (false, None) => words.t("participants-key-now"),
        },
    });
    let mut circles = known(visitor);
    circles.retain(|circle| {
        let own = Member::Participant(one.id.clone());
        circle.members.iter().any(|(member, _)| *member == own)
    });
    words.sort(&mut circles, |circle| &circle.name);
    let circles = circles.iter().map(|circle| {
        let path = format!("/circles/{}", circle.id.as_str());
        Link::new(path, shown(&circle.name))
    });
    let peer = node.peer(&one.id)?.map(|peer| {
        let state = words.t(&format!("peer-{}", peer.state.as_str()));
        Link::new(format!("/peers/{}", one.id), state)
    });
    let programs = administrator.then(|| programs(visitor, &one.id));
    Ok(Show {
        id: one.id.to_string(),
        kind: words.t(kind(one.kind)),
        country: one.country.as_deref().map(shown),
        above: one.organ_of.as_ref().and_then(found).map(link),
        competent: competent.collect(),
        clients_of: clients_of.collect(),
        organs: listed(&|other| other.organ_of.as_ref() == Some(&one.id)),
        clients: listed(&|other| other.client_of.contains_key(&one.id)),
        keys: keys.collect(),
        circles: circles.collect(),
        peer,
        programs: programs.transpose()?,
        own: one.id == node.home().id,
        administrator,
        frame: frame.under("/participants", words.t("participants-title")),
    })
}

/// The programs that come in for somebody.
fn programs(visitor: &Visitor, id: &ObjectId) -> Result<Vec<Program>, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let (collections, uses) = (node.collections()?, node.access_uses()?);
    let titles = |ids: &BTreeSet<String>| {
        let own = collections.iter().filter(|one| ids.contains(&one.id));
        let own: Vec<String> = own
            .map(|one| shown(one.alias.as_ref().unwrap_or(&one.title)))
            .collect();
        words.list(&own)
    };
    let mut programs = Vec::new();
    for access in node.accesses()? {
        if access.participant != id.as_str() {
            continue;
        }
        let rights: Rights = serde_json::from_str(&access.rights).unwrap_or_default();
        programs.push(Program {
            reads: titles(&rights.read),
            writes: titles(&rights.write),
            used: uses
                .get(&access.name)
                .map_or_else(|| words.t("programs-never"), |at| words.moment(*at)),
            works: access.revoked.is_none(),
            state: access.revoked.map_or_else(
                || words.t("programs-works"),
                |at| words.t1("programs-revoked", "date", words.moment(at)),
            ),
            name: shown(&access.name),
        });
    }
    Ok(programs)
}
