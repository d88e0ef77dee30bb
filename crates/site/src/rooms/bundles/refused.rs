//! Bundles that were refused: which file, when, by whom it was brought, and why. Nothing of them is kept.

use node::keeping::bundle::Refused;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ROOM;
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// The kind under which they are kept, by time.
const REFUSED: &str = "refused";
/// So many are shown, and kept.
const MOST: usize = 50;

/// Why, by a code and what goes into its sentence.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Why {
    code: String,
    with: Map<String, Value>,
}

/// One that was refused, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    file: String,
    by: String,
    why: Why,
}

/// One that was refused, in the visitor's words.
pub(super) struct Shown {
    pub file: String,
    pub when: String,
    pub by: String,
    pub why: String,
}

impl Why {
    pub(super) fn of(refused: &Refused) -> Self {
        let none = Map::new;
        let with = |pairs: &[(&str, Value)]| {
            let pairs = pairs.iter().cloned();
            pairs
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
        };
        let (code, with) = match refused {
            Refused::NoBundle => ("none", none()),
            Refused::OtherNode => ("other-node", none()),
            Refused::OtherAddressee(id) => ("other-addressee", with(&[("id", id.as_str().into())])),
            Refused::UnknownSender(id) => ("unknown-sender", with(&[("id", id.as_str().into())])),
            Refused::NotExchanging { name, .. } => {
                ("not-exchanging", with(&[("name", name.as_str().into())]))
            }
            Refused::Forged(_) => ("forged", none()),
            Refused::Replayed { number, last } => (
                "replayed",
                with(&[("number", (*number).into()), ("last", (*last).into())]),
            ),
            Refused::Gap { first, last } => (
                "gap",
                with(&[("first", (*first).into()), ("last", (*last).into())]),
            ),
            Refused::OtherLine => ("other-line", none()),
            Refused::Damaged => ("damaged", none()),
            Refused::TooLarge => ("too-large", none()),
        };
        Self {
            code: code.to_owned(),
            with,
        }
    }

    pub(super) fn in_words(&self, visitor: &Visitor, wording: &Wording<'_>) -> String {
        let key = format!("bundle-refused-{}", self.code);
        let number = |name: &str| self.with.get(name).and_then(Value::as_i64).unwrap_or(0);
        let text = |name: &str| self.with.get(name).and_then(Value::as_str).unwrap_or("");
        let name = match text("id") {
            "" => shown(text("name")),
            id => wording.name(id),
        };
        visitor.words.with(
            &key,
            &[
                ("name", name.into()),
                ("number", number("number").into()),
                ("first", number("first").into()),
                ("last", number("last").into()),
            ],
        )
    }
}

/// Keeps that a bundle was refused; of many, the latest.
pub(super) fn note(visitor: &Visitor, file: &str, why: &Why) -> Result<(), Failure> {
    let node = visitor.node();
    let kept = Kept {
        file: shown(file).chars().take(120).collect(),
        by: visitor.owner(),
        why: Why {
            code: why.code.clone(),
            with: why.with.clone(),
        },
    };
    let value = serde_json::to_vec(&kept).map_err(anyhow::Error::from)?;
    node.keep(ROOM, REFUSED, &format!("{:020}", visitor.now), value)
        .wait()?;
    let all = node.all_kept(ROOM, REFUSED, "", MOST + 1)?;
    if all.len() > MOST
        && let Some(oldest) = all.first()
    {
        node.let_go(ROOM, REFUSED, &oldest.name).wait()?;
    }
    Ok(())
}

/// Those that were refused, the latest first.
pub(super) fn all(visitor: &Visitor, wording: &Wording<'_>) -> Result<Vec<Shown>, Failure> {
    let mut kept = visitor.node().all_kept(ROOM, REFUSED, "", MOST + 1)?;
    kept.reverse();
    let shown = kept.into_iter().filter_map(|local| {
        let one: Kept = serde_json::from_slice(&local.value).ok()?;
        Some(Shown {
            when: visitor.words.moment(local.changed),
            by: wording.name(&one.by),
            why: one.why.in_words(visitor, wording),
            file: one.file,
        })
    });
    Ok(shown.collect())
}
