//! What stands behind our own account of a commitment: who has it, where it waits, who has an earlier one. Invariant: it is told to our own
//! people alone.

use site::{Failure, Visitor};

use super::stands::{ACCOUNT, notes};
use super::view::Word;
use crate::records::{FollowUp, Piece};
use crate::rules::due::newest_of_each;

/// Puts beside our own account, among those of a commitment, who has it and where it waits.
pub(super) fn noted(
    visitor: &Visitor,
    said: &[Piece<FollowUp>],
    words: &mut [Word],
) -> Result<(), Failure> {
    let home = &visitor.node().home().id;
    for piece in newest_of_each(said) {
        let word = words.iter_mut().find(|word| word.id == piece.id);
        if piece.author == *home
            && visitor.person().is_some()
            && let (Some(label), Some(word)) = (&piece.label, word)
        {
            word.notes = notes(visitor, &piece.id, label, &ACCOUNT)?;
        }
    }
    Ok(())
}
