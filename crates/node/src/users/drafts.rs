//! What somebody typed into a form and has not sent: it survives an error, a lost session, a restart. It is its writer's alone.

use anyhow::{Result, ensure};
use stix::ObjectId;

use crate::node::Node;
use crate::pending::Pending;

/// The most bytes of one draft.
const LARGEST: usize = 1 << 20;

impl Node {
    /// Keeps what a person typed into a form, in place of what was kept of it.
    ///
    /// # Errors
    /// When it is larger than a form may be.
    pub fn keep_draft(&self, person: &ObjectId, form: &str, body: Vec<u8>) -> Pending<()> {
        let (person, form) = (person.clone(), form.to_owned());
        self.change(move |change| {
            ensure!(
                body.len() <= LARGEST && form.len() <= 500,
                "a form has at most {LARGEST} bytes"
            );
            let person = person.as_str();
            Ok(change
                .txn
                .put_draft(person, &form, Some(&body), change.now)?)
        })
    }

    /// What a person typed into a form.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn draft(&self, person: &ObjectId, form: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.read()?.draft(person.as_str(), form)?)
    }

    /// It was sent, or thrown away.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn drop_draft(&self, person: &ObjectId, form: &str) -> Pending<()> {
        let (person, form) = (person.clone(), form.to_owned());
        self.change(move |change| {
            Ok(change
                .txn
                .put_draft(person.as_str(), &form, None, change.now)?)
        })
    }
}
