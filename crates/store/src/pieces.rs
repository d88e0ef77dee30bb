//! Contents and names of records that were read lately, in memory, up to so many bytes. Invariant: what is here was read for somebody who
//! may have it, and is what the table holds: nothing of a record but its label changes, and what is erased leaves with its commit.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::{Error, Result};
use crate::read::{OneOrRun, Reader};
use crate::records::write_version;
use crate::sources::Slot;
use crate::sql::records;

/// What a piece costs besides its bytes.
const EACH: usize = 56;
/// What is read for one page and has more bytes than this is kept only while nothing else has to go for it: whoever pulls everything does
/// so once.
const LARGE: usize = 128 << 10;

/// From how many records on a page may be read past what is kept here: see [`lie_together`].
const MANY: usize = 24;

/// What of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Its bytes.
    Content,
    /// Specification, id and version as written: see [`name_of`].
    Name,
}

impl Piece {
    fn key(self, recno: i64) -> u64 {
        let number = u64::try_from(recno).unwrap_or(u64::MAX >> 1);
        number << 1 | u64::from(self == Self::Name)
    }

    fn columns(self) -> OneOrRun {
        match self {
            Self::Content => (records::CONTENT, records::CONTENTS),
            Self::Name => (records::MENTION, records::MENTIONS),
        }
    }
}

/// The pieces of a process.
#[derive(Debug, Default)]
pub(crate) struct Pieces(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    most: usize,
    bytes: usize,
    /// Where a piece is: in which run, and at which place of it.
    places: HashMap<u64, (u64, u32), Spreading>,
    /// Runs in the order in which they came; the oldest goes first.
    runs: VecDeque<Arc<Run>>,
    /// How many runs have gone.
    gone: u64,
    /// The epoch that the last erasure began: what was read before may hold what was erased.
    erased: i64,
}

/// Pieces that were read together, one after another.
#[derive(Debug, Default)]
struct Run {
    /// Each with its end in the bytes.
    ends: Vec<(u64, u32)>,
    bytes: Vec<u8>,
}

impl Run {
    fn add(&mut self, key: u64, piece: &[u8]) {
        let end = self.bytes.len() + piece.len();
        if let Ok(end) = u32::try_from(end) {
            self.bytes.extend_from_slice(piece);
            self.ends.push((key, end));
        }
    }

    fn get(&self, at: u32) -> Option<&[u8]> {
        let at = usize::try_from(at).ok()?;
        let (_, end) = self.ends.get(at)?;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let from = from.map_or(0, |(_, end)| *end);
        self.bytes.get(from as usize..*end as usize)
    }

    fn weight(&self) -> usize {
        self.bytes.len() + self.ends.len() * EACH
    }
}

/// The pieces of some records, as far as they are kept.
struct Found {
    runs: Vec<(u64, Arc<Run>)>,
    places: Vec<Option<(usize, u32)>>,
}

impl Found {
    fn get(&self, at: usize) -> Option<&[u8]> {
        let (run, place) = (*self.places.get(at)?)?;
        self.runs.get(run)?.1.get(place)
    }
}

impl Pieces {
    pub(crate) fn up_to(most: usize) -> Self {
        Self(RwLock::new(Kept {
            most,
            ..Kept::default()
        }))
    }

    fn find(&self, piece: Piece, slots: &[Slot]) -> Found {
        let mut found = Found {
            runs: Vec::new(),
            places: Vec::with_capacity(slots.len()),
        };
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for slot in slots {
            let place = kept.places.get(&piece.key(slot.recno));
            let place = place.and_then(|(run, at)| {
                // Those beside each other mostly came together.
                let known = found.runs.iter().rposition(|(number, _)| number == run);
                let known = known.or_else(|| {
                    let at = usize::try_from(run.checked_sub(kept.gone)?).ok()?;
                    found.runs.push((*run, Arc::clone(kept.runs.get(at)?)));
                    Some(found.runs.len() - 1)
                });
                Some((known?, *at))
            });
            found.places.push(place);
        }
        found
    }

    /// Keeps what was read in a view of an epoch.
    fn keep(&self, run: Run, epoch: i64) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let weight = run.weight();
        let room = kept.most.saturating_sub(kept.bytes);
        if run.ends.is_empty()
            || epoch < kept.erased
            || weight > kept.most
            || weight > room && weight > LARGE
        {
            return;
        }
        while kept.bytes + weight > kept.most && kept.let_go() {}
        let number = kept.gone + kept.runs.len() as u64;
        for (at, (key, _)) in (0..).zip(&run.ends) {
            kept.places.insert(*key, (number, at));
        }
        kept.bytes += weight;
        kept.runs.push_back(Arc::new(run));
    }

    /// Lets go of what an erasure takes, with all that was read together with it.
    pub(crate) fn forget(&self, recnos: &[i64], epoch: i64) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.erased = epoch;
        let pieces = [Piece::Content, Piece::Name];
        for key in recnos
            .iter()
            .flat_map(|r| pieces.map(|piece| piece.key(*r)))
        {
            for run in 0..kept.runs.len() {
                let has = kept.runs.get(run).is_some_and(|run| run.has(key));
                if has && let Some(run) = kept.runs.get_mut(run) {
                    let run = std::mem::take(run);
                    kept.bytes = kept.bytes.saturating_sub(run.weight());
                    kept.unplace(&run);
                }
            }
        }
    }
}

impl Run {
    fn has(&self, key: u64) -> bool {
        self.ends.iter().any(|(of, _)| *of == key)
    }
}

impl Kept {
    /// Lets the oldest run go; `false` if there is none.
    fn let_go(&mut self) -> bool {
        let Some(run) = self.runs.pop_front() else {
            return false;
        };
        self.gone += 1;
        self.bytes = self.bytes.saturating_sub(run.weight());
        self.unplace(&run);
        true
    }

    fn unplace(&mut self, run: &Run) {
        for (key, _) in &run.ends {
            // It may have been read again since, and stand in a later run.
            let stale = self.places.get(key).is_some_and(|(number, at)| {
                let of = number
                    .checked_sub(self.gone)
                    .and_then(|at| usize::try_from(at).ok());
                let there = of.and_then(|of| self.runs.get(of));
                there.is_none_or(|there| {
                    let entry = there.ends.get(*at as usize);
                    entry.is_none_or(|(of, _)| of != key)
                })
            });
            if stale {
                self.places.remove(key);
            }
        }
    }
}

impl Reader<'_> {
    /// A piece of each slot's record, in the order of the slots, each added to what they become together. What is not in memory is read,
    /// and kept there.
    pub(crate) fn pieces<A>(
        &self,
        slots: &[Slot],
        piece: Piece,
        begin: A,
        mut add: impl FnMut(A, &Slot, &[u8]) -> Result<ControlFlow<A, A>>,
    ) -> Result<A> {
        if lie_together(slots) {
            return self.along(slots, piece, begin, add);
        }
        let shared = self.shared().pieces();
        let found = shared.find(piece, slots);
        let (mut all, mut fresh, mut name) = (begin, Run::default(), Vec::new());
        let (mut at, mut ended) = (0, false);
        while at < slots.len() && !ended {
            let known = found.places.get(at..).unwrap_or_default();
            let alike =
                |place: &&Option<_>| place.is_some() == known.first().is_some_and(Option::is_some);
            let next = at + known.iter().take_while(alike).count().max(1);
            let part = slots.get(at..next).unwrap_or_default();
            if found.get(at).is_some() {
                for (at, slot) in (at..).zip(part) {
                    let flow = add(all, slot, found.get(at).unwrap_or_default())?;
                    ended = flow.is_break();
                    all = whole(flow);
                    if ended {
                        break;
                    }
                }
            } else {
                all = self.fold(part, piece.columns(), all, |before, slot, row| {
                    let bytes = match piece {
                        Piece::Content => content_of(row)?,
                        Piece::Name => {
                            name.clear();
                            name_of(row, &mut name)?;
                            &name
                        }
                    };
                    fresh.add(piece.key(slot.recno), bytes);
                    let flow = add(before, slot, bytes)?;
                    ended = flow.is_break();
                    Ok(flow)
                })?;
            }
            at = next;
        }
        shared.keep(fresh, self.epoch());
        Ok(all)
    }

    /// The same as they lie in the database.
    fn along<A>(
        &self,
        slots: &[Slot],
        piece: Piece,
        begin: A,
        mut add: impl FnMut(A, &Slot, &[u8]) -> Result<ControlFlow<A, A>>,
    ) -> Result<A> {
        let mut name = Vec::new();
        self.fold(
            slots,
            piece.columns(),
            begin,
            |before, slot, row| match piece {
                Piece::Content => add(before, slot, content_of(row)?),
                Piece::Name => {
                    name.clear();
                    name_of(row, &mut name)?;
                    add(before, slot, &name)
                }
            },
        )
    }
}

/// Whether these are many, most of them one after another: then reading them costs less than looking for them here and keeping them.
fn lie_together(slots: &[Slot]) -> bool {
    let next = |pair: &&[Slot]| matches!(pair, [a, b] if a.recno.checked_add(1) == Some(b.recno));
    slots.len() > MANY && slots.windows(2).filter(next).count() > slots.len() / 4 * 3
}

fn content_of<'r>(row: &'r rusqlite::Row<'_>) -> Result<&'r [u8]> {
    Ok(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)
}

fn whole<A>(flow: ControlFlow<A, A>) -> A {
    match flow {
        ControlFlow::Continue(all) | ControlFlow::Break(all) => all,
    }
}

/// Specification, length of the id, id, version as written.
fn name_of(row: &rusqlite::Row<'_>, name: &mut Vec<u8>) -> Result<()> {
    let text = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?);
    let (id, version) = (text(0)?, text(1)?);
    let spec: i64 = row.get(2)?;
    name.push(u8::try_from(spec).unwrap_or(u8::MAX));
    name.extend_from_slice(&u16::try_from(id.len()).unwrap_or(u16::MAX).to_be_bytes());
    name.extend_from_slice(id.as_bytes());
    let mut written = String::new();
    write_version(version, &mut written);
    name.extend_from_slice(written.as_bytes());
    Ok(())
}

/// What [`name_of`] wrote: specification, id, version.
pub(crate) fn read_name(name: &[u8]) -> Result<(i64, &str, &str)> {
    let read = || {
        let (spec, rest) = name.split_first()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (id, version) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        let text = |bytes| std::str::from_utf8(bytes).ok();
        Some((i64::from(*spec), text(id)?, text(version)?))
    };
    read().ok_or_else(|| Error::Damaged("the name of a record cannot be read".to_owned()))
}

/// For maps whose keys nobody chooses.
pub(crate) type Spreading = BuildHasherDefault<Spread>;

/// Spreads numbers that follow one another. Nobody chooses them, so nobody can make them collide.
#[derive(Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let number = part
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte));
            self.write_u64(number);
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of the contents of some records, each as many bytes as its number says.
    fn run(recnos: &[i64]) -> Run {
        let mut run = Run::default();
        for recno in recnos {
            let letter = b'a' + u8::try_from(recno % 26).unwrap();
            run.add(
                Piece::Content.key(*recno),
                &vec![letter; usize::try_from(*recno).unwrap()],
            );
        }
        run
    }

    fn found(pieces: &Pieces, recnos: &[i64]) -> Vec<Option<usize>> {
        let slots: Vec<Slot> = recnos.iter().map(|recno| Slot::at(*recno)).collect();
        let found = pieces.find(Piece::Content, &slots);
        let lengths = (0..recnos.len()).map(|at| found.get(at).map(<[u8]>::len));
        lengths.collect()
    }

    #[test]
    fn the_oldest_goes_first_and_what_was_read_again_stays() {
        let pieces = Pieces::up_to(3 * (100 + EACH));
        pieces.keep(run(&[90]), 0);
        pieces.keep(run(&[91]), 0);
        pieces.keep(run(&[90]), 0);
        assert_eq!(found(&pieces, &[90, 91, 92]), [Some(90), Some(91), None]);
        pieces.keep(run(&[92]), 0);
        assert_eq!(
            found(&pieces, &[92, 90, 91]),
            [Some(92), Some(90), Some(91)]
        );
        pieces.keep(run(&[93]), 0);
        assert_eq!(found(&pieces, &[90, 91, 93]), [Some(90), None, Some(93)]);
        let kept = pieces.0.read().unwrap();
        let weight: usize = kept.runs.iter().map(|run| run.weight()).sum();
        assert_eq!(kept.bytes, weight);
        assert_eq!(kept.places.len(), 3);
    }

    #[test]
    fn what_is_erased_leaves_and_does_not_come_back() {
        let pieces = Pieces::up_to(1 << 20);
        pieces.keep(run(&[5, 6]), 3);
        pieces.keep(run(&[6, 7]), 3);
        pieces.keep(run(&[8]), 3);
        pieces.forget(&[6], 4);
        assert_eq!(found(&pieces, &[5, 6, 7, 8]), [None, None, None, Some(8)]);
        let bytes = pieces
            .0
            .read()
            .unwrap()
            .runs
            .iter()
            .map(|run| run.bytes.len())
            .sum::<usize>();
        assert_eq!(bytes, 8, "no copy stays");
        pieces.keep(run(&[6]), 3);
        assert_eq!(found(&pieces, &[6]), [None], "read before it was erased");
        pieces.keep(run(&[5]), 4);
        assert_eq!(found(&pieces, &[5, 8]), [Some(5), Some(8)]);
    }

    #[test]
    fn a_large_page_takes_nobodys_place() {
        let pieces = Pieces::up_to(LARGE * 3);
        pieces.keep(run(&[LARGE as i64]), 0);
        pieces.keep(run(&[LARGE as i64 + 1]), 0);
        assert_eq!(
            found(&pieces, &[LARGE as i64, LARGE as i64 + 1])
                .iter()
                .flatten()
                .count(),
            2
        );
        pieces.keep(run(&[LARGE as i64 + 2]), 0);
        assert_eq!(found(&pieces, &[LARGE as i64 + 2]), [None]);
        pieces.keep(run(&[LARGE as i64 / 2]), 0);
        assert_eq!(
            found(&pieces, &[LARGE as i64, LARGE as i64 / 2]),
            [Some(LARGE), Some(LARGE / 2)]
        );
    }
}
