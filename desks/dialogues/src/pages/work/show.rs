//! One arrangement with its strands and activities, one activity, one event, one démarche with its answers; and, for a commitment, all that
//! serves it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Frame, Link, Move, Page, Reply, Role, Tlp, Visitor, shown};
use stix::ObjectId;

use super::entered::{Entered, Entry};
use crate::compose::{Batch, Label};
use crate::pages::view::{Eyes, path};
use crate::pages::{object, register_of};
use crate::records::{
    Activity, Answer, Arrangement, Commitment, Demarche, Dialogue, Event, Kind, Piece, Progress,
    Strand,
};
use crate::register::Register;

/// How many of each are shown.
const MOST: usize = 200;

/// A strand, or the arrangement itself, with what is done on it.
struct Part {
    name: String,
    about: String,
    edit: Option<String>,
    add: Option<String>,
    activities: Vec<(Link, String)>,
}

#[derive(Template)]
#[template(path = "dialogues/work.html")]
struct Show {
    frame: Frame,
    facts: Vec<(String, String)>,
    text: Option<String>,
    parts: Vec<Part>,
    indicators: Vec<(String, String, String)>,
    answers: Vec<(String, String)>,
    answer: Option<Form>,
    is_demarche: bool,
    serves: Vec<Link>,
    edit: Option<String>,
    add: Option<String>,
}

/// What may stand in the facts of a page.
fn fact(visitor: &Visitor, facts: &mut Vec<(String, String)>, key: &str, text: Option<String>) {
    facts.extend(
        text.filter(|text| !text.is_empty())
            .map(|text| (visitor.words.t(key), text)),
    );
}

/// A record, and what stands around it: its series, and the commitments that it serves.
struct Around {
    series: Vec<Piece<Dialogue>>,
    serves: Vec<Piece<Commitment>>,
}

fn around<T: Entered>(register: &Register<'_>, one: &T) -> Result<Released<Around>, Failure> {
    let opened = one.opened();
    let id = |id: &Option<String>| id.as_deref().and_then(|id| ObjectId::parse(id).ok());
    let series = match id(&opened.dialogue) {
        Some(id) => register.one::<Dialogue>(&id)?,
        None => None,
    };
    let mut serves = Vec::new();
    for one in &opened.serves {
        if let Ok(id) = ObjectId::parse(one) {
            serves.extend(register.one::<Commitment>(&id)?);
        }
    }
    let series: Released<Vec<_>> = series.into_iter().collect();
    let serves: Released<Vec<_>> = serves.into_iter().collect();
    Ok(series
        .zip(serves)
        .map(|(series, serves)| Around { series, serves }))
}

/// What every such page has; the rest is the kind's own.
fn begun<T: Entered>(visitor: &Visitor, one: &Piece<T>, around: &Around, frame: Frame) -> Show {
    let eyes = Eyes::new(visitor);
    let name = frame.t("dialogues-title");
    let mut frame = frame.under("/dialogues", name);
    for dialogue in &around.series {
        frame = frame.under(path(&dialogue.id), eyes.dialogue(dialogue));
    }
    let labels = one.label.iter().chain(
        around
            .serves
            .iter()
            .filter_map(|piece| piece.label.as_ref()),
    );
    let labels: Vec<_> = labels.collect();
    let mine = visitor.has(Role::Editor) && one.author == visitor.node().home().id;
    Show {
        frame: if labels.is_empty() {
            frame
        } else {
            frame.label(Tlp::strictest(labels))
        },
        facts: Vec::new(),
        text: None,
        parts: Vec::new(),
        indicators: Vec::new(),
        answers: Vec::new(),
        answer: None,
        is_demarche: false,
        serves: around
            .serves
            .iter()
            .map(|piece| Link::new(path(&piece.id), shown(&piece.what.words)))
            .collect(),
        edit: mine.then(|| format!("/dialogues/{}/{}/edit", T::ROOM, one.id.uuid())),
        add: None,
    }
}

/// A record by the part of its id that stands in the address, with its label.
fn one<T: Kind>(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<T>>, Failure> {
    let id = object(T::TYPE, uuid)?;
    let one = register_of(visitor).one::<T>(&id)?.ok_or(Failure::Absent)?;
    let stood = visitor
        .node()
        .stood(visitor.viewer(), policy::Purpose::Show, &id)?
        .ok_or(Failure::Absent)?;
    Ok(one.zip(stood).map(|(one, stood)| one.under(stood.label)))
}

fn progress(eyes: &Eyes<'_>, what: &Activity) -> String {
    let key = format!(
        "dialogues-progress-{}",
        what.progress.as_str().replace('_', "-")
    );
    let due = what
        .due
        .as_deref()
        .map(|due| eyes.words.t1("dialogues-by", "date", eyes.date(due)));
    let parts = [Some(eyes.words.t(&key)), due];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `GET /dialogues/arrangements/{id}`.
pub(super) async fn arrangement(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let register = register_of(visitor);
            let this = one::<Arrangement>(visitor, &uuid)?;
            let (id, title) = this
                .as_ref()
                .map(|this| (this.id.clone(), shown(&this.what.name)))
                .into_inner();
            let near = this
                .as_ref()
                .map(|this| around(&register, &this.what))
                .into_inner()?;
            let strands = register.having::<Strand>("strand.arrangement", id.as_str(), MOST)?;
            let ids = strands
                .as_ref()
                .map(|all| {
                    all.iter()
                        .map(|piece| piece.id.to_string())
                        .collect::<Vec<_>>()
                })
                .into_inner();
            let mut done = Vec::new();
            for id in ids.iter().map(String::as_str).chain([id.as_str()]) {
                done.push(register.having::<Activity>("activity.part_of", id, MOST)?);
            }
            let done: Released<Vec<_>> = done.into_iter().collect();
            let all = this.zip(near).zip(strands).zip(done);
            visitor.page_called(&title, all, |(((this, near), mut strands), done), frame| {
                let eyes = Eyes::new(visitor);
                let done: Vec<_> = done.into_iter().flatten().collect();
                let mut show = begun(visitor, &this, &near, frame);
                let what = &this.what;
                let date = |date: &Option<String>| date.as_deref().map(|date| eyes.date(date));
                let also: Vec<String> = what.also_called.iter().map(|name| shown(name)).collect();
                fact(
                    visitor,
                    &mut show.facts,
                    "work-between",
                    Some(eyes.sides(&what.parties)),
                );
                fact(visitor, &mut show.facts, "work-signed", date(&what.signed));
                fact(visitor, &mut show.facts, "work-until", date(&what.until));
                fact(
                    visitor,
                    &mut show.facts,
                    "work-also-called",
                    Some(also.join("; ")),
                );
                show.text = what.description.as_deref().map(shown);
                let of = |id: &ObjectId| -> Vec<(Link, String)> {
                    let own = done
                        .iter()
                        .filter(|piece| piece.what.part_of_ref == id.as_str());
                    own.map(|piece| {
                        (
                            Link::new(path(&piece.id), shown(&piece.what.name)),
                            progress(&eyes, &piece.what),
                        )
                    })
                    .collect()
                };
                let editor = visitor.has(Role::Editor);
                let add = |id: &ObjectId| {
                    editor.then(|| format!("/dialogues/activities/new?part_of={id}"))
                };
                strands.sort_by_key(|piece| piece.what.number);
                show.parts = strands
                    .iter()
                    .map(|piece| Part {
                        name: match piece.what.number {
                            Some(number) => format!("{number}. {}", shown(&piece.what.name)),
                            None => shown(&piece.what.name),
                        },
                        about: [
                            eyes.sides(&piece.what.leads),
                            eyes.topics(&piece.what.topics),
                        ]
                        .into_iter()
                        .filter(|text| !text.is_empty())
                        .collect::<Vec<_>>()
                        .join(" · "),
                        edit: (editor && piece.author == visitor.node().home().id)
                            .then(|| format!("/dialogues/strands/{}/edit", piece.id.uuid())),
                        add: add(&piece.id),
                        activities: of(&piece.id),
                    })
                    .collect();
                show.parts.push(Part {
                    name: visitor.words.t("work-no-strand"),
                    about: String::new(),
                    edit: None,
                    add: add(&this.id),
                    activities: of(&this.id),
                });
                show.add = editor.then(|| format!("/dialogues/strands/new?part_of={}", this.id));
                Ok(show)
            })
        })
        .await
}

/// `GET /dialogues/activities/{id}`.
pub(super) async fn activity(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let register = register_of(visitor);
            let this = one::<Activity>(visitor, &uuid)?;
            let (title, near) = this
                .as_ref()
                .map(|this| (shown(&this.what.name), around(&register, &this.what)))
                .into_inner();
            visitor.page_called(&title, this.zip(near?), |(this, near), frame| {
                let eyes = Eyes::new(visitor);
                let mut show = begun(visitor, &this, &near, frame);
                let what = &this.what;
                let key = format!(
                    "dialogues-progress-{}",
                    what.progress.as_str().replace('_', "-")
                );
                fact(
                    visitor,
                    &mut show.facts,
                    "work-progress",
                    Some(visitor.words.t(&key)),
                );
                fact(
                    visitor,
                    &mut show.facts,
                    "work-leads",
                    Some(eyes.sides(&what.leads)),
                );
                let due = what.due.as_deref().map(|due| eyes.date(due));
                fact(visitor, &mut show.facts, "dialogues-due", due);
                show.text = what.account.as_deref().map(shown);
                show.indicators = what
                    .indicators
                    .iter()
                    .map(|one| {
                        let text =
                            |text: &Option<String>| shown(text.as_deref().unwrap_or_default());
                        (shown(&one.name), text(&one.target), text(&one.reached))
                    })
                    .collect();
                if let Some(above) = arrangement_of(&register, what)? {
                    let name = visitor.words.t("work-arrangement");
                    show.frame = show.frame.under(path(&above), name);
                }
                Ok(show)
            })
        })
        .await
}

/// The arrangement under which an activity runs, by its strand where it has one.
fn arrangement_of(register: &Register<'_>, what: &Activity) -> Result<Option<ObjectId>, Failure> {
    let Ok(above) = ObjectId::parse(&what.part_of_ref) else {
        return Ok(None);
    };
    if above.type_name() != Strand::TYPE {
        return Ok(Some(above));
    }
    let strand = register.one::<Strand>(&above)?;
    let arrangement = strand.map(|strand| strand.map(|strand| strand.what.arrangement_ref));
    Ok(arrangement.and_then(|id| ObjectId::parse(&id.into_inner()).ok()))
}

/// `GET /dialogues/events/{id}`.
pub(super) async fn event(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let register = register_of(visitor);
            let this = one::<Event>(visitor, &uuid)?;
            let (title, near) = this
                .as_ref()
                .map(|this| (shown(&this.what.name), around(&register, &this.what)))
                .into_inner();
            visitor.page_called(&title, this.zip(near?), |(this, near), frame| {
                let eyes = Eyes::new(visitor);
                let mut show = begun(visitor, &this, &near, frame);
                let what = &this.what;
                let start = what.start.as_deref().unwrap_or(&what.starts);
                fact(
                    visitor,
                    &mut show.facts,
                    "dialogues-from",
                    Some(eyes.date(start)),
                );
                let end = what.end.as_deref().map(|end| eyes.date(end));
                fact(visitor, &mut show.facts, "dialogues-to", end);
                fact(
                    visitor,
                    &mut show.facts,
                    "dialogues-place",
                    what.place.as_deref().map(shown),
                );
                fact(
                    visitor,
                    &mut show.facts,
                    "work-hosts",
                    Some(eyes.sides(&what.hosts)),
                );
                fact(
                    visitor,
                    &mut show.facts,
                    "work-invited",
                    Some(eyes.sides(&what.invited)),
                );
                show.text = what.description.as_deref().map(shown);
                Ok(show)
            })
        })
        .await
}

fn answer_form(visitor: &Visitor, one: &Piece<Demarche>) -> Result<Form, Failure> {
    let words = &visitor.words;
    let action = format!("{}/answer", path(&one.id));
    let form = Form::new(
        visitor,
        format!("dialogues-answer {}", one.id),
        action,
        words.t("work-answer-keep"),
    )?;
    Ok(form.fields([
        Field::new("gist", words.t("work-answer-gist"), Input::Lines(3)),
        Field::new("by", words.t("work-answer-by"), Input::Line)
            .with(Eyes::new(visitor).side(&one.what.towards))
            .optional(),
        Field::new("date", words.t("work-answer-date"), Input::Day).optional(),
    ]))
}

fn demarche_page(
    visitor: &Visitor,
    this: Released<Piece<Demarche>>,
    form: Option<Form>,
) -> Result<Page, Failure> {
    let register = register_of(visitor);
    let (title, near) = this
        .as_ref()
        .map(|this| (shown(&this.what.subject), around(&register, &this.what)))
        .into_inner();
    visitor.page_called(&title, this.zip(near?), |(this, near), frame| {
        let eyes = Eyes::new(visitor);
        let mut show = begun(visitor, &this, &near, frame);
        let what = &this.what;
        fact(
            visitor,
            &mut show.facts,
            "work-towards",
            Some(eyes.side(&what.towards)),
        );
        fact(
            visitor,
            &mut show.facts,
            "work-by",
            Some(eyes.sides(&what.by)),
        );
        let day = what.at.get(..10).unwrap_or(&what.at);
        fact(visitor, &mut show.facts, "work-at", Some(eyes.date(day)));
        show.text = what.message.as_deref().map(shown);
        show.is_demarche = true;
        show.answers = what
            .answers
            .iter()
            .map(|answer| {
                let by = answer.by.as_deref().map(|by| eyes.side(by));
                let date = answer.date.as_deref().map(|date| eyes.date(date));
                let told: Vec<String> = [by, date].into_iter().flatten().collect();
                (
                    shown(&answer.gist),
                    told.join(&visitor.words.t("format-comma")),
                )
            })
            .collect();
        show.answer = match (form, &show.edit) {
            (Some(form), _) => Some(form),
            (None, Some(_)) => Some(answer_form(visitor, &this)?.resumed(visitor)?),
            (None, None) => None,
        };
        Ok(show)
    })
}

/// `GET /dialogues/demarches/{id}`.
pub(super) async fn demarche(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| demarche_page(visitor, one(visitor, &uuid)?, None))
        .await
}

/// `POST /dialogues/demarches/{id}/answer`: what was answered, as a new version under the same label.
pub(super) async fn answered(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let this = one::<Demarche>(visitor, &uuid)?;
            let piece = this.clone().into_inner();
            if piece.author != visitor.node().home().id {
                return Err(Failure::Absent);
            }
            let mut entry = Entry {
                form: answer_form(visitor, &piece)?.filled(&typed),
                visitor,
            };
            let answer = Answer {
                gist: entry.form.need("gist"),
                date: entry.date("date"),
                by: entry.sides("by").into_iter().next(),
            };
            let form = entry.form;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(demarche_page(visitor, this, Some(form))?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let label = piece.label.as_ref().map(Label::same).unwrap_or_default();
            if label.leaves() && !visitor.may_send(crate::DESK) {
                return Err(Failure::NotYours(Role::Releaser));
            }
            let mut what = piece.what.clone();
            what.answers.push(answer);
            let mut batch = Batch::new(visitor.node(), visitor.person().cloned(), label)?;
            batch.add(piece.revised(what))?;
            batch.send()?;
            form.done(visitor)?;
            Ok(Move::to(path(&piece.id))
                .saying(visitor.words.t("work-kept"))
                .into())
        })
        .await
}

/// What serves a commitment: found by the commitment's id.
pub(in crate::pages) struct Serving {
    arrangements: Vec<Piece<Arrangement>>,
    strands: Vec<Piece<Strand>>,
    activities: Vec<Piece<Activity>>,
    events: Vec<Piece<Event>>,
    demarches: Vec<Piece<Demarche>>,
}

impl Serving {
    /// All of it that the viewer may see.
    pub(in crate::pages) fn of(
        register: &Register<'_>,
        id: &ObjectId,
    ) -> Result<Released<Self>, Failure> {
        let id = id.as_str();
        let all = register
            .having::<Arrangement>("arrangement.serves", id, MOST)?
            .zip(register.having::<Strand>("strand.serves", id, MOST)?)
            .zip(register.having::<Activity>("activity.serves", id, MOST)?)
            .zip(register.having::<Event>("event.serves", id, MOST)?)
            .zip(register.having::<Demarche>("demarche.serves", id, MOST)?);
        Ok(all.map(
            |((((arrangements, strands), activities), events), demarches)| Self {
                arrangements,
                strands,
                activities,
                events,
                demarches,
            },
        ))
    }

    /// Its labels.
    pub(in crate::pages) fn labels(&self) -> Vec<&policy::Label> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = &policy::Label> {
            all.iter().filter_map(|piece| piece.label.as_ref())
        }
        of(&self.arrangements)
            .chain(of(&self.strands))
            .chain(of(&self.activities))
            .chain(of(&self.events))
            .chain(of(&self.demarches))
            .collect()
    }

    /// A line for each: what it is, and how far it has come.
    pub(in crate::pages) fn lines(&self, eyes: &Eyes<'_>) -> Vec<(Link, String)> {
        let words = eyes.words;
        let day = |date: &str| eyes.date(date.get(..10).unwrap_or(date));
        let mut lines = Vec::new();
        for piece in &self.arrangements {
            let signed = piece.what.signed.as_deref();
            let told = signed.map(|date| words.t1("dialogues-signed", "date", eyes.date(date)));
            lines.push((
                Link::new(path(&piece.id), shown(&piece.what.name)),
                told.unwrap_or_default(),
            ));
        }
        for piece in &self.strands {
            lines.push((
                Link::new(piece.what.seen(&piece.id), shown(&piece.what.name)),
                eyes.sides(&piece.what.leads),
            ));
        }
        for piece in &self.activities {
            lines.push((
                Link::new(path(&piece.id), shown(&piece.what.name)),
                progress(eyes, &piece.what),
            ));
        }
        for piece in &self.events {
            let start = piece.what.start.as_deref().unwrap_or(&piece.what.starts);
            let place = piece.what.place.as_deref().map(shown);
            let told: Vec<String> = [Some(day(start)), place].into_iter().flatten().collect();
            lines.push((
                Link::new(path(&piece.id), shown(&piece.what.name)),
                told.join(" · "),
            ));
        }
        for piece in &self.demarches {
            let mut told = words.t2(
                "dialogues-demarche-to",
                "side",
                eyes.side(&piece.what.towards),
                "date",
                day(&piece.what.at),
            );
            match piece.what.answers.last() {
                Some(answer) => {
                    told = format!(
                        "{told} · {}",
                        words.t1("dialogues-answered", "gist", shown(&answer.gist))
                    );
                }
                None => told = format!("{told} · {}", words.t("work-no-answer")),
            }
            lines.push((Link::new(path(&piece.id), shown(&piece.what.subject)), told));
        }
        lines
    }

    /// Whether something of it is done.
    pub(in crate::pages) fn is_done(&self) -> bool {
        let mut done = self.activities.iter();
        done.any(|piece| piece.what.progress == Progress::Done)
    }
}
