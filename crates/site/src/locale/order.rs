//! The alphabetical order of a reader: letters first, accents only between equals, then case (the order of DIN, Larousse and Oxford
//! for Latin script alike).

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::words::Words;

impl Words {
    /// Puts things in alphabetical order by a name of theirs.
    pub fn sort<T>(&self, things: &mut [T], name: impl Fn(&T) -> &str) {
        things.sort_by(|one, other| compare(name(one), name(other)));
    }
}

fn compare(one: &str, other: &str) -> Ordering {
    let letters = |text: &str| -> String {
        text.nfd()
            .filter(|letter| !is_combining_mark(*letter))
            .filter(|letter| letter.is_alphanumeric() || *letter == ' ')
            .flat_map(char::to_lowercase)
            .flat_map(|letter| match letter {
                'œ' => vec!['o', 'e'],
                'æ' => vec!['a', 'e'],
                'ß' => vec!['s', 's'],
                'ø' => vec!['o'],
                'ł' => vec!['l'],
                other => vec![other],
            })
            .collect()
    };
    letters(one)
        .cmp(&letters(other))
        .then_with(|| one.to_lowercase().cmp(&other.to_lowercase()))
        .then_with(|| other.cmp(one))
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
        names.sort_by(|one, other| compare(one, other));
        assert_eq!(
            names,
            [
                "abc", "Åland", "Cote", "Côte", "Estonie", "État", "ete", "été", "Oasis", "Œuvre",
                "Zélande"
            ]
        );
    }
}
