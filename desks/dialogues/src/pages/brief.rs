//! The brief before a session: the last text and those since; what both sides committed to, in each language; what each says followed; the
//! people; the dates; the same words in the two sessions before. One page to print, or a file to edit.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use policy::Released;
use site::{Failure, Frame, Link, Visitor, shown, shown_words};
use stix::ObjectId;

use super::alike;
use super::session::moved;
use super::view::{Eyes, Row, path};
use super::{file_names, object, register_of, strictest};
use crate::drafting::docx::{self, Block, Paper};
use crate::records::{Commitment, Piece, Session, SessionState, Text, Translation};
use crate::register::{Folded, Known};
use crate::rules::announced::has_lapsed;
use crate::rules::attendance::CHAIR;
use crate::rules::due::is_to_be_followed;
use crate::rules::wording::Change;

/// How many texts since the last session are listed.
const TEXTS: usize = 20;

#[derive(Template)]
#[template(path = "dialogues/brief.html")]
struct Show {
    frame: Frame,
    brief: Brief,
    file: String,
}

/// What a brief says.
struct Brief {
    series: String,
    session: String,
    is_held: bool,
    /// That it is called off, put off, or was not held when it was planned: by its state, and the days that were planned before.
    state: Option<String>,
    moved: Option<String>,
    /// The one before, where this one is still to come.
    last: Option<Link>,
    /// The texts of this session if it was held, else of the last; and those since: each with what it is.
    texts: Vec<(Link, String)>,
    since: Vec<(Link, String)>,
    open: Vec<Row>,
    done: Vec<Row>,
    persons: Vec<(String, String)>,
    dates: Vec<Date>,
}

impl Brief {
    /// The key that says one thing of the last session, another of this one where it was held.
    fn key(&self, last: &'static str, this: &'static str) -> &'static str {
        match self.is_held {
            true => this,
            false => last,
        }
    }
}

/// A day to keep in mind: what it is the day of.
struct Date {
    link: Link,
    date: String,
    /// Whether it has passed, and nobody has said what followed.
    passed: bool,
}

/// The words of commitments in other languages, by the address of each.
type Others = BTreeMap<String, Vec<Translation>>;

/// What is known of a series, with the words of its commitments in each language.
type Gathered = Released<(Folded, Others)>;

/// Everything that a brief is made of, and which session of which series it is for.
fn gathered(visitor: &Visitor, uuid: &str) -> Result<(ObjectId, ObjectId, Gathered), Failure> {
    let id = object("session", uuid)?;
    let register = register_of(visitor);
    let session = register.one::<Session>(&id)?.ok_or(Failure::Absent)?;
    let series = session
        .as_ref()
        .map(|one| one.what.dialogue_ref.clone())
        .into_inner();
    let series = ObjectId::parse(&series).map_err(|_| Failure::Absent)?;
    let known = register.series(&series)?.ok_or(Failure::Absent)?;
    let known = register.folded(known)?;
    let listed = known.as_ref().map(|known| {
        let listed = known.commitments.iter();
        let listed = listed.filter(|piece| is_to_be_followed(&piece.what));
        listed.map(|piece| piece.id.clone()).collect::<Vec<_>>()
    });
    let mut others = Vec::new();
    for one in listed.into_inner() {
        let words = register.translations(&one, "words")?;
        others.push(words.map(|words| (path(&one), words)));
    }
    let others: Released<Vec<(String, Vec<Translation>)>> = others.into_iter().collect();
    let known = known.zip(others.map(Others::from_iter));
    Ok((id, series, known))
}

/// `GET /dialogues/sessions/{id}/brief`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, series, known) = gathered(visitor, &uuid)?;
            let title = known
                .as_ref()
                .map(|(known, _)| titled(visitor, known, &id))
                .into_inner();
            visitor.page_called(&title, known, |(known, others), frame| {
                let brief = made(visitor, (&id, &series), (&known, &others))?;
                let file = format!("{}/brief.docx", path(&id));
                let desk = frame.t("dialogues-title");
                let mut frame = frame.under("/dialogues", desk);
                if let Some(this) = known.session(Some(id.as_str())) {
                    (frame, _) = super::drafting::of_session(visitor, this, frame);
                }
                Ok(Show {
                    frame: match strictest(&known) {
                        Some(label) => frame.label(label),
                        None => frame,
                    },
                    brief,
                    file,
                })
            })
        })
        .await
}

/// What the brief is called, by which a print or a PDF of it is told from others.
fn titled(visitor: &Visitor, known: &Known, id: &ObjectId) -> String {
    let eyes = Eyes::new(visitor);
    let session = known.session(Some(id.as_str()));
    let series = session.and_then(|one| known.dialogue(Some(&one.what.dialogue_ref)));
    let series = series.map(|one| eyes.dialogue(one)).unwrap_or_default();
    let of = session
        .map(|one| eyes.session(&one.what))
        .unwrap_or_default();
    let words = &visitor.words;
    words.t2("brief-title", "series", series, "session", of)
}

fn made(
    visitor: &Visitor,
    (id, series): (&ObjectId, &ObjectId),
    (known, others): (&Folded, &Others),
) -> Result<Brief, Failure> {
    let eyes = Eyes::new(visitor);
    let this = known.session(Some(id.as_str())).ok_or(Failure::Absent)?;
    let sessions = known.sessions_of(series);
    let is_held = this.what.state == SessionState::Held;
    let is_off = this.what.state == SessionState::Cancelled || has_lapsed(&this.what, visitor.now);
    let last = sessions.iter().copied().find(|one| {
        one.id != this.id
            && one.what.state == SessionState::Held
            && one.what.starts <= this.what.starts
    });
    // Of a session that was held its own texts and persons are asked for, not those of the one before.
    let told = if is_held { Some(this) } else { last };
    let (texts, since) = texts(&eyes, known, told);
    let mut listed: Vec<&Piece<Commitment>> = known
        .commitments
        .iter()
        .filter(|piece| is_to_be_followed(&piece.what))
        .collect();
    // Those of the latest session first, each as its text has them.
    let place = |piece: &&Piece<Commitment>| {
        let session = piece.what.session_ref.as_deref();
        let session = sessions
            .iter()
            .position(|one| Some(one.id.as_str()) == session);
        let at = piece.what.place.as_ref().map_or(0, |place| place.start);
        (
            session.unwrap_or(usize::MAX),
            piece.what.text_ref.clone(),
            at,
        )
    };
    listed.sort_by_cached_key(place);
    let (open, done): (Vec<_>, Vec<_>) = listed
        .into_iter()
        .partition(|piece| known.due(piece, visitor.now) != crate::rules::due::Due::Settled);
    let persons = told.map_or_else(Vec::new, |told| told.what.persons.iter().collect());
    let dates = dates(&eyes, known, this, &open);
    let rows = |pieces: Vec<&Piece<Commitment>>, with_before: bool| {
        let mut rows = eyes.rows(known, pieces.iter().copied());
        for (row, piece) in rows.iter_mut().zip(pieces) {
            if with_before {
                row.before = alike::lately(&eyes, known, piece);
            }
            let words = others.get(&row.path);
            row.others = words.map_or_else(Vec::new, |words| eyes.worded(words));
        }
        rows
    };
    Ok(Brief {
        series: known
            .dialogue(Some(series.as_str()))
            .map(|piece| eyes.dialogue(piece))
            .unwrap_or_default(),
        session: eyes.session(&this.what),
        is_held,
        state: is_off.then(|| eyes.state(&this.what)),
        moved: moved(&eyes, &this.what).filter(|_| !is_held),
        last: last
            .filter(|_| !is_held)
            .map(|last| eyes.session_link(last)),
        texts,
        since,
        open: rows(open, true),
        done: rows(done, false),
        persons: persons
            .into_iter()
            .map(|person| {
                let side = person
                    .side
                    .as_deref()
                    .map(|side| eyes.side(side))
                    .unwrap_or_default();
                let role = person.role.as_deref().map(shown).unwrap_or_default();
                let chair = person.function.as_deref() == Some(CHAIR);
                let chair = chair.then(|| visitor.words.t("dialogues-chair"));
                let about = [role, side, chair.unwrap_or_default()];
                let about = about.into_iter().filter(|part| !part.is_empty());
                (shown(&person.name), about.collect::<Vec<_>>().join(" · "))
            })
            .collect(),
        dates,
    })
}

/// The day of the session, where it is to come, and by when what is open is due: in the order of time.
fn dates(
    eyes: &Eyes<'_>,
    known: &Folded,
    this: &Piece<Session>,
    open: &[&Piece<Commitment>],
) -> Vec<Date> {
    let due = open.iter().filter_map(|piece| {
        let due = piece.what.due.as_deref()?;
        let stands = known.due(piece, eyes.now);
        let date = Date {
            link: Link::new(path(&piece.id), shown_words(&piece.what.words)),
            date: eyes.date(due),
            passed: stands == crate::rules::due::Due::PassedInSilence,
        };
        Some((piece.what.due_by.clone()?, date))
    });
    let ahead = this.what.start.as_deref();
    let ahead = ahead.filter(|_| this.what.state == SessionState::Planned);
    let held = ahead.map(|day| {
        let date = Date {
            link: eyes.session_link(this),
            date: eyes.date(day),
            passed: false,
        };
        (this.what.starts.clone(), date)
    });
    let mut all: Vec<(String, Date)> = due.chain(held).collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all.into_iter().map(|(_, date)| date).collect()
}

/// The texts of the last session, and those that came since, the newest first: each text once, whoever entered it.
#[expect(clippy::type_complexity, reason = "two lists of one kind")]
fn texts(
    eyes: &Eyes<'_>,
    known: &Known,
    last: Option<&Piece<Session>>,
) -> (Vec<(Link, String)>, Vec<(Link, String)>) {
    let Some(last) = last else {
        return (Vec::new(), Vec::new());
    };
    let home = &eyes.node.home().id;
    let texts = known.texts.iter();
    let mut all: Vec<&Piece<Text>> = texts
        .filter(|text| known.newer_than(&text.id).is_none())
        .collect();
    // Our own goes before the same text as another entered it.
    all.sort_by_key(|text| text.author != *home);
    let mut seen = BTreeSet::new();
    all.retain(|text| seen.insert(&text.what.normal));
    all.sort_by(|a, b| b.what.published.cmp(&a.what.published));
    let (own, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|text| text.what.session_ref.as_deref() == Some(last.id.as_str()));
    let line = |text: &Piece<Text>| {
        let day = text.what.published.get(..10).unwrap_or_default();
        let standing = text.what.standing.as_str().replace('_', "-");
        let standing = eyes.words.t(&format!("dialogues-standing-{standing}"));
        let link = Link::new(path(&text.id), shown(&text.what.title));
        (link, format!("{standing} · {}", eyes.date(day)))
    };
    let since = others
        .into_iter()
        .filter(|text| text.what.published > last.what.starts);
    (
        own.into_iter().map(line).collect(),
        since.take(TEXTS).map(line).collect(),
    )
}

/// Words in another language, with what they are worth.
fn worded((_, words, weight): &(String, String, String)) -> String {
    match weight.is_empty() {
        true => words.clone(),
        false => format!("{words} ({weight})"),
    }
}

/// What changed, for a paper that has neither lines through words nor under them.
fn marked(change: &Change) -> String {
    match change {
        Change::Same(text) => text.clone(),
        Change::Gone(text) => format!("[−{text}−]"),
        Change::New(text) => format!("[+{text}+]"),
    }
}

/// A commitment as a paper has it, with what is said of it.
pub(super) fn item(visitor: &Visitor, row: &Row) -> Block {
    let words = &visitor.words;
    let colon = words.t("format-colon");
    let mut about: Vec<String> = row.others.iter().map(worded).collect();
    about.push(format!("{} · {}", row.actors, row.topics));
    about.extend(
        row.due
            .as_ref()
            .map(|due| words.t1("dialogues-by", "date", due.clone())),
    );
    let said = [
        ("dialogues-reported-by", "side", &row.reported),
        ("dialogues-taken-back", "side", &row.taken_back),
        ("dialogues-also-entered", "sides", &row.also),
    ];
    for (key, place, of) in said {
        about.extend(of.as_ref().map(|of| words.t1(key, place, of.as_str())));
    }
    for said in &row.said {
        let account = said.account.as_deref().unwrap_or_default();
        let earlier = said.earlier.is_some().then(|| {
            let told = words.t("dialogues-earlier-wording");
            format!(" ({told})")
        });
        let line = format!(
            "{}{colon} {}, {}{}. {account}",
            said.side,
            said.state,
            said.date,
            earlier.unwrap_or_default()
        );
        about.push(line.trim().to_owned());
    }
    for one in &row.before {
        let marked: Vec<String> = one.changes.iter().map(marked).collect();
        about.push(format!("{}{colon} {}", one.session.name, marked.join(" ")));
    }
    Block::Item(row.words.clone(), about)
}

/// The brief as a paper.
fn paper(visitor: &Visitor, known: &Known, brief: &Brief) -> Paper {
    let words = &visitor.words;
    let item = |row: &Row| item(visitor, row);
    let mut blocks = Vec::new();
    let own = brief.key("brief-texts", "brief-texts-own");
    for (key, texts) in [(own, &brief.texts), ("brief-since", &brief.since)] {
        if !texts.is_empty() {
            blocks.push(Block::Head(words.t(key)));
            let lines = texts
                .iter()
                .map(|(link, what)| format!("{}, {what}", link.name));
            blocks.extend(lines.map(Block::Text));
        }
    }
    blocks.push(Block::Head(words.t("dialogues-open")));
    if brief.open.is_empty() {
        blocks.push(Block::Text(words.t("dialogues-none-open")));
    }
    blocks.extend(brief.open.iter().map(item));
    if !brief.done.is_empty() {
        blocks.push(Block::Head(words.t("dialogues-settled")));
        blocks.extend(brief.done.iter().map(item));
    }
    if !brief.persons.is_empty() {
        let key = brief.key("dialogues-persons-last", "dialogues-persons");
        blocks.push(Block::Head(words.t(key)));
        let line = |(name, about): &(String, String)| Block::Text(format!("{name}, {about}"));
        blocks.extend(brief.persons.iter().map(line));
    }
    if !brief.dates.is_empty() {
        blocks.push(Block::Head(words.t("dialogues-dates")));
        let line = |one: &Date| {
            let (colon, passed) = (words.t("format-colon"), words.t("dialogues-passed"));
            let passed = one.passed.then(|| format!(" ({passed})"));
            let passed = passed.unwrap_or_default();
            Block::Text(format!("{}{colon} {}{passed}", one.date, one.link.name))
        };
        blocks.extend(brief.dates.iter().map(line));
    }
    blocks.push(Block::Text(words.t("frame-political")));
    let label = strictest(known).map(|label| label.text);
    let date = words.moment(visitor.now);
    let last = brief
        .last
        .as_ref()
        .map(|last| format!(" · {} {}", words.t("dialogues-last"), last.name))
        .or_else(|| {
            let held = words.t("dialogues-next-held");
            brief.is_held.then(|| format!(" · {held}"))
        });
    let moved = brief.moved.as_ref().map(|days| {
        let (before, colon) = (words.t("dialogues-moved"), words.t("format-colon"));
        format!("{before}{colon} {days}")
    });
    let state = brief.state.iter().cloned().chain(moved);
    let state: String = state.map(|told| format!(" · {told}")).collect();
    Paper {
        title: words.t2(
            "brief-title",
            "series",
            brief.series.clone(),
            "session",
            brief.session.clone(),
        ),
        under: format!("{}{}{state}", brief.session, last.unwrap_or_default()),
        head: label.unwrap_or_default(),
        foot: format!("{} · {date}", visitor.home_name()),
        lang: words.tag().to_owned(),
        is: "brief",
        blocks,
    }
}

/// What the file is called: after the series, and the session by its number, else its day.
fn file_name(known: &Known, id: &ObjectId, brief: &Brief) -> String {
    let session = known.session(Some(id.as_str()));
    let session = session.map(|one| (one.what.ordinal, one.what.start.as_deref()));
    let session = match session {
        Some((Some(number), _)) => format!("session-{number}-"),
        Some((None, Some(day))) => format!("session-{}-", day.trim_end_matches('~')),
        _ => String::new(),
    };
    file_names::docx(&brief.series, &format!("{session}brief"))
}

/// `GET /dialogues/sessions/{id}/brief.docx`: the same as a file to edit.
pub(super) async fn file(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, series, known) = gathered(visitor, &uuid)?;
            let (mut name, mut failed) = (String::new(), None);
            let bytes = known.map(|(known, others)| {
                let made = made(visitor, (&id, &series), (&known, &others)).and_then(|brief| {
                    name = file_name(&known, &id, &brief);
                    Ok(docx::paper(&paper(visitor, &known, &brief))?)
                });
                made.unwrap_or_else(|failure| {
                    failed = Some(failure);
                    Vec::new()
                })
            });
            match failed {
                Some(failure) => Err(failure),
                None => Ok(site::Page::bytes(docx::MEDIA, bytes).as_file(&name)),
            }
        })
        .await
}
