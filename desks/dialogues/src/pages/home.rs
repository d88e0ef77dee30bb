//! `/dialogues`: what is due, what has passed its date without word, what was announced and not recorded as held, where accounts differ,
//! when the next session is.

use askama::Template;
use axum::response::Response;
use site::{Frame, Link, Tlp, Visitor};

use super::came_in::{Arrival, came_in, looked};
use super::register_of;
use super::view::{Eyes, Row};
use crate::register::Home;
use crate::rules::accounts;
use crate::rules::announced::planned;
use crate::rules::due::Due;

#[derive(Template)]
#[template(path = "dialogues/home.html")]
struct Page {
    frame: Frame,
    sentences: Vec<Link>,
    past: Vec<Row>,
    differ: Vec<Row>,
    ahead: Vec<Row>,
    not_held: Vec<(Link, String)>,
    next: Vec<(Link, String)>,
    promised: Vec<(Link, String)>,
    silences: Vec<(Link, String)>,
    empty: bool,
    came: Vec<Arrival>,
    since: String,
    partners: Vec<Link>,
    answers: Vec<Link>,
}

/// Commitments of the home page by what is asked about them.
struct Sorted<'h> {
    past: Vec<&'h crate::records::Piece<crate::records::Commitment>>,
    differ: Vec<&'h crate::records::Piece<crate::records::Commitment>>,
    ahead: Vec<&'h crate::records::Piece<crate::records::Commitment>>,
}

fn sorted<'h>(home: &'h Home, now: i64) -> Sorted<'h> {
    let of = |ids: &'h [stix::ObjectId]| ids.iter().filter_map(|id| home.known.commitment(id));
    let state =
        |piece: &crate::records::Piece<crate::records::Commitment>| home.known.due(piece, now);
    Sorted {
        past: of(&home.past)
            .filter(|piece| state(piece) == Due::PassedInSilence)
            .collect(),
        ahead: of(&home.ahead)
            .filter(|piece| matches!(state(piece), Due::Ahead(_)))
            .collect(),
        differ: of(&home.spoken_of)
            .filter(|piece| home.known.replaced_by(piece).is_none())
            .filter(|piece| !accounts::differ(&home.known.followed(&piece.id)).is_empty())
            .collect(),
    }
}

/// What the desk says at a glance; each sentence leads to the rows behind it.
pub(super) fn sentences(eyes: &Eyes<'_>, home: &Home, to: &str) -> Vec<Link> {
    let Sorted {
        past,
        differ,
        ahead,
    } = sorted(home, eyes.now);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
    let count = |n: usize| n as f64;
    let mut all = Vec::new();
    let mut say = |anchor: &str, key: &str, n: usize, more: bool| {
        if n > 0 {
            let mut told = eyes.words.t1(key, "n", count(n));
            if more {
                told = eyes.words.t1("dialogues-say-more", "said", told);
            }
            all.push(Link::new(format!("{to}#{anchor}"), told));
        }
    };
    let more = home.more;
    say("past", "dialogues-say-past", past.len(), more.past);
    say(
        "differ",
        "dialogues-say-differ",
        differ.len(),
        more.spoken_of,
    );
    let not_held = home.not_held.len() + home.lapsed.len();
    say(
        "not-held",
        "dialogues-say-not-held",
        not_held,
        more.not_held,
    );
    say("ahead", "dialogues-say-ahead", ahead.len(), more.ahead);
    for one in &home.silences {
        let when = eyes.away(days_until(one.until, eyes.now));
        let title = site::shorten(&site::shown(&one.title));
        let key = "dialogues-say-silence";
        let told = eyes.words.t2(key, "title", title, "when", when);
        all.push(Link::new(format!("{to}#silence"), told));
    }
    if let Some(next) = planned(&home.known.sessions, eyes.now).first() {
        let others: Vec<String> = next
            .what
            .parties
            .iter()
            .filter(|party| !eyes.ours.contains(party))
            .cloned()
            .collect();
        let sentence = eyes.words.t2(
            "dialogues-say-next",
            "sides",
            eyes.sides(&others),
            "when",
            eyes.ahead(&next.what),
        );
        all.push(Link::new(format!("{to}#next"), sentence));
    }
    all
}

/// Whole days from now until a moment.
fn days_until(moment: i64, now: i64) -> i64 {
    const DAY: i64 = 86_400_000_000;
    moment.div_euclid(DAY) - now.div_euclid(DAY)
}

/// How many series are looked through for who the partners are.
const PARTNERS: usize = 300;

/// How many of the next sessions are listed.
const NEXT: usize = 5;

/// What else the desk answers, one click away.
const ANSWERS: [(&str, &str); 6] = [
    ("/dialogues/register?state=passed", "answers-passed"),
    ("/dialogues/repeated", "dialogues-repeated"),
    (
        "/dialogues/sessions?outcome=not-recorded",
        "answers-not-held",
    ),
    ("/dialogues/sessions", "answers-who"),
    ("/dialogues/wording", "wording-title"),
    ("/dialogues/timeline", "answers-timeline"),
];

/// Everybody with whom there is a series, each with the way to what binds us with them.
fn partners(
    eyes: &Eyes<'_>,
    series: &[crate::records::Piece<crate::records::Dialogue>],
) -> Vec<Link> {
    let mut sides: Vec<&String> = series
        .iter()
        .flat_map(|piece| &piece.what.parties)
        .collect();
    sides.sort();
    sides.dedup();
    let others = sides.into_iter().filter(|side| !eyes.ours.contains(side));
    let mut links: Vec<Link> = others
        .map(|side| {
            let path = format!("/dialogues/register?act=commitment&with={side}");
            Link::new(path, eyes.side(side))
        })
        .collect();
    eyes.words.sort(&mut links, |link| &link.name);
    links
}

/// `GET /dialogues`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let home = register.home_folded(visitor.now)?;
            let series = register.all::<crate::records::Dialogue>("dialogue.name", PARTNERS)?;
            let came = came_in(visitor)?;
            looked(visitor)?;
            visitor.page(
                "dialogues-title",
                home.zip(series).zip(came),
                |(((home, also), all_series), came), frame| {
                    let eyes = Eyes::new(visitor);
                    let Sorted {
                        past,
                        differ,
                        ahead,
                    } = sorted(&home, visitor.now);
                    let called = |session: &crate::records::Piece<crate::records::Session>| {
                        let dialogue = home.known.dialogue(Some(&session.what.dialogue_ref));
                        dialogue.map_or_else(String::new, |dialogue| eyes.dialogue(dialogue))
                    };
                    let series = |session: &crate::records::Piece<crate::records::Session>| {
                        let name = called(session);
                        Link::new(
                            super::view::path(&session.id),
                            format!("{name} – {}", eyes.session(&session.what)),
                        )
                    };
                    // What is asked for is the session that was announced: the one that announced it is not named before it.
                    let announced = |session: &crate::records::Piece<crate::records::Session>| {
                        let next = session.what.next.as_ref();
                        let date = next.and_then(|next| next.date.as_deref());
                        let place = next.and_then(|next| next.place.as_deref());
                        let told = visitor.words.t2(
                            "dialogues-announced-at",
                            "announced",
                            eyes.announced(date, place),
                            "session",
                            eyes.session(&session.what),
                        );
                        let way = super::view::path(&session.id);
                        (Link::new(way, called(session)), told)
                    };
                    let sessions = &home.known.sessions;
                    let of = |ids: &[stix::ObjectId]| -> Vec<(Link, String)> {
                        let found = ids
                            .iter()
                            .filter_map(|id| home.known.session(Some(id.as_str())));
                        found.map(announced).collect()
                    };
                    let lapsed = home.lapsed.iter();
                    let lapsed = lapsed.filter_map(|id| home.known.session(Some(id.as_str())));
                    let lapsed =
                        lapsed.map(|one| (series(one), visitor.words.t("dialogues-next-lapsed")));
                    let coming = planned(sessions, visitor.now)
                        .into_iter()
                        .take(NEXT)
                        .map(|session| (series(session), eyes.ahead(&session.what)));
                    let silences = home.silences.iter().map(|one| {
                        let way = format!("/dialogues/drafts/{}", one.draft.uuid());
                        let told = visitor.words.t2(
                            "dialogues-silence-until",
                            "date",
                            visitor.words.moment(one.until),
                            "side",
                            eyes.side(&one.by),
                        );
                        (Link::new(way, site::shown(&one.title)), told)
                    });
                    let labels = home.labels();
                    let series_labels = all_series.iter().filter_map(|piece| piece.label.as_ref());
                    let labels: Vec<_> = labels
                        .into_iter()
                        .chain(came.labels())
                        .chain(series_labels)
                        .collect();
                    let frame = if labels.is_empty() {
                        frame
                    } else {
                        frame.label(Tlp::strictest(labels))
                    };
                    let mut sentences = sentences(&eyes, &home, "");
                    // What is no row below is not counted here either.
                    let rows = came.rows(&eyes);
                    if !rows.is_empty() {
                        let mut told = match came.dated {
                            true => {
                                let date = visitor.words.date(came.since);
                                let n = rows.len();
                                visitor.words.t2("came-say-first", "n", n, "date", date)
                            }
                            false => visitor.words.t1("came-say", "n", rows.len()),
                        };
                        if came.more {
                            told = visitor.words.t1("dialogues-say-more", "said", told);
                        }
                        sentences.push(Link::new("#came", told));
                    }
                    Ok(Page {
                        came: rows,
                        since: visitor.words.moment(came.since),
                        partners: partners(&eyes, &all_series),
                        answers: ANSWERS
                            .map(|(path, key)| Link::new(path, visitor.words.t(key)))
                            .to_vec(),
                        frame,
                        sentences,
                        empty: all_series.is_empty() && home.known.commitments.is_empty(),
                        // What the heading says of all of them is not said again of each.
                        past: eyes
                            .rows(&(&home.known, &also), past)
                            .into_iter()
                            .map(|row| Row {
                                passed: false,
                                ..row
                            })
                            .collect(),
                        differ: eyes
                            .rows(&(&home.known, &also), differ)
                            .into_iter()
                            .map(|row| Row {
                                differ: false,
                                ..row
                            })
                            .collect(),
                        ahead: eyes.rows(&(&home.known, &also), ahead),
                        not_held: of(&home.not_held).into_iter().chain(lapsed).collect(),
                        next: coming.collect(),
                        promised: of(&home.to_come),
                        silences: silences.collect(),
                    })
                },
            )
        })
        .await
}
