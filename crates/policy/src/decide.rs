//! The decision. Invariant: [`decide`] (a label, at a time) and [`admits`] (a class, times left out) ask the same clauses.

use stix::Timestamp;

use crate::label::{Class, Label};
use crate::released::Released;
use crate::viewer::{Purpose, Viewer};

/// What is decided about one record for one viewer, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    verdict: Verdict,
    grounds: Vec<Ground>,
    reasons: Vec<Reason>,
}

/// Yes, in part, or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it is.
    Granted,
    /// Only without who spoke and for whom (Chatham House): never the bytes themselves.
    WithoutSpeakers,
    /// Not at all; to the viewer it does not exist.
    Refused,
}

/// Why somebody may see a record, by one of its clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// TLP:CLEAR.
    Everyone,
    /// The author's organ, the organ that holds the copy, or the one that brought it.
    Origin,
    /// The person who wrote it.
    Wrote,
    /// A person named, under TLP:RED.
    Named,
    /// In the audience or the community.
    Audience,
    /// A client, with need to know, of a participant in the audience.
    Client,
    /// Let in by the author besides.
    Granted,
}

/// Why somebody may not have a record. For the sender and the ledger: a receiver never learns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The author named nobody.
    NobodyNamed,
    /// The audience names others.
    NotInAudience,
    /// Not of the community of a TLP:GREEN record.
    OutsideCommunity,
    /// Joined the circle after the record was given to it.
    JoinedLater,
    /// Designated by the State that is named, but for other desks.
    OtherDesk,
    /// A client that does not need to know about this desk.
    NoNeedToKnow,
    /// TLP:RED names others.
    NotNamed,
    /// TLP:RED, asked for by a program that is bound to no person.
    MachineUnbound,
    /// This node received it, and may not pass it on to them.
    NotPassedOn,
    /// This node received it, and its originator has not agreed to passing it on.
    NoConsent,
    /// It belongs to an exercise, and they do not come through it.
    OutsideExercise,
    /// It is live, and they come through an exercise.
    LiveInExercise,
    /// PAP:RED forbids look-ups.
    PapRed,
    /// Chatham House: not with the speakers.
    ChathamHouse,
    /// Its embargo is not over.
    Embargo,
    /// It has expired.
    Expired,
}

/// Whether the viewer may have the record for the purpose at this time.
#[must_use]
pub fn decide(viewer: &Viewer, label: &Label, purpose: Purpose, at: &Timestamp) -> Decision {
    let (mut grounds, mut reasons) = (Vec::new(), Vec::new());
    if !label.class.exercise_fits(viewer) {
        reasons.push(if viewer.exercise.is_some() {
            Reason::LiveInExercise
        } else {
            Reason::OutsideExercise
        });
    }
    for clause in label.class.clauses() {
        match clause.admit(viewer) {
            Ok(ground) => grounds.push(ground),
            Err(reason) => reasons.push(reason),
        }
        reasons.extend(clause.limit(purpose));
    }
    let kept_inside = purpose.stays_inside() && label.class.originates_with(viewer);
    reasons.extend(label.closed(at).filter(|_| !kept_inside));
    Decision::from(grounds, reasons)
}

/// Whether the viewer may have records of this class for the purpose, while they are neither under embargo nor expired.
///
/// The store compiles a viewer with it to the classes that it reaches; see [`Reach`](crate::Reach).
#[must_use]
pub fn admits(viewer: &Viewer, class: &Class, purpose: Purpose) -> bool {
    class.exercise_fits(viewer)
        && class
            .clauses()
            .all(|clause| clause.admit(viewer).is_ok() && clause.limit(purpose).is_none())
}

impl Decision {
    fn from(mut grounds: Vec<Ground>, mut reasons: Vec<Reason>) -> Self {
        grounds.sort_unstable();
        grounds.dedup();
        reasons.sort_unstable();
        reasons.dedup();
        let verdict = match reasons.as_slice() {
            [] => Verdict::Granted,
            [Reason::ChathamHouse] => Verdict::WithoutSpeakers,
            _ => Verdict::Refused,
        };
        Self {
            verdict,
            grounds,
            reasons,
        }
    }

    /// Yes, in part, or no.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Whether the bytes may be had as they are.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        self.verdict == Verdict::Granted
    }

    /// On what grounds, each once.
    #[must_use]
    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }

    /// Why not, each once, the most telling first. Empty when granted.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The value of the record that was decided about, if it may be had as it is.
    #[must_use]
    pub fn release<T>(&self, value: T) -> Option<Released<T>> {
        self.is_granted().then(|| Released::new(value))
    }

    /// The same, where Chatham House asks for it after `strip` has taken out who spoke and for whom.
    #[must_use]
    pub fn release_without_speakers<T>(
        &self,
        value: T,
        strip: impl FnOnce(T) -> T,
    ) -> Option<Released<T>> {
        match self.verdict {
            Verdict::Granted => Some(Released::new(value)),
            Verdict::WithoutSpeakers => Some(Released::new(strip(value))),
            Verdict::Refused => None,
        }
    }
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 16] = [
        Self::NobodyNamed,
        Self::NotInAudience,
        Self::OutsideCommunity,
        Self::JoinedLater,
        Self::OtherDesk,
        Self::NoNeedToKnow,
        Self::NotNamed,
        Self::MachineUnbound,
        Self::NotPassedOn,
        Self::NoConsent,
        Self::OutsideExercise,
        Self::LiveInExercise,
        Self::PapRed,
        Self::ChathamHouse,
        Self::Embargo,
        Self::Expired,
    ];

    /// A stable short name, for the delivery ledger and `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NobodyNamed => "nobody-named",
            Self::NotInAudience => "not-in-audience",
            Self::OutsideCommunity => "outside-community",
            Self::JoinedLater => "joined-later",
            Self::OtherDesk => "other-desk",
            Self::NoNeedToKnow => "no-need-to-know",
            Self::NotNamed => "not-named",
            Self::MachineUnbound => "machine-unbound",
            Self::NotPassedOn => "not-passed-on",
            Self::NoConsent => "no-consent",
            Self::OutsideExercise => "outside-exercise",
            Self::LiveInExercise => "live-in-exercise",
            Self::PapRed => "pap-red",
            Self::ChathamHouse => "chatham-house",
            Self::Embargo => "embargo",
            Self::Expired => "expired",
        }
    }

    /// Reads what [`code`](Self::code) writes.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
