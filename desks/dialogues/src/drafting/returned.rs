//! What a file that came back does to the round that it was made from. Invariant: each change is its author's side's; what was changed
//! without being recorded is found by comparing, told so, and put down to the side that sent the file; nothing that stood is lost by it.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Cut, Step, letters, steps};
use super::docx::{Returned, Seen, flat};
use super::ink::{Glyph, Ink, parted, runs, text};
use super::propose::struck;
use super::settle::{Act, done};
use crate::records::{Passage, PassageState, Remark};

mod authors;

use authors::is_old;
pub use authors::{Author, authors};

/// What a file was made from, and who is who in it.
pub struct Senders<'a> {
    /// The passages of the round.
    pub base: &'a [Passage],
    /// The moment of the round, as its file had it.
    pub stamp: &'a str,
    /// What the file calls a side.
    pub name: &'a dyn Fn(&str) -> String,
    /// The side of each author.
    pub sides: &'a BTreeMap<String, String>,
    /// The side that sent it.
    pub sender: &'a str,
    /// The parties.
    pub parties: &'a [String],
    /// When it was received, for comments without a date.
    pub at: &'a str,
}

/// What whoever takes a file in should know, each with how often.
pub type Findings = BTreeMap<&'static str, u32>;

/// How often something happened, told by stretches that lie together.
#[derive(Default)]
struct Tally {
    found: Findings,
    last: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn add(&mut self, what: &'static str, place: usize) {
        if self.last.get(what).is_none_or(|last| place != last + 1) {
            *self.found.entry(what).or_default() += 1;
        }
        self.last.insert(what, place);
    }
}

/// A letter of what comes of it, with its places in the round and in the file.
struct Out {
    glyph: Glyph,
    of: Option<usize>,
    seen: Option<usize>,
}

struct Reading<'a> {
    by: &'a Senders<'a>,
    doc: &'a Returned,
    old: Vec<bool>,
    /// No change in the file is told to be of the round: names were taken out of it.
    nameless: bool,
    all: Vec<(Glyph, usize)>,
    out: Vec<Out>,
    tally: Tally,
    /// How many letters were gone through: what went and what came in its place lie together.
    at: usize,
}

impl Reading<'_> {
    /// The side of a change that the file did not leave with.
    fn side(&self, sign: Option<usize>) -> Option<String> {
        let sign = sign.filter(|sign| !self.old.get(*sign).copied().unwrap_or(false))?;
        let author = &self.doc.signs.get(sign)?.author;
        let known = self.by.sides.get(author);
        Some(known.map_or_else(|| self.by.sender.to_owned(), Clone::clone))
    }

    fn is_new(&self, seen: &Seen) -> bool {
        !self.nameless && self.side(seen.put_in).is_some()
    }

    fn push(&mut self, glyph: Option<Glyph>, of: Option<usize>, seen: Option<usize>) {
        if let Some(glyph) = glyph {
            self.out.push(Out { glyph, of, seen });
        }
    }

    /// A letter of the round that the file has.
    fn there(&mut self, e: usize, d: usize) {
        self.at += 1;
        let (mut glyph, seen) = (self.all[e].0.clone(), self.doc.letters[d].clone());
        let bracket = matches!(glyph.letter, '[' | ']');
        let sender = self.by.sender;
        let taken = if self.nameless && glyph.ink.out_by.is_some() {
            None
        } else {
            self.side(seen.taken_out)
        };
        if let Some(side) = taken {
            glyph.ink.moved |= seen.moved;
            let kept = if bracket {
                if glyph.ink.in_by.as_deref() == Some(side.as_str()) {
                    None
                } else {
                    self.tally.add("brackets", e);
                    Some(glyph)
                }
            } else if glyph.letter == '\n' {
                glyph.ink.out_by = glyph.ink.out_by.or(Some(side));
                Some(glyph)
            } else {
                struck(glyph, &side)
            };
            return self.push(kept, Some(e), Some(d));
        }
        let plain = seen.put_in.is_none();
        let ink = &glyph.ink;
        if bracket || glyph.letter == '\n' {
            return self.push(Some(glyph), Some(e), Some(d));
        }
        let kept = match (ink.in_by.as_deref(), ink.out_by.as_deref()) {
            (Some(by), None) if plain && by != sender => {
                self.tally.add("accepted", e);
                done(glyph, Act::Accept, sender, self.by.parties)
            }
            (None, Some(by)) if seen.taken_out.is_none() => {
                self.tally.add("rejected", e);
                let act = if by == sender {
                    Act::Withdraw
                } else {
                    Act::Refuse
                };
                done(glyph, act, sender, self.by.parties)
            }
            _ => Some(glyph),
        };
        self.push(kept, Some(e), Some(d));
    }

    /// A letter of the round that the file has no more.
    fn gone(&mut self, e: usize) {
        self.at += 1;
        let mut glyph = self.all[e].0.clone();
        let sender = self.by.sender;
        let parties = self.by.parties;
        let kept = match (
            glyph.letter,
            glyph.ink.in_by.as_deref(),
            glyph.ink.out_by.as_deref(),
        ) {
            ('[' | ']', Some(holder), _) => {
                if holder == sender {
                    None
                } else {
                    self.tally.add("brackets", e);
                    Some(glyph)
                }
            }
            ('\n', None, None) => {
                glyph.ink.out_by = Some(sender.to_owned());
                glyph.ink.untracked = true;
                Some(glyph)
            }
            ('\n', ..) => Some(glyph),
            (_, Some(by), None) => {
                if by != sender {
                    self.tally.add("rejected", e);
                }
                struck(glyph, sender)
            }
            (_, None, Some(by)) if by != sender => {
                self.tally.add("accepted", e);
                done(glyph, Act::Accept, sender, parties)
            }
            (_, Some(by), Some(_)) if by == sender => None,
            (_, None, None) => {
                self.tally.add("untracked", self.at);
                glyph.ink.untracked = true;
                struck(glyph, sender)
            }
            _ => Some(glyph),
        };
        self.push(kept, Some(e), None);
    }

    /// A letter that the file has and the round had not.
    fn came(&mut self, d: usize) {
        self.at += 1;
        let seen = self.doc.letters[d].clone();
        let tracked = self.side(seen.put_in);
        if tracked.is_none() && seen.letter != '\n' {
            self.tally.add("untracked", self.at);
        }
        let side = tracked.clone().unwrap_or_else(|| self.by.sender.to_owned());
        let mut ink = Ink {
            untracked: tracked.is_none(),
            moved: seen.moved,
            ..Ink::put_in(&side)
        };
        match self.side(seen.taken_out) {
            // Put in and taken out by one side: nothing happened.
            Some(other) if other == side => return,
            other => ink.out_by = other,
        }
        self.push(
            Some(Glyph {
                letter: seen.letter,
                ink,
            }),
            None,
            Some(d),
        );
    }

    fn read(&mut self) {
        let kept: Vec<usize> = (0..self.doc.letters.len())
            .filter(|d| !self.is_new(&self.doc.letters[*d]))
            .collect();
        let first: Vec<char> = self.all.iter().map(|(glyph, _)| glyph.letter).collect();
        let second: Vec<char> = kept.iter().map(|d| self.doc.letters[*d].letter).collect();
        let open: Vec<bool> = self
            .all
            .iter()
            .map(|(glyph, _)| glyph.ink.is_open())
            .collect();
        // Where a change of the round begins and ends, a word does too, in both.
        let of_round = |at: usize| {
            let ink = &self.all[at].0.ink;
            (ink.in_by.clone(), ink.out_by.clone())
        };
        let of_file = |at: usize| {
            let seen = &self.doc.letters[kept[at]];
            let old =
                |sign: Option<usize>| sign.filter(|_| self.nameless || self.side(sign).is_none());
            (old(seen.put_in), old(seen.taken_out))
        };
        let first_cut: Vec<bool> = (0..first.len())
            .map(|at| at > 0 && of_round(at) != of_round(at - 1))
            .collect();
        let second_cut: Vec<bool> = (0..second.len())
            .map(|at| at > 0 && of_file(at) != of_file(at - 1))
            .collect();
        let found = letters(
            Cut {
                letters: &first,
                before: &first_cut,
            },
            Cut {
                letters: &second,
                before: &second_cut,
            },
        );
        let found = refined(&found, (&first, &open), &second);
        let mut next = 0;
        for step in found {
            // What was put in before this letter of the file comes before it.
            let until = match step {
                Step::Both(_, r) | Step::Second(r) => kept.get(r).copied(),
                Step::First(_) => None,
            };
            if let Some(until) = until {
                while next < until {
                    self.came(next);
                    next += 1;
                }
                next = until + 1;
            }
            match step {
                Step::Both(e, r) => self.there(e, kept[r]),
                Step::First(e) => self.gone(e),
                Step::Second(r) => self.came(kept[r]),
            }
        }
        while next < self.doc.letters.len() {
            self.came(next);
            next += 1;
        }
        self.let_go_of_blanks();
    }

    /// Of words that a side put in and the file has no more, the blanks beside them go the same way: whoever rejects a word leaves them.
    fn let_go_of_blanks(&mut self) {
        let kept: BTreeSet<usize> = self
            .out
            .iter()
            .filter_map(|one| one.of.filter(|_| one.seen.is_some()))
            .collect();
        let (all, sender) = (&self.all, self.by.sender);
        let blank = |letter: char| letter.is_whitespace() && letter != '\n';
        let is_left = |at: usize| {
            let by = &all[at].0.ink.in_by;
            let is_of = |at: &usize| all[*at].0.ink.in_by == *by && all[*at].0.letter != '\n';
            let before = (0..=at).rev().take_while(is_of);
            let words = before.chain((at..all.len()).take_while(is_of));
            let mut words = words.filter(|at| !blank(all[*at].0.letter)).peekable();
            words.peek().is_some() && words.all(|at| !kept.contains(&at))
        };
        let out = std::mem::take(&mut self.out);
        // Where something else came in place of the word, its blank parts that from what stands beside it.
        let is_word = |one: &Out| !one.glyph.letter.is_whitespace();
        let mut before_word = vec![false; out.len()];
        let mut word = false;
        for (place, one) in before_word.iter_mut().zip(&out).rev() {
            *place = word;
            if one.seen.is_some() {
                word = is_word(one);
            }
        }
        let mut after_word = false;
        for (one, before_word) in out.into_iter().zip(before_word) {
            let ink = &one.glyph.ink;
            let open = ink.in_by.is_some() && ink.out_by.is_none();
            let parts = after_word && before_word;
            if blank(one.glyph.letter) && open && !parts && one.of.is_some_and(is_left) {
                if let Some(glyph) = struck(one.glyph, sender) {
                    self.out.push(Out { glyph, ..one });
                }
                continue;
            }
            if one.seen.is_some() {
                after_word = is_word(&one);
            }
            self.out.push(one);
        }
    }
}

/// Steps between words, told letter by letter where only what was open went: a change was accepted or rejected inside a word. Blanks
/// alone are no change.
fn refined(found: &[Step], (first, open): (&[char], &[bool]), second: &[char]) -> Vec<Step> {
    let mut all = Vec::with_capacity(found.len());
    let mut at = 0;
    while at < found.len() {
        if let Step::Both(..) = found[at] {
            all.push(found[at]);
            at += 1;
            continue;
        }
        let group: Vec<Step> = found[at..]
            .iter()
            .copied()
            .take_while(|step| !matches!(step, Step::Both(..)))
            .collect();
        at += group.len();
        let gone: Vec<usize> = group
            .iter()
            .filter_map(|step| match step {
                Step::First(e) => Some(*e),
                _ => None,
            })
            .collect();
        let new: Vec<usize> = group
            .iter()
            .filter_map(|step| match step {
                Step::Second(r) => Some(*r),
                _ => None,
            })
            .collect();
        let blank = |letter: char| letter.is_whitespace() && letter != '\n';
        let blanks = gone.iter().all(|e| blank(first[*e]) && !open[*e])
            && new.iter().all(|r| blank(second[*r]));
        if blanks && !gone.is_empty() && !new.is_empty() {
            all.extend(gone.iter().zip(&new).map(|(e, r)| Step::Both(*e, *r)));
            continue;
        }
        let a: Vec<char> = gone.iter().map(|e| first[*e]).collect();
        let b: Vec<char> = new.iter().map(|r| second[*r]).collect();
        let by_letter = steps(&a, &b);
        let explained = by_letter.iter().all(|step| match step {
            Step::Both(..) => true,
            Step::First(i) => open[gone[*i]],
            Step::Second(_) => false,
        });
        if explained && !new.is_empty() {
            all.extend(by_letter.into_iter().map(|step| match step {
                Step::Both(i, j) => Step::Both(gone[i], new[j]),
                Step::First(i) => Step::First(gone[i]),
                Step::Second(j) => Step::Second(new[j]),
            }));
        } else {
            all.extend(group);
        }
    }
    all
}

/// Letters in brackets held by whoever put the brackets; whether the brackets went together.
fn held(glyphs: Vec<Glyph>, sender: &str) -> (Vec<Glyph>, bool) {
    let (mut open, mut found, mut good) = (Vec::<String>::new(), Vec::new(), true);
    for mut glyph in glyphs {
        match glyph.letter {
            '[' => {
                if glyph.ink.out_by.is_none() {
                    open.push(glyph.ink.in_by.unwrap_or_else(|| sender.to_owned()));
                }
            }
            ']' => good &= glyph.ink.out_by.is_some() || open.pop().is_some(),
            _ => {
                if glyph.ink.held_by.is_none() && glyph.ink.in_by.is_none() {
                    glyph.ink.held_by = open.last().cloned();
                }
                found.push(glyph);
            }
        }
    }
    (found, good && open.is_empty())
}

/// What the round becomes by the file, passage by passage, and what to know about it.
pub fn returned(
    by: &Senders<'_>,
    doc: &Returned,
    fresh: &mut dyn FnMut() -> String,
) -> (Vec<Passage>, Findings) {
    let old = is_old(doc, by.base, by.stamp, by.name);
    let all = flat(by.base);
    let asked = all.iter().any(|(glyph, _)| glyph.ink.is_open());
    let nameless = asked && !doc.signs.is_empty() && old.iter().all(|old| !old);
    let mut reading = Reading {
        by,
        doc,
        old,
        nameless,
        all,
        out: Vec::new(),
        tally: Tally::default(),
        at: 0,
    };
    reading.read();
    let Reading {
        out,
        all,
        mut tally,
        ..
    } = reading;
    // A passage ends where one of the round did.
    let mut segments: Vec<(usize, Vec<Out>)> = vec![(0, Vec::new())];
    let mut joins: BTreeMap<usize, String> = BTreeMap::new();
    for one in out {
        let ends = one.glyph.letter == '\n';
        match one.of.filter(|_| ends).and_then(|e| all.get(e)) {
            Some((_, place)) => {
                if let Some(side) = &one.glyph.ink.out_by {
                    joins.insert(*place, side.clone());
                }
                segments.push((place + 1, Vec::new()));
            }
            None => {
                if let Some((_, segment)) = segments.last_mut() {
                    segment.push(one);
                }
            }
        }
    }
    let mut remarks = placed(by, doc, &segments);
    let mut passages = Vec::new();
    for (place, segment) in segments {
        let Some(base) = by.base.get(place) else {
            continue;
        };
        let glyphs: Vec<Glyph> = segment.into_iter().map(|one| one.glyph).collect();
        let (glyphs, good) = held(glyphs, by.sender);
        if !good {
            tally.add("unbalanced", 2 * place);
        }
        let whole = matches!(base.state, PassageState::Proposed | PassageState::Deleted)
            || glyphs.iter().all(|glyph| glyph.ink.out_by.is_some());
        let passage = Passage {
            words: text(&glyphs),
            runs: runs(&glyphs),
            joins_by: joins.get(&place).filter(|_| !whole).cloned(),
            remarks: remarks
                .remove(&place)
                .unwrap_or_else(|| base.remarks.clone()),
            ..base.clone()
        };
        if !glyphs.is_empty() {
            passages.extend(parted(&passage, fresh));
        }
    }
    let mut found = tally.found;
    let mut say = |what: &'static str, count: u32| {
        if count > 0 {
            found.insert(what, count);
        }
    };
    say("form", doc.form);
    say("beside", u32::from(doc.beside));
    say("macros", u32::from(doc.macros));
    say("nameless", u32::from(nameless));
    let mut last = false;
    let moved = doc.letters.iter().filter(|seen| {
        let begins = seen.moved && !last;
        last = seen.moved;
        begins
    });
    say("moved", u32::try_from(moved.count()).unwrap_or(u32::MAX));
    (passages, found)
}

/// The remarks of each passage, with those that the file brought.
fn placed(
    by: &Senders<'_>,
    doc: &Returned,
    segments: &[(usize, Vec<Out>)],
) -> BTreeMap<usize, Vec<Remark>> {
    let mut all: BTreeMap<usize, Vec<Remark>> = by
        .base
        .iter()
        .enumerate()
        .map(|(place, passage)| (place, passage.remarks.clone()))
        .collect();
    let mut named: BTreeMap<usize, (usize, u32)> = BTreeMap::new();
    for (number, note) in doc.notes.iter().enumerate() {
        if note.words.is_empty() {
            continue;
        }
        let at = |segment: &Vec<Out>| {
            segment
                .iter()
                .any(|one| one.seen.is_some_and(|seen| seen >= note.about.start))
        };
        let place = segments
            .iter()
            .find(|(_, segment)| at(segment))
            .or(segments.last())
            .map_or(0, |(place, _)| *place);
        let place = place.min(by.base.len().saturating_sub(1));
        let remarks = all.entry(place).or_default();
        let known = remarks.iter().position(|remark| {
            remark.words == note.words && (by.name)(&remark.by) == note.sign.author
        });
        let own = known.unwrap_or(remarks.len());
        named.insert(number, (place, u32::try_from(own).unwrap_or_default()));
        if known.is_some() {
            continue;
        }
        let on: String = doc
            .letters
            .get(note.about.clone())
            .unwrap_or_default()
            .iter()
            .take_while(|seen| seen.letter != '\n')
            .take(200)
            .map(|seen| seen.letter)
            .collect();
        let on = on.trim().to_owned();
        let whole = by
            .base
            .get(place)
            .is_some_and(|passage| passage.words == on);
        let side = by.sides.get(&note.sign.author);
        let day = format!("{}Z", note.sign.date);
        remarks.push(Remark {
            by: side.map_or_else(|| by.sender.to_owned(), Clone::clone),
            words: note.words.clone(),
            at: if note.sign.date.len() == 19 {
                day
            } else {
                by.at.to_owned()
            },
            on: Some(on).filter(|on| !on.is_empty() && !whole),
            answers: note
                .answers
                .and_then(|of| named.get(&of))
                .filter(|(of, _)| *of == place)
                .map(|(_, answers)| *answers),
        });
    }
    all
}
