//! `entente import`: files in, object by object, however large they are.

use std::collections::VecDeque;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use bytes::Bytes;
use node::submission::{Channel, Marking, Outcome, Receipt, Submission};
use node::{Node, Pending};
use serde::{Deserialize, Serialize};
use stix::{Limits, StreamError};

use crate::console::{Console, Exit, INTERRUPTED, Progress, Source, Unit};

/// Objects of one submission: many enough to share a commit, few enough to show progress.
const MOST_OBJECTS: usize = 1_000;
/// Bytes of one submission, give or take an object.
const MOST_BYTES: usize = 1 << 20;
/// Submissions on their way at a time, so that one is read while another is written to disk.
const UNDER_WAY: usize = 4;
/// Problems that are listed; further ones are counted.
const MOST_LISTED: usize = 10_000;

/// Take STIX files into a node: bundles, TAXII envelopes or single objects, of any size.
///
/// Lists each object that was not accepted, with where it stands and why; also what is here already under another label than the one that is
/// asked for, which stays. Ends with 0 when all was accepted, 1 when anything was not, 2 when nothing was tried. Ctrl-C stops it where it is, with 1; the same command goes on from there. What is malformed goes to the quarantine, what awaits a decision to the list of `entente
/// awaiting`; their neighbors are accepted.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente import /var/lib/entente report.json --collection situation \\
      --tlp AMBER --for Belmark --dry-run
  curl https://example.org/bundle.json | entente import /var/lib/entente - --collection situation")]
pub(crate) struct Args {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The collection that takes them.
    #[arg(long, value_name = "C", default_value = "situation")]
    collection: String,
    #[command(flatten)]
    label: super::label::Chosen,
    /// Say what would be accepted, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.dir
    }

    fn files(&self) -> Vec<PathBuf> {
        self.files.clone()
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let mut import = Import {
            node,
            collection: super::names::collection(node, &self.collection)?.id,
            marking: self.label.marking(node)?,
            dry_run: self.dry_run,
            under_way: VecDeque::new(),
            tally: Tally::default(),
        };
        // Nothing is tried before every file is there.
        let mut sources = Vec::new();
        for path in self.files {
            let source = console.open(&path).context("nothing was imported")?;
            sources.push((path, source));
        }
        for (path, source) in sources {
            import.file(&path, source, console)?;
            if import.tally.ended_early() {
                break;
            }
        }
        import.tally.report(self.dry_run, console)
    }
}

struct Import<'a> {
    node: &'a Node,
    collection: String,
    marking: Marking,
    dry_run: bool,
    under_way: VecDeque<(Vec<Place>, Pending<Receipt>)>,
    tally: Tally,
}

/// Where an object stands.
#[derive(Debug, Clone, Serialize)]
struct Place {
    file: String,
    /// Its place among the file's objects, from 0.
    index: u64,
    /// The byte where it begins.
    offset: u64,
}

/// What became of everything.
#[derive(Debug, Default, Serialize)]
struct Tally {
    accepted: u64,
    known: u64,
    awaiting: u64,
    refused: u64,
    /// How many of those that are here stay under another label than the one that was asked for.
    #[serde(skip_serializing_if = "is_zero")]
    labels_stay: u64,
    problems: Vec<Trouble>,
    #[serde(skip_serializing_if = "is_zero")]
    problems_not_listed: u64,
    /// Where somebody stopped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    interrupted: Option<Place>,
    /// Why it could not go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<String>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An object that was not accepted, or not as it was asked; or a file that could not be followed.
#[derive(Debug, Serialize)]
struct Trouble {
    #[serde(flatten)]
    place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    outcome: &'static str,
    reason: String,
    /// Under which number it awaits a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
}

/// Objects that are gathered for one submission.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    objects: Vec<Range<usize>>,
    places: Vec<Place>,
}

impl Batch {
    fn push(&mut self, raw: &[u8], place: Place) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(raw);
        self.objects.push(start..self.bytes.len());
        self.places.push(place);
    }

    fn is_full(&self) -> bool {
        self.objects.len() >= MOST_OBJECTS || self.bytes.len() >= MOST_BYTES
    }
}

impl Import<'_> {
    fn file(&mut self, path: &Path, source: Source, console: &mut dyn Console) -> Result<()> {
        let limits = Limits { objects: usize::MAX, ..*self.node.limits() };
        let name = path.display().to_string();
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted { reader: source.reader, read: Arc::clone(&read) };
        let mut batch = Batch::default();
        let mut last = 0;
        for item in stix::stream(counted, &limits) {
            match item {
                Ok(item) => {
                    let place = Place { file: name.clone(), index: item.index, offset: item.offset };
                    last = item.index + 1;
                    batch.push(&item.raw, place);
                }
                // The node says what is wrong with it, and keeps its beginning where what is malformed is kept.
                Err(StreamError::Object { offset, beginning, .. }) => {
                    batch.push(&beginning, Place { file: name.clone(), index: last, offset });
                    last += 1;
                }
                Err(error) => self.pass_over(error, &name, &mut last)?,
            }
            if let Some(place) = &mut self.tally.interrupted {
                place.offset = read.load(Ordering::Relaxed);
            }
            if self.tally.ended_early() {
                break;
            }
            if batch.is_full() {
                self.submit(std::mem::take(&mut batch))?;
                console.progress(&Progress {
                    what: format!("{} {name}", if self.dry_run { "Checking" } else { "Importing" }),
                    done: read.load(Ordering::Relaxed),
                    total: source.size,
                    unit: Unit::Bytes,
                    detail: self.tally.in_short(),
                })?;
            }
        }
        self.submit(batch)?;
        self.settle(0)
    }

    /// Notes what the stream left out; an error of reading ends the import.
    fn pass_over(&mut self, error: StreamError, file: &str, next: &mut u64) -> Result<()> {
        let (offset, problem) = match error {
            StreamError::Lost { offset, problem } => (offset, problem),
            StreamError::Read(error) if error.to_string().contains(INTERRUPTED) => {
                self.tally.interrupted = Some(Place { file: file.to_owned(), index: *next, offset: 0 });
                return Ok(());
            }
            StreamError::Read(error) => {
                self.settle(0)?;
                return self.stop(anyhow::Error::from(error).context(format!("{file} could not be read to its end")));
            }
            error => anyhow::bail!("{file}: {error}"),
        };
        let place = Place { file: file.to_owned(), index: *next, offset };
        *next += 1;
        self.tally.refused += 1;
        self.tally.list(Trouble { place, id: None, outcome: "refused", reason: format!("the file cannot be followed from here on: {problem}"), number: None });
        Ok(())
    }

    fn submit(&mut self, batch: Batch) -> Result<()> {
        if batch.objects.is_empty() {
            return Ok(());
        }
        let submission = Submission {
            bytes: Bytes::from(batch.bytes),
            objects: batch.objects,
            channel: Channel::Import,
            submitter: self.node.home().id.clone(),
            person: None,
            collection: self.collection.clone(),
            marking: self.marking.clone(),
        };
        if self.dry_run {
            let receipt = self.node.rehearse(submission)?;
            self.tally.count(receipt, batch.places);
            return Ok(());
        }
        let pending = self.node.accept(submission)?;
        self.under_way.push_back((batch.places, pending));
        self.settle(UNDER_WAY - 1)
    }

    /// Waits until at most so many submissions are under way.
    fn settle(&mut self, most: usize) -> Result<()> {
        let mut failed = None;
        // Once one has failed, the rest is waited for as well: what was kept is told.
        while failed.is_some() || self.under_way.len() > most {
            let Some((places, pending)) = self.under_way.pop_front() else { break };
            match pending.wait() {
                Ok(receipt) => self.tally.count(receipt, places),
                Err(error) => failed = Some(failed.unwrap_or(error)),
            }
        }
        failed.map_or(Ok(()), |error| self.stop(error))
    }

    /// Ends the import for this reason; it is the command's error only when nothing was taken before.
    fn stop(&mut self, error: anyhow::Error) -> Result<()> {
        if self.tally.total() == 0 {
            return Err(error.context("nothing was imported"));
        }
        self.tally.stopped.get_or_insert(format!("{error:#}"));
        Ok(())
    }
}

impl Tally {
    fn total(&self) -> u64 {
        self.accepted + self.known + self.awaiting + self.refused
    }

    fn ended_early(&self) -> bool {
        self.interrupted.is_some() || self.stopped.is_some()
    }

    fn count(&mut self, receipt: Receipt, places: Vec<Place>) {
        for (line, place) in receipt.lines.into_iter().zip(places) {
            let (outcome, reason, number) = match line.outcome {
                Outcome::Accepted => {
                    self.accepted += 1;
                    continue;
                }
                Outcome::Known => {
                    self.known += 1;
                    let Some(label) = line.label_stays else { continue };
                    self.labels_stay += 1;
                    ("known", format!("it is already here under another label, and stays {label}; {RELABEL}"), None)
                }
                Outcome::Awaiting { number, reason } => {
                    self.awaiting += 1;
                    ("awaiting", reason, Some(number))
                }
                Outcome::Refused { reason } => {
                    self.refused += 1;
                    ("refused", reason, None)
                }
            };
            self.list(Trouble { place, id: line.id, outcome, reason, number });
        }
    }

    fn list(&mut self, trouble: Trouble) {
        if self.problems.len() < MOST_LISTED {
            self.problems.push(trouble);
        } else {
            self.problems_not_listed += 1;
        }
    }

    fn in_short(&self) -> String {
        let other = self.awaiting + self.refused;
        if other == 0 { format!("{} accepted", self.accepted) } else { format!("{} accepted, {other} not", self.accepted) }
    }

    fn report(&self, dry_run: bool, console: &mut dyn Console) -> Result<Exit> {
        tracing::info!(
            import.accepted = self.accepted,
            import.known = self.known,
            import.awaiting = self.awaiting,
            import.refused = self.refused,
            import.dry_run = dry_run,
            "imported"
        );
        console.answer(self, |tally| tally.in_words(dry_run))?;
        let complete = self.awaiting + self.refused + self.labels_stay == 0 && !self.ended_early();
        Ok(if complete { Exit::Done } else { Exit::Incomplete })
    }

    fn in_words(&self, dry_run: bool) -> String {
        let mut text = String::new();
        for trouble in &self.problems {
            let Place { file, index, offset } = &trouble.place;
            let id = trouble.id.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
            let number = trouble.number.map(|number| format!(" as number {number}")).unwrap_or_default();
            text.push_str(&format!("{file}: object {index} at byte {offset}{id}: {}{number}: {}\n", trouble.outcome, trouble.reason));
        }
        if self.problems_not_listed > 0 {
            text.push_str(&format!("and {} more\n", self.problems_not_listed));
        }
        let total = self.total();
        let would = if dry_run { "would be " } else { "" };
        text.push_str(&format!("{} of {total} objects {would}accepted", self.accepted));
        for (number, what) in [(self.known, "already here"), (self.awaiting, "awaiting a decision"), (self.refused, "refused")] {
            if number > 0 {
                text.push_str(&format!(", {number} {what}"));
            }
        }
        if self.labels_stay > 0 {
            text.push_str(&format!("; {} of those already here under another label, which stays", self.labels_stay));
        }
        if dry_run {
            text.push_str("; nothing was changed");
        }
        text.push_str(".\n");
        let kept = if dry_run { "" } else { " What was accepted is kept." };
        if let Some(Place { file, index, .. }) = &self.interrupted {
            text.push_str(&format!("Interrupted in {file} after {index} objects.{kept} {AGAIN}\n"));
        }
        if let Some(reason) = &self.stopped {
            text.push_str(&format!("The import stopped: {reason}.{kept} {AGAIN}\n"));
        }
        text
    }
}

const RELABEL: &str = "to tighten it, bring a new version or use its page";

const AGAIN: &str = "To go on, run the same command again: what is already here is passed over.";

/// Counts what is read, for progress.
struct Counted {
    reader: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
