//! Sharing a session: what of it is ours, with whom it goes out again, and what that takes back from others. Invariant: only what this node
//! says itself is its to share; all of it goes, or nothing.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::{Member, Released};
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Frame, Move, Reply, Visitor, shown};
use stix::ObjectId;
use stix::marking::Audience;

use super::{known_of, observers};
use crate::compose::{Batch, By, Label};
use crate::pages::stands::line;
use crate::pages::taking_back::{Going, SESSION, asked_first_of};
use crate::pages::view::{Eyes, path};
use crate::pages::{register_of, strictest};
use crate::records::{Dialogue, Part, Piece, Place, Placed, Session, Text};
use crate::register::Known;
use crate::rules::along::along;
use crate::rules::consent::missing;

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
            going: going(visitor, id, &known)?,
            frame: match strictest(&known) {
                Some(label) => frame.label(label),
                None => frame,
            },
            form,
        })
    })
}

/// What is ours of a session, each with its label, and who has it by the ledger. Statements stand together where they are alike in this.
fn going(
    visitor: &Visitor,
    id: &ObjectId,
    known: &Known,
) -> Result<Vec<(String, String)>, Failure> {
    fn of<'p, T>(
        all: &'p [Piece<T>],
        home: &'p ObjectId,
    ) -> impl Iterator<Item = (&'p Piece<T>, &'p policy::Label)> + use<'p, T> {
        let own = all.iter().filter(move |piece| piece.author == *home);
        own.filter_map(|piece| Some((piece, piece.label.as_ref()?)))
    }
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let home = &visitor.node().home().id;
    let mut going = Vec::new();
    for (piece, label) in of(&known.dialogues, home) {
        going.push((eyes.dialogue(piece), line(visitor, &piece.id, label)?));
    }
    for (piece, label) in of(&known.sessions, home).filter(|(piece, _)| piece.id == *id) {
        let name = eyes.session(&piece.what);
        going.push((name, line(visitor, &piece.id, label)?));
    }
    for (piece, label) in of(&known.texts, home) {
        let name = shown(&piece.what.title);
        going.push((name, line(visitor, &piece.id, label)?));
    }
    let mut alike: Vec<(String, u32)> = Vec::new();
    for (piece, label) in of(&known.commitments, home) {
        let told = line(visitor, &piece.id, label)?;
        match alike.iter_mut().find(|(known, _)| *known == told) {
            Some((_, count)) => *count += 1,
            None => alike.push((told, 1)),
        }
    }
    for (told, count) in alike {
        let count = f64::from(count);
        going.push((words.t1("dialogues-share-statements", "n", count), told));
    }
    for (piece, label) in of(&known.follow_ups, home) {
        let word = eyes.word(piece);
        let colon = words.t("format-colon");
        let said = word.account.unwrap_or_default();
        let said = format!(
            "{}{colon} {} {said}",
            words.t("dialogues-followed"),
            word.state
        );
        let told = line(visitor, &piece.id, label)?;
        going.push((said.trim_end().to_owned(), told));
    }
    Ok(going)
}

/// The label under which a series of ours goes with one of its sessions; `None` where it stays as it is. While it waits to be released to
/// some, it goes on waiting for them.
fn of_series(
    visitor: &Visitor,
    label: &Label,
    series: &Piece<Dialogue>,
) -> Result<Option<Label>, Failure> {
    let Some(now) = crate::pages::anew::standing(visitor, series)? else {
        return Ok(Some(label.clone()));
    };
    Ok(along(label, Label::same(&now)))
}

/// `GET /dialogues/sessions/{id}/share`.
pub(in crate::pages) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, known, _) = known_of(visitor, &uuid, false)?;
            let form = form(visitor, &id, known.as_ref().into_inner())?;
            asked(visitor, &id, known, form.resumed(visitor)?)
        })
        .await
}

/// `POST /dialogues/sessions/{id}/share`: what is ours of the session goes out again, for those chosen.
pub(in crate::pages) async fn share(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
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
            crate::pages::observers::circles(visitor, &mut form, &label, &place)?;
            let tabled = form.chosen("tabled").to_vec();
            if !form.is_wrong() {
                let known = known.as_ref().into_inner();
                let texts = as_tabled(known, &id, &tabled);
                let going = ours(visitor, &id, (known, &texts), (&label, &marking))?;
                asked_first_of(visitor, (&mut form, &typed), &going, SESSION)?;
            }
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
            let texts = as_tabled(&known, &id, &tabled);
            let by = By::from(visitor.acting()?);
            let mut batch = Batch::new(visitor.node(), by.clone(), label.clone());
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

/// The texts of a session, each as a tabled paper or as none: as was chosen, where somebody observes.
fn as_tabled(known: &Known, id: &ObjectId, tabled: &[String]) -> Vec<Piece<Text>> {
    let mut texts = known.texts.clone();
    let session = known.session(Some(id.as_str())).map(|piece| &piece.what);
    if session.is_some_and(|session| !session.observers.is_empty()) {
        for text in &mut texts {
            text.what.tabled = tabled.iter().any(|id| id == text.id.as_str());
        }
    }
    texts
}

/// What is ours of a session and goes out again under the label that was chosen for it, by whom each goes to: an observer who was chosen
/// gets of it what the role lets it see.
fn ours(
    visitor: &Visitor,
    id: &ObjectId,
    (known, texts): (&Known, &[Piece<Text>]),
    (label, marking): (&Label, &Marking),
) -> Result<Vec<Going>, Failure> {
    let node = visitor.node();
    let batch = Batch::new(node, By::from(visitor.acting()?), label.clone());
    let mut all = Goes {
        batch,
        node,
        marking,
        all: Vec::new(),
    };
    let this = known.sessions.iter().filter(|one| one.id == *id);
    all.add(this)?;
    all.add(texts)?;
    all.add(&known.commitments)?;
    all.add(&known.follow_ups)?;
    let series = known
        .dialogues
        .iter()
        .filter(|one| one.author == node.home().id);
    for series in series {
        let along = of_series(visitor, label, series)?;
        if along.as_ref() == Some(label) {
            all.add([series])?;
        }
    }
    Ok(all.all)
}

/// Records of ours, by whom they go to.
struct Goes<'a> {
    batch: Batch<'a>,
    node: &'a node::Node,
    marking: &'a Marking,
    all: Vec<Going>,
}

impl Goes<'_> {
    fn add<'p, T: Placed + 'p>(
        &mut self,
        pieces: impl IntoIterator<Item = &'p Piece<T>>,
    ) -> Result<(), Failure> {
        let home = self.batch.author();
        for piece in pieces.into_iter().filter(|piece| piece.author == home) {
            let kept = self.batch.would_have(piece)?;
            let mut left_out = BTreeSet::new();
            for member in &self.marking.audience {
                if !self.is_kept(&kept, member)? {
                    left_out.insert(member.clone());
                }
            }
            let mut audience = self.marking.audience.clone();
            audience.retain(|member| !left_out.contains(member));
            match self.all.iter_mut().find(|(of, _)| of.audience == audience) {
                Some((_, ids)) => ids.push(piece.id.clone()),
                None => {
                    let tlp = self.marking.tlp;
                    let marking = Marking { tlp, audience };
                    self.all.push((marking, vec![piece.id.clone()]));
                }
            }
        }
        Ok(())
    }

    /// Whether one who was chosen gets it. A circle is named whole, or the form is wrong.
    fn is_kept(&self, kept: &[Audience], member: &Member) -> Result<bool, Failure> {
        for one in kept {
            let named = match one {
                Audience::Identity(id) => self.node.member(id.as_str())?,
                Audience::Circle(name) => self.node.member(name)?,
            };
            if named == *member {
                return Ok(true);
            }
        }
        Ok(false)
    }
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
