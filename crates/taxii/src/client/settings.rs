//! How to reach one server, and how much of it to bear.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use node::clock::{Clock, SystemClock};

use super::trust::Trust;

/// One server.
#[derive(Clone)]
pub struct Settings {
    /// Its discovery address, such as `https://node.example/taxii2/`. Requests go to this origin and no other.
    pub address: String,
    /// Who we are.
    pub credentials: Credentials,
    /// How the server proves who it is.
    pub trust: Trust,
    /// A certificate of our own, where the server asks for one.
    pub identity: Option<Identity>,
    /// `http://[user:password@]host:port` of a proxy that speaks CONNECT. The environment is not asked.
    pub proxy: Option<String>,
    /// Lets credentials go over plain HTTP to another machine. Loopback needs no leave.
    pub plain_text: bool,
    /// How much of it to bear.
    pub limits: Limits,
    /// Tells a cursor of the far future from a real one.
    pub clock: Arc<dyn Clock>,
}

impl Settings {
    /// The server at `address`, with everything else at its default.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            credentials: Credentials::None,
            trust: Trust::Public,
            identity: None,
            proxy: None,
            plain_text: false,
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Who we are.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Nobody, or whom the client certificate names.
    None,
    /// A user and a password.
    Basic {
        /// The user; no colon.
        user: String,
        /// The password.
        password: String,
    },
    /// A token.
    Bearer(String),
}

impl Credentials {
    pub(super) fn header(&self) -> Result<Option<HeaderValue>, SettingsError> {
        let value = match self {
            Self::None => return Ok(None),
            Self::Basic { user, .. } if user.contains(':') => {
                return Err(SettingsError::Credentials("a user name has no colon"));
            }
            Self::Basic { user, password } => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
            }
            Self::Bearer(token) => format!("Bearer {token}"),
        };
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_| SettingsError::Credentials("a token has no control characters"))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// A client certificate.
#[derive(Clone)]
pub struct Identity {
    /// The chain, the own certificate first, as PEM.
    pub certificates: String,
    /// Its key, as PEM.
    pub key: String,
}

/// Bounds for one server, so that none of its whims costs more than itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bytes of an answer that carries objects or a manifest.
    pub page_bytes: usize,
    /// Bytes of any other answer.
    pub resource_bytes: usize,
    /// Objects of one page.
    pub page_objects: usize,
    /// Objects of one run of [`Pull`](super::Pull).
    pub run_objects: usize,
    /// Pages of one run.
    pub run_pages: usize,
    /// Pages without an object that are borne one after another while the server promises more.
    pub empty_pages: usize,
    /// Largest `limit` that is asked for when a server cannot page through objects of one instant.
    pub widest_page: usize,
    /// Bytes of an envelope that we send, where the server names no lower limit.
    pub envelope_bytes: usize,
    /// Objects of an envelope that we send.
    pub envelope_objects: usize,
    /// To connect, TLS included.
    pub connect: Duration,
    /// From the request to the head of its answer.
    pub head: Duration,
    /// Between two pieces of a body.
    pub idle: Duration,
    /// One whole request.
    pub request: Duration,
    /// Bytes per second that a body must come at, looked at once [`patience`](Self::patience) is over.
    pub slowest: u64,
    /// How long a body may come at any speed.
    pub patience: Duration,
    /// How long to ask for the outcome of an addition.
    pub decision: Duration,
    /// The first pause between two such questions; it doubles up to 30 s.
    pub first_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            page_bytes: 64 << 20,
            resource_bytes: 1 << 20,
            page_objects: 20_000,
            run_objects: 2_000_000,
            run_pages: 100_000,
            empty_pages: 32,
            widest_page: 16_000,
            envelope_bytes: 8 << 20,
            envelope_objects: 1_000,
            connect: Duration::from_secs(10),
            head: Duration::from_secs(60),
            idle: Duration::from_secs(20),
            request: Duration::from_secs(300),
            slowest: 1_024,
            patience: Duration::from_secs(10),
            decision: Duration::from_secs(120),
            first_pause: Duration::from_millis(200),
        }
    }
}

/// What in [`Settings`] cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The address is none of `http://` or `https://`, or carries credentials.
    #[error("{0} is no address of a TAXII server; it looks like https://node.example/taxii2/")]
    Address(String),
    /// Credentials would travel in the clear.
    #[error("{0} is not https: credentials would be readable on the way")]
    PlainText(String),
    /// Credentials that cannot be written into a header.
    #[error("the credentials cannot be sent: {0}")]
    Credentials(&'static str),
    /// Certificates, a key or a pin that cannot be read.
    #[error("the certificates cannot be used: {0}")]
    Certificates(String),
    /// The proxy's address.
    #[error("the proxy cannot be used: {0}")]
    Proxy(String),
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("address", &self.address)
            .field("credentials", &self.credentials)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Basic { .. } => "Basic(..)",
            Self::Bearer(_) => "Bearer(..)",
        })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}
