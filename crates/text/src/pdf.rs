//! From a PDF with a text layer to text. The parser is not ours: callers run it in a process of limited memory and time.
//! Invariant: a damaged or scanned file gives a failure, never an empty reading.

use pdf_extract::{Document, Error, ObjectId, OutputError, PlainTextOutput, output_doc_page};

use crate::problem::Failure;

/// No tree of pages is deeper.
const PARENTS: usize = 256;

/// The text of a PDF, pages parted by a form feed.
pub(crate) fn text(bytes: &[u8]) -> Result<String, Failure> {
    let pages = std::panic::catch_unwind(|| pages(bytes));
    let pages = match pages {
        Ok(Ok(pages)) => pages,
        Ok(Err(_)) if !ended(bytes) => {
            return Err(Failure::Damaged(
                "the end of the PDF is missing; it was cut off".to_owned(),
            ));
        }
        Ok(Err(error)) => return Err(Failure::Damaged(format!("as a PDF: {error}"))),
        Err(_) => {
            return Err(Failure::Damaged(
                "as a PDF: its structure is broken".to_owned(),
            ));
        }
    };
    let text = pages
        .iter()
        .map(|p| tidy(p))
        .collect::<Vec<_>>()
        .join("\u{c}\n");
    if text.chars().filter(|c| c.is_alphanumeric()).count() < 20 {
        return Err(Failure::Empty);
    }
    Ok(text)
}

/// The text of each page, up to the first that cannot be read.
fn pages(bytes: &[u8]) -> Result<Vec<String>, OutputError> {
    let mut document = Document::load_mem(bytes)?;
    if document.is_encrypted() {
        document.decrypt("")?;
    }
    let mut texts = Vec::new();
    for (number, page) in document.get_pages() {
        if !ends(&document, page) {
            return Err(Error::ReferenceCycle(page).into());
        }
        let mut text = String::new();
        if output_doc_page(&document, &mut PlainTextOutput::new(&mut text), number).is_err() {
            break;
        }
        texts.push(text);
    }
    Ok(texts)
}

/// Whether the tree above a page ends: what a page does not say itself, the parser asks its parents for, however many there are.
fn ends(document: &Document, page: ObjectId) -> bool {
    let mut here = page;
    for _ in 0..PARENTS {
        let above = document.get_dictionary(here).ok();
        match above.and_then(|page| page.get(b"Parent").ok()?.as_reference().ok()) {
            Some(parent) => here = parent,
            None => return true,
        }
    }
    false
}

/// Its last kilobytes hold the mark that ends every PDF.
fn ended(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"%%EOF";
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    tail.windows(MARK.len()).any(|w| w == MARK)
}

/// Ligatures and trailing blanks.
fn tidy(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for line in page.lines() {
        for c in line.trim_end().chars() {
            match c {
                'ﬁ' => out.push_str("fi"),
                'ﬂ' => out.push_str("fl"),
                'ﬀ' => out.push_str("ff"),
                'ﬃ' => out.push_str("ffi"),
                'ﬄ' => out.push_str("ffl"),
                c => out.push(c),
            }
        }
        out.push('\n');
    }
    out
}
