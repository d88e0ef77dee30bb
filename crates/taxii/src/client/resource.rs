//! What servers say of themselves and of what they hold, read leniently: a count may be a text, a flag too, and what is
//! missing is missing.

use reqwest::Url;
use serde_json::Value;

use super::answer::{Answer, clean};
use super::below;
use super::error::Error;

/// A server's front door (TAXII 2.1 §4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// What it calls itself.
    pub title: Option<String>,
    /// The root to use when one has no reason for another.
    pub default: Option<String>,
    /// Its API roots, absolute or relative.
    pub api_roots: Vec<String>,
}

/// An API root (§4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRoot {
    /// Where it is.
    pub url: Url,
    /// What it calls itself.
    pub title: Option<String>,
    /// Largest body that it takes, in bytes.
    pub max_content_length: Option<u64>,
}

/// A collection (§5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Where it is.
    pub url: Url,
    /// Its id.
    pub id: String,
    /// A second name.
    pub alias: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// Whether we may take from it.
    pub can_read: bool,
    /// Whether we may add to it.
    pub can_write: bool,
}

/// A page of what a collection holds, without the objects (§5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its lines.
    pub entries: Vec<Entry>,
    /// Whether the server has more.
    pub more: bool,
}

/// A line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The object.
    pub id: String,
    /// When this version of it came into the collection, as the server writes it.
    pub date_added: Option<String>,
    /// The version, as the server writes it.
    pub version: Option<String>,
}

impl Discovery {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        let value = answer.json()?;
        Ok(Self {
            title: words(&value, "title"),
            default: text(&value, "default").map(str::to_owned),
            api_roots: texts(&value, "api_roots"),
        })
    }

    /// The root to begin with: the default, else the only one or the first.
    pub fn first_root(&self) -> Option<&str> {
        self.default
            .as_deref()
            .or_else(|| self.api_roots.first().map(String::as_str))
    }
}

impl ApiRoot {
    pub(super) fn read(answer: &Answer, url: Url) -> Result<Self, Error> {
        let value = answer.json()?;
        let versions = texts(&value, "versions");
        let ours = |version: &String| version == "taxii-2.1" || crate::media::is_taxii(version);
        if !versions.is_empty() && !versions.iter().any(ours) {
            return Err(Error::NotTaxii {
                found: format!("an API root of {}", clean(&versions.join(", "))),
            });
        }
        Ok(Self {
            url,
            title: words(&value, "title"),
            max_content_length: count(&value, "max_content_length").filter(|length| *length > 0),
        })
    }
}

impl Collection {
    pub(super) fn read(answer: &Answer, url: Url) -> Result<Self, Error> {
        Self::of(&answer.json()?, url)
            .ok_or_else(|| Error::unreadable("a collection without an id"))
    }

    fn of(value: &Value, url: Url) -> Option<Self> {
        Some(Self {
            url,
            id: text(value, "id")?.to_owned(),
            alias: words(value, "alias"),
            title: words(value, "title"),
            can_read: flag(value, "can_read").unwrap_or(true),
            can_write: flag(value, "can_write").unwrap_or(true),
        })
    }
}

/// The collections of a listing, without those that cannot be named in an address.
pub(super) fn collections(answer: &Answer, listing: &Url) -> Result<Vec<Collection>, Error> {
    let value = answer.json()?;
    let each = list(&value, "collections").filter_map(|one| {
        let url = below(listing, &[text(one, "id")?]).ok()?;
        Collection::of(one, url)
    });
    Ok(each.collect())
}

/// The lines of a manifest that name an object.
pub(super) fn manifest(answer: &Answer) -> Result<Manifest, Error> {
    let value = answer.json()?;
    let entries = list(&value, "objects").filter_map(|one| {
        Some(Entry {
            id: text(one, "id")?.to_owned(),
            date_added: text(one, "date_added").map(str::to_owned),
            version: text(one, "version").map(str::to_owned),
        })
    });
    Ok(Manifest {
        entries: entries.collect(),
        more: flag(&value, "more").unwrap_or(false),
    })
}

/// The versions of an object.
pub(super) fn versions(answer: &Answer) -> Result<Vec<String>, Error> {
    Ok(texts(&answer.json()?, "versions"))
}

pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

pub(super) fn words(value: &Value, key: &str) -> Option<String> {
    text(value, key).map(clean)
}

pub(super) fn count(value: &Value, key: &str) -> Option<u64> {
    let value = value.get(key)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

pub(super) fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    list(value, key)
        .filter_map(|one| one.as_str().map(str::to_owned))
        .collect()
}

fn flag(value: &Value, key: &str) -> Option<bool> {
    let value = value.get(key)?;
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}
