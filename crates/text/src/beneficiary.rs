//! For whom something is promised: partner countries, victims, a State that is no party.
//! Invariant: given as printed, and only where the clause itself names it after its verb.

use crate::document::Document;
use crate::name::Meaning;

/// Words after which whoever is named receives something.
const GIVES: &[&str] = &[
    "to", "for", "assist", "help", "support", "aid", "train", "aider", "soutenir", "assister",
    "former", "a", "aux", "au", "pour", "profit", "of",
];

/// The beneficiary named in `start..end`, after the verb at `cue`.
pub(crate) fn beneficiary(
    document: &Document<'_>,
    start: usize,
    end: usize,
    cue: usize,
    parties: &[String],
) -> Option<String> {
    let printed = |from: usize, to: usize| {
        let slice = &document.text[document.tokens[from].start..document.tokens[to - 1].end];
        slice.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let from = cue.max(start) + 1;
    let list = document.lexicon.list("beneficiary");
    let group = (from..end).find_map(|at| {
        list.at(&document.tokens[..end], at, document.lexicon.grammar())
            .into_iter()
            .max_by_key(|f| f.end)
            .map(|f| (f.start, f.end))
    });
    let state = document
        .near(from, end)
        .filter(|n| n.start > from && n.end <= end && !n.nested)
        .filter(|n| matches!(n.meaning, Meaning::State(id) if !parties.iter().any(|p| p == id)))
        // "to counter North Korea's malicious activities": whom it is directed at.
        .filter(|n| !crate::bystander::accused(document, n))
        .find(|n| {
            (n.start.saturating_sub(3).max(from)..n.start)
                .any(|i| GIVES.contains(&document.tokens[i].folded.as_str()))
                && !matches!(
                    document.tokens[n.start - 1].folded.as_str(),
                    "in" | "en" | "with" | "avec" | "by" | "par"
                )
        })
        .map(|n| (n.start, n.end));
    let (a, b) = match (group, state) {
        (Some(g), Some(s)) => g.min(s),
        (g, s) => g.or(s)?,
    };
    Some(printed(a, b))
}

#[cfg(test)]
mod tests {
    #[test]
    fn examples() {
        for (text, expected) in [
            (
                "The EU and Japan met in May 2024. They agreed to train experts from partner countries.",
                Some("partner countries"),
            ),
            (
                "The EU and Japan met in May 2024. They will provide equipment to Ukraine.",
                Some("Ukraine"),
            ),
            (
                "The EU and Japan met in May 2024. They agreed to respond to Russia's malicious activities.",
                None,
            ),
            (
                "The EU and Japan met in May 2024. They will meet again in Canada.",
                None,
            ),
        ] {
            let reading =
                crate::read(text.as_bytes(), &crate::Options::named("x")).expect("a reading");
            assert_eq!(
                reading.statement.statements[1].beneficiary.as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
