//! What comes of a draft: without brackets it becomes a text, read like any other, with what is known of its session filled in. A person
//! confirms it; before, nothing of it is in the register. Invariant: what is for persons alone becomes a reading for them
//! alone.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::{Failure, Frame, Link, Move, Page, Reply, Visitor, shown};
use stix::ObjectId;

use super::super::register_of;
use super::super::view::Eyes;
use super::paint::Painted;
use super::{draft_of, framed, path};
use crate::DESK;
use crate::compose::Label;
use crate::drafting::ink::open;
use crate::drafting::rounds::{Rounds, reads};
use crate::import::{load, save, take_in_made, take_in_text};
use crate::records::{Draft, Piece, Session};
use crate::rules::silence::Standing;

/// Under which kind it is kept which reading a draft became.
const KIND: &str = "became";

#[derive(Template)]
#[template(path = "drafting/become.html")]
struct Show {
    frame: Frame,
    lead: String,
    error: Option<String>,
    /// The words, once nothing is open any more; before, what stands with its brackets.
    paragraphs: Vec<String>,
    passages: Vec<Painted>,
    lang: String,
    way: Option<(String, String)>,
    became: Option<Link>,
}

fn became(visitor: &Visitor, id: &ObjectId) -> Result<Option<Link>, Failure> {
    let Some(kept) = visitor.node().kept(DESK, KIND, id.as_str())? else {
        return Ok(None);
    };
    let reading = String::from_utf8_lossy(&kept.value).into_owned();
    Ok(load(visitor.node(), &reading)?.map(|reading| {
        Link::new(
            format!("/dialogues/readings/{}", reading.id),
            visitor.words.t("drafting-became"),
        )
    }))
}

/// Whether silence runs on the newest round: until its time is over nobody has agreed.
fn silent(visitor: &Visitor, rounds: &Rounds) -> bool {
    let newest = rounds.newest();
    let running = newest.and_then(|newest| rounds.procedure(&newest.id, visitor.now));
    running.is_some_and(|one| one.standing == Standing::Running)
}

/// What the reading of a round is made of, where not everybody here may have that, or it has a time or a caveat of its own: the round.
fn made_of(visitor: &Visitor, newest: &Piece<Draft>) -> Vec<String> {
    let guarded = |label: &policy::Label| {
        label.class.tlp().is_for_persons() || !Label::says_all(label, &visitor.at())
    };
    match newest.label.as_ref().is_none_or(guarded) {
        true => vec![newest.id.to_string()],
        false => Vec::new(),
    }
}

fn page(
    visitor: &Visitor,
    id: &ObjectId,
    rounds: Released<Rounds>,
    error: Option<String>,
) -> Result<Page, Failure> {
    let became = became(visitor, id)?;
    visitor.page("drafting-become", rounds, |rounds, frame| {
        let newest = rounds.newest().ok_or(Failure::Absent)?;
        let (still, _) = open(&newest.what.passages);
        let lead = if still > 0 {
            let still = f64::from(u32::try_from(still).unwrap_or(u32::MAX));
            visitor.words.t1("drafting-become-open", "open", still)
        } else if rounds.heads().len() > 1 {
            visitor.words.t("drafting-become-two")
        } else if silent(visitor, &rounds) {
            visitor.words.t("drafting-become-silence")
        } else {
            visitor.words.t("drafting-become-lead")
        };
        let ready = still == 0 && rounds.heads().len() == 1 && !silent(visitor, &rounds);
        Ok(Show {
            lead,
            error,
            paragraphs: match still {
                0 => reads(&newest.what.passages)
                    .iter()
                    .map(|(_, words)| shown(words))
                    .collect(),
                _ => Vec::new(),
            },
            passages: match still {
                0 => Vec::new(),
                _ => Painted::all(visitor, &Eyes::new(visitor), newest),
            },
            lang: super::lang(newest),
            way: ready.then(|| {
                (
                    format!("{}/text", path(id)),
                    visitor.words.t("drafting-become-go"),
                )
            }),
            became,
            frame: framed(visitor, &rounds, frame, true),
        })
    })
}

/// `GET /dialogues/drafts/{id}/text`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            page(visitor, &id, rounds, None)
        })
        .await
}

/// `POST /dialogues/drafts/{id}/text`.
pub(in super::super) async fn send(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let all = rounds.as_ref().into_inner();
            let newest = all.newest().ok_or(Failure::Absent)?.clone();
            let (still, _) = open(&newest.what.passages);
            if still > 0 || all.heads().len() > 1 || silent(visitor, all) {
                return Ok(page(visitor, &id, rounds, None)?
                    .with_status(StatusCode::CONFLICT)
                    .into());
            }
            let paragraphs = reads(&newest.what.passages)
                .into_iter()
                .map(|(_, words)| words);
            let title = newest.what.title.clone();
            let plain = std::iter::once(title.clone())
                .chain(paragraphs)
                .collect::<Vec<_>>()
                .join("\n\n");
            let node = visitor.node();
            let made_of = made_of(visitor, &newest);
            let reading = match made_of.is_empty() {
                true => take_in_text(node, &title, plain.as_bytes(), &plain, visitor.person()),
                false => take_in_made(node, &title, &plain, visitor.person(), made_of),
            };
            let mut reading = match reading {
                Ok(reading) => reading,
                Err(error) if error.downcast_ref::<text::Failure>().is_some() => {
                    let why = visitor.words.t("drafting-become-unread");
                    return Ok(page(visitor, &id, rounds, Some(why))?
                        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                        .into());
                }
                Err(error) => return Err(error.into()),
            };
            // What is known of the session is filled in; what the machine found stays beside it.
            if reading.revision == 0 {
                let before = reading.clone();
                let (dialogue, made_for) = rounds.as_ref().into_inner().made_for();
                let session = made_for.and_then(|session| ObjectId::parse(session).ok());
                let session = match session {
                    Some(session) => register_of(visitor).one::<Session>(&session)?,
                    None => None,
                };
                reading.took_up = newest
                    .what
                    .passages
                    .iter()
                    .filter_map(|one| Some((one.words.clone(), one.from_ref.clone()?)))
                    .collect();
                reading.drafted_for =
                    Some((dialogue.map(str::to_owned), made_for.map(str::to_owned)));
                let heard = &mut reading.corrected;
                heard.title = Some(title);
                heard.parties.clone_from(&newest.what.parties);
                if let Some(session) = session {
                    let what = session.into_inner().what;
                    heard.series.ordinal = what.ordinal.or(heard.series.ordinal);
                    heard.event.start = what.start.or(heard.event.start.take());
                    heard.event.end = what.end.or(heard.event.end.take());
                    heard.event.place = what.place.or(heard.event.place.take());
                }
                reading.revision = 1;
                reading.corrected_by = visitor.person().map(ToString::to_string);
                save(node, Some(&before), &reading)?;
            }
            node.keep(DESK, KIND, id.as_str(), reading.id.clone().into_bytes())
                .wait()?;
            Ok(Move::to(format!("/dialogues/readings/{}", reading.id))
                .saying(visitor.words.t("drafting-become-done"))
                .into())
        })
        .await
}
