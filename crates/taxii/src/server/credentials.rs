//! Who asks: HTTP Basic (RFC 7617) and Bearer (RFC 6750). What was verified lately costs no slow hash, nor do peers' tokens and secrets
//! that were generated. The rest waits its turn, so that guesses cannot fill the machine; and whoever guesses is told to come later.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ConnectInfo;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderMap, header};
use node::access::{Access, Credentials};

use super::reply::Failure;
use super::{Host, Server};
use crate::problem::Problem;

/// The access of a request.
pub(super) async fn access<H: Host>(
    server: &Server<H>,
    parts: &Parts,
) -> Result<Arc<Access>, Failure> {
    let Some(shown) = shown(&parts.headers) else {
        return Err(Problem::unauthorized().into());
    };
    if let Some(access) = server.host.recall(&shown) {
        return Ok(access);
    }
    let shown = Arc::new(shown);
    if let Some(access) = verified(server, &shown, H::verify_quickly).await? {
        return Ok(access);
    }
    let Some(name) = shown.name() else {
        return Err(Problem::unauthorized().into());
    };
    let from = parts
        .extensions
        .get()
        .map(|ConnectInfo(from): &ConnectInfo<SocketAddr>| from.ip());
    let tried = (server.host.begin_try(name, from)).map_err(Failure::Patience)?;
    let _turn = server.shared.checks.acquire().await;
    let access = verified(server, &shown, H::verify).await?;
    tried.ended(access.is_some(), server.host.now());
    access.ok_or_else(|| Problem::unauthorized().into())
}

/// What a way to verify credentials comes to.
async fn verified<H: Host>(
    server: &Server<H>,
    shown: &Arc<Credentials>,
    by: impl FnOnce(&H, &Credentials) -> anyhow::Result<Option<Arc<Access>>> + Send + 'static,
) -> Result<Option<Arc<Access>>, Failure> {
    let (host, shown) = (server.host.clone(), Arc::clone(shown));
    let verified = tokio::task::spawn_blocking(move || by(&host, &shown)).await;
    Ok(verified.map_err(anyhow::Error::new)??)
}

/// The credentials that a request shows; `None` when there are none that can be read, or several.
pub fn shown(headers: &HeaderMap) -> Option<Credentials> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, rest) = value.to_str().ok()?.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return (!rest.is_empty()).then(|| Credentials::Bearer(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    let (name, secret) = text.split_once(':')?;
    Some(Credentials::Basic {
        name: name.to_owned(),
        secret: secret.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_read_as_http_writes_them() {
        let basic = |name: &str, secret: &str| {
            Some(Credentials::Basic {
                name: name.to_owned(),
                secret: secret.to_owned(),
            })
        };
        for (values, expected) in [
            (vec![], None),
            (vec!["Basic dTpw"], basic("u", "p")),
            (vec!["bAsIc   dTpw "], basic("u", "p")),
            (vec!["Basic dTpwOng="], basic("u", "p:x")),
            (vec!["Basic dTrDqQ=="], basic("u", "é")),
            (vec!["Basic Og=="], basic("", "")),
            (vec!["Basic dQ=="], None),
            (vec!["Basic !!!"], None),
            (vec!["Basic"], None),
            (vec!["Bearer t"], Some(Credentials::Bearer("t".to_owned()))),
            (vec!["BEARER t"], Some(Credentials::Bearer("t".to_owned()))),
            (vec!["Bearer "], None),
            (vec!["Digest x"], None),
            (vec!["Bearer a", "Bearer b"], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in &values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            assert_eq!(shown(&headers), expected, "{values:?}");
        }
    }
}
