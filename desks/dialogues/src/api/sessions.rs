//! One session for programs: read, entered and changed - planned, held, called off, put off - as its page does.

use axum::extract::Path;
use axum::response::Response;
use policy::Purpose;
use serde::Deserialize;
use serde_json::{Value, json};
use site::api::{
    Done, Given, Label as Chosen, Operation, Problem, Sent, condition, marking, once, tag,
};
use site::{Failure, Right, Routes, Visitor, Who, nothing};
use stix::ObjectId;

use super::Told;
use crate::compose::Label;
use crate::pages::register_of;
use crate::pages::work::{Says, change, enter, own_session};
use crate::records::{Kind as _, Session};

/// What a session can be said to be; `moved` of one that was planned for another day.
const STATES: [&str; 4] = ["planned", "moved", "held", "cancelled"];

pub(super) fn routes() -> Routes {
    let (one, writes) = ("/api/v1/dialogues/sessions/{id}", Who::May(Right::Write));
    Routes::new()
        .operation(
            Operation::get(one, "dialogueSession", "One session").gives(
                200,
                "DialogueSession",
                "In its newest version; `ETag` is its tag",
            ),
            show,
        )
        .operation(
            Operation::post(
                "/api/v1/dialogues/sessions",
                "enterSession",
                "Enters a session of a series",
            )
            .who(writes)
            .body("NewDialogueSession")
            .once()
            .gives(201, "Stated", "It is entered"),
            new,
        )
        .operation(
            Operation::put(
                one,
                "changeSession",
                "Says of a session of our own how far it has come, when and where; agenda, chairs, observers and persons stay",
            )
            .who(writes)
            .header("If-Match", "The tag of the version that you change")
            .body("ChangedDialogueSession")
            .gives(200, "Stated", "A new version; `ETag` is its tag")
            .refuses(
                409,
                "The other side keeps its record, or it has an embargo, an expiry or a caveat that this would drop",
            )
            .refuses(412, "It has changed since you read it")
            .refuses(428, "Say with If-Match which version you change"),
            put,
        )
}

pub(super) fn schemas() -> [(&'static str, Value); 2] {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let number = |about: &str| json!({ "type": "integer", "minimum": 1, "description": about });
    let day = "As far as it is known: 2027-06-30, 2027-06 or 2027; with ~ for about";
    let mut properties = json!({
        "state": {
            "type": "string",
            "enum": STATES,
            "description": "`moved`: planned, for another day than before, which stays beside it. Nothing is held before its day"
        },
        "ordinal": number("Its number in the series"),
        "start": text(day),
        "end": text(day),
        "place": text("Where"),
        "host": text("Who hosts it: a code, the id of an identity, or a name that is known here"),
        "next": {
            "type": "object",
            "description": "The session that it announces",
            "additionalProperties": false,
            "properties": { "ordinal": number("Its number"), "date": text(day), "place": text("Where") }
        },
        "beside": text("The id of the session that has the same number or day, where both are meant"),
        "label": {
            "type": "object",
            "description": "Without it, the label in force stays, and what goes to others under it waits for a person's release; a new session is for your own participant alone",
            "required": ["tlp"],
            "additionalProperties": false,
            "properties": { "tlp": { "type": "string" }, "for": { "type": "array", "items": { "type": "string" } } }
        }
    });
    let schema = |properties: &Value, required: &[&str]| {
        json!({
            "type": "object",
            "description": "What is left out is taken out, as on the page",
            "required": required,
            "additionalProperties": false,
            "properties": properties
        })
    };
    let changed = schema(&properties, &["state"]);
    properties["series"] = text("The id of its series");
    let new = schema(&properties, &["series", "state", "start"]);
    [
        ("NewDialogueSession", new),
        ("ChangedDialogueSession", changed),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Next {
    ordinal: Option<u32>,
    date: Option<String>,
    place: Option<String>,
}

/// A session as a program sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    series: Option<String>,
    state: String,
    ordinal: Option<u32>,
    start: Option<String>,
    end: Option<String>,
    place: Option<String>,
    host: Option<String>,
    next: Option<Next>,
    beside: Option<String>,
    label: Option<Chosen>,
}

impl Typed {
    fn says(self, visitor: &Visitor) -> Result<Says, Failure> {
        let label = match &self.label {
            Some(label) => {
                let marking = marking(visitor, Some(label))?;
                Some(Label::chosen(visitor.node(), &marking))
            }
            None => None,
        };
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let (next, next_date, next_place) = match self.next {
            Some(next) => (number(next.ordinal), next.date, next.place),
            None => (None, None, None),
        };
        let fields = [
            ("state", Some(self.state)),
            ("ordinal", number(self.ordinal)),
            ("start", self.start),
            ("end", self.end),
            ("place", self.place),
            ("host", self.host),
            ("next_ordinal", next),
            ("next_date", next_date),
            ("next_place", next_place),
        ];
        let fields = fields.into_iter();
        Ok(Says {
            fields: fields
                .filter_map(|(name, text)| Some((name, text?)))
                .collect(),
            beside: self.beside,
            label,
        })
    }
}

fn id_of(id: &str) -> Result<ObjectId, Failure> {
    let id = ObjectId::parse(id).ok();
    id.filter(|id| id.type_name() == Session::TYPE)
        .ok_or(Failure::Absent)
}

async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = id_of(&id)?;
            let one = register_of(visitor).one::<Session>(&id)?;
            let one = one.ok_or(Failure::Absent)?;
            let stood = visitor
                .node()
                .stood(visitor.viewer(), Purpose::Show, &id)?
                .ok_or(Failure::Absent)?;
            let tag = stood.as_ref().map(tag).into_inner();
            let told = one
                .zip(stood)
                .map(|(one, stood)| Told::from(one.under(stood.label)));
            Given::tagged(told, &tag)
        })
        .await
}

async fn new(visitor: Visitor, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            once(visitor, &sent, || {
                let typed: Typed = sent.read()?;
                let series = typed.series.clone().unwrap_or_default();
                let id = enter(visitor, &series, typed.says(visitor)?)?;
                Ok(Done {
                    status: 201,
                    body: json!({ "id": id.as_str() }),
                    location: Some(format!("/api/v1/dialogues/sessions/{id}")),
                })
            })
        })
        .await
}

async fn put(visitor: Visitor, Path(id): Path<String>, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            let id = id_of(&id)?;
            // Before what the sender's condition is held against: what comes in after it is noticed when this is taken.
            let here = visitor.node().version_here(&id)?;
            let stood = || visitor.node().stood(visitor.viewer(), Purpose::Show, &id);
            let there = stood()?.ok_or(Failure::Absent)?;
            let known = own_session(visitor, &id)?;
            condition(&sent, Some(&tag(there.as_ref().into_inner())))?;
            let typed: Typed = sent.read()?;
            if typed.series.is_some() {
                let said = "A session stays in its series.";
                return Err(Problem::wrong("/series", said).into());
            }
            change(visitor, (&known, here), typed.says(visitor)?)?;
            let now = stood()?.map(|now| now.as_ref().map(tag).into_inner());
            let told = nothing().map(|()| json!({ "id": id.as_str() }));
            Given::tagged(told, &now.unwrap_or_default())
        })
        .await
}
