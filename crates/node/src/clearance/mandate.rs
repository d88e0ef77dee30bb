//! Who may act for whom, and what needs no asking: the organ's procedure, delegations of signature, standing authorizations. Pure.
//!
//! Invariant: a delegation gives no more than its giver has, cannot be passed on, and ends with its giver's right; a standing
//! authorization never publishes.

use std::fmt;

use policy::{Label, Tlp};
use serde::{Deserialize, Serialize};
use stix::ObjectId;

use super::act::Forbidden;
use super::case::{Case, Step, StepKind};
use crate::clock::{DAY, Micros};
use crate::seal::read_label;

/// What the organ has defined. Without steps, things are as they are on a node of one or two persons: whoever may release sends, and
/// publishing takes a second person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// The steps; `given` is empty in all of them.
    pub steps: Vec<Step>,
    /// Whether somebody else than who asked has to give them, also where nothing is published.
    pub four_eyes: bool,
    /// The desks whose records it is for; none named: all.
    pub desks: Vec<String>,
}

impl Procedure {
    /// Whether it says anything about records of a desk.
    #[must_use]
    pub fn governs(&self, desk: Option<&str>) -> bool {
        let named = || self.desks.iter().any(|own| Some(own.as_str()) == desk);
        !self.steps.is_empty() && (self.desks.is_empty() || named())
    }

    /// The steps of a case: those defined, and a signature where none is among them.
    #[must_use]
    pub fn steps_for(&self, desk: Option<&str>) -> Vec<Step> {
        let mut steps = if self.governs(desk) {
            self.steps.clone()
        } else {
            Vec::new()
        };
        if !steps.iter().any(|step| step.kind == StepKind::Signature) {
            steps.push(Step {
                name: SIGNATURE.to_owned(),
                kind: StepKind::Signature,
                who: Vec::new(),
                given: None,
            });
        }
        for step in &mut steps {
            step.given = None;
        }
        steps
    }

    /// The one signature that is all it asks for, if that is so.
    #[must_use]
    pub fn only_signature(&self) -> Option<&Step> {
        match self.steps.as_slice() {
            [only] if only.kind == StepKind::Signature => Some(only),
            _ => None,
        }
    }

    /// Whether it can be: names, each once.
    ///
    /// # Errors
    /// [`Forbidden::Nonsense`].
    pub fn check(&self) -> Result<(), Forbidden> {
        for (place, step) in self.steps.iter().enumerate() {
            if step.name.trim().is_empty() || step.name.chars().count() > LONGEST_NAME {
                return Err(Forbidden::Nonsense("a step needs a short name"));
            }
            if self
                .steps
                .iter()
                .take(place)
                .any(|other| other.name == step.name)
            {
                return Err(Forbidden::Nonsense("two steps have one name"));
            }
        }
        if self.steps.len() > MOST_STEPS {
            return Err(Forbidden::Nonsense("too many steps"));
        }
        Ok(())
    }
}

/// The name of the step that every loosening takes at least.
pub(crate) const SIGNATURE: &str = "signature";
const MOST_STEPS: usize = 12;
const LONGEST_NAME: usize = 60;
/// The longest that somebody stands in for somebody, and that something is authorized without being asked for.
const LONGEST: Micros = 366 * DAY;

/// Why a delegation does not cover something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// There is none of this number for this person.
    None,
    /// It begins later.
    NotBegun,
    /// Its last day is over, or it was ended.
    Over,
    /// The step, the desk or a publication is not in its scope.
    OutOfScope,
    /// Whoever gave it has not the right any more.
    GiverMayNot,
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "there is none",
            Self::NotBegun => "it has not begun",
            Self::Over => "it is over",
            Self::OutOfScope => "it is out of its scope",
            Self::GiverMayNot => "its giver may not do this any more",
        })
    }
}

/// Somebody stands in for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Its number.
    pub number: u64,
    /// Who gave it.
    pub from: String,
    /// The deputy.
    pub to: String,
    /// The steps, by name; none named: all that the giver has.
    pub steps: Vec<String>,
    /// The desks; none named: all.
    pub desks: Vec<String>,
    /// Whether it reaches publications.
    pub publications: bool,
    /// From when.
    pub begins: Micros,
    /// Until when: from then on it is over.
    pub ends: Micros,
    /// In words: the instruction, the absence.
    pub words: String,
    /// When it was given.
    pub made: Micros,
    /// When it was ended, or found to be over: for good.
    pub ended: Option<Micros>,
}

/// What a delegation says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewDelegation {
    /// The deputy.
    pub to: String,
    /// The steps, by name; none named: all that the giver has.
    pub steps: Vec<String>,
    /// The desks; none named: all.
    pub desks: Vec<String>,
    /// Whether it reaches publications.
    pub publications: bool,
    /// From when.
    pub begins: Micros,
    /// Until when.
    pub ends: Micros,
    /// In words.
    pub words: String,
}

impl NewDelegation {
    pub(crate) fn made(
        self,
        number: u64,
        from: &str,
        now: Micros,
    ) -> Result<Delegation, Forbidden> {
        if self.to == from {
            return Err(Forbidden::Nonsense("nobody stands in for themselves"));
        }
        span(self.begins, self.ends, now)?;
        Ok(Delegation {
            number,
            from: from.to_owned(),
            to: self.to,
            steps: self.steps,
            desks: self.desks,
            publications: self.publications,
            begins: self.begins,
            ends: self.ends,
            words: self.words.trim().to_owned(),
            made: now,
            ended: None,
        })
    }
}

fn span(begins: Micros, ends: Micros, now: Micros) -> Result<(), Forbidden> {
    if ends <= begins || ends <= now {
        return Err(Forbidden::Nonsense(
            "its end lies before its beginning, or behind us",
        ));
    }
    if ends.saturating_sub(begins) > LONGEST {
        return Err(Forbidden::Nonsense("it may last a year at most"));
    }
    Ok(())
}

impl Delegation {
    /// Whether it is over now; said once, it is written down.
    #[must_use]
    pub fn is_over(&self, now: Micros) -> bool {
        self.ended.is_some() || self.ends <= now
    }

    /// Whether it lets its deputy give a step of a case now.
    ///
    /// # Errors
    /// [`Lapse`].
    pub fn covers(&self, case: &Case, step: &Step, now: Micros) -> Result<(), Lapse> {
        if self.is_over(now) {
            return Err(Lapse::Over);
        }
        if now < self.begins {
            return Err(Lapse::NotBegun);
        }
        let in_steps = self.steps.is_empty() || self.steps.contains(&step.name);
        let desk = |desk: &String| self.desks.contains(desk);
        let in_desks = self.desks.is_empty() || case.desk.as_ref().is_some_and(desk);
        // A delegation says where its giver is named: a step that is anybody's needs no deputy.
        let named = step.who.iter().any(|id| id.as_str() == self.from);
        if in_steps && in_desks && named && (self.publications || !case.public) {
            Ok(())
        } else {
            Err(Lapse::OutOfScope)
        }
    }
}

/// What needs no asking: records of certain types, for certain others, until a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its number.
    pub number: u64,
    /// The signatory who gave it.
    pub by: String,
    /// The STIX types that it is for: `indicator`, say.
    pub kinds: Vec<String>,
    /// The desks; none named: all.
    pub desks: Vec<String>,
    /// The widest label that may be given by it.
    pub label: String,
    /// From when.
    pub begins: Micros,
    /// Until when.
    pub ends: Micros,
    /// In words.
    pub words: String,
    /// When it was given.
    pub made: Micros,
    /// When it was ended, or found to be over: for good.
    pub ended: Option<Micros>,
}

/// What a standing authorization says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewStanding {
    /// The STIX types.
    pub kinds: Vec<String>,
    /// The desks; none named: all.
    pub desks: Vec<String>,
    /// How far what it is for may go, and to whom.
    pub marking: crate::submission::Marking,
    /// From when.
    pub begins: Micros,
    /// Until when.
    pub ends: Micros,
    /// In words.
    pub words: String,
}

impl NewStanding {
    pub(crate) fn made(
        self,
        number: u64,
        by: &ObjectId,
        home: &ObjectId,
        now: Micros,
    ) -> Result<Standing, Forbidden> {
        if self.kinds.is_empty() {
            return Err(Forbidden::Nonsense("it names no type of record"));
        }
        span(self.begins, self.ends, now)?;
        let tlp = self.marking.tlp.unwrap_or(Tlp::AmberStrict);
        let mut clause = policy::Clause::own(tlp, home.clone());
        clause.audience = self.marking.audience.iter().cloned().collect();
        let label = Label::always(policy::Class::of(clause));
        if !label.may_stand() {
            return Err(Forbidden::Nonsense(
                "it names those it is for, and is neither TLP:CLEAR nor TLP:RED",
            ));
        }
        Ok(Standing {
            number,
            by: by.to_string(),
            kinds: self.kinds,
            desks: self.desks,
            label: crate::seal::label_text(&label),
            begins: self.begins,
            ends: self.ends,
            words: self.words.trim().to_owned(),
            made: now,
            ended: None,
        })
    }
}

impl Standing {
    /// Whether it is over now; said once, it is written down.
    #[must_use]
    pub fn is_over(&self, now: Micros) -> bool {
        self.ended.is_some() || self.ends <= now
    }

    /// The widest label that may be given by it.
    #[must_use]
    pub fn widest(&self) -> Option<Label> {
        read_label(&self.label)
    }

    /// Whether a record of this type and desk may get this label by it.
    #[must_use]
    pub fn covers(&self, kind: &str, desk: Option<&str>, label: &Label, now: Micros) -> bool {
        let in_time = !self.is_over(now) && self.begins <= now;
        let in_kinds = self.kinds.iter().any(|own| own == kind);
        let in_desks =
            self.desks.is_empty() || self.desks.iter().any(|own| Some(own.as_str()) == desk);
        in_time
            && in_kinds
            && in_desks
            && !label.class.is_public()
            && self
                .widest()
                .is_some_and(|widest| label.lies_within(&widest))
    }
}
