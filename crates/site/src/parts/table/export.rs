//! A table as a file: CSV for spreadsheets, JSON for programs; put together of portions, so that never more than a few hundred records are
//! held for it.
//!
//! Invariant: each row carries the label of the whole file, which is known when the last row is.

use std::fmt::Write as _;

use super::Table;
use crate::locale::Words;
use crate::shell::label::Tlp;

/// What a table is taken along as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Csv,
    Json,
}

impl Kind {
    /// What an address asks for: CSV, where it names nothing else that there is.
    pub(crate) fn asked(name: &str) -> Self {
        match name {
            "json" => Self::Json,
            _ => Self::Csv,
        }
    }

    /// The media type, and the ending of the file's name.
    pub(crate) fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Json => ("application/json", "json"),
        }
    }
}

/// Some rows of a table, as they are to stand in a file, each still without the label of the whole; and where the next ones are.
#[derive(Debug, Clone)]
pub(crate) struct Portion {
    kind: Kind,
    head: String,
    rows: Vec<String>,
    label: Option<Tlp>,
    /// The query that gives the rows after these.
    pub(crate) next: Option<String>,
}

impl Table {
    /// Its rows, for a file.
    pub(crate) fn portion(&self, kind: Kind, label: Option<Tlp>) -> Portion {
        let rows = self.rows.iter().map(|row| match kind {
            Kind::Csv => line(row.cells.iter().map(super::Cell::plain)),
            Kind::Json => object(&self.columns, row),
        });
        Portion {
            head: line(self.columns.iter().map(|column| column.key.to_owned())),
            rows: rows.collect(),
            next: self.next.clone(),
            label,
            kind,
        }
    }
}

impl Portion {
    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }

    /// These, and others that follow them, under the stricter of both labels.
    pub(crate) fn and(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.next = other.next;
        self.label = match (self.label.take(), other.label) {
            (Some(one), Some(other)) => Some(one.or_stricter(other)),
            (one, other) => one.or(other),
        };
    }

    /// The file: each row with the label of the whole, and last where the rest is, if this is not all.
    pub(crate) fn written(self, words: &Words, path: &str) -> String {
        let label = self.label.as_ref().map_or("", |label| &label.text);
        let rest = self.next.as_ref().map(|next| format!("{path}{next}"));
        let long: usize = self
            .rows
            .iter()
            .map(|row| row.len() + label.len() + 5)
            .sum();
        let mut text = String::with_capacity(long + self.head.len() + 200);
        match self.kind {
            // RFC 4180, UTF-8.
            Kind::Csv => {
                let label = line([label.to_owned()].into_iter());
                let _ = write!(
                    text,
                    "{},{}\r\n",
                    self.head,
                    line(["label".to_owned()].into_iter())
                );
                for row in self.rows {
                    let _ = write!(text, "{row},{label}\r\n");
                }
                if let Some(rest) = rest {
                    let told = words.t1("table-rest", "address", rest);
                    let _ = write!(text, "{}\r\n", line([told].into_iter()));
                }
            }
            // An object with the label and an array of objects.
            Kind::Json => {
                let _ = write!(text, "{{\"label\":{},\"rows\":[", quoted(label));
                for (place, row) in self.rows.into_iter().enumerate() {
                    text.push_str(if place == 0 { "\n" } else { ",\n" });
                    text.push_str(&row);
                }
                text.push_str("\n]");
                if let Some(rest) = rest {
                    let _ = write!(text, ",\"next\":{}", quoted(&rest));
                }
                text.push_str("}\n");
            }
        }
        text
    }
}

/// A row as an object.
fn object(columns: &[super::Column], row: &super::Row) -> String {
    let mut text = String::from("{");
    for (place, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{}:{}",
            quoted(column.key),
            quoted(&cell.plain())
        );
    }
    if let Some(path) = &row.path {
        let _ = write!(text, ",\"path\":{}", quoted(path));
    }
    text.push('}');
    text
}

/// Cells as a line, without its end. What a spreadsheet would take for a formula begins with an apostrophe.
fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells
        .map(|cell| {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let guard = if formula { "'" } else { "" };
            format!("\"{guard}{}\"", cell.replace('"', "\"\""))
        })
        .collect();
    cells.join(",")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_gets_no_formula_and_a_program_no_broken_text() {
        let cells = ["=1+1", "-x", "a \"b\"", "c, d", "é\n"].map(str::to_owned);
        assert_eq!(
            line(cells.into_iter()),
            "\"'=1+1\",\"'-x\",\"a \"\"b\"\"\",\"c, d\",\"é\n\""
        );
        assert_eq!(quoted("a\"\\\n\u{1}é"), "\"a\\\"\\\\\\n\\u0001é\"");
    }
}
