//! Text from records and from other people, made fit to be shown. Invariant: nothing that deceives the eye gets onto a page unseen.

/// Blanks at which no line breaks.
const NO_BREAK: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2007}'];

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
    let lines = text.split('\n').map(|line| in_single_blanks(&shown(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A line with one blank for several in a row.
fn in_single_blanks(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut blanks = String::new();
    for character in line.chars() {
        if character == ' ' || NO_BREAK.contains(&character) {
            blanks.push(character);
            continue;
        }
        words.push_str(filled(&blanks));
        blanks.clear();
        words.push(character);
    }
    words.push_str(filled(&blanks));
    words
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

/// The beginning of a text, on one line. A blank that breaks no line stays one: a sign that it holds begins no line.
pub fn shorten(text: &str) -> String {
    let breaks = |character: char| character.is_whitespace() && !NO_BREAK.contains(&character);
    let line = text.replace(breaks, " ");
    let line = in_single_blanks(&line);
    let text = line.trim();
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::{shorten, shown_words};

    #[test]
    fn a_title_keeps_the_blanks_that_break_no_line() {
        let title = "Langage agréé\u{a0}:\n  «\u{a0}ports\u{a0}»\u{a0}\u{a0}\u{a0}ouverts ";
        assert_eq!(
            shorten(title),
            "Langage agréé\u{a0}: «\u{a0}ports\u{a0}» ouverts"
        );
        assert!(shorten(&"mot ".repeat(99)).ends_with("mot…"));
    }

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
