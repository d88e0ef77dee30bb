//! Who could give a step that waits: a case that nobody can ever sign is better known at once.

use anyhow::Result;
use stix::ObjectId;

use super::act::Hand;
use super::book::Clearance;
use super::case::{Case, Step, StepKind};
use crate::users::{Right, Roles, State};

impl Clearance<'_> {
    /// Those who sign in here with the right to give a step of a kind, whoever is named for it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn able(&self, kind: StepKind) -> Result<Vec<ObjectId>> {
        let mut able = Vec::new();
        for login in self.node.read()?.logins()? {
            let rights = Roles::parse(&login.roles)?;
            if State::parse(&login.state) == State::Active && rights.allow(right(kind)) {
                able.push(ObjectId::parse(&login.person)?);
            }
        }
        Ok(able)
    }

    /// Whether one of the steps that something would take now, asked for by somebody, is one that nobody here could give.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn would_stay(
        &self,
        asked_by: &ObjectId,
        public: bool,
        desk: Option<&str>,
    ) -> Result<bool> {
        let procedure = self.node.register().rules().procedure.clone();
        let steps = procedure.steps_for(desk);
        let case = Case {
            number: 0,
            asked_by: asked_by.to_string(),
            asked_at: self.node.now(),
            by_hand: true,
            records: Vec::new(),
            held: String::new(),
            label: None,
            public,
            four_eyes: procedure.four_eyes && procedure.governs(desk),
            desk: desk.map(str::to_owned),
            page: None,
            steps,
            silence: None,
            wanted: None,
            delay: 0,
            not_before: None,
            state: super::case::State::Open,
            next: 0,
            left: 0,
            events: Vec::new(),
        };
        for step in &case.steps {
            if self.givers(&case, step)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Those who sign in here and may give a step of a case when its turn comes, for themselves or as the deputy of somebody who still may;
    /// whether they may see its records is another question. Who asked does not count where a second person is needed.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn givers(&self, case: &Case, step: &Step) -> Result<Vec<ObjectId>> {
        let logins = self.node.read()?.logins()?;
        let able = self.able(step.kind)?;
        let (rules, now) = (self.node.register().rules().clone(), self.node.now());
        let second = case.public || case.four_eyes;
        let asked = |person: &str| second && person == case.asked_by;
        let mut givers = Vec::new();
        for login in logins {
            let rights = Roles::parse(&login.roles)?;
            let may = State::parse(&login.state) == State::Active && rights.allow(right(step.kind));
            if !may || asked(&login.person) {
                continue;
            }
            let own = Hand {
                person: login.person.clone(),
                instead_of: None,
                releases: rights.allow(Right::Release),
                stops: false,
            };
            let stands_in = rules.delegations.iter().any(|given| {
                given.to.as_str() == login.person
                    && !asked(&given.from)
                    && able.iter().any(|one| one.as_str() == given.from)
                    && given.covers(case, step, now).is_ok()
            });
            if step.is_for(&own) || stands_in {
                givers.push(ObjectId::parse(&login.person)?);
            }
        }
        Ok(givers)
    }
}

/// The right that a step of a kind takes.
fn right(kind: StepKind) -> Right {
    match kind {
        StepKind::Visa => Right::Read,
        StepKind::Signature => Right::Release,
    }
}
