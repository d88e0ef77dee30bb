//! `/dialogues/register`: all statements as a table, narrowed by a sentence that stands in the address; as CSV and JSON.

use std::collections::BTreeSet;

use axum::response::Response;
use policy::Released;
use site::parts::form::Choice;
use site::parts::table::{Cell, Column, Filter, Row, Shape, Table};
use site::{Failure, Link, Visitor};
use stix::ObjectId;
use store::{Found, Span, Value};

use super::apart::choices;
use super::narrow::Narrow;
use super::register_of;
use super::view::Eyes;
use crate::names;
use crate::records::{Act, Commitment, Dialogue, Piece, Session, State};
use crate::register::{Folded, Known};
use crate::rules::due::Due;

/// Rows of a page.
const PAGE: usize = 50;
/// Records that are looked at for one page at most: beyond, the page ends early and goes on with the next.
const LOOKED_AT: usize = 400;
/// How many series there are to choose from, and sessions of one.
const SERIES: usize = 1_000;
const SESSIONS: usize = 300;

/// What is asked for.
struct Asked {
    side: Vec<String>,
    topic: Vec<String>,
    act: Vec<String>,
    state: Option<String>,
    before: Option<String>,
    words: Option<String>,
    with: Option<String>,
    /// Of which series and session.
    narrow: Narrow,
    /// Whether also what was replaced.
    replaced: bool,
    since: Option<String>,
    until: Option<String>,
}

impl Asked {
    fn of(visitor: &Visitor) -> Result<Self, Failure> {
        Ok(Self {
            side: visitor.all_asked("side"),
            topic: visitor.all_asked("topic"),
            act: visitor.all_asked("act"),
            state: visitor.asked("state"),
            before: visitor.asked_day("before"),
            with: visitor.asked("with"),
            narrow: Narrow::asked(visitor)?,
            replaced: visitor.asked("replaced").is_some(),
            since: visitor.asked_day("since"),
            until: visitor.asked_day("until"),
            words: visitor.asked("words").map(|words| words.to_lowercase()),
        })
    }

    /// The facets that leave least to look at, one after another.
    fn seeks(&self) -> Vec<(&'static str, Span)> {
        let one = |value: &String| Span::Texts(value.clone(), value.clone());
        let each = |facet: &'static str, all: &BTreeSet<String>| {
            let each = all.iter().map(|value| (facet, one(value)));
            each.collect::<Vec<_>>()
        };
        if let Some(session) = self.narrow.session() {
            return each("commitment.session", session);
        }
        if let Some(series) = self.narrow.series() {
            return each("commitment.dialogue", series);
        }
        vec![self.seek()]
    }

    fn seek(&self) -> (&'static str, Span) {
        let one = |value: &String| Span::Texts(value.clone(), value.clone());
        match (
            self.side.as_slice(),
            self.topic.as_slice(),
            self.act.as_slice(),
        ) {
            ([side], _, _) => ("commitment.actor", one(side)),
            (_, [topic], _) => ("commitment.topic", one(topic)),
            (_, _, [act]) if act != Act::Commitment.as_str() => ("commitment.act", one(act)),
            _ if self.before.is_some() || self.state.is_some() => {
                ("commitment.past", Span::Numbers(i64::MIN, i64::MAX))
            }
            _ => ("commitment.back", Span::Numbers(i64::MIN, i64::MAX)),
        }
    }

    fn fits(&self, piece: &Piece<Commitment>) -> bool {
        let what = &piece.what;
        let any = |asked: &[String], own: &[String]| {
            asked.is_empty() || asked.iter().any(|one| own.contains(one))
        };
        any(&self.side, &what.actors)
            && any(&self.topic, &what.topics)
            && (self.act.is_empty() || self.act.iter().any(|act| act == what.act.as_str()))
            && self
                .before
                .as_ref()
                .is_none_or(|before| what.due_by.as_ref().is_some_and(|by| by < before))
            && self
                .words
                .as_ref()
                .is_none_or(|words| what.words.to_lowercase().contains(words))
    }

    /// Whether it asks only for what nobody has spoken of.
    fn is_for_silence(&self) -> bool {
        matches!(self.state.as_deref(), Some("silent" | "passed"))
    }

    /// Whether it is of a series with that participant, and of a session in that time.
    fn fits_session(&self, known: &Known, piece: &Piece<Commitment>) -> bool {
        let dialogue = known.dialogue(piece.what.dialogue_ref.as_deref());
        let with = self.with.as_ref().is_none_or(|with| {
            dialogue
                .map_or(&piece.what.actors, |one| &one.what.parties)
                .contains(with)
        });
        let session = known.session(piece.what.session_ref.as_deref());
        let day = session.map(|one| one.what.starts.get(..10).unwrap_or(&one.what.starts));
        let since = self.since.as_deref();
        let until = self.until.as_deref();
        // Another that stands for the same words may be of another series and session.
        let what = &piece.what;
        self.narrow
            .of(what.dialogue_ref.as_deref(), what.session_ref.as_deref())
            && with
            && since.is_none_or(|since| day.is_some_and(|day| day >= since))
            && until.is_none_or(|until| day.is_some_and(|day| day <= until))
    }

    fn fits_state(&self, known: &Known, piece: &Piece<Commitment>, now: i64) -> bool {
        if !self.fits_session(known, piece)
            || (!self.replaced && known.replaced_by(piece).is_some())
        {
            return false;
        }
        let said = known.followed(&piece.id);
        match self.state.as_deref() {
            None => true,
            Some("silent") => known.replaced_by(piece).is_none() && !known.is_spoken_of(&piece.id),
            Some("passed") => known.due(piece, now) == Due::PassedInSilence,
            Some("differ") => {
                known.replaced_by(piece).is_none()
                    && !crate::rules::accounts::differ(&said).is_empty()
            }
            Some(state) => said.iter().any(|one| one.what.state.as_str() == state),
        }
    }
}

/// Where a list goes on: in which of its seeks, and after what; from its beginning where after nothing.
type Next = (usize, Option<Found>);

fn cursor((nth, found): &Next) -> String {
    let place = found
        .as_ref()
        .map_or_else(String::new, |found| match &found.value {
            Value::Text(_) => format!("t.{}", found.recno),
            Value::Number(number) => format!("{number}.{}", found.recno),
        });
    match nth {
        0 => place,
        nth => format!("{nth}:{place}"),
    }
}

fn after(text: &str, seeks: &[(&'static str, Span)]) -> Option<Next> {
    let (nth, place) = text.split_once(':').unwrap_or(("0", text));
    let nth: usize = nth.parse().ok()?;
    let (_, span) = seeks.get(nth)?;
    let Some((value, recno)) = place.rsplit_once('.') else {
        return place.is_empty().then_some((nth, None));
    };
    let value = match span {
        Span::Texts(from, _) => Value::Text(from.clone()),
        Span::Numbers(..) => Value::Number(value.parse().ok()?),
    };
    let found = Found {
        value,
        recno: recno.parse().ok()?,
    };
    Some((nth, Some(found)))
}

/// `GET /dialogues/register`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .listed(|visitor| {
            let asked = Asked::of(visitor)?;
            let register = register_of(visitor);
            let (most, far) = (visitor.rows_at_most(PAGE), visitor.rows_at_most(LOOKED_AT));
            let seeks = asked.seeks();
            let begun = visitor.asked("after").and_then(|text| after(&text, &seeks));
            let mut next = Some(begun.unwrap_or_default());
            let mut kept = Vec::new();
            let mut looked_at = 0;
            while let Some((nth, place)) = next.take() {
                let Some((facet, span)) = seeks.get(nth) else {
                    break;
                };
                let part = register.part::<Commitment>(facet, span.clone(), place, PAGE)?;
                let place = part.as_ref().map(|part| part.next.clone()).into_inner();
                next = match place {
                    Some(place) => Some((nth, Some(place))),
                    None => (nth + 1 < seeks.len()).then_some((nth + 1, None)),
                };
                looked_at += PAGE;
                let rows = part.map(|part| {
                    part.rows
                        .into_iter()
                        .filter(|piece| asked.fits(piece))
                        .collect::<Vec<_>>()
                });
                kept.push(listed(visitor, &asked, rows)?);
                let so_far: usize = kept
                    .iter()
                    .map(|known| {
                        known
                            .as_ref()
                            .map(|known| known.commitments.len())
                            .into_inner()
                    })
                    .sum();
                if so_far >= most || looked_at >= far {
                    break;
                }
            }
            let series = register.all::<Dialogue>("dialogue.name", SERIES)?;
            let sessions = match asked.narrow.series() {
                Some(of) => register.any::<Session>("session.dialogue", of, SESSIONS)?,
                None => std::iter::empty::<Released<Piece<Session>>>().collect(),
            };
            let all: Released<Vec<Folded>> = kept.into_iter().collect();
            let all = all.zip(series).zip(sessions);
            let add = Link::new(
                "/dialogues/readings/new",
                visitor.words.t("dialogues-read-one"),
            );
            visitor.listing(
                "dialogues-register",
                "dialogues-register-lead",
                Some(add),
                all,
                |((all, series), sessions)| {
                    let offered = Offered {
                        series: asked.narrow.offered(&series).collect(),
                        sessions: &sessions,
                    };
                    let every = all.iter().flat_map(|known| known.labels());
                    let series = offered.series.iter().filter_map(|one| one.label.as_ref());
                    let sessions = sessions.iter().filter_map(|one| one.label.as_ref());
                    let every: Vec<_> = every.chain(series).chain(sessions).collect();
                    let label = (!every.is_empty()).then(|| site::Tlp::strictest(every));
                    Ok((table(visitor, &all, &offered, next.as_ref()), label))
                },
            )
        })
        .await
}

/// What of a part is listed: what fits, each statement once. Where another that stands for the same words fits as well, wherever it is in
/// the list, our own is the one that is listed, else the first.
fn listed(
    visitor: &Visitor,
    asked: &Asked,
    rows: Released<Vec<Piece<Commitment>>>,
) -> Result<Released<Folded>, Failure> {
    let register = register_of(visitor);
    let rows = match asked.is_for_silence() {
        true => register.unspoken(rows)?,
        false => rows,
    };
    let pairs = register.paired(rows.as_ref().map(Vec::as_slice).into_inner())?;
    let own: Released<BTreeSet<ObjectId>> = rows
        .as_ref()
        .map(|rows| rows.iter().map(|piece| piece.id.clone()).collect());
    let own = own.into_inner();
    let both = rows.zip(pairs.clone()).map(|(mut rows, pairs)| {
        for other in pairs.into_iter().flat_map(|(one, other)| [one, other]) {
            if rows.iter().all(|known| known.id != other.id) {
                rows.push(other);
            }
        }
        rows
    });
    let known = register.around(both)?.map(|mut known| {
        let mut all = std::mem::take(&mut known.commitments);
        let fits =
            |piece: &Piece<Commitment>| asked.fits(piece) && asked.fits_session(&known, piece);
        all.retain(|piece| own.contains(&piece.id) || fits(piece));
        known.commitments = all;
        known
    });
    let folded = register.folded_by(known, pairs)?;
    Ok(folded.map(|mut folded| {
        let mut all = std::mem::take(&mut folded.known.commitments);
        let fits = |piece: &Piece<Commitment>| {
            own.contains(&piece.id) && asked.fits_state(&folded, piece, visitor.now)
        };
        all.retain(fits);
        folded.known.commitments = all;
        folded
    }))
}

/// What there is to choose from: every series, and every session of the one that is chosen.
struct Offered<'o> {
    series: Vec<&'o Piece<Dialogue>>,
    sessions: &'o [Piece<Session>],
}

fn table(visitor: &Visitor, all: &[Folded], offered: &Offered<'_>, next: Option<&Next>) -> Table {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let column = |key: &'static str, name: &str| Column::new(key, words.t(name));
    let columns = vec![
        column("words", "dialogues-words"),
        column("act", "dialogues-act"),
        column("actors", "dialogues-actors"),
        column("topics", "dialogues-topics"),
        column("due", "dialogues-due"),
        column("followed", "dialogues-followed"),
        column("session", "dialogues-session-one"),
        column("replaced", "dialogues-replaced").aside(),
    ];
    let colon = &visitor.words.t("format-colon");
    let earlier = &words.t("dialogues-earlier-wording");
    let rows = all.iter().flat_map(|known| {
        eyes.rows(known, &known.commitments).into_iter().map(|row| {
            let said: Vec<String> = row
                .said
                .iter()
                .map(|word| {
                    let said = format!("{}{colon} {}", word.side, word.state);
                    match word.earlier {
                        Some(_) => format!("{said} ({earlier})"),
                        None => said,
                    }
                })
                .collect();
            let next = words.t("properties-next");
            let followed = match (row.differ, row.passed, said.is_empty()) {
                (true, _, _) => Cell::State(
                    "wait",
                    format!(
                        "{}{next}{}",
                        words.t("dialogues-accounts-differ"),
                        said.join(&next)
                    ),
                ),
                (_, true, _) => Cell::State("wait", words.t("dialogues-passed")),
                (_, _, true) => Cell::Nothing,
                _ => Cell::Text(said.join(&next)),
            };
            let account = match &row.reported {
                Some(side) => format!(
                    "{} ({})",
                    row.actors,
                    words.t1("dialogues-reported-by", "side", side.as_str())
                ),
                None => row.actors.clone(),
            };
            let account = match &row.taken_back {
                Some(side) => format!(
                    "{account} ({})",
                    words.t1("dialogues-taken-back", "side", side.as_str())
                ),
                None => account,
            };
            let account = match row.replaced {
                true => format!("{account} ({})", words.t("dialogues-replaced")),
                false => account,
            };
            let account = match &row.also {
                Some(sides) => format!(
                    "{account} ({})",
                    words.t1("dialogues-also-entered", "sides", sides.as_str())
                ),
                None => account,
            };
            Row::new(
                row.path,
                vec![
                    Cell::In(row.words, row.lang),
                    Cell::Text(row.act),
                    Cell::Text(account),
                    Cell::Text(row.topics),
                    row.due.map_or(Cell::Nothing, Cell::Text),
                    followed,
                    row.session
                        .map_or(Cell::Nothing, |link| Cell::Links(vec![link])),
                    match row.replaced {
                        true => Cell::Text(words.t("dialogues-replaced")),
                        false => Cell::Nothing,
                    },
                ],
            )
        })
    });
    let rows: Vec<Row> = rows.collect();
    Table::new(visitor, words.t("dialogues-statements"), columns)
        .rows(rows)
        .filters(visitor, filters(visitor, &eyes, all, offered))
        .more(visitor, next.map(cursor))
        .exported(visitor)
        .nothing(
            words.t("dialogues-none-fit"),
            Some(Link::new("/dialogues/register", words.t("dialogues-all"))),
        )
}

fn filters(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    all: &[Folded],
    offered: &Offered<'_>,
) -> Vec<Filter> {
    let words = &visitor.words;
    // Those who are on this page, and those who are asked for.
    let mut sides: Vec<String> = visitor.all_asked("side");
    for known in all {
        let actors = known
            .commitments
            .iter()
            .flat_map(|piece| &piece.what.actors);
        let parties = known.dialogues.iter().flat_map(|piece| &piece.what.parties);
        for side in actors.chain(parties) {
            if !sides.contains(side) {
                sides.push(side.clone());
            }
        }
    }
    let mut sides: Vec<Choice> = sides
        .iter()
        .map(|side| Choice::new(side, eyes.side(side)))
        .collect();
    words.sort(&mut sides, |choice| &choice.name);
    let mut partners: Vec<Choice> = sides.clone();
    if let Some(with) = visitor.asked("with")
        && partners.iter().all(|choice| choice.value != with)
    {
        partners.push(Choice::new(&with, eyes.side(&with)));
    }
    let series = choices(eyes, offered.series.iter().copied());
    let mut sessions: Vec<Choice> = Vec::new();
    let here = all.iter().flat_map(|known| &known.sessions);
    let mut every: Vec<&Piece<Session>> = offered.sessions.iter().chain(here).collect();
    every.sort_by(|one, other| other.what.starts.cmp(&one.what.starts));
    // Of one session that two wrote down, one is enough to choose.
    let of_page = all.iter().map(|known| &known.same);
    let gone = |one: &Piece<Session>| of_page.clone().any(|same| !same.stands(one.id.as_str()));
    for piece in every.into_iter().filter(|one| !gone(one)) {
        if sessions
            .iter()
            .all(|choice| choice.value != piece.id.uuid())
        {
            sessions.push(Choice::new(piece.id.uuid(), eyes.session(&piece.what)));
        }
    }
    let mut topics: Vec<Choice> = names::TOPICS
        .iter()
        .map(|code| Choice::new(*code, names::topic(eyes.words, code)))
        .collect();
    words.sort(&mut topics, |choice| &choice.name);
    let acts = Act::ALL.iter().map(|act| {
        Choice::new(
            act.as_str(),
            words.t(&format!("dialogues-act-{}", act.as_str())),
        )
    });
    let mut states = vec![
        Choice::new("passed", words.t("dialogues-passed")),
        Choice::new("silent", words.t("dialogues-not-followed")),
        Choice::new("differ", words.t("dialogues-accounts-differ")),
    ];
    states.extend(State::ALL.iter().map(|state| {
        Choice::new(
            state.as_str(),
            words.t(&format!(
                "dialogues-state-{}",
                state.as_str().replace('_', "-")
            )),
        )
    }));
    vec![
        Filter::new(
            "side",
            words.t("dialogues-actors"),
            "dialogues-phrase-side",
            Shape::Any(sides),
        ),
        Filter::new(
            "topic",
            words.t("dialogues-topics"),
            "dialogues-phrase-topic",
            Shape::Any(topics),
        ),
        Filter::new(
            "act",
            words.t("dialogues-act"),
            "dialogues-phrase-act",
            Shape::Any(acts.collect()),
        ),
        Filter::new(
            "state",
            words.t("dialogues-followed"),
            "dialogues-phrase-state",
            Shape::One(states),
        ),
        Filter::new(
            "with",
            words.t("wording-with"),
            "answers-phrase-with",
            Shape::One(partners),
        ),
        Filter::new(
            "series",
            words.t("dialogues-series"),
            "answers-phrase-series",
            Shape::One(series),
        ),
        Filter::new(
            "session",
            words.t("dialogues-session-one"),
            "answers-phrase-series",
            Shape::One(sessions),
        ),
        Filter::new(
            "since",
            words.t("wording-since"),
            "answers-phrase-since",
            Shape::Day,
        ),
        Filter::new(
            "until",
            words.t("wording-until"),
            "answers-phrase-until",
            Shape::Day,
        ),
        Filter::new(
            "before",
            words.t("dialogues-due"),
            "dialogues-phrase-before",
            Shape::Day,
        ),
        Filter::new(
            "words",
            words.t("dialogues-words"),
            "dialogues-phrase-words",
            Shape::Words,
        ),
        Filter::new(
            "replaced",
            words.t("dialogues-replaced-what"),
            "dialogues-phrase-replaced",
            Shape::One(vec![Choice::new("also", words.t("dialogues-replaced-too"))]),
        ),
    ]
}
