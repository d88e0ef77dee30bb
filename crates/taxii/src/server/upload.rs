//! Reading a body that is added: counted while it comes, which it has to do, and a few of one access at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout_at};

use super::Bounds;
use super::reply::Failure;
use crate::problem::Problem;

/// How much is set aside before a body has begun to come, whatever it announces.
const AHEAD: usize = 64 << 10;

/// The bodies that are being read, by access.
#[derive(Clone)]
pub(super) struct Uploads {
    most: usize,
    running: Arc<Mutex<HashMap<String, usize>>>,
}

/// One of them; it ends with its value.
pub(super) struct Upload {
    uploads: Uploads,
    name: String,
}

impl Uploads {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            running: Arc::default(),
        }
    }

    /// Takes a place, so that nobody takes all.
    pub(super) fn begin(&self, name: &str) -> Result<Upload, Failure> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(name.to_owned()).or_default();
        if *count >= self.most {
            return Err(
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many additions at a time")
                    .describe(format!(
                        "One access adds at most {} envelopes at a time. Wait for an answer, then send the next.",
                        self.most
                    ))
                    .into(),
            );
        }
        *count += 1;
        Ok(Upload {
            uploads: self.clone(),
            name: name.to_owned(),
        })
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let mut running = self
            .uploads
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                running.remove(&self.name);
            }
        }
    }
}

/// The whole body.
pub(super) async fn read(
    mut body: Body,
    announced: Option<u64>,
    bounds: &Bounds,
) -> Result<Bytes, Failure> {
    let announced = announced.map_or(AHEAD, |length| usize::try_from(length).unwrap_or(AHEAD));
    let mut bytes = Vec::with_capacity(announced.min(AHEAD));
    let until = Instant::now() + bounds.body_time;
    loop {
        let piece = until.min(Instant::now() + bounds.body_idle);
        let Ok(frame) = timeout_at(piece, body.frame()).await else {
            return Err(
                Problem::new(StatusCode::REQUEST_TIMEOUT, "The body came too slowly")
                    .describe("Nothing of it was kept. Send smaller envelopes.")
                    .into(),
            );
        };
        let Some(frame) = frame else {
            return Ok(Bytes::from(bytes));
        };
        let Ok(frame) = frame else {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "The body broke off")
                .describe("Nothing of it was kept. Send it again.")
                .into());
        };
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > bounds.body_bytes {
                return Err(too_large(bounds).into());
            }
            bytes.extend_from_slice(&data);
        }
    }
}

pub(super) fn too_large(bounds: &Bounds) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large").describe(format!(
        "At most {} bytes and {} objects are taken at once. Send the objects in several envelopes.",
        bounds.body_bytes, bounds.body_objects
    ))
}
