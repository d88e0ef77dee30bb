//! A table as a file: CSV for spreadsheets, JSON for programs. Each row carries the label of the whole.

use std::fmt::Write as _;

use super::Table;
use crate::shell::label::Tlp;

impl Table {
    /// As CSV (RFC 4180, UTF-8). What a spreadsheet would take for a formula begins with an apostrophe.
    pub fn to_csv(&self, label: Option<&Tlp>) -> String {
        let label = label.map_or("", |label| &label.text);
        let heads = self.columns.iter().map(|column| column.key.to_owned());
        let mut text = line(heads.chain(["label".to_owned()]));
        for row in &self.rows {
            let cells = row.cells.iter().map(super::Cell::plain);
            text.push_str(&line(cells.chain([label.to_owned()])));
        }
        if let Some(rest) = self.rest() {
            text.push_str(&line(
                [self.words.t1("table-rest", "address", rest)].into_iter(),
            ));
        }
        text
    }

    /// As JSON: an object with the label and an array of objects.
    pub fn to_json(&self, label: Option<&Tlp>) -> String {
        let label = label.map_or("", |label| &label.text);
        let mut text = format!("{{\"label\":{},\"rows\":[", quoted(label));
        for (place, row) in self.rows.iter().enumerate() {
            text.push_str(if place == 0 { "\n{" } else { ",\n{" });
            for (place, (column, cell)) in self.columns.iter().zip(&row.cells).enumerate() {
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
        }
        text.push_str("\n]");
        if let Some(rest) = self.rest() {
            let _ = write!(text, ",\"next\":{}", quoted(&rest));
        }
        text.push_str("}\n");
        text
    }

    /// Where the rows are that don't go into this file.
    fn rest(&self) -> Option<String> {
        let next = self.next.as_ref()?;
        Some(format!("{}{next}", self.path))
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells
        .map(|cell| {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let guard = if formula { "'" } else { "" };
            format!("\"{guard}{}\"", cell.replace('"', "\"\""))
        })
        .collect();
    format!("{}\r\n", cells.join(","))
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
            "\"'=1+1\",\"'-x\",\"a \"\"b\"\"\",\"c, d\",\"é\n\"\r\n"
        );
        assert_eq!(quoted("a\"\\\n\u{1}é"), "\"a\\\"\\\\\\n\\u0001é\"");
    }
}
