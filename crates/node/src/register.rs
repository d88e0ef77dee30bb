//! Who is who here: participants and what they are to each other, keys that identities are bound to, circles.
//!
//! Invariant: it is rebuilt from the store whenever that says that something changed; nothing is decided from an older one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use anyhow::{Context, Result};
use ed25519_dalek::VerifyingKey;
use policy::{
    CircleId, Class, Desk, Desks, Epoch, House, Label, Member, Origin, Patron, Standing, Terms,
    Viewer,
};
use serde::{Deserialize, Serialize};
use stix::ObjectId;
use store::Look;

use crate::circles::Known as KnownCircle;
use crate::clearance;
use crate::clock::{DAY, HOUR, Micros};
use crate::keys::KeyId;
use crate::peers::Known;

/// What a participant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A State.
    State,
    /// An organisation.
    Organisation,
    /// An organ of a State or organisation: ministry, CSIRT, mission.
    Organ,
    /// A constituent that this node's participant serves.
    Client,
}

/// A State, an organisation, an organ or a client, as this node knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Its identity.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The State or organisation that it is an organ of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ_of: Option<ObjectId>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Of a State: the organ that it designated, by desk; the empty name stands for every desk.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub designated: BTreeMap<String, ObjectId>,
    /// Of a client: the participants on whose register it stands, and the desks that it needs to know; none: every desk.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub client_of: BTreeMap<ObjectId, BTreeSet<String>>,
}

/// A circle as far as this node has its roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// Its opaque id, which labels carry.
    pub id: CircleId,
    /// Its name, for members only.
    pub name: String,
    /// The participant that keeps it.
    pub owner: ObjectId,
    /// How often its membership has changed.
    pub epoch: Epoch,
    /// Who belongs to it now, and since which epoch.
    pub members: Vec<(Member, Epoch)>,
    /// Others who say that they keep it. While there are any, nothing is released through it.
    pub claimed_by: Vec<ObjectId>,
}

impl Circle {
    /// Since which epoch somebody belongs to it: an organ, or the person through whom it acts.
    pub(crate) fn since(
        &self,
        participant: Option<&ObjectId>,
        person: Option<&ObjectId>,
    ) -> Option<Epoch> {
        let joined = self.members.iter().filter(|(member, _)| match member {
            Member::Participant(id) => Some(id) == participant,
            Member::Person(id) => Some(id) == person,
            Member::Circle { .. } => false,
        });
        joined.map(|(_, since)| *since).min()
    }

    /// Whether several say that they keep it, and no person has decided.
    pub fn is_contested(&self) -> bool {
        !self.claimed_by.is_empty()
    }
}

/// See the module.
#[derive(Debug, Clone)]
pub(crate) struct Register {
    home: ObjectId,
    rules: Arc<clearance::Rules>,
    house: House,
    participants: HashMap<ObjectId, Participant>,
    persons: BTreeMap<ObjectId, ObjectId>,
    keys: HashMap<ObjectId, VerifyingKey>,
    /// Keys that were followed by others or revoked: what they sealed in their time stands.
    former: HashMap<KeyId, (ObjectId, KeyOf)>,
    /// Identities whose key was revoked, and that nobody has vouched for since.
    unvouched: HashSet<ObjectId>,
    peers: HashMap<ObjectId, Known>,
    circles: HashMap<CircleId, Circle>,
    left: Vec<Left>,
    community: Option<String>,
}

/// A key by which what an identity says is checked, and for how long it counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyOf {
    pub key: VerifyingKey,
    /// None where it is the present one.
    until: Option<Until>,
}

/// Until when a former key counts.
#[derive(Debug, Clone, Copy)]
struct Until {
    /// Another took its place then, as far as was heard here; or it was last certainly in the right hands.
    at: Micros,
    /// How long after it may come what was sealed before: nothing that is under way is lost.
    grace: Micros,
    /// How far clocks may be apart.
    apart: Micros,
}

/// What was sealed by a key that was followed by another in good order may be so long under way.
const GRACE: Micros = 30 * DAY;

impl KeyOf {
    /// Whether it counts for what says to have been made at a time and came at another; none where that was seen when it came, or its
    /// author itself brings it.
    pub(crate) fn covers(&self, made: Micros, came: Option<Micros>) -> bool {
        self.until.is_none_or(|until| {
            made <= until.at.saturating_add(until.apart)
                && came.is_none_or(|came| came <= until.at.saturating_add(until.grace))
        })
    }

    /// Whether nothing speaks against it but that it came late: another key took its place in good order, and it says to have been made
    /// before that.
    pub(crate) fn is_late(&self, made: Micros, came: Option<Micros>) -> bool {
        !self.covers(made, came)
            && self
                .until
                .is_some_and(|until| until.grace > 0 && self.covers(made, None))
    }
}

impl Participant {
    /// A participant that is nothing to any other yet.
    pub fn new(id: ObjectId, name: &str, kind: Kind) -> Self {
        Self {
            id,
            name: name.to_owned(),
            kind,
            organ_of: None,
            country: None,
            designated: BTreeMap::new(),
            client_of: BTreeMap::new(),
        }
    }
}

/// A stay in a circle that ended, by the clock: what was taken before was taken by a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    /// The circle.
    pub circle: String,
    /// The member, in its canonical text.
    pub member: String,
    /// The epoch in which it had joined.
    pub since: Epoch,
    /// When it left.
    pub at: Micros,
}

/// Under which name the ended stays are kept in the store.
pub(crate) const LEFT: &str = "circles.left";

/// The state of a binding by which an identity's words are checked.
pub(crate) const BOUND: &str = "bound";

/// Under which name the participants are kept in the store.
pub(crate) const PARTICIPANTS: &str = "node.participants";

impl Register {
    /// Reads everything.
    pub(crate) fn load(home: &ObjectId, community_name: Option<&str>, look: &Look) -> Result<Self> {
        let participants: Vec<Participant> = match look.meta(PARTICIPANTS)? {
            Some(json) => {
                serde_json::from_slice(&json).context("the list of participants is damaged")?
            }
            None => Vec::new(),
        };
        let mut keys = HashMap::new();
        let mut former = HashMap::new();
        let mut unvouched = HashSet::new();
        for binding in look.bindings()? {
            let revoked = binding.state != BOUND;
            if revoked {
                unvouched.insert(binding.identity.parse()?);
            }
            let bytes: Option<[u8; 32]> = binding.key.as_slice().try_into().ok();
            let Some(key) = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok()) else {
                continue;
            };
            let identity = binding.identity.parse()?;
            let (grace, apart) = if revoked { (0, 0) } else { (GRACE, HOUR) };
            match binding.until {
                None if !revoked => {
                    keys.insert(identity, key);
                }
                at => {
                    let until = at.map(|at| Until { at, grace, apart });
                    let until = until.or(Some(Until {
                        at: Micros::MIN,
                        grace,
                        apart,
                    }));
                    former.insert(KeyId::seal(&key), (identity, KeyOf { key, until }));
                }
            }
        }
        unvouched.retain(|identity| !keys.contains_key(identity));
        let mut peers = HashMap::new();
        for row in look.peers()? {
            let known = Known::read(&row)?;
            peers.insert(known.participant.clone(), known);
        }
        let mut circles = HashMap::new();
        for stored in look.circles()? {
            let id = CircleId::parse(&stored.id).map_err(|error| anyhow::anyhow!("{error}"))?;
            let mut members = Vec::new();
            for stay in look
                .roster(&stored.id)?
                .into_iter()
                .filter(|stay| stay.until.is_none())
            {
                let member: Member = stay
                    .member
                    .parse()
                    .map_err(|error| anyhow::anyhow!("{error}"))?;
                members.push((member, Epoch::try_from(stay.since)?));
            }
            let circle = Circle {
                id: id.clone(),
                name: stored.name,
                owner: stored.owner.parse()?,
                epoch: Epoch::try_from(stored.epoch)?,
                members,
                claimed_by: KnownCircle::read(&stored.profile)?
                    .claims
                    .into_keys()
                    .collect(),
            };
            circles.insert(id, circle);
        }
        let left = match look.meta(LEFT)? {
            Some(json) => {
                serde_json::from_slice(&json).context("the list of ended stays is damaged")?
            }
            None => Vec::new(),
        };
        let mut persons = BTreeMap::new();
        for person in look.persons()? {
            persons.insert(person.id.parse()?, person.organ.parse()?);
        }
        let community = community_name.and_then(|name| {
            circles
                .values()
                .find(|circle| circle.name == name || circle.id.as_str() == name)
                .filter(|circle| !circle.is_contested())
        });
        let house = House {
            default: Terms::nobody(),
            community: community.map(|circle| Member::Circle {
                id: circle.id.clone(),
                epoch: circle.epoch,
            }),
        };
        Ok(Self {
            rules: Arc::new(clearance::Rules::load(look)?),
            home: home.clone(),
            house,
            participants: participants
                .into_iter()
                .map(|participant| (participant.id.clone(), participant))
                .collect(),
            persons,
            keys,
            former,
            unvouched,
            peers,
            circles,
            left,
            community: community_name.map(str::to_owned),
        })
    }

    /// The same, as the store has it now.
    pub(crate) fn reload(&self, look: &Look) -> Result<Self> {
        Self::load(&self.home, self.community.as_deref(), look)
    }

    /// What the organ has laid down about what leaves.
    pub(crate) fn rules(&self) -> Arc<clearance::Rules> {
        Arc::clone(&self.rules)
    }

    /// This node's participant.
    pub(crate) fn home(&self) -> &ObjectId {
        &self.home
    }

    /// The node's own part in labels.
    pub(crate) fn house(&self) -> &House {
        &self.house
    }

    /// All participants, by name.
    pub(crate) fn participants(&self) -> Vec<&Participant> {
        let mut all: Vec<&Participant> = self.participants.values().collect();
        all.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        all
    }

    /// A participant.
    pub(crate) fn participant(&self, id: &ObjectId) -> Option<&Participant> {
        self.participants.get(id)
    }

    /// Whether somebody here acts for this identity, so that it can be the author of what it sees.
    pub(crate) fn is_participant(&self, id: &ObjectId) -> bool {
        self.participants.contains_key(id)
    }

    /// The organ of a person.
    pub(crate) fn organ_of_person(&self, id: &ObjectId) -> Option<&ObjectId> {
        self.persons.get(id)
    }

    /// The key that seals what this identity says.
    pub(crate) fn key(&self, id: &ObjectId) -> Option<VerifyingKey> {
        self.keys.get(id).copied()
    }

    /// Whether the key of this identity was revoked and no other is bound to it since: nothing that is said in its name counts.
    pub(crate) fn is_unvouched(&self, id: &ObjectId) -> bool {
        self.unvouched.contains(id)
    }

    /// The key of this identifier, if it seals or once sealed what this identity says; else the present one, which will not fit.
    pub(crate) fn key_by(&self, who: &ObjectId, id: &KeyId) -> Option<KeyOf> {
        let now = KeyOf {
            key: self.key(who)?,
            until: None,
        };
        match self.former.get(id) {
            // One that is in use again is no former one.
            Some((owner, key)) if owner == who && key.key != now.key => Some(*key),
            _ => Some(now),
        }
    }

    /// A peer, whatever its state.
    pub(crate) fn peer(&self, id: &ObjectId) -> Option<&Known> {
        self.peers.get(id)
    }

    /// All peers, whatever their state.
    pub(crate) fn peers(&self) -> impl Iterator<Item = &Known> {
        self.peers.values()
    }

    /// The circles whose rosters are here.
    pub(crate) fn circles(&self) -> impl Iterator<Item = &Circle> {
        self.circles.values()
    }

    /// Whether an identity is a person of this node.
    pub(crate) fn is_person(&self, id: &ObjectId) -> bool {
        self.persons.contains_key(id)
    }

    /// A circle by its opaque id.
    pub(crate) fn circle(&self, id: &CircleId) -> Option<&Circle> {
        self.circles.get(id)
    }

    /// AMBER+STRICT for nobody: a label for what has none, or what waits to be published.
    pub(crate) fn nobody(&self, origin: &Origin, desk: Option<Desk>) -> Label {
        let mut clause = policy::Clause::own(policy::Tlp::AmberStrict, self.home.clone());
        clause.origin = origin.clone();
        clause.desk = desk;
        Label::always(Class::of(clause))
    }

    /// Who somebody is to the release rules: an organ, through a person or a program or neither.
    pub(crate) fn viewer(
        &self,
        participant: &ObjectId,
        person: Option<&ObjectId>,
        machine: bool,
    ) -> Viewer {
        let client = self
            .participants
            .get(participant)
            .map(|known| &known.client_of);
        let patrons = client.into_iter().flatten().map(|(patron, desks)| Patron {
            standing: self.standing(patron, None),
            need_to_know: need(desks),
        });
        Viewer {
            standing: self.standing(participant, person),
            person: person.cloned(),
            machine,
            patrons: patrons.collect(),
            exercise: None,
        }
    }

    /// Who a participant was through a program, which may be bound to a person, at an earlier time: by the circles that it or the person
    /// has left since.
    pub(crate) fn viewer_at(
        &self,
        participant: &ObjectId,
        person: Option<&ObjectId>,
        at: Micros,
    ) -> Viewer {
        let mut viewer = self.viewer(participant, person, true);
        let itself = Member::Participant(participant.clone()).to_string();
        let person = person.map(|person| Member::Person(person.clone()).to_string());
        let left = self
            .left
            .iter()
            .filter(|left| left.member == itself || Some(&left.member) == person.as_ref());
        for left in left.filter(|left| at <= left.at) {
            let Ok(circle) = CircleId::parse(&left.circle) else {
                continue;
            };
            let since = viewer.standing.circles.entry(circle).or_insert(left.since);
            *since = left.since.min(*since);
        }
        viewer
    }

    /// When somebody last left a circle.
    pub(crate) fn last_left(&self) -> Micros {
        let times = self.left.iter().map(|left| left.at);
        times.max().unwrap_or(Micros::MIN)
    }

    fn standing(&self, participant: &ObjectId, person: Option<&ObjectId>) -> Standing {
        let mut standing = Standing::of(participant.clone());
        for state in self.participants.values() {
            let desks: BTreeSet<String> = state
                .designated
                .iter()
                .filter(|(_, organ)| *organ == participant)
                .map(|(desk, _)| desk.clone())
                .collect();
            if !desks.is_empty() {
                standing.stands_for.insert(
                    state.id.clone(),
                    need(&desks.into_iter().filter(|desk| !desk.is_empty()).collect()),
                );
            }
        }
        let known = self
            .circles
            .values()
            .filter(|circle| !circle.is_contested());
        for circle in known {
            if let Some(since) = circle.since(Some(participant), person) {
                standing.circles.insert(circle.id.clone(), since);
            }
        }
        standing
    }
}

/// The desks of a list of names; an empty list means every desk.
fn need(desks: &BTreeSet<String>) -> Desks {
    if desks.is_empty() {
        Desks::Every
    } else {
        Desks::Only(desks.iter().filter_map(|desk| Desk::parse(desk)).collect())
    }
}
