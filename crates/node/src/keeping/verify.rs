//! Proof of a node from its folder alone: every byte of every record against the log, the log against its signed head, and whatever speaks
//! about records against them. Invariant: nothing is written, in the folder or to the database, so it may run beside the node.
//!
//! What it proves is what the head signs: a whole older copy proves itself. [`Ask::against`] holds the log against a checkpoint that
//! somebody kept, which shows that.

mod evidence;
mod examine;
mod explain;
mod feed;
mod file;
mod head;
mod keys_of_before;
mod marks;
mod others;
mod places;
mod registers;
mod report;
mod rights;
mod taken;
mod witnesses;

use std::path::Path;

use anyhow::{Context, Result, bail};
use policy::Label;
use stix::ObjectId;
use store::{Error, Look, Misfit, Store};
use tlog::{Key, Origin, audit};

use crate::folder::Folder;
use crate::keeping::known;
use crate::keys::{self, PublicKeys};
use crate::log::Tiles;
use crate::node::{HOME, ORIGIN, RECOVERY};
use crate::register::Participant;
use crate::seal::label_text;
use crate::users::trail_holds;

use evidence::explain_all;
use examine::Known;
use feed::{Feed, Gathered};
use head::{Head, LogKeys};
use marks::Marks;
pub use report::{Area, Finding, Progress, Report, Seals, Unmarked};

/// What is asked for besides.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The public key of the log from elsewhere; without it the one in the folder is believed.
    pub key: Option<Key>,
    /// A checkpoint of this log that somebody kept.
    pub against: Option<String>,
    /// How many threads examine records; 0 for as many as there are processors, up to four.
    pub threads: usize,
}

/// Types of our own records that stand in no collection.
const UNPLACED: [&str; 9] = [
    "roster",
    "handling",
    "seal",
    "erasure",
    "restoration",
    "key-rotation",
    "key-revocation",
    "withdrawal",
    "trail-mark",
];

/// Verifies the node in this folder. What is wrong is in the report.
///
/// # Errors
/// When there is no node, its keys are unsafe, or another version of the program wrote it: then nothing was verified.
pub fn verify(root: &Path, ask: &Ask, progress: &mut dyn FnMut(Progress)) -> Result<Report> {
    let folder = Folder::open(root)?;
    let keys = keys::load(&folder.keys())?.public();
    let mut gathered = Gathered::default();
    let run = Run { ask, keys };
    if let Err(error) = run.verify(&folder, &mut gathered, progress) {
        let what = match error.downcast_ref() {
            Some(Error::Newer { found, known }) if found > known => return Err(error),
            Some(Error::Newer { .. }) => "the database is empty, or an earlier program wrote it: open the node once, then verify".into(),
            _ => format!("the database cannot be read to its end: {error:#}"),
        };
        gathered.report.find(Finding::new(Area::Database, what));
    }
    Ok(gathered.report)
}

struct Run<'a> {
    ask: &'a Ask,
    keys: PublicKeys,
}

impl Run<'_> {
    fn verify(
        &self,
        folder: &Folder,
        gathered: &mut Gathered,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<()> {
        if !folder.database().is_file() {
            bail!("node.db is not there; restore a backup");
        }
        if file::is_cut(&folder.database())? {
            let what = "the file ends within a page: its end was cut off";
            gathered.report.find(Finding::new(Area::Database, what));
        }
        let store = Store::inspect(folder.database())?;
        progress(Progress {
            stage: "database",
            done: 0,
            total: 0,
        });
        match store.integrity() {
            Ok(found) => {
                for line in found {
                    gathered.report.find(Finding::new(Area::Database, line));
                }
            }
            Err(error) => gathered
                .report
                .find(Finding::new(Area::Database, error.to_string())),
        }
        let reader = store.read()?;
        let look: &Look = &reader;
        let (home, origin) = self.names(look, gathered)?;
        let now = self.log_key(&origin);
        let head = Head::read(look, &now, &mut gathered.report)?;
        let texts = look.class_texts()?;
        let known = Known {
            classes: Known::classes(&texts),
            keys: known::seal_keys(look)?,
        };
        let bound = crate::keys::KeyId::seal(&self.keys.seal);
        if known.key(&bound, &home).is_none() {
            let what =
                "the seal key in keys/ is not the one that this node's participant is bound to";
            gathered.report.find(Finding::new(Area::Keys, what));
        }
        let mut relabelled = Marks::default();
        look.each_meta(&others::taken_with_prefix(), |name, _| {
            let number = name.rsplit('/').next();
            if let Some(recno) = number.and_then(|number| number.parse().ok()) {
                relabelled.put(recno);
            }
            Ok(())
        })?;
        let audited = self.records(look, &head, (&known, &relabelled), gathered, progress)?;
        explain_all(look, &known, &texts, &audited, gathered)?;
        progress(Progress {
            stage: "labels and seals",
            done: 0,
            total: 0,
        });
        let others = others::Others {
            look,
            known: &known,
            home: &home,
            relabelled: &relabelled,
        };
        let former = others.keys_of_before(&now, &self.keys, gathered)?;
        let log_keys = LogKeys::new(now, &former);
        others.circles(gathered)?;
        others.check(gathered)?;
        registers::waiting(look, &mut gathered.report)?;
        progress(Progress {
            stage: "positions",
            done: 0,
            total: 0,
        });
        misfits(look, &mut gathered.report)?;
        apart(look, gathered)?;
        places::check(look, &mut gathered.report)?;
        if let Err(broken) = trail_holds(look)? {
            let number = broken.number;
            let what = format!(
                "the audit trail breaks at its line {number}: it was changed past the node"
            );
            gathered.report.find(Finding::new(Area::Trail, what));
        } else {
            rights::check(look, &mut gathered.report)?;
        }
        let marks = others.trail(gathered)?;
        taken::check(look, &marks, &mut gathered.report)?;
        head::checkpoints(look, &log_keys, &mut gathered.report)?;
        witnesses::check(look, &log_keys, &marks, &mut gathered.report)?;
        if let Some(against) = &self.ask.against {
            head::against(look, against, &head, &log_keys, &mut gathered.report)?;
        }
        progress(Progress {
            stage: "records",
            done: gathered.report.leaves,
            total: gathered.report.size,
        });
        Ok(())
    }

    /// Whose node and which log this is.
    fn names(&self, look: &Look, gathered: &mut Gathered) -> Result<(ObjectId, Origin)> {
        let origin = look.meta(ORIGIN)?.context("the database names no log")?;
        let origin = Origin::new(std::str::from_utf8(&origin)?)?;
        let home = look
            .meta(HOME)?
            .context("the database names no participant")?;
        let home: Participant =
            serde_json::from_slice(&home).context("the node's own participant is damaged")?;
        if !origin
            .as_str()
            .starts_with(&format!("entente/{}", home.id.uuid()))
        {
            let what = "the log is not named after the node's participant";
            gathered.report.find(Finding::new(Area::Keys, what));
        }
        let recovery = look.meta(RECOVERY)?.unwrap_or_default();
        let recovery = std::str::from_utf8(&recovery).ok();
        if recovery.is_none_or(|text| text.parse::<age::x25519::Recipient>().is_err()) {
            let what = "the recipient of backups is damaged: a backup could not be made";
            gathered.report.find(Finding::new(Area::Keys, what));
        }
        Ok((home.id, origin))
    }

    fn log_key(&self, origin: &Origin) -> Key {
        let own = || Key::log(origin.clone(), self.keys.log);
        self.ask.key.clone().unwrap_or_else(own)
    }

    fn records(
        &self,
        look: &Look,
        head: &Head,
        (known, relabelled): (&Known, &Marks),
        gathered: &mut Gathered,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<tlog::Audit> {
        let threads = match self.ask.threads {
            0 => std::thread::available_parallelism().map_or(1, |n| n.get().min(4)),
            threads => threads,
        };
        gathered.report.size = head.size;
        gathered.report.root = head.root.to_string();
        gathered.report.signed = head.signed;
        let audited = std::thread::scope(|scope| {
            let feed = Feed::start(
                scope,
                known,
                threads,
                look,
                relabelled,
                (gathered, progress),
            );
            audit(head.size, &head.root, Tiles(look), feed)
        });
        let audited = audited.map_err(|error| match error {
            tlog::ReadError::Storage(error) => error,
            other => anyhow::anyhow!("{other}"),
        })?;
        gathered.report.leaves = audited.leaves;
        Ok(audited)
    }
}

/// A record stands under another label than its own where the log says so: it came by several paths, and each lets in its own.
fn apart(look: &Look, gathered: &mut Gathered) -> Result<()> {
    let mut apart = Vec::new();
    look.each_apart(|place| apart.push(place))?;
    for place in apart {
        let (recno, class) = (place.recno, look.class(place.class).ok().flatten());
        let said = class.is_some_and(|class| {
            // Until places had times of their own, the end of an embargo gave them those of their records.
            let former =
                !place.own_times && gathered.further_classes.contains(&(recno, class.key()));
            let label = Label {
                class,
                embargo: place.embargo,
                expiry: place.expiry,
            };
            former || gathered.further.contains(&(recno, label_text(&label)))
        });
        if !said {
            let what = "it stands somewhere under another label than it has, and no handling record says so";
            gathered
                .report
                .find(Finding::at(Area::Position, recno, what));
        }
    }
    Ok(())
}

/// Whoever polls finds what stands there, and nothing else.
fn misfits(look: &Look, report: &mut Report) -> Result<()> {
    for misfit in Misfit::ALL {
        let (area, what) = match misfit {
            Misfit::Unplaced => (
                Area::Position,
                "it stands in no collection and never stood in one",
            ),
            Misfit::PlacedOtherwise => (
                Area::Position,
                "it stands somewhere with another type than it has",
            ),
            Misfit::PlacedNowhere => (
                Area::Position,
                "it stands in a collection or under a label that is not there",
            ),
            Misfit::RankedWrong => (
                Area::Position,
                "it stands as the newest version and is not, or is and does not",
            ),
            Misfit::OfOtherObject => (Area::Id, "it is filed as a version of another object"),
        };
        look.misfits(misfit, |recno, kind| {
            let own = kind.is_some_and(|kind| UNPLACED.contains(&&*kind));
            if misfit != Misfit::Unplaced || !own {
                report.find(Finding::at(area, recno, what));
            }
        })?;
    }
    Ok(())
}
