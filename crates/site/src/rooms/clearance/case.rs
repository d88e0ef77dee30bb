//! `GET /clearance/cases/{number}`: one case - what would leave, who has given what, what the visitor may do about it - and its buttons.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::clearance::{Act, Case, Forbidden, Said, Seen, State, Step, StepKind, Turn};
use node::overview::Stood;
use policy::{Purpose, Released};
use stix::{ObjectId, Timestamp};
use store::Record;

use super::forms::{self, Offer, offers};
use super::told::{
    asker, deadline, happened, names, refused, silence_stands, stands, step_name, step_stands,
};
use crate::parts::form::{Form, Typed};
use crate::parts::label::WhoSees;
use crate::parts::steps::{Action, Permalink};
use crate::rooms::wording::{Row, Wording};
use crate::shell::answer::{Move, Page, Reply};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::{Right, Visitor};

#[derive(Template)]
#[template(path = "rooms/clearance/case.html")]
struct Show {
    frame: Frame,
    permalink: Permalink,
    kicker: String,
    aim: String,
    who: Option<WhoSees>,
    label: Option<Tlp>,
    state: (&'static str, String),
    facts: Vec<(String, String)>,
    page: Option<String>,
    steps: Vec<StepRow>,
    silence: Option<SilenceTold>,
    offers: Vec<Offer>,
    actions: Vec<Action>,
    barred: Option<String>,
    newer: Option<String>,
    rows: Vec<Row>,
    more: Option<String>,
    first: Option<String>,
    next: Option<String>,
    events: Vec<EventRow>,
}

struct StepRow {
    name: String,
    who: String,
    state: (&'static str, String),
    /// Why nobody can give it, where that is so.
    nobody: Option<String>,
}

struct SilenceTold {
    until: String,
    of: String,
    state: (&'static str, String),
}

struct EventRow {
    when: String,
    who: String,
    what: String,
    words: String,
}

fn found(visitor: &Visitor, number: u64) -> Result<Released<Seen>, Failure> {
    let seen = visitor.node().clearance().case(visitor.viewer(), number)?;
    seen.ok_or(Failure::Absent)
}

pub(super) async fn show(visitor: Visitor, Path(number): Path<u64>) -> Response {
    visitor
        .answer(move |visitor| page(visitor, found(visitor, number)?, None))
        .await
}

fn page(
    visitor: &Visitor,
    seen: Released<Seen>,
    sent: Option<(String, Form)>,
) -> Result<Page, Failure> {
    let wording = Wording::of(visitor)?;
    let title = seen
        .as_ref()
        .map(|seen| match seen.records.first() {
            Some(stood) => wording
                .title(&stood.record.id, &stood.record.body)
                .map(|title| title.text),
            None => Ok(String::new()),
        })
        .into_inner()?;
    let after = visitor.asked("after").and_then(|after| after.parse().ok());
    let after: usize = after.unwrap_or(0);
    let case = seen.as_ref().map(|seen| seen.case.clone()).into_inner();
    let (part, through) = visitor
        .node()
        .clearance()
        .records(visitor.viewer(), &case, after)?;
    if after > 0 && part.as_ref().map(Vec::is_empty).into_inner() {
        return Err(Failure::Absent);
    }
    visitor.page_called(&title, seen.zip(part), |(seen, part), frame| {
        let part = Part {
            records: part,
            after,
            through,
        };
        written(visitor, &wording, (&seen, &part), sent, frame)
    })
}

/// The records of a case that a page of it shows, among all of them.
struct Part {
    records: Vec<Stood>,
    after: usize,
    through: usize,
}

fn written(
    visitor: &Visitor,
    wording: &Wording<'_>,
    (seen, part): (&Seen, &Part),
    sent: Option<(String, Form)>,
    frame: Frame,
) -> Result<Show, Failure> {
    let (words, case) = (&visitor.words, &seen.case);
    let label = case.label();
    let all = seen.records.iter().chain(&part.records);
    let strictest = Tlp::strictest(all.map(|stood| &stood.label));
    let rows = part.records.iter().map(|stood| wording.row(stood));
    let rest = case.count() - i64::try_from(part.through).unwrap_or(i64::MAX);
    let from = |after: usize| match after {
        0 => format!("/clearance/cases/{}", case.number),
        after => format!("/clearance/cases/{}?after={after}", case.number),
    };
    let name = words.t("clearance-title");
    let mut facts = vec![
        (
            words.t("clearance-asked-by"),
            asker(wording, &case.asked_by),
        ),
        (words.t("clearance-asked"), words.moment(case.asked_at)),
    ];
    if let Some(desk) = &case.desk {
        facts.push((
            words.t("clearance-desk"),
            words.t(&format!("clearance-desk-{desk}")),
        ));
    }
    if let Some(wanted) = &case.wanted {
        let by = deadline(words, wanted.by, &wanted.zone);
        facts.push((words.t("clearance-want-by"), by));
    }
    let mut steps = Vec::with_capacity(case.steps.len());
    for step in &case.steps {
        steps.push(StepRow {
            name: step_name(words, &step.name),
            who: names(words, wording, &step.who, "clearance-anybody"),
            state: step_stands(words, wording, step),
            nobody: match case.is_over() || step.given.is_some() {
                true => None,
                false => nobody(visitor, seen, step)?.map(|key| words.t(key)),
            },
        });
    }
    let events = case.events.iter().map(|event| {
        let by = event
            .by
            .as_ref()
            .map_or_else(|| words.t("clearance-clock"), |by| asker(wording, by));
        EventRow {
            when: words.moment(event.at),
            who: match &event.instead_of {
                Some(giver) => words.t2("clearance-for", "name", by, "giver", wording.name(giver)),
                None => by,
            },
            what: happened(words, case, event),
            words: crate::shown(&event.words),
        }
    });
    Ok(Show {
        permalink: Permalink::to(words, format!("/clearance/cases/{}", case.number)),
        kicker: words.t1("clearance-case-number", "n", case.number),
        aim: words.t(aim(case)),
        who: label
            .as_ref()
            .map(|label| WhoSees::of(visitor, &visitor.told_of(label))),
        label: label.as_ref().map(|label| Tlp::of(label.class.tlp())),
        state: stands(words, case),
        facts,
        page: case.page.clone(),
        steps,
        silence: case.silence.as_ref().map(|silence| SilenceTold {
            until: deadline(words, silence.until, &silence.zone),
            of: names(words, wording, &silence.of, "clearance-silence-anybody"),
            state: silence_stands(words, silence.state),
        }),
        offers: offers(visitor, case, sent)?,
        actions: actions(visitor, case),
        barred: barred(visitor, case),
        newer: newer(visitor, seen)?,
        rows: rows.collect::<Result<_, _>>()?,
        more: (rest > 0).then(|| words.t1("clearance-more", "n", rest)),
        first: (part.after > 0).then(|| from(0)),
        next: (rest > 0).then(|| from(part.through)),
        events: events.collect(),
        frame: frame.label(strictest).under("/clearance", name),
    })
}

/// The key of what becomes of its records, or became.
fn aim(case: &Case) -> &'static str {
    match (&case.label, case.state) {
        (Some(_), State::Released) if case.public => "clearance-aim-public-done",
        (Some(_), State::Released) => "clearance-aim-label-done",
        (None, State::Released) => "clearance-aim-agree-done",
        (Some(_), State::Refused | State::Withdrawn | State::Lapsed) => "clearance-aim-over",
        (Some(_), _) if case.public => "clearance-aim-public",
        (Some(_), _) => "clearance-aim-label",
        (None, _) => "clearance-aim-agree",
    }
}

/// What is said where records of an open case are no longer the newest of theirs, as far as the visitor may see the newer ones.
fn newer(visitor: &Visitor, seen: &Seen) -> Result<Option<String>, Failure> {
    if seen.case.is_over() {
        return Ok(None);
    }
    let version = |record: &Record| Timestamp::parse(&record.version).ok();
    let mut count = 0_u32;
    for one in seen.records.iter().map(|stood| &stood.record) {
        let Ok(id) = ObjectId::parse(&one.id) else {
            continue;
        };
        let (node, viewer) = (visitor.node(), visitor.viewer());
        let newest = node.stood(viewer, Purpose::Show, &id)?;
        let newest = newest.and_then(|newest| version(&newest.into_inner().record));
        count += u32::from(newest > version(one));
    }
    let told = || visitor.words.t1("clearance-newer", "n", f64::from(count));
    Ok((count > 0).then(told))
}

/// The key of why nobody can give a step, if nobody can: that is better known at once.
fn nobody(visitor: &Visitor, seen: &Seen, step: &Step) -> Result<Option<&'static str>, Failure> {
    let (node, at) = (visitor.node(), visitor.at());
    let givers = node.clearance().givers(&seen.case, step)?;
    let sees = |person: &ObjectId| {
        node.viewer_of_person(person).is_some_and(|viewer| {
            let sees = |label| policy::decide(&viewer, label, Purpose::Show, &at).is_granted();
            seen.records.iter().all(|stood| sees(&stood.label))
        })
    };
    Ok(if givers.is_empty() {
        Some("clearance-nobody-gives")
    } else if !givers.iter().any(sees) {
        Some("clearance-nobody-sees")
    } else {
        None
    })
}

fn actions(visitor: &Visitor, case: &Case) -> Vec<Action> {
    let (words, number) = (&visitor.words, case.number);
    let Some(me) = visitor.actor.as_ref().filter(|_| !case.is_over()) else {
        return Vec::new();
    };
    let mut actions = Vec::new();
    for (place, step) in case.steps.iter().enumerate() {
        let mine = step.given.as_ref().is_some_and(|given| {
            me.is(&given.by)
                || given
                    .instead_of
                    .as_deref()
                    .is_some_and(|giver| me.is(giver))
        });
        if mine {
            let verb = words.t1("clearance-take-back", "step", step_name(words, &step.name));
            actions.push(
                Action::other(format!("/clearance/cases/{number}/back/{place}"), verb)
                    .with("seen", case.happened().to_string()),
            );
        }
    }
    if visitor.may(Right::Stop) {
        actions.push(Action::other(
            format!("/clearance/cases/{number}/withdraw"),
            words.t("clearance-withdraw"),
        ));
    }
    actions
}

/// Why the visitor may not give what they could give to another's case.
fn barred(visitor: &Visitor, case: &Case) -> Option<String> {
    let me = visitor.actor.as_ref()?;
    let own = (case.public || case.four_eyes) && me.is(&case.asked_by) && !case.is_over();
    own.then(|| visitor.words.t("clearance-barred"))
}

/// Does something about a case, and leads back to it.
fn acted(
    visitor: &Visitor,
    number: u64,
    act: Act,
    said: Said,
    told: &str,
) -> Result<Move, anyhow::Error> {
    let me = visitor.acting().map_err(|_| node::Refused::SignedOut)?;
    let clearance = visitor.node().clearance();
    let case = clearance.act(number, act, said, &me).wait()?;
    let words = &visitor.words;
    let told = match (told, case.state, case.not_before) {
        (SIGNED, State::Released, _) => words.t("clearance-said-signed-out"),
        (SIGNED, State::Cleared, Some(at)) => {
            words.t1("clearance-said-signed-later", "date", words.moment(at))
        }
        _ => words.t(told),
    };
    Ok(Move::to(format!("/clearance/cases/{number}")).saying(told))
}

/// What is said once somebody has signed; more is known where that was the last step.
const SIGNED: &str = "clearance-said-signed";

/// What came back with a form.
fn said(typed: &Typed, words: &str) -> Said {
    Said {
        words: words.to_owned(),
        seen: typed.text("seen").parse().ok(),
        delegation: typed.text("delegation").parse().ok(),
    }
}

pub(super) async fn visa(
    visitor: Visitor,
    Path((number, step)): Path<(u64, usize)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| give(visitor, number, step, StepKind::Visa, &typed))
        .await
}

pub(super) async fn sign(
    visitor: Visitor,
    Path((number, step)): Path<(u64, usize)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| give(visitor, number, step, StepKind::Signature, &typed))
        .await
}

fn give(
    visitor: &Visitor,
    number: u64,
    step: usize,
    kind: StepKind,
    typed: &Typed,
) -> Result<Reply, Failure> {
    let seen = found(visitor, number)?;
    let case = seen.as_ref().map(|seen| seen.case.clone()).into_inner();
    let delegation = typed.text("delegation").parse::<u64>().ok();
    let turn = Turn {
        step,
        delegation: delegation.map(|number| (number, String::new())),
    };
    let mut form = forms::give(visitor, &case, &turn)?.filled(typed);
    let verdict = form.need(&format!("verdict-{step}"));
    let field = format!("words-{step}");
    let reserved = verdict == "reserved";
    let (act, told) = match (verdict.as_str(), kind) {
        ("refused", _) => (Act::Refuse { step }, "clearance-said-refused"),
        (_, StepKind::Visa) => (Act::Visa { step, reserved }, "clearance-said-given"),
        (_, StepKind::Signature) => (Act::Sign { step, reserved }, SIGNED),
    };
    if !form.is_wrong() {
        match acted(visitor, number, act, said(typed, form.text(&field)), told) {
            Ok(moved) => {
                form.done(visitor)?;
                return Ok(moved.into());
            }
            Err(error) if error.downcast_ref() == Some(&Forbidden::Words) => {
                form.wrong(&field, visitor.words.t("clearance-no-words"));
            }
            Err(error) => return Err(refused(error)),
        }
    }
    again(visitor, seen, format!("give-{step}"), form)
}

/// The page once more, with what is wrong beside its field.
fn again(
    visitor: &Visitor,
    seen: Released<Seen>,
    key: String,
    form: Form,
) -> Result<Reply, Failure> {
    form.keep(visitor)?;
    let page = page(visitor, seen, Some((key, form)))?;
    Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into())
}

pub(super) async fn back(
    visitor: Visitor,
    Path((number, step)): Path<(u64, usize)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| {
            acted(
                visitor,
                number,
                Act::TakeBack { step },
                said(&typed, ""),
                "clearance-said-back",
            )
            .map_err(refused)
        })
        .await
}

pub(super) async fn withdraw(visitor: Visitor, Path(number): Path<u64>) -> Response {
    visitor
        .answer(move |visitor| {
            acted(
                visitor,
                number,
                Act::Withdraw,
                Said::default(),
                "clearance-said-withdrawn",
            )
            .map_err(refused)
        })
        .await
}

pub(super) async fn say(visitor: Visitor, Path(number): Path<u64>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let seen = found(visitor, number)?;
            let case = seen.as_ref().map(|seen| seen.case.clone()).into_inner();
            let mut form = forms::say(visitor, &case)?.filled(&typed);
            let chosen = form.need("say");
            form.need("say-words");
            if form.is_wrong() {
                return again(visitor, seen, "say".into(), form);
            }
            let (act, told) = match chosen.as_str() {
                "break" => (Act::Break, "clearance-said-broken"),
                _ => (Act::Reserve, "clearance-said-reserved"),
            };
            let moved = acted(
                visitor,
                number,
                act,
                said(&typed, form.text("say-words")),
                told,
            )
            .map_err(refused)?;
            form.done(visitor)?;
            Ok(moved.into())
        })
        .await
}

pub(super) async fn silence(visitor: Visitor, Path(number): Path<u64>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let seen = found(visitor, number)?;
            let case = seen.as_ref().map(|seen| seen.case.clone()).into_inner();
            let mut form = forms::begin(visitor, &case)?.filled(&typed);
            let until = forms::typed_until(visitor, &mut form, "silence");
            let of = form
                .chosen("silence-of")
                .iter()
                .filter_map(|id| ObjectId::parse(id).ok())
                .collect();
            let act = until.map(|(until, zone)| Act::BeginSilence { until, zone, of });
            deadline_of(
                visitor,
                seen,
                act,
                form,
                ("silence", "clearance-said-begun"),
                &typed,
            )
        })
        .await
}

pub(super) async fn extend(visitor: Visitor, Path(number): Path<u64>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let seen = found(visitor, number)?;
            let case = seen.as_ref().map(|seen| seen.case.clone()).into_inner();
            let mut form = forms::extend(visitor, &case)?.filled(&typed);
            let until = forms::typed_until(visitor, &mut form, "extend");
            let act = until.map(|(until, zone)| Act::Extend { until, zone });
            deadline_of(
                visitor,
                seen,
                act,
                form,
                ("extend", "clearance-said-extended"),
                &typed,
            )
        })
        .await
}

pub(super) async fn wanted(visitor: Visitor, Path(number): Path<u64>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let seen = found(visitor, number)?;
            let case = seen.as_ref().map(|seen| seen.case.clone()).into_inner();
            let mut form = forms::want(visitor, &case)?.filled(&typed);
            let by = forms::typed_until(visitor, &mut form, "wanted");
            let act = by.map(|(by, zone)| Act::WantBy { by, zone });
            deadline_of(
                visitor,
                seen,
                act,
                form,
                ("wanted", "clearance-said-wanted"),
                &typed,
            )
        })
        .await
}

/// What sets a deadline: it has to be one, and to lie ahead.
fn deadline_of(
    visitor: &Visitor,
    seen: Released<Seen>,
    act: Option<Act>,
    mut form: Form,
    (key, told): (&str, &str),
    typed: &Typed,
) -> Result<Reply, Failure> {
    let number = seen.as_ref().map(|seen| seen.case.number).into_inner();
    if let Some(act) = act.filter(|_| !form.is_wrong()) {
        match acted(visitor, number, act, said(typed, ""), told) {
            Ok(moved) => {
                form.done(visitor)?;
                return Ok(moved.into());
            }
            Err(error) if error.downcast_ref() == Some(&Forbidden::NotLater) => {
                form.wrong(
                    &format!("{key}-until"),
                    visitor.words.t("clearance-no-later"),
                );
            }
            Err(error) => return Err(refused(error)),
        }
    }
    again(visitor, seen, key.to_owned(), form)
}
