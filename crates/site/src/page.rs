//! The node's page and the short notices: their templates, filled and written out.

use anyhow::Result;
use askama::Template;
use node::overview::Stood;
use node::{Kind, Node};
use policy::Released;
use stix::ObjectId;

use crate::dates;
use crate::gather::{Gatherer, strictest};
use crate::language::Language;
use crate::rows::{Broken, Circle, Group, Head, Peer, Publication, Shelf, Tlp, Waiting};
use crate::texts::{Text, shown};
use crate::words::{Words, fill};

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    w: &'static Words,
    other: &'static str,
    name: Text,
    kind: &'static str,
    parent: Option<String>,
    person: Option<String>,
    strictest: Tlp,
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
    printed: String,
}

/// A sentence that leads to what it speaks of.
struct Sentence {
    to: String,
    text: String,
}

/// A short page: one sentence, and one way on.
#[derive(Template)]
#[template(path = "notice.html")]
pub(crate) struct Notice {
    pub w: &'static Words,
    pub title: &'static str,
    pub text: &'static str,
    pub link: Option<(String, &'static str)>,
}

/// The node's page for whoever signed in, ready to be written out.
pub(crate) fn page(
    node: &Node,
    addresses: &[String],
    person: Option<&ObjectId>,
    language: Language,
) -> Result<Released<String>> {
    let gatherer = Gatherer::new(node, person, language)?;
    let newest: Released<Vec<Stood>> = gatherer.newest()?.into_iter().collect();
    let mut failed = None;
    let page = newest.map(|stood| {
        written(&gatherer, addresses, person, &stood).unwrap_or_else(|error| {
            failed = Some(error);
            String::new()
        })
    });
    failed.map_or(Ok(page), Err)
}

fn written(
    gatherer: &Gatherer<'_>,
    addresses: &[String],
    person: Option<&ObjectId>,
    stood: &[Stood],
) -> Result<String> {
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
        w,
        other: match language {
            Language::English => "fr",
            Language::French => "en",
        },
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
        person: person.map(|person| gatherer.name(person.as_str())),
        strictest: strictest(stood),
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
        printed: fill(&fill(w.printed, "date", &time), "name", &name),
        name: Text {
            text: name,
            lang: "zxx".to_owned(),
        },
        time,
    };
    Ok(page.render()?)
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
