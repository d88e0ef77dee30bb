//! One draft: its newest round with what is open in it, all its rounds, how silence stands, and what one can do.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use site::{Failure, Frame, Link, Role, Visitor, shown};
use stix::ObjectId;

use super::super::register_of;
use super::super::view::Eyes;
use super::paint::{Painted, open_by_side, short};
use super::{bench_of, draft_of, framed, gone, path, round_path};
use crate::drafting::ink::open;
use crate::drafting::rounds::{Heard, Rounds};
use crate::records::{Draft, Piece, Session, SessionState};
use crate::rules::silence::{Procedure, Standing};

/// A round in the list of rounds.
pub(super) struct Line {
    pub(super) link: Link,
    pub(super) about: String,
    pub(super) file: String,
}

#[derive(Template)]
#[template(path = "drafting/draft.html")]
struct Show {
    frame: Frame,
    facts: Vec<(String, String)>,
    notices: Vec<String>,
    silence: Vec<(&'static str, String)>,
    open: Vec<(String, Vec<(usize, String)>)>,
    passages: Vec<Painted>,
    rounds: Vec<Line>,
    withdrawn: Vec<Link>,
    ways: Vec<Link>,
    work: Option<(String, String)>,
    compare: Option<(String, Vec<(String, String)>)>,
}

/// How a round is called: "Round 2, European Union, 22 November 2026".
pub(super) fn called(visitor: &Visitor, eyes: &Eyes<'_>, piece: &Piece<Draft>) -> String {
    visitor.words.with(
        "drafting-round-called",
        &[
            ("number", f64::from(piece.what.round).into()),
            ("side", eyes.side(&piece.what.side).into()),
            ("date", visitor.words.moment(piece.created.micros()).into()),
        ],
    )
}

/// That a round was withdrawn, and why.
fn withdrawn(visitor: &Visitor, eyes: &Eyes<'_>, piece: &Piece<Draft>) -> String {
    let round = called(visitor, eyes, piece);
    match &piece.what.reason {
        Some(why) => {
            let key = "drafting-withdrawn-why";
            visitor.words.t2(key, "round", round, "why", shown(why))
        }
        None => visitor.words.t1("drafting-withdrawn", "round", round),
    }
}

/// The same where one of many is chosen: what tells it apart comes first.
fn chosen(visitor: &Visitor, eyes: &Eyes<'_>, piece: &Piece<Draft>) -> String {
    visitor.words.with(
        "drafting-round-chosen",
        &[
            ("number", f64::from(piece.what.round).into()),
            ("side", short(eyes, &piece.what.side).into()),
            ("date", visitor.words.moment(piece.created.micros()).into()),
        ],
    )
}

/// How a round came in, where it came as a file.
pub(super) fn received(visitor: &Visitor, piece: &Piece<Draft>) -> Option<String> {
    let received = piece.what.received.as_ref()?;
    let date = visitor.words.date_of(&received.on);
    Some(visitor.words.with(
        "drafting-received",
        &[
            ("by", shown(&received.by).into()),
            ("date", date.unwrap_or_else(|| shown(&received.on)).into()),
            (
                "from",
                shown(received.from.as_deref().unwrap_or("–")).into(),
            ),
        ],
    ))
}

/// A time in the zone in which it was given.
pub(super) fn in_zone(visitor: &Visitor, micros: i64, zone: Option<&str>) -> String {
    let minutes = zone.and_then(super::silence::minutes).unwrap_or(0);
    let there = visitor.words.moment(micros + minutes * 60_000_000);
    match zone.filter(|_| minutes != 0) {
        // The language writes every time as UTC; this one is not.
        Some(zone) => there.replace("UTC", &format!("UTC{}", zone.replace('-', "\u{2212}"))),
        None => there,
    }
}

fn told(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    one: &Procedure,
    heard: &[Heard],
    (still, all): (usize, usize),
) -> Vec<(&'static str, String)> {
    let words = &visitor.words;
    let until = in_zone(visitor, one.until, one.zone.as_deref());
    let (sign, key) = match one.standing {
        Standing::Running => ("wait", "drafting-silence-running"),
        Standing::Broken => ("bad", "drafting-silence-broken"),
        Standing::Agreed if still > 0 => ("wait", "drafting-silence-agreed-open"),
        Standing::Agreed => ("good", "drafting-silence-agreed"),
        Standing::Unsure => ("wait", "drafting-silence-unsure"),
        Standing::Unheard => ("bad", "drafting-silence-unheard"),
    };
    let key = match one.standing {
        Standing::Unsure if !one.broken.is_empty() => "drafting-silence-unsure-broken",
        _ => key,
    };
    let mut said = vec![(
        sign,
        words.t2(key, "side", eyes.side(&one.by), "until", until),
    )];
    // Silence on a round agrees to the round, and closes no bracket in it.
    if still > 0 && matches!(one.standing, Standing::Running | Standing::Agreed) {
        let told = words.t2("drafting-silence-open", "open", still, "all", all);
        said.push(("wait", told));
    }
    if one.standing == Standing::Running && one.known.is_none() {
        said.push(("bad", words.t("drafting-silence-closed")));
    }
    if one.standing == Standing::Running && !one.broken.is_empty() {
        said.push(("bad", words.t("drafting-silence-break-closed")));
    }
    if one.standing != Standing::Broken {
        let known = heard
            .iter()
            .filter_map(|side| basis(visitor, eyes, one, side));
        said.extend(known);
    }
    for (side, why) in &one.broken {
        let why = shown(why.as_deref().unwrap_or("–"));
        said.push((
            "bad",
            words.t2("drafting-silence-by", "side", eyes.side(side), "words", why),
        ));
    }
    for (side, reserved) in &one.reserved {
        said.push((
            "wait",
            words.t2(
                "drafting-silence-reserved",
                "side",
                eyes.side(side),
                "words",
                shown(reserved),
            ),
        ));
    }
    for (side, act) in &one.early {
        let act = words.t(&format!("drafting-silence-act-{}", act.as_str()));
        said.push((
            "bad",
            words.t2(
                "drafting-silence-early",
                "side",
                eyes.side(side),
                "act",
                act,
            ),
        ));
    }
    for (side, _) in &one.late {
        said.push((
            "off",
            words.t1("drafting-silence-late", "side", eyes.side(side)),
        ));
    }
    said
}

/// What the word on a procedure rests on: when a side had it, as far as this node knows.
fn basis(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    one: &Procedure,
    heard: &Heard,
) -> Option<(&'static str, String)> {
    let words = &visitor.words;
    let side = eyes.side(&heard.side);
    let moment = |micros: i64| in_zone(visitor, micros, one.zone.as_deref());
    if heard.elsewhere {
        let by = eyes.side(&one.by);
        let said = words.t2("drafting-silence-elsewhere", "side", side, "by", by);
        return Some(("off", said));
    }
    let (key, at) = match (heard.had, heard.known) {
        (Some(had), _) => ("drafting-silence-had", had),
        (None, Some(open)) => ("drafting-silence-not-fetched", open),
        (None, None) => return None,
    };
    let sign = if heard.had.is_some() { "off" } else { "wait" };
    Some((sign, words.t2(key, "side", side, "date", moment(at))))
}

/// `GET /dialogues/drafts/{id}`.
pub(in super::super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = match draft_of(visitor, &uuid) {
                Err(Failure::Absent) => return gone(visitor, &uuid),
                found => found?,
            };
            let title = rounds
                .as_ref()
                .map(|rounds| rounds.newest().map(|one| shown(&one.what.title)));
            let title = title.into_inner().unwrap_or_default();
            visitor.page_called(&title, rounds, |rounds, frame| {
                made(visitor, &id, &rounds, frame)
            })
        })
        .await
}

fn made(visitor: &Visitor, id: &ObjectId, rounds: &Rounds, frame: Frame) -> Result<Show, Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let newest = rounds.newest().ok_or(Failure::Absent)?;
    let passages = &newest.what.passages;
    let (still, all) = open(passages);
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let facts = vec![
        (words.t("drafting-newest"), called(visitor, &eyes, newest)),
        (
            words.t("dialogues-parties"),
            eyes.sides(&newest.what.parties),
        ),
        (
            words.t("drafting-open"),
            words.t2("drafting-open-of", "open", count(still), "all", count(all)),
        ),
    ];
    let heads = rounds.heads();
    let mut notices = Vec::new();
    if heads.len() > 1 {
        let names: Vec<String> = heads
            .iter()
            .map(|head| called(visitor, &eyes, head))
            .collect();
        notices.push(words.t1(
            "drafting-conflict",
            "rounds",
            names.join(&words.t("properties-next")),
        ));
    }
    notices.extend(received(visitor, newest));
    let withdrawn = rounds.withdrawn.iter();
    let withdrawn = withdrawn.filter(|one| one.what.round > newest.what.round);
    notices.extend(withdrawn.map(|one| self::withdrawn(visitor, &eyes, one)));
    let (_, session) = rounds.made_for();
    let session = session.and_then(|id| ObjectId::parse(id).ok());
    if let Some(session) = session
        && let Some(known) = register_of(visitor).one::<Session>(&session)?
        && known.into_inner().what.state == SessionState::Cancelled
    {
        notices.push(words.t("drafting-session-off"));
    }
    let way = path(id);
    let editor = visitor.has(Role::Editor);
    let bench = if editor {
        bench_of(visitor, id, rounds)?
    } else {
        None
    };
    let mut ways = Vec::new();
    if editor {
        ways.extend([
            Link::new(format!("{way}/receive"), words.t("drafting-receive")),
            Link::new(format!("{way}/silence"), words.t("drafting-silence")),
            Link::new(format!("{way}/text"), words.t("drafting-become")),
        ]);
    }
    let compare = (rounds.all.len() > 1).then(|| {
        let choices = rounds
            .all
            .iter()
            .map(|round| (round.id.uuid().to_string(), chosen(visitor, &eyes, round)))
            .collect();
        (format!("{way}/compare"), choices)
    });
    Ok(Show {
        facts,
        notices,
        silence: {
            let one = rounds.procedure(&newest.id, visitor.now);
            let mut said = one.map_or_else(Vec::new, |one| {
                told(visitor, &eyes, &one, rounds.heard_of(&one), (still, all))
            });
            said.extend(
                rounds
                    .in_name
                    .iter()
                    .map(|one| ("off", eyes.in_name(one).0)),
            );
            said.extend(rounds.held_back(&newest.id).into_iter().map(|act| {
                let act = words.t(&format!("drafting-silence-act-{}", act.as_str()));
                ("wait", words.t1("drafting-silence-waits", "act", act))
            }));
            said
        },
        open: open_by_side(visitor, &eyes, passages),
        passages: Painted::all(visitor, &eyes, newest),
        withdrawn: {
            let all = rounds.withdrawn.iter().rev();
            let line = |one| {
                let told = self::withdrawn(visitor, &eyes, one);
                Link::new(round_path(id, &one.id), told)
            };
            all.map(line).collect()
        },
        rounds: rounds
            .all
            .iter()
            .rev()
            .map(|round| {
                let own = round_path(id, &round.id);
                Line {
                    file: format!("{own}/round.docx"),
                    link: Link::new(own, called(visitor, &eyes, round)),
                    about: received(visitor, round).unwrap_or_default(),
                }
            })
            .collect(),
        ways,
        work: editor.then(|| {
            let key = match (&bench, heads.len() > 1) {
                (Some(_), _) => "drafting-work-on",
                (None, true) => "drafting-work-both",
                (None, false) => "drafting-work-begin",
            };
            (format!("{way}/work"), words.t(key))
        }),
        compare,
        frame: framed(visitor, rounds, frame, false),
    })
}
