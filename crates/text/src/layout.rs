//! From source text to blocks: title, dateline, headings, paragraphs, list items, and what is no text at all.
//! Invariant: blocks are byte ranges of the source in order; every line that is not blank belongs to one block.

use crate::lexicon::Lexicon;
pub(crate) use crate::line::Marker;
use crate::line::{
    Line, addressed, begins_lower, closed, closed_hard, is_rule, joined, lines, two_columns,
};
use crate::title::choose_title;
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
    let mut foot = false;
    let rules: Vec<bool> = physical
        .iter()
        .map(|l| is_rule(&text[l.start..l.end]))
        .collect();
    for (i, line) in physical.into_iter().enumerate() {
        // The head of a table, and the rule under it.
        let head = rules[i] || line.bullet.is_some() && rules.get(i + 1) == Some(&true);
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
        let again = repeated.get(&key).copied().unwrap_or(0);
        // The head of a page stands a second time below the foot of the first.
        let running = i > 3 && words < 14 && !closed(slice) && again >= if foot { 2 } else { 3 };
        let paged = i > 3 && words < 14 && ends_in_page_number(&here);
        foot = paged || number || foot && running;
        let link = words <= 3 && (slice.starts_with("http") || slice.starts_with("www."));
        let bracketed = slice.starts_with('[') && slice.ends_with(']') && words < 40;
        // "Related links" opens what stands below the text.
        let listed = words <= 45
            && (listed(lexicon, "furniture", &here) && (words <= 16 || !closed_hard(slice)))
            && !listed(lexicon, "trailer", &here);
        let noise = words <= 45 && contains(lexicon, "noise", &here);
        if number || running || paged || link || listed || bracketed || noise || head {
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
    let mut boilerplate = false;
    let dated: Vec<usize> = furniture
        .iter()
        .filter(|f| {
            let here = tokens(text, f.start, f.end);
            lexicon
                .calendar
                .dates(&here)
                .iter()
                .any(|d| d.from.day.is_some())
        })
        .map(|f| f.start)
        .collect();
    let first_body = first_body(text, &units, &dated, lexicon);
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
        let late =
            in_body && listed(lexicon, "boilerplate", &here) && unit.start * 10 >= text.len() * 6;
        let trailing = listed(lexicon, "trailer", &here);
        if (trailing || late)
            && (words <= 20 && (!closed_hard(slice) || words <= 12 || is_contact(slice))
                // "Contact presse : Ambassade de France en Inde", its address, its telephone number: one long line.
                || trailing && addressed(slice, words))
        {
            trailer |= in_body;
            // Notes to editors and what an agency says of itself, at the end: none of it is the text.
            boilerplate |= late;
            contacts = here.iter().any(|t| {
                [
                    "contact", "enquir", "inquir", "queries", "presse", "press", "media",
                ]
                .iter()
                .any(|c| t.folded.starts_with(c))
            });
            let contact = is_contact(slice) || contacts && words <= 20;
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
        // "The Office of Website Management manages this site": what a site says of itself ends the text.
        boilerplate |=
            in_body && listed(lexicon, "colophon", &here) && unit.start * 10 >= text.len() * 6;
        if boilerplate {
            out.push(block(Role::Furniture, unit.start));
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
        // The last of a list is no heading: "2. Exchange of officials".
        let listing = unit.bullet.is_some()
            && !unit.blank_before
            && out
                .last()
                .is_some_and(|b| b.role == Role::Item && b.marker == unit.bullet);
        if !listing && is_heading(text, unit, &here, words, lexicon, units.get(i + 1)) {
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

/// Where the text begins. A summary under the title stands before the line that dates the page.
fn first_body(text: &str, units: &[Line], furniture: &[usize], lexicon: &Lexicon) -> Option<usize> {
    /// A header has no more lines than this.
    const HEADER: usize = 16;
    let mut bodies: Vec<usize> = units
        .iter()
        .enumerate()
        .filter(|(_, u)| is_body(text, u, lexicon))
        .map(|(i, _)| i)
        .collect();
    if is_summary(text, units, &bodies, lexicon) {
        bodies.remove(0);
    }
    let first = *bodies.first()?;
    units
        .iter()
        .enumerate()
        .take(HEADER)
        .skip(first + 1)
        .filter(|(i, u)| {
            let here = tokens(text, u.body, u.end);
            let words = here.iter().filter(|t| t.is_word()).count();
            // Such a line may have been set aside already: "Published 4 March 2024".
            let above = furniture
                .iter()
                .any(|f| *f < u.start && *f > units[i - 1].start);
            above
                || words <= 9
                    && u.bullet.is_none()
                    && !closed(&text[u.body..u.end])
                    && is_dateline(lexicon, &here, words)
        })
        .filter_map(|(dated, _)| {
            let before = bodies.iter().filter(|b| **b < dated).count();
            (before <= 2 && bodies.len() - before >= 3 * before)
                .then(|| bodies.get(before).copied())?
        })
        .next_back()
        .or(Some(first))
        .map(|body| {
            // What a site puts in bullets between its date and the text is told in them already.
            let told = |u: &Line| {
                matches!(u.bullet, Some(Marker::Bullet | Marker::Dash))
                    && text[u.body..u.end].split_whitespace().count() >= 6
                    && furniture.iter().any(|f| *f < u.start)
            };
            body - units[..body].iter().rev().take_while(|u| told(u)).count()
        })
}

/// Whether the tokens of a line hold a pattern of that list anywhere.
fn contains(lexicon: &Lexicon, list: &str, tokens: &[Token]) -> bool {
    (0..tokens.len()).any(|i| {
        !lexicon
            .list(list)
            .at(tokens, i, lexicon.grammar())
            .is_empty()
    })
}

/// Whether the tokens of a line match a list of layout patterns.
pub(crate) fn listed(lexicon: &Lexicon, list: &str, tokens: &[Token]) -> bool {
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
    // Figures of a number stand together; those of a date do not.
    let number = text
        .split(|c: char| !(c.is_ascii_digit() || " +()-./\u{a0}".contains(c)))
        .any(|run| run.chars().filter(char::is_ascii_digit).count() >= 6);
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
        || (tel && digits >= 6 && number && words < 25)
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
                    && ["designation", "stabilisation", "stabilization"]
                        .iter()
                        .any(|word| fold(text).contains(word))
        }
        Some(c) if c.is_ascii_digit() || c == '(' => {
            let rest = text
                .trim_start_matches('(')
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .trim_start_matches(')');
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

/// "EU-Ukraine working group   page 2/2", "Summary Report  Page 1 of 2": the foot of a page.
fn ends_in_page_number(tokens: &[Token]) -> bool {
    let number = |t: &Token| t.form == crate::token::Form::Number;
    let page = tokens.iter().rposition(|t| t.is("page"));
    page.is_some_and(|at| {
        let rest = &tokens[at + 1..];
        rest.first().is_some_and(number)
            && rest.last().is_some_and(number)
            && rest.len() <= 3
            && rest
                .iter()
                .all(|t| number(t) || matches!(t.folded.as_str(), "/" | "of" | "sur" | "de"))
    })
}

fn is_body(text: &str, unit: &Line, lexicon: &Lexicon) -> bool {
    let slice = &text[unit.body..unit.end];
    let here = tokens(text, unit.body, unit.end);
    let words = here.iter().filter(|t| t.is_word()).count();
    if is_contact(slice) || listed(lexicon, "trailer", &here) || two_columns(slice) {
        return false;
    }
    // "Recalling that international law applies,": a preamble.
    if slice.ends_with([',', ';'])
        && (6..45).contains(&words)
        && here.first().is_some_and(|t| {
            use crate::inflect::shape;
            t.capital
                && lexicon.verbs.shapes(&t.folded) & (shape::GER | shape::PART) != 0
                && !lexicon.acts.at(&here, 0, lexicon.grammar()).is_empty()
        })
    {
        return true;
    }
    // "Nous, chefs d'État et de gouvernement,": who speaks, above what they decide.
    let we = here.first().is_some_and(|t| t.is("we") || t.is("nous"))
        && here.get(1).is_some_and(|t| t.is(","));
    if we && (5..=14).contains(&words) {
        return true;
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
        // "J'ai l'honneur de prendre la parole": whoever says "I" has a verb.
        && (finite(&here, lexicon) || here.iter().any(|t| t.is("je") || t.is("j") && !t.upper))
}

/// Whether some word may be a verb with a subject.
pub(crate) fn finite(tokens: &[Token], lexicon: &Lexicon) -> bool {
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

/// Whether the first line that could open the body is a summary that foretells what is told below it. Where there are more of
/// them, it has a date, or what follows is no longer, the lines are what was agreed: "Both sides to establish a hotline by June 2027."
fn is_summary(text: &str, units: &[Line], bodies: &[usize], lexicon: &Lexicon) -> bool {
    /// What a summary sums up has so many words at least.
    const TOLD: usize = 16;
    let words = |i: usize| text[units[i].body..units[i].end].split_whitespace().count();
    let foretells = |i: &usize| {
        let here = tokens(text, units[*i].body, units[*i].end);
        let undated = || lexicon.calendar.dates(&here).is_empty();
        words(*i) < 18 && foretold(&here, lexicon) && undated() && units[*i].bullet.is_none()
    };
    bodies.first().is_some_and(|at| *at > 0 && foretells(at))
        && bodies.get(1).is_some_and(|next| words(*next) >= TOLD)
        && !bodies[1..].iter().any(foretells)
}

/// "CERT-UK and CERT-In to work together.": what is to come, without a verb of its own.
fn foretold(tokens: &[Token], lexicon: &Lexicon) -> bool {
    let after_to = |i: usize| i > 0 && tokens[i - 1].is("to");
    let own = |i: usize| {
        finite(&tokens[i..=i], lexicon)
            && !after_to(i)
            && !tokens[i].hyphened
            && !lexicon.is("nouny", &tokens[i].folded)
    };
    let to = tokens.iter().position(|t| t.is("to"));
    to.is_some_and(|i| i > 0 && tokens[0].capital) && !(0..tokens.len()).any(own)
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
    // "Attribution de cyberattaques à un service étranger (29 avril 2025)": a headline that says when.
    let bracketed = date.start >= 6
        && tokens[date.start - 1].is("(")
        && date.end + 1 == tokens.len()
        && tokens[date.end].is(")");
    if bracketed {
        return false;
    }
    let titled = (0..tokens.len())
        .flat_map(|at| lexicon.list("title").at(tokens, at, lexicon.grammar()))
        .filter_map(|f| f.value.parse::<i32>().ok())
        .sum::<i32>();
    // "Press release - Brussels, 5 March 2025" says what sort of text it is, not what it is called.
    let called = rest
        .iter()
        .filter(|t| !lexicon.is("sort-of-text", &t.folded))
        .count();
    titled < 4 || called <= 2
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
    if matches!(unit.bullet, Some(Marker::Bullet | Marker::Dash)) {
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
        && (last.is_some_and(|t| {
            matches!(t.folded.as_str(), "to" | "a" | "de" | "that" | "que")
                || lexicon.is("modals", &t.folded)
        }) || finite_own(tokens, lexicon))
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
