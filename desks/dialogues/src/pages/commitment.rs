//! One commitment: its words in each language, what each side says became of it, and the same words in the sessions before.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use site::parts::difference::Difference;
use site::parts::history::History;
use site::{Failure, Frame, Link, Role, Tlp, Visitor, shown, shown_lines, shown_words};

use super::alike::{self, Alike};
use super::appraisal::stand::{Stand, stands};
use super::consent::back::own;
use super::consent::to_confirm;
use super::edit::{history, otherwise};
use super::stands::Stands;
use super::view::{Eyes, Row, path};
use super::work::Serving;
use super::{object, register_of};
use crate::import::{reading_of, sources};
use crate::records::{Commitment, Consent, Piece, Purpose};
use crate::register::{Judged, Known, Twin};
use crate::rules::accounts::is_ours;
use crate::rules::consent::{given, taken_back};

/// The same words as another side entered them, and where it has them otherwise than they stand here.
struct Elsewhere {
    side: String,
    path: String,
    differences: Vec<(String, Difference)>,
}

#[derive(Template)]
#[template(path = "dialogues/commitment.html")]
struct Show {
    forms: Vec<(&'static str, Link)>,
    frame: Frame,
    stands: Option<Stands>,
    row: Row,
    facts: Vec<(String, String)>,
    others: Vec<(String, String, String)>,
    before: Vec<Alike>,
    elsewhere: Vec<Elsewhere>,
    back: Option<(String, String)>,
    lang: String,
    source: Option<String>,
    follow_up: Option<String>,
    ways: Vec<Link>,
    appraisals: Vec<Stand>,
    /// What was written in the name of a side by somebody else, and what its author asked us to withdraw, each with its words.
    in_name: Vec<(String, Option<String>)>,
    edit: Option<String>,
    /// That its author asked us to withdraw it.
    asked_back: Option<String>,
    machine: Vec<(String, String)>,
    history: Option<History>,
    serving: Vec<(Link, String)>,
    done: bool,
    open: Vec<Link>,
}

/// `GET /dialogues/commitments/{id}`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("commitment", &uuid)?;
            let register = register_of(visitor);
            let Some(one) = register.one::<Commitment>(&id)? else {
                return super::mistaken::gone::gone::<Commitment>(visitor, &id, |one| {
                    one.reason.as_ref()
                });
            };
            let series = one
                .as_ref()
                .map(|one| one.what.dialogue_ref.clone())
                .into_inner();
            let series = series.and_then(|id| stix::ObjectId::parse(&id).ok());
            let around = match series.as_ref().map(|id| register.series(id)) {
                Some(found) => found?,
                None => None,
            };
            let twins = register.twins(&one)?;
            let own = register.around(one.map(|one| vec![one]))?;
            // Of the series where there is one; the commitment itself in any case.
            let known = match around {
                Some(around) => around.zip(own).map(|(mut all, own)| {
                    if all.commitment(&own.commitments[0].id).is_none() {
                        all.commitments.extend(own.commitments);
                        all.follow_ups.extend(own.follow_ups);
                        all.in_name.extend(own.in_name);
                        all.asked_back.extend(own.asked_back);
                        all.newer.extend(own.newer);
                        all.earlier.extend(own.earlier);
                    }
                    all
                }),
                None => own,
            };
            // What sides say of the same words elsewhere is said of these.
            let known = known.zip(twins.clone()).map(|(mut known, twins)| {
                for mut said in twins.into_iter().flat_map(|twin| twin.follow_ups) {
                    said.what.about_ref = id.to_string();
                    known.follow_ups.push(said);
                }
                known
            });
            let words = register.translations(&id, "words")?;
            let judged = register.judged(&id)?;
            let versions = register.versions::<Commitment>(&id)?;
            let serving = Serving::of(&register, &id)?;
            visitor.page(
                "dialogues-commitment",
                known
                    .zip(words)
                    .zip(judged)
                    .zip(versions)
                    .zip(serving)
                    .zip(twins),
                |(((((known, words), judged), versions), serving), twins), frame| {
                    let eyes = Eyes::new(visitor);
                    let piece = known.commitment(&id).ok_or(Failure::Absent)?;
                    let what = &piece.what;
                    let name = frame.t("dialogues-title");
                    let register_name = frame.t("dialogues-register");
                    let mut frame = frame
                        .under("/dialogues", name)
                        .under("/dialogues/register", register_name);
                    // A position is called one.
                    frame.title = frame.t(&format!("dialogues-act-{}", what.act.as_str()));
                    let standing = frame.t(&format!(
                        "dialogues-standing-{}",
                        what.standing.as_str().replace('_', "-")
                    ));
                    let mut facts = vec![
                        (frame.t("dialogues-standing"), standing),
                        (
                            frame.t("dialogues-strength"),
                            frame.t(&format!("dialogues-strength-{}", what.strength.clamp(1, 3))),
                        ),
                    ];
                    if !what.touches.is_empty() {
                        facts.push((frame.t("dialogues-touches"), eyes.touched(&what.touches)));
                    }
                    let consents = known.consented(&id);
                    let confirmed = confirmed(visitor, &eyes, &consents)?;
                    if !confirmed.is_empty() {
                        let confirmed = frame.words.list(&confirmed);
                        facts.push((frame.t("consent-confirmed-by"), confirmed));
                    }
                    let back = taken_back(&consents, Purpose::Confirm);
                    if !back.is_empty() {
                        let back = back.into_iter().map(|one| eyes.given_back(one));
                        let back = frame.words.list(&back.collect::<Vec<_>>());
                        facts.push((frame.t("consent-confirm-taken-back"), back));
                    }
                    let forms = forms(&known, piece);
                    if let Some(who) = &what.beneficiary {
                        facts.push((frame.t("dialogues-beneficiary"), shown(who)));
                    }
                    let mut row = eyes.row(&known, piece);
                    super::accounts::noted(visitor, &known.followed(&id), &mut row.said)?;
                    let mine =
                        visitor.has(Role::Editor) && piece.author == visitor.node().home().id;
                    Ok(Show {
                        stands: Stands::of(visitor, piece)?,
                        forms,
                        asked_back: super::mistaken::gone::asked_back(visitor, piece)?,
                        edit: mine.then(|| format!("{}/edit", path(&id))),
                        machine: machine(visitor, &eyes, piece)?,
                        history: history(visitor, &versions, mine),
                        serving: serving.lines(&eyes)?,
                        done: serving.is_done(),
                        open: opening(visitor, piece, &frame),
                        row,
                        facts,
                        others: eyes.worded(&words),
                        before: alike::elsewhere(&eyes, &known, piece),
                        elsewhere: elsewhere(&eyes, &twins, piece),
                        back: what.withdrawn.then(|| {
                            let reason = what.reason.as_deref().map(shown_lines);
                            let day = visitor.words.date(piece.modified.micros());
                            (day, reason.unwrap_or_default())
                        }),
                        lang: piece.lang.clone().unwrap_or_default(),
                        source: what
                            .text_ref
                            .as_deref()
                            .and_then(|id| stix::ObjectId::parse(id).ok())
                            .map(|text| format!("{}#{}", path(&text), piece.id.uuid())),
                        follow_up: {
                            let home = &visitor.node().home().id;
                            let said = known.followed(&id);
                            let before = said.iter().any(|said| said.author == *home);
                            let session = known.session(what.session_ref.as_deref());
                            let session = session.map(|session| &session.what);
                            let ours = before || is_ours(what, session, &eyes.ours);
                            (ours && visitor.has(Role::Editor))
                                .then(|| format!("{}/follow-up", path(&id)))
                        },
                        ways: ways(visitor, &eyes, (piece, &consents), &frame),
                        appraisals: stands(visitor, &eyes, &judged),
                        in_name: {
                            let replies = judged.iter().flat_map(|one| &one.in_name);
                            let all = known.in_name_of(&id).chain(replies);
                            let all = all.map(|one| eyes.in_name(one));
                            let back = known.asked_back_of(&id);
                            all.chain(back.map(|one| eyes.asked_back(one))).collect()
                        },
                        frame: {
                            let labels = known.labels().into_iter().chain(serving.labels());
                            let labels = labels.chain(judged.iter().flat_map(Judged::labels));
                            let theirs = twins.iter().filter_map(|twin| twin.piece.label.as_ref());
                            let labels = labels.chain(theirs);
                            frame.label(Tlp::strictest(labels))
                        },
                    })
                },
            )
        })
        .await
}

/// What took its place in a changed form of its text, and of what it is the changed form: the clause, else the text.
fn forms(known: &Known, piece: &Piece<Commitment>) -> Vec<(&'static str, Link)> {
    let link = |text: &stix::ObjectId, title: Option<&str>| {
        let clause = known.in_text(text.as_str(), piece);
        let title = title.map(shown);
        match clause {
            Some(clause) => Some(Link::new(
                path(&clause.id),
                site::shorten(&shown_lines(&clause.what.words)),
            )),
            None => Some(Link::new(path(text), title?)),
        }
    };
    let newer = known.replaced_by(piece);
    let newer = newer.and_then(|text| link(&text.id, Some(&text.what.title)));
    let own = known
        .texts
        .iter()
        .find(|text| Some(text.id.as_str()) == piece.what.text_ref.as_deref());
    let older = own.and_then(|own| own.what.replaces_ref.as_deref()?.parse().ok());
    // A clause that is new in the changed form has none before.
    let older = older.and_then(|text| link(&text, None));
    let newer = newer.map(|link| ("dialogues-replaced-by", link));
    newer
        .into_iter()
        .chain(older.map(|link| ("dialogues-replaces", link)))
        .collect()
}

/// The same words as other sides have them.
fn elsewhere(eyes: &Eyes<'_>, twins: &[Twin], piece: &Piece<Commitment>) -> Vec<Elsewhere> {
    let told = |twin: &Twin| Elsewhere {
        side: eyes.side(twin.piece.author.as_str()),
        path: path(&twin.piece.id),
        differences: otherwise(eyes, piece, &twin.piece),
    };
    twins.iter().map(told).collect()
}

/// What the visitor can open from it, to do something about it.
fn opening(visitor: &Visitor, piece: &Piece<Commitment>, frame: &Frame) -> Vec<Link> {
    if !visitor.has(Role::Editor) {
        return Vec::new();
    }
    let series = piece.what.dialogue_ref.as_deref().unwrap_or_default();
    let ways = [
        ("demarches", "work-new-demarche"),
        ("events", "work-new-event"),
        ("arrangements", "work-new-arrangement"),
    ];
    ways.iter()
        .map(|(room, key)| {
            let path = format!(
                "/dialogues/{room}/new?dialogue={series}&commitment={}",
                piece.id
            );
            Link::new(path, frame.t(key))
        })
        .collect()
}

/// What the machine had read in these words, for whoever corrects.
fn machine(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    piece: &Piece<Commitment>,
) -> Result<Vec<(String, String)>, Failure> {
    let text = piece.what.text_ref.as_deref();
    let text = text.and_then(|id| stix::ObjectId::parse(id).ok());
    let (Some(text), Some(place), true) = (text, &piece.what.place, visitor.has(Role::Editor))
    else {
        return Ok(Vec::new());
    };
    let Some(reading) = reading_of(visitor.node(), &text)? else {
        return Ok(Vec::new());
    };
    if sources(visitor.node(), visitor.viewer(), &reading.made_of)?.is_none() {
        return Ok(Vec::new());
    }
    let at = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let (start, end) = (at(place.start), at(place.end));
    let words = &visitor.words;
    let found = reading.machine.statements.iter();
    let meets = found.filter(|said| said.start < end && said.end > start);
    Ok(meets
        .map(|said| {
            let told = [
                words.t(&format!("dialogues-act-{}", said.act)),
                eyes.sides(&said.actors),
                eyes.topics(&said.topics),
                said.due
                    .as_deref()
                    .map(|due| words.t1("dialogues-by", "date", eyes.date(due)))
                    .unwrap_or_default(),
            ];
            let told: Vec<String> = told.into_iter().filter(|text| !text.is_empty()).collect();
            (shown_words(&said.text), told.join(" · "))
        })
        .collect())
}

/// Who confirmed it, and when; of our own, also where that waits to be released.
fn confirmed(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    consents: &[Piece<Consent>],
) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    for one in given(consents, Purpose::Confirm) {
        let told = eyes.given(one);
        all.push(
            match one.author == visitor.node().home().id && eyes.inside {
                true => visitor.said_and_where(told, &one.id)?,
                false => told,
            },
        );
    }
    Ok(all)
}

/// What else the visitor can do with it.
fn ways(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    (piece, consents): (&Piece<Commitment>, &[Piece<Consent>]),
    frame: &Frame,
) -> Vec<Link> {
    let mut ways = Vec::new();
    if visitor.has(Role::Editor) {
        ways.push(Link::new(
            format!("{}/appraisal", path(&piece.id)),
            frame.t("dialogues-appraisal"),
        ));
    }
    if visitor.has(Role::Releaser) && to_confirm(piece, consents, &eyes.ours) {
        ways.push(Link::new(
            format!("{}/consent", path(&piece.id)),
            frame.t("consent-confirm"),
        ));
    }
    if visitor.has(Role::Releaser) && !own(visitor, consents, Purpose::Confirm).is_empty() {
        ways.push(Link::new(
            format!("{}/consent/back", path(&piece.id)),
            frame.t("consent-confirm-back"),
        ));
    }
    // What takes back stands last.
    if visitor.has(Role::Editor) && piece.author == visitor.node().home().id {
        let key = if piece.what.withdrawn {
            "edit-stand-again"
        } else {
            "edit-withdraw"
        };
        ways.push(Link::new(
            format!("{}/withdraw", path(&piece.id)),
            frame.t(key),
        ));
    }
    ways
}
