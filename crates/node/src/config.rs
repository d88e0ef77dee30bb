//! What the operator decides: `DIR/config.toml`, every field with a default that is safe.

mod openid;

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use url::Url;

pub use openid::OpenId;

/// The whole file. Unknown fields are refused, so that a misspelt one does not silently do nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen; loopback unless the operator says otherwise.
    pub listen: SocketAddr,
    /// The address under which others reach this node, for introductions; none: it only calls out.
    pub address: Option<String>,
    /// A proxy for calls to other nodes, as `http://host:port`.
    pub proxy: Option<String>,
    /// Whether peers are called at addresses of the machine that this node runs on, or beside it; unless this is said, they are where the
    /// address of this node itself is one of those.
    pub local_peers: Option<bool>,
    /// Seconds between two polls of a peer that did not poke.
    pub poll_seconds: u64,
    /// Seconds between two checkpoints that peers see.
    pub checkpoint_seconds: u64,
    /// Hours that a publication waits after the second person agreed.
    pub publication_delay_hours: u64,
    /// The circle that is this node's community for TLP:GREEN without a named one.
    pub community: Option<String>,
    /// Transport security.
    pub tls: Tls,
    /// What may be taken in, and how much.
    pub limits: Limits,
    /// What is too highly classified for this node.
    pub ceiling: Ceiling,
    /// What pages show.
    pub pages: Pages,
    /// The provider of identities through which people may sign in; none: they sign in here.
    pub openid: Option<OpenId>,
    /// How much the store keeps in memory, in KiB.
    pub cache_kib: u32,
}

/// How the node speaks TLS.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// `auto`: none on loopback, the node's own pinned key elsewhere.
    pub mode: TlsMode,
    /// PEM certificate chain, for `files`.
    pub certificate: Option<String>,
    /// PEM key, for `files`.
    pub key: Option<String>,
    /// PEM authorities of client certificates; a client that shows one must show a good one.
    pub client_authorities: Option<String>,
    /// PEM lists of those client certificates that their authorities have revoked.
    pub client_revocations: Option<String>,
}

/// See [`Tls::mode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// None on loopback, the node's own key elsewhere.
    #[default]
    Auto,
    /// None: something in front of the node does it.
    Off,
    /// The node's own key, which peers have pinned.
    Own,
    /// A certificate and key from files.
    Files,
}

/// What pages show beside records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// Whether the parts that pages are made of are shown on `/design`, and two invented languages offered to test them.
    pub design: bool,
    /// Whether places are drawn on maps; else they are listed.
    pub maps: bool,
    /// The name of the exercise that this node is in: every page says so on all four sides.
    pub exercise: Option<String>,
}

/// What one request, one object, one peer may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a request's body.
    pub envelope_bytes: usize,
    /// Bytes of one object.
    pub object_bytes: usize,
    /// Objects of one request.
    pub envelope_objects: usize,
    /// Objects that one peer may bring in a day before the rest waits.
    pub peer_objects_per_day: u64,
    /// Bytes of them.
    pub peer_bytes_per_day: u64,
    /// Objects of one peer that may await a decision at a time.
    pub peer_awaiting: u64,
    /// Bytes of them.
    pub peer_awaiting_bytes: u64,
    /// Bytes that the quarantine keeps in all.
    pub quarantine_bytes: u64,
    /// Bytes that should stay free on the disk; with less, the node is not well.
    pub reserve_bytes: u64,
}

/// Words that mark a classification above what this node may hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ceiling {
    /// Refused as a banner or as the value of a classification property, without regard to case or accents.
    pub words: Vec<String>,
    /// Names of properties that carry a classification.
    pub properties: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7117)),
            address: None,
            proxy: None,
            local_peers: None,
            poll_seconds: 30,
            checkpoint_seconds: 60,
            publication_delay_hours: 24,
            community: None,
            tls: Tls::default(),
            limits: Limits::default(),
            ceiling: Ceiling::default(),
            pages: Pages::default(),
            openid: None,
            cache_kib: 4 * 1024,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            envelope_bytes: 10 << 20,
            object_bytes: 4 << 20,
            envelope_objects: 5_000,
            peer_objects_per_day: 1_000_000,
            peer_bytes_per_day: 8 << 30,
            peer_awaiting: 10_000,
            peer_awaiting_bytes: 256 << 20,
            quarantine_bytes: 16 << 20,
            reserve_bytes: 64 << 20,
        }
    }
}

impl Default for Ceiling {
    fn default() -> Self {
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        Self {
            words: list(&[
                "CONFIDENTIAL",
                "SECRET",
                "TOP SECRET",
                "CONFIDENTIEL DÉFENSE",
                "SECRET DÉFENSE",
                "TRÈS SECRET",
                "TRÈS SECRET DÉFENSE",
                "CONFIDENTIEL UE",
                "SECRET UE",
                "TRÈS SECRET UE",
                "EU CONFIDENTIAL",
                "EU SECRET",
                "EU TOP SECRET",
                "NATO CONFIDENTIAL",
                "NATO SECRET",
                "COSMIC TOP SECRET",
                "OTAN SECRET",
            ]),
            properties: list(&[
                "classification",
                "classification_level",
                "security_classification",
                "x_classification",
                "x_security_classification",
            ]),
        }
    }
}

impl Config {
    /// Reads the file's text; says which line is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text).context("config.toml is not understood")?;
        config.check()?;
        if let Some(openid) = &config.openid {
            openid
                .check()
                .context("[openid] in config.toml has to be corrected")?;
        }
        Ok(config)
    }

    /// Whether the addresses in it are addresses, wherever they come from: a node that starts with others could not be reached, or
    /// reach nobody, and would not say why.
    ///
    /// # Errors
    /// Says which one is none.
    pub fn check(&self) -> Result<()> {
        if let Some(address) = &self.address {
            ensure!(
                leads_to_a_host(address),
                "address is {address:?}; it begins with https:// or http://, as https://node.example"
            );
        }
        if let Some(proxy) = &self.proxy {
            // It may have a name and a secret in it.
            ensure!(
                leads_to_a_host(proxy),
                "proxy is no address; it begins with http://, as http://proxy.example:3128"
            );
        }
        Ok(())
    }
}

fn leads_to_a_host(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default_and_a_misspelt_field_is_refused() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
        assert!(
            format!(
                "{:#}",
                Config::parse("lisen = \"127.0.0.1:1\"").unwrap_err()
            )
            .contains("lisen")
        );
        let set = Config::parse("poll_seconds = 5\n[limits]\nobject_bytes = 1000\n").unwrap();
        assert_eq!((set.poll_seconds, set.limits.object_bytes), (5, 1000));
        assert_eq!(set.limits.envelope_objects, 5_000);
    }

    #[test]
    fn an_address_that_is_none_is_refused_before_anything_starts() {
        for (line, what) in [
            ("address = \"javascript:1\"", "address"),
            ("address = \"node.example:7117\"", "address"),
            ("proxy = \"proxy.example:3128\"", "proxy"),
            ("proxy = \"somebody:secret\"", "proxy"),
        ] {
            let error = format!("{:#}", Config::parse(line).unwrap_err());
            assert!(error.contains(what), "{line}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
        for line in [
            "address = \"https://node.example:7117\"",
            "proxy = \"http://me:word@proxy.example:3128\"",
        ] {
            Config::parse(line).unwrap();
        }
    }
}
