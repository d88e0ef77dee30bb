//! A provider of identities that does as it is told, for better or worse.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use node::clock::{Clock as _, SystemClock};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A way to sign what a token says.
pub(crate) type Signs = fn(&[u8]) -> Vec<u8>;

/// How it misbehaves.
#[derive(Clone, Default)]
pub(crate) struct Manner {
    /// What is other in the token; null takes a claim out.
    pub(crate) claims: Value,
    /// What is other in the token's header.
    pub(crate) header: Value,
    /// What is other in what it says of itself.
    pub(crate) says: Value,
    /// The door that answers so, without a token.
    pub(crate) door: Option<(&'static str, u16, &'static str)>,
    /// With which of its keys it signs; the second is not shown until it was asked twice.
    pub(crate) key: usize,
    /// What it gives as a token instead.
    pub(crate) token: Option<&'static str>,
    /// The keys that it shows instead of its own.
    pub(crate) shows: Option<Vec<Value>>,
    /// How it signs instead.
    pub(crate) signs: Option<Signs>,
}

pub(crate) struct Provider {
    pub(crate) at: String,
    pub(crate) manner: Manner,
    pub(crate) asked_for_keys: usize,
    /// What the browser brought: nonce, challenge, address to come back to.
    pub(crate) question: HashMap<String, String>,
}

pub(crate) type Shared = Arc<Mutex<Provider>>;

fn key(number: usize) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[u8::try_from(number).unwrap() + 1; 32]).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn with(mut base: Value, other: &Value) -> Value {
    for (name, value) in other.as_object().into_iter().flatten() {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(name);
        } else {
            base[name] = value.clone();
        }
    }
    base
}

fn door(provider: &Provider, name: &str) -> Option<Response> {
    let (door, status, body) = provider.manner.door?;
    let status = StatusCode::from_u16(status).unwrap();
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (LOCATION, "http://127.0.0.1:1/elsewhere"),
    ];
    let body = match body {
        "endless" => "x".repeat(400_000),
        body => body.to_owned(),
    };
    (door == name).then(|| (status, headers, body).into_response())
}

async fn discovery(State(shared): State<Shared>) -> Response {
    let provider = shared.lock().unwrap();
    let at = &provider.at;
    if let Some(answer) = door(&provider, "discovery") {
        return answer;
    }
    let said = json!({
        "issuer": at,
        "authorization_endpoint": format!("{at}/authorize"),
        "token_endpoint": format!("{at}/token"),
        "jwks_uri": format!("{at}/keys"),
    });
    with(said, &provider.manner.says)
        .to_string()
        .into_response()
}

async fn keys(State(shared): State<Shared>) -> Response {
    let mut provider = shared.lock().unwrap();
    provider.asked_for_keys += 1;
    if let Some(answer) = door(&provider, "keys") {
        return answer;
    }
    if let Some(keys) = &provider.manner.shows {
        return json!({ "keys": keys }).to_string().into_response();
    }
    let shown = if provider.asked_for_keys > 1 { 2 } else { 1 };
    let keys: Vec<Value> = (0..shown)
        .map(|number| {
            let x = URL_SAFE_NO_PAD.encode(key(number).public_key());
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": number.to_string(), "x": x })
        })
        .collect();
    json!({ "keys": keys }).to_string().into_response()
}

async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let provider = shared.lock().unwrap();
    if let Some(answer) = door(&provider, "token") {
        return answer;
    }
    let question = &provider.question;
    let verifier = Sha256::digest(form["code_verifier"].as_bytes());
    let proved = URL_SAFE_NO_PAD.encode(verifier) == question["code_challenge"];
    let known = headers["authorization"] == "Basic bm9kZTpzJTI2Y3JldA==";
    if !proved || !known || form["redirect_uri"] != question["redirect_uri"] {
        return (StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant"}"#).into_response();
    }
    let now = SystemClock.now() / 1_000_000;
    let mut claims = provider.manner.claims.clone();
    for name in ["exp", "iat", "nbf"] {
        if let Some(offset) = claims.get(name).and_then(Value::as_i64) {
            claims[name] = json!(now + offset);
        }
    }
    let claims = with(
        json!({ "iss": provider.at, "aud": "node", "sub": "berthe-7", "nonce": question["nonce"], "iat": now, "exp": now + 60 }),
        &claims,
    );
    let number = provider.manner.key;
    let header = with(
        json!({ "alg": "EdDSA", "kid": number.to_string() }),
        &provider.manner.header,
    );
    let message = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = match provider.manner.signs {
        Some(sign) => sign(message.as_bytes()),
        None => key(number).sign(message.as_bytes()).as_ref().to_vec(),
    };
    let signature = URL_SAFE_NO_PAD.encode(signature);
    let made = format!("{message}.{signature}");
    let token = provider.manner.token.map_or(made, str::to_owned);
    json!({ "access_token": "a", "token_type": "Bearer", "id_token": token })
        .to_string()
        .into_response()
}

/// A provider that serves, and where.
pub(crate) async fn serving() -> (Shared, String) {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}", socket.local_addr().unwrap());
    let provider = Arc::new(Mutex::new(Provider {
        at: at.clone(),
        manner: Manner::default(),
        asked_for_keys: 0,
        question: HashMap::new(),
    }));
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(Arc::clone(&provider));
    tokio::spawn(async move { axum::serve(socket, router).await });
    (provider, at)
}
