//! What was sent, and doing it once though it is sent twice: a form that was pressed twice, a request that a program repeats.
//!
//! Invariant: what is kept of what was done is a hash and where it led. A form that is opened anew is another, whatever is typed into it.

use std::collections::HashSet;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};

use node::Node;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::answer::{Move, Reply};
use super::failure::Failure;
use super::visitor::Visitor;
use crate::parts::form::Typed;
use crate::parts::upload::File;

/// Under which field a form carries by what it is known from all others.
pub(crate) const FIELD: &str = "draft-once";
/// The room and kind under which is kept where forms led.
const FORMS: (&str, &str) = ("site", "sent");
/// How long, in microseconds: a quarter of an hour. What stands where it led may be another thing later.
const LASTS: i64 = 900_000_000;
/// How many old ones are looked at for each new one.
const TIDIED: usize = 20;

/// What a visitor sent with a form.
#[derive(Debug, Clone)]
pub(crate) struct FormSent {
    /// What was typed.
    pub(crate) typed: Typed,
    /// Whether there were files beside it, which only the browser has.
    pub(crate) files: bool,
    /// The hash of all of it, where the form is known from others.
    pub(crate) hash: Option<String>,
}

impl FormSent {
    /// What was typed, and the files beside it.
    pub(crate) fn of(typed: &Typed, files: &[File]) -> Self {
        let known = !typed.text(FIELD).is_empty();
        let made = || {
            let mut parts: Vec<&[u8]> = Vec::new();
            for (name, value) in typed.pairs() {
                parts.extend([name.as_bytes(), value.as_bytes()]);
            }
            for file in files {
                parts.extend([file.field.as_bytes(), file.name.as_bytes(), &file.bytes]);
            }
            hash(&parts)
        };
        Self {
            hash: known.then(made),
            typed: typed.clone(),
            files: !files.is_empty(),
        }
    }
}

/// What is being done this moment, by its name.
static RUNNING: LazyLock<(Mutex<HashSet<String>>, Condvar)> = LazyLock::new(Default::default);

/// That something is being done; over when it is dropped.
pub(crate) struct Running(String);

impl Running {
    fn all() -> MutexGuard<'static, HashSet<String>> {
        RUNNING.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins it, unless it is being done.
    pub(crate) fn begin(name: &str) -> Option<Self> {
        let begun = Self::all().insert(name.to_owned());
        begun.then(|| Self(name.to_owned()))
    }

    /// Begins it once nobody else is at it.
    fn after_others(name: &str) -> Self {
        let mut all = Self::all();
        while !all.insert(name.to_owned()) {
            all = RUNNING.1.wait(all).unwrap_or_else(PoisonError::into_inner);
        }
        Self(name.to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        Self::all().remove(&self.0);
        RUNNING.1.notify_all();
    }
}

/// The hash of some parts, as it stands in names.
pub(crate) fn hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hash = hash.finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Lets go of a few old receipts that are over.
pub(crate) fn tidy(
    node: &Node,
    (room, kind): (&str, &str),
    after: &str,
    over: impl Fn(&[u8]) -> bool,
) -> anyhow::Result<()> {
    for old in node.all_kept(room, kind, after, TIDIED)? {
        if over(&old.value) {
            node.let_go(room, kind, &old.name).wait()?;
        }
    }
    Ok(())
}

/// Where a form led.
#[derive(Serialize, Deserialize)]
struct Led {
    to: String,
    until: i64,
}

/// Does what a form is for; where the very same was sent before, leads where that led and says that nothing was done again.
pub(super) fn form(
    visitor: &Visitor,
    make: impl FnOnce(&Visitor) -> Result<Reply, Failure>,
) -> Result<Reply, Failure> {
    let Some(sent) = visitor.sent.get().and_then(|sent| sent.hash.as_deref()) else {
        return make(visitor);
    };
    let owner = visitor.owner();
    let parts = [&*owner, &*visitor.path, &*visitor.query, sent].map(str::as_bytes);
    let name = hash(&parts);
    let _running = Running::after_others(&name);
    let node = visitor.node();
    let led = node.kept(FORMS.0, FORMS.1, &name)?;
    let led = led.and_then(|kept| serde_json::from_slice::<Led>(&kept.value).ok());
    if let Some(led) = led.filter(|led| visitor.now < led.until) {
        let said = visitor.words.t("form-sent-already");
        return Ok(Move::to(led.to).saying(said).into());
    }
    let reply = make(visitor)?;
    if let Reply::Move(to) = &reply
        && let Some(to) = to.plain()
    {
        let until = visitor.now.saturating_add(LASTS);
        let led = serde_json::to_vec(&Led { to, until })?;
        let over = |old: &[u8]| {
            serde_json::from_slice::<Led>(old).is_ok_and(|led| led.until < visitor.now)
        };
        let kept = node.keep(FORMS.0, FORMS.1, &name, led).wait();
        // It is done, whether this is kept or not.
        if let Err(error) = kept.and_then(|()| tidy(node, FORMS, &name, over)) {
            tracing::warn!(error = format!("{error:#}"), "form.receipt");
        }
    }
    Ok(reply)
}
