//! The calendar: sessions and the dates of commitments, as a file that any calendar opens.

use axum::response::Response;
use site::{Page, Visitor};

use super::register_of;
use super::view::Eyes;
use crate::out::calendar::{Entry, write};
use crate::records::{Commitment, Event, Session};
use crate::register::ALWAYS;

/// Entries of one calendar.
const MOST: usize = 2_000;

/// `GET /dialogues/calendar.ics`: what the visitor may see, and nothing else.
pub(super) async fn feed(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let sessions = register.between::<Session>("session.starts", ALWAYS, MOST)?;
            let dated = register.between::<Commitment>("commitment.due", ALWAYS, MOST)?;
            let events = register.between::<Event>("event.starts", ALWAYS, MOST)?;
            let text = sessions
                .zip(dated)
                .zip(events)
                .map(|((sessions, dated), events)| {
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
                        });
                    }
                    for piece in &dated {
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
                        });
                    }
                    write(&visitor.words.t("dialogues-title"), &entries)
                });
            Ok(Page::of("text/calendar; charset=utf-8", text).as_file("dialogues.ics"))
        })
        .await
}
