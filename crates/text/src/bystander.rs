//! Who is named near those who meet without being one of them: where they meet, whom they blame, on whose occasion.
//! Invariant: judged from the words beside the name alone, so that the same name may take part elsewhere.

use crate::document::Document;
use crate::name::{Meaning, Name};

/// A name that stands for no party where it stands; `from` is where the list of names begins.
pub(crate) fn bystander(document: &Document<'_>, name: &Name, from: usize) -> bool {
    // "with the help of the Organization of American States (OAS)": its abbreviation is no name of its own.
    if let Some(open) = name
        .start
        .checked_sub(1)
        .filter(|i| document.tokens[*i].is("("))
        && let Some(whole) = document
            .near(open, open + 1)
            .find(|n| n.end == open && n.meaning == name.meaning)
    {
        return bystander(document, whole, from);
    }
    matches!(name.meaning, Meaning::State(_) | Meaning::Body(_, "union"))
        && is_where(document, name)
        || accused(document, name)
        || victim(document, name, from)
        || blamed(document, name, from)
        || excepted(document, name, from)
        || dealt_with(document, name)
        || occasion(document, name, from)
        || presiding(document, name)
        || named_after(document, name)
}

/// "the Singapore International Cyber Week": an occasion named after where it is held.
fn named_after(document: &Document<'_>, name: &Name) -> bool {
    /// Such a name has no more words after the State's.
    const WORDS: usize = 5;
    matches!(name.meaning, Meaning::State(_))
        && (name.end..name.end + WORDS)
            .take_while(|i| {
                document
                    .tokens
                    .get(*i)
                    .is_some_and(|t| t.capital && t.is_word())
            })
            // "Singapore and Germany Launch Cyber Week"
            .take_while(|i| !crate::layout::finite(&document.tokens[*i..=*i], document.lexicon))
            .any(|i| document.lexicon.is("fairs", &document.tokens[i].folded))
}

/// "organized by Malta's 2024 OSCE Chairpersonship": who is in the chair of another body acts for that.
fn presiding(document: &Document<'_>, name: &Name) -> bool {
    let is = |i: usize, list: &str| {
        document
            .tokens
            .get(i)
            .is_some_and(|t| document.lexicon.is(list, &t.folded))
    };
    let possessive = document
        .tokens
        .get(name.end)
        .is_some_and(|t| t.is("s") && t.elided);
    possessive
        && (name.end + 1..name.end + 6)
            .take_while(|i| {
                document
                    .tokens
                    .get(*i)
                    .is_some_and(|t| t.is_word() || t.is("/"))
            })
            .any(|i| is(i, "presidencies"))
}

/// A State after "in", or after its city and a comma, is where, not who.
pub(crate) fn is_where(document: &Document<'_>, name: &Name) -> bool {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let Some(before) = name.start.checked_sub(1) else {
        return false;
    };
    // "in Kenya", "in the Netherlands"
    let there = before > 0 && word(before) == "the" && word(before - 1) == "in";
    // "Director-General at Japan's Ministry"
    if word(name.end) == "s" && document.tokens[name.end].elided {
        return false;
    }
    // "le bureau d'Interpol à Singapour": a city that is a State as well.
    let city = document.lexicon.code == "fr"
        && word(before) == "a"
        && document.text[document.tokens[before].start..].starts_with(['à', 'À']);
    there
        || city
        || matches!(word(before), "in" | "at" | "en")
        || matches!(word(before), "," | "(")
            && document.near(before, before + 1).any(|n| {
                n.end == before
                    && matches!((&n.meaning, &name.meaning), (Meaning::Place(_, city), Meaning::State(id)) if id == city)
            })
}

/// "all participants except A and B": who was not there.
fn excepted(document: &Document<'_>, name: &Name, from: usize) -> bool {
    let from = from.max(name.start.saturating_sub(10));
    (from..name.start).rev().any(|i| {
        document.lexicon.is("excepting", &document.tokens[i].folded)
            && (i + 1..name.start).all(|j| {
                let t = &document.tokens[j];
                !t.is_word()
                    || t.capital
                    || ["prepositions", "coordinators", "determiners"]
                        .iter()
                        .any(|list| document.lexicon.is(list, &t.folded))
            })
    })
}

/// "North Korea's cyber threats", "Russian aggression", "l'agression de la Russie": who is spoken of, not who speaks.
pub(crate) fn accused(document: &Document<'_>, name: &Name) -> bool {
    let hostile = |i: usize| {
        document
            .tokens
            .get(i)
            .is_some_and(|t| document.lexicon.is("hostile", &t.folded))
    };
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let adjective = matches!(name.meaning, Meaning::OfState(_));
    let possessive = word(name.end) == "s" && document.tokens[name.end].elided;
    // "the Democratic People's Republic of Korea's (DPRK) malicious activities"
    let inside = word(name.end) == ")" && name.start > 0 && word(name.start - 1) == "(";
    let mut end = name.end + usize::from(inside);
    let bracket = name.end + usize::from(possessive);
    if word(bracket) == "(" && word(bracket + 2) == ")" {
        end = bracket + 3;
    }
    // "a working group on North Korea cyber activities"
    let spoken_of = name.start > 0
        && ["on", "against", "countering", "counter", "sur", "contre"]
            .contains(&word(name.start - 1));
    let after = (adjective || possessive || inside || spoken_of)
        && (end..end + 4)
            .take_while(|i| {
                document.tokens.get(*i).is_some_and(|t| {
                    t.is_word()
                        && [
                            "prepositions",
                            "coordinators",
                            "determiners",
                            "agency",
                            "own",
                        ]
                        .iter()
                        .all(|list| !document.lexicon.is(list, &t.folded))
                })
            })
            .any(hostile)
        || (adjective || possessive) && (end + 1..end + 4).any(|i| band(document, i));
    // Back over "of the", "de la".
    let mut before = name.start;
    while before > 0
        && before + 3 > name.start
        && matches!(
            word(before - 1),
            "the" | "la" | "l" | "of" | "by" | "de" | "du" | "d"
        )
    {
        before -= 1;
    }
    let linked = (before..name.start).any(|i| !matches!(word(i), "the" | "la" | "l"));
    // "attacks carried out by Iran", "attaques menées par la Russie"
    let done = (before..name.start).any(|i| matches!(word(i), "by" | "par"))
        && (before.saturating_sub(3)..before).any(|i| {
            hostile(i)
                && (i + 1..before)
                    .all(|j| document.tokens[j].is_word() && !document.tokens[j].capital)
        });
    after
        || done
        || (linked || adjective && document.lexicon.code == "fr")
            && before > 0
            && hostile(before - 1)
}

/// "call out Russian military intelligence", "exposed a campaign by Russia", "dénonce les agissements de la Russie": the object of such a verb.
fn blamed(document: &Document<'_>, name: &Name, from: usize) -> bool {
    /// So far before the name stands the verb.
    const REACH: usize = 8;
    let list = document.lexicon.list("blaming");
    let link = |i: usize| {
        let t = &document.tokens[i];
        t.is_word()
            && !document.lexicon.is("coordinators", &t.folded)
            && (!document.lexicon.is("prepositions", &t.folded)
                || document.lexicon.is("done-by", &t.folded))
    };
    (name.start.saturating_sub(REACH).max(from)..name.start).any(|i| {
        list.at(
            &document.tokens[..name.start],
            i,
            document.lexicon.grammar(),
        )
        .iter()
        // "exposed by the UK": who blames.
        .any(|f| {
            !document.tokens[f.end..name.start]
                .first()
                .is_some_and(|t| matches!(t.folded.as_str(), "by" | "par"))
                && (f.end..name.start).all(link)
        })
    })
}

/// "cyber group", "hacking groups": a group of those who attack, not one that meets.
fn band(document: &Document<'_>, at: usize) -> bool {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    matches!(
        word(at),
        "group" | "groups" | "gang" | "gangs" | "actor" | "actors" | "unit" | "units"
    ) && at > 0
        && matches!(
            word(at - 1),
            "cyber"
                | "hacking"
                | "hacker"
                | "ransomware"
                | "threat"
                | "intelligence"
                | "military"
                | "espionage"
                | "state"
                | "affiliated"
                | "backed"
                | "sponsored"
        )
}

/// "the Senior Official for the DPRK", "the Director for North Korean Nuclear Affairs": whom somebody's office deals with.
fn dealt_with(document: &Document<'_>, name: &Name) -> bool {
    let word = |back: usize| {
        name.start
            .checked_sub(back)
            .map_or("", |i| document.tokens[i].folded.as_str())
    };
    let office = |back: usize| {
        name.start
            .checked_sub(back)
            .is_some_and(|i| document.tokens[i].capital)
    };
    matches!(name.meaning, Meaning::State(_) | Meaning::OfState(_))
        && (word(1) == "for" && office(2) || word(1) == "the" && word(2) == "for" && office(3))
}

/// "on the margins of the ASEAN Regional Forum", "under the chairmanship of Brazil", "a group linked to China": what a set phrase leads up to.
fn occasion(document: &Document<'_>, name: &Name, from: usize) -> bool {
    let list = document.lexicon.list("occasion");
    (name.start.saturating_sub(12).max(from)..name.start).any(|i| {
        list.at(
            &document.tokens[..name.start],
            i,
            document.lexicon.grammar(),
        )
        .iter()
        .any(|f| (f.end..name.start).all(|j| inside_phrase(document, j)))
    })
}

/// "attacks on Albania's services", "l'attaque menée contre les administrations albanaises": who suffered it.
fn victim(document: &Document<'_>, name: &Name, from: usize) -> bool {
    let is = |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
    let Some(at) = (name.start.saturating_sub(5).max(from)..name.start)
        .rev()
        .find(|i| is("aimed-at", *i))
    else {
        return false;
    };
    (at + 1..name.start).all(|j| {
        let t = &document.tokens[j];
        t.is_word() && !is("coordinators", j) && !is("own-talks", j)
    }) && (at.saturating_sub(4)..at)
        .rev()
        .take_while(|i| document.tokens[*i].is_word())
        .any(|i| is("hostile", i))
}

/// A word that may stand between a set phrase and the name it leads up to.
fn inside_phrase(document: &Document<'_>, at: usize) -> bool {
    let t = &document.tokens[at];
    t.capital
        || t.hyphened
        || t.elided
        || document.lexicon.is("determiners", &t.folded)
        || matches!(
            t.folded.as_str(),
            "of" | "de" | "du" | "des" | "d" | "l" | "meeting" | "meetings" | "session" | "reunion"
        )
        || document
            .lexicon
            .calendar
            .ordinal(&document.tokens, at)
            .is_some()
}
