//! What belongs together by the column in which it stands: cells of a table that is set in blanks, and paragraphs set in.
//! Invariant: only lines that go on in small letters tell a column, so that letterheads and signatures are none.

/// A cell that begins further to the left is no column beside a label.
const FAR: usize = 12;

/// A paragraph set in begins at least here.
const SET_IN: usize = 3;

/// So many lines at least show that a column or a paragraph was cut at some width.
const ENOUGH: usize = 3;

/// How a physical line stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Last byte of what stands to the left of the column, if anything does.
    pub(crate) label: Option<usize>,
    /// First byte in the column.
    pub(crate) body: usize,
    /// The line above is of the same cell.
    pub(crate) goes_on: bool,
}

/// A physical line: its first and last byte without blanks, and the column of the first.
pub(crate) struct Physical {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) indent: usize,
}

impl Physical {
    /// A line of the source that begins at the byte `at`.
    pub(crate) fn new(raw: &str, at: usize) -> Physical {
        let blank = raw.len() - raw.trim_start().len();
        Physical {
            start: at + blank,
            end: (at + raw.trim_end().len()).max(at + blank),
            indent: raw[..blank].chars().count(),
        }
    }

    fn is_blank(&self) -> bool {
        self.start >= self.end
    }

    fn is_item(&self, text: &str) -> bool {
        crate::line::marker(&text[self.start..self.end]).is_some()
    }

    fn begins_lower(&self, text: &str) -> bool {
        text[self.start..self.end].starts_with(char::is_lowercase)
    }

    /// Where the label ends and the cell begins, if a gap of two blanks or more ends at that column.
    fn split(&self, text: &str, column: usize) -> Option<(usize, usize)> {
        let slice = &text[self.start..self.end];
        let (at, _) = slice.char_indices().nth(column.checked_sub(self.indent)?)?;
        let label = slice[..at].trim_end();
        let gap = at - label.len();
        let word = label.chars().filter(|c| c.is_alphabetic()).count() >= 4;
        (gap >= 2 && word && !slice[at..].starts_with(' '))
            .then_some((self.start + label.len(), self.start + at))
    }
}

/// For each physical line, the cell it is part of.
pub(crate) fn cells(text: &str, lines: &[Physical]) -> Vec<Option<Cell>> {
    let mut out = vec![None; lines.len()];
    set_in(text, lines, &mut out);
    hanging(text, lines, &mut out);
    if let Some(column) = column(text, lines) {
        table(text, lines, column, &mut out);
    }
    out
}

/// The column in which cells go on, if two labels at least stand to the left of it.
fn column(text: &str, lines: &[Physical]) -> Option<usize> {
    let mut counts: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for line in lines
        .iter()
        .filter(|l| l.indent >= FAR && l.begins_lower(text))
    {
        *counts.entry(line.indent).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, n)| *n >= ENOUGH)
        .filter(|(column, _)| {
            let labels = lines.iter().filter(|l| l.split(text, *column).is_some());
            labels.count() >= 2
        })
        .max_by_key(|(_, n)| *n)
        .map(|(column, _)| column)
}

/// Marks the cells of a table: a blank line parts two rows.
fn table(text: &str, lines: &[Physical], column: usize, out: &mut [Option<Cell>]) {
    let Some(first) = lines.iter().position(|l| l.split(text, column).is_some()) else {
        return;
    };
    let mut open = false;
    for (line, cell) in lines.iter().zip(out.iter_mut()).skip(first) {
        let split = line.split(text, column);
        if line.is_blank() || split.is_none() && line.indent != column {
            open = false;
            continue;
        }
        *cell = Some(Cell {
            label: split.map(|(end, _)| end),
            body: split.map_or(line.start, |(_, body)| body),
            goes_on: open,
        });
        open = true;
    }
}

/// Marks lines that go on below the words of an item, to the right of its mark.
fn hanging(text: &str, lines: &[Physical], out: &mut [Option<Cell>]) {
    let mut under: Option<usize> = None;
    for (line, cell) in lines.iter().zip(out.iter_mut()) {
        if line.is_blank() {
            under = None;
            continue;
        }
        let slice = &text[line.start..line.end];
        if let Some((mark, _)) = crate::line::marker(slice) {
            let column = line.indent + slice[..mark].chars().count();
            under = Some(column).filter(|column| *column >= SET_IN);
        } else if under == Some(line.indent) {
            *cell = Some(Cell {
                label: None,
                body: line.start,
                goes_on: true,
            });
        } else {
            under = None;
        }
    }
}

/// Marks lines of a paragraph that is set in and cut at some width.
fn set_in(text: &str, lines: &[Physical], out: &mut [Option<Cell>]) {
    let mut from = 0;
    while from < lines.len() {
        let indent = lines[from].indent;
        let run = lines[from..]
            .iter()
            .take_while(|l| !l.is_blank() && l.indent == indent && !l.is_item(text))
            .count();
        let block = &lines[from..from + run];
        let cut = block.iter().skip(1).any(|l| l.begins_lower(text));
        if run >= ENOUGH && indent >= SET_IN && cut {
            for (i, line) in block.iter().enumerate() {
                out[from + i] = Some(Cell {
                    label: None,
                    body: line.start,
                    goes_on: i > 0,
                });
            }
        }
        from += run.max(1);
    }
}
