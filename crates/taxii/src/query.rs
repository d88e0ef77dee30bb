//! The filters in a request's address (TAXII 2.1 §3.4): read once, strictly, into what the node understands.
//!
//! A malformed parameter is an error with its name; unknown ones are ignored. `next` is opaque to clients:
//! a position and the digest of the filters it belongs to, authenticated, so that the same token gives the same
//! page on any process, also after a restart.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use stix::{ObjectId, Timestamp};

/// The largest page; a larger `limit` is capped, not refused.
pub const MOST: usize = 1_000;

/// What a client may ask of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Objects and manifest of a collection: every filter.
    Collection,
    /// One object: versions and specification versions.
    Object,
    /// The versions of one object: specification versions.
    Versions,
}

/// The filters of one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Objects added after this position, in microseconds.
    pub added_after: Option<i64>,
    /// The page size that was asked for, capped at [`MOST`].
    pub limit: Option<usize>,
    /// The token of the page before.
    pub next: Option<String>,
    /// `match[id]`.
    pub ids: Vec<ObjectId>,
    /// `match[type]`.
    pub kinds: Vec<String>,
    /// `match[version]`.
    pub versions: Vec<Version>,
    /// `match[spec_version]`.
    pub specifications: Vec<String>,
    /// An id that cannot exist was asked for: nothing can match it.
    pub impossible: bool,
}

/// One value of `match[version]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Version {
    /// The newest that the viewer may see.
    Last,
    /// The oldest that the viewer may see.
    First,
    /// Every one.
    All,
    /// The one of this instant.
    At(Timestamp),
}

/// What is wrong with an address.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A parameter's value is not of its form.
    #[error("{parameter} must be {expected}")]
    Malformed {
        /// The parameter.
        parameter: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A parameter stands twice, which TAXII forbids.
    #[error("{0} is given twice; separate several values by commas")]
    Twice(&'static str),
    /// `all` beside another keyword.
    #[error("match[version]=all stands alone")]
    AllAndMore,
    /// `next` is not one of ours, is damaged, or belongs to other filters.
    #[error("next is not a token of this query; start again without it")]
    Next,
    /// The address is not percent-encoded UTF-8.
    #[error("the query is not valid percent-encoded UTF-8")]
    Encoding,
}

impl Filters {
    /// Reads the part of an address after `?`.
    pub fn parse(query: &str, scope: Scope) -> Result<Self, Error> {
        let mut filters = Self::default();
        let mut seen: Vec<&'static str> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            let Some(known) = known(&name, scope) else {
                continue;
            };
            if seen.contains(&known) {
                return Err(Error::Twice(known));
            }
            seen.push(known);
            filters.set(known, &value)?;
        }
        Ok(filters)
    }

    fn set(&mut self, parameter: &'static str, value: &str) -> Result<(), Error> {
        let malformed = |expected| Error::Malformed {
            parameter,
            expected,
        };
        match parameter {
            "added_after" => {
                let at = Timestamp::parse(value)
                    .map_err(|_| malformed("a timestamp such as 2026-01-31T12:00:00.000000Z"))?;
                self.added_after = Some(at.micros());
            }
            "limit" => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let positive = value.bytes().any(|byte| byte != b'0');
                if !digits || !positive {
                    return Err(malformed("a positive integer"));
                }
                self.limit = Some(value.parse().unwrap_or(MOST).min(MOST));
            }
            "next" if value.is_empty() => return Err(Error::Next),
            "next" => self.next = Some(value.to_owned()),
            "match[id]" => {
                for id in
                    list(value).ok_or_else(|| malformed("one or more ids, separated by commas"))?
                {
                    match ObjectId::parse(id) {
                        Ok(id) => self.ids.push(id),
                        Err(_) => self.impossible = true,
                    }
                }
                self.impossible &= self.ids.is_empty();
            }
            "match[type]" => {
                let kinds = list(value)
                    .ok_or_else(|| malformed("one or more types, separated by commas"))?;
                self.kinds = kinds.into_iter().map(str::to_owned).collect();
            }
            "match[spec_version]" => {
                let versions = list(value).ok_or_else(|| malformed("2.0, 2.1 or both"))?;
                self.specifications = versions.into_iter().map(str::to_owned).collect();
            }
            _ => {
                let expected = "first, last, all or timestamps, separated by commas";
                for value in list(value).ok_or_else(|| malformed(expected))? {
                    self.versions.push(match value {
                        "last" => Version::Last,
                        "first" => Version::First,
                        "all" => Version::All,
                        at => Version::At(Timestamp::parse(at).map_err(|_| malformed(expected))?),
                    });
                }
                if self.versions.contains(&Version::All) && self.versions.len() > 1 {
                    return Err(Error::AllAndMore);
                }
            }
        }
        Ok(())
    }

    /// What ties a `next` token to this query: the place and everything but the position and the page size.
    fn digest(&self, place: &str) -> [u8; 8] {
        let mut hash = Sha256::new();
        hash.update(place);
        hash.update("\n");
        hash.update(self.to_string());
        let mut digest = [0; 8];
        digest.copy_from_slice(&hash.finalize()[..8]);
        digest
    }
}

impl fmt::Display for Filters {
    /// The filters that decide what is given, not from where and how much at a time; each in one spelling.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions = self.versions.iter().map(|version| match version {
            Version::Last => Cow::Borrowed("last"),
            Version::First => Cow::Borrowed("first"),
            Version::All => Cow::Borrowed("all"),
            Version::At(instant) => Cow::Owned(format!("{}Z", instant.sortable())),
        });
        let ids = self.ids.iter().map(|id| Cow::Borrowed(id.as_str()));
        let kinds = self.kinds.iter().map(|kind| Cow::Borrowed(kind.as_str()));
        let specifications = self.specifications.iter();
        let parts: [(&str, Vec<Cow<'_, str>>); 4] = [
            ("match[id]", ids.collect()),
            ("match[type]", kinds.collect()),
            ("match[version]", versions.collect()),
            (
                "match[spec_version]",
                specifications
                    .map(|one| Cow::Borrowed(one.as_str()))
                    .collect(),
            ),
        ];
        let mut separator = "";
        for (name, values) in parts {
            if !values.is_empty() {
                write!(f, "{separator}{name}={}", values.join(","))?;
                separator = "&";
            }
        }
        Ok(())
    }
}

/// Makes and reads `next` tokens under a key that all processes of a node share.
#[derive(Clone)]
pub struct Tokens {
    key: [u8; 32],
}

impl Tokens {
    /// Tokens under `key`.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The token that continues `filters` at `place` after `position`.
    pub fn seal(&self, filters: &Filters, place: &str, position: i64) -> String {
        let mut token = Vec::with_capacity(32);
        token.extend_from_slice(&position.to_be_bytes());
        token.extend_from_slice(&filters.digest(place));
        let tag = self.tag(&token);
        token.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The position of a token, if we made it for this query.
    pub fn open(&self, filters: &Filters, place: &str, token: &str) -> Result<i64, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::Next)?;
        let (body, tag) = bytes.split_at_checked(16).ok_or(Error::Next)?;
        let (position, digest) = body.split_at(8);
        if !same(tag, &self.tag(body)) || digest != filters.digest(place) {
            return Err(Error::Next);
        }
        Ok(i64::from_be_bytes(
            position.try_into().map_err(|_| Error::Next)?,
        ))
    }

    /// A keyed tag: SHA-256 with the key on both sides of a fixed-length body.
    fn tag(&self, body: &[u8]) -> [u8; 16] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(body);
        hash.update(self.key);
        let mut tag = [0; 16];
        tag.copy_from_slice(&hash.finalize()[..16]);
        tag
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// Compares in a time that does not tell where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn known(name: &str, scope: Scope) -> Option<&'static str> {
    let names: &[&'static str] = match scope {
        Scope::Collection => &[
            "added_after",
            "limit",
            "next",
            "match[id]",
            "match[type]",
            "match[version]",
            "match[spec_version]",
        ],
        Scope::Object => &[
            "added_after",
            "limit",
            "next",
            "match[version]",
            "match[spec_version]",
        ],
        Scope::Versions => &["added_after", "limit", "next", "match[spec_version]"],
    };
    names.iter().find(|known| **known == name).copied()
}

/// The values between commas; `None` when one is empty.
fn list(value: &str) -> Option<Vec<&str>> {
    let values: Vec<_> = value.split(',').map(str::trim).collect();
    values
        .iter()
        .all(|value| !value.is_empty())
        .then_some(values)
}

/// Undoes percent signs, and `+` for a blank.
pub(crate) fn decode(text: &str) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|d| char::from(d).to_digit(16));
                let (Some(high), Some(low)) = (digit(), digit()) else {
                    return Err(Error::Encoding);
                };
                u8::try_from(high * 16 + low).map_err(|_| Error::Encoding)?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| Error::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Filters, Error> {
        Filters::parse(query, Scope::Collection)
    }

    #[test]
    fn malformed_parameters_are_named() {
        for query in [
            "limit=0",
            "limit=-1",
            "limit=ten",
            "limit=",
            "limit=1.5",
            "added_after=",
            "added_after=yesterday",
            "match[version]=newest",
            "match[version]=",
            "match[version]=all,last",
            "match[id]=",
            "match[type]=a,,b",
            "limit=1&limit=2",
            "match%5Btype%5D=a&match[type]=b",
            "next=",
            "limit=%f",
            "match[type]=%ff",
        ] {
            assert!(parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn well_formed_filters_are_read() {
        let read = parse("match%5Bid%5D=tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f,nonsense&limit=7&unknown=1&match[foo]=2")
            .unwrap();
        assert_eq!(
            (read.ids.len(), read.impossible, read.limit),
            (1, false, Some(7))
        );
        assert!(parse("match[id]=nonsense").unwrap().impossible);
        assert_eq!(
            parse("limit=99999999999999999999999999").unwrap().limit,
            Some(MOST)
        );
        assert_eq!(
            parse("match[version]=first,2020-01-01T00:00:00.1Z")
                .unwrap()
                .versions,
            [
                Version::First,
                Version::At(Timestamp::parse("2020-01-01T00:00:00.100Z").unwrap())
            ]
        );
        assert_eq!(
            parse("added_after=1970-01-01T00:00:01.000001Z")
                .unwrap()
                .added_after,
            Some(1_000_001)
        );
        assert_eq!(
            Filters::parse("match[type]=x", Scope::Object).unwrap(),
            Filters::default()
        );
    }

    #[test]
    fn a_token_serves_its_own_query_only() {
        let tokens = Tokens::new([7; 32]);
        let filters = parse("match[type]=tool&limit=5").unwrap();
        let token = tokens.seal(&filters, "c/objects", 42);
        assert_eq!(tokens.open(&filters, "c/objects", &token), Ok(42));
        let other_size = parse("match[type]=tool&limit=9").unwrap();
        assert_eq!(
            tokens.open(&other_size, "c/objects", &token),
            Ok(42),
            "the page size may change"
        );
        for (filters, place, token) in [
            (
                parse("match[type]=malware").unwrap(),
                "c/objects",
                token.clone(),
            ),
            (filters.clone(), "d/objects", token.clone()),
            (
                filters.clone(),
                "c/objects",
                token.replace(&token[..1], if token.starts_with('B') { "C" } else { "B" }),
            ),
            (filters.clone(), "c/objects", String::new()),
            (filters.clone(), "c/objects", "AAAA".to_owned()),
        ] {
            assert_eq!(tokens.open(&filters, place, &token), Err(Error::Next));
        }
        assert_eq!(
            Tokens::new([8; 32]).open(&filters, "c/objects", &token),
            Err(Error::Next)
        );
    }
}
