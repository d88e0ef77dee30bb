//! The strings inside an object, in the order of the text. Invariant: one pass, whatever the depth.

use std::borrow::Cow;

use crate::scan::{Text, skip_blanks};
use crate::view::{View, string_at};

/// One string value and the key it stands under.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word<'a> {
    /// The nearest key: `name` for `{"name":"x"}`, `aliases` for `{"aliases":["x"]}`.
    pub key: Cow<'a, str>,
    /// How many objects and lists it stands in: 1 for `name` of the object itself.
    pub depth: usize,
    /// The text, escapes undone.
    pub text: Cow<'a, str>,
}

/// Every string value of `value`, at any depth, with the key it stands under.
pub fn strings(value: View<'_>) -> Strings<'_> {
    Strings {
        text: value.raw(),
        at: 0,
        keys: Vec::new(),
    }
}

/// The strings that a person reads or looks for: names, descriptions, values, patterns. Left out: identifiers, references, times, types
/// and other machine words, encoded bytes, and the addresses of external references.
///
/// ```
/// let raw = br#"{"type":"tool","id":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","name":"Mirador","aliases":["Belv\u00e9d\u00e8re"]}"#;
/// let object = stix::check(raw, &stix::Limits::default())?;
/// let words: Vec<_> = stix::texts(object.view()).map(|word| word.text).collect();
/// assert_eq!(words, ["Mirador", "Belvédère"]);
/// # Ok::<(), stix::Problems>(())
/// ```
pub fn texts(value: View<'_>) -> impl Iterator<Item = Word<'_>> {
    strings(value).filter(|word| !is_machine_word(word))
}

/// Every reference of `value`, at any depth: the strings under a key that ends in `_ref` or `_refs`.
pub fn references(value: View<'_>) -> impl Iterator<Item = Word<'_>> {
    strings(value).filter(|word| is_reference(&word.key))
}

/// Whether strings under this key are references (STIX 2.1 §3.1: names of reference properties end so).
pub(crate) fn is_reference(key: &str) -> bool {
    key.ends_with("_ref") || key.ends_with("_refs")
}

fn is_machine_word(word: &Word<'_>) -> bool {
    const KEYS: [&str; 22] = [
        "authentic",
        "created",
        "definition_type",
        "extension_type",
        "first_observed",
        "first_seen",
        "id",
        "lang",
        "last_observed",
        "last_seen",
        "mime_type",
        "modified",
        "pattern_type",
        "pattern_version",
        "payload_bin",
        "schema",
        "selectors",
        "spec_version",
        "type",
        "url",
        "valid_from",
        "valid_until",
    ];
    let top_level_url = word.key == "url" && word.depth == 1;
    (KEYS.binary_search(&&*word.key).is_ok() && !top_level_url)
        || is_reference(&word.key)
        || crate::Timestamp::validate(&word.text).is_ok()
        || crate::ObjectId::validate(&word.text).is_ok()
}

/// The iterator that [`strings`] returns.
#[derive(Clone, Debug)]
pub struct Strings<'a> {
    text: &'a str,
    at: usize,
    /// For each object and list that is open: the key that its strings stand under.
    keys: Vec<Option<Text>>,
}

impl<'a> Iterator for Strings<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at)? {
                b'"' => {
                    let (text, end) = string_at(self.text, self.at)?;
                    let after = skip_blanks(bytes, end);
                    self.at = after;
                    if bytes.get(after) == Some(&b':') {
                        *self.keys.last_mut()? = Some(text);
                        self.at += 1;
                        continue;
                    }
                    let key = self.keys.last().copied().flatten();
                    return Some(Word {
                        key: key.map_or(Cow::Borrowed(""), |key| key.unescape(self.text)),
                        depth: self.keys.len(),
                        text: text.unescape(self.text),
                    });
                }
                b'{' | b'[' => {
                    let key = self.keys.last().copied().flatten();
                    self.keys.push(key);
                    self.at += 1;
                }
                b'}' | b']' => {
                    self.keys.pop();
                    self.at += 1;
                }
                // Numbers, words, commas and blanks hold nothing that the search for a string would stop at, but brackets.
                _ => {
                    self.at += 1;
                    while bytes
                        .get(self.at)
                        .is_some_and(|b| !matches!(b, b'"' | b'{' | b'}' | b'[' | b']'))
                    {
                        self.at += 1;
                    }
                }
            }
        }
    }
}
