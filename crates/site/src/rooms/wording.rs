//! How what the node holds is called in the visitor's language: participants, doors, kinds, titles, states, and who may see it.

use std::cell::RefCell;
use std::collections::HashMap;

use anyhow::Result;
use node::overview::Stood;
use node::{Channel, NotTaken};
use policy::{Candidate, Label, Purpose, who};
use stix::{ObjectId, Timestamp};

use super::texts::{self, Text, Translations};
use crate::locale::Words;
use crate::shell::label::Tlp;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// What is kept with records, and is none that anybody reads by itself.
pub(crate) const BESIDE: [&str; 9] = [
    "marking-definition",
    "extension-definition",
    "language-content",
    "seal",
    "handling",
    "withdrawal",
    "identity",
    "roster",
    "trail-mark",
];

/// A record on a list.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its id, which is its address too.
    pub id: String,
    pub kind: String,
    pub title: Text,
    pub label: Tlp,
    pub states: Vec<String>,
    pub author: Option<String>,
    pub channel: String,
    pub accepted: String,
}

impl Visitor {
    /// What a participant or person is called in the visitor's language, where a translation that the visitor may see says so.
    pub(crate) fn translated_name(&self, id: &str) -> Option<String> {
        let language = self.words.language();
        if language == "en" {
            return None;
        }
        let object = ObjectId::parse(id).ok()?;
        let translations = Translations::of(self, &object).ok()?;
        let name = translations.find(&object, "/name", language);
        name.map(str::to_owned)
    }

    /// What the participant of this node is called in the visitor's language.
    pub fn home_name(&self) -> String {
        let home = self.node().home();
        let name = self.translated_name(home.id.as_str());
        shown(&name.unwrap_or_else(|| home.name.clone()))
    }
}

/// Why something is malformed, or was refused: the node keeps a sentence in English, which has a code or ends with the rule that is broken.
fn broken(words: &Words, reason: &str) -> String {
    let key = node::code_of(reason).map(|code| format!("awaits-{code}"));
    if let Some(key) = key.filter(|key| words.tag() != "en" && words.has(key)) {
        return words.t(&key);
    }
    let rule = reason
        .rsplit_once('[')
        .and_then(|(_, rule)| rule.strip_suffix(']'));
    let key = rule.map(|rule| format!("quarantine-rule-{rule}"));
    match key.filter(|key| words.has(key)) {
        Some(key) => match reason.split_once(": ") {
            Some((pointer, _)) if pointer.starts_with('/') => {
                format!("{pointer}{} {}", words.t("format-colon"), words.t(&key))
            }
            _ => words.t(&key),
        },
        None => reason.to_owned(),
    }
}

/// Why the node did not take a piece, as the end of a sentence.
pub(crate) fn why_not(words: &Words, not: &NotTaken) -> String {
    let key = not.code.map(|code| format!("awaits-{code}"));
    match key.filter(|key| words.has(key)) {
        Some(key) => words.t(&key),
        // The node's sentence is more exact than the key; in English alone it is that of the page.
        None if words.tag() == "en" => shown(&not.reason),
        None => shown(&broken(words, &not.reason)),
    }
}

/// The node's things in one visitor's words.
pub(crate) struct Wording<'v> {
    visitor: &'v Visitor,
    words: &'v Words,
    persons: HashMap<String, String>,
    known: RefCell<HashMap<String, String>>,
}

impl<'v> Wording<'v> {
    /// Those of a visitor.
    pub(crate) fn of(visitor: &'v Visitor) -> Result<Self> {
        let persons = visitor.node().persons()?;
        Ok(Self {
            visitor,
            words: &visitor.words,
            persons: persons
                .into_iter()
                .map(|person| (person.id, person.name))
                .collect(),
            known: RefCell::default(),
        })
    }

    /// How a participant, person or identity is called here; its id where it has no name.
    pub(crate) fn name(&self, id: &str) -> String {
        if let Some(known) = self.known.borrow().get(id) {
            return known.clone();
        }
        let name = shown(&self.look_up(id));
        let mut known = self.known.borrow_mut();
        known.insert(id.to_owned(), name.clone());
        name
    }

    /// This node, as one that acts.
    pub(crate) fn itself(&self) -> String {
        self.words.t("audit-node")
    }

    /// Whether it is a participant that this node knows.
    pub(crate) fn knows(&self, id: &ObjectId) -> bool {
        self.visitor.node().participant(id.as_str()).is_some()
    }

    fn look_up(&self, id: &str) -> String {
        if let Some(name) = self.visitor.translated_name(id) {
            return name;
        }
        if let Some(known) = self.visitor.node().participant(id) {
            return known.name;
        }
        let person = self.persons.get(id).cloned();
        person.unwrap_or_else(|| id.to_owned())
    }

    /// The door that something came through.
    pub(crate) fn channel(&self, channel: Option<&Channel>) -> String {
        let words = self.words;
        match channel {
            None => String::new(),
            Some(Channel::Import) => words.t("channel-import"),
            Some(Channel::Local) => words.t("channel-local"),
            Some(Channel::Access(name)) => words.t1("channel-access", "name", shown(name)),
            Some(Channel::Peer(id)) => words.t1("channel-peer", "name", self.name(id.as_str())),
            Some(Channel::Bundle(id)) => words.t1("channel-bundle", "name", self.name(id.as_str())),
        }
    }

    /// What a type of STIX is called; its own name where there is no word for it.
    pub(crate) fn kind(&self, kind: &str) -> String {
        let key = format!("kind-{kind}");
        if self.words.has(&key) {
            self.words.t(&key)
        } else {
            kind.replace('-', " ")
        }
    }

    /// Why something is malformed.
    pub(crate) fn broken(&self, reason: &str) -> String {
        broken(self.words, reason)
    }

    /// Why something awaits a decision: the node keeps a code and a sentence in English.
    pub(crate) fn awaits(&self, reason: &str) -> String {
        let (code, sentence) = reason.split_once(": ").unwrap_or((reason, reason));
        let key = format!("awaits-{code}");
        if self.words.has(&key) {
            self.words.t(&key)
        } else {
            shown(sentence)
        }
    }

    /// What a record is called on a list.
    pub(crate) fn title(&self, id: &str, body: &[u8]) -> Result<Text> {
        let kind = id.split("--").next().unwrap_or_default();
        let mut desks = self.visitor.site.desks();
        if let Some(text) = desks
            .find_map(|desk| desk.called(self.visitor, kind, body, &|other| self.beside(id, other)))
        {
            let lang = self.words.tag().to_owned();
            return Ok(Text { text, lang });
        }
        let translations = match ObjectId::parse(id) {
            Ok(id) => Translations::of(self.visitor, &id)?,
            Err(_) => Translations::default(),
        };
        let title = texts::title(body, &translations, self.words.language());
        let stance = format!("stance-{}", title.text);
        if kind == "opinion" && self.words.has(&stance) {
            let lang = self.words.tag().to_owned();
            let text = self.words.t(&stance);
            return Ok(Text { text, lang });
        }
        // An id is no title: its beginning tells one from another, and the whole stands on the page.
        let text = match (title.text == id, id.split_once("--")) {
            (true, Some((_, uuid))) => {
                let begin: String = uuid.chars().take(8).collect();
                self.words.t1("record-untitled", "id", begin)
            }
            // What says nothing but which other one it is about: a translation, say.
            _ if let Some(about) = self.beside(id, &title.text) => {
                self.words.t1("record-about-named", "title", about)
            }
            _ if let Some((kind, uuid)) = another(&title.text) => {
                let begin: String = uuid.chars().take(8).collect();
                let kind = self.kind(&kind);
                self.words.t2("record-about", "kind", kind, "id", begin)
            }
            _ => shown(&title.text),
        };
        Ok(Text { text, ..title })
    }

    /// What another record is called, where that may stand under the label of the one that names it: the visitor may see both, and the
    /// other's label is no stricter.
    fn beside(&self, own: &str, other: &str) -> Option<String> {
        let (own, other) = (ObjectId::parse(own).ok()?, ObjectId::parse(other).ok()?);
        if self.visitor.person().is_some() && self.knows(&other) {
            return Some(self.name(other.as_str()));
        }
        let (node, viewer) = (self.visitor.node(), self.visitor.viewer());
        let stands = |id| node.stood(viewer, Purpose::Show, id).ok().flatten();
        let own = stands(&own)?.into_inner().label;
        let named = stands(&other)?.into_inner();
        if !Tlp::serves(&own, &named.label) {
            return None;
        }
        // A translation has a label of its own: it is told in its own words.
        let title = texts::title(
            &named.record.body,
            &Translations::default(),
            self.words.language(),
        );
        // What has no words of its own would be told by its id again.
        ObjectId::parse(&title.text)
            .is_err()
            .then(|| shown(&title.text))
    }

    /// What translations that the visitor may see say at the pointers of a record that is in another language than the page, with the
    /// tag of theirs.
    pub(crate) fn translations(
        &self,
        id: &ObjectId,
        body: &[u8],
    ) -> Result<impl Fn(&str) -> Option<(String, String)> + use<>> {
        let (id, language) = (id.clone(), self.words.language().to_owned());
        let all = match texts::language(body) == language {
            true => Translations::default(),
            false => Translations::of(self.visitor, &id)?,
        };
        Ok(move |pointer: &str| {
            let text = all.find(&id, pointer, &language)?;
            Some((text.to_owned(), language.clone()))
        })
    }

    /// A row of a list.
    pub(crate) fn row(&self, stood: &Stood) -> Result<Row> {
        Ok(Row {
            kind: self.kind(&stood.kind),
            title: self.title(&stood.record.id, &stood.record.body)?,
            label: Tlp::of(stood.label.class.tlp()),
            states: self.states(stood),
            author: stood.author.as_ref().map(|id| self.name(id.as_str())),
            channel: match (&stood.channel, &stood.author) {
                // Whose node that is stands before it already.
                (Some(Channel::Peer(peer)), Some(author)) if peer == author => {
                    self.words.t("channel-own")
                }
                (channel, _) => self.channel(channel.as_ref()),
            },
            accepted: self.words.moment(stood.accepted),
            id: stood.record.id.clone(),
        })
    }

    /// What has to be known of a record before it is used: revoked, under embargo, expired.
    pub(crate) fn states(&self, stood: &Stood) -> Vec<String> {
        let (words, label, at) = (self.words, &stood.label, self.visitor.at());
        let until = |key: &str, time: &Timestamp| words.t1(key, "date", words.moment_of(time));
        let mut states = Vec::new();
        if stood.revoked {
            states.push(words.t("record-revoked"));
        }
        if let Some(embargo) = label.embargo.as_ref().filter(|embargo| at < **embargo) {
            states.push(until("record-embargo", embargo));
        }
        if let Some(expiry) = &label.expiry {
            let key = if *expiry <= at {
                "record-expired"
            } else {
                "record-expires"
            };
            states.push(until(key, expiry));
        }
        states
    }

    /// Rule 9, for the participants that this node exchanges with.
    pub(crate) fn told(&self, label: &Label) -> Result<String> {
        let node = self.visitor.node();
        let name = |id: &ObjectId| self.name(id.as_str());
        let home = &node.home().id;
        let peers = node.peers()?;
        let candidates: Vec<Candidate> = peers
            .iter()
            .filter(|peer| peer.participant != *home)
            .map(|peer| Candidate {
                name: name(&peer.participant),
                viewer: node.viewer_of(&peer.participant, true),
            })
            .collect();
        let told = who(
            label,
            Purpose::Relay,
            &self.visitor.at(),
            &candidates,
            &name,
        );
        Ok(self.words.explained(&told))
    }
}

/// The type and the rest of what is an id and nothing else.
fn another(title: &str) -> Option<(String, String)> {
    let id = ObjectId::parse(title).ok()?;
    Some((id.type_name().to_owned(), id.uuid().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locales;
    use crate::shell::site::LOCALES;

    #[test]
    fn why_something_is_not_taken_is_said_in_each_language() {
        let locales = Locales::new([&LOCALES], false);
        let english = locales.choose(Some("en"), None, None);
        let french = locales.choose(Some("fr"), None, None);
        for code in [
            "above",
            "authors-object",
            "future-version",
            "in-our-name",
            "label-loosened",
            "other-channel",
            "other-content",
            "seal-broken",
            "seal-former",
            "seal-late",
            "seal-missing",
            "seal-unvouched",
        ] {
            let not = NotTaken {
                id: None,
                reason: "in English".to_owned(),
                code: Some(code),
                is_above: false,
            };
            let said = [&english, &french].map(|words| why_not(words, &not));
            assert!(said.iter().all(|said| said != "in English"), "{code}");
            assert_ne!(said[0], said[1], "{code}");
        }
        let not = NotTaken {
            id: None,
            reason: "/name: a string was expected [type]".to_owned(),
            code: None,
            is_above: false,
        };
        assert_eq!(why_not(&english, &not), not.reason);
        let said = why_not(&french, &not);
        assert!(
            said.starts_with("/name") && !said.contains("expected"),
            "{said}"
        );
    }
}
