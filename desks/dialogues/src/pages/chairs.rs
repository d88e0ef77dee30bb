//! Who chaired a session for each side, and which side was in the chair. What is known of everybody else who took part stays.

use site::parts::form::{Field, Form, Input};
use site::{Failure, Visitor};

use super::anew::{Anew, named, strayed};
use super::view::Eyes;
use crate::records::{Piece, Session};
use crate::rules::attendance::{chair_of, chaired};

/// What is asked of each side: who chaired, and in which office.
const ASKED: [&str; 2] = ["name", "office"];

/// The page of it.
pub(super) struct Chairs;

/// Who is recorded to have chaired for a side, with the office.
fn stood<'a>(session: &'a Session, side: &str) -> [&'a str; 2] {
    let known = chair_of(session, side);
    let name = known.map_or("", |one| one.name.as_str());
    let office = known.and_then(|one| one.role.as_deref());
    [name, office.unwrap_or_default()]
}

/// The two fields of a side, with this in them.
fn fields(visitor: &Visitor, side: &str, [name, office]: [&str; 2]) -> [Field; 2] {
    let called = Eyes::new(visitor).side(side);
    let [name_field, office_field] = named(ASKED, side);
    let line = |field: String, key: &str, value: &str| {
        let asked = visitor.words.t1(key, "side", called.clone());
        Field::new(field, asked, Input::Line).with(value).optional()
    };
    [
        line(name_field, "chairs-name", name),
        line(office_field, "chairs-office", office),
    ]
}

impl Anew for Chairs {
    type What = Session;

    const AT: &'static str = "/dialogues/sessions/{id}/chairs";
    const TEXTS: [&'static str; 5] = [
        "chairs-title",
        "chairs-lead",
        "chairs-keep",
        "chairs-kept",
        "session-theirs",
    ];

    fn called(eyes: &Eyes<'_>, piece: &Piece<Session>) -> String {
        eyes.session(&piece.what)
    }

    fn first(piece: &Piece<Session>) -> String {
        let first = piece.what.parties.first();
        first.map_or_else(
            || "chair".to_owned(),
            |side| {
                let [name, _] = named(ASKED, side);
                name
            },
        )
    }

    fn fields(visitor: &Visitor, piece: &Piece<Session>) -> Result<Vec<Field>, Failure> {
        let (words, eyes) = (&visitor.words, Eyes::new(visitor));
        let sides = eyes.choices(&piece.what.parties);
        let mut asked: Vec<Field> = sides
            .iter()
            .map(|side| side.value.as_str())
            .flat_map(|side| fields(visitor, side, stood(&piece.what, side)))
            .collect();
        asked.push(
            Field::new("chair", words.t("chairs-in"), Input::Any(sides))
                .with_all(piece.what.chair.clone())
                .hint(words.t("chairs-in-hint"))
                .optional(),
        );
        Ok(asked)
    }

    fn typed(visitor: &Visitor, piece: &Piece<Session>, form: &mut Form) -> Session {
        let mut what = piece.what.clone();
        for side in &piece.what.parties {
            let [name, office] = named(ASKED, side);
            let told = (form.text(&name).to_owned(), form.text(&office).to_owned());
            if told.0.is_empty() && !told.1.is_empty() {
                form.wrong(&name, visitor.words.t("chairs-name-missing"));
            }
            chaired(&mut what.persons, side, (&told.0, &told.1));
        }
        let parties = piece.what.parties.iter();
        what.chair = parties
            .filter(|side| form.chosen("chair").contains(side))
            .cloned()
            .collect();
        what
    }

    fn gone(visitor: &Visitor, piece: &Piece<Session>, form: &mut Form) {
        let (words, eyes) = (&visitor.words, Eyes::new(visitor));
        for side in strayed(form, &ASKED) {
            let names = named(ASKED, &side);
            let typed = names.each_ref().map(|name| {
                let typed = form.strayed().iter().find(|(own, _)| own == name);
                typed.map_or("", |(_, value)| value).to_owned()
            });
            let told = words.t1("chairs-gone", "side", eyes.side(&side));
            // What the record still says of whoever chaired for it is not lost, and need not be written again.
            if typed.each_ref().map(String::as_str) == stood(&piece.what, &side) {
                form.say(told);
                continue;
            }
            let kept = typed.each_ref().map(String::as_str);
            form.add(fields(visitor, &side, kept));
            let [name, _] = names;
            let kept = words.t("chairs-gone-kept");
            form.wrong(&name, format!("{told} {kept}"));
        }
        let known = |side: &String| piece.what.parties.contains(side);
        let ticked = form.chosen("chair").iter();
        let ticked: Vec<String> = ticked
            .filter(|side| !known(side) && !piece.what.chair.contains(side))
            .map(|side| eyes.side(side))
            .collect();
        for side in ticked {
            form.say(words.t1("chairs-gone-chair", "side", side));
        }
    }
}
