//! What a text says of the session that it is of. Invariant: it adds to what is known and takes nothing away, but for what a form of the
//! text said whose place it takes.

use anyhow::Result;
use node::Node;
use stix::ObjectId;

use super::heard::{Heard, HeardNext};
use super::reading::reading_of;
use crate::records::{Attendance, DatedClaim, NextSession, Observer, Sees, Session};
use crate::rules::dates;

/// A session with what a text says of it. What an earlier form of the text announced gives way to what this one does.
///
/// # Errors
/// Those of the storage.
pub fn told(
    node: &Node,
    mut what: Session,
    heard: &Heard,
    replaces: Option<&ObjectId>,
) -> Result<Session> {
    if let (Some(earlier), Some(_)) = (replaces, &heard.next_meeting) {
        let earlier = reading_of(node, earlier)?;
        let before = earlier.and_then(|one| one.corrected.next_meeting);
        // What somebody has said otherwise since stands.
        if before.is_some() && before.as_ref().map(announced) == what.next {
            what.next = None;
        }
    }
    fill_in(&mut what, heard);
    Ok(what)
}

/// Adds what is said of the dates of a session, each by its source once: of one that names no text yet it is noted which it was.
pub fn say_dates(what: &mut Session, claims: impl IntoIterator<Item = DatedClaim>) {
    for claim in claims {
        let same = |known: &&mut DatedClaim| {
            (&known.what, &known.date, &known.source) == (&claim.what, &claim.date, &claim.source)
                && (known.text_ref.is_none() || known.text_ref == claim.text_ref)
        };
        match what.dates.iter_mut().find(same) {
            Some(known) => known.text_ref = claim.text_ref,
            None => what.dates.push(claim),
        }
    }
}

/// Adds what a text says of a session to what is known of it, and takes nothing away.
pub(super) fn fill_in(what: &mut Session, heard: &Heard) {
    what.ordinal = what.ordinal.or(heard.series.ordinal);
    what.end = what.end.take().or_else(|| {
        heard
            .event
            .end
            .clone()
            .filter(|end| Some(end) != heard.event.start.as_ref())
    });
    what.place = what.place.take().or_else(|| heard.event.place.clone());
    for who in &heard.observers {
        if what.observers.iter().all(|known| known.who != *who) {
            what.observers.push(Observer {
                who: who.clone(),
                sees: Sees::Tabled,
                side: None,
            });
        }
    }
    for person in &heard.persons {
        if what.persons.iter().all(|known| known.name != person.name) {
            what.persons.push(Attendance {
                name: person.name.clone(),
                role: person.role.clone(),
                side: person.side.clone(),
                function: None,
            });
        }
    }
    if what.next.is_none()
        && let Some(next) = &heard.next_meeting
    {
        what.next = Some(announced(next));
    }
}

fn announced(next: &HeardNext) -> NextSession {
    NextSession {
        ordinal: next.ordinal,
        by: next.date.as_deref().and_then(dates::by),
        date: next.date.clone(),
        place: next.place.clone(),
    }
}
