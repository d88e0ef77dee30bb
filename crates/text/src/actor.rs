//! Who acts in a part: names in its subject, or all parties for "we", "they" and "both sides".
//! Invariant: never empty; those whom the text does not name are `SIGNATORIES`.

use crate::act::Subject;
use crate::clause::Part;
use crate::document::Document;
use crate::name::{Meaning, side_of};
use crate::statement::Act;

impl<'a> Document<'a> {
    /// Ids of those who act in a part.
    pub(crate) fn actors(
        &self,
        part: &Part,
        parties: &[String],
        previous: &[String],
    ) -> Vec<String> {
        let all = || {
            if parties.is_empty() {
                vec!["SIGNATORIES".to_owned()]
            } else {
                parties.to_vec()
            }
        };
        let (start, end) = part.subject;
        let collective = (start..end).any(|i| {
            matches!(
                self.tokens[i].folded.as_str(),
                "both"
                    | "we"
                    | "they"
                    | "sides"
                    | "nous"
                    | "elles"
                    | "ils"
                    | "deux"
                    | "participants"
                    | "parties"
                    | "two"
                    | "delegations"
                    | "toutes"
            )
        });
        let singular = (start..end).any(|i| {
            matches!(
                self.tokens[i].folded.as_str(),
                "it" | "she" | "he" | "elle" | "il" | "i" | "je"
            )
        });
        let mut out: Vec<String> = Vec::new();
        if part.kind == Subject::Own || part.act == Act::Report {
            for name in self
                .near(start, end)
                .filter(|n| n.start >= start && n.end <= end && !n.nested)
            {
                let id = match name.meaning {
                    Meaning::State(id) | Meaning::OfState(id) => Some(id),
                    Meaning::Body(id, "union" | "members" | "group" | "organisation") => Some(id),
                    Meaning::Body(id, kind) if side_of(kind).is_some() => Some(id),
                    Meaning::Place(_, state)
                        if parties.iter().any(|p| p == state) && end - start <= 3 =>
                    {
                        Some(state)
                    }
                    _ => None,
                };
                if let Some(id) = id
                    && !out.iter().any(|o| o == id)
                {
                    out.push(id.to_owned());
                }
            }
        }
        if part.kind == Subject::Own && !collective {
            out.retain(|o| {
                parties.is_empty()
                    || parties.contains(o)
                    || !o.chars().all(|c| c.is_ascii_uppercase())
                    || o.len() > 2
            });
            if !out.is_empty() {
                return out;
            }
            if singular && !previous.is_empty() {
                return previous.to_vec();
            }
        }
        if part.act == Act::Report && part.kind == Subject::Third && !out.is_empty() {
            return out;
        }
        all()
    }
}
