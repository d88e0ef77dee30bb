//! Reading the register for somebody: series, sessions, texts, commitments and what became of them.
//! Invariant: every list is one seek by a facet and comes as [`policy::Released`].

use std::ops::Deref;

use anyhow::Result;
pub use desk::ALWAYS;
use node::Node;
use policy::{Purpose, Viewer};
use site::Visitor;
use stix::ObjectId;

use crate::DESK;
use crate::records::{Appraisal, Kind};

mod announced;
mod judged;
mod known;
mod replaced;
mod same;
mod silences;
mod spoken;
mod twins;
mod voices;
mod work;

pub use announced::Announced;
pub use judged::Judged;
pub use known::{Home, Known, More};
pub use replaced::Earlier;
pub use silences::Running;
pub use spoken::{Spoken, held_between};
pub use twins::{Also, Folded, Pair, Twin};
pub use voices::{ForSide, InName};
pub use work::Work;

/// The register as one viewer sees it: what every desk can ask, and what this one adds.
pub struct Register<'a>(desk::Register<'a>);

impl<'a> Deref for Register<'a> {
    type Target = desk::Register<'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a> Register<'a> {
    /// For a viewer and a purpose.
    pub fn new(node: &'a Node, viewer: Viewer, purpose: Purpose) -> Self {
        Self(desk::Register::new(node, DESK, viewer, purpose))
    }

    /// As a visitor of its pages sees it, whose page says where a list that is to be whole ends early.
    pub fn of(visitor: &'a Visitor) -> Self {
        Self(desk::Register::of(visitor, DESK))
    }

    /// On a page of a visitor's, as another viewer sees it.
    pub fn of_as(visitor: &'a Visitor, viewer: Viewer) -> Self {
        let register = desk::Register::new(visitor.node(), DESK, viewer, Purpose::Show);
        Self(register.on_page_of(visitor))
    }

    /// As this node's own participant sees it.
    pub fn at_home(node: &'a Node) -> Self {
        Self::new(node, node.home_viewer(), Purpose::Show)
    }

    /// Whether a record waits for its release: a case about it is open.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn waits(&self, id: &ObjectId) -> Result<bool> {
        Ok(!self.node().clearance().about(self.viewer(), id)?.is_empty())
    }
}

/// Makes the desk known to a node, right after it was opened: its facets, and that judgments leave by a signature alone.
pub fn declare(node: &Node) {
    node.declare(crate::facets::FACETS);
    node.declare_awaiting(crate::facets::AWAITING);
    node.declare_signed(&[Appraisal::TYPE]);
}
