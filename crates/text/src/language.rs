//! Which language a text is in, told by its small words and its script.
//! Invariant: only a language with files here is ever read; any other is named.

use crate::lexicon::{ENGLISH, FRENCH, Lexicon};
use crate::token::fold;

/// Small words by language; the first two can be read. Words of one letter stand in any noise and tell nothing.
const SMALL: &[(&str, &[&str])] = &[
    (
        "English",
        &[
            "the", "of", "and", "to", "in", "that", "for", "on", "with", "is", "their", "by", "as",
            "was", "were", "its", "will", "which", "from", "we", "our", "have", "has",
        ],
    ),
    (
        "French",
        &[
            "le", "la", "les", "des", "du", "et", "en", "dans", "que", "pour", "une", "au", "aux",
            "ont", "sur", "qui", "leur", "leurs", "est", "nous", "par", "avec", "ce", "ses",
        ],
    ),
    (
        "German",
        &[
            "der", "die", "das", "und", "den", "von", "zu", "mit", "im", "des", "auf", "fur",
            "ist", "dem", "nicht", "eine", "sich", "werden", "haben", "zur",
        ],
    ),
    (
        "Spanish",
        &[
            "el", "los", "las", "del", "en", "que", "una", "por", "con", "para", "su", "se", "al",
            "como", "ha", "han", "sus", "la", "entre",
        ],
    ),
    (
        "Portuguese",
        &[
            "os", "as", "do", "da", "dos", "das", "em", "que", "uma", "por", "com", "para", "no",
            "na", "ao", "como", "sua", "foram",
        ],
    ),
    (
        "Italian",
        &[
            "il", "lo", "gli", "della", "del", "dei", "delle", "di", "che", "un", "per", "con",
            "nel", "nella", "sono", "alla", "dal", "ha", "hanno",
        ],
    ),
    (
        "Dutch",
        &[
            "de", "het", "een", "en", "van", "op", "te", "dat", "voor", "met", "zijn", "aan",
            "door", "wordt", "bij", "ook", "naar", "deze", "hebben",
        ],
    ),
];

/// The language of a text, or the name of one that cannot be read.
pub(crate) fn detect(text: &str) -> Result<&'static Lexicon, String> {
    let mut counts = vec![0usize; SMALL.len()];
    let mut latin = 0usize;
    let mut scripts = [0usize; 6];
    let mut words = 0usize;
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(20_000)
    {
        let folded = fold(word);
        words += 1;
        for (i, (_, small)) in SMALL.iter().enumerate() {
            counts[i] += usize::from(small.contains(&folded.as_str()));
        }
        match word.chars().next().map_or(0, u32::from) {
            0x41..=0x24F => latin += 1,
            0x400..=0x52F => scripts[0] += 1,
            0x600..=0x6FF => scripts[1] += 1,
            0x3040..=0x30FF => scripts[2] += 1,
            0x4E00..=0x9FFF => scripts[3] += 1,
            0xAC00..=0xD7AF => scripts[4] += 1,
            0x370..=0x3FF | 0x590..=0x5FF | 0x900..=0xE7F => scripts[5] += 1,
            _ => {}
        }
    }
    let named = [
        "a language in Cyrillic script",
        "Arabic",
        "Japanese",
        "Chinese",
        "Korean",
        "a language in another script",
    ];
    if let Some((i, n)) = scripts.iter().enumerate().max_by_key(|(_, n)| **n)
        && *n > latin
        && *n > 0
    {
        return Err(named[i].to_owned());
    }
    let best = (0..SMALL.len())
        .max_by_key(|i| (counts[*i], usize::MAX - i))
        .unwrap_or(0);
    if words >= 30 && counts[best] * 20 < words {
        return Err("a language that is not known here".to_owned());
    }
    match best {
        0 => Ok(&ENGLISH),
        1 => Ok(&FRENCH),
        other => Err(SMALL[other].0.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for (text, expected) in [
            (
                "The two sides agreed to work on the security of the net and to meet in May.",
                "en",
            ),
            (
                "Les deux parties sont convenues de se réunir dans un an et de partager leurs vues sur le droit.",
                "fr",
            ),
            (
                "Die beiden Seiten haben sich auf eine Zusammenarbeit im Bereich der Sicherheit und des Rechts verständigt.",
                "German",
            ),
            (
                "Las dos partes acordaron reunirse en el mes de mayo para hablar de la seguridad y del derecho.",
                "Spanish",
            ),
            (
                "o e a x 9 o r t e k o s e w 3 o e l d m o e a z o y e o d l e o 7 e o e",
                "a language that is not known here",
            ),
            (
                "Стороны договорились о встрече",
                "a language in Cyrillic script",
            ),
        ] {
            let found = detect(text).map_or_else(|e| e, |l| l.code.to_owned());
            assert_eq!(found, expected);
        }
    }
}
