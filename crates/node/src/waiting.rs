//! What waits for a person: objects that are well formed and not admitted, and the remains of what could not be read.
//!
//! Invariant: nothing leaves these lists but by a person's decision, which is logged.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Pending as Waiting, Quarantined};

use crate::accept::{Lot, accept};
use crate::collections::{Collection, read_terms};
use crate::node::Node;
use crate::pending::Pending;
use crate::reading::look;
use crate::submission::{Channel, Outcome};
use crate::users::{Actor, Refused, Right};

/// What has to be known to take a waiting object later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub collection: String,
    pub person: Option<stix::ObjectId>,
    #[serde(default)]
    pub in_person: bool,
    pub terms: Option<String>,
}

/// What a person decides about an object that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It becomes a record, as if it had been admitted.
    Admit,
    /// It is let go; the log keeps that it was.
    Discard,
}

impl Node {
    /// What awaits a decision, the oldest first, after a number.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn awaiting(&self, after: i64, most: usize) -> Result<Vec<Waiting>> {
        Ok(self.read()?.pendings(after, most)?)
    }

    /// How much awaits a decision.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn count_awaiting(&self) -> Result<i64> {
        Ok(self.read()?.count_pending()?)
    }

    /// Decides about an object that waits. Admitting does not loosen anything: what is not known to be its author's is for nobody whom the
    /// object's label, as far as it is known here, does not let in; and a second person agrees before it is public.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when nothing waits under this number, or it is not any more what was looked at.
    pub fn decide(&self, number: i64, decided: Decided, by: &Actor) -> Result<Pending<Outcome>> {
        if !by.may(Right::Decide) {
            return Err(Refused::NotAllowed(Right::Decide).into());
        }
        let reader = self.read()?;
        let waiting = reader
            .pending(number)?
            .with_context(|| format!("nothing awaits a decision under the number {number}"))?;
        let context: Kept = serde_json::from_slice(&waiting.context)?;
        let collection = Collection::find(&reader, &context.collection)?
            .context("the collection that it was meant for is gone")?;
        drop(reader);
        let hash = waiting.hash;
        let body = bytes::Bytes::from(waiting.body);
        let end = body.len();
        let looked = look(&body, 0..end, self.limits(), self.banner());
        let channel = Channel::parse(&waiting.channel)
            .context("the channel of a waiting object is damaged")?;
        let terms = match &context.terms {
            Some(text) => read_terms(text)?,
            None => collection.terms.clone(),
        };
        let lot = Lot {
            looks: vec![looked],
            channel,
            submitter: waiting.submitter.parse()?,
            person: context.person,
            in_person: context.in_person,
            collection,
            terms,
            terms_text: context.terms,
            decided: true,
        };
        let by = by.clone();
        Ok(self.change(move |change| {
            change.authorize(&by, Right::Decide)?;
            let still = change.txn.pending(number)?;
            if still.is_none_or(|still| still.hash != hash) || !change.txn.drop_pending(number)? {
                bail!("somebody else has decided about number {number} already");
            }
            let action = match decided {
                Decided::Admit => "awaiting.admit",
                Decided::Discard => "awaiting.discard",
            };
            let detail = serde_json::json!({ "number": number });
            change.note(&by, action, &waiting.object, &detail)?;
            if decided == Decided::Discard {
                return Ok(Outcome::Refused {
                    reason: "discarded by decision".to_owned(),
                });
            }
            let receipt = accept(change, &lot)?;
            let line = receipt
                .lines
                .into_iter()
                .next()
                .context("a decision led to nothing")?;
            if let Outcome::Refused { reason } = &line.outcome {
                bail!("it cannot be taken even by decision: {reason}");
            }
            Ok(line.outcome)
        }))
    }

    /// What is in quarantine, the oldest first, after a number.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn quarantine(&self, after: i64, most: usize) -> Result<Vec<Quarantined>> {
        Ok(self.read()?.quarantine(after, most)?)
    }

    /// Lets something in quarantine go.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused).
    pub fn discard_quarantined(&self, number: i64, by: &Actor) -> Pending<bool> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Decide)?;
            let gone = change.txn.drop_quarantine(number, change.now)?;
            if gone {
                let subject = format!("quarantine {number}");
                change.note(&by, "quarantine.discard", &subject, &Value::Null)?;
            }
            Ok(gone)
        })
    }
}
