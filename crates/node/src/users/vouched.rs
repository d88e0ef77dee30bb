//! What the audit trail vouches for of how somebody comes in: digests that stand in its lines, so that a secret or a session that was put
//! into the database past the node shows.
//!
//! Invariant: a line has the digest of what stands after it, and says where what stood before it was not what the last line vouched for: so
//! what was planted shows for good, though the node goes on from it. A digest gives nobody anything to guess by, because each covers a salt,
//! a key or a secret of 80 bits and more. What every use changes (counters, times) is left out.

use anyhow::Result;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use store::{Access, Credential, Login, Look, Once, Session};

use super::enrolment::{PASSKEY, TOTP_NEW};
use crate::writer::Change;

/// The member of a line's detail that has the digests.
pub const PROOF: &str = "proof";
/// That what was here before the trail had digests has its own; its value is the salt of the digests of means.
pub(crate) const VOUCHED: &str = "trail.vouched";
/// What a passkey's use changes of it.
const MOVES: [&str; 3] = ["counter", "backup_state", "backup_eligible"];

/// The digests in a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Of all with which somebody signs in, or a program comes in.
    pub means: Option<String>,
    /// Of each session and one-time code that the line lets in.
    pub opens: Vec<String>,
    /// What stood there before the line's change, where no line had vouched for it.
    pub found: Option<String>,
}

impl Proof {
    /// Those of a line with this detail.
    pub(crate) fn read(detail: &Value) -> Self {
        let proof = detail.get(PROOF);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let means = proof.and_then(|proof| text(proof.get("means")?));
        let opens = proof.and_then(|proof| proof.get("opens")?.as_array());
        let opens = opens.into_iter().flatten().filter_map(text).collect();
        let found = proof.and_then(|proof| text(proof.get("found")?));
        Self {
            means,
            opens,
            found,
        }
    }

    pub(super) fn text(self) -> Value {
        let mut proof = Map::new();
        if let Some(means) = self.means {
            proof.insert("means".to_owned(), means.into());
        }
        if !self.opens.is_empty() {
            proof.insert("opens".to_owned(), self.opens.into());
        }
        if let Some(found) = self.found {
            proof.insert("found".to_owned(), found.into());
        }
        proof.into()
    }
}

/// A detail with the digest of what it lets in.
pub(super) fn opening(mut detail: Value, digest: String) -> Value {
    let proof = Proof {
        opens: vec![digest],
        ..Proof::default()
    };
    if let Some(detail) = detail.as_object_mut() {
        detail.insert(PROOF.to_owned(), proof.text());
    }
    detail
}

/// A detail with the digest of what a program comes in with.
pub(crate) fn granting(mut detail: Value, access: &Access) -> Value {
    let proof = Proof {
        means: Some(program(access)),
        ..Proof::default()
    };
    if let Some(detail) = detail.as_object_mut() {
        detail.insert(PROOF.to_owned(), proof.text());
    }
    detail
}

/// The parts, each with its length, under a name of their own.
fn digest<'a>(name: &'a str, parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in std::iter::once(name.as_bytes()).chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// All with which somebody signs in: name, address for mail, credentials, and the tokens of programs that act for them.
pub(crate) fn means(look: &Look, login: &Login) -> Result<String> {
    means_under(look.meta(VOUCHED)?.unwrap_or_default(), look, login)
}

/// The same under a salt that is not kept yet.
pub(super) fn means_under(salt: Vec<u8>, look: &Look, login: &Login) -> Result<String> {
    let mut parts: Vec<Vec<u8>> = vec![
        salt,
        login.person.clone().into_bytes(),
        login.name.clone().into_bytes(),
        login.email.clone().unwrap_or_default().into_bytes(),
    ];
    let mut credentials = look.credentials_of(&login.person)?;
    // What nobody has shown to have yet lets nobody in.
    credentials.retain(|one| one.kind != TOTP_NEW);
    credentials.sort_by(|one, other| (&one.kind, &one.lookup).cmp(&(&other.kind, &other.lookup)));
    for one in credentials {
        let lasting = lasting(&one);
        let texts = [one.kind, one.label, one.lookup].map(String::into_bytes);
        parts.extend(texts.into_iter().chain([lasting]));
    }
    let mut tokens = look.tokens_of(&login.person)?;
    tokens.sort_by_key(|token| token.id);
    for one in tokens {
        let numbers = [one.id, one.expires, i64::from(one.revoked.is_some())];
        parts.extend(numbers.map(|number| number.to_be_bytes().to_vec()));
        parts.extend([one.secret, one.scope.into_bytes()]);
    }
    Ok(digest("entente-means/v1", parts.iter().map(Vec::as_slice)))
}

/// What stands for somebody, where the last line about them vouches for something else.
pub(super) fn planted(look: &Look, person: &str) -> Result<Option<String>> {
    /// Lines about one person that are looked at for the last that vouches.
    const LINES: i64 = 20;
    let Some(login) = look.login(person)? else {
        return Ok(None);
    };
    let lines = look.trail_of(person, i64::MAX, LINES)?;
    let mut proofs = lines.iter().map(|line| {
        let detail: Value = serde_json::from_str(&line.detail).unwrap_or_default();
        Proof::read(&detail).means
    });
    let Some(vouched) = proofs.find_map(|means| means) else {
        return Ok(None);
    };
    Ok(Some(means(look, &login)?).filter(|stands| *stands != vouched))
}

/// What proves a credential, without what each use changes.
fn lasting(credential: &Credential) -> Vec<u8> {
    let secret = &credential.secret;
    if credential.kind != PASSKEY {
        return secret.clone();
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(secret) else {
        return secret.clone();
    };
    if let Some(Value::Object(key)) = value.pointer_mut("/passkey/cred") {
        key.retain(|name, _| !MOVES.contains(&name.as_str()));
    }
    value.to_string().into_bytes()
}

/// With what a program comes in, and as whom: a generated secret stands, as a hash, beside its rights.
pub(crate) fn program(access: &Access) -> String {
    let person = access.person.as_deref().unwrap_or_default();
    let parts = [
        &access.name,
        access.participant.as_str(),
        person,
        &access.secret,
        &access.rights,
    ];
    digest("entente-program/v1", parts.map(str::as_bytes))
}

/// A session that goes on.
pub(crate) fn session(session: &Session) -> String {
    let numbers = [session.id, session.created, session.expires].map(i64::to_be_bytes);
    let texts = [session.person.as_bytes(), session.method.as_bytes()];
    let parts = numbers.iter().map(|number| &number[..]);
    digest(
        "entente-session/v1",
        parts.chain([&session.secret[..]]).chain(texts),
    )
}

/// A one-time code that was not used.
pub(crate) fn code(once: &Once) -> String {
    let numbers = [once.created, once.expires].map(i64::to_be_bytes);
    let person = once.person.as_deref().unwrap_or_default();
    let texts = [once.kind.as_bytes(), person.as_bytes()];
    let parts = numbers.iter().map(|number| &number[..]);
    digest(
        "entente-code/v1",
        parts.chain([&once.secret[..]]).chain(texts),
    )
}

/// The sessions of somebody that were not ended and the codes that were not used, each with when it ends by itself.
pub(crate) fn open(look: &Look, person: &str) -> Result<Vec<(String, i64)>> {
    let sessions = look.sessions_of(person)?;
    let codes = look.onces_of(person)?;
    let sessions = sessions.iter().map(|one| (session(one), one.expires));
    let codes = codes.iter().map(|one| (code(one), one.expires));
    Ok(sessions.chain(codes).collect())
}

impl Change<'_, '_> {
    /// The detail of a line about somebody who signs in here, with the digest of all with which they do so from now on.
    pub(super) fn vouching(&self, action: &str, subject: &str, detail: &Value) -> Result<Value> {
        let area = action.split('.').next().unwrap_or_default();
        if !["user", "credential", "session", "token"].contains(&area) {
            return Ok(detail.clone());
        }
        let Some(login) = self.txn.login(subject)? else {
            return Ok(detail.clone());
        };
        let mut proof = Proof::read(detail);
        proof.means = Some(means(self.txn, &login)?);
        let before = self.store.read_anew()?;
        proof.found = planted(&before, subject)?;
        if proof.found.is_some() {
            tracing::error!(
                person = subject,
                "that with which somebody signs in was changed past the node: entente verify"
            );
        }
        let mut members = detail.as_object().cloned().unwrap_or_default();
        members.insert(PROOF.to_owned(), proof.text());
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn passkey(counter: u32, key: &str) -> Credential {
        let cred = json!({ "cred_id": "AAE", "cred": { "x": key }, "counter": counter, "backup_state": counter > 1 });
        let secret = json!({ "host": "localhost", "passkey": { "cred": cred } });
        Credential {
            kind: PASSKEY.to_owned(),
            secret: secret.to_string().into_bytes(),
            ..Credential::default()
        }
    }

    #[test]
    fn the_use_of_a_passkey_changes_nothing_and_another_key_does() {
        let first = lasting(&passkey(1, "AQ"));
        assert_eq!(first, lasting(&passkey(7, "AQ")));
        assert_ne!(first, lasting(&passkey(1, "AR")));
        // What is no passkey of ours any more is taken as it is.
        let mut broken = passkey(1, "AQ");
        broken.secret.truncate(9);
        assert_eq!(lasting(&broken), broken.secret);
    }

    #[test]
    fn a_digest_keeps_its_parts_apart() {
        let of = |parts: &[&str]| digest("x", parts.iter().map(|part| part.as_bytes()));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a"]), digest("y", [&b"a"[..]]));
    }
}
