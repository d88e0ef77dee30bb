//! Which format a file has, told by its first bytes, and the way from each format to text.
//! Invariant: a format that is given is taken at its word; a guess never fails, plain text is the last.

use crate::problem::{Failure, Problem};

/// Bytes of a page at most: its tree takes several times as many.
const LONGEST_PAGE: usize = 16 << 20;

/// Formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text.
    Txt,
    /// A web page.
    Html,
    /// A PDF with a text layer.
    Pdf,
    /// A Word document.
    Docx,
}

impl Format {
    /// The format of these bytes.
    #[must_use]
    pub fn guess(bytes: &[u8]) -> Format {
        let head = &bytes[..bytes.len().min(1024)];
        if head.windows(5).any(|w| w == b"%PDF-") {
            return Format::Pdf;
        }
        if head.starts_with(b"PK\x03\x04") {
            return Format::Docx;
        }
        let folded: String = head
            .iter()
            .filter(|b| **b != 0)
            .map(|b| char::from(b.to_ascii_lowercase()))
            .collect();
        let start = folded.trim_start_matches(|c: char| !c.is_ascii_graphic());
        let tags = [
            "<!doctype html",
            "<html",
            "<head",
            "<body",
            "<p>",
            "<p ",
            "<div",
            "<h1",
            "<meta",
            "<title",
            "<article",
            "<main",
            "<section",
            "<?xml",
            "<!--",
            "<nav",
            "<ul",
        ];
        if tags.iter().any(|t| start.starts_with(t))
            || folded.contains("<html")
            || folded.contains("<!doctype html")
        {
            return Format::Html;
        }
        Format::Txt
    }
}

/// The text of a file.
pub(crate) fn text(
    bytes: &[u8],
    format: Option<Format>,
    problems: &mut Vec<Problem>,
) -> Result<String, Failure> {
    let text = match format.unwrap_or_else(|| Format::guess(bytes)) {
        Format::Txt => legible(crate::decode::decode(bytes, false, problems))?,
        Format::Html if bytes.len() > LONGEST_PAGE => {
            let most = LONGEST_PAGE >> 20;
            return Err(Failure::TooLarge(format!(
                "the page is longer than {most} MiB"
            )));
        }
        Format::Html => {
            crate::html::readable(&legible(crate::decode::decode(bytes, true, problems))?)?
        }
        Format::Pdf => crate::pdf::text(bytes)?,
        Format::Docx => crate::docx::text(bytes)?,
    };
    if text.trim().is_empty() {
        Err(Failure::Empty)
    } else {
        Ok(text)
    }
}

/// Refuses what was decoded from bytes that are no text: more than one character in twenty controls a terminal or means nothing.
fn legible(text: String) -> Result<String, Failure> {
    /// A few stray characters are damage, not another sort of file.
    const STRAY: usize = 8;
    let meaningless =
        |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}') || *c == '\u{fffd}';
    let bad = text.chars().filter(meaningless).count();
    if bad > STRAY && bad * 20 > text.chars().count() {
        return Err(Failure::Damaged(
            "it holds no text but other data, for example an image or a packed file".to_owned(),
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for (bytes, expected) in [
            (&b"%PDF-1.7 ..."[..], Format::Pdf),
            (b"PK\x03\x04....", Format::Docx),
            (b"\xef\xbb\xbf<!DOCTYPE html><html>", Format::Html),
            (b"<p>short</p>", Format::Html),
            (b"Joint statement <draft>", Format::Txt),
            (b"", Format::Txt),
        ] {
            assert_eq!(Format::guess(bytes), expected);
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        let mut seed = 7u32;
        let noise: Vec<u8> = (0..4000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            })
            .collect();
        for format in [Format::Txt, Format::Html] {
            let outcome = text(&noise, Some(format), &mut Vec::new());
            assert!(
                matches!(outcome, Err(Failure::Damaged(_))),
                "{format:?}: {outcome:?}"
            );
        }
        let damaged = b"The two sides \x00\x01 met and agreed to share reports.";
        assert!(text(damaged, Some(Format::Txt), &mut Vec::new()).is_ok());
    }
}
