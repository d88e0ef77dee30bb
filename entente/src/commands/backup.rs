//! `entente backup`: the whole node in one file, which opens with the recovery key only.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use node::Node;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{meter, stamp};
use crate::console::{Console, Exit};

/// Save the whole node, while it goes on, into one file that opens with the recovery key only.
///
/// Keep the newest checkpoint beside it, on another machine: it is how a whole copy of yesterday is told from today.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente backup /var/lib/entente /backups/entente-2026-11-21.age \\
      --checkpoint /backups/newest.checkpoint")]
pub(crate) struct Args {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The file to make; `-` is standard output.
    file: PathBuf,
    /// Where to write the signed head of its log.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.dir
    }

    fn files(&self) -> Vec<PathBuf> {
        std::iter::once(&self.file).chain(&self.checkpoint).cloned().collect()
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let mut sink = console.create(&self.file)?;
        let manifest = {
            let mut meter = meter("Saving", console);
            let out = BufWriter::with_capacity(256 << 10, &mut sink);
            node.backup(out, &mut |progress| meter.show(progress.stage, progress.done, progress.total))
                .context("no backup was made")?
        };
        sink.finish()?;
        if let (Some(path), Some(head)) = (&self.checkpoint, &manifest.head) {
            let mut sink = console.create(path)?;
            sink.write_all(head.as_bytes())?;
            sink.finish()?;
        }
        tracing::info!(backup.records = manifest.records, backup.bytes = manifest.bytes, "saved");
        let answer = json!({ "file": self.file, "records": manifest.records, "made": stamp(manifest.made), "head": manifest.head });
        if self.file == Path::new("-") {
            // Standard output is the file.
            console.note(&format!("{} records saved.", manifest.records))?;
        } else {
            console.answer(&answer, |_| {
                format!("{} records saved in {}. It opens with the recovery key only.", manifest.records, self.file.display())
            })?;
        }
        Ok(Exit::Done)
    }
}
