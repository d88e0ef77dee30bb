//! Who may have what a desk writes, as somebody chose it. Invariant: what everybody may see waits for a second person.

use node::Node;
use node::submission::Marking;
use policy::{Caveats, Class, Clause, Member};
use stix::Timestamp;
use stix::marking::{Audience, TlpName};

/// Who may have what is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Label {
    /// Nobody beyond this node's own participant.
    #[default]
    Ours,
    /// Those named, as far as the label says.
    To(TlpName, Vec<Audience>),
    /// Everybody, once a second person has agreed.
    Public,
}

impl Label {
    /// The label that somebody chose: their own word as the author, but that what everybody may see waits for a second person.
    pub fn chosen(node: &Node, marking: &Marking) -> Self {
        let Some(tlp) = marking.tlp else {
            return Self::Ours;
        };
        if Class::of(Clause::own(tlp, node.home().id.clone())).is_public() {
            return Self::Public;
        }
        match TlpName::parse(tlp.name()) {
            Some(name) => Self::To(name, audience(marking)),
            None => Self::Ours,
        }
    }

    /// The label that a record of our own has already, for its next version.
    pub fn same(label: &policy::Label) -> Self {
        if label.class.is_public() {
            return Self::Public;
        }
        let marking = Self::marking(label);
        let audience = audience(&marking);
        match (
            TlpName::parse(label.class.tlp().name()),
            audience.is_empty(),
        ) {
            (None, _) | (Some(TlpName::AmberStrict), true) => Self::Ours,
            (Some(name), _) => Self::To(name, audience),
        }
    }

    /// Whether how far a label goes and whom it names is all that it says: of an embargo, an expiry or a caveat a form says nothing, and the
    /// next version would be without.
    pub fn says_all(label: &policy::Label, now: &Timestamp) -> bool {
        let lies_ahead = |until: &Timestamp| until > now;
        let plain = |clause: &Clause| clause.caveats == Caveats::NONE;
        !label.embargo.as_ref().is_some_and(lies_ahead)
            && label.expiry.is_none()
            && label.class.clauses().all(plain)
    }

    /// How far a label goes and whom it names, as somebody would choose it.
    pub fn marking(label: &policy::Label) -> Marking {
        site::marking_anew(label)
    }

    /// Whether it lets anybody have it beyond this node's own participant.
    pub fn leaves(&self) -> bool {
        match self {
            Self::Ours => false,
            Self::To(_, audience) => !audience.is_empty(),
            Self::Public => true,
        }
    }
}

/// Those whom a marking names, as a marking definition has them.
fn audience(marking: &Marking) -> Vec<Audience> {
    let named = marking.audience.iter().map(|member| match member {
        Member::Participant(id) | Member::Person(id) => Audience::Identity(id.clone()),
        Member::Circle { id, .. } => Audience::Circle(id.as_str().to_owned()),
    });
    named.collect()
}
