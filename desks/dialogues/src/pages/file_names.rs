//! What files are called: by what they are about, in plain letters, so that several lie beside each other and every system takes the name.

/// How many letters of what it is about are in a name.
const LONGEST: usize = 40;

/// The name of a paper: the first words of what it is about, and which paper it is.
pub(super) fn docx(about: &str, which: &str) -> String {
    let mut name = String::new();
    let plain: String = about.chars().map(plain).collect();
    let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        if name.len() + word.len() > LONGEST {
            break;
        }
        name.push_str(&word.to_ascii_lowercase());
        name.push('-');
    }
    format!("{name}{which}.docx")
}

/// A letter without its accent.
fn plain(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'á' | 'À' | 'Â' | 'Ä' => 'a',
        'ç' | 'Ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'í' | 'Î' | 'Ï' => 'i',
        'ô' | 'ö' | 'ó' | 'Ô' | 'Ö' => 'o',
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' => 'u',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::docx;

    #[test]
    fn a_name_says_in_plain_letters_what_it_is_of() {
        for (about, which, name) in [
            (
                "Dialogue Union européenne – Japon sur le cyberespace",
                "register",
                "dialogue-union-europeenne-japon-sur-le-register.docx",
            ),
            (
                "EU–Japan Cyber Dialogue",
                "session-4-brief",
                "eu-japan-cyber-dialogue-session-4-brief.docx",
            ),
            ("日本", "brief", "brief.docx"),
        ] {
            assert_eq!(docx(about, which), name);
        }
    }
}
