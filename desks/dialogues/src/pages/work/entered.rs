//! One way to enter and change a record of work between sessions: its fields, its label, what it belongs to.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Tlp, Visitor};
use stix::ObjectId;

use super::of_series::{begins, in_series};
use super::sought::{OTHERS, TICKED, also, looked, offered, served, serving, unseen};
use crate::compose::{Batch, Label};
use crate::pages::anew::own;
use crate::pages::follow_up::Ask;
use crate::pages::register_of;
use crate::pages::taking_back::{RECORD, asked_first};
use crate::pages::view::{Eyes, path};
use crate::records::{Arrangement, Commitment, NewPiece, Piece, Placed};
use crate::rules::dates::Stretch;

/// Arrangements to choose from.
const MOST: usize = 200;

/// What a new record belongs to, by the ids in the address that opens it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Opened {
    /// The series.
    pub(super) dialogue: Option<String>,
    /// Its parties, where what is new is always of a series.
    pub(super) parties: Vec<String>,
    /// The arrangement or strand.
    pub(super) part_of: Option<String>,
    /// The commitments that it serves.
    pub(super) serves: Vec<String>,
}

/// A kind of record that people enter.
pub(super) trait Entered: Placed + Send + Sync + 'static {
    /// Its part of the addresses.
    const ROOM: &'static str;
    /// The key of the heading for a new one.
    const NEW: &'static str;
    /// The key of the heading for one that is changed, and of what it is.
    const EDIT: &'static str;
    const KIND: &'static str;
    /// The key of what is said where the record is another's.
    const THEIRS: &'static str = "work-not-ours";
    /// Whether it is always part of an arrangement.
    const BELONGS: bool = false;
    /// Whether it is always of a series: it begins under that one's label, and for its parties.
    const OF_SERIES: bool = false;
    /// Whether it is asked which commitments it serves.
    const SERVES: bool = true;
    /// The field beside which it stands that somebody changed it meanwhile.
    const FIRST: &'static str = OTHERS;

    /// What one is called.
    fn called(&self, eyes: &Eyes<'_>) -> String;

    /// What it belongs to.
    fn opened(&self) -> Opened;

    /// The fields that ask for it, with what is known.
    fn fields(eyes: &Eyes<'_>, known: Option<&Self>, opened: &Opened) -> Vec<Field>;

    /// What was entered; errors are put beside the fields.
    fn entered(entry: &mut Entry<'_>, known: Option<&Self>, opened: Opened) -> Self;

    /// What stands beside it in its series, by which it is seen whether it is entered twice.
    fn beside(_: &Visitor, _: &Opened) -> Result<Released<Vec<Piece<Self>>>, Failure> {
        Ok(std::iter::empty::<Released<Piece<Self>>>().collect())
    }

    /// What a new one begins with, by what stands beside it; and the label of what says so.
    fn begun(_beside: &[Piece<Self>]) -> Option<(Self, Option<policy::Label>)> {
        None
    }

    /// Which of those beside it says the same, as far as the version before did not.
    fn alike(
        &self,
        _eyes: &Eyes<'_>,
        _known: Option<&Piece<Self>>,
        _beside: &[Piece<Self>],
    ) -> Option<Alike> {
        None
    }

    /// Where it is seen.
    fn seen(&self, id: &ObjectId) -> String {
        let _ = self;
        path(id)
    }
}

/// Another record that says the same: it is said once, and who sends the form again means both.
pub(super) struct Alike {
    /// The field beside which it is said.
    pub(super) field: &'static str,
    /// What is said.
    pub(super) sentence: String,
    /// The other.
    pub(super) other: ObjectId,
}

/// The field by which the form says that it was said.
const ALIKE: &str = "alike";

/// A form that was sent, and who reads it.
pub(super) struct Entry<'a> {
    pub(super) form: Form,
    pub(super) visitor: &'a Visitor,
}

impl Entry<'_> {
    /// Text that may be left out.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        Some(self.form.text(name).to_owned()).filter(|text| !text.is_empty())
    }

    /// Names or codes of participants, parted by commas.
    pub(super) fn sides(&self, name: &str) -> Vec<String> {
        Eyes::new(self.visitor).meant(self.form.text(name))
    }

    /// A date as far as it is known.
    pub(super) fn date(&mut self, name: &str) -> Option<String> {
        let date = self.text(name)?;
        if Stretch::parse(&date).is_none() {
            let wrong = self.visitor.words.t("dialogues-due-wrong");
            self.form.wrong(name, wrong);
        }
        Some(date)
    }

    /// The lines of a field, none empty.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.form.text(name).lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

/// A field for one line, with what is known.
pub(super) fn line(eyes: &Eyes<'_>, name: &str, key: &str, value: Option<String>) -> Field {
    Field::new(name, eyes.words.t(key), Input::Line).with(value.unwrap_or_default())
}

/// A field for a date.
pub(super) fn date(eyes: &Eyes<'_>, name: &str, key: &str, value: Option<String>) -> Field {
    line(eyes, name, key, value).hint(eyes.words.t("dialogues-due-hint"))
}

/// A field for participants.
pub(super) fn sides(eyes: &Eyes<'_>, name: &str, key: &str, value: &[String]) -> Field {
    line(eyes, name, key, Some(eyes.named(value))).hint(eyes.words.t("dialogues-actors-hint"))
}

/// Whether the form asks which arrangement something is part of: where it was begun from none.
fn asks_above<T: Entered>(known: bool, opened: &Opened) -> bool {
    T::BELONGS && !known && opened.part_of.is_none()
}

/// The arrangements to choose from; whoever shows the form shows it under their label.
fn arrangements(visitor: &Visitor) -> Result<Released<Vec<Piece<Arrangement>>>, Failure> {
    Ok(register_of(visitor).all::<Arrangement>("arrangement.name", MOST)?)
}

fn above(visitor: &Visitor) -> Result<Field, Failure> {
    let all = arrangements(visitor)?;
    let mut choices: Vec<Choice> = all
        .as_ref()
        .map(|all| all.iter().map(choice).collect())
        .into_inner();
    if choices.is_empty() {
        return Err(Failure::Said(
            StatusCode::CONFLICT,
            "work-arrangement",
            "work-without-arrangement",
        ));
    }
    visitor.words.sort(&mut choices, |choice| &choice.name);
    Ok(Field::new(
        "above",
        visitor.words.t("work-arrangement"),
        Input::List(choices),
    ))
}

fn choice(piece: &Piece<Arrangement>) -> Choice {
    Choice::new(piece.id.as_str(), site::shown(&piece.what.name))
}

fn form<T: Entered>(
    visitor: &Visitor,
    known: Option<&Piece<T>>,
    opened: &Opened,
    also: &[String],
) -> Result<Form, Failure> {
    let eyes = Eyes::new(visitor);
    let action = match known {
        Some(known) => format!("/dialogues/{}/{}/edit", T::ROOM, known.id.uuid()),
        None => format!("/dialogues/{}/new", T::ROOM),
    };
    let about = match known {
        Some(known) => known.id.to_string(),
        None => [&opened.dialogue, &opened.part_of]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" "),
    };
    let form = Form::new(
        visitor,
        format!("dialogues-{} {about}", T::ROOM),
        action,
        "",
    )?;
    let stands = match known {
        Some(known) => crate::pages::anew::standing(visitor, known)?,
        None => None,
    };
    let (begun, source) = match known {
        Some(_) => None,
        None => T::begun(T::beside(visitor, opened)?.as_ref().into_inner()),
    }
    .unzip();
    let marking = match (&stands, T::OF_SERIES && known.is_none()) {
        (Some(stands), _) => Label::marking(stands),
        (None, true) => begins(visitor, opened, source.flatten().as_ref())?,
        (None, false) => Marking::default(),
    };
    let stands = known.map(|known| &known.what).or(begun.as_ref());
    let serving = match T::SERVES {
        true => {
            let offered = offered(visitor, opened, also)?.into_inner();
            serving(visitor, opened, &offered)
        }
        false => Vec::new(),
    };
    let above = match asks_above::<T>(known.is_some(), opened) {
        true => Some(above(visitor)?),
        false => None,
    };
    Ok(form
        .long()
        .by_label(visitor.words.t("work-save"))
        .field(Field::carried(
            "version",
            known.map_or("", |known| known.modified.as_str()),
        ))
        .field(Field::carried(
            "dialogue",
            opened.dialogue.clone().unwrap_or_default(),
        ))
        .field(Field::carried(
            "part_of",
            opened.part_of.clone().unwrap_or_default(),
        ))
        .fields(above)
        .fields(T::fields(&eyes, stands, opened))
        .fields(serving)
        .fields(visitor.label_fields(&marking)?))
}

/// The form as it was left, with what was ticked or looked for in it: that is offered again, whatever offered it first.
fn resumed<T: Entered>(
    visitor: &Visitor,
    known: Option<&Piece<T>>,
    opened: &Opened,
) -> Result<(Form, Vec<String>), Failure> {
    let begun = form(visitor, known, opened, &[])?.resumed(visitor)?;
    let also = also(visitor, begun.chosen(TICKED), begun.text(OTHERS))?;
    let form = form(visitor, known, opened, &also)?.resumed(visitor)?;
    Ok((form, also))
}

fn page<T: Entered>(
    visitor: &Visitor,
    known: Option<Released<Piece<T>>>,
    (opened, also): (&Opened, &[String]),
    form: Form,
) -> Result<Page, Failure> {
    let key = if known.is_some() { T::EDIT } else { T::NEW };
    let known: Released<Vec<Piece<T>>> = known.into_iter().collect();
    let choices = match form.offers("above").is_empty() {
        true => std::iter::empty::<Released<Piece<Arrangement>>>().collect(),
        false => arrangements(visitor)?,
    };
    let offered = match T::SERVES {
        true => offered(visitor, opened, also)?,
        false => std::iter::empty::<Released<Piece<Commitment>>>().collect(),
    };
    let beside = choices.zip(offered).zip(T::beside(visitor, opened)?);
    visitor.page(key, known.zip(beside), |(known, beside), frame| {
        let ((choices, offered), beside) = beside;
        let name = frame.t("dialogues-title");
        let mut frame = frame.under("/dialogues", name);
        if let Some(known) = known.first() {
            let called = known.what.called(&Eyes::new(visitor));
            frame = frame.under(known.what.seen(&known.id), called);
        }
        let labels = known.iter().filter_map(|one| one.label.as_ref());
        let labels = labels.chain(choices.iter().filter_map(|one| one.label.as_ref()));
        let labels = labels.chain(offered.iter().filter_map(|one| one.label.as_ref()));
        let labels = labels.chain(beside.iter().filter_map(|one| one.label.as_ref()));
        let labels: Vec<_> = labels.collect();
        if !labels.is_empty() {
            frame = frame.label(Tlp::strictest(labels));
        }
        Ok(Ask {
            lead: frame.t("work-lead"),
            frame,
            form,
        })
    })
}

/// What the address of a new one asks for.
fn opening(visitor: &Visitor) -> Opened {
    let id = |name: &str, kinds: &[&str]| {
        let id = ObjectId::parse(&visitor.asked(name)?).ok()?;
        kinds.contains(&id.type_name()).then(|| id.to_string())
    };
    Opened {
        dialogue: id("dialogue", &["dialogue"]),
        part_of: id("part_of", &["arrangement", "strand"]),
        serves: id("commitment", &["commitment"]).into_iter().collect(),
        ..Opened::default()
    }
}

/// Our own record, with its label, for its next version.
fn ours<T: Entered>(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<T>>, Failure> {
    own(visitor, uuid, (T::EDIT, T::THEIRS))
}

/// `GET /dialogues/{room}/new?dialogue=&part_of=&commitment=`.
pub(super) async fn ask<T: Entered>(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let opened = in_series::<T>(visitor, opening(visitor))?;
            let (form, also) = resumed::<T>(visitor, None, &opened)?;
            page::<T>(visitor, None, (&opened, &also), form)
        })
        .await
}

/// `GET /dialogues/{room}/{id}/edit`.
pub(super) async fn ask_again<T: Entered>(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let known = ours::<T>(visitor, &uuid)?;
            let opened = known.as_ref().map(|known| known.what.opened()).into_inner();
            let piece = known.as_ref().into_inner();
            let (form, also) = resumed(visitor, Some(piece), &opened)?;
            page(visitor, Some(known), (&opened, &also), form)
        })
        .await
}

/// `POST /dialogues/{room}/new`.
pub(super) async fn send<T: Entered>(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let carried = |name: &str| {
                ObjectId::parse(typed.text(name))
                    .ok()
                    .map(|id| id.to_string())
            };
            let opened = Opened {
                dialogue: carried("dialogue"),
                part_of: carried("part_of"),
                ..Opened::default()
            };
            let opened = in_series::<T>(visitor, opened)?;
            write::<T>(visitor, None, opened, &typed)
        })
        .await
}

/// `POST /dialogues/{room}/{id}/edit`.
pub(super) async fn send_again<T: Entered>(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| {
            let known = ours::<T>(visitor, &uuid)?;
            let opened = known.as_ref().map(|known| known.what.opened()).into_inner();
            write(visitor, Some(known), opened, &typed)
        })
        .await
}

fn write<T: Entered>(
    visitor: &Visitor,
    known: Option<Released<Piece<T>>>,
    mut opened: Opened,
    typed: &Typed,
) -> Result<Reply, Failure> {
    let piece = known.as_ref().map(|known| known.clone().into_inner());
    let ticked: Vec<String> = typed.all(TICKED).map(str::to_owned).collect();
    let also = also(visitor, &ticked, typed.text(OTHERS))?;
    let mut entry = Entry {
        form: form(visitor, piece.as_ref(), &opened, &also)?.filled(typed),
        visitor,
    };
    if typed.looks() {
        // What is found stands in the form, and nothing is said of what else is missing in it.
        looked(visitor, &mut entry.form)?;
        entry.form.keep(visitor)?;
        return Ok(page(visitor, known, (&opened, &also), entry.form)?.into());
    }
    let said = visitor.words.t("edit-meanwhile");
    entry.form.meanwhile("version", T::FIRST, said);
    let as_opened = opened.clone();
    opened.serves = served(visitor, &mut entry.form)?;
    opened.serves.extend(unseen(visitor, &as_opened.serves)?);
    if asks_above::<T>(piece.is_some(), &opened) {
        let chosen = entry.text("above");
        let offered = entry.form.offers("above").iter();
        opened.part_of = chosen.filter(|chosen| offered.clone().any(|one| one.value == *chosen));
    }
    let what = T::entered(&mut entry, piece.as_ref().map(|piece| &piece.what), opened);
    let mut form = entry.form;
    let beside = T::beside(visitor, &as_opened)?;
    let beside = beside.as_ref().into_inner();
    if let Some(alike) = what.alike(&Eyes::new(visitor), piece.as_ref(), beside) {
        let was_said =
            |(name, value): &(String, String)| name == ALIKE && value == alike.other.as_str();
        let was_said = form.strayed().iter().any(was_said);
        form.add([Field::carried(ALIKE, alike.other.as_str())]);
        if !was_said {
            form.wrong(alike.field, alike.sentence);
        }
    }
    let chosen = visitor.label_chosen(&mut form);
    let record = piece.iter().map(|piece| &piece.id);
    asked_first(visitor, (&mut form, typed), record, &chosen, RECORD)?;
    if form.is_wrong() {
        form.keep(visitor)?;
        return Ok(page(visitor, known, (&as_opened, &also), form)?
            .with_status(StatusCode::UNPROCESSABLE_ENTITY)
            .into());
    }
    let label = Label::chosen(visitor.node(), &chosen);
    let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
    let written = batch.add(match &piece {
        Some(piece) => piece.revised(what),
        None => NewPiece::of(what).in_language(visitor.words.tag()),
    })?;
    if form.taken(visitor, batch.send())?.is_none() {
        return Ok(page(visitor, known, (&as_opened, &also), form)?
            .with_status(StatusCode::UNPROCESSABLE_ENTITY)
            .into());
    }
    form.done(visitor)?;
    Ok(Move::to(written.what.seen(&written.id))
        .saying(visitor.said_of_written("work-kept", &written.id)?)
        .into())
}
