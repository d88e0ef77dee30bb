//! Who could give a step that waits: a case that nobody can ever sign is better known at once.

use anyhow::Result;
use stix::ObjectId;

use super::act::Hand;
use super::book::Clearance;
use super::case::{Case, Step, StepKind};
use crate::users::{Right, Roles, State};

impl Clearance<'_> {
    /// Those who sign in here and may give a step of a case when its turn comes, for themselves or as a deputy; whether they may see its
    /// records is another question. Who asked does not count where a second person is needed.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn givers(&self, case: &Case, step: &Step) -> Result<Vec<ObjectId>> {
        let logins = self.node.read()?.logins()?;
        let (rules, now) = (self.node.register().rules().clone(), self.node.now());
        let second = case.public || case.four_eyes;
        let asked = |person: &str| second && person == case.asked_by;
        let mut givers = Vec::new();
        for login in logins {
            let rights = Roles::parse(&login.roles)?;
            let right = match step.kind {
                StepKind::Visa => Right::Read,
                StepKind::Signature => Right::Release,
            };
            let may = State::parse(&login.state) == State::Active && rights.allow(right);
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
                    && given.covers(case, step, now).is_ok()
            });
            if step.is_for(&own) || stands_in {
                givers.push(ObjectId::parse(&login.person)?);
            }
        }
        Ok(givers)
    }
}
