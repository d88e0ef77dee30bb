//! `/dialogues/series` and one series: its sessions, what was announced and held, everything that binds its parties, who took part.

pub(super) mod document;
pub(super) mod edit;
pub(super) mod one;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use site::{Failure, Frame, Link, Tlp, Visitor, shown};

use self::one::{Near, One};
use super::apart::Among;
use super::became::{Became, became};
use super::stands::Stands;
use super::view::{Eyes, Row};
use super::{mistaken, object, register_of};
use crate::records::{Dialogue, Piece};
use crate::register::{Folded, Work};
use crate::rules::attendance::took_part;
use crate::rules::due::is_to_be_followed;
use crate::rules::repeated::repeated;

/// How many series are listed.
const MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "dialogues/series-list.html")]
struct All {
    frame: Frame,
    /// Each with its parties, and with those that are read as one with it.
    rows: Vec<(Link, String, Vec<Link>)>,
}

/// `GET /dialogues/series`.
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let all = register.all::<Dialogue>("dialogue.name", MOST)?;
            let same = register.same()?;
            visitor.page("dialogues-series-all", all, |all, frame| {
                let eyes = Eyes::new(visitor);
                let labels: Vec<_> = all
                    .iter()
                    .filter_map(|piece| piece.label.as_ref())
                    .collect();
                let frame = if labels.is_empty() {
                    frame
                } else {
                    frame.label(Tlp::strictest(labels))
                };
                let among = Among::of(&eyes, &all);
                let link = |piece: &Piece<Dialogue>| {
                    Link::new(super::view::path(&piece.id), among.called(&eyes, piece))
                };
                let stands = |piece: &&Piece<Dialogue>| {
                    let stands = same.read_as(piece.id.as_str());
                    all.iter().all(|one| one.id.as_str() != stands) || piece.id.as_str() == stands
                };
                let of = |piece: &Piece<Dialogue>| {
                    let every = same.all(piece.id.as_str());
                    let others = all.iter().filter(|one| one.id != piece.id);
                    let others = others.filter(|one| every.contains(one.id.as_str()));
                    others.map(link).collect::<Vec<_>>()
                };
                let standing: Vec<_> = all.iter().filter(stands).collect();
                let mut rows: Vec<(Link, String, Vec<Link>)> = standing
                    .into_iter()
                    .map(|piece| (link(piece), eyes.sides(&piece.what.parties), of(piece)))
                    .collect();
                visitor.words.sort(&mut rows, |row| &row.0.name);
                let name = frame.t("dialogues-title");
                Ok(All {
                    frame: frame.under("/dialogues", name),
                    rows,
                })
            })
        })
        .await
}

/// A session of the series.
struct Held {
    link: Link,
    state: String,
    next: Option<String>,
    became: Option<Became>,
}

#[derive(Template)]
#[template(path = "dialogues/series.html")]
struct Show {
    frame: Frame,
    stands: Option<Stands>,
    one: Option<One>,
    parties: String,
    remark: Option<String>,
    former: Vec<String>,
    sessions: Vec<Held>,
    open: Vec<Row>,
    repeated: Vec<(Row, Row)>,
    persons: Vec<(String, String, Vec<Link>)>,
    sources: Vec<crate::records::Source>,
    file: Option<String>,
    document: Option<String>,
    edit: Option<String>,
    withdraw: Option<String>,
    /// That its author asked us to withdraw it.
    asked_back: Option<String>,
    work: Vec<Running>,
    events: Vec<(Link, String)>,
    demarches: Vec<(Link, String, Vec<String>)>,
    add: Vec<Link>,
}

/// An arrangement, or a strand of one, with what is done on it.
struct Running {
    path: String,
    name: String,
    about: String,
    is_strand: bool,
    activities: Vec<(Link, String)>,
}

/// `GET /dialogues/series/{id}`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("dialogue", &uuid)?;
            let Some(known) = register_of(visitor).series(&id)? else {
                return mistaken::gone::gone::<Dialogue>(visitor, &id, |one| one.reason.as_ref());
            };
            let known = register_of(visitor).folded(known)?;
            let title = known
                .as_ref()
                .map(|known| {
                    let own = known.itself(&id);
                    own.map(|piece| Eyes::new(visitor).dialogue(piece))
                })
                .into_inner()
                .unwrap_or_default();
            let work = register_of(visitor).work(&id)?;
            let near = Near::of(&register_of(visitor))?;
            let all = known.zip(work).zip(near);
            visitor.page_called(&title, all, |((known, work), near), frame| {
                let dialogue = known.itself(&id).ok_or(Failure::Absent)?;
                let (one, others) = One::of(visitor, &near, dialogue)?;
                let labels = known.labels().into_iter().chain(work.labels());
                let frame = frame.label(Tlp::strictest(labels.chain(others)));
                let mut page = made(visitor, &known, dialogue, frame);
                page.asked_back = mistaken::gone::asked_back(visitor, dialogue)?;
                page.one = one;
                page.stands = Stands::of(visitor, dialogue)?;
                running(visitor, &work, &mut page)?;
                Ok(page)
            })
        })
        .await
}

fn made(visitor: &Visitor, known: &Folded, dialogue: &Piece<Dialogue>, frame: Frame) -> Show {
    let eyes = Eyes::new(visitor);
    let sessions = known.sessions_of(&dialogue.id);
    let in_time: Vec<_> = sessions.iter().rev().collect();
    let mut in_order = Vec::new();
    for session in &in_time {
        let own = known
            .commitments
            .iter()
            .filter(|piece| piece.what.session_ref.as_deref() == Some(session.id.as_str()));
        in_order.extend(own.map(|piece| (session.id.as_str(), piece)));
    }
    let open = known
        .commitments
        .iter()
        .filter(|piece| is_to_be_followed(&piece.what) && known.replaced_by(piece).is_none());
    let name = frame.t("dialogues-title");
    let series = frame.t("dialogues-series-all");
    let frame = frame
        .under("/dialogues", name)
        .under("/dialogues/series", series);
    Show {
        stands: None,
        one: None,
        parties: eyes.sides(&dialogue.what.parties),
        remark: dialogue.what.remark.as_deref().map(shown),
        former: dialogue
            .what
            .former_names
            .iter()
            .map(|former| shown(&former.name))
            .collect(),
        sessions: sessions
            .iter()
            .map(|session| Held {
                link: eyes.session_link(session),
                state: visitor.words.t(&format!(
                    "dialogues-session-{}",
                    session.what.state.as_str()
                )),
                next: session
                    .what
                    .next
                    .as_ref()
                    .map(|next| eyes.announced(next.date.as_deref(), next.place.as_deref())),
                became: became(&eyes, session, &known.sessions),
            })
            .collect(),
        open: open
            .map(|piece| {
                let session = known.session(piece.what.session_ref.as_deref());
                Row {
                    // Which series it is, the page says.
                    session: session.map(|session| eyes.session_link(session)),
                    ..eyes.row(known, piece)
                }
            })
            .collect(),
        repeated: repeated(&in_order, |id| known.is_spoken_of(id))
            .into_iter()
            .filter(|_| eyes.inside)
            .map(|found| (eyes.row(known, found.later), eyes.row(known, found.earlier)))
            .collect(),
        persons: took_part(
            &in_time
                .iter()
                .map(|one| (**one).clone())
                .collect::<Vec<_>>(),
        )
        .into_iter()
        .map(|took| {
            let side = took.side.map(|side| eyes.side(side)).unwrap_or_default();
            let at = took
                .at
                .iter()
                .map(|(_, session)| eyes.session_link(session))
                .collect();
            (shown(took.name), side, at)
        })
        .collect(),
        sources: dialogue.sources.clone(),
        file: visitor
            .has(site::Role::Editor)
            .then(|| format!("{}/file", super::view::path(&dialogue.id))),
        document: visitor
            .person()
            .map(|_| format!("{}/register.docx", super::view::path(&dialogue.id))),
        asked_back: None,
        withdraw: (visitor.has(site::Role::Editor) && dialogue.author == visitor.node().home().id)
            .then(|| format!("{}/withdraw", super::view::path(&dialogue.id))),
        edit: (visitor.has(site::Role::Editor) && dialogue.author == visitor.node().home().id)
            .then(|| format!("{}/edit", super::view::path(&dialogue.id))),
        work: Vec::new(),
        events: Vec::new(),
        demarches: Vec::new(),
        add: if visitor.has(site::Role::Editor) {
            let ways = [
                ("sessions", "session-new"),
                ("arrangements", "work-new-arrangement"),
                ("events", "work-new-event"),
                ("demarches", "work-new-demarche"),
            ];
            let own = super::view::path(&dialogue.id);
            let scores = [
                Link::new(format!("{own}/scores"), frame.t("scores-way")),
                Link::new(format!("{own}/scores.csv"), frame.t("scores-out")),
            ];
            ways.map(|(room, key)| {
                let path = format!("/dialogues/{room}/new?dialogue={}", dialogue.id);
                Link::new(path, frame.t(key))
            })
            .into_iter()
            .chain(scores)
            .collect()
        } else {
            Vec::new()
        },
        frame,
    }
}

/// What runs between the sessions.
fn running(visitor: &Visitor, work: &Work, page: &mut Show) -> Result<(), Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let asked = mistaken::gone::all_asked_back(visitor, work.authors())?;
    let with = |id: &stix::ObjectId, told: String| match asked.get(id) {
        Some(asked) if told.is_empty() => asked.clone(),
        Some(asked) => format!("{told} · {asked}"),
        None => told,
    };
    let activities = |id: &stix::ObjectId| -> Vec<(Link, String)> {
        let all = work.activities_of(id).map(|piece| {
            let progress = words.t(&format!(
                "dialogues-progress-{}",
                piece.what.progress.as_str().replace('_', "-")
            ));
            let due = piece
                .what
                .due
                .as_deref()
                .map(|due| words.t1("dialogues-by", "date", eyes.date(due)));
            let said = [Some(progress), due]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>();
            let link = Link::new(super::view::path(&piece.id), shown(&piece.what.name));
            (link, with(&piece.id, said.join(" · ")))
        });
        all.collect()
    };
    for arrangement in &work.arrangements {
        let signed = arrangement
            .what
            .signed
            .as_deref()
            .map(|date| words.t1("dialogues-signed", "date", eyes.date(date)));
        let about = [
            Some(eyes.sides(&arrangement.what.parties)),
            signed,
            arrangement.what.description.as_deref().map(shown),
        ];
        page.work.push(Running {
            path: super::view::path(&arrangement.id),
            name: shown(&arrangement.what.name),
            about: with(
                &arrangement.id,
                about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            ),
            is_strand: false,
            activities: activities(&arrangement.id),
        });
        for strand in work.strands_of(&arrangement.id) {
            let about = [
                eyes.sides(&strand.what.leads),
                eyes.topics(&strand.what.topics),
            ];
            page.work.push(Running {
                path: format!("{}#strands", super::view::path(&arrangement.id)),
                name: shown(&strand.what.name),
                about: with(&strand.id, about.join(" · ")),
                is_strand: true,
                activities: activities(&strand.id),
            });
        }
    }
    for event in &work.events {
        let start = event.what.start.as_deref().unwrap_or(&event.what.starts);
        let place = event.what.place.as_deref();
        let place = place.map(|place| eyes.place(place)).unwrap_or_default();
        page.events.push((
            Link::new(super::view::path(&event.id), shown(&event.what.name)),
            with(&event.id, [eyes.date(start), place].join(" · ")),
        ));
    }
    for demarche in &work.demarches {
        let towards = words.t2(
            "dialogues-demarche-to",
            "side",
            eyes.side(&demarche.what.towards),
            "date",
            eyes.date(demarche.what.at.get(..10).unwrap_or(&demarche.what.at)),
        );
        let answers = demarche
            .what
            .answers
            .iter()
            .map(|answer| shown(&answer.gist))
            .collect();
        let link = Link::new(
            super::view::path(&demarche.id),
            shown(&demarche.what.subject),
        );
        let towards = with(&demarche.id, towards);
        page.demarches.push((link, towards, answers));
    }
    Ok(())
}
