//! What was typed into a form, as the browser sends it.

use std::fmt;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::shell::failure::Failure;
use crate::shell::once::FormSent;
use crate::shell::visitor::Visitor;

/// The name of the buttons that look for what stands in a field. It is the form's own, and kept with no draft.
pub(super) const LOOKS: &str = "draft-looks";

/// How much may be typed into one form.
const MOST: usize = 2 << 20;

/// Names and values, in the order of the form. An extractor: the last argument of a handler.
#[derive(Clone, Default, PartialEq)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// Made of pairs.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The first value of a name; nothing is the same as empty.
    pub fn text(&self, name: &str) -> &str {
        let own = self.0.iter().find(|(own, _)| own == name);
        own.map_or("", |(_, value)| value)
    }

    /// All values of a name.
    pub fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let own = self.0.iter().filter(move |(own, _)| own == name);
        own.map(|(_, value)| value.as_str())
    }

    /// Whether it was sent by the button of a field, to look for what stands in it and for nothing else.
    pub fn looks(&self) -> bool {
        !self.text(LOOKS).is_empty()
    }

    /// Names and values, in the order of the form.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// All but secrets, and what the form itself carries for its draft.
    pub(super) fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs()
            .filter(|(name, _)| !name.starts_with("secret") && !name.starts_with("draft-"))
    }

    /// Reads `application/x-www-form-urlencoded`.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let read = |part: &[u8]| {
            let plain: Vec<u8> = part
                .iter()
                .map(|byte| if *byte == b'+' { b' ' } else { *byte })
                .collect();
            // Browsers end the lines of a text with CR LF; a text of ours has LF.
            let text = percent_decode(&plain).decode_utf8_lossy();
            text.replace("\r\n", "\n").replace('\0', "\u{fffd}")
        };
        let pairs = bytes
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let mut parts = pair.splitn(2, |byte| *byte == b'=');
                    let name = parts.next().map(read).unwrap_or_default();
                    (name, parts.next().map(read).unwrap_or_default())
                })
                .collect(),
        )
    }

    /// Writes what is kept of it the same way.
    pub(super) fn written(&self) -> String {
        self.kept()
            .map(|(name, value)| {
                let written = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
                format!("{}={}", written(name), written(value))
            })
            .collect::<Vec<_>>()
            .join("&")
    }

    pub(crate) async fn read(body: Body) -> Option<Self> {
        let bytes = to_bytes(body, MOST).await.ok()?;
        Some(Self::parse(&bytes))
    }
}

/// Whether a body could not be read since it is more than is taken.
pub(crate) fn is_too_large(error: &axum::Error) -> bool {
    let cause = std::error::Error::source(error);
    cause.is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>())
}

impl fmt::Debug for Typed {
    /// Names only: what was typed may be secret, and logs are no way out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let visitor = request.extensions().get::<Visitor>().cloned();
        let is_form = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        let body = match is_form {
            true => Some(to_bytes(request.into_body(), MOST).await),
            false => None,
        };
        if let (Some(Err(error)), Some(visitor)) = (&body, &visitor)
            && is_too_large(error)
        {
            return Err(visitor.clone().failed(Failure::TooLarge(MOST)).await);
        }
        let typed = body.and_then(Result::ok).map(|bytes| {
            let typed = Self::parse(&bytes);
            if let Some(visitor) = &visitor {
                // An extractor runs once.
                let _ = visitor.sent.set(FormSent::of(&typed, &[]));
            }
            typed
        });
        match (typed, visitor) {
            (Some(typed), _) => Ok(typed),
            (None, Some(visitor)) => Err(visitor.failed(Failure::Unreadable).await),
            (None, None) => Err(axum::http::StatusCode::BAD_REQUEST.into_response()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_read_and_written() {
        let typed = Typed::parse(
            "name=C%C3%B4te+d%27Azur&to=a&to=b&text=one%0D%0Atwo&empty=&secret=x&draft-of=y"
                .as_bytes(),
        );
        assert_eq!(typed.text("name"), "Côte d'Azur");
        assert_eq!(typed.all("to").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(typed.text("text"), "one\ntwo");
        assert_eq!((typed.text("empty"), typed.text("absent")), ("", ""));
        let written = typed.written();
        assert!(
            !written.contains("secret") && !written.contains("draft"),
            "{written}"
        );
        let again = Typed::parse(written.as_bytes());
        assert_eq!(again.text("text"), "one\ntwo");
        assert_eq!(Typed::parse(b"").text("x"), "");
        assert_eq!(Typed::parse(b"&&=&%zz=%ff").text("%zz"), "\u{fffd}");
        assert!(!format!("{typed:?}").contains("Azur"));
    }
}
