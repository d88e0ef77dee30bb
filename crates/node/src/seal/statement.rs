//! Signed texts and the records that carry them. Invariant: one line per value and no value with a line break, so that a text has one
//! reading; the first line says what kind of statement it is, so that a signature for one cannot stand under another.

use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use stix::{Limits, Object, ObjectId, Timestamp, View};
use uuid::Uuid;

use super::{RECORDS_EXTENSION_ID, SealError};
use crate::keys::KeyId;

/// The namespace of the identifiers of records that carry a statement: they are made from its text.
const NAMESPACE: Uuid = Uuid::from_u128(0x5be3_9d70_8f14_4c2a_9d66_1c07_aa52_e38b);

/// A text of lines to sign.
#[derive(Debug)]
pub struct Statement(String);

impl Statement {
    /// Begins a statement of this kind.
    pub(crate) fn new(kind: &'static str) -> Self {
        Self(format!("{kind}\n"))
    }

    /// Adds a line. A value is not empty and has no control characters.
    pub(crate) fn line(mut self, name: &'static str, value: &str) -> Result<Self, SealError> {
        if value.is_empty() || value.contains(char::is_control) {
            return Err(SealError::Unfit(name));
        }
        self.0.push_str(name);
        self.0.push(' ');
        self.0.push_str(value);
        self.0.push('\n');
        Ok(self)
    }

    /// Adds the markings of the record that carries it, in their order.
    pub(crate) fn markings(self, markings: &[ObjectId]) -> Result<Self, SealError> {
        let mark = |statement: Self, id: &ObjectId| statement.line("marking", id.as_str());
        markings.iter().try_fold(self, mark)
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    pub(crate) fn sign(&self, key: &SigningKey) -> [u8; 64] {
        key.sign(self.0.as_bytes()).to_bytes()
    }

    pub(crate) fn verify(&self, key: &VerifyingKey, signature: &[u8; 64]) -> Result<(), SealError> {
        key.verify_strict(self.0.as_bytes(), &Signature::from_bytes(signature))
            .map_err(|_| SealError::Forged)
    }
}

/// What a record that carries a statement consists of.
pub(crate) struct Record<'a> {
    pub(crate) kind: &'static str,
    pub(crate) author: &'a ObjectId,
    pub(crate) made: &'a Timestamp,
    pub(crate) markings: &'a [ObjectId],
    pub(crate) key: &'a KeyId,
    /// An object; members that are null are left out.
    pub(crate) fields: Value,
}

impl Record<'_> {
    /// The record in its RFC 8785 form: its bytes follow from its content alone, and its identifier from the statement.
    pub(crate) fn compose(
        self,
        statement: &Statement,
        signature: &[u8; 64],
    ) -> Result<String, SealError> {
        let uuid = Uuid::new_v5(&NAMESPACE, statement.text().as_bytes());
        let mut record = json!({
            "type": self.kind,
            "spec_version": "2.1",
            "id": format!("{}--{uuid}", self.kind),
            "created": self.made.as_str(),
            "modified": self.made.as_str(),
            "created_by_ref": self.author.as_str(),
            "extensions": { RECORDS_EXTENSION_ID: { "extension_type": "new-sdo" } },
            "key": self.key.as_str(),
            "signature": BASE64_STANDARD.encode(signature),
        });
        if let (Some(record), Value::Object(fields)) = (record.as_object_mut(), self.fields) {
            record.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
            if !self.markings.is_empty() {
                let markings = self.markings.iter().map(ObjectId::as_str);
                record.insert("object_marking_refs".into(), markings.collect());
            }
        }
        // Names in the order of their bytes, whole numbers and no blanks: what is written so is its own RFC 8785 form.
        let (text, most) = (record.to_string(), Limits::default().object);
        match text.len() <= most {
            true => Ok(text),
            false => Err(SealError::TooLarge(self.kind, text.len(), most)),
        }
    }
}

/// The members of a record or extension that carries a statement.
pub struct Members<'a> {
    kind: &'static str,
    view: View<'a>,
}

impl<'a> Members<'a> {
    /// Those of a record of this type.
    pub(crate) fn of(record: &'a Object<'_>, kind: &'static str) -> Result<Self, SealError> {
        match record.header().id.type_name() == kind {
            true => Ok(Self::within(record.view(), kind)),
            false => Err(SealError::Malformed(kind)),
        }
    }

    /// Those of a part of one.
    pub(crate) fn within(view: View<'a>, kind: &'static str) -> Self {
        Self { kind, view }
    }

    pub(crate) fn malformed(&self) -> SealError {
        SealError::Malformed(self.kind)
    }

    pub(crate) fn optional(&self, name: &str) -> Result<Option<String>, SealError> {
        let text = |value: View<'_>| value.string().map(|text| text.into_owned());
        let member = self.view.member(name);
        member
            .map(|value| text(value).ok_or_else(|| self.malformed()))
            .transpose()
    }

    pub(crate) fn text(&self, name: &str) -> Result<String, SealError> {
        self.optional(name)?.ok_or_else(|| self.malformed())
    }

    pub(crate) fn id(&self, name: &str) -> Result<ObjectId, SealError> {
        ObjectId::parse(&self.text(name)?).map_err(|_| self.malformed())
    }

    pub(crate) fn time(&self, name: &str) -> Result<Timestamp, SealError> {
        Timestamp::parse(&self.text(name)?).map_err(|_| self.malformed())
    }

    pub(crate) fn version(&self, name: &str) -> Result<Option<Timestamp>, SealError> {
        let version = self.optional(name)?.map(|text| Timestamp::parse(&text));
        version.transpose().map_err(|_| self.malformed())
    }

    pub(crate) fn key(&self) -> Result<KeyId, SealError> {
        self.parsed("key")
    }

    /// A text that stands for something else.
    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, SealError> {
        self.text(name)?.parse().map_err(|_| self.malformed())
    }

    /// The markings of the record.
    pub(crate) fn markings(&self) -> Result<Vec<ObjectId>, SealError> {
        let list = self.view.member("object_marking_refs");
        let ids = list.into_iter().flat_map(View::items);
        ids.map(|id| id.string().and_then(|id| ObjectId::parse(&id).ok()))
            .collect::<Option<_>>()
            .ok_or_else(|| self.malformed())
    }

    pub(crate) fn bytes<const N: usize>(&self, name: &str) -> Result<[u8; N], SealError> {
        let bytes = BASE64_STANDARD.decode(self.text(name)?).ok();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| self.malformed())
    }

    pub(crate) fn signature(&self) -> Result<[u8; 64], SealError> {
        self.bytes("signature")
    }

    pub(crate) fn items(&self, name: &str) -> impl Iterator<Item = Members<'a>> + use<'a> {
        let (kind, list) = (self.kind, self.view.member(name));
        let items = list.into_iter().flat_map(View::items);
        items.map(move |view| Members { kind, view })
    }

    /// Nothing stands in it beside what was read: it is what would be written from that.
    pub(crate) fn is(&self, written: &str) -> Result<(), SealError> {
        match self.view.raw() == written {
            true => Ok(()),
            false => Err(self.malformed()),
        }
    }
}
