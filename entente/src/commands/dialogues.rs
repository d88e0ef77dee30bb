//! `entente dialogues`: texts in from files and folders, and the sample.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use dialogues::import::{Stage, readings, take_in, take_in_text};
use dialogues::sample::{self, Loaded};
use node::Node;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::console::{Console, Exit, Progress, Unit};

/// A file of more bytes than this is refused.
const LARGEST: u64 = 64 << 20;

/// Read texts of dialogues into a node, list what was read, and load the sample.
///
/// What is read waits until a person has corrected and confirmed it on the pages of the node; nothing enters the register before.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente dialogues read /var/lib/entente archive/*.html
  entente dialogues readings /var/lib/entente
  entente dialogues sample /var/lib/entente")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Read files: text or web pages, in English or French. What was read before is passed over, so an interrupted run goes on.
    #[command(after_help = "Example:
  entente dialogues read /var/lib/entente archive/*.html")]
    Read {
        /// The node's folder.
        #[serde(skip)]
        dir: PathBuf,
        /// The files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List what was read, and how far it has come.
    #[command(after_help = "Example:
  entente dialogues readings /var/lib/entente")]
    Readings {
        /// The node's folder.
        #[serde(skip)]
        dir: PathBuf,
    },
    /// Load public facts about real dialogues, with their sources. Only this node's own participant sees them.
    #[command(after_help = "Example:
  entente dialogues sample /var/lib/entente")]
    Sample {
        /// The node's folder.
        #[serde(skip)]
        dir: PathBuf,
    },
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Read { dir, .. } | What::Readings { dir } | What::Sample { dir } => dir,
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        match &self.what {
            What::Read { files, .. } => files.clone(),
            What::Readings { .. } | What::Sample { .. } => Vec::new(),
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::Read { files, .. } => read(node, &files, console),
            What::Readings { .. } => list(node, console),
            What::Sample { .. } => {
                let loaded = sample::load(node)?;
                let count = match loaded {
                    Loaded::New(count) => count,
                    Loaded::Already => 0,
                };
                console.answer(&json!({ "loaded": count }), |_| match loaded {
                    Loaded::New(count) => format!("{count} records of the sample are loaded; nobody else sees them.\n"),
                    Loaded::Already => "The sample is here already; nothing was changed.\n".to_owned(),
                })?;
                Ok(Exit::Done)
            }
        }
    }
}

/// What became of one file.
#[derive(Debug, Serialize)]
struct Line {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn read(node: &Node, files: &[PathBuf], console: &mut dyn Console) -> Result<Exit> {
    let mut lines = Vec::new();
    for (done, path) in files.iter().enumerate() {
        let name = path.display().to_string();
        console.progress(&Progress {
            what: "Reading".to_owned(),
            done: u64::try_from(done).unwrap_or_default(),
            total: u64::try_from(files.len()).ok(),
            unit: Unit::Pieces,
            detail: name.clone(),
        })?;
        let outcome = one(node, path, console);
        lines.push(Line {
            file: name,
            reading: outcome.as_ref().ok().cloned(),
            error: outcome.err().map(|error| format!("{error:#}")),
        });
    }
    let failed = lines.iter().filter(|line| line.error.is_some()).count();
    console.answer(&lines, |lines| {
        let mut text = String::new();
        for line in lines {
            let what = line.error.as_deref().or(line.reading.as_deref()).unwrap_or_default();
            text.push_str(&format!("{}: {what}\n", line.file));
        }
        text.push_str(&format!("{} of {} read; they wait on the page /dialogues/readings.\n", lines.len() - failed, lines.len()));
        text
    })?;
    Ok(if failed == 0 { Exit::Done } else { Exit::Incomplete })
}

fn one(node: &Node, path: &Path, console: &mut dyn Console) -> Result<String> {
    let mut bytes = Vec::new();
    let source = console.open(path)?;
    source.reader.take(LARGEST + 1).read_to_end(&mut bytes).context("could not be read")?;
    if bytes.len() as u64 > LARGEST {
        anyhow::bail!("is larger than {} MiB", LARGEST >> 20);
    }
    let name = path.file_name().map_or_else(|| "text".to_owned(), |name| name.to_string_lossy().into_owned());
    let format = text::Format::guess(&bytes);
    let reading = if matches!(format, text::Format::Pdf | text::Format::Docx) {
        let plain = super::read::unpacked(bytes.clone(), format)?;
        take_in_text(node, &name, &bytes, &plain, None)?
    } else {
        take_in(node, &name, &bytes, None)?
    };
    Ok(reading.id)
}

fn list(node: &Node, console: &mut dyn Console) -> Result<Exit> {
    let all = readings(node)?;
    let lines: Vec<_> = all
        .iter()
        .map(|reading| {
            json!({ "id": reading.id, "name": reading.name, "stage": reading.stage, "parties": reading.corrected.parties,
                "start": reading.corrected.event.start, "statements": reading.corrected.statements.len() })
        })
        .collect();
    console.answer(&lines, |_| {
        let mut text = String::new();
        for reading in &all {
            let stage = match reading.stage {
                Stage::Waiting => "waits for a person",
                Stage::Confirmed => "in the register",
                Stage::Discarded => "put aside",
                Stage::Unread => "could not be read",
            };
            text.push_str(&format!("{} {} ({stage})\n", reading.id, reading.name));
        }
        text.push_str(&format!("{} readings\n", all.len()));
        text
    })?;
    Ok(Exit::Done)
}
