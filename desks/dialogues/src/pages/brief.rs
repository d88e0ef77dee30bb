//! The brief before a session: what both sides committed to, in each language; what each says followed; the people; the dates. One page
//! to print.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use site::{Failure, Frame, Link, Visitor, shown};

use super::view::{Eyes, Row};
use super::{object, register_of, strictest};
use crate::records::{Piece, Session, SessionState};
use crate::rules::due::is_to_be_followed;

#[derive(Template)]
#[template(path = "dialogues/brief.html")]
struct Show {
    frame: Frame,
    series: String,
    session: String,
    last: Option<Link>,
    open: Vec<Row>,
    done: Vec<Row>,
    persons: Vec<(String, String)>,
    dates: Vec<String>,
}

/// `GET /dialogues/sessions/{id}/brief`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("session", &uuid)?;
            let register = register_of(visitor);
            let session = register.one::<Session>(&id)?.ok_or(Failure::Absent)?;
            let series = session
                .as_ref()
                .map(|one| one.what.dialogue_ref.clone())
                .into_inner();
            let series = stix::ObjectId::parse(&series).map_err(|_| Failure::Absent)?;
            let known = register.series(&series)?.ok_or(Failure::Absent)?;
            visitor.page("dialogues-brief", known, |known, frame| {
                let eyes = Eyes::new(visitor);
                let this = known.session(Some(id.as_str())).ok_or(Failure::Absent)?;
                let sessions = known.sessions_of(&series);
                let last = sessions.iter().find(|one| {
                    one.what.state == SessionState::Held && one.what.starts <= this.what.starts
                });
                let (open, done): (Vec<_>, Vec<_>) = known
                    .commitments
                    .iter()
                    .filter(|piece| is_to_be_followed(&piece.what))
                    .partition(|piece| {
                        let said = known.followed(&piece.id);
                        crate::rules::due::due(&piece.what, &said, visitor.now)
                            != crate::rules::due::Due::Settled
                    });
                let persons = last.map_or_else(Vec::new, |last| last.what.persons.iter().collect());
                let dates = known.commitments.iter().filter_map(|piece| {
                    let due = piece.what.due.as_deref()?;
                    Some((
                        piece.what.due_by.clone()?,
                        format!(
                            "{}{} {}",
                            eyes.date(due),
                            visitor.words.t("format-colon"),
                            shown(&piece.what.words)
                        ),
                    ))
                });
                let mut dates: Vec<(String, String)> = dates.collect();
                dates.sort();
                Ok(Show {
                    series: known
                        .dialogue(Some(series.as_str()))
                        .map(|piece| eyes.dialogue(piece))
                        .unwrap_or_default(),
                    session: eyes.session(&this.what),
                    last: last.map(|last: &&Piece<Session>| eyes.session_link(last)),
                    open: eyes.rows(&known, open),
                    done: eyes.rows(&known, done),
                    persons: persons
                        .into_iter()
                        .map(|person| {
                            let side = person
                                .side
                                .as_deref()
                                .map(|side| eyes.side(side))
                                .unwrap_or_default();
                            let role = person.role.as_deref().map(shown).unwrap_or_default();
                            (shown(&person.name), [role, side].join(" · "))
                        })
                        .collect(),
                    dates: dates.into_iter().map(|(_, text)| text).collect(),
                    frame: match strictest(&known) {
                        Some(label) => frame.label(label),
                        None => frame,
                    },
                })
            })
        })
        .await
}
