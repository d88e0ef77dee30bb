//! The ways in which a provider may sign, each with a key of its kind: a token that is signed so is believed, one that is signed with
//! anything else that it says is not.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use node::config::OpenId;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use ring::{hmac, rsa};
use serde_json::{Value, json};

use super::{House, TOKEN};
use crate::provider::{Manner, Signs};

const RSA: &str = include_str!("rsa.pem");
const P256: &str = include_str!("p256.pem");
const P384: &str = include_str!("p384.pem");

/// What lies between the lines of a file of keys.
fn unwrapped(pem: &str) -> Vec<u8> {
    let text = pem.split("-----").nth(2).unwrap();
    STANDARD
        .decode(text.split_whitespace().collect::<String>())
        .unwrap()
}

fn rsa_key() -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(&unwrapped(RSA)).unwrap()
}

fn by_rsa(how: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
    let key = rsa_key();
    let mut signature = vec![0; key.public().modulus_len()];
    let signed = key.sign(how, &SystemRandom::new(), message, &mut signature);
    signed.unwrap();
    signature
}

fn by_curve(how: &'static EcdsaSigningAlgorithm, pem: &str, message: &[u8]) -> Vec<u8> {
    let chance = SystemRandom::new();
    let key = EcdsaKeyPair::from_pkcs8(how, &unwrapped(pem), &chance).unwrap();
    key.sign(&chance, message).unwrap().as_ref().to_vec()
}

fn edwards() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap()
}

/// The parts of the RSA key that everybody may know.
fn public_rsa() -> (Vec<u8>, Vec<u8>) {
    let parts = rsa::PublicKeyComponents::<Vec<u8>>::from(rsa_key().public());
    (parts.n, parts.e)
}

/// The keys as a provider shows them, each under its kind.
fn shown() -> Vec<Value> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (n, e) = public_rsa();
    let curve = |name: &str, how, pem, size: usize| {
        let key = EcdsaKeyPair::from_pkcs8(how, &unwrapped(pem), &SystemRandom::new()).unwrap();
        let point = key.public_key().as_ref()[1..].to_vec();
        let (x, y) = point.split_at(size);
        json!({ "kty": "EC", "crv": name, "kid": name, "x": text(x), "y": text(y) })
    };
    vec![
        json!({ "kty": "RSA", "kid": "RSA", "n": text(&n), "e": text(&e) }),
        curve("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING, P256, 32),
        curve("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING, P384, 48),
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": "Ed25519", "x": text(edwards().public_key().as_ref()) }),
        json!({ "kty": "oct", "kid": "oct", "k": text(b"a secret that is shown is none") }),
    ]
}

fn manner(algorithm: &str, key: Value, signs: Signs) -> Manner {
    Manner {
        header: json!({ "alg": algorithm, "kid": key }),
        shows: Some(shown()),
        signs: Some(signs),
        ..Manner::default()
    }
}

const WAYS: [(&str, &str, Signs); 10] = [
    ("RS256", "RSA", |said| by_rsa(&RSA_PKCS1_SHA256, said)),
    ("RS384", "RSA", |said| by_rsa(&RSA_PKCS1_SHA384, said)),
    ("RS512", "RSA", |said| by_rsa(&RSA_PKCS1_SHA512, said)),
    ("PS256", "RSA", |said| by_rsa(&RSA_PSS_SHA256, said)),
    ("PS384", "RSA", |said| by_rsa(&RSA_PSS_SHA384, said)),
    ("PS512", "RSA", |said| by_rsa(&RSA_PSS_SHA512, said)),
    ("ES256", "P-256", |said| {
        by_curve(&ECDSA_P256_SHA256_FIXED_SIGNING, P256, said)
    }),
    ("ES384", "P-384", |said| {
        by_curve(&ECDSA_P384_SHA384_FIXED_SIGNING, P384, said)
    }),
    ("EdDSA", "Ed25519", |said| {
        edwards().sign(said).as_ref().to_vec()
    }),
    ("Ed25519", "Ed25519", |said| {
        edwards().sign(said).as_ref().to_vec()
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_sign_is_believed_by_itself_alone() {
    let house = House::new(OpenId::default()).await;
    house.bind("berthe-7").await;
    for (algorithm, key, signs) in WAYS {
        // By its name; and without one, where the key is found among all that are shown.
        for named in [json!(key), Value::Null] {
            house.behave(manner(algorithm, named.clone(), signs));
            let entered = house.round().await;
            assert_eq!(
                entered.status,
                StatusCode::SEE_OTHER,
                "{algorithm} {named}: {}",
                entered.body
            );
        }
        // Each other algorithm over the same signature, whatever key it names.
        for (other, its_key, _) in WAYS {
            if other == algorithm || (key == "Ed25519" && its_key == key) {
                continue;
            }
            for named in [json!(key), json!(its_key), Value::Null] {
                house.behave(manner(other, named.clone(), signs));
                let kept_out = house.round().await;
                assert!(
                    kept_out.body.contains(TOKEN),
                    "{algorithm} as {other} by {named}"
                );
                assert!(!kept_out.headers.contains_key("set-cookie"));
            }
        }
        // A signature that is cut short, and none.
        for broken in [(|_: &[u8]| Vec::new()) as Signs, |_| vec![0; 64]] {
            house.behave(manner(algorithm, json!(key), broken));
            assert!(house.round().await.body.contains(TOKEN), "{algorithm}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_anybody_could_sign_is_believed_by_nobody() {
    let house = House::new(OpenId::default()).await;
    house.bind("berthe-7").await;
    // The public key taken for a secret: as its bytes, as the text of its number, as what is shown as a secret.
    let known: [(&str, Signs); 3] = [
        ("RSA", |said| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &public_rsa().0);
            hmac::sign(&key, said).as_ref().to_vec()
        }),
        ("RSA", |said| {
            let text = URL_SAFE_NO_PAD.encode(public_rsa().0);
            let key = hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes());
            hmac::sign(&key, said).as_ref().to_vec()
        }),
        ("oct", |said| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, b"a secret that is shown is none");
            hmac::sign(&key, said).as_ref().to_vec()
        }),
    ];
    for (key, signs) in known {
        for algorithm in ["HS256", "HS384", "HS512", "RS256", "EdDSA"] {
            for named in [json!(key), Value::Null] {
                house.behave(manner(algorithm, named.clone(), signs));
                let kept_out = house.round().await;
                assert!(kept_out.body.contains(TOKEN), "{algorithm} by {named}");
            }
        }
    }
    for algorithm in [
        "none", "None", "NONE", "nOnE", "", "RS1", "ES512", "ES256K", "RS256 ",
    ] {
        for signs in [(|_: &[u8]| Vec::new()) as Signs, |said| {
            by_rsa(&RSA_PKCS1_SHA256, said)
        }] {
            house.behave(manner(algorithm, json!("RSA"), signs));
            assert!(house.round().await.body.contains(TOKEN), "{algorithm:?}");
        }
    }
    // A key that comes along in the token itself is nobody's; a signature in another writing is none.
    let mut own = manner("EdDSA", json!("RSA"), |said| {
        edwards().sign(said).as_ref().to_vec()
    });
    own.header["jwk"] = shown()[3].clone();
    own.shows = Some(shown()[..3].to_vec());
    house.behave(own);
    assert!(house.round().await.body.contains(TOKEN), "its own key");
    house.behave(manner("ES256", json!("P-256"), |said| {
        by_curve(&ECDSA_P256_SHA256_ASN1_SIGNING, P256, said)
    }));
    assert!(house.round().await.body.contains(TOKEN), "another writing");
    // A key that is for one algorithm signs by no other; one that is for encryption signs nothing.
    for (part, value) in [("alg", "PS256"), ("use", "enc")] {
        let mut bound = manner("RS256", json!("RSA"), |said| {
            by_rsa(&RSA_PKCS1_SHA256, said)
        });
        let mut key = shown()[0].clone();
        key[part] = json!(value);
        bound.shows = Some(vec![key]);
        // A house that has not seen the key without it.
        let house = House::new(OpenId::default()).await;
        house.bind("berthe-7").await;
        house.behave(bound);
        assert!(house.round().await.body.contains(TOKEN), "{part} {value}");
    }
}
