//! One arrangement with its strands and activities, one activity, one event: each with its series and the commitments that it serves.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use policy::Released;
use site::parts::form::Form;
use site::{Failure, Frame, Link, Page, Role, Tlp, Visitor, shown};
use stix::ObjectId;

use super::entered::Entered;
use super::serving::progress;
use crate::pages::mistaken::gone::{asked_back, gone};
use crate::pages::stands::Stands;
use crate::pages::view::{Eyes, path};
use crate::pages::{object, register_of};
use crate::records::{Activity, Arrangement, Commitment, Dialogue, Event, Kind, Piece, Strand};
use crate::register::Register;

/// How many of each are shown.
pub(super) const MOST: usize = 200;

/// A strand, or the arrangement itself, with what is done on it.
#[derive(Default)]
struct Part {
    name: String,
    about: String,
    asked_back: Option<String>,
    withdraw: Option<String>,
    edit: Option<String>,
    add: Option<String>,
    activities: Vec<(Link, String)>,
}

#[derive(Template)]
#[template(path = "dialogues/work.html")]
pub(super) struct Show {
    frame: Frame,
    stands: Option<Stands>,
    asked_back: Option<String>,
    /// What it is, above what it is called.
    kind: String,
    pub(super) facts: Vec<(String, String)>,
    pub(super) text: Option<String>,
    parts: Vec<Part>,
    indicators: Vec<(String, String, String)>,
    pub(super) answers: Vec<(String, String)>,
    pub(super) answer: Option<Form>,
    pub(super) is_demarche: bool,
    serves: Vec<Link>,
    pub(super) edit: Option<String>,
    add: Option<String>,
    withdraw: Option<String>,
}

/// The way to withdraw a record, for those who may: it is ours.
fn withdraw<T>(visitor: &Visitor, piece: &Piece<T>) -> Option<String> {
    let mine = visitor.has(Role::Editor) && piece.author == visitor.node().home().id;
    mine.then(|| format!("/records/{}/withdraw", piece.id))
}

/// What may stand in the facts of a page.
pub(super) fn fact(
    visitor: &Visitor,
    facts: &mut Vec<(String, String)>,
    key: &str,
    text: Option<String>,
) {
    facts.extend(
        text.filter(|text| !text.is_empty())
            .map(|text| (visitor.words.t(key), text)),
    );
}

/// A record, and what stands around it: its series, and the commitments that it serves.
pub(super) struct Around {
    series: Vec<Piece<Dialogue>>,
    serves: Vec<Piece<Commitment>>,
}

pub(super) fn around<T: Entered>(
    register: &Register<'_>,
    one: &T,
) -> Result<Released<Around>, Failure> {
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
pub(super) fn begun<T: Entered>(
    visitor: &Visitor,
    one: &Piece<T>,
    around: &Around,
    frame: Frame,
) -> Result<Show, Failure> {
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
    Ok(Show {
        stands: Stands::of(visitor, one)?,
        asked_back: asked_back(visitor, one)?,
        kind: visitor.words.t(T::KIND),
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
        withdraw: withdraw(visitor, one),
    })
}

/// A record by the part of its id that stands in the address, with its label; none where it was withdrawn, or is not there.
pub(super) fn one<T: Kind>(
    visitor: &Visitor,
    uuid: &str,
) -> Result<Option<Released<Piece<T>>>, Failure> {
    let id = object(T::TYPE, uuid)?;
    let Some(one) = register_of(visitor).one::<T>(&id)? else {
        return Ok(None);
    };
    let stood = visitor
        .node()
        .stood(visitor.viewer(), policy::Purpose::Show, &id)?
        .ok_or(Failure::Absent)?;
    let both = one.zip(stood);
    Ok(Some(both.map(|(one, stood)| one.under(stood.label))))
}

/// The page where it is not there: that its author withdrew it. Why stands with its versions.
pub(super) fn withdrawn<T: Kind>(visitor: &Visitor, uuid: &str) -> Result<Page, Failure> {
    gone::<T>(visitor, &object(T::TYPE, uuid)?, |_| None)
}

/// What is done, with how far it has come, and that its author asked to withdraw it.
fn told(visitor: &Visitor, eyes: &Eyes<'_>, done: &Piece<Activity>) -> Result<String, Failure> {
    let progress = progress(eyes, &done.what);
    Ok(match asked_back(visitor, done)? {
        Some(asked) => format!("{progress} · {asked}"),
        None => progress,
    })
}

/// `GET /dialogues/arrangements/{id}`.
pub(super) async fn arrangement(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let register = register_of(visitor);
            let Some(this) = one::<Arrangement>(visitor, &uuid)? else {
                return withdrawn::<Arrangement>(visitor, &uuid);
            };
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
                let mut show = begun(visitor, &this, &near, frame)?;
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
                    Some(also.join(&visitor.words.t("properties-next"))),
                );
                show.text = what.description.as_deref().map(shown);
                let of = |id: &ObjectId| -> Result<Vec<(Link, String)>, Failure> {
                    let own = done
                        .iter()
                        .filter(|piece| piece.what.part_of_ref == id.as_str());
                    own.map(|piece| {
                        let link = Link::new(path(&piece.id), shown(&piece.what.name));
                        Ok((link, told(visitor, &eyes, piece)?))
                    })
                    .collect()
                };
                let editor = visitor.has(Role::Editor);
                let add = |id: &ObjectId| {
                    editor.then(|| format!("/dialogues/activities/new?part_of={id}"))
                };
                strands.sort_by_key(|piece| piece.what.number);
                let part = |piece: &Piece<Strand>| -> Result<Part, Failure> {
                    let activities = of(&piece.id)?;
                    Ok(Part {
                        asked_back: asked_back(visitor, piece)?,
                        // What is done on it would be seen no more.
                        withdraw: withdraw(visitor, piece).filter(|_| activities.is_empty()),
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
                        activities,
                    })
                };
                show.parts = strands.iter().map(part).collect::<Result<_, _>>()?;
                show.parts.push(Part {
                    name: visitor.words.t("work-no-strand"),
                    add: add(&this.id),
                    activities: of(&this.id)?,
                    ..Part::default()
                });
                if !strands.is_empty() || !done.is_empty() {
                    show.withdraw = None;
                }
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
            let Some(this) = one::<Activity>(visitor, &uuid)? else {
                return withdrawn::<Activity>(visitor, &uuid);
            };
            let (title, near) = this
                .as_ref()
                .map(|this| (shown(&this.what.name), around(&register, &this.what)))
                .into_inner();
            visitor.page_called(&title, this.zip(near?), |(this, near), frame| {
                let eyes = Eyes::new(visitor);
                let mut show = begun(visitor, &this, &near, frame)?;
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
            let Some(this) = one::<Event>(visitor, &uuid)? else {
                return withdrawn::<Event>(visitor, &uuid);
            };
            let (title, near) = this
                .as_ref()
                .map(|this| (shown(&this.what.name), around(&register, &this.what)))
                .into_inner();
            visitor.page_called(&title, this.zip(near?), |(this, near), frame| {
                let eyes = Eyes::new(visitor);
                let mut show = begun(visitor, &this, &near, frame)?;
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
                    what.place.as_deref().map(|place| eyes.place(place)),
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
