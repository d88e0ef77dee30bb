//! `entente init`: a new node in a folder, and the recovery key that is shown this once.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use node::chance::SystemRandom;
use node::clock::SystemClock;
use node::{Kind, New, Node};
use serde_json::json;

use crate::console::{Console, Exit, Terminal};

/// Make a node in a new folder.
///
/// Makes its four keys and an empty store, and prints the recovery key, once: backups open with nothing else, and lost keys are
/// replaced with its help only.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  entente init /var/lib/entente --participant \"Ministry of Foreign Affairs\" \\
      --kind organ --of Arland --country XA")]
pub(crate) struct Args {
    /// The folder to make.
    dir: PathBuf,
    /// The name of the participant that runs the node.
    #[arg(long, value_name = "NAME")]
    participant: String,
    /// What the participant is; an organ where --of is given, else a State.
    #[arg(long)]
    kind: Option<KindName>,
    /// The State or organization that the participant is an organ of.
    #[arg(long, value_name = "STATE")]
    of: Option<String>,
    /// Its country, as two letters of ISO 3166-1.
    #[arg(long, value_name = "XX", value_parser = country)]
    country: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindName {
    /// A State as a whole.
    State,
    /// A regional or international organization.
    #[value(alias = "organization")]
    Organisation,
    /// A ministry, agency, CSIRT or mission.
    Organ,
}

pub(super) fn country(text: &str) -> Result<String, String> {
    let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if two_letters {
        Ok(text.to_uppercase())
    } else {
        Err("two letters, as FR".to_owned())
    }
}

impl Args {
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<Exit> {
        let kind = match (self.kind, &self.of) {
            (Some(KindName::Organ), None) => {
                anyhow::bail!("an organ belongs to a State or organization: name it with --of")
            }
            (Some(KindName::Organ), Some(_)) | (None, Some(_)) => Kind::Organ,
            (Some(KindName::State) | None, None) => Kind::State,
            (Some(KindName::Organisation), None) => Kind::Organisation,
            (Some(_), Some(_)) => {
                anyhow::bail!("only an organ is of a State: leave --of out, or say --kind organ")
            }
        };
        ensure!(
            !self.participant.trim().is_empty(),
            "a participant has a name: give it with --participant"
        );
        let new = New {
            participant: self.participant,
            kind,
            organ_of: self.of,
            country: self.country,
        };
        let recovery = Node::create(&self.dir, &new, &SystemClock, &mut SystemRandom::new()?)?;
        let words = recovery.words_to_keep();
        if terminal.wants_json() {
            terminal.document(json!({ "folder": self.dir, "participant": new.participant, "recovery_key": *words }))?;
            return Ok(Exit::Done);
        }
        let dir = self.dir.display();
        terminal.line(&format!(
            "The node of {} is made, in {dir}.",
            new.participant
        ))?;
        terminal.line("")?;
        terminal.line(&format!("Recovery key: {}", *words))?;
        terminal.line("")?;
        terminal.line("This is the only time that you see it. Write it down, and keep it away from this machine: without it no backup")?;
        terminal.line("opens, and a lost key cannot be replaced.")?;
        terminal.line("")?;
        terminal.line(&format!("Next: entente serve {dir}"))?;
        Ok(Exit::Done)
    }
}
