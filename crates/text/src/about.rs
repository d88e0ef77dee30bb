//! What a clause is about where it stands: its own cues, the meeting, its lead-in, the sentence before, the heading, the title.
//! Invariant: words of its own go before what stands around; nothing is taken from another section.

use crate::act::Subject;
use crate::clause::Part;
use crate::document::{Document, Sentence};
use crate::layout::Role;
use crate::name::Meaning;
use crate::statement::{Act, Kind};
use crate::topic::{self, Found};

/// What the clauses before have been about.
pub(crate) struct Thread<'d, 'a> {
    document: &'d Document<'a>,
    exercise: bool,
    last: Vec<&'static str>,
    block: usize,
    /// What all of the text is about, whatever else a clause touches on.
    whole: Option<&'static str>,
}

/// Bodies that were founded for one subject: their own statements speak of nothing else.
const ONE_SUBJECT: &[(&str, &str)] = &[("CRI", "ransomware")];

/// Where a clause stands in its sentence.
pub(crate) struct Place<'s> {
    /// Its sentence.
    pub(crate) sentence: &'s Sentence,
    /// The number of the sentence.
    pub(crate) rank: usize,
    /// It is the first part of its sentence.
    pub(crate) first: bool,
}

impl<'d, 'a> Thread<'d, 'a> {
    /// Before the first clause.
    pub(crate) fn new(document: &'d Document<'a>, kind: Kind) -> Thread<'d, 'a> {
        Thread {
            document,
            exercise: kind == Kind::ExerciseReport,
            last: Vec::new(),
            block: usize::MAX,
            whole: whole(document, kind),
        }
    }

    /// The topics of a clause, and the cues that name them.
    pub(crate) fn about(&mut self, part: &Part, place: &Place<'_>) -> (Vec<String>, Vec<Found>) {
        let document = self.document;
        let sentence = place.sentence;
        let same_paragraph = self.block == sentence.block;
        self.block = sentence.block;
        let (mut found, firm) = topic::topics_beside(
            &document.tokens[part.start..part.end],
            document.lexicon,
            &self.offices(part),
        );
        let attended = part.act == Act::Report && self.spoken_of("attendance", part);
        let meeting = self.meeting(part, sentence, found.is_empty()) || attended;
        // What a meeting was about is said elsewhere than where it says that it was held.
        if meeting
            && (!firm
                || part.act == Act::Report
                    && part.kind != Subject::Third
                    && found.len() <= 3
                    && (self.spoken_of("presence", part)
                        || document
                            .dates_in(part.start, part.end)
                            .any(|d| d.from.day.is_some())))
        {
            // "They met companies of both countries at a round table": whom they met is what it is about.
            let industry = self.spoken_of("with-industry", part);
            found.retain(|f| f.topic == "exercises" || f.topic == "ppp" && industry);
        }
        // "NATO observed the proceedings", "the next conference on ransomware will be held in Oslo": the meeting itself.
        let announced = part.act == Act::Commitment
            && part.kind == Subject::Talks
            && self.spoken_of("held-again", part)
            && !self.apart(part);
        // "This report will be transmitted to the Council": the talks themselves.
        let forwarded = self.spoken_of("forwarded", part);
        if forwarded {
            found.clear();
        }
        let meeting = meeting || forwarded;
        if attended || announced {
            found.retain(|f| {
                f.topic == "exercises"
                    && if self.exercise {
                        part.act != Act::Report
                    } else {
                        attended
                    }
            });
        }
        // Laws that are spoken of in a judgment are what it rests on; updates on them are told.
        if found.len() > 1 && matches!(part.act, Act::Position | Act::Reaffirmation) {
            found.retain(|f| f.topic != "policy_legislation");
        }
        // What happens in a scenario is played, nobody is condemned for it.
        if self.exercise && part.act == Act::Report && self.spoken_of("scenario", part) {
            found.retain(|f| !matches!(f.topic, "attribution_accountability" | "product_security"));
        }
        let mut about: Vec<&'static str> = found.iter().map(|f| f.topic).collect();
        // The account of an exercise tells of it whatever else it touches on.
        if self.exercise
            && part.act == Act::Report
            && !about.is_empty()
            && !meeting
            // What was found, in a list: "limited contact between teams and diplomats".
            && (sentence.lead.is_none() || document.infinitive(sentence.start, sentence.end))
            && !about.contains(&"exercises")
        {
            about.insert(0, "exercises");
        }
        // Weak words under a heading that names a subject say nothing of their own.
        if !firm && !about.is_empty() && !meeting && !self.exercise {
            let mut above = self.heading(sentence);
            if above.is_empty() {
                above = self.theme();
            }
            if !above.is_empty() {
                about = above;
            }
        }
        if about.is_empty() && !meeting {
            about = if self.exercise {
                vec!["exercises"]
            } else if place.first {
                self.around(sentence, place.rank)
            } else {
                self.last.clone()
            };
            if about.is_empty() && same_paragraph && sentence.speaker.is_none() {
                about.clone_from(&self.last);
            }
        }
        // Where nothing names it: what the title says that the text is about.
        if about.is_empty() && (!meeting || sentence.speaker.is_some()) {
            about = self.theme();
        }
        // "welcomed the accession and offered help with it": the rest of a sentence goes on about what it began with.
        if !place.first
            && !meeting
            && found.len() == 1
            && about.len() == 1
            && (part.start..part.end).any(|i| {
                // "the same rights that people have offline" point back to nothing.
                let rights = document
                    .tokens
                    .get(i + 1)
                    .is_some_and(|t| matches!(t.folded.as_str(), "rights" | "droits"));
                document.lexicon.is("anaphora", &document.tokens[i].folded) && !rights
            })
        {
            let before = self.last.iter().find(|t| !about.contains(t));
            about.extend(before);
        }
        // "the following norms:": each item is one of them, whatever it is about besides.
        let of_norms = sentence
            .lead
            .is_some_and(|(a, b)| document.holds(a, b, "listed-norms"));
        if of_norms && !about.contains(&"norms") {
            about.retain(|t| *t != "process");
            about.insert(0, "norms");
        }
        if let Some(whole) = self.whole
            && !about.is_empty()
            && !about.contains(&whole)
            // A clause of a condemnation that names another subject is about that one.
            && (whole != "attribution_accountability" || !firm)
        {
            about.push(whole);
        }
        // "to cut off their revenue, and to hold the fifth meeting in Rome", "closer cooperation between the two on
        // ransomware": the next meeting, or the cooperation as such, beside it.
        let again = part.act == Act::Commitment && self.spoken_of("meeting-again", part);
        let themselves = part.act != Act::Report && self.spoken_of("themselves", part);
        if (again || themselves) && !about.is_empty() && sentence.speaker.is_none() {
            about.push("process");
        }
        let topics = topic::recorded(&about);
        self.last = about.into_iter().take(1).collect();
        (topics, found)
    }

    /// Names of agencies and departments in a part, counted from its start.
    fn offices(&self, part: &Part) -> Vec<(usize, usize)> {
        let document = self.document;
        let agency = |kind: &str| {
            kind == "body" || kind.starts_with("agency-") || kind.starts_with("ministry-")
        };
        let mut out: Vec<(usize, usize)> = document
            .near(part.start, part.end)
            .filter(|n| n.start >= part.start && n.end <= part.end)
            .filter(|n| matches!(n.meaning, Meaning::Body(_, kind) if agency(kind)))
            .map(|n| (n.start - part.start, n.end - part.start))
            .collect();
        let is = |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
        // "the Departments of Defense, Homeland Security, Justice and the Treasury"
        let mut at = part.start;
        while at + 2 < part.end {
            let capital = |i: usize| i < part.end && document.tokens[i].capital;
            if !(capital(at) && is("departments", at) && is("department-of", at + 1)) {
                at += 1;
                continue;
            }
            let mut end = at + 2;
            while end < part.end
                && (capital(end)
                    || (document.tokens[end].is(",") || is("department-links", end))
                        && (capital(end + 1) || capital(end + 2)))
            {
                end += 1;
            }
            out.push((at - part.start, end - part.start));
            at = end;
        }
        out
    }

    /// What the heading above names by a firm cue.
    fn heading(&self, sentence: &Sentence) -> Vec<&'static str> {
        /// A section has no more blocks.
        const SECTION: usize = 200;
        let document = self.document;
        let above = document.blocks[..sentence.block]
            .iter()
            .rev()
            .take(SECTION)
            .find(|b| matches!(b.role, Role::Heading | Role::Title | Role::Dateline))
            .filter(|b| b.role == Role::Heading);
        above.map_or_else(Vec::new, |b| {
            let (start, end) = document.token_range(b.start, b.end);
            self.firmly(start, end)
        })
    }

    /// The first topic of other words, if they name it firmly.
    fn firmly(&self, start: usize, end: usize) -> Vec<&'static str> {
        let (found, firm) = topic::topics(&self.document.tokens[start..end], self.document.lexicon);
        let first = found.first().filter(|_| firm);
        // A vision of cyberspace, or the exchange of news, is what a whole text is for, not what a clause without
        // words of its own is about.
        let first = first.filter(|f| {
            !matches!(
                f.topic,
                "open_cyberspace" | "info_sharing" | "incident_response"
            )
        });
        first.map(|f| f.topic).into_iter().collect()
    }

    /// What the title names by a firm cue.
    fn theme(&self) -> Vec<&'static str> {
        let document = self.document;
        let Some((start, end)) = document.title_tokens().filter(|_| !self.exercise) else {
            return Vec::new();
        };
        self.firmly(start, end)
    }

    /// "A workshop on ransomware will be held": an event of its own, with a subject of its own.
    fn apart(&self, part: &Part) -> bool {
        let document = self.document;
        let named = |i: usize| {
            let t = &document.tokens[i];
            document.lexicon.is("other-talks", &t.folded)
                && !(self.exercise && document.lexicon.is("own-exercise", &t.folded))
                && !document.title_tokens().is_some_and(|(start, end)| {
                    document.tokens[start..end]
                        .iter()
                        .any(|o| o.folded == t.folded)
                })
        };
        (part.subject.0..part.subject.1).any(named)
    }

    /// A word of a list stands in the part.
    fn spoken_of(&self, list: &str, part: &Part) -> bool {
        let document = self.document;
        (part.start..part.end).any(|i| {
            !document
                .lexicon
                .list(list)
                .at(&document.tokens[..part.end], i, document.lexicon.grammar())
                .is_empty()
        })
    }

    /// It speaks of the meeting itself, or of those who speak.
    fn meeting(&self, part: &Part, sentence: &Sentence, bare: bool) -> bool {
        // In the account of an exercise only who took part is not the exercise itself.
        if self.exercise {
            return part.act == Act::Report
                && self.spoken_of("process", part)
                && self.spoken_of("presence", part);
        }
        let thanks = part.act == Act::Welcome && bare && {
            let word = &self.document.tokens[part.cue].folded;
            word.starts_with("thank") || word.starts_with("remerci")
        };
        self.spoken_of("process", part)
            // "The meeting stressed that": what it stressed counts.
            || part.kind == Subject::Talks
                && (part.act == Act::Report
                    || part.act == Act::Commitment && self.spoken_of("held-again", part))
            || thanks
            || sentence.speaker.is_some()
    }

    /// The first topic of other words.
    fn named(&self, start: usize, end: usize) -> Vec<&'static str> {
        topic::topics(&self.document.tokens[start..end], self.document.lexicon)
            .0
            .into_iter()
            .map(|f| f.topic)
            .take(1)
            .collect()
    }

    /// Topics of what stands around a clause that names none: its lead-in, the heading above it.
    fn around(&self, sentence: &Sentence, rank: usize) -> Vec<&'static str> {
        let document = self.document;
        if let Some((start, end)) = sentence.lead {
            let found = self.named(start, end);
            if !found.is_empty() {
                return found;
            }
        }
        // "This", "such", "it": the sentence before in the same paragraph.
        let anaphoric = (sentence.start..sentence.end.min(sentence.start + 30))
            .any(|i| document.lexicon.is("anaphora", &document.tokens[i].folded));
        if anaphoric && rank > 0 && document.sentences[rank - 1].block == sentence.block {
            let before = &document.sentences[rank - 1];
            let found = self.named(before.start, before.end);
            if !found.is_empty() {
                return found;
            }
        }
        self.heading(sentence)
    }
}

/// The one subject of a text: that of the body whose text it is, or the acts that a statement without a meeting answers to.
pub(crate) fn whole(document: &Document<'_>, kind: Kind) -> Option<&'static str> {
    let (start, end) = document.title_tokens()?;
    let named = document
        .near(start, end)
        .filter(|n| n.start >= start && n.end <= end)
        .find_map(|n| match n.meaning {
            Meaning::Body(id, _) => ONE_SUBJECT.iter().find(|(body, _)| *body == id),
            _ => None,
        });
    if let Some((_, topic)) = named {
        return Some(topic);
    }
    let talks = (start..end).any(|i| document.lexicon.is("talks", &document.tokens[i].folded));
    let (found, firm) = topic::topics(&document.tokens[start..end], document.lexicon);
    match found.as_slice() {
        [one]
            if firm
                && !talks
                && one.topic == "attribution_accountability"
                && matches!(kind, Kind::Declaration | Kind::PressRelease) =>
        {
            Some(one.topic)
        }
        _ => None,
    }
}
