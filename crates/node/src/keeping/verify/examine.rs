//! One record held against itself: bytes, hash, and what is kept beside them. Needs no storage, so that several can be examined at once.

use std::collections::HashMap;

use ed25519_dalek::VerifyingKey;
use policy::{Class, Label};
use sha2::{Digest, Sha256};
use stix::{ObjectId, SpecVersion};
use store::Audited;
use tlog::{Entry, Hash, Salt, record_leaf};

use super::report::{Area, Finding, Seals};
use crate::keys::KeyId;
use crate::leaf::{Leaf, label_digest};
use crate::reading::Good;
use crate::seal::read_label;

/// A row, with the text of the label that it was taken with, if that is another than it has.
pub(super) struct Work {
    pub row: Audited,
    pub taken: Option<Vec<u8>>,
}

/// What a record turned out to be.
pub(super) struct Examined {
    pub recno: i64,
    pub entry: Entry,
    pub bytes: u64,
    pub findings: Vec<Finding>,
    /// Its bytes and its hash disagree: the leaf decides which of them was changed.
    pub suspect: bool,
    pub seals: Seals,
    pub what: What,
}

/// Records that say something about others, to be held against them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Plain,
    Erased,
    Handling,
    Seal,
    Erasure,
    Roster,
    TrailMark,
    Key,
}

/// What all examinations need to know.
pub(super) struct Known {
    pub classes: HashMap<i64, (Class, [u8; 32])>,
    pub keys: HashMap<KeyId, (ObjectId, VerifyingKey)>,
}

impl Known {
    pub(super) fn classes(texts: &[(i64, String)]) -> HashMap<i64, (Class, [u8; 32])> {
        let parsed = texts.iter().filter_map(|(id, text)| {
            let class = Class::parse(text)
                .ok()
                .filter(|class| class.key() == *text)?;
            let digest = label_digest(&Label::always(class.clone()));
            Some((*id, (class, digest)))
        });
        parsed.collect()
    }

    /// The label that a row says it has.
    pub(super) fn label(&self, row: &Audited) -> Option<Label> {
        let (class, _) = self.classes.get(&row.class)?;
        Some(Label {
            class: class.clone(),
            embargo: row.embargo.clone(),
            expiry: row.expiry.clone(),
        })
    }

    /// The digest of the label that it was taken with.
    pub(super) fn taken(&self, row: &Audited, taken: Option<&[u8]>) -> Option<[u8; 32]> {
        if let Some(text) = taken {
            let label = read_label(std::str::from_utf8(text).ok()?)?;
            return Some(label_digest(&label));
        }
        let (_, digest) = self.classes.get(&row.class)?;
        if row.embargo.is_none() && row.expiry.is_none() {
            return Some(*digest);
        }
        self.label(row).map(|label| label_digest(&label))
    }

    /// The key of this id, if it is one of the author's.
    pub(super) fn key(&self, id: &KeyId, author: &ObjectId) -> Option<&VerifyingKey> {
        let (owner, key) = self.keys.get(id)?;
        (owner == author).then_some(key)
    }

    /// What the leaf binds besides the salt.
    pub(super) fn leaf_digest(&self, work: &Work) -> Option<[u8; 32]> {
        let row = &work.row;
        let label = self.taken(row, work.taken.as_deref())?;
        let leaf = Leaf {
            id: &row.id,
            version: &row.version,
            hash: &row.hash,
            label: &label,
            channel: row.channel.as_deref()?,
            accepted: row.accepted,
        };
        Some(leaf.hash())
    }

    fn leaf(&self, work: &Work) -> Option<Hash> {
        let salt = Salt::new(work.row.salt.as_deref()?).ok()?;
        Some(record_leaf(&salt, &self.leaf_digest(work)?))
    }
}

/// Looks at one record.
pub(super) fn examine(work: &Work, known: &Known) -> Examined {
    let row = &work.row;
    let mut examined = Examined {
        recno: row.recno,
        entry: Entry::Erased,
        bytes: row.body.as_ref().map_or(0, |body| body.len() as u64),
        findings: Vec::new(),
        suspect: false,
        seals: Seals::default(),
        what: What::Erased,
    };
    for column in &row.unread {
        let what = format!("{column} cannot be read");
        examined.find(area_of(column), row, what);
    }
    let Some(body) = &row.body else {
        if row.salt.is_some() {
            examined.find(Area::Body, row, "the content is gone, and its salt is not");
        }
        return examined;
    };
    examined.what = What::Plain;
    // A leaf that cannot be computed is another one than the log's.
    examined.entry = Entry::Kept(known.leaf(work).unwrap_or_else(Hash::empty));
    examined.suspect = Sha256::digest(body).as_slice() != row.hash;
    let good = Good::again(body.clone().into()).filter(|good| good.body.len() == body.len());
    match good {
        Some(good) => beside(&mut examined, row, &good, known),
        None if !examined.suspect => {
            examined.find(Area::Body, row, "the content is no STIX object any more");
        }
        None => {}
    }
    examined
}

impl Examined {
    fn find(&mut self, area: Area, row: &Audited, what: impl Into<String>) {
        let finding = Finding::at(area, row.recno, what).named(&row.id, &row.version);
        self.findings.push(finding);
    }
}

fn area_of(column: &str) -> Area {
    match column {
        "object" | "id" => Area::Id,
        "version" => Area::Version,
        "class" | "embargo" | "expires" => Area::Label,
        "channel" => Area::Channel,
        "accepted" => Area::Accepted,
        "hash" => Area::Hash,
        "salt" => Area::Salt,
        "body" => Area::Body,
        _ => Area::Header,
    }
}

/// What is kept beside the object says what the object says.
fn beside(examined: &mut Examined, row: &Audited, good: &Good, known: &Known) {
    let header = &good.header;
    examined.what = match (header.type_name(), &good.evidence) {
        ("handling", Some(Ok(_))) => What::Handling,
        ("seal", Some(Ok(_))) => What::Seal,
        ("roster", Some(Ok(_))) => What::Roster,
        ("erasure", _) => What::Erasure,
        ("trail-mark", _) => What::TrailMark,
        ("key-rotation" | "key-revocation", _) => What::Key,
        _ => What::Plain,
    };
    if let Some(Ok(seal)) = &good.seal {
        let checked = known
            .key(&seal.claim().key, &seal.claim().author)
            .and_then(|key| good.with_object(|object| seal.check_content(object, key).is_ok()));
        match checked {
            Some(true) => examined.seals.good += 1,
            Some(false) => examined.seals.broken += 1,
            None => examined.seals.unknown += 1,
        }
    } else if good.seal.is_some() {
        examined.seals.broken += 1;
    }
    // Where the bytes themselves are in doubt, what they say is no measure.
    if examined.suspect {
        return;
    }
    let spec = match header.spec() {
        SpecVersion::V20 => 20,
        SpecVersion::V21 => 21,
        SpecVersion::Other => 99,
    };
    let version = header.version().map(stix::Timestamp::version_key);
    let author = header.created_by_ref.as_ref().map(ObjectId::as_str);
    let checks = [
        (row.id == header.id.as_str(), Area::Id, "the id"),
        (
            // A further copy of one version has its number behind the version's key.
            version.is_none_or(|version| {
                let rest = row.version.strip_prefix(&version);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            }),
            Area::Version,
            "the version",
        ),
        (
            row.kind.as_deref() == Some(header.type_name()),
            Area::Header,
            "the type",
        ),
        (row.author.as_deref() == author, Area::Header, "the author"),
        (row.spec == spec, Area::Header, "the specification"),
        (
            row.revoked == i64::from(header.revoked),
            Area::Header,
            "the revocation",
        ),
        (
            row.sealed == i64::from(good.seal.is_some()),
            Area::Header,
            "the mark of a seal",
        ),
    ];
    for (same, area, name) in checks {
        if !same {
            let what = format!("{name} kept beside the content is not the one in it");
            examined.find(area, row, what);
        }
    }
}
