//! `/dialogues/series/{id}/same`: somebody says that a series of ours is the same as another, and may say that it is not. Invariant: one of
//! the two is ours; nothing is changed in either, and what is said stays on this node unless somebody releases it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Link, Move, Page, Reply, Role, Visitor};
use stix::ObjectId;

use super::super::apart::told_apart;
use super::super::follow_up::Ask;
use super::super::view::{Eyes, path};
use super::super::{object, register_of, tlp};
use crate::compose::{Batch, By, Label};
use crate::records::{Dialogue, NewPiece, Piece, SameSeries};
use crate::register::Register;
use crate::rules::same::{Same, looks_like};

/// How many series there are to choose from.
const MOST: usize = 1_000;

/// What is known of series that may be the same as one.
pub(in crate::pages) struct Near {
    series: Vec<Piece<Dialogue>>,
    said: Vec<Piece<SameSeries>>,
    same: Same,
}

/// What its page says of the series that are read as one with it.
#[derive(Template)]
#[template(path = "dialogues/one.html")]
pub(in crate::pages) struct One {
    /// What it stands for, or what stands for it; to be read apart again by whoever may say so.
    read: Vec<(Link, Option<Form>)>,
    /// What looks the same, and nobody has said anything of it.
    proposed: Vec<(Link, Form)>,
    /// Where another is named.
    pub(super) way: Option<String>,
    words: site::Words,
}

impl askama::filters::HtmlSafe for One {}

impl Near {
    /// Of a series.
    pub(in crate::pages) fn of(register: &Register<'_>) -> Result<Released<Self>, Failure> {
        let same = register.same()?;
        let series = register.all::<Dialogue>("dialogue.name", MOST)?;
        let said = register.said_same()?;
        Ok(series
            .zip(said)
            .map(|(series, said)| Self { series, said, same }))
    }

    fn one(&self, id: &str) -> Option<&Piece<Dialogue>> {
        self.series.iter().find(|one| one.id.as_str() == id)
    }

    /// Those that are read as one with it, itself not among them.
    pub(in crate::pages) fn read_with(&self, id: &ObjectId) -> Vec<&Piece<Dialogue>> {
        let all = self.same.all(id.as_str());
        let others = all.iter().filter(|one| *one != id.as_str());
        others.filter_map(|one| self.one(one)).collect()
    }

    /// What was said of two, whichever stands.
    fn said_of<'n>(
        &'n self,
        one: &'n str,
        other: &'n str,
    ) -> impl Iterator<Item = &'n Piece<SameSeries>> {
        self.said.iter().filter(move |said| {
            let two = (said.what.stands_ref.as_str(), said.what.other_ref.as_str());
            two == (one, other) || two == (other, one)
        })
    }

    /// Those with which it can be read as one.
    fn others(&self, id: &ObjectId, home: &ObjectId) -> Vec<&Piece<Dialogue>> {
        let read = self.same.all(id.as_str());
        let is_ours = self.one(id.as_str()).is_some_and(|one| one.author == *home);
        let others = self.series.iter();
        others
            .filter(|other| !read.contains(other.id.as_str()))
            .filter(|other| is_ours || other.author == *home)
            .collect()
    }

    pub(in crate::pages) fn labels(&self) -> impl Iterator<Item = &policy::Label> {
        self.series.iter().filter_map(|one| one.label.as_ref())
    }
}

impl One {
    /// What the page of a series says of it, to our own people; and the labels of what it names.
    pub(in crate::pages) fn of<'n>(
        visitor: &Visitor,
        near: &'n Near,
        this: &Piece<Dialogue>,
    ) -> Result<(Option<Self>, Vec<&'n policy::Label>), Failure> {
        if visitor.person().is_none() {
            return Ok((None, Vec::new()));
        }
        let (eyes, words) = (Eyes::new(visitor), &visitor.words);
        let writes = visitor.has(Role::Editor);
        let home = &visitor.node().home().id;
        let link =
            |one: &Piece<Dialogue>| Link::new(path(&one.id), told_apart(&eyes, one, &near.series));
        let click = |to: &str, verb: &str, field: &str, other: &Piece<Dialogue>| {
            let name = format!("dialogues-{to} {} {}", this.id, other.id);
            let action = format!("{}/{to}", path(&this.id));
            let form = Form::new(visitor, name, action, words.t(verb))?.unkept();
            Ok::<_, Failure>(form.field(Field::carried(field, other.id.as_str())))
        };
        let mut labels = Vec::new();
        let mut read = Vec::new();
        for one in near.read_with(&this.id) {
            labels.extend(&one.label);
            let is_said = near.said_of(this.id.as_str(), one.id.as_str());
            let is_said = is_said.into_iter().any(|said| !said.what.withdrawn);
            let form =
                (writes && is_said).then(|| click("apart", "series-apart-verb", "other", one));
            read.push((link(one), form.transpose()?));
        }
        let mut proposed = Vec::new();
        for one in near.others(&this.id, home) {
            let looks = looks_like(&this.what, &one.what);
            let is_said = near.said_of(this.id.as_str(), one.id.as_str()).next();
            if writes && looks && is_said.is_none() {
                labels.extend(&one.label);
                let form = click("same", "series-same-verb", "other", one)?;
                proposed.push((link(one), form));
            }
        }
        let way = writes && !near.others(&this.id, home).is_empty();
        let one = Self {
            read,
            proposed,
            way: way.then(|| format!("{}/same", path(&this.id))),
            words: words.clone(),
        };
        Ok((Some(one), labels))
    }
}

fn form(visitor: &Visitor, near: &Near, this: &Piece<Dialogue>) -> Result<Form, Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let others = near.others(&this.id, &visitor.node().home().id);
    let mut choices: Vec<Choice> = others
        .iter()
        .map(|one| {
            let parties = eyes.sides(&one.what.parties);
            let name = told_apart(&eyes, one, &near.series);
            Choice::new(one.id.as_str(), name).meaning(parties)
        })
        .collect();
    words.sort(&mut choices, |choice| &choice.name);
    let form = Form::new(
        visitor,
        format!("dialogues-same {}", this.id),
        format!("{}/same", path(&this.id)),
        words.t("series-same-verb"),
    )?;
    Ok(form
        .long()
        .field(Field::new("other", words.t("series-same-other"), Input::One(choices)).fresh()))
}

fn asked(
    visitor: &Visitor,
    near: Released<Near>,
    this: &Piece<Dialogue>,
    form: Form,
) -> Result<Page, Failure> {
    let name = Eyes::new(visitor).dialogue(this);
    visitor.page("series-same", near, |near, frame| {
        let desk = frame.t("dialogues-title");
        let lead = frame.t("series-same-lead");
        let labels: Vec<_> = near.labels().collect();
        let frame = frame.under("/dialogues", desk).under(path(&this.id), name);
        let frame = match tlp(&labels) {
            Some(label) => frame.label(label),
            None => frame,
        };
        Ok(Ask { frame, lead, form })
    })
}

/// The series of an address, with all that it may be the same as.
fn known(visitor: &Visitor, uuid: &str) -> Result<(Released<Near>, Piece<Dialogue>), Failure> {
    let id = object("dialogue", uuid)?;
    let register = register_of(visitor);
    let this = register.one::<Dialogue>(&id)?.ok_or(Failure::Absent)?;
    Ok((Near::of(&register)?, this.into_inner()))
}

/// `GET /dialogues/series/{id}/same`.
pub(in crate::pages) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (near, this) = known(visitor, &uuid)?;
            let form = form(visitor, near.as_ref().into_inner(), &this)?.resumed(visitor)?;
            asked(visitor, near, &this, form)
        })
        .await
}

/// `POST /dialogues/series/{id}/same`.
pub(in crate::pages) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (released, this) = known(visitor, &uuid)?;
            let near = released.as_ref().into_inner();
            let home = visitor.node().home().id.clone();
            let mut form = form(visitor, near, &this)?.filled(&typed);
            let wanted = form.need("other");
            // What was read as one meanwhile is so.
            if near.same.all(this.id.as_str()).contains(&wanted) && wanted != this.id.as_str() {
                form.done(visitor)?;
                return Ok(Move::to(path(&this.id)).into());
            }
            let others = near.others(&this.id, &home).into_iter();
            let other = others.into_iter().find(|one| one.id.as_str() == wanted);
            let Some(other) = other.filter(|_| !form.is_wrong()) else {
                if !form.is_wrong() {
                    form.wrong("other", visitor.words.t("series-same-none"));
                }
                form.keep(visitor)?;
                let page = asked(visitor, released, &this, form)?;
                return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into());
            };
            let (stands, read) = match this.author == home {
                true => (&this.id, &other.id),
                false => (&other.id, &this.id),
            };
            let what = SameSeries {
                stands_ref: stands.to_string(),
                other_ref: read.to_string(),
                withdrawn: false,
            };
            let by = By::from(visitor.acting()?);
            let mut batch = Batch::new(visitor.node(), by, Label::Ours);
            let before = near.said_of(stands.as_str(), read.as_str()).next();
            batch.add(match before {
                Some(before) => before.revised(what),
                None => NewPiece::of(what),
            })?;
            batch.send()?;
            form.done(visitor)?;
            Ok(Move::to(path(stands))
                .saying(visitor.words.t("series-same-done"))
                .into())
        })
        .await
}

/// `POST /dialogues/series/{id}/apart`.
pub(in crate::pages) async fn apart(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (near, this) = known(visitor, &uuid)?;
            let near = near.as_ref().into_inner();
            let said = near.said_of(this.id.as_str(), typed.text("other"));
            let mut stand = said.filter(|said| !said.what.withdrawn).peekable();
            if stand.peek().is_none() {
                return Ok(Move::to(path(&this.id)).into());
            }
            let by = By::from(visitor.acting()?);
            let mut batch = Batch::new(visitor.node(), by, Label::Ours);
            for said in stand {
                batch.add(said.revised(SameSeries {
                    withdrawn: true,
                    ..said.what.clone()
                }))?;
            }
            batch.send()?;
            Ok(Move::to(path(&this.id))
                .saying(visitor.words.t("series-apart-done"))
                .into())
        })
        .await
}
