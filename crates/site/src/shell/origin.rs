//! Whether a form was sent from a page of this site. Invariant: what changes something is never asked for by another site's page.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};

/// Whether a request comes from another site's page and would change something.
///
/// A browser says so itself (Fetch Metadata); an older one names the origin. A program that is no browser sends neither, and has no
/// cookie that anybody could misuse.
pub(crate) fn is_foreign(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = header("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header(ORIGIN.as_str()) else {
        return false;
    };
    let own = uri
        .authority()
        .map(|authority| authority.as_str())
        .or_else(|| header(HOST.as_str()));
    let from = origin.split_once("://").map(|(_, authority)| authority);
    own.is_none() || from != own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_change_something() {
        for (method, headers, foreign) in [
            ("GET", &[("sec-fetch-site", "cross-site")][..], false),
            ("POST", &[("sec-fetch-site", "cross-site")], true),
            ("POST", &[("sec-fetch-site", "same-site")], true),
            ("POST", &[("sec-fetch-site", "same-origin")], false),
            ("POST", &[("sec-fetch-site", "none")], false),
            ("DELETE", &[("sec-fetch-site", "cross-site")], true),
            ("POST", &[], false),
            (
                "POST",
                &[
                    ("host", "node.test:7117"),
                    ("origin", "http://node.test:7117"),
                ],
                false,
            ),
            (
                "POST",
                &[("host", "node.test:7117"), ("origin", "http://node.test")],
                true,
            ),
            ("POST", &[("host", "node.test"), ("origin", "null")], true),
            (
                "POST",
                &[
                    ("host", "node.test"),
                    ("origin", "http://node.test.evil.test"),
                ],
                true,
            ),
            ("POST", &[("origin", "http://node.test")], true),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap());
            }
            let method = method.parse().unwrap();
            let uri = Uri::from_static("/peers");
            assert_eq!(
                is_foreign(&method, &uri, &map),
                foreign,
                "{method} {headers:?}"
            );
        }
    }
}
