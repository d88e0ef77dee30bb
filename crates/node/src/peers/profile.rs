//! What a peer is: its introduction, as it was signed, and what was found out about it.

use age::x25519;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use stix::ObjectId;

use super::State;
use crate::keys::{Introduction, Pin};

/// What the store keeps of a peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profile {
    /// The file by which it was introduced.
    pub introduction: String,
    /// Where its node listens now, if that is elsewhere than its introduction says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<String>>,
    /// The proof that its log contradicts itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inconsistent: Option<String>,
}

/// A peer as requests and rounds need it, read once after each change.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub participant: ObjectId,
    pub name: String,
    pub state: State,
    pub addresses: Vec<String>,
    pub pin: Pin,
    pub log: tlog::Key,
    pub recipient: x25519::Recipient,
    pub inconsistent: Option<String>,
}

impl Profile {
    pub(crate) fn of(introduction: &Introduction) -> Self {
        Self {
            introduction: introduction.file(),
            addresses: None,
            inconsistent: None,
        }
    }

    pub(crate) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("what is known of a peer is damaged")
    }

    pub(crate) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    pub(crate) fn introduction(&self) -> Result<Introduction> {
        Introduction::read(self.introduction.as_bytes())
            .context("the introduction of a peer is damaged")
    }
}

impl Known {
    pub(crate) fn read(row: &store::Peer) -> Result<Self> {
        let profile = Profile::read(&row.profile)?;
        let introduction = profile.introduction()?;
        let name = name_of(&introduction);
        Ok(Self {
            participant: row.participant.parse()?,
            name,
            state: State::parse(&row.state).context("the state of a peer is damaged")?,
            addresses: profile
                .addresses
                .unwrap_or_else(|| introduction.addresses().to_vec()),
            pin: introduction.keys().pin,
            log: introduction.log().clone(),
            recipient: introduction.keys().bundle.clone(),
            inconsistent: profile.inconsistent,
        })
    }

    /// Whether the nodes exchange.
    pub(crate) fn is_active(&self) -> bool {
        self.state == State::Confirmed
    }
}

/// How a participant calls itself in its introduction.
pub(crate) fn name_of(introduction: &Introduction) -> String {
    let identity = introduction.identity();
    identity.header().name.as_deref().map_or_else(
        || identity.header().id.to_string(),
        |name| name.trim().to_owned(),
    )
}
