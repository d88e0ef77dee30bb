//! A session as a person enters and changes it: the next one, one that was held without a text, one that is called off or put off.
//! Invariant: what was planned first stays beside what came of it; nothing is held before its day.

use policy::Released;
use site::parts::form::{Choice, Field, Input};
use site::{Failure, Visitor};

use super::entered::{Alike, Entered, Entry, Opened, date, line, sides};
use crate::pages::register_of;
use crate::pages::session::capital;
use crate::pages::view::Eyes;
use crate::records::{NextSession, Piece, Session, SessionState};
use crate::rules::announced::{awaited, lies_ahead, put_off};
use crate::rules::dates::{self, Stretch};
use crate::rules::remarks::Remark;

/// How many sessions of a series are looked through.
const MOST: usize = 2_000;
/// What is chosen for a session that is planned for another day than before.
const MOVED: &str = "moved";

impl Entered for Session {
    const ROOM: &'static str = "sessions";
    const NEW: &'static str = "session-new";
    const EDIT: &'static str = "session-edit";
    const KIND: &'static str = "dialogues-session-one";
    const THEIRS: &'static str = "session-theirs";
    const OF_SERIES: bool = true;
    const SERVES: bool = false;
    const FIRST: &'static str = "state";

    fn called(&self, eyes: &Eyes<'_>) -> String {
        capital(&eyes.session(self))
    }

    fn opened(&self) -> Opened {
        Opened {
            dialogue: Some(self.dialogue_ref.clone()),
            parties: self.parties.clone(),
            ..Opened::default()
        }
    }

    fn fields(eyes: &Eyes<'_>, known: Option<&Self>, _: &Opened) -> Vec<Field> {
        let words = eyes.words;
        let text = |of: fn(&Self) -> Option<&String>| known.and_then(of).cloned();
        let next = known.and_then(|known| known.next.as_ref());
        let number = |name: &str, key: &str, number: Option<u32>| {
            Field::new(name, words.t(key), Input::Number)
                .with(number.map(|number| number.to_string()).unwrap_or_default())
                .optional()
        };
        let choice = |value: &str| {
            let key = format!("session-state-{value}");
            Choice::new(value, words.t(&key)).meaning(words.t(&format!("{key}-hint")))
        };
        let mut states: Vec<Choice> = SessionState::ALL
            .iter()
            .map(|state| choice(state.as_str()))
            .collect();
        // What was not planned for a day can't be moved from it.
        if known.is_some_and(|known| !known.starts.is_empty() && can_move(known)) {
            states.insert(1, choice(MOVED));
        }
        let state = known.map_or(SessionState::Planned, |known| known.state);
        let start = date(
            eyes,
            "start",
            "dialogues-from",
            text(|known| known.start.as_ref()),
        );
        let host: Vec<String> = text(|known| known.host.as_ref()).into_iter().collect();
        vec![
            Field::new("state", words.t("dialogues-state"), Input::One(states))
                .with(state.as_str()),
            number(
                "ordinal",
                "dialogues-number",
                known.and_then(|known| known.ordinal),
            ),
            match known.is_some_and(is_undated) {
                true => start.optional(),
                false => start,
            },
            date(
                eyes,
                "end",
                "dialogues-to",
                text(|known| known.end.as_ref()),
            )
            .optional(),
            line(
                eyes,
                "place",
                "dialogues-place",
                text(|known| known.place.as_ref()),
            )
            .optional(),
            sides(eyes, "host", "dialogues-host", &host).optional(),
            number(
                "next_ordinal",
                "dialogues-next-number",
                next.and_then(|next| next.ordinal),
            ),
            date(
                eyes,
                "next_date",
                "dialogues-next-date",
                next.and_then(|next| next.date.clone()),
            )
            .optional(),
            line(
                eyes,
                "next_place",
                "dialogues-next-place",
                next.and_then(|next| next.place.clone()),
            )
            .optional(),
        ]
    }

    fn entered(entry: &mut Entry<'_>, known: Option<&Self>, opened: Opened) -> Self {
        let mut what = known.cloned().unwrap_or_else(|| blank(&opened));
        let chosen = entry.form.need("state");
        what.state = SessionState::named(&chosen).unwrap_or(SessionState::Planned);
        what.ordinal = number(entry, "ordinal");
        if !known.is_some_and(is_undated) {
            entry.form.need("start");
        }
        (what.start, what.end) = (entry.date("start"), entry.date("end"));
        if let Some(starts) = what.start.as_deref().and_then(dates::from) {
            what.starts = starts;
            let undated = |remark: &String| Remark::read(remark) == Some(Remark::Undated);
            what.remark = what.remark.filter(|remark| !undated(remark));
        }
        what.place = entry.text("place");
        what.host = entry.sides("host").into_iter().next();
        what.next = next(entry, known);
        days(entry, &what);
        let was = known
            .filter(|known| can_move(known))
            .and_then(|known| known.start.as_ref());
        if chosen == MOVED && was == what.start.as_ref() {
            let wrong = entry.visitor.words.t("session-moved-same");
            entry.form.wrong("start", wrong);
        }
        // A word that was wrong is put right; a day that was planned is history.
        let is_history = chosen == MOVED || what.state == SessionState::Held;
        if let Some(was) = was.filter(|was| is_history && Some(*was) != what.start.as_ref()) {
            put_off(&mut what, was, entry.visitor.node().home().id.as_str());
        }
        what
    }

    fn beside(visitor: &Visitor, opened: &Opened) -> Result<Released<Vec<Piece<Self>>>, Failure> {
        let series = opened.dialogue.as_deref().unwrap_or_default();
        Ok(register_of(visitor).having::<Self>("session.dialogue", series, MOST)?)
    }

    /// The next one, as the last that announced one has it.
    fn begun(beside: &[Piece<Self>]) -> Option<(Self, Option<policy::Label>)> {
        let source = awaited(beside)?;
        let next = source.what.next.as_ref()?;
        let begun = Self {
            ordinal: next.ordinal,
            start: next.date.clone(),
            place: next.place.clone(),
            ..blank(&Opened::default())
        };
        Some((begun, source.label.clone()))
    }

    fn alike(
        &self,
        eyes: &Eyes<'_>,
        known: Option<&Piece<Self>>,
        beside: &[Piece<Self>],
    ) -> Option<Alike> {
        let before = known.map(|known| &known.what);
        let others = || {
            beside
                .iter()
                .filter(|one| known.is_none_or(|known| known.id != one.id))
        };
        let said = |field: &'static str, key: &str, other: &Piece<Self>| Alike {
            field,
            sentence: eyes.words.t1(key, "session", eyes.session(&other.what)),
            other: other.id.clone(),
        };
        let number = self
            .ordinal
            .filter(|_| before.is_none_or(|one| one.ordinal != self.ordinal));
        if let Some(number) = number
            && let Some(other) = others().find(|one| one.what.ordinal == Some(number))
        {
            return Some(said("ordinal", "session-number-stands", other));
        }
        let day = self
            .start
            .as_ref()
            .filter(|day| day.len() == "2027-06-30".len());
        let day = day.filter(|_| before.is_none_or(|one| one.start != self.start))?;
        let other = others().find(|one| one.what.start.as_ref() == Some(day))?;
        Some(said("start", "session-day-stands", other))
    }
}

/// A session of which nothing is known but its series.
fn blank(opened: &Opened) -> Session {
    Session {
        dialogue_ref: opened.dialogue.clone().unwrap_or_default(),
        state: SessionState::Planned,
        starts: String::new(),
        parties: opened.parties.clone(),
        ordinal: None,
        title: None,
        start: None,
        end: None,
        place: None,
        host: None,
        chair: Vec::new(),
        observers: Vec::new(),
        agenda: Vec::new(),
        persons: Vec::new(),
        dates: Vec::new(),
        next: None,
        remark: None,
        reason: None,
    }
}

/// Whether it stands in the register without a day.
fn is_undated(known: &Session) -> bool {
    !known.starts.is_empty() && known.start.is_none()
}

fn can_move(known: &Session) -> bool {
    known.state == SessionState::Planned && known.start.is_some()
}

fn number(entry: &mut Entry<'_>, name: &str) -> Option<u32> {
    let text = entry.text(name)?;
    let number = text.parse().ok().filter(|number| *number > 0);
    if number.is_none() {
        let wrong = entry.visitor.words.t("session-number-wrong");
        entry.form.wrong(name, wrong);
    }
    number
}

/// The session that it announces; what was read of one stays while nothing of it is said otherwise.
fn next(entry: &mut Entry<'_>, known: Option<&Session>) -> Option<NextSession> {
    let (ordinal, date) = (number(entry, "next_ordinal"), entry.date("next_date"));
    let place = entry.text("next_place");
    let told =
        |next: &&NextSession| (next.ordinal, &next.date, &next.place) == (ordinal, &date, &place);
    if let Some(next) = known.and_then(|known| known.next.as_ref()).filter(told) {
        return Some(next.clone());
    }
    let says = ordinal.is_some() || date.is_some() || place.is_some();
    says.then(|| NextSession {
        ordinal,
        by: date.as_deref().and_then(dates::by),
        date,
        place,
    })
}

/// Says of its days what cannot be: that it ends before it begins, or was held and lies ahead.
fn days(entry: &mut Entry<'_>, what: &Session) {
    let words = &entry.visitor.words;
    let read = |date: &Option<String>| date.as_deref().and_then(Stretch::parse);
    let days = read(&what.start).zip(read(&what.end));
    if days.is_some_and(|(start, end)| end.last < start.first) {
        entry.form.wrong("end", words.t("session-end-wrong"));
    }
    let ahead = what
        .start
        .as_deref()
        .is_some_and(|start| lies_ahead(start, entry.visitor.now));
    if what.state == SessionState::Held && ahead {
        entry.form.wrong("state", words.t("session-held-ahead"));
    }
}
