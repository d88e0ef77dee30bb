//! A reading: the text of a document, what the machine found in it and what a person made of that. Kept on the node, no record.
//! Invariant: the machine's part never changes; the same bytes or the same words are one reading. What was made of records that not everybody here
//! may have is seen by those alone who may, and becomes records for them alone.

use anyhow::{Context, Result};
use node::Node;
use policy::{Label, Purpose, Viewer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stix::ObjectId;
use text::Format;

use super::above::may_hold;
use super::contacts::without_contacts;
use super::heard::Heard;
use crate::DESK;
use crate::rules::taken::is_being_done;

/// Under which kind readings are kept.
const KIND: &str = "reading";
/// Under which kind what lists need of them is.
const LINE: &str = "reading-line";
/// Under which kind stands what a text of the register was read as.
const BECAME: &str = "reading-of";
/// How many are listed.
const MOST: usize = 50_000;

/// How far a reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A person has to look at it.
    Waiting,
    /// It is in the register.
    Confirmed,
    /// It was put aside.
    Discarded,
    /// It could not be read.
    Unread,
}

/// Something that whoever corrects should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// A short code.
    pub code: String,
    /// In words.
    pub message: String,
}

/// Why something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// What was found.
    pub what: String,
    /// The rule.
    pub rule: String,
    /// The words that triggered it.
    pub cue: String,
    /// Where they begin.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// How sure it is, in percent.
    pub sure: u32,
}

/// A reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Its name here: the beginning of the hash of the document.
    pub id: String,
    /// What the file was called.
    pub name: String,
    /// SHA-256 of the document as it came.
    pub sha256: String,
    /// The hash of its words, by which the same text is known in another layout.
    pub normal: String,
    /// The text, without contact data.
    pub text: String,
    /// How far it has come.
    pub stage: Stage,
    /// When it was read, in microseconds.
    pub read: i64,
    /// Who brought it.
    pub by: Option<String>,
    /// What the machine found.
    pub machine: Heard,
    /// What a person made of it.
    pub corrected: Heard,
    /// How often it was corrected, so that two who correct at once hear of each other.
    pub revision: u32,
    /// What to look at.
    pub remarks: Vec<Remark>,
    /// Why things were found.
    pub why: Vec<Why>,
    /// The text that it became, or becomes while it is being confirmed.
    pub became: Option<String>,
    /// Paragraphs that take up agreed language, each with the commitment that it is from.
    #[serde(default)]
    pub took_up: Vec<(String, String)>,
    /// The records of which it was made, where not everybody of this node's own participant may have them: who may not have all of them does
    /// not see it.
    #[serde(default)]
    pub made_of: Vec<String>,
    /// Since when it is being confirmed, in microseconds: meanwhile nobody else changes or confirms it.
    #[serde(default)]
    pub confirming: Option<i64>,
    /// The series and the session of the draft that it comes from.
    #[serde(default)]
    pub drafted_for: Option<(Option<String>, Option<String>)>,
    /// The person who corrected it last.
    #[serde(default)]
    pub corrected_by: Option<String>,
}

impl Reading {
    /// Whether somebody is confirming it this moment.
    pub fn is_being_confirmed(&self, node: &Node) -> bool {
        self.confirming
            .is_some_and(|since| is_being_done(since, node.now()))
    }

    /// Whether confirming it was cut short after its records were on disk: it is in the register, and does not say so yet.
    fn was_written(&self, node: &Node) -> Result<bool> {
        let (Stage::Waiting, Some(_), Some(text)) = (self.stage, self.confirming, &self.became)
        else {
            return Ok(false);
        };
        if self.is_being_confirmed(node) {
            return Ok(false);
        }
        let text = ObjectId::parse(text).context("a reading is damaged")?;
        Ok(node.version_here(&text)?.is_some())
    }
}

/// The hash of what a text says: words alone, without case, layout or kind of marks. Where none were found, it is the same as nothing but
/// the same document.
pub fn normal(heard: &Heard, document: &str) -> String {
    let mut hash = Sha256::new();
    let says = |c: char| c.is_alphanumeric();
    if !heard.statements.iter().any(|said| said.text.contains(says)) {
        hash.update(document.as_bytes());
    }
    for said in &heard.statements {
        let words = said.text.split(|c: char| !c.is_alphanumeric());
        for word in words.filter(|word| !word.is_empty()) {
            hash.update(word.to_lowercase().as_bytes());
            hash.update(b" ");
        }
    }
    hex::encode(hash.finalize())
}

/// Reads a document that somebody brought and keeps the reading. PDF and DOCX come as text already: they are unpacked elsewhere, in a
/// process of limited memory and time. A document that was read before is not read again.
///
/// # Errors
/// When it cannot be read at all, or the storage fails.
pub fn take_in(node: &Node, name: &str, bytes: &[u8], by: Option<&ObjectId>) -> Result<Reading> {
    let sha256 = hex::encode(Sha256::digest(bytes));
    if let Some(known) = load(node, &sha256[..16])? {
        return Ok(known);
    }
    let format = Format::guess(bytes);
    if matches!(format, Format::Pdf | Format::Docx) {
        anyhow::bail!(
            "PDF and DOCX are read with `entente dialogues read`, in a process of their own"
        );
    }
    let plain = text::plain(bytes, Some(format))?;
    read(node, name, &sha256, &plain, (by, Vec::new()))
}

/// What a list of readings says of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its name here.
    pub id: String,
    /// What it is called: its title, or the file.
    pub title: String,
    /// Its language.
    pub language: String,
    /// How far it has come.
    pub stage: Stage,
    /// The parties.
    pub parties: Vec<String>,
    /// The first day of the session.
    pub start: Option<String>,
    /// When it was read, in microseconds.
    pub read: i64,
    /// The hash of its words.
    pub normal: String,
    /// The records of which it was made, as with the reading.
    #[serde(default)]
    pub made_of: Vec<String>,
}

impl Line {
    fn of(reading: &Reading) -> Self {
        let heard = &reading.corrected;
        Self {
            id: reading.id.clone(),
            title: heard.title.clone().unwrap_or_else(|| reading.name.clone()),
            language: heard.language.clone(),
            stage: reading.stage,
            parties: heard.parties.clone(),
            start: heard.event.start.clone(),
            read: reading.read,
            normal: reading.normal.clone(),
            made_of: reading.made_of.clone(),
        }
    }
}

/// The same with a text that was taken out of its file already, or pasted.
///
/// # Errors
/// See [`take_in`].
pub fn take_in_text(
    node: &Node,
    name: &str,
    bytes: &[u8],
    plain: &str,
    by: Option<&ObjectId>,
) -> Result<Reading> {
    let sha256 = hex::encode(Sha256::digest(bytes));
    if let Some(known) = load(node, &sha256[..16])? {
        return Ok(known);
    }
    may_hold(node, bytes)?;
    read(node, name, &sha256, plain, (by, Vec::new()))
}

/// The same with a text that was made of records which not everybody of this node's own participant may have. It is a reading of its own: who
/// brings the same words from elsewhere does not learn of it.
///
/// # Errors
/// See [`take_in`].
pub fn take_in_made(
    node: &Node,
    name: &str,
    plain: &str,
    by: Option<&ObjectId>,
    made_of: Vec<String>,
) -> Result<Reading> {
    let own = format!("{}\n{plain}", made_of.join(" "));
    let sha256 = hex::encode(Sha256::digest(own));
    if let Some(known) = load(node, &sha256[..16])? {
        return Ok(known);
    }
    read(node, name, &sha256, plain, (by, made_of))
}

/// The labels of what a reading was made of; nothing where a viewer may not have all of that, and so does not see the reading.
///
/// # Errors
/// Those of the storage.
pub fn sources(node: &Node, viewer: &Viewer, made_of: &[String]) -> Result<Option<Vec<Label>>> {
    let mut labels = Vec::with_capacity(made_of.len());
    for id in made_of {
        let id = ObjectId::parse(id).context("a reading is damaged")?;
        let Some(stood) = node.stood(viewer, Purpose::Show, &id)? else {
            return Ok(None);
        };
        labels.push(stood.into_inner().label);
    }
    Ok(Some(labels))
}

fn read(
    node: &Node,
    name: &str,
    sha256: &str,
    plain: &str,
    (by, made_of): (Option<&ObjectId>, Vec<String>),
) -> Result<Reading> {
    let mut reading = heard(node, name, sha256, plain)?;
    reading.by = by.map(ToString::to_string);
    reading.made_of = made_of;
    match save(node, None, &reading) {
        // Somebody brought the same document this moment: it is one reading.
        Err(error) if error.is::<node::Meanwhile>() => {
            load(node, &reading.id)?.context("a reading that was just kept is gone")
        }
        saved => saved.map(|()| reading),
    }
}

/// What a text gives when it is read; nothing is kept yet.
///
/// # Errors
/// [`node::Above`]; when it cannot be read.
pub(super) fn heard(node: &Node, name: &str, sha256: &str, plain: &str) -> Result<Reading> {
    node.may_hold(plain)?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let found = text::read_text(without_contacts(plain), stem, Vec::new())?;
    let machine: Heard = serde_json::from_value(serde_json::to_value(&found.statement)?)
        .context("what was read has no form that is kept")?;
    Ok(Reading {
        id: sha256.get(..16).unwrap_or(sha256).to_owned(),
        name: name.to_owned(),
        sha256: sha256.to_owned(),
        normal: normal(&machine, sha256),
        text: found.text,
        stage: Stage::Waiting,
        read: node.now(),
        by: None,
        corrected: machine.clone(),
        machine,
        revision: 0,
        remarks: found
            .problems
            .iter()
            .map(|problem| Remark {
                code: problem.code.to_owned(),
                message: problem.message.clone(),
            })
            .collect(),
        why: found
            .findings
            .iter()
            .map(|finding| Why {
                what: finding.what.clone(),
                rule: finding.rule.clone(),
                cue: finding.cue.clone(),
                start: finding.span.start,
                end: finding.span.end,
                sure: percent(finding.confidence),
            })
            .collect(),
        became: None,
        took_up: Vec::new(),
        made_of: Vec::new(),
        confirming: None,
        drafted_for: None,
        corrected_by: None,
    })
}

fn percent(share: f32) -> u32 {
    let share = (share.clamp(0.0, 1.0) * 100.0).round();
    (0..=100_u8)
        .find(|n| f32::from(*n) >= share)
        .map_or(100, u32::from)
}

/// Keeps a reading in place of the one that it was made from, or as a new one.
///
/// # Errors
/// [`node::Meanwhile`] when somebody has changed that meanwhile; those of the storage.
pub fn save(node: &Node, before: Option<&Reading>, reading: &Reading) -> Result<()> {
    let taken = |before: &Reading| before.confirming == reading.confirming;
    if before.is_some_and(|before| before.is_being_confirmed(node) && taken(before)) {
        return Err(node::Meanwhile.into());
    }
    let before = before.cloned();
    let still = move |there: Option<&[u8]>| match (there, before) {
        (None, None) => true,
        (Some(there), Some(before)) => {
            serde_json::from_slice::<Reading>(there).is_ok_and(|there| there == before)
        }
        _ => false,
    };
    let new = serde_json::to_vec(reading)?;
    node.keep_if(DESK, KIND, &reading.id, still, new).wait()?;
    let line = serde_json::to_vec(&Line::of(reading))?;
    node.keep(DESK, LINE, &reading.id, line).wait()
}

/// What lists say of all readings, the newest first; whoever shows them asks [`sources`] for each.
///
/// # Errors
/// Those of the storage.
pub fn lines(node: &Node) -> Result<Vec<Line>> {
    let kept = node.all_kept(DESK, LINE, "", MOST)?;
    let mut all: Vec<Line> = kept
        .iter()
        .filter_map(|kept| serde_json::from_slice(&kept.value).ok())
        .collect();
    all.sort_by(|a, b| (b.read, &a.id).cmp(&(a.read, &b.id)));
    Ok(all)
}

/// A reading by its name here; whoever shows it asks [`sources`].
///
/// # Errors
/// Those of the storage.
pub fn load(node: &Node, id: &str) -> Result<Option<Reading>> {
    let Some(kept) = node.kept(DESK, KIND, id)? else {
        return Ok(None);
    };
    let reading: Reading = serde_json::from_slice(&kept.value).context("a reading is damaged")?;
    if !reading.was_written(node)? {
        return Ok(Some(reading));
    }
    let mut known = reading.clone();
    known.stage = Stage::Confirmed;
    known.confirming = None;
    match save(node, Some(&reading), &known) {
        // Somebody else has just read it, too.
        Err(error) if !error.is::<node::Meanwhile>() => Err(error),
        _ => Ok(Some(known)),
    }
}

/// All readings, the newest first.
///
/// # Errors
/// Those of the storage.
pub fn readings(node: &Node) -> Result<Vec<Reading>> {
    let kept = node.all_kept(DESK, KIND, "", MOST)?;
    let mut all: Vec<Reading> = kept
        .iter()
        .filter_map(|kept| serde_json::from_slice(&kept.value).ok())
        .collect();
    all.sort_by(|a, b| (b.read, &a.id).cmp(&(a.read, &b.id)));
    Ok(all)
}

/// Remembers of which reading a text of the register came.
///
/// # Errors
/// Those of the storage.
pub(super) fn read_as(node: &Node, text: &ObjectId, reading: &str) -> Result<()> {
    node.keep(DESK, BECAME, text.uuid(), reading.as_bytes().to_vec())
        .wait()
}

/// Forgets it, of a text that was not written.
///
/// # Errors
/// Those of the storage.
pub(super) fn not_read_as(node: &Node, text: &ObjectId) -> Result<()> {
    node.let_go(DESK, BECAME, text.uuid()).wait()?;
    Ok(())
}

/// The reading of which a text of the register came, if it was read here.
///
/// # Errors
/// Those of the storage.
pub fn reading_of(node: &Node, text: &ObjectId) -> Result<Option<Reading>> {
    let Some(kept) = node.kept(DESK, BECAME, text.uuid())? else {
        return Ok(None);
    };
    load(node, &String::from_utf8_lossy(&kept.value))
}

/// Lets the reading of a text that was taken back wait for its confirmation again.
///
/// # Errors
/// Those of the storage.
pub fn wait_again(node: &Node, text: &ObjectId) -> Result<()> {
    let Some(known) = reading_of(node, text)? else {
        return Ok(());
    };
    if known.became.as_deref() != Some(text.as_str()) || known.stage != Stage::Confirmed {
        return Ok(());
    }
    let reading = Reading {
        stage: Stage::Waiting,
        became: None,
        ..known.clone()
    };
    save(node, Some(&known), &reading)?;
    not_read_as(node, text)
}

/// Puts a reading aside; it can be taken up again.
///
/// # Errors
/// Those of the storage.
pub fn discard(node: &Node, reading: &mut Reading) -> Result<()> {
    let before = reading.clone();
    reading.stage = Stage::Discarded;
    save(node, Some(&before), reading)
}
