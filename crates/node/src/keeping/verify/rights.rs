//! What persons, programs and peers may, held against the audit trail, which says who gave it to them: nobody gets a role, comes back from a
//! suspension or confirms a peer by a change of the database alone.

use std::collections::HashMap;

use anyhow::Result;
use serde_json::{Value, json};
use store::{Look, TrailLine};

use super::report::{Area, Finding, Report};
use crate::people::Rights;
use crate::users::State;

/// Lines that are read at a time.
const TOGETHER: i64 = 1_000;

/// What the trail says of all of them, at its end.
#[derive(Default)]
struct Said {
    persons: HashMap<String, Person>,
    programs: HashMap<String, Program>,
    peers: HashMap<String, &'static str>,
}

#[derive(Default)]
struct Person {
    roles: String,
    suspended: bool,
}

struct Program {
    participant: Value,
    /// Which collections it reads, and writes, and whether it has the figures of the process.
    rights: [Value; 3],
    revoked: bool,
}

impl Said {
    fn hear(&mut self, line: TrailLine) {
        let detail: Value = serde_json::from_str(&line.detail).unwrap_or_default();
        match &*line.action {
            // The first administrator is noted with the session in which the node is set up.
            "user.invite" | "user.admit" | "session.open" => {
                if let Some(roles) = detail.get("roles").and_then(Value::as_str) {
                    let person = self.persons.entry(line.subject).or_default();
                    roles.clone_into(&mut person.roles);
                }
            }
            "user.change" => {
                let person = self.persons.entry(line.subject).or_default();
                let now = |what| detail.get(what)?.get(1)?.as_str();
                if let Some(roles) = now("roles") {
                    roles.clone_into(&mut person.roles);
                }
                if let Some(state) = now("state") {
                    person.suspended = State::parse(state) == State::Suspended;
                }
            }
            "access.add" => {
                let of = |what| detail.get(what).cloned().unwrap_or_default();
                let program = Program {
                    participant: of("participant"),
                    rights: ["reads", "writes", "metrics"].map(of),
                    revoked: false,
                };
                self.programs.insert(line.subject, program);
            }
            "access.revoke" => {
                if let Some(program) = self.programs.get_mut(&line.subject) {
                    program.revoked = true;
                }
            }
            "peer.add" => drop(self.peers.insert(line.subject, "introduced")),
            "peer.confirm" | "peer.resume" => drop(self.peers.insert(line.subject, "confirmed")),
            "peer.suspend" => drop(self.peers.insert(line.subject, "suspended")),
            "peer.forget" => drop(self.peers.remove(&line.subject)),
            _ => {}
        }
    }
}

/// Looks at all of them; the trail holds together.
pub(super) fn check(look: &Look, report: &mut Report) -> Result<()> {
    let (mut said, mut number) = (Said::default(), 0);
    loop {
        let lines = look.trail_after(number, TOGETHER)?;
        let Some(last) = lines.last() else { break };
        number = last.number;
        lines.into_iter().for_each(|line| said.hear(line));
    }
    let mut find = |what: String| report.find(Finding::new(Area::Rights, what));
    for login in look.logins()? {
        let (who, name) = (&login.person, &login.name);
        match said.persons.remove(who) {
            None => find(format!(
                "{name} ({who}) signs in here, and no line of the audit trail says who let them in"
            )),
            Some(person) if person.roles != login.roles => find(format!(
                "{name} ({who}) has the roles {:?}; by the audit trail they have {:?}",
                login.roles, person.roles
            )),
            Some(person)
                if person.suspended != (State::parse(&login.state) == State::Suspended) =>
            {
                find(format!(
                    "{name} ({who}) is {}; the audit trail says otherwise",
                    login.state
                ));
            }
            Some(_) => {}
        }
    }
    for access in look.accesses()? {
        let rights: Option<Rights> = serde_json::from_str(&access.rights).ok();
        let rights = rights.map(|has| [json!(has.read), json!(has.write), json!(has.metrics)]);
        let fits = said.programs.remove(&access.name).is_some_and(|said| {
            said.participant == access.participant.as_str()
                && Some(said.rights) == rights
                && said.revoked == access.revoked.is_some()
        });
        if !fits {
            let name = &access.name;
            find(format!(
                "what the program {name:?} may is not what the audit trail says"
            ));
        }
    }
    for peer in look.peers()? {
        if said.peers.remove(&peer.participant) != Some(&*peer.state) {
            let (who, state) = (&peer.participant, &peer.state);
            find(format!(
                "the peer {who} is {state}, and the audit trail does not say so"
            ));
        }
    }
    // Who signed in here stays noted, and so does a program that was shut out.
    let persons = said
        .persons
        .into_keys()
        .map(|who| format!("the person {who}"));
    let programs = said
        .programs
        .into_keys()
        .map(|name| format!("the program {name:?}"));
    let peers = said.peers.into_keys().map(|who| format!("the peer {who}"));
    for gone in persons.chain(programs).chain(peers) {
        find(format!(
            "{gone} is not here any more, and no line of the audit trail says why"
        ));
    }
    Ok(())
}
