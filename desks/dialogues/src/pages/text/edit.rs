//! `/dialogues/texts/{id}/edit`: whose text it is, who issued it, what it is called, when it was issued, of which session it is, and whose
//! changed form. Invariant: its words stay as they were; what it says goes with it, in one write, each record to those who have it.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Tlp, Visitor, shown};

use super::super::anew::{can_be_kept, own, seen, standing};
use super::super::follow_up::Ask;
use super::super::meetings::Meetings;
use super::super::mistaken::Batches;
use super::super::view::{Eyes, path};
use super::super::{observers, register_of};
use crate::compose::Batch;
use crate::records::{Commitment, FollowUp, Piece, Standing, Text};
use crate::rules::dates::{self, Stretch};

/// How many records of one kind are looked through.
const MOST: usize = 2_000;

/// What a text can belong to, and what goes with it.
struct Around {
    meetings: Meetings,
    /// The other texts of its session.
    texts: Vec<Piece<Text>>,
    /// Its own language versions.
    versions: Vec<Piece<Text>>,
    statements: Vec<Piece<Commitment>>,
    accounts: Vec<Piece<FollowUp>>,
}

impl Around {
    fn labels(&self) -> impl Iterator<Item = &policy::Label> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = &policy::Label> {
            all.iter().filter_map(|piece| piece.label.as_ref())
        }
        let meetings = self.meetings.labels();
        meetings
            .chain(of(&self.texts))
            .chain(of(&self.versions))
            .chain(of(&self.statements))
            .chain(of(&self.accounts))
    }
}

fn text_of(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<Text>>, Failure> {
    own(visitor, uuid, ("text-edit", "text-theirs"))
}

fn around(visitor: &Visitor, text: &Piece<Text>) -> Result<Released<Around>, Failure> {
    let (register, home) = (register_of(visitor), visitor.node().home().id.clone());
    let what = &text.what;
    let meetings = Meetings::of(visitor, &what.parties, what.dialogue_ref.as_deref())?;
    let session = what.session_ref.as_deref().unwrap_or_default();
    let texts = register.having::<Text>("text.session", session, MOST)?;
    let versions = register.having::<Text>("text.version_of", text.id.as_str(), MOST)?;
    let statements = register.having::<Commitment>("commitment.text", text.id.as_str(), MOST)?;
    let about: BTreeSet<String> = statements
        .as_ref()
        .map(|all| all.iter().map(|one| one.id.to_string()).collect())
        .into_inner();
    let accounts = register.any::<FollowUp>("follow_up.about", &about, MOST)?;
    let id = text.id.clone();
    let all = meetings.zip(texts).zip(versions);
    Ok(all.zip(statements).zip(accounts).map(
        |((((meetings, mut texts), mut versions), mut statements), mut accounts)| {
            texts.retain(|one| one.id != id && one.what.version_of_ref.is_none());
            versions.retain(|one| one.author == home);
            statements.retain(|one| one.author == home);
            accounts.retain(|one| one.author == home);
            Around {
                meetings,
                texts,
                versions,
                statements,
                accounts,
            }
        },
    ))
}

fn form(visitor: &Visitor, text: &Piece<Text>, around: &Around) -> Result<Form, Failure> {
    let (eyes, words, what) = (Eyes::new(visitor), &visitor.words, &text.what);
    let form = Form::new(
        visitor,
        format!("dialogues-text-edit {}", text.id),
        format!("{}/edit", path(&text.id)),
        "",
    )?;
    let standings = Standing::ALL.iter().map(|one| {
        let key = format!("dialogues-standing-{}", one.as_str().replace('_', "-"));
        Choice::new(one.as_str(), words.t(&key))
    });
    let sides = what
        .parties
        .iter()
        .map(|side| Choice::new(side, eyes.side(side)));
    let none = Choice::new("", words.t("text-replaces-none"));
    let texts = around
        .texts
        .iter()
        .map(|one| Choice::new(one.id.as_str(), shown(&one.what.title)));
    // Another language version goes with the text of which it is one.
    let whole = what.version_of_ref.is_none();
    let form = form
        .long()
        .field(Field::carried("version", text.modified.as_str()))
        .field(Field::new("title", words.t("text-title"), Input::Line).with(&*what.title));
    let form = match whole {
        false => form,
        true => form.fields([
            Field::new(
                "standing",
                words.t("dialogues-standing"),
                Input::One(standings.collect()),
            )
            .with(what.standing.as_str()),
            Field::new(
                "reported_by",
                words.t("dialogues-issued-by"),
                Input::One(sides.collect()),
            )
            .hint(words.t("dialogues-issued-by-hint"))
            .with(what.publisher.clone().unwrap_or_default())
            .optional(),
            Field::new(
                "session",
                words.t("dialogues-session-one"),
                Input::List(around.meetings.choices(&eyes).collect()),
            )
            .with(what.session_ref.clone().unwrap_or_default()),
            Field::new(
                "replaces",
                words.t("dialogues-replaces"),
                Input::List(std::iter::once(none).chain(texts).collect()),
            )
            .with(what.replaces_ref.clone().unwrap_or_default())
            .optional(),
        ]),
    };
    let form = form.fields([
        Field::new("dateline", words.t("dialogues-dateline"), Input::Line)
            .hint(words.t("dialogues-due-hint"))
            .with(what.dateline.clone().unwrap_or_default())
            .optional(),
        Field::new("reason", words.t("edit-reason"), Input::Lines(2))
            .hint(words.t("edit-reason-hint"))
            .fresh(),
    ]);
    let label = standing(visitor, text)?;
    Ok(seen(visitor, form, "edit-keep", label.as_ref()))
}

fn page(
    visitor: &Visitor,
    found: Released<(Piece<Text>, Around)>,
    form: Form,
) -> Result<Page, Failure> {
    visitor.page("text-edit", found, |(text, around), frame| {
        let desk = frame.t("dialogues-title");
        let labels: Vec<&policy::Label> = around.labels().chain(&text.label).collect();
        let mut frame = frame
            .under("/dialogues", desk)
            .under(path(&text.id), shown(&text.what.title));
        if !labels.is_empty() {
            frame = frame.label(Tlp::strictest(labels));
        }
        let n = around.statements.len();
        Ok(Ask {
            lead: visitor.words.t1("text-edit-lead", "n", n),
            frame,
            form,
        })
    })
}

/// What the form says it is now; errors beside its fields.
fn typed(visitor: &Visitor, form: &mut Form, text: &Piece<Text>, around: &Around) -> Text {
    let words = &visitor.words;
    let mut what = text.what.clone();
    what.title = form.need("title");
    what.reason = Some(form.need("reason"));
    let given =
        |form: &Form, name: &str| Some(form.text(name).to_owned()).filter(|text| !text.is_empty());
    let dateline = given(form, "dateline");
    if dateline
        .as_deref()
        .is_some_and(|day| Stretch::parse(day).is_none())
    {
        form.wrong("dateline", words.t("dialogues-due-wrong"));
    }
    if dateline != what.dateline {
        let published = dateline.as_deref().and_then(dates::from);
        what.published = published.unwrap_or(what.published);
        what.dateline = dateline;
    }
    if what.version_of_ref.is_some() {
        return what;
    }
    what.standing = Standing::named(&form.need("standing")).unwrap_or(what.standing);
    what.publisher = given(form, "reported_by");
    if what.standing.is_one_sided() && what.publisher.is_none() {
        form.wrong("reported_by", words.t("dialogues-issued-by-wrong"));
    }
    what.replaces_ref = given(form, "replaces");
    let session = form.need("session");
    match around.meetings.session(&session) {
        Some(session) => {
            what.session_ref = Some(session.id.to_string());
            what.dialogue_ref = Some(session.what.dialogue_ref.clone());
        }
        None => form.wrong("session", words.t("text-session-wrong")),
    }
    what
}

/// Adds the text, and what goes with it as far as it says the same of itself.
fn write(
    visitor: &Visitor,
    batches: &mut Batches<'_>,
    (text, around): (&Piece<Text>, &Around),
    what: &Text,
) -> Result<(), Failure> {
    fn anew<T: crate::records::Placed>(
        visitor: &Visitor,
        batches: &mut Batches<'_>,
        piece: &Piece<T>,
        what: T,
    ) -> Result<(), Failure> {
        can_be_kept(visitor, piece, "text-edit")?;
        let label = standing(visitor, piece)?;
        batches.under(label.as_ref()).add(piece.revised(what))?;
        Ok(())
    }
    anew(visitor, batches, text, what.clone())?;
    for version in &around.versions {
        let moved = Text {
            standing: what.standing,
            publisher: what.publisher.clone(),
            session_ref: what.session_ref.clone(),
            dialogue_ref: what.dialogue_ref.clone(),
            ..version.what.clone()
        };
        if moved != version.what {
            let reason = what.reason.clone();
            anew(visitor, batches, version, Text { reason, ..moved })?;
        }
    }
    let one_sided = what.standing.is_one_sided();
    let reported_by = what.publisher.clone().filter(|_| one_sided);
    for said in &around.statements {
        let moved = Commitment {
            standing: what.standing,
            reported_by: reported_by.clone(),
            session_ref: what.session_ref.clone(),
            dialogue_ref: what.dialogue_ref.clone(),
            ..said.what.clone()
        };
        if moved != said.what {
            let reason = what.reason.clone();
            anew(visitor, batches, said, Commitment { reason, ..moved })?;
        }
    }
    for account in &around.accounts {
        let moved = FollowUp {
            dialogue_ref: what.dialogue_ref.clone(),
            ..account.what.clone()
        };
        if moved != account.what {
            anew(visitor, batches, account, moved)?;
        }
    }
    Ok(())
}

/// `GET /dialogues/texts/{id}/edit`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let text = text_of(visitor, &uuid)?;
            let around = around(visitor, text.as_ref().into_inner())?;
            let found = text.zip(around);
            let form = found
                .as_ref()
                .map(|(text, around)| form(visitor, text, around))
                .into_inner()?
                .resumed(visitor)?;
            page(visitor, found, form)
        })
        .await
}

/// `POST /dialogues/texts/{id}/edit`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    sent: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let text = text_of(visitor, &uuid)?;
            let around = around(visitor, text.as_ref().into_inner())?;
            let found = text.zip(around);
            let made = found.as_ref().map(|(text, around)| {
                let mut form = form(visitor, text, around)?.filled(&sent);
                let what = typed(visitor, &mut form, text, around);
                form.meanwhile("version", "reason", visitor.words.t("edit-meanwhile"));
                Ok::<_, Failure>((form, what))
            });
            let (mut form, what) = made.into_inner()?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, found, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut batches = Batches::new(visitor)?;
            let id = found
                .as_ref()
                .map(|(text, around)| {
                    write(visitor, &mut batches, (text, around), &what)?;
                    Ok::<_, Failure>(text.id.clone())
                })
                .into_inner()?;
            let left_out = batches.left_out();
            if form
                .taken(visitor, Batch::send_all(batches.whole()))?
                .is_none()
            {
                return Ok(page(visitor, found, form)?
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
