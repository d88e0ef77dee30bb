//! Records by which this node speaks of itself: to its peers of keys and restorations, to itself of erasures and how far its trail goes.
//! Each is signed in itself.

use anyhow::{Context, Result};
use policy::{Label, Member, Origin, Terms, Tlp, resolve};
use stix::Limits;

use crate::accept::insert_own;
use crate::collections::Collection;
use crate::node::Node;
use crate::peers::evidence;
use crate::reading::Evidence;
use crate::seal::Seal;
use crate::submission::Channel;
use crate::writer::Change;

/// The collection in which they stand.
const COLLECTION: &str = "contacts";

impl Node {
    /// Where notices to peers go.
    pub(crate) fn notices(&self) -> Result<Collection> {
        self.collection(COLLECTION)?
            .with_context(|| format!("there is no collection {COLLECTION:?}"))
    }
}

/// Puts a notice into the log and before all peers.
pub(crate) fn tell_peers(
    change: &mut Change<'_, '_>,
    text: &str,
    collection: &Collection,
) -> Result<i64> {
    let label = for_peers(change);
    let home = change.register.home().clone();
    // The seal beside it is by the key that peers know.
    let seal = stix::check(text.as_bytes(), &Limits::default())
        .map_err(|problems| anyhow::anyhow!("a notice of our own is not well formed: {problems}"))
        .and_then(|object| {
            let made = change.now;
            Ok(Seal::beside(
                &object,
                &label,
                &home,
                &change.keys.seal,
                made,
            )?)
        })?;
    let recno = insert_own(change, text, &label, Some(collection))?;
    let beside = insert_own(change, &seal.record()?, &label, Some(collection))?;
    let said = Evidence::Seal(Box::new(seal));
    evidence::remember(change, &said, beside, &Channel::Local)?;
    Ok(recno)
}

/// Puts into the log what this node says for itself alone: nobody else gets it, and it stands in no collection.
pub(crate) fn note_for_itself(change: &mut Change<'_, '_>, text: &str) -> Result<()> {
    let origin = Origin::own(change.register.home().clone());
    let nobody = change.register.nobody(&origin, None);
    insert_own(change, text, &nobody, None).map(drop)
}

/// The participants of all peers, whatever their state: who stopped exchanging needs to know of a stolen key all the more.
fn for_peers(change: &Change<'_, '_>) -> Label {
    let origin = Origin::own(change.register.home().clone());
    let peers = change.register.peers();
    let members = peers.map(|peer| Member::Participant(peer.participant.clone()));
    let terms = Terms::tlp(Tlp::AmberStrict).to(members);
    resolve(&origin, None, &terms, &[], change.register.house()).label
}
