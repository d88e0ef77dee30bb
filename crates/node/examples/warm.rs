//! How long it takes to know a program by credentials that were verified lately: `cargo run --profile fast -p node --example warm -- 200000`.
//!
//! Makes a node in a temporary folder, lets in a program with a secret that somebody chose, and asks so many times who shows it: once with its
//! slow hash, then from memory.

mod fresh;

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use node::clock::SystemClock;
use node::{Credentials, NewAccess};

fn main() -> anyhow::Result<()> {
    let count = std::env::args().nth(1);
    let count: u32 = count.map_or(Ok(200_000), |count| count.parse())?;
    let (node, _dir) = fresh::node(SystemClock)?;
    let credentials = Credentials::Basic {
        name: "pull".into(),
        secret: "an orchard by the river".into(),
    };
    let access = NewAccess {
        name: "pull".into(),
        participant: "Ministry of Valmora".into(),
        person: None,
        read: vec!["situation".into()],
        write: vec![],
        metrics: false,
        secret: Some("an orchard by the river".into()),
    };
    node.add_access(access, &node.at_terminal("example"))?
        .wait()?;
    let begun = Instant::now();
    let first = node.authenticate(&credentials)?.context("it is let in")?;
    println!("cold: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    let mut took = Vec::new();
    let all = Instant::now();
    for _ in 0..count {
        let begun = Instant::now();
        let again = node.authenticate(&credentials)?.context("it is let in")?;
        took.push(begun.elapsed());
        anyhow::ensure!(Arc::ptr_eq(&first, &again), "it was verified anew");
    }
    let mean = all.elapsed() / count.max(1);
    took.sort_unstable();
    let at = |part: usize| {
        took.get(took.len() * part / 1000)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "warm, {count} times: mean {mean:?}, p50 {:?}, p99 {:?}, p99.9 {:?}",
        at(500),
        at(990),
        at(999)
    );
    node.close();
    Ok(())
}
