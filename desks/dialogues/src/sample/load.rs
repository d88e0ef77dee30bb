//! Loading samples: a small file of records that name each other by keys. Invariant: a sample that is here already is left alone.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use node::Node;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use stix::marking::{Audience, TlpName};
use stix::{ObjectId, Timestamp};

use crate::DESK;
use crate::compose::{Batch, Label};
use crate::records::{
    Activity, Arrangement, Commitment, Consent, Demarche, Dialogue, Draft, Event, FollowUp,
    NewPiece, Placed, Session, Source, Strand, Text, Translation, Weight,
};
use crate::rules::dates;

/// One record of a sample.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The kind of record.
    kind: String,
    /// By what other records of the sample call it: `@key`.
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    lang: Option<String>,
    #[serde(default)]
    sources: Vec<Source>,
    /// Its words in French, where they are in English.
    #[serde(default)]
    fr: Option<String>,
    /// Only as the node of this party says it; absent: whoever loads it.
    #[serde(default)]
    by: Option<String>,
    /// Who else may have it.
    #[serde(default)]
    to: Vec<String>,
    what: Value,
}

/// What was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// So many records.
    New(usize),
    /// It was here already.
    Already,
}

/// Under which kind it is kept that a sample was loaded.
const KIND: &str = "sample";
const DAY: i64 = 86_400_000_000;

/// Public facts about real dialogues, in our own words, with their sources.
const PUBLIC: &str = include_str!("public.json");
/// Three invented series of the demo.
const INVENTED: &str = include_str!("invented.json");

/// Loads the public sample: nobody but this node's own participant sees it.
///
/// # Errors
/// Those of the node.
pub fn load(node: &Node) -> Result<Loaded> {
    if node.kept(DESK, KIND, "public")?.is_some() {
        return Ok(Loaded::Already);
    }
    let mut names = HashMap::new();
    let count = write(node, PUBLIC, None, &mut names)?;
    node.keep(DESK, KIND, "public", Vec::new()).wait()?;
    Ok(Loaded::New(count))
}

/// Loads what one of the invented parties of the demo says. `names` has what the texts call participants, and gets what
/// they call records, so that the next party can speak of them.
///
/// # Errors
/// When the sample names what is not there, and those of the node.
pub fn invented(node: &Node, party: &str, names: &mut HashMap<String, String>) -> Result<usize> {
    write(node, INVENTED, Some(party), names)
}

/// Who else may have an entry.
fn label(to: &[String], names: &HashMap<String, String>) -> Result<Label> {
    if to.is_empty() {
        return Ok(Label::Ours);
    }
    let one = |name: &String| {
        let id = names
            .get(name)
            .with_context(|| format!("the sample names {name}, which is nobody"))?;
        Audience::parse(id).with_context(|| format!("{id} is nobody whom a label can name"))
    };
    Ok(Label::To(
        TlpName::AmberStrict,
        to.iter().map(one).collect::<Result<_>>()?,
    ))
}

fn write(
    node: &Node,
    sample: &str,
    party: Option<&str>,
    names: &mut HashMap<String, String>,
) -> Result<usize> {
    let entries: Vec<Entry> = serde_json::from_str(sample).context("the sample is damaged")?;
    let mut batches: BTreeMap<Vec<String>, Batch<'_>> = BTreeMap::new();
    let mut count = 0;
    for entry in entries
        .into_iter()
        .filter(|entry| entry.by.as_deref() == party)
    {
        // A draft names its first round, which may be itself: that has its id before it is written.
        let mut of = None;
        if let ("draft", Some(key)) = (entry.kind.as_str(), &entry.key) {
            let id = node.new_id("draft")?;
            names.insert(format!("@{key}"), id.to_string());
            of = Some((id, Timestamp::from_micros(node.now())));
        }
        let what = resolved(node, entry.what.clone(), names)?;
        let mut batch = match batches.remove(&entry.to) {
            Some(batch) => batch,
            None => Batch::new(node, None, label(&entry.to, names)?),
        };
        let id = match entry.kind.as_str() {
            "dialogue" => add::<Dialogue>(&mut batch, (&entry, &of), what)?,
            "session" => add::<Session>(&mut batch, (&entry, &of), what)?,
            "text" => add::<Text>(&mut batch, (&entry, &of), what)?,
            "commitment" => add::<Commitment>(&mut batch, (&entry, &of), what)?,
            "follow-up" => add::<FollowUp>(&mut batch, (&entry, &of), what)?,
            "consent" => add::<Consent>(&mut batch, (&entry, &of), what)?,
            "arrangement" => add::<Arrangement>(&mut batch, (&entry, &of), what)?,
            "strand" => add::<Strand>(&mut batch, (&entry, &of), what)?,
            "activity" => add::<Activity>(&mut batch, (&entry, &of), what)?,
            "event" => add::<Event>(&mut batch, (&entry, &of), what)?,
            "demarche" => add::<Demarche>(&mut batch, (&entry, &of), what)?,
            "draft" => add::<Draft>(&mut batch, (&entry, &of), what)?,
            other => anyhow::bail!("the sample has a record of kind {other:?}"),
        };
        if let Some(words) = &entry.fr {
            batch.translate(&Translation {
                of: id.clone(),
                lang: "fr".to_owned(),
                field: "words".to_owned(),
                words: words.clone(),
                weight: Some(Weight::Authentic),
            })?;
        }
        batches.insert(entry.to, batch);
        if let Some(key) = entry.key {
            names.insert(format!("@{key}"), id.to_string());
        }
        count += 1;
    }
    for batch in batches.into_values() {
        batch.send()?;
    }
    Ok(count)
}

fn add<T: Placed + DeserializeOwned>(
    batch: &mut Batch<'_>,
    (entry, of): (&Entry, &Option<(ObjectId, Timestamp)>),
    what: Value,
) -> Result<ObjectId> {
    let what: T = serde_json::from_value(what).with_context(|| {
        format!(
            "the sample's {} {:?} is not well formed",
            entry.kind, entry.key
        )
    })?;
    let mut new = NewPiece::of(what)
        .in_language(entry.lang.as_deref().unwrap_or("en"))
        .from_sources(entry.sources.clone());
    new.of.clone_from(of);
    Ok(batch.add(new)?.id)
}

/// The value with `@name` replaced by what it stands for, `day:+18` by that day from now, and times worked out where a date says them.
fn resolved(node: &Node, value: Value, names: &HashMap<String, String>) -> Result<Value> {
    Ok(match value {
        Value::String(text) if text.starts_with('@') => Value::String(
            names
                .get(&text)
                .cloned()
                .with_context(|| format!("the sample names {text}, which is nobody"))?,
        ),
        Value::String(text) if text.starts_with("day:") => {
            let days: i64 = text["day:".len()..]
                .parse()
                .context("a day of the sample")?;
            let (year, month, day) = dates::civil(node.now() + days * DAY);
            Value::String(format!("{year:04}-{month:02}-{day:02}"))
        }
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| resolved(node, item, names))
                .collect::<Result<_>>()?,
        ),
        Value::Object(members) => {
            let mut all: serde_json::Map<String, Value> = members
                .into_iter()
                .map(|(key, value)| Ok((key, resolved(node, value, names)?)))
                .collect::<Result<_>>()?;
            let worked_out = [
                ("due", "due_by", true),
                ("date", "by", true),
                ("start", "starts", false),
            ];
            for (from, to, last) in worked_out {
                let is_next = to != "by" || all.contains_key("ordinal");
                if is_next
                    && !all.contains_key(to)
                    && let Some(date) = all.get(from).and_then(Value::as_str)
                    && let Some(time) = if last {
                        dates::by(date)
                    } else {
                        dates::from(date)
                    }
                {
                    all.insert(to.to_owned(), Value::String(time));
                }
            }
            Value::Object(all)
        }
        other => other,
    })
}
