//! Which label a record would get: told to whoever writes it before it is written, by the rules that label it then.

use anyhow::{Context, Result};
use policy::{Label, Origin};
use stix::ObjectId;

use crate::collections::Collection;
use crate::labelling::{Came, in_microseconds};
use crate::labels::authors_terms;
use crate::markings::{Definitions, Markings};
use crate::node::Node;
use crate::reading::Good;
use crate::submission::{Channel, Marking};

impl Node {
    /// The label that an object of this node's participant gets, written in the pages by somebody into a collection, once nothing stands
    /// before it any more: by its own markings and by what is chosen. `None` when it is no STIX object.
    ///
    /// # Errors
    /// When there is no such collection; those of the storage.
    pub fn label_of_written(
        &self,
        text: &str,
        marking: &Marking,
        collection: &str,
        writer: Option<&ObjectId>,
    ) -> Result<Option<Label>> {
        let Some(good) = Good::again(text.as_bytes().to_vec().into()) else {
            return Ok(None);
        };
        let reader = self.read()?;
        let collection = Collection::find(&reader, collection)?
            .with_context(|| format!("there is no collection {collection:?}"))?;
        let register = self.register();
        let author = good.header.created_by_ref.clone();
        let origin = Origin {
            author: author.filter(|author| register.is_participant(author)),
            writer: writer.cloned(),
            holder: register.home().clone(),
            bringer: None,
        };
        let came = Came {
            parts: Vec::new(),
            ours: marking.terms(&Channel::Local).unwrap_or(collection.terms),
            origin,
            desk: collection.desk,
        };
        let mut markings = Markings::default();
        let mut definitions = Definitions {
            register: &register,
            markings: &mut markings,
            look: &reader,
        };
        let source = Channel::Local.source();
        let marked = authors_terms(&good.header, &source, &mut definitions)?;
        let (label, publish) = came.join(&register, Some(&marked.terms));
        Ok(Some(in_microseconds(publish.unwrap_or(label))))
    }
}
