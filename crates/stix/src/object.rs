//! One object: its bytes and its header. Invariant: an [`Object`] has been checked; no later read of it can fail.

use std::borrow::Cow;

use crate::header::{self, Header};
use crate::limits::Limits;
use crate::problem::{Problem, Problems, Rule};
use crate::scan::trim_blanks;
use crate::view::View;

/// One STIX object whose bytes have been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object<'a> {
    raw: Cow<'a, str>,
    header: Header,
}

impl<'a> Object<'a> {
    /// The bytes as they were received, without the blanks around them.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// What every part needs to know about it.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The object as a value to look into.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View::trusted(&self.raw)
    }

    /// The same object with its own copy of the bytes.
    #[must_use]
    pub fn into_owned(self) -> Object<'static> {
        Object {
            raw: Cow::Owned(self.raw.into_owned()),
            header: self.header,
        }
    }

    /// Its parts.
    #[must_use]
    pub fn into_parts(self) -> (Cow<'a, str>, Header) {
        (self.raw, self.header)
    }
}

/// Checks the bytes of one object and takes its header, in one pass and without building a tree.
///
/// What passes is JSON with one meaning, within `limits`, with a usable `id` and `type`; what else the standard asks
/// for is not refused, because real data breaks it.
///
/// # Errors
/// Every problem of the properties that a header has; for bytes that are no JSON, the first one.
pub fn check<'a>(raw: &'a [u8], limits: &Limits) -> Result<Object<'a>, Problems> {
    let raw = trim_blanks(raw);
    let most = limits.object.min(Limits::MAX_OBJECT);
    if raw.len() > most {
        return Err(Problem::new(
            "",
            Rule::Size,
            format!("an object has at most {most} bytes"),
        )
        .into());
    }
    let text = std::str::from_utf8(raw).map_err(|error| {
        Problem::new(
            "",
            Rule::Encoding,
            format!("not UTF-8 at byte {}", error.valid_up_to()),
        )
    })?;
    match header::read(text, limits) {
        Ok(header) => Ok(Object {
            raw: Cow::Borrowed(text),
            header,
        }),
        Err(problems) => Err(Problems::from_vec(problems)
            .unwrap_or_else(|| Problem::new("", Rule::Container, "no object").into())),
    }
}
