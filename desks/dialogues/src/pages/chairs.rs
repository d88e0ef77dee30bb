//! Who chaired a session for each side, and which side was in the chair. What is known of everybody else who took part stays.

use site::parts::form::{Choice, Field, Form, Input};
use site::{Failure, Visitor};

use super::anew::Anew;
use super::view::Eyes;
use crate::records::{Piece, Session};
use crate::rules::attendance::{chair_of, chaired};

/// The page of it.
pub(super) struct Chairs;

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
    const FIRST: &'static str = "name-0";

    fn called(eyes: &Eyes<'_>, piece: &Piece<Session>) -> String {
        eyes.session(&piece.what)
    }

    fn fields(visitor: &Visitor, piece: &Piece<Session>) -> Result<Vec<Field>, Failure> {
        let (words, eyes) = (&visitor.words, Eyes::new(visitor));
        let mut fields = Vec::new();
        for (place, side) in piece.what.parties.iter().enumerate() {
            let known = chair_of(&piece.what, side);
            let name = known.map_or("", |one| one.name.as_str());
            let office = known.and_then(|one| one.role.clone()).unwrap_or_default();
            let line = |name: &str, key: &str| {
                let asked = words.t1(key, "side", eyes.side(side));
                Field::new(format!("{name}-{place}"), asked, Input::Line).optional()
            };
            fields.push(line("name", "chairs-name").with(name));
            fields.push(line("office", "chairs-office").with(office));
        }
        let sides = piece.what.parties.iter();
        let sides = sides.map(|side| Choice::new(side, eyes.side(side)));
        fields.push(
            Field::new("chair", words.t("chairs-in"), Input::Any(sides.collect()))
                .with_all(piece.what.chair.clone())
                .hint(words.t("chairs-in-hint"))
                .optional(),
        );
        Ok(fields)
    }

    fn typed(visitor: &Visitor, piece: &Piece<Session>, form: &mut Form) -> Session {
        let mut what = piece.what.clone();
        for (place, side) in piece.what.parties.iter().enumerate() {
            let (name, office) = (format!("name-{place}"), format!("office-{place}"));
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
}
