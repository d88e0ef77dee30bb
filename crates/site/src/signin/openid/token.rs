//! ID tokens (OpenID Connect Core 1.0 §3.1.3.7): who a provider says somebody is, and whether it is the provider who says so.
//!
//! Invariant: nothing of a token is believed before its signature, by a key of the provider and an algorithm of this list, is checked.
//! Symmetric algorithms and `none` are on no list: a key that anybody can fetch would sign them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::{Map, Value};

/// Bytes of a token; real ones have one or two thousand.
const LONGEST: usize = 32 << 10;
/// The longest name of a subject (§2).
const SUBJECT: usize = 255;

/// What a token has to say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    /// The claim that names somebody for good.
    pub(super) claim: &'a str,
    /// Now, in seconds.
    pub(super) now: i64,
    /// How far the clocks may be apart, in seconds.
    pub(super) skew: i64,
}

/// Who a provider says somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// The value of the claim that people are bound to.
    pub(super) name: String,
    /// The address for mail, if the provider has verified it.
    pub(super) email: Option<String>,
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// It is no signed token: what is sent is something else.
    #[error("it is no signed token")]
    Malformed,
    /// It is signed in a way that is not taken: configure the client at the provider for RS256 or ES256.
    #[error("its algorithm is {0:?}, which is not taken")]
    Algorithm(String),
    /// The provider shows no such key: perhaps it was replaced a moment ago.
    #[error("it names a key that the provider does not show")]
    UnknownKey,
    /// Somebody else signed it, or changed it.
    #[error("its signature does not fit")]
    Signature,
    /// Another provider made it.
    #[error("it is of another provider")]
    Issuer,
    /// It is meant for another client.
    #[error("it is meant for somebody else")]
    Audience,
    /// It is over: the clocks differ, or it was kept.
    #[error("it was over {0} seconds ago")]
    Expired(i64),
    /// It is of the future: the clocks differ.
    #[error("it begins in {0} seconds")]
    Early(i64),
    /// It answers another question than ours.
    #[error("it answers another sign-in")]
    Nonce,
    /// It names nobody by the claim that people are bound to.
    #[error("it has no claim {0:?} that names somebody")]
    Nobody(String),
}

/// A key that a provider shows.
#[derive(Debug, Clone)]
pub(super) struct Key {
    id: Option<String>,
    algorithm: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// The keys of a JSON Web Key Set that sign, of kinds that are known (RFC 7517 §5).
pub(super) fn keys(set: &Value) -> Vec<Key> {
    let all = set.get("keys").and_then(Value::as_array);
    all.into_iter().flatten().filter_map(key).collect()
}

fn key(value: &Value) -> Option<Key> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let point = |size: usize| {
        let (x, y) = (bytes("x")?, bytes("y")?);
        (x.len() == size && y.len() == size).then(|| [&[4][..], &x, &y].concat())
    };
    let material = match (text("kty")?, text("crv")) {
        ("RSA", _) => Material::Rsa {
            n: bytes("n")?,
            e: bytes("e")?,
        },
        ("EC", Some("P-256")) => Material::P256(point(32)?),
        ("EC", Some("P-384")) => Material::P384(point(48)?),
        ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x")?),
        _ => return None,
    };
    Some(Key {
        id: text("kid").map(str::to_owned),
        algorithm: text("alg").map(str::to_owned),
        material,
    })
}

fn rsa(algorithm: &str) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        "RS384" => &RSA_PKCS1_2048_8192_SHA384,
        "RS512" => &RSA_PKCS1_2048_8192_SHA512,
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        "PS384" => &RSA_PSS_2048_8192_SHA384,
        "PS512" => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

/// Whether an algorithm is taken at all.
fn is_taken(algorithm: &str) -> bool {
    rsa(algorithm).is_some() || matches!(algorithm, "ES256" | "ES384" | "EdDSA" | "Ed25519")
}

impl Key {
    /// Whether this key signed it, in this way. A key of another kind than the algorithm signs nothing.
    fn signed(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        if self
            .algorithm
            .as_deref()
            .is_some_and(|own| own != algorithm)
        {
            return false;
        }
        let plain = |with: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(with, key)
                .verify(message, signature)
                .is_ok()
        };
        match (&self.material, algorithm) {
            (Material::Rsa { n, e }, _) => rsa(algorithm).is_some_and(|with| {
                RsaPublicKeyComponents { n, e }
                    .verify(with, message, signature)
                    .is_ok()
            }),
            (Material::P256(key), "ES256") => plain(&ECDSA_P256_SHA256_FIXED, key),
            (Material::P384(key), "ES384") => plain(&ECDSA_P384_SHA384_FIXED, key),
            (Material::Ed25519(key), "EdDSA" | "Ed25519") => plain(&ED25519, key),
            _ => false,
        }
    }
}

/// Who the provider says somebody is.
pub(super) fn check(token: &str, keys: &[Key], expected: &Expected<'_>) -> Result<Subject, Fault> {
    let claims = opened(token, keys)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err(Fault::Issuer);
    }
    let audience: Vec<Option<&str>> = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().map(Value::as_str).collect(),
        Some(one) => vec![one.as_str()],
        None => Vec::new(),
    };
    let party = claims.get("azp").map(Value::as_str);
    let ours = Some(expected.client);
    // Meant for others as well, it says for whom it was made.
    let alone = audience.len() == 1 || party.is_some();
    if !audience.contains(&ours) || !alone || party.is_some_and(|party| party != ours) {
        return Err(Fault::Audience);
    }
    let seconds = |name: &str| claims.get(name).map(in_seconds);
    let over = seconds("exp").flatten().ok_or(Fault::Expired(0))?;
    if expected.now.saturating_sub(expected.skew) >= over {
        return Err(Fault::Expired(expected.now.saturating_sub(over)));
    }
    // When it was made has to be said; from when on it holds, may be.
    let made = seconds("iat").flatten().ok_or(Fault::Early(0))?;
    let holds = seconds("nbf").map_or(Ok(made), |from| from.ok_or(Fault::Early(0)))?;
    let begins = made.max(holds);
    if begins > expected.now.saturating_add(expected.skew) {
        return Err(Fault::Early(begins.saturating_sub(expected.now)));
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(Fault::Nonce);
    }
    let name = text(expected.claim).filter(|name| {
        !name.trim().is_empty() && name.len() <= SUBJECT && !name.contains(char::is_control)
    });
    let name = name.ok_or_else(|| Fault::Nobody(expected.claim.to_owned()))?;
    let verified = claims.get("email_verified") == Some(&Value::Bool(true));
    Ok(Subject {
        name: name.trim().to_owned(),
        email: text("email").filter(|_| verified).map(str::to_owned),
    })
}

/// A time in a token: seconds, which may have a fraction.
fn in_seconds(value: &Value) -> Option<i64> {
    let whole = value.as_i64();
    // Beyond what a float counts exactly there is no time that anybody means.
    let fraction = || {
        let time = value.as_f64().filter(|time| time.abs() < 1e15)?;
        format!("{:.0}", time.floor()).parse().ok()
    };
    whole.or_else(fraction)
}

/// The claims of a token that one of these keys signed.
fn opened(token: &str, keys: &[Key]) -> Result<Map<String, Value>, Fault> {
    let mut parts = token.split('.');
    let (Some(head), Some(body), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Fault::Malformed);
    };
    if token.len() > LONGEST {
        return Err(Fault::Malformed);
    }
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Fault::Malformed);
    let object = |text: &str| -> Result<Map<String, Value>, Fault> {
        serde_json::from_slice(&decoded(text)?).map_err(|_| Fault::Malformed)
    };
    let header = object(head)?;
    let algorithm = header
        .get("alg")
        .and_then(Value::as_str)
        .ok_or(Fault::Malformed)?;
    if !is_taken(algorithm) {
        return Err(Fault::Algorithm(algorithm.chars().take(20).collect()));
    }
    // What has to be understood and is not (RFC 7515 §4.1.11).
    if header.contains_key("crit") {
        return Err(Fault::Malformed);
    }
    let signature = decoded(signature)?;
    let wanted = header.get("kid").and_then(Value::as_str);
    let mut fitting = keys
        .iter()
        .filter(|key| wanted.is_none() || key.id.as_deref() == wanted)
        .peekable();
    if fitting.peek().is_none() {
        return Err(Fault::UnknownKey);
    }
    let message = &token.as_bytes()[..head.len() + 1 + body.len()];
    if !fitting.any(|key| key.signed(algorithm, message, &signature)) {
        return Err(Fault::Signature);
    }
    object(body)
}
