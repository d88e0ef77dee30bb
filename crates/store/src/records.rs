//! Records: one version of one object each, as the exact bytes that arrived. Invariant: bytes and hash are never rewritten;
//! erasing takes bytes and salt, and leaves the rest.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::Row;
use stix::{ObjectId, Timestamp};

use crate::error::{Error, Result};
use crate::look::{Look, ObjectNo};
use crate::names::Short;
use crate::objects;
use crate::sql::{positions, queues, records};
use crate::write::WriteTxn;

/// A record to be stored.
#[derive(Clone, Debug)]
pub struct NewRecord<'a> {
    /// Its leaf in the log; numbers are given without a gap.
    pub recno: i64,
    /// The object's number, if it is here already: see [`Look::object_no`].
    pub object: Option<ObjectNo>,
    /// The object's id.
    pub id: &'a ObjectId,
    /// [`Timestamp::version_key`] of `modified`, else `created`, else of the time at which the first version came.
    pub version: &'a str,
    /// Whom it names as author.
    pub author: Option<&'a ObjectId>,
    /// How it came.
    pub channel: &'a str,
    /// STIX 2.1, 2.0 or neither said.
    pub spec: Spec,
    /// Whether it revokes the object.
    pub revoked: bool,
    /// Whether its author's seal was checked.
    pub sealed: bool,
    /// Who may have it.
    pub class: i64,
    /// Not before then.
    pub embargo: Option<&'a Timestamp>,
    /// Not from then on.
    pub expiry: Option<&'a Timestamp>,
    /// When it was accepted, in microseconds since 1970.
    pub accepted: i64,
    /// SHA-256 of the bytes.
    pub hash: &'a [u8],
    /// What hides the hash in the log.
    pub salt: &'a [u8],
    /// The bytes that arrived.
    pub body: &'a [u8],
}

/// Which specification an object says it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spec {
    /// It does not say, which in STIX 2.0 is how objects are.
    Unsaid,
    /// 2.0.
    V20,
    /// 2.1.
    V21,
    /// Another one.
    Other,
}

impl Spec {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Unsaid => 0,
            Self::V20 => 20,
            Self::V21 => 21,
            Self::Other => 99,
        }
    }

    /// The place of a number among the others: the newest specification that TAXII serves is the last.
    pub(crate) fn rank(number: i64) -> i64 {
        match Self::of(number) {
            Self::Other => 0,
            Self::Unsaid => 1,
            Self::V20 => 2,
            Self::V21 => 3,
        }
    }

    pub(crate) fn of(number: i64) -> Self {
        match number {
            0 => Self::Unsaid,
            20 => Self::V20,
            21 => Self::V21,
            _ => Self::Other,
        }
    }
}

/// What the store knows of a record, without its content: for admitting, labeling and verifying, never for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its number and log leaf.
    pub recno: i64,
    /// Its object.
    pub object: ObjectNo,
    /// The object's id.
    pub id: ObjectId,
    /// The version's key.
    pub version: String,
    /// The object's type.
    pub kind: Arc<str>,
    /// Which specification it follows.
    pub spec: Spec,
    /// Whom it names as author.
    pub author: Option<ObjectId>,
    /// How it came.
    pub channel: Arc<str>,
    /// Whether it revokes.
    pub revoked: bool,
    /// Whether its seal was checked.
    pub sealed: bool,
    /// Its class.
    pub class: i64,
    /// Not before then; rounded up to a microsecond.
    pub embargo: Option<Timestamp>,
    /// Not from then on; rounded up to a microsecond.
    pub expiry: Option<Timestamp>,
    /// When it was accepted.
    pub accepted: i64,
    /// SHA-256 of its bytes.
    pub hash: Vec<u8>,
    /// Whether its content was erased.
    pub erased: bool,
}

impl Held {
    /// The version as its author wrote it: that of each of its contents, where it is held in several.
    #[must_use]
    pub fn version_text(&self) -> String {
        version_text(&self.version)
    }
}

/// Which record came by which door.
#[derive(Clone, Debug)]
pub struct Came {
    /// Its number.
    pub recno: i64,
    /// The object's type.
    pub kind: Arc<str>,
    /// How it came.
    pub channel: Arc<str>,
}

/// A record with everything that is kept of it: for verifying the log and for indexing. Never for showing; it is not released.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What is known of it.
    pub held: Held,
    /// Salt and bytes, unless erased.
    pub content: Option<(Vec<u8>, Vec<u8>)>,
}

/// The columns of `HELD*`, words not yet looked up.
struct Raw {
    recno: i64,
    object: i64,
    id: String,
    version: String,
    kind: i64,
    spec: i64,
    author: Option<i64>,
    channel: i64,
    revoked: bool,
    sealed: bool,
    class: i64,
    embargo: Option<i64>,
    expires: Option<i64>,
    accepted: i64,
    hash: Vec<u8>,
    erased: bool,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        recno: row.get(0)?,
        object: row.get(1)?,
        id: row.get(2)?,
        version: row.get(3)?,
        kind: row.get(4)?,
        spec: row.get(5)?,
        author: row.get(6)?,
        channel: row.get(7)?,
        revoked: row.get(8)?,
        sealed: row.get(9)?,
        class: row.get(10)?,
        embargo: row.get(11)?,
        expires: row.get(12)?,
        accepted: row.get(13)?,
        hash: row.get(14)?,
        erased: row.get(15)?,
    })
}

/// A label: its class, not before, not from then on.
pub type Labeled = (i64, Option<Timestamp>, Option<Timestamp>);

impl Look {
    fn held(&self, raw: Raw) -> Result<Held> {
        let author = raw
            .author
            .map(|author| parse_id(&self.word(author)?))
            .transpose()?;
        Ok(Held {
            recno: raw.recno,
            object: ObjectNo(raw.object),
            id: parse_id(&raw.id)?,
            version: raw.version,
            kind: self.word(raw.kind)?,
            spec: Spec::of(raw.spec),
            author,
            channel: self.word(raw.channel)?,
            revoked: raw.revoked,
            sealed: raw.sealed,
            class: raw.class,
            embargo: raw.embargo.map(Timestamp::from_micros),
            expiry: raw.expires.map(Timestamp::from_micros),
            accepted: raw.accepted,
            hash: raw.hash,
            erased: raw.erased,
        })
    }

    /// One version of an object: what tells a duplicate from a conflict, and who may revise it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn find_version(&self, object: ObjectNo, version: &str) -> Result<Option<Held>> {
        let found = self
            .db()
            .one(records::HELD_VERSION, (object.0, version), raw)?;
        found.map(|raw| self.held(raw)).transpose()
    }

    /// The newest version of an object.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn latest_of(&self, object: ObjectNo) -> Result<Option<Held>> {
        let found = self.db().one(records::HELD_LATEST, [object.0], raw)?;
        found.map(|raw| self.held(raw)).transpose()
    }

    /// All versions of an object, the oldest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn versions_of(&self, object: ObjectNo) -> Result<Vec<Held>> {
        let found = self.db().all(records::HELD_VERSIONS, [object.0], raw)?;
        found.into_iter().map(|raw| self.held(raw)).collect()
    }

    /// The versions of an object that are older than a key, the oldest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn older_than(&self, object: ObjectNo, key: &str) -> Result<Vec<Held>> {
        let found = self.db().all(records::HELD_OLDER, (object.0, key), raw)?;
        found.into_iter().map(|raw| self.held(raw)).collect()
    }

    /// The labels of the versions of an object between two keys, each once, of those that have content: newer than the first, and no newer
    /// than the last. Further copies of a version, which have its key and a number behind it, are as new as the version.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn labels_between(
        &self,
        object: ObjectNo,
        after: &str,
        up_to: Option<&str>,
    ) -> Result<Vec<Labeled>> {
        self.labels_by(records::LABELS_BETWEEN, object, after, up_to)
    }

    /// The same of the places where these versions stand.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn labels_of_places_between(
        &self,
        object: ObjectNo,
        after: &str,
        up_to: Option<&str>,
    ) -> Result<Vec<Labeled>> {
        self.labels_by(positions::LABELS_OF_PLACES, object, after, up_to)
    }

    fn labels_by(
        &self,
        statement: &'static str,
        object: ObjectNo,
        after: &str,
        up_to: Option<&str>,
    ) -> Result<Vec<Labeled>> {
        // The sign that follows the blank before a copy's number; none of a key is beyond the last one.
        let behind = |key: &str| format!("{key}!");
        let up_to = up_to.map_or_else(|| "~".to_owned(), behind);
        let between = (object.0, behind(after), up_to);
        let mut labels: BTreeSet<(i64, Option<i64>, Option<i64>)> = BTreeSet::new();
        self.db().each(statement, between, |row| {
            labels.insert((row.get(0)?, row.get(1)?, row.get(2)?));
            Ok(true)
        })?;
        let time = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        let labels = labels.into_iter();
        Ok(labels
            .map(|(class, embargo, expiry)| (class, time(embargo), time(expiry)))
            .collect())
    }

    /// What is known of one record.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn held_record(&self, recno: i64) -> Result<Option<Held>> {
        let found = self.db().one(records::HELD, [recno], raw)?;
        found.map(|raw| self.held(raw)).transpose()
    }

    /// What was accepted since a time, from a record's number on, the last first. Never for showing.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn came_from(&self, recno: i64, since: i64) -> Result<Vec<Came>> {
        let mut found: Vec<(i64, i64, i64)> = Vec::new();
        self.db().each(records::CAME_FROM, [recno], |row| {
            let is_in_time = row.get::<_, i64>(3)? >= since;
            if is_in_time {
                found.push((row.get(0)?, row.get(1)?, row.get(2)?));
            }
            Ok(is_in_time)
        })?;
        let named = |(recno, kind, channel)| {
            Ok(Came {
                recno,
                kind: self.word(kind)?,
                channel: self.word(channel)?,
            })
        };
        found.into_iter().map(named).collect()
    }

    /// Records from a number on, with their content, unreleased: for `verify`, for indexing, and for nothing that is shown.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn kept_from(&self, recno: i64, limit: usize) -> Result<Vec<Kept>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self.db().all(records::KEPT_FROM, (recno, limit), |row| {
            Ok((
                raw(row)?,
                row.get::<_, Option<Vec<u8>>>(16)?,
                row.get::<_, Option<Vec<u8>>>(17)?,
            ))
        })?;
        let kept = |(raw, salt, body): (Raw, Option<Vec<u8>>, Option<Vec<u8>>)| {
            Ok(Kept {
                held: self.held(raw)?,
                content: salt.zip(body),
            })
        };
        found.into_iter().map(kept).collect()
    }
}

impl WriteTxn<'_> {
    /// Stores a record. Its positions are put apart: [`put_position`](Self::put_position).
    ///
    /// # Errors
    /// [`Error::Exists`] if this version of the object, or the number, is taken.
    pub fn insert_record(&mut self, new: &NewRecord<'_>) -> Result<ObjectNo> {
        let object = new.object.unwrap_or(ObjectNo(new.recno));
        let kind = self.intern_word(new.id.type_name())?;
        let author = new
            .author
            .map(|author| self.intern_word(author.as_str()))
            .transpose()?;
        let channel = self.intern_word(new.channel)?;
        self.db().run(
            records::ADD_RECORD,
            rusqlite::params![
                new.recno,
                object.0,
                new.id.as_str(),
                new.version,
                kind,
                new.spec.number(),
                author,
                channel,
                new.revoked,
                new.sealed,
                new.class,
                new.embargo.map(ceiling),
                new.expiry.map(ceiling),
                new.accepted,
                new.hash,
                new.salt,
                new.body,
            ],
        )?;
        if new.object.is_none() {
            self.add_object_key(new.id, object)?;
            self.brand_new = Some((new.recno, Vec::new()));
        }
        let key = new.object.is_none().then(|| objects::key_of(new.id));
        let short = Short::of(new.id.as_str(), new.version);
        let named = short.map(|(kind, short)| (new.recno, kind, short));
        self.put_record(key, object, named);
        Ok(object)
    }

    /// Takes bytes and salt of a record away, with its facets and search entry; its hash and number stay. It leaves all
    /// collections. Then call [`Store::empty_wal`](crate::Store::empty_wal), so that no copy stays in the write-ahead file.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such record.
    pub fn erase(&mut self, recno: i64, at: i64) -> Result<()> {
        for place in self
            .places(recno)?
            .iter()
            .filter(|place| place.removed.is_none())
        {
            self.remove_position(place.collection, place.added, at)?;
        }
        self.drop_facets(recno)?;
        self.erase_search(recno)?;
        self.db().run(queues::DROP_UNRESOLVED, [recno])?;
        self.erased(recno);
        match self.db().run(records::ERASE_RECORD, [recno])? {
            0 => Err(Error::Missing(format!("record {recno}"))),
            _ => Ok(()),
        }
    }
}

/// The first microsecond at which the instant is not in the future: with a clock of microseconds, exactly the same rule.
pub(crate) fn ceiling(time: &Timestamp) -> i64 {
    let micros = time.micros();
    if Timestamp::from_micros(micros) < *time {
        micros + 1
    } else {
        micros
    }
}

/// The text of `modified` or `created` as its author wrote it, from the version's key.
pub(crate) fn version_text(key: &str) -> String {
    let mut text = String::new();
    write_version(key, &mut text);
    text
}

/// The same, after what `text` holds.
pub(crate) fn write_version(key: &str, text: &mut String) {
    let Some((instant, digits)) = key.split_once(' ') else {
        text.push_str(key);
        return;
    };
    // What follows the digits tells copies apart that differ under one version.
    let digits = digits.split(' ').next().unwrap_or_default();
    let digits: usize = digits.parse().unwrap_or(0);
    let written = instant
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    text.reserve(instant.len() + digits + 2);
    text.push_str(instant);
    if written == 0 && digits > 0 {
        text.push('.');
    }
    text.extend(std::iter::repeat_n('0', digits.saturating_sub(written)));
    text.push('Z');
}

pub(crate) fn parse_id(text: &str) -> Result<ObjectId> {
    ObjectId::parse(text).map_err(|error| Error::Damaged(format!("{text}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_key_gives_back_what_was_written() {
        for text in [
            "2017-06-01T00:00:00Z",
            "2017-06-01T00:00:00.000Z",
            "2024-05-01T12:00:00.1Z",
            "2024-05-01T12:00:00.100Z",
            "2024-05-01T12:00:00.123456789Z",
            "2024-05-01T12:00:00.1234567890000000000Z",
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(version_text(&time.version_key()), text);
        }
    }

    #[test]
    fn times_round_up_to_the_microsecond() {
        for (text, expected) in [
            ("1970-01-01T00:00:01Z", 1_000_000),
            ("1970-01-01T00:00:01.0000001Z", 1_000_001),
            ("1970-01-01T00:00:01.000001Z", 1_000_001),
            ("1970-01-01T00:00:01.0000019Z", 1_000_002),
        ] {
            assert_eq!(ceiling(&text.parse().unwrap()), expected, "{text}");
        }
    }
}
