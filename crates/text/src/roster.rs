//! Lists of those who came: "Participants" on a line of its own, then one delegation a line.
//! Invariant: a line of such a list is no sentence; its persons and its State count.

use crate::document::Document;
use crate::layout::{Role, listed};
use crate::party::{party_id, push};

/// No list has more lines.
const ROWS: usize = 60;

/// The blocks of the first such list.
pub(crate) fn roster(document: &Document<'_>) -> Vec<usize> {
    let labels = (0..document.blocks.len()).filter(|i| {
        let b = &document.blocks[*i];
        let (start, end) = document.token_range(b.start, b.end);
        end > start
            && end - start <= 6
            && listed(
                document.lexicon,
                "label-roster",
                &document.tokens[start..end],
            )
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
        matches!(t.folded.as_str(), "for" | "pour")
            || document.lexicon.is("determiners", &t.folded)
            || !t.is_word()
    };
    let from = (start..end).take(4).find(|i| !skipped(i))?;
    let name = document
        .near(from, from + 1)
        .filter(|n| n.start == from && n.end <= end && !n.nested)
        .find(|n| party_id(n).is_some())?;
    let marked = name.end == end
        || matches!(
            document.tokens[name.end].folded.as_str(),
            ":" | "–" | "—" | "(" | ")"
        );
    party_id(name).filter(|_| marked)
}
