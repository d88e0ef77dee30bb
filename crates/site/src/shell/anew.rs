//! A record of ours that is said anew: under which label, and what is told of it. Invariant: what stands released is not taken away by a next
//! version that nobody meant to tighten, and nobody gets what was for fewer.

use node::submission::Marking;
use policy::Label;
use stix::{Limits, ObjectId};

use super::visitor::Visitor;

impl Visitor {
    /// The label by which a record of ours is said anew: the one that its newest version has or, while that waits inside the house, the
    /// one that it waits for. Under the label that it has until then, others would lose what they have of it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn label_anew(&self, id: &ObjectId, newest: Label) -> anyhow::Result<Label> {
        let asked = self.node().clearance().asked_for(self.viewer(), id)?;
        let asked = asked.and_then(|case| case.into_inner().label());
        Ok(asked.unwrap_or(newest))
    }

    /// Whether an earlier version was for fewer than a label lets in: what it says does not go to them by being said again (rule 5).
    pub fn was_for_fewer(&self, earlier: &Label, now: &Label) -> bool {
        !earlier.class.is_public() && now.leaves(earlier)
    }

    /// What is said of a record that was written, by a key; and the case where it waits to be released.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn said_of_written(&self, key: &str, id: &ObjectId) -> anyhow::Result<String> {
        self.said_and_where(self.words.t(key), id)
    }

    /// The same with words that are there.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn said_and_where(&self, said: String, id: &ObjectId) -> anyhow::Result<String> {
        let asked = self.node().clearance().asked_for(self.viewer(), id)?;
        let number = asked.map(|case| case.into_inner().number);
        Ok(match number {
            Some(number) => format!(
                "{said} {}",
                self.words.t1("clearance-waits-now", "n", number)
            ),
            None => said,
        })
    }
}

/// What is said once more of a next version whose label stays: nothing where its author's own marking says it, else what nobody marked is
/// labeled again. Several labels at once, and times that a form cannot say, become the one that lets nobody else in.
pub(crate) fn marking_anew(body: &[u8], label: &Label) -> Marking {
    let mut clauses = label.class.clauses();
    match (clauses.next(), clauses.next()) {
        (Some(_), None) if marks(body) => Marking::default(),
        (Some(only), None) if label.embargo.is_none() && label.expiry.is_none() => Marking {
            tlp: Some(only.tlp),
            audience: only.audience.iter().cloned().collect(),
        },
        _ => Marking {
            tlp: Some(policy::Tlp::AmberStrict),
            audience: Vec::new(),
        },
    }
}

/// Whether the author marked it.
fn marks(body: &[u8]) -> bool {
    let limits = Limits::default();
    stix::check(body, &limits).is_ok_and(|object| !object.header().object_marking_refs.is_empty())
}
