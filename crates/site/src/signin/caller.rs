//! Where a request comes from: address, browser, scheme. Invariant: what a proxy says is believed only of a proxy on this machine.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use axum::http::header::{HOST, USER_AGENT};
use node::Node;

/// The connection speaks TLS. Put among a request's extensions by whoever listens.
#[derive(Debug, Clone, Copy)]
pub struct OverTls;

/// What something in front of the node adds: behind it every caller has the address of this machine.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "via",
    "x-forwarded-host",
];

/// Who calls, as far as the connection says.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The address, or the one that a proxy on this machine names.
    pub(crate) from: IpAddr,
    /// Whether it is this machine itself, not something that came through it.
    pub(crate) local: bool,
    /// Whether the browser sees TLS.
    pub(crate) secure: bool,
    /// The host that was asked for, with its port.
    pub(crate) host: String,
    agent: String,
}

impl Caller {
    pub(crate) fn of(request: &Request, node: &Node) -> Self {
        let headers = request.headers();
        let connected = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let socket = connected.map(|ConnectInfo(from)| from.ip().to_canonical());
        let here = socket.is_some_and(|from| from.is_loopback());
        let forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
        let named = here.then(|| last_forwarded(headers)).flatten();
        let authority = request.uri().authority().map(|at| at.as_str().to_owned());
        let host = authority.or_else(|| text(headers, HOST.as_str()));
        let host = host.unwrap_or_default();
        let over_tls = request.extensions().get::<OverTls>().is_some();
        let address = node.config().address.as_deref();
        let before = address
            .and_then(|address| address.strip_prefix("https://"))
            .is_some_and(|own| own.trim_end_matches('/').eq_ignore_ascii_case(&host));
        Self {
            from: named.or(socket).unwrap_or(Ipv4Addr::UNSPECIFIED.into()),
            local: here && !forwarded,
            secure: over_tls || (forwarded && before),
            host,
            agent: text(headers, USER_AGENT.as_str()).unwrap_or_default(),
        }
    }

    /// In words that its owner will recognize.
    pub(crate) fn origin(&self) -> String {
        let known = |names: &[(&str, &'static str)]| {
            let found = names.iter().find(|(mark, _)| self.agent.contains(mark));
            found.map(|(_, name)| *name)
        };
        let browser = known(&[
            ("Firefox/", "Firefox"),
            ("Edg/", "Edge"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = known(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]);
        let mut words = vec![self.from.to_string()];
        words.extend(browser.into_iter().chain(system).map(str::to_owned));
        words.join(", ")
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

/// The last address that was added: by the proxy that spoke to us.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let mut all = headers.get_all("x-forwarded-for").iter();
    let last = all.next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}
