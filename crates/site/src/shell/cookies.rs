//! The cookies of a node. Each has the node's own prefix, since nodes on one machine share their cookies whatever the port.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A year, in seconds.
const YEAR: u32 = 31_536_000;

/// What the cookies of a node are called.
#[derive(Debug, Clone)]
pub(crate) struct Cookies {
    prefix: String,
}

impl Cookies {
    pub(crate) fn new(node: &node::Node) -> Self {
        let id = node.home().id.uuid().to_string();
        Self {
            prefix: format!("entente-{}", id.split('-').next().unwrap_or_default()),
        }
    }

    /// The value of a cookie that a request shows.
    pub(crate) fn shown(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        self.named(headers, &format!("{}-{name}", self.prefix))
    }

    fn named(&self, headers: &HeaderMap, wanted: &str) -> Option<String> {
        let pairs = headers.get_all(COOKIE).iter();
        pairs
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == wanted)
            .and_then(|(_, value)| percent_decode_str(value).decode_utf8().ok())
            .map(|value| value.into_owned())
    }

    /// A cookie that lasts a year: a preference.
    pub(crate) fn lasting(&self, name: &str, value: &str) -> Option<HeaderValue> {
        self.set(name, value, YEAR)
    }

    /// A cookie for the page that comes next.
    pub(crate) fn brief(&self, name: &str, value: &str) -> Option<HeaderValue> {
        self.set(name, value, 60)
    }

    /// Takes a cookie away.
    pub(crate) fn gone(&self, name: &str) -> Option<HeaderValue> {
        self.set(name, "", 0)
    }

    /// A cookie for a way out of this site and back: bound to this very host over TLS.
    pub(crate) fn passing(
        &self,
        name: &str,
        value: &str,
        seconds: u32,
        secure: bool,
    ) -> Option<HeaderValue> {
        let name = self.host_name(name, secure);
        let secure = if secure { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&cookie).ok()
    }

    /// What a cookie of [`Self::passing`] says.
    pub(crate) fn passed(&self, headers: &HeaderMap, name: &str, secure: bool) -> Option<String> {
        self.named(headers, &self.host_name(name, secure))
    }

    /// The cookie of a session, or its end. Over TLS it is bound to this very host.
    pub(crate) fn session(&self, secret: &str, secure: bool) -> Option<HeaderValue> {
        let name = self.session_name(secure);
        let secure = if secure { "; Secure" } else { "" };
        let gone = if secret.is_empty() { "; Max-Age=0" } else { "" };
        let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}{gone}");
        HeaderValue::from_str(&cookie).ok()
    }

    /// The secret of the session that a request shows.
    pub(crate) fn session_shown(&self, headers: &HeaderMap, secure: bool) -> Option<String> {
        self.named(headers, &self.session_name(secure))
    }

    fn session_name(&self, secure: bool) -> String {
        self.host_name("session", secure)
    }

    fn host_name(&self, name: &str, secure: bool) -> String {
        let host = if secure { "__Host-" } else { "" };
        format!("{host}{}-{name}", self.prefix)
    }

    fn set(&self, name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        let prefix = &self.prefix;
        let cookie =
            format!("{prefix}-{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
        HeaderValue::from_str(&cookie).ok()
    }
}
