//! What is due, and what has passed its date without a recorded follow-up. Invariant: a side that says something, whatever it says, has
//! followed up; only silence is silence, and one side's word does not stand for the other.

use stix::Timestamp;

use crate::records::{Act, Commitment, FollowUp, Piece};

/// How a commitment stands to its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It has none.
    Undated,
    /// It lies ahead, by so many days.
    Ahead(i64),
    /// It has passed, and nobody has recorded what followed.
    PassedInSilence,
    /// It has passed, and somebody has.
    Passed,
    /// It is done, given up or replaced, as every side that spoke says.
    Settled,
}

const DAY: i64 = 86_400_000_000;

/// The newest follow-up of each side, by side.
pub fn newest_of_each<'a>(follow_ups: &'a [Piece<FollowUp>]) -> Vec<&'a Piece<FollowUp>> {
    let mut newest: Vec<&'a Piece<FollowUp>> = Vec::new();
    for follow_up in follow_ups {
        let known = newest
            .iter_mut()
            .find(|known| known.what.side == follow_up.what.side);
        match known {
            Some(known) if known.modified < follow_up.modified => *known = follow_up,
            Some(_) => {}
            None => newest.push(follow_up),
        }
    }
    newest.sort_by(|a, b| a.what.side.cmp(&b.what.side));
    newest
}

/// How a commitment stands to its date, now.
pub fn due(commitment: &Commitment, follow_ups: &[Piece<FollowUp>], now: i64) -> Due {
    use crate::records::State::{Implemented, NoLongerPursued, Superseded};
    let said = newest_of_each(follow_ups);
    let ended = |follow_up: &&Piece<FollowUp>| {
        matches!(
            follow_up.what.state,
            Implemented | NoLongerPursued | Superseded
        )
    };
    if commitment.withdrawn || (!said.is_empty() && said.iter().all(ended)) {
        return Due::Settled;
    }
    let by = commitment
        .due_by
        .as_deref()
        .and_then(|by| Timestamp::parse(by).ok());
    let Some(by) = by.map(|by| by.micros()) else {
        return Due::Undated;
    };
    if by >= now {
        return Due::Ahead((by - now) / DAY);
    }
    if said.is_empty() {
        Due::PassedInSilence
    } else {
        Due::Passed
    }
}

/// Whether a statement is one whose follow-up anybody would ask for.
pub fn is_to_be_followed(commitment: &Commitment) -> bool {
    commitment.act == Act::Commitment && !commitment.withdrawn
}
