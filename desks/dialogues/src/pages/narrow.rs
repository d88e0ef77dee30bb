//! Narrowing an answer: with whom, on which subject, of which series and session, from when until when. One short form for the pages that
//! answer; what is chosen is in the address.

use std::collections::BTreeSet;

use askama::Template;
use site::parts::day::DayAsked;
use site::parts::form::Choice;
use site::{Failure, Visitor};

use super::apart::choices;
use super::register_of;
use super::view::Eyes;
use crate::names;
use crate::records::{Dialogue, Piece, Session};
use crate::rules::dates::Stretch;
use crate::rules::same::{Same, sessions};

/// What is asked for.
pub(super) struct Narrow {
    pub(super) side: Option<String>,
    pub(super) topic: Option<String>,
    series: Option<String>,
    session: Option<String>,
    /// Both as records name them, with those that are read as the same.
    all_series: Option<BTreeSet<String>>,
    all_sessions: Option<BTreeSet<String>>,
    same: Same,
    since: String,
    until: String,
    /// What stands in the fields of the two days, though it be none.
    typed: [String; 2],
}

impl Narrow {
    pub(super) fn asked(visitor: &Visitor) -> Result<Self, Failure> {
        let register = register_of(visitor);
        let same = register.same()?;
        let (series, session) = (visitor.asked("series"), visitor.asked("session"));
        let all_sessions = match &session {
            Some(uuid) => Some(register.same_sessions(&format!("session--{uuid}"))?),
            None => None,
        };
        let all_series = series.as_ref();
        Ok(Self {
            all_series: all_series.map(|uuid| same.all(&format!("dialogue--{uuid}"))),
            all_sessions,
            same,
            side: visitor.asked("side"),
            topic: visitor.asked("topic"),
            series,
            session,
            since: visitor.asked_day("since").unwrap_or_default(),
            until: visitor.asked_day("until").unwrap_or_default(),
            typed: ["since", "until"].map(|name| visitor.asked(name).unwrap_or_default()),
        })
    }

    /// Whether one of these is who is asked for.
    pub(super) fn with(&self, sides: &[String]) -> bool {
        self.side.as_ref().is_none_or(|side| sides.contains(side))
    }

    /// Whether one of these is the subject.
    pub(super) fn on<'t>(&self, topics: impl IntoIterator<Item = &'t String>) -> bool {
        let mut topics = topics.into_iter();
        let asked = self.topic.as_ref();
        asked.is_none_or(|topic| topics.any(|one| one == topic))
    }

    /// Whether this is the series and the session.
    pub(super) fn of(&self, dialogue: Option<&str>, session: Option<&str>) -> bool {
        let is = |asked: &Option<BTreeSet<String>>, id: Option<&str>| {
            let asked = asked.as_ref();
            asked.is_none_or(|asked| id.is_some_and(|id| asked.contains(id)))
        };
        is(&self.all_series, dialogue) && is(&self.all_sessions, session)
    }

    /// The series that is asked for, as records name it, and those that are read as the same.
    pub(super) fn series(&self) -> Option<&BTreeSet<String>> {
        self.all_series.as_ref()
    }

    /// The session that is asked for, as records name it, and as others wrote it down.
    pub(super) fn session(&self) -> Option<&BTreeSet<String>> {
        self.all_sessions.as_ref()
    }

    /// Which of some sessions are one, each written down by another participant.
    pub(super) fn read_as_one(&self, all: &[Piece<Session>], home: &stix::ObjectId) -> Same {
        sessions(&self.same.read_all(all.to_vec()), home)
    }

    /// Of series to choose from those that stand for themselves, and the one that is asked for.
    pub(super) fn offered<'p>(
        &self,
        series: impl IntoIterator<Item = &'p Piece<Dialogue>>,
    ) -> impl Iterator<Item = &'p Piece<Dialogue>> {
        series.into_iter().filter(|one| {
            let asked = self.series.as_deref() == Some(one.id.uuid());
            asked || self.same.stands(one.id.as_str())
        })
    }

    /// The moments between which something is asked for, where any is.
    pub(super) fn between(&self) -> Option<(i64, i64)> {
        let [since, until] = [&self.since, &self.until].map(|day| Stretch::parse(day));
        (since.is_some() || until.is_some()).then(|| {
            let first = since.or_else(|| Stretch::parse("0001"));
            let last = until.or_else(|| Stretch::parse("9999"));
            (
                first.map_or(i64::MIN, |day| day.first),
                last.map_or(i64::MAX, |day| day.last),
            )
        })
    }

    /// Whether a day, or a time, lies between.
    pub(super) fn at(&self, when: &str) -> bool {
        let day = when.get(..10).unwrap_or(when);
        (self.since.is_empty() || day >= self.since.as_str())
            && (self.until.is_empty() || day <= self.until.as_str())
    }

    /// The fields, with what there is to choose: sides, series and sessions that stand there or are asked for.
    pub(super) fn fields<'p>(
        &'p self,
        eyes: &Eyes<'_>,
        sides: impl IntoIterator<Item = &'p String>,
        series: impl IntoIterator<Item = &'p Piece<Dialogue>>,
        sessions: impl IntoIterator<Item = &'p Piece<Session>>,
    ) -> Fields {
        let words = eyes.words;
        let sides = sides.into_iter().chain(&self.side);
        let sides = sides.map(|side| Choice::new(side, eyes.side(side)));
        let topics = names::TOPICS
            .iter()
            .map(|code| Choice::new(*code, names::topic(eyes.words, code)));
        let series = choices(eyes, self.offered(series));
        let sessions = sessions.into_iter().map(|piece| {
            let parties = eyes.sides(&piece.what.parties);
            let name = format!("{parties}, {}", eyes.session(&piece.what));
            Choice::new(piece.id.uuid(), name)
        });
        let select = |name: &'static str,
                      key: &str,
                      all: &str,
                      choices: Vec<Choice>,
                      asked: &Option<String>| {
            let mut choices = choices;
            words.sort(&mut choices, |choice| &choice.name);
            choices.dedup_by(|one, other| one.value == other.value);
            Select {
                name,
                label: words.t(key),
                all: words.t(all),
                choices: choices
                    .into_iter()
                    .map(|choice| {
                        let is = asked.as_deref() == Some(choice.value.as_str());
                        (choice, is)
                    })
                    .collect(),
            }
        };
        let [since, until] = &self.typed;
        Fields {
            selects: vec![
                select(
                    "side",
                    "wording-with",
                    "wording-everybody",
                    sides.collect(),
                    &self.side,
                ),
                select(
                    "topic",
                    "dialogues-topics",
                    "narrow-topics",
                    topics.collect(),
                    &self.topic,
                ),
                select(
                    "series",
                    "dialogues-series",
                    "dialogues-series-all",
                    series,
                    &self.series,
                ),
                select(
                    "session",
                    "dialogues-session-one",
                    "answers-sessions",
                    sessions.collect(),
                    &self.session,
                ),
            ],
            days: [
                DayAsked::new(
                    words,
                    "since",
                    "f-since".to_owned(),
                    &words.t("wording-since"),
                    since,
                ),
                DayAsked::new(
                    words,
                    "until",
                    "f-until".to_owned(),
                    &words.t("wording-until"),
                    until,
                ),
            ],
            show: words.t("wording-show"),
        }
    }
}

/// Something to choose.
struct Select {
    name: &'static str,
    label: String,
    all: String,
    choices: Vec<(Choice, bool)>,
}

/// The fields of the form: a part that writes itself.
#[derive(Template)]
#[template(path = "dialogues/narrow.html")]
pub(super) struct Fields {
    selects: Vec<Select>,
    days: [DayAsked; 2],
    show: String,
}

impl askama::filters::HtmlSafe for Fields {}
