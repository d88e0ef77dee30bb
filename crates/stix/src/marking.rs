//! Markings as they are written; `policy` decides what they mean. Invariant: what is not understood to the last word is [`Marking::Unknown`].

mod access;

pub use access::{AccessMarking, Audience, EXTENSION_ID, Pap};

use crate::id::ObjectId;
use crate::object::Object;
use crate::view::{Kind, View};

/// A name of the Traffic Light Protocol, of version 1 or 2, as it was written. It has no order: that is for `policy` to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of the protocol")]
pub enum TlpName {
    /// Only in version 1.
    White,
    /// Only in version 2.
    Clear,
    Green,
    Amber,
    /// Only in version 2.
    AmberStrict,
    Red,
}

/// What a marking-definition object says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Marking {
    /// The Traffic Light Protocol.
    Tlp(TlpName),
    /// A text to be shown; it restricts nothing.
    Statement(String),
    /// Our own access marking.
    Access(Box<AccessMarking>),
    /// Anything else, with the reason why it is not understood.
    Unknown(String),
}

/// The extension by which OASIS defines TLP 2.0 marking definitions.
pub const TLP_2_EXTENSION_ID: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// The fixed marking definitions: STIX 2.1 §7.2.1.4 for version 1, the OASIS extension for version 2.
const FIXED: [(TlpName, &str); 9] = [
    (
        TlpName::Clear,
        "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    ),
    (
        TlpName::Green,
        "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    ),
    (
        TlpName::Amber,
        "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    ),
    (
        TlpName::AmberStrict,
        "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    ),
    (
        TlpName::Red,
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    ),
    (
        TlpName::White,
        "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    ),
    (
        TlpName::Green,
        "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    ),
    (
        TlpName::Amber,
        "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    ),
    (
        TlpName::Red,
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
    ),
];

impl TlpName {
    /// The name that a marking reference stands for by itself, without any object.
    ///
    /// ```
    /// use stix::marking::TlpName;
    /// let red = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1".parse()?;
    /// assert_eq!(TlpName::of(&red), Some(TlpName::Red));
    /// # Ok::<(), stix::IdError>(())
    /// ```
    #[must_use]
    pub fn of(marking_ref: &ObjectId) -> Option<Self> {
        FIXED
            .iter()
            .find(|(_, id)| *id == marking_ref.as_str())
            .map(|(name, _)| *name)
    }

    /// The marking reference to write for this name: of version 2, except for white.
    #[must_use]
    pub fn id(self) -> &'static str {
        FIXED
            .iter()
            .find(|(name, _)| *name == self)
            .map_or("", |(_, id)| id)
    }

    /// Reads a name as people and systems write it: `TLP:AMBER+STRICT`, `amber+strict`, `tlp:white`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        Some(match text.strip_prefix("tlp:").unwrap_or(&text).trim() {
            "white" => Self::White,
            "clear" => Self::Clear,
            "green" => Self::Green,
            "amber" => Self::Amber,
            "amber+strict" => Self::AmberStrict,
            "red" => Self::Red,
            _ => return None,
        })
    }

    /// The marking-definition object for this name, as OASIS published it.
    #[must_use]
    pub fn definition(self) -> String {
        let (id, name) = (self.id(), self.as_str());
        if self == Self::White {
            return format!(
                r#"{{"type":"marking-definition","spec_version":"2.1","id":"{id}","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"TLP:WHITE","definition":{{"tlp":"white"}}}}"#
            );
        }
        let upper = name.to_ascii_uppercase();
        format!(
            r#"{{"type":"marking-definition","spec_version":"2.1","id":"{id}","created":"2022-10-01T00:00:00.000Z","name":"TLP:{upper}","extensions":{{"{TLP_2_EXTENSION_ID}":{{"extension_type":"property-extension","tlp_2_0":"{name}"}}}}}}"#
        )
    }

    /// The name as STIX writes it, such as `amber+strict`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::AmberStrict => "amber+strict",
            Self::Red => "red",
        }
    }
}

impl Marking {
    /// Reads a marking-definition object; `None` for an object of another type.
    ///
    /// - A fixed TLP id means what it means, whatever the object says.
    /// - An object that says several things at once, or has an extension that is not known, is unknown: the part that is
    ///   not understood may be the one that restricts.
    /// - A statement that is nothing but a restricting TLP name, as some products write `TLP:AMBER+STRICT`, is that name.
    #[must_use]
    pub fn read(object: &Object<'_>) -> Option<Self> {
        let id = &object.header().id;
        if id.type_name() != "marking-definition" {
            return None;
        }
        if let Some(name) = TlpName::of(id) {
            return Some(Self::Tlp(name));
        }
        let mut found = Vec::new();
        let view = object.view();
        if let Some(kind) = view.member("definition_type") {
            found.push(definition(kind, view.member("definition")));
        } else if view.member("definition").is_some() {
            found.push(unknown("a definition without its definition_type"));
        }
        for (key, extension) in view
            .member("extensions")
            .into_iter()
            .flat_map(View::members)
        {
            found.push(match &*key {
                EXTENSION_ID => AccessMarking::read(extension)
                    .map_or_else(Self::Unknown, |access| Self::Access(Box::new(access))),
                TLP_2_EXTENSION_ID => tlp_2(extension),
                _ => unknown("an extension that this version does not know"),
            });
        }
        let several = found.len() > 1;
        Some(match found.pop() {
            Some(_) if several => unknown("several markings in one"),
            Some(marking) => marking,
            None => unknown("a marking without a definition"),
        })
    }
}

fn unknown(reason: &str) -> Marking {
    Marking::Unknown(reason.to_owned())
}

fn definition(kind: View<'_>, definition: Option<View<'_>>) -> Marking {
    let Some(kind) = kind.string() else {
        return unknown("definition_type is no string");
    };
    let Some(definition) = definition.filter(|definition| definition.kind() == Kind::Object) else {
        return unknown("the definition is no object");
    };
    let mut entries = definition.members();
    let (Some((key, value)), None) = (entries.next(), entries.next()) else {
        return unknown("the definition does not have exactly one property");
    };
    let Some(text) = value.string() else {
        return unknown("the definition is no string");
    };
    match (&*kind.to_ascii_lowercase(), &*key.to_ascii_lowercase()) {
        ("tlp", "tlp") => {
            TlpName::parse(&text).map_or_else(|| unknown("an unknown TLP name"), Marking::Tlp)
        }
        ("statement", "statement") => match TlpName::parse(&text) {
            // A mere statement loosens nothing.
            None | Some(TlpName::White | TlpName::Clear) => Marking::Statement(text.into_owned()),
            Some(name) => Marking::Tlp(name),
        },
        _ => unknown("an unknown definition_type"),
    }
}

fn tlp_2(extension: View<'_>) -> Marking {
    let name = extension
        .member("tlp_2_0")
        .and_then(View::string)
        .and_then(|text| TlpName::parse(&text));
    name.map_or_else(|| unknown("an unknown TLP name"), Marking::Tlp)
}
