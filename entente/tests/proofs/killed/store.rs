//! The store's half: a process that writes and acknowledges through a pipe is killed, again and again.
//!
//! The writing process is this test program once more, told by its environment to play that part.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use policy::{Class, Clause, Label, Purpose, Tlp, Viewer};
use stix::{ObjectId, Timestamp};
use store::{
    NewCollection, NewPosition, NewRecord, Options, PageQuery, Spec, Store, Versions, WriteTxn,
};

use super::{Killed, catches, holds, spin};
use crate::dice::{Dice, setting};

/// Cycles of the short form; `STORE_CYCLES` asks for more.
const CYCLES: u64 = 200;
/// Cycles within which a planted bug has to be found.
const PATIENCE: u64 = 150;

const FOLDER: &str = "KILLED_FOLDER";
const CYCLE: &str = "KILLED_CYCLE";
const PLANT: &str = "KILLED_PLANT";
const CURSOR: &str = "KILLED_CURSOR";

/// Threads that write at the same time.
const WRITERS: u64 = 2;

/// A bug that the harness has to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    None,
    /// The writer acknowledges before its transaction commits.
    EarlyWord,
    /// Pollers learn of a date, and look, before the transaction that carries it commits.
    EarlyDate,
    /// A writer that was not answered writes again without looking.
    Twice,
}

const PLANTS: [Plant; 4] = [
    Plant::None,
    Plant::EarlyWord,
    Plant::EarlyDate,
    Plant::Twice,
];

fn id(n: u64) -> ObjectId {
    format!("note--00000000-0000-4000-8000-{n:012x}")
        .parse()
        .unwrap()
}

fn number(id: &str) -> u64 {
    u64::from_str_radix(&id[id.len() - 12..], 16).unwrap()
}

/// Versions, bodies and numbers say the same thing, so that a torn record shows.
fn body(n: u64) -> Vec<u8> {
    format!(
        "{{\"n\":{n},\"pad\":\"{}\"}}",
        "x".repeat((n % 700) as usize)
    )
    .into_bytes()
}

fn organ() -> ObjectId {
    "identity--00000000-0000-4000-8000-000000000001"
        .parse()
        .unwrap()
}

fn collection(store: &Store) -> i64 {
    if let Some(there) = store.read().unwrap().collection("killed").unwrap() {
        return there.id;
    }
    let new = NewCollection {
        uuid: "5a7d5a53-6a7e-4f3a-8a66-2d8d3f5a0001",
        alias: Some("killed"),
        title: "Killed",
        ..NewCollection::default()
    };
    store.write(|txn| txn.add_collection(&new)).unwrap()
}

fn put(txn: &mut WriteTxn<'_>, collection: i64, n: u64, version: u64) -> store::Result<i64> {
    let id = id(n);
    let label = Label::always(Class::of(Clause::own(Tlp::AmberStrict, organ())));
    let class = txn.intern_class(&label.class)?;
    let (recno, added) = (
        txn.records()?,
        txn.last_added(collection)? + 1 + (n % 3) as i64,
    );
    let object = txn.object_no(&id)?;
    let version = Timestamp::from_micros(version as i64).version_key();
    let object = txn.insert_record(&NewRecord {
        recno,
        object,
        id: &id,
        version: &version,
        author: None,
        channel: "import",
        spec: Spec::V21,
        revoked: false,
        sealed: false,
        class,
        embargo: None,
        expiry: None,
        accepted: added,
        hash: &[n as u8; 32],
        salt: &[9; 16],
        body: &body(n),
    })?;
    txn.put_position(&NewPosition {
        collection,
        recno,
        object,
        kind: "note",
        spec: Spec::V21,
        class,
        embargo: None,
        expiry: None,
        added,
    })?;
    Ok(added)
}

/// What stands beyond a cursor: numbers and places.
fn poll(store: &Store, collection: i64, after: i64) -> Vec<(u64, i64)> {
    let mut query = PageQuery {
        after,
        versions: Versions::all(),
        ..PageQuery::of(collection, 500)
    };
    let mut seen = Vec::new();
    loop {
        let now: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let page = store
            .read()
            .unwrap()
            .page(&Viewer::organ(organ()), Purpose::Show, &now, &query)
            .unwrap()
            .into_inner();
        for row in &page.rows {
            let n = number(&row.id);
            assert!(
                row.body == body(n),
                "record {n} came back as {:?}",
                String::from_utf8_lossy(&row.body)
            );
            seen.push((n, row.added));
            query.after = row.added;
        }
        if !page.more {
            return seen;
        }
    }
}

/// The part of the process that is killed; played for a few writes where nobody kills it.
#[test]
fn a_writer_that_nobody_kills_is_right_too() {
    let Ok(folder) = std::env::var(FOLDER) else {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 0, Plant::None, 0, 40);
        let store = Store::open(folder.path().join("node.db"), Options::default()).unwrap();
        let seen = poll(&store, collection(&store), 0);
        assert_eq!(seen.len() as u64, 40 * WRITERS);
        return;
    };
    let plant = PLANTS[setting(PLANT).unwrap() as usize];
    write(
        Path::new(&folder),
        setting(CYCLE).unwrap(),
        plant,
        setting(CURSOR).unwrap() as i64,
        u64::MAX,
    );
}

/// Writes with several threads and polls with another; tells of each acknowledgement and each sight in a line.
fn write(folder: &Path, cycle: u64, plant: Plant, cursor: i64, most: u64) {
    let store = Store::open(folder.join("node.db"), Options::default()).unwrap();
    let collection = collection(&store);
    let announced = AtomicI64::new(0);
    // What is sent along waits until the poller has looked.
    let (news, wake) = mpsc::channel::<Option<mpsc::Sender<()>>>();
    say("open");
    std::thread::scope(|scope| {
        for thread in 0..WRITERS {
            let (store, announced, news) = (&store, &announced, news.clone());
            scope.spawn(move || {
                for n in 0..most {
                    let n = (cycle * WRITERS + thread) << 20 | n;
                    if plant == Plant::EarlyWord {
                        say(&format!("ack {n}"));
                    }
                    let times = if plant == Plant::Twice && n.is_multiple_of(7) {
                        2
                    } else {
                        1
                    };
                    for version in 1..=times {
                        let put = store.write(|txn| {
                            let added = put(txn, collection, n, version)?;
                            announced.store(added, Ordering::SeqCst);
                            if plant == Plant::EarlyDate && n.is_multiple_of(3) {
                                let (looked, wait) = mpsc::channel();
                                let _ = news.send(Some(looked));
                                let _ = wait.recv();
                            }
                            Ok::<_, store::Error>(())
                        });
                        put.unwrap();
                    }
                    if plant != Plant::EarlyWord {
                        say(&format!("ack {n}"));
                    }
                    let _ = news.send(None);
                }
            });
        }
        drop(news);
        let mut after = cursor;
        while let Ok(waiting) = wake.recv() {
            for (n, at) in poll(&store, collection, after) {
                after = at;
                say(&format!("saw {n} {after}"));
            }
            if plant == Plant::EarlyDate {
                after = after.max(announced.load(Ordering::SeqCst));
            }
            // Dropped by its turn: whoever waits for this look goes on.
            drop(waiting);
        }
    });
}

fn say(line: &str) {
    if std::env::var_os(FOLDER).is_none() {
        return;
    }
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(format!("\n{line}\n").as_bytes());
    let _ = out.flush();
}

/// What the killer knows of a database.
struct Known {
    folder: tempfile::TempDir,
    acknowledged: BTreeSet<u64>,
    seen: Vec<u64>,
    cursor: i64,
}

impl Killed for Known {
    type Plant = Plant;
    const CYCLES_PER_FOLDER: u64 = 250;

    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            acknowledged: BTreeSet::new(),
            seen: Vec::new(),
            cursor: 0,
        }
    }

    fn cycle(&mut self, number: u64, plant: Option<Plant>, dice: &mut Dice) -> Result<(), String> {
        self.kill(number, plant.unwrap_or(Plant::None), dice);
        // Else the next writer is the one that recovers what the killed one left.
        match dice.roll(2) {
            0 => self.check(false),
            _ => Ok(()),
        }
    }

    fn end(mut self) -> Result<u64, String> {
        self.check(true)?;
        Ok(self.acknowledged.len() as u64)
    }
}

impl Known {
    fn start(&self, cycle: u64, plant: Plant) -> Child {
        let part = "killed::store::a_writer_that_nobody_kills_is_right_too";
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([part, "--exact", "--nocapture", "--test-threads", "1"]);
        command
            .env(FOLDER, self.folder.path())
            .env(CYCLE, cycle.to_string())
            .env(CURSOR, self.cursor.to_string());
        command.env(
            PLANT,
            PLANTS
                .iter()
                .position(|one| *one == plant)
                .unwrap()
                .to_string(),
        );
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Starts a writer, kills it somewhere, and notes what it had said until then.
    fn kill(&mut self, cycle: u64, plant: Plant, dice: &mut Dice) {
        let mut child = self.start(cycle, plant);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        // One cycle in eight dies while it opens the database; the others after so many words.
        let words = if dice.roll(8) == 0 {
            0
        } else {
            2 + dice.any_size(40)
        };
        while words > 0 && (said.len() as u64) < words {
            match lines.next() {
                Some(line) => said.extend(line.ok().filter(|line| is_word(line))),
                None => panic!("the writer ended by itself: {:?}", child.wait()),
            }
        }
        spin(Duration::from_micros(dice.any_size(if words == 0 {
            60_000
        } else {
            6_000
        })));
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said before it died counts.
        // Lines are shorter than what a pipe takes at once, so that none is cut.
        said.extend(lines.map(Result::unwrap).filter(|line| is_word(line)));
        for line in said {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["ack", n] => drop(self.acknowledged.insert(n.parse().unwrap())),
                ["saw", n, at] => {
                    self.seen.push(n.parse().unwrap());
                    self.cursor = at.parse().unwrap();
                }
                _ => {}
            }
        }
    }

    /// Polls on from where the last poller was, then everything; says what is wrong.
    fn check(&mut self, whole: bool) -> Result<(), String> {
        let store = Store::open(self.folder.path().join("node.db"), Options::default())
            .map_err(|error| format!("it does not open: {error}"))?;
        let collection = collection(&store);
        for (n, at) in poll(&store, collection, self.cursor) {
            self.seen.push(n);
            self.cursor = at;
        }
        let all: Vec<u64> = poll(&store, collection, 0)
            .into_iter()
            .map(|(n, _)| n)
            .collect();
        let held: BTreeSet<u64> = all.iter().copied().collect();
        if held.len() != all.len() {
            return Err(format!(
                "{} of {} records are doubled",
                all.len() - held.len(),
                all.len()
            ));
        }
        let lost = self.acknowledged.difference(&held).count();
        if lost > 0 {
            return Err(format!(
                "{lost} of {} acknowledged records are lost",
                self.acknowledged.len()
            ));
        }
        let seen: BTreeSet<u64> = self.seen.iter().copied().collect();
        if seen != held {
            return Err(format!(
                "the poller saw {} records and missed {} of {}",
                seen.len(),
                held.difference(&seen).count(),
                held.len()
            ));
        }
        let records = store.read().unwrap().records().unwrap();
        if records != all.len() as i64 {
            return Err(format!(
                "{records} records, and {} of them have a place",
                all.len()
            ));
        }
        if whole {
            let wrong = store.integrity().unwrap();
            if !wrong.is_empty() {
                return Err(format!("the database is damaged: {wrong:?}"));
            }
        }
        Ok(())
    }
}

fn is_word(line: &str) -> bool {
    line.starts_with("ack ") || line.starts_with("saw ") || line == "open"
}

#[test]
fn no_acknowledged_record_is_lost_or_doubled_or_missed() {
    holds::<Known>("killed store", "STORE_CYCLES", CYCLES);
}

#[test]
fn planted_bugs_are_caught() {
    let plants: [(Plant, &[&str]); 3] = [
        (Plant::EarlyWord, &["lost"]),
        (Plant::EarlyDate, &["missed"]),
        (Plant::Twice, &["doubled"]),
    ];
    catches::<Known>("killed store, planted", PATIENCE, &plants);
}

/// The store itself refuses what the second plant above had to work around.
#[test]
fn a_date_that_comes_late_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("node.db"), Options::default()).unwrap();
    let collection = collection(&store);
    let class = Class::of(Clause::own(Tlp::AmberStrict, organ()));
    let added = store.write(|txn| put(txn, collection, 1, 1)).unwrap();
    let late = store.write(|txn| {
        let class = txn.intern_class(&class)?;
        let object = txn.object_no(&id(1))?.unwrap();
        txn.put_position(&NewPosition {
            collection,
            recno: 0,
            object,
            kind: "note",
            spec: Spec::V21,
            class,
            embargo: None,
            expiry: None,
            added,
        })
    });
    assert!(
        matches!(late, Err(store::Error::NotIncreasing { .. })),
        "{late:?}"
    );
}
