//! `/dialogues/timeline`: sessions and dates due on one line, of everybody or of one participant.

use askama::Template;
use axum::response::Response;
use site::parts::figure::{Event as Mark, Timeline};
use site::parts::form::Choice;
use site::{Frame, Tlp, Visitor, shorten, shown, shown_lines};

use super::register_of;
use super::view::{Eyes, path};
use crate::records::{Commitment, Event, Session};
use crate::rules::dates::Stretch;

/// How many of each kind are drawn.
const MOST: usize = 60;
const YEAR: i64 = 365 * 86_400_000_000;

#[derive(Template)]
#[template(path = "dialogues/timeline.html")]
struct Show {
    frame: Frame,
    timeline: Option<Timeline>,
    sides: Vec<(Choice, bool)>,
    since: String,
    until: String,
}

/// `GET /dialogues/timeline?side=&since=&until=`; without times, two years back and one ahead.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let at = |name: &str| visitor.asked(name).as_deref().and_then(Stretch::parse);
            let from = at("since").map_or(visitor.now - 2 * YEAR, |day| day.first);
            let to = at("until").map_or(visitor.now + YEAR, |day| day.last);
            let all = register
                .between::<Session>("session.starts", (from, to), MOST)?
                .zip(register.between::<Commitment>("commitment.due", (from, to), MOST)?)
                .zip(register.between::<Event>("event.starts", (from, to), MOST)?);
            visitor.page(
                "answers-timeline",
                all,
                |((sessions, due), events), frame| {
                    let eyes = Eyes::new(visitor);
                    let side = visitor.asked("side");
                    let with = |all: &[String]| side.as_ref().is_none_or(|side| all.contains(side));
                    let mark = |day: &str, name: String, path: String| Mark {
                        day: day.get(..10).unwrap_or(day).to_owned(),
                        name: shorten(&name).chars().take(60).collect(),
                        path: Some(path),
                        ahead: Stretch::parse(day).is_some_and(|day| day.last > visitor.now),
                    };
                    let mut marks = Vec::new();
                    let mut labels = Vec::new();
                    let mut sides: Vec<String> = side.iter().cloned().collect();
                    for piece in &sessions {
                        for party in &piece.what.parties {
                            if !sides.contains(party) {
                                sides.push(party.clone());
                            }
                        }
                        if with(&piece.what.parties) {
                            labels.extend(piece.label.as_ref());
                            let name = format!(
                                "{}, {}",
                                eyes.sides(&piece.what.parties),
                                eyes.session(&piece.what)
                            );
                            marks.push(mark(&piece.what.starts, name, path(&piece.id)));
                        }
                    }
                    for piece in due
                        .iter()
                        .filter(|piece| !piece.what.withdrawn && with(&piece.what.actors))
                    {
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
                    for piece in events.iter().filter(|piece| with(&piece.what.hosts)) {
                        labels.extend(piece.label.as_ref());
                        marks.push(mark(
                            &piece.what.starts,
                            shown(&piece.what.name),
                            path(&piece.id),
                        ));
                    }
                    let mut sides: Vec<Choice> = sides
                        .iter()
                        .map(|side| Choice::new(side, eyes.side(side)))
                        .collect();
                    visitor.words.sort(&mut sides, |choice| &choice.name);
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
                        sides: sides
                            .into_iter()
                            .map(|choice| {
                                let is = Some(&choice.value) == side.as_ref();
                                (choice, is)
                            })
                            .collect(),
                        since: visitor.asked("since").unwrap_or_default(),
                        until: visitor.asked("until").unwrap_or_default(),
                    })
                },
            )
        })
        .await
}
