//! One side's news: whose site it is, whose people it tells of, whom they met.
//! Invariant: judged from the header, the title and the first sentences; who is spoken of later takes no part.

use crate::bystander::{bystander, is_where};
use crate::clause::parts;
use crate::document::{Document, Sentence};
use crate::layout::{Role, listed};
use crate::name::{Meaning, may_be_party, side_of};
use crate::party::{ids, party_id, push};

/// Whose site published the text, from a line of its header that names it.
pub(crate) fn publisher(document: &Document<'_>) -> Option<String> {
    let first = document.sentences.first()?.start;
    document
        .blocks
        .iter()
        .filter(|b| matches!(b.role, Role::Header | Role::Furniture | Role::Contact))
        .map(|b| document.token_range(b.start, b.end))
        .filter(|(s, e)| {
            e <= &first
                && (document
                    .near(*s, *s + 1)
                    .any(|n| n.start == *s && n.end == *e)
                    || listed(document.lexicon, "site", &document.tokens[*s..*e]))
        })
        .find_map(|(start, end)| {
            let mut out = Vec::new();
            for name in document
                .near(start, end)
                .filter(|n| n.start >= start && n.end <= end)
            {
                match name.meaning {
                    Meaning::State(id) | Meaning::OfState(id) => push(&mut out, id),
                    Meaning::Body(id, kind) => {
                        if let Some(side) = side_of(kind) {
                            push(&mut out, side);
                        } else if kind == "union" || party_id(name).is_some() {
                            push(&mut out, id);
                        }
                    }
                    Meaning::Place(..) => {}
                }
            }
            out.into_iter().next()
        })
}

/// One side's news of a meeting: whose site it is, and whom its people met.
pub(crate) fn received(document: &Document<'_>, opening: &[&Sentence]) -> Option<Vec<String>> {
    let own = publisher(document)?;
    let first = opening.iter().find(|s| {
        s.speaker.is_none()
            && (s.start..s.end).any(|i| document.lexicon.is("met", &document.tokens[i].folded))
    })?;
    let mut found = ids(document, first.start, first.end, true);
    if found.iter().all(|f| *f == own) || found.len() > 2 {
        return None;
    }
    if !found.contains(&own) {
        found.insert(0, own);
    }
    Some(found)
}

/// One side's word on what others did: who is the subject of the first sentence, when no meeting is told of.
pub(crate) fn alone(
    document: &Document<'_>,
    title: Option<(usize, usize)>,
    opening: &[&Sentence],
) -> Option<Vec<String>> {
    let first = opening.iter().find(|s| s.speaker.is_none())?;
    let meeting = opening
        .iter()
        .take(2)
        .map(|s| (s.start, s.end))
        .chain(title)
        .any(|(start, end)| {
            (start..end).any(|i| {
                let word = &document.tokens[i].folded;
                // "UK and allies call out": no call between them.
                let blaming = document.lexicon.list("blaming");
                if !blaming
                    .at(&document.tokens[..end], i, document.lexicon.grammar())
                    .is_empty()
                {
                    return false;
                }
                ["met", "talks", "together"]
                    .iter()
                    .any(|list| document.lexicon.is(list, word))
            })
        });
    if meeting {
        return None;
    }
    // The first that names somebody: "UK sanctions four individuals" may stand above it.
    let context = document.context(&[]);
    opening
        .iter()
        .filter(|s| s.speaker.is_none() && s.start >= first.start)
        .take(3)
        .find_map(|s| {
            let (from, to) = parts(&context, s.start, s.end).first()?.subject;
            let found = ids(document, from, to, true);
            (!found.is_empty()).then_some(found)
        })
        .filter(|found| found.len() == 1)
}

/// The one organization that a title names, where nobody else is named in it.
pub(crate) fn organisation_titled(
    document: &Document<'_>,
    title: Option<(usize, usize)>,
    others: &[String],
) -> Option<String> {
    let (start, end) = title?;
    match ids(document, start, end, true).as_slice() {
        [one] if one.len() > 2 && may_be_party(one) && !others.contains(one) => Some(one.clone()),
        _ => None,
    }
}

/// The first other State that does something in the text: its name stands right before a verb.
pub(crate) fn acting_beside(
    document: &Document<'_>,
    body: &[&Sentence],
    other: &str,
) -> Option<String> {
    body.iter().find_map(|s| {
        document
            .near(s.start, s.end)
            .filter(|n| n.start >= s.start && n.end < s.end && !n.nested)
            .filter(|n| !bystander(document, n, s.start))
            .filter(|n| crate::layout::finite(&document.tokens[n.end..=n.end], document.lexicon))
            .find_map(|n| match n.meaning {
                Meaning::State(id) if id != other => Some(id.to_owned()),
                _ => None,
            })
    })
}

/// "Embassy of Japan in Viet Nam", whose news says that something was handed over to an authority of Viet Nam: both.
pub(crate) fn mission(
    document: &Document<'_>,
    opening: &[&Sentence],
    one: &str,
) -> Option<[String; 2]> {
    let first = document.sentences.first()?.start;
    let states = |start: usize, end: usize, seat: bool| {
        document
            .near(start, end)
            .filter(|n| n.start >= start && n.end <= end)
            .filter(|n| is_where(document, n) == seat)
            .find_map(|n| match n.meaning {
                Meaning::State(id) => Some(id),
                _ => None,
            })
    };
    let (own, seat) = document
        .blocks
        .iter()
        .map(|b| document.token_range(b.start, b.end))
        .take_while(|(_, end)| *end <= first)
        .filter(|(s, e)| {
            (*s..*e).any(|i| document.lexicon.is("missions", &document.tokens[i].folded))
        })
        .find_map(|(s, e)| Some((states(s, e, false)?, states(s, e, true)?)))?;
    let told = opening.iter().take(3).any(|s| {
        ids(document, s.start, s.end, true)
            .iter()
            .any(|id| id == seat)
    });
    (told && own != seat && (one == own || one == seat)).then(|| [own.to_owned(), seat.to_owned()])
}
