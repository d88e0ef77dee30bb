//! `entente export`: records out, as one bundle or one table, under the same rules as everything that leaves.

mod csv;

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use node::ledger::Taken;
use node::{Collection, Node};
use policy::{Purpose, Released, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::json;
use stix::ObjectId;
use store::{Page, PageQuery, Record, Versions};

use super::names;
use crate::console::{Console, Exit, Progress, Sink, Unit};

/// Records that are read at a time.
const PAGE: usize = 500;

/// Write records into a file: what the node's own participant may export, or what another would get.
///
/// Bytes are as they arrived, and the ledger notes for whom a file was made. TLP:RED goes to no file, unless nothing but a person's own reading is asked for.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente export /var/lib/entente --collection situation > situation.json
  entente export /var/lib/entente --as Belmark --format csv --output for-belmark.csv")]
pub(crate) struct Args {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The collection; all of them if none is named.
    #[arg(long, value_name = "C")]
    collection: Option<String>,
    /// As whom: what this participant may have, instead of the node's own.
    #[arg(long = "as", value_name = "PARTICIPANT")]
    viewer: Option<String>,
    /// The form.
    #[arg(long, default_value = "stix")]
    format: Format,
    /// Every version of each object, instead of the newest.
    #[arg(long)]
    all_versions: bool,
    /// The file to make; standard output if none is named.
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
enum Format {
    /// A STIX bundle.
    Stix,
    /// A table of what there is, for a spreadsheet.
    Csv,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.dir
    }

    fn files(&self) -> Vec<PathBuf> {
        vec![self.output.clone()]
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let for_whom = match &self.viewer {
            None => None,
            Some(name) => Some(names::participant(node, name)?.id),
        };
        let viewer = match &for_whom {
            None => node.home_viewer(),
            Some(id) => node.viewer_of(id, false),
        };
        let collections = match &self.collection {
            None => node.collections()?,
            Some(name) => vec![names::collection(node, name)?],
        };
        let sink = console.create(&self.output)?;
        let writer: Box<dyn Form> = match self.format {
            Format::Stix => Box::new(Bundle::begin(sink)?),
            Format::Csv => Box::new(csv::Table::begin(sink)?),
        };
        let mut export =
            Export { node, viewer, for_whom, all_versions: self.all_versions, writer, written: HashSet::new() };
        for collection in &collections {
            export.collection(collection, console)?;
        }
        // Who it was written for is noted before the file is whole: a file that is there is in the ledger.
        if let Some(noted) = node.write_ledger() {
            noted.wait().context("who the file is for could not be noted; make it again when the node can write")?;
        }
        let written = export.written.len();
        export.writer.finish()?;
        tracing::info!(export.records = written, "exported");
        if self.output == Path::new("-") {
            // Standard output is the file.
            console.note(&format!("{written} records exported."))?;
        } else {
            let answer = json!({ "records": written, "file": self.output });
            console.answer(&answer, |_| format!("{written} records exported to {}.", self.output.display()))?;
        }
        Ok(Exit::Done)
    }
}

/// A form of file that is written record by record.
trait Form {
    fn record(&mut self, collection: &Collection, record: Released<&Record>) -> Result<()>;
    fn finish(self: Box<Self>) -> Result<()>;
}

struct Export<'a> {
    node: &'a Node,
    viewer: Viewer,
    /// The participant that the file is for, if it is not the node's own.
    for_whom: Option<ObjectId>,
    all_versions: bool,
    writer: Box<dyn Form>,
    /// What has been written: a record may lie in several collections.
    written: HashSet<i64>,
}

impl Export<'_> {
    fn collection(&mut self, collection: &Collection, console: &mut dyn Console) -> Result<()> {
        let mut query = PageQuery::of(collection.number, PAGE);
        if self.all_versions {
            query.versions = Versions::all();
        }
        loop {
            let reached = self.node.reached();
            let page = self.node.page(&self.viewer, Purpose::Export, &query)?;
            let records = page.as_ref().into_inner().rows.len();
            let Next { after, more } = self.page(collection, page)?;
            if let (Some(participant), Some(last)) = (&self.for_whom, after) {
                let (collection, after) = (collection.number, query.after);
                let taken = Taken { collection, filter: "", after, last, records, reached };
                self.node.note_exported(participant, &taken);
            }
            console.progress(&Progress {
                what: format!("Exporting {}", collection.title),
                done: self.written.len() as u64,
                total: None,
                unit: Unit::Pieces,
                detail: String::new(),
            })?;
            match after {
                Some(after) if more => query.after = after,
                _ => return Ok(()),
            }
        }
    }

    fn page(&mut self, collection: &Collection, page: Released<Page<Record>>) -> Result<Next> {
        let more = page.as_ref().into_inner().more;
        let mut after = None;
        for record in page.map(|page| page.rows) {
            let about = record.as_ref().into_inner();
            after = Some(about.added);
            if self.written.insert(about.recno) {
                self.writer.record(collection, record.as_ref())?;
            }
        }
        Ok(Next { after, more })
    }
}

/// Where the next page begins.
struct Next {
    after: Option<i64>,
    more: bool,
}

/// A STIX bundle, spliced from the stored bytes.
struct Bundle {
    sink: Box<dyn Sink>,
    empty: bool,
}

impl Bundle {
    fn begin(mut sink: Box<dyn Sink>) -> Result<Self> {
        write!(sink, "{{\"type\":\"bundle\",\"id\":\"bundle--{}\"", super::new_uuid()?)?;
        Ok(Self { sink, empty: true })
    }
}

impl Form for Bundle {
    fn record(&mut self, _: &Collection, record: Released<&Record>) -> Result<()> {
        // STIX 2.1 §8: a bundle of nothing has no list.
        self.sink.write_all(if self.empty { b",\"objects\":[\n" } else { b",\n" })?;
        self.empty = false;
        self.sink.write_all(&record.into_inner().body).context("the file could not be written")
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.sink.write_all(if self.empty { b"}\n" } else { b"]}\n" })?;
        self.sink.finish()
    }
}
