//! A round in preparation: what our side does about what is open, passage by passage. It stays on this node until it is put forward.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use site::parts::form::Typed;
use site::{Failure, Frame, Move, Reply, Visitor};
use stix::ObjectId;

use super::super::view::Eyes;
use super::paint::{Offer, Painted};
use super::show::called;
use super::{bench_of, draft_of, framed, is_of_withdrawn, lang, path};
use crate::drafting::bench::Bench;
use crate::drafting::rounds::Rounds;
use crate::drafting::send::our_side;
use crate::drafting::settle::{Act, settle as settled};

#[derive(Template)]
#[template(path = "drafting/work.html")]
struct Show {
    frame: Frame,
    lead: String,
    notices: Vec<String>,
    passages: Vec<Painted>,
    forward: Option<(String, String)>,
    add: Option<String>,
    begin: Option<(String, String)>,
    drop: Option<String>,
}

/// What the file of a received round brought with it, in sentences.
fn found(visitor: &Visitor, bench: &Bench) -> Vec<String> {
    bench
        .found
        .iter()
        .map(|(what, count)| {
            visitor.words.t1(
                &format!("drafting-found-{what}"),
                "count",
                f64::from(*count),
            )
        })
        .collect()
}

/// `GET /dialogues/drafts/{id}/work`.
pub(in super::super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            visitor.page("drafting-work", rounds, |rounds, frame| {
                made(visitor, &id, &rounds, frame)
            })
        })
        .await
}

fn made(visitor: &Visitor, id: &ObjectId, rounds: &Rounds, frame: Frame) -> Result<Show, Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let way = path(id);
    let newest = rounds.newest().ok_or(Failure::Absent)?;
    let frame = framed(visitor, rounds, frame, true);
    let Some(bench) = bench_of(visitor, id, rounds)? else {
        return Ok(Show {
            lead: words.t("drafting-work-none"),
            notices: Vec::new(),
            passages: Vec::new(),
            forward: None,
            add: None,
            begin: Some((format!("{way}/work"), words.t("drafting-work-begin"))),
            drop: None,
            frame,
        });
    };
    let own = bench.received.is_none();
    let mut notices = found(visitor, &bench);
    for gone in rounds.withdrawn_of(&bench.takes_up) {
        let round = called(visitor, &eyes, gone);
        notices.push(words.t1("drafting-withdrawn-taken", "round", round));
    }
    for head in rounds.heads() {
        if !bench
            .takes_up
            .iter()
            .any(|taken| *taken == head.id.as_str())
        {
            let round = called(visitor, &eyes, head);
            notices.push(words.t1("drafting-meanwhile", "round", round));
        }
    }
    let place = (way.as_str(), bench.side.as_str(), bench.revision);
    let passages = bench.passages.iter().enumerate().map(|(at, passage)| {
        let painted = Painted::of(visitor, &eyes, passage, (at, &lang(newest)));
        if !own {
            return painted;
        }
        let mut painted = painted.worked(visitor, &eyes, passage, place);
        if let Some(by) = passage.joins_by.as_deref() {
            let (act, key) = if by == bench.side {
                ("part", "drafting-act-withdraw")
            } else {
                ("join", "drafting-act-accept")
            };
            painted.offers.push(Offer {
                place: 0,
                told: words.t1("drafting-joins", "side", eyes.side(by)),
                agreed: None,
                acts: vec![(act, words.t(key))],
                why: None,
            });
        }
        painted
    });
    let number = f64::from(bench.round);
    let lead = if own {
        words.t2(
            "drafting-work-lead",
            "number",
            number,
            "side",
            eyes.side(&bench.side),
        )
    } else {
        words.t2(
            "drafting-received-lead",
            "number",
            number,
            "side",
            eyes.side(&bench.side),
        )
    };
    Ok(Show {
        lead,
        notices,
        passages: passages.collect(),
        forward: (!is_of_withdrawn(rounds, &bench))
            .then(|| (format!("{way}/forward"), words.t("drafting-forward"))),
        add: own.then(|| format!("{way}/add")),
        begin: None,
        drop: Some(format!("{way}/drop")),
        frame,
    })
}

/// `POST /dialogues/drafts/{id}/work`: begins to prepare the next round, where none is in preparation.
pub(in super::super) async fn begin(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| -> Result<Move, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let rounds = rounds.into_inner();
            if bench_of(visitor, &id, &rounds)?.is_none() {
                let heads = rounds.heads();
                let newest = heads.first().ok_or(Failure::Absent)?;
                let side = our_side(visitor.node(), &newest.what.parties);
                let taken: Vec<_> = heads.iter().take(2).copied().collect();
                let mut bench = Bench::begun(&id, &taken, &side).numbered(&rounds);
                match bench.save(visitor.node()) {
                    // Somebody began it this moment: it is one preparation.
                    Err(error) if !error.is::<node::Meanwhile>() => return Err(error.into()),
                    _ => {}
                }
            }
            Ok(Move::to(format!("{}/work", path(&id))))
        })
        .await
}

/// `POST /dialogues/drafts/{id}/drop`: lets go of what is in preparation.
pub(in super::super) async fn drop(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| -> Result<Move, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            bench_of(visitor, &id, &rounds.into_inner())?.ok_or(Failure::Absent)?;
            Bench::let_go(visitor.node(), &id)?;
            Ok(Move::to(path(&id)).saying(visitor.words.t("drafting-dropped")))
        })
        .await
}

/// `POST /dialogues/drafts/{id}/settle/{mark}`: our side does something about one change.
pub(in super::super) async fn settle(
    visitor: Visitor,
    Path((uuid, mark)): Path<(String, String)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let rounds = rounds.into_inner();
            let mut bench = bench_of(visitor, &id, &rounds)?.ok_or(Failure::Absent)?;
            let passage = bench.passage(&mark).ok_or(Failure::Absent)?.clone();
            if typed.text("revision") != bench.revision.to_string() || bench.received.is_some() {
                return Err(Failure::Said(
                    StatusCode::CONFLICT,
                    "drafting-changed-title",
                    "drafting-changed",
                ));
            }
            let parties = rounds
                .newest()
                .map(|newest| newest.what.parties.clone())
                .unwrap_or_default();
            let side = bench.side.clone();
            match (typed.text("act"), passage.joins_by.as_deref()) {
                ("join", Some(by)) if by != side => bench.join(&mark),
                ("part", Some(by)) if by == side => {
                    let apart = crate::records::Passage {
                        joins_by: None,
                        ..passage
                    };
                    bench.put(&mark, Some(apart), &parties);
                }
                (act, _) => {
                    let act = Act::named(act).ok_or(Failure::Absent)?;
                    let place = typed.text("place").parse().map_err(|_| Failure::Absent)?;
                    let new = settled(&passage, place, act, &side, &parties);
                    bench.put(&mark, new, &parties);
                }
            }
            bench.save(visitor.node())?;
            Ok(Move::to(format!("{}/work#p-{mark}", path(&id))).into())
        })
        .await
}
