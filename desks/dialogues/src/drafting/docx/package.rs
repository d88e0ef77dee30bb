//! The archive around a DOCX. Invariant: however small a file is, no more than a few MiB of it are unpacked.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Bytes of one part that are unpacked at most.
const MOST: u64 = 16 << 20;
/// Parts that an archive may have.
const PARTS: usize = 4_000;

/// Why a file could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// It is no DOCX.
    NotDocx,
    /// It is a DOCX that is damaged.
    Damaged,
    /// It holds more than is unpacked, or nests deeper than is read.
    TooLarge,
    /// There is no text in it.
    Empty,
}

/// A DOCX, opened.
pub(super) struct Package<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Broken> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
            // A file that begins as an archive and is none was cut off on its way.
            if bytes.starts_with(b"PK") {
                Broken::Damaged
            } else {
                Broken::NotDocx
            }
        })?;
        if archive.len() > PARTS {
            return Err(Broken::TooLarge);
        }
        Ok(Self(archive))
    }

    pub(super) fn has(&mut self, name: &str) -> bool {
        self.0.index_for_name(name).is_some()
    }

    /// A part, if it is there.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Broken> {
        if !self.has(name) {
            return Ok(None);
        }
        let part = self.0.by_name(name).map_err(|_| Broken::Damaged)?;
        let mut bytes = Vec::new();
        part.take(MOST + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| Broken::Damaged)?;
        if bytes.len() as u64 > MOST {
            return Err(Broken::TooLarge);
        }
        Ok(Some(bytes))
    }
}

/// An archive of these parts, the same for the same parts.
pub(super) fn packed(parts: &[(&str, String)]) -> anyhow::Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, content) in parts {
        writer.start_file(*name, options)?;
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Text as XML has it; letters that XML has not are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            letter if letter < ' ' || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => out.push(letter),
        }
    }
    out
}
