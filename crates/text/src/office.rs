//! The office of a person, and the side for which it speaks.
//! Invariant: an office is printed beside the name; a side comes from a name in the office or near it.

use crate::name::{Meaning, Name, near, side_of};
use crate::person::Page;

impl Page<'_> {
    /// The office after a comma or in brackets, up to the next break.
    pub(crate) fn role_after(&self, at: usize) -> Option<(usize, usize)> {
        let open = self.tokens.get(at)?;
        let bracket = open.is("(");
        if !(open.is(",") || bracket || open.is("–") || open.is("-")) {
            return None;
        }
        let mut from = at + 1;
        if self
            .tokens
            .get(from)
            .is_some_and(|t| self.lexicon.is("coordinators", &t.folded))
        {
            return None;
        }
        while self.tokens.get(from).is_some_and(|t| {
            matches!(
                t.folded.as_str(),
                "the"
                    | "its"
                    | "s"
                    | "then"
                    | "current"
                    | "l"
                    | "la"
                    | "le"
                    | "en"
                    | "qualite"
                    | "de"
            )
        }) || near(self.names, from, from + 1)
            .iter()
            .any(|n| n.start == from)
            && self.tokens.get(from).is_some_and(|t| t.capital)
            && near(self.names, from, from + 1)
                .iter()
                .filter(|n| n.start == from)
                .any(|n| {
                    self.role_word(n.end)
                        || self
                            .tokens
                            .get(n.end)
                            .is_some_and(|t| t.elided && t.is("s"))
                })
        {
            let next = near(self.names, from, from + 1)
                .iter()
                .filter(|n| n.start == from)
                .map(|n| n.end)
                .max()
                .unwrap_or(from + 1);
            from = next;
        }
        if !self.role_word(from) && !self.role_word(from + 1) && !self.role_word(from + 2) {
            return None;
        }
        // ", Japanese Ambassador X, and": the office of the next in a list, not of this one.
        let skipped = from > at + 1
            && near(self.names, at + 1, from).iter().any(|n| {
                n.start > at
                    && n.end <= from
                    && matches!(n.meaning, Meaning::State(_) | Meaning::OfState(_))
            });
        let mut end = from;
        let limit = (from + 26).min(self.tokens.len());
        while end < limit {
            let t = &self.tokens[end];
            let stop = match t.folded.as_str() {
                ";" | "." | ":" | "\"" | "«" => true,
                ")" => bracket,
                "," => {
                    end + 1 < limit
                        && (!self.tokens[end + 1].capital || self.name_after_comma(end + 1))
                }
                "and" | "et" => {
                    self.tokens.get(end + 1).is_some_and(|n| {
                        n.folded == "by"
                            || n.folded == "par"
                            || self.listed("honorifics", end + 1) > end + 1 && n.capital
                    }) || self
                        .name_at(end + 1, false)
                        .is_some_and(|e| self.tokens.get(e).is_some_and(|t| t.is(",")))
                }
                "said" | "declare" | "led" | "who" | "qui" | "represented" | "co" | "chaired"
                | "headed" | "was" | "were" | "had" | "has" | "will" | "a" | "ont" | "est" => {
                    t.folded != "a"
                        || !self.lexicon.code.eq("en")
                            && !t.capital
                            && self.text[t.start..t.end] == *"a"
                }
                _ => false,
            };
            if stop {
                break;
            }
            if skipped
                && end > from
                && self.name_at(end, false).is_some_and(|e| {
                    self.tokens
                        .get(e)
                        .is_some_and(|t| matches!(t.folded.as_str(), "," | "and" | "."))
                })
            {
                return None;
            }
            // The next of a list: "ministre de la Justice", then "Pour les Pays-Bas".
            let line = end > from && self.text[self.tokens[end - 1].end..t.start].contains('\n');
            if line && t.capital && matches!(t.folded.as_str(), "pour" | "for") {
                break;
            }
            // "Minister of Foreign Affairs of Japan", then "Mr. John Roe" or "The Hon Jane Doe" on the next line.
            let article = usize::from(self.lexicon.is("determiners", &t.folded));
            // "Japan – Mr. John Roe": the next delegation of a list.
            let row = near(self.names, end, end + 1).iter().any(|n| {
                n.start == end
                    && matches!(n.meaning, Meaning::State(_) | Meaning::Body(_, "union"))
                    && self
                        .tokens
                        .get(n.end)
                        .is_some_and(|t| matches!(t.folded.as_str(), "–" | "—" | "-" | ":"))
            });
            let person = self.listed("honorifics", end + article) > end + article;
            if line && t.capital && (person || row) {
                break;
            }
            if end > from
                && self.text[self.tokens[end - 1].end..t.start]
                    .matches('\n')
                    .count()
                    > 1
            {
                break;
            }
            end += 1;
        }
        (end > from).then_some((from, end))
    }

    fn name_after_comma(&self, at: usize) -> bool {
        self.name_at(at, false).is_some()
    }

    pub(crate) fn role_word(&self, at: usize) -> bool {
        at < self.tokens.len() && (self.listed("role", at) > at || self.listed("titles", at) > at)
    }

    /// The side of an office: the name in it, else the nearest party named before.
    pub(crate) fn side(&self, from: usize, to: usize) -> Option<String> {
        near(self.names, from, to)
            .iter()
            .filter(|n| n.start >= from && n.end <= to)
            .find_map(|n| self.side_named(n, from))
    }

    /// "Minister of India", and on the next line "A, Minister of Japan": what ends a line is of the one before.
    pub(crate) fn begins_line(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| {
            self.text[self.tokens[before].end..self.tokens[at].start].contains('\n')
        })
    }

    /// "consultations with Kenya. Ambassador X": where the sentence of the office begins, if in the range.
    pub(crate) fn since_stop(&self, from: usize, to: usize) -> usize {
        (from..to)
            .rev()
            .find(|i| {
                self.tokens[*i].is(".")
                    && i.checked_sub(1).is_some_and(|k| {
                        let before = &self.tokens[k];
                        before.end - before.start > 2 && self.listed("titles", k) == k
                    })
            })
            .map_or(from, |i| i + 1)
    }

    /// "From the Japanese side, Mr X": the side whose delegation was named last before a person, else who was named first.
    pub(crate) fn side_before(&self, from: usize, to: usize) -> Option<String> {
        let from = self.since_stop(from, to);
        let delegated = |i: usize| {
            let token = self.tokens.get(i);
            token.is_some_and(|t| self.lexicon.is("delegated", &t.folded))
        };
        near(self.names, from, to)
            .iter()
            .rev()
            .filter(|n| n.start >= from && n.end <= to)
            .filter(|n| delegated(n.end) || n.start > from && delegated(n.start - 1))
            .find_map(|n| self.side_named(n, from))
            .or_else(|| self.side(from, to))
    }

    /// The side for which a name stands.
    pub(crate) fn side_named(&self, n: &Name, from: usize) -> Option<String> {
        match n.meaning {
            Meaning::State(id) | Meaning::OfState(id) => Some(id.to_owned()),
            Meaning::Body(id, kind) => side_of(kind).map(str::to_owned).or_else(|| {
                // "Ambassador for UN Affairs" speaks for nobody but a State.
                let of = n.start > from
                    && matches!(
                        self.tokens[n.start - 1].folded.as_str(),
                        "of" | "the" | "de" | "du" | "l" | "la" | "s"
                    );
                let affairs = self.tokens.get(n.end).is_some_and(|t| t.capital);
                (kind == "union" || kind == "organisation" && of && !affairs).then(|| id.to_owned())
            }),
            Meaning::Place(..) => None,
        }
    }

    /// "Australia's Ambassador for Cyber Affairs, Jane Doe,": the office before the comma before the name.
    pub(crate) fn office_ahead(&self, from: usize, name: usize) -> Option<(usize, usize)> {
        let comma = name.checked_sub(1)?;
        // "The Minister met his counterpart, Jane Doe": a verb parts the two.
        let verb = (comma.saturating_sub(14).max(from)..comma)
            .rev()
            .find(|i| !self.tokens[*i].capital && self.lexicon.is("met", &self.tokens[*i].folded))
            .map_or(from, |i| i + 1);
        (comma.saturating_sub(14).max(verb)..comma)
            .find(|i| self.role_word(*i))
            .map(|at| (at, comma))
    }

    /// The side named right before an office: "Japanese Ambassador", "Australia's Ambassador".
    pub(crate) fn side_ahead(&self, office: usize) -> Option<String> {
        near(self.names, office.saturating_sub(2), office)
            .iter()
            .filter(|n| {
                n.end == office
                    || n.end + 1 == office && self.tokens[n.end].is("s")
                    || n.end + 2 == office && self.tokens[n.end + 1].is("s")
            })
            .find_map(|n| match n.meaning {
                Meaning::State(id) | Meaning::OfState(id) => Some(id.to_owned()),
                Meaning::Body(id, kind) => side_of(kind)
                    .map(str::to_owned)
                    .or_else(|| (kind == "union").then(|| id.to_owned())),
                Meaning::Place(..) => None,
            })
    }

    /// The side of an office that only one side has.
    pub(crate) fn side_of_office(&self, from: usize, to: usize) -> Option<String> {
        (from..to).find_map(|i| {
            self.lexicon
                .list("office-of")
                .at(self.tokens, i, self.lexicon.grammar())
                .first()
                .map(|f| (*f.value).to_owned())
        })
    }

    /// "Inspector Jane Doe of the Fiji Police Force": the State named right after a name and "of".
    pub(crate) fn side_of_employer(&self, at: usize) -> Option<String> {
        let word = |i: usize| self.tokens.get(i).map_or("", |t| t.folded.as_str());
        if !matches!(word(at), "of" | "from" | "de" | "du") {
            return None;
        }
        let first = at + 1 + usize::from(matches!(word(at + 1), "the" | "la" | "l"));
        near(self.names, first, first + 1)
            .iter()
            .filter(|n| n.start == first)
            .find_map(|n| match n.meaning {
                Meaning::State(id) | Meaning::OfState(id) => Some(id.to_owned()),
                Meaning::Body(_, kind) => side_of(kind).map(str::to_owned),
                Meaning::Place(..) => None,
            })
    }

    /// "(Germany)" after a name.
    pub(crate) fn state_in_brackets(&self, at: usize) -> Option<String> {
        let open = self.tokens.get(at)?.is("(");
        near(self.names, at + 1, at + 2)
            .iter()
            .filter(|n| {
                open && n.start == at + 1 && self.tokens.get(n.end).is_some_and(|t| t.is(")"))
            })
            .find_map(|n| match n.meaning {
                Meaning::State(id) => Some(id.to_owned()),
                Meaning::Body(id, "union") => Some(id.to_owned()),
                _ => None,
            })
    }

    /// "Participants included Jane Doe (European Commission) and John Roe (ENISA)": one of a row.
    pub(crate) fn employed(&self, start: usize, end: usize) -> bool {
        let before = &self.tokens[start - 1];
        let in_row = before.is(",")
            || ["coordinators", "attending", "agent"]
                .iter()
                .any(|list| self.lexicon.is(list, &before.folded))
            || ["presence", "listing"]
                .iter()
                .any(|list| self.listed(list, start - 1) >= start);
        in_row && self.employer(end).is_some()
    }

    /// Whose brackets name a body speaks for that one, and not for whoever is named before.
    pub(crate) fn side_around(&self, start: usize, end: usize, floor: usize) -> Option<String> {
        /// A side that is named before a person is no farther away.
        const BEFORE: usize = 12;
        match self.employer(end) {
            Some(body) => self.side_named(body, body.start),
            None => self.side_before(start.saturating_sub(BEFORE).max(floor), start),
        }
    }

    /// "(ENISA)", "(European Commission, DG CNECT)" after a name: where somebody works.
    pub(crate) fn employer(&self, at: usize) -> Option<&Name> {
        /// An affiliation has no more tokens.
        const LONGEST: usize = 12;
        let open = self.tokens.get(at).is_some_and(|t| t.is("("));
        let closed = (at + 2..at + LONGEST).any(|i| self.tokens.get(i).is_some_and(|t| t.is(")")));
        let first = at
            + 1
            + usize::from(
                self.tokens
                    .get(at + 1)
                    .is_some_and(|t| self.lexicon.is("determiners", &t.folded)),
            );
        near(self.names, first, first + 1)
            .iter()
            .filter(|n| n.start == first && matches!(n.meaning, Meaning::Body(..)))
            .find(|_| open && closed)
    }
}
