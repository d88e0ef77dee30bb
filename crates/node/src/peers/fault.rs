//! What went wrong with a peer, told apart by what people can do about it. Invariant: the words of whoever found it are kept beside it.

use std::fmt;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// No connection: the network, the name, a proxy, or its node is down.
    Unreachable,
    /// Who answers does not prove itself by the key of the introduction.
    Untrusted,
    /// No answer in time.
    TooSlow,
    /// Something answers there that is no node.
    NoNode,
    /// Its people have not confirmed this node, or have suspended it.
    NotLetIn,
    /// It refuses what it is asked for.
    Refused,
    /// It asks for patience.
    Busy,
    /// It has a failure of its own.
    Failed,
    /// What it answers cannot be read.
    Unreadable,
    /// Anything else; or it was found by an older version of the program.
    Other,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Unreachable,
        Self::Untrusted,
        Self::TooSlow,
        Self::NoNode,
        Self::NotLetIn,
        Self::Refused,
        Self::Busy,
        Self::Failed,
        Self::Unreadable,
        Self::Other,
    ];

    /// Its name in the store and in keys of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::TooSlow => "too-slow",
            Self::NoNode => "no-node",
            Self::NotLetIn => "not-let-in",
            Self::Refused => "refused",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Unreadable => "unreadable",
            Self::Other => "other",
        }
    }

    /// What an error of an exchange comes to.
    pub fn of(error: &anyhow::Error) -> Self {
        let told = error.chain().find_map(|cause| cause.downcast_ref::<Told>());
        told.map_or(Self::Other, |told| told.fault)
    }

    /// As it is kept, before the words.
    pub(super) fn written(self, words: &str) -> String {
        format!("{KEPT}{} {words}", self.as_str())
    }

    /// What was kept: the words alone, where an older version of the program wrote them.
    pub(super) fn read(kept: &str) -> (Self, &str) {
        let parted = kept
            .strip_prefix(KEPT)
            .and_then(|rest| rest.split_once(' '));
        let known = parted.and_then(|(name, words)| {
            let fault = Self::ALL.into_iter().find(|fault| fault.as_str() == name)?;
            Some((fault, words))
        });
        known.unwrap_or((Self::Other, kept))
    }
}

/// What stands before the name of a fault.
const KEPT: &str = "fault:";

/// An error that says which fault it is; it reads as the words of whoever found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    fault: Fault,
    words: String,
}

impl Told {
    /// A fault in these words.
    pub fn new(fault: Fault, words: impl Into<String>) -> Self {
        Self {
            fault,
            words: words.into(),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.words)
    }
}

impl std::error::Error for Told {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_as_it_was_written_and_older_words_stay_words() {
        for fault in Fault::ALL {
            let kept = fault.written("some words: x");
            assert_eq!(Fault::read(&kept), (fault, "some words: x"));
        }
        for old in ["the server could not be reached: x", "fault:else x", ""] {
            assert_eq!(Fault::read(old), (Fault::Other, old));
        }
        let error = anyhow::Error::from(Told::new(Fault::Busy, "later")).context("asked");
        assert_eq!(Fault::of(&error), Fault::Busy);
        assert_eq!(format!("{error:#}"), "asked: later");
    }
}
