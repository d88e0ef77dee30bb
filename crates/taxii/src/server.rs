//! The TAXII 2.1 server: routes over a node.
//!
//! Every request takes the same way: address, method, credentials, negotiation, filters, collection, answer. What can be
//! said without looking at records is said first, so that no answer differs by whether something hidden is there.

mod add;
mod address;
mod conversation;
mod credentials;
mod describe;
mod envelope;
mod host;
mod objects;
mod recent;
mod remove;
mod reply;
mod upload;

pub use add::Accepted;
pub use credentials::shown;
pub use host::{Host, Shelf};
pub use reply::NothingHere;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use node::config::Config;
use tokio::sync::Semaphore;

use crate::query::Tokens;

/// Where discovery answers.
pub const DISCOVERY: &str = "/taxii2/";
/// Where the one API root answers.
pub const ROOT: &str = "/taxii2/root/";

/// What a server bears.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Bytes of a body that is added; what `max_content_length` says.
    pub body_bytes: usize,
    /// Objects of a body that is added.
    pub body_objects: usize,
    /// Between two pieces of a body.
    pub body_idle: Duration,
    /// For a whole body.
    pub body_time: Duration,
    /// Bodies of one access at a time.
    pub bodies_at_once: usize,
    /// Reads of large pages at a time, which bounds their memory.
    pub large_reads: usize,
    /// Cold checks of credentials at a time: each costs a slow hash.
    pub checks: usize,
    /// Objects of a page where the client names no `limit`.
    pub page: usize,
}

impl Bounds {
    /// Those that a node's operator has set.
    pub fn of(config: &Config) -> Self {
        Self {
            body_bytes: config.limits.envelope_bytes,
            body_objects: config.limits.envelope_objects,
            ..Self::default()
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body_bytes: 10 << 20,
            body_objects: 5_000,
            body_idle: Duration::from_secs(20),
            body_time: Duration::from_secs(120),
            bodies_at_once: 4,
            large_reads: 4,
            checks: 2,
            page: crate::query::MOST,
        }
    }
}

/// The routes below [`DISCOVERY`], to be merged with others or served alone.
pub fn router<H: Host>(host: H, bounds: Bounds) -> Router {
    let server = Server::new(host, bounds);
    Router::new()
        .route("/taxii2", any(answer::<H>))
        .route(DISCOVERY, any(answer::<H>))
        .route("/taxii2/{*rest}", any(answer::<H>))
        .with_state(server)
}

async fn answer<H: Host>(State(server): State<Server<H>>, request: Request) -> Response {
    conversation::answer(&server, request).await
}

/// What all requests share.
struct Server<H> {
    host: H,
    shared: Arc<Shared>,
}

impl<H: Clone> Clone for Server<H> {
    fn clone(&self) -> Self {
        Self {
            host: self.host.clone(),
            shared: Arc::clone(&self.shared),
        }
    }
}

struct Shared {
    bounds: Bounds,
    tokens: Tokens,
    large_reads: Semaphore,
    checks: Semaphore,
    uploads: upload::Uploads,
    errors: AtomicU64,
    recent: recent::Recent,
}

impl<H: Host> Server<H> {
    fn new(host: H, bounds: Bounds) -> Self {
        let shared = Shared {
            tokens: Tokens::new(host.token_key()),
            large_reads: Semaphore::new(bounds.large_reads),
            checks: Semaphore::new(bounds.checks),
            uploads: upload::Uploads::new(bounds.bodies_at_once),
            errors: AtomicU64::new(0),
            recent: recent::Recent::default(),
            bounds,
        };
        Self {
            host,
            shared: Arc::new(shared),
        }
    }
}
