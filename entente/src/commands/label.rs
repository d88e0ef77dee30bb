//! `--tlp`: a label that the operator sets, beside what the author says.

use anyhow::Result;
use node::submission::Marking;
use policy::Tlp;
use serde::{Deserialize, Serialize};

/// How far it may go.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
pub(crate) struct Chosen {
    /// The label: CLEAR, GREEN, AMBER, AMBER+STRICT or RED. It is yours, beside the author's, and never loosens that.
    #[arg(long, value_name = "LABEL", value_parser = tlp)]
    tlp: Option<String>,
}

fn tlp(text: &str) -> Result<String, String> {
    let known = text.parse::<Tlp>().map(|tlp| tlp.name().to_owned());
    known.map_err(|_| "the labels are CLEAR, GREEN, AMBER, AMBER+STRICT and RED".to_owned())
}

impl Chosen {
    /// The marking.
    pub(crate) fn marking(&self) -> Result<Marking> {
        let tlp = self.tlp.as_deref().map(str::parse::<Tlp>).transpose()?;
        Ok(Marking {
            tlp,
            audience: Vec::new(),
        })
    }
}
