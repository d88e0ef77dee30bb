//! What the organ lays down: its procedure, who stands in for whom, what needs no asking. Each change is a line of the trail.

use serde_json::Value;

use super::act::{Forbidden, Hand};
use super::book::Clearance;
use super::case::StepKind;
use super::holding::{Rules, write_rules};
use super::mandate::{Delegation, NewDelegation, NewStanding, Procedure, Standing};
use crate::pending::Pending;
use crate::users::{Actor, Refused, Right};

impl Clearance<'_> {
    /// What the organ has defined.
    #[must_use]
    pub fn procedure(&self) -> Procedure {
        self.node.register().rules().procedure.clone()
    }

    /// Defines it anew. Cases that are open keep the steps that they were opened with.
    ///
    /// # Errors
    /// [`Refused`]; [`Forbidden::Nonsense`].
    pub fn define(&self, procedure: Procedure, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.node.change(move |change| {
            change.authorize(&by, Right::Register)?;
            procedure.check()?;
            let detail = serde_json::to_value(&procedure)?;
            let mut rules = change.register.rules().as_ref().clone();
            rules.procedure = procedure;
            write_rules(change, &rules)?;
            change.note(&by, "clearance.define", "clearance", &detail)
        })
    }

    /// All delegations, those that are over included.
    #[must_use]
    pub fn delegations(&self) -> Vec<Delegation> {
        self.node.register().rules().delegations.clone()
    }

    /// Lets somebody stand in for oneself.
    ///
    /// # Errors
    /// [`Refused`]; [`Forbidden::Nonsense`] for somebody who does not sign in here, or a span that cannot be.
    pub fn delegate(&self, new: NewDelegation, by: &Actor) -> Pending<u64> {
        let by = by.clone();
        self.node.change(move |change| {
            change.authorize(&by, Right::Read)?;
            if by.is_at_terminal() {
                return Err(Refused::NotAllowed(Right::Read).into());
            }
            if !change.has_right(&new.to, Right::Read)? {
                return Err(Forbidden::Nonsense("the deputy does not sign in here").into());
            }
            let mut rules = change.register.rules().as_ref().clone();
            let number = rules
                .delegations
                .iter()
                .map(|one| one.number)
                .max()
                .unwrap_or(0)
                + 1;
            let made = new.made(number, by.person.as_str(), change.now)?;
            let detail = serde_json::to_value(Delegation {
                words: String::new(),
                ..made.clone()
            })?;
            rules.delegations.push(made);
            write_rules(change, &rules)?;
            change.note(
                &by,
                "clearance.delegate",
                &format!("delegation {number}"),
                &detail,
            )?;
            Ok(number)
        })
    }

    /// Ends a delegation, by its giver, its deputy or whoever keeps the register.
    ///
    /// # Errors
    /// [`Refused`]; [`Forbidden`].
    pub fn end_delegation(&self, number: u64, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.node.change(move |change| {
            let mut rules: Rules = change.register.rules().as_ref().clone();
            let found = rules
                .delegations
                .iter_mut()
                .find(|one| one.number == number);
            let theirs = found
                .as_ref()
                .is_some_and(|one| by.is(&one.from) || by.is(&one.to));
            change.authorize(&by, if theirs { Right::Read } else { Right::Register })?;
            let found = found.ok_or(Forbidden::Absent)?;
            if found.ended.is_some() {
                return Err(Forbidden::Over.into());
            }
            found.ended = Some(change.now);
            write_rules(change, &rules)?;
            change.note(
                &by,
                "clearance.end-delegation",
                &format!("delegation {number}"),
                &Value::Null,
            )
        })
    }

    /// All standing authorizations, those that are over included.
    #[must_use]
    pub fn standing(&self) -> Vec<Standing> {
        self.node.register().rules().standing.clone()
    }

    /// Authorizes what is asked for often, until a date: by a signatory only.
    ///
    /// # Errors
    /// [`Refused`]; [`Forbidden::NotYours`] for who signs nothing; [`Forbidden::Nonsense`].
    pub fn authorize(&self, new: NewStanding, by: &Actor) -> Pending<u64> {
        let by = by.clone();
        self.node.change(move |change| {
            change.authorize(&by, Right::Release)?;
            if by.is_at_terminal() {
                return Err(Refused::NotAllowed(Right::Release).into());
            }
            let mut rules = change.register.rules().as_ref().clone();
            let own = Hand {
                person: by.person.to_string(),
                instead_of: None,
                releases: true,
                stops: false,
            };
            let steps = rules
                .procedure
                .steps_for(new.desks.first().map(String::as_str));
            if !steps
                .iter()
                .any(|step| step.kind == StepKind::Signature && step.is_for(&own))
            {
                return Err(Forbidden::NotYours.into());
            }
            let number = rules
                .standing
                .iter()
                .map(|one| one.number)
                .max()
                .unwrap_or(0)
                + 1;
            let made = new.made(number, &by.person, change.register.home(), change.now)?;
            let detail = serde_json::to_value(Standing {
                words: String::new(),
                ..made.clone()
            })?;
            rules.standing.push(made);
            write_rules(change, &rules)?;
            change.note(
                &by,
                "clearance.authorize",
                &format!("standing {number}"),
                &detail,
            )?;
            Ok(number)
        })
    }

    /// Ends a standing authorization: whoever may stop something, at once.
    ///
    /// # Errors
    /// [`Refused`]; [`Forbidden`].
    pub fn end_standing(&self, number: u64, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.node.change(move |change| {
            change.authorize(&by, Right::Stop)?;
            let mut rules = change.register.rules().as_ref().clone();
            let found = rules.standing.iter_mut().find(|one| one.number == number);
            let found = found.ok_or(Forbidden::Absent)?;
            if found.ended.is_some() {
                return Err(Forbidden::Over.into());
            }
            found.ended = Some(change.now);
            write_rules(change, &rules)?;
            change.note(
                &by,
                "clearance.end-standing",
                &format!("standing {number}"),
                &Value::Null,
            )
        })
    }
}
