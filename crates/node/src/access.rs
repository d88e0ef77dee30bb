//! Machine access: which program may come in, for which participant, to which collections, and with which secret.
//!
//! A program proves a secret by HTTP Basic (its name and the secret) or Bearer. A generated secret has 256 bits and is kept as
//! its SHA-256; a chosen one is kept under Argon2id. What was verified once is remembered for minutes under a key that lives in
//! memory only, so that a warm check costs two hashes.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use anyhow::{Result, bail};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy::Viewer;
use sha2::{Digest, Sha256};
use stix::ObjectId;

use crate::chance::Random;
use crate::clock::{Micros, SECOND};
use crate::node::Node;

/// How long a verified secret is remembered.
const WARM: Micros = 300 * SECOND;
/// How many verified secrets are remembered at most.
const MOST_WARM: usize = 4_096;
/// The fewest bytes of a chosen secret.
pub const SHORTEST_SECRET: usize = 8;

/// A program that may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its name, which is its user name under Basic.
    pub name: String,
    /// The participant that it acts for.
    pub participant: ObjectId,
    /// The person that it is bound to; without one it never reads TLP:RED.
    pub person: Option<ObjectId>,
    /// The collections that it may read, by id.
    pub read: BTreeSet<String>,
    /// The collections that it may write, by id.
    pub write: BTreeSet<String>,
    /// Who it is to the release rules.
    pub viewer: Viewer,
    /// Whether it may read the figures of the process, `/metrics`.
    pub metrics: bool,
    /// Whether it is a peer's node rather than a program of our own register.
    pub peer: bool,
}

/// What a request shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// A name and a secret.
    Basic {
        /// The access.
        name: String,
        /// Its secret.
        secret: String,
    },
    /// A secret by itself.
    Bearer(String),
}

impl Credentials {
    /// The name that they show, if they show one: then it may take a slow hash to verify them.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Basic { name, .. } => Some(name),
            Self::Bearer(token) if Node::is_peer_token(token) => None,
            Self::Bearer(token) => token.split_once(':').map(|(name, _)| name),
        }
    }
}

/// How a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// SHA-256 of a generated secret, in hex.
    Generated(String),
    /// Argon2id of a chosen one, in PHC form.
    Chosen(String),
}

impl Kept {
    /// Reads what [`Self::text`] writes.
    pub(crate) fn parse(text: &str) -> Self {
        match text.strip_prefix("sha256:") {
            Some(hex) => Self::Generated(hex.to_owned()),
            None => Self::Chosen(text.to_owned()),
        }
    }

    /// How it stands in the store.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Generated(hex) => format!("sha256:{hex}"),
            Self::Chosen(phc) => phc.clone(),
        }
    }

    /// A new secret and how it is kept.
    pub(crate) fn generate(chance: &mut dyn Random) -> (String, Self) {
        let mut bytes = [0; 32];
        chance.fill(&mut bytes);
        let secret = format!("entente_{}", URL_SAFE_NO_PAD.encode(bytes));
        let kept = Self::Generated(digest(&secret));
        (secret, kept)
    }

    /// Keeps a secret that somebody chose.
    pub(crate) fn choose(secret: &str, chance: &mut dyn Random) -> Result<Self> {
        if secret.len() < SHORTEST_SECRET {
            bail!(
                "a secret has at least {SHORTEST_SECRET} bytes; this one has {}",
                secret.len()
            );
        }
        let mut salt = [0; 16];
        chance.fill(&mut salt);
        let hash = Argon2::default()
            .hash_password_with_salt(secret.as_bytes(), &salt)
            .map_err(|error| anyhow::anyhow!("the secret could not be hashed: {error}"))?;
        Ok(Self::Chosen(hash.to_string()))
    }

    /// Whether it takes a slow hash to tell whether a secret is the one.
    pub(crate) fn is_slow(&self) -> bool {
        matches!(self, Self::Chosen(_))
    }

    /// Takes as long as telling whether a chosen secret is the one: for names that are nobody's, or that came with a wrong generated one.
    pub(crate) fn take_as_long(secret: &str) {
        let _ = Argon2::default().hash_password_with_salt(secret.as_bytes(), &[0; 16]);
    }

    /// Whether `secret` is the one.
    pub(crate) fn fits(&self, secret: &str) -> bool {
        match self {
            Self::Generated(hex) => equal(hex.as_bytes(), digest(secret).as_bytes()),
            Self::Chosen(phc) => PasswordHash::new(phc).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(secret.as_bytes(), &hash)
                    .is_ok()
            }),
        }
    }
}

/// Under which name the store finds a generated secret that came alone.
pub(crate) fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .fold(0, |differences, (a, b)| differences | (a ^ b))
            == 0
}

/// By digest of the credentials: until when they are known, and whose they are.
type Known = HashMap<[u8; 32], (Micros, Arc<Access>)>;

/// Secrets that were verified lately.
pub(crate) struct Warm {
    key: [u8; 32],
    generation: AtomicU64,
    known: RwLock<Known>,
    /// When it was last noted that a program came.
    noted: Mutex<HashMap<String, Micros>>,
}

impl Warm {
    pub(crate) fn new(chance: &mut dyn Random) -> Self {
        let mut key = [0; 32];
        chance.fill(&mut key);
        Self {
            key,
            generation: AtomicU64::new(0),
            known: RwLock::default(),
            noted: Mutex::default(),
        }
    }

    fn digest(&self, credentials: &Credentials) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        match credentials {
            Credentials::Basic { name, secret } => {
                hash.update([0]);
                hash.update((name.len() as u64).to_le_bytes());
                hash.update(name);
                hash.update(secret);
            }
            Credentials::Bearer(secret) => {
                hash.update([1]);
                hash.update(secret);
            }
        }
        hash.finalize().into()
    }

    /// The access of credentials that were verified lately.
    pub(crate) fn find(&self, credentials: &Credentials, now: Micros) -> Option<Arc<Access>> {
        let digest = self.digest(credentials);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (until, access) = known.get(&digest)?;
        (now < *until).then(|| Arc::clone(access))
    }

    /// Remembers verified credentials, if the store has not moved on from the generation in which they were looked up: what was found then may
    /// be another's right by now, or nobody's.
    pub(crate) fn remember(
        &self,
        credentials: &Credentials,
        access: Arc<Access>,
        now: Micros,
        generation: u64,
    ) {
        let digest = self.digest(credentials);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        // Asked under the lock: who moves it on afterwards waits to forget this as well.
        if self.generation.load(Ordering::Acquire) != generation {
            return;
        }
        if known.len() >= MOST_WARM {
            known.clear();
        }
        known.insert(digest, (now.saturating_add(WARM), access));
    }

    /// Whether it is some minutes since it was noted that this program came.
    pub(crate) fn is_news(&self, name: &str, now: Micros) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let last = noted.get(name).copied();
        let news = last.is_none_or(|last| now.saturating_sub(last) >= WARM);
        if news {
            if noted.len() >= MOST_WARM {
                noted.clear();
            }
            noted.insert(name.to_owned(), now);
        }
        news
    }

    /// Forgets everything if the store has moved on since: rights, memberships or classes may have changed.
    pub(crate) fn keep_to(&self, generation: u64) {
        if self.generation.swap(generation, Ordering::AcqRel) != generation {
            self.forget();
        }
    }

    /// Forgets everything: rights, memberships or secrets have changed.
    pub(crate) fn forget(&self) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededRandom;

    fn access() -> Arc<Access> {
        let participant =
            ObjectId::parse("identity--00000000-0000-4000-8000-000000000001").unwrap();
        Arc::new(Access {
            name: "pull".into(),
            viewer: Viewer::machine(participant.clone()),
            participant,
            person: None,
            read: BTreeSet::new(),
            write: BTreeSet::new(),
            metrics: false,
            peer: false,
        })
    }

    #[test]
    fn secrets_fit_themselves_only() {
        let mut chance = SeededRandom::new(1);
        let (secret, kept) = Kept::generate(&mut chance);
        assert!(secret.len() > 40 && kept.fits(&secret) && !kept.fits(&secret[1..]));
        let chosen = Kept::choose("correct horse", &mut chance).unwrap();
        assert!(chosen.fits("correct horse") && !chosen.fits("correct horse "));
        assert!(!chosen.text().contains("horse"));
        assert_eq!(Kept::parse(&chosen.text()), chosen);
        assert_eq!(Kept::parse(&kept.text()), kept);
        assert!(Kept::choose("1234567", &mut chance).is_err());
    }

    #[test]
    fn what_was_verified_is_remembered_for_a_while() {
        let warm = Warm::new(&mut SeededRandom::new(1));
        let credentials = Credentials::Basic {
            name: "pull".into(),
            secret: "correct horse".into(),
        };
        let moved = Credentials::Basic {
            name: "pullc".into(),
            secret: "orrect horse".into(),
        };
        warm.remember(&credentials, access(), 0, 0);
        assert!(warm.find(&credentials, WARM - 1).is_some());
        assert!(warm.find(&credentials, WARM).is_none(), "it ends");
        assert!(warm.find(&moved, 0).is_none());
        assert!(
            warm.find(&Credentials::Bearer("correct horse".into()), 0)
                .is_none()
        );
        warm.forget();
        assert!(warm.find(&credentials, 0).is_none());
    }
    #[test]
    fn what_was_looked_up_before_a_change_is_not_remembered_after_it() {
        let warm = Warm::new(&mut SeededRandom::new(1));
        let credentials = Credentials::Bearer("correct horse".into());
        warm.keep_to(7);
        // While the secret is hashed, the program is shut out, and somebody else asks.
        warm.keep_to(8);
        warm.remember(&credentials, access(), 0, 7);
        assert!(warm.find(&credentials, 1).is_none());
        warm.remember(&credentials, access(), 0, 8);
        assert!(warm.find(&credentials, 1).is_some());
    }
}
