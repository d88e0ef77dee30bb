//! What somebody can be called: participants, persons, circles. Invariant: a name that is taken stands on one line of any page, and reads
//! as it is written.

/// How long a name may be, in characters.
pub const LONGEST_NAME: usize = 200;

/// Why nobody can be called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitName {
    /// There is nothing but white space.
    #[error("a name is wanted; this is none")]
    Empty,
    /// It is longer than a line.
    #[error("a name has at most {LONGEST_NAME} characters; this one has {0}")]
    TooLong(usize),
    /// It has a line break, a control character, or one that isn't seen and changes how the others are read.
    #[error(
        "a name stands on one line and has no characters that are not seen; this one has U+{:04X}",
        u32::from(*.0)
    )]
    Unseen(char),
}

/// The name, without the white space around it.
///
/// # Errors
/// Says why nobody can be called so.
pub fn fit_name(name: &str) -> Result<String, UnfitName> {
    let name = name.trim();
    if name.is_empty() {
        return Err(UnfitName::Empty);
    }
    if let Some(unseen) = name.chars().find(|character| is_unseen(*character)) {
        return Err(UnfitName::Unseen(unseen));
    }
    match name.chars().count() {
        long if long > LONGEST_NAME => Err(UnfitName::TooLong(long)),
        _ => Ok(name.to_owned()),
    }
}

/// Controls, line and paragraph ends, whatever turns the direction of writing, and what has no width. The joiners that Persian and the
/// scripts of India are written with are none of them.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'
                ..='\u{202e}'
        )
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, UnfitName, fit_name};

    #[test]
    fn a_name_stands_on_one_line_and_reads_as_it_is_written() {
        let long = "é".repeat(LONGEST_NAME);
        let table = [
            ("  Arland ", Ok("Arland")),
            ("Ministère de l’Europe", Ok("Ministère de l’Europe")),
            // A joiner of Persian.
            (
                "وزارت امور خارجه\u{200c}ی ایران",
                Ok("وزارت امور خارجه\u{200c}ی ایران"),
            ),
            (long.as_str(), Ok(long.as_str())),
            ("", Err(UnfitName::Empty)),
            (" \n\t ", Err(UnfitName::Empty)),
            ("Ar\nland", Err(UnfitName::Unseen('\n'))),
            ("Ar\u{85}land", Err(UnfitName::Unseen('\u{85}'))),
            ("Ar\u{2028}land", Err(UnfitName::Unseen('\u{2028}'))),
            ("Ar\u{202e}dnal", Err(UnfitName::Unseen('\u{202e}'))),
            ("\u{2067}Arland", Err(UnfitName::Unseen('\u{2067}'))),
            ("Ar\u{200b}land", Err(UnfitName::Unseen('\u{200b}'))),
            ("Ar\0land", Err(UnfitName::Unseen('\0'))),
        ];
        for (name, expected) in table {
            assert_eq!(fit_name(name), expected.map(str::to_owned), "{name:?}");
        }
        let longer = "é".repeat(LONGEST_NAME + 1);
        assert_eq!(fit_name(&longer), Err(UnfitName::TooLong(201)));
    }
}
