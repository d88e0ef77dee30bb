//! A page on which a record of our own is said anew: a form with what stands, and the next version of it. Invariant: only the node that
//! wrote a record changes it; what somebody changed meanwhile is not written over, and what was typed stays.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::{Purpose, Released};
use site::parts::form::{Field, Form, Typed};
use site::parts::label::WhoSees;
use site::{Failure, Move, Page, Reply, Role, Routes, Visitor, Who};

use super::follow_up::Ask;
use super::taking_back::{RECORD, asked_first};
use super::view::{Eyes, label, path};
use super::{object, register_of};
use crate::compose::{Batch, Label};
use crate::records::{Kind, Piece, Placed};

/// What is said anew of a kind of record on one page.
pub(super) trait Anew: 'static {
    /// The kind.
    type What: Placed;

    /// The page's address: that of the record, and one part more.
    const AT: &'static str;
    /// The keys of its texts: title, lead, the button's verb, what is said when it is kept, and when the record is another's.
    const TEXTS: [&'static str; 5];
    /// Whether the page asks under which label; else it tells who sees what has the one that stands.
    const ASKS: bool = false;

    /// What the record is called, for the way back to it.
    fn called(eyes: &Eyes<'_>, piece: &Piece<Self::What>) -> String;

    /// The field beside which it stands that somebody changed the record meanwhile.
    fn first(piece: &Piece<Self::What>) -> String;

    /// The fields, with what stands.
    fn fields(visitor: &Visitor, piece: &Piece<Self::What>) -> Result<Vec<Field>, Failure>;

    /// What the form says it is now; errors beside its fields.
    fn typed(visitor: &Visitor, piece: &Piece<Self::What>, form: &mut Form) -> Self::What;

    /// Says what was typed of somebody whom the record does not name any more, and keeps it.
    fn gone(_visitor: &Visitor, _piece: &Piece<Self::What>, _form: &mut Form) {}

    /// Under which label: the one that it has, where the page doesn't ask.
    fn label(
        visitor: &Visitor,
        piece: &Piece<Self::What>,
        _form: &mut Form,
    ) -> Result<Label, Failure> {
        let label = standing(visitor, piece)?;
        Ok(label.as_ref().map_or(Label::Ours, Label::same))
    }
}

/// How many names stand on a button.
const NAMES: usize = 3;

/// A form that writes under a label that stands: who will see it stands above its button, and the names of a few on the button.
pub(super) fn seen(
    visitor: &Visitor,
    form: Form,
    verb: &str,
    label: Option<&policy::Label>,
) -> Form {
    let words = &visitor.words;
    let told = match label {
        Some(label) => visitor.told_of(label),
        None => visitor.told(&Marking::default(), None),
    };
    let mut names: Vec<String> = told.seen_by.iter().map(|(own, _)| own.clone()).collect();
    words.sort(&mut names, |name| name);
    let verb = words.t(verb);
    let verb = match names.len() {
        1..=NAMES if !told.public => {
            words.t2("edit-verb-for", "verb", verb, "names", words.list(&names))
        }
        _ => verb,
    };
    form.verb(verb)
        .seen(WhoSees::of(visitor, &told).to_write(visitor, &told))
}

/// The names of the fields about somebody. They go by who it is, since the place changes when another is taken off.
pub(super) fn named<const N: usize>(asked: [&str; N], who: &str) -> [String; N] {
    asked.map(|name| format!("{name}-{who}"))
}

/// Of whom something was typed into fields of such names, and is not asked any more.
pub(super) fn strayed(form: &Form, asked: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (name, _) in form.strayed().iter().filter(|(_, value)| !value.is_empty()) {
        let who = asked
            .iter()
            .find_map(|asked| name.strip_prefix(asked)?.strip_prefix('-'));
        all.extend(who.map(str::to_owned));
    }
    all.sort();
    all.dedup();
    all
}

/// The label by which a record is said anew: what it has, or waits for.
pub(super) fn standing<T>(
    visitor: &Visitor,
    piece: &Piece<T>,
) -> Result<Option<policy::Label>, Failure> {
    let label = piece.label.clone();
    Ok(match label {
        Some(label) => Some(visitor.label_anew(&piece.id, label)?),
        None => None,
    })
}

/// Lets through what a form can say anew: of an embargo, an expiry or a caveat it says nothing, and the next version would be without.
pub(super) fn can_be_kept<T>(
    visitor: &Visitor,
    piece: &Piece<T>,
    title: &'static str,
) -> Result<(), Failure> {
    let stands = standing(visitor, piece)?;
    let mut labels = piece.label.iter().chain(&stands);
    match labels.all(|label| Label::says_all(label, &visitor.at())) {
        true => Ok(()),
        false => Err(Failure::Said(StatusCode::CONFLICT, title, "edit-caveats")),
    }
}

/// The newest version of a record with its label, if it is this node's own to change; else it is said whose it is.
pub(super) fn own<T: Kind>(
    visitor: &Visitor,
    uuid: &str,
    (title, theirs): (&'static str, &'static str),
) -> Result<Released<Piece<T>>, Failure> {
    let id = object(T::TYPE, uuid)?;
    let one = register_of(visitor).one::<T>(&id)?.ok_or(Failure::Absent)?;
    if one.as_ref().map(|one| one.author.clone()).into_inner() != visitor.node().home().id {
        return Err(Failure::Said(StatusCode::CONFLICT, title, theirs));
    }
    // The label comes with a seek, not with a single record.
    let stood = visitor
        .node()
        .stood(visitor.viewer(), Purpose::Show, &id)?
        .ok_or(Failure::Absent)?;
    let own = one.zip(stood).map(|(one, stood)| one.under(stood.label));
    can_be_kept(visitor, own.as_ref().into_inner(), title)?;
    Ok(own)
}

fn found<A: Anew>(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<A::What>>, Failure> {
    let [title, .., theirs] = A::TEXTS;
    own(visitor, uuid, (title, theirs))
}

fn form<A: Anew>(visitor: &Visitor, piece: &Piece<A::What>) -> Result<Form, Failure> {
    let [_, _, verb, ..] = A::TEXTS;
    let to = A::AT.rsplit('/').next().unwrap_or_default();
    let form = Form::new(
        visitor,
        format!("dialogues-{to} {}", piece.id),
        format!("{}/{to}", path(&piece.id)),
        visitor.words.t(verb),
    )?;
    let form = form
        .long()
        .field(Field::carried("version", piece.modified.as_str()))
        .fields(A::fields(visitor, piece)?);
    Ok(match A::ASKS {
        true => form,
        false => seen(visitor, form, verb, standing(visitor, piece)?.as_ref()),
    })
}

fn page<A: Anew>(
    visitor: &Visitor,
    piece: Released<Piece<A::What>>,
    form: Form,
) -> Result<Page, Failure> {
    let [title, lead, ..] = A::TEXTS;
    visitor.page(title, piece, |piece, frame| {
        let (desk, lead) = (frame.t("dialogues-title"), frame.t(lead));
        let mut frame = frame
            .under("/dialogues", desk)
            .under(path(&piece.id), A::called(&Eyes::new(visitor), &piece));
        if let Some(label) = label(&piece) {
            frame = frame.label(label);
        }
        Ok(Ask { frame, lead, form })
    })
}

/// The page, for those who write.
pub(super) fn routes<A: Anew>() -> Routes {
    Routes::new().asked(A::AT, Who::Role(Role::Editor), ask::<A>, send::<A>)
}

async fn ask<A: Anew>(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let piece = found::<A>(visitor, &uuid)?;
            let own = piece.as_ref().into_inner();
            let mut form = form::<A>(visitor, own)?.resumed(visitor)?;
            A::gone(visitor, own, &mut form);
            page::<A>(visitor, piece, form)
        })
        .await
}

async fn send<A: Anew>(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let released = found::<A>(visitor, &uuid)?;
            let piece = released.as_ref().into_inner().clone();
            let mut form = form::<A>(visitor, &piece)?.filled(&typed);
            let what = A::typed(visitor, &piece, &mut form);
            let meanwhile = visitor.words.t("edit-meanwhile");
            form.meanwhile("version", &A::first(&piece), meanwhile);
            A::gone(visitor, &piece, &mut form);
            let label = A::label(visitor, &piece, &mut form)?;
            if A::ASKS {
                let chosen = visitor.label_chosen(&mut form);
                let form = (&mut form, &typed);
                asked_first(visitor, form, [&piece.id], &chosen, RECORD)?;
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page::<A>(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
            batch.add(piece.revised(what))?;
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page::<A>(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let [_, _, _, kept, _] = A::TEXTS;
            Ok(Move::to(path(&piece.id))
                .saying(visitor.said_of_written(kept, &piece.id)?)
                .into())
        })
        .await
}
