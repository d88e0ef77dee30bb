//! Many texts at once: files that somebody brought are tried, and read when that person says so; both by the node, not by a request.
//! Invariant: what became of a file is kept before the next is begun, so that a run that is cut short goes on where it was; a file that
//! could not be read says why, and stops no other.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use node::Node;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stix::ObjectId;
use text::Format;

use super::above::may_hold;
use super::reading::{Reading, heard, lines, load, save};
use crate::DESK;
use crate::records::Text;
use crate::register::Register;

const INTAKE: &str = "intake";
/// Files of one intake at most.
pub const MOST: usize = 10_000;
/// How many intakes are listed.
const LISTED: usize = 500;
/// Bytes of one file at most.
const LARGEST: usize = 32 << 20;

/// How the text of a PDF or DOCX is taken out: in a process of limited memory and time.
pub type Unpack = fn(Vec<u8>, Format) -> Result<String>;

/// How far an intake has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Files still arrive.
    Bringing,
    /// The node looks at what would become of each.
    Trying,
    /// It has; a person decides.
    Tried,
    /// The node reads them.
    Taking,
    /// It has.
    Taken,
}

/// Files that came together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// Its name here.
    pub id: String,
    /// Who brought them.
    pub by: Option<String>,
    /// When the first came, in microseconds.
    pub begun: i64,
    /// How far it has come.
    pub phase: Phase,
    /// Whether a person has stopped it for now.
    pub stopped: bool,
    /// How many files came.
    pub files: usize,
}

/// Why a file gave no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// It is neither in English nor in French.
    Language,
    /// There is no text in it; a scan has none.
    Empty,
    /// It is larger than a statement can be, or takes too long to unpack.
    Large,
    /// It cannot be opened.
    Damaged,
    /// It is marked with a classification that this node may not hold.
    Above,
}

impl Unread {
    /// As locale keys have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Empty => "empty",
            Self::Large => "large",
            Self::Damaged => "damaged",
            Self::Above => "above",
        }
    }

    fn of(error: &anyhow::Error) -> Self {
        if error.is::<node::Above>() {
            return Self::Above;
        }
        match error.downcast_ref::<text::Failure>() {
            Some(text::Failure::Language(_)) => return Self::Language,
            Some(text::Failure::Empty) => return Self::Empty,
            Some(text::Failure::TooLarge(_)) => return Self::Large,
            Some(text::Failure::Damaged(_)) => return Self::Damaged,
            None => {}
        }
        // What comes from the process that unpacks comes in words.
        let said = error.to_string();
        match () {
            () if said.contains("no text") => Self::Empty,
            () if said.contains("too large") || said.contains("given up") => Self::Large,
            () => Self::Damaged,
        }
    }
}

/// What became of a file, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Fate {
    /// Nobody has looked at it yet.
    Waiting,
    /// It would be read.
    New {
        /// What it is called.
        title: String,
        /// Its language.
        language: String,
        /// How many clauses were found.
        clauses: usize,
    },
    /// The same file, or the same words in another layout, was read before.
    Known {
        /// That reading.
        reading: String,
    },
    /// The same words are in the register.
    Registered {
        /// The text.
        text: String,
    },
    /// The same stands in another file that came with it.
    Twice {
        /// What that is called.
        file: String,
    },
    /// It could not be read.
    Failed {
        /// Why.
        why: Unread,
    },
    /// It is read, and waits for a person.
    Taken {
        /// The reading.
        reading: String,
    },
}

/// A file of an intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// How many bytes it has.
    pub size: usize,
    /// Its hash.
    pub sha256: String,
    /// The hash of its words, once it was looked at.
    pub normal: Option<String>,
    /// Whether it carries macros, which are neither read nor run.
    #[serde(default)]
    pub macros: bool,
    /// What became of it.
    pub fate: Fate,
}

fn rows(id: &str) -> String {
    format!("intake-file.{id}")
}

fn contents(id: &str) -> String {
    format!("intake-bytes.{id}")
}

fn place(n: usize) -> String {
    format!("{n:06}")
}

/// Begins an intake.
///
/// # Errors
/// Those of the storage.
pub fn begin(node: &Node, by: Option<&ObjectId>) -> Result<Intake> {
    let intake = Intake {
        id: node.new_id("intake")?.uuid().to_string(),
        by: by.map(ToString::to_string),
        begun: node.now(),
        phase: Phase::Bringing,
        stopped: false,
        files: 0,
    };
    put(node, &intake)?;
    Ok(intake)
}

fn put(node: &Node, intake: &Intake) -> Result<()> {
    node.keep(DESK, INTAKE, &intake.id, serde_json::to_vec(intake)?)
        .wait()
}

/// An intake by its name here.
///
/// # Errors
/// Those of the storage.
pub fn intake(node: &Node, id: &str) -> Result<Option<Intake>> {
    let kept = node.kept(DESK, INTAKE, id)?;
    kept.map(|kept| serde_json::from_slice(&kept.value).context("an intake is damaged"))
        .transpose()
}

/// All intakes, the newest first.
///
/// # Errors
/// Those of the storage.
pub fn intakes(node: &Node) -> Result<Vec<Intake>> {
    let kept = node.all_kept(DESK, INTAKE, "", LISTED)?;
    let mut all: Vec<Intake> = kept
        .iter()
        .filter_map(|kept| serde_json::from_slice(&kept.value).ok())
        .collect();
    all.sort_by_key(|intake| std::cmp::Reverse(intake.begun));
    Ok(all)
}

/// The files of an intake, in the order in which they came.
///
/// # Errors
/// Those of the storage.
pub fn entries(node: &Node, id: &str) -> Result<Vec<Entry>> {
    let kept = node.all_kept(DESK, &rows(id), "", MOST)?;
    kept.iter()
        .map(|kept| serde_json::from_slice(&kept.value).context("an intake is damaged"))
        .collect()
}

/// Adds files to an intake whose files still arrive; one that came already is not added again.
///
/// # Errors
/// When it is no more open, holds too many, or the storage fails.
pub fn bring(node: &Node, intake: &mut Intake, files: Vec<(String, Vec<u8>)>) -> Result<()> {
    if intake.phase != Phase::Bringing {
        bail!("this intake takes no more files");
    }
    let mut known: Vec<(String, String)> = entries(node, &intake.id)?
        .into_iter()
        .map(|entry| (entry.name, entry.sha256))
        .collect();
    let mut waits = Vec::new();
    for (name, bytes) in files {
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let both = (name, sha256);
        if known.contains(&both) {
            continue;
        }
        if intake.files >= MOST {
            bail!("an intake holds {MOST} files");
        }
        let at = place(intake.files);
        let failed = match bytes.len() > LARGEST {
            true => Some(Unread::Large),
            false => may_hold(node, &bytes).err().map(|_| Unread::Above),
        };
        let entry = Entry {
            name: both.0.clone(),
            size: bytes.len(),
            sha256: both.1.clone(),
            normal: None,
            macros: has_macros(&bytes),
            fate: failed.map_or(Fate::Waiting, |why| Fate::Failed { why }),
        };
        if failed.is_none() {
            waits.push(node.keep(DESK, &contents(&intake.id), &at, bytes));
        }
        let row = serde_json::to_vec(&entry)?;
        waits.push(node.keep(DESK, &rows(&intake.id), &at, row));
        known.push(both);
        intake.files += 1;
    }
    for wait in waits {
        wait.wait()?;
    }
    put(node, intake)
}

/// What a person decides about an intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Look at what would become of each file.
    Try,
    /// Read them.
    Take,
    /// Stop for now; what is done stays done.
    Stop,
    /// Go on.
    GoOn,
}

impl Step {
    /// As addresses have it.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "try" => Self::Try,
            "take" => Self::Take,
            "stop" => Self::Stop,
            "go-on" => Self::GoOn,
            _ => return None,
        })
    }
}

/// Makes the step; one that does not fit the phase changes nothing.
///
/// # Errors
/// Those of the storage.
pub fn decide(node: &Node, intake: &mut Intake, step: Step) -> Result<()> {
    match (step, intake.phase) {
        (Step::Try, Phase::Bringing) => intake.phase = Phase::Trying,
        (Step::Take, Phase::Tried) => intake.phase = Phase::Taking,
        (Step::Stop, _) => intake.stopped = true,
        (Step::GoOn, _) => intake.stopped = false,
        _ => return Ok(()),
    }
    put(node, intake)
}

/// Lets go of an intake with the files that are still kept for it; what was read stays.
///
/// # Errors
/// Those of the storage.
pub fn throw_away(node: &Node, intake: &Intake) -> Result<()> {
    // The intake first: what is left of one without it is never worked on.
    node.let_go(DESK, INTAKE, &intake.id).wait()?;
    for n in 0..intake.files {
        node.let_go(DESK, &contents(&intake.id), &place(n)).wait()?;
        node.let_go(DESK, &rows(&intake.id), &place(n)).wait()?;
    }
    Ok(())
}

/// What is known already, so that the same text is not read twice.
struct Seen {
    readings: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

/// Goes on with an intake until it is through, `ended` says to stop, or a person has; says whether anything was done.
///
/// # Errors
/// Those of the storage.
pub fn go_on(node: &Node, id: &str, unpack: Unpack, ended: &dyn Fn() -> bool) -> Result<bool> {
    let Some(begun) = intake(node, id)? else {
        return Ok(false);
    };
    if begun.stopped || !matches!(begun.phase, Phase::Trying | Phase::Taking) {
        return Ok(false);
    }
    let all = entries(node, id)?;
    let open = lines(node)?
        .into_iter()
        .filter(|line| line.made_of.is_empty());
    let normals = open.map(|line| (line.normal, line.id));
    let mut seen = Seen {
        readings: normals.collect(),
        files: BTreeMap::new(),
    };
    for entry in &all {
        if let (Fate::New { .. }, Some(normal)) = (&entry.fate, &entry.normal) {
            seen.files.insert(normal.clone(), entry.name.clone());
            seen.files.insert(entry.sha256.clone(), entry.name.clone());
        }
    }
    let trying = begun.phase == Phase::Trying;
    for (n, entry) in all.into_iter().enumerate() {
        let due = match entry.fate {
            Fate::Waiting => trying,
            Fate::New { .. } => !trying,
            _ => false,
        };
        if !due {
            continue;
        }
        // Asked again before each file: a person may have stopped it, or thrown it away.
        if ended() || intake(node, id)?.is_none_or(|now| now.stopped) {
            return Ok(true);
        }
        let bytes = node.kept(DESK, &contents(id), &place(n))?;
        let bytes = bytes.map(|kept| kept.value).unwrap_or_default();
        let entry = if trying {
            tried(node, entry, bytes, unpack, &mut seen)?
        } else {
            taken(node, entry, bytes, unpack, begun.by.as_deref())?
        };
        let row = serde_json::to_vec(&entry)?;
        node.keep(DESK, &rows(id), &place(n), row).wait()?;
        if !matches!(entry.fate, Fate::New { .. }) {
            node.let_go(DESK, &contents(id), &place(n)).wait()?;
        }
    }
    if let Some(mut through) = intake(node, id)? {
        through.phase = if trying { Phase::Tried } else { Phase::Taken };
        put(node, &through)?;
    }
    Ok(true)
}

/// The reading that a file would give, not kept yet.
fn read(node: &Node, entry: &Entry, bytes: &[u8], unpack: Unpack) -> Result<Reading> {
    let format = Format::guess(bytes);
    let plain = match format {
        Format::Pdf | Format::Docx => unpack(bytes.to_vec(), format)?,
        Format::Txt | Format::Html => text::plain(bytes, Some(format))?,
    };
    heard(node, &entry.name, &entry.sha256, &plain)
}

fn tried(
    node: &Node,
    mut entry: Entry,
    bytes: Vec<u8>,
    unpack: Unpack,
    seen: &mut Seen,
) -> Result<Entry> {
    if let Some(file) = seen.files.get(&entry.sha256) {
        entry.fate = Fate::Twice { file: file.clone() };
        return Ok(entry);
    }
    if let Some(known) = load(node, &entry.sha256[..16])? {
        entry.fate = Fate::Known { reading: known.id };
        return Ok(entry);
    }
    let reading = match read(node, &entry, &bytes, unpack) {
        Ok(reading) => reading,
        Err(error) => {
            entry.fate = Fate::Failed {
                why: Unread::of(&error),
            };
            return Ok(entry);
        }
    };
    let normal = reading.normal.clone();
    entry.normal = Some(normal.clone());
    entry.fate = match (seen.readings.get(&normal), seen.files.get(&normal)) {
        (Some(reading), _) => Fate::Known {
            reading: reading.clone(),
        },
        (None, Some(file)) => Fate::Twice { file: file.clone() },
        (None, None) => match in_register(node, &normal)? {
            Some(text) => Fate::Registered { text },
            None => {
                seen.files.insert(normal, entry.name.clone());
                seen.files.insert(entry.sha256.clone(), entry.name.clone());
                Fate::New {
                    title: reading.machine.title.unwrap_or(reading.name),
                    language: reading.machine.language,
                    clauses: reading.machine.statements.len(),
                }
            }
        },
    };
    Ok(entry)
}

/// Whether a document carries macros: an archive names its parts in plain bytes.
fn has_macros(bytes: &[u8]) -> bool {
    let part = b"word/vbaProject.bin";
    bytes.starts_with(b"PK") && bytes.windows(part.len()).any(|own| own == part)
}

/// The text of the register with these words.
fn in_register(node: &Node, normal: &str) -> Result<Option<String>> {
    let register = Register::at_home(node);
    let same = register.some::<Text>("text.normal", normal)?;
    Ok(same.map(|one| one.into_inner().id.uuid().to_string()))
}

fn taken(
    node: &Node,
    mut entry: Entry,
    bytes: Vec<u8>,
    unpack: Unpack,
    by: Option<&str>,
) -> Result<Entry> {
    // It may have been read right before the run was cut short.
    if let Some(known) = load(node, &entry.sha256[..16])? {
        entry.fate = Fate::Taken { reading: known.id };
        return Ok(entry);
    }
    entry.fate = match read(node, &entry, &bytes, unpack) {
        Ok(mut reading) => {
            reading.by = by.map(str::to_owned);
            match save(node, None, &reading) {
                Err(error) if !error.is::<node::Meanwhile>() => return Err(error),
                _ => {}
            }
            Fate::Taken {
                reading: reading.id,
            }
        }
        Err(error) => Fate::Failed {
            why: Unread::of(&error),
        },
    };
    Ok(entry)
}
