//! Feeds of the desk: commitments by their dates, and new texts. Invariant: what the reader may see, and nothing else.

use axum::response::Response;
use site::Visitor;
use site::feeds::{Entry, Feed, Form};

use super::register_of;
use super::view::path;
use crate::records::{Commitment, Text};
use crate::rules::due::is_to_be_followed;

/// Entries of a feed, of what lies ahead and behind each.
const MOST: usize = 50;
/// How far ahead and behind a date may lie, in microseconds.
const YEAR: i64 = 365 * 86_400_000_000;

pub(super) async fn due_atom(visitor: Visitor) -> Response {
    due(visitor, Form::Atom).await
}

pub(super) async fn due_json(visitor: Visitor) -> Response {
    due(visitor, Form::Json).await
}

pub(super) async fn texts_atom(visitor: Visitor) -> Response {
    texts(visitor, Form::Atom).await
}

pub(super) async fn texts_json(visitor: Visitor) -> Response {
    texts(visitor, Form::Json).await
}

/// What was due within the last year, or is within the next, the latest said first.
async fn due(visitor: Visitor, form: Form) -> Response {
    visitor
        .answer(move |visitor| {
            let (register, now) = (register_of(visitor), visitor.now);
            let past =
                register.first::<Commitment>("commitment.past", (-now, -now + YEAR), MOST)?;
            let ahead = register.first::<Commitment>("commitment.due", (now, now + YEAR), MOST)?;
            let all = past.zip(ahead).map(|(past, ahead)| {
                let all = ahead.into_iter().chain(past);
                all.collect::<Vec<_>>()
            });
            let feed = register.once(register.in_force(all)?)?.map(|all| {
                let kept = all
                    .into_iter()
                    .filter(|piece| is_to_be_followed(&piece.what));
                let mut entries: Vec<Entry> = kept
                    .map(|piece| Entry {
                        id: piece.id.to_string(),
                        path: path(&piece.id),
                        title: visitor.words.t1(
                            "dialogues-calendar-due",
                            "words",
                            site::shown(&site::shorten(&piece.what.words)),
                        ),
                        text: site::shown(piece.what.due.as_deref().unwrap_or_default()),
                        changed: piece.modified.micros(),
                        author: None,
                        label: piece.label,
                    })
                    .collect();
                entries.sort_by_key(|entry| std::cmp::Reverse(entry.changed));
                Feed {
                    title: visitor.words.t("dialogues-feed-due"),
                    home: "/dialogues".to_owned(),
                    entries,
                }
            });
            Ok(form.write(visitor, feed))
        })
        .await
}

/// Texts, the latest first.
async fn texts(visitor: Visitor, form: Form) -> Response {
    visitor
        .answer(move |visitor| {
            let all =
                register_of(visitor).first::<Text>("text.back", (i64::MIN, i64::MAX), MOST)?;
            let feed = all.map(|all| {
                let entries = all.into_iter().map(|piece| Entry {
                    id: piece.id.to_string(),
                    path: path(&piece.id),
                    title: site::shown(&piece.what.title),
                    text: site::shown(&site::shorten(&piece.what.content)),
                    changed: piece.modified.micros(),
                    author: piece.what.publisher.as_deref().map(site::shown),
                    label: piece.label,
                });
                Feed {
                    title: visitor.words.t("dialogues-feed-texts"),
                    home: "/dialogues".to_owned(),
                    entries: entries.collect(),
                }
            });
            Ok(form.write(visitor, feed))
        })
        .await
}
