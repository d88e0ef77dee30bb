//! The frame around every record of a desk: who says it, since when, from what source; and the way to STIX and back.
//! Invariant: what is written and read back is the same; a record of another type, or one that lacks what it needs, is not read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use policy::Label;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use stix::{ObjectId, Timestamp};

use crate::Shape;

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

/// A record of a desk: one version of one object.
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
    /// Whether the object is taken back with it: no version of it follows.
    pub revoked: bool,
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
            revoked: false,
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
            revoked: false,
            what,
        }
    }

    /// The last version of it, which takes it back: lists have it no more, and who has it stops releasing it.
    pub fn taken_back(&self, what: T) -> NewPiece<T> {
        NewPiece {
            revoked: true,
            ..self.revised(what)
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
        // Twice over the bytes, and no tree: lists read hundreds of them.
        let frame: Frame<'_> = serde_json::from_slice(bytes).context("no such JSON")?;
        if frame.kind != T::TYPE {
            bail!("it is no {}", T::TYPE);
        }
        let what = if T::EXTENDS {
            let own = frame.extensions.get(EXTENSION);
            serde_json::from_str(own.context("it is without our extension")?.get())?
        } else {
            serde_json::from_slice(bytes)?
        };
        let stamp = |text: &str, name: &str| -> Result<Timestamp> {
            Timestamp::parse(text).map_err(|_| anyhow::anyhow!("it has no {name}"))
        };
        let sources = frame.external_references.map(RawValue::get);
        Ok(Self {
            id: ObjectId::parse(&frame.id)?,
            author: ObjectId::parse(&frame.created_by_ref.context("it has no author")?)?,
            created: stamp(&frame.created, "created")?,
            modified: stamp(&frame.modified, "modified")?,
            revoked: frame.revoked,
            lang: frame.lang.map(Cow::into_owned),
            sources: sources
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default(),
            label: None,
            what,
        })
    }
}

/// What every object has around what it says.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    created_by_ref: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created: Cow<'a, str>,
    #[serde(borrow)]
    modified: Cow<'a, str>,
    #[serde(default)]
    revoked: bool,
    #[serde(borrow, default)]
    lang: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    external_references: Option<&'a RawValue>,
    #[serde(borrow, default)]
    extensions: BTreeMap<Cow<'a, str>, &'a RawValue>,
}
