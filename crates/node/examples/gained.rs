//! How long a class takes to arrive that somebody came to reach: `cargo run --profile fast -p node --example gained -- 200000`.
//!
//! Makes a node in a temporary folder with so many records for a State, lets the State designate an organ, and asks as that organ's program for
//! page after page until it has them all, waiting for half a second where there is nothing yet.

mod fresh;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::Context;
use bytes::Bytes;
use node::clock::SystemClock;
use node::ledger::Taken;
use node::submission::Marking;
use node::{Channel, Credentials, Kind, NewAccess, Participant, Submission};
use policy::{Member, Purpose, Tlp};
use stix::ObjectId;
use store::{PageQuery, Versions};

fn main() -> anyhow::Result<()> {
    let count = std::env::args().nth(1);
    let count: usize = count.map_or(Ok(200_000), |count| count.parse())?;
    let (node, _dir) = fresh::node(SystemClock)?;
    let by = node.at_terminal("example");
    let state: ObjectId = "identity--00000000-0000-4000-8000-000000000002".parse()?;
    let organ: ObjectId = "identity--00000000-0000-4000-8000-000000000003".parse()?;
    for (id, name) in [(&state, "State"), (&organ, "Organ")] {
        let known = Participant::new(id.clone(), name, Kind::State);
        node.add_participant(known, &by).wait()?;
    }
    let access = NewAccess {
        name: "pull".into(),
        participant: "Organ".into(),
        read: vec!["situation".into()],
        secret: Some("an orchard by the river".into()),
        ..NewAccess::default()
    };
    node.add_access(access, &by)?.wait()?;
    let credentials = Credentials::Basic {
        name: "pull".into(),
        secret: "an orchard by the river".into(),
    };
    for first in (0..count).step_by(1_000) {
        let mut bytes = Vec::new();
        let mut objects = Vec::new();
        for number in first..count.min(first + 1_000) {
            let begin = bytes.len();
            bytes.extend_from_slice(tool(number).as_bytes());
            objects.push(begin..bytes.len());
        }
        let marking = Marking {
            tlp: Some(Tlp::AmberStrict),
            audience: vec![Member::Participant(state.clone())],
        };
        let submission = Submission {
            bytes: Bytes::from(bytes),
            objects,
            channel: Channel::Import,
            submitter: node.home().id.clone(),
            person: None,
            collection: "situation".into(),
            marking,
        };
        node.accept(submission)?.wait()?;
    }
    let access = node.authenticate(&credentials)?.context("it is let in")?;
    let number = node
        .collection("situation")?
        .context("there is one")?
        .number;
    // It has polled past all of them.
    let mut after = node.now() + 1_000_000;
    std::thread::sleep(Duration::from_secs(1));
    let _jobs = node.start_jobs()?;
    let mut designating = Participant::new(state, "State", Kind::State);
    designating.designated.insert(String::new(), organ);
    node.add_participant(designating, &by).wait()?;
    let begun = Instant::now();
    let (mut found, mut pages) = (BTreeSet::new(), 0);
    while found.len() < count {
        let query = PageQuery {
            after,
            versions: Versions::all(),
            ..PageQuery::of(number, 1_000)
        };
        let viewer = node.viewer_of(&access.participant, true);
        let reached = node.reached();
        let page = node.page(&viewer, Purpose::Poll, &query)?.into_inner();
        pages += 1;
        if let Some(last) = page.rows.last() {
            let taken = Taken {
                collection: number,
                filter: "",
                after,
                last: last.added,
                records: page.rows.len(),
                reached,
            };
            node.note_taken(&access, &taken);
            after = last.added;
        }
        if !page.more {
            std::thread::sleep(Duration::from_millis(500));
        }
        found.extend(page.rows.into_iter().map(|row| row.id));
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{count} records in {pages} pages: {seconds:.1} s");
    node.close();
    Ok(())
}

fn tool(number: usize) -> String {
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-{number:012}","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"t"}}"#
    )
}
