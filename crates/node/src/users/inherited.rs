//! With what people and programs came in under an earlier program, whose trail had no digests: the trail vouches for it once.
//!
//! Invariant: what is vouched for is what stood when the node was opened, however much later that can be written, and nothing else is
//! written before. So what was changed past the node in between is found, like everything that is.

use anyhow::Result;
use serde_json::{Value, json};
use store::Look;

use super::vouched::{PROOF, Proof, VOUCHED, means_under, open, planted, program};
use crate::chance::Random;
use crate::writer::Change;

/// What stood when the node was opened.
#[derive(Debug)]
pub(crate) struct Inherited {
    salt: [u8; 32],
    /// The action of each line, whom it is about, and what it vouches for.
    lines: Vec<(&'static str, String, Value)>,
}

impl Inherited {
    /// Reads it; `None` where the trail vouches already.
    pub(crate) fn read(look: &Look, chance: &mut dyn Random) -> Result<Option<Self>> {
        if look.meta(VOUCHED)?.is_some() {
            return Ok(None);
        }
        let mut salt = [0; 32];
        chance.fill(&mut salt);
        let mut lines = Vec::new();
        for login in look.logins()? {
            let open = open(look, &login.person)?;
            let proof = Proof {
                means: Some(means_under(salt.to_vec(), look, &login)?),
                opens: open.into_iter().map(|(digest, _)| digest).collect(),
                // Where the salt was taken away, the trail has vouched for them already.
                found: planted(look, &login.person)?,
            };
            lines.push(("user.note", login.person, proof.text()));
        }
        for access in look.accesses()? {
            let proof = Proof {
                means: Some(program(&access)),
                ..Proof::default()
            };
            lines.push(("access.note", access.name, proof.text()));
        }
        Ok(Some(Self { salt, lines }))
    }

    /// Has the trail vouch for it.
    pub(crate) fn write(&self, change: &mut Change<'_, '_>) -> Result<()> {
        change.txn.set_meta(VOUCHED, &self.salt)?;
        for (action, subject, proof) in &self.lines {
            let clock = (String::new(), "node".to_owned(), "clock".to_owned());
            change.line(clock, action, subject, &json!({ PROOF: proof }))?;
        }
        Ok(())
    }
}
