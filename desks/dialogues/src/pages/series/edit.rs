//! `/dialogues/series/{id}/edit`: a series that is called otherwise now, or that a party has joined. Invariant: it keeps its id, and the
//! names that it had before stay beside it.

use site::parts::form::{Field, Form, Input};
use site::{Failure, Visitor};

use super::super::anew::{Anew, standing};
use super::super::view::Eyes;
use crate::compose::Label;
use crate::records::{Dialogue, FormerName, Piece};
use crate::rules::dates::Stretch;

/// The page of it.
pub(in super::super) struct Series;

impl Anew for Series {
    type What = Dialogue;

    const AT: &'static str = "/dialogues/series/{id}/edit";
    const TEXTS: [&'static str; 5] = [
        "series-edit",
        "series-lead",
        "series-keep",
        "series-kept",
        "series-theirs",
    ];
    const ASKS: bool = true;

    fn called(eyes: &Eyes<'_>, piece: &Piece<Dialogue>) -> String {
        eyes.dialogue(piece)
    }

    fn first(_: &Piece<Dialogue>) -> String {
        "name".to_owned()
    }

    fn fields(visitor: &Visitor, piece: &Piece<Dialogue>) -> Result<Vec<Field>, Failure> {
        let (words, what) = (&visitor.words, &piece.what);
        let line = |name: &str, key: &str, value: &str| {
            Field::new(name, words.t(key), Input::Line).with(value)
        };
        let french = what.name_fr.as_deref().unwrap_or_default();
        let mut fields = vec![
            line("name", "series-name", &what.name),
            line("name_fr", "series-name-french", french).optional(),
            line("until", "series-until", "")
                .hint(words.t("dialogues-due-hint"))
                .optional()
                .fresh(),
            line(
                "parties",
                "dialogues-parties",
                &Eyes::new(visitor).named(&what.parties),
            )
            .hint(words.t("dialogues-actors-hint")),
        ];
        let marking = standing(visitor, piece)?;
        let marking = marking.as_ref().map(Label::marking).unwrap_or_default();
        fields.extend(visitor.label_fields(&marking)?);
        Ok(fields)
    }

    fn typed(visitor: &Visitor, piece: &Piece<Dialogue>, form: &mut Form) -> Dialogue {
        let name = form.need("name");
        let parties = Eyes::new(visitor).meant(&form.need("parties"));
        let text = |name: &str| Some(form.text(name).to_owned()).filter(|text| !text.is_empty());
        let (name_fr, until) = (text("name_fr"), text("until"));
        if until
            .as_deref()
            .is_some_and(|day| Stretch::parse(day).is_none())
        {
            form.wrong("until", visitor.words.t("dialogues-due-wrong"));
        }
        if parties.len() < 2 {
            form.wrong("parties", visitor.words.t("series-two-parties"));
        }
        renamed(piece.what.clone(), name, name_fr, parties, until)
    }

    fn label(visitor: &Visitor, _: &Piece<Dialogue>, form: &mut Form) -> Result<Label, Failure> {
        Ok(Label::chosen(visitor.node(), &visitor.label_chosen(form)))
    }
}

/// The series under a new name: the one that it had stays, once.
fn renamed(
    mut what: Dialogue,
    name: String,
    name_fr: Option<String>,
    parties: Vec<String>,
    until: Option<String>,
) -> Dialogue {
    if name != what.name {
        let former = std::mem::replace(&mut what.name, name);
        what.former_names.retain(|known| known.name != former);
        what.former_names.push(FormerName {
            name: former,
            until,
        });
    }
    what.name_fr = name_fr;
    what.parties = parties;
    what
}
