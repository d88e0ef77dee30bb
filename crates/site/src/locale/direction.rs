//! Which way a language is read, for words that stand on a page of another.

/// Languages that are written from right to left in their usual script.
const RIGHT_TO_LEFT: [&str; 11] = [
    "ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi",
];
/// Scripts that are, whatever the language.
const SCRIPTS: [&str; 6] = ["adlm", "arab", "hebr", "nkoo", "syrc", "thaa"];

/// The `dir` of words in a language: that of its script, where the tag names one. `auto`, by the words themselves, where nobody said
/// which language they are in.
pub fn direction(tag: impl AsRef<str>) -> &'static str {
    let tag = tag.as_ref().to_ascii_lowercase();
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    if matches!(language, "" | "und" | "zxx" | "mul" | "mis") {
        return "auto";
    }
    let script = parts.find(|part| part.len() == 4 && part.chars().all(char::is_alphabetic));
    let turned = match script {
        Some(script) => SCRIPTS.contains(&script),
        None => RIGHT_TO_LEFT.contains(&language),
    };
    if turned { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::direction;

    #[test]
    fn words_go_the_way_of_their_language() {
        for (tag, way) in [
            ("en", "ltr"),
            ("fr-CA", "ltr"),
            ("ar", "rtl"),
            ("ar-XB", "rtl"),
            ("fa_IR", "rtl"),
            ("HE", "rtl"),
            ("az-Arab", "rtl"),
            ("ar-Latn", "ltr"),
            ("zh-Hant-TW", "ltr"),
            ("", "auto"),
            ("zxx", "auto"),
        ] {
            assert_eq!(direction(tag), way, "{tag}");
        }
    }
}
