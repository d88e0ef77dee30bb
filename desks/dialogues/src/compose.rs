//! Writing records: they are composed, labeled, and handed to the node, which seals and logs them like anything else that comes in.
//! Invariant: what is sent together is taken together or the caller hears which piece was not, and why; publishing asks a second person.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use bytes::Bytes;
use node::submission::{Channel, Marking, Outcome, Submission};
use node::{Node, Receipt};
use policy::{Class, Clause, Member, Tlp};
use stix::marking::{AccessMarking, Audience, TlpName};
use stix::{ObjectId, Timestamp};

use crate::DESK;
use crate::audience::{Sessions, Spot};
use crate::records::{Kind, NewPiece, Piece, Translation, Worded};

/// Who may have what is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Label {
    /// Nobody beyond this node's own participant.
    #[default]
    Ours,
    /// Those named, as far as the label says.
    To(TlpName, Vec<Audience>),
    /// Everybody, once a second person has agreed.
    Public,
}

impl Label {
    /// The label that somebody chose: their own word as the author, but that what everybody may see waits for a second person.
    pub fn chosen(node: &Node, marking: &Marking) -> Self {
        let Some(tlp) = marking.tlp else {
            return Self::Ours;
        };
        if Class::of(Clause::own(tlp, node.home().id.clone())).is_public() {
            return Self::Public;
        }
        match TlpName::parse(tlp.name()) {
            Some(name) => Self::To(name, audience(marking)),
            None => Self::Ours,
        }
    }

    /// The label that a record of our own has already, for its next version.
    pub fn same(label: &policy::Label) -> Self {
        if label.class.is_public() {
            return Self::Public;
        }
        let marking = Self::marking(label);
        let audience = audience(&marking);
        match (
            TlpName::parse(label.class.tlp().name()),
            audience.is_empty(),
        ) {
            (None, _) | (Some(TlpName::AmberStrict), true) => Self::Ours,
            (Some(name), _) => Self::To(name, audience),
        }
    }

    /// How far a label goes and whom it names, as somebody would choose it.
    pub fn marking(label: &policy::Label) -> Marking {
        let mut named: Option<BTreeSet<Member>> = None;
        for clause in label.class.clauses() {
            let own: BTreeSet<Member> = clause.audience.union(&clause.granted).cloned().collect();
            named = Some(match named {
                Some(before) => before.intersection(&own).cloned().collect(),
                None => own,
            });
        }
        Marking {
            tlp: Some(label.class.tlp()),
            audience: named.unwrap_or_default().into_iter().collect(),
        }
    }

    /// Whether it lets anybody have it beyond this node's own participant.
    pub fn leaves(&self) -> bool {
        match self {
            Self::Ours => false,
            Self::To(_, audience) => !audience.is_empty(),
            Self::Public => true,
        }
    }
}

/// Those whom a marking names, as a marking definition has them.
fn audience(marking: &Marking) -> Vec<Audience> {
    let named = marking.audience.iter().map(|member| match member {
        Member::Participant(id) | Member::Person(id) => Audience::Identity(id.clone()),
        Member::Circle { id, .. } => Audience::Circle(id.as_str().to_owned()),
    });
    named.collect()
}

/// Records on their way to the node.
pub struct Batch<'a> {
    node: &'a Node,
    person: Option<ObjectId>,
    label: Label,
    at: Timestamp,
    markings: Vec<(Vec<Audience>, Vec<String>)>,
    sessions: Sessions<'a>,
    bytes: Vec<u8>,
    objects: Vec<std::ops::Range<usize>>,
}

/// How many objects are handed over at a time.
const TOGETHER: usize = 1_000;

impl<'a> Batch<'a> {
    /// Nothing yet, to be written by a person under a label.
    ///
    /// # Errors
    /// None that can happen with ids of this node.
    pub fn new(node: &'a Node, person: Option<ObjectId>, label: Label) -> Result<Self> {
        let sessions = Sessions::seen_by(node, person.as_ref());
        Ok(Self {
            node,
            person,
            label,
            at: Timestamp::from_micros(node.now()),
            markings: Vec::new(),
            sessions,
            bytes: Vec::new(),
            objects: Vec::new(),
        })
    }

    fn is_for_some(&self) -> bool {
        matches!(self.label, Label::To(..))
    }

    /// The markings of what stands there; written down before the first record that has them.
    fn marked(&mut self, spot: &Spot) -> Result<Vec<String>> {
        let Label::To(tlp, chosen) = self.label.clone() else {
            return Ok(Vec::new());
        };
        let audience = self.sessions.may_have(&chosen, spot)?;
        if let Some((_, known)) = self.markings.iter().find(|(of, _)| *of == audience) {
            return Ok(known.clone());
        }
        let access = AccessMarking {
            audience: Some(audience.clone()),
            ..AccessMarking::default()
        };
        let id = self.node.new_id("marking-definition")?;
        let text = access.definition(&id, &self.at, Some(&self.node.home().id));
        self.push(&text);
        let markings = vec![tlp.id().to_owned(), id.to_string()];
        self.markings.push((audience, markings.clone()));
        Ok(markings)
    }

    fn push(&mut self, text: &str) {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.objects.push(begin..self.bytes.len());
        self.bytes.push(b'\n');
    }

    /// Observers who were chosen, and by their role do not get something of what was added.
    pub fn left_out(&self) -> Vec<ObjectId> {
        self.sessions.left_out()
    }

    /// Who writes: this node.
    pub fn author(&self) -> ObjectId {
        self.node.home().id.clone()
    }

    /// Adds a record; it has its id from now on. Observers of its session get it as far as their roles go, whoever was chosen.
    ///
    /// # Errors
    /// When a value has no JSON form, or a circle is named that an observer belongs to who may not have it.
    pub fn add<T: Kind>(&mut self, new: NewPiece<T>) -> Result<Piece<T>> {
        let (id, created) = match new.of {
            Some(of) => of,
            None => (self.node.new_id(T::TYPE)?, self.at.clone()),
        };
        let piece = Piece {
            id,
            author: self.node.home().id.clone(),
            created,
            modified: self.at.clone(),
            revoked: false,
            lang: new.lang,
            sources: new.sources,
            label: None,
            what: new.what,
        };
        let mut markings = Vec::new();
        if self.is_for_some() {
            let spot = self.sessions.written(&piece.id, &piece.what.place())?;
            markings = self.marked(&spot)?;
        }
        let text = piece.write(&markings)?;
        self.push(&text);
        Ok(piece)
    }

    /// Adds the words of a record in another language.
    ///
    /// # Errors
    /// When a circle is named that an observer belongs to who may not have it.
    pub fn translate(&mut self, translation: &Translation) -> Result<()> {
        self.translated(None, translation)
    }

    /// Adds the next version of such words, which says the same under another label.
    ///
    /// # Errors
    /// When a circle is named that an observer belongs to who may not have it.
    pub fn translate_again(&mut self, worded: &Worded) -> Result<()> {
        self.translated(Some((&worded.id, &worded.created)), &worded.what)
    }

    fn translated(
        &mut self,
        of: Option<(&ObjectId, &str)>,
        translation: &Translation,
    ) -> Result<()> {
        let mut markings = Vec::new();
        if self.is_for_some() {
            let spot = self.sessions.of(translation.of.as_str())?;
            markings = self.marked(&spot)?;
        }
        let text = translation.write(self.node, (of, self.at.as_str()), &markings)?;
        self.push(&text);
        Ok(())
    }

    /// Hands everything to the node and waits until it is on disk.
    ///
    /// # Errors
    /// When the node did not take a piece, with its reason.
    pub fn send(self) -> Result<Vec<Receipt>> {
        let marking = match self.label {
            Label::Public => Marking {
                tlp: Some(Tlp::Clear),
                audience: Vec::new(),
            },
            Label::Ours => Marking {
                tlp: Some(Tlp::AmberStrict),
                audience: Vec::new(),
            },
            Label::To(..) => Marking::default(),
        };
        let bytes = Bytes::from(self.bytes);
        let mut receipts = Vec::new();
        for objects in self.objects.chunks(TOGETHER) {
            let submission = Submission {
                bytes: bytes.clone(),
                objects: objects.to_vec(),
                channel: Channel::Local,
                submitter: self.node.home().id.clone(),
                person: self.person.clone(),
                collection: DESK.to_owned(),
                marking: marking.clone(),
            };
            let receipt = self.node.accept(submission)?.wait()?;
            for line in &receipt.lines {
                if let Outcome::Awaiting { reason, .. } | Outcome::Refused { reason } =
                    &line.outcome
                {
                    bail!(
                        "{} was not taken: {reason}",
                        line.id.as_deref().unwrap_or("a piece")
                    );
                }
            }
            receipts.push(receipt);
        }
        Ok(receipts)
    }
}
