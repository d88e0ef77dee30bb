//! Lists of those who came: "Participants" on a line of its own, then one delegation a line.
//! Invariant: a line of such a list is no sentence; its persons and its State count.

use crate::document::Document;
use crate::layout::{Role, listed};
use crate::name::Meaning;
use crate::party::{party_id, push};

/// What leads to a list has no more tokens.
const LEAD: usize = 30;

/// No list has more lines.
const ROWS: usize = 60;

/// The blocks of the first such list.
pub(crate) fn roster(document: &Document<'_>) -> Vec<usize> {
    let labels = (0..document.blocks.len()).filter(|i| {
        let b = &document.blocks[*i];
        let (start, end) = document.token_range(b.start, b.end);
        let label = end > start
            && end - start <= 6
            && listed(
                document.lexicon,
                "label-roster",
                &document.tokens[start..end],
            );
        // "The following States have expressed support:", then one a line.
        let lead = end > start + 2
            && end - start <= LEAD
            && document.tokens[end - 1].is(":")
            && document.holds(start, end, "roster-lead");
        label || lead
    });
    for label in labels {
        let rows: Vec<usize> = (label + 1..document.blocks.len())
            .take(ROWS)
            .take_while(|i| row(document, *i).is_some())
            .collect();
        if rows.len() >= 2 {
            return rows;
        }
    }
    Vec::new()
}

/// Whose delegations a list names.
pub(crate) fn delegations(document: &Document<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for id in document.roster.iter().filter_map(|i| row(document, *i)) {
        push(&mut out, id);
    }
    out
}

/// "Canada: Jane Doe, Ambassador", "Pour la Belgique : M. Dupont, ministre", "Japan (Ministry of Foreign Affairs)".
fn row(document: &Document<'_>, block: usize) -> Option<&'static str> {
    let b = &document.blocks[block];
    if matches!(b.role, Role::Title | Role::Contact) {
        return None;
    }
    let (start, end) = document.token_range(b.start, b.end);
    let skipped = |i: &usize| {
        let t = &document.tokens[*i];
        matches!(
            t.folded.as_str(),
            "for" | "pour" | "of" | "de" | "du" | "des" | "d"
        ) || document.lexicon.is("determiners", &t.folded)
            || document.lexicon.is("forms-of-state", &t.folded)
            || !t.is_word()
    };
    let from = (start..end).take(6).find(|i| !skipped(i))?;
    let name = document
        .near(start, end)
        .filter(|n| n.start <= from && from < n.end && n.end <= end && !n.nested)
        .find(|n| party_id(n).is_some() || matches!(n.meaning, Meaning::OfState(_)))?;
    let id = match name.meaning {
        // "République togolaise"
        Meaning::OfState(id) if from > start => Some(id),
        _ => party_id(name),
    };
    let marked = name.end == end
        || matches!(
            document.tokens[name.end].folded.as_str(),
            ":" | "–" | "—" | "(" | ")"
        );
    id.filter(|_| marked)
}
