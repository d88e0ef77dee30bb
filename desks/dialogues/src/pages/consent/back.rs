//! A consent or a confirmation of ours is taken back, with why: the next version of what was recorded, for those who have it. Invariant: a
//! side takes back what it gave itself, and nothing else.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Tlp, Visitor};
use stix::ObjectId;

use super::super::anew::{can_be_kept, seen, standing};
use super::super::follow_up::Ask;
use super::super::mistaken::Batches;
use super::super::view::path;
use super::super::{object, register_of};
use super::{MOST, Way};
use crate::compose::Batch;
use crate::records::{Commitment, Consent, Kind, Piece, Purpose, Text};

/// What of ours stands about a text or a statement, and which page of it takes that back.
struct Ours {
    about: ObjectId,
    way: &'static str,
    purpose: Purpose,
    all: Vec<Piece<Consent>>,
    /// The label of what it is about.
    label: Option<policy::Label>,
}

/// Of consents those of ours that stand.
pub(in super::super) fn own<'c>(
    visitor: &Visitor,
    consents: &'c [Piece<Consent>],
    purpose: Purpose,
) -> Vec<&'c Piece<Consent>> {
    let home = &visitor.node().home().id;
    let stands = |one: &&Piece<Consent>| {
        one.author == *home && one.what.purpose == purpose && !one.what.withdrawn
    };
    consents.iter().filter(stands).collect()
}

fn ours(visitor: &Visitor, uuid: &str) -> Result<Released<Ours>, Failure> {
    let register = register_of(visitor);
    let above = visitor.path.strip_suffix("/back").unwrap_or_default();
    let way = Way::of_path(above);
    let (kind, part, purpose) = match way {
        Way::Publication => (Text::TYPE, "consent/back", Purpose::Publish),
        Way::Whole => (Text::TYPE, "confirm/back", Purpose::Confirm),
        Way::Statement => (Commitment::TYPE, "consent/back", Purpose::Confirm),
    };
    let about = object(kind, uuid)?;
    let mut ids = BTreeSet::from([about.to_string()]);
    if let Way::Whole = way {
        let said = register.having::<Commitment>("commitment.text", about.as_str(), MOST)?;
        let said = said.into_inner().into_iter();
        ids.extend(said.map(|one| one.id.to_string()));
    }
    let stood = visitor
        .node()
        .stood(visitor.viewer(), policy::Purpose::Show, &about)?
        .ok_or(Failure::Absent)?;
    let consents = register.any::<Consent>("consent.about", &ids, MOST)?;
    Ok(consents.zip(stood).map(|(consents, stood)| Ours {
        all: own(visitor, &consents, purpose)
            .into_iter()
            .cloned()
            .collect(),
        label: Some(stood.label),
        about,
        way: part,
        purpose,
    }))
}

impl Ours {
    fn title(&self) -> &'static str {
        match self.purpose {
            Purpose::Publish => "consent-back",
            Purpose::Confirm => "consent-confirm-back",
        }
    }
}

fn form(visitor: &Visitor, ours: &Ours) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        format!("dialogues-{} {}", ours.way, ours.about),
        format!("{}/{}", path(&ours.about), ours.way),
        "",
    )?
    .field(
        Field::new("reason", words.t("edit-reason"), Input::Lines(2))
            .hint(words.t("edit-reason-hint"))
            .fresh(),
    );
    let label = match ours.all.first() {
        Some(first) => standing(visitor, first)?,
        None => None,
    };
    Ok(seen(visitor, form, ours.title(), label.as_ref()))
}

fn page(visitor: &Visitor, ours: Released<Ours>, form: Form) -> Result<Page, Failure> {
    let title = ours.as_ref().map(Ours::title).into_inner();
    visitor.page(title, ours, |ours, frame| {
        let desk = frame.t("dialogues-title");
        let labels = ours.all.iter().filter_map(|one| one.label.as_ref());
        let labels: Vec<&policy::Label> = labels.chain(&ours.label).collect();
        let of = match ours.about.type_name() == Text::TYPE {
            true => "dialogues-text-one",
            false => "dialogues-commitment",
        };
        Ok(Ask {
            frame: frame
                .label(Tlp::strictest(labels))
                .under("/dialogues", desk)
                .under(path(&ours.about), visitor.words.t(of)),
            lead: visitor.words.t(match ours.purpose {
                Purpose::Publish => "consent-back-lead",
                Purpose::Confirm => "consent-confirm-back-lead",
            }),
            form,
        })
    })
}

/// `GET /dialogues/{texts,commitments}/{id}/consent/back`, `GET /dialogues/texts/{id}/confirm/back`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let ours = ours(visitor, &uuid)?;
            let form = form(visitor, ours.as_ref().into_inner())?.resumed(visitor)?;
            page(visitor, ours, form)
        })
        .await
}

/// `POST` of the same.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let released = ours(visitor, &uuid)?;
            let ours = released.as_ref().into_inner();
            let mut form = form(visitor, ours)?.filled(&typed);
            let reason = form.need("reason");
            if ours.all.is_empty() {
                form.wrong("reason", visitor.words.t("consent-back-none"));
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut batches = Batches::new(visitor)?;
            for one in &ours.all {
                can_be_kept(visitor, one, ours.title())?;
                let back = Consent {
                    withdrawn: true,
                    reason: Some(reason.clone()),
                    ..one.what.clone()
                };
                let label = standing(visitor, one)?;
                batches.under(label.as_ref()).add(one.revised(back))?;
            }
            if form
                .taken(visitor, Batch::send_all(batches.whole()))?
                .is_none()
            {
                return Ok(page(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let key = match ours.purpose {
                Purpose::Publish => "consent-back-done",
                Purpose::Confirm => "consent-confirm-back-done",
            };
            let said = match ours.all.first() {
                Some(first) => visitor.said_of_sent(key, &first.id)?,
                None => visitor.words.t(key),
            };
            Ok(Move::to(path(&ours.about)).saying(said).into())
        })
        .await
}
