//! `/dialogues/timeline`: sessions, events and dates due on one line; narrowed by participant, subject, series, session and time.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use policy::Released;
use site::parts::figure::{Event as Mark, Timeline};
use site::{Failure, Frame, Tlp, Visitor, shorten, shown, shown_words};
use stix::Timestamp;
use store::Span;

use super::narrow::{Fields, Narrow};
use super::register_of;
use super::view::{Eyes, path};
use crate::records::{Commitment, Dialogue, Event, Piece, Session};
use crate::register::{Register, held_between};
use crate::rules::dates::Stretch;

/// How many of each kind are drawn.
const MOST: usize = 60;
/// How many of each kind are looked at for them.
const LOOKED_AT: usize = 480;
/// How many series there are to choose from.
const SERIES: usize = 300;
/// How many characters of a name stand on the line.
const BRIEF: usize = 60;
const YEAR: i64 = 365 * 86_400_000_000;

#[derive(Template)]
#[template(path = "dialogues/timeline.html")]
struct Show {
    frame: Frame,
    timeline: Option<Timeline>,
    fields: Fields,
}

/// The sessions between two moments that are asked for.
fn sessions(
    register: &Register<'_>,
    narrow: &Narrow,
    (from, to): (i64, i64),
) -> Result<Released<Vec<Piece<Session>>>, Failure> {
    let seeks = held_between(narrow.series(), (from, to));
    let fits = |piece: &Piece<Session>| {
        let what = &piece.what;
        narrow.with(&what.parties) && narrow.of(Some(&what.dialogue_ref), Some(piece.id.as_str()))
    };
    Ok(
        register.fitting_by(seeks, (MOST, LOOKED_AT), |rows: Released<Vec<_>>| {
            let rows = rows.map(|rows| rows.into_iter().filter(fits).collect());
            match &narrow.topic {
                Some(topic) => register.about(topic, rows),
                None => Ok(rows),
            }
        })?,
    )
}

/// The commitments that are due between two moments and are asked for.
fn due(
    register: &Register<'_>,
    narrow: &Narrow,
    (from, to): (i64, i64),
) -> Result<Released<Vec<Piece<Commitment>>>, Failure> {
    let each = |facet: &'static str, values: &BTreeSet<String>| {
        let each = values.iter().cloned();
        each.map(|value| (facet, Span::Texts(value.clone(), value)))
            .collect::<Vec<_>>()
    };
    let seeks = match (narrow.session(), narrow.series()) {
        (Some(session), _) => each("commitment.session", session),
        (None, Some(series)) => each("commitment.dialogue", series),
        (None, None) => vec![("commitment.due", Span::Numbers(from, to))],
    };
    let in_time = |due: &str| {
        let moment = Timestamp::parse(due).map(|due| due.micros());
        moment.is_ok_and(|moment| (from..=to).contains(&moment))
    };
    Ok(
        register.fitting_any(seeks, (MOST, LOOKED_AT), |piece: &Piece<Commitment>| {
            let what = &piece.what;
            !what.withdrawn
                && what.due_by.as_deref().is_some_and(in_time)
                && narrow.with(&what.actors)
                && narrow.on(&what.topics)
                && narrow.of(what.dialogue_ref.as_deref(), what.session_ref.as_deref())
        })?,
    )
}

/// The events between two moments that are asked for.
fn events(
    register: &Register<'_>,
    narrow: &Narrow,
    (from, to): (i64, i64),
) -> Result<Released<Vec<Piece<Event>>>, Failure> {
    let seek = ("event.starts", Span::Numbers(from, to));
    Ok(
        register.fitting(seek, (MOST, LOOKED_AT), |piece: &Piece<Event>| {
            let what = &piece.what;
            narrow.with(&what.hosts)
                && narrow.on([])
                && narrow.of(what.dialogue_ref.as_deref(), None)
        })?,
    )
}

/// The beginning of a name, whole words of it; where it goes on, that is seen.
fn brief(name: &str) -> String {
    let name = shorten(name);
    match name.char_indices().nth(BRIEF) {
        None => name,
        Some((end, _)) => {
            let begin = name.get(..end).unwrap_or_default();
            let begin = begin.rsplit_once(' ').map_or(begin, |(begin, _)| begin);
            format!("{}…", begin.trim_end_matches([',', ' ']))
        }
    }
}

/// `GET /dialogues/timeline?side=&topic=&series=&session=&since=&until=`; without times, two years back and one ahead.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let at = |name: &str| visitor.asked(name).as_deref().and_then(Stretch::parse);
            let from = at("since").map_or(visitor.now - 2 * YEAR, |day| day.first);
            let to = at("until").map_or(visitor.now + YEAR, |day| day.last);
            let narrow = Narrow::asked(visitor)?;
            let all = sessions(&register, &narrow, (from, to))?
                .zip(register.once(register.in_force(due(&register, &narrow, (from, to))?)?)?)
                .zip(events(&register, &narrow, (from, to))?)
                .zip(register.all::<Dialogue>("dialogue.name", SERIES)?);
            visitor.page(
                "answers-timeline",
                all,
                |(((sessions, due), events), series), frame| {
                    let eyes = Eyes::new(visitor);
                    let mark = |day: &str, name: String, path: String| Mark {
                        day: day.get(..10).unwrap_or(day).to_owned(),
                        name: brief(&name),
                        path: Some(path),
                        ahead: Stretch::parse(day).is_some_and(|day| day.last > visitor.now),
                    };
                    let mut marks = Vec::new();
                    let mut labels = Vec::new();
                    let same = narrow.read_as_one(&sessions, &visitor.node().home().id);
                    for piece in sessions.iter().filter(|one| same.stands(one.id.as_str())) {
                        labels.extend(piece.label.as_ref());
                        // Which one it is stands before what all of a series have in common, which is cut first.
                        let own =
                            |one: &&Piece<Dialogue>| piece.what.dialogue_ref == one.id.to_string();
                        let series = series.iter().find(own).map(|one| eyes.dialogue(one));
                        let series = series.unwrap_or_else(|| eyes.sides(&piece.what.parties));
                        let name = eyes.with_state(eyes.which(&piece.what), &piece.what);
                        let name = format!("{name}, {series}");
                        let name = super::session::capital(&name);
                        marks.push(mark(&piece.what.starts, name, path(&piece.id)));
                    }
                    for piece in &due {
                        labels.extend(piece.label.as_ref());
                        let name = visitor.words.t1(
                            "dialogues-calendar-due",
                            "words",
                            shown_words(&piece.what.words),
                        );
                        marks.push(mark(
                            piece.what.due_by.as_deref().unwrap_or_default(),
                            name,
                            path(&piece.id),
                        ));
                    }
                    for piece in &events {
                        labels.extend(piece.label.as_ref());
                        marks.push(mark(
                            &piece.what.starts,
                            shown(&piece.what.name),
                            path(&piece.id),
                        ));
                    }
                    let sides = sessions.iter().flat_map(|piece| &piece.what.parties);
                    let fields = narrow.fields(&eyes, sides, &series, &sessions);
                    let name = frame.t("dialogues-title");
                    let frame = frame.under("/dialogues", name);
                    Ok(Show {
                        frame: if labels.is_empty() {
                            frame
                        } else {
                            frame.label(Tlp::strictest(labels))
                        },
                        timeline: (!marks.is_empty()).then(|| {
                            Timeline::of(
                                &visitor.words,
                                &visitor.words.t("answers-timeline"),
                                marks,
                            )
                        }),
                        fields,
                    })
                },
            )
        })
        .await
}
