//! Peers: the nodes of other participants, introduced by a file, confirmed by words, asked and answered over a wire.
//!
//! Invariant: being a peer gives no right to anything. What a peer may read is what its participant may read, decided record by
//! record; what it brings is admitted like anything else.

mod barren;
mod claim;
mod course;
pub(crate) mod evidence;
mod exchange;
pub mod fault;
pub(crate) mod heads;
mod inside;
mod introduce;
pub(crate) mod notice;
pub(crate) mod older;
pub(crate) mod past;
mod profile;
pub(crate) mod quota;
mod serve;
mod sync;
mod token;
pub mod wire;
pub(crate) mod witness;

use anyhow::{Context, Result, ensure};
use stix::ObjectId;

use crate::clock::Micros;
use crate::register::Register;

pub(crate) use course::Course;
pub(crate) use exchange::Exchange;
pub use exchange::Exchanging;
pub use introduce::Introduced;
pub(crate) use profile::{Known, Profile};
pub use quota::Surplus;
pub use sync::Synced;
pub(crate) use sync::with_course;
pub(crate) use token::Tokens;

/// How far a peer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its file is here; nobody has compared the words.
    Introduced,
    /// The words were compared: its identity is bound to its key, and the nodes exchange.
    Confirmed,
    /// A person has stopped the exchange; its identity stays bound.
    Suspended,
}

impl State {
    /// How it stands in the store and in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Introduced => "introduced",
            Self::Confirmed => "confirmed",
            Self::Suspended => "suspended",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Introduced, Self::Confirmed, Self::Suspended]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A peer, for those who run the node.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Peer {
    /// The participant whose node it is.
    pub participant: ObjectId,
    /// Its name.
    pub name: String,
    /// How far it has come.
    pub state: State,
    /// Where its node listens; none if it only calls out.
    pub addresses: Vec<String>,
    /// When it last answered us, or called.
    pub last_contact: Option<Micros>,
    /// Why the last try failed, in the words of whoever found it.
    pub last_error: Option<String>,
    /// The same, told apart by what people can do about it.
    pub last_fault: Option<fault::Fault>,
    /// Tries in a row that failed.
    pub failures: u64,
    /// When it is tried again, without a poke from it.
    pub next_try: Micros,
    /// How many records we took from it.
    pub taken: u64,
    /// How many of the records that it brought await a decision, at most.
    pub awaiting: u64,
    /// The name under which its log goes on since its node was restored from a backup; none where it is the one that was introduced.
    pub log_renamed: Option<String>,
    /// How many records that its log had shown here are not in it any more, as it says, since it was restored: for people to ask about.
    pub log_lost: Option<u64>,
    /// The size of its log, as last seen and verified.
    pub log_size: Option<u64>,
    /// The proof that its log contradicts itself, in a form that anybody can check; after a restoration, the statements that contradict
    /// each other.
    pub inconsistent: Option<String>,
}

/// The peer, if the two exchange; else why not, and what is not done for that.
pub(crate) fn active<'a>(
    register: &'a Register,
    peer: &ObjectId,
    undone: &str,
) -> Result<&'a Known> {
    let known = register
        .peer(peer)
        .with_context(|| format!("{peer} is no peer"))?;
    let state = known.state.as_str();
    ensure!(known.is_active(), "{} is {state}: {undone}", known.name);
    Ok(known)
}
