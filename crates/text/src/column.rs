//! What belongs together by the column in which it stands: cells of a table that is set in blanks, and paragraphs set in.
//! Invariant: only lines that go on in small letters tell a column, so that letterheads and signatures are none.

use crate::line::closed;

/// A cell that begins further to the left is no column beside a label.
const FAR: usize = 12;

/// No page is wider; what stands further to the right is not looked at.
const WIDEST: usize = 120;

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
    /// How it goes with the line above.
    pub(crate) seam: Seam,
}

/// How a line goes with the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seam {
    /// As the words, marks and widths of both tell.
    Free,
    /// It goes on below it, unless the whole text is cut at some width: then that tells better.
    SetIn,
    /// It goes on in the same cell.
    Below,
    /// Another row begins with it.
    Apart,
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

    /// Every column that a gap of two blanks or more opens beside a label: it, where the label ends, and where the cell begins.
    fn gaps(&self, text: &str) -> impl Iterator<Item = (usize, usize, usize)> {
        let (mut blanks, mut letters, mut label) = (0, 0, self.start);
        text[self.start..self.end]
            .char_indices()
            .zip(self.indent..=WIDEST)
            .filter_map(move |((at, c), column)| {
                if c.is_whitespace() {
                    blanks += 1;
                    return None;
                }
                let at = self.start + at;
                let gap = (blanks >= 2 && letters >= 4).then_some((column, label, at));
                blanks = 0;
                letters += usize::from(c.is_alphabetic());
                label = at + c.len_utf8();
                gap
            })
    }

    /// Where the label ends and the cell begins, if there is such a gap before that column.
    fn split(&self, text: &str, column: usize) -> Option<(usize, usize)> {
        self.gaps(text)
            .find(|(at, ..)| *at == column)
            .map(|(_, label, body)| (label, body))
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
    let mut counts = [0_usize; WIDEST + 1];
    let mut labels = [0_usize; WIDEST + 1];
    for line in lines {
        if line.indent >= FAR
            && line.begins_lower(text)
            && let Some(n) = counts.get_mut(line.indent)
        {
            *n += 1;
        }
        for (column, ..) in line.gaps(text) {
            labels[column] += 1;
        }
    }
    (FAR..=WIDEST)
        .filter(|column| counts[*column] >= ENOUGH && labels[*column] >= 2)
        .max_by_key(|column| counts[*column])
}

/// Marks the cells of a table: a blank line parts two rows, and so does a sentence that ends above a label, or one that begins
/// beside one. Else what stands beside the cell is the rest of its label.
fn table(text: &str, lines: &[Physical], column: usize, out: &mut [Option<Cell>]) {
    let Some(first) = lines.iter().position(|l| l.split(text, column).is_some()) else {
        return;
    };
    let capital = |at: usize| text[at..].starts_with(char::is_uppercase);
    let mut above: Option<&Physical> = None;
    for (line, cell) in lines.iter().zip(out.iter_mut()).skip(first) {
        let split = line.split(text, column);
        if line.is_blank() || split.is_none() && line.indent != column {
            above = None;
            continue;
        }
        let row = |above: &Physical, body| {
            closed(&text[above.start..above.end]) || capital(line.start) && capital(body)
        };
        let seam = match (split, above) {
            (Some((_, body)), Some(above)) if !row(above, body) => Seam::Below,
            (Some(_), _) => Seam::Apart,
            (None, Some(_)) => Seam::Below,
            (None, None) => Seam::Free,
        };
        *cell = Some(Cell {
            label: split.map(|(end, _)| end),
            body: split.map_or(line.start, |(_, body)| body),
            seam,
        });
        above = Some(line);
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
                seam: Seam::SetIn,
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
                    seam: if i > 0 { Seam::SetIn } else { Seam::Free },
                });
            }
        }
        from += run.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn physical(text: &str) -> Vec<Physical> {
        let mut at = 0;
        text.split_inclusive('\n')
            .map(|raw| {
                at += raw.len();
                Physical::new(raw, at - raw.len())
            })
            .collect()
    }

    /// A table in which the cells begin there.
    fn set(column: usize) -> String {
        let below = " ".repeat(column);
        let row =
            |label: &str| format!("{label:column$}The sides met\n{below}and\n{below}parted.\n");
        format!("{}\n{}", row("Threats"), row("Norms"))
    }

    #[test]
    fn no_column_is_wider_than_a_page() {
        for (at, found) in [
            (FAR, true),
            (WIDEST, true),
            (WIDEST + 1, false),
            (900, false),
        ] {
            let text = set(at);
            let column = column(&text, &physical(&text));
            assert_eq!(column, found.then_some(at), "{at}");
        }
    }

    #[test]
    fn a_row_begins_below_a_sentence_that_ends_or_with_one_that_begins() {
        let text = "Threats       The sides met\n              and parted\n              again\nUnited        They agreed\nnations       and\n              left.\nnorms         on rules\n";
        let seams: Vec<Seam> = cells(text, &physical(text))
            .iter()
            .flatten()
            .map(|cell| cell.seam)
            .collect();
        let (new, on) = (Seam::Apart, Seam::Below);
        assert_eq!(seams, [new, on, on, new, on, on, new]);
    }

    /// Each column in which three lines begin would be looked for in all the others: a thousand of them, in as long a text as is read.
    #[test]
    fn many_columns_take_no_longer() {
        let mut text: String = (FAR..1_000)
            .map(|n| format!("{}x\n", " ".repeat(n)).repeat(3))
            .collect();
        let line = format!("{}\n", "words ".repeat(200));
        text.push_str(&line.repeat(((4 << 20) - text.len()) / line.len()));
        let lines = physical(&text);
        let start = std::time::Instant::now();
        let found = cells(&text, &lines);
        assert!(found.iter().flatten().all(|cell| cell.label.is_none()));
        assert!(start.elapsed().as_secs() < 6, "{:?}", start.elapsed());
    }
}
