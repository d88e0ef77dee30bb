//! What the reading takes for what: `cargo run -p text --example confusion [FOLDER [PREFIX]]`.
//!
//! Prints, for the annotated statements of a folder (`fixtures/statements/dev` by default), the acts of the gold against the acts
//! found, and right, extra, missed, precision and recall of each topic.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

#[path = "../tests/scoring/mod.rs"]
mod scoring;

use scoring::{Count, matched, readings, strings};

const ACTS: [&str; 7] = [
    "commitment",
    "reaffirmation",
    "position",
    "invitation",
    "welcome",
    "report",
    "-",
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../fixtures/statements/dev"
            ))
        },
        PathBuf::from,
    );
    let prefix = arguments.next().unwrap_or_default();
    let mut acts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut topics: BTreeMap<String, Count> = BTreeMap::new();
    let all = readings(&folder, &prefix);
    for (gold, found) in &all {
        let none = Vec::new();
        let (gold, found) = (
            gold["statements"].as_array().unwrap_or(&none),
            found["statements"].as_array().unwrap_or(&none),
        );
        let pairs = matched(gold, found);
        let act = |s: &Value| s["act"].as_str().unwrap_or("-").to_owned();
        for (i, g) in gold.iter().enumerate() {
            let f = pairs.get(&i).map(|j| &found[*j]);
            let given = f.map_or_else(|| "-".to_owned(), act);
            // Any act that a borderline clause accepts counts as its own.
            let right = if strings(&g["act_accept"]).contains(&given) {
                given.clone()
            } else {
                act(g)
            };
            *acts.entry((right, given)).or_default() += 1;
            let (gold, found) = (
                strings(&g["topics"]),
                f.map(|f| strings(&f["topics"])).unwrap_or_default(),
            );
            for topic in gold.union(&found) {
                let only = |all: &BTreeSet<String>| all.get(topic).into_iter().cloned().collect();
                topics
                    .entry(topic.clone())
                    .or_default()
                    .add_sets(&only(&gold), &only(&found));
            }
        }
        for (j, f) in found.iter().enumerate() {
            if !pairs.values().any(|p| *p == j) {
                *acts.entry(("-".to_owned(), act(f))).or_default() += 1;
                for topic in strings(&f["topics"]) {
                    topics.entry(topic).or_default().extra += 1;
                }
            }
        }
    }
    println!("{} texts", all.len());
    print!("\n{:14}", "gold \\ found");
    ACTS.iter().for_each(|a| print!("{a:>14}"));
    println!();
    for gold in ACTS {
        print!("{gold:14}");
        for found in ACTS {
            let n = acts.get(&(gold.to_owned(), found.to_owned())).unwrap_or(&0);
            print!("{n:>14}");
        }
        println!();
    }
    println!(
        "\n{:28}{:>7}{:>7}{:>7}{:>11}{:>8}{:>6}",
        "topic", "right", "extra", "missed", "precision", "recall", "F1"
    );
    let share = |part: usize, rest: usize| part as f64 / (part + rest).max(1) as f64;
    for (topic, c) in &topics {
        println!(
            "{topic:28}{:>7}{:>7}{:>7}{:>11.2}{:>8.2}{:>6.2}",
            c.right,
            c.extra,
            c.missed,
            share(c.right, c.extra),
            share(c.right, c.missed),
            c.f1()
        );
    }
}
