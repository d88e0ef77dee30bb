//! What came under a key that was revoked: the records of whoever had it that arrived since it was last certainly in the right hands.
//!
//! Invariant: it is a list and nothing else. They stay where they are; whether each is its author's is for people to find out.

use anyhow::Result;
use policy::{Purpose, Released, Viewer};
use serde::Serialize;
use stix::{ObjectId, Timestamp};
use store::{Held, Look};

use crate::clock::Micros;
use crate::keys::{KeyId, Use};
use crate::node::Node;
use crate::overview::{Stood, numbered};
use crate::peers::evidence::seals_by;
use crate::reading::Good;
use crate::register::BOUND;

/// So many records are read at a time,
const TOGETHER: i64 = 500;
/// and so many are gone through for one page: behind them it goes on at the next.
const DEEPEST: i64 = 20_000;
/// What comes along with records, and what says that the key is revoked: nobody looks through these.
const ALONG: [&str; 4] = [
    "seal",
    "marking-definition",
    "language-content",
    "key-revocation",
];

/// A page of what came under a key, the last first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CameUnder {
    /// Since when the key is not to be relied on.
    pub since: Micros,
    /// What came.
    pub records: Vec<Came>,
    /// From where the next page goes on.
    pub next: Option<i64>,
}

/// A record that came under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Came {
    /// Its number.
    pub recno: i64,
    /// Its object.
    pub id: String,
    /// Its version.
    pub version: String,
    /// When it came.
    pub accepted: Micros,
}

impl Node {
    /// What came of a participant, sealed by a key of its that was revoked, since that is not to be relied on, without what only comes along:
    /// at most so many, those before a number if one is given. `None` if no such key was revoked.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn came_under(
        &self,
        whose: &ObjectId,
        key: &str,
        before: Option<i64>,
        most: usize,
    ) -> Result<Option<CameUnder>> {
        let reader = self.read()?;
        let bindings = reader.bindings_of(whose.as_str())?;
        let revoked = bindings.iter().find(|binding| {
            binding.state != BOUND && KeyId::of(Use::Seal, &binding.key).as_str() == key
        });
        let Some(revoked) = revoked else {
            return Ok(None);
        };
        let since = revoked.until.unwrap_or(Micros::MIN);
        let mut end = before.unwrap_or(i64::MAX).min(reader.records()?).max(0);
        let deepest = end.saturating_sub(DEEPEST).max(0);
        let mut records = Vec::new();
        let mut next = None;
        while end > deepest && next.is_none() {
            let from = end.saturating_sub(TOGETHER).max(deepest);
            let all = reader.kept_from(from, usize::try_from(end.saturating_sub(from))?)?;
            // The clock may have been set back for a while: what is older than all of these is looked at by nobody.
            let over = all.iter().all(|kept| kept.held.accepted < since);
            for kept in all.into_iter().rev() {
                let held = kept.held;
                if held.accepted < since || held.author.as_ref() != Some(whose) {
                    continue;
                }
                if ALONG.contains(&held.id.type_name()) {
                    continue;
                }
                let Some((_, body)) = kept.content else {
                    continue;
                };
                if !is_by(&reader, &held, body, key)? {
                    continue;
                }
                if records.len() >= most {
                    next = Some(held.recno.saturating_add(1));
                    break;
                }
                records.push(Came {
                    recno: held.recno,
                    id: held.id.to_string(),
                    version: held.version,
                    accepted: held.accepted,
                });
            }
            end = from;
            if over {
                return Ok(Some(CameUnder {
                    since,
                    records,
                    next,
                }));
            }
        }
        let next = next.or((end > 0).then_some(end));
        Ok(Some(CameUnder {
            since,
            records,
            next,
        }))
    }

    /// Those of them that a viewer may see, as they stand here.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn seen_under(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        came: &CameUnder,
    ) -> Result<Released<Vec<Stood>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let mut seen = Vec::new();
        for one in &came.records {
            if let Some(held) = reader.held_record(one.recno)? {
                seen.extend(numbered(&reader, viewer, purpose, &at, held)?);
            }
        }
        Ok(seen.into_iter().collect())
    }
}

/// Whether a record is sealed by a key, in itself or by a record beside it.
fn is_by(look: &Look, held: &Held, body: Vec<u8>, key: &str) -> Result<bool> {
    if held.sealed {
        let good = Good::again(body.into());
        let seal = good.and_then(|good| good.seal);
        return Ok(matches!(seal, Some(Ok(seal)) if seal.claim().key.as_str() == key));
    }
    let beside = seals_by(look, held)?;
    Ok(beside.iter().any(|by| by.as_str() == key))
}
