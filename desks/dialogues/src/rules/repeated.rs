//! What was promised again without word of what followed the first time. Invariant: repeating is shown as repeating; why, nobody knows.

use stix::ObjectId;

use super::wording::closeness;
use crate::records::{Act, Commitment, Piece};

/// How close words have to be, in percent, to count as said again.
pub const AGAIN: u32 = 60;

/// A commitment and the earlier one that it says again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated<'a> {
    /// The later one.
    pub later: &'a Piece<Commitment>,
    /// The earlier one.
    pub earlier: &'a Piece<Commitment>,
}

/// Commitments of later sessions that say again what an earlier session said, while nobody recorded what followed the earlier one.
/// `in_order` has the commitments by session, the oldest session first.
pub fn repeated<'a>(
    in_order: &[(&str, &'a Piece<Commitment>)],
    is_spoken_of: impl Fn(&ObjectId) -> bool,
) -> Vec<Repeated<'a>> {
    let mut found = Vec::new();
    for (place, (session, later)) in in_order.iter().enumerate() {
        let earlier = in_order[..place]
            .iter()
            .rev()
            .filter(|(other, _)| other != session)
            .map(|(_, earlier)| *earlier)
            .find(|earlier| says_again(later, earlier));
        if let Some(earlier) = earlier
            && !is_spoken_of(&earlier.id)
        {
            found.push(Repeated { later, earlier });
        }
    }
    found
}

fn says_again(later: &Piece<Commitment>, earlier: &Piece<Commitment>) -> bool {
    if later.what.repeats_ref.as_deref() == Some(earlier.id.as_str()) {
        return true;
    }
    let both = [&later.what, &earlier.what];
    both.iter().all(|one| one.act == Act::Commitment)
        && later.lang == earlier.lang
        && (later.what.topics.is_empty()
            || later
                .what
                .topics
                .iter()
                .any(|topic| earlier.what.topics.contains(topic)))
        && closeness(&later.what.words, &earlier.what.words) >= AGAIN
}
