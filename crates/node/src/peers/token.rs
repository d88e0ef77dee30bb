//! How a peer's node shows who it is: a short-lived token, signed by the key that its identity is bound to.
//!
//! `Authorization: Bearer entente-peer.<claims>.<signature>`, both parts base64url; the claims are JSON. Invariant: a token is for one
//! audience and a few minutes, and it opens nothing once its issuer is suspended, forgotten or bound to another key.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stix::ObjectId;

use crate::access::Access;
use crate::chance::Random;
use crate::clock::{Micros, SECOND};
use crate::node::Node;
use crate::seal::Statement;

/// With what every such token begins.
pub(crate) const PREFIX: &str = "entente-peer.";
/// How long a token is good.
const LIFE: i64 = 600;
/// How far the clocks of two nodes may differ.
const SKEW: i64 = 300;
/// For how long one that we made is used before another is made.
const FRESH: Micros = 240 * SECOND;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 2_048;
/// How many verified tokens are remembered at most.
const MOST: usize = 4_096;

/// What a token says. Times in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: ObjectId,
    aud: ObjectId,
    iat: i64,
    exp: i64,
    nonce: String,
}

impl Claims {
    fn statement(&self) -> Result<Statement> {
        Ok(Statement::new("entente-peer-token/v1")
            .line("issuer", self.iss.as_str())?
            .line("audience", self.aud.as_str())?
            .line("issued", &self.iat.to_string())?
            .line("expires", &self.exp.to_string())?
            .line("nonce", &self.nonce)?)
    }

    fn timely(&self, now: i64) -> bool {
        let life = self.exp.saturating_sub(self.iat);
        (1..=LIFE).contains(&life)
            && self.iat <= now.saturating_add(SKEW)
            && now < self.exp.saturating_add(SKEW)
    }
}

/// Makes a token.
fn make(
    from: &ObjectId,
    to: &ObjectId,
    key: &SigningKey,
    now: Micros,
    chance: &mut dyn Random,
) -> Result<String> {
    let mut nonce = [0; 16];
    chance.fill(&mut nonce);
    let issued = now.div_euclid(SECOND);
    let claims = Claims {
        iss: from.clone(),
        aud: to.clone(),
        iat: issued,
        exp: issued.saturating_add(LIFE),
        nonce: hex::encode(nonce),
    };
    let signature = claims.statement()?.sign(key);
    let json = serde_json::to_vec(&claims)?;
    Ok(format!(
        "{PREFIX}{}.{}",
        URL_SAFE_NO_PAD.encode(json),
        URL_SAFE_NO_PAD.encode(signature)
    ))
}

fn read(bearer: &str) -> Option<(Claims, [u8; 64])> {
    if bearer.len() > LONGEST {
        return None;
    }
    let (claims, signature) = bearer.strip_prefix(PREFIX)?.split_once('.')?;
    let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?;
    Some((claims, signature))
}

/// Tokens that were verified, and those that we made and still use.
#[derive(Default)]
pub(crate) struct Tokens {
    verified: Mutex<HashMap<[u8; 32], (Claims, VerifyingKey)>>,
    made: Mutex<HashMap<ObjectId, (Micros, String)>>,
}

impl Tokens {
    /// The claims of a token that `key` signed: from memory, or checked now.
    fn check(
        &self,
        bearer: &str,
        claims: Claims,
        signature: &[u8; 64],
        key: &VerifyingKey,
    ) -> Result<()> {
        let digest: [u8; 32] = Sha256::digest(bearer).into();
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.get(&digest).is_some_and(|(_, by)| by == key) {
            return Ok(());
        }
        drop(verified);
        claims.statement()?.verify(key, signature)?;
        verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MOST {
            verified.clear();
        }
        verified.insert(digest, (claims, *key));
        Ok(())
    }
}

impl Node {
    /// A token that shows a peer who we are.
    ///
    /// # Errors
    /// Never in practice.
    pub fn token_for(&self, peer: &ObjectId) -> Result<String> {
        let now = self.now();
        let tokens = &self.inner.tokens;
        let mut made = tokens.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, token)) = made.get(peer)
            && (0..FRESH).contains(&now.saturating_sub(*at))
        {
            return Ok(token.clone());
        }
        let token = make(
            &self.home().id,
            peer,
            &self.keys().seal,
            now,
            self.chance().as_mut(),
        )?;
        made.insert(peer.clone(), (now, token.clone()));
        Ok(token)
    }

    /// Who shows this token; `None` if it is no peer's, or is not good here and now. A peer reads every collection, record by record
    /// as the rules let its participant, and may bring records to every collection; it is bound to no person.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn authenticate_peer(&self, bearer: &str) -> Result<Option<Arc<Access>>> {
        let Some((claims, signature)) = read(bearer) else {
            return Ok(None);
        };
        let register = self.register();
        let issuer = claims.iss.clone();
        let active = register.peer(&issuer).is_some_and(super::Known::is_active);
        let Some(key) = register.key(&issuer).filter(|_| active) else {
            return Ok(None);
        };
        if claims.aud != self.home().id || !claims.timely(self.now().div_euclid(SECOND)) {
            return Ok(None);
        }
        if self
            .inner
            .tokens
            .check(bearer, claims, &signature, &key)
            .is_err()
        {
            return Ok(None);
        }
        // Of one that only calls out, this is all that is ever heard.
        self.inner.exchange.heard(&issuer, Some(self.now()));
        let all: BTreeSet<String> = self
            .collections()?
            .into_iter()
            .map(|collection| collection.id)
            .collect();
        Ok(Some(Arc::new(Access {
            name: format!("peer:{issuer}"),
            viewer: register.viewer(&issuer, None, true),
            participant: issuer,
            person: None,
            read: all.clone(),
            write: all,
            metrics: false,
            peer: true,
        })))
    }

    /// Whether credentials claim to be a peer's.
    pub fn is_peer_token(bearer: &str) -> bool {
        bearer.starts_with(PREFIX)
    }
}

/// What two nodes must agree on before a token is worth checking; kept here so that a change of one number is seen.
const _: () = assert!(FRESH / SECOND + SKEW < LIFE + SKEW);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededRandom;

    fn id(n: u8) -> ObjectId {
        ObjectId::parse(&format!(
            "identity--00000000-0000-4000-8000-0000000000{n:02x}"
        ))
        .unwrap()
    }

    #[test]
    fn a_token_is_of_one_piece() {
        let mut chance = SeededRandom::new(1);
        let key = SigningKey::from_bytes(&[7; 32]);
        let token = make(&id(1), &id(2), &key, 1_000 * SECOND, &mut chance).unwrap();
        let (claims, signature) = read(&token).unwrap();
        let tokens = Tokens::default();
        let check = |claims: &Claims, key: &SigningKey| {
            tokens
                .check(
                    &serde_json::to_string(claims).unwrap(),
                    claims.clone(),
                    &signature,
                    &key.verifying_key(),
                )
                .is_ok()
        };
        assert!(check(&claims, &key));
        assert!(check(&claims, &key), "from memory");
        assert!(
            !check(&claims, &SigningKey::from_bytes(&[8; 32])),
            "another key"
        );
        let edits: [fn(&mut Claims); 5] = [
            |claims| claims.iss = id(3),
            |claims| claims.aud = id(3),
            |claims| claims.iat += 1,
            |claims| claims.exp += 1,
            |claims| claims.nonce.push('0'),
        ];
        for edit in edits {
            let mut edited = claims.clone();
            edit(&mut edited);
            assert!(!check(&edited, &key), "{edited:?}");
        }
        for (now, timely) in [
            (699, false),
            (700, true),
            (1_000, true),
            (1_899, true),
            (1_900, false),
        ] {
            assert_eq!(claims.timely(now), timely, "{now}");
        }
        let mut long = claims.clone();
        long.exp += 1;
        assert!(!long.timely(1_000), "a token that would live longer");
        for broken in [
            "",
            "entente-peer.",
            "entente-peer.a",
            "entente-peer.e30.AA",
            &token[1..],
            &format!("{token}A"),
        ] {
            assert!(read(broken).is_none(), "{broken}");
        }
    }
}
