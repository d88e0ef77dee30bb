//! The audit trail: who changed what, when, through what. Each line's hash covers the line before, so that a line that is missing,
//! changed or slipped in shows.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::Look;

use super::actor::Actor;
use super::rights::Right;
use crate::node::Node;
use crate::writer::Change;

pub use store::TrailLine;

/// Where the trail does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TrailBreak {
    /// The number of the first line that does not fit the one before.
    pub number: i64,
}

fn hash(before: &[u8], line: &TrailLine) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(line.number.to_be_bytes());
    hash.update(line.at.to_be_bytes());
    for text in [
        &line.person,
        &line.name,
        &line.through,
        &line.action,
        &line.subject,
        &line.detail,
    ] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().to_vec()
}

/// Checks lines that follow `before`, the hash of the line in front of them (empty in front of the first).
///
/// # Errors
/// The first line that does not fit.
pub fn check_trail<'a>(
    before: &[u8],
    lines: impl IntoIterator<Item = &'a TrailLine>,
) -> Result<Vec<u8>, TrailBreak> {
    let mut last = before.to_vec();
    let mut number = None;
    for line in lines {
        let follows = number.is_none_or(|number| line.number == number + 1);
        if !follows || line.hash != hash(&last, line) {
            return Err(TrailBreak {
                number: line.number,
            });
        }
        last.clone_from(&line.hash);
        number = Some(line.number);
    }
    Ok(last)
}

impl Change<'_, '_> {
    /// Adds a line to the audit trail. Details name what was changed, never content and never a secret.
    pub(crate) fn note(
        &mut self,
        actor: &Actor,
        action: &str,
        subject: &str,
        detail: &Value,
    ) -> Result<()> {
        let who = (
            actor.person.to_string(),
            actor.name.clone(),
            actor.through.to_string(),
        );
        self.note_as(who, action, subject, detail)
    }

    /// The same, for whom there is no actor: somebody who tries to come in, or the node itself.
    pub(crate) fn note_as(
        &mut self,
        who: (String, String, String),
        action: &str,
        subject: &str,
        detail: &Value,
    ) -> Result<()> {
        let detail = self.vouching(action, subject, detail)?;
        self.line(who, action, subject, &detail)
    }

    /// The line itself, which vouches for what its detail says.
    pub(super) fn line(
        &mut self,
        (person, name, through): (String, String, String),
        action: &str,
        subject: &str,
        detail: &Value,
    ) -> Result<()> {
        let last = self.txn.last_trail()?;
        let (number, before) = last.map_or((1, Vec::new()), |last| (last.number + 1, last.hash));
        let mut line = TrailLine {
            number,
            at: self.now,
            person,
            name,
            through,
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: if detail.is_null() {
                String::new()
            } else {
                detail.to_string()
            },
            hash: Vec::new(),
        };
        line.hash = hash(&before, &line);
        Ok(self.txn.add_trail(&line)?)
    }
}

impl Node {
    /// The audit trail before a line, the newest first; all of it, or what concerns one subject.
    ///
    /// # Errors
    /// [`Refused`](super::Refused) unless they may read it; those of the storage.
    pub fn trail(
        &self,
        before: Option<i64>,
        subject: Option<&str>,
        most: usize,
        by: &Actor,
    ) -> Result<Vec<TrailLine>> {
        if !by.may(Right::Trail) {
            return Err(super::Refused::NotAllowed(Right::Trail).into());
        }
        let (before, most) = (before.unwrap_or(i64::MAX), i64::try_from(most)?);
        let reader = self.read()?;
        Ok(match subject {
            Some(subject) => reader.trail_of(subject, before, most)?,
            None => reader.trail_before(before, most)?,
        })
    }

    /// Whether the trail holds together from its first line.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn verify_trail(&self) -> Result<Result<i64, TrailBreak>> {
        trail_holds(&*self.read()?)
    }
}

/// Goes along the trail from its first line: how many there are, or the first that does not fit.
pub(crate) fn trail_holds(look: &Look) -> Result<Result<i64, TrailBreak>> {
    const TOGETHER: i64 = 1_000;
    let (mut number, mut hash) = (0, Vec::new());
    loop {
        let lines = look.trail_after(number, TOGETHER)?;
        if lines.first().is_some_and(|line| line.number != number + 1) {
            return Ok(Err(TrailBreak { number: number + 1 }));
        }
        hash = match check_trail(&hash, &lines) {
            Ok(hash) => hash,
            Err(broken) => return Ok(Err(broken)),
        };
        let Some(last) = lines.last() else {
            return Ok(Ok(number));
        };
        number = last.number;
    }
}
