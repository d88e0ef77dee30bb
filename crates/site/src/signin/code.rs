//! The one-time code that the terminal shows until set-up is done: who can read the terminal may set the node up.

use std::sync::{Mutex, PoisonError};

use node::chance::Random;

/// Letters and digits that nobody confuses when they are read aloud.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 60 bits.
const LENGTH: usize = 12;
/// How often a wrong code may be tried before the node has to be started again for a new one.
const TRIES: u32 = 5;

/// A code and what is left of it.
pub(crate) struct SetUpCode {
    code: String,
    left: Mutex<u32>,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Try {
    /// It was right.
    Right,
    /// It was wrong; so many tries are left.
    Wrong(u32),
}

impl SetUpCode {
    pub(crate) fn new(chance: &mut dyn Random) -> Self {
        let mut bytes = [0; LENGTH];
        chance.fill(&mut bytes);
        let code = bytes
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(*byte % 32)]))
            .collect();
        Self {
            code,
            left: Mutex::new(TRIES),
        }
    }

    /// As it is shown: three groups of four.
    pub(crate) fn shown(&self) -> String {
        let (first, rest) = self.code.split_at(4);
        let (second, third) = rest.split_at(4);
        format!("{first}-{second}-{third}")
    }

    /// Whether it is right. A right one stays so until [`Self::end`], so that a set-up that was broken off can be taken up again.
    pub(crate) fn attempt(&self, text: &str) -> Try {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if *left == 0 {
            return Try::Wrong(0);
        }
        if is_same(&plain(text), &self.code) {
            return Try::Right;
        }
        *left -= 1;
        Try::Wrong(*left)
    }

    /// Set-up is done: it opens nothing more.
    pub(crate) fn end(&self) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = 0;
    }
}

/// As people type it: spaces and dashes as they like, O for 0, I and L for 1.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

/// Takes as long for any text of the same length.
fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |differences, (a, b)| differences | (a ^ b))
            == 0
}

#[cfg(test)]
mod tests {
    use node::chance::SeededRandom;

    use super::*;

    #[test]
    fn it_opens_until_the_end_however_it_is_typed() {
        let code = SetUpCode::new(&mut SeededRandom::new(1));
        let shown = code.shown();
        assert_eq!(shown.len(), 14);
        assert_eq!(code.attempt("0000-0000-0000"), Try::Wrong(4));
        assert_eq!(
            code.attempt(&format!(" {} ", shown.to_lowercase().replace('-', " "))),
            Try::Right
        );
        assert_eq!(code.attempt(&shown), Try::Right, "taken up again");
        code.end();
        assert_eq!(code.attempt(&shown), Try::Wrong(0));
        assert_eq!(plain("oil-0123"), "0110123");
    }

    #[test]
    fn it_is_void_after_five_wrong_tries() {
        let code = SetUpCode::new(&mut SeededRandom::new(2));
        for left in (0..5).rev() {
            assert_eq!(code.attempt(""), Try::Wrong(left));
        }
        assert_eq!(code.attempt(&code.shown()), Try::Wrong(0));
    }
}
