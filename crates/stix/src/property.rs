//! What the standard asks of the properties of an object. Invariant: these are warnings; an object that has them is still kept.

mod tables;

use crate::header::SpecVersion;
use crate::id::ObjectId;
use crate::object::Object;
use crate::pattern::Pattern;
use crate::problem::{Problem, Rule, excerpt};
use crate::timestamp::Timestamp;
use crate::view::{Kind as Json, View};

/// Most warnings for one object.
const MOST: usize = 50;

/// What in `object` departs from STIX 2.1, up to 50 things; objects of STIX 2.0 are asked for the types of their values only.
///
/// Custom types and properties that begin with `x_` may hold anything; so may an object with extensions, which can add properties.
///
/// ```
/// let raw = br#"{"type":"campaign","spec_version":"2.1","id":"campaign--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
///     "created":"2024-01-01T00:00:00Z","modified":"2024-01-01T00:00:00Z","aliases":"Green"}"#;
/// let object = stix::check(raw, &stix::Limits::default())?;
/// let found: Vec<_> = stix::property::warnings(&object).iter().map(ToString::to_string).collect();
/// assert_eq!(found, ["/name: missing [required]", "/aliases: must be a list [type]"]);
/// # Ok::<(), stix::Problems>(())
/// ```
#[must_use]
pub fn warnings(object: &Object<'_>) -> Vec<Problem> {
    let header = object.header();
    let mut check = Check { found: Vec::new() };
    let members: Vec<_> = object.view().members().collect();
    let value = |name: &str| {
        members
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| *value)
    };
    let old = header.spec() == SpecVersion::V20;
    let table = table(header.type_name());
    let (common, own) = table.unwrap_or((tables::COMMON, ""));
    let properties: Vec<_> = common
        .split_whitespace()
        .chain(own.split_whitespace())
        .filter_map(Property::parse)
        .collect();
    for property in properties
        .iter()
        .filter(|property| property.required && !old && value(property.name).is_none())
    {
        check.warn(
            &format!("/{}", property.name),
            Rule::Required,
            "missing".into(),
        );
    }
    let open = table.is_none() || old || !header.extensions.is_empty();
    for (key, value) in &members {
        let pointer = format!("/{}", excerpt(&key.replace('~', "~0").replace('/', "~1")));
        match properties.iter().find(|property| property.name == key) {
            Some(property) => check.property(&pointer, property, *value),
            None if open || key.starts_with("x_") => {}
            None => check.warn(
                &pointer,
                Rule::UnknownProperty,
                "the standard has no such property here".into(),
            ),
        }
    }
    for (before, after) in tables::ORDERED {
        let time = |name| Timestamp::parse(&value(name)?.string()?).ok();
        if let (Some(first), Some(second)) = (time(before), time(after))
            && first > second
        {
            check.warn(
                &format!("/{after}"),
                Rule::Value,
                format!("earlier than {before}"),
            );
        }
    }
    check.rules(header.type_name(), &value, old);
    check.found.truncate(MOST);
    check.found
}

/// The common and the own properties of a type of the standard.
fn table(type_name: &str) -> Option<(&'static str, &'static str)> {
    let groups = [
        (tables::COMMON, tables::OBJECTS),
        (tables::OBSERVABLE, tables::OBSERVABLES),
        (tables::MARKING, tables::MARKINGS),
    ];
    groups.into_iter().find_map(|(common, types)| {
        Some((common, types.iter().find(|(name, _)| *name == type_name)?.1))
    })
}

struct Property {
    name: &'static str,
    kind: Kind,
    list: bool,
    required: bool,
}

enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Time,
    Id,
    /// Types allowed, separated by `|`; empty for any.
    Reference(&'static str),
    Dictionary,
    Hashes,
    Phase,
    External,
}

impl Property {
    fn parse(word: &'static str) -> Option<Self> {
        let (name, rest) = word.split_once(':')?;
        let rest_required = rest.strip_suffix('!');
        let rest = rest_required.unwrap_or(rest);
        let rest_list = rest.strip_suffix('*');
        let kind = match rest_list.unwrap_or(rest) {
            "text" => Kind::Text,
            "int" => Kind::Integer,
            "number" => Kind::Number,
            "bool" => Kind::Boolean,
            "time" => Kind::Time,
            "id" => Kind::Id,
            "dict" => Kind::Dictionary,
            "hashes" => Kind::Hashes,
            "phase" => Kind::Phase,
            "external" => Kind::External,
            "ref" => Kind::Reference(""),
            other => Kind::Reference(other.strip_prefix("ref=")?),
        };
        Some(Self {
            name,
            kind,
            list: rest_list.is_some(),
            required: rest_required.is_some(),
        })
    }
}

struct Check {
    found: Vec<Problem>,
}

impl Check {
    fn warn(&mut self, pointer: &str, rule: Rule, message: String) {
        if self.found.len() < MOST {
            self.found.push(Problem::new(pointer, rule, message));
        }
    }

    fn property(&mut self, pointer: &str, property: &Property, value: View<'_>) {
        if !property.list {
            return self.value(pointer, &property.kind, value);
        }
        if value.kind() != Json::List {
            return self.warn(pointer, Rule::Type, "must be a list".into());
        }
        let mut empty = true;
        for (index, item) in value.items().enumerate() {
            empty = false;
            self.value(&format!("{pointer}/{index}"), &property.kind, item);
            if self.found.len() == MOST {
                return;
            }
        }
        if empty {
            self.warn(
                pointer,
                Rule::Value,
                "an empty list must be left out".into(),
            );
        }
    }

    fn value(&mut self, pointer: &str, kind: &Kind, value: View<'_>) {
        let text = value.string();
        let whole = |value: View<'_>| {
            value.kind() == Json::Number && !value.raw().contains(['.', 'e', 'E'])
        };
        let (fits, wanted) = match kind {
            Kind::Text => (text.is_some(), "a string"),
            Kind::Integer => (whole(value), "an integer"),
            Kind::Number => (value.kind() == Json::Number, "a number"),
            Kind::Boolean => (value.boolean().is_some(), "true or false"),
            Kind::Dictionary | Kind::Hashes | Kind::Phase | Kind::External => {
                (value.kind() == Json::Object, "an object")
            }
            Kind::Time | Kind::Id | Kind::Reference(_) => (text.is_some(), "a string"),
        };
        if !fits {
            return self.warn(pointer, Rule::Type, format!("must be {wanted}"));
        }
        let text = text.unwrap_or_default();
        match kind {
            Kind::Time => {
                if let Err(error) = Timestamp::validate(&text) {
                    self.warn(
                        pointer,
                        Rule::Timestamp,
                        format!("\"{}\": {error}", excerpt(&text)),
                    );
                }
            }
            Kind::Id | Kind::Reference(_) => match (ObjectId::parse(&text), kind) {
                (Err(error), _) => self.warn(
                    pointer,
                    Rule::Identifier,
                    format!("\"{}\": {error}", excerpt(&text)),
                ),
                (Ok(id), Kind::Reference(types))
                    if !types.is_empty() && !types.split('|').any(|t| t == id.type_name()) =>
                {
                    self.warn(
                        pointer,
                        Rule::ReferenceType,
                        format!("must refer to {}", types.replace('|', " or ")),
                    );
                }
                _ => {}
            },
            Kind::Hashes => {
                for (name, hash) in value.members() {
                    if hash.string().is_none() {
                        self.warn(
                            &format!("{pointer}/{}", excerpt(&name)),
                            Rule::Type,
                            "must be a string".into(),
                        );
                    }
                }
            }
            Kind::Phase => self.required(pointer, value, &["kill_chain_name", "phase_name"]),
            Kind::External => self.required(pointer, value, &["source_name"]),
            _ => {}
        }
    }

    fn required(&mut self, pointer: &str, value: View<'_>, names: &[&str]) {
        for name in names.iter().filter(|name| value.member(name).is_none()) {
            self.warn(
                &format!("{pointer}/{name}"),
                Rule::Required,
                "missing".into(),
            );
        }
    }

    /// Rules that hold between properties, or bound their values.
    fn rules<'a>(&mut self, type_name: &str, value: &impl Fn(&str) -> Option<View<'a>>, old: bool) {
        let number = |name: &str| value(name).and_then(View::number);
        for (name, low, high) in [
            ("confidence", 0.0, 100.0),
            ("latitude", -90.0, 90.0),
            ("longitude", -180.0, 180.0),
            ("src_port", 0.0, 65_535.0),
            ("dst_port", 0.0, 65_535.0),
        ] {
            if number(name).is_some_and(|n| !(low..=high).contains(&n)) {
                self.warn(
                    &format!("/{name}"),
                    Rule::Value,
                    format!("must lie between {low} and {high}"),
                );
            }
        }
        let has = |name: &str| value(name).is_some();
        let text = |name: &str| value(name).and_then(View::string);
        match type_name {
            "indicator" if old || text("pattern_type").is_some_and(|kind| kind == "stix") => {
                if let Some(Err(error)) = text("pattern").map(|pattern| Pattern::parse(&pattern)) {
                    self.warn("/pattern", Rule::Pattern, error.to_string());
                }
            }
            "location"
                if !(has("region") || has("country") || has("latitude") && has("longitude")) =>
            {
                self.warn(
                    "",
                    Rule::Required,
                    "a location needs a region, a country, or latitude and longitude".into(),
                );
            }
            "malware"
                if !old
                    && !has("name")
                    && value("is_family").and_then(View::boolean) == Some(true) =>
            {
                self.warn("/name", Rule::Required, "a family needs a name".into());
            }
            "observed-data" if has("objects") == has("object_refs") => {
                self.warn(
                    "",
                    Rule::Required,
                    "observed data needs either objects or object_refs".into(),
                );
            }
            "malware-analysis" if !has("result") && !has("analysis_sco_refs") => {
                self.warn(
                    "",
                    Rule::Required,
                    "a malware analysis needs result or analysis_sco_refs".into(),
                );
            }
            "opinion" => {
                let scale = [
                    "strongly-disagree",
                    "disagree",
                    "neutral",
                    "agree",
                    "strongly-agree",
                ];
                if text("opinion").is_some_and(|opinion| !scale.contains(&&*opinion)) {
                    self.warn(
                        "/opinion",
                        Rule::Value,
                        format!("must be one of {}", scale.join(", ")),
                    );
                }
            }
            "artifact" if has("payload_bin") == has("url") => {
                self.warn(
                    "",
                    Rule::Required,
                    "an artifact needs either payload_bin or url".into(),
                );
            }
            "artifact" if has("url") && !has("hashes") => self.warn(
                "/hashes",
                Rule::Required,
                "an artifact with a url needs hashes".into(),
            ),
            "file" if !has("name") && !has("hashes") => {
                self.warn("", Rule::Required, "a file needs a name or hashes".into())
            }
            "network-traffic" if !has("src_ref") && !has("dst_ref") => {
                self.warn(
                    "",
                    Rule::Required,
                    "network traffic needs src_ref or dst_ref".into(),
                );
            }
            "email-message" => {
                let parts = value("is_multipart").and_then(View::boolean);
                let wrong = if parts == Some(true) {
                    "body"
                } else {
                    "body_multipart"
                };
                if parts.is_some() && has(wrong) {
                    self.warn(
                        &format!("/{wrong}"),
                        Rule::Value,
                        "contradicts is_multipart".into(),
                    );
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_can_be_read() {
        let lines = [tables::COMMON, tables::OBSERVABLE, tables::MARKING].into_iter();
        let types = [tables::OBJECTS, tables::OBSERVABLES, tables::MARKINGS];
        for line in lines.chain(types.into_iter().flatten().map(|(_, line)| *line)) {
            for word in line.split_whitespace() {
                assert!(Property::parse(word).is_some(), "{word}");
            }
        }
        for types in types {
            assert!(types.is_sorted_by_key(|(name, _)| name));
        }
        assert!(
            tables::OBSERVABLES
                .iter()
                .all(|(name, _)| crate::sco::is_observable(name))
        );
        assert_eq!(tables::OBSERVABLES.len(), 18);
    }
}
