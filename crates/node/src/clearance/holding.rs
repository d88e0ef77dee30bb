//! What is held at the entrance until it is cleared, and how cases come to be from what is asked for in one commit.
//!
//! Invariant: what is held is seen by nobody whom its own label does not let in, and by nobody beyond this node's participant.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use policy::{CircleId, Desk, Label};
use serde_json::json;
use stix::marking::{Audience, Marking};
use stix::{Object, ObjectId, Timestamp, View};
use store::Look;

use super::act::Hand;
use super::case::{Case, Event, State, Step, What};
use super::mandate::{Delegation, Procedure, Standing};
use crate::accept::Lot;
use crate::clock::Micros;
use crate::reading::{Good, UNBOUNDED};
use crate::relabel::label_of;
use crate::seal::{SEAL_EXTENSION_ID, label_text, read_label};
use crate::submission::Channel;
use crate::users::Right;
use crate::writer::Change;

/// Under which names the rules are kept.
pub(super) const PROCEDURE: &str = "clearance.procedure";
pub(super) const DELEGATIONS: &str = "clearance.delegations";
pub(super) const STANDING: &str = "clearance.standing";

/// What the organ has laid down: its procedure, and who may act for whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    pub procedure: Procedure,
    pub delegations: Vec<Delegation>,
    pub standing: Vec<Standing>,
}

impl Rules {
    /// Reads them.
    pub(crate) fn load(look: &Look) -> Result<Self> {
        fn list<T: serde::de::DeserializeOwned + Default>(look: &Look, name: &str) -> Result<T> {
            let json = look.meta(name)?;
            json.map_or_else(
                || Ok(T::default()),
                |json| serde_json::from_slice(&json).with_context(|| format!("{name} is damaged")),
            )
        }
        Ok(Self {
            procedure: list(look, PROCEDURE)?,
            delegations: list(look, DELEGATIONS)?,
            standing: list(look, STANDING)?,
        })
    }
}

/// What is asked for in this commit.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub by: String,
    pub records: Vec<(i64, i64)>,
    pub held: String,
    pub label: String,
    pub desk: Option<String>,
    pub by_hand: bool,
}

/// Asks that a record gets a label: joins it to what is asked for in the same commit, by the same door, for the same label.
pub(crate) fn ask(change: &mut Change<'_, '_>, by: &str, recno: i64, label: &Label) -> Result<()> {
    let held = label_of(change, recno)?;
    let desk = held.class.clauses().find_map(|clause| clause.desk);
    let desk = desk.map(|desk| desk.as_str().to_owned());
    let (held, label) = (label_text(&held), label_text(label));
    if let Some(open) = change.asked.last_mut()
        && open.by == by
        && open.label == label
        && open.held == held
    {
        match open.records.last_mut() {
            Some((_, last)) if *last + 1 == recno => *last = recno,
            _ => open.records.push((recno, recno)),
        }
        return Ok(());
    }
    change.asked.push(Asked {
        by: by.to_owned(),
        records: vec![(recno, recno)],
        held,
        label,
        desk,
        by_hand: false,
    });
    Ok(())
}

/// Says that a person submitted what is asked for in this change, rather than a program or a file: whoever signs it signs that and no
/// more, whatever else the same person writes for the same readers.
pub(crate) fn submitted_by_hand(change: &mut Change<'_, '_>) {
    for asked in change.asked.iter_mut() {
        asked.by_hand = true;
    }
}

/// Writes down what was asked for in this change: a new case, or more of one about which nobody has done anything.
pub(crate) fn settle(change: &mut Change<'_, '_>) -> Result<()> {
    let asked = std::mem::take(change.asked);
    let mut opened = Vec::new();
    for (asked, corrects) in super::corrected::follow(change, asked)? {
        let terms = Terms::now(change, &asked)?;
        let open = super::book::open_cases(change.txn)?;
        let open = open.into_iter().find(|case| {
            let of_it = corrects.contains(&case.number) || opened.contains(&case.number);
            case.is_joined_by(&asked, &terms, of_it)
        });
        let mut case = match open {
            Some(mut case) => {
                case.joined(&asked, change.now);
                case
            }
            None => opened_by(change, &asked, terms)?,
        };
        opened.push(case.number);
        case.records.extend(asked.records);
        merge(&mut case.records);
        super::book::put(change, &case)?;
        let (subject, detail) = super::book::told(&case, json!({}))?;
        let name = change.txn.person(&case.asked_by)?;
        let name = name.map_or_else(|| case.asked_by.clone(), |known| known.name);
        let who = (case.asked_by, name, "entrance".to_owned());
        change.note_as(who, "clearance.open", &subject, &detail)?;
    }
    Ok(())
}

impl Event {
    /// Whether it is a part of asking: nobody else has done anything by it.
    fn is_of_asking(&self) -> bool {
        matches!(
            self.what,
            What::Opened | What::Joined { .. } | What::Corrected { .. }
        )
    }
}

impl Case {
    /// Whether what is asked for joins it: asked by the same door for the same label, while nobody has done anything about it, and
    /// while a case of its own would have the same before it. What was laid down since is passed by for nothing that comes later.
    /// What a person submits by hand joins only what it is a part of: a case of the same submission, or one that has an older version of it.
    pub(super) fn is_joined_by(&self, asked: &Asked, terms: &Terms, of_it: bool) -> bool {
        (of_it || !asked.by_hand && !self.by_hand)
            && self.asked_by == asked.by
            && self.label.as_ref() == Some(&asked.label)
            && self.held == asked.held
            && self.desk == asked.desk
            && self.state == State::Open
            && self.events.iter().all(Event::is_of_asking)
            && self.public == terms.public
            && self.steps == terms.steps
            && self.four_eyes == terms.four_eyes
            && self.delay == terms.delay
    }

    /// Says that more came in, so that nobody signs what they did not see. A long import is one line.
    fn joined(&mut self, asked: &Asked, now: Micros) {
        let came: i64 = asked.records.iter().map(|(one, end)| end - one + 1).sum();
        for event in self.last_asked() {
            if let What::Joined { records } = &mut event.what {
                *records = records.saturating_add(came);
                event.at = now;
                return;
            }
        }
        self.events.push(Event {
            at: now,
            by: Some(asked.by.clone()),
            instead_of: None,
            what: What::Joined { records: came },
            words: String::new(),
        });
    }
}

/// What stands before something that is asked for now.
pub(super) struct Terms {
    public: bool,
    steps: Vec<Step>,
    four_eyes: bool,
    delay: Micros,
}

impl Terms {
    /// By what the organ has laid down.
    pub(super) fn now(change: &Change<'_, '_>, asked: &Asked) -> Result<Self> {
        let label = read_label(&asked.label).context("the label of a case is damaged")?;
        let public = label.class.is_public();
        let procedure = &change.register.rules().procedure;
        let desk = asked.desk.as_deref();
        let delay = if public {
            change.limits.publication_delay
        } else {
            0
        };
        Ok(Self {
            public,
            steps: procedure.steps_for(desk),
            four_eyes: procedure.four_eyes && procedure.governs(desk),
            delay,
        })
    }
}

/// A case, as the rules are now.
pub(super) fn opened(change: &mut Change<'_, '_>, asked: &Asked) -> Result<Case> {
    let terms = Terms::now(change, asked)?;
    opened_by(change, asked, terms)
}

fn opened_by(change: &mut Change<'_, '_>, asked: &Asked, terms: Terms) -> Result<Case> {
    Ok(Case {
        number: super::book::next_number(change)?,
        asked_by: asked.by.clone(),
        asked_at: change.now,
        by_hand: asked.by_hand,
        records: Vec::new(),
        held: asked.held.clone(),
        label: Some(asked.label.clone()),
        public: terms.public,
        four_eyes: terms.four_eyes,
        desk: asked.desk.clone(),
        page: None,
        steps: terms.steps,
        silence: None,
        wanted: None,
        delay: terms.delay,
        not_before: None,
        state: State::Open,
        next: 0,
        left: 0,
        events: vec![Event {
            at: change.now,
            by: Some(asked.by.clone()),
            instead_of: None,
            what: What::Opened,
            words: String::new(),
        }],
    })
}

/// Joins runs that touch, so that a long import is one run.
pub(super) fn merge(runs: &mut Vec<(i64, i64)>) {
    runs.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(runs.len());
    for &(first, last) in runs.iter() {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    *runs = merged;
}

/// Who sends a record, as far as its leaving asks for it.
pub(crate) struct Sender {
    /// The door.
    pub channel: Channel,
    /// The person.
    pub person: Option<ObjectId>,
    /// Whether they send it themselves, rather than by a token.
    pub in_person: bool,
    /// Whether this node's participant says it, by its own doors.
    pub is_ours: bool,
    /// The desk to which it goes.
    pub desk: Option<Desk>,
}

impl Sender {
    /// Who sends something now.
    pub(crate) fn of(change: &Change<'_, '_>, lot: &Lot, good: &Good) -> Self {
        let home = change.register.home();
        let ours = match &good.header.created_by_ref {
            Some(author) => author == home,
            None => lot.submitter == *home,
        };
        Self {
            channel: lot.channel.clone(),
            person: lot.person.clone(),
            in_person: lot.in_person,
            is_ours: ours && lot.channel.peer().is_none() && good.evidence.is_none(),
            desk: lot.collection.desk,
        }
    }

    /// Whoever writes by hand, in the pages or through a program of theirs.
    fn by_hand(&self) -> Option<&ObjectId> {
        let local = self.channel == Channel::Local;
        self.person.as_ref().filter(|_| local)
    }

    /// In whose name it is asked for: the person's, or the door's.
    pub(crate) fn name(&self) -> String {
        let person = self.person.as_ref().map(ToString::to_string);
        person.unwrap_or_else(|| self.channel.to_string())
    }
}

/// The label that a record of ours gets until it is cleared, where the organ's steps or a signature stand before its leaving, or who wrote it
/// may not release; `None` where it goes at once. What goes to everybody waits whoever wrote it, and whoever marked it so.
pub(crate) fn hold(
    change: &mut Change<'_, '_>,
    sender: &Sender,
    good: &Good,
    label: &Label,
) -> Result<Option<Label>> {
    let desk = sender.desk.map(|desk| desk.as_str());
    let kind = good.header.type_name();
    let rules = change.register.rules();
    let governs = rules.procedure.governs(desk);
    let signed = change.declarations.leaves_signed(kind);
    let public = label.class.is_public();
    let by_program = matches!(sender.channel, Channel::Access(_));
    // Where no step is defined, who may release sends; by which page or program they write is all the same.
    let asks = governs || signed || sender.by_hand().is_some() || public && by_program;
    if !asks || !sender.is_ours || only_takes_back(change, good, label)? {
        return Ok(None);
    }
    // What labels are made of goes with what they are put on; to everybody it goes like anything else.
    if !public && is_mere_label(change, good)? {
        return Ok(None);
    }
    let home = change.register.home();
    let held = label.inside(|person| change.register.organ_of_person(person) == Some(home));
    if !label.leaves(&held) {
        return Ok(None);
    }
    if public {
        return Ok(Some(held));
    }
    // Only a person releases, not a program with their token.
    let in_person = sender.in_person && sender.channel.is_ours();
    let hand = sender.person.clone().filter(|_| in_person);
    if !(governs || signed)
        && let Some(person) = &hand
        && change.has_right(person.as_str(), Right::Release)?
    {
        return Ok(None);
    }
    let rules = change.register.rules();
    let name = sender.person.as_ref().map(ToString::to_string);
    let standing = rules.standing.iter().find(|standing| {
        let own = rules.procedure.four_eyes && name.as_deref() == Some(&standing.by);
        !own && !signed && standing.covers(kind, desk, label, change.now)
    });
    if let Some(number) = standing.map(|standing| standing.number) {
        noted(
            change,
            sender,
            good,
            "clearance.standing",
            &json!({ "standing": number }),
        )?;
        return Ok(None);
    }
    let signs = |hand: ObjectId| {
        if governs {
            Ok(signs_alone(change, hand.as_str()))
        } else {
            change.has_right(hand.as_str(), Right::Release)
        }
    };
    if hand.map(signs).transpose()?.unwrap_or(false) {
        noted(
            change,
            sender,
            good,
            "clearance.own-signature",
            &serde_json::Value::Null,
        )?;
        return Ok(None);
    }
    Ok(Some(held))
}

/// Whether a version does nothing but take back what the one before it says, for nobody whom that one does not let in: nobody is asked
/// for that, so that it reaches at once whoever has the record (rule 8).
pub(crate) fn only_takes_back(change: &Change<'_, '_>, good: &Good, label: &Label) -> Result<bool> {
    let (true, Some(version)) = (good.header.revoked, good.header.version()) else {
        return Ok(false);
    };
    let Some(object) = change.txn.object_no(&good.header.id)? else {
        return Ok(false);
    };
    let key = version.version_key();
    let before = change.txn.latest_of(object)?;
    let Some(before) = before.filter(|held| !held.erased && held.version < key) else {
        return Ok(false);
    };
    let at = Timestamp::from_micros(change.now);
    if label.widens(&label_of(change, before.recno)?, &at) {
        return Ok(false);
    }
    let before = crate::relabel::good(change, before.recno)?;
    let said = before.and_then(|before| before.with_object(content));
    Ok(said.is_some() && said == good.with_object(content))
}

/// What an object says, apart from which version it is, its markings and its seal.
fn content(object: &Object<'_>) -> BTreeMap<String, String> {
    let aside = ["modified", "revoked", "object_marking_refs"];
    let mut said = BTreeMap::new();
    for (name, value) in object.view().members() {
        if name == "extensions" {
            for (id, value) in value.members() {
                if id != SEAL_EXTENSION_ID {
                    said.insert(format!("extensions {id}"), value.raw().to_owned());
                }
            }
        } else if !aside.contains(&name.as_ref()) {
            said.insert(name.into_owned(), value.raw().to_owned());
        }
    }
    said
}

/// Whether somebody's sending is the one signature that the organ asks for.
pub(super) fn signs_alone(change: &Change<'_, '_>, person: &str) -> bool {
    let procedure = &change.register.rules().procedure;
    let Some(only) = procedure.only_signature().filter(|_| !procedure.four_eyes) else {
        return false;
    };
    let hand = Hand {
        person: person.to_owned(),
        instead_of: None,
        releases: true,
        stops: true,
    };
    only.is_for(&hand) && change.has_right(person, Right::Release).unwrap_or(false)
}

/// Whether it is a marking that says who may have something and not a word besides: in the form in which this program writes it, and of names
/// that are known here. A definition that holds anything else is a text like any other.
fn is_mere_label(change: &Change<'_, '_>, good: &Good) -> Result<bool> {
    let Some(Marking::Access(access)) = &good.marking else {
        return Ok(false);
    };
    let register = &change.register;
    let is_known = |entry: &Audience| match entry {
        Audience::Identity(id) => register.is_participant(id) || register.is_person(id),
        Audience::Circle(id) => {
            CircleId::parse(id).is_ok_and(|circle| register.circle(&circle).is_some())
        }
    };
    if !access.audience.iter().flatten().all(is_known) {
        return Ok(false);
    }
    if let Some(exercise) = &access.exercise
        && change.txn.object_no(exercise)?.is_none()
    {
        return Ok(false);
    }
    let written = good.with_object(|object| {
        let created = object.view().member("created").and_then(View::string)?;
        let created = Timestamp::parse(&created).ok()?;
        let header = object.header();
        let author = header.created_by_ref.as_ref();
        Some(access.definition(&header.id, &created, author))
    });
    let form = |bytes: &[u8]| stix::canonical(bytes, &UNBOUNDED).ok();
    let written = written.flatten().and_then(|text| form(text.as_bytes()));
    Ok(written.is_some() && written == form(&good.body))
}

fn noted(
    change: &mut Change<'_, '_>,
    sender: &Sender,
    good: &Good,
    action: &str,
    detail: &serde_json::Value,
) -> Result<()> {
    let person = sender.name();
    let name = change
        .txn
        .person(&person)?
        .map_or_else(|| person.clone(), |known| known.name);
    let who = (person, name, sender.channel.to_string());
    change.note_as(who, action, good.header.id.as_str(), detail)
}

/// Writes down what the clock has ended, so that it stays ended.
pub(super) fn end_what_is_over(change: &mut Change<'_, '_>) -> Result<bool> {
    let now = change.now;
    let mut rules = change.register.rules().as_ref().clone();
    let over = |ended: Option<Micros>, ends: Micros| ended.is_none() && ends <= now;
    let mut touched = false;
    for delegation in rules
        .delegations
        .iter_mut()
        .filter(|one| over(one.ended, one.ends))
    {
        delegation.ended = Some(now);
        touched = true;
    }
    for standing in rules
        .standing
        .iter_mut()
        .filter(|one| over(one.ended, one.ends))
    {
        standing.ended = Some(now);
        touched = true;
    }
    if touched {
        write_rules(change, &rules)?;
    }
    Ok(touched)
}

pub(super) fn write_rules(change: &mut Change<'_, '_>, rules: &Rules) -> Result<()> {
    change
        .txn
        .set_meta(PROCEDURE, &serde_json::to_vec(&rules.procedure)?)?;
    change
        .txn
        .set_meta(DELEGATIONS, &serde_json::to_vec(&rules.delegations)?)?;
    change
        .txn
        .set_meta(STANDING, &serde_json::to_vec(&rules.standing)?)?;
    change.reload()
}
