//! A round that comes back as a file: whose changes are whose, what the file says and what it does not say; then it is in preparation, to
//! be put forward as received.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::parts::upload::Upload;
use site::{Failure, Move, Page, Reply, Visitor, shown};
use stix::ObjectId;

use super::super::follow_up::Ask;
use super::super::view::Eyes;
use super::file::author;
use super::show::called;
use super::{bench_of, draft_of, framed, path};
use crate::DESK;
use crate::drafting::bench::Bench;
use crate::drafting::docx::{Broken, Returned, Seen, read};
use crate::drafting::returned::{Author, Senders, authors, returned};
use crate::drafting::rounds::Rounds;
use crate::drafting::send::our_side;
use crate::drafting::stamp;
use crate::import::may_hold;
use crate::records::{Draft, Passage, Piece, Received};
use crate::rules::wording::closeness;

/// Under which kinds are kept: what is known of a file that waits, its bytes, and which side an author was.
const KIND: &str = "returned";
const BYTES: &str = "returned-file";
const AUTHOR: &str = "author";

/// A file that waits for who is who in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Waiting {
    name: String,
    sha256: String,
    base: String,
    from: String,
    on: String,
    by: String,
    notices: Vec<String>,
}

fn form(visitor: &Visitor, id: &ObjectId) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        format!("dialogues-receive {id}"),
        format!("{}/receive", path(id)),
        words.t("drafting-read-file"),
    )?;
    let today = visitor
        .at()
        .as_str()
        .get(..10)
        .unwrap_or_default()
        .to_owned();
    Ok(form.fields([
        Field::new("file", words.t("drafting-file"), Input::File)
            .hint(words.t("drafting-file-hint")),
        Field::new("from", words.t("drafting-from-whom"), Input::Line)
            .hint(words.t("drafting-from-whom-hint")),
        Field::new("on", words.t("drafting-received-on"), Input::Day).with(today),
    ]))
}

fn page(visitor: &Visitor, rounds: Released<Rounds>, form: Form) -> Result<Page, Failure> {
    visitor.page("drafting-receive", rounds, |rounds, frame| {
        let lead = frame.t("drafting-receive-lead");
        Ok(Ask {
            frame: framed(visitor, &rounds, frame, true),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/drafts/{id}/receive`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            page(visitor, rounds, form(visitor, &id)?.resumed(visitor)?)
        })
        .await
}

/// The round that a file was made from, with what to say about that; or why it is not taken.
fn base<'r>(
    visitor: &Visitor,
    id: &ObjectId,
    rounds: &'r Rounds,
    doc: &Returned,
) -> Result<(&'r Piece<Draft>, Vec<String>), String> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    if doc
        .draft
        .as_deref()
        .is_some_and(|draft| draft != id.as_str())
    {
        return Err(words.t("drafting-file-other"));
    }
    if doc.paper.is_some() {
        return Err(words.t("drafting-file-paper"));
    }
    let newest = rounds
        .newest()
        .ok_or_else(|| words.t("drafting-file-round"))?;
    let Some(round) = doc.round.as_deref() else {
        if is_apart(&newest.what.passages, doc) {
            return Err(words.t("drafting-file-apart"));
        }
        let round = called(visitor, &eyes, newest);
        return Ok((
            newest,
            vec![words.t1("drafting-file-nameless", "round", round)],
        ));
    };
    let base = rounds
        .round(round)
        .ok_or_else(|| words.t("drafting-file-round"))?;
    let mut notices = Vec::new();
    if !rounds.heads().iter().any(|head| head.id == base.id) {
        notices.push(words.t2(
            "drafting-file-older",
            "round",
            called(visitor, &eyes, base),
            "newest",
            called(visitor, &eyes, newest),
        ));
    }
    Ok((base, notices))
}

/// How close, in percent, a file that does not say of which round it is has to be to the newest.
const CLOSE: u32 = 33;

/// Whether a file that does not say of what it is has too little in common with a round to be one: with what it puts in, and without.
fn is_apart(round: &[Passage], doc: &Returned) -> bool {
    let words = |kept: fn(&Seen) -> bool| -> String {
        let letters = doc.letters.iter().filter(|seen| kept(seen));
        letters.map(|seen| seen.letter).collect()
    };
    let round: Vec<&str> = round.iter().map(|one| one.words.as_str()).collect();
    let round = round.join("\n");
    let close = |words: String| closeness(&round, &words) >= CLOSE;
    !close(words(|_| true)) && !close(words(|seen| seen.put_in.is_none()))
}

/// `POST /dialogues/drafts/{id}/receive`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    upload: Upload,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let mut form = form(visitor, &id)?.filled(&upload.typed);
            let (from, on) = (form.need("from"), form.need("on"));
            let words = &visitor.words;
            if !on.is_empty() && words.date_of(&on).is_none() {
                form.wrong("on", words.t("drafting-day-wrong"));
            }
            if bench_of(visitor, &id, rounds.as_ref().into_inner())?.is_some() {
                form.wrong("file", words.t("drafting-bench-there"));
            }
            let file = upload.files.iter().find(|file| file.field == "file");
            let doc = match file.map(|file| read(&file.bytes)) {
                None => Err("drafting-file-none"),
                Some(Ok(doc)) => Ok(doc),
                Some(Err(broken)) => Err(match broken {
                    Broken::NotDocx => "drafting-file-not-docx",
                    Broken::Damaged => "drafting-file-damaged",
                    Broken::TooLarge => "drafting-file-large",
                    Broken::Empty => "drafting-file-empty",
                }),
            };
            let above = file.is_some_and(|file| may_hold(visitor.node(), &file.bytes).is_err());
            let found = match doc {
                _ if above => Err(words.t("form-above")),
                Err(key) => Err(words.t(key)),
                Ok(doc) => base(visitor, &id, rounds.as_ref().into_inner(), &doc)
                    .map(|(piece, notices)| (piece.id.to_string(), notices)),
            };
            let (base, notices) = match found {
                Ok(found) => found,
                Err(sentence) => {
                    form.wrong("file", sentence);
                    (String::new(), Vec::new())
                }
            };
            let (Some(file), false) = (file, form.is_wrong()) else {
                form.keep(visitor)?;
                return Ok(page(visitor, rounds, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            let waiting = Waiting {
                name: file.name.clone(),
                sha256: hex::encode(Sha256::digest(&file.bytes)),
                base,
                from,
                on,
                by: visitor
                    .actor
                    .as_ref()
                    .map(|actor| actor.name.clone())
                    .unwrap_or_default(),
                notices,
            };
            let node = visitor.node();
            node.keep(DESK, BYTES, id.as_str(), file.bytes.clone())
                .wait()?;
            node.keep(DESK, KIND, id.as_str(), serde_json::to_vec(&waiting)?)
                .wait()?;
            form.done(visitor)?;
            Ok(Move::to(format!("{}/received", path(&id))).into())
        })
        .await
}

/// The file that waits, read again, with the round that it was made from.
fn waiting<'r>(
    visitor: &Visitor,
    id: &ObjectId,
    rounds: &'r Rounds,
) -> Result<(Waiting, Returned, &'r Piece<Draft>), Failure> {
    let node = visitor.node();
    let kept = node.kept(DESK, KIND, id.as_str())?.ok_or(Failure::Absent)?;
    let waiting: Waiting = serde_json::from_slice(&kept.value)?;
    let bytes = node
        .kept(DESK, BYTES, id.as_str())?
        .ok_or(Failure::Absent)?;
    // What is known of it and the file itself are kept one after the other.
    if hex::encode(Sha256::digest(&bytes.value)) != waiting.sha256 {
        return Err(node::Meanwhile.into());
    }
    let doc = read(&bytes.value).map_err(|_| Failure::Absent)?;
    let base = rounds.round(&waiting.base).ok_or(Failure::Absent)?;
    Ok((waiting, doc, base))
}

fn new_authors(visitor: &Visitor, doc: &Returned, base: &Piece<Draft>) -> Vec<Author> {
    authors(
        doc,
        &base.what.passages,
        &stamp(base.created.as_str()),
        &|side| author(visitor, side),
    )
}

/// By which name it is kept which side an author was, and asked in a form: another file may wait by the time that it is answered.
fn kept_as(author: &str) -> String {
    hex::encode(Sha256::digest(author))
        .get(..32)
        .unwrap_or_default()
        .to_owned()
}

/// The side that an author seems to be: as it was told before, else as files call the sides.
fn likely(visitor: &Visitor, name: &str, parties: &[String]) -> Result<String, Failure> {
    if let Some(kept) = visitor.node().kept(DESK, AUTHOR, &kept_as(name))? {
        let side = String::from_utf8_lossy(&kept.value).into_owned();
        if parties.contains(&side) {
            return Ok(side);
        }
    }
    let side = parties.iter().find(|side| author(visitor, side) == name);
    Ok(side.cloned().unwrap_or_default())
}

/// The field that asks which side an author is.
fn asked(author: &Author) -> String {
    format!("author-{}", kept_as(&author.name))
}

fn sides_form(
    visitor: &Visitor,
    id: &ObjectId,
    (waiting, base): (&Waiting, &Piece<Draft>),
    authors: &[Author],
) -> Result<Form, Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let parties = &base.what.parties;
    let ours = our_side(visitor.node(), parties);
    let choices: Vec<Choice> = parties
        .iter()
        .map(|side| Choice::new(side, eyes.side(side)))
        .collect();
    let other = parties.iter().find(|side| **side != ours);
    let form = Form::new(
        visitor,
        format!("dialogues-received {id} {}", waiting.sha256),
        format!("{}/received", path(id)),
        words.t("drafting-take-in"),
    )?
    .long();
    let sender = Field::new(
        "sender",
        words.t("drafting-sender"),
        Input::One(choices.clone()),
    )
    .hint(words.t("drafting-sender-hint"))
    .fresh()
    .with(other.cloned().unwrap_or_default());
    let mut fields = vec![Field::carried("waits", &*waiting.sha256), sender];
    for author in authors {
        let name = if author.name.is_empty() {
            words.t("drafting-author-nameless")
        } else {
            shown(&author.name)
        };
        let hint = words.t2(
            "drafting-author-did",
            "changes",
            f64::from(author.changes),
            "comments",
            f64::from(author.notes),
        );
        let list = std::iter::once(Choice::new("", words.t("drafting-choose")))
            .chain(choices.iter().cloned());
        fields.push(
            Field::new(
                asked(author),
                words.t1("drafting-author", "name", name),
                Input::List(list.collect()),
            )
            .hint(hint)
            .fresh()
            .with(likely(visitor, &author.name, parties)?),
        );
    }
    Ok(form.fields(fields))
}

fn sides_page(
    visitor: &Visitor,
    rounds: Released<Rounds>,
    (waiting, authors): (&Waiting, &[Author]),
    form: Form,
) -> Result<Page, Failure> {
    visitor.page("drafting-who", rounds, |rounds, frame| {
        // Where every author is known, the sender alone is asked for.
        let key = match authors.is_empty() {
            true => "drafting-who-lead-sender",
            false => "drafting-who-lead",
        };
        let mut lead = vec![visitor.words.t1(key, "name", shown(&waiting.name))];
        lead.extend(waiting.notices.iter().cloned());
        Ok(Ask {
            frame: framed(visitor, &rounds, frame, true),
            lead: lead.join(" "),
            form,
        })
    })
}

/// `GET /dialogues/drafts/{id}/received`.
pub(in super::super) async fn look(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let (waiting, doc, base) = waiting(visitor, &id, rounds.as_ref().into_inner())?;
            let authors = new_authors(visitor, &doc, base);
            let form = sides_form(visitor, &id, (&waiting, base), &authors)?.resumed(visitor)?;
            sides_page(visitor, rounds, (&waiting, &authors), form)
        })
        .await
}

/// `POST /dialogues/drafts/{id}/received`.
pub(in super::super) async fn take(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let (waiting, doc, base) = waiting(visitor, &id, rounds.as_ref().into_inner())?;
            let authors = new_authors(visitor, &doc, base);
            let mut form = sides_form(visitor, &id, (&waiting, base), &authors)?.filled(&typed);
            let parties = base.what.parties.clone();
            let sender = form.need("sender");
            let mut sides: BTreeMap<String, String> = BTreeMap::new();
            for author in &authors {
                let name = asked(author);
                let side = form.text(&name).to_owned();
                if parties.contains(&side) {
                    sides.insert(author.name.clone(), side);
                } else {
                    form.wrong(&name, visitor.words.t("drafting-author-none"));
                }
            }
            if !parties.contains(&sender) {
                form.wrong("sender", visitor.words.t("drafting-author-none"));
            }
            if bench_of(visitor, &id, rounds.as_ref().into_inner())?.is_some() {
                form.wrong("sender", visitor.words.t("drafting-bench-there"));
            }
            let other = visitor.words.t("drafting-file-meanwhile");
            form.meanwhile("waits", "sender", other);
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(sides_page(visitor, rounds, (&waiting, &authors), form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let all = rounds.as_ref().into_inner();
            let mut bench = Bench::begun(&id, &[base], &sender).numbered(all);
            let by = Senders {
                base: &base.what.passages,
                stamp: &stamp(base.created.as_str()),
                name: &|side| author(visitor, side),
                sides: &sides,
                sender: &sender,
                parties: &parties,
                at: &format!("{}T00:00:00Z", waiting.on),
            };
            let mut names = bench.clone();
            let (passages, found) = returned(&by, &doc, &mut || names.fresh(&parties));
            bench.added = names.added;
            bench.passages = passages;
            bench.found = found
                .into_iter()
                .map(|(what, count)| (what.to_owned(), count))
                .collect();
            bench.received = Some(Received {
                by: Some(waiting.by.clone())
                    .filter(|by| !by.is_empty())
                    .unwrap_or_else(|| visitor.node().home().name.clone()),
                on: waiting.on.clone(),
                from: Some(waiting.from.clone()),
                sha256: Some(waiting.sha256.clone()),
            });
            let node = visitor.node();
            bench.save(node)?;
            for (author, side) in &sides {
                node.keep(DESK, AUTHOR, &kept_as(author), side.clone().into_bytes())
                    .wait()?;
            }
            node.let_go(DESK, BYTES, id.as_str()).wait()?;
            node.let_go(DESK, KIND, id.as_str()).wait()?;
            form.done(visitor)?;
            Ok(Move::to(format!("{}/work", path(&id))).into())
        })
        .await
}
