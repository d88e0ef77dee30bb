//! Labels: a class, which is interned, and the times. Invariant: a class is a conjunction of clauses and never empty, so joining
//! labels can only narrow (rules 3 and 5), and no construction of nothing reads as CLEAR.

use std::collections::BTreeSet;

use stix::{ObjectId, Timestamp};

use crate::clause::{Caveats, Clause, Origin};
use crate::decide::{Reason, decide};
use crate::tlp::Tlp;
use crate::viewer::{Purpose, Viewer};

/// Who may have a record, without its times: every clause must agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class {
    clauses: BTreeSet<Clause>,
}

/// Who may have a record, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Who.
    pub class: Class,
    /// The record stays on the author's node until then.
    pub embargo: Option<Timestamp>,
    /// From then on it is released to nobody.
    pub expiry: Option<Timestamp>,
}

impl Class {
    /// A class of one clause.
    #[must_use]
    pub fn of(clause: Clause) -> Self {
        Self {
            clauses: BTreeSet::from([clause]),
        }
    }

    /// A class of several clauses, all of which must agree. `None` if there are none.
    #[must_use]
    pub fn all_of(clauses: impl IntoIterator<Item = Clause>) -> Option<Self> {
        let mut kept = BTreeSet::new();
        for clause in clauses {
            if kept.iter().any(|other: &Clause| other.covers(&clause)) {
                continue;
            }
            kept.retain(|other| !clause.covers(other));
            kept.insert(clause);
        }
        (!kept.is_empty()).then_some(Self { clauses: kept })
    }

    /// The clauses, at least one, in a canonical order.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter()
    }

    /// The limits of all its clauses at once: what is made of a record has them as well (rule 5). `None` where they are of two exercises:
    /// what is made of both is nobody's.
    #[must_use]
    pub fn caveats(&self) -> Option<Caveats> {
        let mut all = self.clauses.iter().map(|clause| &clause.caveats);
        all.try_fold(Caveats::NONE, |both, one| {
            (!both.is_torn(one)).then(|| both.and(one.clone()))
        })
    }

    /// The strictest TLP of its clauses, which is what pages and exports show.
    #[must_use]
    pub fn tlp(&self) -> Tlp {
        self.clauses
            .iter()
            .map(|clause| clause.tlp)
            .max()
            .unwrap_or(Tlp::Red)
    }

    /// Whether everyone may see it, without signing in.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.clauses
            .iter()
            .all(|clause| clause.admit(&Viewer::public()).is_ok())
            && self.exercise_fits(&Viewer::public())
    }

    /// The exercises that it belongs to: none, one, or several at once, which nobody is in.
    pub(crate) fn exercises(&self) -> BTreeSet<&ObjectId> {
        self.clauses
            .iter()
            .filter_map(|clause| clause.caveats.exercise.as_ref())
            .collect()
    }

    /// Exercise and live never meet: the viewer must come through that exercise and no other. A CLEAR live source does not tie
    /// what an exercise derives from it to the live side.
    pub(crate) fn exercise_fits(&self, viewer: &Viewer) -> bool {
        let played = self
            .clauses
            .iter()
            .any(|clause| clause.caveats.exercise.is_some());
        self.clauses.iter().all(|clause| {
            let excused = played && clause.tlp == Tlp::Clear && clause.caveats.exercise.is_none();
            excused || clause.caveats.exercise == viewer.exercise
        })
    }

    /// Whether the viewer belongs to where every part of this copy comes from and lies.
    pub(crate) fn originates_with(&self, viewer: &Viewer) -> bool {
        self.clauses
            .iter()
            .all(|clause| clause.origin.includes(viewer))
    }

    fn map(&self, change: impl FnMut(Clause) -> Clause) -> Self {
        Self::all_of(self.clauses.iter().cloned().map(change)).unwrap_or_else(|| self.clone())
    }
}

impl Label {
    /// A label without times.
    #[must_use]
    pub fn always(class: Class) -> Self {
        Self {
            class,
            embargo: None,
            expiry: None,
        }
    }

    /// Whether `at` lies between embargo and expiry, or why not.
    pub(crate) fn closed(&self, at: &Timestamp) -> Option<Reason> {
        closed(self.embargo.as_ref(), self.expiry.as_ref(), at)
    }

    /// The label of the same record on a copy that `holder` keeps.
    #[must_use]
    pub fn held_by(&self, holder: &ObjectId) -> Self {
        let class = self.class.map(|mut clause| {
            clause.origin.holder = holder.clone();
            clause.origin.bringer = None;
            clause
        });
        Self {
            class,
            ..self.clone()
        }
    }

    /// The same label on the copy that somebody brought who brought a record under another one.
    #[must_use]
    pub fn brought_as(&self, other: &Self) -> Self {
        let mut clauses = other.class.clauses();
        let bringer = clauses.find_map(|clause| clause.origin.bringer.as_ref());
        let class = self.class.map(|mut clause| {
            clause.origin.bringer = bringer.cloned();
            clause
        });
        Self {
            class,
            ..self.clone()
        }
    }
}

/// Whether `at` lies from `embargo` on and before `expiry`, or why not.
pub(crate) fn closed(
    embargo: Option<&Timestamp>,
    expiry: Option<&Timestamp>,
    at: &Timestamp,
) -> Option<Reason> {
    if embargo.is_some_and(|embargo| at < embargo) {
        Some(Reason::Embargo)
    } else if expiry.is_some_and(|expiry| at >= expiry) {
        Some(Reason::Expired)
    } else {
        None
    }
}

/// Several markings of one record, or labels of one path: the strictest, and the intersection of audiences (rule 3); the latest
/// embargo, the earliest expiry. `None` if there are none. Never wider than any of them.
#[must_use]
pub fn combine<'a>(labels: impl IntoIterator<Item = &'a Label>) -> Option<Label> {
    let (mut clauses, mut embargo, mut expiry) = (Vec::new(), None, None);
    for label in labels {
        clauses.extend(label.class.clauses().cloned());
        embargo = embargo.max(label.embargo.clone());
        expiry = match (expiry, label.expiry.clone()) {
            (Some(a), Some(b)) => Some(std::cmp::min(a, b)),
            (a, b) => a.or(b),
        };
    }
    Some(Label {
        class: Class::all_of(clauses)?,
        embargo,
        expiry,
    })
}

/// The label of what `by` derives from records under `labels` (rule 5): all of them at once, so never wider than any of them.
///
/// Where the source came from or lies with `by`'s organ, that organ takes the author's place (and `by`'s person, under TLP:RED,
/// the writer's); a source that asks for its originator's consent keeps its originator. `None` if there are no sources, or `by` may not have one of them.
#[must_use]
pub fn derive<'a>(
    by: &Viewer,
    labels: impl IntoIterator<Item = &'a Label>,
    at: &Timestamp,
) -> Option<Label> {
    let labels: Vec<&Label> = labels.into_iter().collect();
    if !labels
        .iter()
        .all(|label| decide(by, label, Purpose::Derive, at).is_granted())
    {
        return None;
    }
    let mut joined = combine(labels)?;
    joined.class = joined.class.map(|clause| clause.derived(by));
    Some(joined)
}

/// What passing the record on to `to` comes to: the label on the copy that `to` would hold, if the table allows it at all.
#[must_use]
pub fn onward(label: &Label, to: &Viewer, at: &Timestamp) -> Option<Label> {
    let holder = to.standing.participant.as_ref()?;
    decide(to, label, Purpose::Relay, at)
        .is_granted()
        .then(|| label.held_by(holder))
}

impl Clause {
    fn derived(mut self, by: &Viewer) -> Self {
        let Some(organ) = by.standing.participant.clone() else {
            return self;
        };
        if self.caveats.originator_consent || !self.origin.includes(by) {
            return self;
        }
        if self.tlp == Tlp::Red {
            self.origin.writer.clone_from(&by.person);
        }
        self.by = Some(organ.clone());
        self.origin = Origin {
            author: Some(organ.clone()),
            writer: self.origin.writer,
            holder: organ,
            bringer: None,
        };
        self
    }
}
