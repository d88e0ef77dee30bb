//! Which part of a record was changed: the leaf in the log is the measure. Each explanation that would be a single change is tried,
//! and the one that gives the leaf is the answer.

use sha2::{Digest, Sha256};
use store::Audited;
use tlog::{Hash, Salt, record_leaf};

use super::examine::Known;
use super::report::{Area, Finding};
use crate::leaf::Leaf;
use crate::reading::Good;
use crate::seal::read_label;

/// Contents up to this size are searched for the byte that was changed.
const SEARCHED: usize = 1024;

/// What explanations are tried with.
pub(super) struct Evidence<'a> {
    pub row: &'a Audited,
    /// The text of the label that it was taken with, if it has another.
    pub taken: Option<&'a [u8]>,
    /// The leaf in the log.
    pub leaf: Hash,
    /// Every door that is known here.
    pub channels: &'a [String],
    /// The text of its class, whether it is one or not.
    pub class_text: Option<&'a str>,
}

/// The inputs of a leaf, each replaceable.
#[derive(Clone)]
struct Inputs<'a> {
    id: &'a str,
    version: &'a str,
    hash: &'a [u8],
    label: [u8; 32],
    channel: &'a str,
    accepted: i64,
    salt: &'a [u8],
}

impl Inputs<'_> {
    fn give(&self, leaf: &Hash) -> bool {
        let record = Leaf {
            id: self.id,
            version: self.version,
            hash: self.hash,
            label: &self.label,
            channel: self.channel,
            accepted: self.accepted,
        };
        Salt::new(self.salt).is_ok_and(|salt| record_leaf(&salt, &record.hash()) == *leaf)
    }
}

/// Says what of a record was changed.
pub(super) fn explain(evidence: &Evidence<'_>, known: &Known) -> Finding {
    let row = evidence.row;
    let (area, what) = changed(evidence, known);
    Finding::at(area, row.recno, what).named(&row.id, &row.version)
}

fn changed(evidence: &Evidence<'_>, known: &Known) -> (Area, String) {
    let row = evidence.row;
    let none = Vec::new();
    let body = row.body.as_ref().unwrap_or(&none);
    let found: [u8; 32] = Sha256::digest(body).into();
    let label = known.taken(row, evidence.taken);
    let now = Inputs {
        id: &row.id,
        version: &row.version,
        hash: &row.hash,
        label: label.unwrap_or_default(),
        channel: row.channel.as_deref().unwrap_or_default(),
        accepted: row.accepted,
        salt: row.salt.as_deref().unwrap_or_default(),
    };
    let leaf = &evidence.leaf;
    if now.give(leaf) {
        return (Area::Body, body_text(body, &row.hash));
    }
    let with_hash = Inputs {
        hash: &found,
        ..now.clone()
    };
    if with_hash.give(leaf) {
        return (
            Area::Hash,
            "the hash kept beside the content was changed".into(),
        );
    }
    let good = Good::again(body.clone().into());
    if let Some(good) = &good {
        let id = good.header.id.as_str();
        if (Inputs { id, ..now.clone() }).give(leaf) {
            return (
                Area::Id,
                "the id kept beside the content was changed".into(),
            );
        }
        let version = good.header.version().map(stix::Timestamp::version_key);
        if let Some(version) = version.as_deref()
            && (Inputs {
                version,
                ..now.clone()
            })
            .give(leaf)
        {
            return (
                Area::Version,
                "the version kept beside the content was changed".into(),
            );
        }
    }
    if let Some(area) = label_changed(evidence, known, &now) {
        return area;
    }
    let channels = evidence.channels.iter();
    if channels.clone().any(|channel| {
        (Inputs {
            channel,
            ..now.clone()
        })
        .give(leaf)
    }) || flips(now.channel.as_bytes()).any(|flipped| {
        std::str::from_utf8(&flipped).is_ok_and(|channel| {
            (Inputs {
                channel,
                ..now.clone()
            })
            .give(leaf)
        })
    }) {
        return (
            Area::Channel,
            "the door through which it came was changed".into(),
        );
    }
    if (0..64).any(|bit| {
        (Inputs {
            accepted: now.accepted ^ (1 << bit),
            ..now.clone()
        })
        .give(leaf)
    }) {
        return (
            Area::Accepted,
            "the time of its acceptance was changed".into(),
        );
    }
    if !(16..=32).contains(&now.salt.len())
        || flips(now.salt).any(|salt| {
            (Inputs {
                salt: &salt,
                ..now.clone()
            })
            .give(leaf)
        })
    {
        return (Area::Salt, "the salt of its leaf was changed".into());
    }
    if flips(now.version.as_bytes()).any(|flipped| {
        std::str::from_utf8(&flipped).is_ok_and(|version| {
            (Inputs {
                version,
                ..now.clone()
            })
            .give(leaf)
        })
    }) {
        return (Area::Version, "the version was changed".into());
    }
    if found.as_slice() != row.hash {
        return (
            Area::Body,
            "the content or its hash was changed, and more".into(),
        );
    }
    (
        Area::Leaf,
        "its version, label, door, time or salt was changed; the log has another leaf".into(),
    )
}

fn label_changed(
    evidence: &Evidence<'_>,
    known: &Known,
    now: &Inputs<'_>,
) -> Option<(Area, String)> {
    let row = evidence.row;
    let leaf = &evidence.leaf;
    let gives = |label: [u8; 32]| {
        (Inputs {
            label,
            ..now.clone()
        })
        .give(leaf)
    };
    let digest = |text: &str| <[u8; 32]>::from(Sha256::digest(text));
    let answer = |what: &str| Some((Area::Label, what.to_owned()));
    if let Some(taken) = evidence.taken {
        let damaged = std::str::from_utf8(taken)
            .ok()
            .and_then(read_label)
            .is_none();
        let flipped = || {
            let texts = flips(taken).filter_map(|flipped| String::from_utf8(flipped).ok());
            texts.into_iter().any(|text| gives(digest(&text)))
        };
        if damaged || flipped() {
            return answer("what is kept of the label that it was taken with was changed");
        }
    }
    if !known.classes.contains_key(&row.class) {
        return answer("the text of its class is no label any more, or its class is not there");
    }
    let mut others = known.classes.values().map(|(_, digest)| *digest);
    if others.any(gives) {
        return answer("its label was changed to another without a handling record");
    }
    let text = evidence.class_text?;
    let mut near = flips(text.as_bytes()).filter_map(|flipped| String::from_utf8(flipped).ok());
    if near.any(|text| gives(digest(&text))) {
        return answer("the text of its class was changed");
    }
    None
}

/// Every variant with one bit changed.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..bytes.len() * 8).map(|at| {
        let mut flipped = bytes.to_vec();
        if let Some(byte) = flipped.get_mut(at / 8) {
            *byte ^= 1 << (at % 8);
        }
        flipped
    })
}

fn body_text(body: &[u8], hash: &[u8]) -> String {
    if body.len() <= SEARCHED {
        let mut near = flips(body);
        let at = near.position(|flipped| Sha256::digest(&flipped).as_slice() == hash);
        if let Some(at) = at {
            return format!("the content was changed: one bit of byte {}", at / 8);
        }
    }
    format!("the content was changed; it has {} bytes now", body.len())
}
