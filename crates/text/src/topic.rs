//! What a clause is about: topics of the registry, by the cues it holds.
//! Invariant: one to five topics, in the order in which the text names them; `process` only when nothing else fits.

use crate::lexicon::Lexicon;
use crate::token::Token;

/// The topics of the tokens.
pub(crate) fn topics(tokens: &[Token], lexicon: &Lexicon) -> Vec<(&'static str, usize)> {
    let mut found: Vec<(&'static str, usize, usize)> = lexicon
        .topics
        .all(tokens, lexicon.grammar())
        .into_iter()
        .map(|f| (*f.value, f.start, f.end))
        .collect();
    found.sort_by_key(|(_, start, end)| (*start, usize::MAX - *end));
    let mut out: Vec<(&'static str, usize)> = Vec::new();
    for (topic, start, _) in &found {
        if *topic != "process" && !out.iter().any(|(t, _)| t == topic) {
            out.push((topic, *start));
        }
    }
    // Stakeholders of internet governance are part of it.
    let near = |word: &str| tokens.iter().any(|t| t.folded.starts_with(word));
    if out.iter().any(|(t, _)| *t == "internet_governance")
        && !near("private")
        && !near("prive")
        && !near("industr")
    {
        out.retain(|(t, _)| *t != "ppp");
    }
    out
}

/// Topics to record: at most five, `process` when there are none.
pub(crate) fn recorded(found: &[&'static str]) -> Vec<String> {
    let mut out: Vec<String> = found.iter().take(5).map(|t| (*t).to_owned()).collect();
    if out.is_empty() {
        out.push("process".to_owned());
    }
    out
}
