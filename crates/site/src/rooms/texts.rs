//! The words of a record in the reader's language: its own, or those of a translation that the reader may see too.
//!
//! Invariant: a translation is used only where it is released to the reader by itself; nothing is translated here.

use std::collections::HashMap;

use anyhow::Result;
use policy::Purpose;
use stix::language::LanguageContent;
use stix::{Limits, Object, ObjectId, View};
use store::{FacetQuery, Span};

use crate::shell::shown::shorten;
use crate::shell::visitor::Visitor;

/// How much of what is about one object is looked through for its translations.
const MOST: usize = 100;

/// A text and the language that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub text: String,
    pub lang: String,
}

/// Translations by object and language: pointers and the texts that stand there.
#[derive(Debug, Default)]
pub(crate) struct Translations(HashMap<(ObjectId, String), Vec<(String, String)>>);

/// The language of records that name none.
const ENGLISH: &str = "en";

impl Translations {
    /// Those of one object that the visitor may see.
    pub(crate) fn of(visitor: &Visitor, id: &ObjectId) -> Result<Self> {
        let about = id.to_string();
        let query = FacetQuery {
            name: "about".to_owned(),
            span: Span::Texts(about.clone(), about),
            after: None,
            limit: MOST,
        };
        let found = visitor
            .node()
            .find(visitor.viewer(), Purpose::Show, &query)?
            .into_inner();
        let mut translations = Self::default();
        for record in found.rows.into_iter().map(|found| found.record) {
            if record.id.starts_with("language-content--") {
                translations.add(&record.body);
            }
        }
        Ok(translations)
    }

    /// Notes what a `language-content` says, if it is one.
    fn add(&mut self, body: &[u8]) {
        let limits = Limits::default();
        let Ok(object) = stix::check(body, &limits) else {
            return;
        };
        let Ok(content) = LanguageContent::read(&object) else {
            return;
        };
        for language in content.languages {
            if let Some(plain) = plain_language(&language.lang) {
                let key = (content.object_ref.clone(), plain);
                self.0.entry(key).or_default().extend(language.texts);
            }
        }
    }

    /// The text at a pointer of an object in this language.
    pub(crate) fn find(&self, id: &ObjectId, pointer: &str, language: &str) -> Option<&str> {
        let texts = self.0.get(&(id.clone(), language.to_owned()))?;
        let found = texts.iter().find(|(place, _)| place == pointer);
        found.map(|(_, text)| text.as_str())
    }
}

/// What a record is called on a list: its name, or the beginning of what it says; its id where it says nothing.
pub(crate) fn title(body: &[u8], translations: &Translations, language: &str) -> Text {
    let limits = Limits::default();
    let Ok(object) = stix::check(body, &limits) else {
        return plain(String::new());
    };
    let own = own(&object);
    for place in [
        "name",
        "abstract",
        "content",
        "description",
        "opinion",
        "explanation",
        "words",
        "title",
        "account",
        "subject",
        "message",
        "place",
    ] {
        let Some(text) = string(&object, place) else {
            continue;
        };
        let translated = translations.find(&object.header().id, &format!("/{place}"), language);
        return match translated.filter(|_| own != language) {
            Some(text) => Text {
                text: shorten(text),
                lang: language.to_owned(),
            },
            None => Text {
                text: shorten(&text),
                lang: own,
            },
        };
    }
    plain(
        string(&object, "value")
            .or_else(|| string(&object, "object_ref"))
            .or_else(|| string(&object, "sighting_of_ref"))
            .or_else(|| string(&object, "about_ref"))
            .map_or_else(|| object.header().id.to_string(), |text| shorten(&text)),
    )
}

/// The language that a record says it is in.
pub(crate) fn language(body: &[u8]) -> String {
    let object = stix::check(body, &Limits::default());
    object.map_or_else(|_| ENGLISH.to_owned(), |object| own(&object))
}

fn own(object: &Object<'_>) -> String {
    let lang = object.header().lang.as_deref();
    lang.and_then(plain_language)
        .unwrap_or_else(|| ENGLISH.to_owned())
}

/// The language of a tag such as `fr` or `fr-CA` (RFC 5646 §2.2.1).
fn plain_language(tag: &str) -> Option<String> {
    let first = tag.split('-').next()?.trim();
    let letters = first.chars().all(|letter| letter.is_ascii_alphabetic());
    (letters && (2..=8).contains(&first.len())).then(|| first.to_ascii_lowercase())
}

fn plain(text: String) -> Text {
    Text {
        text,
        lang: "zxx".to_owned(),
    }
}

fn string(object: &Object<'_>, name: &str) -> Option<String> {
    let text = object.view().member(name).and_then(View::string)?;
    Some(text.into_owned()).filter(|text| !text.trim().is_empty())
}
