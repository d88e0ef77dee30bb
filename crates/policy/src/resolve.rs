//! From what parties say to the label that holds here: rules 2, 3 and 6. Invariant: a holder only ever adds clauses to the author's.

use std::collections::BTreeSet;

use stix::{ObjectId, Timestamp};

use crate::clause::{Caveats, Clause, Origin};
use crate::label::{Class, Label, combine};
use crate::member::{Desk, Member};
use crate::tlp::Tlp;

/// What one party says about a record: the author in its markings, a holder in its handling, the operator in a collection's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The TLP label, if any was put.
    pub tlp: Option<Tlp>,
    /// The audiences named, all of which must agree. An audience that names nobody is one that is empty; none stated is no entry.
    pub audiences: Vec<BTreeSet<Member>>,
    /// Whom the author let in besides; of a holder's terms, it opens the holder's own clause only.
    pub granted: BTreeSet<Member>,
    /// Other limits.
    pub caveats: Caveats,
    /// Stays on the author's node until then.
    pub embargo: Option<Timestamp>,
    /// Released to nobody from then on.
    pub expiry: Option<Timestamp>,
}

/// A label that an organ put beside the bytes of a copy, in a sealed `handling` record (rule 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handling {
    /// Whose seal it carries.
    pub by: ObjectId,
    /// What it says.
    pub terms: Terms,
}

/// The node's own part in a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct House {
    /// What applies where neither author nor holder put a label; [`Terms::nobody`] at the start.
    pub default: Terms,
    /// The circle that TLP:GREEN means where no community is named; none at the start.
    pub community: Option<Member>,
}

/// Whose label it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// The author's, perhaps tightened by holders.
    Author,
    /// A holder's: the author put none.
    Holder,
    /// The node's default: nobody put any.
    Default,
}

/// The label of a copy, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The label.
    pub label: Label,
    /// Whose it is, which decides who must agree to publishing.
    pub set_by: SetBy,
}

impl Terms {
    /// Nothing said at all.
    #[must_use]
    pub fn silent() -> Self {
        Self {
            tlp: None,
            audiences: Vec::new(),
            granted: BTreeSet::new(),
            caveats: Caveats::NONE,
            embargo: None,
            expiry: None,
        }
    }

    /// A TLP label and nothing else.
    #[must_use]
    pub fn tlp(tlp: Tlp) -> Self {
        Self {
            tlp: Some(tlp),
            ..Self::silent()
        }
    }

    /// AMBER+STRICT for nobody: where a node starts (rule 2).
    #[must_use]
    pub fn nobody() -> Self {
        Self::tlp(Tlp::AmberStrict).to([])
    }

    /// What an unknown TLP or access marking comes to: RED, naming nobody (rule 3).
    #[must_use]
    pub fn unknown() -> Self {
        Self::tlp(Tlp::Red).to([])
    }

    /// The same, for an audience that must agree as well.
    #[must_use]
    pub fn to(mut self, members: impl IntoIterator<Item = Member>) -> Self {
        self.audiences.push(members.into_iter().collect());
        self
    }

    /// Whether a label is put: TLP or audience. Caveats alone limit whatever label there is.
    #[must_use]
    pub fn is_label(&self) -> bool {
        self.tlp.is_some() || !self.audiences.is_empty()
    }

    /// Several markings of one party: the strictest, all audiences, all limits. Two exercises at once contradict each other: RED.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.tlp = if self.caveats.is_torn(&other.caveats) {
            Some(Tlp::Red)
        } else {
            self.tlp.max(other.tlp)
        };
        self.audiences.extend(other.audiences);
        self.granted.extend(other.granted);
        self.caveats = self.caveats.and(other.caveats);
        self.embargo = self.embargo.max(other.embargo);
        self.expiry = earlier(self.expiry, other.expiry);
        self
    }

    fn limits_anything(&self) -> bool {
        self.caveats != Caveats::NONE || self.embargo.is_some() || self.expiry.is_some()
    }

    /// One clause per audience. Caveats alone become a clause that lets everyone through and limits what it limits; an audience
    /// without TLP means that audience and nobody further.
    fn clauses(
        &self,
        by: Option<&ObjectId>,
        desk: Option<Desk>,
        origin: &Origin,
        house: &House,
    ) -> Vec<Clause> {
        if !self.is_label() && !self.limits_anything() {
            return Vec::new();
        }
        let tlp = self.tlp.unwrap_or(if self.audiences.is_empty() {
            Tlp::Clear
        } else {
            Tlp::AmberStrict
        });
        let unnamed = match tlp {
            Tlp::Green => house.community.iter().cloned().collect(),
            _ => BTreeSet::new(),
        };
        let audiences = if self.audiences.is_empty() {
            vec![unnamed]
        } else {
            self.audiences.clone()
        };
        let clause = |audience| Clause {
            tlp,
            audience,
            granted: self.granted.clone(),
            by: by.cloned(),
            desk,
            origin: origin.clone(),
            caveats: self.caveats.clone(),
        };
        audiences.into_iter().map(clause).collect()
    }
}

/// The label of a copy: the author's terms, each holder's along the one path by which it came, and the house's (rules 2, 3, 6).
///
/// A handling under the author's own seal belongs to the author's terms: it may name the audience that the bytes leave open, let
/// somebody in besides, and tighten; it cannot loosen what the bytes say. Handlings of others only tighten.
#[must_use]
pub fn resolve(
    origin: &Origin,
    desk: Option<Desk>,
    author: &Terms,
    path: &[Handling],
    house: &House,
) -> Resolved {
    let is_authors = |handling: &&Handling| origin.author.as_ref() == Some(&handling.by);
    let own = path
        .iter()
        .filter(is_authors)
        .fold(author.clone(), |terms, own| terms.and(own.terms.clone()));
    let others: Vec<&Handling> = path
        .iter()
        .filter(|handling| !is_authors(handling))
        .collect();

    let mut clauses = own.clauses(origin.author.as_ref(), desk, origin, house);
    for handling in &others {
        clauses.extend(
            handling
                .terms
                .clauses(Some(&handling.by), desk, origin, house),
        );
    }
    let set_by = if own.is_label() {
        SetBy::Author
    } else if others.iter().any(|handling| handling.terms.is_label()) {
        SetBy::Holder
    } else {
        clauses.extend(
            house
                .default
                .clauses(Some(&origin.holder), desk, origin, house),
        );
        SetBy::Default
    };
    let default = (set_by == SetBy::Default).then_some(&house.default);
    let said = || {
        let others = others.iter().map(|handling| &handling.terms);
        [&own].into_iter().chain(others).chain(default)
    };
    let speakers = if own.is_label() { 1 } else { usize::MAX };
    if let Some(exercise) = said()
        .take(speakers)
        .find_map(|terms| terms.caveats.exercise.as_ref())
    {
        for clause in &mut clauses {
            clause
                .caveats
                .exercise
                .get_or_insert_with(|| exercise.clone());
        }
    }
    let class = Class::all_of(clauses).unwrap_or_else(|| Class::of(Clause::nobody(desk, origin)));
    let embargo = said().filter_map(|terms| terms.embargo.clone()).max();
    let expiry = said().filter_map(|terms| terms.expiry.clone()).min();
    Resolved {
        label: Label {
            class,
            embargo,
            expiry,
        },
        set_by,
    }
}

/// The labels that count when a record came by several paths: the least strict, so whoever any of them lets in (rule 6). Each is
/// a position of its own. None is below the author's own label, because [`resolve`] put that into every one.
#[must_use]
pub fn least_strict(paths: impl IntoIterator<Item = Label>) -> Vec<Label> {
    let mut kept: Vec<Label> = Vec::new();
    for label in paths {
        if kept.iter().any(|other| label.covers(other)) {
            continue;
        }
        kept.retain(|other| !other.covers(&label));
        kept.push(label);
    }
    kept
}

/// The label of all earlier versions once the author has put `new` in place of `old`: tightening governs them, loosening does
/// not reach back (rules 7, 8).
#[must_use]
pub fn retroactive(old: &Label, new: &Label) -> Label {
    combine([old, new]).unwrap_or_else(|| old.clone())
}

impl Clause {
    fn nobody(desk: Option<Desk>, origin: &Origin) -> Self {
        let mut clause = Self::own(Tlp::AmberStrict, origin.holder.clone());
        clause.desk = desk;
        clause.origin = origin.clone();
        clause
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
