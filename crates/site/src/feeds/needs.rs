//! `/needs.atom` and `/needs.json`: what awaits the reader, thing by thing.

use axum::response::Response;
use node::Channel;
use node::clearance::{Awaits, Seen};
use policy::Released;
use sha2::{Digest as _, Sha256};
use stix::ObjectId;

use super::{Entry, Feed, Form};
use crate::rooms::wording::Wording;
use crate::shell::desk::Need;
use crate::shell::failure::Failure;
use crate::shell::visitor::{Role, Visitor};

/// Things of one sort.
const MOST: usize = 100;
/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

pub(super) async fn atom(visitor: Visitor) -> Response {
    given(visitor, Form::Atom).await
}

pub(super) async fn json(visitor: Visitor) -> Response {
    given(visitor, Form::Json).await
}

async fn given(visitor: Visitor, form: Form) -> Response {
    visitor
        .answer(move |visitor| Ok(form.write(visitor, feed(visitor)?)))
        .await
}

fn feed(visitor: &Visitor) -> Result<Released<Feed>, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let wording = Wording::of(visitor)?;
    let mut entries = Vec::new();
    // Those who decide, and those who agree: for others it is nothing to do.
    if visitor.has(Role::Editor) || visitor.has(Role::Releaser) {
        for waiting in node.awaiting(0, MOST)? {
            let kind = waiting.object.split("--").next().unwrap_or_default();
            entries.push(Entry {
                id: format!("awaiting:{}", waiting.id),
                path: "/awaiting".to_owned(),
                title: words.t1("feed-awaiting", "kind", wording.kind(kind)),
                text: format!(
                    "{} {}",
                    wording.awaits(&waiting.reason),
                    wording.channel(Channel::parse(&waiting.channel).as_ref())
                ),
                changed: waiting.arrived,
                author: None,
                label: None,
            });
        }
    }
    let releases = visitor.has(Role::Releaser);
    let me = visitor.person().map(ObjectId::as_str);
    let mut failed = None;
    let open = node.clearance().open_to(visitor.viewer())?;
    let cases: Released<Vec<Seen>> = open.into_iter().collect();
    let cases = cases.map(|cases| {
        let mine = cases.into_iter().filter(|seen| {
            let signature = seen.case.awaits() == Awaits::Signature;
            releases && signature && Some(&*seen.case.asked_by) != me
        });
        let made = mine.map(|seen| {
            let first = seen.records.first();
            let title = first.map(|stood| wording.title(&stood.record.id, &stood.record.body));
            let title = title.transpose().unwrap_or_else(|error| {
                failed = Some(error);
                None
            });
            Entry {
                id: format!("case:{}", seen.case.number),
                path: format!("/clearance/cases/{}", seen.case.number),
                title: title.map_or_else(String::new, |title| title.text),
                text: words.t1("clearance-need", "n", 1),
                changed: seen.case.asked_at,
                author: None,
                label: policy::combine(seen.records.iter().map(|stood| &stood.label)),
            }
        });
        made.collect::<Vec<_>>()
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.changed));
    // What desks and rooms ask for besides has no day of its own: it stands for today, and changes with its words.
    let today = visitor.now.div_euclid(DAY) * DAY;
    Ok(visitor.needs()?.zip(cases).map(|(needs, cases)| {
        let others = needs.into_iter().filter(|need| {
            let told =
                need.path == "/awaiting" || (releases && need.path.starts_with("/clearance"));
            !told
        });
        let others = others.map(|need| Entry {
            id: known_by(&need),
            path: need.path,
            title: need.sentence.clone(),
            text: need.sentence,
            changed: today,
            author: None,
            label: None,
        });
        Feed {
            title: words.t("feed-needs"),
            home: "/".to_owned(),
            entries: others.chain(cases).chain(entries).collect(),
        }
    }))
}

/// What something that is asked for is known by in a feed: its words stand in no name (RFC 3987).
fn known_by(need: &Need) -> String {
    let words = format!("{}\n{}", need.path, need.sentence);
    let hash = Sha256::digest(words.as_bytes());
    let hash: String = hash
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("need:{hash}")
}
