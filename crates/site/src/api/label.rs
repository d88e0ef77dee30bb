//! The label that a program chooses. Invariant: a token lets nobody have anything beyond the node's own participant.

use axum::http::StatusCode;
use node::submission::Marking;
use policy::Tlp;
use serde::Deserialize;

use super::problem::Problem;
use crate::shell::failure::Failure;
use crate::shell::visitor::{Role, Visitor};

/// A label as a program sends it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The name of a TLP.
    pub tlp: String,
    /// Participants, persons, circles, by id or name.
    #[serde(default)]
    pub r#for: Vec<String>,
}

/// The label that was chosen; our own participant's alone where none was.
///
/// # Errors
/// When it is none, names somebody who is not known, or would let others have it without a person who may do so.
pub fn marking(visitor: &Visitor, label: Option<&Label>) -> Result<Marking, Failure> {
    let Some(label) = label else {
        return Ok(Marking {
            tlp: Some(Tlp::AmberStrict),
            audience: Vec::new(),
        });
    };
    let (node, viewer) = (visitor.node(), visitor.viewer());
    let marking = node.marking_for(viewer, Some(&label.tlp), &label.r#for);
    let marking = marking.map_err(|error| Problem::wrong("/label", format!("{error:#}")))?;
    // Without a name, GREEN is for the community; CLEAR waits for a second person.
    let open = marking.tlp.is_some_and(Tlp::is_for_community);
    let leaves = !marking.audience.is_empty() || open;
    let in_person = visitor
        .actor
        .as_ref()
        .is_some_and(|actor| actor.scope().is_none());
    if leaves && !(in_person && visitor.has(Role::Releaser)) {
        let said = "This label lets others have it. A token never does that: write it for your own participant, and let somebody who releases share it.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "release", said).into());
    }
    Ok(marking)
}
