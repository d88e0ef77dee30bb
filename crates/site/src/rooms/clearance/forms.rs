//! What may be done on a case's page: a form for each step that is the visitor's to give, and those about a silence.

use node::clearance::{Case, NoMoment, SilenceState, State, StepKind, Turn, Zone};

use super::told::step_name;
use crate::parts::form::{Choice, Field, Form, Input};
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::visitor::{Right, Visitor};

/// A form with its heading.
pub(super) struct Offer {
    pub(super) title: String,
    pub(super) form: Form,
    /// Whether it is folded until somebody wants it: it is there for few cases.
    pub(super) folded: bool,
}

/// Those that the visitor gets now. One that was sent and has errors takes its own place.
pub(super) fn offers(
    visitor: &Visitor,
    case: &Case,
    sent: Option<(String, Form)>,
) -> Result<Vec<Offer>, Failure> {
    let Some(me) = &visitor.actor else {
        return Ok(Vec::new());
    };
    let words = &visitor.words;
    let mut forms: Vec<(String, String, Form)> = Vec::new();
    for turn in visitor.node().clearance().turns(case, me) {
        let title = give_title(visitor, case, &turn)?;
        forms.push((
            format!("give-{}", turn.step),
            title,
            give(visitor, case, &turn)?,
        ));
    }
    let running = case
        .silence
        .as_ref()
        .filter(|silence| silence.state == SilenceState::Running && visitor.now < silence.until);
    if let Some(silence) = running
        && (silence.of.is_empty() || silence.of.contains(&me.person))
    {
        forms.push((
            "say".into(),
            words.t("clearance-say-title"),
            say(visitor, case)?,
        ));
    }
    if leads(visitor, case) {
        let over = case.silence.as_ref().is_some_and(|silence| {
            silence.state == SilenceState::Passed
                || silence.state == SilenceState::Running && visitor.now >= silence.until
        });
        match &case.silence {
            Some(_) if !over && !case.is_over() => {
                forms.push((
                    "extend".into(),
                    words.t("clearance-extend-title"),
                    extend(visitor, case)?,
                ));
            }
            None if case.state == State::Open
                && !case
                    .steps
                    .iter()
                    .any(|step| step.kind == StepKind::Signature && step.given.is_some()) =>
            {
                forms.push((
                    "silence".into(),
                    words.t("clearance-begin-title"),
                    begin(visitor, case)?,
                ));
            }
            _ => {}
        }
    }
    if leads(visitor, case) && !case.is_over() && case.steps.iter().any(|step| step.given.is_none())
    {
        forms.push((
            "wanted".into(),
            words.t("clearance-want-title"),
            want(visitor, case)?,
        ));
    }
    let mut sent = sent;
    let offers = forms.into_iter().map(|(key, title, form)| {
        let aside = key == "silence" || key == "wanted";
        let (form, folded) = match sent.take_if(|(own, _)| *own == key) {
            Some((_, sent)) => (sent, false),
            None => (form, aside),
        };
        Offer {
            title,
            form,
            folded,
        }
    });
    Ok(offers.collect())
}

/// Whether the visitor conducts the case: who asked, or who may sign it.
fn leads(visitor: &Visitor, case: &Case) -> bool {
    let Some(me) = &visitor.actor else {
        return false;
    };
    let signs = case.steps.iter().any(|step| {
        step.kind == StepKind::Signature && (step.who.is_empty() || step.who.contains(&me.person))
    });
    me.is(&case.asked_by) || signs && me.may(Right::Release)
}

fn give_title(visitor: &Visitor, case: &Case, turn: &Turn) -> Result<String, Failure> {
    let words = &visitor.words;
    let step = case.steps.get(turn.step).ok_or(Failure::Absent)?;
    let name = step_name(words, &step.name);
    Ok(match &turn.delegation {
        Some((_, giver)) => words.t2(
            "clearance-give-for",
            "step",
            name,
            "name",
            Wording::of(visitor)?.name(giver),
        ),
        None => words.t1("clearance-give-title", "step", name),
    })
}

/// Giving a step: as it is, with a reservation, or not at all.
pub(super) fn give(visitor: &Visitor, case: &Case, turn: &Turn) -> Result<Form, Failure> {
    let words = &visitor.words;
    let place = turn.step;
    let signs = case
        .steps
        .get(place)
        .is_some_and(|step| step.kind == StepKind::Signature);
    let (act, first, verb) = if signs {
        ("sign", "clearance-verdict-sign", "clearance-give-sign")
    } else {
        ("visa", "clearance-verdict-give", "clearance-give-visa")
    };
    let choices = [
        Choice::new("given", words.t(first)),
        Choice::new("reserved", words.t("clearance-verdict-reserve")),
        Choice::new("refused", words.t("clearance-verdict-refuse"))
            .meaning(words.t("clearance-verdict-refuse-hint")),
    ];
    let number = case.number;
    let form = Form::new(
        visitor,
        format!("clearance-give {number} {place}"),
        format!("/clearance/cases/{number}/{act}/{place}"),
        words.t(verb),
    )?;
    let delegation = turn
        .delegation
        .as_ref()
        .map(|(number, _)| number.to_string());
    Ok(form.long().fields([
        Field::new(
            format!("verdict-{place}"),
            words.t("clearance-verdict"),
            Input::One(choices.to_vec()),
        ),
        Field::new(
            format!("words-{place}"),
            words.t("clearance-words"),
            Input::Lines(3),
        )
        .hint(words.t("clearance-words-hint"))
        .optional(),
        seen(case),
        Field::carried("delegation", delegation.unwrap_or_default()),
    ]))
}

/// How many things had been done when the page was read.
fn seen(case: &Case) -> Field {
    Field::carried("seen", case.happened().to_string())
}

/// Breaking a silence, or keeping it with a reservation.
pub(super) fn say(visitor: &Visitor, case: &Case) -> Result<Form, Failure> {
    let (words, number) = (&visitor.words, case.number);
    let choices = vec![
        Choice::new("break", words.t("clearance-say-break"))
            .meaning(words.t("clearance-say-break-hint")),
        Choice::new("reserve", words.t("clearance-say-reserve"))
            .meaning(words.t("clearance-say-reserve-hint")),
    ];
    let form = Form::new(
        visitor,
        format!("clearance-say {number}"),
        format!("/clearance/cases/{number}/say"),
        words.t("clearance-say"),
    )?;
    Ok(form.long().fields([
        Field::new("say", words.t("clearance-verdict"), Input::One(choices)),
        Field::new("say-words", words.t("clearance-words"), Input::Lines(3)),
        seen(case),
    ]))
}

/// Opening a silence.
pub(super) fn begin(visitor: &Visitor, case: &Case) -> Result<Form, Failure> {
    let (words, number) = (&visitor.words, case.number);
    let form = Form::new(
        visitor,
        format!("clearance-silence {number}"),
        format!("/clearance/cases/{number}/silence"),
        words.t("clearance-begin"),
    )?;
    Ok(form
        .long()
        .fields(until(visitor, "silence", "UTC"))
        .field(asked(visitor)?)
        .field(seen(case)))
}

/// Whom a silence asks.
pub(super) fn asked(visitor: &Visitor) -> Result<Field, Failure> {
    let words = &visitor.words;
    Ok(Field::new(
        "silence-of",
        words.t("clearance-silence-of"),
        Input::Any(persons(visitor)?),
    )
    .hint(words.t("clearance-silence-of-hint"))
    .optional())
}

/// Extending a silence.
pub(super) fn extend(visitor: &Visitor, case: &Case) -> Result<Form, Failure> {
    let (words, number) = (&visitor.words, case.number);
    let zone = case
        .silence
        .as_ref()
        .map_or("UTC", |silence| silence.zone.as_str());
    let form = Form::new(
        visitor,
        format!("clearance-extend {number}"),
        format!("/clearance/cases/{number}/extend"),
        words.t("clearance-extend"),
    )?;
    Ok(form
        .long()
        .fields(until(visitor, "extend", zone))
        .field(seen(case)))
}

/// Saying by when the steps are wanted.
pub(super) fn want(visitor: &Visitor, case: &Case) -> Result<Form, Failure> {
    let (words, number) = (&visitor.words, case.number);
    let zone = case.wanted.as_ref().map_or("UTC", |one| one.zone.as_str());
    let form = Form::new(
        visitor,
        format!("clearance-wanted {number}"),
        format!("/clearance/cases/{number}/wanted"),
        words.t("clearance-want"),
    )?;
    let day = Field::new("wanted-until", words.t("clearance-want-by"), Input::Moment)
        .hint(words.t("clearance-want-hint"));
    Ok(form
        .long()
        .fields([day, zones(visitor, "wanted-zone", zone)])
        .field(seen(case)))
}

/// A day and a time, and the zone that they are in.
pub(super) fn until(visitor: &Visitor, name: &str, zone: &str) -> [Field; 2] {
    let words = &visitor.words;
    [
        Field::new(
            format!("{name}-until"),
            words.t("clearance-until"),
            Input::Moment,
        )
        .hint(words.t("clearance-until-hint")),
        zones(visitor, &format!("{name}-zone"), zone),
    ]
}

/// The choice of a zone.
pub(super) fn zones(visitor: &Visitor, name: &str, zone: &str) -> Field {
    let choices = Zone::all()
        .into_iter()
        .map(|name| Choice::new(name.clone(), name.replace('_', " ")));
    Field::new(
        name,
        visitor.words.t("clearance-zone"),
        Input::List(choices.collect()),
    )
    .with(zone)
}

/// The deadline that was typed; an error beside its field if it is none.
pub(super) fn typed_until(visitor: &Visitor, form: &mut Form, name: &str) -> Option<(i64, String)> {
    let (field, zone_field) = (format!("{name}-until"), format!("{name}-zone"));
    let typed = form.need(&field);
    let zone = form.text(&zone_field).to_owned();
    let (date, time) = typed.split_once(['T', ' ']).unwrap_or((typed.as_str(), ""));
    match Zone::named(&zone).and_then(|zone| zone.moment(date, time.trim())) {
        Ok(until) => Some((until, zone)),
        Err(_) if typed.is_empty() => None,
        Err(error) => {
            let wrong = if error == NoMoment::Zone {
                zone_field
            } else {
                field
            };
            form.wrong(&wrong, visitor.words.t(no_moment(error)));
            None
        }
    }
}

/// Why a date and a time in a zone are no moment.
pub(super) fn no_moment(error: NoMoment) -> &'static str {
    match error {
        NoMoment::Zone => "clearance-no-zone",
        NoMoment::Unreadable => "clearance-no-moment",
        NoMoment::Skipped => "clearance-moment-skipped",
        NoMoment::Twice => "clearance-moment-twice",
    }
}

/// The persons of this node, to choose among.
pub(super) fn persons(visitor: &Visitor) -> Result<Vec<Choice>, Failure> {
    let mut persons: Vec<Choice> = visitor
        .node()
        .persons()?
        .into_iter()
        .filter(|person| person.closed.is_none())
        .map(|person| {
            let name = crate::shown(&person.name);
            Choice::new(person.id, name)
        })
        .collect();
    visitor.words.sort(&mut persons, |choice| &choice.name);
    Ok(persons)
}

/// The desks, to choose among.
pub(super) fn desks(visitor: &Visitor) -> Result<Vec<Choice>, Failure> {
    let mut desks: Vec<Choice> = Vec::new();
    for collection in visitor.node().collections()? {
        if let Some(desk) = collection.desk {
            let name = visitor
                .words
                .t(&format!("clearance-desk-{}", desk.as_str()));
            if !desks.iter().any(|known| known.value == desk.as_str()) {
                desks.push(Choice::new(desk.as_str(), name));
            }
        }
    }
    visitor.words.sort(&mut desks, |choice| &choice.name);
    Ok(desks)
}
