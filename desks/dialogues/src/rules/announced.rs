//! Sessions that were announced, and whether they were held. Invariant: what cannot be found is said to be not recorded, never to be missed.

use stix::Timestamp;

use super::dates::Stretch;
use crate::records::{Commitment, DatedClaim, NextSession, Piece, Session, SessionState};

/// What became of an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It was held: this is the session.
    Held(&'a Piece<Session>),
    /// It is being prepared.
    Planned(&'a Piece<Session>),
    /// It was planned for a time that is over, and is not recorded as held.
    Lapsed(&'a Piece<Session>),
    /// It was called off.
    Cancelled(&'a Piece<Session>),
    /// Its time has not come.
    Ahead,
    /// Its time has passed and no such session is recorded.
    NotRecorded,
}

fn at(time: &str) -> i64 {
    Timestamp::parse(time).map_or(i64::MIN, |time| time.micros())
}

/// When and as which number a session was held, and what it announced: what the rule goes by, read once.
struct Mark<'a> {
    id: &'a str,
    dialogue: &'a str,
    starts: i64,
    ordinal: Option<u32>,
    /// The time that it may have been at.
    start: Option<Stretch>,
    next: Option<(Option<u32>, Option<Stretch>)>,
}

impl<'a> Mark<'a> {
    fn of(session: &'a Piece<Session>) -> Self {
        let what = &session.what;
        let start = what.start.as_deref();
        let next = what.next.as_ref();
        Self {
            id: session.id.as_str(),
            dialogue: &what.dialogue_ref,
            starts: at(&what.starts),
            ordinal: what.ordinal,
            start: Stretch::parse(start.unwrap_or(&what.starts)),
            next: next.map(|next| (next.ordinal, window(next))),
        }
    }

    fn answers(&self, announcing: &Self) -> bool {
        let Some((wanted, window)) = announcing.next else {
            return false;
        };
        let later = self.id != announcing.id
            && self.dialogue == announcing.dialogue
            && self.starts > announcing.starts;
        later
            && match (wanted, self.ordinal) {
                (Some(wanted), Some(is)) => wanted == is,
                // Without numbers the next one counts, if it was in time or no time was named.
                _ => window
                    .zip(self.start)
                    .is_none_or(|(window, start)| start.meets(window)),
            }
    }
}

/// Whether a session may be the one that `announcing` announced.
pub fn answers(announcing: &Piece<Session>, session: &Piece<Session>) -> bool {
    Mark::of(session).answers(&Mark::of(announcing))
}

fn window(next: &NextSession) -> Option<Stretch> {
    next.date.as_deref().and_then(Stretch::parse)
}

/// Of each session in `asking`, whether any in `others` may be the one that it announced: the rule by which the index of announcements
/// is kept (see [`desk::facets::Awaiting`]).
pub fn answered(asking: &[&[u8]], others: &[&[u8]]) -> Vec<bool> {
    let read = |bytes: &&[u8]| Piece::<Session>::read(bytes).ok();
    let others: Vec<Piece<Session>> = others.iter().filter_map(read).collect();
    let mut others: Vec<Mark<'_>> = others.iter().map(Mark::of).collect();
    others.sort_by_key(|other| other.starts);
    let answered = |one: Piece<Session>| {
        let own = Mark::of(&one);
        // As a rule the next one is the one.
        let later = others.partition_point(|other| other.starts <= own.starts);
        others.iter().skip(later).any(|other| other.answers(&own))
    };
    asking
        .iter()
        .map(|bytes| read(bytes).is_some_and(answered))
        .collect()
}

/// What became of the session that `announcing` announced, among the sessions of its dialogue; `None` when it announced none.
pub fn outcome<'a>(
    announcing: &Piece<Session>,
    sessions: &'a [Piece<Session>],
    now: i64,
) -> Option<Outcome<'a>> {
    let next = announcing.what.next.as_ref()?;
    let found = sessions
        .iter()
        .filter(|session| answers(announcing, session))
        .min_by_key(|session| {
            // Where two of one number are recorded, each by another participant, one that was held is the one.
            let is_held = session.what.state == SessionState::Held;
            let apart = next.ordinal.is_some() && !is_held;
            (apart, at(&session.what.starts))
        });
    Some(match found {
        Some(session) => match session.what.state {
            SessionState::Held => Outcome::Held(session),
            SessionState::Planned if has_lapsed(&session.what, now) => Outcome::Lapsed(session),
            SessionState::Planned => Outcome::Planned(session),
            SessionState::Cancelled => Outcome::Cancelled(session),
        },
        None => match by(next) {
            Some(by) if by < now => Outcome::NotRecorded,
            _ => Outcome::Ahead,
        },
    })
}

/// The last session, where it announced one of which nothing is recorded. What an earlier one announced is not what comes next.
pub fn awaited(sessions: &[Piece<Session>]) -> Option<&Piece<Session>> {
    let last = sessions.iter().max_by_key(|one| at(&one.what.starts))?;
    let open = !sessions.iter().any(|other| answers(last, other));
    Some(last).filter(|one| one.what.next.is_some() && open)
}

/// What a session is called, and what is said of it when it is announced, in the languages that are read.
const SESSIONS: [&str; 12] = [
    "dialogue",
    "dialogues",
    "session",
    "meeting",
    "round",
    "consultations",
    "talks",
    "réunion",
    "rencontre",
    "cycle",
    "concertations",
    "entretiens",
];
const HELD: [&str; 16] = [
    "held",
    "hold",
    "host",
    "hosted",
    "convene",
    "convened",
    "take",
    "takes",
    "tiendra",
    "tiendront",
    "tenir",
    "tenue",
    "lieu",
    "accueillera",
    "accueillir",
    "réunira",
];

/// Whether a statement of a session is the announcement of the next one itself: of the same time, naming its place, and saying of a session
/// that it will be held. What became of it is told of the session.
pub fn is_announcement(said: &Commitment, session: &Session) -> bool {
    let Some(next) = &session.next else {
        return false;
    };
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let words_of = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let words = words_of(&said.words);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let place = words_of(next.place.as_deref().unwrap_or_default());
    (same(&said.due, &next.date) || same(&said.due_by, &next.by))
        && !place.is_empty()
        && words.windows(place.len()).any(|some| *some == *place)
        && has(&SESSIONS)
        && has(&HELD)
}

/// Where a session is not as it was announced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Otherwise {
    /// It has another date: no day is both.
    pub date: bool,
    /// It has another place.
    pub place: bool,
}

/// Where a session is not as it was announced, as far as both say it.
pub fn otherwise(announced: &NextSession, session: &Session) -> Otherwise {
    let start = session.start.as_deref().and_then(Stretch::parse);
    let dates = window(announced).zip(start);
    let folded = |place: &Option<String>| {
        let place = place.as_deref().map(|place| place.trim().to_lowercase());
        place.filter(|place| !place.is_empty())
    };
    let places = folded(&announced.place).zip(folded(&session.place));
    Otherwise {
        date: dates.is_some_and(|(announced, is)| !is.meets(announced)),
        // "Tokyo, Japan" is Tokyo.
        place: places.is_some_and(|(one, other)| !one.contains(&other) && !other.contains(&one)),
    }
}

/// By when at the latest the next session was to be.
fn by(next: &NextSession) -> Option<i64> {
    let by = next.by.as_deref().map(at);
    by.or(window(next).map(|window| window.last))
}

/// The announcing sessions whose announced session's time has passed with none recorded.
pub fn not_held(sessions: &[Piece<Session>], now: i64) -> Vec<&Piece<Session>> {
    sessions
        .iter()
        .filter(|session| outcome(session, sessions, now) == Some(Outcome::NotRecorded))
        .collect()
}

/// The last moment of the days that a session may take; of one that has none, when it stands in the register.
pub fn last(session: &Session) -> i64 {
    let read = |date: &Option<String>| date.as_deref().and_then(Stretch::parse);
    let start = read(&session.start).map(|start| start.last);
    let start = start.unwrap_or_else(|| at(&session.starts));
    read(&session.end).map_or(start, |end| end.last.max(start))
}

/// Whether a session was planned for a time that is over, with all the days that its date leaves open. One without a day is never late.
pub fn has_lapsed(session: &Session, now: i64) -> bool {
    session.state == SessionState::Planned && session.start.is_some() && last(session) < now
}

/// The sessions that were planned for a time that is over, the latest first.
pub fn lapsed(sessions: &[Piece<Session>], now: i64) -> Vec<&Piece<Session>> {
    let over = sessions.iter().filter(|one| has_lapsed(&one.what, now));
    let mut all: Vec<&Piece<Session>> = over.collect();
    all.sort_by_key(|session| -last(&session.what));
    all
}

/// The sessions that are planned and not over, the nearest first: of a date that leaves days open, its last day counts.
pub fn planned(sessions: &[Piece<Session>], now: i64) -> Vec<&Piece<Session>> {
    let ahead = sessions.iter().filter(|session| {
        session.what.state == SessionState::Planned && last(&session.what) >= now
    });
    let mut all: Vec<&Piece<Session>> = ahead.collect();
    all.sort_by_key(|session| last(&session.what));
    all
}

/// What a date was for which a session was planned, and is not any more.
const PLANNED: &str = "planned";

/// Keeps the date that a session was planned for before, with who says so.
pub fn put_off(session: &mut Session, was: &str, source: &str) {
    let claim = DatedClaim {
        what: PLANNED.to_owned(),
        date: was.to_owned(),
        source: source.to_owned(),
        text_ref: None,
    };
    if !session.dates.contains(&claim) {
        session.dates.push(claim);
    }
}

/// The dates that a session was planned for before.
pub fn planned_before(session: &Session) -> impl Iterator<Item = &str> {
    let before = session.dates.iter().filter(|claim| claim.what == PLANNED);
    before.map(|claim| claim.date.as_str())
}

/// Whether a date lies ahead, with all the days that it leaves open.
pub fn lies_ahead(date: &str, now: i64) -> bool {
    Stretch::parse(date).is_some_and(|day| day.first > now)
}

/// What contradicts each other about the date of a session.
pub fn conflicts(session: &Session) -> Vec<&DatedClaim> {
    let held = session.dates.iter().filter(|claim| claim.what == "held");
    let held: Vec<&DatedClaim> = held.collect();
    let differ = held.iter().any(|claim| {
        let against = |other: &&DatedClaim| super::dates::contradict(&claim.date, &other.date);
        held.iter().any(against)
    });
    if differ { held } else { Vec::new() }
}
