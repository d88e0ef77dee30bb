//! `entente import` is killed: alone, as the caller of a node that serves, and with that node.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::serve::{envelope, object};
use super::{Killed, catches, holds, log_verifies, spin};
use crate::dice::Dice;
use crate::program::{Home, text};

/// Cycles of the short form; `COMMAND_CYCLES` asks for more.
const CYCLES: u64 = 6;
/// Objects of a file: several submissions.
const OBJECTS: u64 = 2_200;

/// Whom the signal hits.
#[derive(Debug, Clone, Copy)]
enum Victim {
    /// The command, which has the folder to itself.
    Alone,
    /// The command; the node that serves it lives on.
    Caller,
    /// The node that serves the command.
    Server,
}

/// A bug that the harness has to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    /// Somebody takes an object out of what is sent again.
    Partly,
}

/// A node, and what it was told to take.
struct Import {
    home: Home,
    next: u64,
    usual: Duration,
}

impl Import {
    /// Kills one import at some moment, then does it again.
    fn kill(&self, plant: Option<Plant>, dice: &mut Dice) -> Result<(), String> {
        let (home, first, usual) = (&self.home, self.next, self.usual);
        let objects: Vec<String> = (first..first + OBJECTS).map(object).collect();
        let file = home.file("objects.json");
        std::fs::write(&file, envelope(&objects)).unwrap();
        let victim = [Victim::Alone, Victim::Caller, Victim::Server][dice.roll(3) as usize];
        let mut serving = (!matches!(victim, Victim::Alone)).then(|| home.serve());
        let mut import = home
            .command(&["import", "DIR", text(&file), "--json"])
            .spawn()
            .unwrap();
        spin(Duration::from_micros(
            dice.roll(usual.as_micros() as u64 * 5 / 4),
        ));
        match (&mut serving, victim) {
            (Some(serving), Victim::Server) => drop(serving.kill()),
            _ => import.kill().unwrap(),
        }
        // It may have come to its end before the signal did: what it said then counts.
        let said = import.wait_with_output().unwrap().stdout;
        let said: serde_json::Value = serde_json::from_slice(&said).unwrap_or_default();
        let acknowledged = said["accepted"].as_u64().unwrap_or(0);
        drop(serving);
        log_verifies(&home.dir())?;
        let exported: HashSet<String> = export(home).into_iter().collect();
        let kept = objects
            .iter()
            .filter(|object| exported.contains(*object))
            .count() as u64;
        if kept < acknowledged {
            return Err(format!(
                "{victim:?}: {acknowledged} were said to be accepted, {kept} are there"
            ));
        }
        if plant == Some(Plant::Partly) {
            // The first object of the file is not in the file that is sent again.
            std::fs::write(&file, envelope(&objects[1..])).unwrap();
        }
        let again = home
            .run(&["import", "DIR", text(&file), "--json"])
            .with(0)
            .json();
        let (accepted, known) = (
            again["accepted"].as_u64().unwrap(),
            again["known"].as_u64().unwrap(),
        );
        if known != kept || accepted + known != OBJECTS {
            return Err(format!(
                "{victim:?}: of {kept} kept, {known} are known, {accepted} of {OBJECTS} are new"
            ));
        }
        Ok(())
    }
}

impl Killed for Import {
    type Plant = Plant;
    const CYCLES_PER_FOLDER: u64 = 30;

    fn new() -> Self {
        let home = Home::new();
        // How long it takes when nobody kills it.
        let file = home.file("first.json");
        let objects: Vec<String> = (0..OBJECTS).map(object).collect();
        std::fs::write(&file, envelope(&objects)).unwrap();
        let begun = Instant::now();
        home.run(&["import", "DIR", text(&file)]).with(0);
        Self {
            home,
            next: OBJECTS,
            usual: begun.elapsed(),
        }
    }

    fn cycle(&mut self, _: u64, plant: Option<Plant>, dice: &mut Dice) -> Result<(), String> {
        self.kill(plant, dice)?;
        self.next += OBJECTS;
        Ok(())
    }

    fn end(self) -> Result<u64, String> {
        check(&self.home, self.next)?;
        Ok(self.next)
    }
}

/// What the node holds, byte for byte.
fn export(home: &Home) -> Vec<String> {
    let bundle = home.run(&["export", "DIR", "--all-versions"]).with(0).out;
    // An object a line, between the bundle's first line and its closing brackets.
    let lines = bundle.lines().skip(1).map(|line| {
        line.strip_suffix("]}")
            .or(line.strip_suffix(','))
            .unwrap_or(line)
    });
    lines
        .filter(|line| line.starts_with("{\"type\":\"tool\""))
        .map(str::to_owned)
        .collect()
}

/// Every object once, byte for byte.
fn check(home: &Home, objects: u64) -> Result<(), String> {
    let exported = export(home);
    let different: HashSet<&str> = exported.iter().map(String::as_str).collect();
    let there = (0..objects)
        .filter(|n| different.contains(object(*n).as_str()))
        .count() as u64;
    if exported.len() as u64 != objects || there != objects {
        return Err(format!(
            "{objects} were imported; {} came out, {there} of them as they went in",
            exported.len()
        ));
    }
    Ok(())
}

#[test]
fn an_import_that_is_killed_can_be_done_again() {
    holds::<Import>("killed import", "COMMAND_CYCLES", CYCLES);
}

#[test]
fn planted_bugs_are_caught() {
    catches::<Import>(
        "killed import, planted",
        1,
        &[(Plant::Partly, &["are known"])],
    );
}
