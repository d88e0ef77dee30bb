//! `/programs`: machine access. Which program comes in for whom, what it reads and writes, when it last came; add one, shut one out.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::{Actor, NewAccess};
use serde::Deserialize;

use super::refusal;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::records::list::title;
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "signin/programs.html")]
struct Programs {
    frame: Frame,
    count: String,
    programs: Vec<Row>,
    /// A program that was just let in, and its secret, shown this once.
    made: Option<(String, String)>,
}

struct Row {
    name: String,
    participant: String,
    reads: String,
    writes: String,
    used: String,
    works: bool,
    state: String,
}

#[derive(Template)]
#[template(path = "signin/form.html")]
struct New {
    frame: Frame,
    lead: String,
    more: Vec<String>,
    form: Form,
}

/// What a program may do, as the node keeps it.
#[derive(Default, Deserialize)]
struct Rights {
    read: BTreeSet<String>,
    write: BTreeSet<String>,
}

fn me(visitor: &Visitor) -> Result<&Actor, Failure> {
    visitor.actor.as_ref().ok_or(Failure::SignIn)
}

fn page(visitor: &Visitor, made: Option<(String, String)>) -> Result<Page, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let (collections, uses) = (node.collections()?, node.access_uses()?);
    let titles = |ids: &BTreeSet<String>| {
        let own = collections.iter().filter(|one| ids.contains(&one.id));
        let own: Vec<String> = own
            .map(|one| shown(one.alias.as_ref().unwrap_or(&one.title)))
            .collect();
        words.list(&own)
    };
    let mut programs = Vec::new();
    for access in node.accesses()? {
        let rights: Rights = serde_json::from_str(&access.rights).unwrap_or_default();
        let participant = node.participant(&access.participant);
        programs.push(Row {
            participant: participant.map_or_else(String::new, |known| shown(&known.name)),
            reads: titles(&rights.read),
            writes: titles(&rights.write),
            used: uses
                .get(&access.name)
                .map_or_else(|| words.t("programs-never"), |at| words.moment(*at)),
            works: access.revoked.is_none(),
            state: access.revoked.map_or_else(
                || words.t("programs-works"),
                |at| words.t1("programs-revoked", "date", words.moment(at)),
            ),
            name: shown(&access.name),
        });
    }
    let n = i64::try_from(programs.len()).unwrap_or(0);
    let count = words.t1("programs-count", "n", n);
    visitor.page("programs-title", nothing(), |(), frame| {
        Ok(Programs {
            frame,
            count,
            programs,
            made,
        })
    })
}

/// `GET /programs`.
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor.answer(|visitor| page(visitor, None)).await
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let (words, node) = (&visitor.words, visitor.node());
    let collections: Vec<Choice> = node
        .collections()?
        .into_iter()
        .map(|one| {
            let name = one.alias.clone().unwrap_or_else(|| one.id.clone());
            Choice::new(name, title(visitor, &one))
        })
        .collect();
    let mut known = node.participants();
    words.sort(&mut known, |one| &one.name);
    let participants = known.iter().map(|one| {
        let name = visitor.translated_name(one.id.as_str());
        Choice::new(one.id.as_str(), shown(name.as_ref().unwrap_or(&one.name)))
    });
    let form = Form::new(
        visitor,
        "program-new",
        "/programs/new",
        words.t("programs-let-in"),
    )?;
    Ok(form.long().fields([
        Field::new("name", words.t("programs-name"), Input::Line)
            .hint(words.t("programs-name-hint")),
        Field::new(
            "participant",
            words.t("programs-participant"),
            Input::List(participants.collect()),
        )
        .with(node.home().id.as_str()),
        Field::new(
            "read",
            words.t("programs-reads"),
            Input::Any(collections.clone()),
        )
        .optional(),
        Field::new("write", words.t("programs-writes"), Input::Any(collections)).optional(),
    ]))
}

fn new_page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    let lead = visitor.words.t("programs-new-lead");
    visitor.page("programs-new-title", nothing(), |(), frame| {
        let name = frame.t("programs-title");
        Ok(New {
            frame: frame.under("/programs", name),
            lead,
            more: Vec::new(),
            form,
        })
    })
}

/// `GET /programs/new`.
pub(super) async fn new(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| new_page(visitor, form(visitor)?.resumed(visitor)?))
        .await
}

/// `POST /programs/new`: the answer shows the secret, this once.
pub(super) async fn add(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = form(visitor)?.filled(&typed);
            let name = form.need_name("name");
            let (read, write) = (form.chosen("read").to_vec(), form.chosen("write").to_vec());
            if read.is_empty() && write.is_empty() {
                form.wrong("read", visitor.words.t("programs-nothing"));
            }
            if !form.is_wrong() {
                let new = NewAccess {
                    name,
                    participant: form.text("participant").to_owned(),
                    read,
                    write,
                    ..NewAccess::default()
                };
                let added = visitor.node().add_access(new, me(visitor)?);
                match added.and_then(node::Pending::wait) {
                    Ok(granted) => {
                        form.done(visitor)?;
                        let made = (shown(&granted.name), granted.secret);
                        return Ok(page(visitor, Some(made))?.into());
                    }
                    Err(error) if error.is::<node::Refused>() => return Err(refusal::page(error)),
                    Err(_) => form.wrong("name", visitor.words.t("programs-name-wrong")),
                }
            }
            form.keep(visitor)?;
            Ok(new_page(visitor, form)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}

/// `POST /programs/revoke`: shut out from its next request on.
pub(super) async fn revoke(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let gone = visitor
                .node()
                .revoke_access(typed.text("name"), me(visitor)?);
            if !gone.wait().map_err(refusal::page)? {
                return Err(Failure::Absent);
            }
            let said = visitor.words.t("programs-revoked-said");
            Ok(Move::to("/programs").saying(said).into())
        })
        .await
}
