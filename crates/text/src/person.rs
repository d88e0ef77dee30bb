//! Persons: names with a civility, an office, a speech verb or a telephone number beside them.
//! Invariant: a person is listed once, under the longest form of the name that the text prints.

use crate::lexicon::Lexicon;
use crate::name::{Meaning, Name, near};
use crate::token::{Form, Token};

/// A person found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// First token of the name.
    pub(crate) start: usize,
    /// One past its last token.
    pub(crate) end: usize,
    /// The name as printed.
    pub(crate) name: String,
    /// The office as printed.
    pub(crate) role: Option<String>,
    /// Id of the side.
    pub(crate) side: Option<String>,
}

/// What to look at.
pub(crate) struct Page<'a> {
    /// The source.
    pub(crate) text: &'a str,
    /// Its tokens.
    pub(crate) tokens: &'a [Token],
    /// Its names.
    pub(crate) names: &'a [Name],
    /// Its language.
    pub(crate) lexicon: &'a Lexicon,
}

/// An office before a name and its comma has no more tokens.
const AHEAD: usize = 20;

const PARTICLES: &[&str] = &[
    "de", "du", "van", "von", "der", "den", "bin", "al", "el", "da", "di", "dos", "la", "le",
    "ben", "abu", "ter", "ten", "y", "o", "d", "zu", "del", "della", "das", "los", "las",
];

impl Page<'_> {
    pub(crate) fn listed(&self, list: &str, at: usize) -> usize {
        self.lexicon
            .list(list)
            .at(self.tokens, at, self.lexicon.grammar())
            .iter()
            .map(|f| f.end)
            .max()
            .unwrap_or(at)
    }

    /// A token that may be part of a person's name.
    fn name_token(&self, at: usize, strict: bool) -> bool {
        let Some(t) = self.tokens.get(at) else {
            return false;
        };
        if t.form != Form::Word
            || !t.capital
            || t.folded.contains('@')
            || t.folded.chars().any(|c| c.is_ascii_digit())
        {
            return false;
        }
        let known = near(self.names, at, at + 1).iter().any(|n| {
            n.start <= at
                && at < n.end
                && !(matches!(n.meaning, Meaning::Place(..) | Meaning::State(_))
                    && n.end - n.start == 1
                    && !t.upper)
        });
        // "Amit A. Shukral"
        let initial = t.folded.chars().count() == 1
            && self
                .tokens
                .get(at + 1)
                .is_some_and(|n| n.is(".") && !n.spaced);
        // "Alison August Webb"
        let middle = at > 0 && self.given(at - 1);
        let common = !initial && self.lexicon.is("determiners", &t.folded)
            || self.lexicon.is("prepositions", &t.folded)
            || self.lexicon.is("pronouns", &t.folded) && t.folded.len() > 2
            || self.lexicon.calendar.month(t).is_some() && t.folded.len() > 3 && !strict && !middle
            || self.lexicon.calendar.is_weekday(&t.folded);
        let civil = t.folded.len() > 1 && t.folded.len() < 5 && self.listed("honorifics", at) > at;
        !known && !common && !civil && (strict || !self.office_word(at))
    }

    /// "for the EU" after a name: its side.
    fn stands_for(&self, at: usize) -> Option<String> {
        let t = self.tokens.get(at)?;
        let link = matches!(t.folded.as_str(), "for" | "pour");
        near(self.names, at + 1, at + 3)
            .iter()
            .filter(|n| link && n.start > at && n.start <= at + 2 && !n.nested)
            .filter(|n| {
                n.start == at + 1 || self.lexicon.is("determiners", &self.tokens[at + 1].folded)
            })
            .find_map(|n| match n.meaning {
                Meaning::State(id) | Meaning::Body(id, "union") => Some(id.to_owned()),
                _ => None,
            })
    }

    /// "le ministre luxembourgeois Jean Roth": the adjective between an office and its name belongs to the office.
    fn with_adjective(&self, office: usize, end: usize) -> usize {
        near(self.names, end, end + 1)
            .iter()
            .find(|n| {
                end > office
                    && n.start == end
                    && matches!(n.meaning, Meaning::OfState(_))
                    && !self.tokens[end].capital
            })
            .map_or(end, |n| n.end)
    }

    /// "van der" before a name word, as in "J. van der Merwe".
    fn particle(&self, at: usize) -> bool {
        let end = (at..at + 3)
            .find(|i| {
                !self
                    .tokens
                    .get(*i)
                    .is_some_and(|t| PARTICLES.contains(&t.folded.as_str()))
            })
            .unwrap_or(at);
        end > at && self.name_token(end, false)
    }

    pub(crate) fn office_word(&self, at: usize) -> bool {
        self.listed("not-names", at) > at
    }

    /// "Ambassador of Estonia Jane Doe": the State after "of" is no part of the name.
    fn of_state(&self, at: usize) -> bool {
        at > 0 && self.lexicon.is("prepositions", &self.tokens[at - 1].folded) && self.is_state(at)
    }

    /// Past "(Retd.)" between a rank and its name.
    fn past_retired(&self, at: usize) -> usize {
        let retired = self.tokens.get(at).is_some_and(|t| t.is("("))
            && self
                .tokens
                .get(at + 1)
                .is_some_and(|t| matches!(t.folded.as_str(), "retd" | "ret" | "rtd" | "retired"));
        let close = (at..at + 4).find(|i| self.tokens.get(*i).is_some_and(|t| t.is(")")));
        close.filter(|_| retired).map_or(at, |i| i + 1)
    }

    /// A word that names a State.
    fn is_state(&self, at: usize) -> bool {
        near(self.names, at, at + 1)
            .iter()
            .any(|n| n.start == at && n.end == at + 1 && matches!(n.meaning, Meaning::State(_)))
    }

    /// "Director of AKCESK Jane Doe", "Minister for Innovation Jane Doe": what stands after "of" is no part of the name.
    fn of_body(&self, at: usize) -> bool {
        at > 0
            && self.lexicon.is("prepositions", &self.tokens[at - 1].folded)
            && (self.tokens[at].upper || !self.given(at) && self.given(at + 1))
            && self.name_at(at + 1, false).is_some()
            && !self.tokens[at + 1].upper
    }

    /// "Foreign Ministers Jane Doe and John Roe", "Ambassadors A of France and B of Germany": past the first of several of an office.
    fn one_of_several(&self, start: usize, last: Option<usize>, from: usize) -> bool {
        let office = (start.saturating_sub(4).max(from)..start)
            .any(|i| self.listed("titles-of-several", i) == start);
        let goes_on = last.is_some_and(|last| {
            let between = last..start;
            between.len() <= 6
                && self.tokens[last..start]
                    .iter()
                    .all(|t| t.is_word() || t.is(",") || t.is("(") || t.is(")"))
                && (self.tokens[start - 1].is(",")
                    || self
                        .lexicon
                        .is("coordinators", &self.tokens[start - 1].folded))
        });
        office || goes_on
    }

    /// Blanks before a token that part two columns: "Jane Doe        John Roe".
    fn column(&self, at: usize) -> bool {
        let gap = &self.text[self.tokens[at - 1].end..self.tokens[at].start];
        gap.contains('\t') || !gap.contains('\n') && gap.chars().count() >= 3
    }

    /// Tokens of a name that begins at `at`.
    pub(crate) fn name_at(&self, at: usize, strict: bool) -> Option<usize> {
        self.name_until(at, self.tokens.len(), strict)
    }

    /// The same, no further than `limit`.
    pub(crate) fn name_until(&self, at: usize, limit: usize, strict: bool) -> Option<usize> {
        if !self.name_token(at, strict) {
            return None;
        }
        let mut end = at;
        let mut words = 0;
        let mut i = at;
        while i < limit {
            let t = &self.tokens[i];
            if i > at
                && t.start > self.tokens[i - 1].end
                && self.text[self.tokens[i - 1].end..t.start].contains('\n')
                && !self.text[self.tokens[i - 1].end..t.start]
                    .trim_matches([' ', '\n', '\r'])
                    .is_empty()
            {
                break;
            }
            if i > at
                && self.text[self.tokens[i - 1].end..t.start]
                    .matches('\n')
                    .count()
                    > 1
            {
                break;
            }
            if i > at && self.column(i) {
                break;
            }
            if self.name_token(i, strict) {
                words += usize::from(i == at || !t.hyphened && !t.elided);
                i += 1;
                end = i;
                continue;
            }
            // An initial's full stop, a particle before another name word, a lower part after a hyphen ("Seo-yun").
            if t.is(".")
                && i > at
                && self.tokens[i - 1].folded.chars().count() == 1
                && (self.name_token(i + 1, strict) || self.particle(i + 1))
            {
                i += 1;
                continue;
            }
            if t.hyphened && t.is_word() && t.form == Form::Word && i > at {
                i += 1;
                end = i;
                continue;
            }
            if PARTICLES.contains(&t.folded.as_str())
                && i > at
                && (self.name_token(i + 1, strict)
                    || self
                        .tokens
                        .get(i + 1)
                        .is_some_and(|n| PARTICLES.contains(&n.folded.as_str()))
                        && self.name_token(i + 2, strict))
                // "Miguel De Bruycker": a capital particle right behind the first name.
                && (!t.capital || t.upper && t.folded.len() > 1 || words == 1 && t.folded.len() == 2)
            {
                i += 1;
                continue;
            }
            break;
        }
        // Letters after a name are none of it.
        while end > at + 2
            && matches!(
                self.tokens[end - 1].folded.as_str(),
                "mp" | "mep" | "kc" | "qc" | "obe" | "cbe" | "cmg" | "kcmg" | "kbe" | "mbe"
            )
        {
            end -= 1;
            words -= 1;
        }
        ((2..=5).contains(&words)).then_some(end)
    }

    pub(crate) fn printed(&self, start: usize, end: usize) -> String {
        self.text[self.tokens[start].start..self.tokens[end - 1].end]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// All persons in the token ranges of the body and of contact lines, and who signed below the token `after`.
    pub(crate) fn persons(
        &self,
        body: &[(usize, usize)],
        contacts: &[(usize, usize)],
        after: usize,
    ) -> Vec<Found> {
        let mut out: Vec<Found> = Vec::new();
        for &(from, to) in contacts {
            let mut at = from;
            while at < to {
                if let Some(end) = self
                    .name_until(at, to, false)
                    // "12 Cluny Park Road" is an address, "Ukraine WG" a group.
                    .filter(|end| {
                        *end >= to || !self.tokens[*end].capital || !self.office_word(*end)
                    })
                    .filter(|_| !self.is_state(at))
                {
                    // In a signature the office stands on the next line.
                    let line = self.tokens.get(to).map_or(0, |t| t.start);
                    let stop = self.text[line..]
                        .find('\n')
                        .map_or(self.text.len(), |n| line + n);
                    let role = if self.role_word(to) {
                        self.text[line..stop].trim().to_owned()
                    } else if self.lexicon.code == "fr" {
                        "contact presse".to_owned()
                    } else {
                        "press contact".to_owned()
                    };
                    out.push(Found {
                        start: at,
                        end,
                        name: self.printed(at, end),
                        role: Some(role),
                        side: None,
                    });
                    at = end;
                } else {
                    at += 1;
                }
            }
        }
        for &(from, to) in body {
            let mut at = from;
            let mut floor = from;
            // Past the last of several who hold one office.
            let mut several = None;
            while at < to {
                let Some(found) = self.person_at(at, from, to, floor, several) else {
                    at += 1;
                    continue;
                };
                at = found.end.max(at + 1);
                several = self
                    .one_of_several(found.start, several, from)
                    .then_some(found.end);
                // What stands in the office of one says nothing of the next.
                floor = self.role_after(found.end).map_or(found.end, |(_, b)| b);
                out.push(found);
            }
        }
        out.extend(self.signed(after));
        merge(out)
    }

    fn person_at(
        &self,
        at: usize,
        from: usize,
        to: usize,
        floor: usize,
        several: Option<usize>,
    ) -> Option<Found> {
        let t = &self.tokens[at];
        // An honorific, with its full stop, then a name of one word or more.
        let mut start = at;
        let mut titled = false;
        let mut office: Option<(usize, usize)> = None;
        let honorific = self.listed("honorifics", at);
        if honorific > at
            && (t.capital || t.folded.len() > 3)
            && (self.tokens.get(honorific).is_some_and(|n| n.is("."))
                || t.folded.len() > 1
                    && !matches!(
                        t.folded.as_str(),
                        "he" | "se" | "me" | "general" | "col" | "lady" | "miss"
                    )
                || t.folded == "m" && self.tokens.get(honorific).is_some_and(|n| n.is(".")))
        {
            start = honorific;
            if self.tokens.get(start).is_some_and(|n| n.is(".")) {
                start += 1;
            }
            titled = true;
            start = self.past_retired(start);
        }
        let title = self.with_adjective(start, self.listed("titles", start));
        if title > start && self.tokens.get(start).is_some_and(|t| t.is_word()) {
            let mut end = title;
            // "Ambassador for Cyber Affairs Jane Doe" is rare: the name follows at once, or after "the EU's".
            if self.tokens.get(end).is_some_and(|n| n.is(",")) {
                end += 1;
            }
            let after = if self.listed("honorifics", end) > end
                && self.tokens.get(end).is_some_and(|n| n.capital)
            {
                let mut e = self.listed("honorifics", end);
                if self.tokens.get(e).is_some_and(|n| n.is(".")) {
                    e += 1;
                }
                e
            } else {
                end
            };
            // "Minister for Home Affairs Tony Burke"
            let mut far = end;
            while far < to
                && far < end + 18
                && self.tokens[far].is_word()
                && (self.name_at(far, false).is_none() || self.of_state(far) || self.of_body(far))
                && (self.tokens[far].capital
                    || self.lexicon.is("prepositions", &self.tokens[far].folded)
                    || self.lexicon.is("determiners", &self.tokens[far].folded)
                    || self.lexicon.is("coordinators", &self.tokens[far].folded))
            {
                far += 1;
            }
            let led = self
                .tokens
                .get(end)
                .is_some_and(|t| matches!(t.folded.as_str(), "for" | "of" | "to" | "at"));
            let after = if after == end
                && led
                && self.tokens[start].capital
                && far > end
                && far < to
                && self.name_at(far, false).is_some()
            {
                far
            } else {
                after
            };
            if after < to
                && self.name_at(after, false).is_some()
                && (self.tokens[start].capital
                    || self.lexicon.code == "fr"
                    || after > end
                    || end == title)
            {
                office = Some((start, if after == far { far } else { title }));
                start = after;
                titled = true;
            } else if titled {
                start = self.listed("titles", start).max(start);
            }
        }
        let end = if titled {
            self.name_at(start, false)
                .or_else(|| self.name_at(start, true))
        } else {
            self.name_at(start, false)
        };
        let end = match end {
            Some(e) if e <= to => e,
            _ => return None,
        };
        // Without a title the context must say that it is a person.
        let after_role = self.role_after(end).or_else(|| {
            // "the Ministers' ", "Jane Doe MP, Minister": a mark or letters stand between.
            let between = |t: &Token| t.is("'") || t.upper && (2..=4).contains(&t.folded.len());
            self.role_after(end + usize::from(self.tokens.get(end).is_some_and(between)))
        });
        let speech = (end..(end + 4).min(self.tokens.len())).any(|i| self.listed("speech", i) > i)
            && self
                .tokens
                .get(end)
                .is_some_and(|t| t.is_word() || t.is(","));
        let spoken = start > from
            && (start.saturating_sub(3)..start).any(|i| self.listed("speech", i) > i)
            && start >= 1
            && (self.listed("speech", start - 1) > start - 1
                || self.lexicon.code == "fr" && start >= 2 && self.tokens[start - 1].is_word());
        let listed_person = start > from
            && (self.tokens[start - 1].is("by") || self.tokens[start - 1].is("par"))
            && (after_role.is_some()
                || self
                    .tokens
                    .get(end)
                    .is_some_and(|t| matches!(t.folded.as_str(), "of" | "from")));
        // "The Minister for Europe, Mr. Jean Roth,": the civility stands between.
        let head = if honorific > at && office.is_none() {
            at
        } else {
            start
        };
        let before_role = head >= 2
            && self.tokens[head - 1].is(",")
            && (head.saturating_sub(AHEAD)..head - 1)
                .any(|i| self.role_word(i) && self.tokens[i].start > self.tokens[from].start)
            && self.tokens.get(end).is_some_and(|t| {
                matches!(
                    t.folded.as_str(),
                    "," | "."
                        | "and"
                        | "said"
                        | ":"
                        | "told"
                        | "met"
                        | "will"
                        | "was"
                        | "has"
                        | "welcomed"
                        | "a"
                        | "et"
                        | ";"
                        | "("
                )
            });
        let bracketed = self.state_in_brackets(end).filter(|_| {
            titled
                || self.called(start, end)
                || start > from
                    && matches!(
                        self.tokens[start - 1].folded.as_str(),
                        "by" | "par" | "and" | "et" | "," | ":" | ")"
                    )
        });
        // "chaired by Maria Rossi for the EU and John Smith for the UK"
        let stands_for = self.stands_for(end).filter(|_| {
            start > from
                && matches!(
                    self.tokens[start - 1].folded.as_str(),
                    "by" | "par" | "and" | "et"
                )
        });
        let bracketed = bracketed.or(stands_for);
        if !(titled
            || start > from && self.employed(start, end)
            || self.called(start, end)
            || several.is_some() && self.one_of_several(start, several, from)
            || after_role.is_some()
            || speech
            || spoken
            || listed_person
            || before_role
            || bracketed.is_some())
        {
            return None;
        }
        let ahead = before_role.then(|| self.office_ahead(from, head)).flatten();
        let role = office
            .or(after_role)
            .or(ahead)
            .map(|(a, b)| self.printed(a, b));
        // "Head of Division for Hybrid Threats": what an office is for.
        if role.as_deref().is_some_and(|r| {
            let last = crate::token::fold(r.split_whitespace().last().unwrap_or_default());
            self.lexicon.is("prepositions", &last)
        }) {
            return None;
        }
        let below = after_role.filter(|_| office.or(ahead).is_none() && self.begins_line(start));
        let side = bracketed
            .or_else(|| below.and_then(|(a, b)| self.side(a, b)))
            .or_else(|| self.side_ahead(office.or(ahead).map_or(start, |(a, _)| a)))
            .or_else(|| after_role.and_then(|(a, b)| self.side(a.saturating_sub(3).max(end), b)))
            .or_else(|| office.and_then(|(a, b)| self.side_of_office(a, b)))
            .or_else(|| after_role.and_then(|(a, b)| self.side_of_office(a, b)))
            .or_else(|| {
                office.and_then(|(a, _)| {
                    let ahead = a.saturating_sub(6).max(from).max(floor);
                    self.side(self.since_stop(ahead, a), start)
                })
            })
            .or_else(|| self.side_of_employer(end))
            .or_else(|| self.side_around(start, end, from.max(floor)));
        Some(Found {
            start,
            end,
            name: self.printed(start, end),
            role,
            side,
        })
    }
}

/// One entry per person: the same words, or a subset of them, are the same person.
fn merge(found: Vec<Found>) -> Vec<Found> {
    let words = |name: &str| -> Vec<String> { crate::token::words(name) };
    let mut out: Vec<Found> = Vec::new();
    for person in found {
        let own = words(&person.name);
        let same = out.iter_mut().find(|o| {
            let theirs = words(&o.name);
            own.iter().all(|w| theirs.contains(w)) || theirs.iter().all(|w| own.contains(w))
        });
        match same {
            Some(other) => {
                if words(&other.name).len() < own.len() {
                    other.name.clone_from(&person.name);
                }
                if other.role.is_none() {
                    other.role = person.role;
                }
                if other.side.is_none() {
                    other.side = person.side;
                }
            }
            None => out.push(person),
        }
    }
    out
}
