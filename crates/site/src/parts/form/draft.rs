//! What was typed and not sent yet, kept on the node by person and form.
//!
//! Invariant: only its person reads a draft. What is above the node's ceiling is kept in none (rule 10). Who shows the proof that came with a form may still add to its draft when the session has
//! ended meanwhile: that is how what was typed survives.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use node::Node;
use sha2::{Digest as _, Sha256};

use super::typed::Typed;
use crate::shell::answer::Move;
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

const ROOM: &str = "site";
/// Bytes of one draft.
const LARGEST: usize = 256 << 10;
/// Drafts of one person that are listed.
const MOST: usize = 100;

/// A draft.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) changed: i64,
    pub(crate) typed: Typed,
}

fn kind(owner: &str) -> String {
    format!("draft {owner}")
}

pub(crate) fn of(node: &Node, owner: &str, form: &str) -> Result<Option<Draft>, Failure> {
    let kept = node.kept(ROOM, &kind(owner), form)?;
    Ok(kept.map(|kept| Draft {
        changed: kept.changed,
        typed: Typed::parse(&kept.value),
    }))
}

/// Keeps it, but for what is too large, or above the ceiling: then what was kept of the form before stays. Says whether it may be held.
pub(crate) fn keep(node: &Node, owner: &str, form: &str, typed: &Typed) -> Result<bool, Failure> {
    if typed.kept().any(|(_, value)| node.may_hold(value).is_err()) {
        return Ok(false);
    }
    let written = typed.written();
    if written.len() <= LARGEST {
        node.keep(ROOM, &kind(owner), form, written.into_bytes())
            .wait()?;
    }
    Ok(true)
}

pub(crate) fn drop(node: &Node, owner: &str, form: &str) -> Result<(), Failure> {
    if node.kept(ROOM, &kind(owner), form)?.is_some() {
        node.let_go(ROOM, &kind(owner), form).wait()?;
    }
    Ok(())
}

/// The forms that somebody has begun, and when, the newest first.
pub(crate) fn all(node: &Node, owner: &str) -> Result<Vec<(String, i64)>, Failure> {
    let mut all: Vec<(String, i64)> = node
        .all_kept(ROOM, &kind(owner), "", MOST)?
        .into_iter()
        .map(|kept| (kept.name, kept.changed))
        .collect();
    all.sort_by_key(|(_, changed)| std::cmp::Reverse(*changed));
    Ok(all)
}

/// What shows that this node gave a form to somebody. It is made of a secret that is drawn once and stays on the node.
pub(crate) fn proof(node: &Node, owner: &str, form: &str) -> Result<String, Failure> {
    let secret = match node.kept(ROOM, "secret", "draft")? {
        Some(kept) => kept.value,
        None => {
            // Two ids are 244 random bits.
            let drawn = format!("{}{}", node.new_id("note")?, node.new_id("note")?).into_bytes();
            node.keep(ROOM, "secret", "draft", drawn.clone()).wait()?;
            drawn
        }
    };
    let mut hash = Sha256::new();
    for part in [&secret[..], owner.as_bytes(), form.as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hash = hash.finalize();
    let proof: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(format!("{owner} {proof}"))
}

/// Keeps what came with a form, if the proof in it is good and the node may hold it; says what became of it.
pub(crate) fn keep_proved(node: &Node, typed: &Typed) -> Result<StatusCode, Failure> {
    let (form, shown) = (typed.text("draft-of"), typed.text("draft-proof"));
    let owner = shown.split(' ').next().unwrap_or_default();
    // A hash is compared with a hash: how long it takes tells nothing about the right one.
    let good = Sha256::digest(proof(node, owner, form)?) == Sha256::digest(shown);
    Ok(match good && !form.is_empty() {
        false => StatusCode::FORBIDDEN,
        true if keep(node, owner, form, typed)? => StatusCode::NO_CONTENT,
        true => StatusCode::UNPROCESSABLE_ENTITY,
    })
}

/// `POST /drafts`: keeps what has been typed so far. A script asks for it while somebody types.
pub(crate) async fn save(visitor: Visitor, typed: Typed) -> Response {
    let kept = tokio::task::spawn_blocking(move || keep_proved(visitor.node(), &typed)).await;
    match kept {
        Ok(Ok(kept)) => kept.into_response(),
        // It goes on by itself: the script tries again.
        Ok(Err(Failure::Broken(error))) if node::is_unwritten(&error) => {
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /drafts/drop`: throws a draft away, and leads back to its form.
pub(crate) async fn throw_away(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            drop(visitor.node(), &visitor.owner(), typed.text("draft-of"))?;
            Ok(Move::to(typed.text("draft-back")).saying(visitor.words.t("form-dropped")))
        })
        .await
}
