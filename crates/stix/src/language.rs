//! Translations: `language-content` objects (STIX 2.1 §7.1). Invariant: a translated text is found by the pointer of the text it translates.

use crate::id::ObjectId;
use crate::object::Object;
use crate::problem::{Problem, Rule};
use crate::timestamp::Timestamp;
use crate::view::{Kind, View};

/// The extension definition by which a `language-content` says its standing: `{"extension_type":"property-extension","standing":"official"}`.
pub const STANDING_EXTENSION_ID: &str =
    "extension-definition--7f3d2b90-1c58-4e6a-8b1e-52d96f0a4c73";

/// What a `language-content` object says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LanguageContent {
    /// The object whose texts are translated.
    pub object_ref: ObjectId,
    /// The version translated; `None` stands for the newest.
    pub object_modified: Option<Timestamp>,
    /// What the translation is worth; `None` when its author does not say.
    pub standing: Option<Standing>,
    /// The languages (RFC 5646), in the order of the object.
    pub languages: Vec<Language>,
}

/// The texts of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Language {
    /// The language (RFC 5646), such as `fr`.
    pub lang: String,
    /// JSON pointers into the translated object, such as `/name` or `/aliases/0`, and the texts that stand in their place.
    pub texts: Vec<(String, String)>,
}

/// What a translation is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// One of several texts of equal rank.
    Authentic,
    /// Adopted by its author, but the original decides.
    Official,
    /// For convenience.
    Courtesy,
    /// Made by a machine.
    Machine,
}

impl Standing {
    /// Reads `authentic`, `official`, `courtesy` or `machine`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Authentic,
            Self::Official,
            Self::Courtesy,
            Self::Machine,
        ]
        .into_iter()
        .find(|standing| standing.as_str() == text)
    }

    /// The word as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::Official => "official",
            Self::Courtesy => "courtesy",
            Self::Machine => "machine",
        }
    }
}

impl LanguageContent {
    /// Reads a `language-content` object.
    ///
    /// # Errors
    /// The first thing that keeps it from being used: another type, no `object_ref`, no `contents`. Single texts of another kind than
    /// a string are left out.
    pub fn read(object: &Object<'_>) -> Result<Self, Problem> {
        if object.header().type_name() != "language-content" {
            return Err(Problem::new("/type", Rule::Value, "not a language-content"));
        }
        let view = object.view();
        let text = |name: &str| view.member(name).and_then(View::string);
        let object_ref = text("object_ref")
            .ok_or_else(|| Problem::new("/object_ref", Rule::Required, "missing"))?;
        let object_ref = ObjectId::parse(&object_ref)
            .map_err(|error| Problem::new("/object_ref", Rule::Identifier, error.to_string()))?;
        let object_modified = match text("object_modified") {
            Some(text) => Some(Timestamp::parse(&text).map_err(|error| {
                Problem::new("/object_modified", Rule::Timestamp, error.to_string())
            })?),
            None => None,
        };
        let contents = view
            .member("contents")
            .filter(|contents| contents.kind() == Kind::Object);
        let contents = contents
            .ok_or_else(|| Problem::new("/contents", Rule::Required, "must be an object"))?;
        let languages = contents.members().map(|(lang, value)| {
            let mut texts = Vec::new();
            collect(value, &mut String::new(), &mut texts);
            Language {
                lang: lang.into_owned(),
                texts,
            }
        });
        let extension = view
            .member("extensions")
            .and_then(|extensions| extensions.member(STANDING_EXTENSION_ID));
        let standing = extension
            .and_then(|extension| Standing::parse(&extension.member("standing")?.string()?));
        Ok(Self {
            object_ref,
            object_modified,
            standing,
            languages: languages.collect(),
        })
    }

    /// The texts for `lang`: of exactly this tag, else of its language without the region.
    #[must_use]
    pub fn language(&self, lang: &str) -> Option<&Language> {
        let find = |wanted: &str| {
            self.languages
                .iter()
                .find(|language| language.lang.eq_ignore_ascii_case(wanted))
        };
        find(lang).or_else(|| find(lang.split('-').next()?))
    }
}

impl Language {
    /// The text that stands in the place of `pointer`.
    #[must_use]
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.texts
            .iter()
            .find(|(place, _)| place == pointer)
            .map(|(_, text)| text.as_str())
    }
}

/// Notes every string inside `value`; an empty one in a list says that this element is not translated.
fn collect(value: View<'_>, pointer: &mut String, texts: &mut Vec<(String, String)>) {
    let length = pointer.len();
    match value.kind() {
        Kind::String => {
            if let Some(text) = value.string().filter(|text| !text.is_empty()) {
                texts.push((pointer.clone(), text.into_owned()));
            }
        }
        Kind::Object => {
            for (key, member) in value.members() {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                collect(member, pointer, texts);
                pointer.truncate(length);
            }
        }
        Kind::List => {
            for (index, item) in value.items().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                collect(item, pointer, texts);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}
