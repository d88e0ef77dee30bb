//! All languages of a site: read from their folders when it starts, chosen by each request.

use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use include_dir::Dir;
use unic_langid::LanguageIdentifier;

use super::pseudo;
use super::words::{Bundle, GROUP, Words};
use crate::shell::site::LOCALES;

/// What texts fall back to.
const ENGLISH: &str = "en";

/// The languages of a site.
pub struct Locales {
    languages: Vec<Words>,
}

impl Locales {
    /// Reads folders of locale files, each with a folder per language; with `pseudo`, two more languages are made of English:
    /// `en-XA` with accents, `ar-XB` from right to left.
    pub fn new<'d>(folders: impl IntoIterator<Item = &'d Dir<'static>>, pseudo: bool) -> Self {
        let mut texts: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for folder in folders {
            for language in folder.dirs() {
                let tag = language.path().file_name().and_then(|name| name.to_str());
                let own = texts.entry(tag.unwrap_or_default().to_owned()).or_default();
                own.extend(language.files().filter_map(|file| file.contents_utf8()));
            }
        }
        let english = texts.remove(ENGLISH).unwrap_or_default();
        let base = Arc::new(bundle(ENGLISH, ENGLISH, &english, None));
        let mut languages = vec![Words::new(Arc::clone(&base), Arc::clone(&base))];
        for (tag, own) in &texts {
            languages.push(Words::new(
                Arc::new(bundle(tag, tag, own, None)),
                Arc::clone(&base),
            ));
        }
        if pseudo {
            for (tag, change) in pseudo::LANGUAGES {
                let made = bundle(tag, ENGLISH, &english, Some(change));
                languages.push(Words::new(Arc::new(made), Arc::clone(&base)));
            }
        }
        Self { languages }
    }

    /// With the texts of this package alone, for what is said elsewhere than on a page; `pseudo` as in [`new`](Self::new).
    pub fn of_the_site(pseudo: bool) -> Self {
        Self::new([&LOCALES], pseudo)
    }

    /// All of them, English first.
    pub fn all(&self) -> impl Iterator<Item = Words> {
        self.languages.iter().cloned()
    }

    /// The language of a request: what its address says, else what the visitor chose before, else what the browser prefers, else
    /// English.
    pub fn choose(
        &self,
        asked: Option<&str>,
        before: Option<&str>,
        accepted: Option<&str>,
    ) -> Words {
        let named = |tag: &str| self.named(tag);
        let found = asked
            .and_then(named)
            .or_else(|| before.and_then(named))
            .or_else(|| accepted.and_then(|header| self.preferred(header)));
        found
            .or_else(|| self.languages.first())
            .cloned()
            .unwrap_or_else(Words::none)
    }

    /// By the whole tag, else by its language: `fr-CA` is French.
    fn named(&self, tag: &str) -> Option<&Words> {
        let tag = tag.trim();
        let own = |words: &&Words| words.tag().eq_ignore_ascii_case(tag);
        let language = tag.split('-').next().unwrap_or_default();
        let wide = |words: &&Words| words.tag().eq_ignore_ascii_case(language);
        let mut all = self.languages.iter();
        all.clone().find(own).or_else(|| all.find(wide))
    }

    /// The best of an `Accept-Language` (RFC 9110 §12.5.4); of equals, the first.
    fn preferred(&self, header: &str) -> Option<&Words> {
        let mut best: Option<(&Words, f32)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';');
            let language = parts.next().and_then(|tag| self.named(tag));
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
            if let Some(language) = language
                && quality > best.map_or(0.0, |(_, best)| best)
            {
                best = Some((language, quality));
            }
        }
        best.map(|(language, _)| language)
    }
}

/// A language's texts. What can't be read is left out and logged; the test of the locale files finds it before.
fn bundle(tag: &str, rules: &str, texts: &[&str], change: Option<pseudo::Change>) -> Bundle {
    let rules: LanguageIdentifier = rules.parse().unwrap_or_default();
    let mut fluent = FluentBundle::new_concurrent(vec![rules]);
    fluent.set_use_isolating(false);
    fluent.set_formatter(Some(super::words::number));
    for text in texts {
        let resource =
            FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(read, errors)| {
                tracing::error!(language = tag, ?errors, "locale.unreadable");
                read
            });
        if let Err(errors) = fluent.add_resource(resource) {
            tracing::error!(language = tag, ?errors, "locale.twice");
        }
    }
    // What a language says of itself and of its figures is not to be changed with its texts.
    let own = |key: &str| -> Option<String> {
        let pattern = fluent.get_message(key)?.value()?;
        Some(
            fluent
                .format_pattern(pattern, None, &mut Vec::new())
                .into_owned(),
        )
    };
    let group = own("format-group").unwrap_or_else(|| GROUP.to_string());
    let decimal = own("format-decimal").unwrap_or_else(|| ".".to_owned());
    let mut direction = own("language-direction").unwrap_or_else(|| "ltr".to_owned());
    if change.is_some() {
        tag.starts_with("ar")
            .then(|| "rtl".clone_into(&mut direction));
        fluent.set_transform(change);
    }
    fluent.set_use_isolating(direction == "rtl");
    Bundle {
        tag: tag.to_owned(),
        direction,
        group,
        decimal,
        fluent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_before_the_choice_and_the_choice_before_the_browser() {
        let locales = Locales::new([&LOCALES], true);
        for (asked, before, accepted, language) in [
            (None, None, None, "en"),
            (None, None, Some("fr-CA,fr;q=0.9,en;q=0.8"), "fr"),
            (None, None, Some("en;q=0.5, fr;q=0.7"), "fr"),
            (None, None, Some("de, en;q=0.5"), "en"),
            (None, None, Some("fr;q=0, en"), "en"),
            (None, None, Some("*"), "en"),
            (Some("en"), Some("fr"), Some("fr"), "en"),
            (Some("FR"), None, None, "fr"),
            (None, Some("fr"), Some("en"), "fr"),
            (Some("xx"), None, Some("fr"), "fr"),
            (Some("ar-XB"), None, None, "ar-XB"),
        ] {
            let chosen = locales.choose(asked, before, accepted);
            assert_eq!(chosen.tag(), language, "{asked:?} {before:?} {accepted:?}");
        }
        let plain = Locales::new([&LOCALES], false);
        assert_eq!(plain.choose(Some("ar-XB"), None, None).tag(), "en");
        assert_eq!(locales.choose(Some("ar-XB"), None, None).direction(), "rtl");
    }
}
