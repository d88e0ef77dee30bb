//! From a path to an endpoint. Each address works with and without its last slash; whatever is none is no endpoint,
//! whatever its form.

use http::Method;

/// A place that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Endpoint {
    Discovery,
    Root,
    Status(String),
    Collections,
    Collection(String),
    Manifest(String),
    Objects(String),
    Object(String, String),
    Versions(String, String),
}

impl Endpoint {
    /// Reads the path of a request.
    pub(super) fn of(path: &str) -> Option<Self> {
        let path = path.strip_prefix("/taxii2")?;
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.is_empty() {
            return Some(Self::Discovery);
        }
        let mut segments = path.strip_prefix('/')?.split('/');
        let mut next = || segments.next();
        if next()? != "root" {
            return None;
        }
        let endpoint = match (next(), next(), next(), next(), next()) {
            (None, ..) => Self::Root,
            (Some("status"), Some(id), None, ..) => Self::Status(decode(id)?),
            (Some("collections"), None, ..) => Self::Collections,
            (Some("collections"), Some(c), None, ..) => Self::Collection(decode(c)?),
            (Some("collections"), Some(c), Some("manifest"), None, _) => Self::Manifest(decode(c)?),
            (Some("collections"), Some(c), Some("objects"), None, _) => Self::Objects(decode(c)?),
            (Some("collections"), Some(c), Some("objects"), Some(o), None) => {
                Self::Object(decode(c)?, decode(o)?)
            }
            (Some("collections"), Some(c), Some("objects"), Some(o), Some("versions"))
                if next().is_none() =>
            {
                Self::Versions(decode(c)?, decode(o)?)
            }
            _ => return None,
        };
        Some(endpoint)
    }

    /// The methods that it has, as `Allow` lists them.
    pub(super) fn allow(&self) -> &'static str {
        match self {
            Self::Objects(_) => "GET, HEAD, OPTIONS, POST",
            Self::Object(..) => "DELETE, GET, HEAD, OPTIONS",
            _ => "GET, HEAD, OPTIONS",
        }
    }

    /// Whether it has this method.
    pub(super) fn has(&self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => true,
            Method::POST => matches!(self, Self::Objects(_)),
            Method::DELETE => matches!(self, Self::Object(..)),
            _ => false,
        }
    }

    /// Its name in log lines: no id, no collection.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Root => "api-root",
            Self::Status(_) => "status",
            Self::Collections => "collections",
            Self::Collection(_) => "collection",
            Self::Manifest(_) => "manifest",
            Self::Objects(_) => "objects",
            Self::Object(..) => "object",
            Self::Versions(..) => "versions",
        }
    }
}

/// A segment with its percent signs undone; `None` when it names nothing that could exist.
fn decode(segment: &str) -> Option<String> {
    if segment.is_empty() {
        return None;
    }
    if !segment.contains('%') {
        return Some(segment.to_owned());
    }
    crate::query::decode(&segment.replace('+', "%2B")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_endpoints_with_and_without_their_last_slash() {
        let text = str::to_owned;
        for (path, expected) in [
            ("/taxii2", Some(Endpoint::Discovery)),
            ("/taxii2/", Some(Endpoint::Discovery)),
            ("/taxii2/root", Some(Endpoint::Root)),
            ("/taxii2/root/", Some(Endpoint::Root)),
            ("/taxii2/root/status/s/", Some(Endpoint::Status(text("s")))),
            ("/taxii2/root/collections/", Some(Endpoint::Collections)),
            (
                "/taxii2/root/collections/a%20b",
                Some(Endpoint::Collection(text("a b"))),
            ),
            (
                "/taxii2/root/collections/a+b",
                Some(Endpoint::Collection(text("a+b"))),
            ),
            (
                "/taxii2/root/collections/a/manifest/",
                Some(Endpoint::Manifest(text("a"))),
            ),
            (
                "/taxii2/root/collections/a/objects",
                Some(Endpoint::Objects(text("a"))),
            ),
            (
                "/taxii2/root/collections/a/objects/o/",
                Some(Endpoint::Object(text("a"), text("o"))),
            ),
            (
                "/taxii2/root/collections/a/objects/o/versions/",
                Some(Endpoint::Versions(text("a"), text("o"))),
            ),
            ("/taxii2/root/collections/a/objects/o/versions/x/", None),
            ("/taxii2/root/collections/a/objects/o/x/", None),
            ("/taxii2/root/collections//objects/", None),
            ("/taxii2/root/collections/%ff/", None),
            ("/taxii2/root/collections/%zz/", None),
            ("/taxii2/root//", None),
            ("/taxii2//", None),
            ("/taxii2/other/", None),
            ("/taxii2/root/status/", None),
            ("/taxii2x/", None),
        ] {
            assert_eq!(Endpoint::of(path), expected, "{path}");
        }
    }
}
