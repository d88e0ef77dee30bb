//! Views that somebody keeps of a table: the query of its address under a name, by person.

use axum::response::Response;

use super::form::Typed;
use crate::shell::answer::Move;
use crate::shell::failure::Failure;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

const ROOM: &str = "site";
/// Letters of a name.
const LONGEST: usize = 80;
/// Views of one person.
const MOST: usize = 500;

/// A view of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// What its keeper calls it.
    pub name: String,
    /// The query, with its question mark.
    pub query: String,
}

impl Visitor {
    /// The views that the visitor keeps of this address.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn views(&self) -> Result<Vec<View>, Failure> {
        let begin = format!("{} ", self.path);
        let kept = self
            .node()
            .all_kept(ROOM, &format!("view {}", self.owner()), "", MOST)?;
        Ok(kept
            .into_iter()
            .filter_map(|kept| {
                Some(View {
                    name: kept.name.strip_prefix(&begin)?.to_owned(),
                    query: String::from_utf8(kept.value).ok()?,
                })
            })
            .collect())
    }
}

/// `POST /views`: keeps a view.
pub(crate) async fn save(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let (path, query) = (typed.text("path"), typed.text("query"));
            let name: String = shown(typed.text("name").trim())
                .chars()
                .take(LONGEST)
                .collect();
            if name.is_empty() || !path.starts_with('/') || !query.starts_with('?') {
                return Ok(
                    Move::to(format!("{path}{query}")).saying(visitor.words.t("table-unnamed"))
                );
            }
            let kind = format!("view {}", visitor.owner());
            let value = query.as_bytes().to_vec();
            visitor
                .node()
                .keep(ROOM, &kind, &format!("{path} {name}"), value)
                .wait()?;
            Ok(Move::to(format!("{path}{query}")).saying(visitor.words.t1(
                "table-saved",
                "name",
                name,
            )))
        })
        .await
}

/// `POST /views/drop`: lets go of one.
pub(crate) async fn forget(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let (path, name) = (typed.text("path"), typed.text("name"));
            let kind = format!("view {}", visitor.owner());
            let key = format!("{path} {name}");
            visitor.node().let_go(ROOM, &kind, &key).wait()?;
            Ok(Move::to(path).saying(visitor.words.t1("table-dropped", "name", shown(name))))
        })
        .await
}
