//! Slowing down whoever guesses, without locking out whoever is guessed at. Failures count by place and by place and name: somebody
//! else's wrong tries never make an owner wait, unless they come from the owner's own place under the owner's own name.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use sha2::{Digest, Sha256};
use store::Look;

use super::actor::Refused;
use crate::clock::{HOUR, Micros, SECOND};
use crate::writer::Change;

/// Wrong tries that cost nothing: people mistype.
pub(super) const FREE: i64 = 5;
/// The same, of one place under whatever names.
pub(super) const FREE_OF_PLACE: i64 = 30;
/// The longest wait.
pub(super) const LONGEST: Micros = 900 * SECOND;
/// When failures are forgotten.
const FORGOTTEN: Micros = 24 * HOUR;
/// Stands for every name of a place.
const EVERY: &str = "*";

/// Passwords are hashed one at a time, so that nobody fills the memory with them.
#[derive(Debug, Default)]
pub(crate) struct Hashing(Mutex<()>);

impl Hashing {
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where tries count together: one address, or one network of the newer addresses, of which anybody has many.
pub(crate) fn place(from: IpAddr) -> String {
    match from.to_canonical() {
        IpAddr::V4(from) => from.to_string(),
        IpAddr::V6(from) => {
            let [a, b, c, d, ..] = from.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Names are kept as hashes: people type passwords where names belong.
fn kept(name: &str) -> String {
    hex::encode(Sha256::digest(name.as_bytes()))
}

pub(super) fn wait(failures: i64, free: i64) -> Micros {
    let over = failures.saturating_sub(free);
    if over <= 0 {
        return 0;
    }
    let doubled = 1_i64.checked_shl(u32::try_from(over).unwrap_or(u32::MAX));
    doubled
        .unwrap_or(i64::MAX)
        .saturating_mul(SECOND)
        .clamp(SECOND, LONGEST)
}

/// Whether somebody at this place may try this name now.
pub(crate) fn check(look: &Look, name: &str, place: &str, now: Micros) -> Result<()> {
    let mut until = 0;
    for (name, free) in [(kept(name), FREE), (EVERY.to_owned(), FREE_OF_PLACE)] {
        // A try that has not been yet was made under a clock that was set back since: the next one counts again.
        if let Some((failures, last)) = look.attempts(&name, place)?
            && (0..FORGOTTEN).contains(&now.saturating_sub(last))
        {
            until = until.max(last.saturating_add(wait(failures, free)));
        }
    }
    if until > now {
        let seconds = until
            .saturating_sub(now)
            .div_euclid(SECOND)
            .saturating_add(1);
        return Err(Refused::Slow(seconds).into());
    }
    Ok(())
}

impl Change<'_, '_> {
    /// A wrong try.
    pub(crate) fn count_failure(&mut self, name: &str, place: &str) -> Result<()> {
        for name in [kept(name), EVERY.to_owned()] {
            let failures = self.txn.attempts(&name, place)?;
            let failures = failures.filter(|(_, last)| self.now.saturating_sub(*last) < FORGOTTEN);
            let failures = failures
                .map_or(0, |(failures, _)| failures)
                .saturating_add(1);
            self.txn
                .put_attempts(&name, place, Some((failures, self.now)))?;
        }
        Ok(())
    }

    /// A right one: the failures of this name at this place are forgotten.
    pub(crate) fn forget_failures(&mut self, name: &str, place: &str) -> Result<()> {
        Ok(self.txn.put_attempts(&kept(name), place, None)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        for (failures, seconds) in [
            (0, 0),
            (5, 0),
            (6, 2),
            (7, 4),
            (10, 32),
            (15, 900),
            (400, 900),
        ] {
            assert_eq!(wait(failures, FREE), seconds * SECOND, "{failures}");
        }
    }

    #[test]
    fn a_network_is_one_place() {
        let one = place("2001:db8:1:2:3:4:5:6".parse().unwrap());
        assert_eq!(one, place("2001:db8:1:2:ffff::1".parse().unwrap()));
        assert_ne!(one, place("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(place("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1");
    }
}
