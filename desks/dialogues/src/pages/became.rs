//! What became of a session that was announced: in a word, which one it was, and where it is not as it was announced.

use site::{Link, Words};

use super::view::Eyes;
use crate::records::{Piece, Session};
use crate::rules::announced::{Otherwise, Outcome, otherwise, outcome};

/// What became of it.
pub(super) struct Became {
    /// The sign before the word.
    pub(super) sign: &'static str,
    /// The word.
    pub(super) told: String,
    /// The session that it became.
    pub(super) session: Option<Link>,
    /// Where it is not as it was announced.
    pub(super) otherwise: Option<String>,
}

/// An outcome as addresses name it, its sign, and the key of its word.
pub(super) fn word(outcome: &Outcome<'_>) -> (&'static str, &'static str, &'static str) {
    match outcome {
        Outcome::Held(_) => ("held", "good", "dialogues-next-held"),
        Outcome::Planned(_) => ("planned", "off", "dialogues-next-planned"),
        Outcome::Cancelled(_) => ("cancelled", "off", "dialogues-next-cancelled"),
        Outcome::Ahead => ("ahead", "off", "dialogues-next-ahead"),
        Outcome::Lapsed(_) => ("not-recorded", "wait", "dialogues-next-lapsed"),
        Outcome::NotRecorded => ("not-recorded", "wait", "dialogues-next-not-recorded"),
    }
}

/// What became of the session that one announced, among those of its series; nothing where it announced none.
pub(super) fn became(
    eyes: &Eyes<'_>,
    announcing: &Piece<Session>,
    sessions: &[Piece<Session>],
) -> Option<Became> {
    // To whoever is outside, a session that is not here says nothing.
    let outcome = outcome(announcing, sessions, eyes.now).filter(|outcome| {
        eyes.inside || !matches!(outcome, Outcome::NotRecorded | Outcome::Lapsed(_))
    })?;
    let (_, sign, key) = word(&outcome);
    let session = match outcome {
        Outcome::Held(one)
        | Outcome::Planned(one)
        | Outcome::Lapsed(one)
        | Outcome::Cancelled(one) => Some(one),
        Outcome::Ahead | Outcome::NotRecorded => None,
    };
    let announced = announcing.what.next.as_ref();
    let apart = announced.zip(session);
    Some(Became {
        sign,
        told: eyes.words.t(key),
        session: session.map(|session| eyes.session_link(session)),
        otherwise: apart
            .and_then(|(next, session)| told(eyes.words, otherwise(next, &session.what))),
    })
}

fn told(words: &Words, is: Otherwise) -> Option<String> {
    let key = match (is.date, is.place) {
        (true, true) => "dialogues-otherwise-both",
        (true, false) => "dialogues-otherwise-date",
        (false, true) => "dialogues-otherwise-place",
        (false, false) => return None,
    };
    Some(words.t(key))
}
