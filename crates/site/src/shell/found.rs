//! What somebody gives instead of an address: words. What has them is looked for part by part, and only so far.
//!
//! Invariant: nothing is found that the visitor may not see.

use stix::ObjectId;

use super::failure::Failure;
use super::visitor::Visitor;

/// How many that have some words are offered.
const OFFERED: usize = 20;
/// How many parts of what has them are looked through, and how many of it are in one.
const PARTS: usize = 5;
const PART: usize = 50;

impl Visitor {
    /// What `chosen` makes of the records that have all of some words and that the visitor may see, the newest first: at most as many as can
    /// be offered to choose from.
    ///
    /// # Errors
    /// Those of the storage, and of `chosen`.
    pub fn found<T>(
        &self,
        words: &str,
        mut chosen: impl FnMut(&ObjectId) -> Result<Option<T>, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let (mut found, mut before) = (Vec::new(), i64::MAX);
        if words.trim().is_empty() {
            return Ok(found);
        }
        for _ in 0..PARTS {
            let part = self.node().search(self.viewer(), words, before, PART)?;
            let part = part.into_inner();
            for row in &part.rows {
                if found.len() == OFFERED {
                    return Ok(found);
                }
                if let Ok(id) = ObjectId::parse(&row.id) {
                    found.extend(chosen(&id)?);
                }
            }
            match part.rows.last().filter(|_| part.more) {
                Some(last) => before = last.recno,
                None => break,
            }
        }
        Ok(found)
    }
}
