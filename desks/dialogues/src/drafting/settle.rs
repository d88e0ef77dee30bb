//! What is open in a passage, change by change, and what a side does about it. Invariant: a side takes back only what is its own; what
//! somebody put forward stands when every other party has agreed, not before.

use super::ink::{Glyph, Ink, glyphs, inked};
use crate::records::Passage;

/// What kind of change is put forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Words to be put in.
    In,
    /// Words to be taken out.
    Out,
    /// Words to be put in where others are taken out by the same side.
    Instead,
    /// Words that another side put in and this one would not have.
    Against,
    /// Words held in brackets.
    Held,
}

impl What {
    /// Its word in keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Instead => "instead",
            Self::Against => "against",
            Self::Held => "held",
        }
    }
}

/// One thing that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place among those of the passage.
    pub place: usize,
    /// What it is.
    pub what: What,
    /// The side that put it forward.
    pub by: String,
    /// The side whose words it is against.
    pub against: Option<String>,
    /// The words to be put in, held, or objected to.
    pub words: String,
    /// The words to be taken out.
    pub gone: String,
    /// Who agreed already.
    pub agreed_by: Vec<String>,
    /// Whether it was found by comparing.
    pub untracked: bool,
    /// Whether it was moved.
    pub moved: bool,
    range: std::ops::Range<usize>,
}

/// What a side does about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It agrees.
    Accept,
    /// It keeps it in brackets: an agreement given before is taken back.
    Keep,
    /// It does not agree and says so in the text.
    Refuse,
    /// It takes back its own.
    Withdraw,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Keep, Self::Refuse, Self::Withdraw];

    /// Its word in forms and keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Keep => "keep",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

fn kind(ink: &Ink) -> Option<(What, &str)> {
    match (&ink.in_by, &ink.out_by, &ink.held_by) {
        (Some(_), Some(out), _) => Some((What::Against, out)),
        (Some(by), None, _) => Some((What::In, by)),
        (None, Some(by), _) => Some((What::Out, by)),
        (None, None, Some(by)) => Some((What::Held, by)),
        (None, None, None) => None,
    }
}

/// What is open in a passage, in the order of its words.
pub fn changes(passage: &Passage) -> Vec<Change> {
    let all = glyphs(passage);
    let mut found: Vec<Change> = Vec::new();
    let mut last: Option<&Ink> = None;
    for (place, glyph) in all.iter().enumerate() {
        let Some((what, by)) = kind(&glyph.ink) else {
            last = None;
            continue;
        };
        let letter = glyph.letter;
        if let Some(change) = found.last_mut()
            && change.range.end == place
        {
            let same = last == Some(&glyph.ink);
            let instead = change.by == by
                && what == What::In
                && matches!(change.what, What::Out | What::Instead)
                && glyph.ink.agreed_by == change.agreed_by
                && (same || change.what == What::Out);
            if same || instead {
                if instead {
                    change.what = What::Instead;
                }
                if what == What::Out {
                    change.gone.push(letter);
                } else {
                    change.words.push(letter);
                }
                change.untracked |= glyph.ink.untracked;
                change.range.end = place + 1;
                last = Some(&glyph.ink);
                continue;
            }
        }
        let text = |on: bool| {
            if on {
                letter.to_string()
            } else {
                String::new()
            }
        };
        found.push(Change {
            place: found.len(),
            what,
            by: by.to_owned(),
            against: glyph.ink.in_by.clone().filter(|_| what == What::Against),
            words: text(what != What::Out),
            gone: text(what == What::Out),
            agreed_by: glyph.ink.agreed_by.clone(),
            untracked: glyph.ink.untracked,
            moved: glyph.ink.moved,
            range: place..place + 1,
        });
        last = Some(&glyph.ink);
    }
    found
}

impl Change {
    /// What a side may do about it.
    pub fn acts(&self, side: &str) -> Vec<Act> {
        if self.by == side {
            return vec![Act::Withdraw];
        }
        match self.what {
            What::Held => Vec::new(),
            What::Against if self.against.as_deref() == Some(side) => vec![Act::Accept],
            What::Against => Vec::new(),
            _ if self.agreed_by.iter().any(|one| one == side) => vec![Act::Keep],
            _ => vec![Act::Accept, Act::Refuse],
        }
    }
}

/// A passage after a side did something about a change; `None` where nothing of it is left. What the side may not do changes nothing.
pub fn settle(
    passage: &Passage,
    place: usize,
    act: Act,
    side: &str,
    parties: &[String],
) -> Option<Passage> {
    let changes = changes(passage);
    let Some(change) = changes
        .get(place)
        .filter(|one| one.acts(side).contains(&act))
    else {
        return Some(passage.clone());
    };
    let mut left = Vec::new();
    for (at, glyph) in glyphs(passage).into_iter().enumerate() {
        if change.range.contains(&at) {
            left.extend(done(glyph, act, side, parties));
        } else {
            left.push(glyph);
        }
    }
    inked(passage, &left)
}

/// A letter after a side did something about it.
pub(super) fn done(mut glyph: Glyph, act: Act, side: &str, parties: &[String]) -> Option<Glyph> {
    let is = |of: &Option<String>| of.as_deref() == Some(side);
    match act {
        Act::Withdraw => {
            let ink = &mut glyph.ink;
            if is(&ink.out_by) {
                ink.out_by = None;
            } else if is(&ink.in_by) {
                return None;
            } else if is(&ink.held_by) {
                ink.held_by = None;
            }
            if ink.in_by.is_none() && ink.out_by.is_none() {
                ink.agreed_by.clear();
                ink.untracked = false;
                ink.moved = false;
            }
            Some(glyph)
        }
        Act::Refuse => {
            glyph.ink.agreed_by.retain(|one| one != side);
            if glyph.ink.out_by.is_some() {
                glyph.ink.held_by = Some(side.to_owned());
                Some(glyph)
            } else {
                super::propose::struck(glyph, side)
            }
        }
        Act::Keep => {
            glyph.ink.agreed_by.retain(|one| one != side);
            Some(glyph)
        }
        Act::Accept => accepted(glyph, side, parties),
    }
}

fn accepted(mut glyph: Glyph, side: &str, parties: &[String]) -> Option<Glyph> {
    let ink = &mut glyph.ink;
    // Who put it in gives way to who would not have it.
    if ink.in_by.as_deref() == Some(side) && ink.out_by.is_some() {
        return None;
    }
    if !ink.agreed_by.iter().any(|one| one == side) {
        ink.agreed_by.push(side.to_owned());
    }
    if ink.held_by.as_deref() == Some(side) {
        ink.held_by = None;
    }
    let by = ink.out_by.clone().or_else(|| ink.in_by.clone());
    let all = parties
        .iter()
        .filter(|party| Some(*party) != by.as_ref())
        .all(|party| ink.agreed_by.contains(party));
    if !all {
        return Some(glyph);
    }
    if ink.out_by.is_some() {
        return None;
    }
    glyph.ink = Ink {
        held_by: glyph.ink.held_by.take(),
        ..Ink::default()
    };
    Some(glyph)
}
