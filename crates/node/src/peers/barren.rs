//! Pages of a round that bring nothing new, told apart by what is in them: records that are here and stand once more at the end for
//! somebody who came to reach them, or the same over and over.
//!
//! Invariant: however many pages the other side makes of them, a stretch without news ends, and what is remembered of it is bounded by what
//! a few pages may hold.

use std::collections::HashSet;

use super::sync::PAGE;

/// How many pages in a row may bring nothing that is new, and how many nothing but what is here.
const MOST: usize = 64;

/// The pages since the last one with something new.
#[derive(Debug, Default)]
pub(crate) struct Barren {
    /// What of them was here before, by the beginning of its digest.
    known: HashSet<u64>,
    /// How many had such an object for the first time,
    moved: usize,
    /// and how many had not.
    idle: usize,
}

/// What follows from such a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The next page.
    Page,
    /// Another round: what comes behind it is not to stop all else. At once, where its pages were full enough that whoever makes us turn
    /// them pays for it as well.
    Round { at_once: bool },
    /// Nothing: it goes round in circles.
    Stop,
}

impl Barren {
    /// A page has come: whether anything of it is new, and the digests of its objects that were here.
    pub(crate) fn page(&mut self, new: bool, known: &[[u8; 32]]) -> Next {
        if new {
            *self = Self::default();
            return Next::Page;
        }
        let mut first_time = false;
        for digest in known {
            let (beginning, _) = digest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
            first_time |= self.known.insert(u64::from_be_bytes(*beginning));
        }
        match first_time {
            true => self.moved += 1,
            false => self.idle += 1,
        }
        if self.idle >= MOST {
            Next::Stop
        } else if self.moved >= MOST {
            Next::Round {
                at_once: self.known.len() >= MOST * PAGE / 2,
            }
        } else {
            Next::Page
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: usize) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&(n as u64).to_be_bytes());
        digest
    }

    /// What a server comes to that answers each page by a function, and after how many pages.
    fn ends(page: impl Fn(usize) -> (bool, Vec<[u8; 32]>)) -> Option<(Next, usize)> {
        let mut barren = Barren::default();
        (0..10_000).find_map(|n| {
            let (new, known) = page(n);
            let next = barren.page(new, &known);
            assert!(barren.known.len() <= 2 * MOST * PAGE);
            (next != Next::Page).then_some((next, n + 1))
        })
    }

    #[test]
    fn what_stands_once_more_is_no_failure_and_the_same_over_and_over_is() {
        let round = |at_once| Some((Next::Round { at_once }, 64));
        // A class of many records was put again at the end: full pages, or small ones.
        let full = |n| (false, (n * PAGE..(n + 1) * PAGE).map(digest).collect());
        assert_eq!(ends(full), round(true));
        assert_eq!(ends(|n| (false, vec![digest(n)])), round(false));
        // The same page, pages of the same few records in turn, and empty ones.
        let stop = |pages| Some((Next::Stop, pages));
        assert_eq!(ends(|_| (false, vec![digest(1), digest(2)])), stop(65));
        assert_eq!(ends(|n| (false, vec![digest(n % 10)])), stop(74));
        assert_eq!(ends(|_| (false, Vec::new())), stop(64));
        // Something new among them begins anew.
        assert_eq!(ends(|n| (n % 64 == 0, vec![digest(n)])), None);
    }
}
