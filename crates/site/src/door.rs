//! Who may look: whoever can read the node's terminal, by a link that works once and leaves a cookie.
//!
//! Invariant: no password exists; link and sessions live in memory only, as hashes, and end with the process.

use std::sync::{Mutex, PoisonError};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use node::Node;
use node::chance::Random;
use sha2::{Digest, Sha256};
use stix::ObjectId;

/// How long a session lasts without being used.
const IDLE: i64 = 12 * 3_600_000_000;
/// How many sessions there are at a time; the oldest makes room.
const MOST: usize = 32;

/// The way to a node's pages.
pub struct Door {
    cookie: String,
    chance: Mutex<Box<dyn Random>>,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    links: Vec<Pass>,
    sessions: Vec<Pass>,
}

struct Pass {
    digest: [u8; 32],
    person: Option<ObjectId>,
    used: i64,
}

impl Door {
    /// The door of a node. Its cookie has a name of its own, since nodes on one machine share their cookies whatever the port.
    pub fn new(node: &Node, chance: Box<dyn Random>) -> Self {
        let id = node.home().id.uuid().to_string();
        Self {
            cookie: format!("entente-{}", id.split('-').next().unwrap_or_default()),
            chance: Mutex::new(chance),
            inside: Mutex::default(),
        }
    }

    /// A path that signs in once: in nobody's name, or in that of a person of this node.
    pub fn link(&self, person: Option<ObjectId>) -> String {
        let secret = self.secret();
        let pass = Pass {
            digest: digest(&secret),
            person,
            used: 0,
        };
        self.inside().links.push(pass);
        format!("/enter?key={secret}")
    }

    /// Uses up a link; the session's cookie to set, if the link was good.
    pub(crate) fn enter(&self, key: &str, now: i64) -> Option<HeaderValue> {
        let digest = digest(key);
        let person = {
            let mut inside = self.inside();
            let place = inside.links.iter().position(|link| link.digest == digest)?;
            inside.links.swap_remove(place).person
        };
        self.open(person, now)
    }

    /// Lets somebody in who has proved otherwise to read the terminal; the session's cookie to set.
    pub fn open(&self, person: Option<ObjectId>, now: i64) -> Option<HeaderValue> {
        let secret = self.secret();
        let mut inside = self.inside();
        if inside.sessions.len() >= MOST {
            let oldest = inside.sessions.iter().enumerate();
            let oldest = oldest.min_by_key(|(_, pass)| pass.used);
            if let Some((oldest, _)) = oldest {
                inside.sessions.swap_remove(oldest);
            }
        }
        inside.sessions.push(Pass {
            digest: digest(&secret),
            person,
            used: now,
        });
        let cookie = format!(
            "{}={secret}; Path=/; HttpOnly; SameSite=Strict",
            self.cookie
        );
        HeaderValue::from_str(&cookie).ok()
    }

    /// Who signed in, if the request shows the cookie of a session that lasts.
    pub(crate) fn who(&self, headers: &HeaderMap, now: i64) -> Option<Option<ObjectId>> {
        let shown = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, secret)| digest(secret))
            .collect::<Vec<_>>();
        let mut inside = self.inside();
        inside
            .sessions
            .retain(|session| now.saturating_sub(session.used) < IDLE);
        let session = inside
            .sessions
            .iter_mut()
            .find(|session| shown.contains(&session.digest))?;
        session.used = now;
        Some(session.person.clone())
    }

    /// 256 bits.
    fn secret(&self) -> String {
        let mut bytes = [0; 32];
        self.chance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is compared: of a secret that is wrong, how long it takes tells nothing about the right one.
fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
