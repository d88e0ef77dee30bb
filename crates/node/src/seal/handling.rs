//! Handling records: the label that a holder put on its copy of somebody else's object (rule 6). Invariant: bound to that copy only.
//! One of further scope is for the holder's own log: the copy stands at one more place under this label, and keeps the one that it has.

use ed25519_dalek::{SigningKey, VerifyingKey};
use policy::Label;
use serde_json::{Value, json};
use stix::{Object, ObjectId, Timestamp};

use super::{
    Members, Says, SealError, Signed, Signer, Statement, digest, label_text, version_text,
};
use crate::clock::Micros;

/// A holder's label for one copy. Of several by one holder the last counts.
pub type Handling = Signed<Handled>;

/// What a handling record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    object: ObjectId,
    version: Option<Timestamp>,
    sha256: String,
    label: String,
    scope: Option<String>,
    markings: Vec<ObjectId>,
}

/// The scope of what is said of one more place, not of the copy itself.
const FURTHER: &str = "further-place";

impl Handling {
    /// Labels this copy. `markings` are those of the handling record itself.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub fn make(
        copy: &Object<'_>,
        label: &Label,
        holder: &ObjectId,
        markings: Vec<ObjectId>,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        Self::sign(of(copy, label, None, markings), holder, key, made)
    }

    /// Says that this copy stands at one more place under a label, because it came by another path.
    ///
    /// # Errors
    /// As [`Handling::make`].
    pub fn further(
        copy: &Object<'_>,
        label: &Label,
        holder: &ObjectId,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let says = of(copy, label, Some(FURTHER.to_owned()), Vec::new());
        Self::sign(says, holder, key, made)
    }

    /// Whether it speaks of one more place: it is no label of the copy then.
    pub fn is_further(&self) -> bool {
        self.says().scope.is_some()
    }

    /// The object that it is about.
    pub fn object(&self) -> &ObjectId {
        &self.says().object
    }

    /// Its version.
    pub fn version(&self) -> Option<&Timestamp> {
        self.says().version.as_ref()
    }

    /// Whether it is about bytes with this SHA-256, in lower-case hexadecimal.
    pub(crate) fn is_about(&self, sha256: &str) -> bool {
        self.says().sha256 == sha256
    }

    /// The label for this copy, if the holder's key signed it for exactly these bytes.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn label(&self, copy: &Object<'_>, key: &VerifyingKey) -> Result<Label, SealError> {
        let says = self.check(key)?;
        let header = copy.header();
        let version = version_text(header.version());
        if header.id != says.object || version != version_text(says.version.as_ref()) {
            return Err(SealError::OtherObject(format!("{} {version}", header.id)));
        }
        if digest(copy.raw().as_bytes()) != says.sha256 {
            return Err(SealError::ContentChanged);
        }
        super::read_label(&says.label).ok_or(SealError::Malformed("handling"))
    }
}

fn of(copy: &Object<'_>, label: &Label, scope: Option<String>, markings: Vec<ObjectId>) -> Handled {
    Handled {
        object: copy.header().id.clone(),
        version: copy.header().version().cloned(),
        sha256: digest(copy.raw().as_bytes()),
        label: label_text(label),
        scope,
        markings,
    }
}

impl Says for Handled {
    const KIND: &'static str = "handling";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-handling/v1")
            .line("object", self.object.as_str())?
            .line("version", version_text(self.version.as_ref()))?
            .line("sha256", &self.sha256)?
            .line("label", &self.label)?
            .line("holder", signer.by().as_str())?;
        let statement = match &self.scope {
            Some(scope) => statement.line("scope", scope)?,
            None => statement,
        };
        signer.lines(statement)?.markings(&self.markings)
    }

    fn fields(&self) -> Value {
        let mut fields = json!({
            "object_ref": self.object.as_str(),
            "object_version": self.version.as_ref().map(Timestamp::as_str),
            "sha256": self.sha256,
            "label": self.label,
        });
        if let (Some(scope), Value::Object(fields)) = (&self.scope, &mut fields) {
            fields.insert("scope".to_owned(), scope.as_str().into());
        }
        fields
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        Ok(Self {
            object: members.id("object_ref")?,
            version: members.version("object_version")?,
            sha256: members.text("sha256")?,
            label: members.text("label")?,
            scope: members.optional("scope")?,
            markings: members.markings()?,
        })
    }

    fn markings(&self) -> &[ObjectId] {
        &self.markings
    }
}
