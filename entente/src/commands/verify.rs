//! `entente verify`: a node proven from its folder alone, beside the node or without it.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use node::keeping::verify::{Ask, Report, Unmarked, verify};

use super::{meter, stamp};
use crate::console::{Console, Exit, Terminal};

/// More than any checkpoint has, with all its signatures.
const MOST_CHECKPOINT: u64 = 64 << 10;

/// Prove that a node holds what it accepted: every byte of every record, label and seal against its log.
///
/// Also where each record was placed first for those who poll, who belongs to circles, and the audit trail. It reads the folder and
/// changes nothing, so it may run while the node serves. Ends with 0 when all is as it was signed, 1 when anything is not, and says
/// what and where. A whole copy of yesterday proves itself: hold it against a checkpoint that was kept elsewhere.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  entente verify /var/lib/entente
  entente verify /var/lib/entente --against newest.checkpoint --proof contradiction.txt")]
pub(crate) struct Args {
    /// The node's folder.
    dir: PathBuf,
    /// A checkpoint of this log that somebody kept; `-` is standard input.
    #[arg(long, value_name = "CHECKPOINT")]
    against: Option<PathBuf>,
    /// The log's public key from elsewhere, as `NAME+ID+KEY`; the one in the folder is believed if none is given.
    #[arg(long, value_name = "KEY")]
    key: Option<tlog::Key>,
    /// Where to write the proof, if the log contradicts the checkpoint.
    #[arg(long, value_name = "FILE", requires = "against")]
    proof: Option<PathBuf>,
}

impl Args {
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<Exit> {
        let against = self.against.as_ref().map(|path| -> Result<String> {
            let mut text = String::new();
            let read = terminal
                .open(path)?
                .reader
                .take(MOST_CHECKPOINT + 1)
                .read_to_string(&mut text);
            read.with_context(|| format!("{} is no checkpoint", path.display()))?;
            ensure!(
                text.len() as u64 <= MOST_CHECKPOINT,
                "{} is no checkpoint: it is too long",
                path.display()
            );
            Ok(text)
        });
        let ask = Ask {
            key: self.key,
            against: against.transpose()?,
            threads: 0,
        };
        let report = {
            let mut meter = meter("Verifying", terminal);
            verify(&self.dir, &ask, &mut |progress| {
                meter.show(progress.stage, progress.done, progress.total)
            })?
        };
        if let (Some(path), Some(proof)) = (&self.proof, &report.proof) {
            let mut sink = terminal.create(path)?;
            sink.write_all(proof.as_bytes())?;
            sink.finish()?;
        }
        let console: &mut dyn Console = terminal;
        console.answer(&report, |report| in_words(report, self.against.is_some()))?;
        Ok(if report.is_clean() {
            Exit::Done
        } else {
            Exit::Incomplete
        })
    }
}

fn in_words(report: &Report, against: bool) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&format!("{finding}\n"));
    }
    if report.more > 0 {
        text.push_str(&format!("and {} more\n", report.more));
    }
    let found = report.findings.len() as u64 + report.more;
    if found == 0 {
        let also = if against {
            ", and the log continues the checkpoint"
        } else {
            ""
        };
        text.push_str(&format!(
            "Everything verifies: {} entries{also}.\n",
            report.leaves
        ));
    } else {
        let things = if found == 1 {
            "1 thing is"
        } else {
            &format!("{found} things are")
        };
        text.push_str(&format!("{things} not as signed, among {} entries. Keep the folder as it is, and restore a backup into another.\n", report.leaves));
        if report.proof.is_some() {
            text.push_str("There is a proof that anybody can check: --proof FILE writes it.\n");
        }
    }
    text.push_str(&not_in_the_log(&report.unmarked));
    let signed = report
        .signed
        .and_then(|seconds| i64::try_from(seconds).ok());
    if let Some(signed) = signed {
        text.push_str(&format!(
            "Head of the log: {} entries, {}, signed {}.\n",
            report.size,
            report.root,
            stamp(signed.saturating_mul(1_000_000))
        ));
    }
    text
}

/// What was found whole and is not proven: a mark takes it into the log, at most an hour later where the node serves.
fn not_in_the_log(unmarked: &Unmarked) -> String {
    let lines = |of: &str, count: u64| match count {
        0 => None,
        1 => Some(format!("1 line of {of}")),
        _ => Some(format!("{count} lines of {of}")),
    };
    let parts = [
        lines("the audit trail", unmarked.trail),
        lines("the ledger of deliveries", unmarked.deliveries),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(
        "The log does not speak of the last of these yet: {}. A change of them would not show; a node that serves takes them in, once an hour.\n",
        parts.join(", ")
    )
}
