//! What of the desk needs somebody within a week: silence that ends, commitments that are due, sessions that begin.
//! Invariant: it is asked for on each page, so it is three seeks, and what belongs to the few that they find.

use policy::Released;
use site::{Failure, Need, Visitor};

use super::register_of;
use crate::records::{Commitment, Session, SessionState};
use crate::rules::due::Due;

/// How far ahead, in microseconds.
const WEEK: i64 = 7 * 86_400_000_000;
/// How many of each are counted.
const MOST: usize = 50;

/// Sentences that lead to the desk's home.
pub(super) fn needs(visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
    let (register, now) = (register_of(visitor), visitor.now);
    let span = (now, now + WEEK);
    let silences = register.silences(now)?;
    let dated = register.first::<Commitment>("commitment.due", span, MOST)?;
    let known = register.folded(register.around(dated)?)?;
    let sessions = register.first::<Session>("session.starts", span, MOST)?;
    Ok(silences
        .zip(known)
        .zip(sessions)
        .map(|((silences, known), sessions)| {
            let ending = silences.iter().filter(|one| one.until <= now + WEEK);
            let open = known
                .commitments
                .iter()
                .filter(|piece| matches!(known.due(piece, now), Due::Ahead(_)));
            let planned = sessions
                .iter()
                .filter(|piece| piece.what.state == SessionState::Planned);
            let all = [
                ("dialogues-need-silence", "silence", ending.count()),
                ("dialogues-need-due", "ahead", open.count()),
                ("dialogues-need-session", "next", planned.count()),
            ];
            all.into_iter()
                .filter(|(_, _, n)| *n > 0)
                .map(|(key, anchor, n)| Need {
                    #[expect(clippy::cast_precision_loss, reason = "at most fifty")]
                    sentence: visitor.words.t1(key, "n", n as f64),
                    path: format!("/dialogues#{anchor}"),
                })
                .collect()
        }))
}
