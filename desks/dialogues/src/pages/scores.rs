//! `/dialogues/series/{id}/scores`: tables of compliance come in as appraisals attributed to who scored, and go out the same way. Tried
//! first; while one line is wrong nothing is taken. Invariant: no page and no file adds scores up.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use serde::{Deserialize, Serialize};
use site::parts::form::{Field, Form, Input, Typed};
use site::parts::steps::{Action, Trial};
use site::parts::upload::Upload;
use site::{Failure, Frame, Link, Move, Page, Reply, Tlp, Visitor, shown};
use stix::ObjectId;

use super::follow_up::Ask;
use super::view::{Eyes, path};
use super::{object, register_of};
use crate::DESK;
use crate::import::scores::{Fate, Told, Tried, attempt, side, take};
use crate::records::{Appraisal, Dialogue, Piece};
use crate::register::Known;
use crate::rules::scores::{COLUMNS, Scores, Unread, read, write};
use crate::rules::taken::is_being_done;

/// Under which kind a table that was tried is kept on this node until it is taken.
const KIND: &str = "scores";

/// A table that somebody brought.
#[derive(Debug, Serialize, Deserialize)]
struct Brought {
    told: Told,
    series: String,
    file: String,
    /// Since when it is being taken, in microseconds: meanwhile it is not taken again.
    #[serde(default)]
    taking: Option<i64>,
}

#[derive(Template)]
#[template(path = "dialogues/scores.html")]
struct Show {
    frame: Frame,
    sentences: Vec<String>,
    trial: Trial,
    again: Link,
}

/// A series with the appraisals of its commitments.
type All = (Known, Vec<Piece<Appraisal>>);

fn all_of(visitor: &Visitor, uuid: &str) -> Result<(ObjectId, Released<All>), Failure> {
    let id = object("dialogue", uuid)?;
    let register = register_of(visitor);
    let known = register.series(&id)?.ok_or(Failure::Absent)?;
    let about: BTreeSet<String> = known
        .as_ref()
        .map(|known| {
            known
                .commitments
                .iter()
                .map(|one| one.id.to_string())
                .collect()
        })
        .into_inner();
    let judged = register.appraisals(&about)?;
    Ok((id, known.zip(judged)))
}

fn framed(visitor: &Visitor, series: Option<&Piece<Dialogue>>, frame: Frame) -> Frame {
    let name = frame.t("dialogues-title");
    let frame = frame
        .under("/dialogues", name)
        .label(Tlp::of(policy::Tlp::AmberStrict));
    match series {
        Some(series) => frame.under(path(&series.id), Eyes::new(visitor).dialogue(series)),
        None => frame,
    }
}

fn form(visitor: &Visitor, id: &ObjectId) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        format!("dialogues-scores {id}"),
        format!("{}/scores", path(id)),
        words.t("trial-try"),
    )?;
    Ok(form.long().fields([
        Field::new("file", words.t("scores-file"), Input::File).hint(words.t("scores-file-hint")),
        Field::new("coder", words.t("scores-coder"), Input::Line)
            .hint(words.t("scores-coder-hint")),
        Field::new("basis", words.t("dialogues-appraisal-basis"), Input::Line),
        Field::new("period", words.t("scores-period"), Input::Line).optional(),
        Field::new("url", words.t("scores-url"), Input::Line).optional(),
    ]))
}

fn page(visitor: &Visitor, all: Released<All>, form: Form) -> Result<Page, Failure> {
    visitor.page("scores-title", all, |(known, _), frame| {
        Ok(Ask {
            lead: frame.t("scores-lead"),
            frame: framed(visitor, known.dialogues.first(), frame),
            form,
        })
    })
}

/// `GET /dialogues/series/{id}/scores`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, all) = all_of(visitor, &uuid)?;
            page(visitor, all, form(visitor, &id)?.resumed(visitor)?)
        })
        .await
}

fn unread(visitor: &Visitor, why: Unread) -> String {
    let words = &visitor.words;
    match why {
        Unread::Encoding => words.t("scores-no-text"),
        Unread::Quote(line) => words.t1("scores-quote", "line", line.to_string()),
        Unread::Head => words.t("scores-head"),
        Unread::Empty => words.t("scores-empty"),
        Unread::Large => words.t("scores-large"),
    }
}

/// `POST /dialogues/series/{id}/scores`: a table is tried; nothing is taken yet.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, upload: Upload) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, all) = all_of(visitor, &uuid)?;
            let mut form = form(visitor, &id)?.filled(&upload.typed);
            let (coder, basis) = (form.need("coder"), form.need("basis"));
            let text = |name: &str| {
                Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty())
            };
            let told = Told {
                coder: coder.trim().to_owned(),
                basis: basis.trim().to_owned(),
                period: text("period"),
                url: text("url"),
            };
            let file = upload.files.into_iter().find(|file| file.field == "file");
            let scores = match &file {
                Some(file) => read(&file.bytes, &|name| side(name).is_some())
                    .map_err(|why| unread(visitor, why)),
                None => Err(visitor.words.t("scores-no-file")),
            };
            if let Err(sentence) = &scores {
                form.wrong("file", sentence.clone());
            }
            let above = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes);
                visitor.node().may_hold(&text).is_err()
            };
            if file.as_ref().is_some_and(|file| above(&file.bytes)) {
                form.wrong("file", visitor.words.t("form-above"));
            }
            let (Ok(scores), Some(file), false) = (scores, file, form.is_wrong()) else {
                form.keep(visitor)?;
                return Ok(page(visitor, all, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            let key = visitor.node().new_id("intake")?.uuid().to_string();
            let brought = Brought {
                told,
                series: id.to_string(),
                file: String::from_utf8_lossy(&file.bytes).into_owned(),
                taking: None,
            };
            let kept = serde_json::to_vec(&brought).map_err(anyhow::Error::from)?;
            visitor.node().keep(DESK, KIND, &key, kept).wait()?;
            form.done(visitor)?;
            Ok(tried(visitor, &id, all, (&key, &brought, &scores))?.into())
        })
        .await
}

/// What would become of each line, and the button where none is wrong.
fn tried(
    visitor: &Visitor,
    id: &ObjectId,
    all: Released<All>,
    (key, brought, scores): (&str, &Brought, &Scores),
) -> Result<Page, Failure> {
    visitor.page("scores-tried", all, |(known, judged), frame| {
        let (words, eyes) = (&visitor.words, Eyes::new(visitor));
        let node = visitor.node();
        let tried = attempt(node, &brought.told, scores, &known.commitments, &judged);
        let count = |is: fn(&Fate) -> bool| tried.iter().filter(|one| is(&one.fate)).count();
        let taken = count(|fate| matches!(fate, Fate::New(_) | Fate::Changed(..)));
        let bad = count(|fate| matches!(fate, Fate::Bad(_)));
        let rows = tried.iter().map(|one| row(visitor, &eyes, one)).collect();
        let told = words.t2("scores-told", "new", whole(taken), "bad", whole(bad));
        let mut trial = Trial::of(words, told, rows);
        if bad == 0 && taken > 0 {
            let address = format!("{}/scores/take", path(id));
            let verb = words.t1("scores-take", "n", whole(taken));
            trial = trial.action(Action::main(address, verb).with("brought", key));
        }
        let mut sentences = Vec::new();
        if !scores.left_out.is_empty() {
            let names: Vec<String> = scores.left_out.iter().map(|name| shown(name)).collect();
            sentences.push(words.t1("scores-left-out", "names", words.list(&names)));
        }
        if scores.blank > 0 {
            sentences.push(words.t1("scores-blank", "n", whole(scores.blank)));
        }
        if bad > 0 {
            sentences.push(words.t("scores-all-or-nothing"));
        }
        let again = Link::new(format!("{}/scores", path(id)), words.t("scores-again"));
        Ok(Show {
            frame: framed(visitor, known.dialogue(Some(id.as_str())), frame),
            sentences,
            trial,
            again,
        })
    })
}

fn whole(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::MAX, f64::from)
}

fn row(visitor: &Visitor, eyes: &Eyes<'_>, one: &Tried) -> site::parts::steps::Tried {
    let words = &visitor.words;
    let (sign, key, why) = match &one.fate {
        Fate::New(_) => ("good", "scores-new", String::new()),
        Fate::Changed(held, _) => {
            let before = held
                .what
                .score
                .map(|score| super::appraisal::stand::score(visitor, score));
            let why = words.t1("scores-before", "score", before.unwrap_or_default());
            ("wait", "scores-changed", why)
        }
        Fate::Known => ("off", "scores-known", String::new()),
        Fate::Bad(wrong) => {
            let why = words.t(&format!("scores-wrong-{}", wrong.as_str()));
            ("bad", "scores-bad", why)
        }
    };
    let line = &one.line;
    let member = side(&line.member).map(|code| eyes.side(&code));
    let said = [
        words.t1("scores-line", "line", line.number.to_string()),
        member.unwrap_or_else(|| shown(&line.member)),
        shown(&line.score),
        site::shorten(&shown(&line.commitment)),
    ];
    site::parts::steps::Tried {
        name: said.join(" · "),
        state: (sign, words.t(key)),
        why,
    }
}

/// `POST /dialogues/series/{id}/scores/take`: what was tried is tried once more and taken, all of it or nothing.
pub(super) async fn accept(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, all) = all_of(visitor, &uuid)?;
            let key = typed.text("brought").to_owned();
            let kept = visitor
                .node()
                .kept(DESK, KIND, &key)?
                .ok_or(Failure::Absent)?;
            let mut brought: Brought =
                serde_json::from_slice(&kept.value).map_err(anyhow::Error::from)?;
            if brought.series != id.as_str() {
                return Err(Failure::Absent);
            }
            let scores = read(brought.file.as_bytes(), &|name| side(name).is_some())
                .map_err(|why| anyhow::anyhow!("a table that was tried cannot be read: {why:?}"))?;
            let (known, judged) = all.as_ref().into_inner();
            let node = visitor.node();
            let lines = attempt(node, &brought.told, &scores, &known.commitments, judged);
            if lines.iter().any(|one| matches!(one.fate, Fate::Bad(_))) {
                // Something changed since it was tried: it is shown as it is now.
                let page = tried(visitor, &id, all, (&key, &brought, &scores))?;
                return Ok(page.with_status(StatusCode::CONFLICT).into());
            }
            let taking = |since: i64| is_being_done(since, visitor.now);
            if brought.taking.is_some_and(taking) {
                return Err(node::Meanwhile.into());
            }
            brought.taking = Some(visitor.now);
            let before = kept.value.clone();
            let still = move |there: Option<&[u8]>| there == Some(&before);
            let taken = serde_json::to_vec(&brought).map_err(anyhow::Error::from)?;
            node.keep_if(DESK, KIND, &key, still, taken).wait()?;
            let count = match take(node, visitor.acting()?, &lines) {
                Ok(count) => count,
                Err(error) => {
                    node.keep(DESK, KIND, &key, kept.value).wait()?;
                    return Err(error.into());
                }
            };
            node.let_go(DESK, KIND, &key).wait()?;
            Ok(Move::to(path(&id))
                .saying(visitor.words.t1("scores-taken", "n", whole(count)))
                .into())
        })
        .await
}

/// `GET /dialogues/series/{id}/scores.csv`: the scores that the visitor may see, a line each, in the form in which they come in.
pub(super) async fn file(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (_, all) = all_of(visitor, &uuid)?;
            let eyes = Eyes::new(visitor);
            let text = all.map(|(known, judged)| {
                let mut text = String::new();
                write(&COLUMNS.map(str::to_owned), &mut text);
                for one in judged {
                    let (what, Ok(about)) = (&one.what, ObjectId::parse(&one.what.about_ref))
                    else {
                        continue;
                    };
                    let (Some(score), Some(piece)) = (what.score, known.commitment(&about)) else {
                        continue;
                    };
                    let source = one.sources.first();
                    let member = if ObjectId::parse(&what.of).is_ok() {
                        eyes.side(&what.of)
                    } else {
                        what.of.clone()
                    };
                    let label = one.label.as_ref();
                    let label = label.map(|label| format!("TLP:{}", label.class.tlp().name()));
                    let cells = [
                        about.to_string(),
                        piece.what.words.clone(),
                        member,
                        score.to_string(),
                        what.account.clone().unwrap_or_default(),
                        eyes.side(&what.by),
                        what.basis.clone(),
                        what.period.clone().unwrap_or_default(),
                        source.map(|source| source.name.clone()).unwrap_or_default(),
                        source
                            .and_then(|source| source.url.clone())
                            .unwrap_or_default(),
                        label.unwrap_or_default(),
                    ];
                    write(&cells, &mut text);
                }
                text
            });
            Ok(Page::of("text/csv; charset=utf-8", text).as_file("scores.csv"))
        })
        .await
}
