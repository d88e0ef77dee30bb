//! From a DOCX to text: paragraphs, list items and tables of the main part.
//! Invariant: no more than [`MOST`] bytes are unpacked, however small the file is.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::problem::Failure;

/// Bytes of XML that are unpacked at most.
const MOST: u64 = 64 * 1024 * 1024;

/// The text of a DOCX.
pub(crate) fn text(bytes: &[u8]) -> Result<String, Failure> {
    let damaged = |why: &dyn std::fmt::Display| Failure::Damaged(format!("as a DOCX: {why}"));
    // The list of its parts stands at the end of an archive.
    let ended = bytes.windows(4).rev().any(|w| w == b"PK\x05\x06");
    if !ended {
        return Err(Failure::Damaged(
            "the end of the DOCX is missing; it was cut off".to_owned(),
        ));
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let mut part = archive
        .by_name("word/document.xml")
        .map_err(|_| damaged(&"it has no word/document.xml"))?;
    let mut xml = Vec::new();
    part.by_ref()
        .take(MOST + 1)
        .read_to_end(&mut xml)
        .map_err(|e| damaged(&e))?;
    if xml.len() as u64 > MOST {
        return Err(Failure::TooLarge(format!(
            "its text unpacks to more than {} MiB",
            MOST >> 20
        )));
    }
    let mut reader = Reader::from_reader(xml.as_slice());
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut item = false;
    let mut in_text = false;
    let mut deleted = 0usize;
    let mut buffer = Vec::new();
    let mut after_item = false;
    loop {
        match reader.read_event_into(&mut buffer) {
            Err(e) => return Err(damaged(&e)),
            Ok(Event::Eof) => break,
            Ok(Event::Start(e)) => match e.local_name().as_ref() {
                "t" => in_text = true,
                "numPr" => item = true,
                "del" | "moveFrom" => deleted += 1,
                _ => {}
            },
            Ok(Event::Empty(e)) => match e.local_name().as_ref() {
                "br" | "cr" => paragraph.push('\n'),
                "tab" => paragraph.push(' '),
                "noBreakHyphen" => paragraph.push('\u{2011}'),
                "numPr" => item = true,
                _ => {}
            },
            Ok(Event::End(e)) => match e.local_name().as_ref() {
                "t" => in_text = false,
                "del" | "moveFrom" => deleted = deleted.saturating_sub(1),
                "p" => {
                    let text = paragraph.trim();
                    if !text.is_empty() {
                        if !out.is_empty() {
                            out.push_str(if item && after_item { "\n" } else { "\n\n" });
                        }
                        if item {
                            out.push_str("• ");
                        }
                        out.push_str(text);
                        after_item = item;
                    }
                    paragraph.clear();
                    item = false;
                }
                _ => {}
            },
            Ok(Event::Text(t)) if in_text && deleted == 0 => paragraph.push_str(&t),
            Ok(Event::GeneralRef(r)) if in_text && deleted == 0 => {
                if let Ok(Some(c)) = r.resolve_char_ref() {
                    paragraph.push(c);
                } else {
                    match &*r {
                        "amp" => paragraph.push('&'),
                        "lt" => paragraph.push('<'),
                        "gt" => paragraph.push('>'),
                        "quot" => paragraph.push('"'),
                        "apos" => paragraph.push('\''),
                        _ => {}
                    }
                }
            }
            Ok(_) => {}
        }
        buffer.clear();
    }
    if out.trim().is_empty() {
        Err(Failure::Empty)
    } else {
        Ok(out)
    }
}
