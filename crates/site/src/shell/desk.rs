//! What a desk, or a room of the node, gives to the whole: its place in the navigation, its pages, its texts, and what it has to say
//! on the home page.

use include_dir::Dir;
use node::Node;
use policy::{Label, Released};
use stix::ObjectId;

use super::failure::Failure;
use super::label::Tlp;
use super::routes::Routes;
use super::visitor::{Role, Visitor};
use crate::locale::Words;

/// Where in the navigation something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What the day begins with: where one stands, what has a date, what waits.
    Day,
    /// Among the desks: work on records.
    Desks,
    /// With whom records are exchanged, and how.
    Exchange,
    /// What is kept here, and what was done with it.
    Keeping,
    /// Who comes in.
    Access,
    /// The node itself: running it.
    Node,
}

impl Section {
    /// All of them, in the order of the navigation.
    pub const ALL: [Self; 6] = [
        Self::Day,
        Self::Desks,
        Self::Exchange,
        Self::Keeping,
        Self::Access,
        Self::Node,
    ];

    /// The key of its heading.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Day => "frame-day",
            Self::Desks => "frame-desks",
            Self::Exchange => "frame-exchange",
            Self::Keeping => "frame-keeping",
            Self::Access => "frame-access",
            Self::Node => "frame-node",
        }
    }
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct Nav {
    /// Among what.
    pub section: Section,
    /// Where it leads.
    pub path: &'static str,
    /// The key of its name.
    pub key: &'static str,
    /// The letter that leads there after `g`; a space for none.
    pub letter: char,
    /// Who sees it: everyone who signed in, or one role.
    pub role: Option<Role>,
}

/// Something that needs the visitor: a sentence that leads to it.
#[derive(Debug, Clone)]
pub struct Need {
    /// The sentence, in the visitor's language.
    pub sentence: String,
    /// Where it leads.
    pub path: String,
}

/// What a desk says at a glance on the home page.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Its heading, in the visitor's language.
    pub title: String,
    /// Where the heading leads.
    pub path: String,
    /// Sentences, each of which leads to the rows behind it.
    pub sentences: Vec<Need>,
    /// The strictest label of what they tell of, if they tell of records.
    pub label: Option<Tlp>,
}

/// When something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// It waits, and nobody said until when.
    Open,
    /// On whole days, in microseconds: the beginning of the first, and of the day after the last.
    Days(i64, i64),
    /// At a moment, in microseconds.
    Moment(i64),
}

/// Something that has a date, or waits for the visitor: a line of the calendar.
#[derive(Debug, Clone)]
pub struct Dated {
    /// What it is known by; it stays.
    pub id: String,
    /// Its page.
    pub path: String,
    /// What it is, in the visitor's language.
    pub title: String,
    /// When.
    pub when: When,
    /// The same as the visitor's language writes it, as exact as it is known.
    pub told: String,
    /// Where.
    pub place: Option<String>,
    /// When it was last changed, in microseconds.
    pub changed: i64,
    /// Whether the visitor has to do something until then.
    pub awaits: bool,
    /// Whether it will not take place.
    pub cancelled: bool,
    /// Who may have what it tells of.
    pub label: Option<Label>,
}

/// Which dates are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// From when on, in microseconds.
    pub since: i64,
    /// At most so many of each sort.
    pub most: usize,
}

/// A desk or a room of the node. Desks don't know each other: they meet in records and links.
pub trait Desk: Send + Sync {
    /// Its name in addresses and keys.
    fn name(&self) -> &'static str;

    /// Its entries in the navigation.
    fn nav(&self) -> Vec<Nav> {
        Vec::new()
    }

    /// Its pages.
    fn routes(&self) -> Routes;

    /// Makes known to a node by which values its records are found; right after the node was opened.
    fn declare(&self, _node: &Node) {}

    /// Its folder of locale files, as `include_dir!("$CARGO_MANIFEST_DIR/locales")` gives it.
    fn locales(&self) -> Option<&'static Dir<'static>> {
        None
    }

    /// What a value of its own kinds of records means to a reader, by type, property and value, where the desk has words for it. Inside
    /// another value the type is the name of the property that holds it.
    fn meaning(&self, _words: &Words, _kind: &str, _name: &str, _value: &str) -> Option<String> {
        None
    }

    /// What a record of its own kinds is called on a list where the first words in it are no name: from its own bytes alone, and from what
    /// `beside` says another is called, which it does only where the reader may see that under this record's label.
    fn called(
        &self,
        _visitor: &Visitor,
        _kind: &str,
        _body: &[u8],
        _beside: &dyn Fn(&str) -> Option<String>,
    ) -> Option<String> {
        None
    }

    /// The types of records that it writes and a reader looks for.
    fn kinds(&self) -> &'static [&'static str] {
        &[]
    }

    /// The address of its page of a record, where it has one that tells more of it: from the record's own bytes alone.
    fn page_of(&self, _id: &ObjectId, _body: &[u8]) -> Option<String> {
        None
    }

    /// The record that an address of its own pages is of, whether there is such a record or not.
    fn record_at(&self, _path: &str) -> Option<ObjectId> {
        None
    }

    /// The key of what stands at the foot of its lists.
    fn foot(&self) -> Option<&'static str> {
        None
    }

    /// Where somebody who may write begins to bring in what they have, in a browser: the address, and the key of what is done there.
    fn begins(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// Feeds that a person can follow with a token in their address: where they are, and the keys of what they are called.
    fn feeds(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// What its operations take and give: JSON Schemas by name, for the document of the interface for programs.
    fn schemas(&self) -> serde_json::Value {
        serde_json::Value::Null
    }

    /// What of it needs the visitor; asked for on each page, so it has to be quick.
    ///
    /// # Errors
    /// When it could not be found out.
    fn needs(&self, _visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
        Ok(no_rows())
    }

    /// What of it has a date, or waits for the visitor.
    ///
    /// # Errors
    /// When it could not be found out.
    fn dates(&self, _visitor: &Visitor, _span: Span) -> Result<Released<Vec<Dated>>, Failure> {
        Ok(no_rows())
    }

    /// What it says on the home page.
    ///
    /// # Errors
    /// When it could not be found out.
    fn tiles(&self, _visitor: &Visitor) -> Result<Released<Vec<Tile>>, Failure> {
        Ok(no_rows())
    }

    /// What it shows to everyone, on the public portal.
    ///
    /// # Errors
    /// When it could not be found out.
    fn portal(&self, _visitor: &Visitor) -> Result<Released<Vec<Tile>>, Failure> {
        Ok(no_rows())
    }
}

/// No rows, which tell nothing.
fn no_rows<T>() -> Released<Vec<T>> {
    std::iter::empty::<Released<T>>().collect()
}

impl Visitor {
    /// The record that somebody means who gives the address of a page of it, here or at its desk, or its id.
    pub(crate) fn record_at(&self, text: &str) -> Option<ObjectId> {
        let path = text.trim().split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_end_matches('/');
        // Of an address on another machine's screen the path alone counts.
        let path = path.split_once("://").map_or(path, |(_, rest)| {
            rest.find('/').map_or("", |begin| rest.split_at(begin).1)
        });
        let mut parts = path.rsplit('/').take(2);
        let own = parts.find_map(|part| ObjectId::parse(part).ok());
        own.or_else(|| self.site.desks().find_map(|desk| desk.record_at(path)))
    }

    /// What needs the visitor, by all desks and rooms.
    pub(crate) fn needs(&self) -> Result<Released<Vec<Need>>, Failure> {
        if self.actor.is_none() {
            return Ok(no_rows());
        }
        let mut all = no_rows();
        for desk in self.site.desks() {
            all = all.zip(desk.needs(self)?).map(|(mut all, needs)| {
                all.extend(needs);
                all
            });
        }
        Ok(all)
    }

    /// What has a date or waits for the visitor, of all desks and rooms: what nobody dated first, then by date.
    pub(crate) fn dates(&self, span: Span) -> Result<Released<Vec<Dated>>, Failure> {
        let mut all = no_rows();
        for desk in self.site.desks() {
            all = all.zip(desk.dates(self, span)?).map(|(mut all, dates)| {
                all.extend(dates);
                all
            });
        }
        let begins = |one: &Dated| match one.when {
            When::Open => i64::MIN,
            When::Days(at, _) | When::Moment(at) => at,
        };
        Ok(all.map(|mut all: Vec<Dated>| {
            all.sort_by_key(begins);
            all
        }))
    }

    /// What the desks and rooms say on the home page.
    ///
    /// # Errors
    /// When one of them could not find it out.
    pub fn tiles(&self) -> Result<Released<Vec<Tile>>, Failure> {
        let mut all = no_rows();
        for desk in self.site.desks() {
            all = all.zip(desk.tiles(self)?).map(|(mut all, tiles)| {
                all.extend(tiles);
                all
            });
        }
        Ok(all)
    }
}
