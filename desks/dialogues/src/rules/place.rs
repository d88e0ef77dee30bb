//! Where words stand in a text. Invariant: blanks and kinds of apostrophes and hyphens don't count, letters do; what does not stand there
//! is not found.

/// The code points, first and one past the last, at which words stand in a text.
pub fn place_of(text: &str, words: &str) -> Option<(usize, usize)> {
    let wanted: Vec<char> = folded(words).into_iter().map(|(_, c)| c).collect();
    let text = folded(text);
    if wanted.is_empty() || wanted.len() > text.len() {
        return None;
    }
    let at = text
        .windows(wanted.len())
        .position(|part| part.iter().map(|(_, c)| c).eq(&wanted))?;
    let last = text.get(at + wanted.len() - 1)?;
    Some((text.get(at)?.0, last.0 + 1))
}

/// The code points that count, each with its place.
fn folded(text: &str) -> Vec<(usize, char)> {
    let letters = text.chars().enumerate();
    letters
        .filter(|(_, c)| !c.is_whitespace() && *c != '\u{a0}' && *c != '\u{202f}')
        .map(|(at, c)| {
            let c = match c {
                '\u{2019}' | '\u{2018}' => '\'',
                '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
                other => other,
            };
            (at, c)
        })
        .collect()
}
