//! What a person sees of the node as a whole: its newest records, as far as that person may, and the head of its log.
//!
//! Invariant: content and whatever tells of it comes as [`Released`]; a record that the viewer may not see leaves no gap.

use anyhow::{Context, Result};
use policy::{Label, Purpose, Released, Viewer};
use stix::{ObjectId, Timestamp};
use store::{Held, Reader, Record, RunQuery};
use tlog::{Checkpoint, Key};

use crate::clock::{Micros, SECOND};
use crate::node::{HEAD, Node};
use crate::submission::Channel;

/// How far back is looked for records that the viewer may see.
const DEEPEST: i64 = 2_000;

/// A record as it stands here, with what is known about it.
#[derive(Debug, Clone)]
pub struct Stood {
    /// Its bytes and names.
    pub record: Record,
    /// The object's type.
    pub kind: String,
    /// Whom it names as author.
    pub author: Option<ObjectId>,
    /// The door it came through; `None` if that is not understood any more.
    pub channel: Option<Channel>,
    /// When it was accepted.
    pub accepted: Micros,
    /// Whether it revokes its object.
    pub revoked: bool,
    /// Who may have it.
    pub label: Label,
}

/// The newest state of the log that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many entries the log has.
    pub size: u64,
    /// Its root hash.
    pub root: String,
    /// When it was signed, in microseconds.
    pub signed: Option<Micros>,
    /// The size that peers see: that of the last checkpoint issued.
    pub issued: Option<u64>,
    /// The signed note itself.
    pub note: String,
}

impl Node {
    /// The newest versions that the viewer may see, the last accepted first, of other types than `without`.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn newest(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        without: &[&str],
        most: usize,
    ) -> Result<Released<Vec<Stood>>> {
        let query = RunQuery {
            after: None,
            down: true,
            limit: most,
            kinds: Vec::new(),
            without: without.iter().map(|&kind| kind.to_owned()).collect(),
            collection: None,
        };
        Ok(self.run(viewer, purpose, &query)?.map(|(rows, _)| rows))
    }

    /// Records in the order in which they came, from either end, each with how it stands here; and from where to go on.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn run(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        query: &RunQuery,
    ) -> Result<Released<(Vec<Stood>, Option<i64>)>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let run = reader.run(viewer, purpose, &at, query)?;
        let mut failed = None;
        let stood = run.map(|run| {
            let mut rows = Vec::with_capacity(run.rows.len());
            for record in run.rows {
                match held_as(&reader, record) {
                    Ok(stood) => rows.push(stood),
                    Err(error) => failed = Some(error),
                }
            }
            (rows, run.next)
        });
        failed.map_or(Ok(stood), Err)
    }

    /// The newest versions of these types that came from elsewhere since a time and that the viewer may see, the last accepted first.
    /// Looks back over the last 2,000 versions that came in.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn came_in(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        kinds: &[&str],
        since: Micros,
        most: usize,
    ) -> Result<Vec<Released<Stood>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let end = reader.records()?;
        let mut found = Vec::new();
        let from = end.saturating_sub(DEEPEST).max(0);
        for came in reader.came_from(from, since)? {
            let elsewhere = || {
                matches!(
                    Channel::parse(&came.channel),
                    Some(Channel::Access(_) | Channel::Peer(_) | Channel::Bundle(_))
                )
            };
            if found.len() >= most {
                break;
            }
            if !kinds.contains(&&*came.kind) || !elsewhere() {
                continue;
            }
            let Some(held) = reader.held_record(came.recno)? else {
                continue;
            };
            let last = reader.latest_of(held.object)?;
            if last.is_some_and(|last| last.recno != came.recno) {
                continue;
            }
            found.extend(numbered(&reader, viewer, purpose, &at, held)?);
        }
        Ok(found)
    }

    /// The records of these numbers that the viewer may see, at most so many of them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn numbered(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        numbers: impl IntoIterator<Item = i64>,
        most: usize,
    ) -> Result<Vec<Released<Stood>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let mut found = Vec::new();
        for recno in numbers.into_iter().take(most) {
            if let Some(held) = reader.held_record(recno)? {
                found.extend(numbered(&reader, viewer, purpose, &at, held)?);
            }
        }
        Ok(found)
    }

    /// The head of the log; `None` while it is empty.
    ///
    /// # Errors
    /// When the head was not signed by this node's key, or the storage fails.
    pub fn head(&self) -> Result<Option<Head>> {
        let reader = self.read()?;
        let Some(note) = reader.meta(HEAD)? else {
            return Ok(None);
        };
        let note = String::from_utf8(note).context("the head of the log is damaged")?;
        let key = Key::log(self.inner.origin.clone(), self.keys().public().log);
        let opened = Checkpoint::open(&note, &key)
            .map_err(|error| anyhow::anyhow!("the head of the log is damaged: {error}"))?;
        let issued = reader.last_checkpoint(self.inner.origin.as_str())?;
        let micros = |seconds: u64| i64::try_from(seconds).ok()?.checked_mul(SECOND);
        Ok(Some(Head {
            size: opened.size(),
            root: opened.root().to_string(),
            signed: opened.time().and_then(micros),
            issued: issued.map(|issued| issued.size),
            note,
        }))
    }
}

/// A record of this number with how it stands here, if the viewer may see it.
pub(crate) fn numbered(
    reader: &Reader<'_>,
    viewer: &Viewer,
    purpose: Purpose,
    at: &Timestamp,
    held: Held,
) -> Result<Option<Released<Stood>>> {
    let record = reader.record(viewer, purpose, at, held.recno)?;
    record
        .map(|record| standing(reader, record, held))
        .transpose()
}

/// A record that was released, with how it stands here.
pub(crate) fn standing(
    reader: &Reader<'_>,
    record: Released<Record>,
    held: Held,
) -> Result<Released<Stood>> {
    let class = reader.class(held.class)?.context("a class is missing")?;
    Ok(record.map(|record| stood(record, held, class)))
}

/// The same for a record that is looked at while it is released.
fn held_as(reader: &Reader<'_>, record: Record) -> Result<Stood> {
    let held = reader.held_record(record.recno)?;
    let held = held.context("a record that was just read is missing")?;
    let class = reader.class(held.class)?.context("a class is missing")?;
    Ok(stood(record, held, class))
}

fn stood(record: Record, held: Held, class: policy::Class) -> Stood {
    Stood {
        record,
        kind: held.kind.to_string(),
        author: held.author,
        channel: Channel::parse(&held.channel),
        accepted: held.accepted,
        revoked: held.revoked,
        label: Label {
            class,
            embargo: held.embargo,
            expiry: held.expiry,
        },
    }
}
