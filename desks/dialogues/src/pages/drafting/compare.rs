//! Two rounds side by side, word by word: as each would read if everything put forward were taken.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use site::parts::difference::Difference;
use site::{Failure, Frame, Visitor, shown};

use super::super::object;
use super::super::view::Eyes;
use super::show::called;
use super::{draft_of, framed, lang};
use crate::drafting::rounds::paired;
use crate::records::{Passage, PassageState};

#[derive(Template)]
#[template(path = "drafting/compare.html")]
struct Show {
    frame: Frame,
    from: String,
    to: String,
    passages: Vec<(usize, Option<Difference>, String, String)>,
    changed: bool,
}

fn reads(passage: Option<&Passage>) -> String {
    passage
        .filter(|passage| passage.state != PassageState::Deleted)
        .map(|passage| shown(&passage.words))
        .unwrap_or_default()
}

/// `GET /dialogues/drafts/{id}/compare`.
pub(in super::super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (_, rounds) = draft_of(visitor, &uuid)?;
            visitor.page("drafting-compare", rounds, |rounds, frame| {
                let eyes = Eyes::new(visitor);
                let asked = |name: &str| -> Result<_, Failure> {
                    Ok(match visitor.asked(name) {
                        Some(uuid) => rounds.round(object("draft", &uuid)?.as_str()),
                        None if name == "from" => rounds.all.first(),
                        None => rounds.newest(),
                    })
                };
                let from = asked("from")?.ok_or(Failure::Absent)?;
                let to = asked("to")?.ok_or(Failure::Absent)?;
                let tag = lang(to);
                let passages: Vec<_> = paired(&from.what.passages, &to.what.passages)
                    .into_iter()
                    .enumerate()
                    .map(|(place, (earlier, later))| {
                        let (a, b) = (reads(earlier), reads(later));
                        let difference = Difference::of(&a, &b, tag.clone());
                        let changed = !difference.is_none();
                        (place + 1, changed.then_some(difference), b, tag.clone())
                    })
                    .collect();
                Ok(Show {
                    from: called(visitor, &eyes, from),
                    to: called(visitor, &eyes, to),
                    changed: passages.iter().any(|(_, change, _, _)| change.is_some()),
                    passages,
                    frame: framed(visitor, &rounds, frame, true),
                })
            })
        })
        .await
}
