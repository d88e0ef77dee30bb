//! Checkpoints (C2SP tlog-checkpoint): the signed statement of a log how large it is and what its root is.
//! The log also states the time, as a cosignature of its own: so a rewind can be told from an old head.

use std::fmt::Write as _;

use ed25519_dalek::SigningKey;

use crate::note::{Key, Note, NoteError, Origin};
use crate::{Hash, cosign};

/// The head of a log, not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: Origin,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// A head whose signature by the log's key has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedCheckpoint {
    checkpoint: Checkpoint,
    time: Option<u64>,
    note: Note,
}

/// Why a head is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The signature or the form of the note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signed text is not origin, size and root.
    #[error("not a checkpoint: expected the lines origin, size, root")]
    Malformed,
    /// It is another log's head.
    #[error("a checkpoint of {found}, not of {expected}")]
    Origin {
        /// Whose head was expected.
        expected: Origin,
        /// Whose it is.
        found: Origin,
    },
}

impl Checkpoint {
    /// The head of a log that is called `origin`.
    pub fn new(origin: Origin, size: u64, root: Hash) -> Self {
        Self {
            origin,
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// Whose log it is.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash of these leaves.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Further lines that were found; we write none.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        for line in &self.extensions {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{line}");
        }
        text
    }

    /// Reads the text of a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] when a line is missing, empty or written in another way than [`Checkpoint::text`] does.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let malformed = CheckpointError::Malformed;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(malformed);
        };
        let found = Self {
            origin: Origin::new(origin).map_err(|_| CheckpointError::Malformed)?,
            size: size.parse().map_err(|_| CheckpointError::Malformed)?,
            root: root.parse().map_err(|_| CheckpointError::Malformed)?,
            extensions: lines
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
        };
        // One spelling only: leading zeros, signs, empty lines and a missing end do not come back equal.
        if found.text() != text || (found.size == 0 && found.root != Hash::empty()) {
            return Err(malformed);
        }
        Ok(found)
    }

    /// The checkpoint as it is published: signed by the log, and timed by the same key as a cosignature.
    ///
    /// A log must sign no size below one that it has signed, and no time before: either is proof against it ([`fork`](crate::fork)).
    ///
    /// # Errors
    /// When the text is not that of a note.
    pub fn sign(&self, key: &SigningKey, time: u64) -> Result<String, CheckpointError> {
        let mut note = Note::new(&self.text())?;
        note.sign(&self.origin, key);
        let line = cosign(&note, &self.origin, key, time);
        note.add(line);
        Ok(note.to_string())
    }

    /// Reads a published checkpoint and verifies it by the log's key. Cosignatures of others are kept, not verified.
    ///
    /// # Errors
    /// Says whether the form, the signature or the origin is wrong.
    pub fn open(signed: &str, log: &Key) -> Result<OpenedCheckpoint, CheckpointError> {
        let note = Note::parse(signed.as_bytes())?;
        let keys = [
            Key::log(log.name().clone(), *log.verifying_key()),
            Key::witness(log.name().clone(), *log.verifying_key()),
        ];
        let vouches = note.verify(&keys)?;
        if !vouches.iter().any(|vouch| vouch.time.is_none()) {
            return Err(NoteError::Unsigned.into());
        }
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin != *log.name() {
            return Err(CheckpointError::Origin {
                expected: log.name().clone(),
                found: checkpoint.origin,
            });
        }
        Ok(OpenedCheckpoint {
            checkpoint,
            time: vouches.iter().find_map(|vouch| vouch.time),
            note,
        })
    }
}

impl OpenedCheckpoint {
    /// The head.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The Merkle tree hash of these leaves.
    pub fn root(&self) -> Hash {
        self.checkpoint.root
    }

    /// When the log says it signed it: seconds since 1970; logs of others need not say.
    pub fn time(&self) -> Option<u64> {
        self.time
    }

    /// The note, with all its signatures.
    pub fn note(&self) -> &Note {
        &self.note
    }
}
