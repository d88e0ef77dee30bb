//! What of the desk has a date: sessions and what was announced of them, the dates of commitments and of work, the ends of silences. It
//! stands in the node's calendar, and in one of its own.

use axum::response::Response;
use policy::Released;
use site::feeds::calendar;
use site::{Dated, Failure, Role, Span, Visitor, When};
use stix::ObjectId;

use super::register_of;
use super::view::{Eyes, path};
use crate::records::{Activity, Commitment, Demarche, Event, Piece, Session, SessionState};
use crate::register::Running;
use crate::rules::announced::last;
use crate::rules::dates::Stretch;

/// Entries of one calendar, of each kind.
const MOST: usize = 2_000;
/// How far back it goes, in microseconds: older dates are in the register.
const BACK: i64 = 2 * YEAR;
const YEAR: i64 = 365 * DAY;
const DAY: i64 = 86_400_000_000;

/// `GET /dialogues/calendar.ics`: what the visitor may see, and nothing else.
pub(super) async fn feed(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let span = Span {
                since: visitor.now - BACK,
                most: MOST,
            };
            let name = visitor.words.t("dialogues-title");
            let all = dates(visitor, span)?;
            Ok(calendar(visitor, &name, "dialogues.ics", all))
        })
        .await
}

/// All that has a date from a time on.
pub(super) fn dates(visitor: &Visitor, span: Span) -> Result<Released<Vec<Dated>>, Failure> {
    let (register, now) = (register_of(visitor), visitor.now);
    let (ahead, most) = ((span.since, i64::MAX), span.most);
    // What is to come goes first, then what was, the latest first: where it is too much, the oldest is left out.
    // A session whose date leaves days open, or that lasts, may have begun before.
    let back = (1 - now, -span.since);
    let begun = (1 - now, YEAR - span.since);
    let to_come = (now.max(span.since), i64::MAX);
    let sessions = register
        .between::<Session>("session.starts", to_come, most)?
        .zip(register.between::<Session>("session.back", begun, most)?)
        .map(|(all, mut more)| {
            more.retain(|one| last(&one.what) >= span.since);
            latest_of(all, more, most)
        });
    let dated = register
        .between::<Commitment>("commitment.due", to_come, most)?
        .zip(register.between::<Commitment>("commitment.past", back, most)?)
        .map(|(all, more)| latest_of(all, more, most));
    let dated = register.once(register.in_force(dated)?)?;
    let events = register.between::<Event>("event.starts", ahead, most)?;
    let planned = register.between::<Activity>("activity.due", ahead, most)?;
    let demarches = register.between::<Demarche>("demarche.at", ahead, most)?;
    let silences = register.silences(now)?;
    let promised = ("session.awaited", (now, i64::MAX));
    let (promised, _) = register.unanswered(promised, None, most)?;
    let dialogues = register.series_of(promised.as_ref().map(|all| &all.sessions))?;
    let work = events.zip(planned).zip(demarches);
    let rest = silences.zip(promised).zip(dialogues);
    let all = sessions.zip(dated).zip(work).zip(rest);
    Ok(all.map(|(((sessions, dated), work), rest)| {
        let (((events, planned), demarches), ((silences, promised), dialogues)) = (work, rest);
        let lines = Lines {
            visitor,
            eyes: Eyes::new(visitor),
        };
        let mut all: Vec<Dated> = silences.iter().map(|one| lines.silence(one)).collect();
        all.extend(sessions.iter().filter_map(|piece| lines.session(piece)));
        for piece in &promised.sessions {
            let of = |one: &&Piece<_>| one.id.as_str() == piece.what.dialogue_ref;
            let name = dialogues.iter().find(of);
            let name = name.map(|one| lines.eyes.dialogue(one));
            all.extend(lines.announced(piece, name));
        }
        all.extend(planned.iter().filter_map(|piece| {
            let due = piece.what.due_by.as_deref();
            lines.due(piece, &piece.what.name, due)
        }));
        let standing = dated.iter().filter(|piece| !piece.what.withdrawn);
        all.extend(standing.filter_map(|piece| {
            let due = piece.what.due_by.as_deref();
            lines.due(piece, &piece.what.words, due)
        }));
        all.extend(demarches.iter().filter_map(|piece| {
            let title = site::shorten(&site::shown(&piece.what.subject));
            lines.piece(piece, title, (&piece.what.at, None), None)
        }));
        all.extend(events.iter().filter_map(|piece| {
            let what = &piece.what;
            let start = what.start.as_ref().unwrap_or(&what.starts);
            let days = (start.as_str(), what.end.as_deref());
            lines.piece(piece, site::shown(&what.name), days, what.place.as_ref())
        }));
        all
    }))
}

/// What is to come, and as much of what was as there is room for.
fn latest_of<T>(mut all: Vec<Piece<T>>, more: Vec<Piece<T>>, most: usize) -> Vec<Piece<T>> {
    let room = most.saturating_sub(all.len());
    all.extend(more.into_iter().take(room));
    all
}

/// Writes lines of a calendar.
struct Lines<'v> {
    visitor: &'v Visitor,
    eyes: Eyes<'v>,
}

impl Lines<'_> {
    /// A line about a piece, from the first of some days to the last; none where they are no days.
    fn piece<T>(
        &self,
        piece: &Piece<T>,
        title: String,
        (start, end): (&str, Option<&str>),
        place: Option<&String>,
    ) -> Option<Dated> {
        Some(Dated {
            id: piece.id.to_string(),
            path: path(&piece.id),
            title,
            when: days(start, end)?,
            told: self.told(start),
            place: place.map(|place| self.eyes.place(place)),
            changed: piece.modified.micros(),
            awaits: false,
            cancelled: false,
            label: piece.label.clone(),
        })
    }

    /// A date as it is known. A time stands for its day: it is the last moment of it, as records say when something is due.
    fn told(&self, date: &str) -> String {
        match Stretch::parse(date) {
            Some(moment) if date.contains('T') => self.visitor.words.date(moment.first),
            _ => self.eyes.date(date),
        }
    }

    fn due<T>(&self, piece: &Piece<T>, words: &str, due: Option<&str>) -> Option<Dated> {
        let name = site::shown(&site::shorten(words));
        let title = self
            .visitor
            .words
            .t1("dialogues-calendar-due", "words", name);
        self.piece(piece, title, (due?, None), None)
    }

    fn session(&self, piece: &Piece<Session>) -> Option<Dated> {
        let what = &piece.what;
        let title = format!(
            "{} – {}",
            self.eyes.sides(&what.parties),
            self.eyes.with_state(self.eyes.session(what), what)
        );
        let start = what.start.as_ref().unwrap_or(&what.starts);
        let days = (start.as_str(), what.end.as_deref());
        let line = self.piece(piece, title, days, what.place.as_ref())?;
        Some(Dated {
            cancelled: what.state == SessionState::Cancelled,
            ..line
        })
    }

    fn announced(&self, piece: &Piece<Session>, name: Option<String>) -> Option<Dated> {
        let next = piece.what.next.as_ref()?;
        let name = name.unwrap_or_else(|| self.eyes.sides(&piece.what.parties));
        let title = self
            .visitor
            .words
            .t1("dialogues-calendar-announced", "words", name);
        let date = next.date.as_deref().or(next.by.as_deref())?;
        let line = self.piece(piece, title, (date, None), next.place.as_ref())?;
        Some(Dated {
            id: format!("{}-next", piece.id),
            ..line
        })
    }

    fn silence(&self, one: &Running) -> Dated {
        let words = &self.visitor.words;
        let name = site::shown(&site::shorten(&one.title));
        Dated {
            id: one.round.to_string(),
            path: draft(&one.draft),
            title: words.t1("dialogues-calendar-silence", "words", name),
            when: When::Moment(one.until),
            told: words.moment(one.until),
            place: None,
            changed: one.changed,
            // Until then our side may object.
            cancelled: false,
            awaits: !self.eyes.ours.contains(&one.by) && self.visitor.has(Role::Editor),
            label: policy::combine(&one.labels),
        }
    }
}

fn draft(id: &ObjectId) -> String {
    format!("/dialogues/drafts/{}", id.uuid())
}

/// The days that two dates cover. A partial date covers all the days that it leaves open; a moment the day on which it lies.
fn days(start: &str, end: Option<&str>) -> Option<When> {
    let start = Stretch::parse(start)?;
    let end = end.and_then(Stretch::parse);
    let last = end.map_or(start.last, |end| end.last).max(start.last);
    let first = start.first.div_euclid(DAY) * DAY;
    Some(When::Days(first, last.div_euclid(DAY) * DAY + DAY))
}
