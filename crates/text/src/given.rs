//! Given names: what tells a person where no office, civility or verb of speech stands beside the name.
//! Invariant: a name that is known here is one only with the words around it; see [`Page::called`].

use std::sync::LazyLock;

use crate::hash::Table;
use crate::lexicon::sections;
use crate::person::Page;

/// Before the family name.
const GIVEN: u8 = 1;
/// After it as often.
const LAST: u8 = 2;
/// A family name that comes first.
const FAMILY: u8 = 4;

static NAMES: LazyLock<Table<&'static str, u8>> = LazyLock::new(|| {
    let mut names: Table<&'static str, u8> = Table::default();
    for (section, lines) in sections(include_str!("../data/names/given.txt")) {
        let bit = match section {
            "given" => GIVEN,
            "given-last" => LAST,
            _ => FAMILY,
        };
        for name in lines.iter().flat_map(|l| l.split_whitespace()) {
            *names.entry(name).or_default() |= bit;
        }
    }
    names
});

impl Page<'_> {
    fn sort(&self, at: usize) -> u8 {
        let Some(t) = self.tokens.get(at).filter(|t| t.capital) else {
            return 0;
        };
        // "IDA" is a body, "IAN LUND" a person.
        let loud = t.upper && t.folded.len() <= 4;
        if loud && !self.tokens.get(at + 1).is_some_and(|n| n.upper) {
            return 0;
        }
        NAMES.get(t.folded.as_str()).copied().unwrap_or_default()
    }

    /// A given name that is followed by the rest of the name.
    pub(crate) fn given(&self, at: usize) -> bool {
        self.sort(at) & GIVEN != 0
    }

    /// Whether a name tells by its own words that it is a person's.
    pub(crate) fn called(&self, start: usize, end: usize) -> bool {
        let capital = |i: usize| self.tokens.get(i).is_some_and(|t| t.is_word() && t.capital);
        let spaced = self.tokens.get(end).is_none_or(|t| t.spaced);
        let line =
            |a: usize, b: usize| self.text[self.tokens[a].end..self.tokens[b].start].contains('\n');
        // "the Kofi Annan Centre", "Fondation Robert Schuman": no person.
        let follows = capital(end) && spaced && !line(end - 1, end);
        let before = start.checked_sub(1).filter(|i| !line(*i, start));
        let led = before.is_some_and(|i| {
            let t = &self.tokens[i];
            // "General Jane Doe", "DDG Jane Doe", but no ship.
            let ranked = self.role_word(i)
                || self.listed("honorifics", i) == start
                || t.upper
                    && !matches!(t.folded.as_str(), "uss" | "hms" | "hmcs" | "hmas" | "hnlms");
            // "lycée Victor Hugo", "the university Paul Sabatier"
            let named_after = !t.capital && self.office_word(i) && !self.role_word(i);
            capital(i) && !t.elided && !ranked
                || named_after
                || matches!(
                    t.folded.as_str(),
                    "the"
                        | "a"
                        | "an"
                        | "this"
                        | "le"
                        | "la"
                        | "l"
                        | "les"
                        | "un"
                        | "une"
                        | "du"
                        | "au"
                )
        });
        if follows || led {
            return false;
        }
        let first = self.sort(start);
        let words = end - start;
        // "Lee Tae-hoon", "Tan Wei Ling"
        let eastern = first & FAMILY != 0
            && words == 3
            && (self.tokens[end - 1].hyphened
                || (start + 1..end).all(|i| self.tokens[i].folded.len() <= 6));
        let second = words == 2 && self.sort(start + 1) & LAST != 0;
        first & GIVEN != 0 || eastern || second
    }
}
