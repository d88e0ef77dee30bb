//! Series of one name, told apart in lists and choices by who entered them. Invariant: a name that stands alone stands as it is.

use site::parts::form::Choice;

use super::view::Eyes;
use crate::records::{Dialogue, Piece};

/// What a series is called among others.
pub(super) fn told_apart<'p>(
    eyes: &Eyes<'_>,
    piece: &Piece<Dialogue>,
    among: impl IntoIterator<Item = &'p Piece<Dialogue>>,
) -> String {
    let name = eyes.dialogue(piece);
    let others = among.into_iter().filter(|other| other.id != piece.id);
    let namesakes: Vec<_> = others
        .filter(|other| eyes.dialogue(other) == name)
        .collect();
    if namesakes.is_empty() {
        return name;
    }
    let side = eyes.side(piece.author.as_str());
    // What one participant entered twice has two days at least.
    let is_twice = namesakes.iter().any(|other| other.author == piece.author);
    let entered = match is_twice {
        true => {
            let date = eyes.words.date(piece.created.micros());
            let key = "series-entered-by-on";
            eyes.words.t2(key, "side", side, "date", date)
        }
        false => eyes.words.t1("series-entered-by", "side", side),
    };
    format!("{name} ({entered})")
}

/// Series to choose from, in the order of their names: each once, and each with a name of its own.
pub(super) fn choices<'p>(
    eyes: &Eyes<'_>,
    series: impl IntoIterator<Item = &'p Piece<Dialogue>>,
) -> Vec<Choice> {
    let mut all: Vec<&Piece<Dialogue>> = Vec::new();
    for piece in series {
        if all.iter().all(|known| known.id != piece.id) {
            all.push(piece);
        }
    }
    let named = |piece: &&Piece<Dialogue>| {
        let name = told_apart(eyes, piece, all.iter().copied());
        Choice::new(piece.id.uuid(), name)
    };
    let mut choices: Vec<Choice> = all.iter().map(named).collect();
    eyes.words.sort(&mut choices, |choice| &choice.name);
    choices
}
