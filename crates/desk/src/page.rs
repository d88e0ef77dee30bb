//! What the pages of every desk need of records: their ids in addresses, and the label that stands over a page.

use policy::Label;
use site::{Failure, Tlp};
use stix::ObjectId;

use crate::Kind;

/// The object of a kind that an address names by the part of its id that stands there.
///
/// # Errors
/// [`Failure::Absent`] where it can't be one.
pub fn object<T: Kind>(uuid: &str) -> Result<ObjectId, Failure> {
    ObjectId::parse(&format!("{}--{uuid}", T::TYPE)).map_err(|_| Failure::Absent)
}

/// The label that holds for all of what is shown; none where it is nothing.
pub fn strictest<'l>(labels: impl IntoIterator<Item = &'l Label>) -> Option<Tlp> {
    let mut labels = labels.into_iter().peekable();
    labels.peek()?;
    Some(Tlp::strictest(labels))
}
