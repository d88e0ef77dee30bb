//! A node to measure the desk with: `cargo run -p dialogues --example scale COMMITMENTS FOLDER [VIEWS]` writes it to a folder that is
//! not there yet, with so many commitments in series of some 330, and to the file VIEWS every view of the desk with the addresses to ask.
//!
//! `cargo xtask bench desk` does that and asks them.

mod fill;
mod views;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use dialogues::register::declare;
use node::chance::SystemRandom;
use node::clock::SystemClock;
use node::{Kind, New, Node};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let commitments: usize = match arguments.next() {
        Some(text) => text.parse().context("how many is no number")?,
        None => 100_000,
    };
    let folder = arguments.next().context("say into which folder")?;
    let listed = arguments.next().map(PathBuf::from);
    let root = PathBuf::from(folder);
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
    node.complete_set_up().wait()?;
    let begun = Instant::now();
    let filled = fill::fill(&node, commitments)?;
    println!(
        "{filled}, written in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    if let Some(listed) = listed {
        let views = views::all(&filled)?;
        println!("{} views", views.len());
        std::fs::write(listed, serde_json::to_vec(&views)?)?;
    }
    node.close();
    Ok(())
}
