//! The node's page and the short notices: their templates, filled and written out.

use askama::Template;
use axum::response::Response;
use node::Kind;
use node::overview::Stood;
use policy::Released;

use super::dates;
use super::gather::Gatherer;
use super::rows::{Broken, Circle, Group, Head, Peer, Publication, Shelf, Waiting};
use super::texts::Text;
use super::words::{Words, fill};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "rooms/home/page.html")]
struct Page<'a> {
    frame: Frame,
    w: &'static Words,
    name: Text,
    kind: &'static str,
    parent: Option<String>,
    trouble: Option<String>,
    now: Vec<Sentence>,
    addresses: &'a [String],
    time: String,
    entries: String,
    collections: Vec<Shelf>,
    records: Vec<()>,
    newest_note: String,
    groups: Vec<Group>,
    peers: Vec<Peer>,
    circles: Vec<Circle>,
    awaiting: Vec<Waiting>,
    awaiting_all: usize,
    awaiting_count: String,
    awaiting_note: String,
    quarantine: Vec<Broken>,
    quarantine_count: usize,
    publications: Vec<Publication>,
    folder: String,
    head: Option<Head>,
}

/// A sentence that leads to what it speaks of.
struct Sentence {
    to: String,
    text: String,
}

/// `GET /`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let addresses: Vec<String> = node.config().address.iter().cloned().collect();
            let gatherer = Gatherer::new(node, visitor.person(), visitor.words.voice())?;
            let newest: Released<Vec<Stood>> = gatherer.newest()?.into_iter().collect();
            let name = node.home().name.clone();
            visitor.page_called(&name, newest, |stood, frame| {
                written(&gatherer, &addresses, &stood, frame)
            })
        })
        .await
}

fn written<'a>(
    gatherer: &Gatherer<'_>,
    addresses: &'a [String],
    stood: &[Stood],
    frame: Frame,
) -> Result<Page<'a>, Failure> {
    let (node, w) = (gatherer.node, gatherer.words);
    let language = w.language;
    let mut collections = gatherer.shelves()?;
    let groups = gatherer.groups(stood, &mut collections)?;
    let peers = gatherer.peers(stood)?;
    let awaiting_all = usize::try_from(node.count_awaiting()?).unwrap_or(usize::MAX);
    let quarantine = gatherer.quarantine()?;
    let publications = gatherer.publications()?;
    let head = gatherer.head()?;
    let home = node.home();
    let name = gatherer.name(home.id.as_str());
    let [state, organisation, organ, client] = w.kinds_of_participant;
    let time = dates::time(node.now(), language);
    let mut now = vec![Sentence::of(
        w,
        "#newest",
        &w.received,
        w.received_none,
        gatherer.received(stood),
    )];
    now.push(Sentence::of(
        w,
        "#awaiting",
        &w.awaiting_count,
        w.awaiting_none,
        awaiting_all,
    ));
    for peer in &peers {
        let withheld: usize = peer.withheld.iter().map(|b| b.records.len()).sum();
        if withheld > 0 {
            now.push(Sentence {
                to: format!("#{}-withheld", peer.anchor),
                text: fill(&w.count(&w.withheld_count, withheld), "name", &peer.name),
            });
        }
    }
    now.push(Sentence::of(
        w,
        "#quarantine",
        &w.quarantine_count,
        w.quarantine_none,
        quarantine.len(),
    ));
    now.push(Sentence::of(
        w,
        "#publications",
        &w.publication_count,
        w.publication_none,
        publications.len(),
    ));
    let page = Page {
        frame: frame.label(Tlp::strictest(stood.iter().map(|stood| &stood.label))),
        w,
        kind: match home.kind {
            Kind::State => state,
            Kind::Organisation => organisation,
            Kind::Organ => organ,
            Kind::Client => client,
        },
        parent: home
            .organ_of
            .as_ref()
            .map(|parent| gatherer.name(parent.as_str())),
        trouble: node.storage_trouble().as_deref().map(shown),
        now,
        addresses,
        entries: head
            .as_ref()
            .map_or_else(|| "0".to_owned(), |head| head.size.clone()),
        records: vec![(); stood.len()],
        newest_note: fill(w.newest_note, "n", &w.figure(stood.len())),
        collections,
        circles: gatherer.circles(),
        groups,
        peers,
        awaiting: gatherer.awaiting()?,
        awaiting_all,
        awaiting_count: w.figure(awaiting_all),
        awaiting_note: fill(w.show_all, "n", &w.figure(awaiting_all)),
        quarantine_count: quarantine.len(),
        quarantine,
        publications,
        folder: node.folder().root().display().to_string(),
        head,
        name: Text {
            text: name,
            lang: "zxx".to_owned(),
        },
        time,
    };
    Ok(page)
}

impl Sentence {
    fn of(w: &Words, to: &str, forms: &[&'static str; 2], none: &str, n: usize) -> Self {
        Self {
            to: to.to_owned(),
            text: if n == 0 {
                none.to_owned()
            } else {
                w.count(forms, n)
            },
        }
    }
}
