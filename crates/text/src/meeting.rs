//! The next meeting, from the sentence that announces one.
//! Invariant: somebody else's meeting is none.

use crate::act::Subject;
use crate::calendar::Date;
use crate::clause::parts;
use crate::document::{Document, Sentence};
use crate::due::due;
use crate::event::{is_future, listed};
use crate::name::Meaning;
use crate::place::{host_city, places};
use crate::series::number_at;
use crate::statement::{Kind, NextMeeting};

/// How far before its noun "next" or an ordinal may stand: names of parties lie between.
const PHRASE: usize = 14;

/// So many sentences at the end may speak of going on without calling it a meeting.
const CLOSING: usize = 4;

/// What is known of this meeting when the next is looked for.
pub(crate) struct Now<'d> {
    /// The text.
    pub(crate) document: &'d Document<'d>,
    /// Who meets.
    pub(crate) parties: &'d [String],
    /// What sort of text it is.
    pub(crate) kind: Kind,
    /// The number of this meeting.
    pub(crate) ordinal: Option<u32>,
    /// It is one of a series.
    pub(crate) series: bool,
    /// When it was held, or published.
    pub(crate) event: Option<Date>,
}

impl Now<'_> {
    /// The next meeting: the last sentence that names one, else a closing one that hints at it.
    pub(crate) fn next(&self) -> Option<NextMeeting> {
        let spoken = || {
            self.document
                .sentences
                .iter()
                .rev()
                .filter(|s| s.speaker.is_none())
        };
        let short = self.abbreviations();
        spoken()
            .find_map(|s| self.announced(s, &short))
            .or_else(|| spoken().take(CLOSING).find_map(|s| self.hinted(s)))
    }

    fn word(&self, i: usize) -> &str {
        self.document
            .tokens
            .get(i)
            .map_or("", |t| t.folded.as_str())
    }

    /// What the title calls the meeting, or the body that meets: "conference", "workshop", "the Tenth Study Group".
    fn titled(&self, i: usize) -> bool {
        let word = self.word(i);
        let body = || {
            self.document.lexicon.is("bodies-that-meet", word)
                && self.document.tokens.get(i).is_some_and(|t| t.capital)
        };
        (self.document.lexicon.is("talks", word) || body())
            && self.document.title_tokens().is_some_and(|(start, end)| {
                self.document.tokens[start..end].iter().any(|t| t.is(word))
            })
    }

    /// Where the sentence calls the meeting by the name that the title gives it: "the Ninth AMCC".
    fn called(&self, sentence: &Sentence) -> Vec<usize> {
        let document = self.document;
        let Some((start, end)) = document.title_tokens() else {
            return Vec::new();
        };
        let named = |from: usize, to: usize| {
            document
                .near(from, to)
                .filter(move |n| n.start >= from && n.end <= to)
        };
        named(sentence.start, sentence.end)
            // "the third Quad Cyber Bootcamp" is no meeting of the Quad.
            .filter(|n| {
                document.tokens.get(n.end).is_none_or(|t| {
                    !(t.capital && t.is_word()) || document.lexicon.is("own-talks", &t.folded)
                })
            })
            .filter(|n| match n.meaning {
                Meaning::Body(id, "process" | "organisation" | "exercise") => {
                    !self.parties.iter().any(|p| p == id)
                        && named(start, end)
                            .any(|t| matches!(t.meaning, Meaning::Body(other, _) if other == id))
                }
                _ => false,
            })
            .map(|n| n.start)
            .collect()
    }

    fn marked(&self, list: &str, at: usize, end: usize) -> bool {
        let lexicon = self.document.lexicon;
        !lexicon
            .list(list)
            .at(&self.document.tokens[..end], at, lexicon.grammar())
            .is_empty()
    }

    /// "the inaugural U.S.-Singapore Cyber Dialogue (USSCD)": by what the text calls it from there on.
    fn abbreviations(&self) -> Vec<&str> {
        let tokens = &self.document.tokens;
        (2..tokens.len().saturating_sub(1))
            .filter(|i| {
                tokens[*i].upper
                    && tokens[*i].folded.len() >= 3
                    && tokens[i - 1].is("(")
                    && tokens[i + 1].is(")")
                    && self.document.lexicon.is("own-talks", self.word(i - 2))
            })
            .map(|i| self.word(i))
            .collect()
    }

    fn announced(&self, sentence: &Sentence, short: &[&str]) -> Option<NextMeeting> {
        let document = self.document;
        let lexicon = document.lexicon;
        let future = is_future(document, sentence);
        let own: Vec<usize> = (sentence.start..sentence.end)
            .filter(|i| {
                lexicon.is("own-talks", self.word(*i))
                    || self.titled(*i)
                    || document.tokens[*i].upper && short.contains(&self.word(*i))
                    || self.kind == Kind::ExerciseReport
                        && lexicon.is("own-exercise", self.word(*i))
            })
            .filter(|i| !self.foreign(*i))
            .chain(self.called(sentence))
            .collect();
        let later = own.iter().find_map(|&i| {
            phrase(document, sentence, i)
                .rev()
                .find_map(|j| Some(number_at(document, j, i + 1)?.0))
                // "the third summit" of others is not what comes after the first of ours.
                .filter(|n| self.ordinal.map_or(future, |o| *n == o + 1))
        });
        let next = own.iter().copied().find(|&i| {
            // "The dialogue will next be convened", "la réunion suivante"
            phrase(document, sentence, i)
                .chain(i..(i + 3).min(sentence.end))
                .any(|j| self.marked("next", j, sentence.end))
        });
        // "The parties will meet again", not a committee of theirs.
        let again = future
            && listed(document, "again", sentence.start, sentence.end)
            && parts(
                &document.context(self.parties),
                sentence.start,
                sentence.end,
            )
            .first()
            .is_none_or(|p| p.kind != Subject::Third);
        let continues = own.iter().any(|&i| {
            self.word(i + 1) == "will"
                && matches!(self.word(i + 2), "continue" | "resume" | "reconvene")
        });
        // "Cyber Coalition 25 will be held in Tallinn in November 2025", in an account of Cyber Coalition 24.
        let anew = self.kind == Kind::ExerciseReport
            && future
            && listed(document, "held-again", sentence.start, sentence.end)
            && !self.called(sentence).is_empty();
        let taken_up = future && self.takes_up(sentence);
        if !(next.is_some() || later.is_some() || again || continues || anew || taken_up) {
            return None;
        }
        let time = self.time_to_come(sentence);
        // "the next session dealt with" is over.
        let over = next.is_some_and(|i| {
            let past = document.tokens.get(i + 1).is_some_and(|t| {
                lexicon.verbs.shapes(&t.folded) & crate::inflect::shape::PAST != 0
                    || lexicon.is("be", &t.folded) && !t.is("be")
            });
            past && !future && time.is_none()
        });
        let place = self.place(sentence);
        let named = next.is_some() || later.is_some();
        let enough = time.is_some() || place.is_some() || named && (self.series || later.is_some());
        (enough && !over).then(|| self.found(place, time, later))
    }

    /// "... at the next edition. It will be held in Brussels": a pronoun for what the sentence before calls the next.
    fn takes_up(&self, sentence: &Sentence) -> bool {
        /// What "It" stands for is named in so many words at the end.
        const NAMED: usize = 8;
        let document = self.document;
        let before = document
            .sentences
            .iter()
            .take_while(|s| s.start < sentence.start)
            .last()
            .filter(|s| s.speaker.is_none());
        document.lexicon.is("taking-up", self.word(sentence.start))
            && before.is_some_and(|s| {
                (s.end.saturating_sub(NAMED).max(s.start)..s.end).any(|i| {
                    document.lexicon.is("own-talks", self.word(i))
                        && phrase(document, s, i).any(|j| self.marked("next", j, s.end))
                })
            })
    }

    /// "The baton passes to Lima in 2026": at the end of a text, a time to come and a word of going on.
    fn hinted(&self, sentence: &Sentence) -> Option<NextMeeting> {
        let document = self.document;
        let range = sentence.start..sentence.end;
        let other = range.clone().any(|i| {
            let word = self.word(i);
            document.lexicon.is("other-talks", word) && !self.titled(i)
                || self.kind != Kind::ExerciseReport && document.lexicon.is("own-exercise", word)
        });
        let body = document.near(sentence.start, sentence.end).any(|n| {
            n.start >= sentence.start && n.end <= sentence.end && self.is_other(&n.meaning)
        });
        let goes_on = range
            .clone()
            .any(|i| self.marked("going-on", i, sentence.end));
        if !goes_on || other || body {
            return None;
        }
        let time = self.time_to_come(sentence)?;
        Some(self.found(self.place(sentence), Some(time), None))
    }

    fn found(&self, place: Option<String>, time: Option<Date>, later: Option<u32>) -> NextMeeting {
        let following = self.ordinal.map(|o| o + 1).filter(|_| self.series);
        NextMeeting {
            place,
            date: time.map(|d| d.to_string()),
            ordinal: later.filter(|n| *n > 1).or(following),
        }
    }

    fn place(&self, sentence: &Sentence) -> Option<String> {
        // "thanked Singapore for hosting and looked forward to the ninth": where this one was.
        let thanked = (sentence.start..sentence.end)
            .find(|i| self.marked("thanked-host", *i, sentence.end))
            .map(|i| i + 1);
        if let Some(after) = thanked {
            let later = places(self.document, after, sentence.end);
            return later.first().map(|(p, _)| p.clone());
        }
        places(self.document, sentence.start, sentence.end)
            .first()
            .map(|(p, _)| p.clone())
            .or_else(|| host_city(self.document, sentence.start, sentence.end))
    }

    /// A time in the sentence that is not before the meeting told of.
    fn time_to_come(&self, sentence: &Sentence) -> Option<Date> {
        let event = self.event;
        due(self.document, sentence.start, sentence.end, event)
            .or_else(|| {
                self.document
                    .dates_in(sentence.start, sentence.end)
                    .map(|d| self.document.with_year_from(d.to, event))
                    .find(|d| event.is_none_or(|e| d.order() > e.order()))
            })
            .or_else(|| {
                (sentence.start..sentence.end)
                    .filter_map(|i| {
                        let lexicon = self.document.lexicon;
                        lexicon.calendar.lone_year(&self.document.tokens, i)
                    })
                    .find(|y| event.and_then(|e| e.year).is_some_and(|e| *y > e))
                    .map(|y| Date {
                        year: Some(y),
                        ..Date::default()
                    })
            })
            // "On 4 March, the Ambassador handed over", told of that very day.
            .filter(|d| {
                event.is_none_or(|e| d.day.is_none() || e.day.is_none() || d.order() != e.order())
            })
            .filter(|d| {
                event.is_none_or(|e| {
                    d.year > e.year || d.year == e.year && (d.month.is_none() || d.month >= e.month)
                })
            })
    }

    /// Somebody else's meeting: "the next meeting of the Counter Ransomware Initiative", "the fourth OEWG session".
    fn foreign(&self, noun: usize) -> bool {
        let of = (noun + 1..noun + 5)
            .take_while(|i| {
                matches!(
                    self.word(*i),
                    "of" | "the" | "du" | "de" | "la" | "l" | "des" | "d" | "un" | "s"
                )
            })
            .last();
        self.document
            .near(noun.saturating_sub(4), noun + 6)
            .any(|n| {
                let beside = of.is_some_and(|o| n.start == o + 1)
                    || n.end == noun
                    || n.end + 1 == noun && self.word(noun - 1).len() > 2
                    || n.start <= noun && noun < n.end;
                beside && !n.nested && self.is_other(&n.meaning)
            })
    }

    /// A body that does not meet here.
    fn is_other(&self, meaning: &Meaning) -> bool {
        match *meaning {
            Meaning::Body(id, kind) => {
                // A group of which only the members are named meets as well.
                let ours = self.parties.iter().any(|p| p == id)
                    || match id {
                        "QUAD" => self.parties.len() == 4,
                        "AUKUS" => self.parties.len() == 3,
                        "ASEAN" | "CRI" => self.parties.len() > 4,
                        _ => false,
                    };
                let side = matches!(kind, "union" | "members" | "group")
                    || kind.starts_with("agency-")
                    || kind.starts_with("ministry-");
                !ours && !side
            }
            _ => false,
        }
    }
}

/// The tokens of the noun phrase before a noun, names and adjectives included.
fn phrase(document: &Document<'_>, sentence: &Sentence, noun: usize) -> std::ops::Range<usize> {
    let mut from = noun;
    while from > sentence.start && noun - from < PHRASE {
        let t = &document.tokens[from - 1];
        if matches!(t.folded.as_str(), "," | ";" | ":" | "(" | ")" | ".")
            || document.lexicon.is("modals", &t.folded)
            || document.lexicon.is("be", &t.folded)
        {
            break;
        }
        from -= 1;
    }
    from..noun
}
