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
