//! Who asks: HTTP Basic (RFC 7617) and Bearer (RFC 6750). What was verified lately costs no slow hash; what was not
//! waits its turn, so that guesses cannot fill the machine.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use node::access::{Access, Credentials};

use super::reply::Failure;
use super::{Host, Server};
use crate::problem::Problem;

/// The access of a request.
pub(super) async fn access<H: Host>(
    server: &Server<H>,
    headers: &HeaderMap,
) -> Result<Arc<Access>, Failure> {
    let Some(shown) = shown(headers) else {
        return Err(Problem::unauthorized().into());
    };
    if let Some(access) = server.host.recall(&shown) {
        return Ok(access);
    }
    let _turn = server.shared.checks.acquire().await;
    let host = server.host.clone();
    let verified = tokio::task::spawn_blocking(move || host.verify(&shown)).await;
    match verified {
        Ok(Ok(Some(access))) => Ok(access),
        Ok(Ok(None)) => Err(Problem::unauthorized().into()),
        Ok(Err(error)) => Err(error.into()),
        Err(error) => Err(anyhow::Error::new(error).into()),
    }
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
