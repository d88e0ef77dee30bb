//! What persons, programs and peers may, and with what they come in, held against the audit trail, which says who gave it to them: nobody
//! gets a role, comes back from a suspension, signs in with another secret or confirms a peer by a change of the database alone.

use std::collections::HashMap;

use anyhow::Result;
use serde_json::{Value, json};
use store::{Look, TrailLine};

use super::report::{Area, Finding, Report};
use crate::people::Rights;
use crate::users::vouched::Proof;
use crate::users::{State, vouched};

/// Lines that are read at a time.
const TOGETHER: i64 = 1_000;

/// What the trail says of all of them, at its end.
#[derive(Default)]
struct Said {
    persons: HashMap<String, Person>,
    programs: HashMap<String, Program>,
    peers: HashMap<String, &'static str>,
    /// Since when lines vouch for means, sessions and codes.
    vouches: Option<i64>,
    /// Whether a line vouched for a change of its own: from then on nothing is left that had been here before.
    changed: bool,
    /// Where the trail itself has that something was planted.
    planted: Vec<String>,
    /// The sessions and codes that no line has been heard to give out, by digest: whom they let in, and until when.
    open: HashMap<String, (String, i64)>,
}

#[derive(Default)]
struct Person {
    roles: String,
    suspended: bool,
    /// The digest of all with which they sign in.
    means: Option<String>,
}

struct Program {
    participant: Value,
    /// Which collections it reads, and writes, and whether it has the figures of the process.
    rights: [Value; 3],
    revoked: bool,
    /// The digest of that with which it comes in.
    means: Option<String>,
}

impl Said {
    /// Whether a line has vouched for that with which somebody, or a program, comes in.
    fn vouches_for(&self, subject: &str) -> bool {
        let person = self.persons.get(subject).map(|person| &person.means);
        let program = self.programs.get(subject).map(|program| &program.means);
        person.or(program).is_some_and(Option::is_some)
    }

    fn hear(&mut self, line: TrailLine) {
        let detail: Value = serde_json::from_str(&line.detail).unwrap_or_default();
        let proof = Proof::read(&detail);
        if proof.means.is_some() {
            self.vouches.get_or_insert(line.at);
        }
        let (number, subject) = (line.number, &line.subject);
        if proof.found.is_some() {
            self.planted.push(format!(
                "that with which {subject} signs in was changed past the node before line {number} of the audit trail"
            ));
        }
        if line.action.ends_with(".note") && proof != Proof::default() {
            if self.changed || self.vouches_for(subject) {
                self.planted.push(format!(
                    "line {number} of the audit trail vouches for {subject} as for what was here before, though the trail vouched already"
                ));
            }
        } else {
            self.changed |= proof != Proof::default();
        }
        for digest in proof.opens {
            self.open.remove(&digest);
        }
        let of_program = line.action.starts_with("access.");
        if let Some(means) = proof.means.clone().filter(|_| !of_program) {
            let person = self.persons.entry(line.subject.clone()).or_default();
            person.means = Some(means);
        }
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
                    means: proof.means,
                };
                self.programs.insert(line.subject, program);
            }
            "access.note" => {
                if let Some(program) = self.programs.get_mut(&line.subject) {
                    program.means = proof.means;
                }
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
    for login in look.logins()? {
        for (digest, expires) in vouched::open(look, &login.person)? {
            let whom = format!("{} ({})", login.name, login.person);
            said.open.insert(digest, (whom, expires));
        }
    }
    loop {
        let lines = look.trail_after(number, TOGETHER)?;
        let Some(last) = lines.last() else { break };
        number = last.number;
        lines.into_iter().for_each(|line| said.hear(line));
    }
    let vouches = said.vouches;
    for what in said.planted.drain(..) {
        report.find(Finding::new(Area::SignIn, what));
    }
    for login in look.logins()? {
        let (who, name) = (&login.person, &login.name);
        let person = said.persons.remove(who);
        let what = match &person {
            None => Some(format!(
                "{name} ({who}) signs in here, and no line of the audit trail says who let them in"
            )),
            Some(person) if person.roles != login.roles => Some(format!(
                "{name} ({who}) has the roles {:?}; by the audit trail they have {:?}",
                login.roles, person.roles
            )),
            Some(person)
                if person.suspended != (State::parse(&login.state) == State::Suspended) =>
            {
                Some(format!(
                    "{name} ({who}) is {}; the audit trail says otherwise",
                    login.state
                ))
            }
            Some(_) => None,
        };
        if let Some(what) = what {
            report.find(Finding::new(Area::Rights, what));
        }
        let means = person.and_then(|person| person.means);
        if vouches.is_some() && means != Some(vouched::means(look, &login)?) {
            let what = format!(
                "{name} ({who}): their name, address or that with which they sign in is not what the audit trail says"
            );
            report.find(Finding::new(Area::SignIn, what));
        }
    }
    for (whom, expires) in said.open.values() {
        // What was over before lines vouched for such things lets nobody in any more.
        if vouches.is_some_and(|since| *expires > since) {
            let what = format!(
                "{whom} can come in by a session or a code that no line of the audit trail has"
            );
            report.find(Finding::new(Area::SignIn, what));
        }
    }
    for access in look.accesses()? {
        let rights: Option<Rights> = serde_json::from_str(&access.rights).ok();
        let rights = rights.map(|has| [json!(has.read), json!(has.write), json!(has.metrics)]);
        let name = &access.name;
        let program = said.programs.remove(name);
        let means = program.as_ref().and_then(|said| said.means.clone());
        let fits = program.is_some_and(|said| {
            said.participant == access.participant.as_str()
                && Some(said.rights) == rights
                && said.revoked == access.revoked.is_some()
        });
        if !fits {
            let what = format!("what the program {name:?} may is not what the audit trail says");
            report.find(Finding::new(Area::Rights, what));
        }
        if vouches.is_some() && means != Some(vouched::program(&access)) {
            let what = format!(
                "with what the program {name:?} comes in, and as whom, is not what the audit trail says"
            );
            report.find(Finding::new(Area::SignIn, what));
        }
    }
    let mut find = |what: String| report.find(Finding::new(Area::Rights, what));
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
