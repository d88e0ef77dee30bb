//! What a peer is given: records as the rules release them, of each version one content, and each with the evidence that lets the other side
//! keep the rules.
//!
//! Before its object stands its seal, and the label that this node, as its holder, put to the copy. Our own are signed here, at the edge,
//! from the label of the place where it is given, as it reads now; they are dated by the first position that the record had under that label,
//! so that the same page always has the same bytes, and a record that was only put forward again says nothing new to those who have it.

mod copies;
mod said;

use anyhow::{Context, Result};
use policy::{Purpose, Released, Viewer};
use stix::{Object, ObjectId, Timestamp};
use store::{Held, Page, PageQuery, Reader, Record, Spec};

use self::said::said_at;
use super::evidence;
use crate::access::Access;
use crate::clock::Micros;
use crate::keys::Keys;
use crate::ledger::Taken;
use crate::node::Node;
use crate::reading::{Evidence, UNBOUNDED};
use crate::seal::{Handling, Seal, label_text};

/// Types that speak about others and carry their own signature.
const EVIDENCE: [&str; 4] = ["seal", "handling", "withdrawal", "roster"];

impl Node {
    /// A page for a peer: what its participant may have, each record preceded by its seal and its handling, and noted in the ledger. The
    /// limit counts records without these.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn page_for_peer(
        &self,
        access: &Access,
        query: &PageQuery,
    ) -> Result<Released<Page<Record>>> {
        self.acknowledged(&access.participant, query.collection, query.after)?;
        let follows = self.asks_on(access, query.limit)?;
        let at = Timestamp::from_micros(self.now());
        let taken = self.reached();
        let reader = self.read()?;
        let page = reader.page(&access.viewer, Purpose::Relay, &at, query)?;
        let mut reached = None;
        let page = page.map(|mut page| {
            let last = page.rows.last().map(|row| row.added);
            reached = last.map(|last| (last, page.rows.len()));
            page.more |= follows && last.is_some();
            page
        });
        let asked = Asked {
            viewer: &access.viewer,
            collection: query.collection,
            at,
            all: query.versions.all,
        };
        let (page, left_out) = self.accompany(&reader, &asked, page)?;
        if reached.is_none() {
            self.asked_behind_all(&reader, &access.participant, query.collection, query.after)?;
        }
        if let Some((last, records)) = reached {
            let filter = if query.ids.is_empty() && query.kinds.is_empty() {
                ""
            } else {
                "filtered"
            };
            self.note_taken(
                access,
                &Taken {
                    collection: query.collection,
                    filter,
                    after: query.after,
                    last,
                    records: records - left_out.min(records),
                    reached: taken,
                },
            );
        }
        Ok(page)
    }

    /// The same for records of a collection, every version of them, that were released to somebody in another way, for a bundle; and how many
    /// were left out as further contents of a version.
    ///
    /// # Errors
    /// Those of the storage.
    pub(crate) fn with_evidence(
        &self,
        viewer: &Viewer,
        collection: i64,
        page: Released<Page<Record>>,
    ) -> Result<(Released<Page<Record>>, usize)> {
        let reader = self.read()?;
        let asked = Asked {
            viewer,
            collection,
            at: Timestamp::from_micros(self.now()),
            all: true,
        };
        self.accompany(&reader, &asked, page)
    }

    fn accompany(
        &self,
        reader: &Reader<'_>,
        asked: &Asked<'_>,
        page: Released<Page<Record>>,
    ) -> Result<(Released<Page<Record>>, usize)> {
        let (mut left_out, mut trouble) = (0, None);
        let page = page.map(|page| {
            let rows = self.accompanied(reader, asked, page.rows, &mut left_out);
            let rows = rows.unwrap_or_else(|error| {
                trouble = Some(error);
                Vec::new()
            });
            Page {
                rows,
                more: page.more,
            }
        });
        trouble.map_or(Ok((page, left_out)), Err)
    }

    /// The records with what goes before each, and of each version one content.
    fn accompanied(
        &self,
        reader: &Reader<'_>,
        asked: &Asked<'_>,
        given: Vec<Record>,
        left_out: &mut usize,
    ) -> Result<Vec<Record>> {
        let (keys, home) = (self.keys(), &self.home().id);
        let mut rows = Vec::with_capacity(given.len().saturating_mul(2));
        let last = given.last().map(|row| row.added);
        for row in given {
            self.weed(reader, &row)?;
            let held = reader
                .held_record(row.recno)?
                .with_context(|| format!("record {} is missing", row.recno))?;
            let Some(first) = copies::given_instead(reader, asked, &held)? else {
                rows.extend(companions(reader, &keys, home, asked, &held, &row)?);
                rows.push(row);
                continue;
            };
            // At the end of a page it stands in for the other, so that whoever asks gets past that place.
            if asked.all && last != Some(row.added) {
                *left_out += 1;
                continue;
            }
            let asked = Asked {
                collection: first.place.collection,
                ..asked.clone()
            };
            let Some(again) = first.read(reader, &asked)? else {
                continue;
            };
            let before = companions(reader, &keys, home, &asked, &first.held, &again)?;
            let place = row.added;
            let at_place = |row: Record| Record {
                added: place,
                ..row
            };
            rows.extend(before.into_iter().chain([again]).map(at_place));
        }
        Ok(rows)
    }

    /// Has a list of evidence shortened that an older program let grow; the page does not wait for it.
    fn weed(&self, reader: &Reader<'_>, row: &Record) -> Result<()> {
        let (Ok(id), version) = (
            ObjectId::parse(&row.id),
            Timestamp::parse(&row.version).ok(),
        ) else {
            return Ok(());
        };
        let peers = self.register().peers().count();
        if evidence::is_long(reader, &id, version.as_ref(), peers)? {
            drop(self.change(move |change| evidence::weed(change, &id, version.as_ref())));
        }
        Ok(())
    }
}

/// Who asks for records, of which collection, when.
#[derive(Clone)]
struct Asked<'a> {
    viewer: &'a Viewer,
    collection: i64,
    at: Timestamp,
    /// Whether for every version.
    all: bool,
}

/// The evidence that goes before a record.
fn companions(
    reader: &Reader<'_>,
    keys: &Keys,
    home: &ObjectId,
    asked: &Asked<'_>,
    held: &Held,
    row: &Record,
) -> Result<Vec<Record>> {
    if EVIDENCE.contains(&&*held.kind) {
        return Ok(Vec::new());
    }
    let object = stix::check(&row.body, &UNBOUNDED)
        .map_err(|problems| anyhow::anyhow!("record {} cannot be read: {problems}", row.recno))?;
    let asked_back = asked_back(reader, held)?;
    let said = said_at(reader, asked, held, row.added, asked_back)?;
    let mut texts = Vec::new();
    let kept = last_seal(reader, held, &object)?;
    if held.author.as_ref() == Some(home) && !held.sealed {
        // Once the label is another one, or the record was asked back since, the seal is made anew.
        let fits = kept.filter(|(seal, _)| {
            seal.claim().label == label_text(&said.label) && seal.claim().made.micros() > asked_back
        });
        texts.push(match fits {
            Some((_, text)) => text,
            None => Seal::beside(&object, &said.label, home, &keys.seal, said.made)?.record()?,
        });
    } else {
        texts.extend(kept.map(|(_, text)| text));
        let markings = Vec::new();
        let ours = Handling::make(&object, &said.label, home, markings, &keys.seal, said.made)?;
        texts.push(ours.record()?);
    }
    texts.into_iter().map(|text| beside(row, text)).collect()
}

/// When this version was asked back last; what was said of it before counts no more for those who were asked.
fn asked_back(reader: &Reader<'_>, held: &Held) -> Result<Micros> {
    let requests = reader.withdrawals_of(held.id.as_str())?;
    let of_this = requests
        .iter()
        .filter(|row| row.version.as_deref() == Some(&*held.version));
    Ok(of_this.map(|row| row.made).max().unwrap_or(Micros::MIN))
}

/// The last seal of the author that is kept here.
fn last_seal(
    reader: &Reader<'_>,
    held: &Held,
    object: &Object<'_>,
) -> Result<Option<(Seal, String)>> {
    let version = object.header().version();
    let mut last: Option<(Seal, Vec<u8>)> = None;
    for (evidence, body) in evidence::kept(reader, &held.id, version)? {
        if let Evidence::Seal(seal) = evidence
            && Some(&seal.claim().author) == held.author.as_ref()
            && last
                .as_ref()
                .is_none_or(|(last, _)| last.claim().made <= seal.claim().made)
        {
            last = Some((*seal, body));
        }
    }
    last.map(|(seal, body)| Ok((seal, String::from_utf8(body)?)))
        .transpose()
}

fn beside(row: &Record, text: String) -> Result<Record> {
    let body = text.into_bytes();
    let object = stix::check(&body, &stix::Limits::default())
        .map_err(|problems| anyhow::anyhow!("evidence cannot be read: {problems}"))?;
    let header = object.header();
    let version = header.version().map_or("", Timestamp::as_str).to_owned();
    Ok(Record {
        added: row.added,
        recno: row.recno,
        id: header.id.to_string(),
        version,
        spec: Spec::V21,
        body: body.clone(),
    })
}
