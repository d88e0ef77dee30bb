//! Who adopts a text or acts in it together, when no pair in its title says so.
//! Invariant: every id comes from a name that the text or its site prints.

use crate::attendance::enumerated;
use crate::clause::parts;
use crate::document::{Document, Sentence};
use crate::layout::{Role, listed};
use crate::name::Meaning;
use crate::party::{ids, party_id, push};
use crate::statement::Kind;

/// "We, the Ministers of A, B and C", or the group of the title.
pub(crate) fn signatories(
    document: &Document<'_>,
    title: Option<(usize, usize)>,
    opening: &[&Sentence],
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for sentence in opening.iter().take(3) {
        let we = (sentence.start..(sentence.start + 60).min(sentence.end)).find(|i| {
            let next = |list: &[&str]| {
                document
                    .tokens
                    .get(i + 1)
                    .is_some_and(|t| list.iter().any(|w| t.is(w)))
            };
            // Later in the sentence a mark must follow: "Having gathered this week, we, the Ministers of".
            matches!(document.tokens[*i].folded.as_str(), "we" | "nous")
                && (next(&[","]) || *i < sentence.start + 12 && next(&["the", "les"]))
        });
        let from = we.unwrap_or(sentence.start);
        // Up to the verb, unless the verb is the participle of a resolution, which stands first.
        let context = document.context(&[]);
        let stop = parts(&context, sentence.start, sentence.end)
            .first()
            .map(|p| p.cue)
            .filter(|cue| *cue > from + 2 || we.is_none())
            .unwrap_or(sentence.end);
        let stop = (from..stop)
            .find(|i| {
                document
                    .lexicon
                    .is("assembled", &document.tokens[*i].folded)
            })
            .unwrap_or(stop);
        let found = ids(document, from, stop.max(from + 1).min(sentence.end), false);
        if we.is_some() && !found.is_empty()
            || found.len() >= 2
            || found.iter().any(|f| is_group(f))
        {
            out = found;
            break;
        }
    }
    // "The following is a joint statement of the Governments of A, B and C": before it speaks as "we".
    if !out.iter().any(|o| is_group(o))
        && let Some(issued) = opening
            .iter()
            .take(2)
            .filter(|s| document.holds(s.start, s.end, "issued-by"))
            .map(|s| enumerated(document, s.start, s.end, &[]))
            .find(|found| found.len() >= 3 && found.len() > out.len())
    {
        out = issued;
    }
    // "The Quad met. ... Australia, India, Japan and the United States recommit": who is listed as acting.
    if matches!(out.as_slice(), [one] if has_members(one))
        && let Some(members) = members_acting(document, opening)
    {
        out = members;
    }
    if out.is_empty()
        && let Some((start, end)) = title
    {
        // "Statement delivered by Fiji on behalf of the Forum": for whom, not by whom.
        let from = (start..end)
            .find_map(|i| {
                let here = document.lexicon.list("for-others");
                let found = here.at(&document.tokens[..end], i, document.lexicon.grammar());
                found.first().map(|f| f.end)
            })
            .unwrap_or(start);
        out = ids(document, from, end, false);
        if out.len() < 2 && !out.iter().any(|o| is_group(o)) {
            out.clear();
        }
    }
    // "Adopted by the Ministers of the Union", "We, the Ministers of the Union": above the text, and no title.
    if out.is_empty() {
        out = document
            .blocks
            .iter()
            .filter(|b| b.role == Role::Header)
            .map(|b| document.token_range(b.start, b.end))
            .filter(|(s, e)| listed(document.lexicon, "adopts", &document.tokens[*s..*e]))
            .map(|(s, e)| ids(document, s, e, false))
            .find(|found| found.len() >= 2 || found.iter().any(|f| is_group(f)))
            .unwrap_or_default();
    }
    // "THE MEMBER STATES OF THE ORGANIZATION": a resolution names its author in a line of its own.
    if out.is_empty() {
        out = document
            .blocks
            .iter()
            .filter(|b| matches!(b.role, Role::Header | Role::Heading | Role::Paragraph))
            .take(6)
            .map(|b| document.token_range(b.start, b.end))
            // Its words in capitals, which may be followed by "meeting in Washington".
            .filter_map(|(s, e)| {
                let stop = (s..e)
                    .find(|i| document.tokens[*i].is_word() && !document.tokens[*i].upper)
                    .unwrap_or(e);
                let words = (s..stop).filter(|i| document.tokens[*i].is_word()).count();
                (stop == e || words >= 6).then_some((s, stop))
            })
            .map(|(s, e)| ids(document, s, e, false))
            .find(|found| found.iter().any(|f| is_group(f)))
            .unwrap_or_default();
    }
    if out.is_empty() {
        out = between_lines(document);
    }
    if out.is_empty() {
        out = signed(document);
    }
    if out.is_empty() {
        out.extend(author(document, title, opening));
    }
    out
}

/// "between", on a line of its own, then one of two, "and", the other: the head of an agreement.
fn between_lines(document: &Document<'_>) -> Vec<String> {
    let Some(first) = document.sentences.first().map(|s| s.end) else {
        return Vec::new();
    };
    document
        .blocks
        .iter()
        .map(|b| document.token_range(b.start, b.end))
        .take_while(|(start, _)| *start < first)
        .find(|(start, end)| {
            end - start == 1
                && document
                    .lexicon
                    .is("between", &document.tokens[*start].folded)
        })
        .map(|(start, _)| ids(document, start, first, true))
        .filter(|found| found.len() >= 2)
        .unwrap_or_default()
}

/// "Statement by Kenya", "Kenya thanks you, Chair": the one that speaks as "we".
fn author(
    document: &Document<'_>,
    title: Option<(usize, usize)>,
    opening: &[&Sentence],
) -> Option<String> {
    // Whom the title names as speaking for others is not the author.
    if title.is_some_and(|(s, e)| document.holds(s, e, "for-others")) {
        return None;
    }
    let by = |start: usize, end: usize| {
        let from =
            (start..end).find(|i| document.lexicon.is("author", &document.tokens[*i].folded))?;
        let stop = (from + 5).min(end);
        let found = ids(document, from, stop, false);
        (found.len() == 1).then(|| found[0].clone())
    };
    if let Some(found) = title.and_then(|(s, e)| by(s, e)) {
        return Some(found);
    }
    let context = document.context(&[]);
    opening.iter().take(3).find_map(|s| {
        let (from, to) = parts(&context, s.start, s.end).first()?.subject;
        let found = ids(document, from, to, false);
        let bare = to - from <= 4;
        (bare && found.len() == 1).then(|| found[0].clone())
    })
}

/// "I speak on behalf of Chile, Fiji, Ghana and my own country, Kenya", "on behalf of the Union and its Member States".
pub(crate) fn spoken_for(document: &Document<'_>, opening: &[&Sentence]) -> Option<Vec<String>> {
    opening.iter().find_map(|s| {
        let from = (s.start..s.end).find_map(|i| {
            let here = document.lexicon.list("on-behalf");
            let found = here.at(&document.tokens[..s.end], i, document.lexicon.grammar());
            found.first().map(|f| f.end)
        })?;
        let found = ids(document, from, s.end, false);
        let speaking = document.tokens[s.start..s.end]
            .iter()
            .any(|t| document.lexicon.is("first-person", &t.folded));
        match found.iter().find(|f| is_group(f)) {
            Some(group) if speaking && found.iter().all(|f| f == group || f == "EU-MS") => {
                Some(vec![group.clone()])
            }
            _ => (found.len() >= 3).then_some(found),
        }
    })
}

/// The names of a line that holds nothing else: "Australia • Chile • Kenya".
fn only_names(document: &Document<'_>, start: usize, end: usize) -> Vec<String> {
    let covered = |i: usize| {
        let t = &document.tokens[i];
        !t.is_word()
            || document.lexicon.is("determiners", &t.folded)
            || document.lexicon.is("coordinators", &t.folded)
            || t.elided
            || document
                .near(i, i + 1)
                .any(|n| n.start <= i && i < n.end && party_id(n).is_some())
    };
    if (start..end).all(covered) {
        ids(document, start, end, false)
    } else {
        Vec::new()
    }
}

/// A list of signatories: at the end, or in brackets under the title.
fn signed(document: &Document<'_>) -> Vec<String> {
    /// Below the text stand no more lines than so many signatories.
    const LINES: usize = 80;
    let head = document
        .blocks
        .iter()
        .take_while(|b| !matches!(b.role, Role::Paragraph | Role::Item))
        .filter(|b| b.role != Role::Title)
        .map(|b| document.token_range(b.start, b.end))
        .map(|(start, end)| only_names(document, start, end))
        .find(|found| found.len() >= 3);
    if let Some(head) = head {
        return head;
    }
    document
        .blocks
        .iter()
        .rev()
        .take(LINES)
        .map(|b| document.token_range(b.start, b.end))
        .filter(|(start, end)| {
            document.tokens[*start..*end].iter().take(6).any(|t| {
                matches!(
                    t.folded.as_str(),
                    "signatories"
                        | "signed"
                        | "endorsed"
                        | "signataires"
                        | "signe"
                        | "participating"
                        | "endorsing"
                        | "supported"
                        | "supporting"
                )
            })
        })
        .map(|(start, end)| {
            let mut found = ids(document, start, end, false);
            // One signatory a line, or all in one.
            for block in document
                .blocks
                .iter()
                .filter(|b| b.start >= document.tokens[end - 1].end)
            {
                let (from, to) = document.token_range(block.start, block.end);
                let here = only_names(document, from, to);
                if here.is_empty() {
                    break;
                }
                for id in here {
                    push(&mut found, &id);
                }
            }
            found
        })
        .find(|found| found.len() >= 2)
        .unwrap_or_default()
}

/// A group whose members stand for it where they are listed.
pub(crate) fn has_members(id: &str) -> bool {
    matches!(
        id,
        "CRI" | "QUAD" | "OAS" | "NORDIC-BALTIC-EIGHT" | "VISEGRAD" | "FIVE-EYES"
    )
}

/// Groups of few, each with its members.
const GROUPS: &[(&str, &[&str])] = &[
    ("QUAD", &["AU", "IN", "JP", "US"]),
    ("AUKUS", &["AU", "GB", "US"]),
    ("FIVE-EYES", &["AU", "CA", "NZ", "GB", "US"]),
    (
        "NORDIC-BALTIC-EIGHT",
        &["DK", "EE", "FI", "IS", "LV", "LT", "NO", "SE"],
    ),
    ("VISEGRAD", &["CZ", "HU", "PL", "SK"]),
];

/// "Jane Doe (Australia), John Roe (India), ...": the members of a group of few, where the text names them all.
pub(crate) fn members_named(document: &Document<'_>, group: &str) -> Option<Vec<String>> {
    let (_, members) = GROUPS.iter().find(|(id, _)| *id == group)?;
    let named = |member: &str| {
        document
            .names
            .iter()
            .any(|n| matches!(n.meaning, Meaning::State(id) | Meaning::OfState(id) if id == member))
    };
    members
        .iter()
        .all(|m| named(m))
        .then(|| members.iter().map(|m| (*m).to_owned()).collect())
}

/// Members of the Association of Southeast Asian Nations, which speak in its meetings.
const ASEAN: [&str; 10] = ["BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "VN"];

/// Whether a State speaks where a group of which it is a member takes part.
pub(crate) fn member_of_party(state: &str, parties: &[String]) -> bool {
    let party = |group: &str| parties.iter().any(|p| p == group);
    G7.contains(&state) && party("G7")
        || ASEAN.contains(&state) && party("ASEAN")
        || GROUPS
            .iter()
            .any(|(group, members)| members.contains(&state) && party(group))
}

/// Three States or more that are the subject of one of the first sentences.
fn members_acting(document: &Document<'_>, opening: &[&Sentence]) -> Option<Vec<String>> {
    let context = document.context(&[]);
    opening.iter().find_map(|s| {
        let (from, to) = parts(&context, s.start, s.end).first()?.subject;
        let found: Vec<String> = ids(document, from, to, false)
            .into_iter()
            .filter(|id| !has_members(id))
            .collect();
        (found.len() >= 3).then_some(found)
    })
}

/// A body that speaks in one voice; the others bring States together that speak for themselves.
fn is_group(id: &str) -> bool {
    matches!(
        id,
        "G7" | "G20"
            | "QUAD"
            | "ASEAN"
            | "CRI"
            | "OAS"
            | "NATO"
            | "EU"
            | "COMMONWEALTH"
            | "BRICS"
            | "OSCE"
            | "FOC"
            | "AU"
            | "ECOWAS"
            | "CARICOM"
            | "PIF"
            | "NORDIC-BALTIC-EIGHT"
    )
}

/// The members of the G7, the European Union aside.
pub(crate) const G7: &[&str] = &["CA", "DE", "FR", "GB", "IT", "JP", "US"];

/// "We, the Foreign Ministers of Canada, France, ...", under a title that names the G7.
pub(crate) fn the_seven(
    document: &Document<'_>,
    title: Option<(usize, usize)>,
    parties: &[String],
) -> bool {
    G7.iter().all(|m| parties.iter().any(|p| p == m))
        && parties
            .iter()
            .all(|p| G7.contains(&p.as_str()) || p == "EU")
        && title.is_some_and(|(start, end)| {
            document
                .near(start, end)
                .any(|n| n.start >= start && matches!(n.meaning, Meaning::Body("G7", _)))
        })
}

/// A group stands for those it does not list; who is listed stands for the group. The G7 and the G20 speak as such.
pub(crate) fn members_or_group(parties: Vec<String>, kind: Kind) -> Vec<String> {
    let states = |p: &String| p.len() == 2;
    let listing = parties.iter().filter(|p| states(p)).count() >= 3;
    // The forum's meetings are held by those who share the chair.
    if parties.iter().filter(|p| states(p)).count() >= 2 && parties.iter().any(|p| p == "ARF") {
        return parties.into_iter().filter(|p| p != "ARF").collect();
    }
    if let Some(group) = parties.iter().find(|p| has_members(p)).filter(|_| listing) {
        return parties.iter().filter(|p| *p != group).cloned().collect();
    }
    // "The heads of the agencies of the G7 countries and the European Union met": it is one of the seven.
    if parties.len() == 2
        && ["G7", "EU"]
            .iter()
            .all(|id| parties.iter().any(|p| p == id))
    {
        return vec!["G7".to_owned()];
    }
    for group in ["G7", "G20", "CRI", "QUAD"] {
        if !parties.iter().any(|p| p == group) {
            continue;
        }
        if kind == Kind::Declaration || group == "CRI" {
            return vec![group.to_owned()];
        }
    }
    parties
}

/// "A and B agreed": who is the subject of what the first sentences tell.
pub(crate) fn acting_together(document: &Document<'_>, body: &[&Sentence]) -> Option<Vec<String>> {
    let context = document.context(&[]);
    body.iter()
        .filter(|s| s.speaker.is_none())
        .take(8)
        .find_map(|s| {
            let (from, to) = parts(&context, s.start, s.end).first()?.subject;
            // "The Working Group, chaired by the Representative of Hungary": who chairs it is not who meets.
            let to = (from..to)
                .find(|i| {
                    document
                        .lexicon
                        .is("presiding", &document.tokens[*i].folded)
                })
                .unwrap_or(to);
            let mut found = ids(document, from, to, false);
            if found.len() < 2 {
                // "CISA and the Australian Cyber Security Centre issued": agencies of several States.
                found = ids(document, from, to, true);
                found.retain(|id| id.len() == 2 && id != "EU");
            }
            // The forum acts through those who share its chair.
            found.retain(|id| id != "ARF");
            (found.len() >= 2).then_some(found)
        })
}

/// "The meeting was co-chaired by A, B and C": who presides over a meeting of more than are named.
pub(crate) fn presiding_together(document: &Document<'_>, opening: &[&Sentence]) -> Vec<String> {
    opening
        .iter()
        .find_map(|s| {
            let cue = (s.start..s.end).find(|i| {
                let t = &document.tokens[*i];
                t.folded.starts_with("copresid")
                    || (t.is("chaired") || t.folded.starts_with("presid")) && t.hyphened
            })?;
            let found = ids(document, cue, s.end, false);
            (found.len() >= 2).then_some(found)
        })
        .unwrap_or_default()
}
