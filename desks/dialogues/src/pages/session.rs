//! One session: who, where, when, its texts and statements. Sharing it with those who took part is beside it.

pub(super) mod share;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use policy::Released;
use site::{Failure, Frame, Link, Visitor, shown};
use stix::ObjectId;

use super::became::{Became, became};
use super::stands::Stands;
use super::view::{Eyes, Row, path};
use super::{mistaken, object, register_of, session_told, strictest};
use crate::records::{Attendance, Commitment, DatedClaim, Observer, Piece, Session};
use crate::register::{Folded, Known};
use crate::rules::announced::{conflicts, planned_before};
use crate::rules::attendance::chair_of;

#[derive(Template)]
#[template(path = "dialogues/session.html")]
struct Show {
    frame: Frame,
    stands: Option<Stands>,
    series: Option<Link>,
    /// As others wrote it down, each by its name.
    also: Vec<Link>,
    facts: Vec<(String, String)>,
    became: Option<(String, Became)>,
    conflicts: Vec<Claim>,
    /// That its author asked us to withdraw it.
    asked_back: Option<String>,
    /// What its texts say of it besides, and where that is taken over.
    besides: Option<(String, String)>,
    texts: Vec<(Link, String, Option<Link>)>,
    committed: Vec<Row>,
    stated: Vec<Row>,
    share: Option<String>,
    brief: String,
    drafts: Option<String>,
    edit: Option<String>,
    withdraw: Option<String>,
    edit_agenda: Option<String>,
    edit_observers: Option<String>,
    edit_chairs: Option<String>,
    sources: Vec<crate::records::Source>,
}

/// What a source says of the date.
struct Claim {
    source: String,
    /// The text, where it is one that the visitor may see.
    to: Option<String>,
    about: Option<String>,
    date: String,
}

fn known_of(
    visitor: &Visitor,
    uuid: &str,
    as_one: bool,
) -> Result<(ObjectId, Released<Known>, String), Failure> {
    let id = object("session", uuid)?;
    let register = register_of(visitor);
    let known = match as_one {
        true => register.session_as_one(&id)?,
        false => register.session(&id)?,
    };
    let known = known.ok_or(Failure::Absent)?;
    let title = known
        .as_ref()
        .map(|known| {
            known
                .session(Some(id.as_str()))
                .map(|piece| Eyes::new(visitor).session(&piece.what))
        })
        .into_inner();
    Ok((id, known, capital(&title.unwrap_or_default())))
}

/// A name as it stands at the head of a page.
pub(super) fn capital(name: &str) -> String {
    // Where text is read from right to left, the name may begin with what isolates its first piece.
    let Some((place, first)) = name.char_indices().find(|(_, one)| one.is_alphanumeric()) else {
        return name.to_owned();
    };
    let (before, rest) = name.split_at(place);
    let rest = rest.chars().skip(1);
    let all = before.chars().chain(first.to_uppercase()).chain(rest);
    all.collect()
}

/// `GET /dialogues/sessions/{id}`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("session", &uuid)?;
            if register_of(visitor).one::<Session>(&id)?.is_none() {
                return mistaken::gone::gone::<Session>(visitor, &id, |one| one.reason.as_ref());
            }
            let (id, known, title) = known_of(visitor, &uuid, true)?;
            let known = register_of(visitor).folded(known)?;
            visitor.page_called(&title, known, |known, frame| {
                made(visitor, &known, &id, frame)
            })
        })
        .await
}

fn made(visitor: &Visitor, known: &Folded, id: &ObjectId, frame: Frame) -> Result<Show, Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let piece = known.session(Some(id.as_str())).ok_or(Failure::Absent)?;
    let what = &piece.what;
    let series = known
        .dialogue(Some(&what.dialogue_ref))
        .map(|dialogue| eyes.dialogue_link(dialogue));
    let mut facts = vec![
        (words.t("dialogues-state"), eyes.state(what)),
        (words.t("dialogues-parties"), eyes.sides(&what.parties)),
    ];
    let mut fact = |key: &str, text: Option<String>| {
        facts.extend(
            text.filter(|text| !text.is_empty())
                .map(|text| (words.t(key), text)),
        );
    };
    let date = |date: &Option<String>| date.as_deref().map(|date| eyes.date(date));
    fact("dialogues-from", date(&what.start));
    fact("dialogues-to", date(&what.end));
    let place = what.place.as_deref();
    fact("dialogues-place", place.map(|place| eyes.place(place)));
    fact(
        "dialogues-host",
        what.host.as_deref().map(|host| eyes.side(host)),
    );
    fact("dialogues-chair", Some(eyes.sides(&what.chair)));
    let told = |person: &Attendance| match &person.role {
        Some(role) => format!("{} ({})", shown(&person.name), shown(role)),
        None => shown(&person.name),
    };
    let mut chairs = Vec::new();
    for side in &what.parties {
        if let Some(person) = chair_of(what, side) {
            let name = words.t1("chairs-for", "side", eyes.side(side));
            chairs.push((name, told(person)));
        }
    }
    words.sort(&mut chairs, |(name, _)| name);
    let observers = observers(visitor, what);
    fact("dialogues-observers", Some(words.list(&observers)));
    let persons: Vec<String> = what.persons.iter().map(told).collect();
    fact("dialogues-persons", Some(words.list(&persons)));
    let agenda: Vec<String> = what.agenda.iter().map(|item| shown(&item.title)).collect();
    fact(
        "dialogues-agenda",
        Some(agenda.join(&words.t("properties-next"))),
    );
    fact("dialogues-moved", moved(&eyes, what));
    fact(
        "dialogues-remark",
        what.remark.as_deref().map(|one| eyes.remark(one)),
    );
    facts.extend(chairs);
    let own = known
        .commitments
        .iter()
        .filter(|one| one.what.session_ref.as_deref() == Some(known.same.read_as(id.as_str())));
    let mut own: Vec<_> = own.collect();
    own.sort_by_key(|one| {
        (
            one.what.text_ref.clone(),
            one.what.place.as_ref().map_or(0, |place| place.start),
        )
    });
    let (committed, stated): (Vec<_>, Vec<_>) = own
        .into_iter()
        .partition(|one| one.what.act == crate::records::Act::Commitment);
    let texts = known.texts.iter().map(|text| {
        let standing = text.what.standing.as_str().replace('_', "-");
        let standing = words.t(&format!("dialogues-standing-{standing}"));
        let standing = match mistaken::gone::asked_back(visitor, text)? {
            Some(asked) => format!("{standing} · {asked}"),
            None => standing,
        };
        let newer = known.newer_than(&text.id);
        let newer = newer.map(|newer| Link::new(path(&newer.id), shown(&newer.what.title)));
        let link = Link::new(path(&text.id), shown(&text.what.title));
        Ok((link, standing, newer))
    });
    let texts = texts.collect::<Result<Vec<_>, Failure>>()?;
    let name = words.t("dialogues-title");
    let mut frame = frame.under("/dialogues", name);
    if let Some(series) = &series {
        frame = frame.under(series.path.clone(), series.name.clone());
    }
    // Whoever writes takes it over; to others it says nothing that the texts do not.
    let besides = match visitor.has(site::Role::Editor) {
        true => session_told::besides(visitor, piece, &known.texts)?,
        false => None,
    };
    let besides = besides.and_then(|says| {
        let sentence = session_told::sentence(&eyes, what, &says)?;
        Some((sentence, format!("{}/told", path(id))))
    });
    // Which session it was is said by the page.
    let here = |pieces: Vec<&Piece<Commitment>>| {
        let mut rows = eyes.rows(known, pieces);
        rows.iter_mut().for_each(|row| row.session = None);
        rows
    };
    let next = what.next.as_ref();
    let next = next.map(|next| eyes.announced(next.date.as_deref(), next.place.as_deref()));
    Ok(Show {
        asked_back: mistaken::gone::asked_back(visitor, piece)?,
        besides,
        became: next.zip(became(&eyes, piece, &known.sessions)),
        conflicts: conflicts(what)
            .into_iter()
            .map(|claim| claimed(&eyes, known, claim))
            .collect(),
        texts,
        committed: here(committed),
        stated: here(stated),
        share: visitor
            .has(site::Role::Releaser)
            .then(|| format!("{}/share", path(id))),
        brief: format!("{}/brief", path(id)),
        drafts: visitor.person().map(|_| format!("{}/drafts", path(id))),
        edit: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/edit", path(id))),
        withdraw: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/withdraw", path(id))),
        edit_chairs: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/chairs", path(id))),
        edit_observers: (visitor.has(site::Role::Editor)
            && piece.author == visitor.node().home().id)
            .then(|| format!("{}/observers", path(id))),
        edit_agenda: (visitor.has(site::Role::Editor) && piece.author == visitor.node().home().id)
            .then(|| format!("{}/agenda", path(id))),
        stands: Stands::of(visitor, piece)?,
        also: known
            .also_written(id)
            .map(|one| Link::new(path(&one.id), eyes.side(one.author.as_str())))
            .collect(),
        sources: piece.sources.clone(),
        frame: match strictest(known) {
            Some(label) => frame.label(label),
            None => frame,
        },
        series,
        facts,
    })
}

/// What a source says of the date: the text, told apart from another of its title by language and day.
fn claimed(eyes: &Eyes<'_>, known: &Known, claim: &DatedClaim) -> Claim {
    let text = claim.text_ref.as_deref();
    let text = known.texts.iter().find(|one| Some(one.id.as_str()) == text);
    let about = text.map(|text| {
        let language = eyes.language(text.lang.as_deref().unwrap_or_default());
        let date = eyes.words.date(text.created.micros());
        let key = "dialogues-text-confirmed";
        eyes.words.t2(key, "language", language, "date", date)
    });
    Claim {
        source: shown(&claim.source),
        to: text.map(|text| path(&text.id)),
        about,
        date: eyes.date(&claim.date),
    }
}

/// The days for which it was planned before it was put off.
pub(super) fn moved(eyes: &Eyes<'_>, what: &Session) -> Option<String> {
    let before: Vec<String> = planned_before(what).map(|date| eyes.date(date)).collect();
    (!before.is_empty()).then(|| eyes.words.list(&before))
}

/// Who observes, on whose side, and what the role lets them see.
fn observers(visitor: &Visitor, session: &Session) -> Vec<String> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let told = |observer: &Observer| {
        let sees = words.t(&format!("dialogues-sees-{}", observer.sees.as_str()));
        let who = eyes.side(&observer.who);
        match &observer.side {
            Some(side) => {
                let side = words.t1("observers-on-side", "side", eyes.side(side));
                format!("{who} ({side}{}{sees})", words.t("format-comma"))
            }
            None => format!("{who} ({sees})"),
        }
    };
    session.observers.iter().map(told).collect()
}
