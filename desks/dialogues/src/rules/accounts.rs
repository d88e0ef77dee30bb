//! Whether the accounts of the sides differ, and what is one side's account alone. Invariant: both voices stand alike; a side that shares
//! nothing contradicts nobody.

use super::due::newest_of_each;
use crate::names::EVERYBODY;
use crate::records::{Commitment, Consent, FollowUp, Piece, Purpose, Session, State};

/// The newest accounts of the sides where they differ from each other; empty where they don't.
pub fn differ(follow_ups: &[Piece<FollowUp>]) -> Vec<&Piece<FollowUp>> {
    let told: Vec<&Piece<FollowUp>> = newest_of_each(follow_ups)
        .into_iter()
        .filter(|follow_up| follow_up.what.state != State::NotShared)
        .collect();
    let differs = told.iter().any(|follow_up| {
        told.iter()
            .any(|other| other.what.state != follow_up.what.state)
    });
    if differs { told } else { Vec::new() }
}

/// The side whose account a statement is, until another of its actors confirms it.
pub fn as_reported_by<'a>(
    commitment: &'a Commitment,
    consents: &[Piece<Consent>],
) -> Option<&'a str> {
    let reporter = commitment
        .reported_by
        .as_deref()
        .filter(|_| commitment.standing.is_one_sided())?;
    let confirmed = consents.iter().any(|consent| {
        consent.what.purpose == Purpose::Confirm
            && !consent.what.withdrawn
            && consent.what.side != reporter
    });
    (!confirmed).then_some(reporter)
}

/// Whether a side may state this follow-up: about its own part, under its own name.
pub fn states_for_itself(follow_up: &FollowUp, ours: &[String]) -> bool {
    ours.contains(&follow_up.side)
}

/// Whether a commitment is one of ours to follow: our side is among those who made it; or all of its session did, and we are a party of
/// that, or belong to a group that is. Whoever observed it made nothing there.
pub fn is_ours(commitment: &Commitment, session: Option<&Session>, ours: &[String]) -> bool {
    let own = |side: &String| ours.contains(side);
    let group = |side: &String| EVERYBODY.contains(&side.as_str());
    let actors = &commitment.actors;
    if actors.iter().any(own) {
        return true;
    }
    let by_all = actors.is_empty() || actors.iter().any(group);
    let took_part = |session: &Session| {
        let parties = &session.parties;
        let observed = session.observers.iter().any(|one| own(&one.who));
        parties.iter().any(own) || !observed && (parties.is_empty() || parties.iter().any(group))
    };
    by_all && session.is_none_or(took_part)
}
