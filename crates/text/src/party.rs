//! Who holds the dialogue or adopts the text, and who observes.
//! Invariant: every id comes from a name that the text prints.

use crate::attendance::{attendance, enumerated};
use crate::bystander::{bystander, is_where};
use crate::document::{Document, Sentence};
use crate::name::{Meaning, Name, may_be_party, side_of};
use crate::news::{acting_beside, alone, mission, organisation_titled, publisher, received};
use crate::observer::observers;
use crate::roster::delegations;
use crate::series::{before_series, between, series_at};
use crate::signatory::{
    acting_together, members_named, members_or_group, presiding_together, signatories, spoken_for,
    the_seven,
};
use crate::statement::Kind;

/// Parties, observers and series.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    /// Party ids in the order of the text.
    pub(crate) parties: Vec<String>,
    /// Observer ids.
    pub(crate) observers: Vec<String>,
}

/// Parties and observers of a document.
pub(crate) fn parties(document: &Document<'_>, kind: Kind, sides: &[String]) -> Parties {
    let mut observers = observers(document);
    let mut parties: Vec<String> = Vec::new();
    let title = document.title_tokens();
    let preamble = document.preamble();
    // "The candidate countries A and B align themselves with this declaration": it is not theirs.
    let body: Vec<&Sentence> = preamble
        .iter()
        .chain(&document.sentences)
        .filter(|s| !document.holds(s.start, s.end, "aligning"))
        .collect();
    let opening = &body[..body.len().min(4)];

    let listed = document
        .labelled("label-participants")
        .map(|(start, end)| ids(document, start, end, true))
        .or_else(|| Some(delegations(document)))
        .filter(|found| found.len() >= 2)
        // "Canada – Côte d'Ivoire" in the title goes before the agencies of a list.
        .filter(|found| {
            let titled = title.map_or_else(Vec::new, |(s, e)| ids(document, s, e, false));
            titled.len() < 2 || titled.iter().all(|id| found.contains(id))
        });
    if let Some(spoken) = listed.or_else(|| spoken_for(document, opening)) {
        parties = spoken;
    } else if kind == Kind::Declaration {
        parties = signatories(document, title, opening);
        if the_seven(document, title, &parties) {
            parties = vec!["G7".to_owned()];
        }
        // "The Government of the Czech Republic condemns ... We thank our partners": a statement of one.
        if parties.is_empty() {
            parties = alone(document, title, opening).unwrap_or_default();
        }
    } else {
        // A pair in the title or in the name of the series.
        let mut ranges: Vec<(usize, usize)> = title.into_iter().collect();
        ranges.extend(opening.iter().map(|s| (s.start, s.end)));
        ranges.extend(body.iter().skip(4).map(|s| (s.start, s.end)));
        for (rank, &(start, end)) in ranges.iter().enumerate() {
            let mut found: Vec<String> = Vec::new();
            for (at, stop) in series_at(document, start, end) {
                let mut here = before_series(document, at, start);
                if here.len() < 2 {
                    // "dialogue UE-Japon sur le cyberespace"
                    let inside = ids(document, at, stop, false);
                    if inside.len() >= 2 {
                        here = inside;
                    }
                }
                if here.len() >= 2 {
                    found = here;
                    break;
                }
            }
            if found.len() < 2 {
                found = between(document, start, end).into_iter().collect();
                let is =
                    |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
                // "Memorandum of Cooperation between A and B", in the title
                let signed = rank == 0
                    && title == Some((start, end))
                    && (start..end).any(|i| is("signed-not-held", i));
                let meeting = signed || (start..end).any(|i| is("talks", i));
                if rank > 5 || !meeting {
                    found.clear();
                }
            }
            if found.len() >= 2 {
                parties = found;
                // Who holds the dialogue does not observe it.
                observers.retain(|o| !parties.contains(o));
                break;
            }
        }
        // A meeting of many: those who are listed as having come.
        let came = if parties.len() < 2 && kind != Kind::ExerciseReport {
            attendance(document, &body, &observers)
        } else {
            Vec::new()
        };
        let many = came.len() > 2;
        if many {
            parties = came;
            if the_seven(document, title, &parties) {
                parties = vec!["G7".to_owned()];
            }
        }
        if parties.len() < 2 && kind == Kind::PressRelease {
            parties = received(document, opening)
                .or_else(|| alone(document, title, opening))
                .unwrap_or(parties);
        }
        let settled = kind == Kind::PressRelease && !parties.is_empty();
        if parties.len() < 2 && !settled || kind == Kind::ExerciseReport {
            let wider = attending(document, title, opening, kind);
            if parties.len() < 2 && wider.len() >= 2
                || wider.len() > parties.len() && kind == Kind::ExerciseReport
            {
                parties = wider;
            }
            // "Luxembourg, Belgium and the Netherlands put their response to the test": who the title says they are.
            if kind == Kind::ExerciseReport
                && let Some((start, end)) = title
            {
                let row = enumerated(document, start, end, &observers);
                if row.len() > parties.len() && parties.iter().all(|p| row.contains(p)) {
                    parties = row;
                }
            }
        }
        if parties.len() < 2 && !settled {
            let presiding = presiding_together(document, opening);
            if presiding.len() >= 2 {
                parties = presiding;
            }
        }
        if parties.len() < 2
            && !settled
            && let Some(together) = acting_together(document, &body)
        {
            // "INTERPOL-led operation", and then "A and B took down servers": whose news it is.
            parties = organisation_titled(document, title, &together)
                .filter(|_| kind == Kind::PressRelease)
                .map_or(together, |one| vec![one]);
        }
        if parties.len() < 2 && sides.len() >= 2 && kind == Kind::DialogueStatement {
            parties = sides.to_vec();
        }
        if parties.is_empty() {
            parties = presiding_together(document, opening);
        }
        if parties.is_empty() {
            // One side's news: whoever acts in the first sentences.
            if let Some(first) = opening.first() {
                let context = document.context(&[]);
                let cue = crate::clause::parts(&context, first.start, first.end)
                    .first()
                    .map_or(first.end, |p| p.cue);
                parties = ids(document, first.start, cue, true);
                if parties.is_empty() || kind != Kind::PressRelease {
                    parties = ids(document, first.start, first.end, true);
                }
                // "The Ninth ASEAN Conference was convened, chaired by the Minister of": whose conference it is.
                let whose: Vec<String> = document
                    .near(first.start, cue)
                    .filter(|n| n.start >= first.start && n.end <= cue)
                    .filter(|n| matches!(n.meaning, Meaning::Body(..)))
                    // "the ASEAN Regional Forum" is not ASEAN.
                    .filter(|n| {
                        !document.near(n.start, n.end).any(|o| {
                            o.start <= n.start
                                && n.end <= o.end
                                && o.end - o.start > n.end - n.start
                                && party_id(o).is_some()
                        })
                    })
                    .filter_map(party_id)
                    .map(str::to_owned)
                    .collect();
                let shared = (first.start..first.end)
                    .any(|i| document.tokens[i].hyphened && document.tokens[i].is("chaired"));
                if let [one] = whose.as_slice()
                    && kind != Kind::PressRelease
                    && !shared
                {
                    parties = vec![one.clone()];
                } else if parties.len() < 2 && kind != Kind::PressRelease {
                    // A conference that bears its group's name: "the ASEAN Ministerial Conference".
                    let named = |everywhere: bool| {
                        document
                            .names
                            .iter()
                            .filter(|n| n.start >= first.start && n.end <= first.end)
                            .filter(|n| !n.nested || matches!(n.meaning, Meaning::Body(..)))
                            .filter(|n| {
                                everywhere && is_where(document, n)
                                    || !bystander(document, n, first.start)
                            })
                            .filter_map(party_id)
                            .fold(Vec::new(), |mut all, id| {
                                push(&mut all, id);
                                all
                            })
                    };
                    parties = named(false);
                    // "the agencies in A, in B and in C"
                    let all = named(true);
                    if parties.len() < 2 && all.len() >= 3 {
                        parties = all;
                    }
                }
                parties.truncate(6);
            }
        }
    }
    // "Yesterday the Deputy Minister met with Ukraine's Deputy Minister": whose news it is met too.
    if kind == Kind::PressRelease
        && let [one] = parties.as_slice()
        && is_state(one)
        && let Some(own) = publisher(document).filter(|own| is_state(own) && own != one)
        && opening.iter().take(2).any(|s| {
            (s.start..s.end).any(|i| {
                document
                    .lexicon
                    .is("meeting-others", &document.tokens[i].folded)
            })
        })
    {
        parties.insert(0, own);
    }
    // "The Deputy Advisor met with a Ukrainian delegation. She said that the United States will": who acts beside whom they met.
    if kind == Kind::PressRelease
        && let [one] = parties.as_slice()
        && is_state(one)
        && publisher(document).is_none()
        && opening.iter().take(2).any(|s| {
            (s.start..s.end).any(|i| {
                document
                    .lexicon
                    .is("meeting-others", &document.tokens[i].folded)
            })
        })
        && let Some(own) = acting_beside(document, &body, one)
    {
        parties.insert(0, own);
    }
    // "The Minister for Europe and Foreign Affairs received her Estonian counterpart": whom they met too.
    if kind == Kind::PressRelease
        && let [one] = parties.as_slice()
        && is_state(one)
        && let Some(met) = opening.iter().take(2).find(|s| {
            let is = |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
            (s.start..s.end).any(|i| is("meeting-others", i))
                // "Entretien de M. X avec son homologue moldave", in the headline.
                && (s.start..s.end)
                    .chain(title.map_or(0..0, |(from, to)| from..to))
                    .any(|i| is("counterparts", i))
        })
        && let [other] = ids(document, met.start, met.end, true)
            .into_iter()
            .filter(|id| id != one)
            .collect::<Vec<_>>()
            .as_slice()
    {
        parties.push(other.clone());
    }
    if kind == Kind::PressRelease
        && let [one] = parties.as_slice()
        && let Some(both) = mission(document, opening, one)
    {
        parties = both.to_vec();
    }
    parties.retain(|p| !observers.contains(p));
    if parties.is_empty() && kind != Kind::Declaration {
        parties.extend(publisher(document));
    }
    // "UK and allies expose": whom the headline names, where nothing else does.
    if parties.is_empty()
        && kind == Kind::PressRelease
        && let Some((start, end)) = title
    {
        parties = ids(document, start, end, true);
        parties.truncate(1);
    }
    if let [group] = parties.as_slice()
        && let Some(members) = members_named(document, group)
    {
        parties = members;
    }
    parties = members_or_group(parties, kind);
    // "Declaration on behalf of the European Union": it speaks for its Member States.
    let for_the_union = title.is_some_and(|(s, e)| document.holds(s, e, "for-the-union"));
    if for_the_union && (parties.is_empty() || parties.iter().any(|p| p == "EU")) {
        parties = vec!["EU".to_owned()];
        // "The European Union and its Member States condemn": both do.
        if opening.iter().take(3).any(|s| {
            let found = ids(document, s.start, s.end, false);
            let both = ["EU", "EU-MS"].map(|id| found.iter().position(|f| f == id));
            matches!(both, [Some(union), Some(members)] if members == union + 1)
        }) {
            parties.push("EU-MS".to_owned());
        }
    }
    // "ENISA took part as an observer": its side does not take part by that.
    if parties.len() > 1 {
        parties.retain(|p| !only_by_observers(document, p, &observers));
    }
    // "together with the Estonian ministry", where all Member States took part; "twenty-three Member States" are not all.
    if parties.iter().any(|p| p == "EU-MS") && !some_members(document) {
        parties.retain(|p| !EU_MEMBERS.contains(&p.as_str()));
    }
    Parties { parties, observers }
}

/// "the heads of agencies of twenty-three Member States": the first time they are named, they are counted.
fn some_members(document: &Document<'_>) -> bool {
    let named = document
        .names
        .iter()
        .find(|n| matches!(n.meaning, Meaning::Body("EU-MS", _)));
    let before = named.and_then(|n| document.tokens.get(n.start.checked_sub(1)?));
    before.is_some_and(|t| document.lexicon.calendar.number(t).is_some())
}

/// A side that the text names by nothing but an agency of its own that observes.
fn only_by_observers(document: &Document<'_>, side: &str, observers: &[String]) -> bool {
    let mut agencies = false;
    for name in &document.names {
        if party_id(name) == Some(side)
            || matches!(name.meaning, Meaning::OfState(id) if id == side)
        {
            return false;
        }
        if let Meaning::Body(id, kind) = name.meaning
            && side_of(kind) == Some(side)
        {
            if !observers.iter().any(|o| o == id) {
                return false;
            }
            agencies = true;
        }
    }
    agencies
}

/// The Member States of the European Union.
const EU_MEMBERS: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The id under which a name may be a party, if it may.
pub(crate) fn party_id(name: &Name) -> Option<&'static str> {
    match name.meaning {
        Meaning::State(id) => Some(id),
        Meaning::Body(id, kind) => match kind {
            "union" | "members" | "group" => Some(id),
            "organisation" | "initiative" => may_be_party(id).then_some(id),
            _ => None,
        },
        _ => None,
    }
}

/// The id of a State: the G7 has two signs as well.
pub(crate) fn is_state(id: &str) -> bool {
    id.len() == 2 && id.chars().all(char::is_alphabetic)
}

pub(crate) fn push(out: &mut Vec<String>, id: &str) {
    if !out.iter().any(|o| o == id) {
        out.push(id.to_owned());
    }
}

/// Ids of names and adjectives in a range of tokens, agencies counted for their side.
pub(crate) fn ids(
    document: &Document<'_>,
    start: usize,
    end: usize,
    agencies: bool,
) -> Vec<String> {
    let mut out = Vec::new();
    for name in document
        .near(start, end)
        .filter(|n| n.start >= start && n.end <= end && !n.nested)
    {
        if bystander(document, name, start) {
            continue;
        }
        if let Some(id) = party_id(name) {
            push(&mut out, id);
        } else if let Meaning::OfState(id) = name.meaning {
            // "en français", "in French" is a language.
            let before = name
                .start
                .checked_sub(1)
                .map_or("", |i| document.tokens[i].folded.as_str());
            if matches!(before, "en" | "in")
                || document.lexicon.code == "fr" && matches!(before, "le" | "du")
            {
                continue;
            }
            // "the Portuguese presidency" speaks for others.
            let near = [name.start.checked_sub(1), Some(name.end)];
            if near
                .into_iter()
                .flatten()
                .filter_map(|i| document.tokens.get(i))
                .any(|t| document.lexicon.is("presidencies", &t.folded))
            {
                continue;
            }
            push(&mut out, id);
        } else if agencies
            && let Meaning::Body(_, kind) = name.meaning
            && let Some(side) = side_of(kind)
        {
            push(&mut out, side);
        }
    }
    out
}

/// So many sentences of the account of an exercise tell who came to it.
const TOLD: usize = 5;

/// Those who met, hosted or took part, from the title and the first sentences.
fn attending(
    document: &Document<'_>,
    title: Option<(usize, usize)>,
    opening: &[&Sentence],
    kind: Kind,
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let exercise = kind == Kind::ExerciseReport;
    let cue = |start: usize, end: usize| {
        (start..end).any(|i| {
            let next = document.tokens.get(i + 1).map_or("", |t| t.folded.as_str());
            document.lexicon.is("attending", &document.tokens[i].folded)
                // "Two members took down servers."
                && (!document.tokens[i].is("took") || matches!(next, "part" | "place"))
        })
    };
    let sentences: Vec<&Sentence> = if exercise {
        document.sentences.iter().take(14).collect()
    } else {
        opening.iter().take(3).copied().collect()
    };
    for sentence in sentences {
        if !cue(sentence.start, sentence.end) || sentence.speaker.is_some() {
            continue;
        }
        // "Both governments welcomed the African Union's position", after an exercise was told of: no sentence on who came.
        let late = exercise && sentences_before(document, sentence) >= TOLD;
        let greeted = late
            && (sentence.start..sentence.end).all(|i| {
                let word = &document.tokens[i].folded;
                !document.lexicon.is("attending", word) || document.lexicon.is("greeting", word)
            });
        if greeted {
            continue;
        }
        // "At the invitation of Kenya and the Netherlands, representatives of 35 States met".
        let inviting = document
            .lexicon
            .list("inviting")
            .at(&document.tokens, sentence.start, document.lexicon.grammar())
            .first()
            .map(|f| f.end)
            .and_then(|from| {
                let comma = (from..sentence.end).find(|i| document.tokens[*i].is(","))?;
                let hosts = ids(document, from, comma, false);
                (hosts.len() >= 2).then_some(hosts)
            });
        if let Some(hosts) = inviting
            && !exercise
        {
            return hosts;
        }
        // "The conference was convened, chaired by the Minister of": who chairs speaks for all.
        let chaired = (sentence.start..sentence.end)
            .find(|i| {
                document
                    .lexicon
                    .is("presiding", &document.tokens[*i].folded)
                    && !document.tokens[*i].hyphened
                    && document
                        .tokens
                        .get(i + 1)
                        .is_some_and(|t| matches!(t.folded.as_str(), "by" | "over" | "par"))
            })
            .filter(|stop| !ids(document, sentence.start, *stop, true).is_empty())
            .unwrap_or(sentence.end);
        // "The Conference was chaired by the Minister of Singapore and attended by all ASEAN Member States": whose it is.
        let presided = (sentence.start..sentence.end)
            .find(|i| {
                document
                    .lexicon
                    .is("presiding", &document.tokens[*i].folded)
                    && !document.tokens[*i].hyphened
            })
            .and_then(|from| {
                let until = (from + 1..sentence.end).find(|i| {
                    document
                        .lexicon
                        .is("attending", &document.tokens[*i].folded)
                })?;
                let group = ids(document, until, sentence.end, true)
                    .iter()
                    .any(|id| id.len() > 2 && may_be_party(id) && id != "EU-MS");
                group.then(|| ids(document, from, until, true))
            })
            .unwrap_or_default();
        // Whom an earlier sentence named as holding a meeting of its own.
        let hosting = !out.is_empty();
        // An agency that observes does not bring its side into the exercise.
        let observed = exercise && document.holds(sentence.start, sentence.end, "observer");
        for id in ids(document, sentence.start, chaired, !observed && !late) {
            if presided.contains(&id) {
                continue;
            }
            // Who holds a meeting of its own has other organizations as guests.
            let guest = !exercise
                && (id.len() > 2 && may_be_party(&id) || id == "EU" && hosting)
                && out.first().is_some_and(|host| *host != id && is_host(host));
            let played = exercise && names_the_exercise(document, sentence, &id);
            if !(guest || played) {
                push(&mut out, &id);
            }
        }
        if !exercise && out.len() >= 2 {
            break;
        }
    }
    if let Some((start, end)) = title
        && !exercise
    {
        let titled = ids(document, start, end, false);
        if titled.len() >= 2 {
            return titled;
        }
        for id in titled {
            push(&mut out, &id);
        }
    }
    out
}

/// How many sentences stand before one.
fn sentences_before(document: &Document<'_>, sentence: &Sentence) -> usize {
    document
        .sentences
        .partition_point(|s| s.start < sentence.start)
}

/// Whether a body may hold a meeting of its own, to which others come as guests.
fn is_host(id: &str) -> bool {
    may_be_party(id) || id == "G7"
}

/// "the 17th ASEAN CERT Incident Drill": a group in the name of the exercise does not play.
fn names_the_exercise(document: &Document<'_>, sentence: &Sentence, id: &str) -> bool {
    let mut named = document
        .near(sentence.start, sentence.end)
        .filter(|n| n.start >= sentence.start && n.end <= sentence.end)
        .filter(|n| matches!(n.meaning, Meaning::Body(body, _) if body == id))
        .peekable();
    named.peek().is_some()
        && named.all(|n| {
            (n.end..(n.end + 5).min(sentence.end))
                .take_while(|i| document.tokens[*i].capital)
                .any(|i| {
                    document
                        .lexicon
                        .is("own-exercise", &document.tokens[i].folded)
                })
        })
}
