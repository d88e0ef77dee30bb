//! What is due, and what has passed its date without a recorded follow-up. Invariant: a side that says something, whatever it says, has
//! followed up; only silence is silence, and one side's word does not stand for the other.

use stix::Timestamp;

use crate::records::{Act, Commitment, FollowUp, Piece, State};

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

/// Whether what was said of a clause says something of what took its place as well: that it was replaced, one knows.
pub fn speaks_on(said: &FollowUp) -> bool {
    said.state != State::Superseded
}

/// How a commitment stands to its date, now. `earlier` are the clauses whose place it took, each with what was said of it: of a side that
/// has not spoken of it as it stands, that breaks the silence; and it settles what has the same words and the same date.
pub fn due<'e>(
    commitment: &Commitment,
    follow_ups: &[Piece<FollowUp>],
    earlier: impl IntoIterator<Item = (&'e Commitment, &'e [Piece<FollowUp>])>,
    now: i64,
) -> Due {
    let (mut said, mut was_spoken_of) = (follow_ups.to_vec(), false);
    let spoke = |side: &str| follow_ups.iter().any(|one| one.what.side == side);
    for (clause, accounts) in earlier {
        let same = clause.words.trim() == commitment.words.trim() && clause.due == commitment.due;
        let accounts = accounts.iter().filter(|one| speaks_on(&one.what));
        for one in accounts.filter(|one| !spoke(&one.what.side)) {
            was_spoken_of = true;
            said.extend(same.then(|| one.clone()));
        }
    }
    match stands(commitment, &newest_of_each(&said), now) {
        Due::PassedInSilence if was_spoken_of => Due::Passed,
        stands => stands,
    }
}

fn stands(commitment: &Commitment, said: &[&Piece<FollowUp>], now: i64) -> Due {
    use State::{Implemented, NoLongerPursued, Superseded};
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
