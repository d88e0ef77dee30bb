//! Letting an appraisal go out: to the side that it judges, with a day until which it may reply; to others after that. The node holds it until
//! somebody who may sign has signed, whoever asks and by whatever door.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::{Member, Purpose, Released, Tlp};
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};
use stix::ObjectId;

use super::super::anew::can_be_kept;
use super::super::follow_up::Ask;
use super::super::taking_back::{RECORD, asked_first};
use super::super::view::{Eyes, label, path};
use super::super::{object, observers, register_of};
use crate::compose::{Batch, Label};
use crate::names;
use crate::records::{Appraisal, Piece, Place};
use crate::register::Judged;
use crate::rules::appraisals::{Wait, Wanted, may_go};
use crate::rules::dates;

/// How long the side judged has for its reply where nothing else is chosen: thirty days, in microseconds.
const ROOM: i64 = 30 * 86_400_000_000;

/// An appraisal of our own, with the replies to it.
fn ours(visitor: &Visitor, uuid: &str) -> Result<Released<Judged>, Failure> {
    let id = object("appraisal", uuid)?;
    let register = register_of(visitor);
    let one = register.one::<Appraisal>(&id)?.ok_or(Failure::Absent)?;
    let about = one.as_ref().map(|one| one.what.about_ref.clone());
    let about = ObjectId::parse(about.as_ref().into_inner()).map_err(|_| Failure::Absent)?;
    let home = visitor.node().home().id.clone();
    let mine = register.judged(&about)?.map(|all| {
        all.into_iter()
            .filter(|one| one.piece.id == id && one.piece.author == home)
            .collect::<Vec<_>>()
    });
    mine.into_iter().next().ok_or(Failure::Absent)
}

/// Who stands for the side judged: itself and its organs, as far as they are known here.
fn side(visitor: &Visitor, of: &str) -> Vec<ObjectId> {
    let known = names::participants(visitor.node(), of);
    known.into_iter().map(|one| one.id).collect()
}

/// Those of them whose nodes this one exchanges with; where there is none, the side itself.
fn reachable(visitor: &Visitor, side: &[ObjectId]) -> Result<Vec<ObjectId>, Failure> {
    let mut with_node = Vec::new();
    for one in side {
        if visitor.node().peer(one)?.is_some() {
            with_node.push(one.clone());
        }
    }
    if with_node.is_empty() {
        with_node.extend(side.first().cloned());
    }
    Ok(with_node)
}

/// The key of the page's title.
const TITLE: &str = "appraisal-release-title";

/// Whether the side judged may have it as it stands.
fn reached(visitor: &Visitor, piece: &Piece<Appraisal>, side: &[ObjectId]) -> bool {
    let Some(label) = &piece.label else {
        return false;
    };
    side.iter().any(|one| {
        let viewer = visitor.node().viewer_of(one, true);
        policy::decide(&viewer, label, Purpose::Relay, &visitor.at()).is_granted()
    })
}

/// The address at which an appraisal goes out.
pub(in super::super) fn address(id: &ObjectId) -> String {
    format!("/dialogues/appraisals/{}/release", id.uuid())
}

fn form(visitor: &Visitor, judged: &Judged) -> Result<Form, Failure> {
    let (words, piece) = (&visitor.words, &judged.piece);
    let side = side(visitor, &piece.what.of);
    let out = reached(visitor, piece, &side);
    let mut form = Form::new(
        visitor,
        format!("dialogues-appraisal-release {}", piece.id),
        address(&piece.id),
        words.t("appraisal-release"),
    )?;
    let marking = if out {
        piece.label.as_ref().map(Label::marking).unwrap_or_default()
    } else {
        let (year, month, day) = dates::civil(visitor.now + ROOM);
        form = form.field(
            Field::new("reply_by", words.t("appraisal-reply-by"), Input::Day)
                .with(format!("{year:04}-{month:02}-{day:02}"))
                .hint(words.t("appraisal-reply-by-hint")),
        );
        Marking {
            tlp: Some(Tlp::AmberStrict),
            audience: reachable(visitor, &side)?
                .into_iter()
                .map(Member::Participant)
                .collect(),
        }
    };
    Ok(form.fields(visitor.label_fields(&marking)?))
}

fn page(visitor: &Visitor, judged: Released<Judged>, form: Form) -> Result<Page, Failure> {
    visitor.page(TITLE, judged, |judged, frame| {
        let eyes = Eyes::new(visitor);
        let name = frame.t("dialogues-title");
        let mut frame = frame.under("/dialogues", name);
        if let Ok(about) = ObjectId::parse(&judged.piece.what.about_ref) {
            let name = frame.t("dialogues-commitment");
            frame = frame.under(path(&about), name);
        }
        if let Some(label) = label(&judged.piece) {
            frame = frame.label(label);
        }
        let lead = visitor.words.t1(
            "appraisal-release-lead",
            "side",
            eyes.side(&judged.piece.what.of),
        );
        Ok(Ask { frame, lead, form })
    })
}

/// `GET /dialogues/appraisals/{id}/release`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let judged = ours(visitor, &uuid)?;
            can_be_kept(visitor, &judged.as_ref().into_inner().piece, TITLE)?;
            let form = form(visitor, judged.as_ref().into_inner())?.resumed(visitor)?;
            page(visitor, judged, form)
        })
        .await
}

/// What somebody wants: whether the side judged is among those named, and whether anybody else is.
fn wanted(marking: &Marking, label: &Label, side: &[ObjectId]) -> Wanted {
    let all = *label == Label::Public;
    let is_side = |member: &Member| matches!(member, Member::Participant(id) if side.contains(id));
    Wanted {
        side: all || marking.audience.iter().any(is_side),
        others: all || marking.audience.iter().any(|member| !is_side(member)),
    }
}

fn why(visitor: &Visitor, wait: Wait, side: String) -> (&'static str, String) {
    let words = &visitor.words;
    match wait {
        Wait::Nobody => ("for", words.t("appraisal-nobody")),
        Wait::SideFirst => ("for", words.t1("appraisal-side-first", "side", side)),
        Wait::SideLeftOut => ("for", words.t1("appraisal-side-left-out", "side", side)),
        Wait::NoTime => ("reply_by", words.t("appraisal-no-time")),
        Wait::Until(until) => {
            let date = words.date(until);
            (
                "for",
                words.t2("appraisal-until", "side", side, "date", date),
            )
        }
    }
}

/// `POST /dialogues/appraisals/{id}/release`: the next version, under the label that was chosen. What the side judged lets go along goes
/// with it.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let released = ours(visitor, &uuid)?;
            let judged = released.as_ref().into_inner().clone();
            can_be_kept(visitor, &judged.piece, TITLE)?;
            let what = &judged.piece.what;
            let mut form = form(visitor, &judged)?.filled(&typed);
            let marking = visitor.label_chosen(&mut form);
            let label = Label::chosen(visitor.node(), &marking);
            let side = side(visitor, &what.of);
            let out = reached(visitor, &judged.piece, &side);
            let by = dates::by(form.text("reply_by"));
            let until = by.as_deref().and_then(dates::Stretch::parse);
            let wanted = wanted(&marking, &label, &side);
            let may = may_go(
                what,
                out,
                !judged.said().is_empty(),
                wanted,
                until.map(|until| until.last),
                visitor.now,
            );
            if let Err(wait) = may {
                let side = Eyes::new(visitor).side(&what.of);
                let (field, sentence) = why(visitor, wait, side);
                form.wrong(field, sentence);
            }
            let place = Place::About(&what.about_ref);
            observers::circles(visitor, &mut form, &label, &place)?;
            let record = [&judged.piece.id];
            asked_first(visitor, (&mut form, &typed), record, &marking, RECORD)?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let next = Appraisal {
                reply_by: if out { what.reply_by.clone() } else { by },
                replies: if wanted.others {
                    judged.going_along()
                } else {
                    Vec::new()
                },
                ..what.clone()
            };
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
            batch.add(judged.piece.revised(next))?;
            let left_out = batch.left_out();
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let about = ObjectId::parse(&what.about_ref).map_err(|_| Failure::Absent)?;
            let signs = visitor.may(node::Right::Release);
            let governed = visitor
                .node()
                .clearance()
                .procedure()
                .governs(Some(crate::DESK));
            let said = if signs && !governed {
                "appraisal-released"
            } else {
                "appraisal-waits"
            };
            let said = observers::told(visitor, said, &left_out);
            let said = visitor.said_and_where(said, &judged.piece.id)?;
            Ok(Move::to(path(&about)).saying(said).into())
        })
        .await
}
