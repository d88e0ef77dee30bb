//! The statements of a text as records: new ones, or words in another language for those that are here. Invariant: what was said before, or
//! was taken up as agreed language, is linked to where it stands.

use anyhow::Result;
use stix::ObjectId;

use super::align::{Pair, align};
use super::confirm::{Decision, Where};
use super::{Heard, Reading, Said};
use crate::compose::Batch;
use crate::records::{Act, Commitment, NewPiece, Piece, Span, Translation};
use crate::register::Register;
use crate::rules::dates;
use crate::rules::repeated::AGAIN;
use crate::rules::scores::folded;
use crate::rules::wording::closeness;

/// Statements of one text or series at most.
const MOST: usize = 1_000;

/// Writes the statements, or their words in another language; says how many of each.
pub(super) fn statements(
    register: &Register<'_>,
    batch: &mut Batch<'_>,
    reading: &Reading,
    decision: &Decision,
    (dialogue, session, text): (&ObjectId, &ObjectId, &ObjectId),
) -> Result<(usize, usize)> {
    let heard = &reading.corrected;
    let wanted: Vec<&Said> = heard
        .statements
        .iter()
        .filter(|said| !said.left_out)
        .filter(|said| {
            Act::named(&said.act)
                .is_some_and(|act| act == Act::Commitment || decision.acts.contains(&act))
        })
        .collect();
    let known = match &decision.version_of {
        Some(of) => of_text(register, of)?,
        None => Vec::new(),
    };
    let here: Vec<Said> = wanted.iter().map(|said| (*said).clone()).collect();
    let there: Vec<Said> = known.iter().map(|piece| said_of(&piece.what)).collect();
    let before = match &decision.dialogue {
        Where::There(id) => register
            .having::<Commitment>("commitment.dialogue", id.as_str(), MOST)?
            .into_inner(),
        Where::New => Vec::new(),
    };
    let (mut new, mut translated) = (0, 0);
    let pairs = if known.is_empty() {
        (0..here.len())
            .map(|second| Pair {
                first: None,
                second: Some(second),
            })
            .collect()
    } else {
        align(&there, &here)
    };
    for pair in pairs {
        let Some(said) = pair.second.and_then(|place| here.get(place)) else {
            continue;
        };
        if let Some(of) = pair.first.and_then(|place| known.get(place)) {
            batch.translate(&Translation {
                of: of.id.clone(),
                lang: heard.language.clone(),
                field: "words".to_owned(),
                words: said.text.clone(),
                weight: decision.weight,
            })?;
            translated += 1;
            continue;
        }
        let mut what = commitment(heard, said, decision, (dialogue, session, text));
        what.repeats_ref =
            taken_up(reading, said).or_else(|| again(&before, &what, &heard.language));
        batch.add(NewPiece::of(what).in_language(&heard.language))?;
        new += 1;
    }
    Ok((new, translated))
}

/// The commitment of another session that says the same, the closest of them.
fn again(before: &[Piece<Commitment>], what: &Commitment, lang: &str) -> Option<String> {
    let other = before.iter().filter(|piece| {
        what.act == Act::Commitment
            && piece.what.act == Act::Commitment
            && piece.what.session_ref != what.session_ref
            && piece.lang.as_deref() == Some(lang)
            && piece
                .what
                .topics
                .iter()
                .any(|topic| what.topics.contains(topic))
    });
    let close = other.map(|piece| (closeness(&piece.what.words, &what.words), piece));
    let (close, piece) = close.max_by_key(|(close, _)| *close)?;
    (close >= AGAIN).then(|| piece.id.to_string())
}

/// The statements of a text, in its order.
fn of_text(register: &Register<'_>, text: &ObjectId) -> Result<Vec<Piece<Commitment>>> {
    let mut known = register
        .having::<Commitment>("commitment.text", text.as_str(), MOST)?
        .into_inner();
    known.sort_by_key(|piece| piece.what.place.as_ref().map_or(0, |place| place.start));
    Ok(known)
}

fn said_of(commitment: &Commitment) -> Said {
    Said {
        text: commitment.words.clone(),
        act: commitment.act.as_str().to_owned(),
        topics: commitment.topics.clone(),
        due: commitment.due.clone(),
        speaker: commitment.speaker.clone(),
        ..Said::default()
    }
}

fn commitment(
    heard: &Heard,
    said: &Said,
    decision: &Decision,
    (dialogue, session, text): (&ObjectId, &ObjectId, &ObjectId),
) -> Commitment {
    let actors = if said.actors == ["*"] || said.actors.is_empty() {
        heard.parties.clone()
    } else {
        said.actors.clone()
    };
    let span = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Commitment {
        words: said.text.clone(),
        act: Act::named(&said.act).unwrap_or(Act::Report),
        actors,
        strength: said.strength,
        standing: decision.standing,
        topics: said.topics.clone(),
        beneficiary: said.beneficiary.clone(),
        reported_by: decision
            .reported_by
            .clone()
            .filter(|_| decision.standing.is_one_sided()),
        touches: text::bodies(&said.text)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        due: said.due.clone(),
        due_by: said.due.as_deref().and_then(dates::by),
        dialogue_ref: Some(dialogue.to_string()),
        session_ref: Some(session.to_string()),
        text_ref: Some(text.to_string()),
        place: Some(Span {
            start: span(said.start),
            end: span(said.end),
        }),
        speaker: said.speaker.clone(),
        repeats_ref: None,
        withdrawn: false,
        reason: None,
    }
}

/// The commitment whose agreed language these words take up, where the text came of a draft that says so.
fn taken_up(reading: &Reading, said: &Said) -> Option<String> {
    let words = folded(&said.text);
    let found = reading.took_up.iter().find(|(paragraph, _)| {
        let paragraph = folded(paragraph);
        paragraph.contains(&words) || words.contains(&paragraph)
    });
    found.map(|(_, from)| from.clone())
}
