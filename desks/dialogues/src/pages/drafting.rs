//! The pages on which a text is made: drafts of a session, their rounds, what is open; files out and back; silence; what comes of it.
//! Invariant: a round in preparation is shown to those who may see the rounds that it takes up, and goes nowhere before it is put forward.

mod add;
mod agenda;
mod become_text;
mod begin;
mod compare;
mod file;
mod forward;
mod label;
mod list;
mod paint;
mod passage;
mod receive;
mod round;
mod show;
mod silence;
mod withdraw;
mod work;

use policy::{Label, Purpose, Released};
use site::{Failure, Frame, Page, Role, Routes, Tlp, Visitor, Who, shown};
use stix::ObjectId;

use super::{object, register_of};
use crate::drafting::bench::Bench;
use crate::drafting::rounds::Rounds;
use crate::records::{Dialogue, Draft, Piece, Session};

/// How many steps of silence procedures on a draft are looked through.
const STEPS: usize = 500;

/// The addresses of drafting.
pub(super) fn routes() -> Routes {
    let (seen, written) = (Who::SignedIn, Who::Role(Role::Editor));
    super::anew::routes::<agenda::Agenda>()
        .and(super::mistaken::routes::<Draft>())
        .page("/dialogues/sessions/{id}/drafts", seen, list::show)
        .asked(
            "/dialogues/sessions/{id}/drafts/new",
            written,
            begin::ask,
            begin::send,
        )
        .page("/dialogues/drafts/{id}", seen, show::show)
        .page("/dialogues/drafts/{id}/compare", seen, compare::show)
        .page("/dialogues/drafts/{id}/rounds/{round}", seen, round::show)
        .feed(
            "/dialogues/drafts/{id}/rounds/{round}/round.docx",
            seen,
            file::round,
        )
        .asked(
            "/dialogues/drafts/{id}/work",
            written,
            work::show,
            work::begin,
        )
        .form("/dialogues/drafts/{id}/drop", written, work::drop)
        .asked(
            "/dialogues/drafts/{id}/work/{mark}",
            written,
            passage::ask,
            passage::send,
        )
        .form(
            "/dialogues/drafts/{id}/settle/{mark}",
            written,
            work::settle,
        )
        .asked("/dialogues/drafts/{id}/add", written, add::ask, add::send)
        .asked(
            "/dialogues/drafts/{id}/forward",
            written,
            forward::ask,
            forward::send,
        )
        .asked(
            "/dialogues/drafts/{id}/receive",
            written,
            receive::ask,
            receive::send,
        )
        .asked(
            "/dialogues/drafts/{id}/received",
            written,
            receive::look,
            receive::take,
        )
        .asked(
            "/dialogues/drafts/{id}/silence",
            written,
            silence::ask,
            silence::send,
        )
        .asked(
            "/dialogues/drafts/{id}/text",
            written,
            become_text::ask,
            become_text::send,
        )
}

/// The address of a draft.
fn path(id: &ObjectId) -> String {
    format!("/dialogues/drafts/{}", id.uuid())
}

/// The address of a round.
fn round_path(draft: &ObjectId, round: &ObjectId) -> String {
    format!("{}/rounds/{}", path(draft), round.uuid())
}

/// A draft by the part of its id that stands in addresses, as the visitor may see it.
fn draft_of(visitor: &Visitor, uuid: &str) -> Result<(ObjectId, Released<Rounds>), Failure> {
    let id = object("draft", uuid)?;
    let rounds = register_of(visitor).draft(&id)?.ok_or(Failure::Absent)?;
    Ok((id, rounds))
}

/// The page where no round of a draft stands: that the last one was withdrawn, and why.
fn gone(visitor: &Visitor, uuid: &str) -> Result<Page, Failure> {
    let id = object("draft", uuid)?;
    let register = register_of(visitor);
    let gone = register.withdrawn::<Draft>("draft.of", id.as_str(), 1)?;
    let asked_back = register.some::<Draft>("draft.of", id.as_str())?;
    let gone = gone.map(|all| all.into_iter().next().map(|one| one.id));
    let asked_back = asked_back.map(|one| one.into_inner().id);
    let last = gone.into_inner().or(asked_back).ok_or(Failure::Absent)?;
    super::mistaken::gone::gone::<Draft>(visitor, &last, |one| one.reason.as_ref())
}

/// The round that what is in preparation went out as, where the program ended before it let go of that: it does so now, and nothing is put
/// forward twice.
fn went_out(
    visitor: &Visitor,
    id: &ObjectId,
    rounds: &Rounds,
) -> Result<Option<ObjectId>, Failure> {
    let node = visitor.node();
    let Some(bench) = Bench::load(node, id)? else {
        return Ok(None);
    };
    let Some(round) = bench.went_out_as(node, rounds) else {
        return Ok(None);
    };
    // Taken first: what somebody has begun this moment is not let go of.
    match bench.take(node) {
        Ok(()) => Bench::let_go(node, id)?,
        Err(error) if error.is::<node::Meanwhile>() => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Some(round.id.clone()))
}

/// The round in preparation, if there is one and the visitor may see all that it takes up.
fn bench_of(visitor: &Visitor, id: &ObjectId, rounds: &Rounds) -> Result<Option<Bench>, Failure> {
    went_out(visitor, id, rounds)?;
    let bench = Bench::load(visitor.node(), id)?;
    let seen = |id: &String| {
        let withdrawn = rounds.withdrawn.iter();
        let mut all = rounds.all.iter().chain(withdrawn);
        all.any(|one| one.id.as_str() == id)
    };
    Ok(bench.filter(|bench| bench.takes_up.iter().all(seen)))
}

/// Whether what is in preparation begins from a round that was withdrawn since.
fn is_of_withdrawn(rounds: &Rounds, bench: &Bench) -> bool {
    rounds.withdrawn_of(&bench.takes_up).next().is_some()
}

/// The labels of all rounds.
fn labels(rounds: &Rounds) -> impl Iterator<Item = &Label> {
    let of_rounds = rounds.all.iter().filter_map(|one| one.label.as_ref());
    let of_others = rounds.in_name.iter().filter_map(|one| one.label.as_ref());
    let of_steps = rounds.silences.iter().filter_map(|one| one.label.as_ref());
    let withdrawn = rounds.withdrawn.iter();
    let of_withdrawn = withdrawn.filter_map(|one| one.label.as_ref());
    of_rounds
        .chain(of_steps)
        .chain(of_others)
        .chain(of_withdrawn)
}

/// The label that holds for all rounds.
fn strictest(rounds: &Rounds) -> Tlp {
    Tlp::strictest(labels(rounds))
}

/// The way to a page of a session, over its series and itself, and the labels of both.
pub(super) fn of_session(
    visitor: &Visitor,
    session: &Piece<Session>,
    mut frame: Frame,
) -> (Frame, Vec<Label>) {
    let (eyes, register) = (super::view::Eyes::new(visitor), register_of(visitor));
    let stood = |id: &ObjectId| {
        let (node, viewer) = (visitor.node(), visitor.viewer());
        let stood = node.stood(viewer, Purpose::Show, id).ok()??;
        Some(stood.into_inner().label)
    };
    let mut labels = Vec::new();
    let series = ObjectId::parse(&session.what.dialogue_ref).ok();
    let series = series.and_then(|id| register.one::<Dialogue>(&id).ok()?);
    if let Some(series) = series.map(Released::into_inner) {
        let link = eyes.dialogue_link(&series);
        frame = frame.under(link.path, link.name);
        labels.extend(stood(&series.id));
    }
    let link = eyes.session_link(session);
    labels.extend(stood(&session.id));
    (frame.under(link.path, link.name), labels)
}

/// The way to a page of a draft, with the label of what is on it.
fn framed(visitor: &Visitor, rounds: &Rounds, frame: Frame, below: bool) -> Frame {
    framed_with(visitor, rounds, (frame, below), &[])
}

/// The same where the page shows more, by its labels.
fn framed_with(
    visitor: &Visitor,
    rounds: &Rounds,
    (frame, below): (Frame, bool),
    more: &[&Label],
) -> Frame {
    let mut frame = frame.under("/dialogues", visitor.words.t("dialogues-title"));
    let Some(newest) = rounds.newest() else {
        return frame.label(strictest(rounds));
    };
    let mut above = Vec::new();
    let register = register_of(visitor);
    let session = register.session_seen(&rounds.all);
    if let Ok(Some(session)) = session
        && let Ok(session) = ObjectId::parse(&session)
        && let Ok(Some(known)) = register.one::<Session>(&session)
    {
        (frame, above) = of_session(visitor, &known.into_inner(), frame);
        let way = format!("{}/drafts", super::view::path(&session));
        frame = frame.under(way, visitor.words.t("drafting-drafts"));
    }
    let first = newest.what.draft_ref.as_deref();
    if below && let Some(Ok(draft)) = first.map(ObjectId::parse) {
        frame = frame.under(path(&draft), shown(&newest.what.title));
    }
    let all = labels(rounds).chain(&above).chain(more.iter().copied());
    frame.label(Tlp::strictest(all))
}

/// The language of a draft's words.
fn lang(piece: &Piece<Draft>) -> String {
    piece.lang.clone().unwrap_or_else(|| "en".to_owned())
}
