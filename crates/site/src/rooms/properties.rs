//! What an object says, in the reader's words: its properties by name, its values as a reader takes them.
//!
//! Invariant: a property that has no words stands by its own name, and a value that is not what its property says stands as it is.

use std::collections::HashMap;

use stix::{Kind as ViewKind, Limits, ObjectId, Timestamp, View};

use crate::locale::Words;
use crate::shell::desk::Desk;
use crate::shell::shown::{shorten, shown, shown_lines};

/// Members of an object that stand at the head of its page already, or say nothing to a reader.
const NOT_LISTED: [&str; 9] = [
    "type",
    "spec_version",
    "id",
    "created_by_ref",
    "revoked",
    "object_marking_refs",
    "granular_markings",
    "extensions",
    "lang",
];

/// Values of one property that are shown one by one.
const VALUES: usize = 50;

/// Other objects that are looked up to be called by their names.
const NAMED: usize = 12;

/// A property of an object, as a reader has it.
pub(super) struct Member {
    /// What it is called, where there are words for it.
    pub(super) word: Option<String>,
    /// Its own name.
    pub(super) name: String,
    /// What it says: one value, or several.
    pub(super) said: Vec<Said>,
    /// How many more values there are, in words.
    pub(super) more: Option<String>,
}

/// A value, as it is shown.
pub(super) enum Said {
    /// A text of the record's own, and the tag of its language.
    Text(String, String),
    /// In the reader's words.
    Words(String),
    /// One of a vocabulary: in the reader's words, and as it is.
    Value(String, String),
    /// A moment: as machines write it, as the language does.
    Moment(String, String),
    /// As it is: an identifier, a figure, something of several parts.
    Plain(String),
    /// Another object, by its name: where it stands, what it is called.
    Named(String, String),
    /// What a translation stands for, in the record's own words: the tag of their language, and that they are the original.
    Original(String, String, String),
}

/// A translation of what stands at a pointer of the object, with the tag of its language.
pub(super) type Translated<'t> = dyn Fn(&str) -> Option<(String, String)> + 't;

/// Where other objects stand, and what they are called, by their ids.
pub(super) type Known = HashMap<String, (String, String)>;

/// What a property of this type is called, where there are words for it.
pub(super) fn word(words: &Words, kind: &str, name: &str) -> Option<String> {
    let name = name.replace('_', "-");
    let keys = [
        format!("property-of-{kind}-{name}"),
        format!("property-{name}"),
    ];
    let key = keys.iter().find(|key| words.has(key))?;
    Some(words.t(key))
}

/// What a value of an open vocabulary means (STIX 2.1 §10), where there are words for it.
fn meaning(words: &Words, kind: &str, name: &str, value: &str) -> Option<String> {
    let name = match name {
        // The three take their values from one vocabulary.
        "secondary_motivations" | "personal_motivations" => "primary_motivation",
        name => name,
    };
    let [name, value] = [name, value].map(|text| text.replace('_', "-"));
    let keys = [
        format!("value-of-{kind}-{name}-{value}"),
        format!("value-{name}-{value}"),
    ];
    let key = keys.iter().find(|key| words.has(key))?;
    Some(words.t(key))
}

/// The objects that an object names, as far as they are looked up.
pub(super) fn references(body: &[u8]) -> Vec<ObjectId> {
    let limits = Limits::default();
    let Ok(object) = stix::check(body, &limits) else {
        return Vec::new();
    };
    let members = object.view().members();
    let named = members.filter(|(name, _)| !NOT_LISTED.contains(&name.as_ref()));
    let ids = named.flat_map(|(_, value)| {
        let inside = value.members().map(|(_, value)| value);
        let items = value.items().flat_map(|item| {
            let inside = item.members().map(|(_, value)| value);
            std::iter::once(item).chain(inside)
        });
        let all = std::iter::once(value).chain(inside).chain(items);
        let all = all.filter_map(View::string);
        all.filter_map(|text| ObjectId::parse(&text).ok())
            .take(NAMED)
            .collect::<Vec<_>>()
    });
    let mut found = Vec::new();
    for id in ids {
        if found.len() < NAMED && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// What an object says, in the order in which it says it.
pub(super) fn members(
    (words, desks): (&Words, &[&dyn Desk]),
    body: &[u8],
    known: &Known,
    translated: &Translated<'_>,
) -> Vec<Member> {
    let limits = Limits::default();
    let Ok(object) = stix::check(body, &limits) else {
        return Vec::new();
    };
    let kind = object.header().id.type_name().to_owned();
    // STIX 2.1 §3.2: an object that names no language is in English.
    let lang = object.header().lang.clone();
    let lang = lang.as_deref().unwrap_or("en");
    let reader = Reader {
        words,
        desks,
        lang,
        known,
    };
    let listed = object
        .view()
        .members()
        .filter(|(name, _)| !NOT_LISTED.contains(&name.as_ref()));
    listed
        .map(|(name, value)| {
            let more = value.items().count().saturating_sub(VALUES);
            let said = reader.values(&kind, &name, value).take(VALUES);
            let said = match translated(&format!("/{name}")) {
                // The page is called by the translation: what it stands for is beside it, and both say what they are.
                Some((text, tag)) => std::iter::once(Said::Text(shown_lines(&text), tag))
                    .chain(said.map(|said| said.original(words)))
                    .collect(),
                None => said.collect(),
            };
            Member {
                word: word(words, &kind, &name),
                name: shown(&name),
                said,
                more: (more > 0).then(|| words.t1("properties-more", "n", more)),
            }
        })
        .collect()
}

/// What a property says on lines of text, one for each value; and whether all of it is in the record's own words.
pub(super) fn lines(
    (words, desks): (&Words, &[&dyn Desk]),
    kind: &str,
    name: &str,
    value: View<'_>,
) -> (String, bool) {
    let reader = Reader {
        words,
        desks,
        lang: "",
        known: &Known::new(),
    };
    let mut own = true;
    let values = reader.values(kind, name, value).map(|said| {
        own &= matches!(said, Said::Text(..));
        said.line()
    });
    let values = values.collect::<Vec<_>>().join("\n");
    (values, own)
}

impl Said {
    /// The same beside its translation.
    fn original(self, words: &Words) -> Self {
        match self {
            Self::Text(text, lang) => {
                let told = words.t1("properties-original", "language", lang.to_uppercase());
                Self::Original(text, lang, told)
            }
            other => other,
        }
    }

    /// The same as a text.
    fn line(self) -> String {
        match self {
            Self::Text(text, _)
            | Self::Words(text)
            | Self::Value(text, _)
            | Self::Moment(_, text)
            | Self::Plain(text)
            | Self::Original(text, ..)
            | Self::Named(_, text) => text,
        }
    }
}

/// Who reads, which desks have words of their own, in what language the object is, and what is known of others.
struct Reader<'r> {
    words: &'r Words,
    desks: &'r [&'r dyn Desk],
    lang: &'r str,
    known: &'r Known,
}

impl Reader<'_> {
    /// The values of a property, one by one.
    fn values<'v>(
        &'v self,
        kind: &'v str,
        name: &'v str,
        value: View<'v>,
    ) -> Box<dyn Iterator<Item = Said> + 'v> {
        match (name, value.kind()) {
            (_, ViewKind::List) => Box::new(value.items().map(|one| self.said(kind, name, one))),
            ("hashes", ViewKind::Object) => Box::new(value.members().map(|(name, hash)| {
                let hash = hash.string().unwrap_or_else(|| hash.raw().into());
                Said::Plain(shown(&format!("{name} {hash}")))
            })),
            _ => Box::new(std::iter::once(self.said(kind, name, value))),
        }
    }

    fn said(&self, kind: &str, name: &str, value: View<'_>) -> Said {
        let words = self.words;
        match value.kind() {
            ViewKind::String => self.text(kind, name, &value.string().unwrap_or_default()),
            ViewKind::True => Said::Words(words.t("properties-yes")),
            ViewKind::False => Said::Words(words.t("properties-no")),
            ViewKind::Object => match parts(name, value) {
                Some(parts) => Said::Text(shown_lines(&parts), self.lang.to_owned()),
                None => Said::Words(self.several(name, value)),
            },
            _ => Said::Plain(shown(&shorten(value.raw()))),
        }
    }

    /// Several properties in one value: each by its name, on one line.
    fn several(&self, whole: &str, value: View<'_>) -> String {
        let words = self.words;
        let (colon, next) = (words.t("format-colon"), words.t("properties-next"));
        let parts = value.members().map(|(name, value)| {
            let word = word(words, whole, &name).unwrap_or_else(|| shown(&name));
            format!("{word}{colon} {}", self.inside(whole, &name, value))
        });
        parts.collect::<Vec<_>>().join(&next)
    }

    /// The same for what stands inside another value: what has parts of its own stands in brackets.
    fn inside(&self, whole: &str, name: &str, value: View<'_>) -> String {
        match value.kind() {
            ViewKind::List => {
                let items = value.items().map(|item| self.inside(whole, name, item));
                let comma = self.words.t("format-comma");
                items.collect::<Vec<_>>().join(&comma)
            }
            ViewKind::Object => format!("({})", self.several(name, value)),
            _ => self.said(whole, name, value).line(),
        }
    }

    fn text(&self, kind: &str, name: &str, text: &str) -> Said {
        if let Some((path, called)) = self.known.get(text) {
            return Said::Named(path.clone(), called.clone());
        }
        let refers = name.ends_with("_ref") || name.ends_with("_refs");
        if refers || ObjectId::parse(text).is_ok() {
            return Said::Plain(shown(text));
        }
        if let Ok(at) = Timestamp::parse(text) {
            return Said::Moment(shown(text), self.words.moment_of(&at));
        }
        let dashes = [4..5, 7..8].map(|place| text.get(place) == Some("-"));
        if text.len() == 10
            && dashes == [true, true]
            && let Some(day) = self.words.date_of(text)
        {
            return Said::Moment(text.to_owned(), day);
        }
        let stance = format!("stance-{text}");
        if name == "opinion" && self.words.has(&stance) {
            return Said::Value(self.words.t(&stance), shown(text));
        }
        let of_desk = |desk: &&dyn Desk| desk.meaning(self.words, kind, name, text);
        let own = self.desks.iter().find_map(of_desk);
        match own.or_else(|| meaning(self.words, kind, name, text)) {
            Some(word) => Said::Value(word, shown(text)),
            None => Said::Text(shown_lines(text), self.lang.to_owned()),
        }
    }
}

/// What consists of several texts and is read as one: a phase of an attack, a reference elsewhere.
fn parts(name: &str, value: View<'_>) -> Option<String> {
    let names: &[&str] = match name {
        "kill_chain_phases" => &["kill_chain_name", "phase_name"],
        "external_references" => &["source_name", "external_id", "description", "url"],
        _ => return None,
    };
    let texts = names
        .iter()
        .filter_map(|name| value.member(name)?.string())
        .collect::<Vec<_>>();
    (!texts.is_empty()).then(|| texts.join(" – "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locales;
    use crate::shell::site::LOCALES;

    #[test]
    fn an_object_names_others_once_each_and_not_too_many() {
        let id = |number: u32| format!("malware--00000000-0000-4000-8000-{number:012}");
        let refs: Vec<String> = (0..30)
            .map(|number| format!("\"{}\"", id(number % 20)))
            .collect();
        let own = "report--00000000-0000-4000-8000-0000000000aa";
        let body = format!(
            r#"{{"type":"report","spec_version":"2.1","id":"{own}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","name":"n","published":"2026-01-01T00:00:00Z","created_by_ref":"identity--00000000-0000-4000-8000-000000000001","object_refs":[{}]}}"#,
            refs.join(",")
        );
        let found = references(body.as_bytes());
        assert_eq!(found.len(), NAMED);
        assert_eq!(found[1].to_string(), id(1));
    }

    #[test]
    fn what_a_type_means_by_a_name_goes_before_what_others_mean() {
        let locales = Locales::new([&LOCALES], false);
        let words = locales.choose(Some("fr"), None, None);
        let called = |kind, name| word(&words, kind, name);
        let reason = called("erasure", "reason");
        assert_eq!(reason.as_deref(), Some("Motif de l’effacement"));
        assert_ne!(called("commitment", "reason"), reason);
    }

    #[test]
    fn a_value_of_a_vocabulary_is_in_words_with_itself_beside_and_another_as_it_is() {
        let locales = Locales::new([&LOCALES], false);
        let body = r#"{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-000000000001","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","valid_from":"2026-01-01T00:00:00Z","pattern":"[a:b = 1]","pattern_type":"stix","indicator_types":["malicious-activity","x-own"],"personal_motivations":["coercion"],"next":{"of":"one","dates":[{"on":"2026-02-03","held":true},{"on":"2026-02-04"}]}}"#;
        for (tag, first, motive, next) in [
            (
                "en",
                "malicious activity",
                "coercion",
                "Whose part: one; Dates given by texts: (On: 3\u{a0}February\u{a0}2026; held: yes), (On: 4\u{a0}February\u{a0}2026)",
            ),
            (
                "fr",
                "activité malveillante",
                "contrainte",
                "Part examinée\u{a0}: one\u{a0}; Dates données par les textes\u{a0}: (Le\u{a0}: 3\u{a0}février 2026\u{a0}; held\u{a0}: oui), (Le\u{a0}: 4\u{a0}février 2026)",
            ),
        ] {
            let words = locales.choose(Some(tag), None, None);
            let members = members((&words, &[]), body.as_bytes(), &Known::new(), &|_| None);
            let of = |name: &str| {
                let member = members.iter().find(|member| member.name == name);
                member.map(|member| member.said.as_slice())
            };
            assert!(
                matches!(of("indicator_types"), Some([Said::Value(word, value), Said::Text(own, _)])
                    if word == first && value == "malicious-activity" && own == "x-own"),
                "{tag}"
            );
            assert!(
                matches!(of("personal_motivations"), Some([Said::Value(word, _)]) if word == motive),
                "{tag}"
            );
            let Some([Said::Words(said)]) = of("next") else {
                panic!("{tag}: not in words");
            };
            assert_eq!(said, next);
        }
    }
}
