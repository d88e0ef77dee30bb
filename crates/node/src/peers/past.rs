//! What a peer's log was shown to be: some of its beginnings, by which it is seen whether it still has them when it goes on under another name.
//!
//! Invariant: a restoration excuses what the log had beyond the records that it kept, and nothing before them. Each beginning that is kept
//! here is one of the next, or the next head has to prove it.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use stix::ObjectId;
use store::{Look, WriteTxn};
use tlog::{Checkpoint, Hash, Note};

use super::wire::Head;
use super::{Course, Known};
use crate::keeping::restoration::Restored;

/// Under which names the store keeps it.
const PAST: &str = "peer.log.past/";
/// How many beginnings are kept; between them lie more records, the longer ago they were.
const MOST: usize = 24;
/// So many restorations are followed before a head proves that the log has what they say.
const MOST_UNPROVEN: usize = 4;

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Past {
    /// The name that the log has now.
    log: String,
    /// The smallest first.
    marks: Vec<Mark>,
    /// What the last restoration took back of what was shown here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lost: Option<Lost>,
}

/// A beginning of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub size: u64,
    root: String,
    /// What says so, as it was signed: a head, or a restoration.
    said: String,
    /// Whether it was proven, by a head that has both, to go on from the one before it.
    proven: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Lost {
    /// How many records it had, as it had shown.
    had: u64,
    /// How many of them it kept, as it says.
    kept: u64,
    /// The head that showed them.
    head: String,
}

impl Mark {
    /// Whether a head has this beginning, by the proof that came with it.
    pub(super) fn begins(&self, head: &Checkpoint, proof: &[Hash]) -> bool {
        self.root.parse().is_ok_and(|root: Hash| {
            tlog::consistency::verify(self.size, &root, head.size(), &head.root(), proof).is_ok()
        })
    }
}

impl Past {
    /// What is known of the past of a peer's log, under the name that it has now. Under another name, people have vouched for it anew since.
    pub(crate) fn of(look: &Look, row: &store::Peer, known: &Known) -> Result<Self> {
        let log = known.log.name();
        if let Some(json) = look.meta(&name(&row.participant))? {
            let past: Self =
                serde_json::from_slice(&json).context("the past of a peer's log is damaged")?;
            if past.log == log.as_str() {
                return Ok(past);
            }
        }
        let mut past = Self {
            log: log.as_str().to_owned(),
            ..Self::default()
        };
        // An earlier program kept the newest head alone.
        if let Some(text) = Course::read(row.cursor.as_deref())?.head
            && let Some(head) = read(&text).filter(|head| head.origin() == log)
        {
            past.show(&head, text);
        }
        Ok(past)
    }

    pub(crate) fn write(&self, txn: &mut WriteTxn<'_>, peer: &ObjectId) -> Result<()> {
        Ok(txn.set_meta(&name(peer.as_str()), &serde_json::to_vec(self)?)?)
    }

    /// What the next head has to begin with, by its own proofs; nothing where the last one did.
    pub(super) fn unproven(&self) -> &[Mark] {
        let proven = self.marks.iter().rposition(|mark| mark.proven);
        match proven {
            Some(last) if last.saturating_add(1) == self.marks.len() => &[],
            Some(last) => self.marks.get(last..).unwrap_or_default(),
            None => &self.marks,
        }
    }

    /// A head was shown that begins with all of it.
    pub(super) fn show(&mut self, head: &Checkpoint, said: String) {
        for mark in &mut self.marks {
            mark.proven = true;
        }
        self.marks.retain(|mark| mark.size < head.size());
        self.marks.push(Mark {
            size: head.size(),
            root: head.root().to_string(),
            said,
            proven: true,
        });
        while self.marks.len() > MOST {
            let least = self.least();
            self.marks.remove(least);
        }
    }

    /// The log goes on under another name from what it kept. `said` is the record that says so. Returns what contradicts it here, or
    /// nothing.
    pub(crate) fn restore(&mut self, says: &Restored, said: &str) -> Result<Option<String>> {
        anyhow::ensure!(
            self.unproven().len() <= MOST_UNPROVEN,
            "it was restored time and again, and has shown no head since"
        );
        if let Some(last) = self.marks.last().filter(|last| last.size > says.size) {
            self.lost = Some(Lost {
                had: last.size,
                kept: says.size,
                head: last.said.clone(),
            });
        }
        self.marks.retain(|mark| mark.size <= says.size);
        self.log = says.new.as_str().to_owned();
        let mark = Mark {
            size: says.size,
            root: says.root.to_string(),
            said: said.to_owned(),
            proven: false,
        };
        let same = self.marks.last().filter(|last| last.size == mark.size);
        if let Some(last) = same.filter(|last| last.root != mark.root) {
            return Ok(Some(contradiction(&[last.clone(), mark], None)));
        }
        self.marks.push(mark);
        Ok(None)
    }

    /// How many records that it had shown are not in it any more, as it says.
    pub(super) fn lost(&self) -> Option<u64> {
        let lost = self.lost.as_ref()?;
        lost.had.checked_sub(lost.kept)
    }

    /// The mark that says least: between its neighbors lie few records, for how long ago they were. Neither the first nor the last.
    fn least(&self) -> usize {
        let last = self.marks.last().map_or(0, |mark| mark.size);
        let gap = |three: &[Mark]| match three {
            [before, mark, after] => {
                let ago = u128::from(last.saturating_sub(mark.size)).saturating_add(1);
                u128::from(after.size.saturating_sub(before.size)).saturating_mul(1 << 32) / ago
            }
            _ => u128::MAX,
        };
        let gaps = self.marks.windows(3).map(gap).enumerate();
        gaps.min_by_key(|(_, gap)| *gap)
            .map_or(1, |(at, _)| at.saturating_add(1))
    }
}

/// People vouch for a log of which signed statements contradict each other: it begins anew here.
pub(super) fn forget(txn: &mut WriteTxn<'_>, peer: &str) -> Result<()> {
    Ok(txn.remove_meta(&name(peer))?)
}

/// The head that a text holds; who signed it was seen when it was kept.
pub(super) fn read(text: &str) -> Option<Checkpoint> {
    let note = Note::parse(text.as_bytes()).ok()?;
    Checkpoint::parse(note.text()).ok()
}

/// What was signed and cannot all be true, as a text for people and for whoever they show it to: each statement as it stands, then the head
/// that was shown and the proof that came with it.
pub(super) fn contradiction(said: &[Mark], shown: Option<&Head>) -> String {
    let mut text = "restored-log/v1\n".to_owned();
    let mut quote = |title: &str, body: &str| {
        text.push_str(title);
        for line in body.lines() {
            text.push_str("\n| ");
            text.push_str(line);
        }
        text.push('\n');
    };
    for mark in said {
        let title = format!("said of {} records, with the root {}", mark.size, mark.root);
        quote(&title, &mark.said);
    }
    if let Some(head) = shown {
        quote("shown since", &head.note);
        let hashes: Vec<String> = head.proof.iter().map(Hash::to_string).collect();
        quote(&format!("path {}", hashes.len()), &hashes.join("\n"));
    }
    text
}

fn name(peer: &str) -> String {
    format!("{PAST}{peer}")
}

#[cfg(test)]
mod tests {
    use tlog::Origin;

    use super::*;

    fn head(size: u64) -> Checkpoint {
        let root = Hash::leaf(&size.to_be_bytes());
        Checkpoint::new(Origin::new("entente/x").unwrap(), size, root)
    }

    fn restored(size: u64) -> Restored {
        Restored {
            old: Origin::new("entente/x").unwrap(),
            new: Origin::new("entente/x/2").unwrap(),
            size,
            root: head(size).root(),
        }
    }

    #[test]
    fn beginnings_are_kept_that_lie_further_apart_the_longer_ago_they_were() {
        let mut past = Past::default();
        for size in 1..=10_000 {
            past.show(&head(size), String::new());
        }
        let sizes: Vec<u64> = past.marks.iter().map(|mark| mark.size).collect();
        assert_eq!(sizes.len(), MOST);
        assert_eq!((sizes.first(), sizes.last()), (Some(&1), Some(&10_000)));
        for ago in [2, 20, 200, 2_000] {
            let near = sizes
                .iter()
                .any(|size| (ago / 2..ago * 3).contains(&(10_000 - size)));
            assert!(near, "none about {ago} ago: {sizes:?}");
        }
    }

    #[test]
    fn a_restoration_excuses_what_came_after_it_alone() {
        let mut past = Past::default();
        for size in [10, 20, 30] {
            past.show(&head(size), format!("head {size}"));
        }
        assert_eq!(past.unproven(), []);
        assert_eq!(past.restore(&restored(25), "restored").unwrap(), None);
        let asked: Vec<u64> = past.unproven().iter().map(|mark| mark.size).collect();
        assert_eq!((asked, past.lost()), (vec![20, 25], Some(5)));
        past.show(&head(40), String::new());
        assert_eq!(past.unproven(), []);
        // Of as many records as were shown once, with another root.
        let mut other = restored(40);
        other.root = Hash::leaf(b"another");
        let found = past.restore(&other, "restored").unwrap().unwrap();
        assert!(found.contains("| restored"), "{found}");
        // Nobody is led on for ever.
        let mut past = Past::default();
        for size in 0..5 {
            past.restore(&restored(size), "").unwrap();
        }
        assert!(past.restore(&restored(9), "").is_err());
    }
}
