//! A new paragraph for the round in preparation: in our own words, or in words that were agreed before, with their source.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Frame, Move, Page, Reply, Visitor, shown};
use stix::ObjectId;
use store::Span;

use super::super::register_of;
use super::super::view::{Eyes, path as path_of};
use super::{bench_of, draft_of, framed, path};
use crate::drafting::bench::Bench;
use crate::drafting::ink::proposed;
use crate::drafting::rounds::Rounds;
use crate::names;
use crate::records::{Commitment, Piece};

/// Statements that are looked at for one search.
const LOOKED_AT: usize = 400;
/// How many are shown.
const MOST: usize = 25;

/// Words that were agreed before.
struct Agreed {
    id: String,
    words: String,
    lang: String,
    path: String,
    topics: String,
}

#[derive(Template)]
#[template(path = "drafting/add.html")]
struct Show {
    frame: Frame,
    form: Form,
    way: String,
    after: String,
    revision: u32,
    topics: Vec<(&'static str, String, bool)>,
    question: String,
    asked: bool,
    agreed: Vec<Agreed>,
}

fn form(visitor: &Visitor, id: &ObjectId, bench: &Bench) -> Result<Form, Failure> {
    let words = &visitor.words;
    let first = Choice::new("", words.t("drafting-at-the-top"));
    let places = bench.passages.iter().enumerate().map(|(place, passage)| {
        let number = f64::from(u32::try_from(place + 1).unwrap_or(u32::MAX));
        let begin = site::shorten(&shown(&passage.words));
        Choice::new(
            passage.mark.as_deref().unwrap_or_default(),
            words.t2("drafting-after", "number", number, "words", begin),
        )
    });
    let last = bench
        .passages
        .last()
        .and_then(|passage| passage.mark.clone())
        .unwrap_or_default();
    let after = visitor.asked("after").unwrap_or(last);
    let form = Form::new(
        visitor,
        format!("dialogues-add {id}"),
        format!("{}/add", path(id)),
        words.t("drafting-put-in"),
    )?;
    Ok(form.fields([
        Field::new("words", words.t("drafting-own-words"), Input::Lines(4)),
        Field::new(
            "after",
            words.t("drafting-where"),
            Input::List(std::iter::once(first).chain(places).collect()),
        )
        .with(after)
        .optional(),
        Field::carried("revision", bench.revision.to_string()),
    ]))
}

/// Statements that all sides agreed to, on a subject, with all of some words.
fn search(visitor: &Visitor) -> Result<Released<Vec<Piece<Commitment>>>, Failure> {
    let topic = visitor.asked("topic");
    let question = visitor.asked("q").unwrap_or_default().to_lowercase();
    let register = register_of(visitor);
    if topic.is_none() && question.is_empty() {
        return Ok(std::iter::empty::<Released<Piece<Commitment>>>().collect());
    }
    let part = match topic {
        Some(topic) => register.part(
            "commitment.topic",
            Span::Texts(topic.clone(), topic),
            None,
            LOOKED_AT,
        )?,
        None => register.part(
            "commitment.back",
            Span::Numbers(i64::MIN, i64::MAX),
            None,
            LOOKED_AT,
        )?,
    };
    let mut ends = part.as_ref().map(|part| part.next.is_some()).into_inner();
    let found = part.map(|part| {
        let mut rows: Vec<Piece<Commitment>> = part.rows;
        rows.retain(|piece: &Piece<Commitment>| {
            let words = piece.what.words.to_lowercase();
            !piece.what.standing.is_one_sided()
                && question.split_whitespace().all(|word| words.contains(word))
        });
        rows.sort_by_key(|piece| std::cmp::Reverse(piece.created.micros()));
        ends |= rows.len() > MOST;
        rows.truncate(MOST);
        rows
    });
    if ends {
        visitor.ends_after(MOST);
    }
    Ok(found)
}

fn page(
    visitor: &Visitor,
    id: &ObjectId,
    rounds: Released<Rounds>,
    bench: &Bench,
    form: Form,
) -> Result<Page, Failure> {
    let found = search(visitor)?;
    visitor.page(
        "drafting-add",
        rounds.zip(found),
        |(rounds, found), frame| {
            let eyes = Eyes::new(visitor);
            let topic = visitor.asked("topic");
            let name = frame.t("drafting-work");
            let frame =
                framed(visitor, &rounds, frame, true).under(format!("{}/work", path(id)), name);
            let question = visitor.asked("q").unwrap_or_default();
            Ok(Show {
                form,
                way: format!("{}/add", path(id)),
                after: visitor.asked("after").unwrap_or_default(),
                revision: bench.revision,
                topics: names::TOPICS
                    .iter()
                    .map(|code| {
                        let name = names::topic(eyes.words, code);
                        (*code, name, topic.as_deref() == Some(*code))
                    })
                    .collect(),
                asked: topic.is_some() || !question.is_empty(),
                question,
                agreed: found
                    .iter()
                    .map(|piece| Agreed {
                        id: piece.id.to_string(),
                        words: shown(&piece.what.words),
                        lang: piece.lang.clone().unwrap_or_else(|| "en".to_owned()),
                        path: path_of(&piece.id),
                        topics: eyes.topics(&piece.what.topics),
                    })
                    .collect(),
                frame,
            })
        },
    )
}

fn own(
    visitor: &Visitor,
    id: &ObjectId,
    rounds: &Released<Rounds>,
) -> Result<(Bench, Vec<String>), Failure> {
    let rounds = rounds.as_ref().into_inner();
    let bench = bench_of(visitor, id, rounds)?.filter(|bench| bench.received.is_none());
    let newest = rounds.newest().ok_or(Failure::Absent)?;
    Ok((bench.ok_or(Failure::Absent)?, newest.what.parties.clone()))
}

/// `GET /dialogues/drafts/{id}/add`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let (bench, _) = own(visitor, &id, &rounds)?;
            let form = form(visitor, &id, &bench)?.resumed(visitor)?;
            page(visitor, &id, rounds, &bench, form)
        })
        .await
}

/// `POST /dialogues/drafts/{id}/add`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let (mut bench, parties) = own(visitor, &id, &rounds)?;
            let mut form = form(visitor, &id, &bench)?.filled(&typed);
            let from = match typed.text("from") {
                "" => None,
                from => {
                    let from = ObjectId::parse(from).map_err(|_| Failure::Absent)?;
                    let taken = register_of(visitor)
                        .one::<Commitment>(&from)?
                        .ok_or(Failure::Absent)?;
                    Some((from, taken.into_inner().what.words))
                }
            };
            let (words, from) = match from {
                Some((from, words)) => (words, Some(from)),
                None => (form.need("words"), None),
            };
            if words.contains(['[', ']']) {
                form.wrong("words", visitor.words.t("drafting-text-brackets"));
            }
            if form.text("revision") != bench.revision.to_string() {
                form.wrong("words", visitor.words.t("drafting-changed"));
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, &id, rounds, &bench, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut after = form.text("after").to_owned();
            for words in super::begin::paragraphs(&words) {
                let mark = bench.fresh(&parties);
                let mut passage = proposed(&words, mark.clone(), &bench.side);
                passage.from_ref = from.as_ref().map(ToString::to_string);
                bench.add(&after, passage);
                after = mark;
            }
            bench.save(visitor.node())?;
            form.done(visitor)?;
            Ok(Move::to(format!("{}/work#p-{after}", path(&id)))
                .saying(visitor.words.t("drafting-kept"))
                .into())
        })
        .await
}
