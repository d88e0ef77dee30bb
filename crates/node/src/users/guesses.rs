//! Slowing down whoever guesses the secrets of programs, and keeping those who do from making others wait: tries count by place and name,
//! as those of people do, and of one place only so many wait for their turn. Invariant: a name that is nobody's is answered as one that is
//! somebody's. It is kept in memory only: a program that starts anew has forgotten it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::throttle::{FREE, FREE_OF_PLACE, LONGEST, place, wait};
use crate::clock::{Micros, SECOND};

/// How many tries of one place wait for their turn at a time,
const WAITING_OF_PLACE: usize = 32;
/// and how many of all places.
const WAITING: usize = 256;
/// How many places and names are remembered.
const MOST: usize = 10_000;

/// Tries that were made lately, and those that wait.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<Tries>);

#[derive(Debug, Default)]
struct Tries {
    waiting: usize,
    made: HashMap<Key, Made>,
}

/// A place, and a name as its hash; none stands for every name.
type Key = (String, Option<[u8; 32]>);

#[derive(Debug, Default)]
struct Made {
    waiting: usize,
    wrong: i64,
    last: Micros,
    /// Once the secret was right.
    right: bool,
}

/// A try that may be made. It counts until it is dropped.
#[derive(Debug)]
#[must_use = "whether it was right is counted"]
pub struct Try {
    guesses: Arc<Guesses>,
    named: Key,
}

/// Somebody has to wait so many seconds before trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience(pub u64);

impl Guesses {
    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody may try a secret of this name now.
    pub(crate) fn begin(
        self: &Arc<Self>,
        name: &str,
        from: Option<IpAddr>,
        now: Micros,
    ) -> Result<Try, Patience> {
        let place = from.map_or_else(String::new, place);
        let named = (place, Some(Sha256::digest(name).into()));
        let every = (named.0.clone(), None);
        let mut tries = self.tries();
        let waiting = tries.made.get(&every).map_or(0, |made| made.waiting);
        if waiting >= WAITING_OF_PLACE || tries.waiting >= WAITING {
            return Err(Patience(1));
        }
        let until = |key: &Key, free| {
            let made = tries.made.get(key)?;
            Some(made.last.saturating_add(wait(made.wrong, free)))
        };
        // Whoever came from here before does not wait for others who guess from here, under other names.
        let known = tries.made.get(&named).is_some_and(|made| made.right);
        let of_place = until(&every, FREE_OF_PLACE).filter(|_| !known);
        let until = until(&named, FREE).max(of_place);
        if let Some(left) = until.map(|until| until.saturating_sub(now))
            && left > 0
        {
            let seconds = u64::try_from(left.div_euclid(SECOND)).unwrap_or(0);
            return Err(Patience(seconds.saturating_add(1)));
        }
        if tries.made.len() >= MOST {
            let fresh = |made: &Made| now.saturating_sub(made.last) < LONGEST;
            tries
                .made
                .retain(|_, made| made.waiting > 0 || made.right || fresh(made));
        }
        if tries.made.len() >= MOST {
            tries.made.retain(|_, made| made.waiting > 0);
        }
        tries.waiting = tries.waiting.saturating_add(1);
        for key in [&named, &every] {
            let made = tries.made.entry(key.clone()).or_default();
            made.waiting = made.waiting.saturating_add(1);
        }
        drop(tries);
        Ok(Try {
            guesses: Arc::clone(self),
            named,
        })
    }
}

impl Try {
    /// It was made.
    pub fn ended(self, right: bool, now: Micros) {
        let every = (self.named.0.clone(), None);
        let mut tries = self.guesses.tries();
        let named = tries.made.entry(self.named.clone()).or_default();
        if right {
            (named.wrong, named.right) = (0, true);
            return;
        }
        for key in [self.named.clone(), every] {
            let made = tries.made.entry(key).or_default();
            made.wrong = made.wrong.saturating_add(1);
            made.last = now;
        }
    }
}

impl Drop for Try {
    fn drop(&mut self) {
        let mut tries = self.guesses.tries();
        tries.waiting = tries.waiting.saturating_sub(1);
        for key in [self.named.clone(), (self.named.0.clone(), None)] {
            if let Some(made) = tries.made.get_mut(&key) {
                made.waiting = made.waiting.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(guesses: &Arc<Guesses>, name: &str, from: &str, now: Micros) -> Result<Try, Patience> {
        guesses.begin(name, Some(from.parse().unwrap()), now * SECOND)
    }

    fn wrong(guesses: &Arc<Guesses>, name: &str, from: &str, now: Micros) -> bool {
        let tried = begin(guesses, name, from, now);
        tried.map(|tried| tried.ended(false, now * SECOND)).is_ok()
    }

    #[test]
    fn whoever_guesses_waits_and_nobody_else() {
        let guesses = Arc::default();
        let made = (0..30).filter(|_| wrong(&guesses, "feed", "192.0.2.1", 0));
        assert_eq!(made.count(), 6, "then it is told to wait");
        assert!(begin(&guesses, "feed", "192.0.2.1", 1).is_err());
        assert!(begin(&guesses, "feed", "192.0.2.1", 3).is_ok(), "it ends");
        // From elsewhere, and from there under another name.
        assert!(begin(&guesses, "feed", "192.0.2.2", 0).is_ok());
        assert!(begin(&guesses, "pull", "192.0.2.1", 0).is_ok());
    }

    #[test]
    fn names_are_not_gone_through_from_one_place_and_a_program_that_came_from_there_comes_on() {
        let guesses = Arc::default();
        let own = begin(&guesses, "pull", "192.0.2.1", 0).unwrap();
        own.ended(true, 0);
        let made = (0..200).filter(|n| wrong(&guesses, &n.to_string(), "192.0.2.1", 0));
        assert_eq!(made.count(), 31);
        assert!(begin(&guesses, "another", "192.0.2.1", 0).is_err());
        assert!(begin(&guesses, "pull", "192.0.2.1", 0).is_ok());
    }

    #[test]
    fn only_so_many_wait() {
        let guesses = Arc::default();
        let places = (0..20).flat_map(|place| std::iter::repeat_n(place, 40));
        let waiting: Vec<Try> = places
            .filter_map(|place| begin(&guesses, "feed", &format!("192.0.2.{place}"), 0).ok())
            .collect();
        assert_eq!(waiting.len(), WAITING);
        assert_eq!(guesses.tries().made.len(), 2 * WAITING / WAITING_OF_PLACE);
        drop(waiting);
        assert!(begin(&guesses, "feed", "192.0.2.99", 0).is_ok());
    }
}
