//! Which language a page is in: what its address says, else what the browser prefers, else English.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// The languages of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
}

impl Language {
    /// The language of a request: `?lang=` goes before `Accept-Language`.
    pub fn of(asked: Option<&str>, headers: &HeaderMap) -> Self {
        asked.and_then(Self::parse).unwrap_or_else(|| {
            headers
                .get(ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .map_or(Self::English, Self::preferred)
        })
    }

    /// The tag, as `lang` attributes have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// Reads a tag such as `fr` or `fr-CA`.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.trim().to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "fr" => Some(Self::French),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` (RFC 9110 §12.5.4); of equals, the first.
    fn preferred(header: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';');
            let language = parts.next().and_then(Self::parse);
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
            if let Some(language) = language
                && quality > best.map_or(0.0, |(_, best)| best)
            {
                best = Some((language, quality));
            }
        }
        best.map_or(Self::English, |(language, _)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_before_the_browser() {
        for (asked, accepted, language) in [
            (None, None, Language::English),
            (None, Some("fr-CA,fr;q=0.9,en;q=0.8"), Language::French),
            (None, Some("en;q=0.5, fr;q=0.7"), Language::French),
            (None, Some("de, en;q=0.5"), Language::English),
            (None, Some("fr;q=0, en"), Language::English),
            (None, Some("*"), Language::English),
            (Some("en"), Some("fr"), Language::English),
            (Some("FR"), None, Language::French),
            (Some("xx"), Some("fr"), Language::French),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accepted) = accepted {
                headers.insert(ACCEPT_LANGUAGE, accepted.parse().unwrap());
            }
            assert_eq!(
                Language::of(asked, &headers),
                language,
                "{asked:?} {accepted:?}"
            );
        }
    }
}
