//! Series of one name, told apart in lists and choices by who entered them. Invariant: a name that stands alone stands as it is.

use std::collections::BTreeMap;

use site::parts::form::Choice;

use super::view::Eyes;
use crate::records::{Dialogue, Piece};

/// What a series is called among others.
pub(super) fn told_apart<'p>(
    eyes: &Eyes<'_>,
    piece: &Piece<Dialogue>,
    among: impl IntoIterator<Item = &'p Piece<Dialogue>>,
) -> String {
    Among::of(eyes, among).called(eyes, piece)
}

/// Series by what they are called, each name made once.
pub(super) struct Among<'p>(BTreeMap<String, Vec<&'p Piece<Dialogue>>>);

impl<'p> Among<'p> {
    pub(super) fn of(
        eyes: &Eyes<'_>,
        series: impl IntoIterator<Item = &'p Piece<Dialogue>>,
    ) -> Self {
        let mut named: BTreeMap<String, Vec<&Piece<Dialogue>>> = BTreeMap::new();
        for piece in series {
            named.entry(eyes.dialogue(piece)).or_default().push(piece);
        }
        Self(named)
    }

    /// What one of them is called.
    pub(super) fn called(&self, eyes: &Eyes<'_>, piece: &Piece<Dialogue>) -> String {
        let name = eyes.dialogue(piece);
        let namesakes = self.0.get(&name).into_iter().flatten();
        let mut namesakes = namesakes.filter(|other| other.id != piece.id).peekable();
        if namesakes.peek().is_none() {
            return name;
        }
        let side = eyes.side(piece.author.as_str());
        // What one participant entered twice has two days at least.
        let entered = match namesakes.any(|other| other.author == piece.author) {
            true => {
                let date = eyes.words.date(piece.created.micros());
                let key = "series-entered-by-on";
                eyes.words.t2(key, "side", side, "date", date)
            }
            false => eyes.words.t1("series-entered-by", "side", side),
        };
        format!("{name} ({entered})")
    }
}

/// Series to choose from, in the order of their names: each once, and each with a name of its own.
pub(super) fn choices<'p>(
    eyes: &Eyes<'_>,
    series: impl IntoIterator<Item = &'p Piece<Dialogue>>,
) -> Vec<Choice> {
    let series = series.into_iter().map(|piece| (&piece.id, piece));
    let each: BTreeMap<_, &Piece<Dialogue>> = series.collect();
    let among = Among::of(eyes, each.values().copied());
    let named = |piece: &Piece<Dialogue>| Choice::new(piece.id.uuid(), among.called(eyes, piece));
    let mut choices: Vec<Choice> = each.into_values().map(named).collect();
    eyes.words.sort(&mut choices, |choice| &choice.name);
    choices
}
