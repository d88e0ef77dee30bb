//! Servers to try the client on: one that answers by a closure, one that writes raw bytes, one that holds a shelf of
//! objects and pages through it with the quirks that were seen in the field.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, Method};
use stix::Timestamp;
use taxii::client::{ApiRoot, Client, Collection, Settings};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";

/// A request as a server sees it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A server; it ends with its value.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Peer {
    /// Answers each request with what `answer` makes of it.
    pub(crate) async fn answering(
        answer: impl Fn(&Asked) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            async move {
                let asked = read(request).await;
                log.lock().unwrap().push(asked.clone());
                answer(&asked)
            }
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            asked,
            task,
        }
    }

    /// Reads the head of each request and then lets `script` write what it likes.
    pub(crate) async fn writing<F>(script: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else {
                        break;
                    };
                    head.push(byte);
                }
                tokio::spawn(script(stream));
            }
        });
        Self {
            address,
            asked: Arc::default(),
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/taxii2/", self.address)
    }

    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::new(self.url());
        settings.limits.first_pause = Duration::from_millis(1);
        settings
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.settings()).unwrap()
    }

    /// A root and a collection of this server, without asking it.
    pub(crate) fn places(&self) -> (ApiRoot, Collection) {
        let url = format!("{}root/", self.url());
        let root = ApiRoot {
            url: url.parse().unwrap(),
            title: None,
            max_content_length: None,
        };
        let collection = Collection {
            url: format!("{url}collections/c/").parse().unwrap(),
            id: "c".to_owned(),
            alias: None,
            title: None,
            can_read: true,
            can_write: true,
        };
        (root, collection)
    }

    pub(crate) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn read(request: Request) -> Asked {
    let (parts, body) = request.into_parts();
    let address = format!("http://x{}", parts.uri);
    let url: reqwest::Url = address.parse().unwrap();
    Asked {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap(),
    }
}

/// A success that carries TAXII.
pub(crate) fn taxii(body: impl Into<Body>) -> Response {
    Response::builder()
        .header("content-type", TAXII)
        .body(body.into())
        .unwrap()
}

/// An answer with a status.
pub(crate) fn status(code: u16, body: &str) -> Response {
    let mut response = taxii(body.to_owned());
    *response.status_mut() = code.try_into().unwrap();
    response
}

/// The `n`th object of a series.
pub(crate) fn object(n: usize) -> String {
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-{n:012}","created":"2024-01-01T00:00:00Z","modified":"2024-01-01T00:00:{:02}.{n:09}Z","name":"n{n}", "odd" : 1.50}}"#,
        n % 60
    )
}

/// What a [`shelf`] gets wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quirks {
    /// No `next`, whatever remains.
    pub(crate) no_next: bool,
    /// No `X-TAXII-Date-Added-*`.
    pub(crate) no_dates: bool,
    /// `"more": "true"`.
    pub(crate) more_as_text: bool,
    /// A STIX bundle in place of an envelope.
    pub(crate) bundle: bool,
    /// `added_after` read as "from".
    pub(crate) inclusive: bool,
    /// Largest page that is given.
    pub(crate) cap: Option<usize>,
    /// The manifest is not there.
    pub(crate) no_manifest: bool,
}

/// Serves `objects`, each with the second at which it was added, in that order.
pub(crate) fn shelf(
    objects: Vec<(i64, String)>,
    quirks: Quirks,
) -> impl Fn(&Asked) -> Response + Send + Sync + 'static {
    let date = |second: i64| Timestamp::from_micros(1_700_000_000_000_000 + second * 1_000_000);
    move |asked| {
        if let Some(id) = asked
            .path
            .strip_prefix("/taxii2/root/collections/c/objects/")
            && let id = id.trim_end_matches('/')
            && !id.is_empty()
        {
            let found = objects.iter().find(|(_, object)| object.contains(id));
            return match found {
                Some((_, object)) => taxii(format!("{{\"objects\":[{object}]}}")),
                None => status(404, "{}"),
            };
        }
        let manifest = asked.path.ends_with("/manifest/");
        if manifest && quirks.no_manifest {
            return status(404, "{}");
        }
        let limit = asked
            .query
            .get("limit")
            .map_or(1_000, |limit| limit.parse().unwrap())
            .min(quirks.cap.unwrap_or(usize::MAX));
        let after = asked
            .query
            .get("added_after")
            .map(|date| Timestamp::parse(date).unwrap());
        let skip: usize = asked
            .query
            .get("next")
            .map_or(0, |token| token.strip_prefix('t').unwrap().parse().unwrap());
        let wanted = asked.query.get("match[id]");
        let left: Vec<_> = objects
            .iter()
            .enumerate()
            .skip(skip)
            .filter(|(_, (second, object))| {
                let fits = after.as_ref().is_none_or(|after| {
                    date(*second) > *after || quirks.inclusive && date(*second) == *after
                });
                fits && wanted.is_none_or(|id| object.contains(id.as_str()))
            })
            .collect();
        let page = &left[..left.len().min(limit)];
        let more = left.len() > page.len();
        let members: Vec<String> = page
            .iter()
            .map(|(_, (second, object))| {
                if manifest {
                    let header = stix::check(object.as_bytes(), &stix::Limits::default()).unwrap();
                    let header = header.header();
                    format!(
                        r#"{{"id":"{}","date_added":"{}","version":"{}"}}"#,
                        header.id,
                        date(*second),
                        header.version().unwrap()
                    )
                } else {
                    object.clone()
                }
            })
            .collect();
        let mut body = String::from("{");
        if quirks.bundle {
            body.push_str(r#""type":"bundle","id":"bundle--1","#);
        }
        body.push_str(&match (more, quirks.more_as_text) {
            (more, false) => format!("\"more\":{more},"),
            (more, true) => format!("\"more\":\"{more}\","),
        });
        if more && !quirks.no_next {
            body.push_str(&format!("\"next\":\"t{}\",", page[page.len() - 1].0 + 1));
        }
        body.push_str(&format!("\"objects\":[{}]}}", members.join(", ")));
        let mut response = taxii(body);
        if let (false, Some(first), Some(last)) = (quirks.no_dates, page.first(), page.last()) {
            for (name, (_, (second, _))) in [
                ("x-taxii-date-added-first", first),
                ("x-taxii-date-added-last", last),
            ] {
                let value = date(*second).as_str().parse().unwrap();
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
