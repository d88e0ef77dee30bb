//! Two acts of a side: it consents to the publication of a text that it agreed; and it confirms what the other side's text says of it, one
//! statement or all of a text.

pub(super) mod back;

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Member;
use site::parts::form::{Form, Typed};
use site::{Failure, Move, Reply, Tlp, Visitor};
use stix::ObjectId;

use super::follow_up::Ask;
use super::view::path;
use super::{object, observers, register_of};
use crate::compose::{Batch, Label};
use crate::names;
use crate::records::{Commitment, Consent, NewPiece, Piece, Place, Purpose, Text};

/// How many statements of a text are confirmed at once.
const MOST: usize = 2_000;

/// What is consented to or confirmed.
struct About {
    /// The text or the statement whose page it is about.
    id: ObjectId,
    purpose: Purpose,
    /// Each record of which something is said, and the side that is ours in it.
    each: Vec<(ObjectId, String)>,
    way: &'static str,
    /// Those of the records that are read for it.
    labels: Vec<policy::Label>,
    /// The label of the text or the statement, and who wrote it.
    of: Option<(policy::Label, ObjectId)>,
}

impl About {
    /// Whether all of a text is confirmed.
    fn is_whole(&self) -> bool {
        self.way == "confirm"
    }

    fn title(&self) -> &'static str {
        match self.purpose {
            Purpose::Publish => "consent-publish",
            Purpose::Confirm if self.is_whole() => "consent-confirm-all",
            Purpose::Confirm => "consent-confirm",
        }
    }

    /// For whom it is proposed: those who have what it is about, and who wrote that. Nobody, where everybody has it, and where persons alone
    /// do.
    fn for_whom(&self, visitor: &Visitor) -> Marking {
        let home = &visitor.node().home().id;
        let Some((label, author)) = &self.of else {
            return Marking::default();
        };
        if label.class.is_public() || label.class.tlp().is_for_persons() {
            return Marking::default();
        }
        let mut marking = Label::marking(label);
        let [author, home] = [author, home].map(|id| Member::Participant(id.clone()));
        if !marking.audience.contains(&author) {
            marking.audience.push(author);
        }
        marking.audience.retain(|one| *one != home);
        marking
    }

    fn lead(&self, visitor: &Visitor) -> String {
        let words = &visitor.words;
        match self.purpose {
            Purpose::Publish => words.t("dialogues-consent-publish"),
            Purpose::Confirm if self.is_whole() => {
                words.t1("consent-confirm-lead", "n", self.each.len())
            }
            Purpose::Confirm => words.t("dialogues-consent-confirm"),
        }
    }
}

/// The side that is ours, as a record calls it: nobody consents in the name of another.
fn own_side(sides: &[String], ours: &[String]) -> Option<String> {
    sides.iter().find(|side| ours.contains(side)).cloned()
}

/// Whether another side's text says something of ours that is not confirmed yet by us.
pub(super) fn to_confirm(
    one: &Piece<Commitment>,
    consents: &[Piece<Consent>],
    ours: &[String],
) -> bool {
    let what = &one.what;
    let theirs = what.reported_by.as_ref();
    what.standing.is_one_sided()
        && theirs.is_some_and(|side| !ours.contains(side))
        && own_side(&what.actors, ours).is_some()
        && !consents.iter().any(|consent| {
            consent.what.about_ref == one.id.as_str()
                && consent.what.purpose == Purpose::Confirm
                && !consent.what.withdrawn
                && ours.contains(&consent.what.side)
        })
}

fn about(visitor: &Visitor, way: Way, uuid: &str) -> Result<About, Failure> {
    let (register, ours) = (register_of(visitor), names::ours(visitor.node()));
    let kind = match way {
        Way::Statement => "commitment",
        Way::Publication | Way::Whole => "report",
    };
    let id = object(kind, uuid)?;
    let side = |sides: &[String]| own_side(sides, &ours);
    let of = |id: &ObjectId, sides: &[String]| -> Vec<(ObjectId, String)> {
        side(sides)
            .map(|side| (id.clone(), side))
            .into_iter()
            .collect()
    };
    Ok(match way {
        Way::Publication => {
            let text = register.one::<Text>(&id)?.ok_or(Failure::Absent)?;
            let text = text.into_inner();
            About {
                each: of(&id, &text.what.parties),
                of: text.label.clone().map(|label| (label, text.author.clone())),
                labels: text.label.into_iter().collect(),
                id,
                purpose: Purpose::Publish,
                way: "consent",
            }
        }
        Way::Statement => {
            let one = register.one::<Commitment>(&id)?.ok_or(Failure::Absent)?;
            let one = one.into_inner();
            About {
                each: of(&id, &one.what.actors),
                of: one.label.clone().map(|label| (label, one.author.clone())),
                labels: one.label.into_iter().collect(),
                id,
                purpose: Purpose::Confirm,
                way: "consent",
            }
        }
        Way::Whole => {
            let text = register.one::<Text>(&id)?.ok_or(Failure::Absent)?;
            let text = text.into_inner();
            let all = register.having::<Commitment>("commitment.text", id.as_str(), MOST)?;
            let all = all.into_inner();
            let ids: BTreeSet<String> = all.iter().map(|one| one.id.to_string()).collect();
            let given = register.any::<Consent>("consent.about", &ids, MOST)?;
            let given = register.parted(given.into_inner()).0;
            let labels = text.label.iter();
            let labels = labels.chain(all.iter().filter_map(|one| one.label.as_ref()));
            let labels = labels.chain(given.iter().filter_map(|one| one.label.as_ref()));
            let labels = labels.cloned().collect();
            let all = all.iter().filter(|one| to_confirm(one, &given, &ours));
            About {
                of: text.label.clone().map(|label| (label, text.author.clone())),
                labels,
                each: all.flat_map(|one| of(&one.id, &one.what.actors)).collect(),
                id,
                purpose: Purpose::Confirm,
                way: "confirm",
            }
        }
    })
}

/// Which of the two acts a page is for, and of how much.
#[derive(Debug, Clone, Copy)]
enum Way {
    Publication,
    Statement,
    Whole,
}

impl Way {
    fn of(visitor: &Visitor) -> Self {
        Self::of_path(&visitor.path)
    }

    fn of_path(path: &str) -> Self {
        match path.starts_with("/dialogues/texts/") {
            true if path.ends_with("/confirm") => Self::Whole,
            true => Self::Publication,
            false => Self::Statement,
        }
    }
}

fn form(visitor: &Visitor, about: &About) -> Result<Form, Failure> {
    let action = format!("{}/{}", path(&about.id), about.way);
    let verb = visitor.words.t(about.title());
    let form = Form::new(
        visitor,
        format!("dialogues-{} {}", about.way, about.id),
        action,
        verb,
    )?;
    Ok(form.fields(visitor.label_fields(&about.for_whom(visitor))?))
}

fn page(visitor: &Visitor, about: &About, form: Form) -> Result<site::Page, Failure> {
    visitor.page(about.title(), site::nothing(), |(), frame| {
        let name = frame.t("dialogues-title");
        let frame = match about.labels.is_empty() {
            true => frame,
            false => frame.label(Tlp::strictest(&about.labels)),
        };
        Ok(Ask {
            frame: frame.under("/dialogues", name),
            lead: about.lead(visitor),
            form,
        })
    })
}

/// `GET /dialogues/{texts,commitments}/{id}/consent`, `GET /dialogues/texts/{id}/confirm`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let about = about(visitor, Way::of(visitor), &uuid)?;
            page(visitor, &about, form(visitor, &about)?.resumed(visitor)?)
        })
        .await
}

/// `POST` of the same.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let about = about(visitor, Way::of(visitor), &uuid)?;
            let mut form = form(visitor, &about)?.filled(&typed);
            let label = Label::chosen(visitor.node(), &visitor.label_chosen(&mut form));
            if about.each.is_empty() {
                let key = match about.is_whole() {
                    true => "consent-confirm-none",
                    false => "dialogues-consent-not-ours",
                };
                form.wrong("tlp", visitor.words.t(key));
            }
            let place = Place::About(about.id.as_str());
            observers::circles(visitor, &mut form, &label, &place)?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, &about, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
            let mut given = None;
            for (id, side) in &about.each {
                let consent = batch.add(NewPiece::of(Consent {
                    about_ref: id.to_string(),
                    side: side.clone(),
                    purpose: about.purpose,
                    withdrawn: false,
                    reason: None,
                }))?;
                given = Some(consent.id);
            }
            let left_out = batch.left_out();
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page(visitor, &about, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let key = match about.purpose {
                Purpose::Publish => "dialogues-consented",
                Purpose::Confirm => "consent-confirmed",
            };
            let said = match given {
                Some(given) => observers::sent(visitor, key, &given, &left_out)?,
                None => observers::told(visitor, key, &left_out),
            };
            Ok(Move::to(path(&about.id)).saying(said).into())
        })
        .await
}
