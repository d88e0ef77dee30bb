//! An answer whose body has been read: what it says, in the terms of [`Error`].

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use super::error::{Error, Refusal};
use super::transport::{is_redirect, retry_after};
use crate::media;

/// Characters of a stranger's words that are kept.
const WORDS: usize = 300;

/// Status, headers and the whole body.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// Takes an answer, unless it is a success that is not TAXII.
    pub(super) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Result<Self, Error> {
        if status.is_success() {
            check_media(&headers, &body)?;
        }
        Ok(Self {
            status,
            headers,
            body,
        })
    }

    /// Where a redirect leads.
    pub(super) fn redirect(&self) -> Option<&str> {
        if !is_redirect(self.status) {
            return None;
        }
        self.header(header::LOCATION.as_str())
    }

    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?.to_str().ok()?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The error that the status stands for, if it is one.
    pub(super) fn succeeded(&self) -> Result<(), Error> {
        let status = self.status;
        if status.is_success() {
            return Ok(());
        }
        if is_redirect(status) {
            return Err(Error::Elsewhere {
                address: clean(self.redirect().unwrap_or("a redirect without address")),
            });
        }
        let refusal = self.refusal();
        Err(match status.as_u16() {
            401 | 403 | 407 => Error::Denied(refusal),
            404 | 410 => Error::Absent(refusal),
            429 | 503 => Error::Busy {
                refusal,
                after: retry_after(&self.headers),
            },
            500.. => Error::Failed(refusal),
            _ => Error::Refused(refusal),
        })
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Value, Error> {
        let body = self
            .body
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.body);
        let value: Value = serde_json::from_slice(body)
            .map_err(|error| Error::unreadable(format!("not JSON: {error}")))?;
        if !value.is_object() {
            return Err(Error::unreadable("not a JSON object"));
        }
        Ok(value)
    }

    /// The status and what the error resource says, if there is one.
    fn refusal(&self) -> Refusal {
        let resource: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let words = |key: &str| resource.get(key).and_then(Value::as_str).map(clean);
        Refusal {
            status: self.status,
            title: words("title"),
            description: words("description"),
            error_id: words("error_id"),
        }
    }
}

/// A stranger's words, fit for a page or a log line.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !is_direction(*c))
        .take(WORDS)
        .collect()
}

/// Characters that turn the direction of what follows.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// TAXII, or JSON by another of its names; without a name, what begins like JSON.
fn check_media(headers: &HeaderMap, body: &[u8]) -> Result<(), Error> {
    let coded = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if coded {
        return Err(Error::NotTaxii {
            found: "a compressed body that we did not ask for".to_owned(),
        });
    }
    let Some(found) = headers.get(header::CONTENT_TYPE) else {
        let blank = body.trim_ascii_start();
        return if blank.is_empty() || blank.starts_with(b"{") || blank.starts_with(b"\xef\xbb\xbf")
        {
            Ok(())
        } else {
            Err(Error::NotTaxii {
                found: "something without a media type".to_owned(),
            })
        };
    };
    let found = found.to_str().unwrap_or("an unreadable media type");
    if media::is_taxii(found) || media::is_json(found) {
        return Ok(());
    }
    Err(Error::NotTaxii {
        found: clean(found),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_cannot_turn_the_page() {
        assert_eq!(clean("a\u{202e}b\r\n\u{1b}[31mc"), "ab[31mc");
        assert_eq!(clean(&"x".repeat(1_000)).len(), WORDS);
    }

    #[test]
    fn media_types_are_judged_by_what_they_name() {
        for (header, body, good) in [
            (Some("application/taxii+json;version=2.1"), "", true),
            (Some("application/taxii+json; version=2.0"), "", false),
            (Some("application/json; charset=utf-8"), "", true),
            (Some("application/stix+json;version=2.1"), "", true),
            (
                Some("application/vnd.oasis.stix+json; version=2.0"),
                "",
                true,
            ),
            (Some("text/html"), "{}", false),
            (Some("text/plain"), "{}", false),
            (None, "{}", true),
            (None, " \n{", true),
            (None, "", true),
            (None, "<html>", false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(value) = header {
                headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            }
            let found = check_media(&headers, body.as_bytes());
            assert_eq!(found.is_ok(), good, "{header:?} {body}");
        }
    }
}
