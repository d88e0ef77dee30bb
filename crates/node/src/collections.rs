//! Collections: what is polled under one name, and the label that what comes into one gets where nobody else set any.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context, Result, bail};
use policy::{Desk, Member, Terms, Tlp};
use store::Look;

/// A collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// The store's number for it.
    pub number: i64,
    /// Its id, which TAXII names it by.
    pub id: String,
    /// Its short name, which serves wherever the id does.
    pub alias: Option<String>,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// The desk that its records belong to.
    pub desk: Option<Desk>,
    /// The label of what comes in without one.
    pub terms: Terms,
}

impl Collection {
    pub(crate) fn of(stored: store::Collection) -> Result<Self> {
        let terms = stored
            .terms
            .as_deref()
            .map_or_else(|| Ok(Terms::silent()), read_terms);
        Ok(Self {
            number: stored.id,
            terms: terms.with_context(|| {
                format!("the default label of collection {} is damaged", stored.uuid)
            })?,
            id: stored.uuid,
            alias: stored.alias,
            title: stored.title,
            description: stored.description,
            desk: stored.desk.as_deref().and_then(Desk::parse),
        })
    }

    /// The collection of this id or short name.
    pub(crate) fn find(look: &Look, name: &str) -> Result<Option<Self>> {
        look.collection(name)?.map(Self::of).transpose()
    }
}

/// The collections as of a generation of the store, so that a request needs no look at the database for them.
#[derive(Debug, Default)]
pub(crate) struct Shelves(RwLock<Option<(u64, Arc<[Collection]>)>>);

impl Shelves {
    /// Those of this generation; `load` reads them where others or none are known.
    pub(crate) fn of(
        &self,
        generation: u64,
        load: impl FnOnce() -> Result<Vec<Collection>>,
    ) -> Result<Arc<[Collection]>> {
        if let Some((of, known)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && *of == generation
        {
            return Ok(Arc::clone(known));
        }
        let loaded: Arc<[Collection]> = load()?.into();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            Some((generation, Arc::clone(&loaded)));
        Ok(loaded)
    }
}

/// Writes a label that an operator chose: `AMBER` or `AMBER participant:identity--… circle:north@2`.
pub(crate) fn write_terms(tlp: Option<Tlp>, audience: &[Member]) -> String {
    let tlp = tlp.map_or("-", Tlp::name).to_owned();
    audience
        .iter()
        .fold(tlp, |text, member| format!("{text} {member}"))
}

/// The same of terms that were said, which may name nobody on purpose.
pub(crate) fn write_said(terms: &Terms) -> String {
    let named: Vec<Member> = terms.audiences.iter().flatten().cloned().collect();
    let nobody = terms.audiences.iter().any(BTreeSet::is_empty);
    let text = write_terms(terms.tlp, &named);
    if nobody { format!("{text} -") } else { text }
}

/// Reads what [`write_terms`] and [`write_said`] write.
pub(crate) fn read_terms(text: &str) -> Result<Terms> {
    let mut parts = text.split(' ').filter(|part| !part.is_empty());
    let mut terms = match parts.next() {
        None => bail!("a label is empty"),
        Some("-") => Terms::silent(),
        Some(name) => Terms::tlp(
            name.parse()
                .map_err(|_| anyhow::anyhow!("{name} is no TLP label"))?,
        ),
    };
    let mut nobody = false;
    let members: Vec<Member> = parts
        .filter(|part| {
            nobody |= *part == "-";
            *part != "-"
        })
        .map(|part| {
            part.parse()
                .map_err(|_| anyhow::anyhow!("{part} names nobody"))
        })
        .collect::<Result<_>>()?;
    if !members.is_empty() {
        terms = terms.to(members);
    }
    if nobody {
        terms = terms.to([]);
    }
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_label_is_read_as_it_was_written() {
        let id: stix::ObjectId = "identity--00000000-0000-4000-8000-000000000001"
            .parse()
            .unwrap();
        let circle: Member = "circle:north@2".parse().unwrap();
        for (tlp, audience) in [
            (None, vec![]),
            (Some(Tlp::AmberStrict), vec![]),
            (None, vec![Member::Participant(id.clone())]),
            (Some(Tlp::Red), vec![Member::Person(id), circle]),
        ] {
            let mut expected = tlp.map_or_else(Terms::silent, Terms::tlp);
            if !audience.is_empty() {
                expected = expected.to(audience.clone());
            }
            assert_eq!(read_terms(&write_terms(tlp, &audience)).unwrap(), expected);
        }
        assert!(
            read_terms("").is_err()
                && read_terms("PINK").is_err()
                && read_terms("RED nobody").is_err()
        );
    }
}
