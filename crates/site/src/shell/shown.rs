//! Text from records and from other people, made fit to be shown. Invariant: nothing that deceives the eye gets onto a page unseen.

/// How long a title on a list is.
const LONGEST: usize = 160;

/// Text from records or other people, made safe to show: control and direction characters become visible.
pub fn shown(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut shown, character| {
            if deceives(character) {
                shown.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
            } else {
                shown.push(character);
            }
            shown
        })
}

/// The same for text of several lines, whose ends stay.
pub fn shown_lines(text: &str) -> String {
    text.lines().map(shown).collect::<Vec<_>>().join("\n")
}

/// The words of a document: blanks that its makers put in a row to fill a line are one, for the eye. The words themselves stay as they are.
pub fn shown_words(text: &str) -> String {
    let one = |line: &str| {
        let mut words = String::with_capacity(line.len());
        let mut blanks = String::new();
        for character in shown(line).chars() {
            if matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2007}') {
                blanks.push(character);
                continue;
            }
            words.push_str(filled(&blanks));
            blanks.clear();
            words.push(character);
        }
        words.push_str(filled(&blanks));
        words
    };
    text.split('\n').map(one).collect::<Vec<_>>().join("\n")
}

/// What stands for blanks in a row: a single one is what it is.
fn filled(blanks: &str) -> &str {
    match blanks.chars().nth(1) {
        Some(_) => " ",
        None => blanks,
    }
}

fn deceives(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// The beginning of a text, on one line.
pub fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::shown_words;

    #[test]
    fn blanks_in_a_row_leave_no_hole_and_single_ones_stay() {
        let table = [
            ("will\u{a0}\u{a0}\u{a0}\u{a0}meet", "will meet"),
            ("will \u{a0} meet\n\u{a0}again", "will meet\n\u{a0}again"),
            ("Qui\u{a0}? Nous.", "Qui\u{a0}? Nous."),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("line\n\n", "line\n\n"),
        ];
        for (text, expected) in table {
            assert_eq!(shown_words(text), expected, "{text:?}");
        }
    }
}
