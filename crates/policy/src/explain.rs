//! Rule 9: before anything leaves, who will see it, who will not, and why. For the sender; a receiver never reads this.

use std::collections::{BTreeMap, HashMap};

use stix::{ObjectId, Timestamp};

use crate::clause::Clause;
use crate::decide::{Ground, Reason, Verdict, decide};
use crate::label::Label;
use crate::member::{Desk, Desks, Member};
use crate::tlp::{Pap, Tlp};
use crate::viewer::{Purpose, Viewer};

/// Somebody who may or may not come to see a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// How it is called inside a sentence, in the language of whoever reads it: "the Netherlands", « les Pays-Bas ».
    pub name: String,
    /// As whom it would ask.
    pub viewer: Viewer,
}

/// Who will see a record, who will not, and why: for a page as lists, for people by
/// [`sentences`](Self::sentences).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The label that is shown.
    pub tlp: Tlp,
    /// Whether it is its author's own copy: who reads this is of the author's organ.
    pub own: bool,
    /// Whether all names stand beside the sentences, as on a page: of many who will not see it these say only how many. [`who`] makes it
    /// so that the sentences say all.
    pub brief: bool,
    /// Whether everyone sees it, without signing in.
    pub public: bool,
    /// Those who will see it, and on what ground.
    pub seen_by: Vec<(String, Ground)>,
    /// Those who will see it without who spoke and for whom.
    pub without_speakers: Vec<String>,
    /// Those who will not, and the most telling reason.
    pub not_seen_by: Vec<(String, Reason)>,
    /// The States that the audience names, and the organ that each designated for this record's desk.
    pub designated: Vec<Designated>,
    /// What receivers may do with it.
    pub onward: Onward,
    /// The embargo, while it runs.
    pub embargo: Option<Timestamp>,
    /// The expiry.
    pub expiry: Option<Timestamp>,
    /// It belongs to an exercise.
    pub exercise: bool,
    /// PAP:RED.
    pub pap_red: bool,
    /// Chatham House.
    pub chatham_house: bool,
}

/// An organ that a State designated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Designated {
    /// The State that the audience names.
    pub state: String,
    /// The organ that receives for it.
    pub organ: String,
    /// The desk; `None` for a record of no desk.
    pub desk: Option<Desk>,
}

/// What a receiver may do: the table's last column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Onward {
    /// Pass it on to anybody.
    Anybody,
    /// Pass it on within the community.
    Community,
    /// Pass it on to their own clients.
    OwnClients,
    /// Pass it on to nobody without the originator's consent.
    WithConsent,
    /// Pass it on to nobody.
    Nobody,
}

/// Who of the candidates will see the record for this purpose, who will not, and why. `name` names the States in the audience.
///
/// Each is listed once and under a name of its own: of two that are called the same, both have their id behind the name; where one only
/// stands for the other on every desk, it is listed alone.
#[must_use]
pub fn who(
    label: &Label,
    purpose: Purpose,
    at: &Timestamp,
    candidates: &[Candidate],
    name: &dyn Fn(&ObjectId) -> String,
) -> Explanation {
    let clauses = || label.class.clauses();
    let mut told = Explanation {
        tlp: label.class.tlp(),
        own: clauses().all(|clause| clause.origin.is_own()),
        brief: false,
        public: label.class.is_public() && label.closed(at).is_none(),
        seen_by: Vec::new(),
        without_speakers: Vec::new(),
        not_seen_by: Vec::new(),
        designated: Vec::new(),
        onward: clauses().map(Onward::of).max().unwrap_or(Onward::Nobody),
        embargo: label.embargo.clone().filter(|embargo| at < embargo),
        expiry: label.expiry.clone(),
        exercise: clauses().any(|clause| clause.caveats.exercise.is_some()),
        pap_red: clauses().any(|clause| clause.caveats.pap == Pap::Red),
        chatham_house: clauses().any(|clause| clause.caveats.chatham_house),
    };
    for (called, viewer) in told_apart(candidates) {
        let decision = decide(viewer, label, purpose, at);
        let ground = decision
            .grounds()
            .iter()
            .max()
            .copied()
            .unwrap_or(Ground::Everyone);
        match (decision.verdict(), decision.reasons().first()) {
            (Verdict::Granted, _) => told.seen_by.push((called.clone(), ground)),
            (Verdict::WithoutSpeakers, _) => told.without_speakers.push(called.clone()),
            (Verdict::Refused, reason) => {
                let reason = reason.copied().unwrap_or(Reason::NobodyNamed);
                told.not_seen_by.push((called.clone(), reason));
            }
        }
        if decision.verdict() != Verdict::Refused {
            told.designated
                .extend(clauses().flat_map(|clause| clause.states_of(viewer, &called, name)));
        }
    }
    told.designated.sort_unstable();
    told.designated.dedup();
    told
}

/// The candidates, each once and under a name of its own.
fn told_apart(candidates: &[Candidate]) -> Vec<(String, &Viewer)> {
    let all: Vec<&Candidate> = candidates.iter().collect();
    let namesakes = Namesakes::among(&all);
    let listed: Vec<&Candidate> = all
        .iter()
        .copied()
        .filter(|one| !namesakes.of(one).any(|other| one.is_stood_for_by(other)))
        .collect();
    let namesakes = Namesakes::among(&listed);
    let mut named = Vec::with_capacity(listed.len());
    for one in &listed {
        let (who, called) = (&one.viewer, &one.name);
        let id = who.person.as_ref().or(who.standing.participant.as_ref());
        let alone = namesakes.of(one).all(|other| std::ptr::eq(other, *one));
        let name = match id.filter(|_| !alone) {
            Some(id) => format!("{called} ({id})"),
            None => called.clone(),
        };
        named.push((name, who));
    }
    named
}

/// Candidates by their names: whom nobody could tell from another.
struct Namesakes<'a>(HashMap<String, Vec<&'a Candidate>>);

impl<'a> Namesakes<'a> {
    fn among(candidates: &[&'a Candidate]) -> Self {
        let mut all: HashMap<String, Vec<&'a Candidate>> = HashMap::new();
        for one in candidates {
            all.entry(folded(&one.name)).or_default().push(one);
        }
        Self(all)
    }

    /// One, maybe more than once, and all who are called as it is.
    fn of(&self, one: &Candidate) -> impl Iterator<Item = &'a Candidate> {
        self.0
            .get(&folded(&one.name))
            .into_iter()
            .flatten()
            .copied()
    }
}

/// A name without regard to case.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Candidate {
    /// Whether what this one may have goes to the other, whatever the desk.
    fn is_stood_for_by(&self, other: &Self) -> bool {
        let (one, other) = (&self.viewer, &other.viewer);
        let id = one.standing.participant.as_ref();
        let desks = id.and_then(|id| other.standing.stands_for.get(id));
        one.person.is_none() && other.person.is_none() && desks == Some(&Desks::Every)
    }
}

impl Explanation {
    /// Those who will not see it, by reason.
    #[must_use]
    pub fn by_reason(&self) -> BTreeMap<Reason, Vec<&str>> {
        let mut groups: BTreeMap<Reason, Vec<&str>> = BTreeMap::new();
        for (name, reason) in &self.not_seen_by {
            groups.entry(*reason).or_default().push(name);
        }
        groups
    }
}

impl Onward {
    fn of(clause: &Clause) -> Self {
        if clause.caveats.originator_consent {
            return if clause.tlp >= Tlp::AmberStrict {
                Self::Nobody
            } else {
                Self::WithConsent
            };
        }
        match clause.tlp {
            Tlp::Clear => Self::Anybody,
            Tlp::Green => Self::Community,
            Tlp::Amber => Self::OwnClients,
            Tlp::AmberStrict | Tlp::Red => Self::Nobody,
        }
    }
}

impl Clause {
    /// The States named here for which the viewer's organ was designated.
    fn states_of(
        &self,
        viewer: &Viewer,
        organ: &str,
        name: &dyn Fn(&ObjectId) -> String,
    ) -> Vec<Designated> {
        let named = self.audience.iter().filter_map(|member| match member {
            Member::Participant(id)
                if !viewer.is_of(id) && viewer.standing.is_meant(member, self.desk) =>
            {
                Some(id)
            }
            _ => None,
        });
        let designated = named.map(|state| Designated {
            state: name(state),
            organ: organ.to_owned(),
            desk: self.desk,
        });
        // Somebody who stands for a namesake is it, to whoever reads this.
        designated
            .filter(|line| folded(&line.state) != folded(&line.organ))
            .collect()
    }
}
