//! The TAXII 2.1 client: what one server has, taken page by page, and what it is given.
//!
//! Invariants: no byte is read beyond its limit, no request leaves the configured origin, and objects are handed on as
//! the slices that arrived. It decides nothing about them.

mod answer;
mod delivery;
mod error;
mod instant;
mod page;
mod pull;
mod resource;
mod settings;
mod status;
mod transport;
mod trust;

pub use delivery::{Delivery, Fate, Line};
pub use error::{Error, Refusal, Retry};
pub use page::{Ask, Page};
pub use pull::{Complaint, Cursor, Pull};
pub use resource::{ApiRoot, Collection, Discovery, Entry, Manifest};
pub use settings::{Credentials, Identity, Limits, Settings, SettingsError};
pub use status::{Detail, Status};
pub use trust::{Trust, pin_of};

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use node::clock::Clock;
use reqwest::Url;

use answer::Answer;
use transport::Transport;

/// A way to one server. Cheap to keep; it holds its connections open between requests.
pub struct Client {
    transport: Transport,
    limits: Limits,
    clock: Arc<dyn Clock>,
}

impl Client {
    /// Prepares the way; nothing is sent yet.
    ///
    /// # Errors
    /// What in the settings cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(Self {
            transport: Transport::new(settings)?,
            limits: settings.limits.clone(),
            clock: Arc::clone(&settings.clock),
        })
    }

    /// The address that was configured.
    pub fn address(&self) -> &Url {
        self.transport.home()
    }

    /// Asks the configured address what API roots there are.
    pub async fn discovery(&self) -> Result<Discovery, Error> {
        let answer = self.resource(self.address().clone()).await?;
        Discovery::read(&answer)
    }

    /// What an API root says of itself. `address` is one of [`Discovery::api_roots`], absolute or relative.
    pub async fn api_root(&self, address: &str) -> Result<ApiRoot, Error> {
        let url = self.transport.at(self.address(), address)?;
        let answer = self.resource(with_slash(url.clone())).await?;
        ApiRoot::read(&answer, with_slash(url))
    }

    /// The collections that these credentials see.
    pub async fn collections(&self, root: &ApiRoot) -> Result<Vec<Collection>, Error> {
        let url = below(&root.url, &["collections"])?;
        let answer = self.resource(url.clone()).await?;
        resource::collections(&answer, &url)
    }

    /// One collection by its id or alias.
    pub async fn collection(&self, root: &ApiRoot, name: &str) -> Result<Collection, Error> {
        let url = below(&root.url, &["collections", name])?;
        let answer = self.resource(url.clone()).await?;
        Collection::read(&answer, url)
    }

    /// Starts or goes on with taking what a collection has.
    pub fn pull(&self, collection: &Collection, ask: Ask, from: Cursor) -> Pull<'_> {
        Pull::new(self, collection.url.clone(), ask, from)
    }

    /// The versions of one object that `ask` lets through, in one page.
    pub async fn object(
        &self,
        collection: &Collection,
        id: &str,
        ask: &Ask,
    ) -> Result<Page, Error> {
        let mut url = below(&collection.url, &["objects", id])?;
        ask.write_to(&mut url);
        let answer = self.get(url).await?;
        page::read(&answer, &self.limits)
    }

    /// The names of an object's versions, in the order of the server; one page.
    pub async fn versions(&self, collection: &Collection, id: &str) -> Result<Vec<String>, Error> {
        let url = below(&collection.url, &["objects", id, "versions"])?;
        let answer = self.resource(url).await?;
        resource::versions(&answer)
    }

    /// One page of a collection's manifest, after `added_after`.
    pub async fn manifest(
        &self,
        collection: &Collection,
        ask: &Ask,
        added_after: Option<&str>,
    ) -> Result<Manifest, Error> {
        self.manifest_at(&collection.url, ask, added_after).await
    }

    /// Takes every version of an object out of a collection; with `version`, that one.
    pub async fn delete(
        &self,
        collection: &Collection,
        id: &str,
        version: Option<&str>,
    ) -> Result<(), Error> {
        let mut url = below(&collection.url, &["objects", id])?;
        if let Some(version) = version {
            url.query_pairs_mut().append_pair("match[version]", version);
        }
        let small = self.limits.resource_bytes;
        let answer = self
            .transport
            .send(Method::DELETE, url, None, small)
            .await?;
        answer.succeeded()?;
        Ok(())
    }

    /// What became of an earlier addition.
    pub async fn status(&self, root: &ApiRoot, id: &str) -> Result<Status, Error> {
        let answer = self.resource(below(&root.url, &["status", id])?).await?;
        Status::read(&answer)
    }

    /// Gives objects to a collection: as many envelopes as the server's limits ask for, each followed until the server
    /// has decided or `limits.decision` is over. Every object gets its line, whatever happened to its neighbors.
    pub async fn add<'o>(
        &self,
        root: &ApiRoot,
        collection: &Collection,
        objects: impl IntoIterator<Item = &'o [u8]>,
    ) -> Delivery {
        delivery::deliver(self, root, collection, objects.into_iter().collect()).await
    }

    /// A request beside TAXII, to an address on the same origin; the body of its answer.
    pub(crate) async fn call(
        &self,
        method: Method,
        address: &str,
        body: Option<Bytes>,
    ) -> Result<Bytes, Error> {
        let url = self.transport.at(self.address(), address)?;
        let small = self.limits.resource_bytes;
        let answer = self.transport.send(method, url, body, small).await?;
        answer.succeeded()?;
        Ok(answer.body)
    }

    async fn manifest_at(
        &self,
        collection: &Url,
        ask: &Ask,
        added_after: Option<&str>,
    ) -> Result<Manifest, Error> {
        let mut url = below(collection, &["manifest"])?;
        ask.write_to(&mut url);
        if let Some(position) = added_after {
            url.query_pairs_mut().append_pair("added_after", position);
        }
        resource::manifest(&self.get(url).await?)
    }

    async fn post(&self, collection: &Url, envelope: Bytes) -> Result<Status, Error> {
        let url = below(collection, &["objects"])?;
        let small = self.limits.resource_bytes;
        let answer = self
            .transport
            .send(Method::POST, url, Some(envelope), small)
            .await?;
        answer.succeeded()?;
        Status::read(&answer)
    }

    /// A resource that describes something: small.
    async fn resource(&self, url: Url) -> Result<Answer, Error> {
        let answer = self.transport.get(url, self.limits.resource_bytes).await?;
        answer.succeeded()?;
        Ok(answer)
    }

    /// A resource that carries objects or names them: as large as a page may be.
    async fn get(&self, url: Url) -> Result<Answer, Error> {
        let answer = self.transport.get(url, self.limits.page_bytes).await?;
        answer.succeeded()?;
        Ok(answer)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client")
            .field(&self.address().as_str())
            .finish()
    }
}

/// TAXII's addresses end in a slash, and what is below them is relative to that.
fn with_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

/// `base/one/two/`, each segment encoded, so that a name from elsewhere cannot climb out.
fn below(base: &Url, segments: &[&str]) -> Result<Url, Error> {
    let mut url = base.clone();
    url.set_query(None);
    {
        let mut path = url.path_segments_mut().map_err(|()| Error::Elsewhere {
            address: base.to_string(),
        })?;
        path.pop_if_empty();
        for segment in segments {
            if matches!(*segment, "" | "." | "..") {
                return Err(Error::Elsewhere {
                    address: format!("{base}{segment}"),
                });
            }
            path.push(segment);
        }
        path.push("");
    }
    Ok(url)
}
