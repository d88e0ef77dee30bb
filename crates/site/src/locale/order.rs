//! The alphabetical order of a reader: letters first, accents only between equals, then case (the order of DIN, Larousse and Oxford
//! for Latin script alike).

use std::cmp::Reverse;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::words::Words;

impl Words {
    /// Puts things in alphabetical order by a name of theirs.
    pub fn sort<T>(&self, things: &mut [T], name: impl Fn(&T) -> &str) {
        things.sort_by_cached_key(|thing| key(name(thing)));
    }
}

/// What names are held against each other by: their letters, then their accents, then small letters before capitals.
fn key(name: &str) -> (String, String, Reverse<String>) {
    let letters = name
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .filter(|letter| letter.is_alphanumeric() || *letter == ' ')
        .flat_map(char::to_lowercase);
    let mut plain = String::with_capacity(name.len());
    for letter in letters {
        match letter {
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            'ß' => plain.push_str("ss"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            other => plain.push(other),
        }
    }
    (plain, name.to_lowercase(), Reverse(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_matter_only_between_equals() {
        let mut names = vec![
            "Zélande", "État", "Œuvre", "Estonie", "ete", "été", "Oasis", "Côte", "Cote", "Åland",
            "abc",
        ];
        names.sort_by_cached_key(|name| key(name));
        assert_eq!(
            names,
            [
                "abc", "Åland", "Cote", "Côte", "Estonie", "État", "ete", "été", "Oasis", "Œuvre",
                "Zélande"
            ]
        );
    }
}
