//! Who observes a session, on whose side, and what the role lets them see. It says so under the label that the session has; what is shared
//! from then on goes by it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};
use stix::ObjectId;

use super::follow_up::Ask;
use super::view::{Eyes, path};
use super::{object, register_of};
use crate::audience::names_circle_of_observer;
use crate::compose::{Batch, Label};
use crate::names;
use crate::records::{Observer, Piece, Place, Sees, Session};

/// A circle to which an observer belongs who may not have what stands there cannot be named: said beside the field.
pub(super) fn circles(
    visitor: &Visitor,
    form: &mut Form,
    label: &Label,
    place: &Place<'_>,
) -> Result<(), Failure> {
    let Label::To(_, chosen) = label else {
        return Ok(());
    };
    if names_circle_of_observer(visitor.node(), visitor.person(), chosen, place)? {
        form.wrong("for", visitor.words.t("observers-circle"));
    }
    Ok(())
}

/// What was done, and which observers were named and do not get it.
pub(super) fn told(visitor: &Visitor, key: &'static str, left_out: &[ObjectId]) -> String {
    let words = &visitor.words;
    let done = words.t(key);
    if left_out.is_empty() {
        return done;
    }
    let eyes = Eyes::new(visitor);
    let names: Vec<String> = left_out.iter().map(|id| eyes.side(id.as_str())).collect();
    let names = words.t1("observers-left-out", "names", words.list(&names));
    format!("{done} {names}")
}

/// A session of our own, with its label.
pub(super) fn ours(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<Session>>, Failure> {
    let id = object("session", uuid)?;
    let register = register_of(visitor);
    let one = register.one::<Session>(&id)?.ok_or(Failure::Absent)?;
    let series = one.as_ref().map(|one| one.what.dialogue_ref.clone());
    let all =
        register.having::<Session>("session.dialogue", series.as_ref().into_inner(), 2_000)?;
    let home = visitor.node().home().id.clone();
    let mine = all.map(|all| {
        let own = |one: &Piece<Session>| one.id == id && one.author == home;
        all.into_iter().filter(own).collect::<Vec<_>>()
    });
    mine.into_iter().next().ok_or(Failure::Absent)
}

fn form(visitor: &Visitor, piece: &Piece<Session>) -> Result<Form, Failure> {
    let (words, eyes) = (&visitor.words, Eyes::new(visitor));
    let sees = || {
        let roles = Sees::ALL.iter().map(|sees| {
            Choice::new(
                sees.as_str(),
                words.t(&format!("dialogues-sees-{}", sees.as_str())),
            )
        });
        let mut roles: Vec<Choice> = roles.collect();
        roles.push(Choice::new("none", words.t("observers-none")));
        roles
    };
    let sides = || {
        let parties = piece.what.parties.iter();
        parties
            .map(|side| Choice::new(side, eyes.side(side)))
            .collect::<Vec<_>>()
    };
    let mut form = Form::new(
        visitor,
        format!("dialogues-observers {}", piece.id),
        format!("{}/observers", path(&piece.id)),
        words.t("observers-keep"),
    )?
    .long()
    .field(Field::carried("version", piece.modified.as_str()));
    for (place, observer) in piece.what.observers.iter().enumerate() {
        let who = eyes.side(&observer.who);
        form = form.fields([
            Field::new(
                format!("sees-{place}"),
                words.t1("observers-sees", "who", who.clone()),
                Input::One(sees()),
            )
            .with(observer.sees.as_str()),
            Field::new(
                format!("side-{place}"),
                words.t1("observers-side", "who", who),
                Input::One(sides()),
            )
            .with(observer.side.clone().unwrap_or_default())
            .optional(),
        ]);
    }
    let mut others: Vec<Choice> = visitor
        .node()
        .participants()
        .into_iter()
        .filter(|one| one.id != visitor.node().home().id)
        .map(|one| Choice::new(one.id.as_str(), eyes.side(one.id.as_str())))
        .collect();
    words.sort(&mut others, |choice| &choice.name);
    Ok(form.fields([
        Field::new("who", words.t("observers-who"), Input::One(others)).optional(),
        Field::new("sees", words.t("observers-role"), Input::One(sees())).optional(),
        Field::new("side", words.t("observers-its-side"), Input::One(sides())).optional(),
    ]))
}

fn page(visitor: &Visitor, piece: Released<Piece<Session>>, form: Form) -> Result<Page, Failure> {
    visitor.page("dialogues-observers", piece, |piece, frame| {
        let name = frame.t("dialogues-title");
        let session = Eyes::new(visitor).session(&piece.what);
        let mut frame = frame
            .under("/dialogues", name)
            .under(path(&piece.id), session);
        if let Some(label) = super::view::label(&piece) {
            frame = frame.label(label);
        }
        Ok(Ask {
            lead: frame.t("observers-lead"),
            frame,
            form,
        })
    })
}

/// `GET /dialogues/sessions/{id}/observers`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let piece = ours(visitor, &uuid)?;
            let form = form(visitor, piece.as_ref().into_inner())?.resumed(visitor)?;
            page(visitor, piece, form)
        })
        .await
}

/// `POST /dialogues/sessions/{id}/observers`.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let released = ours(visitor, &uuid)?;
            let piece = released.as_ref().into_inner().clone();
            let mut form = form(visitor, &piece)?.filled(&typed);
            let side = |form: &Form, name: &str| {
                let side = form.text(name);
                piece
                    .what
                    .parties
                    .iter()
                    .find(|party| *party == side)
                    .cloned()
            };
            let mut observers = Vec::new();
            for (place, observer) in piece.what.observers.iter().enumerate() {
                if let Some(sees) = Sees::named(form.text(&format!("sees-{place}"))) {
                    observers.push(Observer {
                        who: observer.who.clone(),
                        sees,
                        side: side(&form, &format!("side-{place}")),
                    });
                }
            }
            let new = visitor.node().participant(form.text("who"));
            match (new, Sees::named(form.text("sees"))) {
                (Some(new), Some(sees)) => {
                    // The name by which texts speak of it, so that what they say meets.
                    let who = names::code_of(&new.name).unwrap_or_else(|| new.id.to_string());
                    let parties = &piece.what.parties;
                    let known = observers.iter().any(|one: &Observer| one.who == who);
                    if known
                        || parties.contains(&who)
                        || parties.iter().any(|one| new.id.as_str() == one)
                    {
                        form.wrong("who", visitor.words.t("observers-twice"));
                    }
                    observers.push(Observer {
                        who,
                        sees,
                        side: side(&form, "side"),
                    });
                }
                (Some(_), None) => form.wrong("sees", visitor.words.t("observers-role-missing")),
                (None, _) => {}
            }
            if form.text("version") != piece.modified.as_str() {
                form.wrong("who", visitor.words.t("edit-meanwhile"));
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let what = Session {
                observers,
                ..piece.what.clone()
            };
            let label = piece.label.as_ref().map_or(Label::Ours, Label::same);
            let mut batch = Batch::new(visitor.node(), visitor.person().cloned(), label)?;
            batch.add(piece.revised(what))?;
            batch.send()?;
            form.done(visitor)?;
            Ok(Move::to(path(&piece.id))
                .saying(visitor.words.t("observers-kept"))
                .into())
        })
        .await
}
