//! Cases in words: what a step is called, what a case waits for, what was done, until when a silence runs.

use node::clearance::{
    Awaits, Case, Event, Forbidden, Lapse, Seen, SilenceState, State, Step, What, Zone,
};
use node::{Channel, Refused};
use policy::Released;
use stix::ObjectId;

use axum::http::StatusCode;

use crate::locale::Words;
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// What a step is called: in the visitor's language where the name is one of ours, as the organ wrote it otherwise.
pub(super) fn step_name(words: &Words, name: &str) -> String {
    let key = format!("clearance-step-{name}");
    if words.has(&key) {
        words.t(&key)
    } else {
        shown(name)
    }
}

/// Who or what asked: a person, or a door.
pub(super) fn asker(wording: &Wording<'_>, asked_by: &str) -> String {
    match Channel::parse(asked_by) {
        Some(Channel::Local) => wording.itself(),
        Some(channel) => wording.channel(Some(&channel)),
        None => wording.name(asked_by),
    }
}

/// The sign and the words for where a case stands.
pub(super) fn stands(words: &Words, case: &Case) -> (&'static str, String) {
    let (sign, key) = match case.state {
        State::Released if case.label.is_none() => ("good", "clearance-state-agreed"),
        State::Released => ("good", "clearance-state-released"),
        State::Refused => ("bad", "clearance-state-refused"),
        State::Withdrawn => ("off", "clearance-state-withdrawn"),
        State::Lapsed => ("off", "clearance-state-lapsed"),
        State::Open | State::Cleared => match case.awaits() {
            Awaits::Visas => ("wait", "clearance-awaits-visas"),
            Awaits::Silence => ("wait", "clearance-awaits-silence"),
            Awaits::Broken => ("bad", "clearance-awaits-broken"),
            Awaits::Signature => ("wait", "clearance-awaits-signature"),
            Awaits::Delay => {
                let at = case.not_before.unwrap_or_default();
                return (
                    "wait",
                    words.t1("clearance-awaits-delay", "date", words.moment(at)),
                );
            }
            Awaits::Nothing => ("wait", "clearance-awaits-nothing"),
        },
    };
    (sign, words.t(key))
}

/// How a step stands.
pub(super) fn step_stands(
    words: &Words,
    wording: &Wording<'_>,
    step: &Step,
) -> (&'static str, String) {
    let Some(given) = &step.given else {
        return ("wait", words.t("clearance-step-waits"));
    };
    let key = if given.reserved {
        "clearance-step-reserved"
    } else {
        "clearance-step-given"
    };
    let sign = if given.reserved { "wait" } else { "good" };
    let by = match &given.instead_of {
        Some(giver) => words.t2(
            "clearance-for",
            "name",
            wording.name(&given.by),
            "giver",
            wording.name(giver),
        ),
        None => wording.name(&given.by),
    };
    (
        sign,
        words.t2(key, "name", by, "date", words.moment(given.at)),
    )
}

/// Names, or that it is for whoever may.
pub(super) fn names(
    words: &Words,
    wording: &Wording<'_>,
    who: &[ObjectId],
    nobody: &str,
) -> String {
    if who.is_empty() {
        return words.t(nobody);
    }
    let mut names: Vec<String> = who.iter().map(|id| wording.name(id.as_str())).collect();
    words.sort(&mut names, |name| name);
    words.list(&names)
}

/// A deadline, in its zone and in UTC.
pub(super) fn deadline(words: &Words, until: i64, zone: &str) -> String {
    let utc = words.moment(until);
    let Ok(known) = Zone::named(zone) else {
        return utc;
    };
    if known.name() == "UTC" {
        return utc;
    }
    let (date, time) = known.shows(until);
    let there = words.moment_in(&date, &time, known.name());
    words.t2("clearance-deadline", "there", there, "utc", utc)
}

/// What was done, in a sentence.
pub(super) fn happened(words: &Words, case: &Case, event: &Event) -> String {
    let zone = case
        .silence
        .as_ref()
        .map_or("UTC", |silence| silence.zone.as_str());
    let named = |key: &str, step: &str| words.t1(key, "step", step_name(words, step));
    match &event.what {
        What::Opened => words.t("clearance-did-open"),
        What::Joined { records } => words.t1("clearance-did-join", "n", *records),
        What::Corrected { records } => words.t1("clearance-did-correct", "n", *records),
        What::Given { step } => named("clearance-did-give", step),
        What::Reserved { step } => named("clearance-did-reserve", step),
        What::Refused { step } => named("clearance-did-refuse", step),
        What::TakenBack { step } => named("clearance-did-take-back", step),
        What::SilenceBegun { until } => {
            words.t1("clearance-did-begin", "date", deadline(words, *until, zone))
        }
        What::SilenceBroken => words.t("clearance-did-break"),
        What::SilenceExtended { until } => words.t1(
            "clearance-did-extend",
            "date",
            deadline(words, *until, zone),
        ),
        What::SilenceReserved => words.t("clearance-did-keep"),
        What::SilencePassed => words.t("clearance-did-pass"),
        What::Cleared { not_before } => {
            words.t1("clearance-did-clear", "date", words.moment(*not_before))
        }
        What::Released { left: 0 } if case.label.is_none() => words.t("clearance-did-agree"),
        What::Released { left: 0 } => words.t("clearance-did-release"),
        What::Released { left } => words.t1("clearance-did-release-some", "n", *left),
        What::Withdrawn => words.t("clearance-did-withdraw"),
        What::WantedBy { until } => {
            let zone = case.wanted.as_ref().map_or("UTC", |one| one.zone.as_str());
            words.t1("clearance-did-want", "date", deadline(words, *until, zone))
        }
    }
}

/// The state of a silence.
pub(super) fn silence_stands(words: &Words, state: SilenceState) -> (&'static str, String) {
    let (sign, key) = match state {
        SilenceState::Running => ("wait", "clearance-silence-runs"),
        SilenceState::Broken => ("bad", "clearance-silence-broken"),
        SilenceState::Passed => ("good", "clearance-silence-passed"),
    };
    (sign, words.t(key))
}

/// Why something was not done, as a page.
pub(super) fn refused(error: anyhow::Error) -> Failure {
    if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
        let text = match forbidden {
            Forbidden::Absent => return Failure::Absent,
            Forbidden::Over => "clearance-no-over",
            Forbidden::Changed | Forbidden::Unseen => "clearance-no-changed",
            Forbidden::NotYours | Forbidden::NoStep => "clearance-no-others",
            Forbidden::OwnCase => "clearance-no-own",
            Forbidden::GivenAlready | Forbidden::NotGiven => "clearance-no-given",
            Forbidden::VisasMissing => "clearance-no-visas",
            Forbidden::SilenceRuns => "clearance-no-runs",
            Forbidden::SilenceBroken => "clearance-no-broken",
            Forbidden::NoSilence | Forbidden::SilenceOver => "clearance-no-silence",
            Forbidden::NotLater => "clearance-no-later",
            Forbidden::Words => "clearance-no-words",
            Forbidden::Delegation(lapse) => lapsed(*lapse),
            Forbidden::NotOurs => "clearance-no-ours",
            Forbidden::SaysItself => "clearance-no-itself",
            Forbidden::NothingWider => "clearance-no-wider",
            Forbidden::OpenAlready => "clearance-no-twice",
            _ => "clearance-no-sense",
        };
        return Failure::Said(StatusCode::CONFLICT, "clearance-no-title", text);
    }
    match error.downcast_ref::<Refused>() {
        Some(Refused::SignedOut) => Failure::SignIn,
        Some(Refused::NotAllowed(_)) => Failure::Said(
            StatusCode::FORBIDDEN,
            "clearance-no-title",
            "clearance-no-right",
        ),
        _ => Failure::Broken(error),
    }
}

fn lapsed(lapse: Lapse) -> &'static str {
    match lapse {
        Lapse::None => "clearance-lapse-none",
        Lapse::NotBegun => "clearance-lapse-begins",
        Lapse::Over => "clearance-lapse-over",
        Lapse::OutOfScope => "clearance-lapse-scope",
        Lapse::GiverMayNot => "clearance-lapse-giver",
    }
}

/// Cases by their addresses, each with where it stands.
pub(crate) type CaseLinks = Vec<(String, String)>;

/// The open cases about a record: their addresses, and where they stand.
pub(crate) fn cases_about(
    visitor: &Visitor,
    id: &ObjectId,
) -> Result<Released<CaseLinks>, Failure> {
    let seen = visitor.node().clearance().about(visitor.viewer(), id)?;
    let seen: Released<Vec<Seen>> = seen.into_iter().collect();
    Ok(seen.map(|seen| {
        let line = |seen: Seen| {
            let (_, stands) = stands(&visitor.words, &seen.case);
            let named = visitor.words.t2(
                "clearance-case-stands",
                "n",
                seen.case.number,
                "stands",
                stands,
            );
            (format!("/clearance/cases/{}", seen.case.number), named)
        };
        seen.into_iter().map(line).collect()
    }))
}
