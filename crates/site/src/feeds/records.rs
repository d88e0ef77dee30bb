//! Feeds of records: what a search finds, and the versions of one.

use axum::extract::Path;
use axum::response::Response;
use node::overview::Stood;
use policy::{Purpose, Released};
use stix::{ObjectId, Timestamp};

use super::{Entry, Feed, Form};
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// Entries of a search.
const MOST: usize = 50;

pub(super) async fn search_atom(visitor: Visitor) -> Response {
    search(visitor, Form::Atom).await
}

pub(super) async fn search_json(visitor: Visitor) -> Response {
    search(visitor, Form::Json).await
}

pub(super) async fn history_atom(visitor: Visitor, Path(id): Path<String>) -> Response {
    history(visitor, id, Form::Atom).await
}

pub(super) async fn history_json(visitor: Visitor, Path(id): Path<String>) -> Response {
    history(visitor, id, Form::Json).await
}

/// An entry for a record.
pub(crate) fn entry(wording: &Wording<'_>, stood: &Stood, path: String) -> Result<Entry, Failure> {
    let row = wording.row(stood)?;
    let mut text = vec![row.kind];
    text.extend(row.states);
    Ok(Entry {
        id: row.id,
        path,
        title: row.title.text,
        text: text.join(". "),
        changed: stood.accepted,
        author: row.author,
        label: Some(stood.label.clone()),
    })
}

/// Entries of released records, or what failed on the way.
pub(crate) fn entries(
    stood: Released<Vec<Stood>>,
    made: impl Fn(&Stood) -> Result<Entry, Failure>,
) -> Result<Released<Vec<Entry>>, Failure> {
    let mut failed = None;
    let entries = stood.map(|stood| {
        let all: Result<Vec<Entry>, Failure> = stood.iter().map(made).collect();
        all.unwrap_or_else(|failure| {
            failed = Some(failure);
            Vec::new()
        })
    });
    failed.map_or(Ok(entries), Err)
}

async fn search(visitor: Visitor, form: Form) -> Response {
    visitor
        .answer(move |visitor| {
            let node = visitor.node();
            let asked = visitor.asked("q").unwrap_or_default();
            let asked = asked.trim().to_owned();
            let mut stood = Vec::new();
            if !asked.is_empty() {
                let found = node
                    .search(visitor.viewer(), &asked, i64::MAX, MOST)?
                    .into_inner();
                for row in &found.rows {
                    if let Ok(id) = ObjectId::parse(&row.id) {
                        stood.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
                    }
                }
            }
            let wording = Wording::of(visitor)?;
            let entries = entries(stood.into_iter().collect(), |stood| {
                entry(&wording, stood, format!("/records/{}", stood.record.id))
            })?;
            let title = visitor
                .words
                .t1("feed-search", "words", crate::shown(&asked));
            let query =
                percent_encoding::utf8_percent_encode(&asked, percent_encoding::NON_ALPHANUMERIC);
            let home = format!("/search?q={query}");
            let feed = entries.map(|entries| Feed {
                title,
                home,
                entries,
            });
            Ok(form.write(visitor, feed))
        })
        .await
}

async fn history(visitor: Visitor, id: String, form: Form) -> Response {
    visitor
        .answer(move |visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let stood = node
                .stood(visitor.viewer(), Purpose::Show, &id)?
                .ok_or(Failure::Absent)?;
            let wording = Wording::of(visitor)?;
            let now: Released<Vec<Stood>> = std::iter::once(stood).collect();
            let latest = entries(now, |stood| {
                entry(&wording, stood, format!("/records/{id}"))
            })?;
            let mut versions = None;
            for collection in node.collections()? {
                let held = node.history(visitor.viewer(), Purpose::Show, collection.number, &id)?;
                if !held.as_ref().map(Vec::is_empty).into_inner() {
                    versions = Some(held);
                    break;
                }
            }
            let versions = versions.ok_or(Failure::Absent)?;
            let feed = latest.zip(versions).map(|(latest, held)| {
                let one = latest.into_iter().next();
                let title = one
                    .as_ref()
                    .map_or_else(String::new, |one| one.title.clone());
                let versions = held.iter().rev().filter_map(|record| {
                    let instant = record.version.split(' ').next().unwrap_or_default();
                    let at = format!("{}Z", instant.trim_end_matches('Z'));
                    let time = Timestamp::parse(&at).map_or(record.added, |time| time.micros());
                    Some(Entry {
                        id: format!("{id}:{at}"),
                        text: words.t1("feed-version", "date", words.moment(time)),
                        changed: time,
                        ..one.clone()?
                    })
                });
                Feed {
                    title: words.t1("feed-history", "title", title.as_str()),
                    home: format!("/records/{id}"),
                    entries: versions.collect(),
                }
            });
            Ok(form.write(visitor, feed))
        })
        .await
}
