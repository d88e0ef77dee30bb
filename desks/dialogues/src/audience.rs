//! Who of those that somebody chose may have a record: observers of its session as far as their roles go. Invariant: decided here alone, by
//! what the record says of itself, so that nothing that writes one has to ask.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use node::Node;
use policy::{Class, Clause, Member, Purpose, Tlp};
use stix::marking::Audience;
use stix::{ObjectId, Timestamp};

use crate::names;
use crate::records::{
    Commitment, Draft, Kind as _, Observer, Part, Place, Placed, Sees, Session, Text,
};
use crate::register::Register;
use crate::rules::observers::lets;

/// A circle was named to which an observer belongs who may not have what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CircleOfObserver;

impl std::fmt::Display for CircleOfObserver {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("an observer who may not have this belongs to a circle that is named: name participants")
    }
}

impl std::error::Error for CircleOfObserver {}

/// Which session a record belongs to, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    session: Option<String>,
    part: Part,
}

const APART: Spot = Spot {
    session: None,
    part: Part::Between,
};

/// A participant that observes.
struct Watching {
    id: ObjectId,
    sees: Sees,
}

/// The sessions of what is written, and who observes them.
pub(crate) struct Sessions<'a> {
    register: Register<'a>,
    spots: BTreeMap<String, Spot>,
    observers: BTreeMap<String, Vec<Watching>>,
    left_out: BTreeSet<ObjectId>,
}

impl<'a> Sessions<'a> {
    /// As a person may see them; without one, this node's participant.
    pub(crate) fn seen_by(node: &'a Node, person: Option<&ObjectId>) -> Self {
        let viewer = person
            .and_then(|person| node.viewer_of_person(person))
            .unwrap_or_else(|| node.home_viewer());
        Self {
            register: Register::new(node, viewer, Purpose::Show),
            spots: BTreeMap::new(),
            observers: BTreeMap::new(),
            left_out: BTreeSet::new(),
        }
    }

    /// Where a record belongs that is being written. What is written after it and names it belongs there too.
    pub(crate) fn written(&mut self, id: &ObjectId, place: &Place<'_>) -> Result<Spot> {
        let spot = self.spot(id, place)?;
        self.spots.insert(id.to_string(), spot.clone());
        Ok(spot)
    }

    /// Where a record belongs, by its id: one that was just written, or one of the register.
    pub(crate) fn of(&mut self, id: &str) -> Result<Spot> {
        if let Some(spot) = self.spots.get(id) {
            return Ok(spot.clone());
        }
        let Ok(id) = ObjectId::parse(id) else {
            return Ok(APART);
        };
        let spot = match id.type_name() {
            Session::TYPE => self.read::<Session>(&id)?,
            Text::TYPE => self.read::<Text>(&id)?,
            Commitment::TYPE => self.read::<Commitment>(&id)?,
            Draft::TYPE => self.of_draft(&id)?,
            _ => APART,
        };
        self.spots.insert(id.to_string(), spot.clone());
        Ok(spot)
    }

    /// A draft belongs to the session that its newest round is for; where that is not known here, to the last one that is.
    fn of_draft(&mut self, id: &ObjectId) -> Result<Spot> {
        let Some(rounds) = self.register.draft(id)? else {
            return self.read::<Draft>(id);
        };
        let rounds = rounds.into_inner();
        let seen = self.register.session_seen(&rounds.all)?;
        let (_, session) = rounds.made_for();
        let session = seen.as_deref().or(session);
        self.spot(id, &Place::In(session, Part::Between))
    }

    fn read<T: Placed>(&mut self, id: &ObjectId) -> Result<Spot> {
        match self.register.one::<T>(id)? {
            Some(known) => self.spot(id, &known.into_inner().what.place()),
            None => Ok(APART),
        }
    }

    fn spot(&mut self, id: &ObjectId, place: &Place<'_>) -> Result<Spot> {
        let within = |session: Option<&str>, part: Part| Spot {
            session: session.map(str::to_owned),
            part,
        };
        Ok(match *place {
            Place::Apart => APART,
            Place::Session(observers) => {
                let watching = self.watching(observers);
                self.observers.insert(id.to_string(), watching);
                within(Some(id.as_str()), Part::Frame)
            }
            Place::In(session, part) => within(session, part),
            Place::Said(session, text) => match text {
                Some(text) => {
                    let text = self.of(text)?;
                    within(session.or(text.session.as_deref()), text.part)
                }
                None => within(session, Part::Between),
            },
            Place::About(other) => within(self.of(other)?.session.as_deref(), Part::Between),
        })
    }

    /// Whom the names of observers mean here: the State itself and its organs.
    fn watching(&self, observers: &[Observer]) -> Vec<Watching> {
        let of = |observer: &Observer| {
            let known = names::participants(self.register.node(), &observer.who);
            let sees = observer.sees;
            known
                .into_iter()
                .map(move |one| Watching { id: one.id, sees })
        };
        observers.iter().flat_map(of).collect()
    }

    /// Those who may not have what stands there, by their role.
    fn barred(&mut self, spot: &Spot) -> Result<Vec<ObjectId>> {
        let Some(session) = &spot.session else {
            return Ok(Vec::new());
        };
        if !self.observers.contains_key(session) {
            self.of(session)?;
        }
        let all = self.observers.get(session).into_iter().flatten();
        let barred = all.filter(|one| !lets(one.sees, spot.part));
        Ok(barred.map(|one| one.id.clone()).collect())
    }

    /// Those of the chosen who may have what stands there.
    ///
    /// # Errors
    /// [`CircleOfObserver`]; those of the storage.
    pub(crate) fn may_have(&mut self, chosen: &[Audience], spot: &Spot) -> Result<Vec<Audience>> {
        let barred = self.barred(spot)?;
        let mut left = Vec::new();
        for one in chosen {
            let out = match one {
                Audience::Circle(name) => {
                    let member = self.register.node().member(name)?;
                    if barred.iter().any(|id| self.is_of(id, &member)) {
                        return Err(CircleOfObserver.into());
                    }
                    None
                }
                Audience::Identity(id) => barred
                    .iter()
                    .find(|barred| *barred == id || self.speaks_for(id, barred)),
            };
            match out {
                Some(id) => {
                    self.left_out.insert(id.clone());
                }
                None => left.push(one.clone()),
            }
        }
        Ok(left)
    }

    /// Whether what names a circle, or a participant, reaches a participant.
    fn is_of(&self, id: &ObjectId, named: &Member) -> bool {
        let viewer = self.register.node().viewer_of(id, true);
        self.reaches(&viewer, Some(named))
    }

    /// Whether somebody is a person of that participant.
    fn speaks_for(&self, person: &ObjectId, of: &ObjectId) -> bool {
        let Some(viewer) = self.register.node().viewer_of_person(person) else {
            return false;
        };
        let named = Member::Participant(of.clone());
        // What is ours reaches our own persons, whoever is named.
        self.reaches(&viewer, Some(&named)) && !self.reaches(&viewer, None)
    }

    fn reaches(&self, viewer: &policy::Viewer, named: Option<&Member>) -> bool {
        let node = self.register.node();
        let mut clause = Clause::own(Tlp::AmberStrict, node.home().id.clone());
        clause.audience = named.into_iter().cloned().collect();
        let label = policy::Label::always(Class::of(clause));
        let at = Timestamp::from_micros(node.now());
        policy::decide(viewer, &label, Purpose::Relay, &at).is_granted()
    }

    /// Those who were chosen and do not get something of what was written.
    pub(crate) fn left_out(&self) -> Vec<ObjectId> {
        self.left_out.iter().cloned().collect()
    }
}

/// Whether a circle is named to which an observer belongs who may not have what stands there.
///
/// # Errors
/// Those of the storage.
pub(crate) fn names_circle_of_observer(
    node: &Node,
    person: Option<&ObjectId>,
    chosen: &[Audience],
    place: &Place<'_>,
) -> Result<bool> {
    let mut sessions = Sessions::seen_by(node, person);
    let spot = sessions.spot(&node.home().id, place)?;
    match sessions.may_have(chosen, &spot) {
        Ok(_) => Ok(false),
        Err(error) if error.is::<CircleOfObserver>() => Ok(true),
        Err(error) => Err(error),
    }
}
