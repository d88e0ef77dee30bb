//! A table of records for a spreadsheet (RFC 4180). Invariant: no cell is a formula to the program that opens it.

use std::io::Write;

use anyhow::{Result, anyhow};
use node::Collection;
use policy::Released;
use stix::Limits;
use store::Record;

use super::Form;
use crate::console::Sink;

const HEAD: [&str; 8] = ["collection", "id", "type", "name", "created", "modified", "created_by", "revoked"];

/// The table, row by row.
pub(super) struct Table(Box<dyn Sink>);

impl Table {
    pub(super) fn begin(mut sink: Box<dyn Sink>) -> Result<Self> {
        // Spreadsheets take UTF-8 for what it is when this mark comes first.
        sink.write_all("\u{feff}".as_bytes())?;
        sink.write_all(row(&HEAD).as_bytes())?;
        Ok(Self(sink))
    }
}

impl Form for Table {
    fn record(&mut self, collection: &Collection, record: Released<&Record>) -> Result<()> {
        let record = record.into_inner();
        let object = stix::check(&record.body, &Limits { object: Limits::MAX_OBJECT, ..Limits::default() })
            .map_err(|problems| anyhow!("{} as it is stored cannot be read: {problems}", record.id))?;
        let header = object.header();
        let time = |time: &Option<stix::Timestamp>| time.as_ref().map_or(String::new(), |time| time.as_str().to_owned());
        let author = header.created_by_ref.as_ref().map_or(String::new(), ToString::to_string);
        let line = row(&[
            collection.alias.as_deref().unwrap_or(&collection.id),
            &record.id,
            header.type_name(),
            header.name.as_deref().unwrap_or_default(),
            &time(&header.created),
            &time(&header.modified),
            &author,
            if header.revoked { "true" } else { "false" },
        ]);
        Ok(self.0.write_all(line.as_bytes())?)
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.0.finish()
    }
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",") + "\r\n"
}

fn cell(text: &str) -> String {
    // An apostrophe before it makes text of what a spreadsheet would calculate.
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (text, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"so\"", "\"say \"\"so\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1,A2)", "\"'@SUM(A1,A2)\""),
            ("-1", "'-1"),
        ] {
            assert_eq!(cell(text), expected);
        }
        assert_eq!(row(&["a", "b"]), "a,b\r\n");
    }
}
