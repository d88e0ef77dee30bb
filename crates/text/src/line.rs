//! Physical lines of a text, their list markers, and which of them are one paragraph that was cut at some width.
//! Invariant: no line is lost; a joined line spans from its first to its last.

use crate::column::{Physical, Seam, cells};

/// The sort of mark before an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A bullet.
    Bullet,
    /// A dash: often an item within an item.
    Dash,
    /// `1.`
    Number,
    /// `(1)`: an item within an item that bears a number
    Bracketed,
    /// `1.1`
    Decimal,
    /// `(a)`
    Letter,
    /// `iv)`
    Roman,
}

/// One physical line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// First byte after the marker.
    pub(crate) body: usize,
    pub(crate) bullet: Option<Marker>,
    pub(crate) blank_before: bool,
    /// Page furniture stands before it.
    pub(crate) after_furniture: bool,
    /// What its column says of the line above.
    pub(crate) seam: Seam,
}

impl Line {
    /// A line without a marker.
    fn plain(start: usize, end: usize, blank_before: bool) -> Line {
        Line {
            start,
            end,
            body: start,
            bullet: None,
            blank_before,
            after_furniture: false,
            seam: Seam::Free,
        }
    }
}

/// What ends a physical line.
const BREAKS: [char; 5] = ['\n', '\r', '\u{0c}', '\u{2028}', '\u{2029}'];

const BULLETS: &[char] = &[
    '•', '·', '▪', '■', '◦', '‣', '●', '○', '–', '—', '-', '*', '→', '➢', '►', '✓', '\u{f0b7}',
    '\u{2043}', '∙', '§', '+',
];

/// The length in bytes of a list marker at the start of a trimmed line, and whether it counts.
pub(crate) fn marker(line: &str) -> Option<(usize, Marker)> {
    let first = line.chars().next()?;
    let after = |n: usize| {
        let rest = &line[n..];
        let blank: usize = rest
            .chars()
            .take_while(|c| c.is_whitespace())
            .map(char::len_utf8)
            .sum();
        (blank > 0 && rest.len() > blank).then_some(n + blank)
    };
    if BULLETS.contains(&first) {
        let run: usize = line
            .chars()
            .take_while(|c| *c == first)
            .map(char::len_utf8)
            .sum();
        return after(run).filter(|_| run <= 2 * first.len_utf8()).map(|n| {
            let dash = matches!(first, '-' | '–' | '—');
            (n, if dash { Marker::Dash } else { Marker::Bullet })
        });
    }
    if first == 'o' {
        return after(1)
            .filter(|n| *n >= 2 && line[1..].starts_with(['\t', '\u{a0}', ' ']))
            .map(|n| (n, Marker::Bullet));
    }
    // 1.2 or 1.2.3
    let decimal: usize = line
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .map(char::len_utf8)
        .sum();
    if (3..=6).contains(&decimal)
        && line[..decimal].trim_end_matches('.').contains('.')
        && line[..decimal].split('.').all(|p| p.len() <= 2)
    {
        return after(decimal).map(|n| (n, Marker::Decimal));
    }
    let open = usize::from(first == '(' || first == '[');
    let inner: usize = line[open..]
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(char::len_utf8)
        .sum();
    if inner == 0 || inner > 4 {
        return None;
    }
    let word = &line[open..open + inner];
    let digits = word.chars().all(|c| c.is_ascii_digit());
    let roman = word
        .chars()
        .all(|c| matches!(c.to_ascii_lowercase(), 'i' | 'v' | 'x'));
    let letter = inner == 1;
    if !(digits && inner <= 3 || roman || letter) {
        return None;
    }
    // "1  On 22 January, the consultations were held": a number that only a gap parts from its sentence.
    let rest = &line[open + inner..];
    let gap = rest.len() - rest.trim_start().len();
    let apart =
        rest.starts_with('\t') || rest.chars().take_while(|c| c.is_whitespace()).count() >= 2;
    if digits
        && open == 0
        && inner <= 2
        && apart
        && rest.trim_start().starts_with(char::is_uppercase)
    {
        return Some((inner + gap, Marker::Number));
    }
    let close = rest.chars().next()?;
    let fits = match close {
        ')' => true,
        ']' => false,
        '.' => {
            open == 0
                && (digits
                    || roman
                    // "M. Dupont s'est dit reconnaissant": no item.
                    || word.chars().all(char::is_uppercase) && word != "M"
                    || letter && matches!(first, 'a'..='l'))
        }
        _ => false,
    };
    if !fits {
        return None;
    }
    let sort = if digits && open > 0 {
        Marker::Bracketed
    } else if digits {
        Marker::Number
    } else if roman && (inner > 1 || matches!(word, "i" | "v" | "x" | "I" | "V" | "X")) {
        Marker::Roman
    } else {
        Marker::Letter
    };
    after(open + inner + 1).map(|n| (n, sort))
}

pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut blank_before = true;
    let mut at = 0;
    let mut physical: Vec<Physical> = Vec::new();
    for raw in text.split_inclusive(BREAKS) {
        physical.push(Physical::new(raw, at));
        at += raw.len();
    }
    let cells = cells(text, &physical);
    at = 0;
    for (raw, cell) in text.split_inclusive(BREAKS).zip(cells) {
        let start = at + (raw.len() - raw.trim_start().len());
        let end = at + raw.trim_end().len();
        at += raw.len();
        if let Some(cell) = cell {
            // A label heads the cell beside it; the rest of one lies within the cell.
            if let Some(label) = cell.label.filter(|_| cell.seam == Seam::Apart) {
                let mut line = Line::plain(start, label, true);
                line.seam = Seam::Apart;
                out.push(line);
                blank_before = true;
            }
            if cell.label.is_some() || cell.seam != Seam::Free {
                let mut line = Line::plain(cell.body, end, blank_before);
                line.seam = cell.seam;
                out.push(line);
                blank_before = false;
                continue;
            }
        }
        if start >= end {
            // A lone carriage return after a line feed is no blank line of its own.
            if raw != "\n" || !text[..at - 1].ends_with('\r') {
                blank_before = true;
            }
            continue;
        }
        // Marks of Markdown around a line or a heading are none of its words.
        let (start, end) = unmarked(text, start, end);
        // "/END/" behind the last sentence is none of it.
        let end = start + text[start..end].trim_end_matches("/END/").trim_end().len();
        if start == end {
            continue;
        }
        if let Some((body, last)) = row(&text[start..end]) {
            out.push(Line {
                start,
                end: start + last,
                body: start + body,
                bullet: Some(Marker::Bullet),
                blank_before,
                after_furniture: false,
                seam: Seam::Free,
            });
            blank_before = false;
            continue;
        }
        let found = marker(&text[start..end]);
        out.push(Line {
            start,
            end,
            body: start + found.map_or(0, |(n, _)| n),
            bullet: found.map(|(_, n)| n),
            blank_before,
            after_furniture: false,
            seam: Seam::Free,
        });
        blank_before = false;
    }
    out
}

/// Whether a line rules off the head of a table: `|---|:--:|`.
pub(crate) fn is_rule(line: &str) -> bool {
    line.len() > 2
        && line.contains("--")
        && line.contains('|')
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | '+' | ' '))
}

/// A row of a table, `| 1 | Action | Lead |`: where its words begin, after a cell with a number, and where they end.
fn row(line: &str) -> Option<(usize, usize)> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    if !inner.contains('|') || is_rule(line) || inner.trim_matches(['|', ' ']).is_empty() {
        return None;
    }
    let mut body = 1;
    if let Some((cell, rest)) = inner.split_once('|')
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.'))
        && !rest.trim().is_empty()
    {
        body += cell.len() + 1;
    }
    body += line[body..].len() - line[body..].trim_start().len();
    let end = 1 + inner.trim_end().len();
    (body < end).then_some((body, end))
}

/// Steps over `#`, `**` and `_` around a line.
fn unmarked(text: &str, start: usize, end: usize) -> (usize, usize) {
    let slice = &text[start..end];
    let mut from = slice.len() - slice.trim_start_matches('#').len();
    if from > 0 && !slice[from..].starts_with(' ') {
        from = 0;
    }
    from += slice[from..].len() - slice[from..].trim_start().len();
    let mut to = slice.len();
    for mark in ["**", "__", "_", "*"] {
        if slice[from..].starts_with(mark)
            && slice[from + mark.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '"')
        {
            from += mark.len();
        }
        if to > from + mark.len()
            && slice[from..to].ends_with(mark)
            && slice[..to - mark.len()]
                .ends_with(|c: char| !c.is_whitespace() && c != '*' && c != '_')
        {
            to -= mark.len();
        }
    }
    (start + from, start + to)
}

/// "MEASURES IN CYBERSPACE          12 December 2024": what a letterhead sets apart in one line.
pub(crate) fn two_columns(line: &str) -> bool {
    /// Justified prose leaves no more between two words.
    const APART: &str = "     ";
    !line.ends_with('.') && line.lines().any(|l| l.trim().contains(APART))
}

/// Whether a long line that a label opens ends in a telephone number.
pub(crate) fn addressed(text: &str, words: usize) -> bool {
    /// Longer than that is no address.
    const ADDRESS: usize = 48;
    let figures = text
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || " +()-./\u{a0}".contains(*c))
        .filter(char::is_ascii_digit)
        .count();
    words <= ADDRESS && figures >= 6 && text.contains(':')
}

pub(crate) fn closed(text: &str) -> bool {
    let trimmed = text.trim_end_matches([
        '*', '_', '"', '”', '»', '\u{2019}', ')', ']', ' ', '\u{a0}', '\u{202f}',
    ]);
    trimmed.ends_with(['.', '!', '?', ':', ';', '…'])
        || (text.ends_with(['"', '”', '»']) && trimmed.ends_with(','))
}

pub(crate) fn closed_hard(text: &str) -> bool {
    text.ends_with(['.', '!', '?'])
}

pub(crate) fn begins_lower(text: &str) -> bool {
    text.trim_start_matches(['(', '"', '“', '«', '\'', ' ', '\u{a0}'])
        .chars()
        .next()
        .is_some_and(|c| c.is_lowercase())
}

/// Width at which the lines of a text were cut, if they were.
fn wrap_width(text: &str, lines: &[Line]) -> Option<usize> {
    let lengths: Vec<usize> = lines
        .iter()
        .map(|l| text[l.start..l.end].chars().count())
        .collect();
    let longest = lengths.iter().copied().max()?;
    if longest > 130 {
        return None;
    }
    let broken = lines
        .windows(2)
        .zip(&lengths)
        .filter(|(pair, n)| {
            !pair[1].blank_before
                && pair[1].bullet.is_none()
                && **n * 10 >= longest * 6
                && !closed(&text[pair[0].start..pair[0].end])
        })
        .count();
    (broken >= 3 && longest >= 40).then_some(longest)
}

/// Joins the lines of a paragraph or item that was cut at some width.
pub(crate) fn joined(text: &str, lines: &[Line]) -> Vec<Line> {
    let width = wrap_width(text, lines);
    let mut out: Vec<Line> = Vec::new();
    let mut last_line = 0..0;
    for line in lines {
        let here = &text[line.body..line.end];
        let join = out.last().is_some_and(|previous| {
            if line.bullet.is_some() {
                return false;
            }
            match line.seam {
                Seam::Below => return true,
                Seam::SetIn if width.is_none() => return true,
                Seam::Apart => return false,
                Seam::SetIn | Seam::Free => {}
            }
            let before = &text[last_line.clone()];
            if two_columns(before) || two_columns(here) {
                return false;
            }
            // "Guinée-", then "Bissau".
            let cut_word = before
                .strip_suffix('-')
                .is_some_and(|word| word.ends_with(char::is_alphabetic));
            if cut_word && !line.blank_before {
                return true;
            }
            let list_like = before.ends_with([';', ':']) && width.is_none();
            // "adopted in Düsseldorf, 11 May 2022" under a title.
            let words = here.split_whitespace().count();
            let dated = words <= 8
                && before.split_whitespace().count() <= 12
                && here.len() > 4
                && here.is_char_boundary(here.len() - 4)
                && here[here.len() - 4..].bytes().all(|b| b.is_ascii_digit());
            if line.blank_before {
                // A paragraph that goes on after a page break or a stray blank line.
                let n = before.chars().count();
                let cut = line.after_furniture
                    && last_line.start > previous.start + 20
                    && width.is_some_and(|w| n * 10 >= w * 6);
                let broken = line.after_furniture && last_line.start > previous.start + 20;
                return (n > 40 || broken)
                    && !dated
                    && !closed(before)
                    && (begins_lower(here) || cut)
                    && !matches!(previous.bullet, Some(Marker::Bullet | Marker::Dash))
                    && !before.contains('@');
            }
            let name = before.split_whitespace().count() <= 5
                && before
                    .split_whitespace()
                    .all(|w| w.starts_with(char::is_uppercase));
            let address = here.contains('@') && !here.contains(' ');
            // At the head of a hard-wrapped text, too.
            let head = out.len() <= 2 && here.starts_with(char::is_uppercase);
            if address || dated && (width.is_none() || head) {
                return false;
            }
            if begins_lower(here) && !list_like && !closed_hard(before) && !name {
                return true;
            }
            let Some(width) = width else { return false };
            let n = before.chars().count();
            if closed(before) {
                n * 10 >= width * 8
            } else {
                n * 10 >= width * 6
            }
        });
        if join && let Some(previous) = out.last_mut() {
            previous.end = line.end;
        } else {
            out.push(line.clone());
        }
        last_line = line.start..line.end;
    }
    out
}
