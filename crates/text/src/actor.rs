//! Who acts in a part: names in its subject, or all parties for "we", "they" and "both sides".
//! Invariant: never empty; those whom the text does not name are `SIGNATORIES`.

use crate::act::Subject;
use crate::clause::Part;
use crate::document::Document;
use crate::name::{Meaning, Name, side_of};
use crate::person;
use crate::signatory::has_members;
use crate::statement::Act;
use crate::token::fold;

impl<'a> Document<'a> {
    /// Ids of those who act in a part.
    pub(crate) fn actors(
        &self,
        part: &Part,
        parties: &[String],
        persons: &[person::Found],
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
        let is = |list: &str, i: usize| self.lexicon.is(list, &self.tokens[i].folded);
        let collective = (start..end).any(|i| is("all-sides", i));
        // "We, the Ministers of A, B and C": all of them, wherever the list is cut.
        let collective =
            collective || (part.start..start).any(|i| is("we", i) && self.tokens[i + 1].is(","));
        // "The chairmanship was commended by the EU"
        if part.act != Act::Report
            && let Some(agent) = self.agent(part, parties)
        {
            return vec![agent];
        }
        let singular = (start..end).any(|i| is("singular-persons", i));
        let mut out: Vec<String> = Vec::new();
        if part.kind == Subject::Own || part.act == Act::Report {
            for name in self
                .near(start, end)
                .filter(|n| n.start >= start && n.end <= end && !n.nested)
                .filter(|n| !self.posted_to(n, start) && !self.aside(n, start, end))
            {
                let id = match name.meaning {
                    Meaning::State(id) | Meaning::OfState(id) => Some(id),
                    Meaning::Body(id, "union" | "members" | "group" | "organisation") => Some(id),
                    Meaning::Body(_, kind) if kind.starts_with("ministry-") => side_of(kind),
                    // "The EEAS will circulate": the party for which it speaks, when it promises.
                    Meaning::Body(id, kind) if side_of(kind).is_some() => side_of(kind)
                        .filter(|side| part.act != Act::Report && parties.iter().any(|p| p == side))
                        .or(Some(id)),
                    Meaning::Place(_, state)
                        if parties.iter().any(|p| p == state) && end - start <= 3 =>
                    {
                        Some(state)
                    }
                    _ => None,
                };
                // "Quad partners": a group whose members are the parties is all of them.
                if let Some(group) = id
                    && has_members(group)
                    && parties.len() > 2
                    && !parties.iter().any(|p| p == group)
                {
                    return all();
                }
                if let Some(id) = id
                    && !out.iter().any(|o| o == id)
                {
                    out.push(id.to_owned());
                }
            }
        }
        // "Member States agreed": those of a union whose members take part beside it.
        let members = out.is_empty()
            && parties.iter().any(|p| p == "EU-MS")
            && end - start <= 4
            && (start + 1..end).any(|i| {
                matches!(
                    (
                        self.tokens[i - 1].folded.as_str(),
                        self.tokens[i].folded.as_str()
                    ),
                    ("member", "states") | ("etats", "membres")
                )
            });
        if members {
            return vec!["EU-MS".to_owned()];
        }
        // "For his part, the Director-General thanked": of two, the other.
        if part.kind == Subject::Own
            && out.is_empty()
            && let ([one], [first, second]) = (previous, parties)
            && (part.start..start).any(|i| is("for-its-part", i))
            && (part.start..start).any(|i| is("part", i))
        {
            return vec![if one == first { second } else { first }.clone()];
        }
        if part.kind == Subject::Own && !collective {
            out.retain(|o| {
                parties.is_empty()
                    || parties.contains(o)
                    // "Japan announced", in a text of the G7.
                    || crate::signatory::member_of_party(o, parties)
                    || !o.chars().all(|c| c.is_ascii_uppercase())
                    || o.len() > 2
            });
            if !out.is_empty() {
                return out;
            }
            if let Some(other) = self.announced_of(part, parties) {
                return vec![other];
            }
            if let Some(side) = self.office(start, end, parties, persons, previous) {
                return vec![side];
            }
            if singular && !previous.is_empty() {
                return previous.to_vec();
            }
        }
        // "It praised the progress": who acted before, unless nobody is meant ("it was agreed").
        if part.kind == Subject::Empty
            && (start..end).any(|i| is("it", i))
            && !matches!(part.act, Act::Report)
            && previous.len() == 1
            && !(end..end + 2)
                .take_while(|i| *i < self.tokens.len())
                .any(|i| is("be", i) || is("modals", i))
        {
            return previous.to_vec();
        }
        if part.act == Act::Report && part.kind == Subject::Third && !out.is_empty() {
            return out;
        }
        all()
    }

    /// "The Minister announced that the UK will provide": whoever is to do it.
    fn announced_of(&self, part: &Part, parties: &[String]) -> Option<String> {
        let is = |list: &str, i: usize| self.lexicon.is(list, &self.tokens[i].folded);
        let end = part.subject.1;
        if part.act != Act::Commitment {
            return None;
        }
        let that = (end..(end + 4).min(part.end)).find(|i| is("complementizers", *i))?;
        self.near(that + 1, that + 4)
            .filter(|n| n.start > that && n.end < part.end && !n.nested)
            .filter(|n| (that + 1..n.start).all(|i| is("determiners", i)))
            .find_map(|n| match n.meaning {
                Meaning::State(id) | Meaning::Body(id, "union") => {
                    parties.iter().find(|p| *p == id).cloned()
                }
                _ => None,
            })
    }

    /// "the British High Commissioner to Ghana", "l'ambassadeur de France au Sénégal": where, not whose.
    fn posted_to(&self, name: &Name, from: usize) -> bool {
        let is = |list: &str, i: usize| self.lexicon.is(list, &self.tokens[i].folded);
        name.start > from
            && is("posted", name.start - 1)
            && (from..name.start).any(|i| is("envoys", i))
    }

    /// "The UK, which has supported Kenya since 2018, will": named in a clause between commas after the subject.
    fn aside(&self, name: &Name, from: usize, end: usize) -> bool {
        let word = |i: usize| self.tokens[i].folded.as_str();
        let opened = (from + 1..name.start)
            .rev()
            .find(|i| word(*i) == "," && self.lexicon.is("relatives", word(*i + 1)));
        opened.is_some_and(|comma| {
            (comma + 1..name.start).all(|i| word(i) != ",")
                && (name.end..end).any(|i| word(i) == ",")
        })
    }

    /// The party after "by", where the verb of the part is a passive.
    fn agent(&self, part: &Part, parties: &[String]) -> Option<String> {
        let is = |list: &str, i: usize| self.lexicon.is(list, &self.tokens[i].folded);
        (part.cue.saturating_sub(2)..=part.cue + 1)
            .any(|i| i < part.end && is("be", i))
            .then_some(())?;
        let by = (part.cue..(part.cue + 4).min(part.end)).find(|i| is("agent", *i))?;
        self.near(by + 1, by + 4)
            .filter(|n| n.start > by && n.start <= by + 3 && n.end <= part.end)
            .find_map(|n| match n.meaning {
                Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union") => {
                    parties.iter().find(|p| *p == id).cloned()
                }
                _ => None,
            })
    }

    /// The side of the office holder who is the subject: "the Deputy Minister", "Borrell", "her counterpart".
    fn office(
        &self,
        start: usize,
        end: usize,
        parties: &[String],
        persons: &[person::Found],
        previous: &[String],
    ) -> Option<String> {
        let named: Vec<&str> = (start..end)
            .filter(|i| self.tokens[*i].is_word())
            .map(|i| self.tokens[i].folded.as_str())
            .filter(|w| {
                !self.lexicon.is("determiners", w)
                    && !self.lexicon.is("coordinators", w)
                    && !self.lexicon.is("prepositions", w)
                    && !self.lexicon.is_adverb(w)
            })
            .collect();
        if named.is_empty() || named.len() > 5 {
            return None;
        }
        if named.iter().any(|w| self.lexicon.is("counterparts", w))
            && let [one] = previous
        {
            let mut others = parties.iter().filter(|p| *p != one);
            return others.next().filter(|_| others.next().is_none()).cloned();
        }
        let mut sides = persons
            .iter()
            .filter(|p| {
                let has = |text: &str, word: &str| {
                    text.split(|c: char| !c.is_alphanumeric())
                        .any(|w| w == word)
                };
                let family = p.family();
                let role = fold(p.role.as_deref().unwrap_or_default());
                family.split('-').any(|part| named.contains(&part))
                    || named.iter().all(|w| has(&role, w))
            })
            .map(|p| p.side.clone());
        let first = sides.next()??;
        sides.all(|s| s.as_ref() == Some(&first)).then_some(first)
    }
}

impl person::Found {
    /// The family name, folded: what is written in capitals ("MIYAZAKI Kenichi"), else what comes last.
    pub(crate) fn family(&self) -> String {
        let loud = |word: &&str| word.chars().count() > 2 && !word.chars().any(char::is_lowercase);
        let mut all = self.name.split_whitespace().filter(loud);
        let one = all.next().filter(|_| all.next().is_none());
        fold(one.unwrap_or_else(|| self.name.split_whitespace().last().unwrap_or_default()))
    }
}
