//! The provider of identities: where its doors are, its keys, and the code that is changed for a token.
//!
//! Invariant: only the provider that the operator named is asked, over TLS unless it is on this machine; nothing is followed elsewhere,
//! answers are counted while they are read and have to come in time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use node::Node;
use node::config::OpenId;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::token::{self, Expected, Fault, Key, Subject};

/// Bytes of an answer.
const LONGEST: usize = 256 << 10;
/// How long the provider has to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what it says of itself holds, in microseconds.
const HOLDS: i64 = 3_600_000_000;
/// How soon it is asked again for keys because of one that is not known, in microseconds.
const AGAIN: i64 = 30_000_000;

/// Why somebody could not be signed in through the provider.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// It does not answer, or not in time.
    #[error("the provider does not answer: {0}")]
    Down(String),
    /// It answers with something else than was asked for: it, or `[openid]`, has to be looked at by the operator.
    #[error("the provider's answer is of no use: {0}")]
    Useless(String),
    /// The code was refused: used, too old, or of somebody else.
    #[error("the provider did not take its code back: {0}")]
    Code(String),
    /// The token is not what was asked for.
    #[error("the token does not hold: {0}")]
    Token(#[from] Fault),
}

/// What a provider says of itself (OpenID Connect Discovery 1.0 §3).
#[derive(Debug, Clone)]
pub(super) struct Doors {
    pub(super) authorization: Url,
    token: Url,
    keys: Url,
    /// Whether it takes the secret in a header rather than in the form.
    basic: bool,
    /// Whether it names itself when it sends somebody back (RFC 9207).
    pub(super) names_itself: bool,
}

#[derive(Default)]
struct Known {
    doors: Option<(i64, Arc<Doors>)>,
    keys: Option<(i64, Arc<Vec<Key>>)>,
}

/// The provider that the operator named.
pub(super) struct Provider {
    pub(super) decided: OpenId,
    http: reqwest::Client,
    secret: Option<Zeroizing<String>>,
    known: Mutex<Known>,
}

fn useless(why: impl std::fmt::Display) -> Trouble {
    Trouble::Useless(why.to_string())
}

impl Provider {
    /// As the configuration says.
    pub(super) fn of(node: &Node, decided: &OpenId) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        let secret = match &decided.client_secret_file {
            None => None,
            Some(file) => {
                let path = node.folder().root().join(file);
                let text = std::fs::read_to_string(&path).with_context(|| {
                    format!("the client's secret in {} cannot be read", path.display())
                })?;
                Some(Zeroizing::new(text.trim().to_owned()))
            }
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(&provider))?;
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(PATIENCE / 2)
            .timeout(PATIENCE)
            .user_agent(concat!("entente/", env!("CARGO_PKG_VERSION")));
        if decided.issuer.starts_with("https:")
            && let Some(proxy) = &node.config().proxy
        {
            http = http.proxy(reqwest::Proxy::all(proxy)?);
        }
        Ok(Self {
            decided: decided.clone(),
            http: http.build()?,
            secret,
            known: Mutex::default(),
        })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where its doors are. What it said within the last hour holds, and longer while it does not answer.
    pub(super) async fn doors(&self, now: i64) -> Result<Arc<Doors>, Trouble> {
        let before = self.known().doors.clone();
        if let Some((at, doors)) = &before
            && now.saturating_sub(*at) < HOLDS
        {
            return Ok(Arc::clone(doors));
        }
        let base = self.decided.issuer.trim_end_matches('/');
        let asked = self
            .ask(&format!("{base}/.well-known/openid-configuration"))
            .await
            .and_then(|said| self.read(&said));
        match (asked, before) {
            (Ok(doors), _) => {
                let doors = Arc::new(doors);
                self.known().doors = Some((now, Arc::clone(&doors)));
                Ok(doors)
            }
            (Err(Trouble::Down(_)), Some((_, doors))) => Ok(doors),
            (Err(trouble), _) => Err(trouble),
        }
    }

    fn read(&self, said: &Value) -> Result<Doors, Trouble> {
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        let issuer = text("issuer").unwrap_or_default();
        if issuer != self.decided.issuer {
            return Err(useless(format!(
                "it names itself {issuer:?}, and [openid] says {:?}",
                self.decided.issuer
            )));
        }
        let door = |name: &str| {
            let said = text(name).ok_or_else(|| useless(format!("it names no {name}")))?;
            let address = Url::parse(said).map_err(|_| useless(format!("its {name} is none")))?;
            match self.decided.may_ask(&address) {
                true => Ok(address),
                false => Err(useless(format!("its {name} is without TLS"))),
            }
        };
        let methods = said.get("token_endpoint_auth_methods_supported");
        let methods = methods.and_then(Value::as_array);
        let takes = |name: &str| {
            let all = methods.map(Vec::as_slice).unwrap_or_default();
            all.iter().any(|one| one.as_str() == Some(name))
        };
        Ok(Doors {
            authorization: door("authorization_endpoint")?,
            token: door("token_endpoint")?,
            keys: door("jwks_uri")?,
            // What is not said is client_secret_basic.
            basic: methods.is_none()
                || takes("client_secret_basic")
                || !takes("client_secret_post"),
            names_itself: said.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        })
    }

    /// Changes the code for a token, and says who it is of.
    pub(super) async fn subject(
        &self,
        code: &str,
        (verifier, back): (&str, &str),
        nonce: &str,
        now: i64,
    ) -> Result<Subject, Trouble> {
        let doors = self.doors(now).await?;
        let said = self
            .change(self.request(&doors, code, verifier, back))
            .await?;
        let token = said.get("id_token").and_then(Value::as_str);
        let token = token.ok_or_else(|| useless("it gives no ID token"))?;
        let expected = Expected {
            issuer: &self.decided.issuer,
            client: &self.decided.client_id,
            nonce,
            claim: &self.decided.claim,
            now: now / 1_000_000,
            skew: i64::from(self.decided.clock_skew_seconds),
        };
        let keys = self.keys(&doors, now, false).await?;
        match token::check(token, &keys, &expected) {
            // It may have changed its keys a moment ago.
            Err(Fault::UnknownKey) => {
                let keys = self.keys(&doors, now, true).await?;
                Ok(token::check(token, &keys, &expected)?)
            }
            checked => Ok(checked?),
        }
    }

    async fn keys(&self, doors: &Doors, now: i64, anew: bool) -> Result<Arc<Vec<Key>>, Trouble> {
        let holds = if anew { AGAIN } else { HOLDS };
        let before = self.known().keys.clone();
        if let Some((at, keys)) = before
            && now.saturating_sub(at) < holds
        {
            return Ok(keys);
        }
        let keys = Arc::new(token::keys(&self.ask(doors.keys.as_str()).await?));
        self.known().keys = Some((now, Arc::clone(&keys)));
        Ok(keys)
    }

    /// What the token door is sent (RFC 6749 §4.1.3).
    fn request(
        &self,
        doors: &Doors,
        code: &str,
        verifier: &str,
        back: &str,
    ) -> reqwest::RequestBuilder {
        let client = &self.decided.client_id;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", back)
            .append_pair("code_verifier", verifier);
        let mut request = self.http.request(Method::POST, doors.token.clone());
        match &self.secret {
            Some(secret) if doors.basic => {
                // RFC 6749 §2.3.1: both are encoded as in a form, then joined.
                let encoded = |text: &str| {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                };
                let pair = Zeroizing::new(format!("{}:{}", encoded(client), encoded(secret)));
                let shown = format!("Basic {}", STANDARD.encode(pair.as_bytes()));
                request = request.header(AUTHORIZATION, shown);
            }
            Some(secret) => {
                form.append_pair("client_id", client)
                    .append_pair("client_secret", secret);
            }
            None => {
                form.append_pair("client_id", client);
            }
        }
        request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.finish())
    }

    async fn change(&self, request: reqwest::RequestBuilder) -> Result<Value, Trouble> {
        let (status, body) = self.send(request).await?;
        let said: Option<Value> = serde_json::from_slice(&body).ok();
        match said {
            Some(said) if status.is_success() => Ok(said),
            Some(said) if status.is_client_error() => {
                let error = said.get("error").and_then(Value::as_str).unwrap_or("?");
                let short: String = error.chars().take(60).collect();
                // Of a client that it does not know, the operator has to hear.
                Err(match error {
                    "invalid_client" | "unauthorized_client" => useless(short),
                    _ => Trouble::Code(short),
                })
            }
            _ if status.is_server_error() => Err(Trouble::Down(status.to_string())),
            _ => Err(useless(format!("its token door says {status}"))),
        }
    }

    async fn ask(&self, address: &str) -> Result<Value, Trouble> {
        let (status, body) = self.send(self.http.get(address)).await?;
        if status.is_server_error() {
            return Err(Trouble::Down(status.to_string()));
        }
        if !status.is_success() {
            return Err(useless(format!("{address} says {status}")));
        }
        serde_json::from_slice(&body).map_err(|_| useless(format!("{address} gives no JSON")))
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<(reqwest::StatusCode, Vec<u8>), Trouble> {
        let down = |error: reqwest::Error| Trouble::Down(error.without_url().to_string());
        let request = request.header(ACCEPT, "application/json");
        let mut response = request.send().await.map_err(down)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(down)? {
            if body.len() + chunk.len() > LONGEST {
                return Err(useless("its answer does not end"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((response.status(), body))
    }
}
