//! Two languages made of English: what is hard-coded stays plain in them, and what doesn't flip shows from right to left.

use std::borrow::Cow;

pub(super) type Change = fn(&str) -> Cow<'_, str>;

/// Their tags, and what becomes of a text.
pub(super) const LANGUAGES: [(&str, Change); 2] = [("en-XA", accented), ("ar-XB", turned)];

/// `Peers` becomes `Þéérš`: accents, and vowels doubled, since other languages are longer.
fn accented(text: &str) -> Cow<'_, str> {
    let mut made = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        let (other, twice) = match letter {
            'a' => ('á', true),
            'e' => ('é', true),
            'i' => ('í', true),
            'o' => ('ó', true),
            'u' => ('ú', true),
            'c' => ('ç', false),
            'n' => ('ñ', false),
            's' => ('š', false),
            'y' => ('ý', false),
            'A' => ('Á', false),
            'C' => ('Ç', false),
            'E' => ('É', false),
            'I' => ('Í', false),
            'N' => ('Ñ', false),
            'O' => ('Ó', false),
            'P' => ('Þ', false),
            'S' => ('Š', false),
            'U' => ('Ú', false),
            'Y' => ('Ý', false),
            other => (other, false),
        };
        made.push(other);
        if twice {
            made.push(other);
        }
    }
    Cow::Owned(made)
}

/// The letters are upside down, and written from right to left by an override that ends with each piece of text.
fn turned(text: &str) -> Cow<'_, str> {
    if text.trim().is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("\u{202e}{text}\u{202c}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_that_was_english_shows() {
        assert_eq!(accented("Peers on 3"), "Þéééérš óóñ 3");
        assert_eq!(turned("Peers"), "\u{202e}Peers\u{202c}");
        assert_eq!(turned(" "), " ");
    }
}
