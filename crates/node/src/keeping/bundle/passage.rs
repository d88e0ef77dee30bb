//! How far the bundles with a peer have come, for those who carry them; and what would come of one before it is opened.

use std::io::{BufReader, Read};

use age::Decryptor;
use anyhow::Result;
use serde::Serialize;
use serde_json::json;
use stix::ObjectId;

use super::frames::beginning;
use super::open::{Opened, Refused, Taking};
use super::seal::Sealed;
use super::state::State;
use super::{Header, Receipt};
use crate::clock::Micros;
use crate::node::Node;
use crate::submission::Line;
use crate::users::{Actor, Right};

/// Problems of a trial that are listed.
const LISTED: usize = 200;

/// Bundles between this node and a peer, in both directions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The peer.
    pub peer: ObjectId,
    /// The number of the last one that was sealed for it.
    pub sealed: u64,
    /// Those that no receipt has confirmed yet.
    pub on_the_way: Vec<OnTheWay>,
    /// What became of ours there, the newest last.
    pub confirmed: Vec<Receipt>,
    /// The number of the last one of its own that was opened here.
    pub opened: u64,
    /// What became of its own here, the newest last.
    pub taken: Vec<Receipt>,
}

/// A bundle of ours that no receipt has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnTheWay {
    /// Its number.
    pub number: u64,
    /// When it was sealed.
    pub made: Micros,
    /// How many records it holds, seals and labels left out.
    pub records: u64,
}

/// What would come of a bundle. Nothing of it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// Who sealed it.
    pub from: ObjectId,
    /// When.
    pub made: Micros,
    /// What would become of its objects.
    pub receipt: Receipt,
    /// How many receipts for bundles of ours it brings.
    pub receipts: usize,
    /// What would not simply be taken, the first of it.
    pub problems: Vec<Line>,
}

impl Node {
    /// How far the bundles with a peer have come.
    ///
    /// # Errors
    /// When what is kept of it is damaged, or the storage fails.
    pub fn passage(&self, peer: &ObjectId) -> Result<Passage> {
        let state = State::read(&*self.read()?, peer)?;
        let on_the_way = state.on_the_way.iter().map(|sent| OnTheWay {
            number: sent.number,
            made: sent.made,
            records: sent.held.unwrap_or_else(|| {
                let positions: i64 = sent.records.values().sum();
                u64::try_from(positions).unwrap_or(0)
            }),
        });
        Ok(Passage {
            peer: peer.clone(),
            sealed: state.sealed,
            on_the_way: on_the_way.collect(),
            confirmed: state.acknowledged,
            opened: state.opened,
            taken: state.receipts,
        })
    }

    /// The same as [`Node::seal_bundle`], in somebody's name.
    ///
    /// # Errors
    /// [`crate::Refused`]; else as there.
    pub fn seal_bundle_by(&self, peer: &ObjectId, by: &Actor) -> Result<(Sealed, Vec<u8>)> {
        self.may_operate(by, "bundle.seal", peer)?;
        let mut bundle = Vec::new();
        let sealed = self.seal_bundle(peer, &mut bundle)?;
        Ok((sealed, bundle))
    }

    /// The same as [`Node::open_bundle`], in somebody's name.
    ///
    /// # Errors
    /// [`crate::Refused`]; else as there.
    pub fn open_bundle_by(&self, input: &[u8], over_gap: bool, by: &Actor) -> Result<Opened> {
        let home = self.home().id.clone();
        self.may_operate(by, "bundle.open", &home)?;
        self.open_bundle(input, over_gap)
    }

    /// Whether somebody may carry bundles now; and that they did is written down before it is done.
    fn may_operate(&self, by: &Actor, action: &'static str, subject: &ObjectId) -> Result<()> {
        let (by, subject) = (by.clone(), subject.to_string());
        let noted = self.change(move |change| {
            change.authorize(&by, Right::Operate)?;
            change.note(&by, action, &subject, &json!(null))
        });
        noted.wait()
    }

    /// What would come of opening a bundle now. Objects that rest on others further ahead in a large bundle may be told to wait where they
    /// would not.
    ///
    /// # Errors
    /// [`Refused`] where opening it would be; those of the storage.
    pub fn try_bundle(&self, input: impl Read, over_gap: bool) -> Result<Tried> {
        let (header, line, mut plain) = self.unlock(input, over_gap)?;
        let content = self.unpack(&header, &mut plain)?;
        let mut taking = Taking::trial(&header, &line, LISTED);
        self.take_content(&header, content, &mut taking)?;
        Ok(Tried {
            from: header.from,
            made: header.made,
            receipt: taking.counted(&*self.read()?)?,
            receipts: header.receipts.len(),
            problems: taking.problems,
        })
    }

    /// The beginning of a bundle that is to be opened here, checked, and what follows it.
    pub(super) fn unlock(
        &self,
        input: impl Read,
        over_gap: bool,
    ) -> Result<(Header, String, impl Read)> {
        let opened =
            Decryptor::new_buffered(BufReader::new(input)).map_err(|_| Refused::NoBundle)?;
        let keys = self.keys();
        let identities = keys
            .bundle
            .identities()
            .map(|key| key as &dyn age::Identity);
        let plain = opened.decrypt(identities).map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => Refused::OtherNode,
            _ => Refused::NoBundle,
        })?;
        let mut plain = BufReader::new(plain);
        let (header, line, signature) = beginning(&mut plain)?;
        self.check(&header, &line, &signature, over_gap)?;
        Ok((header, line, plain))
    }
}
