//! What an object says, in the reader's words: its properties by name, its values as a reader takes them.
//!
//! Invariant: a property that has no words stands by its own name, and a value that is not what its property says stands as it is.

use std::collections::HashMap;

use stix::{Kind as ViewKind, Limits, ObjectId, Timestamp, View};

use crate::locale::Words;
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
    /// A moment: as machines write it, as the language does.
    Moment(String, String),
    /// As it is: an identifier, a figure, something of several parts.
    Plain(String),
    /// Another object, by its name: where it stands, what it is called.
    Named(String, String),
}

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
pub(super) fn members(words: &Words, body: &[u8], known: &Known) -> Vec<Member> {
    let limits = Limits::default();
    let Ok(object) = stix::check(body, &limits) else {
        return Vec::new();
    };
    let kind = object.header().id.type_name().to_owned();
    // STIX 2.1 §3.2: an object that names no language is in English.
    let lang = object.header().lang.clone();
    let lang = lang.as_deref().unwrap_or("en");
    let listed = object
        .view()
        .members()
        .filter(|(name, _)| !NOT_LISTED.contains(&name.as_ref()));
    listed
        .map(|(name, value)| {
            let reader = Reader { words, lang, known };
            let many = value.kind() == ViewKind::List;
            let values = value.items().count();
            let said = match (many, name.as_ref(), value.kind()) {
                (true, name, _) => value
                    .items()
                    .take(VALUES)
                    .map(|value| reader.said(name, value))
                    .collect(),
                (_, "hashes", ViewKind::Object) => value
                    .members()
                    .map(|(name, hash)| {
                        let hash = hash.string().unwrap_or_else(|| hash.raw().into());
                        Said::Plain(shown(&format!("{name} {hash}")))
                    })
                    .collect(),
                (_, name, _) => vec![reader.said(name, value)],
            };
            let more = values.saturating_sub(VALUES);
            Member {
                word: word(words, &kind, &name),
                name: shown(&name),
                said,
                more: (many && more > 0).then(|| words.t1("properties-more", "n", more)),
            }
        })
        .collect()
}

/// Who reads, in what language the object is, and what is known of others.
struct Reader<'r> {
    words: &'r Words,
    lang: &'r str,
    known: &'r Known,
}

impl Reader<'_> {
    fn said(&self, name: &str, value: View<'_>) -> Said {
        let words = self.words;
        match value.kind() {
            ViewKind::String => self.text(name, &value.string().unwrap_or_default()),
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
            let said = match self.said_plainly(&name, value) {
                Said::Text(text, _)
                | Said::Words(text)
                | Said::Moment(_, text)
                | Said::Plain(text)
                | Said::Named(_, text) => text,
            };
            format!("{word}{colon} {said}")
        });
        parts.collect::<Vec<_>>().join(&next)
    }

    /// The same for what stands inside another value: what has parts of its own stands as it is.
    fn said_plainly(&self, name: &str, value: View<'_>) -> Said {
        match value.kind() {
            ViewKind::Object | ViewKind::List => Said::Plain(shown(&shorten(value.raw()))),
            _ => self.said(name, value),
        }
    }

    fn text(&self, name: &str, text: &str) -> Said {
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
        let stance = format!("stance-{text}");
        if name == "opinion" && self.words.has(&stance) {
            return Said::Words(self.words.t(&stance));
        }
        Said::Text(shown_lines(text), self.lang.to_owned())
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
}
