//! What a clause is about: topics of the registry, by the cues it holds.
//! Invariant: one to five topics, in the order in which the text names them; `process` only when nothing else fits.

use crate::lexicon::Lexicon;
use crate::token::Token;

/// A topic that was found, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// The topic.
    pub(crate) topic: &'static str,
    /// The first token of its first cue.
    pub(crate) at: usize,
    /// The cue, as its line has it.
    pub(crate) cue: &'static str,
}

/// The topics of the tokens, each with its first cue, and whether the cues are firm.
pub(crate) fn topics(tokens: &[Token], lexicon: &Lexicon) -> (Vec<Found>, bool) {
    topics_beside(tokens, lexicon, &[])
}

/// The same, without cues that lie in one of these ranges: words of the name of an office are not what is spoken of.
pub(crate) fn topics_beside(
    tokens: &[Token],
    lexicon: &Lexicon,
    names: &[(usize, usize)],
) -> (Vec<Found>, bool) {
    let mut found = lexicon.topics.all(tokens, lexicon.grammar());
    found.retain(|f| {
        !names
            .iter()
            .any(|(start, end)| *start <= f.start && f.end <= *end)
    });
    // The longest words of a place decide: "Budapest Convention on Cybercrime" is the convention.
    let long: Vec<(usize, usize, &'static str, bool)> = found
        .iter()
        .filter(|f| f.solid && f.end > f.start + 1)
        .map(|f| (f.start, f.end, f.value.topic, f.value.weak))
        .collect();
    found.retain(|f| {
        !long.iter().any(|(start, end, topic, weak)| {
            *topic != f.value.topic
                && *start <= f.start
                && f.end <= *end
                && (end - start > f.end - f.start
                    || end - start == f.end - f.start && !f.solid
                    || *topic == "none")
                && (!weak || f.value.weak)
        }) && f.value.topic != "none"
            && f.value.topic != "process"
    });
    let firm = found.iter().any(|f| !f.value.weak);
    found.retain(|f| !firm || !f.value.weak);
    found.sort_by_key(|f| (f.start, usize::MAX - f.end));
    let mut out: Vec<Found> = Vec::new();
    for f in &found {
        if !out.iter().any(|o| o.topic == f.value.topic) && (firm || out.len() < 2) {
            out.push(Found {
                topic: f.value.topic,
                at: f.start,
                cue: f.value.source,
            });
        }
    }
    // Stakeholders of internet governance are part of it.
    let near = |word: &str| tokens.iter().any(|t| t.folded.starts_with(word));
    if out.iter().any(|o| o.topic == "internet_governance")
        && !near("private")
        && !near("prive")
        && !near("industr")
    {
        out.retain(|o| o.topic != "ppp");
    }
    (out, firm)
}

/// Topics to record: at most five, `process` when there are none.
pub(crate) fn recorded(found: &[&'static str]) -> Vec<String> {
    let mut out: Vec<String> = found.iter().take(5).map(|t| (*t).to_owned()).collect();
    if out.is_empty() {
        out.push("process".to_owned());
    }
    out
}
