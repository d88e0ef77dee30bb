//! Writing the desk's records. Invariant: observers of a session get what is written of it as far as their roles go, whoever was chosen.

use anyhow::Result;
pub use desk::{By, Label};
use node::{Node, Receipt};
use stix::marking::Audience;
use stix::{ObjectId, Timestamp};

use crate::DESK;
use crate::audience::{Sessions, Spot};
use crate::records::{NewPiece, Piece, Placed, Translation, Worded};

/// Records on their way to the node.
pub struct Batch<'a> {
    batch: desk::Batch<'a>,
    sessions: Sessions<'a>,
    is_for_some: bool,
}

impl<'a> Batch<'a> {
    /// Nothing yet, to be written by somebody under a label.
    pub fn new(node: &'a Node, by: impl Into<By>, label: Label) -> Self {
        let by = by.into();
        Self {
            sessions: Sessions::seen_by(node, by.person()),
            is_for_some: matches!(label, Label::To(..)),
            batch: desk::Batch::new(node, DESK, by, label),
        }
    }

    /// Under the embargo, the expiry and the caveats of what it is made of.
    #[must_use]
    pub fn within(mut self, sources: &[&policy::Label]) -> Self {
        if let Some(all) = policy::combine(sources.iter().copied()) {
            self.batch = self.batch.within(&all);
            self.is_for_some |= matches!(self.batch.label(), Label::To(..));
        }
        self
    }

    /// Those of the chosen who may have what stands there.
    fn audience(&mut self, spot: &Spot) -> Result<Vec<Audience>> {
        self.sessions.may_have(self.batch.chosen(), spot)
    }

    /// Whom a record goes to that says this. What says where it belongs is asked of before what belongs to it.
    ///
    /// # Errors
    /// When a circle is named that an observer belongs to who may not have it.
    pub fn would_have<T: Placed>(&mut self, piece: &Piece<T>) -> Result<Vec<Audience>> {
        if !self.is_for_some {
            return Ok(Vec::new());
        }
        let spot = self.sessions.written(&piece.id, &piece.what.place())?;
        self.audience(&spot)
    }

    /// Observers who were chosen, and by their role do not get something of what was added.
    pub fn left_out(&self) -> Vec<ObjectId> {
        self.sessions.left_out()
    }

    /// When it is written.
    pub fn at(&self) -> Timestamp {
        self.batch.at()
    }

    /// Who writes: this node.
    pub fn author(&self) -> ObjectId {
        self.batch.author()
    }

    /// Adds a record; it has its id from now on. Observers of its session get it as far as their roles go, whoever was chosen.
    ///
    /// # Errors
    /// When a value has no JSON form, or a circle is named that an observer belongs to who may not have it.
    pub fn add<T: Placed>(&mut self, new: NewPiece<T>) -> Result<Piece<T>> {
        let piece = self.batch.piece(new)?;
        let mut audience = Vec::new();
        if self.is_for_some {
            let spot = self.sessions.written(&piece.id, &piece.what.place())?;
            audience = self.audience(&spot)?;
        }
        self.batch.add_for(&piece, audience)?;
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

    /// Adds the last version of such words, which takes them back.
    ///
    /// # Errors
    /// When a circle is named that an observer belongs to who may not have it.
    pub fn take_words_back(&mut self, worded: &Worded) -> Result<()> {
        let mut audience = Vec::new();
        if self.is_for_some {
            let spot = self.sessions.of(worded.what.of.as_str())?;
            audience = self.audience(&spot)?;
        }
        self.batch.take_words_back(worded, audience)
    }

    fn translated(
        &mut self,
        of: Option<(&ObjectId, &str)>,
        translation: &Translation,
    ) -> Result<()> {
        let mut audience = Vec::new();
        if self.is_for_some {
            let spot = self.sessions.of(translation.of.as_str())?;
            audience = self.audience(&spot)?;
        }
        self.batch.translate_for(of, translation, audience)
    }

    /// Hands everything to the node and waits until it is on disk.
    ///
    /// # Errors
    /// When the node did not take a piece, with its reason.
    pub fn send(self) -> Result<Vec<Receipt>> {
        self.batch.send()
    }

    /// The same, from what was the newest version of a record when it was read.
    ///
    /// # Errors
    /// [`Meanwhile`](node::Meanwhile) when there is a newer one; else as of [`send`](Self::send).
    pub fn send_after(self, id: &ObjectId, here: Option<i64>) -> Result<Vec<Receipt>> {
        self.batch.send_after(id, here)
    }

    /// Hands over several, each under its own label, in their order: all of it, or nothing of any.
    ///
    /// # Errors
    /// When the node did not take a piece, with its reason.
    pub fn send_all(batches: Vec<Self>) -> Result<Vec<Receipt>> {
        desk::Batch::send_all(batches.into_iter().map(|one| one.batch).collect())
    }
}
