//! What a side would have a passage say: it writes the passage as it should read, with square brackets around what it does not agree to.
//! Invariant: words of others are never removed by this, only struck; a side's own are.

use super::compare::{Cut, Step, letters};
use super::ink::{Glyph, Ink, glyphs, inked};
use crate::records::Passage;

/// What is wrong with what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// A bracket is not closed, or not opened.
    Brackets,
}

/// A passage as its side would edit it: what nobody would take out, with brackets where words are held.
pub fn view(passage: &Passage) -> String {
    let mut out = String::new();
    let mut held = false;
    for glyph in glyphs(passage) {
        if glyph.ink.out_by.is_some() {
            continue;
        }
        let now = glyph.ink.held_by.is_some();
        if now != held {
            out.push(if now { '[' } else { ']' });
            held = now;
        }
        out.push(glyph.letter);
    }
    if held {
        out.push(']');
    }
    out
}

/// The letters of what was written, each with whether it is in brackets.
fn bracketed(text: &str) -> Result<Vec<(char, bool)>, Wrong> {
    let (mut depth, mut found) = (0_usize, Vec::new());
    for letter in text.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.checked_sub(1).ok_or(Wrong::Brackets)?,
            letter => found.push((letter, depth > 0)),
        }
    }
    if depth == 0 {
        Ok(found)
    } else {
        Err(Wrong::Brackets)
    }
}

/// A passage as a side would have it read; `None` where the side takes back all there was, which was its own.
///
/// # Errors
/// When the brackets do not go together.
pub fn propose(passage: &Passage, side: &str, text: &str) -> Result<Option<Passage>, Wrong> {
    let text = text.replace("\r\n", "\n");
    let wanted = bracketed(text.trim())?;
    let old = glyphs(passage);
    let seen: Vec<usize> = (0..old.len())
        .filter(|place| old[*place].ink.out_by.is_none())
        .collect();
    let first: Vec<char> = seen.iter().map(|place| old[*place].letter).collect();
    let second: Vec<char> = wanted.iter().map(|(letter, _)| *letter).collect();
    let mut new: Vec<Glyph> = Vec::with_capacity(old.len() + wanted.len());
    let mut next = 0;
    // What is hidden from the view, because somebody would take it out, stays where it is.
    let pass = |new: &mut Vec<Glyph>, next: &mut usize, until: usize| {
        while *next < until {
            new.push(old[*next].clone());
            *next += 1;
        }
    };
    let whole = |letters| Cut {
        letters,
        before: &[],
    };
    for step in letters(whole(&first), whole(&second)) {
        match step {
            Step::Both(i, j) => {
                pass(&mut new, &mut next, seen[i]);
                let mut glyph = old[seen[i]].clone();
                match (wanted[j].1, glyph.ink.held_by.as_deref()) {
                    (true, None) if glyph.ink.in_by.is_none() => {
                        glyph.ink.held_by = Some(side.to_owned());
                    }
                    (false, Some(holder)) if holder == side => glyph.ink.held_by = None,
                    _ => {}
                }
                new.push(glyph);
                next = seen[i] + 1;
            }
            Step::First(i) => {
                pass(&mut new, &mut next, seen[i]);
                next = seen[i] + 1;
                new.extend(struck(old[seen[i]].clone(), side));
            }
            Step::Second(j) => new.push(Glyph {
                letter: wanted[j].0,
                ink: Ink::put_in(side),
            }),
        }
    }
    pass(&mut new, &mut next, old.len());
    Ok(inked(passage, &new))
}

/// A letter that a side strikes: its own is gone, another's stays with the objection.
pub(super) fn struck(mut glyph: Glyph, side: &str) -> Option<Glyph> {
    if glyph.ink.in_by.as_deref() == Some(side) {
        return None;
    }
    if glyph.ink.held_by.as_deref() == Some(side) {
        glyph.ink.held_by = None;
    }
    match glyph.ink.out_by.as_deref() {
        None => glyph.ink.out_by = Some(side.to_owned()),
        Some(by) if by == side => {}
        Some(_) => {
            if !glyph.ink.agreed_by.iter().any(|one| one == side) {
                glyph.ink.agreed_by.push(side.to_owned());
            }
        }
    }
    Some(glyph)
}

/// A passage as it stands when a side would take it out altogether.
pub fn strike(passage: &Passage, side: &str) -> Option<Passage> {
    let left: Vec<Glyph> = glyphs(passage)
        .into_iter()
        .filter_map(|glyph| struck(glyph, side))
        .collect();
    inked(passage, &left)
}
