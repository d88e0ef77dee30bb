//! For which side a person speaks when the office beside the name does not say: from the rest of the text.
//! Invariant: a side that the office names stays; what is added is one of the parties.

use crate::bystander::is_where;
use crate::delegation::{
    before_office, leads, listed_office, of_delegation, on_its_side, represents, respectively,
    signed_for,
};
use crate::document::Document;
use crate::layout::Role;
use crate::name::{Meaning, side_of};
use crate::news::publisher;
use crate::party::{is_state, party_id};
use crate::person::Found;

/// Fills in the sides that the text tells elsewhere, then the other side of two that stand together.
pub(crate) fn settle(document: &Document<'_>, persons: &mut [Found], parties: &[String]) {
    /// No statement names more; each is looked for in the whole text.
    const MOST: usize = 64;
    if persons.len() > MOST {
        return;
    }
    let places: Vec<(usize, usize)> = persons.iter().map(|p| (p.start, p.end)).collect();
    let party = |id: &String| parties.contains(id);
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
        if let Some(side) = leads(document, person).filter(party) {
            person.side = Some(side);
        } else if person.side.is_none() {
            person.side = represents(document, person, &places)
                .filter(party)
                .or_else(|| before_office(document, person, &places))
                .filter(party)
                .or_else(|| listed_office(document, person).filter(party))
                .or_else(|| signed_for(document, person).filter(party))
                .or_else(|| of_institution(document, person, parties));
        }
    }
    let site = site(document);
    let own = site.as_ref().map(|(own, _)| own).filter(|own| party(own));
    // "Ambassador Jane Doe" in the news of her embassy, which knows no other.
    if matches!(site, Some((_, true))) {
        envoys(document, persons, own);
    }
    for sentence in &document.sentences {
        on_its_side(document, (sentence.start, sentence.end), persons, parties);
        of_delegation(document, (sentence.start, sentence.end), persons, parties);
        respectively(document, (sentence.start, sentence.end), persons, parties);
    }
    if let [one, other] = parties {
        pairs(document, persons, in_order(document, [one, other]));
    }
    envoys(document, persons, own);
    // Whom the press may ask is of whoever publishes.
    for person in persons.iter_mut().filter(|p| p.side.is_none()) {
        let told = document.sentences.first().zip(document.sentences.last());
        let outside = told.is_none_or(|(a, b)| person.end <= a.start || person.start >= b.end);
        let contact = document
            .blocks
            .iter()
            .filter(|b| b.role == Role::Contact)
            .map(|b| document.token_range(b.start, b.end))
            .any(|(start, end)| person.start >= start && person.end <= end);
        if outside && contact {
            person.side = own.cloned();
        }
    }
    match parties {
        [one, other] => rest(persons, [one, other], own),
        // A statement of one State names its own people.
        [one] if is_state(one) || one == "EU" => {
            for person in persons.iter_mut().filter(|p| p.side.is_none()) {
                person.side = person.role.is_some().then(|| one.clone());
            }
        }
        _ => among_many(document, persons, own),
    }
}

/// Whose site it is, and whether it is that of an embassy: the publisher, else the one State in a line at the top that begins with an authority.
fn site(document: &Document<'_>) -> Option<(String, bool)> {
    let first = document.sentences.first()?.start;
    let lines = || {
        document
            .blocks
            .iter()
            .filter(|b| b.role != Role::Title)
            .map(|b| document.token_range(b.start, b.end))
            .take_while(|(_, end)| *end <= first)
    };
    let is = |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
    let mission = lines().any(|(start, end)| (start..end).any(|i| is("missions", i)));
    if let Some(own) = publisher(document) {
        return Some((own, mission));
    }
    let (own, seat) = lines()
        .filter(|(start, end)| {
            (*start..(*start + 3).min(*end)).any(|i| is("agency", i))
                || document.near(*start, *end).any(|n| {
                    n.start == *start && n.end <= *end && matches!(n.meaning, Meaning::Body(..))
                })
        })
        .find_map(|(start, end)| {
            let mut states = document
                .near(start, end)
                .filter(|n| n.start >= start && n.end <= end && !n.nested)
                .filter(|n| !is_where(document, n))
                .filter_map(|n| match n.meaning {
                    Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union") => {
                        Some(id)
                    }
                    Meaning::Body(_, kind) => side_of(kind),
                    Meaning::Place(..) => None,
                });
            let own = states.next()?;
            Some((own, states.find(|other| *other != own)))
        })?;
    seat.is_none().then(|| (own.to_owned(), mission))
}

/// The two sides as the first sentence that names both has them.
fn in_order<'p>(document: &Document<'_>, [one, other]: [&'p String; 2]) -> [&'p String; 2] {
    let place = |range: (usize, usize), side: &str| {
        document
            .near(range.0, range.1)
            .filter(|n| n.start >= range.0 && n.end <= range.1)
            .find(|n| match n.meaning {
                Meaning::State(id) | Meaning::OfState(id) => id == side,
                _ => party_id(n) == Some(side),
            })
            .map(|n| n.start)
    };
    let turned = document.sentences.iter().find_map(|s| {
        let range = (s.start, s.end);
        Some(place(range, other)? < place(range, one)?)
    });
    if turned == Some(true) {
        [other, one]
    } else {
        [one, other]
    }
}

/// An ambassador or a spokesperson without a side: of whoever publishes.
fn envoys(document: &Document<'_>, persons: &mut [Found], own: Option<&String>) {
    let Some(own) = own else { return };
    for person in persons.iter_mut().filter(|p| p.side.is_none()) {
        let words = crate::token::words(person.role.as_deref().unwrap_or_default());
        // "Ambassador for Cyber Affairs": of whichever side, and at no embassy.
        let at_large = words.get(1).is_some_and(|w| {
            matches!(
                w.as_str(),
                "for" | "pour" | "at" | "on" | "charge" | "chargee"
            )
        });
        let envoy = words
            .first()
            .is_some_and(|w| document.lexicon.is("envoys", w) && !at_large);
        let speaks = words.iter().any(|w| {
            matches!(
                w.as_str(),
                "spokesperson" | "spokesman" | "spokeswoman" | "porte"
            )
        });
        if envoy || speaks {
            person.side = Some(own.clone());
        }
    }
}

/// Two who stand together in a sentence: one of each side.
fn pairs(document: &Document<'_>, persons: &mut [Found], [one, other]: [&String; 2]) {
    let places: Vec<(usize, usize)> = persons.iter().map(|p| (p.start, p.end)).collect();
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
        let together = cue.is_some()
            || (sentence.start..sentence.end).any(|i| {
                let word = &document.tokens[i].folded;
                ["leading", "together", "pairing"]
                    .iter()
                    .any(|list| document.lexicon.is(list, word))
            });
        if together
            && persons[*a].side.is_none()
            && persons[*b].side.is_none()
            && persons[*a].role.is_some()
            && persons[*b].role.is_some()
        {
            persons[*a].side = Some(one.clone());
            persons[*b].side = Some(other.clone());
        }
        // "A represented Canada, and B France": what stands before B is told of A.
        if persons[*a].side == persons[*b].side
            && represents(document, &persons[*a], &places).is_some()
            && represents(document, &persons[*b], &places).is_none()
        {
            persons[*b].side = None;
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
}

/// Where many take part: whoever has an office and stands beside no other side's name is of whoever publishes.
fn among_many(document: &Document<'_>, persons: &mut [Found], own: Option<&String>) {
    let Some(own) = own else { return };
    for person in persons.iter_mut() {
        if person.side.is_some() || person.role.is_none() {
            continue;
        }
        let sentence = document
            .sentences
            .iter()
            .find(|s| person.start >= s.start && person.end <= s.end);
        let alone = sentence.is_some_and(|s| {
            document
                .near(s.start, s.end)
                .filter(|n| n.start >= s.start && n.end <= s.end)
                .all(|n| match n.meaning {
                    Meaning::State(id) | Meaning::OfState(id) => id == own,
                    _ => true,
                })
        });
        if alone {
            person.side = Some(own.clone());
        }
    }
}

/// Who is left: the side for which nobody speaks yet, that of the site first.
fn rest(persons: &mut [Found], sides: [&String; 2], own: Option<&String>) {
    for i in 0..persons.len() {
        if persons[i].side.is_some() || persons[i].role.is_none() {
            continue;
        }
        let speaks = |side: &str| persons.iter().any(|p| p.side.as_deref() == Some(side));
        let silent: Vec<&&String> = sides.iter().filter(|s| !speaks(s)).collect();
        let side = match (silent.as_slice(), own) {
            (_, Some(own)) if !speaks(own) => Some(own.clone()),
            ([one], _) => Some((**one).clone()),
            ([], Some(own)) => Some(own.clone()),
            _ => None,
        };
        persons[i].side = side;
    }
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
