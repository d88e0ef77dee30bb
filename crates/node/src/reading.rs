//! The first step of acceptance: from bytes to objects that have been looked at, before anything is locked or stored.
//!
//! Invariant: nothing here depends on the state of the node but its ceiling; the same bytes always read the same.

use std::ops::Range;

use bytes::Bytes;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};
use stix::marking::Marking;
use stix::{Header, Limits, Object, ObjectId};

use crate::ceiling::Banner;
use crate::keys::KeyId;
use crate::seal::{Handling, Roster, SEAL_EXTENSION_ID, Seal, SealError, Withdrawal, inside};

/// What was let in once is read again whatever the limits are now.
pub(crate) const UNBOUNDED: Limits = Limits {
    object: Limits::MAX_OBJECT,
    depth: Limits::MAX_DEPTH,
    references: usize::MAX,
    objects: 1,
};

/// One object of a submission, looked at.
#[derive(Debug)]
pub(crate) enum Look {
    /// Well formed.
    Good(Box<Good>),
    /// Not; what can be kept of it goes to quarantine.
    Bad {
        /// Its id, where one could be read.
        id: Option<String>,
        /// Why, with pointer and rule.
        reason: String,
        /// All of it; the quarantine keeps its beginning.
        body: Bytes,
    },
    /// Marked above the ceiling: nothing of it is kept.
    Above,
}

/// A well-formed object.
#[derive(Debug)]
pub(crate) struct Good {
    /// Its bytes, without the blanks around them.
    pub body: Bytes,
    /// What every part needs to know of it.
    pub header: Header,
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// What it means as a marking definition, if it is one.
    pub marking: Option<Marking>,
    /// The seal that it carries inside.
    pub seal: Option<Result<Seal, SealError>>,
    /// What it proves about another object, if that is what it is for.
    pub evidence: Option<Result<Evidence, SealError>>,
}

/// A record that speaks about another: signed by itself, it needs no seal.
#[derive(Debug, Clone)]
pub(crate) enum Evidence {
    /// An author's seal over a finished object.
    Seal(Box<Seal>),
    /// A holder's label over its copy.
    Handling(Box<Handling>),
    /// An author asks to stop releasing.
    Withdrawal(Box<Withdrawal>),
    /// The owner of a circle says who belongs to it.
    Roster(Box<Roster>),
}

impl Evidence {
    /// Who speaks.
    pub(crate) fn author(&self) -> &ObjectId {
        match self {
            Self::Seal(seal) => &seal.claim().author,
            Self::Handling(handling) => handling.by(),
            Self::Withdrawal(withdrawal) => withdrawal.by(),
            Self::Roster(roster) => roster.by(),
        }
    }

    /// The key that it says it is signed with.
    pub(crate) fn key(&self) -> &KeyId {
        match self {
            Self::Seal(seal) => &seal.claim().key,
            Self::Handling(handling) => handling.key(),
            Self::Withdrawal(withdrawal) => withdrawal.key(),
            Self::Roster(roster) => roster.key(),
        }
    }

    /// When it says that it was made.
    pub(crate) fn made(&self) -> &stix::Timestamp {
        match self {
            Self::Seal(seal) => &seal.claim().made,
            Self::Handling(handling) => handling.made(),
            Self::Withdrawal(withdrawal) => withdrawal.made(),
            Self::Roster(roster) => roster.made(),
        }
    }

    /// Whether the key signed it.
    pub(crate) fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        match self {
            Self::Seal(seal) => seal.verify(key),
            Self::Handling(handling) => handling.verify(key),
            Self::Withdrawal(withdrawal) => withdrawal.verify(key),
            Self::Roster(roster) => roster.verify(key),
        }
    }
}

impl Good {
    /// Looks at a record that is here, or that the node has made: no ceiling, no limits beyond those of the format.
    pub(crate) fn again(body: Bytes) -> Option<Self> {
        Self::unbounded(body, evidence)
    }

    /// The same for one that the node has just made of what it proves.
    pub(crate) fn made(body: Bytes, proves: Evidence) -> Option<Self> {
        Self::unbounded(body, |_| Some(Ok(proves)))
    }

    fn unbounded(
        body: Bytes,
        prove: impl FnOnce(&Object<'_>) -> Option<Result<Evidence, SealError>>,
    ) -> Option<Self> {
        let end = body.len();
        match look_for(&body, 0..end, (&UNBOUNDED, &Banner::none()), prove) {
            Look::Good(good) => Some(*good),
            _ => None,
        }
    }

    /// Whether it is there for the sake of another record, which it follows wherever that goes.
    pub(crate) fn speaks_of_another(&self) -> bool {
        matches!(
            self.evidence,
            Some(Ok(Evidence::Seal(_) | Evidence::Handling(_)))
        )
    }

    /// Whether its id is made from what it says: an observable that is the same wherever it is seen.
    pub(crate) fn is_named_by_content(&self) -> bool {
        self.header.version().is_none()
            && stix::sco::is_observable(self.header.type_name())
            && self
                .with_object(|object| {
                    stix::sco::id(object.view()).as_ref() == Some(&self.header.id)
                })
                .unwrap_or(false)
    }

    /// Reads it once more, for whoever has to look inside. It was checked before, so it is never refused.
    pub(crate) fn with_object<T>(&self, look: impl FnOnce(&Object<'_>) -> T) -> Option<T> {
        stix::check(&self.body, &UNBOUNDED).ok().as_ref().map(look)
    }
}

/// Looks at the object that lies at `range` of `bytes`.
pub(crate) fn look(bytes: &Bytes, range: Range<usize>, limits: &Limits, banner: &Banner) -> Look {
    look_for(bytes, range, (limits, banner), evidence)
}

/// What an object says about another, if that is what it is for.
fn evidence(object: &Object<'_>) -> Option<Result<Evidence, SealError>> {
    match object.header().type_name() {
        "seal" => Some(Seal::read(object).map(|seal| Evidence::Seal(Box::new(seal)))),
        "handling" => {
            Some(Handling::read(object).map(|handling| Evidence::Handling(Box::new(handling))))
        }
        "roster" => Some(Roster::read(object).map(|roster| Evidence::Roster(Box::new(roster)))),
        "withdrawal" => Some(
            Withdrawal::read(object).map(|withdrawal| Evidence::Withdrawal(Box::new(withdrawal))),
        ),
        _ => None,
    }
}

fn look_for(
    bytes: &Bytes,
    range: Range<usize>,
    (limits, banner): (&Limits, &Banner),
    prove: impl FnOnce(&Object<'_>) -> Option<Result<Evidence, SealError>>,
) -> Look {
    let body = bytes.slice(range);
    let object = match stix::check(&body, limits) {
        Ok(object) => object,
        Err(problems) => {
            return Look::Bad {
                id: glimpse(&body),
                reason: problems.to_string(),
                body,
            };
        }
    };
    if banner.is_above(&object) {
        return Look::Above;
    }
    let marking = Marking::read(&object);
    let seal = object
        .header()
        .extensions
        .iter()
        .any(|name| &**name == SEAL_EXTENSION_ID)
        .then(|| inside::read(&object).transpose())
        .flatten();
    let evidence = prove(&object);
    let trimmed = trim(&body, &object);
    let (_, header) = object.into_parts();
    let hash = Sha256::digest(&trimmed).into();
    Look::Good(Box::new(Good {
        body: trimmed,
        header,
        hash,
        marking,
        seal,
        evidence,
    }))
}

/// The slice of `body` that `object` takes, sharing its memory.
fn trim(body: &Bytes, object: &Object<'_>) -> Bytes {
    let raw = object.raw();
    let before = body.len().saturating_sub(body.trim_ascii_start().len());
    body.slice(before..before.saturating_add(raw.len()).min(body.len()))
}

/// The id that a broken object seems to have, for whoever has to find it again.
fn glimpse(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body.get(..body.len().min(4096))?);
    let after = text
        .split_once("\"id\"")?
        .1
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?;
    let id = after.split_once('"')?.0;
    stix::ObjectId::parse(id).ok().map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Ceiling;

    #[test]
    fn objects_are_kept_as_they_came() {
        let banner = Banner::new(&Ceiling::default());
        let limits = Limits::default();
        let id = "note--00000000-0000-4000-8000-000000000000";
        let raw = format!("  {{ \"type\":\"note\", \"id\":\"{id}\" }}\n");
        let bytes = Bytes::from(raw.clone());
        let Look::Good(good) = look(&bytes, 0..raw.len(), &limits, &banner) else {
            panic!("good")
        };
        assert_eq!(good.body, raw.trim());
        assert_eq!(good.hash, <[u8; 32]>::from(Sha256::digest(raw.trim())));
        let twice = Bytes::from(format!(r#"{{"type":"note","id":"{id}","a":1,"a":2}}"#));
        let Look::Bad {
            id: found, reason, ..
        } = look(&twice, 0..twice.len(), &limits, &banner)
        else {
            panic!("bad")
        };
        assert_eq!(found.as_deref(), Some(id));
        assert!(
            reason.contains("/a") || reason.contains("\"a\""),
            "{reason}"
        );
        let above = Bytes::from(format!(
            r#"{{"type":"note","id":"{id}","classification":"SECRET"}}"#
        ));
        assert!(matches!(
            look(&above, 0..above.len(), &limits, &banner),
            Look::Above
        ));
    }
}
