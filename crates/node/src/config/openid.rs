//! `[openid]`: the provider of identities of the house. Invariant: its address is `https`, or on this very machine.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// How people sign in through a provider of identities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpenId {
    /// The provider's address, exactly as it names itself.
    pub issuer: String,
    /// What the provider calls this node.
    pub client_id: String,
    /// The file with the secret that the provider gave this node, relative to the node's folder; none for a public client.
    pub client_secret_file: Option<String>,
    /// What people call the provider, by language (`en`, `fr`, ...); else its host.
    pub names: BTreeMap<String, String>,
    /// The claim that names somebody for good: people here are bound to its value.
    pub claim: String,
    /// Whether somebody who is not bound yet is known by their address for mail, when the provider has verified it.
    pub by_email: bool,
    /// What to ask for besides `openid`.
    pub scopes: Vec<String>,
    /// How far the provider's clock may be from this one's, in seconds.
    pub clock_skew_seconds: u32,
}

impl Default for OpenId {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret_file: None,
            names: BTreeMap::new(),
            claim: "sub".to_owned(),
            by_email: false,
            scopes: Vec::new(),
            clock_skew_seconds: 60,
        }
    }
}

impl OpenId {
    /// What it is called in a language.
    #[must_use]
    pub fn name(&self, language: &str) -> String {
        let short = language.split('-').next().unwrap_or(language);
        let named = self.names.get(language).or_else(|| self.names.get(short));
        let named = named.or_else(|| self.names.get("en"));
        let host = || Url::parse(&self.issuer).ok()?.host_str().map(str::to_owned);
        named
            .cloned()
            .or_else(host)
            .unwrap_or_else(|| self.issuer.clone())
    }

    /// Whether an address may be asked: with TLS, or on this machine where the provider is there too.
    #[must_use]
    pub fn may_ask(&self, address: &Url) -> bool {
        let plain = address.username().is_empty() && address.password().is_none();
        let here = Url::parse(&self.issuer).is_ok_and(|issuer| is_here(&issuer));
        plain && (address.scheme() == "https" || (here && is_here(address)))
    }

    pub(super) fn check(&self) -> Result<()> {
        ensure!(
            !self.client_id.is_empty(),
            "client_id is what the provider calls this node: it is missing"
        );
        let issuer = Url::parse(&self.issuer);
        let fits = issuer.is_ok_and(|issuer| {
            self.may_ask(&issuer) && issuer.query().is_none() && issuer.fragment().is_none()
        });
        ensure!(
            fits,
            "issuer is {:?}; it is the provider's address, as https://id.example",
            self.issuer
        );
        ensure!(
            self.clock_skew_seconds <= 600,
            "clock_skew_seconds is {}; more than ten minutes is no clock",
            self.clock_skew_seconds
        );
        Ok(())
    }
}

/// Whether it is HTTP to this very machine.
fn is_here(address: &Url) -> bool {
    let local = match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    local && address.scheme() == "http"
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn a_provider_has_an_address_with_tls_or_is_on_this_machine() {
        let read = |issuer: &str| {
            let text = format!("[openid]\nissuer = \"{issuer}\"\nclient_id = \"node\"");
            Config::parse(&text).map(|config| config.openid.unwrap())
        };
        for (issuer, good) in [
            ("https://id.example", true),
            ("https://id.example/realms/x", true),
            ("http://127.0.0.1:8443/op", true),
            ("http://localhost:1", true),
            ("http://id.example", false),
            ("https://me:secret@id.example", false),
            ("https://id.example?x=1", false),
            ("ftp://id.example", false),
            ("", false),
        ] {
            assert_eq!(read(issuer).is_ok(), good, "{issuer}");
        }
        let distant = read("https://id.example").unwrap();
        let asks = |to: &str| distant.may_ask(&to.parse().unwrap());
        assert!(asks("https://keys.example") && !asks("http://127.0.0.1:1"));
        assert_eq!(
            (&*distant.claim, &*distant.name("fr")),
            ("sub", "id.example")
        );
        let text = "[openid]\nissuer = \"https://id.example\"\nclient_id = \"n\"\n[openid.names]\nfr = \"Annuaire\"";
        let named = Config::parse(text).unwrap().openid.unwrap();
        assert_eq!(
            (&*named.name("fr-CA"), &*named.name("en")),
            ("Annuaire", "id.example")
        );
        assert!(Config::parse("[openid]\nissuer = \"https://id.example\"").is_err());
    }
}
