//! Introductions: the small file by which a participant makes its node known. Invariant: nothing in it is believed before people have
//! compared the words ([`Words`](super::Words)); the signature shows only that the file is of one piece.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::VerifyingKey;
use stix::{Limits, Object, Timestamp, View};

use super::{Keys, PublicKeys};
use crate::clock::Micros;
use crate::keeping::known::verifying_key;
use crate::seal::{Members, SealError, Statement, digest};

/// What a participant says of itself and its node.
#[derive(Debug, Clone)]
pub struct Introduction {
    identity: Object<'static>,
    keys: PublicKeys,
    log: tlog::Key,
    addresses: Vec<String>,
    former: Vec<VerifyingKey>,
    made: Timestamp,
    signature: [u8; 64],
}

/// Why a file is no introduction.
#[derive(Debug, thiserror::Error)]
pub enum IntroductionError {
    /// Another file, or changed on the way.
    #[error("not an introduction: {0}")]
    Malformed(&'static str),
    /// The signature is not that of the key inside: changed on the way, ask for it anew.
    #[error("the introduction was changed after it was signed: ask for it anew")]
    Changed,
    /// An address is not one.
    #[error("not an address such as https://node.example:7117/: {0:?}")]
    Address(String),
    /// The participant is not a STIX identity.
    #[error("the participant is not a usable STIX identity: {0}")]
    Identity(String),
}

impl Introduction {
    /// How large a file may be, in bytes.
    pub const MOST_BYTES: usize = 256 * 1024;
    /// How many addresses a node may have.
    pub const MOST_ADDRESSES: usize = 16;
    /// How many former seal keys are named, the last ones.
    pub const MOST_FORMER: usize = 16;

    /// Introduces a participant. `identity` is its `identity` object, `log` the name of its log; a node that is only outbound has no
    /// address. `former` are the seal keys that were followed by the present one, the oldest first: what they sealed stands, also for
    /// whoever comes later.
    ///
    /// # Errors
    /// When the identity is not one, or an address is not one.
    pub fn make(
        identity: &Object<'_>,
        keys: &Keys,
        log: &tlog::Origin,
        addresses: Vec<String>,
        former: &[VerifyingKey],
        made: Micros,
    ) -> Result<Self, IntroductionError> {
        let public = keys.public();
        let mut introduction = Self {
            identity: identity.clone().into_owned(),
            log: tlog::Key::log(log.clone(), public.log),
            keys: public,
            addresses,
            former: former
                .get(former.len().saturating_sub(Self::MOST_FORMER)..)
                .unwrap_or(former)
                .to_vec(),
            made: Timestamp::from_micros(made),
            signature: [0; 64],
        };
        introduction.signature = introduction.statement()?.sign(&keys.seal);
        Ok(introduction)
    }

    /// The participant's `identity`, in the bytes that it was introduced with.
    pub fn identity(&self) -> &Object<'static> {
        &self.identity
    }

    /// The public keys of its node.
    pub fn keys(&self) -> &PublicKeys {
        &self.keys
    }

    /// The key of its log with the log's name, by which checkpoints are opened.
    pub fn log(&self) -> &tlog::Key {
        &self.log
    }

    /// Where its node listens; none if it is only outbound.
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// The seal keys that the present one followed, the oldest first.
    pub fn former(&self) -> &[VerifyingKey] {
        &self.former
    }

    /// When it was made.
    pub fn made(&self) -> &Timestamp {
        &self.made
    }

    /// SHA-256 over everything it says: what the words are made from.
    ///
    /// # Errors
    /// Never for an introduction that was made or read here.
    pub fn digest(&self) -> Result<String, IntroductionError> {
        Ok(digest(self.statement()?.text().as_bytes()))
    }

    /// The file: JSON, one member a line. The signature is over values, so line ends and blanks may change on the way.
    pub fn file(&self) -> String {
        let addresses: serde_json::Value = self.addresses.iter().map(String::as_str).collect();
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let members = [
            ("type", text("entente-introduction")),
            ("version", text("1")),
            ("made", text(self.made.as_str())),
            ("addresses", addresses.to_string()),
            ("seal_key", text(&hex::encode(self.keys.seal.as_bytes()))),
            ("log_key", text(&self.log.to_string())),
            ("bundle_key", text(&self.keys.bundle.to_string())),
            ("tls_pin", text(&self.keys.pin.to_string())),
            ("signature", text(&BASE64_STANDARD.encode(self.signature))),
            ("identity", self.identity.raw().to_owned()),
        ];
        let mut members = members.to_vec();
        if !self.former.is_empty() {
            let keys = self.former.iter().map(|key| hex::encode(key.as_bytes()));
            let keys: serde_json::Value = keys.collect();
            members.insert(5, ("former_seal_keys", keys.to_string()));
        }
        let lines: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("  \"{name}\": {value}"))
            .collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// Reads a file and verifies that it is of one piece.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn read(file: &[u8]) -> Result<Self, IntroductionError> {
        let malformed = IntroductionError::Malformed;
        if file.len() > Self::MOST_BYTES {
            return Err(malformed("too large"));
        }
        let view = View::parse(file, &Limits::default()).map_err(|_| malformed("no JSON"))?;
        let members = Members::within(view, "introduction");
        let text = |name| members.text(name).map_err(|_| malformed(name));
        if (text("type")?.as_str(), text("version")?.as_str()) != ("entente-introduction", "1") {
            return Err(malformed("type or version"));
        }
        // There is nothing in it that is not signed.
        let keys = view.member("former_seal_keys");
        if view.members().count() != 10 + usize::from(keys.is_some()) {
            return Err(malformed("unknown members"));
        }
        let former: Option<Vec<VerifyingKey>> = keys
            .map(|keys| {
                keys.items()
                    .map(|key| verifying_key(&key.string()?))
                    .collect()
            })
            .unwrap_or_else(|| Some(Vec::new()));
        let identity = view.member("identity").ok_or(malformed("identity"))?.raw();
        let identity = stix::check(identity.as_bytes(), &Limits::default())
            .map_err(|problems| IntroductionError::Identity(problems.to_string()))?;
        let addresses = view
            .member("addresses")
            .ok_or(malformed("addresses"))?
            .items();
        let addresses = addresses.map(|address| address.string().map(|text| text.into_owned()));
        let log: tlog::Key = text("log_key")?.parse().map_err(|_| malformed("log_key"))?;
        if log.algorithm() != tlog::note::Algorithm::Ed25519 {
            return Err(malformed("log_key"));
        }
        let mut seal = [0; 32];
        hex::decode_to_slice(text("seal_key")?, &mut seal).map_err(|_| malformed("seal_key"))?;
        let introduction = Self {
            identity: identity.into_owned(),
            keys: PublicKeys {
                seal: VerifyingKey::from_bytes(&seal).map_err(|_| malformed("seal_key"))?,
                log: *log.verifying_key(),
                bundle: text("bundle_key")?
                    .parse()
                    .map_err(|_| malformed("bundle_key"))?,
                pin: text("tls_pin")?.parse().map_err(|_| malformed("tls_pin"))?,
            },
            log,
            addresses: addresses
                .collect::<Option<_>>()
                .ok_or(malformed("addresses"))?,
            former: former.ok_or(malformed("former_seal_keys"))?,
            made: members.time("made").map_err(|_| malformed("made"))?,
            signature: members.signature().map_err(|_| malformed("signature"))?,
        };
        introduction
            .statement()?
            .verify(&introduction.keys.seal, &introduction.signature)
            .map_err(|_| IntroductionError::Changed)?;
        Ok(introduction)
    }

    fn statement(&self) -> Result<Statement, IntroductionError> {
        if self.identity.header().id.type_name() != "identity" {
            return Err(IntroductionError::Identity("another type".into()));
        }
        if self.addresses.len() > Self::MOST_ADDRESSES {
            return Err(IntroductionError::Malformed("addresses"));
        }
        let former =
            self.former.len() <= Self::MOST_FORMER && !self.former.contains(&self.keys.seal);
        if !former {
            return Err(IntroductionError::Malformed("former_seal_keys"));
        }
        let build = || {
            let statement = Statement::new("entente-introduction/v1")
                .line("participant", self.identity.header().id.as_str())?
                .line("identity", &digest(self.identity.raw().as_bytes()))?
                .line("seal", &hex::encode(self.keys.seal.as_bytes()))?
                .line("log", &self.log.to_string())?
                .line("bundle", &self.keys.bundle.to_string())?
                .line("tls", &self.keys.pin.to_string())?
                .line("made", self.made.as_str())?;
            self.former.iter().try_fold(statement, |statement, key| {
                statement.line("former-seal", &hex::encode(key.as_bytes()))
            })
        };
        let statement = build().map_err(|_: SealError| IntroductionError::Malformed("a value"))?;
        self.addresses
            .iter()
            .try_fold(statement, |statement, address| {
                let wrong = || IntroductionError::Address(address.clone());
                let host = address
                    .strip_prefix("https://")
                    .or_else(|| address.strip_prefix("http://"))
                    .filter(|host| !host.is_empty() && !host.contains(char::is_whitespace));
                host.ok_or_else(wrong)?;
                statement.line("address", address).map_err(|_| wrong())
            })
    }
}
