//! The two languages in which sentences of the policy and words of records are kept.

/// English or French. A page in a third language quotes the English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// English.
    English,
    /// French.
    French,
}

impl Voice {
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
}
