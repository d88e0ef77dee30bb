//! How much one node takes in and gives back, without a wire: `ingest FILE [TIMES]`.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement stops at the first surprise"
)]
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use node::chance::SystemRandom;
use node::clock::{Clock, SystemClock};
use node::{Channel, Kind, New, Node, Submission};
use policy::Purpose;
use store::PageQuery;

fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

fn main() {
    let file = std::env::args().nth(1).unwrap();
    let bytes = Bytes::from(std::fs::read(file).unwrap());
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("n");
    let mut chance = SystemRandom::new().unwrap();
    let new = New {
        participant: "A".into(),
        kind: Kind::State,
        organ_of: None,
        country: None,
    };
    Node::create(&root, &new, &SystemClock, &mut chance).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let node = Node::open(&root, None, clock, Box::new(chance)).unwrap();
    let limits = stix::Limits {
        objects: usize::MAX,
        ..stix::Limits::default()
    };
    let split = stix::split(&bytes, &limits);
    let start = bytes.as_ptr() as usize;
    let ranges: Vec<_> = split
        .objects
        .iter()
        .map(|raw| {
            let from = raw.as_ptr() as usize - start;
            from..from + raw.len()
        })
        .collect();
    let (mut t, mut c) = (Instant::now(), cpu());
    let portion = (ranges.len() / 500 / 5).max(1);
    let mut done = 0;
    for (n, batch) in ranges.chunks(500).enumerate() {
        let receipt = node
            .accept(Submission {
                bytes: bytes.clone(),
                objects: batch.to_vec(),
                channel: Channel::Import,
                submitter: node.home().id.clone(),
                person: None,
                collection: "situation".into(),
                marking: Default::default(),
            })
            .unwrap()
            .wait()
            .unwrap();
        if receipt.successes() != batch.len() {
            println!(
                "{:?}",
                receipt.lines.iter().find(|line| !line.outcome.is_success())
            );
        }
        done += batch.len();
        if (n + 1) % portion == 0 {
            println!(
                "{done}: {:.1} us CPU, {:.1} us wall per object",
                (cpu() - c) * 1e6 / done as f64,
                t.elapsed().as_secs_f64() * 1e6 / done as f64
            );
            (t, c, done) = (Instant::now(), cpu(), 0);
        }
    }
    let collection = node.collection("situation").unwrap().unwrap();
    let (t, c) = (Instant::now(), cpu());
    let mut query = PageQuery {
        versions: store::Versions::all(),
        ..PageQuery::of(collection.number, 1000)
    };
    let mut rows = 0;
    loop {
        let page = node
            .page(&node.home_viewer(), Purpose::Poll, &query)
            .unwrap()
            .into_inner();
        rows += page.rows.len();
        let Some(last) = page.rows.last() else { break };
        query.after = last.added;
        if !page.more {
            break;
        }
    }
    println!(
        "pull {rows} of {}: {:.0}/CPU-s {:.0}/s",
        ranges.len(),
        rows as f64 / (cpu() - c),
        rows as f64 / t.elapsed().as_secs_f64()
    );
    println!(
        "{}",
        std::fs::read_to_string("/proc/self/status")
            .unwrap()
            .lines()
            .filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM"))
            .collect::<Vec<_>>()
            .join(" ")
    );
    node.close();
}
