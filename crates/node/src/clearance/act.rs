//! What may be done about a case, by whom, when. Pure: times and rights are passed in, and what is forbidden changes nothing.

use stix::ObjectId;

use super::case::{Case, Event, Given, Silence, SilenceState, State, StepKind, Wanted, What};
use crate::clock::Micros;

/// What somebody does about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Gives a visa, by the place of its step.
    Visa {
        /// Among the case's steps.
        step: usize,
        /// With a reservation, which takes words.
        reserved: bool,
    },
    /// Signs, by the place of its step.
    Sign {
        /// Among the case's steps.
        step: usize,
        /// With a reservation, which takes words.
        reserved: bool,
    },
    /// Refuses a step, which ends the case. Takes words.
    Refuse {
        /// Among the case's steps.
        step: usize,
    },
    /// Takes back what they gave.
    TakeBack {
        /// Among the case's steps.
        step: usize,
    },
    /// Takes the case back. The records stay as they are.
    Withdraw,
    /// Opens a silence.
    BeginSilence {
        /// The deadline.
        until: Micros,
        /// The zone in which it was put.
        zone: String,
        /// Who is asked.
        of: Vec<ObjectId>,
    },
    /// Breaks the silence. Takes words.
    Break,
    /// Gives a silence a later deadline, one that was broken as well.
    Extend {
        /// The later deadline.
        until: Micros,
        /// The zone in which it was put.
        zone: String,
    },
    /// Keeps silent with a reservation. Takes words.
    Reserve,
    /// Says by when the steps are wanted; once more for another time.
    WantBy {
        /// The time.
        by: Micros,
        /// The zone in which it was put.
        zone: String,
    },
}

/// Who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// The person.
    pub person: String,
    /// In whose place, by a delegation that covers this.
    pub instead_of: Option<String>,
    /// Whether they may release.
    pub releases: bool,
    /// Whether they may stop what has not happened yet.
    pub stops: bool,
}

/// Why something was not done. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Forbidden {
    /// There is no such case for whoever asks.
    #[error("there is no such case")]
    Absent,
    /// It was released, refused or withdrawn.
    #[error("the case is over")]
    Over,
    /// Somebody did something after the page was read: look again.
    #[error("something was done meanwhile; look at the case again")]
    Changed,
    /// A step is given to what was read: it takes how far the case had come then.
    #[error("read the case first, and say how it stood")]
    Unseen,
    /// There is no such step, or it is of another kind.
    #[error("there is no such step")]
    NoStep,
    /// The step is somebody else's.
    #[error("this step is for others to give")]
    NotYours,
    /// They asked for it themselves, in person or by a deputy.
    #[error("whoever asked for it does not count twice; somebody else has to")]
    OwnCase,
    /// The step was given.
    #[error("this step was given already")]
    GivenAlready,
    /// The step was not given, or by somebody else.
    #[error("this step was not given by you")]
    NotGiven,
    /// Visas are missing.
    #[error("visas are missing")]
    VisasMissing,
    /// A silence runs.
    #[error("a silence runs until its deadline")]
    SilenceRuns,
    /// The silence was broken.
    #[error("the silence was broken")]
    SilenceBroken,
    /// There is no silence to do this to.
    #[error("no silence runs")]
    NoSilence,
    /// Its deadline has passed.
    #[error("the deadline of the silence has passed")]
    SilenceOver,
    /// A deadline has to lie ahead, and an extended one after the one before.
    #[error("the deadline has to be later")]
    NotLater,
    /// It takes words.
    #[error("say why")]
    Words,
    /// A delegation does not cover this.
    #[error("the delegation does not cover this: {0}")]
    Delegation(super::mandate::Lapse),
    /// The record is not ours to release.
    #[error("only its author releases a record more widely")]
    NotOurs,
    /// Its own words say how far it goes.
    #[error("the record says itself how far it goes; write a new version that says otherwise")]
    SaysItself,
    /// Nobody would gain by the label; tightening takes no clearance.
    #[error("nobody would see more by it")]
    NothingWider,
    /// A case about it is open.
    #[error("a case about it is open")]
    OpenAlready,
    /// What was asked for makes no sense: an empty scope, an end before its beginning.
    #[error("this cannot be: {0}")]
    Nonsense(&'static str),
}

impl Case {
    /// Does it, or says why not.
    ///
    /// # Errors
    /// [`Forbidden`]; the case is as it was.
    pub fn act(
        &mut self,
        act: &Act,
        hand: &Hand,
        words: &str,
        at: Micros,
    ) -> Result<(), Forbidden> {
        if self.is_over() || self.next > 0 {
            return Err(Forbidden::Over);
        }
        let words = words.trim();
        let what = match act {
            Act::Visa { step, reserved } => {
                self.give(*step, StepKind::Visa, *reserved, hand, words, at)?
            }
            Act::Sign { step, reserved } => {
                self.give(*step, StepKind::Signature, *reserved, hand, words, at)?
            }
            Act::Refuse { step } => self.refuse(*step, hand, words)?,
            Act::TakeBack { step } => self.take_back(*step, hand)?,
            Act::Withdraw => {
                if !hand.stops && self.asked_by != hand.person {
                    return Err(Forbidden::NotYours);
                }
                self.state = State::Withdrawn;
                What::Withdrawn
            }
            Act::BeginSilence { until, zone, of } => self.begin(*until, zone, of, hand, at)?,
            Act::Break => {
                self.silence_of(hand, words, at)?.state = SilenceState::Broken;
                What::SilenceBroken
            }
            Act::Reserve => {
                self.silence_of(hand, words, at)?;
                What::SilenceReserved
            }
            Act::Extend { until, zone } => self.extend(*until, zone, hand, at)?,
            Act::WantBy { by, zone } => self.want(*by, zone, hand, at)?,
        };
        self.noted(Some(hand), what, words, at);
        self.complete(at);
        Ok(())
    }

    /// What the clock brings about: a deadline that passed in silence. Says whether anything changed.
    pub fn turn(&mut self, at: Micros) -> bool {
        let open = !self.is_over();
        let Some(silence) = self.silence.as_mut().filter(|_| open) else {
            return false;
        };
        if silence.state != SilenceState::Running || at < silence.until {
            return false;
        }
        silence.state = SilenceState::Passed;
        self.noted(None, What::SilencePassed, "", at);
        self.complete(at);
        true
    }

    /// Whether nothing stands against carrying it out.
    #[must_use]
    pub fn is_due(&self, at: Micros) -> bool {
        self.state == State::Cleared
            && self.is_complete()
            && self.not_before.is_some_and(|not_before| not_before <= at)
    }

    /// It was carried out.
    pub(crate) fn released(&mut self, at: Micros) {
        self.state = State::Released;
        let left = self.left;
        self.noted(None, What::Released { left }, "", at);
    }

    fn give(
        &mut self,
        place: usize,
        kind: StepKind,
        reserved: bool,
        hand: &Hand,
        words: &str,
        at: Micros,
    ) -> Result<What, Forbidden> {
        let others_only = self.public || self.four_eyes;
        if others_only && self.is_askers(hand) {
            return Err(Forbidden::OwnCase);
        }
        if kind == StepKind::Signature {
            self.may_be_signed(hand)?;
        }
        if reserved && words.is_empty() {
            return Err(Forbidden::Words);
        }
        let step = self
            .steps
            .get_mut(place)
            .filter(|step| step.kind == kind)
            .ok_or(Forbidden::NoStep)?;
        if !step.is_for(hand) {
            return Err(Forbidden::NotYours);
        }
        if step.given.is_some() {
            return Err(Forbidden::GivenAlready);
        }
        step.given = Some(Given {
            by: hand.person.clone(),
            instead_of: hand.instead_of.clone(),
            at,
            reserved,
        });
        let step = step.name.clone();
        Ok(if reserved {
            What::Reserved { step }
        } else {
            What::Given { step }
        })
    }

    fn may_be_signed(&self, hand: &Hand) -> Result<(), Forbidden> {
        if !hand.releases {
            return Err(Forbidden::NotYours);
        }
        if !self.has_visas() {
            return Err(Forbidden::VisasMissing);
        }
        match self.silence.as_ref().map(|silence| silence.state) {
            Some(SilenceState::Running) => Err(Forbidden::SilenceRuns),
            Some(SilenceState::Broken) => Err(Forbidden::SilenceBroken),
            Some(SilenceState::Passed) | None => Ok(()),
        }
    }

    /// Whether it is who asked, themselves or through whoever stands in for them.
    fn is_askers(&self, hand: &Hand) -> bool {
        hand.person == self.asked_by || hand.instead_of.as_ref() == Some(&self.asked_by)
    }

    fn refuse(&mut self, place: usize, hand: &Hand, words: &str) -> Result<What, Forbidden> {
        let step = self.steps.get(place).ok_or(Forbidden::NoStep)?;
        if !step.is_for(hand) || step.kind == StepKind::Signature && !hand.releases {
            return Err(Forbidden::NotYours);
        }
        if step.given.is_some() {
            return Err(Forbidden::GivenAlready);
        }
        if words.is_empty() {
            return Err(Forbidden::Words);
        }
        self.state = State::Refused;
        Ok(What::Refused {
            step: step.name.clone(),
        })
    }

    fn take_back(&mut self, place: usize, hand: &Hand) -> Result<What, Forbidden> {
        let step = self.steps.get_mut(place).ok_or(Forbidden::NoStep)?;
        let mine = |given: &Given| {
            given.by == hand.person || given.instead_of.as_ref() == Some(&hand.person)
        };
        if !step.given.as_ref().is_some_and(mine) {
            return Err(Forbidden::NotGiven);
        }
        step.given = None;
        let name = step.name.clone();
        if step.kind == StepKind::Visa {
            // Whoever signed did so on the ground of all visas.
            for signature in self
                .steps
                .iter_mut()
                .filter(|step| step.kind == StepKind::Signature)
            {
                signature.given = None;
            }
        }
        self.state = State::Open;
        self.not_before = None;
        Ok(What::TakenBack { step: name })
    }

    fn begin(
        &mut self,
        until: Micros,
        zone: &str,
        of: &[ObjectId],
        hand: &Hand,
        at: Micros,
    ) -> Result<What, Forbidden> {
        if !self.leads(hand) {
            return Err(Forbidden::NotYours);
        }
        if self.silence.is_some() {
            return Err(Forbidden::SilenceRuns);
        }
        if self.state == State::Cleared
            || self
                .steps
                .iter()
                .any(|step| step.kind == StepKind::Signature && step.given.is_some())
        {
            return Err(Forbidden::GivenAlready);
        }
        if until <= at {
            return Err(Forbidden::NotLater);
        }
        self.silence = Some(Silence {
            until,
            zone: zone.to_owned(),
            of: of.to_vec(),
            state: SilenceState::Running,
        });
        Ok(What::SilenceBegun { until })
    }

    /// The silence, for somebody who is asked and says something in time.
    fn silence_of(
        &mut self,
        hand: &Hand,
        words: &str,
        at: Micros,
    ) -> Result<&mut Silence, Forbidden> {
        let silence = self.silence.as_mut().ok_or(Forbidden::NoSilence)?;
        match silence.state {
            SilenceState::Passed => return Err(Forbidden::SilenceOver),
            SilenceState::Broken => return Err(Forbidden::SilenceBroken),
            SilenceState::Running if at >= silence.until => return Err(Forbidden::SilenceOver),
            SilenceState::Running => {}
        }
        let asked = |id: &ObjectId| {
            id.as_str() == hand.person || hand.instead_of.as_deref() == Some(id.as_str())
        };
        if !silence.of.is_empty() && !silence.of.iter().any(asked) {
            return Err(Forbidden::NotYours);
        }
        if words.is_empty() {
            return Err(Forbidden::Words);
        }
        Ok(silence)
    }

    fn extend(
        &mut self,
        until: Micros,
        zone: &str,
        hand: &Hand,
        at: Micros,
    ) -> Result<What, Forbidden> {
        let leads = self.leads(hand);
        let silence = self.silence.as_mut().ok_or(Forbidden::NoSilence)?;
        if !leads {
            return Err(Forbidden::NotYours);
        }
        let passed = silence.state == SilenceState::Running && at >= silence.until;
        if passed || silence.state == SilenceState::Passed {
            return Err(Forbidden::SilenceOver);
        }
        if until <= silence.until || until <= at {
            return Err(Forbidden::NotLater);
        }
        silence.until = until;
        zone.clone_into(&mut silence.zone);
        silence.state = SilenceState::Running;
        Ok(What::SilenceExtended { until })
    }

    fn want(&mut self, by: Micros, zone: &str, hand: &Hand, at: Micros) -> Result<What, Forbidden> {
        if !self.leads(hand) {
            return Err(Forbidden::NotYours);
        }
        if self.steps.iter().all(|step| step.given.is_some()) {
            return Err(Forbidden::NoStep);
        }
        if by <= at {
            return Err(Forbidden::NotLater);
        }
        self.wanted = Some(Wanted {
            by,
            zone: zone.to_owned(),
        });
        Ok(What::WantedBy { until: by })
    }

    /// Whether somebody conducts the case: who asked for it, or who may sign it.
    fn leads(&self, hand: &Hand) -> bool {
        let signs =
            |step: &super::case::Step| step.kind == StepKind::Signature && step.is_for(hand);
        self.asked_by == hand.person || hand.releases && self.steps.iter().any(signs)
    }

    /// Once nothing is missing, the delay begins.
    fn complete(&mut self, at: Micros) {
        if self.state == State::Open && self.is_complete() {
            self.state = State::Cleared;
            let not_before = at.saturating_add(self.delay);
            self.not_before = Some(not_before);
            self.noted(None, What::Cleared { not_before }, "", at);
        }
    }

    fn noted(&mut self, hand: Option<&Hand>, what: What, words: &str, at: Micros) {
        self.events.push(Event {
            at,
            by: hand.map(|hand| hand.person.clone()),
            instead_of: hand.and_then(|hand| hand.instead_of.clone()),
            what,
            words: words.to_owned(),
        });
    }
}

impl super::case::Step {
    /// Whether a step is somebody's: named, standing in for somebody named, or anybody's.
    #[must_use]
    pub fn is_for(&self, hand: &Hand) -> bool {
        let whose = hand.instead_of.as_ref().unwrap_or(&hand.person);
        self.who.is_empty() && hand.instead_of.is_none()
            || self.who.iter().any(|id| id.as_str() == whose)
    }
}
