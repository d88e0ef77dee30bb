//! The desk for programs: series, sessions, texts, commitments and what became of them. Invariant: each operation reads as its page
//! reads, and states as its page states.

use axum::extract::Path;
use axum::response::Response;
use policy::Released;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use site::api::{
    Done, Given, Label as Chosen, Listed, Operation, Problem, Sent, Shape, marking, once,
};
use site::{Failure, Page, Right, Routes, Visitor, Who};
use stix::{ObjectId, Timestamp};
use store::{Found, Span};

use crate::audience::{CircleOfObserver, names_circle_of_observer};
use crate::compose::Label;
use crate::pages::follow_up::{Said, say};
use crate::pages::register_of;
use crate::records::{
    Commitment, Dialogue, Evidence, FollowUp, Kind, Piece, Place, Session, Shape as _, State, Text,
};

mod sessions;

/// The greatest text that a value can have.
const LAST: &str = "\u{10FFFF}";

pub(crate) fn routes() -> Routes {
    let get = Operation::get;
    Routes::new()
        .operation(
            get("/api/v1/dialogues/series", "dialogueSeries", "Series of dialogues, by name")
                .lists("DialogueSeries", "Those that the caller may see"),
            series,
        )
        .operation(
            get("/api/v1/dialogues/sessions", "dialogueSessions", "Sessions, the latest first")
                .takes("series", Shape::Text, "Only those of this series")
                .lists("DialogueSession", "Those that the caller may see"),
            sessions,
        )
        .operation(
            get("/api/v1/dialogues/texts", "dialogueTexts", "Texts, the latest first")
                .takes("session", Shape::Text, "Only those of this session")
                .lists("DialogueText", "Those that the caller may see"),
            texts,
        )
        .operation(
            get("/api/v1/dialogues/commitments", "commitments", "Commitments and other statements, the latest first")
                .takes("series", Shape::Text, "Only those of this series")
                .takes("actor", Shape::Text, "Only those of this side: a code, or the id of an identity")
                .takes("due_from", Shape::Moment, "Only those due from then on, by date")
                .takes("due_before", Shape::Moment, "Only those due before then, by date")
                .takes("replaced", Shape::Text, "With `also`, those too whose text stands in a changed form")
                .lists("Commitment", "Those that the caller may see"),
            commitments,
        )
        .operation(
            get("/api/v1/dialogues/commitments/{id}", "commitment", "One commitment")
                .gives(200, "Commitment", "In its newest version"),
            commitment,
        )
        .operation(
            get("/api/v1/dialogues/commitments/{id}/follow-ups", "followUps", "What became of a commitment, as each side says")
                .lists("FollowUp", "Those that the caller may see"),
            follow_ups,
        )
        .operation(
            Operation::post(
                "/api/v1/dialogues/commitments/{id}/follow-ups",
                "stateFollowUp",
                "Says what became of a commitment, for one's own part; what was said before becomes an earlier version",
            )
            .who(Who::May(Right::Write))
            .body("NewFollowUp")
            .once()
            .gives(201, "Stated", "It is stated")
            .refuses(
                409,
                "Others made the commitment, or what was said before has an embargo, an expiry or a caveat that this would drop",
            ),
            state,
        )
        .and(sessions::routes())
}

pub(crate) fn schemas() -> Value {
    let piece = |says: Value, about: &str| {
        json!({
            "type": "object",
            "description": about,
            "required": ["id", "author", "created", "modified", "lang", "tlp", "says"],
            "additionalProperties": false,
            "properties": {
                "id": { "type": "string" },
                "author": { "type": "string" },
                "created": { "type": "string", "format": "date-time" },
                "modified": { "type": "string", "format": "date-time" },
                "lang": { "type": ["string", "null"] },
                "tlp": { "type": ["string", "null"] },
                "says": says,
            }
        })
    };
    let mut follow_up = piece(FollowUp::shape(), "What a side says became of its part");
    follow_up["properties"]["counts"] = json!({
        "type": "boolean",
        "description": "Whether its own side wrote it, or this node entered it, and did not ask to withdraw it; what somebody else wrote in the name of the side counts for nothing"
    });
    follow_up["properties"]["why_not"] = json!({
        "type": ["string", "null"],
        "description": "Where it does not count: why, in a sentence"
    });
    if let Some(required) = follow_up["required"].as_array_mut() {
        required.extend(["counts".into(), "why_not".into()]);
    }
    let states: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
    let mut all = json!({
        "DialogueSeries": piece(Dialogue::shape(), "A series; docs/records/dialogue.schema.json"),
        "DialogueSession": piece(Session::shape(), "A session"),
        "DialogueText": piece(Text::shape(), "A text"),
        "Commitment": piece(Commitment::shape(), "A political commitment, or another statement; recording it creates no legal obligation"),
        "FollowUp": follow_up,
        "Stated": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": false,
            "properties": { "id": { "type": "string" } }
        },
        "NewFollowUp": {
            "type": "object",
            "required": ["state"],
            "additionalProperties": false,
            "properties": {
                "state": { "type": "string", "enum": states },
                "account": { "type": "string", "description": "In your own words" },
                "as_of": { "type": "string", "description": "As of which day" },
                "evidence": {
                    "type": "object",
                    "required": ["title"],
                    "additionalProperties": false,
                    "properties": { "title": { "type": "string" }, "url": { "type": "string" } }
                },
                "label": {
                    "type": "object",
                    "description": "Without it, the label in force stays: that of what was said before, or what it waits for; what goes to others under it waits for a person's release. For the first, your own participant alone",
                    "required": ["tlp"],
                    "additionalProperties": false,
                    "properties": { "tlp": { "type": "string" }, "for": { "type": "array", "items": { "type": "string" } } }
                }
            }
        }
    });
    for (name, schema) in sessions::schemas() {
        all[name] = schema;
    }
    all
}

/// A record as programs get it.
#[derive(Serialize)]
struct Told<T> {
    id: String,
    author: String,
    created: String,
    modified: String,
    lang: Option<String>,
    tlp: Option<&'static str>,
    says: T,
}

/// What is said in the name of a side, whether it is that side's word, and why it is not.
#[derive(Serialize)]
struct Voiced<T> {
    #[serde(flatten)]
    told: Told<T>,
    counts: bool,
    why_not: Option<String>,
}

impl<T> From<Piece<T>> for Told<T> {
    fn from(piece: Piece<T>) -> Self {
        Self {
            id: piece.id.to_string(),
            author: piece.author.to_string(),
            created: piece.created.as_str().to_owned(),
            modified: piece.modified.as_str().to_owned(),
            lang: piece.lang,
            tlp: piece.label.map(|label| label.class.tlp().name()),
            says: piece.what,
        }
    }
}

/// Where the next page goes on: value and number, in hexadecimal, so that nobody takes them for more than a mark.
fn mark(found: &Found) -> String {
    let value = match &found.value {
        store::Value::Text(text) => json!([found.recno, text]),
        store::Value::Number(number) => json!([found.recno, number]),
    };
    hex::encode(value.to_string())
}

fn marked(text: &str) -> Option<Found> {
    let (recno, value): (i64, Value) = serde_json::from_slice(&hex::decode(text).ok()?).ok()?;
    let value = match value {
        Value::String(text) => store::Value::Text(text),
        other => store::Value::Number(other.as_i64()?),
    };
    Some(Found { value, recno })
}

/// A page of what a facet finds, as far as it fits.
fn page<T: Kind + Serialize>(
    visitor: &Visitor,
    seek: (&str, Span),
    fits: impl Fn(&T) -> bool,
) -> Result<Page, Failure> {
    page_of(visitor, seek, Ok, |piece: Piece<T>| {
        fits(&piece.what).then(|| Told::from(piece))
    })
}

/// A page of what is told of what a facet finds.
fn page_of<T: Kind, R: Serialize>(
    visitor: &Visitor,
    (facet, span): (&str, Span),
    kept: impl FnOnce(Released<Vec<Piece<T>>>) -> anyhow::Result<Released<Vec<Piece<T>>>>,
    tell: impl FnMut(Piece<T>) -> Option<R>,
) -> Result<Page, Failure> {
    let wrong = || Problem::unread("cursor is `next` of a page before.");
    let after = visitor.asked("cursor");
    let after = after
        .map(|text| marked(&text).ok_or_else(wrong))
        .transpose()?;
    let part = register_of(visitor).part::<T>(facet, span, after, visitor.limit()?)?;
    let next = part.as_ref().map(|part| part.next.as_ref().map(mark));
    let rows = kept(part.map(|part| part.rows))?;
    Given::json(rows.zip(next).map(|(rows, next)| Listed {
        next,
        items: rows.into_iter().filter_map(tell).collect(),
    }))
}

fn exactly(text: &str) -> Span {
    Span::Texts(text.to_owned(), text.to_owned())
}

fn everything() -> Span {
    Span::Numbers(i64::MIN, i64::MAX)
}

async fn series(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let all = Span::Texts(String::new(), LAST.to_owned());
            page::<Dialogue>(visitor, ("dialogue.name", all), |_| true)
        })
        .await
}

async fn sessions(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| match visitor.asked("series") {
            Some(series) => {
                page::<Session>(visitor, ("session.dialogue", exactly(&series)), |_| true)
            }
            None => page::<Session>(visitor, ("session.back", everything()), |_| true),
        })
        .await
}

async fn texts(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| match visitor.asked("session") {
            Some(session) => page::<Text>(visitor, ("text.session", exactly(&session)), |_| true),
            None => page::<Text>(visitor, ("text.back", everything()), |_| true),
        })
        .await
}

/// A moment in the address.
fn moment(visitor: &Visitor, name: &str) -> Result<Option<i64>, Failure> {
    let read = |text: String| {
        let time = Timestamp::parse(&text).map(|time| time.micros());
        time.map_err(|_| Problem::unread(format!("{name} is a moment, as 2027-01-01T00:00:00Z.")))
    };
    Ok(visitor.asked(name).map(read).transpose()?)
}

async fn commitments(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (series, actor) = (visitor.asked("series"), visitor.asked("actor"));
            let (from, before) = (moment(visitor, "due_from")?, moment(visitor, "due_before")?);
            let seek = match (from, before, &actor, &series) {
                (None, None, Some(actor), _) => ("commitment.actor", exactly(actor)),
                (None, None, None, Some(series)) => ("commitment.dialogue", exactly(series)),
                (None, None, None, None) => ("commitment.back", everything()),
                (from, before, ..) => {
                    let last = before.map_or(i64::MAX, |before| before.saturating_sub(1));
                    (
                        "commitment.due",
                        Span::Numbers(from.unwrap_or(i64::MIN), last),
                    )
                }
            };
            let also = visitor
                .asked("replaced")
                .is_some_and(|asked| asked == "also");
            let kept = |rows| match also {
                true => Ok(rows),
                false => register_of(visitor).in_force(rows),
            };
            let fits = |one: &Commitment| {
                let of = |wanted: &Option<String>, own: Option<&String>| {
                    wanted.is_none() || wanted.as_ref() == own
                };
                of(&series, one.dialogue_ref.as_ref())
                    && actor
                        .as_ref()
                        .is_none_or(|actor| one.actors.contains(actor))
            };
            page_of(visitor, seek, kept, |piece: Piece<Commitment>| {
                fits(&piece.what).then(|| Told::from(piece))
            })
        })
        .await
}

fn found(visitor: &Visitor, id: &str) -> Result<(ObjectId, Released<Piece<Commitment>>), Failure> {
    let id = ObjectId::parse(id).map_err(|_| Failure::Absent)?;
    let one = register_of(visitor).one::<Commitment>(&id)?;
    Ok((id, one.ok_or(Failure::Absent)?))
}

async fn commitment(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, one) = found(visitor, &id)?;
            let stood = visitor
                .node()
                .stood(visitor.viewer(), policy::Purpose::Show, &id)?
                .ok_or(Failure::Absent)?;
            Given::json(
                one.zip(stood)
                    .map(|(one, stood)| Told::from(one.under(stood.label))),
            )
        })
        .await
}

async fn follow_ups(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, _) = found(visitor, &id)?;
            let about = exactly(id.as_str());
            let register = register_of(visitor);
            let all = register.having::<FollowUp>("follow_up.about", id.as_str(), 1_000)?;
            let back = register.asked_back(all.as_ref().into_inner())?;
            let mut counts = register.counting::<FollowUp>();
            page_of(
                visitor,
                ("follow_up.about", about),
                Ok,
                |piece: Piece<FollowUp>| {
                    let spoken = counts(&piece);
                    let counts = spoken && !back.contains_key(&piece.id);
                    let why_not = || {
                        let (by, side) = (&piece.author, &piece.what.side);
                        if spoken {
                            return format!("{by} asked to withdraw it.");
                        }
                        format!("{by} wrote it in the name of {side}, and does not speak for it.")
                    };
                    Some(Voiced {
                        counts,
                        why_not: (!counts).then(why_not),
                        told: Told::from(piece),
                    })
                },
            )
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    title: String,
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    state: String,
    account: Option<String>,
    as_of: Option<String>,
    evidence: Option<Shown>,
    label: Option<Chosen>,
}

/// Whether a circle is named to which an observer of its session belongs, who may not have what is said of a commitment.
fn names_circle(visitor: &Visitor, label: &Label, about: &ObjectId) -> Result<bool, Failure> {
    let Label::To(_, chosen) = label else {
        return Ok(false);
    };
    let place = Place::About(about.as_str());
    Ok(names_circle_of_observer(
        visitor.node(),
        visitor.person(),
        chosen,
        &place,
    )?)
}

async fn state(visitor: Visitor, Path(id): Path<String>, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, one) = found(visitor, &id)?;
            once(visitor, &sent, || {
                let new: New = sent.read()?;
                let state = State::named(&new.state);
                let state =
                    state.ok_or_else(|| Problem::wrong("/state", "It is none of the states."))?;
                let url = new.evidence.as_ref().and_then(|shown| shown.url.as_deref());
                if url.is_some_and(|url| !url.starts_with("https://")) {
                    let said = "An address begins with https://.";
                    return Err(Problem::wrong("/evidence/url", said).into());
                }
                // Without a label, the one in force stays: what was released is not taken back by silence about it.
                let label = match &new.label {
                    Some(label) => {
                        let marking = marking(visitor, Some(label))?;
                        Some(Label::chosen(visitor.node(), &marking))
                    }
                    None => None,
                };
                let said = Said {
                    state,
                    account: new.account.clone(),
                    as_of: new.as_of.clone(),
                    evidence: new
                        .evidence
                        .map(|shown| Evidence {
                            title: shown.title,
                            url: shown.url,
                            object_ref: None,
                            date: None,
                        })
                        .into_iter()
                        .collect(),
                };
                if let Some(label) = &label
                    && names_circle(visitor, label, &id)?
                {
                    return Err(Problem::wrong("/label/for", CircleOfObserver.to_string()).into());
                }
                let (id, _) = say(visitor, &id, &one, said, label)?;
                Ok(Done {
                    status: 201,
                    body: json!({ "id": id.as_str() }),
                    location: Some(format!("/api/v1/records/{id}")),
                })
            })
        })
        .await
}
