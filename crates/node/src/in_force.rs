//! The configuration as it is in force, value by value, with where each comes from.
//!
//! Invariant: what looks like a secret, or carries one, is never given out.

use anyhow::{Context, Result};
use serde::Serialize;
use toml::{Table, Value};

use crate::config::Config;
use crate::node::Node;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Nobody said anything: it is the program's own.
    Default,
    /// The node's `config.toml`.
    File,
    /// The environment or the command line, at the last start.
    Start,
    /// The file says otherwise by now: from the next start on.
    Earlier,
}

/// One value in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// Its name in the file, with its section: `limits.object_bytes`.
    pub name: String,
    /// The value as it would stand in the file; nothing where none is set.
    pub value: Option<String>,
    /// Where it comes from.
    pub source: Source,
}

impl Node {
    /// The configuration in force, in the order of the file.
    ///
    /// # Errors
    /// When the file cannot be read or understood any more.
    pub fn settings(&self) -> Result<Vec<Setting>> {
        let path = self.folder().config();
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} could not be read", path.display()))?;
        settings(self.config(), &text)
    }
}

fn settings(config: &Config, file: &str) -> Result<Vec<Setting>> {
    let written: Table = toml::from_str(file).context("config.toml is not understood")?;
    let of_file = flat(&Table::try_from(Config::parse(file)?)?);
    let of_program = flat(&Table::try_from(Config::default())?);
    let in_force = flat(&Table::try_from(config)?);
    let written = flat(&written);
    let mut names = in_force.clone();
    for name in NAMES {
        if !names.iter().any(|(known, _)| known == name) {
            names.push(((*name).to_owned(), Value::Boolean(false)));
        }
    }
    names.sort_by_key(|(name, _)| name.contains('.'));
    Ok(names
        .into_iter()
        .map(|(name, _)| {
            let value = find(&in_force, &name);
            let source = if value != find(&of_file, &name) {
                let environment = ["listen", "address", "proxy", "pages.design"];
                if environment.contains(&name.as_str()) {
                    Source::Start
                } else {
                    Source::Earlier
                }
            } else if find(&written, &name).is_some() && value != find(&of_program, &name) {
                Source::File
            } else {
                Source::Default
            };
            Setting {
                value: value.map(|value| told(&name, value)),
                name,
                source,
            }
        })
        .collect())
}

/// What can be left out, and then has no value.
const NAMES: &[&str] = &[
    "address",
    "proxy",
    "local_peers",
    "community",
    "tls.certificate",
    "tls.key",
    "tls.client_authorities",
    "pages.exercise",
];

fn find<'v>(values: &'v [(String, Value)], name: &str) -> Option<&'v Value> {
    let found = values.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}

/// The values of a table with their sections.
fn flat(table: &Table) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, value) in table {
        match value {
            Value::Table(section) => {
                let inner = flat(section).into_iter();
                all.extend(inner.map(|(inner, value)| (format!("{name}.{inner}"), value)));
            }
            other => all.push((name.clone(), other.clone())),
        }
    }
    all
}

/// A value as people read it: without quotation marks, a list with commas, and no secret.
fn told(name: &str, value: &Value) -> String {
    const HIDDEN: &str = "•••";
    let last = name.rsplit('.').next().unwrap_or(name);
    let secret = ["secret", "password", "token"];
    if secret.iter().any(|word| last.contains(word)) {
        return HIDDEN.to_owned();
    }
    match value {
        Value::String(text) => match text.split_once("://") {
            // A name and a password may stand in an address.
            Some((scheme, rest)) if rest.contains('@') => {
                let host = rest.rsplit('@').next().unwrap_or_default();
                format!("{scheme}://{HIDDEN}@{host}")
            }
            _ => text.clone(),
        },
        Value::Array(list) => {
            let list: Vec<String> = list.iter().map(|value| told(name, value)).collect();
            list.join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_says_where_it_comes_from_and_no_secret_is_told() {
        let file = "listen = \"127.0.0.1:7000\"\npoll_seconds = 30\nproxy = \"http://me:word@proxy.test:1\"\n[limits]\nobject_bytes = 9\n";
        let mut config = Config::parse(file).unwrap();
        config.address = Some("https://node.test".to_owned());
        config.checkpoint_seconds = 7;
        let all = settings(&config, file).unwrap();
        let of = |name: &str| {
            let found = all.iter().find(|setting| setting.name == name).unwrap();
            (found.value.as_deref(), found.source)
        };
        assert_eq!(of("listen"), (Some("127.0.0.1:7000"), Source::File));
        assert_eq!(of("poll_seconds"), (Some("30"), Source::Default));
        assert_eq!(of("address"), (Some("https://node.test"), Source::Start));
        assert_eq!(of("proxy"), (Some("http://•••@proxy.test:1"), Source::File));
        assert_eq!(of("checkpoint_seconds"), (Some("7"), Source::Earlier));
        assert_eq!(of("limits.object_bytes"), (Some("9"), Source::File));
        assert_eq!(of("tls.mode"), (Some("auto"), Source::Default));
        assert_eq!(of("community"), (None, Source::Default));
        let mut names: Vec<_> = all.iter().map(|setting| &setting.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all.len());
        assert_eq!(told("openid.client_secret", &"x".into()), "•••");
    }
}
