//! Proof that a log lied, as a text that anybody can check with nothing but the log's public key.
//!
//! An honest log cannot be accused: each kind of evidence binds two statements that its key signed and that cannot both
//! be true of one log that only grows. What cannot be proven is silence: a log that gives no proof has only not answered.

use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError, OpenedCheckpoint};
use crate::note::Key;
use crate::{Hash, ProofError, consistency, inclusion};

/// The first line of the text.
const HEADER: &str = "log-fork/v1";

/// What, beside the two checkpoints, shows that they contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Nothing: they have one size and two roots.
    Heads,
    /// Nothing: by the log's own times, the smaller one was signed after the larger one.
    Times,
    /// A consistency proof that leads to the larger root, and not to the smaller one. Peers get it as the answer to an
    /// ordinary request. Proves nothing if the smaller size is a power of two: ask for [`Evidence::LastLeaf`] then.
    Consistency(Vec<Hash>),
    /// The inclusion in the larger tree of the leaf that is the last one of the smaller tree: its path shows what the
    /// smaller tree would be.
    LastLeaf {
        /// The leaf.
        leaf: Hash,
        /// Its path to the larger root.
        path: Vec<Hash>,
    },
    /// Two leaves at one place: a record was replaced or removed. For whoever kept the inclusion proof of a record.
    Leaves {
        /// The place.
        index: u64,
        /// Leaf and path in the first checkpoint.
        first: (Hash, Vec<Hash>),
        /// Leaf and path in the second one.
        second: (Hash, Vec<Hash>),
    },
}

/// What the log did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lie {
    /// It signed two trees of one size: it showed different logs to different peers.
    TwoHeads {
        /// The size.
        size: u64,
    },
    /// Its larger tree does not begin with its smaller one.
    Rewritten {
        /// The size of the smaller one: up to it the past was changed.
        size: u64,
    },
    /// It signed a smaller tree after a larger one: it lost or took back its end, e.g. by restoring a backup.
    Rewound {
        /// The size it had signed.
        from: u64,
        /// The size it signed later.
        to: u64,
        /// When, in seconds since 1970, it signed the smaller one.
        at: u64,
    },
    /// It has shown two leaves at one place.
    Replaced {
        /// The place.
        index: u64,
    },
}

/// A verified proof. It exists only if the log lied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    log: Key,
    first: OpenedCheckpoint,
    second: OpenedCheckpoint,
    evidence: Evidence,
    lie: Lie,
}

/// Why a claimed proof proves nothing against the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotProven {
    /// The text is not such a proof.
    #[error("not a proof of a fork: line {0} is not as expected")]
    Malformed(usize),
    /// The proof is about another log or key.
    #[error("a proof about the key {0}, not the one asked about")]
    OtherLog(String),
    /// A checkpoint is not the log's.
    #[error("a checkpoint does not open: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The path does not belong to the checkpoint that it is said to belong to.
    #[error("the evidence does not fit its checkpoint: {0}")]
    Evidence(#[from] ProofError),
    /// Both statements can be true of one log that only grew.
    #[error("the two checkpoints do not contradict each other")]
    NoContradiction,
}

impl Fork {
    /// Looks at two published checkpoints of one log, in any order, without further evidence.
    ///
    /// # Errors
    /// [`NotProven::NoContradiction`] when a consistency proof has to decide.
    pub fn between(log: &Key, one: &str, other: &str) -> Result<Self, NotProven> {
        Self::prove(log, one, other, Evidence::Heads)
            .or_else(|_| Self::prove(log, one, other, Evidence::Times))
    }

    /// Verifies that the log, by its key, signed two checkpoints that contradict each other.
    ///
    /// # Errors
    /// Says why nothing is proven.
    pub fn prove(log: &Key, one: &str, other: &str, evidence: Evidence) -> Result<Self, NotProven> {
        let (first, second) = (Checkpoint::open(one, log)?, Checkpoint::open(other, log)?);
        let lie = lie(&first, &second, &evidence)?;
        Ok(Self {
            log: log.clone(),
            first,
            second,
            evidence,
            lie,
        })
    }

    /// Reads and verifies the text of a proof against the public key of the log, which the reader has from elsewhere.
    ///
    /// # Errors
    /// Says why nothing is proven.
    pub fn read(text: &str, log: &Key) -> Result<Self, NotProven> {
        let mut lines = Lines::new(text);
        lines.expect(HEADER)?;
        let key = lines.after("log ")?;
        if key != log.to_string() {
            return Err(NotProven::OtherLog(key.to_owned()));
        }
        let kind = lines.after("evidence ")?;
        lines.expect("first checkpoint")?;
        let one = lines.quoted();
        lines.expect("second checkpoint")?;
        let other = lines.quoted();
        let evidence = match kind {
            "heads" => Evidence::Heads,
            "times" => Evidence::Times,
            "consistency" => Evidence::Consistency(lines.path()?),
            "last-leaf" => Evidence::LastLeaf {
                leaf: lines.leaf()?,
                path: lines.path()?,
            },
            "leaves" => Evidence::Leaves {
                index: lines.number("index ")?,
                first: (lines.leaf()?, lines.path()?),
                second: (lines.leaf()?, lines.path()?),
            },
            _ => return Err(NotProven::Malformed(3)),
        };
        lines.end()?;
        Self::prove(log, &one, &other, evidence)
    }

    /// What the log did.
    pub fn lie(&self) -> &Lie {
        &self.lie
    }

    /// Whose log.
    pub fn log(&self) -> &Key {
        &self.log
    }

    /// The two checkpoints, in the order given.
    pub fn checkpoints(&self) -> (&OpenedCheckpoint, &OpenedCheckpoint) {
        (&self.first, &self.second)
    }
}

/// Decides; the only place that does.
fn lie(
    first: &OpenedCheckpoint,
    second: &OpenedCheckpoint,
    evidence: &Evidence,
) -> Result<Lie, NotProven> {
    let (small, large) = if first.size() <= second.size() {
        (first, second)
    } else {
        (second, first)
    };
    let size = small.size();
    match evidence {
        Evidence::Heads if size == large.size() && small.root() != large.root() => {
            Ok(Lie::TwoHeads { size })
        }
        Evidence::Times if size < large.size() => match (large.time(), small.time()) {
            (Some(before), Some(at)) if before < at => Ok(Lie::Rewound {
                from: large.size(),
                to: size,
                at,
            }),
            _ => Err(NotProven::NoContradiction),
        },
        Evidence::Consistency(path) => {
            // Without these two the path says nothing of the smaller root: it begins with it, or is empty.
            if size.is_power_of_two() || size == large.size() {
                return Err(NotProven::NoContradiction);
            }
            let roots = (small.root(), large.root());
            match consistency::verify(size, &roots.0, large.size(), &roots.1, path) {
                Err(ProofError::OldRootDiffers) => Ok(Lie::Rewritten { size }),
                Err(other) => Err(other.into()),
                Ok(()) => Err(NotProven::NoContradiction),
            }
        }
        Evidence::LastLeaf { leaf, path } => {
            let index = size.checked_sub(1).ok_or(NotProven::NoContradiction)?;
            let (whole, prefix) = inclusion::roots(leaf, index, large.size(), path)?;
            if whole != large.root() {
                Err(ProofError::RootDiffers.into())
            } else if prefix != small.root() {
                Ok(Lie::Rewritten { size })
            } else {
                Err(NotProven::NoContradiction)
            }
        }
        Evidence::Leaves {
            index,
            first: (one, one_path),
            second: (other, other_path),
        } => {
            inclusion::verify(one, *index, first.size(), one_path, &first.root())?;
            inclusion::verify(other, *index, second.size(), other_path, &second.root())?;
            if one == other {
                return Err(NotProven::NoContradiction);
            }
            Ok(Lie::Replaced { index: *index })
        }
        Evidence::Heads | Evidence::Times => Err(NotProven::NoContradiction),
    }
}

impl fmt::Display for Lie {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoHeads { size } => write!(out, "signed two different trees of {size} records"),
            Self::Rewritten { size } => write!(out, "changed its first {size} records"),
            Self::Rewound { from, to, at } => {
                write!(
                    out,
                    "signed {to} records at {at}, after it had signed {from}"
                )
            }
            Self::Replaced { index } => write!(out, "has shown two records at place {index}"),
        }
    }
}

impl fmt::Display for Fork {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.evidence {
            Evidence::Heads => "heads",
            Evidence::Times => "times",
            Evidence::Consistency(_) => "consistency",
            Evidence::LastLeaf { .. } => "last-leaf",
            Evidence::Leaves { .. } => "leaves",
        };
        writeln!(out, "{HEADER}\nlog {}\nevidence {kind}", self.log)?;
        for (title, checkpoint) in [("first", &self.first), ("second", &self.second)] {
            writeln!(out, "{title} checkpoint")?;
            for line in checkpoint.note().to_string().lines() {
                // The bar keeps the empty line when the text goes through mail.
                writeln!(out, "| {line}")?;
            }
        }
        let proof = |out: &mut fmt::Formatter<'_>, leaf: &Hash, path: &[Hash]| {
            writeln!(out, "leaf {leaf}")?;
            write_path(out, path)
        };
        match &self.evidence {
            Evidence::Heads | Evidence::Times => Ok(()),
            Evidence::Consistency(path) => write_path(out, path),
            Evidence::LastLeaf { leaf, path } => proof(out, leaf, path),
            Evidence::Leaves {
                index,
                first,
                second,
            } => {
                writeln!(out, "index {index}")?;
                proof(out, &first.0, &first.1)?;
                proof(out, &second.0, &second.1)
            }
        }
    }
}

fn write_path(out: &mut fmt::Formatter<'_>, path: &[Hash]) -> fmt::Result {
    writeln!(out, "path {}", path.len())?;
    path.iter().try_for_each(|hash| writeln!(out, "{hash}"))
}

/// The lines of the text, with their numbers for the error.
struct Lines<'t> {
    rest: std::iter::Peekable<std::str::Lines<'t>>,
    number: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text.lines().peekable(),
            number: 0,
        }
    }

    fn next(&mut self) -> Result<&'t str, NotProven> {
        self.number += 1;
        self.rest
            .next()
            .map(str::trim_end)
            .ok_or(NotProven::Malformed(self.number))
    }

    fn after(&mut self, word: &str) -> Result<&'t str, NotProven> {
        let line = self.next()?;
        line.strip_prefix(word)
            .ok_or(NotProven::Malformed(self.number))
    }

    fn expect(&mut self, line: &str) -> Result<(), NotProven> {
        match self.after(line)? {
            "" => Ok(()),
            _ => Err(NotProven::Malformed(self.number)),
        }
    }

    fn number<N: std::str::FromStr>(&mut self, word: &str) -> Result<N, NotProven> {
        let number = self.after(word)?.parse();
        number.map_err(|_| NotProven::Malformed(self.number))
    }

    fn leaf(&mut self) -> Result<Hash, NotProven> {
        self.number("leaf ")
    }

    fn path(&mut self) -> Result<Vec<Hash>, NotProven> {
        let count: u8 = self.number("path ")?;
        (0..count).map(|_| self.number("")).collect()
    }

    fn quoted(&mut self) -> String {
        let mut text = String::new();
        while let Some(line) = self.rest.next_if(|line| line.starts_with('|')) {
            self.number += 1;
            // Only the empty line may have lost its space: spaces at the end of others are signed.
            let line = line.strip_prefix('|').unwrap_or_default();
            text.push_str(line.strip_prefix(' ').unwrap_or(line));
            text.push('\n');
        }
        text
    }

    fn end(&mut self) -> Result<(), NotProven> {
        match self.rest.all(|line| line.trim().is_empty()) {
            true => Ok(()),
            false => Err(NotProven::Malformed(self.number + 1)),
        }
    }
}
