//! The silence procedure on a round: agreed at a time unless a side breaks it before. Invariant: what comes after the time changes
//! nothing; nobody's silence counts before the time is over, nor where they could not know of it before; a reservation does not stop
//! agreement and is never lost; only a party takes a step; what had not left when the time was over broke nothing for sure; to which
//! procedure a step belongs does not hang on when it is read.

use stix::Timestamp;

use crate::records::{Silence, SilenceAct};

/// What a side did, and when this became known, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// When.
    pub at: i64,
    /// Since when every side could know of it; `None` where one could not so far.
    pub known: Option<i64>,
    /// By when every side had it, as far as this node knows; `None` where it does not know it of one.
    pub had: Option<i64>,
    /// What.
    pub what: &'a Silence,
}

/// How a procedure stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The time runs.
    Running,
    /// A side broke the silence.
    Broken,
    /// The time is over, nobody broke it, and every side had it before, as this node knows.
    Agreed,
    /// The time is over; this node does not know whether every side had in time what began it, or what broke it. Those sides' nodes
    /// know it.
    Unsure,
    /// The time was over before every side could know that it ran: nobody's silence agrees to anything.
    Unheard,
}

/// A procedure on one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// The round.
    pub round_ref: String,
    /// Who began it.
    pub by: String,
    /// Until when, in microseconds.
    pub until: i64,
    /// The zone in which that was given.
    pub zone: Option<String>,
    /// The step by which it was begun, by its place among those that were given.
    pub begun: usize,
    /// Since when every side could know that it runs; `None` where one could not so far.
    pub known: Option<i64>,
    /// By when every side had it, as far as this node knows.
    pub had: Option<i64>,
    /// How it stands.
    pub standing: Standing,
    /// Who broke it, and why; where it does not stand as broken, not every side is known to have heard so in time.
    pub broken: Vec<(String, Option<String>)>,
    /// Reservations, with the side of each.
    pub reserved: Vec<(String, String)>,
    /// Steps that came after the time, or that their side could not take: they stand here and change nothing.
    pub late: Vec<(String, SilenceAct)>,
    /// Steps that bear a time before it began: by clocks that differ, perhaps. They stand here and change nothing.
    pub early: Vec<(String, SilenceAct)>,
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The time to be given lies behind.
    Past,
    /// No procedure runs on the round.
    NotRunning,
    /// One runs already.
    Running,
    /// Only who began it gives more time.
    NotYours,
    /// The side is no party to the text.
    NotParty,
    /// The new time is not later than the old one.
    NotLater,
}

fn time(text: Option<&str>) -> Option<i64> {
    Some(Timestamp::parse(text?).ok()?.micros())
}

/// Whether a side is one of the parties; where the text names none, everybody who has it is.
fn is_party(parties: &[String], side: &str) -> bool {
    parties.is_empty() || parties.iter().any(|party| party == side)
}

/// The procedure on a round of these parties as it stands at a time; the newest where there were several. `None` where none was begun.
pub fn stands(
    round_ref: &str,
    parties: &[String],
    steps: &[Step<'_>],
    now: i64,
) -> Option<Procedure> {
    let mut steps: Vec<(usize, Step<'_>)> = steps
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, step)| step.what.round_ref == round_ref)
        .collect();
    steps.sort_by_key(|(_, step)| step.at);
    let mut procedure: Option<Procedure> = None;
    let mut early = Vec::new();
    // Whether a side declared a break that every side could have in time, and whether every side is known to have it. By the first it is at an
    // end for every step after; how it stands is judged when all are known.
    let (mut declared, mut had) = (false, false);
    for (place, step) in steps {
        let running = !declared && procedure.as_ref().is_some_and(|one| step.at < one.until);
        let until = time(step.what.until.as_deref()).filter(|until| *until > step.at);
        let party = is_party(parties, &step.what.side);
        match (step.what.act, until) {
            (SilenceAct::Start, Some(until)) if party && !running => {
                (declared, had) = (false, false);
                procedure = Some(Procedure {
                    round_ref: round_ref.to_owned(),
                    by: step.what.side.clone(),
                    until,
                    zone: step.what.zone.clone(),
                    begun: place,
                    known: step.known,
                    had: step.had,
                    standing: Standing::Running,
                    broken: Vec::new(),
                    reserved: Vec::new(),
                    late: Vec::new(),
                    early: std::mem::take(&mut early),
                });
            }
            (act, until) => {
                let side = step.what.side.clone();
                let Some(one) = &mut procedure else {
                    early.push((side, act));
                    continue;
                };
                let words = step.what.words.clone();
                match (act, until) {
                    (SilenceAct::Extend, Some(until))
                        if running && side == one.by && until > one.until =>
                    {
                        one.until = until;
                        one.zone.clone_from(&step.what.zone);
                    }
                    (SilenceAct::Break, _) if party && step.at < one.until => {
                        if step.known.is_some_and(|known| known < one.until) {
                            declared = true;
                            had |= step.had.is_some();
                        }
                        one.broken.push((side, words));
                    }
                    (SilenceAct::Reserve, _) if party && running => {
                        one.reserved.push((side, words.unwrap_or_default()));
                    }
                    _ => one.late.push((side, act)),
                }
            }
        }
    }
    if let Some(one) = &mut procedure {
        let in_time = |moment: Option<i64>| moment.is_some_and(|moment| moment < one.until);
        one.standing = match (in_time(one.had), in_time(one.known)) {
            // As long as there is time a break counts where every side can have it; then where each is known to.
            _ if declared && (had || now < one.until) => Standing::Broken,
            _ if now < one.until => Standing::Running,
            _ if !one.broken.is_empty() => Standing::Unsure,
            (true, _) => Standing::Agreed,
            (false, true) => Standing::Unsure,
            (false, false) => Standing::Unheard,
        };
    }
    procedure
}

/// Whether a side may take a step now, on a round of these parties.
///
/// # Errors
/// Why not.
pub fn may(
    procedure: Option<&Procedure>,
    parties: &[String],
    act: SilenceAct,
    side: &str,
    until: Option<i64>,
    now: i64,
) -> Result<(), Refused> {
    if !is_party(parties, side) {
        return Err(Refused::NotParty);
    }
    let running = procedure.filter(|one| one.standing == Standing::Running);
    match (act, running) {
        (SilenceAct::Start, Some(_)) => Err(Refused::Running),
        (SilenceAct::Start, None) => match until {
            Some(until) if until > now => Ok(()),
            _ => Err(Refused::Past),
        },
        (_, None) => Err(Refused::NotRunning),
        (SilenceAct::Extend, Some(one)) if one.by != side => Err(Refused::NotYours),
        (SilenceAct::Extend, Some(one)) => match until {
            Some(until) if until > one.until => Ok(()),
            _ => Err(Refused::NotLater),
        },
        (SilenceAct::Break | SilenceAct::Reserve, Some(_)) => Ok(()),
    }
}
