//! Signatures under a text: a name alone on its line, or in its column, with the office above or below it.
//! Invariant: what stands within the text is none of its signatures.

use crate::person::{Found, Page};

/// No text has more lines of signatures.
const LINES: usize = 120;

/// Words of a line that stand apart from others by three blanks or more: a column.
type Cell = (usize, usize);

impl Page<'_> {
    /// Who signed, below the token `after`.
    pub(crate) fn signed(&self, after: usize) -> Vec<Found> {
        let Some(last) = after.checked_sub(1).and_then(|i| self.tokens.get(i)) else {
            return Vec::new();
        };
        let lines: Vec<Vec<Cell>> = self.text[last.end..]
            .lines()
            .filter(|line| !line.trim().is_empty())
            .take(LINES)
            .map(|line| self.cells(line))
            .collect();
        let mut out = Vec::new();
        let mut taken: Vec<Cell> = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            for (column, &(start, end)) in line.iter().enumerate() {
                // "(Signed) Jane Doe"
                let start = (start..end.min(start + 4))
                    .find(|k| self.tokens[*k].is(")"))
                    .filter(|_| {
                        self.tokens[start].is("(")
                            && self.lexicon.is("signed", &self.tokens[start + 1].folded)
                    })
                    .map_or(start, |close| close + 1);
                let start = self.past_civility(start, end);
                if self.name_until(start, end, false) != Some(end) {
                    continue;
                }
                let beside = |other: Option<&Vec<Cell>>| {
                    let cells = other.filter(|cells| cells.len() == line.len())?;
                    self.office_cell(*cells.get(column)?)
                };
                let above = i.checked_sub(1).and_then(|k| lines.get(k));
                // The office under one name stands above the next.
                let above = beside(above).filter(|office| !taken.contains(office));
                if let Some((a, b)) = above.or_else(|| beside(lines.get(i + 1))) {
                    taken.push((a, b));
                    out.push(Found {
                        start,
                        end,
                        name: self.printed(start, end),
                        role: Some(self.printed(a, b)),
                        side: None,
                    });
                }
            }
        }
        out
    }

    /// "Senator the Hon Jane Doe", "Jane Doe, Minister for Foreign Affairs of Japan": a line that names a person and an office, and begins with it.
    pub(crate) fn credits(&self, start: usize, end: usize) -> bool {
        /// Such a line has no more tokens.
        const LINE: usize = 24;
        if end <= start || end - start > LINE {
            return false;
        }
        let mut from = start;
        while from < end {
            let past = self
                .listed("honorifics", from)
                .max(self.listed("titles", from));
            let article = self.lexicon.is("determiners", &self.tokens[from].folded);
            // A bullet before it is none of its words.
            let mark = from == start && !self.tokens[from].is_word();
            match past {
                past if past > from => from = past,
                _ if article || mark || self.tokens[from].is(".") => from += 1,
                _ => break,
            }
        }
        let Some(after) = self.name_until(from, end, false) else {
            return false;
        };
        // "The Hon Jane Doe MP, Minister"
        let letters =
            |i: usize| i < end && self.tokens[i].upper && self.tokens[i].folded.len() <= 4;
        let after = after + usize::from(letters(after));
        from > start && after == end
            || after < end && self.tokens[after].is(",") && self.role_after(after).is_some()
    }

    /// Past "Mme", "M.", "Dr" at the head of a signature.
    fn past_civility(&self, start: usize, end: usize) -> usize {
        let past = self.listed("honorifics", start);
        let stop = self.tokens.get(past).is_some_and(|t| t.is("."));
        match past + usize::from(past > start && stop) {
            past if past > start && past < end => past,
            _ => start,
        }
    }

    /// The columns of a line of the source, as ranges of tokens.
    fn cells(&self, line: &str) -> Vec<Cell> {
        let offset = line.as_ptr() as usize - self.text.as_ptr() as usize;
        let from = self.tokens.partition_point(|t| t.start < offset);
        let to = self
            .tokens
            .partition_point(|t| t.start < offset + line.len());
        let mut out: Vec<Cell> = Vec::new();
        for i in from..to {
            let apart = i > from
                && self.text[self.tokens[i - 1].end..self.tokens[i].start]
                    .chars()
                    .count()
                    >= 3;
            match out.last_mut() {
                Some(cell) if !apart => cell.1 = i + 1,
                _ => out.push((i, i + 1)),
            }
        }
        out
    }

    /// An office and nothing else: "Le directeur général de l'ANSSI", "Ambassador".
    fn office_cell(&self, (start, end): Cell) -> Option<Cell> {
        let from = (start..end).find(|i| {
            let t = &self.tokens[*i];
            t.is_word() && !self.lexicon.is("determiners", &t.folded)
        })?;
        (from <= start + 1 && end - start <= 16 && self.role_word(from)).then_some((from, end))
    }
}
