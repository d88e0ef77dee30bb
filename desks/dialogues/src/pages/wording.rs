//! `/dialogues/wording`: how the wording on a subject moved, word by word: from session to session, from partner to partner, from language
//! to language. Every statement of the register that the visitor may see on the subject, over all series.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use policy::Released;
use site::parts::form::Choice;
use site::{Failure, Frame, Link, Tlp, Visitor, shown_words};

use super::narrow::{Fields, Narrow};
use super::register_of;
use super::view::{Eyes, path};
use crate::records::{Commitment, Piece, Translation};
use crate::register::{Known, Register, Spoken};
use crate::rules::wording::{Change, Lexicon, Passage, changes};

/// How many statements are laid side by side.
const MOST: usize = 120;
/// How many are looked at for them.
const LOOKED_AT: usize = 600;
/// How many of the statements before it each is held against.
const BEFORE: usize = 30;
/// How close words have to be, in percent, to count as the same wording moved.
const CLOSE: u32 = 40;

/// A statement, with what changed from the closest one before it.
struct Step {
    path: String,
    when: String,
    whose: String,
    act: String,
    lang: String,
    changes: Vec<Change>,
    before: Option<Link>,
    others: Vec<(String, String, String)>,
}

/// A statement, with its words as they are held against others.
type Told<'k> = (&'k Piece<Commitment>, Passage);

/// Statements that are read in a row.
struct Strand {
    name: String,
    steps: Vec<Step>,
}

#[derive(Template)]
#[template(path = "dialogues/wording.html")]
struct Show {
    frame: Frame,
    fields: Fields,
    ways: Vec<(Choice, bool)>,
    words: String,
    asked: bool,
    strands: Vec<Strand>,
}

/// By what they are laid in rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Time,
    Partner,
    Language,
}

impl By {
    fn asked(visitor: &Visitor) -> Self {
        match visitor.asked("by").as_deref() {
            Some("partner") => Self::Partner,
            Some("language") => Self::Language,
            _ => Self::Time,
        }
    }
}

/// `GET /dialogues/wording?topic=&side=&series=&session=&by=time|partner|language&since=&until=&words=`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let topic = visitor.asked("topic");
            let narrow = Narrow::asked(visitor)?;
            let found = match &topic {
                Some(topic) => register.once(found(visitor, &register, (topic, &narrow))?)?,
                None => std::iter::empty::<Released<Piece<Commitment>>>().collect(),
            };
            let known = register.said_in(found)?;
            let by = By::asked(visitor);
            let ids: Vec<stix::ObjectId> = known
                .as_ref()
                .map(|known| {
                    known
                        .commitments
                        .iter()
                        .map(|piece| piece.id.clone())
                        .collect()
                })
                .into_inner();
            let mut translated = Vec::new();
            if by == By::Language {
                for id in &ids {
                    let words = register.translations(id, "words")?;
                    translated.push(words.map(|words| (id.clone(), words)));
                }
            }
            let translated: Released<Vec<_>> = translated.into_iter().collect();
            visitor.page(
                "wording-title",
                known.zip(translated),
                |(known, translated), frame| {
                    let known = (&known, translated.as_slice());
                    Ok(made(visitor, &narrow, known, by, frame))
                },
            )
        })
        .await
}

/// What is laid side by side.
fn found(
    visitor: &Visitor,
    register: &Register<'_>,
    (topic, narrow): (&str, &Narrow),
) -> Result<Released<Vec<Piece<Commitment>>>, Failure> {
    let wanted = visitor.asked("words").unwrap_or_default().to_lowercase();
    let asked = Spoken {
        topic,
        side: narrow.side.as_deref(),
        series: narrow.series(),
        session: narrow.session(),
        between: narrow.between(),
    };
    Ok(
        register.spoken(&asked, (MOST, LOOKED_AT), |piece: &Piece<Commitment>| {
            piece.what.words.to_lowercase().contains(&wanted)
        })?,
    )
}

fn made(
    visitor: &Visitor,
    narrow: &Narrow,
    (known, translated): (&Known, &[(stix::ObjectId, Vec<Translation>)]),
    by: By,
    frame: Frame,
) -> Show {
    let eyes = Eyes::new(visitor);
    let words = &visitor.words;
    let looked_for = visitor.asked("words").unwrap_or_default();
    let mut rows: Vec<(String, &Piece<Commitment>)> = known
        .commitments
        .iter()
        .map(|piece| (held(known, piece), piece))
        .filter(|(when, piece)| {
            let what = &piece.what;
            narrow.at(when)
                && narrow.of(what.dialogue_ref.as_deref(), what.session_ref.as_deref())
                && narrow
                    .side
                    .as_ref()
                    .is_none_or(|side| takes_part(known, piece, side))
        })
        .filter(|(_, piece)| {
            let wanted = looked_for.to_lowercase();
            piece.what.words.to_lowercase().contains(&wanted)
        })
        .collect();
    rows.sort_by(|a, b| (&a.0, &a.1.id).cmp(&(&b.0, &b.1.id)));
    let mut strands: BTreeMap<String, Vec<Step>> = BTreeMap::new();
    let mut told: BTreeMap<String, Vec<Told<'_>>> = BTreeMap::new();
    let mut lexicon = Lexicon::default();
    for (when, piece) in &rows {
        let name = strand(&eyes, known, piece, by);
        let earlier = told.entry(name.clone()).or_default();
        let said = (*piece, lexicon.read(&piece.what.words));
        strands
            .entry(name)
            .or_default()
            .push(step(&eyes, known, translated, when, &said, earlier));
        earlier.push(said);
    }
    let parties = known.dialogues.iter().flat_map(|one| &one.what.parties);
    let fields = narrow.fields(&eyes, parties, &known.dialogues, &known.sessions);
    let ways = [
        ("time", "wording-by-time", By::Time),
        ("partner", "wording-by-partner", By::Partner),
        ("language", "wording-by-language", By::Language),
    ];
    let labels = known.labels();
    let name = frame.t("dialogues-title");
    let frame = frame.under("/dialogues", name);
    Show {
        frame: if labels.is_empty() {
            frame
        } else {
            frame.label(Tlp::strictest(labels))
        },
        fields,
        ways: ways
            .map(|(value, key, way)| (Choice::new(value, words.t(key)), way == by))
            .to_vec(),
        words: looked_for,
        asked: narrow.topic.is_some(),
        strands: strands
            .into_iter()
            .map(|(name, steps)| Strand { name, steps })
            .collect(),
    }
}

/// When the session of a statement was, as a time.
fn held(known: &Known, piece: &Piece<Commitment>) -> String {
    let session = known.session(piece.what.session_ref.as_deref());
    session.map_or_else(
        || piece.created.as_str().to_owned(),
        |session| session.what.starts.clone(),
    )
}

fn takes_part(known: &Known, piece: &Piece<Commitment>, side: &str) -> bool {
    let named = |all: &[String]| all.iter().any(|one| one == side);
    let dialogue = known.dialogue(piece.what.dialogue_ref.as_deref());
    named(&piece.what.actors) || dialogue.is_some_and(|one| named(&one.what.parties))
}

/// The row in which a statement is read.
fn strand(eyes: &Eyes<'_>, known: &Known, piece: &Piece<Commitment>, by: By) -> String {
    match by {
        By::Time => String::new(),
        By::Partner => known
            .dialogue(piece.what.dialogue_ref.as_deref())
            .map_or_else(|| eyes.sides(&piece.what.actors), |one| eyes.dialogue(one)),
        By::Language => eyes.words.t(match piece.lang.as_deref() {
            Some("fr") => "wording-in-french",
            Some("en") => "wording-in-english",
            _ => "wording-in-another",
        }),
    }
}

fn step(
    eyes: &Eyes<'_>,
    known: &Known,
    translated: &[(stix::ObjectId, Vec<Translation>)],
    when: &str,
    (piece, passage): &Told<'_>,
    earlier: &[Told<'_>],
) -> Step {
    let same_language = earlier
        .iter()
        .rev()
        .filter(|(other, _)| other.lang == piece.lang);
    let mut closest: Option<(u32, &Piece<Commitment>)> = None;
    for (other, words) in same_language.take(BEFORE) {
        let least = closest.map_or(CLOSE, |(close, _)| close);
        if let Some(close) = words.closeness(passage, least) {
            closest = Some((close, other));
        }
    }
    let session = known.session(piece.what.session_ref.as_deref());
    let own = shown_words(&piece.what.words);
    Step {
        path: path(&piece.id),
        when: session
            .and_then(|session| session.what.start.as_deref())
            .map_or_else(
                || eyes.date(when.get(..10).unwrap_or(when)),
                |start| eyes.date(start),
            ),
        whose: known
            .dialogue(piece.what.dialogue_ref.as_deref())
            .map_or_else(|| eyes.sides(&piece.what.actors), |one| eyes.dialogue(one)),
        act: eyes
            .words
            .t(&format!("dialogues-act-{}", piece.what.act.as_str())),
        lang: piece.lang.clone().unwrap_or_default(),
        changes: match closest {
            Some((_, other)) => changes(&shown_words(&other.what.words), &own),
            None => vec![Change::Same(own)],
        },
        before: closest.map(|(_, other)| {
            let when = held(known, other);
            Link::new(path(&other.id), eyes.date(when.get(..10).unwrap_or(&when)))
        }),
        others: translated
            .iter()
            .filter(|(id, _)| *id == piece.id)
            .flat_map(|(_, words)| words)
            .map(|one| {
                let weight = one.weight.map(|weight| {
                    eyes.words
                        .t(&format!("dialogues-weight-{}", weight.as_str()))
                });
                (
                    one.lang.clone(),
                    shown_words(&one.words),
                    weight.unwrap_or_default(),
                )
            })
            .collect(),
    }
}
