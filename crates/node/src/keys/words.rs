//! The words that two people read to each other to confirm introductions. Invariant: each introduction has its own six words, so that a
//! forger must hit 66 bits of a given introduction; over both at once it would be enough to find two forgeries that agree, half as many bits.

use argon2::{Algorithm, Argon2, Params, Version};
use bip39::Language;

use super::Introduction;

/// Six words out of 2048: 66 bits of a slow hash of one introduction. The same six numbers in either language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words([u16; 6]);

impl Words {
    /// The words of an introduction: one's own to read aloud, the other's to listen to. Takes some 20 milliseconds and 19 MiB.
    ///
    /// `None` only if that memory cannot be had.
    pub fn of(introduction: &Introduction) -> Option<Self> {
        let digest = introduction.digest().ok()?;
        let mut hash = [0u8; 9];
        let params = Params::new(19 * 1024, 2, 1, Some(hash.len())).ok()?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon
            .hash_password_into(digest.as_bytes(), b"entente-words/v1", &mut hash)
            .ok()?;
        let bits = hash
            .iter()
            .fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        // The first 66 of 72 bits, 11 for a word.
        let word = |at: u32| u16::try_from(bits >> (61 - 11 * at) & 0x7ff).unwrap_or_default();
        Some(Self([word(0), word(1), word(2), word(3), word(4), word(5)]))
    }

    /// In English.
    pub fn in_english(&self) -> String {
        self.within(Language::English).join(" ")
    }

    /// In French.
    pub fn in_french(&self) -> String {
        self.within(Language::French).join(" ")
    }

    /// Whether somebody typed these words, in either language; accents, case and what stands between them do not matter.
    pub fn are(&self, typed: &str) -> bool {
        let typed = letters(typed);
        let typed: Vec<&str> = typed.split_whitespace().collect();
        [Language::English, Language::French]
            .into_iter()
            .any(|language| {
                let words: Vec<String> = self
                    .within(language)
                    .iter()
                    .map(|word| letters(word))
                    .collect();
                words == typed
            })
    }

    fn within(&self, language: Language) -> Vec<String> {
        let list = language.word_list();
        let word = |at: &u16| list.get(usize::from(*at)).copied().unwrap_or_default();
        // The list has its accents as characters of their own: e and an accent.
        let whole = |word: &str| word.replace("e\u{301}", "é").replace("e\u{300}", "è");
        self.0.iter().map(word).map(whole).collect()
    }
}

/// Lower case, accents off, everything else a blank.
fn letters(text: &str) -> String {
    let plain = |sign: char| match sign {
        'é' | 'è' | 'ê' | 'ë' => Some('e'),
        '\u{300}'..='\u{36f}' => None,
        'a'..='z' => Some(sign),
        _ => Some(' '),
    };
    text.to_lowercase().chars().filter_map(plain).collect()
}
