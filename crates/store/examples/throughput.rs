//! How much CPU the store spends per record: `cargo run --profile fast -p store --example throughput -- [RECORDS] [BATCH] [CLASSES]`.
//!
//! Synthetic rows, the same on every run: up to five classes, eight types, bodies of 200 to 540 bytes, random ids.

use std::time::Instant;

use policy::{Class, Clause, Member, Purpose, Tlp, Viewer};
use stix::{ObjectId, Timestamp};
use store::{NewCollection, NewPosition, NewRecord, Options, PageQuery, Spec, Store, Versions};

const KINDS: [&str; 8] = [
    "indicator",
    "relationship",
    "sighting",
    "identity",
    "ipv4-addr",
    "domain-name",
    "file",
    "url",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|argument| argument.parse::<u64>());
    let records = arguments.next().transpose()?.unwrap_or(100_000);
    let batch = arguments.next().transpose()?.unwrap_or(1_000);
    let several = arguments.next().transpose()?.unwrap_or(5).clamp(1, 5);
    let folder = tempfile::tempdir_in(".")?;
    let store = Store::open(folder.path().join("node.db"), Options::default())?;
    let ids = ingest(&store, (records, batch, several))?;
    println!("after ingest: {}", memory());
    texts(&store)?;
    read(&store, &ids)?;
    println!("after reading: {}", memory());
    Ok(())
}

fn ingest(
    store: &Store,
    (records, batch, several): (u64, u64, u64),
) -> Result<Vec<ObjectId>, Box<dyn std::error::Error>> {
    let mut dice = Dice(42);
    let collection = store.write(|txn| {
        txn.add_collection(&NewCollection {
            uuid: "c",
            title: "C",
            ..Default::default()
        })
    })?;
    let classes = [1, 2, 3, 4, 5].map(|n| {
        let mut clause = Clause::own(Tlp::Amber, organ(0));
        clause.audience = (n..=5).map(|n| Member::Participant(organ(n))).collect();
        Class::of(clause)
    });
    let body = [b'x'; 1_200];
    let version: Timestamp = "2026-01-01T00:00:00.123Z".parse()?;
    let version = version.version_key();
    let mut added = 1_700_000_000_000_000;
    let mut ids = Vec::new();
    let portion = records.div_ceil(10);
    let (mut clock, mut spent, mut last) = (Instant::now(), cpu(), 0);
    for start in (0..records).step_by(usize::try_from(batch)?) {
        store.write(|txn| {
            let mut recno = txn.records()?;
            for _ in start..records.min(start + batch) {
                let kind = KINDS[dice.below(8)];
                let id = uuid(kind, &mut dice);
                let class = txn.intern_class(&classes[dice.below(several)])?;
                let object = txn.object_no(&id)?;
                let object = txn.insert_record(&NewRecord {
                    recno,
                    object,
                    id: &id,
                    version: &version,
                    author: Some(&organ(dice.below(27) as u64)),
                    channel: "access:bench",
                    spec: Spec::V21,
                    revoked: false,
                    sealed: false,
                    class,
                    embargo: None,
                    expiry: None,
                    accepted: added,
                    hash: &body[..32],
                    salt: &body[..16],
                    body: &body[..200 + dice.below(340)],
                })?;
                added += 1 + dice.below(50) as i64;
                txn.put_position(&NewPosition {
                    collection,
                    recno,
                    object,
                    kind,
                    spec: Spec::V21,
                    class,
                    embargo: None,
                    expiry: None,
                    added,
                })?;
                recno += 1;
                if recno % 97 == 0 {
                    ids.push(id);
                }
            }
            Ok::<_, store::Error>(())
        })?;
        let done = records.min(start + batch);
        if done / portion > last / portion || done == records {
            let (micros, wall) = ((cpu() - spent) * 1e6, clock.elapsed().as_secs_f64() * 1e6);
            let count = (done - last) as f64;
            println!(
                "ingest to {done:>9}: {:6.2} us CPU, {:6.2} us wall a record",
                micros / count,
                wall / count
            );
            (clock, spent, last) = (Instant::now(), cpu(), done);
        }
    }
    Ok(ids)
}

fn read(store: &Store, ids: &[ObjectId]) -> Result<(), Box<dyn std::error::Error>> {
    let at: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let collection = 1;
    for (name, viewer) in [("all classes", 5), ("one class of five", 1)] {
        let viewer = Viewer::organ(organ(viewer));
        measure(&format!("pages of 1,000, {name}, rows"), || {
            let mut query = PageQuery::of(collection, 1_000);
            let mut rows = 0;
            loop {
                let page = store
                    .read()?
                    .page(&viewer, Purpose::Poll, &at, &query)?
                    .into_inner();
                rows += page.rows.len();
                match page.rows.last() {
                    Some(last) if page.more => query.after = last.added,
                    _ => return Ok(rows),
                }
            }
        })?;
    }
    let viewer = Viewer::organ(organ(5));
    measure("manifest pages of 1,000, rows", || {
        let mut query = PageQuery::of(collection, 1_000);
        let mut rows = 0;
        loop {
            let page = store
                .read()?
                .manifest(&viewer, Purpose::Poll, &at, &query)?
                .into_inner();
            rows += page.rows.len();
            match page.rows.last() {
                Some(last) if page.more => query.after = last.added,
                _ => return Ok(rows),
            }
        }
    })?;
    measure("by type, pages of 100, pages", || {
        let query = PageQuery {
            kinds: vec!["sighting".to_owned()],
            ..PageQuery::of(collection, 100)
        };
        for _ in 0..5_000 {
            store
                .read()?
                .page(&viewer, Purpose::Poll, &at, &query)?
                .into_inner();
        }
        Ok(5_000)
    })?;
    let rounds = 100_000_usize.div_ceil(ids.len());
    for (name, versions) in [
        ("by id", Versions::default()),
        ("by id, all versions", Versions::all()),
    ] {
        measure(name, || {
            let mut found = 0;
            for id in ids.iter().cycle().take(rounds * ids.len()) {
                let query = PageQuery {
                    ids: vec![id.clone()],
                    versions: versions.clone(),
                    ..PageQuery::of(collection, 100)
                };
                found += store
                    .read()?
                    .page(&viewer, Purpose::Poll, &at, &query)?
                    .into_inner()
                    .rows
                    .len();
            }
            Ok(found)
        })?;
    }
    measure("empty polls", || {
        let query = PageQuery {
            after: i64::MAX,
            ..PageQuery::of(collection, 1_000)
        };
        for _ in 0..200_000 {
            store
                .read()?
                .page(&viewer, Purpose::Poll, &at, &query)?
                .into_inner();
        }
        Ok(200_000)
    })
}

/// Pages as they are sent, each from another depth.
fn texts(store: &Store) -> Result<(), Box<dyn std::error::Error>> {
    let at: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let viewer = Viewer::organ(organ(5));
    for (limit, kinds) in [
        (100, vec![]),
        (100, vec!["sighting".to_owned()]),
        (1_000, vec![]),
    ] {
        let mut dice = Dice(7);
        measure(&format!("texts of {limit} {kinds:?}, pages"), || {
            for _ in 0..3_000 {
                let query = PageQuery {
                    after: 1_700_000_000_000_000 + dice.below(2_000_000) as i64,
                    kinds: kinds.clone(),
                    ..PageQuery::of(1, limit)
                };
                let page = store
                    .read()?
                    .splice(&viewer, Purpose::Poll, &at, &query, b"{");
                page?.into_inner();
            }
            Ok(3_000)
        })?;
    }
    Ok(())
}

fn measure(
    name: &str,
    work: impl FnOnce() -> Result<usize, Box<dyn std::error::Error>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let (clock, spent) = (Instant::now(), cpu());
    let count = work()? as f64;
    let (micros, wall) = ((cpu() - spent) * 1e6, clock.elapsed().as_secs_f64() * 1e6);
    println!(
        "{name}: {:.0} a second of CPU, {:.2} us CPU, {:.2} us wall each",
        1e6 * count / micros,
        micros / count,
        wall / count
    );
    Ok(())
}

/// Xorshift: the same rows on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> usize {
        usize::try_from(self.roll() % bound).unwrap_or(0)
    }
}

fn organ(n: u64) -> ObjectId {
    format!("identity--00000000-0000-4000-8000-{n:012x}")
        .parse()
        .expect("an id")
}

fn uuid(kind: &str, dice: &mut Dice) -> ObjectId {
    let (high, low) = (dice.roll(), dice.roll());
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xfff);
    format!(
        "{kind}--{a:08x}-{b:04x}-4{c:03x}-8{:03x}-{:012x}",
        low >> 52,
        low & 0xffff_ffff_ffff
    )
    .parse()
    .expect("an id")
}

/// Seconds of CPU that this process has used.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split(' ')
        .map(|field| field.parse().unwrap_or(0.0))
        .collect();
    fields.iter().skip(12).take(2).sum::<f64>() / 100.0
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    lines.collect::<Vec<_>>().join(", ")
}
