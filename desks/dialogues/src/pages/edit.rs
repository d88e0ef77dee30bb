//! Saying anew what a confirmed commitment is, taking it back, and letting an earlier version hold again: each a new version with its
//! reason. Invariant: only what this node wrote is changed, under the label that it has; the words are those of the text.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::{Purpose, Released};
use site::parts::difference::Difference;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::parts::history::{History, Version};
use site::{Failure, Move, Page, Reply, Visitor, shown, shown_lines, shown_words};
use stix::{ObjectId, Timestamp};

use super::follow_up::AskOf;
use super::view::{Eyes, label, path};
use super::{observers, register_of};
use crate::audience::CircleOfObserver;
use crate::compose::{Batch, Label};
use crate::names;
use crate::records::{Act, Commitment, FollowUp, Piece, Span, Text};
use crate::rules::dates::{self, Stretch};
use crate::rules::place::place_of;

/// What is done with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Editing,
    Withdrawing,
    Restoring,
}

impl Doing {
    /// What the page is called, by what its form is to do.
    fn title(self, form: &Form) -> &'static str {
        match self {
            Self::Editing => "edit-title",
            Self::Withdrawing if takes_back(form) => "edit-withdraw",
            Self::Withdrawing => "edit-stand-again",
            Self::Restoring => "edit-restore",
        }
    }

    /// The form with the verb for what it is to do - what it stood for when it was opened, whatever stands now - and who will see that.
    fn called(self, visitor: &Visitor, form: Form, label: Option<&policy::Label>) -> Form {
        let key = match self {
            Self::Editing => "edit-keep",
            _ => self.title(&form),
        };
        super::anew::seen(visitor, form, key, label)
    }
}

/// Whether a form is to take a commitment back, and not to let it stand again.
fn takes_back(form: &Form) -> bool {
    form.text("withdrawn") != "false"
}

fn ours(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<Commitment>>, Failure> {
    super::anew::own(visitor, uuid, ("edit-title", "edit-not-ours"))
}

fn reason(visitor: &Visitor) -> Field {
    Field::new("reason", visitor.words.t("edit-reason"), Input::Lines(2))
        .hint(visitor.words.t("edit-reason-hint"))
        .fresh()
}

fn form(
    visitor: &Visitor,
    one: &Piece<Commitment>,
    doing: Doing,
    to: &str,
) -> Result<Form, Failure> {
    let (words, eyes, what) = (&visitor.words, Eyes::new(visitor), &one.what);
    let form = Form::new(
        visitor,
        format!("dialogues-{to} {}", one.id),
        format!("{}/{to}", path(&one.id)),
        words.t("edit-keep"),
    )?
    .field(Field::carried("version", one.modified.as_str()));
    match doing {
        Doing::Editing => {}
        Doing::Restoring => return Ok(form.field(reason(visitor))),
        Doing::Withdrawing => {
            let wish = Field::carried("withdrawn", (!what.withdrawn).to_string());
            return Ok(form.field(wish).field(reason(visitor)));
        }
    }
    let acts = Act::ALL.iter().map(|act| {
        let key = format!("dialogues-act-{}", act.as_str());
        Choice::new(act.as_str(), words.t(&key))
    });
    let topics = names::TOPICS
        .iter()
        .map(|code| Choice::new(*code, names::topic(eyes.words, code)));
    let strengths = [1_u32, 2, 3]
        .map(|n| Choice::new(n.to_string(), words.t(&format!("dialogues-strength-{n}"))));
    Ok(form.long().fields([
        Field::new("words", words.t("dialogues-words"), Input::Lines(4))
            .hint(words.t("edit-words-hint"))
            .in_language(one.lang.clone().unwrap_or_default())
            .with(&*what.words),
        Field::new("act", words.t("dialogues-act"), Input::One(acts.collect()))
            .with(what.act.as_str()),
        Field::new("actors", words.t("dialogues-actors"), Input::Line)
            .hint(words.t("dialogues-actors-hint"))
            .with(eyes.named(&what.actors)),
        Field::new(
            "topics",
            words.t("dialogues-topics"),
            Input::Any(topics.collect()),
        )
        .with_all(what.topics.clone())
        .optional(),
        Field::new(
            "strength",
            words.t("dialogues-strength"),
            Input::One(strengths.to_vec()),
        )
        .with(what.strength.to_string()),
        Field::new("due", words.t("dialogues-due"), Input::Line)
            .hint(words.t("dialogues-due-hint"))
            .with(what.due.clone().unwrap_or_default())
            .optional(),
        Field::new("beneficiary", words.t("dialogues-beneficiary"), Input::Line)
            .with(what.beneficiary.clone().unwrap_or_default())
            .optional(),
        reason(visitor),
    ]))
}

fn page(
    visitor: &Visitor,
    one: Released<Piece<Commitment>>,
    form: Form,
    doing: Doing,
) -> Result<Page, Failure> {
    let label_that_stands = one
        .as_ref()
        .map(|one| super::anew::standing(visitor, one))
        .into_inner()?;
    let form = doing.called(visitor, form, label_that_stands.as_ref());
    let (title, back) = (doing.title(&form), takes_back(&form));
    let about = one.as_ref().map(|one| one.id.to_string());
    let said = register_of(visitor).having::<FollowUp>(
        "follow_up.about",
        about.as_ref().into_inner(),
        100,
    )?;
    let said = said.map(|all| register_of(visitor).parted(all).0);
    visitor.page(title, one.zip(said), |(one, said), frame| {
        let eyes = Eyes::new(visitor);
        let mut others: Vec<String> = said
            .iter()
            .filter(|piece| piece.author != one.author)
            .map(|piece| eyes.side(&piece.what.side))
            .collect();
        others.dedup();
        let name = frame.t("dialogues-title");
        let mut frame = frame
            .under("/dialogues", name)
            .under(path(&one.id), site::shorten(&site::shown(&one.what.words)));
        if let Some(label) = label(&one) {
            frame = frame.label(label);
        }
        let spoke = doing == Doing::Withdrawing && back && !others.is_empty();
        let notice = spoke.then(|| {
            let sides = visitor.words.list(&others);
            frame.t1("edit-others-spoke", "sides", sides)
        });
        Ok(AskOf {
            words: shown_words(&one.what.words),
            lang: one.lang.clone().unwrap_or_default(),
            notice,
            frame,
            form,
        })
    })
}

async fn asked(visitor: Visitor, uuid: String, doing: Doing, to: String) -> Response {
    visitor
        .answer(move |visitor| {
            let one = ours(visitor, &uuid)?;
            let form = one
                .as_ref()
                .map(|one| form(visitor, one, doing, &to))
                .into_inner()?
                .resumed(visitor)?;
            page(visitor, one, form, doing)
        })
        .await
}

/// What the form says it is now; errors beside its fields.
fn edited(
    visitor: &Visitor,
    form: &mut Form,
    one: &Piece<Commitment>,
) -> Result<Commitment, Failure> {
    let words = &visitor.words;
    let act = Act::named(&form.need("act"));
    let due = Some(form.text("due").to_owned()).filter(|due| !due.is_empty());
    if due
        .as_deref()
        .is_some_and(|due| Stretch::parse(due).is_none())
    {
        form.wrong("due", words.t("dialogues-due-wrong"));
    }
    let said = form.need("words");
    let mut what = Commitment {
        act: act.unwrap_or(one.what.act),
        topics: form.chosen("topics").iter().take(5).cloned().collect(),
        strength: form
            .text("strength")
            .parse::<u32>()
            .map_or(one.what.strength, |n| n.clamp(1, 3)),
        due_by: due.as_deref().and_then(dates::by),
        due,
        beneficiary: Some(form.text("beneficiary").to_owned()).filter(|text| !text.is_empty()),
        ..one.what.clone()
    };
    what.actors = Eyes::new(visitor).meant(&form.need("actors"));
    if !said.is_empty() && said.split_whitespace().ne(what.words.split_whitespace()) {
        match found(visitor, &what, &said)? {
            Some((words, span)) => (what.words, what.place) = (words, Some(span)),
            None => form.wrong("words", words.t("edit-words-wrong")),
        }
    }
    Ok(what)
}

/// The words as they stand in the text of a commitment, and where.
fn found(
    visitor: &Visitor,
    what: &Commitment,
    said: &str,
) -> Result<Option<(String, Span)>, Failure> {
    let Some(Ok(id)) = what.text_ref.as_deref().map(ObjectId::parse) else {
        return Ok(None);
    };
    let text = register_of(visitor).one::<Text>(&id)?;
    let content = text.map(|text| text.map(|text| text.what.content).into_inner());
    let content = content.unwrap_or_default();
    let Some((start, end)) = place_of(&content, said) else {
        return Ok(None);
    };
    let words = content.chars().skip(start).take(end - start).collect();
    let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Some((
        words,
        Span {
            start: place(start),
            end: place(end),
        },
    )))
}

async fn sent(visitor: Visitor, uuid: String, doing: Doing, to: String, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let one = ours(visitor, &uuid)?;
            let made = one.as_ref().map(|one| {
                let mut form = form(visitor, one, doing, &to)?.filled(&typed);
                form.meanwhile("version", "reason", visitor.words.t("edit-meanwhile"));
                let reason = form.need("reason");
                let mut what = match doing {
                    Doing::Editing => edited(visitor, &mut form, one)?,
                    Doing::Withdrawing => Commitment {
                        withdrawn: takes_back(&form),
                        ..one.what.clone()
                    },
                    Doing::Restoring => earlier(visitor, one, &to)?,
                };
                what.reason = Some(reason);
                Ok::<_, Failure>((form, what))
            });
            let (mut form, what) = made.into_inner()?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, one, form, doing)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let shown = one.clone();
            let one = one.into_inner();
            let stands = super::anew::standing(visitor, &one)?;
            if let (Some(stands), Doing::Restoring) = (&stands, doing)
                && was_for_fewer(visitor, &one.id, &to, stands)?
            {
                form.wrong("reason", visitor.words.t("edit-for-fewer"));
                form.keep(visitor)?;
                return Ok(page(visitor, shown, form, doing)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let label = stands.as_ref().map(Label::same).unwrap_or_default();
            let (id, new) = (one.id.clone(), one.revised(what));
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
            let added = batch.add(new);
            if added
                .as_ref()
                .is_err_and(|error| error.is::<CircleOfObserver>())
            {
                form.keep(visitor)?;
                let conflict = StatusCode::CONFLICT;
                return Err(Failure::Said(conflict, "edit-title", "observers-circle"));
            }
            added?;
            let left_out = batch.left_out();
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page(visitor, shown, form, doing)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let said = observers::told(visitor, "edit-kept", &left_out);
            let said = visitor.said_and_where(said, &id)?;
            Ok(Move::to(path(&id)).saying(said).into())
        })
        .await
}

/// Whether the version that an address names was for fewer than a label lets in.
fn was_for_fewer(
    visitor: &Visitor,
    id: &ObjectId,
    to: &str,
    now: &policy::Label,
) -> Result<bool, Failure> {
    let version = to.strip_prefix("versions/").unwrap_or_default();
    let instant = |version: &str| Timestamp::parse(version).map(|at| at.micros()).ok();
    let all = visitor
        .node()
        .versions(visitor.viewer(), Purpose::Show, id)?;
    let of = |stood: &node::overview::Stood| instant(&stood.record.version) == instant(version);
    let all = all.into_inner();
    let found = all.iter().find(|stood| of(stood));
    let found = found.ok_or(Failure::Absent)?;
    Ok(visitor.was_for_fewer(&found.label, now))
}

/// What the version says that an address names.
fn earlier(visitor: &Visitor, one: &Piece<Commitment>, to: &str) -> Result<Commitment, Failure> {
    let version = to.strip_prefix("versions/").unwrap_or_default();
    let all = register_of(visitor).versions::<Commitment>(&one.id)?;
    let found = all.into_inner().into_iter();
    let mut found = found.filter(|piece| piece.modified.as_str() == version);
    Ok(found.next().ok_or(Failure::Absent)?.what)
}

/// `GET /dialogues/commitments/{id}/edit`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    asked(visitor, uuid, Doing::Editing, "edit".to_owned()).await
}

/// `POST /dialogues/commitments/{id}/edit`.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    sent(visitor, uuid, Doing::Editing, "edit".to_owned(), typed).await
}

/// `GET /dialogues/commitments/{id}/withdraw`.
pub(super) async fn ask_back(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    asked(visitor, uuid, Doing::Withdrawing, "withdraw".to_owned()).await
}

/// `POST /dialogues/commitments/{id}/withdraw`: takes it back, or lets it stand again.
pub(super) async fn take_back(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    sent(
        visitor,
        uuid,
        Doing::Withdrawing,
        "withdraw".to_owned(),
        typed,
    )
    .await
}

/// `GET /dialogues/commitments/{id}/versions/{version}`.
pub(super) async fn ask_restore(
    visitor: Visitor,
    Path((uuid, version)): Path<(String, String)>,
) -> Response {
    let to = format!("versions/{version}");
    visitor
        .answer(move |visitor| {
            let one = ours(visitor, &uuid)?;
            let form = one
                .as_ref()
                .map(|one| form(visitor, one, Doing::Restoring, &to))
                .into_inner()?
                .resumed(visitor)?;
            let back = one
                .as_ref()
                .map(|one| earlier(visitor, one, &to))
                .into_inner()?;
            page(
                visitor,
                one.map(|one| Piece { what: back, ..one }),
                form,
                Doing::Restoring,
            )
        })
        .await
}

/// `POST /dialogues/commitments/{id}/versions/{version}`: what it said then, it says again.
pub(super) async fn restore(
    visitor: Visitor,
    Path((uuid, version)): Path<(String, String)>,
    typed: Typed,
) -> Response {
    let to = format!("versions/{version}");
    sent(visitor, uuid, Doing::Restoring, to, typed).await
}

/// The versions of a commitment, the newest first, with what changed in each; nothing where there is one alone.
pub(super) fn history(visitor: &Visitor, all: &[Piece<Commitment>], mine: bool) -> Option<History> {
    if all.len() < 2 {
        return None;
    }
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let versions = (0..all.len()).rev().filter_map(|n| {
        let piece = all.get(n)?;
        let before = n.checked_sub(1).and_then(|n| all.get(n));
        let changes = before.map(|before| otherwise(&eyes, before, piece));
        let who = eyes.side(piece.author.as_str());
        Some(Version {
            when: words.moment(piece.modified.micros()),
            who: match &piece.what.reason {
                Some(reason) => words.t2("edit-because", "who", who, "reason", shown_lines(reason)),
                None => who,
            },
            path: (mine && n + 1 < all.len())
                .then(|| format!("{}/versions/{}", path(&piece.id), piece.modified.as_str())),
            state: None,
            changes: changes.unwrap_or_default(),
        })
    });
    Some(History::of(words, versions.collect()))
}

/// What a commitment says, field by field, as a page shows it.
fn told(eyes: &Eyes<'_>, piece: &Piece<Commitment>) -> Vec<(&'static str, String)> {
    let words = eyes.words;
    let what = &piece.what;
    vec![
        ("dialogues-words", shown_words(&what.words)),
        (
            "dialogues-act",
            words.t(&format!("dialogues-act-{}", what.act.as_str())),
        ),
        ("dialogues-actors", eyes.sides(&what.actors)),
        ("dialogues-topics", eyes.topics(&what.topics)),
        (
            "dialogues-strength",
            words.t(&format!("dialogues-strength-{}", what.strength.clamp(1, 3))),
        ),
        (
            "dialogues-due",
            what.due
                .as_deref()
                .map(|due| eyes.date(due))
                .unwrap_or_default(),
        ),
        (
            "dialogues-beneficiary",
            what.beneficiary.as_deref().map(shown).unwrap_or_default(),
        ),
        (
            "dialogues-state",
            if what.withdrawn {
                words.t("dialogues-withdrawn")
            } else {
                String::new()
            },
        ),
    ]
}

/// Where two records of the same words say something else: each field that differs, from the first to the second.
pub(super) fn otherwise(
    eyes: &Eyes<'_>,
    one: &Piece<Commitment>,
    other: &Piece<Commitment>,
) -> Vec<(String, Difference)> {
    let pairs = told(eyes, one).into_iter().zip(told(eyes, other));
    let other_lang = other.lang.clone();
    pairs
        .filter(|((_, one), (_, other))| one != other)
        .map(|((key, one), (_, other))| {
            let lang = Some("dialogues-words").filter(|words| *words == key);
            let lang = lang.and(other_lang.clone()).unwrap_or_default();
            (eyes.words.t(key), Difference::of(&one, &other, lang))
        })
        .collect()
}
