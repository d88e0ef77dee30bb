//! The frame around every record of the desk: who says it, since when, from what source; and the way to STIX and back.
//! Invariant: what is written and read back is the same; a record of another type, or one that lacks what it needs, is not read.

use anyhow::{Context, Result, bail};
use policy::Label;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use stix::{ObjectId, Timestamp};

use super::Shape;

/// The extension definition under which the types of this product stand.
pub const EXTENSION: &str = node::seal::RECORDS_EXTENSION_ID;

/// A kind of record.
pub trait Kind: Serialize + DeserializeOwned + Shape + Clone {
    /// The STIX type.
    const TYPE: &'static str;
    /// What documents call it: the type, but for what extends a type of STIX.
    const NAME: &'static str = Self::TYPE;
    /// Whether it extends a type of STIX, so that its fields stand under the extension.
    const EXTENDS: bool = false;

    /// What the type of STIX that is extended wants to have.
    fn base(&self) -> Map<String, Value> {
        Map::new()
    }
}

/// Where a statement of fact comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who published it.
    #[serde(rename = "source_name")]
    pub name: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it says of it, and when it was looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A record of the desk: one version of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<T> {
    /// Its id.
    pub id: ObjectId,
    /// Who says it.
    pub author: ObjectId,
    /// When the object was made.
    pub created: Timestamp,
    /// When this version was.
    pub modified: Timestamp,
    /// Whether it is taken back.
    pub revoked: bool,
    /// The language of its words.
    pub lang: Option<String>,
    /// Where it is from.
    pub sources: Vec<Source>,
    /// Who may have it, where it was read; what is being written has none yet.
    pub label: Option<Label>,
    /// What it says.
    pub what: T,
}

/// A record to be: what its author decides.
#[derive(Debug, Clone)]
pub struct NewPiece<T> {
    /// The object, if it is a further version of one; else a new one.
    pub of: Option<(ObjectId, Timestamp)>,
    /// The language of its words.
    pub lang: Option<String>,
    /// Where it is from.
    pub sources: Vec<Source>,
    /// What it says.
    pub what: T,
}

impl<T> NewPiece<T> {
    /// A new object that says this.
    pub fn of(what: T) -> Self {
        Self {
            of: None,
            lang: None,
            sources: Vec::new(),
            what,
        }
    }

    /// In a language.
    #[must_use]
    pub fn in_language(mut self, lang: &str) -> Self {
        self.lang = Some(lang.to_owned());
        self
    }

    /// From sources.
    #[must_use]
    pub fn from_sources(mut self, sources: Vec<Source>) -> Self {
        self.sources = sources;
        self
    }
}

impl<T: Clone> Piece<T> {
    /// With the label under which it was read.
    #[must_use]
    pub fn under(mut self, label: Label) -> Self {
        self.label = Some(label);
        self
    }

    /// The next version of it, saying something else.
    pub fn revised(&self, what: T) -> NewPiece<T> {
        NewPiece {
            of: Some((self.id.clone(), self.created.clone())),
            lang: self.lang.clone(),
            sources: self.sources.clone(),
            what,
        }
    }
}

impl<T: Kind> Piece<T> {
    /// The STIX object, with the markings of its author.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn write(&self, markings: &[String]) -> Result<String> {
        let Value::Object(own) = serde_json::to_value(&self.what)? else {
            bail!("a record is an object");
        };
        let mut object = Map::new();
        let mut extension = Map::new();
        if T::EXTENDS {
            extension = own;
            extension.insert("extension_type".to_owned(), json!("property-extension"));
            object.extend(self.what.base());
        } else {
            extension.insert("extension_type".to_owned(), json!("new-sdo"));
            object.extend(own);
        }
        object.insert("type".to_owned(), json!(T::TYPE));
        object.insert("spec_version".to_owned(), json!("2.1"));
        object.insert("id".to_owned(), json!(self.id.as_str()));
        object.insert("created_by_ref".to_owned(), json!(self.author.as_str()));
        object.insert("created".to_owned(), json!(self.created.as_str()));
        object.insert("modified".to_owned(), json!(self.modified.as_str()));
        object.insert("extensions".to_owned(), json!({ EXTENSION: extension }));
        if self.revoked {
            object.insert("revoked".to_owned(), json!(true));
        }
        if let Some(lang) = &self.lang {
            object.insert("lang".to_owned(), json!(lang));
        }
        if !self.sources.is_empty() {
            object.insert("external_references".to_owned(), json!(self.sources));
        }
        if !markings.is_empty() {
            object.insert("object_marking_refs".to_owned(), json!(markings));
        }
        Ok(Value::Object(object).to_string())
    }

    /// Reads such an object.
    ///
    /// # Errors
    /// When it is of another type or lacks what it needs.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let object: Value = serde_json::from_slice(bytes).context("no JSON")?;
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        if text("type") != Some(T::TYPE) {
            bail!("it is no {}", T::TYPE);
        }
        let what = if T::EXTENDS {
            object["extensions"]
                .get(EXTENSION)
                .cloned()
                .context("it is without our extension")?
        } else {
            object.clone()
        };
        let stamp = |name: &str| -> Result<Timestamp> {
            Timestamp::parse(text(name).unwrap_or_default())
                .map_err(|_| anyhow::anyhow!("it has no {name}"))
        };
        let sources = object
            .get("external_references")
            .cloned()
            .unwrap_or_else(|| json!([]));
        Ok(Self {
            id: ObjectId::parse(text("id").unwrap_or_default())?,
            author: ObjectId::parse(text("created_by_ref").context("it has no author")?)?,
            created: stamp("created")?,
            modified: stamp("modified")?,
            revoked: object
                .get("revoked")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            lang: text("lang").map(str::to_owned),
            sources: serde_json::from_value(sources).unwrap_or_default(),
            label: None,
            what: serde_json::from_value(what)?,
        })
    }
}
