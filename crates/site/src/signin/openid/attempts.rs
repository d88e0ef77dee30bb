//! Sign-ins that have gone out to the provider and not come back yet. Invariant: each comes back once, to the browser that it left from,
//! within ten minutes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use stix::ObjectId;
use zeroize::Zeroizing;

/// How long somebody has at the provider, in microseconds.
const LASTS: i64 = 600_000_000;
/// How many are out at a time; the oldest is given up for a new one.
const MOST: usize = 10_000;

/// What one is out for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To sign in, and go on to this page.
    SignIn(String),
    /// To bind this person, who is signed in here.
    Bind(ObjectId),
}

/// One that is out.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    /// What the token has to name.
    pub(super) nonce: Zeroizing<String>,
    /// Whose hash the provider was shown (RFC 7636).
    pub(super) verifier: Zeroizing<String>,
    /// Where the provider sends the browser back to.
    pub(super) back: String,
    /// What for.
    pub(super) purpose: Purpose,
}

struct Out {
    attempt: Attempt,
    browser: [u8; 32],
    until: i64,
}

/// Those that are out, by their state.
#[derive(Default)]
pub(super) struct Attempts(Mutex<HashMap<[u8; 32], Out>>);

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

impl Attempts {
    /// Notes one that goes out: with this state, from the browser that keeps this secret.
    pub(super) fn begin(&self, state: &str, browser: &str, attempt: Attempt, now: i64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, out| out.until > now);
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, out)| out.until);
            if let Some(oldest) = oldest.map(|(state, _)| *state) {
                all.remove(&oldest);
            }
        }
        let out = Out {
            attempt,
            browser: hash(browser),
            until: now.saturating_add(LASTS),
        };
        all.insert(hash(state), out);
    }

    /// One that comes back, to the browser that it left from. Whatever comes of it, it does not come back again.
    pub(super) fn end(&self, state: &str, browser: &str, now: i64) -> Option<Attempt> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = hash(state);
        // Somebody else's browser does not use it up.
        let fits = all.get(&state)?.browser == hash(browser);
        let out = fits.then(|| all.remove(&state)).flatten()?;
        (out.until > now).then_some(out.attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        Attempt {
            nonce: Zeroizing::new("n".to_owned()),
            verifier: Zeroizing::new("v".to_owned()),
            back: String::new(),
            purpose: Purpose::SignIn("/".to_owned()),
        }
    }

    #[test]
    fn each_comes_back_once_in_time_and_to_its_browser() {
        let out = Attempts::default();
        out.begin("a", "mine", attempt(), 0);
        assert!(out.end("b", "mine", 1).is_none(), "never went out");
        assert!(out.end("a", "theirs", 1).is_none(), "another browser");
        assert!(out.end("a", "mine", 1).is_some());
        assert!(out.end("a", "mine", 1).is_none(), "replayed");
        out.begin("late", "mine", attempt(), 0);
        assert!(out.end("late", "mine", LASTS).is_none());
        for number in 0..MOST + 1 {
            let at = i64::try_from(number).unwrap();
            out.begin(&number.to_string(), "mine", attempt(), at);
        }
        assert!(out.end("0", "mine", 1).is_none(), "given up for a new one");
        assert!(out.end("1", "mine", 1).is_some());
    }
}
