//! Erasing a record, by two persons; and removing what slipped above the ceiling, at once, by one.
//!
//! Invariant: content and salt leave the database, its freed pages, the write-ahead file, search, quarantine and what awaits a decision;
//! a signed erasure in the log says so, and the log still verifies. What cannot be reached is said: backups, other nodes, media.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::{ObjectId, Timestamp};
use store::{Held, LedgerEntry};

use crate::clock::Micros;
use crate::facets::awaiting;
use crate::keeping::erasure::{Cause, Erased, Erasure};
use crate::keeping::own::note_for_itself;
use crate::leaf::{Leaf, label_digest};
use crate::node::Node;
use crate::peers::evidence;
use crate::pending::Pending;
use crate::relabel::{label_of, label_taken};
use crate::users::{Actor, Refused, Right};
use crate::withdrawal;
use crate::writer::Change;

/// Under which name the store keeps what is asked to be erased.
const REQUESTS: &str = "node.erasures";
/// How many entries are looked through at a time.
const TOGETHER: usize = 256;

/// Somebody asked for records to be erased; somebody else has to agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureRequest {
    /// Its number.
    pub number: u64,
    /// The object.
    pub object: ObjectId,
    /// The records: all versions, or the one that was named.
    pub records: Vec<i64>,
    /// All versions: then also what somebody else has made of it, where it awaits a decision or lies in quarantine.
    #[serde(default)]
    pub whole: bool,
    /// Why, in words; it becomes part of the log.
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Micros,
}

/// What an erasure or a spill did, and what it could not reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// The object.
    pub object: ObjectId,
    /// The records whose content is gone.
    pub records: Vec<i64>,
    /// How many that awaited a decision went with them,
    pub awaiting: usize,
    /// and how many from the quarantine.
    pub quarantined: usize,
    /// Who had taken it, by the delivery ledger.
    #[serde(skip)]
    pub takers: Vec<LedgerEntry>,
    /// The participants among them.
    pub taken_by: Vec<String>,
    /// Whether the write-ahead file was emptied; if not, a reader was in the way: ask again with [`Node::finish_removal`].
    pub emptied: bool,
    /// What could not be reached, in words.
    pub out_of_reach: Vec<String>,
}

impl Node {
    /// Asks for all versions of an object, or one of them as its author wrote it, to be erased.
    ///
    /// # Errors
    /// When there is no such record with content, or no reason is given.
    pub fn ask_erasure(
        &self,
        object: &ObjectId,
        version: Option<&Timestamp>,
        reason: &str,
        by: &Actor,
    ) -> Pending<ErasureRequest> {
        let (object, version) = (object.clone(), version.cloned());
        let (reason, by) = (reason.trim().to_owned(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Erase)?;
            ensure!(
                !reason.is_empty() && !reason.contains(char::is_control),
                "an erasure needs a reason, in one line; it becomes part of the log"
            );
            ensure!(
                !by.name.is_empty(),
                "an erasure needs the name of the person who asks for it"
            );
            let records = with_content(change, &object, version.as_ref())?;
            let mut requests = read(change.txn)?;
            let number = requests.iter().map(|open| open.number).max().unwrap_or(0) + 1;
            let request = ErasureRequest {
                number,
                object,
                records: records.iter().map(|held| held.recno).collect(),
                whole: version.is_none(),
                reason,
                asked_by: by.name.clone(),
                asked_at: change.now,
            };
            requests.push(request.clone());
            write(change, &requests)?;
            let detail = json!({ "number": number, "reason": request.reason });
            change.note(&by, "erasure.ask", request.object.as_str(), &detail)?;
            Ok(request)
        })
    }

    /// What is asked to be erased.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn erasure_requests(&self) -> Result<Vec<ErasureRequest>> {
        let reader = self.read()?;
        read(&reader)
    }

    /// A second person agrees: it is erased.
    ///
    /// # Errors
    /// When there is no such request, or the one who asked is the one who agrees.
    pub fn agree_erasure(&self, number: u64, by: &Actor) -> Result<Removed> {
        let request = self.erasure_requests()?;
        let request = request.into_iter().find(|request| request.number == number);
        let request = request.with_context(|| format!("there is no request {number}"))?;
        let takers = self.takers(&request.object)?;
        let by = by.clone();
        let done = self.change(move |change| {
            // Two persons who sign in are told apart by who they are; the terminal, by the names that it gives.
            let right = if by.is_at_terminal() {
                Right::Erase
            } else {
                Right::Release
            };
            change.authorize(&by, right)?;
            let mut requests = read(change.txn)?;
            let at = requests.iter().position(|request| request.number == number);
            let at = at.with_context(|| format!("there is no request {number} any more"))?;
            let request = requests.remove(at);
            ensure!(
                !by.name.is_empty(),
                "an erasure needs the name of the person who agrees to it"
            );
            if request.asked_by.to_lowercase() == by.name.to_lowercase() {
                return Err(Refused::SamePerson(by.name.clone()).into());
            }
            let says = Says {
                cause: Cause::Erased,
                reason: &request.reason,
                asked_by: &request.asked_by,
                agreed_by: Some(&by.name),
            };
            let (object, records) = (&request.object, &request.records);
            let removed = remove(change, object, records, request.whole, &says)?;
            write(change, &requests)?;
            let detail = json!({ "number": number, "records": removed.records.len() });
            change.note(&by, "erasure.agree", request.object.as_str(), &detail)?;
            Ok(removed)
        });
        self.finished(done.wait()?, takers)
    }

    /// Nothing is erased.
    ///
    /// # Errors
    /// When there is no such request.
    pub fn cancel_erasure(&self, number: u64, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Stop)?;
            let mut requests = read(change.txn)?;
            let before = requests.len();
            requests.retain(|request| request.number != number);
            ensure!(
                requests.len() < before,
                "there is no request {number}; it may have been carried out"
            );
            write(change, &requests)?;
            let subject = format!("erasure {number}");
            change.note(&by, "erasure.cancel", &subject, &Value::Null)
        })
    }

    /// Removes what slipped above the ceiling, at once: all versions of an object, also where it awaits a decision or lies in quarantine.
    ///
    /// # Errors
    /// When nothing of it is here.
    pub fn spill(&self, object: &ObjectId, by: &Actor) -> Result<Removed> {
        let takers = self.takers(object)?;
        let (object, by) = (object.clone(), by.clone());
        let done = self.change(move |change| {
            change.authorize(&by, Right::Erase)?;
            ensure!(
                !by.name.is_empty(),
                "a spill needs the name of the person who reports it"
            );
            let records = with_content(change, &object, None).unwrap_or_default();
            let records: Vec<i64> = records.iter().map(|held| held.recno).collect();
            let says = Says {
                cause: Cause::Spilled,
                reason: "above the ceiling of this node",
                asked_by: &by.name,
                agreed_by: None,
            };
            let removed = remove(change, &object, &records, true, &says)?;
            ensure!(
                removed.awaiting + removed.quarantined + removed.records.len() > 0,
                "nothing of {object} is here"
            );
            let detail = json!({ "records": removed.records.len() });
            change.note(&by, "spill", object.as_str(), &detail)?;
            Ok(removed)
        });
        self.finished(done.wait()?, takers)
    }

    /// Empties the write-ahead file, so that no copy of what was removed stays in it; says whether it could.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn finish_removal(&self) -> Result<bool> {
        match self.inner.store.empty_wal() {
            Ok(()) => Ok(true),
            Err(store::Error::Busy) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn finished(&self, mut removed: Removed, takers: Vec<LedgerEntry>) -> Result<Removed> {
        removed.taken_by = takers.iter().map(|line| line.viewer.clone()).collect();
        removed.taken_by.sort();
        removed.taken_by.dedup();
        removed.takers = takers;
        removed.emptied = self.finish_removal()?;
        if !removed.taken_by.is_empty() {
            removed.out_of_reach.push(match removed.taken_by.len() {
                1 => "the copy of the one that had taken it: it is asked to stop releasing it, and may not".to_owned(),
                many => format!(
                    "the copies of the {many} that had taken it: they are asked to stop releasing it, and may not"
                ),
            });
        }
        Ok(removed)
    }
}

/// What the erasures of one removal have in common.
struct Says<'a> {
    cause: Cause,
    reason: &'a str,
    asked_by: &'a str,
    agreed_by: Option<&'a str>,
}

fn read(look: &store::Look) -> Result<Vec<ErasureRequest>> {
    match look.meta(REQUESTS)? {
        Some(json) => serde_json::from_slice(&json).context("the list of erasures is damaged"),
        None => Ok(Vec::new()),
    }
}

fn write(change: &mut Change<'_, '_>, requests: &[ErasureRequest]) -> Result<()> {
    Ok(change
        .txn
        .set_meta(REQUESTS, &serde_json::to_vec(requests)?)?)
}

/// The records of an object that still have their content.
fn with_content(
    change: &Change<'_, '_>,
    object: &ObjectId,
    version: Option<&Timestamp>,
) -> Result<Vec<Held>> {
    let number = change.txn.object_no(object)?;
    let number = number.with_context(|| format!("there is no record of {object}"))?;
    let key = version.map(Timestamp::version_key);
    let mut held = change.txn.versions_of(number)?;
    held.retain(|held| !held.erased && key.as_ref().is_none_or(|key| *key == held.version));
    if let Some(version) = version {
        ensure!(
            !held.is_empty(),
            "there is no version {} of {object} with content",
            version.as_str()
        );
    }
    ensure!(
        !held.is_empty(),
        "the content of {object} is erased already"
    );
    Ok(held)
}

fn remove(
    change: &mut Change<'_, '_>,
    object: &ObjectId,
    records: &[i64],
    all: bool,
    says: &Says<'_>,
) -> Result<Removed> {
    let mut removed = Removed {
        object: object.clone(),
        records: Vec::new(),
        awaiting: 0,
        quarantined: 0,
        takers: Vec::new(),
        taken_by: Vec::new(),
        emptied: false,
        out_of_reach: vec![
            "backups that were made before: destroy them, or make new ones".to_owned(),
            "snapshots and journals of the file system, and worn cells of the medium".to_owned(),
            "the hash of what it was, which stays in this node's database and in what says that it was erased: whoever has these and guesses every byte can make sure of it".to_owned(),
        ],
    };
    let mut hashes = Vec::new();
    for recno in records {
        let held = change.txn.held_record(*recno)?;
        let Some(held) = held.filter(|held| !held.erased) else {
            continue;
        };
        // A seal says the hash of what it seals: whoever guesses the content could make sure of it there.
        for seal in evidence::seals_over(change.txn, &held)? {
            if let Some(seal) = change.txn.held_record(seal)?.filter(|seal| !seal.erased) {
                erase_record(change, &seal, says)?;
            }
        }
        erase_record(change, &held, says)?;
        change.markings.forget(&held.id);
        hashes.push(held.hash);
        removed.records.push(*recno);
    }
    for (number, hash) in change.txn.pending_of(object.as_str())? {
        if all || hashes.contains(&hash) {
            change.txn.drop_pending(number)?;
            removed.awaiting += 1;
        }
    }
    removed.quarantined = clear_quarantine(change, object, &hashes, all)?;
    Ok(removed)
}

fn erase_record(change: &mut Change<'_, '_>, held: &Held, says: &Says<'_>) -> Result<()> {
    let label = label_taken(change.txn, held.recno, &label_of(change, held.recno)?)?;
    let leaf = Leaf::of(held, &label_digest(&label)).hash();
    let good = crate::relabel::good(change, held.recno)?;
    let erased = Erased {
        object: held.id.clone(),
        version: good.and_then(|good| good.header.version().cloned()),
        leaf: u64::try_from(held.recno)?,
        leaf_digest: hex::encode(leaf),
        cause: says.cause,
        reason: says.reason.to_owned(),
        asked_by: says.asked_by.to_owned(),
        agreed_by: says.agreed_by.map(str::to_owned),
    };
    let home = change.register.home().clone();
    let erasure = Erasure::sign(erased, &home, &change.keys.seal, change.now)?;
    note_for_itself(change, &erasure.record()?)?;
    // Whoever took it is asked to stop releasing it (rule 8).
    let places = change.txn.places(held.recno)?;
    withdrawal::ask(change, held, &places, None)?;
    change.touched.insert(held.class);
    awaiting::changed(change, held.recno)?;
    Ok(change.txn.erase(held.recno, change.now)?)
}

/// Takes the beginnings of the same bytes out of the quarantine; with `all`, of everything that names the object, or is named so behind
/// its beginning.
fn clear_quarantine(
    change: &mut Change<'_, '_>,
    object: &ObjectId,
    hashes: &[Vec<u8>],
    all: bool,
) -> Result<usize> {
    let name = object.as_str().as_bytes();
    let (mut after, mut dropped) = (-1, 0);
    loop {
        let items = change.txn.quarantine(after, TOGETHER)?;
        let Some(last) = items.last() else {
            return Ok(dropped);
        };
        after = last.id;
        for item in &items {
            let named = || {
                let mut names = item.names.split(' ');
                let behind = names.any(|name| name == object.as_str());
                behind || item.head.windows(name.len()).any(|part| part == name)
            };
            if hashes.contains(&item.hash) || (all && named()) {
                change.txn.drop_quarantine(item.id, change.now)?;
                dropped += 1;
            }
        }
    }
}
