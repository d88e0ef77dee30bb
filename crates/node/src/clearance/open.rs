//! Opening a case about records that are here: for a desk, a form, a program.

use anyhow::{Context, Result};
use policy::{Label, Purpose, Terms, decide};
use serde_json::json;
use stix::{ObjectId, Timestamp};
use store::Held;

use super::act::{Act, Forbidden, Hand};
use super::book::{Clearance, next_number, put, told};
use super::case::{Case, Event, State, What};
use super::holding::{Asked, merge, opened, signs_alone};
use crate::clock::Micros;
use crate::labelling::Came;
use crate::labels::authors_terms;
use crate::pending::Pending;
use crate::relabel::{good, label_of, relabel};
use crate::seal::label_text;
use crate::submission::{Channel, Marking};
use crate::users::{Actor, Refused, Right};
use crate::writer::Change;

/// What somebody asks for.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// The objects; the newest version of each that they may see.
    pub records: Vec<ObjectId>,
    /// How far they are to go and to whom; `None` where they stay as they are and are to be agreed on in silence.
    pub marking: Option<Marking>,
    /// A silence: its deadline, the zone in which it was put, who is asked.
    pub silence: Option<(Micros, String, Vec<ObjectId>)>,
    /// The address of the desk's own page of it.
    pub page: Option<String>,
    /// In words, for whoever gives the steps.
    pub words: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A case, by its number.
    Case(u64),
    /// Nothing stood before it: it is done.
    AtOnce,
}

impl Clearance<'_> {
    /// Opens a case: at its release the records get the label, or, without one, are agreed on. Where the organ has defined no steps, and
    /// nothing is published, whoever may release does so at once.
    ///
    /// # Errors
    /// [`Refused`] by roles; [`Forbidden`], for what may not be seen as for what is absent; those of the storage.
    pub fn open(&self, opening: Opening, by: &Actor) -> Pending<Opened> {
        let by = by.clone();
        self.node.change(move |change| {
            let right = if by.may(Right::Write) {
                Right::Write
            } else {
                Right::Release
            };
            change.authorize(&by, right)?;
            if by.is_at_terminal() {
                return Err(Refused::NotAllowed(right).into());
            }
            let found = find(change, &opening.records, &by)?;
            match &opening.marking {
                Some(marking) => widen(change, &found, marking, &opening, &by),
                None => agree(change, &found, &opening, &by),
            }
        })
    }
}

/// The newest versions that somebody may see and that are ours to speak for.
fn find(change: &mut Change<'_, '_>, ids: &[ObjectId], by: &Actor) -> Result<Vec<Held>> {
    let home = change.register.home().clone();
    let viewer = change
        .register
        .viewer(&home, Some(&by.person), by.viewer.machine);
    let at = Timestamp::from_micros(change.now);
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let object = change.txn.object_no(id)?.ok_or(Forbidden::Absent)?;
        let held = change
            .txn
            .latest_of(object)?
            .filter(|held| !held.erased)
            .ok_or(Forbidden::Absent)?;
        let label = label_of(change, held.recno)?;
        if !decide(&viewer, &label, Purpose::Show, &at).is_granted() {
            return Err(Forbidden::Absent.into());
        }
        let by_us = Channel::parse(&held.channel).is_some_and(|door| door.is_ours());
        if !by_us || held.author.as_ref().is_some_and(|author| *author != home) {
            return Err(Forbidden::NotOurs.into());
        }
        found.push(held);
    }
    if found.is_empty() {
        return Err(Forbidden::Nonsense("it names no record").into());
    }
    Ok(found)
}

fn widen(
    change: &mut Change<'_, '_>,
    found: &[Held],
    marking: &Marking,
    opening: &Opening,
    by: &Actor,
) -> Result<Opened> {
    let mut wanted: Vec<(i64, Label, Label)> = Vec::new();
    for record in found {
        let held = label_of(change, record.recno)?;
        let label = asked_label(change, record, &held, marking)?;
        if label.covers(&held) {
            return Err(Forbidden::NothingWider.into());
        }
        wanted.push((record.recno, held, label));
    }
    let desk = wanted
        .first()
        .and_then(|(_, held, _)| held.class.clauses().find_map(|clause| clause.desk));
    let desk = desk.map(|desk| desk.as_str().to_owned());
    let public = wanted.iter().any(|(_, _, label)| label.class.is_public());
    let governed = change.register.rules().procedure.governs(desk.as_deref());
    // Who may release does it in person: no program does, whosever token it has.
    let at_once = if by.scope().is_some() {
        false
    } else if governed {
        signs_alone(change, by.person.as_str())
    } else {
        change.has_right(by.person.as_str(), Right::Release)?
    };
    if at_once && !public && opening.silence.is_none() {
        for (recno, _, label) in &wanted {
            relabel(change, *recno, label)?;
            change.note(
                by,
                "clearance.own-signature",
                &format!("record {recno}"),
                &json!({}),
            )?;
        }
        return Ok(Opened::AtOnce);
    }
    let [(_, held, label), rest @ ..] = wanted.as_slice() else {
        return Err(Forbidden::Absent.into());
    };
    if rest
        .iter()
        .any(|(_, other, wide)| other != held || wide != label)
    {
        return Err(Forbidden::Nonsense("its records have different labels; ask for each").into());
    }
    let asked = Asked {
        by: by.person.to_string(),
        records: wanted.iter().map(|(recno, ..)| (*recno, *recno)).collect(),
        held: label_text(held),
        label: label_text(label),
        desk,
        by_hand: true,
    };
    let same = |case: &Case| {
        case.label.as_ref() == Some(&asked.label)
            && case
                .numbers()
                .any(|number| asked.records.contains(&(number, number)))
    };
    if super::book::open_cases(change.txn)?.iter().any(same) {
        return Err(Forbidden::OpenAlready.into());
    }
    let mut case = opened(change, &asked)?;
    case.records = asked.records;
    begin(change, case, opening, by)
}

/// The label that a marking comes to, for a record of ours that does not say itself how far it goes.
fn asked_label(
    change: &mut Change<'_, '_>,
    record: &Held,
    held: &Label,
    marking: &Marking,
) -> Result<Label> {
    let looked = good(change, record.recno)?.context("a record cannot be read any more")?;
    let source = Channel::parse(&record.channel).map_or_else(String::new, |door| door.source());
    if authors_terms(&looked.header, &source, &mut change.definitions())?
        .terms
        .is_label()
    {
        return Err(Forbidden::SaysItself.into());
    }
    let clause = held
        .class
        .clauses()
        .next()
        .context("a label has no clause")?;
    let came = Came {
        parts: Vec::new(),
        ours: marking.terms(&Channel::Local).unwrap_or_else(Terms::silent),
        origin: clause.origin.clone(),
        desk: clause.desk,
    };
    let (label, publish) = came.join(change.register, Some(&Terms::silent()));
    Ok(publish.unwrap_or(label))
}

fn agree(
    change: &mut Change<'_, '_>,
    found: &[Held],
    opening: &Opening,
    by: &Actor,
) -> Result<Opened> {
    if opening.silence.is_none() {
        return Err(Forbidden::Nonsense(
            "what gets no label is agreed on in silence: it takes a deadline",
        )
        .into());
    }
    let Some(first) = found.first() else {
        return Err(Forbidden::Absent.into());
    };
    let held = label_of(change, first.recno)?;
    let desk = held.class.clauses().find_map(|clause| clause.desk);
    let case = Case {
        number: next_number(change)?,
        asked_by: by.person.to_string(),
        asked_at: change.now,
        by_hand: true,
        records: found.iter().map(|held| (held.recno, held.recno)).collect(),
        held: label_text(&held),
        label: None,
        public: false,
        four_eyes: false,
        desk: desk.map(|desk| desk.as_str().to_owned()),
        page: None,
        steps: Vec::new(),
        silence: None,
        wanted: None,
        delay: 0,
        not_before: None,
        state: State::Open,
        next: 0,
        left: 0,
        events: vec![Event {
            at: change.now,
            by: Some(by.person.to_string()),
            instead_of: None,
            what: What::Opened,
            words: String::new(),
        }],
    };
    begin(change, case, opening, by)
}

fn begin(
    change: &mut Change<'_, '_>,
    mut case: Case,
    opening: &Opening,
    by: &Actor,
) -> Result<Opened> {
    merge(&mut case.records);
    case.page = opening
        .page
        .clone()
        .filter(|page| page.starts_with('/') && !page.starts_with("//"));
    if let Some(first) = case.events.first_mut() {
        opening.words.trim().clone_into(&mut first.words);
    }
    if let Some((until, zone, of)) = &opening.silence {
        let hand = Hand {
            person: by.person.to_string(),
            instead_of: None,
            releases: false,
            stops: true,
        };
        let act = Act::BeginSilence {
            until: *until,
            zone: zone.clone(),
            of: of.clone(),
        };
        case.act(&act, &hand, "", change.now)?;
    }
    put(change, &case)?;
    let (subject, detail) = told(&case, json!({}))?;
    change.note(by, "clearance.open", &subject, &detail)?;
    Ok(Opened::Case(case.number))
}
