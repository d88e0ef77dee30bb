//! What a peer is: its introduction, as it was signed, and what was found out about it.

use std::collections::BTreeMap;
use std::str::FromStr;

use age::x25519;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use stix::ObjectId;

use super::State;
use crate::keeping::known::verifying_key;
use crate::keys::{Introduction, Pin, Use};

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
    /// Keys that followed those of the introduction, by use.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, String>,
    /// The key of its log with another name, since it was restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
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
    /// Its log goes on under another name than the introduction says, since it was restored.
    pub renamed: bool,
    pub recipient: x25519::Recipient,
    pub inconsistent: Option<String>,
}

impl Profile {
    pub(crate) fn of(introduction: &Introduction) -> Self {
        Self {
            introduction: introduction.file(),
            addresses: None,
            inconsistent: None,
            keys: BTreeMap::new(),
            log: None,
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
        let restored = profile.log.as_ref().and_then(|log| log.parse().ok());
        let mut log: tlog::Key = restored.unwrap_or_else(|| introduction.log().clone());
        let renamed = log.name() != introduction.log().name();
        let key = profile.keys.get(Use::Log.name());
        if let Some(key) = key.and_then(|key| verifying_key(key)) {
            log = tlog::Key::log(log.name().clone(), key);
        }
        Ok(Self {
            participant: row.participant.parse()?,
            name,
            state: State::parse(&row.state).context("the state of a peer is damaged")?,
            addresses: profile
                .addresses
                .unwrap_or_else(|| introduction.addresses().to_vec()),
            pin: changed(&profile.keys, Use::Tls).unwrap_or(introduction.keys().pin),
            recipient: changed(&profile.keys, Use::Bundle)
                .unwrap_or_else(|| introduction.keys().bundle.clone()),
            log,
            renamed,
            inconsistent: profile.inconsistent,
        })
    }

    /// Whether the nodes exchange.
    pub(crate) fn is_active(&self) -> bool {
        self.state == State::Confirmed
    }
}

/// A key that followed the one of the introduction.
fn changed<T: FromStr>(keys: &BTreeMap<String, String>, key: Use) -> Option<T> {
    keys.get(key.name())?.parse().ok()
}

/// How a participant calls itself in its introduction.
pub(crate) fn name_of(introduction: &Introduction) -> String {
    let identity = introduction.identity();
    identity.header().name.as_deref().map_or_else(
        || identity.header().id.to_string(),
        |name| name.trim().to_owned(),
    )
}
