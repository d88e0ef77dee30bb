//! From blocks to sentences: where one ends, and which belong together because somebody is quoted.
//! Invariant: sentences are token ranges in order that do not overlap; a quotation with its introduction is one.

use crate::lexicon::Lexicon;
use crate::token::{Form, Token};

const ABBREVIATIONS: &[&str] = &[
    "mr", "ing", "mrs", "ms", "dr", "prof", "st", "no", "nos", "art", "arts", "vs", "etc", "eg",
    "ie", "cf", "p", "pp", "para", "paras", "gen", "col", "lt", "sgt", "hon", "rev", "sr", "jr",
    "mt", "ft", "vol", "fig", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep",
    "oct", "nov", "dec", "m", "mm", "mme", "mlle", "al", "ex", "env", "amb", "smt", "shri", "eng",
    "min", "dept", "res", "doc", "ltd", "inc", "co", "corp", "approx", "dir", "av", "janv", "fevr",
    "juil", "adm", "capt", "cmdr", "brig", "maj", "retd", "ret",
];

fn ends(tokens: &[Token], at: usize, end: usize) -> bool {
    let token = &tokens[at];
    let mark = matches!(token.folded.as_str(), "." | "!" | "?" | "…");
    if !mark {
        return false;
    }
    let mut next = at + 1;
    while next < end
        && matches!(
            tokens[next].folded.as_str(),
            "\"" | "»" | ")" | "]" | "'" | "*" | "_"
        )
        && (!tokens[next].spaced || tokens[next].is("»"))
    {
        next += 1;
    }
    let next = note(tokens, next, end);
    let Some(following) = tokens.get(next).filter(|_| next < end) else {
        return true;
    };
    if !following.spaced {
        return false;
    }
    if token.is(".")
        && let Some(previous) = at.checked_sub(1).map(|i| &tokens[i])
        && previous.end == token.start
    {
        let single = previous.folded.chars().count() == 1;
        // "9:30 a.m. (JST)"
        let dotted = single && at >= 2 && tokens[at - 2].is(".") && following.is("(");
        let initial = single && previous.capital;
        if initial
            || dotted
            || (ABBREVIATIONS.contains(&previous.folded.as_str())
                && (following.capital || following.form == Form::Number)
                && (previous.folded != "no" || previous.capital))
        {
            return false;
        }
    }
    following.capital
        || following.form == Form::Number
        || !following.is_word()
        || following
            .folded
            .chars()
            .next()
            .is_some_and(char::is_uppercase)
}

/// One past the mark of a footnote that stands close to what ends a sentence: "by the end of 2026.[1]".
fn note(tokens: &[Token], at: usize, end: usize) -> usize {
    let open = tokens
        .get(at)
        .is_some_and(|t| matches!(t.folded.as_str(), "[" | "(") && !t.spaced);
    let number = tokens
        .get(at + 1)
        .is_some_and(|t| t.form == Form::Number && t.folded.len() <= 2);
    let close = tokens
        .get(at + 2)
        .is_some_and(|t| matches!(t.folded.as_str(), "]" | ")"));
    if open && number && close && at + 3 <= end {
        at + 3
    } else {
        at
    }
}

/// No sentence is longer than this, in tokens: what runs on is cut, so that time grows with length only.
const LONGEST: usize = 1_000;

/// Sentences of the tokens `from..to`.
pub(crate) fn sentences(
    tokens: &[Token],
    from: usize,
    to: usize,
    lexicon: &Lexicon,
) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = from;
    let mut at = from;
    let mut open = 0usize; // tokens since a quotation opened
    while at < to {
        match tokens[at].folded.as_str() {
            "«" => open = at + 1,
            "»" => open = 0,
            "\"" => open = if open == 0 { at + 1 } else { 0 },
            _ => {}
        }
        let inside =
            open > 0 && closes(tokens, at, to) && !tokens[at].is("\"") && !tokens[at].is("»");
        if at - start >= LONGEST
            || !inside && (ends(tokens, at, to) || ends_dotted(tokens, at, to, lexicon))
        {
            let mut end = at + 1;
            while end < to
                && matches!(
                    tokens[end].folded.as_str(),
                    "\"" | "»" | ")" | "]" | "'" | "*" | "_"
                )
                && (!tokens[end].spaced || tokens[end].is("»"))
            {
                if matches!(tokens[end].folded.as_str(), "\"" | "»") {
                    open = 0;
                }
                end += 1;
            }
            out.push((start, end));
            start = note(tokens, end, to);
            at = start;
            continue;
        }
        // A quotation that ends a sentence: `... ." The next`.
        if matches!(tokens[at].folded.as_str(), "\"" | "»")
            && at > start
            && matches!(tokens[at - 1].folded.as_str(), "." | "!" | "?")
            && tokens.get(at + 1).is_none_or(|n| {
                at + 1 >= to || n.spaced && n.capital && !is_speech(tokens, at + 1, to, lexicon)
            })
            && open == 0
        {
            out.push((start, at + 1));
            start = at + 1;
        }
        at += 1;
    }
    if start < to {
        out.push((start, to));
    }
    out
}

/// A quotation mark closes before the paragraph ends.
fn closes(tokens: &[Token], at: usize, to: usize) -> bool {
    tokens[at..to.min(at + 400)]
        .iter()
        .any(|t| matches!(t.folded.as_str(), "\"" | "»"))
}

/// A speech verb within a few tokens: `..." said the Minister`, `..." Minister Tan said`.
fn is_speech(tokens: &[Token], at: usize, to: usize, lexicon: &Lexicon) -> bool {
    tokens[at..to.min(at + 3)].iter().enumerate().any(|(i, _)| {
        !lexicon
            .list("speech")
            .at(tokens, at + i, lexicon.grammar())
            .is_empty()
    })
}

fn ends_dotted(tokens: &[Token], at: usize, to: usize, lexicon: &Lexicon) -> bool {
    let token = &tokens[at];
    if !token.upper || token.form != Form::Word || token.end - token.start <= token.folded.len() {
        return false;
    }
    let Some(next) = tokens.get(at + 1).filter(|_| at + 1 < to) else {
        return false;
    };
    next.spaced
        && next.capital
        // "in Washington, D.C. Ambassador Tan co-led": no office is that of a district.
        && (token.is("dc") && at > 1 && tokens[at - 1].is(",")
            || lexicon.is("determiners", &next.folded)
            || lexicon.is("pronouns", &next.folded)
            || lexicon.is("prepositions", &next.folded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::ENGLISH;
    use crate::token::tokens;

    #[test]
    fn examples() {
        let table: &[(&str, usize)] = &[
            ("Mr. Tan met Ms. J. P. Lee. They agreed.", 2),
            ("It grew by 2.5 percent. No State is safe.", 2),
            ("\"We care. We act,\" said the Minister. They left.", 2),
            ("They met in the U.S. The talks were long.", 2),
            ("See art. 5 of the text.", 1),
            ("It ends in 2026.[1] We met.(2) They left.", 3),
            ("It applies (art. 5.(2) of the text).", 1),
            ("It was held in Washington, D.C. Ambassador Tan led it.", 2),
        ];
        for (text, expected) in table {
            let t = tokens(text, 0, text.len());
            let found = sentences(&t, 0, t.len(), &ENGLISH);
            assert_eq!(
                found.len(),
                *expected,
                "{text}: {:?}",
                found
                    .iter()
                    .map(|(a, b)| &text[t[*a].start..t[*b - 1].end])
                    .collect::<Vec<_>>()
            );
        }
    }
}
