//! The access marking: audience and caveats of a record, as a property extension of a marking definition. Invariant: writing and
//! reading again gives the same marking.

use std::fmt::Write;

use crate::canonical::write_string;
use crate::id::ObjectId;
use crate::timestamp::Timestamp;
use crate::view::{Kind, View};

/// The extension definition of the access marking.
pub const EXTENSION_ID: &str = "extension-definition--c4a1f9d2-6b0e-4d53-9a37-0e8f5b7c21d6";

/// Who is meant and under which conditions. Everything may be absent; an absent audience and an empty one are different things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessMarking {
    /// Who may have the record; an empty list means nobody.
    pub audience: Option<Vec<Audience>>,
    /// Not before this time.
    pub embargo: Option<Timestamp>,
    /// Not after this time.
    pub expiry: Option<Timestamp>,
    /// Only inside this exercise.
    pub exercise: Option<ObjectId>,
    /// Passed on only with the author's consent.
    pub originator_consent: bool,
    /// What may be done with it actively (Permissible Actions Protocol).
    pub pap: Option<Pap>,
    /// Its content may be used, its speaker and their affiliation may not be told.
    pub chatham_house: bool,
}

/// One entry of an audience.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// A participant or a person.
    Identity(ObjectId),
    /// A circle, by its opaque id: 1 to 128 of `A-Z a-z 0-9 . _ -`.
    Circle(String),
}

/// The Permissible Actions Protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum Pap {
    Clear,
    Green,
    Amber,
    Red,
}

impl Pap {
    /// Reads `red`, `amber`, `green`, `clear`; `white` is the old name of clear.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "clear" | "white" => Self::Clear,
            "green" => Self::Green,
            "amber" => Self::Amber,
            "red" => Self::Red,
            _ => return None,
        })
    }

    /// The name as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

impl Audience {
    /// Reads an identifier or `circle:<opaque>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Some(circle) = text.strip_prefix("circle:") else {
            return ObjectId::parse(text).ok().map(Self::Identity);
        };
        let fits = (1..=128).contains(&circle.len())
            && circle
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        fits.then(|| Self::Circle(circle.to_owned()))
    }
}

impl std::fmt::Display for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Identity(id) => write!(f, "{id}"),
            Self::Circle(circle) => write!(f, "circle:{circle}"),
        }
    }
}

impl AccessMarking {
    /// Reads the value of the extension [`EXTENSION_ID`].
    ///
    /// # Errors
    /// Why it is not understood. An unknown property is such a reason, because it may restrict.
    pub fn read(extension: View<'_>) -> Result<Self, String> {
        if extension.kind() != Kind::Object {
            return Err("the access marking is no object".into());
        }
        let mut marking = Self::default();
        for (key, value) in extension.members() {
            let text = value.string();
            let text = text.as_deref();
            let understood = match &*key {
                "extension_type" => text == Some("property-extension"),
                "audience" => {
                    let entries = value
                        .items()
                        .map(|item| Audience::parse(&item.string()?))
                        .collect::<Option<Vec<_>>>();
                    marking.audience = entries.filter(|_| value.kind() == Kind::List);
                    marking.audience.is_some()
                }
                "embargo" => set(
                    &mut marking.embargo,
                    text.and_then(|text| text.parse().ok()),
                ),
                "expiry" => set(&mut marking.expiry, text.and_then(|text| text.parse().ok())),
                "exercise" => set(
                    &mut marking.exercise,
                    text.and_then(|text| text.parse().ok()),
                ),
                "pap" => set(&mut marking.pap, text.and_then(Pap::parse)),
                "originator_consent" => value
                    .boolean()
                    .map(|yes| marking.originator_consent = yes)
                    .is_some(),
                "chatham_house" => value
                    .boolean()
                    .map(|yes| marking.chatham_house = yes)
                    .is_some(),
                _ => false,
            };
            if !understood {
                return Err(format!(
                    "the access marking has a property \"{}\" that is not understood",
                    crate::problem::excerpt(&key)
                ));
            }
        }
        Ok(marking)
    }

    /// The value of the extension, with the properties that are set, in a fixed order.
    #[must_use]
    pub fn extension(&self) -> String {
        let mut out = String::from(r#"{"extension_type":"property-extension""#);
        let mut text = |key: &str, value: &str| {
            let _ = write!(out, r#","{key}":"#);
            write_string(&mut out, value);
        };
        if let Some(embargo) = &self.embargo {
            text("embargo", embargo.as_str());
        }
        if let Some(expiry) = &self.expiry {
            text("expiry", expiry.as_str());
        }
        if let Some(exercise) = &self.exercise {
            text("exercise", exercise.as_str());
        }
        if let Some(pap) = self.pap {
            text("pap", pap.as_str());
        }
        if let Some(audience) = &self.audience {
            let entries: Vec<_> = audience
                .iter()
                .map(|entry| format!("\"{entry}\""))
                .collect();
            let _ = write!(out, r#","audience":[{}]"#, entries.join(","));
        }
        if self.originator_consent {
            out.push_str(r#","originator_consent":true"#);
        }
        if self.chatham_house {
            out.push_str(r#","chatham_house":true"#);
        }
        out.push('}');
        out
    }

    /// The whole marking-definition object.
    #[must_use]
    pub fn definition(
        &self,
        id: &ObjectId,
        created: &Timestamp,
        created_by_ref: Option<&ObjectId>,
    ) -> String {
        let author = created_by_ref
            .map(|author| format!(r#","created_by_ref":"{author}""#))
            .unwrap_or_default();
        let extension = self.extension();
        format!(
            r#"{{"type":"marking-definition","spec_version":"2.1","id":"{id}","created":"{created}"{author},"extensions":{{"{EXTENSION_ID}":{extension}}}}}"#
        )
    }
}

/// Keeps a value that was read; `false` when there is none.
fn set<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    *slot = value;
    slot.is_some()
}
