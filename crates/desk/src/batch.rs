//! Writing records: they are composed, labeled, and handed to the node, which seals and logs them like anything else that comes in.
//! Invariant: what is sent together is taken together or the caller hears which piece was not, and why; publishing asks a second person.

use anyhow::Result;
use bytes::Bytes;
use node::submission::{Channel, Marking, Submission};
use node::{Actor, Node, NotTaken, Receipt};
use policy::{Caveats, Pap, Tlp};
use stix::marking::{AccessMarking, Audience, TlpName};
use stix::{ObjectId, Timestamp};

use crate::{Kind, Label, NewPiece, Piece, Translation, Worded};

/// In whose name records are written.
#[derive(Debug, Clone)]
pub enum By {
    /// Somebody who signed in, whose right is looked up again where the records are taken. All is taken, or nothing.
    Somebody(Box<Actor>),
    /// A door of the node's own - a job, samples - and the person in whose name it works, if any. It hands over in portions.
    Door(Option<ObjectId>),
}

impl By {
    /// The person, if any.
    pub fn person(&self) -> Option<&ObjectId> {
        match self {
            Self::Somebody(actor) => Some(&actor.person),
            Self::Door(person) => person.as_ref(),
        }
    }
}

impl From<Actor> for By {
    fn from(actor: Actor) -> Self {
        Self::Somebody(Box::new(actor))
    }
}

impl From<Option<ObjectId>> for By {
    fn from(person: Option<ObjectId>) -> Self {
        Self::Door(person)
    }
}

/// Records on their way to the node.
pub struct Batch<'a> {
    node: &'a Node,
    collection: &'static str,
    by: By,
    label: Label,
    embargo: Option<Timestamp>,
    expiry: Option<Timestamp>,
    caveats: Caveats,
    at: Timestamp,
    markings: Vec<(Vec<Audience>, Vec<String>)>,
    bytes: Vec<u8>,
    objects: Vec<std::ops::Range<usize>>,
}

/// How many objects a door of the node's own hands over at a time.
const TOGETHER: usize = 1_000;

impl<'a> Batch<'a> {
    /// Nothing yet, to be written into a desk's collection by somebody under a label.
    pub fn new(node: &'a Node, collection: &'static str, by: impl Into<By>, label: Label) -> Self {
        Self {
            node,
            collection,
            by: by.into(),
            label,
            embargo: None,
            expiry: None,
            caveats: Caveats::NONE,
            at: Timestamp::from_micros(node.now()),
            markings: Vec::new(),
            bytes: Vec::new(),
            objects: Vec::new(),
        }
    }

    /// Within the limits of what it is made of: not before a time, not after one, and under its caveats. What everybody may see has none;
    /// what is made of two exercises is nobody's.
    #[must_use]
    pub fn within(mut self, limits: &policy::Label) -> Self {
        let ahead = |embargo: &Timestamp| *embargo > self.at;
        let embargo = limits.embargo.clone().filter(ahead);
        let expiry = limits.expiry.clone();
        let caveats = limits.class.caveats().unwrap_or_else(|| {
            self.label = Label::To(TlpName::Red, Vec::new());
            let all = limits.class.clauses().map(|clause| clause.caveats.clone());
            all.fold(Caveats::NONE, Caveats::and)
        });
        let limited = embargo.is_some() || expiry.is_some() || caveats != Caveats::NONE;
        if self.label == Label::Ours && limited {
            // They stand in the bytes, beside whom it is for: nobody beyond this node's own participant.
            self.label = Label::To(TlpName::AmberStrict, Vec::new());
        }
        (self.embargo, self.expiry, self.caveats) = (embargo, expiry, caveats);
        self
    }

    /// Under which label it goes.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// Whom its label names, as was chosen; nobody where it names nobody.
    pub fn chosen(&self) -> &[Audience] {
        match &self.label {
            Label::To(_, chosen) => chosen,
            Label::Ours | Label::Public => &[],
        }
    }

    /// The markings of what goes to an audience; written down before the first record that has them.
    fn marked(&mut self, audience: Vec<Audience>) -> Result<Vec<String>> {
        let Label::To(tlp, _) = &self.label else {
            return Ok(Vec::new());
        };
        if let Some((_, known)) = self.markings.iter().find(|(of, _)| *of == audience) {
            return Ok(known.clone());
        }
        let tlp = tlp.id().to_owned();
        let access = AccessMarking {
            audience: Some(audience.clone()),
            embargo: self.embargo.clone(),
            expiry: self.expiry.clone(),
            exercise: self.caveats.exercise.clone(),
            originator_consent: self.caveats.originator_consent,
            pap: (self.caveats.pap != Pap::Clear).then(|| self.caveats.pap.into()),
            chatham_house: self.caveats.chatham_house,
        };
        let id = self.node.new_id("marking-definition")?;
        let text = access.definition(&id, &self.at, Some(&self.node.home().id));
        self.push(&text);
        let markings = vec![tlp, id.to_string()];
        self.markings.push((audience, markings.clone()));
        Ok(markings)
    }

    fn push(&mut self, text: &str) {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.objects.push(begin..self.bytes.len());
        self.bytes.push(b'\n');
    }

    /// When it is written.
    pub fn at(&self) -> Timestamp {
        self.at.clone()
    }

    /// Who writes: this node.
    pub fn author(&self) -> ObjectId {
        self.node.home().id.clone()
    }

    /// Makes a record of what its author decided: it has its id from now on. [`add`](Self::add) does it, too.
    ///
    /// # Errors
    /// None that can happen with ids of this node.
    pub fn piece<T: Kind>(&self, new: NewPiece<T>) -> Result<Piece<T>> {
        let (id, created) = match new.of {
            Some(of) => of,
            None => (self.node.new_id(T::TYPE)?, self.at.clone()),
        };
        Ok(Piece {
            id,
            author: self.author(),
            created,
            modified: self.at.clone(),
            revoked: new.revoked,
            lang: new.lang,
            sources: new.sources,
            label: None,
            what: new.what,
        })
    }

    /// Adds a record for everybody who was chosen; it has its id from now on.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn add<T: Kind>(&mut self, new: NewPiece<T>) -> Result<Piece<T>> {
        let piece = self.piece(new)?;
        let chosen = self.chosen().to_vec();
        self.add_for(&piece, chosen)?;
        Ok(piece)
    }

    /// Adds a record for those of the chosen who may have it by the desk's own rules.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn add_for<T: Kind>(&mut self, piece: &Piece<T>, audience: Vec<Audience>) -> Result<()> {
        let markings = self.marked(audience)?;
        let text = piece.write(&markings)?;
        self.push(&text);
        Ok(())
    }

    /// Adds the words of a record in another language, for everybody who was chosen.
    ///
    /// # Errors
    /// None that can happen with ids of this node.
    pub fn translate(&mut self, translation: &Translation) -> Result<()> {
        let chosen = self.chosen().to_vec();
        self.translate_for(None, translation, chosen)
    }

    /// Adds such words, or the next version of some, for those of the chosen who may have them by the desk's own rules.
    ///
    /// # Errors
    /// None that can happen with ids of this node.
    pub fn translate_for(
        &mut self,
        of: Option<(&ObjectId, &str)>,
        translation: &Translation,
        audience: Vec<Audience>,
    ) -> Result<()> {
        let markings = self.marked(audience)?;
        let text = translation.write(self.node, (of, self.at.as_str()), &markings)?;
        self.push(&text);
        Ok(())
    }

    /// Adds the last version of such words, which takes them back.
    ///
    /// # Errors
    /// None that can happen with ids of this node.
    pub fn take_words_back(&mut self, worded: &Worded, audience: Vec<Audience>) -> Result<()> {
        let markings = self.marked(audience)?;
        let text = worded.taken_back(self.node, self.at.as_str(), &markings)?;
        self.push(&text);
        Ok(())
    }

    /// Hands everything to the node and waits until it is on disk.
    ///
    /// # Errors
    /// [`NotTaken`](node::NotTaken) when the node did not take a piece, with its reason.
    pub fn send(self) -> Result<Vec<Receipt>> {
        Self::send_all(vec![self])
    }

    /// The same, where it changes what was the newest version of a record when that was read: of two who change one version at once, one is
    /// taken.
    ///
    /// # Errors
    /// [`Meanwhile`](node::Meanwhile) when there is a newer one; else as of [`send`](Self::send).
    pub fn send_after(self, id: &ObjectId, here: Option<i64>) -> Result<Vec<Receipt>> {
        let (node, by) = (self.node, self.by.clone());
        match by {
            By::Somebody(by) => node
                .write_whole_after(vec![self.whole()], (id, here), &by)?
                .wait(),
            By::Door(_) => anyhow::bail!("what a door of the node's own writes has no condition"),
        }
    }

    /// Hands over several, each under its own label, in their order. What one person writes is taken whole: all of it, or nothing of any.
    ///
    /// # Errors
    /// As of [`send`](Self::send).
    pub fn send_all(batches: Vec<Self>) -> Result<Vec<Receipt>> {
        let mut receipts = Vec::new();
        let mut batches = batches.into_iter().peekable();
        while let Some(batch) = batches.next() {
            let (node, by) = (batch.node, batch.by.clone());
            let By::Somebody(actor) = by else {
                receipts.append(&mut batch.in_portions()?);
                continue;
            };
            let mut whole = vec![batch.whole()];
            let same = |next: &Self| matches!(&next.by, By::Somebody(other) if *other == actor);
            while let Some(next) = batches.next_if(same) {
                whole.push(next.whole());
            }
            receipts.append(&mut node.write_whole(whole, &actor)?.wait()?);
        }
        Ok(receipts)
    }

    /// All of it, as the node takes it.
    fn whole(self) -> Submission {
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
        Submission {
            bytes: Bytes::from(self.bytes),
            objects: self.objects,
            channel: Channel::Local,
            submitter: self.node.home().id.clone(),
            person: self.by.person().cloned(),
            collection: self.collection.to_owned(),
            marking,
        }
    }

    fn in_portions(self) -> Result<Vec<Receipt>> {
        let node = self.node;
        let whole = self.whole();
        let mut receipts = Vec::new();
        for objects in whole.objects.chunks(TOGETHER) {
            let portion = Submission {
                objects: objects.to_vec(),
                ..whole.clone()
            };
            let receipt = node.accept(portion)?.wait()?;
            if let Some(not) = receipt.lines.iter().find_map(NotTaken::of) {
                return Err(not.into());
            }
            receipts.push(receipt);
        }
        Ok(receipts)
    }
}
