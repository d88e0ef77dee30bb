//! Words letter by letter, each with who would have it otherwise; and back to passages. Invariant: glyphs of a passage and its runs say the
//! same; a passage without glyphs is none.

use crate::records::{Passage, PassageState, Run};

/// Who would have a letter otherwise. Nobody: it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ink {
    /// Who would put it in.
    pub in_by: Option<String>,
    /// Who would take it out.
    pub out_by: Option<String>,
    /// Who holds it in brackets.
    pub held_by: Option<String>,
    /// Who agreed already.
    pub agreed_by: Vec<String>,
    /// Whether the change was found by comparing.
    pub untracked: bool,
    /// Whether it was moved.
    pub moved: bool,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    /// The letter; a line feed for the end of a paragraph.
    pub letter: char,
    /// Whose it is.
    pub ink: Ink,
}

impl Ink {
    /// Put in by a side.
    pub fn put_in(side: &str) -> Self {
        Self {
            in_by: Some(side.to_owned()),
            ..Self::default()
        }
    }

    /// Whether somebody would have it otherwise.
    pub fn is_open(&self) -> bool {
        self.in_by.is_some() || self.out_by.is_some() || self.held_by.is_some()
    }
}

/// The letters of a passage.
pub fn glyphs(passage: &Passage) -> Vec<Glyph> {
    let stands = |letter| Glyph {
        letter,
        ink: Ink::default(),
    };
    if passage.runs.is_empty() {
        return passage.words.chars().map(stands).collect();
    }
    passage
        .runs
        .iter()
        .flat_map(|run| {
            let ink = Ink {
                in_by: run.in_by.clone(),
                out_by: run.out_by.clone(),
                held_by: run.held_by.clone(),
                agreed_by: run.agreed_by.clone(),
                untracked: run.untracked,
                moved: run.moved,
            };
            run.words.chars().map(move |letter| Glyph {
                letter,
                ink: ink.clone(),
            })
        })
        .collect()
}

/// Runs of letters whose ink is the same.
pub fn runs(glyphs: &[Glyph]) -> Vec<Run> {
    let mut runs: Vec<(Run, &Ink)> = Vec::new();
    for glyph in glyphs {
        match runs.last_mut() {
            Some((run, ink)) if **ink == glyph.ink => run.words.push(glyph.letter),
            _ => runs.push((
                Run {
                    words: glyph.letter.to_string(),
                    in_by: glyph.ink.in_by.clone(),
                    out_by: glyph.ink.out_by.clone(),
                    held_by: glyph.ink.held_by.clone(),
                    agreed_by: glyph.ink.agreed_by.clone(),
                    untracked: glyph.ink.untracked,
                    moved: glyph.ink.moved,
                },
                &glyph.ink,
            )),
        }
    }
    runs.into_iter().map(|(run, _)| run).collect()
}

/// The text of letters.
pub fn text<'g>(glyphs: impl IntoIterator<Item = &'g Glyph>) -> String {
    glyphs.into_iter().map(|glyph| glyph.letter).collect()
}

/// A passage with these letters instead of its own; `None` where nothing is left.
pub fn inked(passage: &Passage, glyphs: &[Glyph]) -> Option<Passage> {
    let mut glyphs = glyphs.to_vec();
    // What stands alone at the ends is no part of a paragraph.
    while glyphs
        .last()
        .is_some_and(|glyph| glyph.letter.is_whitespace() && !glyph.ink.is_open())
    {
        glyphs.pop();
    }
    let lead = glyphs
        .iter()
        .take_while(|glyph| glyph.letter.is_whitespace() && !glyph.ink.is_open())
        .count();
    glyphs.drain(..lead);
    if glyphs.iter().all(|glyph| glyph.letter.is_whitespace()) {
        return None;
    }
    let one = |of: fn(&Ink) -> &Option<String>| -> Option<String> {
        let first = of(&glyphs.first()?.ink).clone()?;
        let all = glyphs
            .iter()
            .all(|glyph| of(&glyph.ink).as_deref() == Some(first.as_str()));
        all.then_some(first)
    };
    let (put_in, taken_out) = (one(|ink| &ink.in_by), one(|ink| &ink.out_by));
    let open = glyphs.iter().any(|glyph| glyph.ink.is_open());
    let contested = glyphs.iter().any(|glyph| glyph.ink.out_by.is_some());
    let (state, by) = match (taken_out, put_in) {
        (Some(side), None) => (PassageState::Deleted, Some(side)),
        (None, Some(side)) if !contested => (PassageState::Proposed, Some(side)),
        _ if open || passage.joins_by.is_some() => (PassageState::Open, None),
        _ => (PassageState::Agreed, None),
    };
    let seen = glyphs.iter().filter(|glyph| glyph.ink.out_by.is_none());
    let mut words = text(seen).trim().to_owned();
    if words.is_empty() {
        words = text(&glyphs).trim().to_owned();
    }
    Some(Passage {
        words,
        state,
        by,
        runs: if open { runs(&glyphs) } else { Vec::new() },
        ..passage.clone()
    })
}

/// A new passage of standing words.
pub fn passage(words: &str, mark: String) -> Passage {
    Passage {
        words: words.to_owned(),
        state: PassageState::Agreed,
        mark: Some(mark),
        by: None,
        from_ref: None,
        runs: Vec::new(),
        joins_by: None,
        remarks: Vec::new(),
    }
}

/// A new passage that a side puts forward.
pub fn proposed(words: &str, mark: String, side: &str) -> Passage {
    let glyphs: Vec<Glyph> = words
        .chars()
        .map(|letter| Glyph {
            letter,
            ink: Ink::put_in(side),
        })
        .collect();
    let plain = passage(words, mark);
    inked(&plain, &glyphs).unwrap_or(plain)
}

/// How many passages are open, and how many there are.
pub fn open(passages: &[Passage]) -> (usize, usize) {
    let open = passages
        .iter()
        .filter(|passage| passage.state != PassageState::Agreed);
    (open.count(), passages.len())
}

/// The parts of a passage that a line feed would part: where all of a part is put in by one side it is a passage of its own; where a line
/// feed stands, it parts. The part with most standing letters keeps the name.
pub fn parted(passage: &Passage, fresh: &mut dyn FnMut() -> String) -> Vec<Passage> {
    let all = glyphs(passage);
    if all.iter().all(|glyph| glyph.letter != '\n') {
        return inked(passage, &all).into_iter().collect();
    }
    let mut parts: Vec<Vec<Glyph>> = vec![Vec::new()];
    let mut joints: Vec<Glyph> = Vec::new();
    for glyph in all {
        if glyph.letter == '\n' {
            joints.push(glyph);
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(glyph);
        }
    }
    let foreign = |part: &[Glyph]| part.iter().all(|glyph| glyph.ink.in_by.is_some());
    // Parts of the passage itself stay together across a line feed that is only put forward.
    let mut groups: Vec<(bool, Vec<Glyph>)> = Vec::new();
    let mut between: Option<Glyph> = None;
    for (place, part) in parts.into_iter().enumerate() {
        let joint = place.checked_sub(1).and_then(|before| joints.get(before));
        if let Some(joint) = joint {
            between = Some(joint.clone());
        }
        if part.iter().all(|glyph| glyph.letter.is_whitespace()) {
            continue;
        }
        let new = foreign(&part);
        match groups.last_mut() {
            Some((false, last))
                if !new && between.as_ref().is_some_and(|joint| joint.ink.is_open()) =>
            {
                last.extend(between.take());
                last.extend(part);
            }
            _ => groups.push((new, part)),
        }
    }
    let standing = |part: &[Glyph]| {
        part.iter()
            .filter(|glyph| glyph.ink.in_by.is_none())
            .count()
    };
    let own = (0..groups.len()).max_by_key(|place| {
        let count = groups.get(*place).map_or(0, |(_, part)| standing(part));
        (count, usize::MAX - place)
    });
    let mut found = Vec::new();
    for (place, (_, part)) in groups.iter().enumerate() {
        let as_own = if Some(place) == own {
            passage.clone()
        } else {
            super::ink::passage("", fresh())
        };
        found.extend(inked(&as_own, part));
    }
    found
}
