//! `--tlp` and `--for`: a label that the operator sets, beside what the author says.

use anyhow::Result;
use node::Node;
use node::submission::Marking;
use policy::{Terms, Tlp};
use serde::{Deserialize, Serialize};

use super::names;

/// How far it may go, and to whom.
#[derive(Debug, Clone, Default, clap::Args, Serialize, Deserialize)]
pub(crate) struct Chosen {
    /// The label: CLEAR, GREEN, AMBER, AMBER+STRICT or RED. It is yours, beside the author's, and never loosens that.
    #[arg(long, value_name = "LABEL", value_parser = tlp)]
    tlp: Option<String>,
    /// A participant, person or circle that it is for; may be repeated. Naming nobody means nobody.
    #[arg(long = "for", value_name = "WHO")]
    audience: Vec<String>,
}

fn tlp(text: &str) -> Result<String, String> {
    let known = text.parse::<Tlp>().map(|tlp| tlp.name().to_owned());
    known.map_err(|_| "the labels are CLEAR, GREEN, AMBER, AMBER+STRICT and RED".to_owned())
}

impl Chosen {
    /// The marking. A name that this node does not know is refused, with those that may be meant.
    pub(crate) fn marking(&self, node: &Node) -> Result<Marking> {
        for name in &self.audience {
            names::member(node, name)?;
        }
        node.marking(self.tlp.as_deref(), &self.audience)
    }
}

/// A label as an operator would have typed it: `TLP:AMBER for Belmark`. `None` where nothing is said.
pub(crate) fn in_words(node: &Node, terms: &Terms) -> Option<String> {
    if !terms.is_label() && terms.audiences.is_empty() {
        return None;
    }
    let tlp = terms.tlp.map_or_else(
        || "label as the author says".to_owned(),
        |tlp| tlp.to_string(),
    );
    let audiences: Vec<String> = terms
        .audiences
        .iter()
        .map(|audience| {
            let names: Vec<String> = audience
                .iter()
                .map(|member| names::of(node, member))
                .collect();
            if names.is_empty() {
                " for nobody".to_owned()
            } else {
                format!(" for {}", names.join(", "))
            }
        })
        .collect();
    Some(tlp + &audiences.concat())
}
