//! Leaves out the contact data of press officers. Invariant: a line with a telephone number, an address for mail or an account goes as a
//! whole, the name on it included; nothing else changes.

/// The text without lines that say how somebody is reached.
pub fn without_contacts(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if reaches_somebody(line) {
            // The line's end stays, so that paragraphs stay apart.
            kept.push_str(&line[line.trim_end_matches(['\r', '\n']).len()..]);
        } else {
            kept.push_str(line);
        }
    }
    kept
}

fn reaches_somebody(line: &str) -> bool {
    line.split_whitespace().any(is_mail) || has_number(line)
}

fn is_mail(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((name, host)) = word.split_once('@') else {
        return false;
    };
    !name.is_empty() && host.contains('.') && !host.ends_with('.')
}

/// Whether it has a telephone number as numbers to call abroad are written: a plus, then at least eight digits with little between.
fn has_number(line: &str) -> bool {
    line.match_indices('+').any(|(at, _)| {
        let digits = line[at + 1..]
            .chars()
            .take_while(|c| {
                c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '.' | '-' | '/' | '(' | ')')
            })
            .filter(char::is_ascii_digit)
            .count();
        digits >= 8
    })
}
