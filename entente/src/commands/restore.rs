//! `entente restore`: a node from its backup, which then says that it was restored.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use node::chance::SystemRandom;
use node::clock::SystemClock;
use node::keeping::backup::{announce_restore, restore};
use node::keys::Recovery;
use serde_json::json;

use super::{meter, stamp};
use crate::console::{Console, Exit, Terminal};

/// Restore a node from a backup into a new folder, with the recovery key, which comes on standard input.
///
/// What was restored is verified first. It has forgotten what came after the backup, while its peers remember: so it serves again only
/// when it has said that it was restored, and its log goes on under a new name.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  entente restore /backups/entente-2026-11-20.age /var/lib/entente-restored < recovery.key
  entente restore --announce /var/lib/entente-restored")]
pub(crate) struct Args {
    /// The backup.
    #[arg(required_unless_present = "announce")]
    file: Option<PathBuf>,
    /// The folder to make.
    #[arg(required_unless_present = "announce")]
    dir: Option<PathBuf>,
    /// Let a node that was restored say so, which it has to before it serves again.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["file", "dir"])]
    announce: Option<PathBuf>,
}

impl Args {
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<Exit> {
        match (self.announce, self.file, self.dir) {
            (Some(dir), ..) => announce(&dir, terminal),
            (None, Some(file), Some(dir)) => from_backup(&file, &dir, terminal),
            _ => unreachable!("the command line has either"),
        }
    }
}

fn from_backup(file: &Path, dir: &Path, terminal: &mut Terminal) -> Result<Exit> {
    ensure!(
        file != Path::new("-"),
        "standard input is for the recovery key; name the backup's file"
    );
    let source = terminal.open(file)?;
    let typed = terminal
        .ask("Recovery key")
        .context("the recovery key is wanted on standard input")?;
    let recovery = Recovery::read(&typed).context("this is no recovery key; it is the line that `entente init` printed, and begins with AGE-SECRET-KEY-")?;
    let outcome = {
        let mut meter = meter("Restoring", terminal);
        restore(source.reader, dir, &recovery, &mut |progress| {
            meter.show(progress.stage, progress.done, progress.total)
        })?
    };
    let made = stamp(outcome.manifest.made);
    let console: &mut dyn Console = terminal;
    let answer = json!({ "folder": dir, "records": outcome.manifest.records, "made": made, "verified": outcome.report });
    console.answer(&answer, |_| {
        let findings = outcome.report.findings.iter();
        let found: String = findings.map(|finding| format!("{finding}\n")).collect();
        let verify = match found.is_empty() {
            true => String::new(),
            false => format!("This was changed past the node before the backup was made:\n{found}"),
        };
        format!(
            "{} records are restored into {} as they were at {made}, and verify.\n{verify}\
             What came later is not here, and peers may have it. When this node is to go on as the one that it was:\n  \
             entente restore --announce {}",
            outcome.manifest.records,
            dir.display(),
            dir.display()
        )
    })?;
    Ok(Exit::Done)
}

fn announce(dir: &Path, terminal: &mut Terminal) -> Result<Exit> {
    let said = announce_restore(dir, Arc::new(SystemClock), Box::new(SystemRandom::new()?))?;
    let console: &mut dyn Console = terminal;
    let answer =
        json!({ "old_log": said.old.as_str(), "new_log": said.new.as_str(), "entries": said.size });
    console.answer(&answer, |_| {
        format!(
            "Its log goes on as {} after {} entries; peers are told.\nNext: entente serve {}",
            said.new.as_str(),
            said.size,
            dir.display()
        )
    })?;
    Ok(Exit::Done)
}
