//! `/dialogues/sessions`: every session, what it announced and whether that was held, and who took part; narrowed by participant, subject,
//! series, place, time, person and outcome; as CSV and JSON.

use std::collections::BTreeSet;

use axum::response::Response;
use policy::Released;
use site::parts::form::Choice;
use site::parts::table::{Cell, Column, Filter, Row, Shape, Table};
use site::{Failure, Link, Tlp, Visitor, shown};
use stix::ObjectId;
use store::{Found, Span, Value};

use super::apart::choices;
use super::became::{became, word};
use super::narrow::Narrow;
use super::register_of;
use super::view::{Eyes, path};
use crate::names;
use crate::records::{Dialogue, Piece, Session};
use crate::rules::announced::{lapsed, outcome};
use crate::rules::same::sessions;

/// Rows of a page.
const PAGE: usize = 50;
/// Sessions that are looked at for one page at most.
const LOOKED_AT: usize = 400;
/// Series to choose from.
const SERIES: usize = 1_000;

/// What is asked for.
struct Asked {
    side: Vec<String>,
    narrow: Narrow,
    topic: Option<String>,
    outcome: Option<String>,
    person: String,
    place: String,
    since: Option<String>,
    until: Option<String>,
    between: Option<(i64, i64)>,
}

/// Sessions with those that come after them, and their series.
struct Held {
    rows: Vec<Piece<Session>>,
    later: Vec<Piece<Session>>,
    dialogues: Vec<Piece<Dialogue>>,
}

impl Asked {
    fn of(visitor: &Visitor) -> Result<Self, Failure> {
        let text = |name: &str| visitor.asked(name).unwrap_or_default().to_lowercase();
        let narrow = Narrow::asked(visitor)?;
        Ok(Self {
            side: visitor.all_asked("side"),
            topic: visitor.asked("topic"),
            outcome: visitor.asked("outcome"),
            person: text("person"),
            place: text("place"),
            since: visitor.asked_day("since"),
            until: visitor.asked_day("until"),
            between: narrow.between(),
            narrow,
        })
    }

    /// The facet that leaves least to look at, and what of it.
    fn seek(&self, now: i64) -> (&'static str, (i64, i64)) {
        match self.outcome.as_deref() {
            Some("not-recorded") => ("session.unmet", (1 - now, i64::MAX)),
            _ => {
                let (first, last) = self.between.unwrap_or((-i64::MAX, i64::MAX));
                ("session.back", (-last, -first))
            }
        }
    }

    /// Whether it fits, but for its subject.
    fn fits(&self, piece: &Piece<Session>) -> bool {
        let one = &piece.what;
        let has = |text: &str, wanted: &str| text.to_lowercase().contains(wanted);
        let observers = one.observers.iter().map(|observer| &observer.who);
        let day = one.starts.get(..10).unwrap_or(&one.starts);
        self.narrow
            .of(Some(&one.dialogue_ref), Some(piece.id.as_str()))
            && (self.side.is_empty()
                || one
                    .parties
                    .iter()
                    .chain(observers)
                    .any(|party| self.side.contains(party)))
            && (self.person.is_empty()
                || one
                    .persons
                    .iter()
                    .any(|person| has(&person.name, &self.person)))
            && (self.place.is_empty() || has(one.place.as_deref().unwrap_or(""), &self.place))
            && self.since.as_deref().is_none_or(|since| day >= since)
            && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// `GET /dialogues/sessions`.
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor
        .listed(|visitor| {
            let asked = Asked::of(visitor)?;
            let register = register_of(visitor);
            let (most, far) = (visitor.rows_at_most(PAGE), visitor.rows_at_most(LOOKED_AT));
            let (facet, span) = asked.seek(visitor.now);
            let after = visitor.asked("after");
            let mut place = after.as_deref().and_then(|text| {
                let (value, recno) = text.split_once('.')?;
                Some(Found {
                    value: Value::Number(value.parse().ok()?),
                    recno: recno.parse().ok()?,
                })
            });
            let (mut kept, mut looked_at) = (Vec::new(), 0);
            // Those that are late themselves announced nothing that the index could hold.
            if asked.outcome.as_deref() == Some("not-recorded")
                && place.is_none()
                && Eyes::new(visitor).inside
            {
                kept.push(late(visitor, &asked)?);
            }
            let late: BTreeSet<ObjectId> = kept
                .iter()
                .flat_map(|held| {
                    let ids = held.as_ref().map(|held| {
                        let ids = held.rows.iter().map(|piece| piece.id.clone());
                        ids.collect::<Vec<_>>()
                    });
                    ids.into_inner()
                })
                .collect();
            let next = loop {
                let span = Span::Numbers(span.0, span.1);
                let part = register.part::<Session>(facet, span, place.clone(), PAGE)?;
                place = part.as_ref().map(|part| part.next.clone()).into_inner();
                looked_at += PAGE;
                let rows = part.map(|part| {
                    let rows = part.rows.into_iter();
                    let rows = rows.filter(|piece| asked.fits(piece));
                    rows.filter(|piece| !late.contains(&piece.id))
                        .collect::<Vec<_>>()
                });
                let rows = match &asked.topic {
                    Some(topic) => register.about(topic, rows)?,
                    None => rows,
                };
                let fitting = register.announced(rows)?.map(|mut all| {
                    let later = &all.later;
                    all.sessions.retain(|piece| match &asked.outcome {
                        None => true,
                        Some(wanted) => outcome(piece, later, visitor.now)
                            .is_some_and(|outcome| word(&outcome).0 == wanted),
                    });
                    all
                });
                let dialogues = register.series_of(fitting.as_ref().map(|all| &all.sessions))?;
                kept.push(fitting.zip(dialogues).map(|(all, dialogues)| Held {
                    rows: all.sessions,
                    later: all.later,
                    dialogues,
                }));
                let so_far: usize = kept
                    .iter()
                    .map(|held: &Released<Held>| {
                        held.as_ref().map(|held| held.rows.len()).into_inner()
                    })
                    .sum();
                if place.is_none() || so_far >= most || looked_at >= far {
                    break place;
                }
            };
            let all: Released<Vec<Held>> = kept.into_iter().collect();
            let all = all.zip(register.all::<Dialogue>("dialogue.name", SERIES)?);
            visitor.listing(
                "answers-sessions",
                "answers-sessions-lead",
                None,
                all,
                |(mut all, series)| {
                    each_once(&mut all, &visitor.node().home().id);
                    let series: Vec<_> = asked.narrow.offered(&series).collect();
                    let labels: Vec<_> = all
                        .iter()
                        .flat_map(|held| {
                            let sessions = held.rows.iter().chain(&held.later);
                            let series = held.dialogues.iter();
                            let series = series.filter_map(|piece| piece.label.as_ref());
                            sessions
                                .filter_map(|piece| piece.label.as_ref())
                                .chain(series)
                        })
                        .chain(series.iter().filter_map(|piece| piece.label.as_ref()))
                        .collect();
                    let label = (!labels.is_empty()).then(|| Tlp::strictest(labels));
                    Ok((table(visitor, &all, series, next.as_ref()), label))
                },
            )
        })
        .await
}

/// Leaves out a session where the one that stands for it is listed.
fn each_once(all: &mut [Held], home: &ObjectId) {
    let listed: Vec<Piece<Session>> = all.iter().flat_map(|held| held.rows.clone()).collect();
    let same = sessions(&listed, home);
    for held in all {
        held.rows.retain(|piece| same.stands(piece.id.as_str()));
    }
}

/// The sessions that were planned for a time that is over and are not recorded as held.
fn late(visitor: &Visitor, asked: &Asked) -> Result<Released<Held>, Failure> {
    let register = register_of(visitor);
    let rows = register.planned(visitor.now)?.map(|all| {
        let over = lapsed(&all, visitor.now).into_iter();
        let fitting = over.filter(|piece| asked.fits(piece)).cloned();
        fitting.collect::<Vec<_>>()
    });
    let rows = match &asked.topic {
        Some(topic) => register.about(topic, rows)?,
        None => rows,
    };
    let dialogues = register.series_of(rows.as_ref())?;
    Ok(rows.zip(dialogues).map(|(rows, dialogues)| Held {
        rows,
        later: Vec::new(),
        dialogues,
    }))
}

fn table(
    visitor: &Visitor,
    all: &[Held],
    series: Vec<&Piece<Dialogue>>,
    next: Option<&Found>,
) -> Table {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let column = |key: &'static str, name: &str| Column::new(key, words.t(name));
    let columns = vec![
        column("session", "dialogues-session-one"),
        column("series", "dialogues-series"),
        column("parties", "dialogues-parties"),
        column("state", "dialogues-state"),
        column("next", "answers-announced"),
        column("outcome", "answers-outcome"),
        column("became", "answers-which"),
        column("persons", "dialogues-persons"),
    ];
    let rows = all.iter().flat_map(|held| {
        let eyes = &eyes;
        held.rows.iter().map(move |piece| {
            let what = &piece.what;
            let dialogue = held
                .dialogues
                .iter()
                .find(|one| one.id.as_str() == what.dialogue_ref);
            let announced = what.next.as_ref().map(|next| {
                let date = next.date.as_deref().map(|date| eyes.date(date));
                let place = next.place.as_deref().map(|place| eyes.place(place));
                let told: Vec<String> = [date, place].into_iter().flatten().collect();
                told.join(&words.t("format-comma"))
            });
            let became = became(eyes, piece, &held.later);
            let which = became.as_ref().and_then(|became| became.session.clone());
            let outcome = became.map(|became| {
                let told = [Some(became.told), became.otherwise].into_iter().flatten();
                let told: Vec<String> = told.collect();
                Cell::State(became.sign, told.join(&words.t("format-comma")))
            });
            let persons: Vec<String> = what.persons.iter().map(|one| shown(&one.name)).collect();
            Row::new(
                path(&piece.id),
                vec![
                    Cell::Text(eyes.session(what)),
                    dialogue.map_or(Cell::Nothing, |one| {
                        Cell::Links(vec![eyes.dialogue_link(one)])
                    }),
                    Cell::Text(eyes.sides(&what.parties)),
                    Cell::Text(eyes.state(what)),
                    announced.map_or(Cell::Nothing, Cell::Text),
                    outcome.unwrap_or(Cell::Nothing),
                    which.map_or(Cell::Nothing, |link| Cell::Links(vec![link])),
                    match persons.is_empty() {
                        true => Cell::Nothing,
                        false => Cell::Text(words.list(&persons)),
                    },
                ],
            )
        })
    });
    let rows: Vec<Row> = rows.collect();
    Table::new(visitor, words.t("dialogues-sessions"), columns)
        .rows(rows)
        .filters(visitor, filters(visitor, &eyes, all, series))
        .more(
            visitor,
            next.map(|found| match &found.value {
                Value::Number(number) => format!("{number}.{}", found.recno),
                Value::Text(_) => String::new(),
            }),
        )
        .exported(visitor)
        .nothing(
            words.t("answers-no-session"),
            Some(Link::new(
                "/dialogues/sessions",
                words.t("answers-all-sessions"),
            )),
        )
}

fn filters(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    all: &[Held],
    series: Vec<&Piece<Dialogue>>,
) -> Vec<Filter> {
    let words = &visitor.words;
    let mut sides: Vec<String> = visitor.all_asked("side");
    for piece in all.iter().flat_map(|held| &held.rows) {
        for party in &piece.what.parties {
            if !sides.contains(party) {
                sides.push(party.clone());
            }
        }
    }
    let mut sides: Vec<Choice> = sides
        .iter()
        .map(|side| Choice::new(side, eyes.side(side)))
        .collect();
    words.sort(&mut sides, |choice| &choice.name);
    let series = choices(eyes, series);
    let mut topics: Vec<Choice> = names::TOPICS
        .iter()
        .map(|code| Choice::new(*code, names::topic(eyes.words, code)))
        .collect();
    words.sort(&mut topics, |choice| &choice.name);
    let outcomes = [
        ("not-recorded", "dialogues-next-not-recorded"),
        ("held", "dialogues-next-held"),
        ("planned", "dialogues-next-planned"),
        ("ahead", "dialogues-next-ahead"),
        ("cancelled", "dialogues-next-cancelled"),
    ];
    let outcomes = outcomes.map(|(value, key)| Choice::new(value, words.t(key)));
    let filter = |name: &'static str, label: &str, phrase: &'static str, shape: Shape| {
        Filter::new(name, words.t(label), phrase, shape)
    };
    vec![
        filter(
            "side",
            "dialogues-parties",
            "answers-phrase-with",
            Shape::Any(sides),
        ),
        filter(
            "topic",
            "dialogues-topics",
            "dialogues-phrase-topic",
            Shape::One(topics),
        ),
        filter(
            "series",
            "dialogues-series",
            "answers-phrase-series",
            Shape::One(series),
        ),
        filter(
            "outcome",
            "answers-outcome",
            "answers-phrase-outcome",
            Shape::One(outcomes.to_vec()),
        ),
        filter(
            "person",
            "answers-person",
            "answers-phrase-person",
            Shape::Words,
        ),
        filter(
            "place",
            "dialogues-place",
            "answers-phrase-place",
            Shape::Words,
        ),
        filter("since", "wording-since", "answers-phrase-since", Shape::Day),
        filter("until", "wording-until", "answers-phrase-until", Shape::Day),
    ]
}
