//! Who observes a session, on whose side, and what the role lets them see. It says so under the label that the session has; what is shared
//! from then on goes by it.

use site::parts::form::{Choice, Field, Form, Input};
use site::{Failure, Visitor};
use stix::ObjectId;

use super::anew::{Anew, named, strayed};
use super::view::Eyes;
use crate::audience::names_circle_of_observer;
use crate::compose::Label;
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
    and_left_out(visitor, visitor.words.t(key), left_out)
}

fn and_left_out(visitor: &Visitor, done: String, left_out: &[ObjectId]) -> String {
    let words = &visitor.words;
    if left_out.is_empty() {
        return done;
    }
    let eyes = Eyes::new(visitor);
    let names: Vec<String> = left_out.iter().map(|id| eyes.side(id.as_str())).collect();
    let names = words.t1("observers-left-out", "names", words.list(&names));
    format!("{done} {names}")
}

/// The same of something that was sent to others: where it waits to be released, that nothing has gone out yet, and its case.
pub(super) fn sent(
    visitor: &Visitor,
    key: &'static str,
    id: &ObjectId,
    left_out: &[ObjectId],
) -> Result<String, Failure> {
    let done = visitor.said_of_sent(key, id)?;
    Ok(and_left_out(visitor, done, left_out))
}

/// What is asked of each observer: its role, its side.
const ASKED: [&str; 2] = ["sees", "side"];

/// The page of it.
pub(super) struct Observers;

impl Anew for Observers {
    type What = Session;

    const AT: &'static str = "/dialogues/sessions/{id}/observers";
    const TEXTS: [&'static str; 5] = [
        "dialogues-observers",
        "observers-lead",
        "observers-keep",
        "observers-kept",
        "session-theirs",
    ];
    fn called(eyes: &Eyes<'_>, piece: &Piece<Session>) -> String {
        eyes.session(&piece.what)
    }

    fn first(_: &Piece<Session>) -> String {
        "who".to_owned()
    }

    fn fields(visitor: &Visitor, piece: &Piece<Session>) -> Result<Vec<Field>, Failure> {
        let (words, eyes) = (&visitor.words, Eyes::new(visitor));
        let sees = || {
            let roles = Sees::ALL.iter().map(|sees| {
                let key = format!("dialogues-sees-{}", sees.as_str());
                Choice::new(sees.as_str(), words.t(&key))
            });
            let mut roles: Vec<Choice> = roles.collect();
            roles.push(Choice::new("none", words.t("observers-none")));
            Input::One(roles)
        };
        let sides = || Input::One(eyes.choices(&piece.what.parties));
        let mut fields = Vec::new();
        for observer in &piece.what.observers {
            let [sees_name, side_name] = named(ASKED, &observer.who);
            let who = eyes.side(&observer.who);
            let asked = words.t1("observers-sees", "who", who.clone());
            fields.push(Field::new(sees_name, asked, sees()).with(observer.sees.as_str()));
            let asked = words.t1("observers-side", "who", who);
            fields.push(
                Field::new(side_name, asked, sides())
                    .with(observer.side.clone().unwrap_or_default())
                    .optional(),
            );
        }
        let parties = piece.what.parties.iter();
        let parties: Vec<ObjectId> = parties
            .flat_map(|party| names::participants(visitor.node(), party))
            .map(|one| one.id)
            .collect();
        // Whoever is a party is no observer.
        let mut others: Vec<Choice> = visitor
            .node()
            .participants()
            .into_iter()
            .filter(|one| one.id != visitor.node().home().id && !parties.contains(&one.id))
            .map(|one| Choice::new(one.id.as_str(), eyes.side(one.id.as_str())))
            .collect();
        words.sort(&mut others, |choice| &choice.name);
        let who = Field::new("who", words.t("observers-who"), Input::One(others));
        let who = match piece.what.observers.is_empty() {
            true => who.hint(words.t("observers-nobody")),
            false => who,
        };
        fields.extend([
            who.optional().fresh(),
            // One that is named now is not taken off at once.
            Field::new("sees", words.t("observers-role"), sees())
                .except("none")
                .optional()
                .fresh(),
            Field::new("side", words.t("observers-its-side"), sides())
                .optional()
                .fresh(),
        ]);
        Ok(fields)
    }

    fn typed(visitor: &Visitor, piece: &Piece<Session>, form: &mut Form) -> Session {
        let parties = &piece.what.parties;
        let side = |form: &Form, name: &str| {
            let side = form.text(name);
            parties.iter().find(|party| *party == side).cloned()
        };
        let mut observers = Vec::new();
        for observer in &piece.what.observers {
            let [sees, own_side] = named(ASKED, &observer.who);
            if let Some(sees) = Sees::named(form.text(&sees)) {
                observers.push(Observer {
                    who: observer.who.clone(),
                    sees,
                    side: side(form, &own_side),
                });
            }
        }
        let new = visitor.node().participant(form.text("who"));
        match (new, Sees::named(form.text("sees"))) {
            (Some(new), Some(sees)) => {
                // The name by which texts speak of it, so that what they say meets.
                let who = names::code_of(&new.name).unwrap_or_else(|| new.id.to_string());
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
                    side: side(form, "side"),
                });
            }
            (Some(_), None) => form.wrong("sees", visitor.words.t("observers-role-missing")),
            (None, _) => {}
        }
        Session {
            observers,
            ..piece.what.clone()
        }
    }

    fn gone(visitor: &Visitor, _: &Piece<Session>, form: &mut Form) {
        for who in strayed(form, &ASKED) {
            let name = Eyes::new(visitor).side(&who);
            form.say(visitor.words.t1("observers-gone", "who", name));
        }
    }
}
