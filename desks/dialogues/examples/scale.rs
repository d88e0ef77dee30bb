//! How long the desk's views take over 100,000 commitments in 2,000 sessions of 300 series: `cargo run
//! --profile fast -p dialogues --example scale [N [FOLDER]]`; the node stays in the folder, for its pages to be asked.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use dialogues::compose::{Batch, Label};
use dialogues::names::TOPICS;
use dialogues::records::{Commitment, Dialogue, FollowUp, NewPiece, Session};
use dialogues::register::{Register, declare};
use node::chance::SystemRandom;
use node::clock::SystemClock;
use node::{Kind, New, Node};
use policy::Purpose;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const SIDES: [&str; 12] = [
    "EU", "JP", "US", "GB", "KR", "IN", "BR", "AU", "CA", "UA", "SG", "NO",
];

fn made<T: DeserializeOwned>(value: Value) -> NewPiece<T> {
    NewPiece::of(serde_json::from_value(value).expect("the sample is well formed"))
        .in_language("en")
}

fn main() -> anyhow::Result<()> {
    let commitments: usize = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    let series = (commitments / 333).max(1);
    let folder = tempfile::tempdir()?;
    let root = std::env::args()
        .nth(2)
        .map_or_else(|| folder.path().join("node"), PathBuf::from);
    let new = New {
        participant: "Ministry".to_owned(),
        kind: Kind::Organ,
        organ_of: None,
        country: None,
    };
    Node::create(&root, &new, &SystemClock, &mut SystemRandom::new()?)?;
    let node = Node::open(
        &root,
        None,
        Arc::new(SystemClock),
        Box::new(SystemRandom::new()?),
    )?;
    declare(&node);
    let begun = Instant::now();
    let mut ids = Vec::new();
    for n in 0..series {
        let parties = [SIDES[n % 12], SIDES[(n / 12 + n + 1) % 12]];
        let mut batch = Batch::new(&node, None, Label::Ours)?;
        let dialogue = batch.add(made::<Dialogue>(
            json!({ "name": format!("Dialogue {n}"), "parties": parties }),
        ))?;
        for s in 0..7 {
            let (year, month) = (2020 + s, n % 12 + 1);
            let session = batch.add(made::<Session>(json!({
                "dialogue_ref": dialogue.id.as_str(), "state": "held", "starts": format!("{year}-{month:02}-01T00:00:00Z"),
                "parties": parties, "ordinal": s + 1, "next": { "ordinal": s + 2, "date": format!("{}", year + 1), "by": format!("{}-12-31T23:59:59Z", year + 1) },
            })))?;
            for c in 0..(333 / 7) {
                let due =
                    (c % 3 == 0).then(|| format!("{}-{:02}-15T00:00:00Z", year + 1, c % 12 + 1));
                let commitment = batch.add(made::<Commitment>(json!({
                    "words": format!("Both sides will carry out item {c} of the plan of year {year} on matter {}", c % 9), "act": "commitment",
                    "actors": parties, "strength": 3, "standing": "joint", "topics": [TOPICS[c % TOPICS.len()].0], "due_by": due,
                    "dialogue_ref": dialogue.id.as_str(), "session_ref": session.id.as_str(),
                })))?;
                if c % 2 == 0 {
                    batch.add(made::<FollowUp>(json!({
                        "about_ref": commitment.id.as_str(), "dialogue_ref": dialogue.id.as_str(), "side": parties[0], "state": "under_way",
                    })))?;
                }
            }
            ids.push((dialogue.id.clone(), session.id.clone()));
        }
        batch.send()?;
    }
    println!(
        "{} series, {} sessions written in {:?}",
        series,
        ids.len(),
        begun.elapsed()
    );
    let register = Register::new(&node, node.home_viewer(), Purpose::Show);
    let now = node.now();
    let time = |name: &str,
                times: usize,
                run: &mut dyn FnMut(usize) -> anyhow::Result<usize>|
     -> anyhow::Result<()> {
        let mut took = Vec::new();
        let mut found = 0;
        for n in 0..times {
            let begun = Instant::now();
            found = run(n * 37)?;
            took.push(begun.elapsed());
        }
        took.sort();
        let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)];
        println!("{name}: p50 {:?}, p99 {:?}, {found} rows", at(50), at(99));
        Ok(())
    };
    time("home", 40, &mut |_| {
        Ok(register.home(now)?.into_inner().known.commitments.len())
    })?;
    time("series", 100, &mut |n| {
        let known = register.series(&ids[n % ids.len()].0)?;
        Ok(known.map_or(0, |known| known.into_inner().commitments.len()))
    })?;
    time("session", 100, &mut |n| {
        let known = register.session(&ids[n % ids.len()].1)?;
        Ok(known.map_or(0, |known| known.into_inner().commitments.len()))
    })?;
    for (name, facet, value) in [
        ("register by side", "commitment.actor", "JP"),
        ("register by subject", "commitment.topic", "norms"),
    ] {
        time(name, 100, &mut |_| {
            let rows = register.having::<Commitment>(facet, value, 50)?;
            Ok(register.around(rows)?.into_inner().commitments.len())
        })?;
    }
    node.close();
    Ok(())
}
