//! A whole node that serves is killed while programs add to it and poll it over TAXII.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use super::{Killed, catches, holds, log_verifies, spin};
use crate::dice::Dice;
use crate::program::{Access, Home};
use crate::wire::{Caller, SITUATION, TAXII};

/// Cycles of the short form; `NODE_CYCLES` asks for more.
const CYCLES: u64 = 20;
/// Cycles within which a planted bug has to be found.
const PATIENCE: u64 = 30;
/// Programs that add at the same time.
const WRITERS: u64 = 2;

/// A bug that the harness has to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    None,
    /// Somebody in front of the node says "accepted" before the node has.
    EarlyWord,
    /// A poller is told a date that lies beyond what it has been given.
    EarlyDate,
}

pub(super) fn object(n: u64) -> String {
    format!(
        r#"{{"type":"tool", "spec_version":"2.1","id":"{}","created":"2020-01-01T00:00:00Z","modified":"2020-01-01T00:00:00.0Z","name":"t{n}" ,"x_odd":1.50,"description":"{}"}}"#,
        id(n),
        "d".repeat((n * 37 % 900) as usize)
    )
}

pub(super) fn id(n: u64) -> String {
    format!("tool--00000000-0000-4000-8000-{n:012x}")
}

pub(super) fn envelope(objects: &[String]) -> String {
    format!("{{\"objects\":[{}]}}", objects.join(", "))
}

fn number(id: &str) -> u64 {
    u64::from_str_radix(&id[id.len() - 12..], 16).unwrap()
}

/// A node, and what its programs know of it.
struct World {
    home: Home,
    access: Access,
    acknowledged: Mutex<BTreeSet<u64>>,
    sent: Mutex<BTreeMap<u64, String>>,
    polled: Mutex<Polled>,
    next: u64,
}

/// What a poller has got, in its order.
#[derive(Debug, Default)]
struct Polled {
    seen: Vec<u64>,
    cursor: Option<String>,
}

impl Killed for World {
    type Plant = Plant;
    const CYCLES_PER_FOLDER: u64 = 100;

    fn new() -> Self {
        let home = Home::new();
        let access = home.let_in("sensor", "Belmark", &["situation"], &["situation"]);
        Self {
            home,
            access,
            acknowledged: Mutex::default(),
            sent: Mutex::default(),
            polled: Mutex::default(),
            next: 0,
        }
    }

    /// Serves, checks what was acknowledged before, lets programs work, and kills.
    fn cycle(&mut self, _: u64, plant: Option<Plant>, dice: &mut Dice) -> Result<(), String> {
        let plant = plant.unwrap_or(Plant::None);
        let mut serving = self.home.serve();
        let caller = serving.caller(&self.access);
        self.check(&caller, dice.roll(8) == 0)?;
        self.send_again(&caller, dice.roll(2) == 0)?;
        let words = dice.any_size(40);
        let delay = Duration::from_micros(dice.any_size(20_000));
        let half = (dice.roll(3) == 0).then(|| dice.roll(2_000));
        let started = self.next;
        self.next += WRITERS << 16;
        let (word, heard) = mpsc::channel();
        let world = &*self;
        std::thread::scope(|scope| {
            let (poke, poked) = mpsc::channel();
            for writer in 0..WRITERS {
                let (word, poke, caller) = (word.clone(), poke.clone(), &caller);
                let first = started + (writer << 16);
                scope.spawn(move || world.add(caller, first, plant, &word, &poke));
            }
            drop((word, poke));
            let caller = &caller;
            scope.spawn(move || world.poll_on_news(caller, plant, &poked));
            for _ in 0..words {
                if heard.recv().is_err() {
                    break;
                }
            }
            if let Some(bytes) = half {
                half_a_request(caller, bytes as usize);
            }
            spin(delay);
            serving.kill();
        });
        if dice.roll(4) == 0 {
            log_verifies(&self.home.dir())?;
        }
        Ok(())
    }

    fn end(self) -> Result<u64, String> {
        let serving = self.home.serve();
        self.check(&serving.caller(&self.access), true)?;
        drop(serving);
        log_verifies(&self.home.dir())?;
        Ok(self.acknowledged.into_inner().unwrap().len() as u64)
    }
}

impl World {
    /// Adds envelopes until the node is gone.
    fn add(&self, caller: &Caller, first: u64, plant: Plant, word: &Sender<()>, poke: &Sender<()>) {
        let mut n = first;
        loop {
            let numbers: Vec<u64> = (n..n + 1 + n % 4).collect();
            n += numbers.len() as u64;
            let objects: Vec<String> = numbers.iter().map(|n| object(*n)).collect();
            self.sent
                .lock()
                .unwrap()
                .extend(numbers.iter().copied().zip(objects.clone()));
            let acknowledge = || {
                self.acknowledged.lock().unwrap().extend(&numbers);
                let _ = word.send(());
            };
            if plant == Plant::EarlyWord {
                acknowledge();
            }
            let Ok(answer) = caller.post(
                &format!("{SITUATION}objects/"),
                envelope(&objects).as_bytes(),
            ) else {
                return;
            };
            assert_eq!(answer.status, 202, "{}", answer.text());
            assert_eq!(
                answer.json()["success_count"],
                numbers.len(),
                "{}",
                answer.text()
            );
            if plant != Plant::EarlyWord {
                acknowledge();
            }
            let _ = poke.send(());
        }
    }

    fn poll_on_news(&self, caller: &Caller, plant: Plant, poked: &Receiver<()>) {
        while poked.recv().is_ok() {
            while poked.try_recv().is_ok() {}
            if self.poll(caller, plant).is_err() {
                return;
            }
        }
    }

    /// Polls on from the cursor until there is no more.
    fn poll(&self, caller: &Caller, plant: Plant) -> std::io::Result<()> {
        let mut polled = self.polled.lock().unwrap();
        loop {
            let after = polled
                .cursor
                .as_ref()
                .map(|cursor| format!("&added_after={cursor}"))
                .unwrap_or_default();
            let page = caller.get(&format!(
                "{SITUATION}objects/?limit=50&match[version]=all{after}"
            ))?;
            assert_eq!(page.status, 200, "{}", page.text());
            let envelope = page.json();
            for object in envelope["objects"].as_array().into_iter().flatten() {
                let n = number(object["id"].as_str().unwrap());
                let sent = self.sent.lock().unwrap().get(&n).cloned();
                let sent = sent.unwrap_or_else(|| panic!("nobody sent {object}"));
                assert!(
                    page.text().contains(&sent),
                    "{n} came back with other bytes"
                );
                polled.seen.push(n);
            }
            let before = polled.cursor.clone();
            if let Some(last) = page.header("x-taxii-date-added-last") {
                polled.cursor = Some(last.to_owned());
            }
            let moves = envelope["more"] != true || polled.cursor != before;
            assert!(moves, "there is more, and the cursor stands at {before:?}");
            if plant == Plant::EarlyDate {
                // As if the date had been taken when the poll came in, and not when the last record was committed.
                polled.cursor = page
                    .header("date")
                    .and(Some(ahead(polled.cursor.as_deref())));
            }
            if envelope["more"] != true {
                return Ok(());
            }
        }
    }

    /// What was acknowledged is there, once, and the poller has missed nothing.
    fn check(&self, caller: &Caller, whole: bool) -> Result<(), String> {
        self.poll(caller, Plant::None)
            .map_err(|error| format!("the node does not answer: {error}"))?;
        let polled = self.polled.lock().unwrap();
        let acknowledged = self.acknowledged.lock().unwrap();
        let seen: BTreeSet<u64> = polled.seen.iter().copied().collect();
        if seen.len() != polled.seen.len() {
            return Err(format!(
                "{} of {} records came twice",
                polled.seen.len() - seen.len(),
                polled.seen.len()
            ));
        }
        let lost = acknowledged.difference(&seen).count();
        if lost > 0 {
            return Err(format!(
                "{lost} of {} acknowledged records are lost to the poller",
                acknowledged.len()
            ));
        }
        if whole {
            let all = pull(caller);
            let held: BTreeSet<u64> = all.iter().copied().collect();
            if held.len() != all.len() || held != seen {
                return Err(format!(
                    "a whole pull has {} records, {} of them once; the poller had {}",
                    all.len(),
                    held.len(),
                    seen.len()
                ));
            }
        }
        Ok(())
    }

    /// A program sends again what was not acknowledged, as it should; it may have been kept.
    fn send_again(&self, caller: &Caller, wanted: bool) -> Result<(), String> {
        if !wanted {
            return Ok(());
        }
        let mut acknowledged = self.acknowledged.lock().unwrap();
        let unanswered: Vec<(u64, String)> = self
            .sent
            .lock()
            .unwrap()
            .iter()
            .filter(|(n, _)| !acknowledged.contains(n))
            .map(|(n, text)| (*n, text.clone()))
            .collect();
        for part in unanswered.chunks(20) {
            let objects: Vec<String> = part.iter().map(|(_, text)| text.clone()).collect();
            let answer = caller
                .post(
                    &format!("{SITUATION}objects/"),
                    envelope(&objects).as_bytes(),
                )
                .map_err(|error| error.to_string())?;
            if answer.status != 202 || answer.json()["success_count"] != objects.len() {
                return Err(format!(
                    "what was sent again was not taken: {}",
                    answer.text()
                ));
            }
            acknowledged.extend(part.iter().map(|(n, _)| n));
        }
        Ok(())
    }
}

/// A date some milliseconds beyond a cursor.
fn ahead(cursor: Option<&str>) -> String {
    let at = cursor.map_or(0, |text| text.parse::<stix::Timestamp>().unwrap().micros());
    stix::Timestamp::from_micros(at + 5_000).to_string()
}

/// Everything, by `next`.
fn pull(caller: &Caller) -> Vec<u64> {
    let mut all = Vec::new();
    let mut next = String::new();
    loop {
        let page = caller
            .get(&format!("{SITUATION}objects/?match[version]=all{next}"))
            .unwrap()
            .json();
        let objects = page["objects"].as_array().cloned().unwrap_or_default();
        all.extend(
            objects
                .iter()
                .map(|object| number(object["id"].as_str().unwrap())),
        );
        match page["next"].as_str() {
            Some(token) if page["more"] == true => {
                assert!(!objects.is_empty(), "an empty page, and more: {page}");
                next = format!("&next={token}");
            }
            _ => return all,
        }
    }
}

/// Begins to add something that is never finished.
fn half_a_request(caller: &Caller, bytes: usize) {
    let body = envelope(&[object(0xdead), object(0xbeef)]);
    let head = caller.head(
        "POST",
        &format!("{SITUATION}objects/"),
        &[("Accept", TAXII), ("Content-Type", TAXII)],
    );
    let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let end = bytes.min(request.len() - 1);
    if let Ok(mut stream) = caller.connect() {
        let _ = stream.write_all(&request.as_bytes()[..end]);
    }
}

#[test]
fn no_acknowledged_record_is_lost_or_doubled_or_missed() {
    holds::<World>("killed node", "NODE_CYCLES", CYCLES);
}

#[test]
fn planted_bugs_are_caught() {
    // Seen at the acknowledged records, or at what the poller has beside a whole pull.
    let seen: &[&str] = &["lost", "the poller had"];
    let plants = [(Plant::EarlyWord, seen), (Plant::EarlyDate, seen)];
    catches::<World>("killed node, planted", PATIENCE, &plants);
}
