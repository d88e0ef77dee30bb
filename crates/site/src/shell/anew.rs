//! A record of ours that is said anew: under which label, and what is told of it. Invariant: what stands released is not taken away by a next
//! version that nobody meant to tighten, and nobody gets what was for fewer.

use std::collections::BTreeSet;

use node::overview::Stood;
use node::submission::Marking;
use policy::{Label, Member, Tlp};
use stix::ObjectId;

use super::failure::Failure;
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

    /// Whether an earlier version was for fewer than a label lets in that the visitor gives it: what it says does not go to them by being said
    /// again (rule 5). Who wrote which version decides nothing.
    pub fn was_for_fewer(&self, earlier: &Label, now: &Label) -> bool {
        now.written_by(self.person()).widens(earlier, &self.at())
    }

    /// What is chosen for the next version of a record, given as it will be written, so that it is for whom a label lets in; and the label
    /// that it gets by it. What a form cannot say, and the object does not say itself, becomes for nobody else.
    ///
    /// # Errors
    /// [`Failure::Unreadable`]; those of the storage.
    pub(crate) fn said_anew(
        &self,
        text: &str,
        collection: &str,
        now: &Label,
    ) -> Result<(Marking, Label), Failure> {
        let becomes = |marking: &Marking| {
            let label = self
                .node()
                .label_of_written(text, marking, collection, self.person());
            label?.ok_or(Failure::Unreadable)
        };
        let marking = marking_anew(now);
        let label = becomes(&marking)?;
        if !self.was_for_fewer(now, &label) {
            return Ok((marking, label));
        }
        let persons = now.class.tlp().is_for_persons();
        let closed = if persons { Tlp::Red } else { Tlp::AmberStrict };
        let nobody = Marking {
            tlp: Some(closed),
            audience: Vec::new(),
        };
        let label = becomes(&nobody)?;
        Ok((nobody, label))
    }

    /// The collections where a version stands, its own desk's first: there it is written anew.
    ///
    /// # Errors
    /// Those of the storage.
    pub(crate) fn places_of(&self, stood: &Stood) -> anyhow::Result<Vec<String>> {
        let mut places = self.node().stands_in(stood.record.recno)?;
        let own = stood.label.class.clauses().find_map(|clause| clause.desk);
        let all = self.node().collections()?;
        let elsewhere = |place: &String| !all.iter().any(|one| one.id == *place && one.desk == own);
        places.sort_by_key(elsewhere);
        Ok(places)
    }

    /// What is said of a record that was written, by a key; and the case where it waits to be released.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn said_of_written(&self, key: &str, id: &ObjectId) -> anyhow::Result<String> {
        self.said_and_where(self.words.t(key), id)
    }

    /// What is said of something that was sent to others, by a key; where it waits to be released, that nothing has gone out yet, and the
    /// case.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn said_of_sent(&self, key: &str, id: &ObjectId) -> anyhow::Result<String> {
        let asked = self.node().clearance().asked_for(self.viewer(), id)?;
        let number = asked.map(|case| case.into_inner().number);
        Ok(match number {
            Some(number) => self.words.t1("clearance-kept-here", "n", number),
            None => self.words.t(key),
        })
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

/// How far a label goes and whom it names, as somebody would choose it. It is said whatever the object says itself: that may be more than was
/// ever released.
pub fn marking_anew(label: &Label) -> Marking {
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
