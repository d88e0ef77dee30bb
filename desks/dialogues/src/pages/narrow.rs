//! Narrowing an answer: with whom, on which subject, of which series and session, from when until when. One short form for the pages that
//! answer; what is chosen is in the address.

use askama::Template;
use site::Visitor;
use site::parts::day::DayAsked;
use site::parts::form::Choice;

use super::view::Eyes;
use crate::names;
use crate::records::{Dialogue, Piece, Session};
use crate::rules::dates::Stretch;

/// What is asked for.
pub(super) struct Narrow {
    pub(super) side: Option<String>,
    pub(super) topic: Option<String>,
    series: Option<String>,
    session: Option<String>,
    since: String,
    until: String,
    /// What stands in the fields of the two days, though it be none.
    typed: [String; 2],
}

impl Narrow {
    pub(super) fn asked(visitor: &Visitor) -> Self {
        Self {
            side: visitor.asked("side"),
            topic: visitor.asked("topic"),
            series: visitor.asked("series"),
            session: visitor.asked("session"),
            since: visitor.asked_day("since").unwrap_or_default(),
            until: visitor.asked_day("until").unwrap_or_default(),
            typed: ["since", "until"].map(|name| visitor.asked(name).unwrap_or_default()),
        }
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
        let is = |asked: &Option<String>, id: Option<&str>| {
            let uuid = id.and_then(|id| id.split("--").nth(1));
            asked.as_deref().is_none_or(|asked| Some(asked) == uuid)
        };
        is(&self.series, dialogue) && is(&self.session, session)
    }

    /// The series that is asked for, as records name it.
    pub(super) fn series(&self) -> Option<String> {
        let series = self.series.as_ref()?;
        Some(format!("dialogue--{series}"))
    }

    /// The session that is asked for, as records name it.
    pub(super) fn session(&self) -> Option<String> {
        let session = self.session.as_ref()?;
        Some(format!("session--{session}"))
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
        let series = series
            .into_iter()
            .map(|piece| Choice::new(piece.id.uuid(), eyes.dialogue(piece)));
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
                    series.collect(),
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
