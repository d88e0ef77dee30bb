//! How far the exchange with a peer has come: cursors, counts, the newest head of its log. It changes with every page, so it is kept apart
//! from what a peer is ([`Profile`](super::Profile)), on which compiled rights depend.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::clock::Micros;

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Course {
    /// Up to where its collections were taken, by their ids there; opaque to us.
    pub taken: BTreeMap<String, String>,
    /// Up to where our collections were given to it, by our ids: for a peer that cannot reach us.
    pub given: BTreeMap<String, i64>,
    /// When it last answered or called.
    pub contact: Option<Micros>,
    /// The day of `today`, counted from 1970.
    pub day: i64,
    /// How many objects it brought on that day,
    pub today: u64,
    /// and of how many bytes.
    pub bytes_today: u64,
    /// How many objects of it became records.
    pub records: u64,
    /// How many of its objects were put before a person, less those that were counted out since.
    pub awaiting: u64,
    /// Of how many bytes these are.
    pub awaiting_bytes: u64,
    /// How many more wait because others' seals came late, which is no fault of whoever brings them.
    pub late: u64,
    /// Of how many bytes these are.
    pub late_bytes: u64,
    /// The newest head of its log that was verified.
    pub head: Option<String>,
}

impl Course {
    /// As it stands in the store.
    pub(crate) fn read(text: Option<&str>) -> Result<Self> {
        text.map_or_else(
            || Ok(Self::default()),
            |text| serde_json::from_str(text).context("the course of a peer is damaged"),
        )
    }

    /// For the store.
    pub(crate) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}
