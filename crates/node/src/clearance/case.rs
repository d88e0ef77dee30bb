//! A case: the records that it is about, what they are to become, its steps, and everything that was done about it.

use serde::{Deserialize, Serialize};
use stix::ObjectId;

use crate::clock::Micros;
use crate::seal::read_label;

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Somebody looks at it from their side: legal, political, technical. Visas come in any order.
    Visa,
    /// Somebody answers for its leaving, once every visa is given. The signatory releases.
    Signature,
}

/// One step of a case, as the organ had defined it when the case was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its name: a word that pages know (`legal`, `political`, `technical`, `signature` ...) or one of the organ's own.
    pub name: String,
    /// What it is.
    pub kind: StepKind,
    /// Who may give it. Nobody named: whoever has the right.
    pub who: Vec<ObjectId>,
    /// Who gave it.
    pub given: Option<Given>,
}

/// A step that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The person who did.
    pub by: String,
    /// In whose place, for a deputy.
    pub instead_of: Option<String>,
    /// When.
    pub at: Micros,
    /// Whether with a reservation; its words are those of the event.
    pub reserved: bool,
}

/// How a silence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceState {
    /// Until its deadline somebody may break it.
    Running,
    /// Somebody broke it. It may be extended, or the case withdrawn.
    Broken,
    /// Nobody broke it.
    Passed,
}

/// A silence procedure: agreed unless somebody objects before then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// The deadline: from then on it is too late.
    pub until: Micros,
    /// The time zone in which the deadline was put, by its IANA name.
    pub zone: String,
    /// Who is asked. Nobody named: whoever may see the records.
    pub of: Vec<ObjectId>,
    /// How it stands.
    pub state: SilenceState,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Steps are missing, or a silence runs.
    Open,
    /// Everything was given; a delay runs, or it is carried out with the next commit.
    Cleared,
    /// Its records have the label; or, where there was none to give, it is agreed.
    Released,
    /// Somebody refused a step. The records stay as they are.
    Refused,
    /// It was taken back before release. The records stay as they are.
    Withdrawn,
    /// Newer versions took the place of all its records before release.
    Lapsed,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum What {
    /// It was opened.
    Opened,
    /// More was asked for in the same way, about which nothing had been done yet.
    Joined {
        /// How many records came in.
        records: i64,
    },
    /// Newer versions took the place of records, which left it.
    Corrected {
        /// How many left.
        records: i64,
    },
    /// A step was given.
    Given {
        /// The step's name.
        step: String,
    },
    /// A step was given with a reservation.
    Reserved {
        /// The step's name.
        step: String,
    },
    /// A step was refused.
    Refused {
        /// The step's name.
        step: String,
    },
    /// A step was taken back by who had given it.
    TakenBack {
        /// The step's name.
        step: String,
    },
    /// A silence was opened.
    SilenceBegun {
        /// Its deadline.
        until: Micros,
    },
    /// The silence was broken.
    SilenceBroken,
    /// It got a later deadline.
    SilenceExtended {
        /// The later deadline.
        until: Micros,
    },
    /// Somebody keeps silent with a reservation.
    SilenceReserved,
    /// The deadline passed in silence.
    SilencePassed,
    /// Everything was given; from then on it may be carried out.
    Cleared {
        /// The end of the delay.
        not_before: Micros,
    },
    /// It was carried out.
    Released {
        /// Records that were left as they are, since they were tightened, corrected or taken away meanwhile.
        left: u64,
    },
    /// It was taken back.
    Withdrawn,
    /// Somebody said by when its steps are wanted.
    WantedBy {
        /// The time.
        until: Micros,
    },
}

/// By when the steps of a case are wanted. Nothing happens at that time by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The day and the time.
    pub by: Micros,
    /// The zone in which they were put.
    pub zone: String,
}

/// Something that was done about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, by the node's clock then.
    pub at: Micros,
    /// The person or door; `None` for the clock.
    pub by: Option<String>,
    /// In whose place, for a deputy.
    pub instead_of: Option<String>,
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// In words. They stay with the case.
    pub words: String,
}

/// What a case still waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    /// Visas.
    Visas,
    /// The end of a silence.
    Silence,
    /// What becomes of a silence that was broken: a later deadline, or withdrawal.
    Broken,
    /// A signature.
    Signature,
    /// The end of the delay.
    Delay,
    /// Nothing more.
    Nothing,
}

/// Something that is to go to others, or to be agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its number.
    pub number: u64,
    /// The person who asked, or the door through which it was asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Micros,
    /// Whether a person asked by what they submitted themselves: nothing else of theirs joins it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// The records, as runs of their numbers: first and last.
    pub records: Vec<(i64, i64)>,
    /// The label that they had when it was opened.
    pub held: String,
    /// The label that they get; `None` where they stay as they are and are agreed on.
    pub label: Option<String>,
    /// Whether everybody may see them then.
    pub public: bool,
    /// Whether somebody else than who asked has to give the steps.
    pub four_eyes: bool,
    /// The desk that the records belong to.
    pub desk: Option<String>,
    /// The address of the desk's page of it, where it has one.
    pub page: Option<String>,
    /// The steps, as they were defined then.
    pub steps: Vec<Step>,
    /// A silence, if one was opened.
    pub silence: Option<Silence>,
    /// By when its steps are wanted, if somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
    /// How long it waits after everything was given.
    pub delay: Micros,
    /// The end of the delay, once everything was given.
    pub not_before: Option<Micros>,
    /// Where it stands.
    pub state: State,
    /// The first record that a release has not come to yet: it takes them a portion at a time.
    pub next: i64,
    /// Records that a release left as they are.
    pub left: u64,
    /// What was done, in order.
    pub events: Vec<Event>,
}

impl Case {
    /// Whether nothing more can be done about it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !matches!(self.state, State::Open | State::Cleared)
    }

    /// How many records it is about.
    #[must_use]
    pub fn count(&self) -> i64 {
        let runs = self.records.iter();
        runs.map(|(first, last)| last - first + 1).sum()
    }

    /// How much has happened to it, records that joined included: what a page of it carries, so that whoever acts acts on what they read.
    /// It only rises.
    #[must_use]
    pub fn happened(&self) -> usize {
        let joined = |event: &Event| match event.what {
            What::Joined { records } | What::Corrected { records } => {
                usize::try_from(records).unwrap_or(usize::MAX)
            }
            _ => 0,
        };
        let joined = self.events.iter().map(joined);
        joined.fold(self.events.len(), usize::saturating_add)
    }

    /// The numbers of its records.
    pub fn numbers(&self) -> impl Iterator<Item = i64> + '_ {
        self.records.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// The label that its records get.
    #[must_use]
    pub fn label(&self) -> Option<policy::Label> {
        self.label.as_deref().and_then(read_label)
    }

    /// Whether every visa is given.
    #[must_use]
    pub fn has_visas(&self) -> bool {
        self.of_kind(StepKind::Visa)
            .all(|step| step.given.is_some())
    }

    /// Whether a person answers for it.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        let mut signatures = self.of_kind(StepKind::Signature).peekable();
        signatures.peek().is_some() && signatures.all(|step| step.given.is_some())
    }

    fn of_kind(&self, kind: StepKind) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.kind == kind)
    }

    /// What it waits for, apart from the delay.
    #[must_use]
    pub fn awaits(&self) -> Awaits {
        let silence = self.silence.as_ref().map(|silence| silence.state);
        if silence == Some(SilenceState::Broken) {
            Awaits::Broken
        } else if !self.has_visas() {
            Awaits::Visas
        } else if silence == Some(SilenceState::Running) {
            Awaits::Silence
        } else if self
            .of_kind(StepKind::Signature)
            .any(|step| step.given.is_none())
        {
            Awaits::Signature
        } else if self.label.is_some() && !self.is_signed() {
            // A label is loosened by a person's signature, whatever the steps say.
            Awaits::Signature
        } else if self.label.is_none() && silence.is_none() && !self.is_signed() {
            Awaits::Silence
        } else if self.not_before.is_some() && self.state == State::Cleared {
            Awaits::Delay
        } else {
            Awaits::Nothing
        }
    }

    /// Whether every step that it was opened with is behind it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        matches!(self.awaits(), Awaits::Delay | Awaits::Nothing)
    }

    /// Reservations that were made, with who made them.
    pub fn reservations(&self) -> impl Iterator<Item = &Event> {
        let reserved =
            |event: &&Event| matches!(event.what, What::Reserved { .. } | What::SilenceReserved);
        self.events.iter().filter(reserved)
    }
}
