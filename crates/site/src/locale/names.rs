//! What States, bodies and places are called in a language: `states.ftl`, `bodies.ftl` and `places.ftl` of its folder.
//!
//! Invariant: what a language has no name for is called as in English.

use super::words::Words;

impl Words {
    /// What a State is called, by its ISO 3166-1 code.
    pub fn state(&self, code: &str) -> Option<String> {
        self.called(code, format!("name-state-{}", code.to_lowercase()))
    }

    /// What a body, treaty or initiative is called, by the id that the reader of texts has for it.
    pub fn body(&self, code: &str) -> Option<String> {
        self.called(code, format!("name-body-{}", code.to_lowercase()))
    }

    /// What a place is called: one that languages have names of their own for goes by the reader's, any other as it was written.
    pub fn place(&self, written: &str) -> String {
        let words = written.split(|letter: char| !letter.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let key = format!("name-place-{}", words.join("-").to_lowercase());
        match written.is_ascii() && self.has(&key) {
            true => self.t(&key),
            false => written.to_owned(),
        }
    }

    fn called(&self, code: &str, key: String) -> Option<String> {
        let capital = !code.contains(|letter: char| letter.is_ascii_lowercase());
        (capital && self.has(&key)).then(|| self.t(&key))
    }
}

#[cfg(test)]
mod tests {
    use crate::locale::Locales;

    #[test]
    fn states_and_bodies_are_called_as_the_language_has_them() {
        let locales = Locales::of_the_site(true);
        let words = ["en", "fr", "en-XA"].map(|tag| locales.choose(Some(tag), None, None));
        for (code, names) in [
            ("JP", ["Japan", "Japon", "Jáápááñ"]),
            ("AU", ["Australia", "Australie", "Áúúštráálííáá"]),
        ] {
            for (words, name) in words.iter().zip(names) {
                assert_eq!(words.state(code).as_deref(), Some(name));
            }
        }
        for (words, name) in words.iter().zip(["African Union", "Union africaine"]) {
            assert_eq!(words.body("AU").as_deref(), Some(name));
        }
        for (written, names) in [
            ("Brussels", ["Brussels", "Bruxelles"]),
            ("The Hague", ["The Hague", "La Haye"]),
            ("Ashmere", ["Ashmere", "Ashmere"]),
            ("Québec", ["Québec", "Québec"]),
            ("", ["", ""]),
        ] {
            for (words, name) in words.iter().zip(names) {
                assert_eq!(words.place(written), name);
            }
        }
        for strange in ["jp", "XX", "", "*", "JP = x"] {
            assert_eq!(words[0].state(strange), None, "{strange}");
        }
    }
}
