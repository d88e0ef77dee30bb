//! The signed head of the log, the checkpoints that are kept, and a checkpoint from elsewhere.

use anyhow::Result;
use ed25519_dalek::VerifyingKey;
use store::Look;
use tlog::{
    Checkpoint, Evidence, Fork, Hash, Key, Note, OpenedCheckpoint, Origin, Tree, inclusion,
};

use super::report::{Area, Finding, Report};
use crate::log::{Tiles, stored_leaf};
use crate::node::HEAD;

/// The keys that checkpoints of this log may be signed with: the present one, and those of before, each for its time.
pub(super) struct LogKeys {
    now: Key,
    /// With the size up to which it signed.
    former: Vec<(Key, u64)>,
}

impl LogKeys {
    /// Also under the names that the log had before restorations.
    pub(super) fn new(now: Key, former: &[(VerifyingKey, u64)]) -> Self {
        let present = (*now.verifying_key(), u64::MAX);
        let names = std::iter::successors(Some(now.name().clone()), before);
        let keys = |name: Origin| {
            let keys = std::iter::once(&present).chain(former);
            let keys = keys.map(move |(key, until)| (Key::log(name.clone(), *key), *until));
            keys.collect::<Vec<(Key, u64)>>()
        };
        Self {
            former: names.flat_map(keys).collect(),
            now,
        }
    }

    /// Whether a log of this name is or was this one.
    fn are_of(&self, origin: &str) -> bool {
        let former = self.former.iter().map(|(key, _)| key);
        let mut keys = std::iter::once(&self.now).chain(former);
        keys.any(|key| key.name().as_str() == origin)
    }

    /// The checkpoint, by the key of its time; and that key.
    pub(super) fn open(
        &self,
        text: &str,
    ) -> Result<(OpenedCheckpoint, &Key), tlog::CheckpointError> {
        let first = Checkpoint::open(text, &self.now).map(|opened| (opened, &self.now));
        let Err(error) = first else { return first };
        let former = self.former.iter();
        let mut opened = former.filter_map(|(key, until)| {
            let opened = Checkpoint::open(text, key).ok()?;
            (opened.size() <= *until).then_some((opened, key))
        });
        opened.next().ok_or(error)
    }
}

/// The name that a log had before its last restoration: `name/2` was `name`.
fn before(origin: &Origin) -> Option<Origin> {
    let (base, number) = origin.as_str().rsplit_once('/')?;
    let number: u64 = number.parse().ok().filter(|number| *number > 1)?;
    let name = match number {
        2 => base.to_owned(),
        _ => format!("{base}/{}", number - 1),
    };
    Origin::new(&name).ok()
}

/// What the log is measured by.
pub(super) struct Head {
    pub size: u64,
    pub root: Hash,
    pub signed: Option<u64>,
    pub text: Option<String>,
}

impl Head {
    /// Reads it; one that is damaged, or not by the present key, is found, and the log is then measured by what can still be read.
    pub(super) fn read(look: &Look, now: &Key, report: &mut Report) -> Result<Self> {
        let records = u64::try_from(look.records()?).unwrap_or(0);
        let tiles = |size| {
            let tree = Tree::load(size, Tiles(look));
            tree.map_or_else(|_| Hash::empty(), |tree| tree.root())
        };
        let Some(text) = look.meta(HEAD)? else {
            if records > 0 || look.tile(0, 0)?.is_some() {
                report.find(Finding::new(Area::Head, "the log has no signed head"));
            }
            let root = tiles(records);
            return Ok(Self {
                size: records,
                root,
                signed: None,
                text: None,
            });
        };
        let text = String::from_utf8_lossy(&text).into_owned();
        match Checkpoint::open(&text, now) {
            Ok(opened) => {
                if !is_as_made(&opened, &text) {
                    let what =
                        "the signed time of the log's head was changed, or it was written anew";
                    report.find(Finding::new(Area::Head, what));
                }
                Ok(Self {
                    size: opened.size(),
                    root: opened.root(),
                    signed: opened.time(),
                    text: Some(text),
                })
            }
            Err(error) => {
                let what = format!("the log's head does not verify: {error}");
                report.find(Finding::new(Area::Head, what));
                let note = Note::parse(text.as_bytes()).ok();
                let parsed = note.and_then(|note| Checkpoint::parse(note.text()).ok());
                let parsed =
                    parsed.filter(|head| head.origin() == now.name() && head.size() == records);
                let size = parsed.as_ref().map_or(records, Checkpoint::size);
                let root = parsed.map_or_else(|| tiles(records), |head| head.root());
                Ok(Self {
                    size,
                    root,
                    signed: None,
                    text: None,
                })
            }
        }
    }
}

/// Whether a checkpoint is written as the log writes its own: with two lines by itself, for the tree and for the time, and nothing else.
fn is_as_made(opened: &OpenedCheckpoint, text: &str) -> bool {
    opened.time().is_some()
        && opened.note().signatures().len() == 2
        && opened.note().to_string() == text
}

/// The root that the log had at a size.
pub(super) fn root_at(look: &Look, size: u64) -> Option<Hash> {
    Tree::load(size, Tiles(look)).ok().map(|tree| tree.root())
}

/// Checkpoints that are kept: ours lead to this log, those of others are whole.
pub(super) fn checkpoints(look: &Look, keys: &LogKeys, report: &mut Report) -> Result<()> {
    let size = report.size;
    let mut found = Vec::new();
    look.each_checkpoint(|kept| {
        let text = String::from_utf8_lossy(&kept.note).into_owned();
        let trouble = if keys.are_of(&kept.origin) {
            match keys.open(&text) {
                Err(error) => Some(error.to_string()),
                Ok((opened, _)) if opened.size() != kept.size => {
                    Some("it is kept under another size".to_owned())
                }
                Ok((opened, _)) if !is_as_made(&opened, &text) => {
                    Some("the signed time of it was changed, or it was written anew".to_owned())
                }
                Ok((opened, _)) if opened.size() > size => {
                    Some("the log is smaller than it was".to_owned())
                }
                Ok((opened, _)) if root_at(look, opened.size()) != Some(opened.root()) => {
                    Some("the log's past was rewritten since".to_owned())
                }
                Ok(_) => None,
            }
        } else {
            let note = Note::parse(text.as_bytes());
            let parsed = note
                .ok()
                .and_then(|note| Checkpoint::parse(note.text()).ok());
            let whole = parsed.is_some_and(|head| {
                head.origin().as_str() == kept.origin && head.size() == kept.size
            });
            (!whole).then(|| "it is not what it is kept as".to_owned())
        };
        if let Some(trouble) = trouble {
            found.push(format!(
                "the checkpoint of {} at {}: {trouble}",
                kept.origin, kept.size
            ));
        }
        Ok(())
    })?;
    for what in found {
        report.find(Finding::new(Area::Checkpoint, what));
    }
    Ok(())
}

/// Holds the log against a checkpoint that somebody kept.
pub(super) fn against(
    look: &Look,
    earlier: &str,
    head: &Head,
    keys: &LogKeys,
    report: &mut Report,
) -> Result<()> {
    let find = |report: &mut Report, what: String| {
        report.find(Finding::new(Area::Checkpoint, what));
    };
    let (opened, key) = match keys.open(earlier) {
        Ok(opened) => opened,
        Err(error) => {
            find(
                report,
                format!("the checkpoint to hold against is not of this log: {error}"),
            );
            return Ok(());
        }
    };
    let Some(text) = &head.text else {
        find(
            report,
            "there is no head that could be held against the checkpoint".to_owned(),
        );
        return Ok(());
    };
    if opened.size() > head.size {
        find(
            report,
            format!(
                "the checkpoint has {} records and this log has {}: this is an older copy, or its end was cut off",
                opened.size(),
                head.size
            ),
        );
        report.proof = Fork::between(key, earlier, text)
            .ok()
            .map(|fork| fork.to_string());
        return Ok(());
    }
    if root_at(look, opened.size()) == Some(opened.root()) {
        return Ok(());
    }
    find(
        report,
        format!(
            "this log does not begin with the {} records of the checkpoint: its past was rewritten, or it is another branch",
            opened.size()
        ),
    );
    let evidence = match opened.size().checked_sub(1) {
        Some(last) if opened.size() < head.size => {
            let path = inclusion::prove(Tiles(look), last, head.size).ok();
            let leaf = stored_leaf(look, last)?;
            leaf.zip(path)
                .map(|(leaf, path)| Evidence::LastLeaf { leaf, path })
        }
        _ => Some(Evidence::Heads),
    };
    let proof = evidence.and_then(|evidence| Fork::prove(key, earlier, text, evidence).ok());
    report.proof = proof.map(|fork| fork.to_string());
    Ok(())
}
