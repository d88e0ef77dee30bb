//! The words of a record in another language: STIX language-content with its standing.
//! Invariant: an authentic version stands beside the other, never under it.

use anyhow::{Context, Result};
use node::Node;
use serde::Deserialize;
use serde_json::{Value, json};
use stix::ObjectId;
use stix::language::{LanguageContent, STANDING_EXTENSION_ID};

choice! {
    /// What a language version is worth.
    Weight {
        /// As good as the other.
        Authentic = "authentic",
        /// Issued by the side itself.
        Official = "official",
        /// For convenience.
        Courtesy = "courtesy",
    }
}

/// One field of a record in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The record.
    pub of: ObjectId,
    /// The language.
    pub lang: String,
    /// The field.
    pub field: String,
    /// Its words.
    pub words: String,
    /// What it is worth; `None` where the version does not say.
    pub weight: Option<Weight>,
}

/// Words in another language that are a record already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// The record.
    pub id: ObjectId,
    /// When it was made.
    pub created: String,
    /// What it says.
    pub what: Translation,
}

/// What of the record stands around its words.
#[derive(Deserialize)]
struct Frame {
    id: String,
    created: String,
    created_by_ref: Option<String>,
}

impl Worded {
    /// The versions of a field that a language-content of an author holds; none where it is another's.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(bytes: &[u8], field: &str, author: &ObjectId) -> Result<Vec<Self>> {
        let frame: Frame = serde_json::from_slice(bytes).context("no such JSON")?;
        if frame.created_by_ref.as_deref() != Some(author.as_str()) {
            return Ok(Vec::new());
        }
        let id = ObjectId::parse(&frame.id)?;
        let all = Translation::read(bytes, field)?.into_iter();
        let worded = all.map(|what| Self {
            id: id.clone(),
            created: frame.created.clone(),
            what,
        });
        Ok(worded.collect())
    }

    /// The last version of it, which takes the words back.
    ///
    /// # Errors
    /// None that can happen with ids of this node.
    pub fn taken_back(&self, node: &Node, at: &str, markings: &[String]) -> Result<String> {
        let of = Some((&self.id, self.created.as_str()));
        let mut object = self.what.object(node, (of, at), markings)?;
        object["revoked"] = json!(true);
        Ok(object.to_string())
    }
}

impl Translation {
    /// The STIX object: a new one, or the next version of one.
    ///
    /// # Errors
    /// None that can happen with ids of this node.
    pub fn write(
        &self,
        node: &Node,
        of: (Option<(&ObjectId, &str)>, &str),
        markings: &[String],
    ) -> Result<String> {
        Ok(self.object(node, of, markings)?.to_string())
    }

    fn object(
        &self,
        node: &Node,
        (of, at): (Option<(&ObjectId, &str)>, &str),
        markings: &[String],
    ) -> Result<Value> {
        let (id, created) = match of {
            Some((id, created)) => (id.clone(), created),
            None => (node.new_id("language-content")?, at),
        };
        let mut object = json!({
            "type": "language-content", "spec_version": "2.1", "id": id.as_str(), "created_by_ref": node.home().id.as_str(),
            "created": created, "modified": at, "object_ref": self.of.as_str(),
            "contents": { &self.lang: { &self.field: self.words } },
        });
        if let Some(weight) = self.weight {
            object["extensions"] = json!({ STANDING_EXTENSION_ID: { "extension_type": "property-extension", "standing": weight.as_str() } });
        }
        if !markings.is_empty() {
            object["object_marking_refs"] = json!(markings);
        }
        Ok(object)
    }

    /// The versions of a field that a language-content holds; none where it is taken back.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(bytes: &[u8], field: &str) -> Result<Vec<Self>> {
        let object = stix::check(bytes, &stix::Limits::default())
            .map_err(|problems| anyhow::anyhow!("{problems}"))?;
        if object.header().revoked {
            return Ok(Vec::new());
        }
        let content = LanguageContent::read(&object)
            .ok()
            .context("it is no language-content")?;
        let weight = content
            .standing
            .and_then(|standing| Weight::named(standing.as_str()));
        let pointer = format!("/{field}");
        Ok(content
            .languages
            .iter()
            .filter_map(|language| {
                Some(Self {
                    of: content.object_ref.clone(),
                    lang: language.lang.clone(),
                    field: field.to_owned(),
                    words: language.text(&pointer)?.to_owned(),
                    weight,
                })
            })
            .collect())
    }
}
