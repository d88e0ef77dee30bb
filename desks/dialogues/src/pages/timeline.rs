//! `/dialogues/timeline`: sessions, events and dates due on one line; narrowed by participant, subject, series, session and time.

use askama::Template;
use axum::response::Response;
use site::parts::figure::{Event as Mark, Timeline};
use site::{Frame, Tlp, Visitor, shorten, shown, shown_lines};

use super::narrow::{Fields, Narrow};
use super::register_of;
use super::view::{Eyes, path};
use crate::records::{Commitment, Dialogue, Event, Session};
use crate::rules::dates::Stretch;

/// How many of each kind are drawn.
const MOST: usize = 60;
/// How many series there are to choose from.
const SERIES: usize = 300;
const YEAR: i64 = 365 * 86_400_000_000;

#[derive(Template)]
#[template(path = "dialogues/timeline.html")]
struct Show {
    frame: Frame,
    timeline: Option<Timeline>,
    fields: Fields,
}

/// `GET /dialogues/timeline?side=&topic=&series=&session=&since=&until=`; without times, two years back and one ahead.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let at = |name: &str| visitor.asked(name).as_deref().and_then(Stretch::parse);
            let from = at("since").map_or(visitor.now - 2 * YEAR, |day| day.first);
            let to = at("until").map_or(visitor.now + YEAR, |day| day.last);
            let all = register
                .between::<Session>("session.starts", (from, to), MOST)?
                .zip(register.once(register.between::<Commitment>(
                    "commitment.due",
                    (from, to),
                    MOST,
                )?)?)
                .zip(register.between::<Event>("event.starts", (from, to), MOST)?)
                .zip(register.all::<Dialogue>("dialogue.name", SERIES)?);
            visitor.page(
                "answers-timeline",
                all,
                |(((sessions, due), events), series), frame| {
                    let eyes = Eyes::new(visitor);
                    let narrow = Narrow::asked(visitor);
                    let mark = |day: &str, name: String, path: String| Mark {
                        day: day.get(..10).unwrap_or(day).to_owned(),
                        name: shorten(&name).chars().take(60).collect(),
                        path: Some(path),
                        ahead: Stretch::parse(day).is_some_and(|day| day.last > visitor.now),
                    };
                    let mut marks = Vec::new();
                    let mut labels = Vec::new();
                    for piece in &sessions {
                        let what = &piece.what;
                        let topics: Vec<String> = what
                            .agenda
                            .iter()
                            .flat_map(|item| item.topics.clone())
                            .collect();
                        if narrow.with(&what.parties)
                            && narrow.on(&topics)
                            && narrow.of(Some(&what.dialogue_ref), Some(piece.id.as_str()))
                        {
                            labels.extend(piece.label.as_ref());
                            let name = format!(
                                "{}, {}",
                                eyes.sides(&piece.what.parties),
                                eyes.session(&piece.what)
                            );
                            marks.push(mark(&piece.what.starts, name, path(&piece.id)));
                        }
                    }
                    for piece in due.iter().filter(|piece| {
                        let what = &piece.what;
                        let (series, session) = (&what.dialogue_ref, &what.session_ref);
                        !what.withdrawn
                            && narrow.with(&what.actors)
                            && narrow.on(&what.topics)
                            && narrow.of(series.as_deref(), session.as_deref())
                    }) {
                        labels.extend(piece.label.as_ref());
                        let name = visitor.words.t1(
                            "dialogues-calendar-due",
                            "words",
                            shown_lines(&piece.what.words),
                        );
                        marks.push(mark(
                            piece.what.due_by.as_deref().unwrap_or_default(),
                            name,
                            path(&piece.id),
                        ));
                    }
                    for piece in events.iter().filter(|piece| {
                        let what = &piece.what;
                        narrow.with(&what.hosts)
                            && narrow.on(&[])
                            && narrow.of(what.dialogue_ref.as_deref(), None)
                    }) {
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
