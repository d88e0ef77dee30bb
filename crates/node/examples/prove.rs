//! How long it takes to prove a node offline, and in how much memory: `cargo run --profile fast -p node --example prove -- 200000`.
//!
//! Makes a node in a temporary folder with so many records of about one kilobyte, every tenth of them sealed by its author, and verifies it.

mod fresh;

use std::time::Instant;

use bytes::Bytes;
use node::clock::ManualClock;
use node::keeping::verify::{Ask, verify};
use node::seal::inside;
use node::{Channel, Submission};
use stix::ObjectId;

const START: i64 = 1_795_000_000_000_000;

fn main() -> anyhow::Result<()> {
    let count = std::env::args().nth(1);
    let count: u64 = count.map_or(Ok(200_000), |count| count.parse())?;
    let (node, dir) = fresh::node(ManualClock::new(START))?;
    let root = node.folder().root().to_owned();
    let keys = node::keys::load(&root.join("keys"))?;
    let home = node.home().id.clone();
    let label = policy::Label::always(policy::Class::of(policy::Clause::own(
        policy::Tlp::Amber,
        home.clone(),
    )));
    for first in (0..count).step_by(1000) {
        let mut bytes = Vec::new();
        let mut objects = Vec::new();
        for number in first..count.min(first + 1000) {
            let start = bytes.len();
            let object = object(number, &home);
            if number % 10 == 0 {
                let read = stix::check(object.as_bytes(), &stix::Limits::default())
                    .map_err(|problems| anyhow::anyhow!("{problems}"))?;
                let sealed = inside::seal(&read, &label, &home, &keys.seal, START)?;
                bytes.extend_from_slice(sealed.as_bytes());
            } else {
                bytes.extend_from_slice(object.as_bytes());
            }
            objects.push(start..bytes.len());
        }
        node.accept(Submission {
            bytes: Bytes::from(bytes),
            objects,
            channel: Channel::Import,
            submitter: home.clone(),
            person: None,
            collection: "situation".into(),
            marking: Default::default(),
        })?
        .wait()?;
    }
    node.close();
    drop(node);
    let begun = Instant::now();
    let mut stage = ("", Instant::now());
    let report = verify(&root, &Ask::default(), &mut |progress| {
        if progress.stage != stage.0 {
            if !stage.0.is_empty() {
                println!("  {}: {:.2} s", stage.0, stage.1.elapsed().as_secs_f64());
            }
            stage = (progress.stage, Instant::now());
        }
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    println!(
        "{} leaves, {} MB of content, {} seals, {} findings: {seconds:.2} s, {:.0} leaves/s; {}",
        report.leaves,
        report.bytes / 1_000_000,
        report.seals.good,
        report.findings.len(),
        report.leaves as f64 / seconds,
        peak.unwrap_or_default(),
    );
    Ok(dir.close()?)
}

fn object(number: u64, home: &ObjectId) -> String {
    let author = match number % 10 {
        0 => format!(r#""created_by_ref":"{home}","#),
        _ => String::new(),
    };
    let filler = "An indicator as a feed has it, with some text that people read. ".repeat(10);
    format!(
        r#"{{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-{number:012}",{author}"created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"i{number}","description":"{filler}","pattern":"[ipv4-addr:value = '198.51.100.{}']","pattern_type":"stix","valid_from":"2020-01-01T00:00:00Z"}}"#,
        number % 256
    )
}
