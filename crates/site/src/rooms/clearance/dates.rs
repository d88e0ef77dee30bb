//! What of clearance has a date: the end of a silence, the day by which a visa or a signature is wanted, the end of a delay; and, without
//! one, what waits for the visitor.

use node::clearance::{Awaits, Case, Seen, SilenceState, StepKind};
use policy::Released;

use super::told::deadline;
use crate::rooms::wording::Wording;
use crate::shell::desk::{Dated, When};
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// The lines of all open cases whose records the visitor may see.
pub(super) fn dates(visitor: &Visitor) -> Result<Released<Vec<Dated>>, Failure> {
    let open = visitor.node().clearance().open_to(visitor.viewer())?;
    let open: Released<Vec<Seen>> = open.into_iter().collect();
    let wording = Wording::of(visitor)?;
    let mut failed = None;
    let lines = open.map(|open| {
        let mut lines = Vec::new();
        for seen in &open {
            let first = seen.records.first();
            let title = first.map(|stood| wording.title(&stood.record.id, &stood.record.body));
            match title.transpose() {
                Ok(title) => {
                    let title = title.map_or_else(String::new, |title| title.text);
                    lines.extend(of_case(visitor, seen, &title));
                }
                Err(error) => failed = Some(error),
            }
        }
        lines
    });
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(lines),
    }
}

/// What a case has to say to a calendar.
fn of_case(visitor: &Visitor, seen: &Seen, title: &str) -> Vec<Dated> {
    let (case, words) = (&seen.case, &visitor.words);
    let line = |name: &str, key: &str, when: When, told: String, awaits: bool| Dated {
        id: format!("case:{}:{name}", case.number),
        path: format!("/clearance/cases/{}", case.number),
        title: words.t1(key, "name", title),
        when,
        told,
        place: None,
        changed: case.events.last().map_or(case.asked_at, |event| event.at),
        awaits,
        cancelled: false,
        label: policy::combine(seen.records.iter().map(|stood| &stood.label)),
    };
    let mut lines = Vec::new();
    let mine = turn(visitor, case);
    if let Some(silence) = &case.silence
        && silence.state == SilenceState::Running
        && visitor.now < silence.until
    {
        // Whoever is asked, and has not said anything, may do so until then.
        let asked = mine.is_none() && waits(visitor, case);
        let told = deadline(words, silence.until, &silence.zone);
        let when = When::Moment(silence.until);
        lines.push(line("silence", "calendar-silence", when, told, asked));
    }
    let open = matches!(case.awaits(), Awaits::Visas | Awaits::Signature);
    match (&case.wanted, mine) {
        (Some(wanted), _) if open || mine.is_some() => {
            let (when, told) = (
                When::Moment(wanted.by),
                deadline(words, wanted.by, &wanted.zone),
            );
            let key = mine.unwrap_or("calendar-wanted");
            lines.push(line("step", key, when, told, mine.is_some()));
        }
        (_, Some(key)) => lines.push(line("step", key, When::Open, String::new(), true)),
        _ => {}
    }
    if let (Awaits::Delay, Some(at)) = (case.awaits(), case.not_before) {
        let told = words.moment(at);
        lines.push(line(
            "delay",
            "calendar-delay",
            When::Moment(at),
            told,
            false,
        ));
    }
    lines
}

/// The key of what the visitor has to give, if a step is theirs.
fn turn(visitor: &Visitor, case: &Case) -> Option<&'static str> {
    let turns = visitor
        .node()
        .clearance()
        .turns(case, visitor.actor.as_ref()?);
    let step = case.steps.get(turns.first()?.step)?;
    Some(match step.kind {
        StepKind::Visa => "calendar-visa",
        StepKind::Signature => "calendar-signature",
    })
}

fn waits(visitor: &Visitor, case: &Case) -> bool {
    let me = visitor.actor.as_ref();
    me.is_some_and(|me| visitor.node().clearance().waits_for(case, me))
}
