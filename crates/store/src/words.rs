//! From text to the words that are searched: case and accents folded, endings of English and French words dropped.
//!
//! Invariant: a word is letters and digits only; the same text gives the same words whether it is stored or asked for.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words longer than this are cut: nobody asks for the 65th letter, and a line of base64 is one word.
const LONGEST: usize = 64;

/// French words that an apostrophe joins to the next one, which is the one that is asked for.
const ELIDED: [&str; 13] = [
    "l", "d", "j", "n", "s", "t", "c", "m", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
];

/// Both languages' stemmers, which are costly to make and cheap to use.
pub(crate) struct Words {
    english: Stemmer,
    french: Stemmer,
}

impl Words {
    pub(crate) fn new() -> Self {
        Self {
            english: Stemmer::create(Algorithm::English),
            french: Stemmer::create(Algorithm::French),
        }
    }

    /// The words of a text, each in the forms by which it is found: in the language of the text or the other.
    pub(crate) fn of(&self, text: &str) -> Vec<Vec<String>> {
        let mut words = Vec::new();
        let mut word = String::new();
        for letter in text.chars() {
            if stands_alone(letter) {
                self.end(&mut word, &mut words);
                words.push(vec![letter.to_string()]);
            } else if letter.is_alphanumeric() || is_combining_mark(letter) && !word.is_empty() {
                word.extend(letter.to_lowercase());
            } else if matches!(letter, '\'' | '\u{2019}') && ELIDED.contains(&word.as_str()) {
                word.clear();
            } else {
                self.end(&mut word, &mut words);
            }
        }
        self.end(&mut word, &mut words);
        words
    }

    fn end(&self, word: &mut String, words: &mut Vec<Vec<String>>) {
        if word.is_empty() {
            return;
        }
        let composed: String = word.nfc().take(LONGEST).collect();
        let mut forms = vec![
            fold(&self.english.stem(&composed)),
            fold(&self.french.stem(&composed)),
        ];
        // Whoever has no key for a letter with a stroke types it without, and finds what was stored before it could be found so, too.
        let plain: Vec<String> = forms.iter().map(|form| without_strokes(form)).collect();
        forms.extend(plain);
        forms.retain(|form| !form.is_empty());
        forms.sort_unstable();
        forms.dedup();
        if !forms.is_empty() {
            words.push(forms);
        }
        word.clear();
    }
}

/// Without accents, and with ligatures in two letters.
fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in word.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            _ if letter.is_alphanumeric() => folded.extend(letter.to_lowercase()),
            _ => {}
        }
    }
    folded
}

/// With the plain letter for one that has no accent to take off.
fn without_strokes(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            'đ' | 'ð' => plain.push('d'),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'ħ' => plain.push('h'),
            'ŧ' => plain.push('t'),
            'ı' => plain.push('i'),
            'þ' => plain.push_str("th"),
            _ => plain.push(letter),
        }
    }
    plain
}

/// Writing without spaces: each sign is a word.
fn stands_alone(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a text is found by a question: every word of it in some form.
    fn finds(question: &str, text: &str) -> bool {
        let words = Words::new();
        let stored: Vec<String> = words.of(text).into_iter().flatten().collect();
        words
            .of(question)
            .iter()
            .all(|forms| forms.iter().any(|form| stored.contains(form)))
    }

    #[test]
    fn questions_find_texts() {
        for (question, text, expected) in [
            ("NEGOCIATION", "les négociations sur l'énergie", true),
            ("l’énergie", "LES ÉNERGIES", true),
            ("commitments", "Each commitment of the State", true),
            ("oeuvre", "mise en œuvre", true),
            ("cafe\u{301}", "café", true),
            ("dorde", "Đorđe", true),
            ("Đorđe", "Đorđe", true),
            ("lodz sorensen", "Łódź, Sørensen", true),
            ("外務", "日本国外務省", true),
            (
                "mail-3f.example.org",
                "[domain-name:value = 'mail-3f.example.org']",
                true,
            ),
            ("министерство", "Министерство", true),
            ("ministry", "mineral", false),
            ("énergie réseau", "énergie", false),
        ] {
            assert_eq!(finds(question, text), expected, "{question} in {text}");
        }
    }

    #[test]
    fn words_are_letters_and_digits() {
        for text in [
            "a\"b",
            "c:d",
            "(e OR f)",
            "g*",
            "½ ² ﬁ",
            "\u{0}x",
            "İstanbul",
            "a\u{301}\u{301}",
        ] {
            for form in Words::new().of(text).into_iter().flatten() {
                assert!(
                    !form.is_empty() && form.chars().all(char::is_alphanumeric),
                    "{text}: {form}"
                );
            }
        }
    }
}
