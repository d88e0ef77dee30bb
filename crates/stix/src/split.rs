//! From an envelope or bundle to the objects in it. Invariant: a broken object never sinks its neighbors.

use crate::limits::Limits;
use crate::outer::{Event, Outer};
use crate::problem::{Problem, Rule};
use crate::scan::trim_blanks;

/// What [`split`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Split<'a> {
    /// What the text is as a whole.
    pub container: Container,
    /// The members of `objects`, as they lie in the text, each to be given to [`check`](crate::check()).
    pub objects: Vec<&'a [u8]>,
    /// `more` of a TAXII envelope; the text `"true"` counts as `true`.
    pub more: Option<bool>,
    /// `next` of a TAXII envelope.
    pub next: Option<String>,
    /// Why the rest of the text could not be followed. What stands in `objects` came before it.
    pub lost: Option<Problem>,
}

/// What a text with objects is as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A TAXII 2.1 envelope: no `type`.
    Envelope,
    /// A STIX bundle.
    Bundle,
    /// One STIX object, which is the only member of [`Split::objects`]. Fit for a file, not for TAXII.
    Object,
}

/// Byte order mark: some editors put one before the text.
pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// Finds the objects of an envelope or bundle, or takes a single object, without looking into them.
///
/// Each key of the outside may occur once; the order of keys is free. An object that is broken inside is returned like any other as
/// long as its strings and brackets close.
#[must_use]
pub fn split<'a>(text: &'a [u8], limits: &Limits) -> Split<'a> {
    let text = text.strip_prefix(BOM).unwrap_or(text);
    let mut outer = Outer::new(usize::MAX);
    let mut objects = Vec::new();
    let mut at = 0;
    let mut lost = loop {
        match outer.next(&text[at..], true) {
            Event::Member(_) if objects.len() == limits.objects => {
                let message = format!(
                    "more than {} objects at once: send them in parts",
                    limits.objects
                );
                break Some(Problem::new("/objects", Rule::Count, message));
            }
            Event::Member(place) => {
                objects.push(&text[at + place.start..at + place.end]);
                at += place.end;
            }
            Event::Members(next) => at += next,
            Event::End => break None,
            Event::Lost(problem) => break Some(problem),
            // Neither comes when the text is whole.
            Event::Large(_) | Event::More(_) => {
                break Some(Problem::new("", Rule::Json, "the text ends too early"));
            }
        }
    };
    let said = outer.said;
    let container = match (said.kind.as_deref(), said.members) {
        (None, _) => Container::Envelope,
        (Some("bundle"), _) => Container::Bundle,
        (Some(_), _) => Container::Object,
    };
    if container == Container::Object {
        // The check of the object says what is wrong with it, and where.
        objects = vec![trim_blanks(text)];
        lost = None;
    }
    Split {
        container,
        objects,
        more: said.more,
        next: said.next,
        lost,
    }
}
