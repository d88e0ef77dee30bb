//! A side's consent: to publish a text that it agreed, and to what the other side's text says of it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use site::parts::form::{Form, Typed};
use site::{Failure, Move, Reply, Visitor};
use stix::ObjectId;

use super::follow_up::Ask;
use super::view::path;
use super::{object, observers, register_of};
use crate::compose::{Batch, Label};
use crate::names;
use crate::records::{Commitment, Consent, NewPiece, Place, Purpose, Text};

/// What is consented to, and who its parties are.
struct About {
    id: ObjectId,
    purpose: Purpose,
    parties: Vec<String>,
}

fn about(visitor: &Visitor, room: &str, uuid: &str) -> Result<About, Failure> {
    let register = register_of(visitor);
    if room == "texts" {
        let id = object("report", uuid)?;
        let text = register.one::<Text>(&id)?.ok_or(Failure::Absent)?;
        let parties = text.map(|text| text.what.parties).into_inner();
        return Ok(About {
            id,
            purpose: Purpose::Publish,
            parties,
        });
    }
    let id = object("commitment", uuid)?;
    let one = register.one::<Commitment>(&id)?.ok_or(Failure::Absent)?;
    let parties = one.map(|one| one.what.actors).into_inner();
    Ok(About {
        id,
        purpose: Purpose::Confirm,
        parties,
    })
}

fn form(visitor: &Visitor, about: &About) -> Result<Form, Failure> {
    let action = format!("{}/consent", path(&about.id));
    let verb = visitor.words.t("dialogues-consent");
    let form = Form::new(
        visitor,
        format!("dialogues-consent {}", about.id),
        action,
        verb,
    )?;
    Ok(form.fields(visitor.label_fields(&Marking::default())?))
}

fn page(visitor: &Visitor, about: &About, form: Form) -> Result<site::Page, Failure> {
    let key = match about.purpose {
        Purpose::Publish => "dialogues-consent-publish",
        Purpose::Confirm => "dialogues-consent-confirm",
    };
    visitor.page("dialogues-consent-title", site::nothing(), |(), frame| {
        let lead = frame.t(key);
        let name = frame.t("dialogues-title");
        Ok(Ask {
            frame: frame.under("/dialogues", name),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/{texts,commitments}/{id}/consent`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let about = about(visitor, room(visitor), &uuid)?;
            page(visitor, &about, form(visitor, &about)?.resumed(visitor)?)
        })
        .await
}

fn room(visitor: &Visitor) -> &'static str {
    if visitor.path.starts_with("/dialogues/texts/") {
        "texts"
    } else {
        "commitments"
    }
}

/// `POST /dialogues/{texts,commitments}/{id}/consent`.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let about = about(visitor, room(visitor), &uuid)?;
            let mut form = form(visitor, &about)?.filled(&typed);
            let label = Label::chosen(visitor.node(), &visitor.label_chosen(&mut form));
            let ours = names::ours(visitor.node());
            // Nobody consents in the name of another: the side is ours, as the text calls us.
            let side = about
                .parties
                .iter()
                .find(|party| ours.contains(party))
                .cloned();
            if side.is_none() {
                form.wrong("tlp", visitor.words.t("dialogues-consent-not-ours"));
            }
            let place = Place::About(about.id.as_str());
            observers::circles(visitor, &mut form, &label, &place)?;
            let (Some(side), false) = (side, form.is_wrong()) else {
                form.keep(visitor)?;
                return Ok(page(visitor, &about, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
            batch.add(NewPiece::of(Consent {
                about_ref: about.id.to_string(),
                side,
                purpose: about.purpose,
                withdrawn: false,
            }))?;
            let left_out = batch.left_out();
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page(visitor, &about, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let said = observers::told(visitor, "dialogues-consented", &left_out);
            Ok(Move::to(path(&about.id)).saying(said).into())
        })
        .await
}
