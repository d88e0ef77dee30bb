//! From source text to blocks: title, dateline, headings, paragraphs, list items, and what is no text at all.
//! Invariant: blocks are byte ranges of the source in order; every line that is not blank belongs to one block.

use crate::lexicon::Lexicon;
use crate::token::{Token, fold, tokens};

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The document's own title.
    Title,
    /// A line of the header that is neither title nor date: site, section, subtitle.
    Header,
    /// Place and date of publication.
    Dateline,
    /// A heading within the body.
    Heading,
    /// A paragraph of the body.
    Paragraph,
    /// An item of a list, without its marker.
    Item,
    /// Navigation, page numbers, captions, notes.
    Furniture,
    /// Whom to call or write to.
    Contact,
}

/// A range of the source with a role.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) role: Role,
    /// First byte, after a list marker.
    pub(crate) start: usize,
    /// One past the last byte, white space trimmed.
    pub(crate) end: usize,
    /// What stood before it, if it is an item.
    pub(crate) marker: Option<Marker>,
}

/// The sort of mark before an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A bullet or dash.
    Bullet,
    /// `1.`
    Number,
    /// `1.1`
    Decimal,
    /// `(a)`
    Letter,
    /// `iv)`
    Roman,
}

/// One physical line.
#[derive(Clone, Debug)]
struct Line {
    start: usize,
    end: usize,
    /// First byte after the marker.
    body: usize,
    bullet: Option<Marker>,
    blank_before: bool,
    /// Page furniture stands before it.
    after_furniture: bool,
}

const BULLETS: &[char] = &[
    '•', '·', '▪', '■', '◦', '‣', '●', '○', '–', '—', '-', '*', '→', '➢', '►', '✓', '\u{f0b7}',
    '\u{2043}', '∙', '§',
];

/// The length in bytes of a list marker at the start of a trimmed line, and whether it counts.
fn marker(line: &str) -> Option<(usize, Marker)> {
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
        return after(run)
            .filter(|_| run <= 2 * first.len_utf8())
            .map(|n| (n, Marker::Bullet));
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
    let close = line[open + inner..].chars().next()?;
    let fits = match close {
        ')' => true,
        ']' => false,
        '.' => open == 0 && (digits || roman || word.chars().all(char::is_uppercase)),
        _ => false,
    };
    if !fits {
        return None;
    }
    let sort = if digits {
        Marker::Number
    } else if roman && (inner > 1 || matches!(word, "i" | "v" | "x" | "I" | "V" | "X")) {
        Marker::Roman
    } else {
        Marker::Letter
    };
    after(open + inner + 1).map(|n| (n, sort))
}

fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut blank_before = true;
    let mut at = 0;
    for raw in text.split_inclusive(['\n', '\r', '\u{0c}', '\u{2028}', '\u{2029}']) {
        let start = at + (raw.len() - raw.trim_start().len());
        let end = at + raw.trim_end().len();
        at += raw.len();
        if start >= end {
            // A lone carriage return after a line feed is no blank line of its own.
            if raw != "\n" || !text[..at - 1].ends_with('\r') {
                blank_before = true;
            }
            continue;
        }
        // Marks of Markdown around a line or a heading are none of its words.
        let (start, end) = unmarked(text, start, end);
        let found = marker(&text[start..end]);
        out.push(Line {
            start,
            end,
            body: start + found.map_or(0, |(n, _)| n),
            bullet: found.map(|(_, n)| n),
            blank_before,
            after_furniture: false,
        });
        blank_before = false;
    }
    out
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

fn closed(text: &str) -> bool {
    let trimmed = text.trim_end_matches([
        '*', '_', '"', '”', '»', '\u{2019}', ')', ']', ' ', '\u{a0}', '\u{202f}',
    ]);
    trimmed.ends_with(['.', '!', '?', ':', ';', '…'])
        || (text.ends_with(['"', '”', '»']) && trimmed.ends_with(','))
}

fn begins_lower(text: &str) -> bool {
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
fn joined(text: &str, lines: &[Line]) -> Vec<Line> {
    let width = wrap_width(text, lines);
    let mut out: Vec<Line> = Vec::new();
    let mut last_line = 0..0;
    for line in lines {
        let here = &text[line.body..line.end];
        let join = out.last().is_some_and(|previous| {
            if line.bullet.is_some() {
                return false;
            }
            let before = &text[last_line.clone()];
            let list_like = before.ends_with([';', ':']) && width.is_none();
            if line.blank_before {
                // A paragraph that goes on after a page break or a stray blank line.
                let n = before.chars().count();
                let cut = line.after_furniture
                    && last_line.start > previous.start + 20
                    && width.is_some_and(|w| n * 10 >= w * 6);
                return n > 40
                    && !closed(before)
                    && (begins_lower(here) || cut)
                    && previous.bullet != Some(Marker::Bullet)
                    && !before.contains('@');
            }
            let name = before.split_whitespace().count() <= 5
                && before
                    .split_whitespace()
                    .all(|w| w.starts_with(char::is_uppercase));
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

fn closed_hard(text: &str) -> bool {
    text.ends_with(['.', '!', '?'])
}

/// Whether the tokens of a line match a list of layout patterns.
fn listed(lexicon: &Lexicon, list: &str, tokens: &[Token]) -> bool {
    if tokens.is_empty() {
        return false;
    }
    let edge = tokens
        .iter()
        .take_while(|t| !t.is_word() && !t.is("©"))
        .count();
    let close = tokens.iter().rev().take_while(|t| !t.is_word()).count();
    lexicon
        .list(list)
        .at(tokens, edge, lexicon.grammar())
        .iter()
        .any(|f| *f.value != "whole" || f.end + close >= tokens.len())
}

/// Whether a line gives telephone numbers or addresses.
fn is_contact(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let phone = text.find('+').is_some_and(|at| {
        text[at..]
            .chars()
            .take(20)
            .filter(char::is_ascii_digit)
            .count()
            >= 7
    });
    let words = text.split_whitespace().count();
    let folded = fold(text);
    let tel = [
        "tel:",
        "tel.",
        "tel ",
        "phone",
        "telephone",
        "email:",
        "e-mail",
        "courriel",
        "mob.",
    ]
    .iter()
    .any(|t| folded.contains(t));
    (phone && words < 25)
        || (text.contains('@') && text.contains('.') && words < 25)
        || (tel && digits >= 6 && words < 25)
}

/// A note at the foot of a page: `[1] See ...`, `1 A/70/174.`
fn is_footnote(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('[') => text[1..].find(']').is_some_and(|n| {
            n <= 3
                && n > 0
                && text[1..1 + n]
                    .chars()
                    .all(|c| c.is_ascii_digit() || c == '*')
        }),
        Some('¹' | '²' | '³' | '⁴' | '⁵' | '⁶' | '⁷' | '⁸' | '⁹' | '†' | '‡') => {
            true
        }
        Some('*') => {
            chars.next().is_some_and(|c| c.is_alphabetic() || c == '*')
                || text.starts_with("* ")
                    && text.split_whitespace().count() < 40
                    && fold(text).contains("designation")
        }
        Some(c) if c.is_ascii_digit() => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let folded = fold(rest);
            rest.starts_with(' ')
                && (folded.starts_with(" see ")
                    || folded.starts_with(" voir ")
                    || folded.starts_with(" http")
                    || folded.starts_with(" a/res")
                    || folded.starts_with(" document"))
        }
        _ => false,
    }
}

/// What the header tells beside its blocks.
pub(crate) struct Layout {
    /// Blocks in order.
    pub(crate) blocks: Vec<Block>,
}

/// Cuts a text into blocks.
pub(crate) fn blocks(text: &str, lexicon: &Lexicon) -> Layout {
    let physical = lines(text);
    let mut repeated: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for line in &physical {
        let slice = &text[line.start..line.end];
        if slice.len() < 120 {
            let key: String = fold(slice).chars().filter(|c| c.is_alphabetic()).collect();
            if key.len() >= 6 {
                *repeated.entry(key).or_default() += 1;
            }
        }
    }
    // Page furniture goes before lines are joined, so that a sentence can go on over a page break.
    let mut furniture = Vec::new();
    let mut content = Vec::new();
    let mut gap = false;
    for (i, line) in physical.into_iter().enumerate() {
        let slice = &text[line.start..line.end];
        let words = slice.split_whitespace().count();
        let here = if words <= 45 {
            tokens(text, line.start, line.end)
        } else {
            Vec::new()
        };
        let key: String = fold(slice).chars().filter(|c| c.is_alphabetic()).collect();
        let number = here.len() <= 5
            && !here.is_empty()
            && here
                .iter()
                .all(|t| !t.is_word() || t.form == crate::token::Form::Number)
            && crate::lexicon::ENGLISH.calendar.dates(&here).is_empty()
            && slice.len() < 12;
        let running =
            i > 3 && words < 14 && !closed(slice) && repeated.get(&key).copied().unwrap_or(0) >= 3;
        let link = words <= 3 && (slice.starts_with("http") || slice.starts_with("www."));
        let bracketed = slice.starts_with('[') && slice.ends_with(']') && words < 40;
        let listed = words <= 45
            && (listed(lexicon, "furniture", &here) && (words <= 16 || !closed_hard(slice)));
        if number || running || link || listed || bracketed {
            furniture.push(Block {
                role: Role::Furniture,
                start: line.start,
                end: line.end,
                marker: None,
            });
            gap = true;
        } else {
            let mut line = line;
            line.blank_before |= gap;
            line.after_furniture = gap;
            gap = false;
            content.push(line);
        }
    }
    let units = joined(text, &content);
    let mut out: Vec<Block> = Vec::with_capacity(units.len() + furniture.len());
    let mut in_body = false;
    let mut trailer = false;
    let mut contacts = false;
    let first_body = units.iter().position(|u| is_body(text, u, lexicon));
    for (i, unit) in units.iter().enumerate() {
        let slice = &text[unit.body..unit.end];
        let here = tokens(text, unit.body, unit.end);
        let words = here.iter().filter(|t| t.is_word()).count();
        in_body |= Some(i) == first_body;
        let block = |role, start| Block {
            role,
            start,
            end: unit.end,
            marker: unit.bullet,
        };
        if listed(lexicon, "trailer", &here)
            && words <= 20
            && (!closed_hard(slice) || words <= 12 || is_contact(slice))
        {
            trailer |= in_body;
            contacts = here.iter().any(|t| {
                [
                    "contact", "enquir", "inquir", "queries", "presse", "press", "media",
                ]
                .iter()
                .any(|c| t.folded.starts_with(c))
            });
            let contact = contacts || is_contact(slice);
            out.push(block(
                if contact {
                    Role::Contact
                } else {
                    Role::Furniture
                },
                unit.start,
            ));
            continue;
        }
        if is_contact(slice) {
            out.push(block(Role::Contact, unit.start));
            continue;
        }
        if is_footnote(&text[unit.start..unit.end]) && in_body {
            out.push(block(Role::Furniture, unit.start));
            continue;
        }
        if !in_body {
            let role = if is_dateline(lexicon, &here, words) {
                Role::Dateline
            } else {
                Role::Header
            };
            out.push(block(role, unit.start));
            continue;
        }
        if trailer && (words < 8 || !closed_hard(slice)) {
            out.push(block(
                if contacts && words <= 6 || here.iter().any(|t| t.folded.contains('@')) {
                    Role::Contact
                } else {
                    Role::Furniture
                },
                unit.start,
            ));
            continue;
        }
        if words <= 14
            && !closed(slice)
            && is_dateline(lexicon, &here, words)
            && unit.bullet.is_none()
        {
            out.push(block(Role::Dateline, unit.start));
            continue;
        }
        if is_heading(text, unit, &here, words, lexicon, units.get(i + 1)) {
            out.push(block(Role::Heading, unit.start));
            continue;
        }
        let role = if unit.bullet.is_some() {
            Role::Item
        } else {
            Role::Paragraph
        };
        out.push(block(role, unit.body));
    }
    choose_title(text, &mut out, lexicon);
    out.extend(furniture);
    out.sort_by_key(|b| b.start);
    Layout { blocks: out }
}

fn is_body(text: &str, unit: &Line, lexicon: &Lexicon) -> bool {
    let slice = &text[unit.body..unit.end];
    let here = tokens(text, unit.body, unit.end);
    let words = here.iter().filter(|t| t.is_word()).count();
    if is_contact(slice) || listed(lexicon, "trailer", &here) {
        return false;
    }
    if words >= 45 || words >= 26 && slice.ends_with([',', ';', ':']) {
        return true;
    }
    let title_case = here
        .iter()
        .filter(|t| t.is_word() && t.folded.len() > 3 && t.capital)
        .count()
        * 10
        >= here
            .iter()
            .filter(|t| t.is_word() && t.folded.len() > 3)
            .count()
            * 8;
    closed(slice)
        && words >= 8
        && !(title_case && words < 25 && !slice.ends_with('.'))
        && finite(&here, lexicon)
}

fn finite(tokens: &[Token], lexicon: &Lexicon) -> bool {
    use crate::inflect::shape;
    tokens.iter().any(|t| {
        lexicon.is("modals", &t.folded)
            || lexicon.is("be", &t.folded)
            || lexicon.is("have", &t.folded)
            || lexicon.verbs.shapes(&t.folded)
                & (shape::PAST | shape::FUT | shape::THIRD | shape::PRES | shape::COND)
                != 0
    })
}

/// A short line with a date and little else.
fn is_dateline(lexicon: &Lexicon, tokens: &[Token], words: usize) -> bool {
    let dates = lexicon.calendar.dates(tokens);
    let Some(date) = dates
        .iter()
        .find(|d| d.from.day.is_some() || d.from.year.is_some())
    else {
        return false;
    };
    let rest: Vec<&Token> = tokens
        .iter()
        .enumerate()
        .filter(|(i, t)| t.is_word() && !(date.start..date.end).contains(i))
        .map(|(_, t)| t)
        .collect();
    if rest.len() > 12 || words > 18 {
        return false;
    }
    let titled = (0..tokens.len())
        .flat_map(|at| lexicon.list("title").at(tokens, at, lexicon.grammar()))
        .filter_map(|f| f.value.parse::<i32>().ok())
        .sum::<i32>();
    titled < 4 || rest.len() <= 2
}

fn is_heading(
    text: &str,
    unit: &Line,
    tokens: &[Token],
    words: usize,
    lexicon: &Lexicon,
    next: Option<&Line>,
) -> bool {
    let slice = &text[unit.body..unit.end];
    if words == 0 || words > 18 {
        return words == 0;
    }
    let letters: Vec<char> = slice.chars().filter(|c| c.is_alphabetic()).collect();
    let caps = letters.len() > 4 && letters.iter().all(|c| !c.is_lowercase());
    let followed_by_item = next.is_some_and(|n| n.bullet.is_some());
    if unit.bullet == Some(Marker::Bullet) {
        return false;
    }
    let ends = slice.trim_end();
    if ends.ends_with(':') {
        // "Cybersecurity:" is a heading; "The two sides:" before items is a lead-in, which is no statement either.
        // A name before a quotation introduces it.
        let quoted = next.is_some_and(|n| text[n.body..].starts_with(['"', '“', '«', '„']));
        return !quoted
            && (words <= 8 && !finite(tokens, lexicon) && !followed_by_item
                || (caps && words <= 8));
    }
    if caps && !ends.ends_with(['.', ';', ',']) {
        return true;
    }
    if ends.ends_with(['.', ';', ',', '!', '…', '"', '”', '»']) {
        return false;
    }
    if ends.ends_with('?') {
        return words <= 12;
    }
    // A lead-in without its colon.
    let last = tokens.iter().rev().find(|t| t.is_word());
    if followed_by_item
        && (last.is_some_and(|t| matches!(t.folded.as_str(), "to" | "a" | "de" | "that" | "que"))
            || finite_own(tokens, lexicon))
    {
        return false;
    }
    if unit.bullet.is_some() {
        // A numbered line without a full stop is a heading unless it is one of a list.
        let next_numbered = next.is_some_and(|n| n.bullet == unit.bullet && !n.blank_before);
        return words <= 12 && !begins_lower(slice) && !next_numbered;
    }
    if begins_lower(slice) {
        return false;
    }
    words <= 18
}

fn finite_own(tokens: &[Token], lexicon: &Lexicon) -> bool {
    tokens
        .iter()
        .any(|t| lexicon.is("own", &t.folded) || lexicon.is("pronoun-own", &t.folded))
        && finite(tokens, lexicon)
}

fn choose_title(text: &str, blocks: &mut [Block], lexicon: &Lexicon) {
    let mut best: Option<(i32, usize)> = None;
    let header: Vec<usize> = blocks
        .iter()
        .enumerate()
        .filter(|(_, b)| b.role == Role::Header)
        .map(|(i, _)| i)
        .collect();
    let mut fallback: Option<usize> = None;
    for (rank, &i) in header.iter().enumerate() {
        let block = &blocks[i];
        let here = tokens(text, block.start, block.end);
        let words = here.iter().filter(|t| t.is_word()).count();
        let site = listed(lexicon, "site", &here);
        if words < 2 && header.len() > 1
            || site
            || here.iter().any(|t| {
                t.is(">")
                    || t.is("|")
                    || t.is("»") && words < 8 && !text[block.start..block.end].contains('«')
            })
        {
            continue;
        }
        let mut seen: Vec<usize> = Vec::new();
        let mut score: i32 = 0;
        for at in 0..here.len() {
            for f in lexicon.list("title").at(&here, at, lexicon.grammar()) {
                if !seen.contains(&at) {
                    seen.push(at);
                    score += f.value.parse::<i32>().unwrap_or(0);
                }
            }
        }
        score = score.min(8);
        score += i32::try_from(words.min(12) / 3).unwrap_or(0);
        if words <= 3 {
            score -= 3;
        }
        if words > 30 {
            score -= 4;
        }
        score -= i32::try_from(rank / 4).unwrap_or(0);
        if fallback.is_none() && words >= 3 {
            fallback = Some(i);
        }
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, i));
        }
    }
    if let Some(i) = best.filter(|(s, _)| *s >= 2).map(|(_, i)| i).or(fallback) {
        blocks[i].role = Role::Title;
        // A title cut over two lines.
        let first = text[blocks[i].start..blocks[i].end].to_owned();
        let open = fold(first.split_whitespace().last().unwrap_or_default());
        let caps =
            |s: &str| s.chars().any(char::is_alphabetic) && !s.chars().any(char::is_lowercase);
        if let Some(next) = blocks.get(i + 1).cloned()
            && next.role == Role::Header
        {
            let between = &text[blocks[i].end..next.start];
            let slice = &text[next.start..next.end];
            let adjacent = between.matches('\n').count() <= 1;
            let unfinished = lexicon.is("prepositions", &open)
                || lexicon.is("determiners", &open)
                || lexicon.is("coordinators", &open)
                || first.ends_with([',', ':', '–', '-']);
            let site = listed(lexicon, "site", &tokens(text, next.start, next.end));
            if adjacent
                && !site
                && (unfinished
                    || begins_lower(slice)
                    || (caps(&first) && caps(slice) && slice.split_whitespace().count() > 1))
            {
                blocks[i].end = next.end;
                blocks[i + 1].role = Role::Furniture;
            }
        }
        if let Some(previous) = i.checked_sub(1).map(|p| blocks[p].clone())
            && previous.role == Role::Header
        {
            let slice = &text[previous.start..previous.end];
            let adjacent = text[previous.end..blocks[i].start].matches('\n').count() <= 1;
            let last = fold(slice.split_whitespace().last().unwrap_or_default());
            let unfinished = lexicon.is("prepositions", &last)
                || lexicon.is("determiners", &last)
                || lexicon.is("coordinators", &last)
                || slice.ends_with([',', ':', '–']);
            if adjacent
                && (unfinished
                    || begins_lower(&first)
                    || (caps(&first) && caps(slice) && slice.split_whitespace().count() > 2))
                && !listed(lexicon, "site", &tokens(text, previous.start, previous.end))
            {
                blocks[i].start = previous.start;
                blocks[i - 1].role = Role::Furniture;
            }
        }
    }
}
