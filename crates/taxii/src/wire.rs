//! The way to peers: what the exchange of a node asks for, said in TAXII and in the few requests that TAXII has no words for.
//!
//! Invariant: a peer is reached at the address and by the key of its introduction and by nothing else that it says; what it says is
//! handed on as it came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Method, StatusCode};
use node::clock::Clock;
use node::peers::fault::{Fault, Told};
use node::peers::wire::{Answer, Batch, Destination, Head, Shelf, Wire};
use serde::{Deserialize, Serialize};
use stix::ObjectId;
use tokio::sync::OnceCell;

use crate::client::{
    ApiRoot, Ask, Client, Collection, Complaint, Credentials, Cursor, Error, Settings, Trust,
};
use crate::server::ROOT;

/// Where a node is told to look.
pub(crate) const POKE: &str = "/entente/poke";
/// Where a node shows the head of its log.
pub(crate) const HEAD: &str = "/entente/checkpoint";
/// Where a node takes a peer's cosignature.
pub(crate) const COSIGNED: &str = "/entente/cosignature";

/// A head of a log in JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The signed checkpoint; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Hashes in hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<String>,
}

/// Ways to peers, each kept as long as its token is the same.
pub struct Peers {
    proxy: Option<String>,
    clock: Arc<dyn Clock>,
    ways: Mutex<HashMap<ObjectId, Arc<Way>>>,
}

struct Way {
    to: Destination,
    client: Client,
    root: OnceCell<ApiRoot>,
    collections: Mutex<HashMap<String, Collection>>,
}

impl Peers {
    /// Prepares; nothing is sent. `proxy` is that of the configuration.
    pub fn new(proxy: Option<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            proxy,
            clock,
            ways: Mutex::default(),
        }
    }

    fn way(&self, to: &Destination) -> Result<Arc<Way>> {
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = ways.get(&to.participant)
            && way.to == *to
        {
            return Ok(Arc::clone(way));
        }
        let client = Client::new(&Settings {
            credentials: Credentials::Bearer(to.token.clone()),
            trust: Trust::Pinned(vec![to.pin]),
            proxy: self.proxy.clone(),
            clock: Arc::clone(&self.clock),
            ..Settings::new(to.address.clone())
        })?;
        let way = Arc::new(Way {
            to: to.clone(),
            client,
            root: OnceCell::new(),
            collections: Mutex::default(),
        });
        ways.insert(to.participant.clone(), Arc::clone(&way));
        Ok(way)
    }
}

/// What went wrong, told apart by what people can do about it, and in words.
fn between_peers(error: &Error) -> Told {
    let refused = "it does not let us in: its people have not confirmed this node's introduction yet, or have suspended the exchange";
    let fault = match error {
        Error::Denied(refusal) if refusal.status == StatusCode::UNAUTHORIZED => {
            return Told::new(Fault::NotLetIn, refused);
        }
        Error::Unreachable(_) => Fault::Unreachable,
        Error::Untrusted(_) => Fault::Untrusted,
        Error::TooSlow(_) => Fault::TooSlow,
        Error::Busy { .. } => Fault::Busy,
        Error::Failed(_) => Fault::Failed,
        Error::NotTaxii { .. } | Error::Elsewhere { .. } => Fault::NoNode,
        Error::Denied(_) | Error::Absent(_) | Error::Refused(_) => Fault::Refused,
        Error::TooLarge { .. } | Error::Unreadable(_) | Error::Stuck(_) => Fault::Unreadable,
        Error::Enough(_) => Fault::Other,
    };
    Told::new(fault, error.to_string())
}

/// An answer that says what went wrong as peers are told of it.
fn told<'a, T>(asked: impl Future<Output = Result<T>> + Send + 'a) -> Answer<'a, T> {
    Box::pin(async move {
        asked
            .await
            .map_err(|error| match error.downcast::<Error>() {
                Ok(error) => between_peers(&error).into(),
                Err(other) => other,
            })
    })
}

impl Way {
    async fn root(&self) -> Result<&ApiRoot, Error> {
        self.root
            .get_or_try_init(|| self.client.api_root(ROOT))
            .await
    }

    async fn collection(&self, id: &str) -> Result<Collection> {
        let known = self.known().get(id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = self.client.collection(self.root().await?, id).await?;
        self.known().insert(id.to_owned(), found.clone());
        Ok(found)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, Collection>> {
        self.collections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wire for Peers {
    fn collections<'a>(&'a self, to: &'a Destination) -> Answer<'a, Vec<Shelf>> {
        told(async move {
            let way = self.way(to)?;
            let found = async { way.client.collections(way.root().await?).await };
            let found = found.await?;
            let shelf = |collection: &Collection| Shelf {
                id: collection.id.clone(),
                alias: collection.alias.clone(),
                can_read: collection.can_read,
                can_write: collection.can_write,
            };
            let shelves = found.iter().map(shelf).collect();
            let named = found.into_iter().map(|one| (one.id.clone(), one));
            *way.known() = named.collect();
            Ok(shelves)
        })
    }

    fn page<'a>(
        &'a self,
        to: &'a Destination,
        collection: &'a str,
        cursor: Option<&'a str>,
        limit: usize,
    ) -> Answer<'a, Batch> {
        told(async move {
            let way = self.way(to)?;
            let collection = way.collection(collection).await?;
            let from: Cursor = match cursor {
                Some(text) => serde_json::from_str(text).context("the cursor is damaged")?,
                None => Cursor::default(),
            };
            let ask = Ask {
                limit,
                ..Ask::default()
            };
            let mut pull = way.client.pull(&collection, ask, from);
            let page = pull.next().await?;
            let cursor = serde_json::to_string(pull.cursor())?;
            // A token that is no more known costs pages that are read again, and nothing else.
            let told = |complaint: &&Complaint| !matches!(complaint, Complaint::TokenRefused);
            let mut trouble: Vec<String> = pull
                .complaints()
                .iter()
                .filter(told)
                .map(ToString::to_string)
                .collect();
            trouble.extend(
                page.as_ref()
                    .and_then(|page| Some(page.lost()?.to_string())),
            );
            let (bytes, objects, more) = page.map_or_else(Default::default, |page| {
                (page.body().clone(), page.places().to_vec(), page.more())
            });
            Ok(Batch {
                bytes,
                objects,
                cursor,
                more,
                trouble: (!trouble.is_empty()).then(|| trouble.join("; ")),
            })
        })
    }

    fn give<'a>(
        &'a self,
        to: &'a Destination,
        collection: &'a str,
        objects: Vec<Bytes>,
    ) -> Answer<'a, ()> {
        told(async move {
            use crate::client::Fate;
            let way = self.way(to)?;
            let collection = way.collection(collection).await?;
            let root = way.root().await?;
            let bodies = objects.iter().map(|object| &object[..]);
            let delivery = way.client.add(root, &collection, bodies).await;
            // What was decided there, for or against or to wait, is done; what may not have arrived is given again.
            let undecided = |fate: &Fate| matches!(fate, Fate::Unknown | Fate::Unsent);
            if !delivery.lines.iter().any(|line| undecided(&line.fate)) {
                return Ok(());
            }
            match delivery.stopped {
                Some(error) => Err(error.into()),
                None => bail!("it may not have got everything; it is given again"),
            }
        })
    }

    fn poke<'a>(&'a self, to: &'a Destination) -> Answer<'a, ()> {
        told(async move {
            let way = self.way(to)?;
            way.client
                .call(Method::POST, POKE, Some(Bytes::new()))
                .await?;
            Ok(())
        })
    }

    fn head<'a>(&'a self, to: &'a Destination, from: Option<u64>) -> Answer<'a, Option<Head>> {
        told(async move {
            let way = self.way(to)?;
            let address =
                from.map_or_else(|| HEAD.to_owned(), |from| format!("{HEAD}?from={from}"));
            let body = way.client.call(Method::GET, &address, None).await?;
            let shown: Shown = serde_json::from_slice(&body).context("no head of a log")?;
            let Some(note) = shown.note else {
                return Ok(None);
            };
            let hash = |text: &String| {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes).ok()?;
                tlog::Hash::from_slice(&bytes)
            };
            let proof = shown.proof.iter().map(hash).collect::<Option<_>>();
            Ok(Some(Head {
                note,
                proof: proof.context("no proof of a log")?,
            }))
        })
    }

    fn cosigned<'a>(&'a self, to: &'a Destination, note: String) -> Answer<'a, ()> {
        told(async move {
            let way = self.way(to)?;
            let body = serde_json::to_vec(&Shown {
                note: Some(note),
                proof: Vec::new(),
            })?;
            way.client
                .call(Method::POST, COSIGNED, Some(body.into()))
                .await?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_goes_wrong_is_told_apart_by_what_people_can_do() {
        let failed = |error: Error| told::<()>(async move { Err(error.into()) });
        for (error, fault) in [
            (Error::Unreachable("x".into()), Fault::Unreachable),
            (Error::Untrusted("x".into()), Fault::Untrusted),
            (Error::Stuck("x".into()), Fault::Unreadable),
        ] {
            let raw = error.to_string();
            let error = failed(error).await.unwrap_err();
            assert_eq!((Fault::of(&error), error.to_string()), (fault, raw));
        }
        let other = told::<()>(async { bail!("else") }).await.unwrap_err();
        assert_eq!(Fault::of(&other), Fault::Other);
    }
}
