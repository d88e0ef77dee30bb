//! What somebody gives instead of an address: words. What has them is looked for part by part, and only so far.
//!
//! Invariant: nothing is found that the visitor may not see, and nothing of it counts for how far the look went.

use stix::ObjectId;

use super::failure::Failure;
use super::visitor::Visitor;

/// How many that have some words are offered.
const OFFERED: usize = 20;
/// How many parts of what has them are looked through, and how many of it are in one.
const PARTS: usize = 5;
const PART: usize = 50;

/// What was found by words, and how far the look went.
pub struct Looked<T> {
    /// What was found, the newest first.
    pub found: Vec<T>,
    /// Where the look ended before all that has the words was seen: how many of it were looked at, the newest.
    pub ended_after: Option<usize>,
}

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
    ) -> Result<Looked<T>, Failure> {
        let (mut found, mut before, mut seen) = (Vec::new(), i64::MAX, 0);
        if words.trim().is_empty() {
            return Ok(Looked {
                found,
                ended_after: None,
            });
        }
        for _ in 0..PARTS {
            let part = self.node().search(self.viewer(), words, before, PART)?;
            let part = part.into_inner();
            for row in &part.rows {
                if found.len() == OFFERED {
                    return Ok(Looked {
                        found,
                        ended_after: Some(seen),
                    });
                }
                seen += 1;
                if let Ok(id) = ObjectId::parse(&row.id) {
                    found.extend(chosen(&id)?);
                }
            }
            match part.rows.last().filter(|_| part.more) {
                Some(last) => before = last.recno,
                None => {
                    return Ok(Looked {
                        found,
                        ended_after: None,
                    });
                }
            }
        }
        Ok(Looked {
            found,
            ended_after: Some(seen),
        })
    }
}
