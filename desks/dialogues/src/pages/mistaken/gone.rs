//! What a page says of what its author asked us to withdraw, and what stands in place of what was taken back.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use policy::Purpose;
use site::{Failure, Frame, Page, Tlp, Visitor};
use stix::ObjectId;

use crate::pages::view::Eyes;
use crate::records::{Kind, Piece};

/// That the author of a record which is not ours asked us to withdraw it, and when; it stands here, and is given to nobody.
pub(in crate::pages) fn asked_back<T>(
    visitor: &Visitor,
    piece: &Piece<T>,
) -> Result<Option<String>, Failure> {
    let node = visitor.node();
    if piece.author == node.home().id || visitor.person().is_none() {
        return Ok(None);
    }
    let asked = node.asked_back([&piece.id])?;
    Ok(asked.get(&piece.id).map(|made| {
        let side = Eyes::new(visitor).side(piece.author.as_str());
        let date = visitor.words.date(*made);
        let key = "mistaken-asked-back";
        visitor.words.t2(key, "side", side, "date", date)
    }))
}

/// The same of many at once, each with who wrote it.
pub(in crate::pages) fn all_asked_back<'p>(
    visitor: &Visitor,
    all: impl IntoIterator<Item = (&'p ObjectId, &'p ObjectId)>,
) -> Result<BTreeMap<ObjectId, String>, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let home = &node.home().id;
    let theirs = all.into_iter().filter(|(_, author)| *author != home);
    let theirs: BTreeMap<&ObjectId, &ObjectId> = theirs.collect();
    if visitor.person().is_none() || theirs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let eyes = Eyes::new(visitor);
    let asked = node.asked_back(theirs.keys().copied())?.into_iter();
    let told = asked.filter_map(|(id, made)| {
        let side = eyes.side(theirs.get(&id)?.as_str());
        let key = "mistaken-asked-back";
        let told = words.t2(key, "side", side, "date", words.date(made));
        Some((id, told))
    });
    Ok(told.collect())
}

/// What stands where something was taken back.
#[derive(Template)]
#[template(path = "dialogues/gone.html")]
struct Gone {
    frame: Frame,
    told: String,
    reason: Option<String>,
    versions: Option<String>,
}

/// The page of a record that its author took back, or asked us to withdraw, for those who may have that; absent to everybody else, as what
/// was never there.
pub(in crate::pages) fn gone<T: Kind>(
    visitor: &Visitor,
    id: &ObjectId,
    reason: fn(&T) -> Option<&String>,
) -> Result<Page, Failure> {
    let stood = visitor
        .node()
        .stood(visitor.viewer(), Purpose::Show, id)?
        .ok_or(Failure::Absent)?;
    let revoked = stood.as_ref().map(|stood| stood.revoked).into_inner();
    let asked = stood.as_ref().map(|stood| {
        // What came without what it needs is shown nowhere.
        let Ok(piece) = Piece::<T>::read(&stood.record.body) else {
            return Ok(None);
        };
        asked_back(visitor, &piece)
    });
    let asked = asked.into_inner()?;
    if !revoked && asked.is_none() {
        return Err(Failure::Absent);
    }
    let page = visitor.page("mistaken-gone", stood, |stood, frame| {
        let piece = Piece::<T>::read(&stood.record.body).map_err(|_| Failure::Absent)?;
        let piece = piece.under(stood.label.clone());
        let words = &visitor.words;
        let side = Eyes::new(visitor).side(piece.author.as_str());
        let date = words.date(piece.modified.micros());
        let desk = frame.t("dialogues-title");
        Ok(Gone {
            frame: frame
                .under("/dialogues", desk)
                .label(Tlp::strictest([&stood.label])),
            told: match (revoked, asked) {
                (false, Some(asked)) => asked,
                _ => words.t2("mistaken-gone-by", "side", side, "date", date),
            },
            reason: reason(&piece.what).map(|reason| site::shown_lines(reason)),
            versions: visitor.person().map(|_| format!("/records/{}", piece.id)),
        })
    })?;
    Ok(page.with_status(StatusCode::GONE))
}
