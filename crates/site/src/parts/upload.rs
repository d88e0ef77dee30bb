//! What a form with a file sends: `multipart/form-data` (RFC 7578), read into memory within a limit.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use super::form::{Typed, is_too_large};
use crate::shell::failure::Failure;
use crate::shell::once::FormSent;
use crate::shell::visitor::Visitor;

/// Bytes of a form with its files.
const MOST: usize = 32 << 20;
/// Parts of a form.
const PARTS: usize = 1_000;

/// A file that somebody chose.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// The field.
    pub field: String,
    /// What the file is called where it comes from: to be shown, never to be opened by.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A form with files. An extractor: the last argument of a handler.
#[derive(Clone, Default)]
pub struct Upload {
    /// What was typed beside.
    pub typed: Typed,
    /// The files; a field that was left empty brings none.
    pub files: Vec<File>,
}

impl Upload {
    /// Reads a body; nothing where it isn't well formed.
    fn parse(content: &str, body: &[u8]) -> Option<Self> {
        let boundary = content
            .split(';')
            .find_map(|part| part.trim().strip_prefix("boundary="))?;
        let boundary = boundary.trim_matches('"');
        if boundary.is_empty() || boundary.len() > 70 {
            return None;
        }
        let mark = format!("\r\n--{boundary}");
        let mut rest = body.strip_prefix(format!("--{boundary}").as_bytes())?;
        let (mut typed, mut files) = (Vec::new(), Vec::new());
        for _ in 0..PARTS {
            if rest.starts_with(b"--") {
                return Some(Self {
                    typed: Typed::of(typed),
                    files,
                });
            }
            rest = rest.strip_prefix(b"\r\n")?;
            let end = find(rest, b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(rest.get(..end)?).into_owned();
            rest = rest.get(end + 4..)?;
            let end = find(rest, mark.as_bytes())?;
            let content = rest.get(..end)?;
            rest = rest.get(end + mark.len()..)?;
            let (field, file) = named(&head)?;
            match file {
                Some(name) if !name.is_empty() || !content.is_empty() => files.push(File {
                    field,
                    name,
                    bytes: content.to_vec(),
                }),
                Some(_) => {}
                None => {
                    let text = String::from_utf8_lossy(content).replace("\r\n", "\n");
                    typed.push((field, text.replace('\0', "\u{fffd}")));
                }
            }
        }
        None
    }
}

/// The field and the file's name in the head of a part.
fn named(head: &str) -> Option<(String, Option<String>)> {
    let line = head.split("\r\n").find(|line| {
        let name = line.split(':').next().unwrap_or_default();
        name.eq_ignore_ascii_case("content-disposition")
    })?;
    let value = |name: &str| {
        let from = line.find(&format!("; {name}=\""))? + name.len() + 4;
        let text = line.get(from..)?;
        // Browsers write a quotation mark in a name as %22.
        Some(text.split('"').next()?.replace("%22", "\""))
    };
    Some((value("name")?, value("filename")))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|part| part == wanted)
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let visitor = request.extensions().get::<Visitor>().cloned();
        let content = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let body = to_bytes(request.into_body(), MOST).await;
        if let (Err(error), Some(visitor)) = (&body, &visitor)
            && is_too_large(error)
        {
            return Err(visitor.clone().failed(Failure::TooLarge(MOST)).await);
        }
        let read = body
            .ok()
            .filter(|_| content.starts_with("multipart/form-data"))
            .and_then(|body| {
                let upload = Self::parse(&content, &body)?;
                if let Some(visitor) = &visitor {
                    // An extractor runs once.
                    let _ = visitor.sent.set(FormSent::of(&upload.typed, &upload.files));
                }
                Some(upload)
            });
        match (read, visitor) {
            (Some(upload), _) => Ok(upload),
            (None, Some(visitor)) => Err(visitor.failed(Failure::Unreadable).await),
            (None, None) => Err(axum::http::StatusCode::BAD_REQUEST.into_response()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &str = "multipart/form-data; boundary=xYz";

    #[test]
    fn fields_and_files_are_told_apart() {
        let body = "--xYz\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\nb\r\n--xYz\r\n\
            content-disposition: form-data; name=\"file\"; filename=\"../%22x%22.json\"\r\nContent-Type: application/json\r\n\r\n\
            {\"a\":\r\n--xY}\r\n--xYz\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\
            Content-Type: application/octet-stream\r\n\r\n\r\n--xYz--\r\n";
        let upload = Upload::parse(CONTENT, body.as_bytes()).unwrap();
        assert_eq!(upload.typed.text("title"), "a\nb");
        let [file] = &upload.files[..] else {
            panic!("{}", upload.files.len())
        };
        assert_eq!((&*file.field, &*file.name), ("file", "../\"x\".json"));
        assert_eq!(file.bytes, b"{\"a\":\r\n--xY}");
    }

    #[test]
    fn what_is_cut_off_or_no_form_is_not_taken() {
        for (content, body) in [
            (CONTENT, ""),
            (CONTENT, "--xYz"),
            (
                CONTENT,
                "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb",
            ),
            (
                CONTENT,
                "--xYz\r\nContent-Type: text/plain\r\n\r\nb\r\n--xYz--",
            ),
            (CONTENT, "--other--"),
            ("multipart/form-data", "--xYz--"),
            ("multipart/form-data; boundary=", "----"),
        ] {
            assert!(
                Upload::parse(content, body.as_bytes()).is_none(),
                "{body:?}"
            );
        }
        assert!(Upload::parse(CONTENT, b"--xYz--\r\n").is_some());
    }
}
