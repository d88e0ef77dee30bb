//! One request and its answer. Invariants: the body is counted while it is read and has to keep coming; nothing is sent
//! to another origin, redirects included.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use reqwest::{Proxy, Response, Url, redirect};
use tokio::time::{Instant, timeout, timeout_at};

use super::answer::Answer;
use super::error::Error;
use super::settings::{Credentials, Limits, Settings, SettingsError};
use super::trust;
use crate::media;

/// How often a GET may be sent on within its origin.
const REDIRECTS: usize = 4;
/// Bytes of a refusal that are looked at.
const REFUSAL_BYTES: usize = 64 << 10;

/// The connections to one origin.
#[derive(Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    home: Url,
    headers: HeaderMap,
    limits: Limits,
}

impl Transport {
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let home = home(settings)?;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(media::TAXII));
        headers.insert(
            header::USER_AGENT,
            HeaderValue::from_static(concat!("entente/", env!("CARGO_PKG_VERSION"))),
        );
        if let Some(value) = settings.credentials.header()? {
            headers.insert(header::AUTHORIZATION, value);
        }
        let tls = trust::config(&settings.trust, settings.identity.as_ref())?;
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(settings.limits.connect)
            .pool_idle_timeout(Duration::from_secs(30));
        if let Some(proxy) = &settings.proxy {
            http = http
                .proxy(Proxy::all(proxy).map_err(|error| SettingsError::Proxy(error.to_string()))?);
        }
        Ok(Self {
            http: http
                .build()
                .map_err(|error| SettingsError::Certificates(told(&error)))?,
            home,
            headers,
            limits: settings.limits.clone(),
        })
    }

    pub(super) fn home(&self) -> &Url {
        &self.home
    }

    /// `address` as seen from `base`, if it lies on the configured origin.
    pub(super) fn at(&self, base: &Url, address: &str) -> Result<Url, Error> {
        let elsewhere = || Error::Elsewhere {
            address: address.chars().take(200).collect(),
        };
        let url = base.join(address).map_err(|_| elsewhere())?;
        if url.origin() != self.home.origin() || !url.username().is_empty() {
            return Err(elsewhere());
        }
        Ok(url)
    }

    /// Asks, and follows redirects within the origin.
    pub(super) async fn get(&self, mut url: Url, most: usize) -> Result<Answer, Error> {
        for _ in 0..=REDIRECTS {
            let answer = self.send(Method::GET, url.clone(), None, most).await?;
            let Some(target) = answer.redirect() else {
                return Ok(answer);
            };
            url = self.at(&url, target)?;
        }
        Err(Error::Elsewhere {
            address: format!("{url} (after {REDIRECTS} redirects)"),
        })
    }

    /// Sends one request to `url`, which lies on the configured origin, and reads its answer of at most `most` bytes.
    pub(super) async fn send(
        &self,
        method: Method,
        url: Url,
        body: Option<Bytes>,
        most: usize,
    ) -> Result<Answer, Error> {
        let url = self.at(&self.home, url.as_str())?;
        let deadline = Instant::now() + self.limits.request;
        let mut request = self.http.request(method, url).headers(self.headers.clone());
        if let Some(body) = body {
            request = request
                .header(header::CONTENT_TYPE, media::TAXII)
                .body(body);
        }
        let head = deadline.min(Instant::now() + self.limits.head);
        let response = timeout_at(head, request.send())
            .await
            .map_err(|_| Error::TooSlow("the server did not begin to answer in time".to_owned()))?
            .map_err(|error| failure(&error))?;
        let status = response.status();
        let headers = response.headers().clone();
        // Of a refusal, the beginning is enough.
        let (most, whole) = if status.is_success() {
            (most, true)
        } else {
            (REFUSAL_BYTES, false)
        };
        let body = timeout_at(deadline, self.read(response, most))
            .await
            .unwrap_or_else(|_| {
                Err(Error::TooSlow(format!(
                    "the answer took longer than {} s",
                    self.limits.request.as_secs()
                )))
            });
        let body = match body {
            Ok(body) => body,
            Err(error) if whole => return Err(error),
            Err(_) => Bytes::new(),
        };
        Answer::new(status, headers, body)
    }

    async fn read(&self, mut response: Response, most: usize) -> Result<Bytes, Error> {
        let too_large = Error::TooLarge { limit: most };
        let announced = response.content_length().unwrap_or(0);
        if announced > u64::try_from(most).unwrap_or(u64::MAX) {
            return Err(too_large);
        }
        // What is announced need not be true: memory follows what comes.
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0).min(1 << 20));
        let began = Instant::now();
        loop {
            let chunk = timeout(self.limits.idle, response.chunk())
                .await
                .map_err(|_| {
                    Error::TooSlow(format!(
                        "the answer stopped for {} s",
                        self.limits.idle.as_secs()
                    ))
                })?
                .map_err(|error| failure(&error))?;
            let Some(chunk) = chunk else {
                return Ok(Bytes::from(body));
            };
            if body.len() + chunk.len() > most {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
            let seconds = began.elapsed();
            if seconds > self.limits.patience
                && (body.len() as u128) * 1_000
                    < u128::from(self.limits.slowest) * seconds.as_millis()
            {
                return Err(Error::TooSlow(format!(
                    "the answer came at less than {} bytes a second",
                    self.limits.slowest
                )));
            }
        }
    }
}

fn home(settings: &Settings) -> Result<Url, SettingsError> {
    let wrong = || SettingsError::Address(settings.address.clone());
    let url = Url::parse(&settings.address).map_err(|_| wrong())?;
    let bare = url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || !bare || url.host_str().is_none() {
        return Err(wrong());
    }
    let secret = settings.credentials != Credentials::None;
    if url.scheme() == "http" && secret && !settings.plain_text && !is_loopback(&url) {
        return Err(SettingsError::PlainText(settings.address.clone()));
    }
    Ok(super::with_slash(url))
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// What a failed exchange means.
fn failure(error: &reqwest::Error) -> Error {
    match tls(error) {
        Some(rustls::Error::General(why)) => return Error::Untrusted(why.clone()),
        Some(untrusted @ rustls::Error::InvalidCertificate(_)) => {
            return Error::Untrusted(untrusted.to_string());
        }
        _ => {}
    }
    if error.is_timeout() {
        return Error::TooSlow("the connection was not made in time".to_owned());
    }
    Error::Unreachable(told(error))
}

/// The TLS failure inside an error. An I/O error hides the one that it wraps from `source`.
fn tls<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => tls(inner),
        None => tls(error.source()?),
    }
}

/// Where the way through a proxy ends, it is the proxy that people have to look at.
fn by_name(cause: String) -> String {
    match cause.strip_prefix("tunnel error: ") {
        Some("failed to create underlying connection") => "the proxy did not answer".to_owned(),
        Some("unsuccessful") => "the proxy refused to lead there".to_owned(),
        Some(other) => format!("the proxy: {other}"),
        None => cause,
    }
}

/// An error with its causes, without the address that it happened at.
fn told(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = by_name(cause.to_string());
        if !text.ends_with(&cause_text) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    if text.is_empty() {
        text = "the exchange broke off".to_owned();
    }
    text
}

/// `Retry-After` in seconds; a date is not honored.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    seconds.parse().ok().map(Duration::from_secs)
}

/// Whether a status sends one on.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}
