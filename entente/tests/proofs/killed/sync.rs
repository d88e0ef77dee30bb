//! The exchange is killed: the command that takes what a peer has, the node that takes it by itself, and the peer that gives it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::serve::{envelope, id, object};
use super::{Killed, catches, holds, log_verifies, spin};
use crate::dice::Dice;
use crate::front::Front;
use crate::peering::{configure, confirm, introduce};
use crate::program::{Home, Serving, text};

/// Cycles of the short form; `SYNC_CYCLES` asks for more.
const CYCLES: u64 = 8;
/// Most objects that are new to the one that takes, in each cycle.
const OBJECTS: u64 = 120;

/// A bug that the harness has to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    /// Somebody between the two takes an object out of a page, so that the cursor passes it.
    Lost,
    /// Somebody at the one that takes brings what came once more, in another layout.
    Twice,
}

/// Whom the signal hits.
#[derive(Debug, Clone, Copy)]
enum Victim {
    /// The command, which has the folder to itself.
    Command,
    /// The node that takes by itself.
    Taker,
    /// The node that gives.
    Giver,
}

/// Arland takes from Belmark what Belmark writes for it.
struct Exchange {
    arland: Home,
    belmark: Home,
    giving: Option<Serving>,
    front: Front,
    sent: BTreeMap<u64, String>,
    usual: Duration,
}

impl Exchange {
    fn give(&mut self) {
        let serving = self.belmark.serve();
        self.front.stands_before(&serving.address);
        self.giving = Some(serving);
    }

    fn write(&mut self, count: u64) {
        let first = self.sent.len() as u64;
        let objects: Vec<String> = (first..first + count).map(object).collect();
        let file = self.belmark.file("objects.json");
        std::fs::write(&file, envelope(&objects)).unwrap();
        self.belmark
            .run(&[
                "import",
                "DIR",
                text(&file),
                "--tlp",
                "AMBER",
                "--for",
                "Arland",
            ])
            .with(0);
        self.sent.extend((first..).zip(objects));
    }

    /// Everything that was written is there once, byte for byte, and nothing waits for anybody.
    fn check(&self) -> Result<(), String> {
        let told = self.arland.run(&["sync", "DIR", "Belmark", "--json"]);
        if told.code != Some(0) {
            return Err(format!("it does not go on: {}{}", told.out, told.err));
        }
        let exported = self
            .arland
            .run(&["export", "DIR", "--all-versions"])
            .with(0)
            .out;
        let lines: Vec<&str> = exported
            .lines()
            .filter(|line| line.contains("\"tool--"))
            .collect();
        let trim = |line: &&str| line.trim_end_matches(['}', ']', ',']).to_owned();
        let there: BTreeSet<String> = lines.iter().map(trim).collect();
        if lines.len() > self.sent.len() {
            return Err(format!(
                "doubled: {} objects of {}",
                lines.len(),
                self.sent.len()
            ));
        }
        let lost = self
            .sent
            .values()
            .filter(|text| !there.contains(&trim(&text.as_str())))
            .count();
        if lost > 0 {
            return Err(format!("{lost} of {} objects are lost", self.sent.len()));
        }
        for list in ["awaiting", "quarantine"] {
            let shown = self
                .arland
                .run(&[list, "list", "DIR", "--json"])
                .with(0)
                .json();
            if shown.as_array().is_none_or(|lines| !lines.is_empty()) {
                return Err(format!("{list}: {shown}"));
            }
        }
        Ok(())
    }
}

impl Killed for Exchange {
    type Plant = Plant;
    const CYCLES_PER_FOLDER: u64 = 25;

    fn new() -> Self {
        let (arland, belmark, front) = (Home::of("Arland"), Home::of("Belmark"), Front::new());
        // It takes when it starts and when it is told to.
        configure(&arland, &[("poll_seconds = 30", "poll_seconds = 1")]);
        confirm(&arland, &introduce(&belmark, "Belmark", Some(&front.url())));
        confirm(
            &belmark,
            &introduce(&arland, "Arland", Some("http://127.0.0.1:9")),
        );
        let mut exchange = Self {
            arland,
            belmark,
            giving: None,
            front,
            sent: BTreeMap::new(),
            usual: Duration::ZERO,
        };
        exchange.give();
        // How long it takes when nobody kills it.
        exchange.write(OBJECTS / 2);
        let begun = Instant::now();
        exchange.arland.run(&["sync", "DIR", "Belmark"]).with(0);
        exchange.usual = begun.elapsed();
        exchange
    }

    fn cycle(&mut self, number: u64, plant: Option<Plant>, dice: &mut Dice) -> Result<(), String> {
        self.write(1 + dice.any_size(OBJECTS));
        if plant == Some(Plant::Lost) {
            let last = self.sent.keys().next_back().copied().unwrap_or(0);
            self.front.leaves_out(&id(last));
        }
        let victim = [Victim::Command, Victim::Taker, Victim::Giver][dice.roll(3) as usize];
        let moment = Duration::from_micros(dice.roll(self.usual.as_micros() as u64 * 5 / 4));
        match victim {
            Victim::Taker => {
                let mut taking = self.arland.serve();
                // It begins by itself as soon as it serves.
                spin(moment);
                taking.kill();
            }
            Victim::Command | Victim::Giver => {
                let mut sync = self
                    .arland
                    .command(&["sync", "DIR", "Belmark"])
                    .spawn()
                    .unwrap();
                spin(moment);
                if let (Victim::Giver, Some(mut giving)) = (victim, self.giving.take()) {
                    giving.kill();
                } else {
                    sync.kill().unwrap();
                }
                sync.wait().unwrap();
            }
        }
        if self.giving.is_none() {
            log_verifies(&self.belmark.dir())?;
            self.give();
        }
        log_verifies(&self.arland.dir())?;
        if plant == Some(Plant::Twice) {
            let file = self.arland.file("again.json");
            let again = object(0).replace("\"type\"", " \"type\"");
            std::fs::write(&file, envelope(&[again])).unwrap();
            self.arland.run(&["sync", "DIR", "Belmark"]);
            self.arland.run(&["import", "DIR", text(&file)]);
        }
        // Else the next cycle goes on from what this one left.
        match plant.is_some() || number.is_multiple_of(2) {
            true => self.check().map_err(|wrong| format!("{victim:?}: {wrong}")),
            false => Ok(()),
        }
    }

    fn end(self) -> Result<u64, String> {
        self.check()?;
        log_verifies(&self.arland.dir())?;
        log_verifies(&self.belmark.dir())?;
        Ok(self.sent.len() as u64)
    }
}

#[test]
fn an_exchange_that_is_killed_goes_on_where_it_was() {
    holds::<Exchange>("killed sync", "SYNC_CYCLES", CYCLES);
}

#[test]
fn planted_bugs_are_caught() {
    catches::<Exchange>(
        "killed sync, planted",
        3,
        &[
            (Plant::Lost, &["lost"]),
            (Plant::Twice, &["doubled", "awaiting"]),
        ],
    );
}
