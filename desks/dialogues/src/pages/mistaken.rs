//! What was entered by mistake is taken back whole: a text with what it says, a session and a series on which nothing hangs. Invariant: only
//! what this node wrote goes, all of it at once or nothing; whoever has it was named before; it is gone for good, and its versions tell why.

pub(super) mod gone;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Frame, Link, Move, Page, Reply, Role, Routes, Tlp, Visitor, Who, shown};
use stix::ObjectId;

use super::anew::{can_be_kept, own, seen};
use super::register_of;
use super::taking_back::{MISTAKE, asked_first};
use super::view::{Eyes, path};
use crate::compose::{Batch, By, Label};
use crate::drafting::rounds::draft_of;
use crate::import::wait_again;
use crate::records::{
    Arrangement, Commitment, Consent, Demarche, Dialogue, Draft, Event, FollowUp, Kind, Piece,
    Placed, Session, Silence, Text,
};

/// How many records of one kind are looked through.
const MOST: usize = 2_000;
/// How many of what hangs on something are named.
const NAMED: usize = 12;

/// Our own records that go along with one that is taken back.
#[derive(Clone, Default)]
pub(super) struct Along {
    texts: Vec<Piece<Text>>,
    statements: Vec<Piece<Commitment>>,
    accounts: Vec<Piece<FollowUp>>,
    consents: Vec<Piece<Consent>>,
    /// What others said of the statements: it stays theirs, and is shown no more.
    theirs: Vec<Piece<FollowUp>>,
    /// The text whose changed form it is: that holds again.
    before: Option<Piece<Text>>,
    /// What our side did in the silence procedure on it.
    steps: Vec<Piece<Silence>>,
}

impl Along {
    /// What our side did in a silence procedure.
    pub(super) fn of_steps(steps: Vec<Piece<Silence>>) -> Self {
        Self {
            steps,
            ..Self::default()
        }
    }

    fn labels(&self) -> Vec<&policy::Label> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = &policy::Label> {
            all.iter().filter_map(|piece| piece.label.as_ref())
        }
        of(&self.texts)
            .chain(of(&self.statements))
            .chain(of(&self.accounts))
            .chain(of(&self.consents))
            .chain(of(&self.theirs))
            .chain(of(&self.steps))
            .chain(self.before.iter().filter_map(|one| one.label.as_ref()))
            .collect()
    }

    /// The ids of what is ours in it.
    fn ids(&self) -> Vec<ObjectId> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = ObjectId> {
            all.iter().map(|piece| piece.id.clone())
        }
        of(&self.texts)
            .chain(of(&self.statements))
            .chain(of(&self.accounts))
            .chain(of(&self.consents))
            .chain(of(&self.steps))
            .collect()
    }

    /// What goes along, and what follows from it, in sentences.
    fn told(&self, eyes: &Eyes<'_>) -> Vec<String> {
        let words = eyes.words;
        let mut told = Vec::new();
        if !self.statements.is_empty() {
            told.push(words.t1("mistaken-statements", "n", self.statements.len()));
        }
        let said = self.accounts.len() + self.theirs.len();
        if said > 0 {
            let sides = self.accounts.iter().chain(&self.theirs);
            let sides: BTreeSet<String> = sides.map(|one| eyes.side(&one.what.side)).collect();
            let sides = words.list(&sides.into_iter().collect::<Vec<_>>());
            told.push(words.t2("mistaken-said", "n", said, "sides", sides));
        }
        if !self.theirs.is_empty() {
            told.push(words.t("mistaken-said-theirs"));
        }
        if !self.consents.is_empty() {
            told.push(words.t1("mistaken-consents", "n", self.consents.len()));
        }
        let titles: Vec<String> = self
            .texts
            .iter()
            .map(|one| {
                let language = eyes.language(one.lang.as_deref().unwrap_or_default());
                format!("{} ({language})", shown(&one.what.title))
            })
            .collect();
        if !titles.is_empty() {
            told.push(words.t1("mistaken-versions", "titles", words.list(&titles)));
        }
        if !self.steps.is_empty() {
            told.push(words.t("drafting-withdraw-steps"));
        }
        told.extend(self.before.iter().map(|before| {
            let title = shown(&before.what.title);
            words.t1("mistaken-before", "title", title)
        }));
        told
    }
}

/// What can be taken back so.
pub(super) trait Mistaken: Placed + Send + Sync + 'static {
    /// The page's address.
    const AT: &'static str;
    /// The keys of its texts: title, lead, what is said when it is done, and when the record is another's.
    const TEXTS: [&'static str; 4];
    /// The part of the address that tells which record it is.
    const KEY: &'static str = "id";
    /// The key of what is said where something hangs on it.
    const HANGS: &'static str = "mistaken-hangs";
    /// The key of the reason that is proposed, if any is.
    const REASON: Option<&'static str> = Some("mistaken-reason");

    /// The address of the record's own page.
    fn page(piece: &Piece<Self>) -> String {
        path(&piece.id)
    }

    /// What the record is called.
    fn called(eyes: &Eyes<'_>, piece: &Piece<Self>) -> String;

    /// What it says, with why it is taken back.
    fn because(self, reason: String) -> Self;

    /// Where somebody who took it back goes on.
    fn on(piece: &Piece<Self>) -> String;

    /// What goes along with it.
    fn along(_: &Visitor, _: &Piece<Self>) -> Result<Released<Along>, Failure> {
        Ok(site::nothing().map(|()| Along::default()))
    }

    /// What hangs on it, so that it stays.
    fn hangs(_: &Visitor, _: &Piece<Self>) -> Result<Released<Vec<Link>>, Failure> {
        Ok(site::nothing().map(|()| Vec::new()))
    }

    /// What happens on this node when it is gone.
    fn gone(_: &Visitor, _: &ObjectId) -> Result<(), Failure> {
        Ok(())
    }
}

/// Of what is found the links, by what each is called.
fn links<T: Kind>(
    found: Released<Vec<Piece<T>>>,
    called: impl Fn(&Piece<T>) -> Link,
) -> Released<Vec<Link>> {
    found.map(|all| all.iter().map(called).collect())
}

fn joined(all: Vec<Released<Vec<Link>>>) -> Released<Vec<Link>> {
    let all: Released<Vec<Vec<Link>>> = all.into_iter().collect();
    all.map(|all| all.into_iter().flatten().collect())
}

fn titled(text: &Piece<Text>) -> Link {
    Link::new(path(&text.id), shown(&text.what.title))
}

/// Texts that are in the making for a session or a series.
fn drafts(
    visitor: &Visitor,
    facet: &'static str,
    id: &ObjectId,
) -> Result<Released<Vec<Link>>, Failure> {
    let found = register_of(visitor).in_the_making(facet, id, MOST)?;
    Ok(links(found, |one: &Piece<Draft>| {
        let to = format!("/dialogues/drafts/{}", draft_of(one).uuid());
        Link::new(to, shown(&one.what.title))
    }))
}

impl Mistaken for Text {
    const AT: &'static str = "/dialogues/texts/{id}/withdraw";
    const TEXTS: [&'static str; 4] = [
        "mistaken-text",
        "mistaken-text-lead",
        "mistaken-text-gone",
        "text-theirs",
    ];

    fn called(_: &Eyes<'_>, piece: &Piece<Self>) -> String {
        shown(&piece.what.title)
    }

    fn because(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }

    fn on(piece: &Piece<Self>) -> String {
        let session = piece.what.session_ref.as_deref();
        let session = session.and_then(|id| ObjectId::parse(id).ok());
        session.map_or_else(|| "/dialogues".to_owned(), |id| path(&id))
    }

    fn along(visitor: &Visitor, piece: &Piece<Self>) -> Result<Released<Along>, Failure> {
        let register = register_of(visitor);
        let home = visitor.node().home().id.clone();
        let versions = register.having::<Text>("text.version_of", piece.id.as_str(), MOST)?;
        let versions = versions.map(|mut all| {
            all.retain(|one| one.author == home);
            all
        });
        let mut texts: BTreeSet<String> = versions
            .as_ref()
            .map(|all| all.iter().map(|one| one.id.to_string()).collect())
            .into_inner();
        texts.insert(piece.id.to_string());
        let said = register.any::<Commitment>("commitment.text", &texts, MOST)?;
        let statements = said.map(|mut all| {
            all.retain(|one| one.author == home);
            all
        });
        let about: BTreeSet<String> = statements
            .as_ref()
            .map(|all| all.iter().map(|one| one.id.to_string()).collect())
            .into_inner();
        let accounts = register.any::<FollowUp>("follow_up.about", &about, MOST)?;
        let accounts = register.standing(accounts)?;
        let about: BTreeSet<String> = about.into_iter().chain(texts).collect();
        let consents = register.any::<Consent>("consent.about", &about, MOST)?;
        let before = piece.what.replaces_ref.as_deref();
        let before = match before.and_then(|id| ObjectId::parse(id).ok()) {
            Some(id) => register.one::<Text>(&id)?,
            None => None,
        };
        let before: Released<Vec<Piece<Text>>> = before.into_iter().collect();
        let all = versions.zip(statements).zip(accounts).zip(consents);
        Ok(all.zip(before).map(
            |((((texts, statements), accounts), mut consents), mut before)| {
                consents.retain(|one| one.author == home);
                let (accounts, theirs) = accounts.into_iter().partition(|one| one.author == home);
                Along {
                    texts,
                    statements,
                    accounts,
                    consents,
                    theirs,
                    before: before.pop(),
                    steps: Vec::new(),
                }
            },
        ))
    }

    fn gone(visitor: &Visitor, id: &ObjectId) -> Result<(), Failure> {
        Ok(wait_again(visitor.node(), id)?)
    }
}

impl Mistaken for Session {
    const AT: &'static str = "/dialogues/sessions/{id}/withdraw";
    const TEXTS: [&'static str; 4] = [
        "mistaken-session",
        "mistaken-session-lead",
        "mistaken-session-gone",
        "session-theirs",
    ];

    fn called(eyes: &Eyes<'_>, piece: &Piece<Self>) -> String {
        super::session::capital(&eyes.session(&piece.what))
    }

    fn because(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }

    fn on(piece: &Piece<Self>) -> String {
        let series = ObjectId::parse(&piece.what.dialogue_ref);
        series.map_or_else(|_| "/dialogues/series".to_owned(), |id| path(&id))
    }

    fn hangs(visitor: &Visitor, piece: &Piece<Self>) -> Result<Released<Vec<Link>>, Failure> {
        let (register, id) = (register_of(visitor), piece.id.as_str());
        let said = register.having::<Commitment>("commitment.session", id, MOST)?;
        let said = said.map(|mut all| {
            // What stands in a text is named with it.
            all.retain(|one| one.what.text_ref.is_none());
            all
        });
        Ok(joined(vec![
            links(register.having("text.session", id, MOST)?, titled),
            links(said, |one: &Piece<Commitment>| {
                let words = site::shorten(&shown(&one.what.words));
                Link::new(path(&one.id), words)
            }),
            drafts(visitor, "draft.session", &piece.id)?,
        ]))
    }
}

impl Mistaken for Dialogue {
    const AT: &'static str = "/dialogues/series/{id}/withdraw";
    const TEXTS: [&'static str; 4] = [
        "mistaken-series",
        "mistaken-series-lead",
        "mistaken-series-gone",
        "series-theirs",
    ];

    fn called(eyes: &Eyes<'_>, piece: &Piece<Self>) -> String {
        eyes.dialogue(piece)
    }

    fn because(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }

    fn on(_: &Piece<Self>) -> String {
        "/dialogues/series".to_owned()
    }

    fn hangs(visitor: &Visitor, piece: &Piece<Self>) -> Result<Released<Vec<Link>>, Failure> {
        let (register, id) = (register_of(visitor), piece.id.as_str());
        let eyes = Eyes::new(visitor);
        let named = |id: &ObjectId, name: &str| Link::new(path(id), shown(name));
        Ok(joined(vec![
            links(register.having("session.dialogue", id, MOST)?, |one| {
                Link::new(path(&one.id), Session::called(&eyes, one))
            }),
            links(register.having("text.dialogue", id, MOST)?, titled),
            links(
                register.having("arrangement.dialogue", id, MOST)?,
                |one: &Piece<Arrangement>| named(&one.id, &one.what.name),
            ),
            links(
                register.having("event.dialogue", id, MOST)?,
                |one: &Piece<Event>| named(&one.id, &one.what.name),
            ),
            links(
                register.having("demarche.dialogue", id, MOST)?,
                |one: &Piece<Demarche>| named(&one.id, &one.what.subject),
            ),
            drafts(visitor, "draft.dialogue", &piece.id)?,
        ]))
    }
}

/// The page: what goes along, or what hangs on it, and the form.
#[derive(Template)]
#[template(path = "dialogues/withdraw.html")]
struct Show {
    frame: Frame,
    lead: String,
    along: Vec<String>,
    hangs: Vec<Link>,
    /// How many more hang on it than are named.
    further: Option<String>,
    form: Option<Form>,
}

/// What is taken back, with what goes along and what hangs on it.
type Found<T> = Released<((Piece<T>, Along), Vec<Link>)>;

fn found<T: Mistaken>(visitor: &Visitor, uuid: &str) -> Result<Found<T>, Failure> {
    let [title, .., theirs] = T::TEXTS;
    let piece = own::<T>(visitor, uuid, (title, theirs))?;
    let along = T::along(visitor, piece.as_ref().into_inner())?;
    let hangs = T::hangs(visitor, piece.as_ref().into_inner())?;
    Ok(piece.zip(along).zip(hangs))
}

fn form<T: Mistaken>(visitor: &Visitor, piece: &Piece<T>) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        format!("dialogues-withdraw {}", piece.id),
        format!("{}/withdraw", T::page(piece)),
        "",
    )?;
    let reason = Field::new("reason", words.t("edit-reason"), Input::Lines(2));
    let form = form
        .field(Field::carried("version", piece.modified.as_str()))
        .field(
            reason
                .hint(words.t("edit-reason-hint"))
                .with(T::REASON.map(|key| words.t(key)).unwrap_or_default()),
        );
    Ok(seen(visitor, form, T::TEXTS[0], piece.label.as_ref()))
}

fn page<T: Mistaken>(
    visitor: &Visitor,
    found: Found<T>,
    form: Option<Form>,
) -> Result<Page, Failure> {
    let [title, lead, ..] = T::TEXTS;
    visitor.page(title, found, |((piece, along), hangs), frame| {
        let eyes = Eyes::new(visitor);
        let desk = frame.t("dialogues-title");
        let labels = along.labels().into_iter().chain(&piece.label);
        let labels: Vec<&policy::Label> = labels.collect();
        let mut frame = frame
            .under("/dialogues", desk)
            .under(T::page(&piece), T::called(&eyes, &piece));
        if !labels.is_empty() {
            frame = frame.label(Tlp::strictest(labels));
        }
        let further = hangs.len().saturating_sub(NAMED);
        Ok(Show {
            lead: frame.t(match hangs.is_empty() {
                true => lead,
                false => T::HANGS,
            }),
            frame,
            along: along.told(&eyes),
            further: (further > 0).then(|| eyes.words.t1("mistaken-further", "n", further)),
            hangs: hangs.into_iter().take(NAMED).collect(),
            form,
        })
    })
}

/// The pages, for those who write.
pub(super) fn routes<T: Mistaken>() -> Routes {
    Routes::new().asked(T::AT, Who::Role(Role::Editor), ask::<T>, send::<T>)
}

/// The parts of an address, by name.
type Parts = BTreeMap<String, String>;

async fn ask<T: Mistaken>(visitor: Visitor, Path(parts): Path<Parts>) -> Response {
    visitor
        .answer(move |visitor| {
            let uuid = parts.get(T::KEY).ok_or(Failure::Absent)?;
            let found = found::<T>(visitor, uuid)?;
            let ((piece, _), hangs) = found.as_ref().into_inner();
            let form = match hangs.is_empty() {
                true => Some(form(visitor, piece)?.resumed(visitor)?),
                false => None,
            };
            page::<T>(visitor, found, form)
        })
        .await
}

/// Batches by label, so that each record goes on to those who have it.
pub(super) struct Batches<'a> {
    visitor: &'a Visitor,
    by: By,
    all: Vec<(Label, Batch<'a>)>,
}

impl<'a> Batches<'a> {
    pub(super) fn new(visitor: &'a Visitor) -> Result<Self, Failure> {
        Ok(Self {
            visitor,
            by: By::from(visitor.acting()?),
            all: Vec::new(),
        })
    }

    /// The batch of a label.
    pub(super) fn under(&mut self, label: Option<&policy::Label>) -> &mut Batch<'a> {
        let label = label.map(Label::same).unwrap_or_default();
        let place = self.all.iter().position(|(of, _)| *of == label);
        let place = place.unwrap_or_else(|| {
            let batch = Batch::new(self.visitor.node(), self.by.clone(), label.clone());
            self.all.push((label, batch));
            self.all.len() - 1
        });
        &mut self.all[place].1
    }

    /// All of them, in the order in which they were begun.
    pub(super) fn whole(self) -> Vec<Batch<'a>> {
        self.all.into_iter().map(|(_, batch)| batch).collect()
    }

    /// Observers who do not get something of it by their role.
    pub(super) fn left_out(&self) -> Vec<ObjectId> {
        let all = self.all.iter().flat_map(|(_, batch)| batch.left_out());
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Takes records back.
    fn back<T: Placed>(&mut self, title: &'static str, all: &[Piece<T>]) -> Result<(), Failure> {
        for piece in all {
            can_be_kept(self.visitor, piece, title)?;
            let last = piece.taken_back(piece.what.clone());
            self.under(piece.label.as_ref()).add(last)?;
        }
        Ok(())
    }
}

async fn send<T: Mistaken>(visitor: Visitor, Path(parts): Path<Parts>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let [title, _, done, _] = T::TEXTS;
            let uuid = parts.get(T::KEY).ok_or(Failure::Absent)?;
            let found = found::<T>(visitor, uuid)?;
            let ((piece, along), hangs) = found.clone().into_inner();
            if !hangs.is_empty() {
                return Ok(page::<T>(visitor, found, None)?
                    .with_status(StatusCode::CONFLICT)
                    .into());
            }
            let mut form = form(visitor, &piece)?.filled(&typed);
            form.meanwhile("version", "reason", visitor.words.t("edit-meanwhile"));
            let reason = form.need("reason");
            let going = along.ids();
            let going = going.iter().chain([&piece.id]);
            let nobody = Marking {
                tlp: Some(policy::Tlp::AmberStrict),
                audience: Vec::new(),
            };
            asked_first(visitor, (&mut form, &typed), going, &nobody, MISTAKE)?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, found, Some(form))?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let on = T::on(&piece);
            let mut batches = Batches::new(visitor)?;
            batches.back(title, &along.steps)?;
            batches.back(title, &along.consents)?;
            batches.back(title, &along.accounts)?;
            for said in &along.statements {
                let worded = register_of(visitor).worded(&said.id, "words")?;
                for worded in worded.into_inner() {
                    let batch = batches.under(said.label.as_ref());
                    batch.take_words_back(&worded)?;
                }
            }
            batches.back(title, &along.statements)?;
            batches.back(title, &along.texts)?;
            let last = piece.taken_back(piece.what.clone().because(reason));
            batches.under(piece.label.as_ref()).add(last)?;
            if form
                .taken(visitor, Batch::send_all(batches.whole()))?
                .is_none()
            {
                return Ok(page(visitor, found, Some(form))?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            for text in &along.texts {
                T::gone(visitor, &text.id)?;
            }
            T::gone(visitor, &piece.id)?;
            form.done(visitor)?;
            let said = visitor.said_of_written(done, &piece.id)?;
            Ok(Move::to(on).saying(said).into())
        })
        .await
}
