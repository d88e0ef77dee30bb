//! For which side a person speaks when the office beside the name does not say: from the rest of the text.
//! Invariant: a side that the office names stays; what is added is one of the parties.

use crate::document::Document;
use crate::name::Meaning;
use crate::news::publisher;
use crate::person::Found;

/// Fills in the sides that the text tells elsewhere, then the other side of two that stand together.
pub(crate) fn settle(document: &Document<'_>, persons: &mut [Found], parties: &[String]) {
    /// No statement names more; each is looked for in the whole text.
    const MOST: usize = 64;
    if persons.len() > MOST {
        return;
    }
    for person in persons.iter_mut() {
        // A commissioner is the European Union's where it takes part.
        let commissioner = person.role.as_deref().is_some_and(|r| {
            crate::token::words(r)
                .first()
                .is_some_and(|w| document.lexicon.is("commissioners", w))
        });
        if commissioner
            && person.side.as_deref() == Some("EU")
            && !parties.iter().any(|p| p == "EU")
        {
            person.side = None;
        }
        if let Some(side) = leads(document, person).filter(|s| parties.contains(s)) {
            person.side = Some(side);
        } else if person.side.is_none() {
            person.side = of_institution(document, person, parties);
        }
    }
    // "Ambassador Jane Doe" in the news of her embassy.
    if let Some(own) = publisher(document).filter(|p| parties.contains(p)) {
        for person in persons.iter_mut().filter(|p| p.side.is_none()) {
            let envoy = person.role.as_deref().is_some_and(|r| {
                crate::token::words(r)
                    .first()
                    .is_some_and(|w| document.lexicon.is("envoys", w))
                    || ["spokesperson", "spokesman", "spokeswoman", "porte"]
                        .iter()
                        .any(|w| crate::token::words(r).iter().any(|o| o == w))
            });
            if envoy {
                person.side = Some(own.clone());
            }
        }
    }
    for sentence in &document.sentences {
        on_its_side(document, (sentence.start, sentence.end), persons, parties);
    }
    let [one, other] = parties else { return };
    for sentence in &document.sentences {
        let here: Vec<usize> = (0..persons.len())
            .filter(|i| persons[*i].start >= sentence.start && persons[*i].end <= sentence.end)
            .collect();
        // "A and B co-chaired the meeting, joined by C": the two before the verb.
        let cue = (sentence.start..sentence.end).find(|i| {
            let word = &document.tokens[*i].folded;
            document.lexicon.is("met", word) || document.lexicon.is("presiding", word)
        });
        let leading: Vec<usize> = here
            .iter()
            .copied()
            .filter(|i| cue.is_some_and(|cue| persons[*i].end <= cue))
            .collect();
        let here = if here.len() > 2 { leading } else { here };
        let [a, b] = here.as_slice() else { continue };
        // "Under Secretary A met with Deputy Minister B": in the order in which their sides are named.
        if persons[*a].side.is_none()
            && persons[*b].side.is_none()
            && persons[*a].role.is_some()
            && persons[*b].role.is_some()
        {
            persons[*a].side = Some(one.clone());
            persons[*b].side = Some(other.clone());
        }
        let (known, open) = match (&persons[*a].side, &persons[*b].side) {
            (Some(side), None) => (side.clone(), *b),
            (None, Some(side)) => (side.clone(), *a),
            _ => continue,
        };
        // "co-chaired by A, Director at the EEAS, and B, Deputy Minister"
        if known == *one {
            persons[open].side = Some(other.clone());
        } else if known == *other {
            persons[open].side = Some(one.clone());
        }
    }
    rest(document, persons, [one, other]);
}

/// Who is left: the side for which nobody speaks yet, that of the site first.
fn rest(document: &Document<'_>, persons: &mut [Found], sides: [&String; 2]) {
    let own = publisher(document).filter(|p| sides.contains(&p));
    for i in 0..persons.len() {
        if persons[i].side.is_some() || persons[i].role.is_none() {
            continue;
        }
        let speaks = |side: &str| persons.iter().any(|p| p.side.as_deref() == Some(side));
        let silent: Vec<&&String> = sides.iter().filter(|s| !speaks(s)).collect();
        let side = match (silent.as_slice(), &own) {
            (_, Some(own)) if !speaks(own) => Some(own.clone()),
            ([one], _) => Some((**one).clone()),
            ([], Some(own)) => Some(own.clone()),
            _ => None,
        };
        persons[i].side = side;
    }
}

/// "A led the Korean delegation": the side that a person leads.
fn leads(document: &Document<'_>, person: &Found) -> Option<String> {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let verb = (person.end..person.end + 3).find(|i| document.lexicon.is("leading", word(*i)))?;
    document
        .near(verb + 1, verb + 4)
        .filter(|n| n.start > verb && n.start <= verb + 3)
        .filter(|n| {
            (n.end..n.end + 3).any(|i| document.lexicon.is("delegated", word(i)))
                || (verb + 1..n.start).any(|i| document.lexicon.is("delegated", word(i)))
        })
        .find_map(|n| match n.meaning {
            Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union") => {
                Some(id.to_owned())
            }
            _ => None,
        })
}

/// "Director of the Digital Security Agency", where the text speaks of "Bangladesh's Digital Security Agency".
fn of_institution(document: &Document<'_>, person: &Found, parties: &[String]) -> Option<String> {
    let role = person.role.as_deref()?;
    let words: Vec<String> = crate::token::words(role);
    let capitals: Vec<bool> = role
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| w.starts_with(char::is_uppercase))
        .collect();
    if words.len() != capitals.len() {
        return None;
    }
    // The last run of capitalised words is the institution.
    let end = capitals.iter().rposition(|c| *c)? + 1;
    let start = capitals[..end]
        .iter()
        .rposition(|c| !*c)
        .map_or(0, |i| i + 1);
    let institution = &words[start..end];
    let acronym = matches!(institution, [one] if one.len() >= 3
        && role.contains(&one.to_uppercase()));
    if institution.len() < 2 && !acronym || start == 0 {
        return None;
    }
    let tokens = &document.tokens;
    (0..tokens.len().saturating_sub(institution.len()))
        .filter(|at| {
            institution
                .iter()
                .enumerate()
                .all(|(k, w)| tokens[at + k].folded == *w)
        })
        .find_map(|at| named_beside(document, at, at + institution.len(), acronym))
        .filter(|id| parties.contains(id))
}

/// The State named right before an institution, or after it and "of".
fn named_beside(
    document: &Document<'_>,
    start: usize,
    end: usize,
    acronym: bool,
) -> Option<String> {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let bracketed = acronym && start > 0 && word(start - 1) == "(";
    let reach = if bracketed { 14 } else { 3 };
    let end = end + usize::from(word(end) == ")");
    let state = |meaning: &Meaning| match meaning {
        Meaning::State(id) | Meaning::OfState(id) => Some((*id).to_owned()),
        _ => None,
    };
    // "of Bangladesh", "du Royaume du Maroc"
    let of = matches!(word(end), "of" | "du" | "de" | "des" | "d");
    of.then(|| {
        document
            .near(end, end + 5)
            .filter(|n| n.start > end && n.start <= end + 4)
            .find_map(|n| state(&n.meaning))
    })
    .flatten()
    .or_else(|| {
        document
            .near(start.saturating_sub(reach), start)
            .filter(|n| n.end <= start && n.start + reach >= start)
            .filter(|n| {
                matches!(n.meaning, Meaning::OfState(_)) || word(n.end) == "s" || word(n.end) == "'"
            })
            .filter_map(|n| state(&n.meaning))
            .next_back()
    })
}

/// "On the Philippine side, A, and B; on the Australian side, C", "A on the Korean side, and B on the Japanese side".
fn on_its_side(
    document: &Document<'_>,
    sentence: (usize, usize),
    persons: &mut [Found],
    parties: &[String],
) {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let cues: Vec<(usize, &str)> = document
        .near(sentence.0, sentence.1)
        .filter(|n| n.start > sentence.0 && n.end <= sentence.1)
        .filter_map(|n| {
            let (Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union")) =
                n.meaning
            else {
                return None;
            };
            let back = |k: usize| n.start.checked_sub(k).map_or("", &word);
            let english = word(n.end) == "side"
                && matches!(back(1), "the" | "its")
                && matches!(back(2), "on" | "from" | "for");
            let french = back(1) == "cote"
                || matches!(back(1), "de" | "du" | "la" | "l" | "des")
                    && (back(2) == "cote" || back(3) == "cote")
                || back(1) == "partie" && matches!(back(2), "la") && back(3) == "pour";
            (english || french && document.lexicon.code == "fr").then_some((n.start, id))
        })
        .collect();
    let here = |p: &Found| p.start >= sentence.0 && p.end <= sentence.1;
    let Some(first) = persons.iter().filter(|p| here(p)).map(|p| p.start).min() else {
        return;
    };
    let leading = cues.first().is_some_and(|(at, _)| *at < first);
    for person in persons.iter_mut().filter(|p| here(p)) {
        let cue = if leading {
            cues.iter().rfind(|(at, _)| *at < person.start)
        } else {
            cues.iter().find(|(at, _)| *at > person.start)
        };
        if let Some(side) = cue.and_then(|(_, id)| parties.iter().find(|p| p == id)) {
            person.side = Some(side.clone());
        }
    }
}
