//! kill -9 at any moment: what was acknowledged is there, once, in an order that no poller misses anything of.
//!
//! One driver kills them all; each says what it is that dies, and what has to be true afterwards.

mod backup;
mod commands;
pub(crate) mod serve;
mod store;
mod sync;

use std::fmt::Debug;
use std::path::Path;
use std::time::{Duration, Instant};

use node::keeping::verify::{Ask, verify};

use crate::dice::{Dice, setting};

/// What is killed again and again, with what is known of it in between.
trait Killed: Sized {
    /// A bug that can be planted in it.
    type Plant: Copy + Debug;

    /// Cycles on one folder before a new one begins, so that checking it stays quick.
    const CYCLES_PER_FOLDER: u64;

    /// A folder that nothing has happened to.
    fn new() -> Self;

    /// Kills it once; what was wrong.
    fn cycle(
        &mut self,
        number: u64,
        plant: Option<Self::Plant>,
        dice: &mut Dice,
    ) -> Result<(), String>;

    /// Looks at the whole of it for the last time; how much it had acknowledged.
    fn end(self) -> Result<u64, String>;
}

/// Kills until something is wrong; how much was acknowledged, or what was wrong and when.
fn cycles<K: Killed>(count: u64, plant: Option<K::Plant>, dice: &mut Dice) -> Result<u64, String> {
    let (mut acknowledged, mut killed) = (0, None);
    for cycle in 1..=count {
        killed
            .get_or_insert_with(K::new)
            .cycle(cycle, plant, dice)
            .map_err(|wrong| format!("cycle {cycle}: {wrong}"))?;
        if (cycle.is_multiple_of(K::CYCLES_PER_FOLDER) || cycle == count)
            && let Some(killed) = killed.take()
        {
            acknowledged += killed
                .end()
                .map_err(|wrong| format!("after cycle {cycle}: {wrong}"))?;
            println!("{cycle} cycles, {acknowledged} acknowledged");
        }
    }
    Ok(acknowledged)
}

/// Nothing is wrong after as many kills as the environment asks for, or `short`.
fn holds<K: Killed>(proof: &str, wanted: &str, short: u64) {
    let mut dice = Dice::new(proof);
    let count = setting(wanted).unwrap_or(short);
    let acknowledged =
        cycles::<K>(count, None, &mut dice).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(
        acknowledged > count,
        "only {acknowledged} were acknowledged in {count} cycles"
    );
    println!(
        "{proof}: no defect found under these faults: {count} kills, {acknowledged} acknowledged"
    );
}

/// Each planted bug is found within so many kills, by one of its symptoms.
fn catches<K: Killed>(proof: &str, patience: u64, plants: &[(K::Plant, &[&str])]) {
    let mut dice = Dice::new(proof);
    for (plant, symptoms) in plants {
        let wrong =
            cycles::<K>(patience, Some(*plant), &mut dice).expect_err("the plant was not found");
        let seen = symptoms.iter().any(|symptom| wrong.contains(symptom));
        assert!(seen, "{plant:?}: {wrong}");
        println!("{plant:?} was caught in {wrong}");
    }
}

/// Lets some time pass without giving the processor away: a kill may then fall between any two instructions of the other side.
fn spin(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// The log verifies from the folder as the killed process left it: nothing has opened and mended it since. How many leaves it has.
fn log_verifies(node: &Path) -> Result<u64, String> {
    let report =
        verify(node, &Ask::default(), &mut |_| ()).map_err(|error| format!("{error:#}"))?;
    if report.findings.is_empty() {
        Ok(report.leaves)
    } else {
        Err(format!("the log does not verify: {:?}", report.findings))
    }
}
