//! The same words in other sessions of a series: which are close enough to be shown, and what changed from the earlier to the later.

use site::{Link, shown_words};

use super::view::{Eyes, path};
use crate::records::{Commitment, Piece, Session};
use crate::register::Known;
use crate::rules::wording::{Change, changes, closeness};

/// How close words have to be, in percent, to be shown as the same words before.
const CLOSE: u32 = 45;

/// How many sessions a brief looks back.
const BACK: usize = 2;

/// Words like these in another session, and what changed from the earlier to the later.
pub(super) struct Alike {
    pub(super) session: Link,
    pub(super) path: String,
    /// What is struck through and what is underlined.
    pub(super) signs: String,
    pub(super) changes: Vec<Change>,
}

/// The closest words of each other session of the series, the oldest session first.
pub(super) fn elsewhere(eyes: &Eyes<'_>, known: &Known, piece: &Piece<Commitment>) -> Vec<Alike> {
    let own = piece.what.session_ref.as_deref();
    let sessions = sessions(known, piece).into_iter().rev();
    let others = sessions.filter(|session| own != Some(session.id.as_str()));
    others
        .filter_map(|session| closest(eyes, known, piece, session))
        .collect()
}

/// The closest words of the two sessions before its own, the older first.
pub(super) fn lately(eyes: &Eyes<'_>, known: &Known, piece: &Piece<Commitment>) -> Vec<Alike> {
    let Some(own) = known.session(piece.what.session_ref.as_deref()) else {
        return Vec::new();
    };
    let earlier = sessions(known, piece)
        .into_iter()
        .filter(|session| session.what.starts < own.what.starts);
    let mut found: Vec<Alike> = earlier
        .take(BACK)
        .filter_map(|session| closest(eyes, known, piece, session))
        .collect();
    found.reverse();
    found
}

/// The sessions of its series, the newest first.
fn sessions<'a>(known: &'a Known, piece: &Piece<Commitment>) -> Vec<&'a Piece<Session>> {
    let series = piece.what.dialogue_ref.as_deref();
    series
        .and_then(|id| stix::ObjectId::parse(id).ok())
        .map_or_else(Vec::new, |id| known.sessions_of(&id))
}

/// The words of one session that are closest, if they are close at all.
fn closest(
    eyes: &Eyes<'_>,
    known: &Known,
    piece: &Piece<Commitment>,
    session: &Piece<Session>,
) -> Option<Alike> {
    let own = known.session(piece.what.session_ref.as_deref());
    let (_, other) = known
        .commitments
        .iter()
        .filter(|other| {
            other.what.session_ref.as_deref() == Some(session.id.as_str())
                && other.lang == piece.lang
                // Words whose place others took were not the last.
                && known.replaced_by(other).is_none()
        })
        .map(|other| (closeness(&other.what.words, &piece.what.words), other))
        .max_by_key(|(close, _)| *close)
        .filter(|(close, _)| *close >= CLOSE)?;
    let is_later = own.is_some_and(|own| own.what.starts < session.what.starts);
    let name = |of: Option<&Piece<Session>>| {
        of.map_or_else(
            || eyes.words.t("dialogues-here"),
            |of| eyes.session(&of.what),
        )
    };
    let pair = [(name(Some(session)), other), (name(own), piece)];
    let [(earlier, old), (later, new)] = match is_later {
        false => pair,
        true => {
            let [theirs, ours] = pair;
            [ours, theirs]
        }
    };
    let changes = changes(&shown_words(&old.what.words), &shown_words(&new.what.words));
    let differs = changes
        .iter()
        .any(|change| !matches!(change, Change::Same(_)));
    let key = match differs {
        true => "dialogues-before-signs",
        false => "dialogues-before-same",
    };
    Some(Alike {
        session: eyes.session_link(session),
        path: path(&other.id),
        signs: eyes.words.t2(key, "earlier", earlier, "later", later),
        changes,
    })
}
