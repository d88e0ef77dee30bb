//! One round as it was put forward.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use site::{Failure, Frame, Link, Visitor};

use super::super::object;
use super::super::view::Eyes;
use super::paint::{Painted, open_by_side};
use super::show::{called, received};
use super::{draft_of, framed, path, round_path, withdraw};
use crate::drafting::rounds::Rounds;
use crate::pages::mistaken::gone::gone;
use crate::records::Draft;

#[derive(Template)]
#[template(path = "drafting/round.html")]
struct Show {
    frame: Frame,
    facts: Vec<(String, String)>,
    open: Vec<(String, Vec<(usize, String)>)>,
    passages: Vec<Painted>,
    ways: Vec<Link>,
}

/// `GET /dialogues/drafts/{id}/rounds/{round}`.
pub(in super::super) async fn show(
    visitor: Visitor,
    Path((uuid, round)): Path<(String, String)>,
) -> Response {
    visitor
        .answer(move |visitor| {
            let round = object("draft", &round)?;
            let found = draft_of(visitor, &uuid);
            let stands = |rounds: &Rounds| rounds.round(round.as_str()).is_some();
            let (id, rounds) = match found {
                Ok((id, rounds)) if rounds.as_ref().map(stands).into_inner() => (id, rounds),
                Err(failure) if !matches!(failure, Failure::Absent) => return Err(failure),
                _ => return gone::<Draft>(visitor, &round, |one| one.reason.as_ref()),
            };
            visitor.page("drafting-round-one", rounds, |rounds, frame| {
                let (eyes, words) = (Eyes::new(visitor), &visitor.words);
                let piece = rounds.round(round.as_str()).ok_or(Failure::Absent)?;
                let mut facts = vec![(words.t("drafting-round"), called(visitor, &eyes, piece))];
                facts.extend(
                    received(visitor, piece).map(|said| (words.t("drafting-came-in"), said)),
                );
                let mut ways = vec![Link::new(
                    format!("{}/round.docx", round_path(&id, &round)),
                    words.t("drafting-as-docx"),
                )];
                let before = [&piece.what.follows_ref, &piece.what.also_follows_ref];
                for before in before.into_iter().flatten() {
                    if let Some(before) = rounds.round(before) {
                        ways.push(Link::new(
                            format!(
                                "{}/compare?from={}&to={}",
                                path(&id),
                                before.id.uuid(),
                                round.uuid()
                            ),
                            words.t1(
                                "drafting-compare-with",
                                "round",
                                called(visitor, &eyes, before),
                            ),
                        ));
                    }
                }
                if withdraw::may(visitor, &rounds, piece) {
                    let way = format!("{}/withdraw", round_path(&id, &round));
                    ways.push(Link::new(way, words.t("drafting-withdraw")));
                }
                Ok(Show {
                    facts,
                    open: open_by_side(visitor, &eyes, &piece.what.passages),
                    passages: Painted::all(visitor, &eyes, piece),
                    ways,
                    frame: framed(visitor, &rounds, frame, true),
                })
            })
        })
        .await
}
