//! One session: who, where, when, its texts and statements; and sharing it with those who took part.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Frame, Link, Move, Reply, Visitor, shown};
use stix::ObjectId;

use super::became::{Became, became};
use super::stands::Stands;
use super::taking_back::{SESSION, asked_first};
use super::view::{Eyes, Row, path};
use super::{mistaken, object, register_of, session_told, strictest};
use crate::compose::{Batch, By, Label};
use crate::records::{
    Attendance, DatedClaim, Dialogue, Observer, Part, Piece, Place, Placed, Session,
};
use crate::register::{Folded, Known};
use crate::rules::along::along;
use crate::rules::announced::{conflicts, planned_before};
use crate::rules::attendance::chair_of;
use crate::rules::consent::missing;

#[derive(Template)]
#[template(path = "dialogues/session.html")]
struct Show {
    frame: Frame,
    stands: Option<Stands>,
    series: Option<Link>,
    /// As others wrote it down, each by its name.
    also: Vec<Link>,
    facts: Vec<(String, String)>,
    became: Option<(String, Became)>,
    conflicts: Vec<Claim>,
    /// That its author asked us to withdraw it.
    asked_back: Option<String>,
    /// What its texts say of it besides, and where that is taken over.
    besides: Option<(String, String)>,
    texts: Vec<(Link, String, Option<Link>)>,
    committed: Vec<Row>,
    stated: Vec<Row>,
    share: Option<String>,
    brief: String,
    drafts: Option<String>,
    edit: Option<String>,
    withdraw: Option<String>,
    edit_agenda: Option<String>,
    edit_observers: Option<String>,
    edit_chairs: Option<String>,
    sources: Vec<crate::records::Source>,
}

/// What a source says of the date.
struct Claim {
    source: String,
    /// The text, where it is one that the visitor may see.
    to: Option<String>,
    about: Option<String>,
    date: String,
}

fn known_of(
    visitor: &Visitor,
    uuid: &str,
    as_one: bool,
) -> Result<(ObjectId, Released<Known>, String), Failure> {
    let id = object("session", uuid)?;
    let register = register_of(visitor);
    let known = match as_one {
        true => register.session_as_one(&id)?,
        false => register.session(&id)?,
    };
    let known = known.ok_or(Failure::Absent)?;
    let title = known
        .as_ref()
        .map(|known| {
            known
                .session(Some(id.as_str()))
                .map(|piece| Eyes::new(visitor).session(&piece.what))
        })
        .into_inner();
    Ok((id, known, capital(&title.unwrap_or_default())))
}

/// A name as it stands at the head of a page.
pub(super) fn capital(name: &str) -> String {
    // Where text is read from right to left, the name may begin with what isolates its first piece.
    let Some((place, first)) = name.char_indices().find(|(_, one)| one.is_alphanumeric()) else {
        return name.to_owned();
    };
    let (before, rest) = name.split_at(place);
    let rest = rest.chars().skip(1);
    let all = before.chars().chain(first.to_uppercase()).chain(rest);
    all.collect()
}

/// `GET /dialogues/sessions/{id}`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("session", &uuid)?;
            if register_of(visitor).one::<Session>(&id)?.is_none() {
                return mistaken::gone::<Session>(visitor, &id, |one| one.reason.as_ref());
            }
            let (id, known, title) = known_of(visitor, &uuid, true)?;
            let known = register_of(visitor).folded(known)?;
            visitor.page_called(&title, known, |known, frame| {
                made(visitor, &known, &id, frame)
            })
        })
        .await
}

fn made(visitor: &Visitor, known: &Folded, id: &ObjectId, frame: Frame) -> Result<Show, Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let piece = known.session(Some(id.as_str())).ok_or(Failure::Absent)?;
    let what = &piece.what;
    let series = known
        .dialogue(Some(&what.dialogue_ref))
        .map(|dialogue| eyes.dialogue_link(dialogue));
    let mut facts = vec![
        (words.t("dialogues-state"), eyes.state(what)),
        (words.t("dialogues-parties"), eyes.sides(&what.parties)),
    ];
    let mut fact = |key: &str, text: Option<String>| {
        facts.extend(
            text.filter(|text| !text.is_empty())
                .map(|text| (words.t(key), text)),
        );
    };
    let date = |date: &Option<String>| date.as_deref().map(|date| eyes.date(date));
    fact("dialogues-from", date(&what.start));
    fact("dialogues-to", date(&what.end));
    let place = what.place.as_deref();
    fact("dialogues-place", place.map(|place| eyes.place(place)));
    fact(
        "dialogues-host",
        what.host.as_deref().map(|host| eyes.side(host)),
    );
    fact("dialogues-chair", Some(eyes.sides(&what.chair)));
    let told = |person: &Attendance| match &person.role {
        Some(role) => format!("{} ({})", shown(&person.name), shown(role)),
        None => shown(&person.name),
    };
    let mut chairs = Vec::new();
    for side in &what.parties {
        if let Some(person) = chair_of(what, side) {
            let name = words.t1("chairs-for", "side", eyes.side(side));
            chairs.push((name, told(person)));
        }
    }
    let observers = observers(visitor, what);
    fact("dialogues-observers", Some(words.list(&observers)));
    let persons: Vec<String> = what.persons.iter().map(told).collect();
    fact("dialogues-persons", Some(words.list(&persons)));
    let agenda: Vec<String> = what.agenda.iter().map(|item| shown(&item.title)).collect();
    fact(
        "dialogues-agenda",
        Some(agenda.join(&words.t("properties-next"))),
    );
    fact("dialogues-moved", moved(&eyes, what));
    fact(
        "dialogues-remark",
        what.remark.as_deref().map(|one| eyes.remark(one)),
    );
    facts.extend(chairs);
    let own = known
        .commitments
        .iter()
        .filter(|one| one.what.session_ref.as_deref() == Some(known.same.read_as(id.as_str())));
    let mut own: Vec<_> = own.collect();
    own.sort_by_key(|one| {
        (
            one.what.text_ref.clone(),
            one.what.place.as_ref().map_or(0, |place| place.start),
        )
    });
    let (committed, stated): (Vec<_>, Vec<_>) = own
        .into_iter()
        .partition(|one| one.what.act == crate::records::Act::Commitment);
    let texts = known.texts.iter().map(|text| {
        let standing = text.what.standing.as_str().replace('_', "-");
        let standing = words.t(&format!("dialogues-standing-{standing}"));
        let standing = match mistaken::asked_back(visitor, text)? {
            Some(asked) => format!("{standing} · {asked}"),
            None => standing,
        };
        let newer = known.newer_than(&text.id);
        let newer = newer.map(|newer| Link::new(path(&newer.id), shown(&newer.what.title)));
        let link = Link::new(path(&text.id), shown(&text.what.title));
        Ok((link, standing, newer))
    });
    let texts = texts.collect::<Result<Vec<_>, Failure>>()?;
    let name = words.t("dialogues-title");
    let mut frame = frame.under("/dialogues", name);
    if let Some(series) = &series {
        frame = frame.under(series.path.clone(), series.name.clone());
    }
    // Whoever writes takes it over; to others it says nothing that the texts do not.
    let besides = match visitor.has(site::Role::Editor) {
        true => session_told::besides(visitor, piece, &known.texts)?,
        false => None,
    };
    let besides = besides.and_then(|says| {
        let sentence = session_told::sentence(&eyes, what, &says)?;
        Some((sentence, format!("{}/told", path(id))))
    });
    let next = what.next.as_ref();
    let next = next.map(|next| eyes.announced(next.date.as_deref(), next.place.as_deref()));
    Ok(Show {
        asked_back: mistaken::asked_back(visitor, piece)?,
        besides,
        became: next.zip(became(&eyes, piece, &known.sessions)),
        conflicts: conflicts(what)
            .into_iter()
            .map(|claim| claimed(&eyes, known, claim))
            .collect(),
        texts,
        committed: eyes.rows(known, committed),
        stated: eyes.rows(known, stated),
        share: visitor
            .has(site::Role::Releaser)
            .then(|| format!("{}/share", path(id))),
        brief: format!("{}/brief", path(id)),
        drafts: visitor.person().map(|_| format!("{}/drafts", path(id))),
        edit: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/edit", path(id))),
        withdraw: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/withdraw", path(id))),
        edit_chairs: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/chairs", path(id))),
        edit_observers: (visitor.has(site::Role::Editor)
            && piece.author == visitor.node().home().id)
            .then(|| format!("{}/observers", path(id))),
        edit_agenda: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/agenda", path(id))),
        stands: Stands::of(visitor, piece)?,
        also: known
            .also_written(id)
            .map(|one| Link::new(path(&one.id), eyes.side(one.author.as_str())))
            .collect(),
        sources: piece.sources.clone(),
        frame: match strictest(known) {
            Some(label) => frame.label(label),
            None => frame,
        },
        series,
        facts,
    })
}

/// What a source says of the date: the text, told apart from another of its title by language and day.
fn claimed(eyes: &Eyes<'_>, known: &Known, claim: &DatedClaim) -> Claim {
    let text = claim.text_ref.as_deref();
    let text = known.texts.iter().find(|one| Some(one.id.as_str()) == text);
    let about = text.map(|text| {
        let language = eyes.language(text.lang.as_deref().unwrap_or_default());
        let date = eyes.words.date(text.created.micros());
        let key = "dialogues-text-confirmed";
        eyes.words.t2(key, "language", language, "date", date)
    });
    Claim {
        source: shown(&claim.source),
        to: text.map(|text| path(&text.id)),
        about,
        date: eyes.date(&claim.date),
    }
}

/// The days for which it was planned before it was put off.
pub(super) fn moved(eyes: &Eyes<'_>, what: &Session) -> Option<String> {
    let before: Vec<String> = planned_before(what).map(|date| eyes.date(date)).collect();
    (!before.is_empty()).then(|| eyes.words.list(&before))
}

fn form(visitor: &Visitor, id: &ObjectId, known: &Known) -> Result<Form, Failure> {
    let words = &visitor.words;
    let name = format!("dialogues-share {id}");
    let mut form = Form::new(visitor, name, format!("{}/share", path(id)), "")?
        .by_label(words.t("dialogues-share"));
    let session = known.session(Some(id.as_str()));
    let observers = session.map_or_else(Vec::new, |piece| observers(visitor, &piece.what));
    if !observers.is_empty() {
        let home = &visitor.node().home().id;
        let own = known.texts.iter().filter(|text| text.author == *home);
        let (papers, tabled): (Vec<Choice>, Vec<Option<String>>) = own
            .map(|text| {
                let choice = Choice::new(text.id.as_str(), shown(&text.what.title));
                (choice, text.what.tabled.then(|| text.id.to_string()))
            })
            .unzip();
        let hint = words.t1("observers-get", "observers", words.list(&observers));
        form = form.field(
            Field::new("tabled", words.t("observers-tabled"), Input::Any(papers))
                .with_all(tabled.into_iter().flatten().collect())
                .hint(hint)
                .optional(),
        );
    }
    Ok(form.fields(visitor.label_fields(&Marking::default())?))
}

/// Who observes, on whose side, and what the role lets them see.
fn observers(visitor: &Visitor, session: &Session) -> Vec<String> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let told = |observer: &Observer| {
        let sees = words.t(&format!("dialogues-sees-{}", observer.sees.as_str()));
        let who = eyes.side(&observer.who);
        match &observer.side {
            Some(side) => {
                let side = words.t1("observers-on-side", "side", eyes.side(side));
                format!("{who} ({side}{}{sees})", words.t("format-comma"))
            }
            None => format!("{who} ({sees})"),
        }
    };
    session.observers.iter().map(told).collect()
}

/// The form, with what goes out of what is ours and who has it until now.
#[derive(Template)]
#[template(path = "dialogues/share.html")]
struct Share {
    frame: Frame,
    form: Form,
    going: Vec<(String, String)>,
}

fn asked(
    visitor: &Visitor,
    id: &ObjectId,
    known: Released<Known>,
    form: Form,
) -> Result<site::Page, Failure> {
    visitor.page("dialogues-share-title", known, |known, frame| {
        let name = frame.t("dialogues-title");
        let frame = frame.under("/dialogues", name);
        Ok(Share {
            going: going(visitor, id, &known),
            frame: match strictest(&known) {
                Some(label) => frame.label(label),
                None => frame,
            },
            form,
        })
    })
}

/// What is ours of a session, each with the label that it has now and who has it under that. Statements stand together where they are
/// alike in this.
fn going(visitor: &Visitor, id: &ObjectId, known: &Known) -> Vec<(String, String)> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let home = &visitor.node().home().id;
    let now = |label: &policy::Label| {
        let told = visitor.told_of(label);
        let names: Vec<String> = told.seen_by.into_iter().map(|(name, _)| name).collect();
        let who = match (told.public, names.is_empty()) {
            (true, _) => words.t("dialogues-share-public"),
            (false, true) => words.t("dialogues-share-ours"),
            (false, false) => words.list(&names),
        };
        format!("{}{}{who}", told.tlp, words.t("format-comma"))
    };
    let mut going = Vec::new();
    let mut line = |what: String, label: &Option<policy::Label>| {
        going.extend(label.as_ref().map(|label| (what, now(label))));
    };
    for piece in known.dialogues.iter().filter(|one| one.author == *home) {
        line(eyes.dialogue(piece), &piece.label);
    }
    for piece in known
        .sessions
        .iter()
        .filter(|one| one.id == *id && one.author == *home)
    {
        line(eyes.session(&piece.what), &piece.label);
    }
    for piece in known.texts.iter().filter(|one| one.author == *home) {
        line(shown(&piece.what.title), &piece.label);
    }
    let mut alike: Vec<(&Option<policy::Label>, u32)> = Vec::new();
    for piece in known.commitments.iter().filter(|one| one.author == *home) {
        match alike.iter_mut().find(|(label, _)| **label == piece.label) {
            Some((_, count)) => *count += 1,
            None => alike.push((&piece.label, 1)),
        }
    }
    for (label, count) in alike {
        let count = f64::from(count);
        line(words.t1("dialogues-share-statements", "n", count), label);
    }
    for piece in known.follow_ups.iter().filter(|one| one.author == *home) {
        let word = eyes.word(piece);
        let colon = words.t("format-colon");
        let said = word.account.unwrap_or_default();
        let said = format!(
            "{}{colon} {} {said}",
            words.t("dialogues-followed"),
            word.state
        );
        line(said.trim_end().to_owned(), &piece.label);
    }
    going
}

/// The label under which a series of ours goes with one of its sessions; `None` where it stays as it is. While it waits to be released to
/// some, it goes on waiting for them.
fn of_series(
    visitor: &Visitor,
    label: &Label,
    series: &Piece<Dialogue>,
) -> Result<Option<Label>, Failure> {
    let Some(now) = super::anew::standing(visitor, series)? else {
        return Ok(Some(label.clone()));
    };
    Ok(along(label, Label::same(&now)))
}

/// `GET /dialogues/sessions/{id}/share`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, known, _) = known_of(visitor, &uuid, false)?;
            let form = form(visitor, &id, known.as_ref().into_inner())?;
            asked(visitor, &id, known, form.resumed(visitor)?)
        })
        .await
}

/// `POST /dialogues/sessions/{id}/share`: what is ours of the session goes out again, for those chosen.
pub(super) async fn share(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, known, _) = known_of(visitor, &uuid, false)?;
            let mut form = form(visitor, &id, known.as_ref().into_inner())?.filled(&typed);
            let marking = visitor.label_chosen(&mut form);
            let label = Label::chosen(visitor.node(), &marking);
            if !label.leaves() {
                form.wrong("for", visitor.words.t("dialogues-share-nobody"));
            }
            let missing: Vec<String> = if label == Label::Public {
                let ours = crate::names::ours(visitor.node());
                let eyes = Eyes::new(visitor);
                known
                    .as_ref()
                    .map(|known| {
                        let texts = known.texts.iter();
                        let texts = texts.filter(|text| known.newer_than(&text.id).is_none());
                        texts
                            .filter_map(|text| {
                                let sides = missing(&text.what, &known.consented(&text.id), &ours);
                                let sides: BTreeSet<String> =
                                    sides.into_iter().map(|side| eyes.side(side)).collect();
                                (!sides.is_empty()).then(|| {
                                    let sides: Vec<String> = sides.into_iter().collect();
                                    let sides = visitor.words.list(&sides);
                                    let title = shown(&text.what.title);
                                    let key = "dialogues-consent-of";
                                    visitor.words.t2(key, "title", title, "sides", sides)
                                })
                            })
                            .collect()
                    })
                    .into_inner()
            } else {
                Vec::new()
            };
            if !missing.is_empty() {
                let texts = missing.join(&visitor.words.t("properties-next"));
                let key = "dialogues-consent-missing";
                form.wrong("tlp", visitor.words.t1(key, "texts", texts));
            }
            let place = Place::In(Some(id.as_str()), Part::Between);
            super::observers::circles(visitor, &mut form, &label, &place)?;
            let going = ours(visitor, &id, known.as_ref().into_inner(), &label)?;
            asked_first(visitor, (&mut form, &typed), &going, &marking, SESSION)?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(asked(visitor, &id, known, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            // Only what this node says itself is its to share; an observer gets of it what the role lets it see.
            let shown = known.clone();
            let mut known = known.into_inner();
            if label == Label::Public {
                known.keep_in_force();
            }
            let tabled = form.chosen("tabled").to_vec();
            let session = known.session(Some(id.as_str())).map(|piece| &piece.what);
            let observed = session.is_some_and(|session| !session.observers.is_empty());
            let by = By::from(visitor.acting()?);
            let mut batch = Batch::new(visitor.node(), by.clone(), label.clone());
            let mut texts = known.texts.clone();
            for text in texts.iter_mut().filter(|_| observed) {
                text.what.tabled = tabled.iter().any(|id| id == text.id.as_str());
            }
            let this: Vec<_> = known
                .sessions
                .iter()
                .filter(|piece| piece.id == id)
                .cloned()
                .collect();
            again(&mut batch, &this)?;
            again(&mut batch, &texts)?;
            again(&mut batch, &known.commitments)?;
            let (register, home) = (register_of(visitor), batch.author());
            for piece in known.commitments.iter().filter(|one| one.author == home) {
                for worded in register.worded(&piece.id, "words")?.into_inner() {
                    batch.translate_again(&worded)?;
                }
            }
            again(&mut batch, &known.follow_ups)?;
            // Each after what it belongs to; all of it goes, or nothing.
            let first = own_first(&known, &this, &home);
            let mut all = Vec::new();
            for series in &known.dialogues {
                let Some(label) = of_series(visitor, &label, series)? else {
                    continue;
                };
                let mut first = Batch::new(visitor.node(), by.clone(), label);
                again(&mut first, std::slice::from_ref(series))?;
                all.push(first);
            }
            all.push(batch);
            if form.taken(visitor, Batch::send_all(all))?.is_none() {
                return Ok(asked(visitor, &id, shown, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let said = match first {
                Some(first) => visitor.said_of_sent("dialogues-shared", &first)?,
                None => visitor.words.t("dialogues-shared"),
            };
            Ok(Move::to(path(&id)).saying(said).into())
        })
        .await
}

/// What is ours of a session and goes out again under the label that was chosen for it.
fn ours(
    visitor: &Visitor,
    id: &ObjectId,
    known: &Known,
    label: &Label,
) -> Result<Vec<ObjectId>, Failure> {
    fn of<'p, T>(
        all: &'p [Piece<T>],
        home: &'p ObjectId,
    ) -> impl Iterator<Item = ObjectId> + use<'p, T> {
        let own = all.iter().filter(move |piece| piece.author == *home);
        own.map(|piece| piece.id.clone())
    }
    let home = &visitor.node().home().id;
    let mut going: Vec<ObjectId> = of(&known.sessions, home).filter(|one| one == id).collect();
    going.extend(of(&known.texts, home));
    going.extend(of(&known.commitments, home));
    going.extend(of(&known.follow_ups, home));
    for series in known.dialogues.iter().filter(|one| one.author == *home) {
        let along = of_series(visitor, label, series)?;
        going.extend((along.as_ref() == Some(label)).then(|| series.id.clone()));
    }
    Ok(going)
}

/// One of our own records that were shared, which tells for all whether they went out.
fn own_first(known: &Known, this: &[Piece<Session>], home: &ObjectId) -> Option<ObjectId> {
    fn of<'p, T>(all: &'p [Piece<T>], home: &ObjectId) -> Option<&'p ObjectId> {
        let own = all.iter().find(|piece| piece.author == *home);
        own.map(|piece| &piece.id)
    }
    of(this, home)
        .or_else(|| of(&known.texts, home))
        .or_else(|| of(&known.commitments, home))
        .or_else(|| of(&known.follow_ups, home))
        .cloned()
}

/// Adds the next version of each record of our own, which says the same under another label.
fn again<T: Placed>(batch: &mut Batch<'_>, pieces: &[Piece<T>]) -> Result<(), Failure> {
    let home = batch.author();
    for piece in pieces.iter().filter(|piece| piece.author == home) {
        if let Some(label) = &piece.label
            && !Label::says_all(label, &batch.at())
        {
            return Err(Failure::Said(
                StatusCode::CONFLICT,
                "dialogues-share-title",
                "edit-caveats",
            ));
        }
        batch.add(piece.revised(piece.what.clone()))?;
    }
    Ok(())
}
