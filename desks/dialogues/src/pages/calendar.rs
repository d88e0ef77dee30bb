//! The calendar: sessions and the dates of commitments, as a file that any calendar opens.

use axum::response::Response;
use site::{Page, Visitor};

use super::register_of;
use super::view::Eyes;
use crate::out::calendar::{Entry, write};
use crate::records::{Activity, Commitment, Demarche, Event, Session};

/// Entries of one calendar, of each kind.
const MOST: usize = 2_000;
/// How far back it goes, in microseconds: older dates are in the register.
const BACK: i64 = 2 * 365 * 86_400_000_000;

/// `GET /dialogues/calendar.ics`: what the visitor may see, and nothing else.
pub(super) async fn feed(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let span = (visitor.now - BACK, i64::MAX);
            let sessions = register.between::<Session>("session.starts", span, MOST)?;
            let dated = register.between::<Commitment>("commitment.due", span, MOST)?;
            let events = register.between::<Event>("event.starts", span, MOST)?;
            let planned = register.between::<Activity>("activity.due", span, MOST)?;
            let demarches = register.between::<Demarche>("demarche.at", span, MOST)?;
            let silences = register.silences(visitor.now)?;
            let promised = ("session.awaited", (visitor.now, i64::MAX));
            let (promised, _) = register.unanswered(promised, None, MOST)?;
            let dialogues = register.series_of(promised.as_ref().map(|all| &all.sessions))?;
            let ahead = silences.zip(promised).zip(dialogues);
            let work = events.zip(planned).zip(demarches).zip(ahead);
            let text = sessions.zip(dated).zip(work).map(
                |((sessions, dated), (((events, planned), demarches), ahead))| {
                    let ((silences, promised), dialogues) = ahead;
                    let eyes = Eyes::new(visitor);
                    let mut entries = Vec::new();
                    for piece in &sessions {
                        entries.push(Entry {
                            id: piece.id.to_string(),
                            changed: piece.modified.micros(),
                            start: piece
                                .what
                                .start
                                .clone()
                                .unwrap_or_else(|| piece.what.starts.clone()),
                            end: piece.what.end.clone(),
                            title: format!(
                                "{} – {}",
                                eyes.sides(&piece.what.parties),
                                eyes.session(&piece.what)
                            ),
                            place: piece.what.place.clone(),
                            moment: None,
                        });
                    }
                    let short =
                        |id: &stix::ObjectId, changed: i64, start: String, title: String| Entry {
                            id: id.to_string(),
                            changed,
                            start,
                            end: None,
                            title,
                            place: None,
                            moment: None,
                        };
                    for one in &silences {
                        let key = "dialogues-calendar-silence";
                        let title = visitor.words.t1(key, "words", site::shorten(&one.title));
                        entries.push(Entry {
                            moment: Some(one.until),
                            ..short(&one.round, one.changed, String::new(), title)
                        });
                    }
                    for piece in &promised.sessions {
                        let next = piece.what.next.as_ref();
                        let of = |id: &str| dialogues.iter().find(|one| one.id.as_str() == id);
                        let name = of(&piece.what.dialogue_ref).map(|one| eyes.dialogue(one));
                        let name = name.unwrap_or_else(|| eyes.sides(&piece.what.parties));
                        let start = next.and_then(|next| next.date.clone().or(next.by.clone()));
                        let key = "dialogues-calendar-announced";
                        let title = visitor.words.t1(key, "words", name);
                        let id = format!("{}-next", piece.id);
                        entries.push(Entry {
                            id,
                            place: next.and_then(|next| next.place.clone()),
                            ..short(
                                &piece.id,
                                piece.modified.micros(),
                                start.unwrap_or_default(),
                                title,
                            )
                        });
                    }
                    for piece in &planned {
                        let title = site::shorten(&piece.what.name);
                        let title = visitor.words.t1("dialogues-calendar-due", "words", title);
                        let start = piece.what.due_by.clone().unwrap_or_default();
                        entries.push(short(&piece.id, piece.modified.micros(), start, title));
                    }
                    for piece in &demarches {
                        let title = site::shorten(&piece.what.subject);
                        let start = piece.what.at.clone();
                        entries.push(short(&piece.id, piece.modified.micros(), start, title));
                    }
                    for piece in dated.iter().filter(|piece| !piece.what.withdrawn) {
                        let title = visitor.words.t1(
                            "dialogues-calendar-due",
                            "words",
                            site::shorten(&piece.what.words),
                        );
                        entries.push(Entry {
                            id: piece.id.to_string(),
                            changed: piece.modified.micros(),
                            start: piece.what.due_by.clone().unwrap_or_default(),
                            end: None,
                            title,
                            place: None,
                            moment: None,
                        });
                    }
                    for piece in &events {
                        entries.push(Entry {
                            id: piece.id.to_string(),
                            changed: piece.modified.micros(),
                            start: piece
                                .what
                                .start
                                .clone()
                                .unwrap_or_else(|| piece.what.starts.clone()),
                            end: piece.what.end.clone(),
                            title: piece.what.name.clone(),
                            place: piece.what.place.clone(),
                            moment: None,
                        });
                    }
                    write(&visitor.words.t("dialogues-title"), &entries)
                },
            );
            Ok(Page::of("text/calendar; charset=utf-8", text).as_file("dialogues.ics"))
        })
        .await
}
