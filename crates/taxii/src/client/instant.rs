//! What a manifest can still tell where a server's pages do not: when an object was added, and what else was added at
//! the same instant.

use std::collections::HashSet;

use reqwest::Url;
use stix::{Limits, Timestamp};

use super::Client;
use super::page::{Ask, Page};
use super::pull::earlier;
use super::resource::Manifest;
use super::{below, page};

/// Most objects that are asked for one by one.
const ONE_BY_ONE: usize = 1_000;

/// When the last object of a page was added, by the manifest.
pub(super) async fn of_last(client: &Client, collection: &Url, page: &Page) -> Option<String> {
    let (id, version) = name(page.objects().next_back()?)?;
    let ask = Ask {
        ids: vec![id.clone()],
        ..Ask::default()
    };
    let manifest = client.manifest_at(collection, &ask, None).await.ok()?;
    let mut same = manifest
        .entries
        .into_iter()
        .filter(|entry| entry.id == id && is_same(entry.version.as_deref(), version.as_deref()));
    same.find_map(|entry| entry.date_added)
}

/// What the page of one instant did not bring.
pub(super) struct Rest {
    /// What could be had.
    pub(super) pages: Vec<Page>,
    /// Whether that is all, by the manifest.
    pub(super) proved: bool,
}

/// Asks for every object that the manifest names for `instant` and `page` lacks.
pub(super) async fn rest(
    client: &Client,
    collection: &Url,
    ask: &Ask,
    instant: &str,
    page: &Page,
) -> Rest {
    let mut rest = Rest {
        pages: Vec::new(),
        proved: false,
    };
    let before = earlier(instant, 1);
    let widest = Ask {
        limit: client.limits.widest_page,
        ..ask.clone()
    };
    let Ok(manifest) = client.manifest_at(collection, &widest, Some(&before)).await else {
        return rest;
    };
    let had: HashSet<String> = page.objects().filter_map(name).map(|(id, _)| id).collect();
    let mut asked = HashSet::new();
    let mut whole = reaches_beyond(&manifest, instant);
    for entry in manifest.entries {
        let same = entry
            .date_added
            .as_deref()
            .is_some_and(|date| is_same(Some(date), Some(instant)));
        if !same || had.contains(&entry.id) || !asked.insert(entry.id.clone()) {
            continue;
        }
        if asked.len() > ONE_BY_ONE {
            whole = false;
            break;
        }
        match object(client, collection, &entry.id, ask).await {
            Ok(page) => rest.pages.push(page),
            Err(_) => whole = false,
        }
    }
    rest.proved = whole;
    rest
}

async fn object(
    client: &Client,
    collection: &Url,
    id: &str,
    ask: &Ask,
) -> Result<Page, super::Error> {
    let mut url = below(collection, &["objects", id])?;
    Ask {
        versions: ask.versions.clone(),
        limit: 0,
        ..Ask::default()
    }
    .write_to(&mut url);
    page::read(&client.get(url).await?, &client.limits)
}

/// Whether a manifest shows everything of an instant: it ends, or goes on to a later one.
fn reaches_beyond(manifest: &Manifest, instant: &str) -> bool {
    let last = manifest
        .entries
        .last()
        .and_then(|entry| entry.date_added.as_deref());
    !manifest.more || last.is_some_and(|date| !is_same(Some(date), Some(instant)))
}

/// An object's id and version.
fn name(object: &[u8]) -> Option<(String, Option<String>)> {
    let object = stix::check(object, &Limits::default()).ok()?;
    let header = object.header();
    let version = header.version().map(|version| version.as_str().to_owned());
    Some((header.id.to_string(), version))
}

/// One instant, however spelt; what one side leaves out is not held against the other.
fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return true;
    };
    one == other
        || matches!((Timestamp::parse(one), Timestamp::parse(other)), (Ok(a), Ok(b)) if a == b)
}
