//! What each participant has to say, made into records with their labels and translations and handed to its node.

use std::collections::HashMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use node::submission::{Channel, Marking, Submission};
use node::users::NewUser;
use node::{Kind, NewAccess, Node, Participant, Role};
use policy::Member;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stix::marking::{AccessMarking, Audience, TlpName};
use stix::{ObjectId, Timestamp};

use super::Party;

const DAY: i64 = 86_400_000_000;
/// The circle's name, which its members alone know.
const CIRCLE: &str = "Northern Gulf contact group";
const EXERCISE: &str = "exercise--5f0e7a52-3c1d-4b8e-9a64-1d2f3b4c5d6e";
/// How long the roster of the circle may travel on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks whether it has come.
const BREATH: Duration = Duration::from_millis(50);

/// What texts call somebody or something, and what it is: `@valmora`, `@ferry`.
pub(crate) type Names = HashMap<String, String>;

/// One piece, as the files of the demo have it. Times are days from now.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    collection: String,
    key: Option<String>,
    /// The author's own label,
    tlp: Option<String>,
    #[serde(default)]
    to: Vec<String>,
    embargo: Option<i64>,
    expiry: Option<i64>,
    exercise: Option<String>,
    /// or the operator's.
    operator: Option<String>,
    days: i64,
    writer: Option<String>,
    object: Option<Map<String, Value>>,
    translates: Option<String>,
    fr: Option<Map<String, Value>>,
    en: Option<Map<String, Value>>,
}

/// Objects on their way to a node.
#[derive(Default)]
struct Lot {
    bytes: Vec<u8>,
    objects: Vec<Range<usize>>,
}

impl Lot {
    fn push(&mut self, text: &str) {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.objects.push(begin..self.bytes.len());
        self.bytes.push(b'\n');
    }
}

/// The persons of a party, noted on its node under what the texts call them.
pub(crate) fn persons(node: &Node, party: &Party, names: &mut Names) -> Result<()> {
    let operator = node.at_terminal("the demonstration");
    for (place, (key, name, function)) in party.persons.iter().enumerate() {
        // The first writes and keeps the node; the second agrees to what leaves.
        let roles: &[Role] = match place {
            0 => &[Role::Reader, Role::Editor, Role::Administrator],
            _ => &[Role::Reader, Role::Releaser, Role::Auditor],
        };
        let new = NewUser {
            name: (*name).to_owned(),
            function: (*function).to_owned(),
            login: (*key).to_owned(),
            roles: roles.iter().copied().collect(),
            ..NewUser::default()
        };
        let person = node.admit(new, &operator).wait()?;
        names.insert(format!("@{key}"), person.to_string());
    }
    Ok(())
}

/// Hands a party's records to its node.
pub(crate) fn load(node: &Node, party: &Party, names: &mut Names) -> Result<()> {
    let pieces: Vec<Piece> = serde_json::from_str(party.records)
        .with_context(|| format!("the records of {} are damaged", party.name))?;
    for piece in pieces {
        let (collection, writer) = (piece.collection.clone(), piece.writer.clone());
        let marking = match &piece.operator {
            Some(tlp) => node.marking(Some(tlp), &[])?,
            None => Marking::default(),
        };
        let lot = compose(node, piece, names)?;
        let person = match writer {
            Some(writer) => Some(ObjectId::parse(&named(names, &writer)?)?),
            None => None,
        };
        let count = lot.objects.len();
        let receipt = node
            .accept(Submission {
                bytes: Bytes::from(lot.bytes),
                objects: lot.objects,
                channel: Channel::Local,
                submitter: node.home().id.clone(),
                person,
                collection,
                marking,
            })?
            .wait()?;
        ensure!(
            receipt.successes() == count,
            "a record of {} was not taken: {:?}",
            party.name,
            receipt.lines
        );
    }
    Ok(())
}

/// What came over the door of a program: a report of its own, a copy without its author's seal, and something malformed.
pub(crate) fn bring(node: &Node, names: &Names) -> Result<()> {
    let board = Participant::new(
        node.new_identity()?,
        "Lanternquay Harbour Board",
        Kind::Client,
    );
    let board = node
        .add_participant(board, &node.at_terminal("demo"))
        .wait()?;
    let access = node
        .add_access(
            NewAccess {
                name: "harbour-board".to_owned(),
                participant: board.id.to_string(),
                read: vec!["situation".to_owned()],
                write: vec!["incidents".to_owned()],
                ..NewAccess::default()
            },
            &node.at_terminal("the demonstration"),
        )?
        .wait()?;
    let at = Timestamp::from_micros(node.now() - DAY / 12);
    let kestria = named(names, "@kestria")?;
    let amber = TlpName::Amber.id();
    let mut lot = Lot::default();
    let object = |author: &str, name: &str| -> Result<String> {
        Ok(json!({
            "type": "report", "spec_version": "2.1", "id": format!("report--{}", uuid(node)?),
            "created": at.as_str(), "modified": at.as_str(), "published": at.as_str(), "created_by_ref": author, "lang": "en",
            "object_marking_refs": [amber], "object_refs": [author], "name": name,
        })
        .to_string())
    };
    lot.push(&object(
        board.id.as_str(),
        "What our gate cameras saw on 17 November",
    )?);
    lot.push(&object(
        &kestria,
        "A circular that is said to come from the Kestria Cyber Agency",
    )?);
    let broken = object(board.id.as_str(), "Sent twice by mistake")?;
    lot.push(&broken.replacen('{', r#"{"name":"first","#, 1));
    node.accept(Submission {
        bytes: Bytes::from(lot.bytes),
        objects: lot.objects,
        channel: Channel::Access(access.name),
        submitter: board.id,
        person: None,
        collection: "incidents".to_owned(),
        marking: Marking::default(),
    })?
    .wait()?;
    Ok(())
}

/// A piece, the marking that says whom it is for, and its translations.
fn compose(node: &Node, piece: Piece, names: &mut Names) -> Result<Lot> {
    let home = node.home().id.clone();
    let now = node.now();
    let at = Timestamp::from_micros(now + piece.days * DAY);
    let mut lot = Lot::default();
    let mut markings = Vec::new();
    if let Some(tlp) = &piece.tlp {
        let tlp = TlpName::parse(tlp).with_context(|| format!("{tlp} is no label"))?;
        markings.push(tlp.id().to_owned());
    }
    let day = |days: i64| Timestamp::from_micros(now + days * DAY);
    let access = AccessMarking {
        audience: match piece.to.is_empty() {
            true => None,
            false => Some(audience(names, &piece.to)?),
        },
        embargo: piece.embargo.map(day),
        expiry: piece.expiry.map(day),
        exercise: match &piece.exercise {
            Some(exercise) => Some(ObjectId::parse(&named(names, exercise)?)?),
            None => None,
        },
        ..AccessMarking::default()
    };
    if access != AccessMarking::default() {
        let id = ObjectId::parse(&format!("marking-definition--{}", uuid(node)?))?;
        lot.push(&access.definition(&id, &at, Some(&home)));
        markings.push(id.to_string());
    }
    let finish = |kind: &str, id: &str, object: Map<String, Value>| -> String {
        let mut object = object;
        object.insert("type".to_owned(), json!(kind));
        object.insert("spec_version".to_owned(), json!("2.1"));
        object.insert("id".to_owned(), json!(id));
        object.insert("created_by_ref".to_owned(), json!(home));
        object.insert("created".to_owned(), json!(at.as_str()));
        object.insert("modified".to_owned(), json!(at.as_str()));
        if !markings.is_empty() {
            object.insert("object_marking_refs".to_owned(), json!(markings));
        }
        Value::Object(object).to_string()
    };
    let mut about = match &piece.translates {
        Some(name) => Some(named(names, name)?),
        None => None,
    };
    if let Some(object) = piece.object {
        let kind = object
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("note")
            .to_owned();
        let id = format!("{kind}--{}", uuid(node)?);
        if let Some(key) = piece.key {
            names.insert(format!("@{key}"), id.clone());
        }
        let Value::Object(object) = resolved(Value::Object(object), names)? else {
            unreachable!("an object stays one");
        };
        lot.push(&finish(&kind, &id, object));
        about = Some(id);
    }
    let about = about.context("a piece has an object or translates one")?;
    for (language, texts) in [("fr", piece.fr), ("en", piece.en)] {
        let Some(texts) = texts else { continue };
        let id = format!("language-content--{}", uuid(node)?);
        let mut content = Map::new();
        content.insert("object_ref".to_owned(), json!(about));
        content.insert("contents".to_owned(), json!({ language: texts }));
        content.insert(
            "extensions".to_owned(),
            json!({ stix::language::STANDING_EXTENSION_ID: { "extension_type": "property-extension", "standing": "courtesy" } }),
        );
        lot.push(&finish("language-content", &id, content));
    }
    Ok(lot)
}

fn audience(names: &Names, to: &[String]) -> Result<Vec<Audience>> {
    to.iter()
        .map(|name| {
            let id = named(names, name)?;
            Audience::parse(&id).with_context(|| format!("{id} is nobody whom a label can name"))
        })
        .collect()
}

/// The value with every `@name` replaced.
fn resolved(value: Value, names: &Names) -> Result<Value> {
    Ok(match value {
        Value::String(text) if text.starts_with('@') => Value::String(named(names, &text)?),
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| resolved(item, names))
                .collect::<Result<_>>()?,
        ),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(key, value)| Ok((key, resolved(value, names)?)))
                .collect::<Result<_>>()?,
        ),
        other => other,
    })
}

fn named(names: &Names, name: &str) -> Result<String> {
    names
        .get(name)
        .cloned()
        .with_context(|| format!("the demo's texts name {name}, which is nobody"))
}

/// A random UUID.
fn uuid(node: &Node) -> Result<String> {
    Ok(node.new_identity()?.uuid().to_owned())
}

/// The circle that the three belong to: the first makes it, its sealed roster travels to the others. And the exercise that one
/// record is part of.
pub(crate) fn circle(nodes: &[Node], names: &mut Names) -> Result<()> {
    let (first, others) = nodes.split_first().context("there are no nodes")?;
    let members = nodes
        .iter()
        .map(|node| Member::Participant(node.home().id.clone()))
        .collect();
    let circle = first
        .add_circle(CIRCLE, members, &first.at_terminal("demo"))
        .wait()?;
    for node in others {
        let begun = Instant::now();
        while !node.circles().iter().any(|known| known.id == circle.id) {
            ensure!(
                begun.elapsed() < PATIENCE,
                "the roster of the circle did not arrive at the node of {}",
                node.home().name
            );
            std::thread::sleep(BREATH);
        }
    }
    names.insert(
        "@circle".to_owned(),
        format!("circle:{}", circle.id.as_str()),
    );
    names.insert("@exercise".to_owned(), EXERCISE.to_owned());
    Ok(())
}
