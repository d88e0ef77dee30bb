//! What the page shows, gathered from the node for whoever signed in.
//!
//! Invariant: rows of records are made of [`Released`] values only, and keep that mark until the page is written out.

use anyhow::Result;
use node::overview::Stood;
use node::peers::State;
use node::{Channel, Collection, Node};
use policy::{Candidate, Label, Member, Name, Purpose, Released, Viewer, decide, who};
use stix::{ObjectId, Timestamp};
use store::{LedgerEntry, PageQuery};

use super::dates;
use super::rows::{
    Because, Broken, Circle, Group, Head, Peer, Pointer, Publication, Row, Shelf, Waiting,
};
use super::texts::{self, Text, Translations};
use super::words::{Words, fill};
use crate::locale::Voice as Language;
use crate::shell::label::Tlp;
use crate::shell::shown::{shorten, shown};

/// Records on the list.
const NEWEST: usize = 60;
/// How far a collection is counted.
const COUNTED: usize = 1_000;
/// Rows of what awaits, and of the quarantine.
const ROWS: usize = 50;
/// Lines of the ledger that are added up for a peer.
const LEDGER: i64 = 500;
/// Translations that are looked through, by collection.
const TRANSLATIONS: usize = 500;
/// What is kept with records, and is none that anybody reads by itself.
const BESIDE: [&str; 8] = [
    "marking-definition",
    "extension-definition",
    "language-content",
    "seal",
    "handling",
    "withdrawal",
    "identity",
    "roster",
];
const DAY: i64 = 86_400_000_000;

/// A node as one reader sees it.
pub(crate) struct Gatherer<'n> {
    pub node: &'n Node,
    pub words: &'static Words,
    pub viewer: Viewer,
    pub translations: Translations,
    pub collections: Vec<Collection>,
    pub at: Timestamp,
}

impl<'n> Gatherer<'n> {
    /// Looks for the reader, and for the translations that the reader may see.
    pub(crate) fn new(
        node: &'n Node,
        person: Option<&ObjectId>,
        language: Language,
    ) -> Result<Self> {
        let viewer = person
            .and_then(|person| node.viewer_of_person(person))
            .unwrap_or_else(|| node.home_viewer());
        let collections = node.collections()?;
        let mut translations = Translations::default();
        for collection in &collections {
            let query = PageQuery {
                kinds: vec!["language-content".to_owned()],
                ..PageQuery::of(collection.number, TRANSLATIONS)
            };
            for record in node
                .page(&viewer, Purpose::Show, &query)?
                .map(|page| page.rows)
            {
                translations.add(&record.into_inner().body);
            }
        }
        Ok(Self {
            node,
            words: Words::of(language),
            viewer,
            translations,
            collections,
            at: Timestamp::from_micros(node.now()),
        })
    }

    fn time(&self, micros: i64) -> String {
        dates::time(micros, self.words.language)
    }

    fn figure(&self, n: u64) -> String {
        self.words.figure(usize::try_from(n).unwrap_or(usize::MAX))
    }

    /// How a participant, person or identity is called here; its id where it has no name.
    pub(crate) fn name(&self, id: &str) -> String {
        let translated = ObjectId::parse(id).ok().and_then(|id| {
            let language = self.words.language;
            self.translations.find(&id, "/name", language).map(shown)
        });
        if let Some(name) = translated.filter(|_| self.words.language != Language::English) {
            return name;
        }
        if let Some(known) = self.node.participant(id) {
            return shown(&known.name);
        }
        let persons = self.node.persons().unwrap_or_default();
        let person = persons.into_iter().find(|person| person.id == id);
        shown(&person.map_or_else(|| id.to_owned(), |person| person.name))
    }

    fn channel(&self, channel: Option<&Channel>) -> String {
        let [import, local, access, peer, bundle] = self.words.channels;
        match channel {
            None => String::new(),
            Some(Channel::Import) => import.to_owned(),
            Some(Channel::Local) => local.to_owned(),
            Some(Channel::Access(name)) => fill(access, "name", &shown(name)),
            Some(Channel::Peer(id)) => fill(peer, "name", &self.name(id.as_str())),
            Some(Channel::Bundle(id)) => fill(bundle, "name", &self.name(id.as_str())),
        }
    }

    /// What a collection is called: those of the desks by their names in the reader's language.
    fn title(&self, collection: &Collection) -> String {
        match (self.words.language, collection.desk) {
            (Language::French, Some(desk))
                if collection.alias.as_deref() == Some(desk.as_str()) =>
            {
                desk.in_french().to_owned()
            }
            _ => shown(&collection.title),
        }
    }

    /// The newest records that the reader may see.
    pub(crate) fn newest(&self) -> Result<Vec<Released<Stood>>> {
        self.node
            .newest(&self.viewer, Purpose::Show, &BESIDE, NEWEST)
    }

    /// A row of the list.
    pub(crate) fn row(&self, stood: &Stood) -> Row {
        let (words, label) = (self.words, &stood.label);
        let language = words.language;
        let mut states = Vec::new();
        if stood.revoked {
            states.push(words.revoked.to_owned());
        }
        if let Some(embargo) = label.embargo.as_ref().filter(|embargo| self.at < **embargo) {
            states.push(fill(
                words.embargo,
                "date",
                &dates::written(embargo, language),
            ));
        }
        if let Some(expiry) = &label.expiry {
            let entry = if *expiry <= self.at {
                words.expired
            } else {
                words.expires
            };
            states.push(fill(entry, "date", &dates::written(expiry, language)));
        }
        Row {
            anchor: anchor(stood),
            kind: words.kind(&stood.kind),
            title: self.record_title(stood),
            label: Tlp::of(label.class.tlp()),
            states,
            author: stood.author.as_ref().map(|id| self.name(id.as_str())),
            channel: self.channel(stood.channel.as_ref()),
            accepted: fill(words.accepted, "date", &self.time(stood.accepted)),
            who: self.who(label),
            id: stood.record.id.clone(),
            version: stood.record.version.clone(),
        }
    }

    fn record_title(&self, stood: &Stood) -> Text {
        let title = texts::title(&stood.record.body, &self.translations, self.words.language);
        Text {
            text: shown(&title.text),
            ..title
        }
    }

    /// Rule 9 for the participants that this node knows, other than its own.
    fn who(&self, label: &Label) -> String {
        let name = |id: &ObjectId| Name {
            english: self.name(id.as_str()),
            french: self.name(id.as_str()),
        };
        let home = &self.node.home().id;
        let peers = self.node.peers().unwrap_or_default();
        let candidates: Vec<Candidate> = peers
            .iter()
            .filter(|peer| peer.participant != *home)
            .map(|peer| Candidate {
                name: name(&peer.participant),
                viewer: self.node.viewer_of(&peer.participant, true),
            })
            .collect();
        let told = who(label, Purpose::Relay, &self.at, &candidates, &name);
        match self.words.language {
            Language::English => told.in_english(),
            Language::French => told.in_french(),
        }
    }

    /// The collections, and how many records the reader sees in each.
    pub(crate) fn shelves(&self) -> Result<Vec<Shelf>> {
        let count = |collection: &Collection| -> Result<String> {
            let query = PageQuery::of(collection.number, COUNTED);
            let page = self
                .node
                .manifest(&self.viewer, Purpose::Show, &query)?
                .into_inner();
            let read = |id: &str| !BESIDE.contains(&id.split("--").next().unwrap_or_default());
            let figure = self
                .words
                .figure(page.rows.iter().filter(|row| read(&row.id)).count());
            Ok(if page.more {
                fill(self.words.more_than, "n", &figure)
            } else {
                figure
            })
        };
        self.collections
            .iter()
            .map(|collection| {
                Ok(Shelf {
                    number: collection.number,
                    title: self.title(collection),
                    alias: collection
                        .alias
                        .clone()
                        .unwrap_or_else(|| collection.id.clone()),
                    count: count(collection)?,
                    listed: false,
                })
            })
            .collect()
    }

    /// The rows by the collections that they stand in.
    pub(crate) fn groups(&self, stood: &[Stood], shelves: &mut [Shelf]) -> Result<Vec<Group>> {
        let mut groups = Vec::new();
        for shelf in shelves {
            let ids: Vec<ObjectId> = stood
                .iter()
                .filter_map(|stood| ObjectId::parse(&stood.record.id).ok())
                .collect();
            if ids.is_empty() {
                continue;
            }
            let query = PageQuery {
                ids,
                ..PageQuery::of(shelf.number, NEWEST)
            };
            let here = self
                .node
                .manifest(&self.viewer, Purpose::Show, &query)?
                .into_inner();
            let records: Vec<Row> = stood
                .iter()
                .filter(|stood| here.rows.iter().any(|row| row.id == stood.record.id))
                .map(|stood| self.row(stood))
                .collect();
            if !records.is_empty() {
                shelf.listed = true;
                groups.push(Group {
                    title: shelf.title.clone(),
                    alias: shelf.alias.clone(),
                    records,
                });
            }
        }
        Ok(groups)
    }

    /// The peers, with what of these records each was given, may have, and is kept from.
    pub(crate) fn peers(&self, stood: &[Stood]) -> Result<Vec<Peer>> {
        let mut takers = Vec::new();
        for stood in stood {
            takers.push(match ObjectId::parse(&stood.record.id) {
                Ok(id) => self.node.takers(&id)?,
                Err(_) => Vec::new(),
            });
        }
        self.node
            .peers()?
            .into_iter()
            .map(|peer| self.peer(&peer, stood, &takers))
            .collect()
    }

    fn peer(
        &self,
        peer: &node::peers::Peer,
        stood: &[Stood],
        takers: &[Vec<LedgerEntry>],
    ) -> Result<Peer> {
        let words = self.words;
        let (mut given, mut open) = (Vec::new(), Vec::new());
        let mut withheld: Vec<Because> = Vec::new();
        let viewer = self.node.viewer_of(&peer.participant, true);
        for (stood, takers) in stood.iter().zip(takers) {
            let from_it = stood.author.as_ref() == Some(&peer.participant)
                || stood.channel.as_ref().and_then(Channel::peer) == Some(&peer.participant);
            if from_it {
                continue;
            }
            let mut pointer = Pointer {
                anchor: anchor(stood),
                title: self.record_title(stood),
                label: Tlp::of(stood.label.class.tlp()),
                when: String::new(),
            };
            let taken = takers
                .iter()
                .find(|line| line.viewer == peer.participant.as_str());
            let decision = decide(&viewer, &stood.label, Purpose::Relay, &self.at);
            if let Some(taken) = taken {
                pointer.when = fill(words.given_on, "date", &self.time(taken.last_at));
                given.push(pointer);
            } else if decision.is_granted() {
                open.push(pointer);
            } else if let Some(reason) = decision.reasons().first() {
                let reason = match words.language {
                    Language::English => reason.in_english(),
                    Language::French => reason.in_french(),
                };
                match withheld.iter_mut().find(|known| known.reason == reason) {
                    Some(known) => known.records.push(pointer),
                    None => withheld.push(Because {
                        reason,
                        records: vec![pointer],
                    }),
                }
            }
        }
        let name = self.name(peer.participant.as_str());
        let [introduced, confirmed, suspended] = words.states;
        Ok(Peer {
            anchor: format!("p-{}", peer.participant.uuid()),
            name: if name == peer.participant.as_str() {
                shown(&peer.name)
            } else {
                name
            },
            addresses: peer.addresses.join(", "),
            state: match peer.state {
                State::Introduced => introduced,
                State::Confirmed => confirmed,
                State::Suspended => suspended,
            },
            last_contact: peer
                .last_contact
                .map_or_else(|| words.never.to_owned(), |at| self.time(at)),
            last_error: peer.last_error.as_deref().map(shown),
            next_try: match (peer.state, peer.failures) {
                (State::Confirmed, 0) => {
                    let seconds = self.figure(self.node.config().poll_seconds);
                    fill(words.polled, "n", &seconds)
                }
                (State::Confirmed, _) => self.time(peer.next_try),
                _ => "–".to_owned(),
            },
            taken: self.figure(peer.taken),
            log_size: peer
                .log_size
                .map_or_else(|| "–".to_owned(), |size| self.figure(size)),
            inconsistent: peer.inconsistent.is_some(),
            ledger: self.ledger(&peer.participant)?,
            given,
            open,
            withheld,
        })
    }

    fn ledger(&self, peer: &ObjectId) -> Result<Option<String>> {
        let lines = self.node.ledger(Some(peer), i64::MAX, LEDGER)?;
        let records: i64 = lines.iter().map(|line| line.records).sum();
        Ok(lines.iter().map(|line| line.last_at).max().map(|last| {
            let n = self.figure(u64::try_from(records).unwrap_or(0));
            fill(&fill(self.words.ledger, "n", &n), "date", &self.time(last))
        }))
    }

    /// The circles whose rosters are here, if the reader's participant keeps or belongs to them.
    pub(crate) fn circles(&self) -> Vec<Circle> {
        let home = &self.node.home().id;
        let circles = self.node.circles();
        let ours = circles.into_iter().filter(|circle| {
            circle.owner == *home || self.viewer.standing.circles.contains_key(&circle.id)
        });
        ours.map(|circle| {
            let mut members: Vec<String> = circle
                .members
                .iter()
                .map(|(member, _)| match member {
                    Member::Participant(id) | Member::Person(id) => self.name(id.as_str()),
                    Member::Circle { id, .. } => id.as_str().to_owned(),
                })
                .collect();
            members.sort();
            Circle {
                name: shown(&circle.name),
                keeper: self.name(circle.owner.as_str()),
                members: members.join(", "),
            }
        })
        .collect()
    }

    /// How many of these records came from others since yesterday.
    pub(crate) fn received(&self, stood: &[Stood]) -> usize {
        let since = self.at.micros().saturating_sub(DAY);
        stood
            .iter()
            .filter(|stood| {
                stood.accepted >= since && !stood.channel.as_ref().is_none_or(Channel::is_ours)
            })
            .count()
    }

    /// What awaits a decision. Its content is not shown: nothing has decided yet who may see it.
    pub(crate) fn awaiting(&self) -> Result<Vec<Waiting>> {
        let waiting = self.node.awaiting(0, ROWS)?;
        Ok(waiting
            .into_iter()
            .map(|waiting| Waiting {
                number: waiting.id,
                kind: self
                    .words
                    .kind(waiting.object.split("--").next().unwrap_or_default()),
                object: waiting.object,
                why: shown(&self.words.awaits(&waiting.reason)),
                from: self.channel(Channel::parse(&waiting.channel).as_ref()),
                arrived: self.time(waiting.arrived),
            })
            .collect())
    }

    /// What was malformed. Its beginning is not shown: it may be anybody's.
    pub(crate) fn quarantine(&self) -> Result<Vec<Broken>> {
        let quarantine = self.node.quarantine(0, ROWS)?;
        Ok(quarantine
            .into_iter()
            .map(|broken| Broken {
                number: broken.id,
                why: shown(&shorten(&broken.reason)),
                from: self.channel(Channel::parse(&broken.channel).as_ref()),
                arrived: self.time(broken.arrived),
                size: self.figure(u64::try_from(broken.size).unwrap_or(0)),
                hash: broken
                    .hash
                    .iter()
                    .take(8)
                    .map(|byte| format!("{byte:02x}"))
                    .collect(),
            })
            .collect())
    }

    /// Publications that are pending.
    pub(crate) fn publications(&self) -> Result<Vec<Publication>> {
        let by = |text: &str| {
            Channel::parse(text)
                .map_or_else(|| self.name(text), |channel| self.channel(Some(&channel)))
        };
        let requests = self.node.publications()?;
        Ok(requests
            .into_iter()
            .map(|request| Publication {
                number: request.number,
                count: request.count(),
                by: by(&request.asked_by),
                at: self.time(request.asked_at),
                stands: match (&request.agreed_by, request.not_before) {
                    (Some(agreed), Some(at)) => fill(
                        &fill(self.words.delay_until, "name", &by(agreed)),
                        "date",
                        &self.time(at),
                    ),
                    _ => self.words.second_person.to_owned(),
                },
            })
            .collect())
    }

    /// The head of the log.
    pub(crate) fn head(&self) -> Result<Option<Head>> {
        let dash = || "–".to_owned();
        Ok(self.node.head()?.map(|head| Head {
            size: self.figure(head.size),
            root: head.root,
            signed: head.signed.map_or_else(dash, |at| self.time(at)),
            issued: head.issued.map_or_else(dash, |size| self.figure(size)),
            note: head.note,
        }))
    }
}

fn anchor(stood: &Stood) -> String {
    format!("r-{}", stood.record.recno)
}
