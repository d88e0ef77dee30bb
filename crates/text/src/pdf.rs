//! From a PDF with a text layer to text. The parser is not ours: callers run it in a process of limited memory and time.
//! Invariant: a damaged or scanned file gives a failure, never an empty reading.

use crate::problem::Failure;

/// The text of a PDF, pages parted by a form feed.
pub(crate) fn text(bytes: &[u8]) -> Result<String, Failure> {
    let pages = std::panic::catch_unwind(|| pdf_extract::extract_text_from_mem_by_pages(bytes));
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
