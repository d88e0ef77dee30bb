//! Identifiers of STIX objects. Invariant: an [`ObjectId`] is always `type--uuid` in its one lower-case spelling.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The identifier of a STIX object, `type--uuid` (STIX 2.1 §2.9; 2.0 §2.4 has the same form).
///
/// Cheap to clone. Any UUID is taken, whatever its version: real data has versions 1, 3, 4 and 5. Upper-case UUIDs are not:
/// they would be a second spelling of the same object.
///
/// ```
/// let id: stix::ObjectId = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5".parse()?;
/// assert_eq!(id.type_name(), "identity");
/// assert_eq!(id.uuid(), "c78cb6e5-0c4b-4611-8297-d1b8b55e40b5");
/// # Ok::<(), stix::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(Arc<str>);

/// Why a text is no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// No `type--uuid`: cut short, or without the two hyphens.
    Form,
    /// The part before `--` has not 3 to 250 characters of `a-z`, `0-9` and `-`.
    TypeName,
    /// The part after `--` is no UUID.
    Uuid,
    /// The UUID has capital letters; write it in lower case.
    UpperCase,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "an identifier has the form type--uuid",
            Self::TypeName => {
                "the type in an identifier has 3 to 250 characters of a-z, 0-9 and hyphen"
            }
            Self::Uuid => {
                "the part after -- must be a UUID, such as c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
            }
            Self::UpperCase => "the UUID of an identifier must be in lower case",
        })
    }
}

impl std::error::Error for IdError {}

const UUID: usize = 36;

impl ObjectId {
    /// Reads an identifier.
    ///
    /// # Errors
    /// An [`IdError`] that says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Self::validate(text)?;
        Ok(Self(text.into()))
    }

    /// [`parse`](Self::parse) without keeping the text.
    ///
    /// # Errors
    /// As `parse`.
    pub fn validate(text: &str) -> Result<(), IdError> {
        let bytes = text.as_bytes();
        let Some(split) = bytes.len().checked_sub(UUID + 2) else {
            return Err(IdError::Form);
        };
        let (name, rest) = bytes.split_at(split);
        if !rest.starts_with(b"--") {
            return Err(IdError::Form);
        }
        if !is_type_name(name) {
            return Err(IdError::TypeName);
        }
        for (index, byte) in rest[2..].iter().enumerate() {
            match (index, byte) {
                (8 | 13 | 18 | 23, b'-') => {}
                (8 | 13 | 18 | 23, _) => return Err(IdError::Uuid),
                (_, b'0'..=b'9' | b'a'..=b'f') => {}
                (_, b'A'..=b'F') => return Err(IdError::UpperCase),
                _ => return Err(IdError::Uuid),
            }
        }
        Ok(())
    }

    /// The whole identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What comes before `--`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.0[..self.0.len() - UUID - 2]
    }

    /// What comes after `--`.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.0[self.0.len() - UUID..]
    }
}

/// Whether `name` may be a type: 3 to 250 characters of `a-z`, `0-9` and `-` (STIX 2.1 §3.1).
pub(crate) fn is_type_name(name: &[u8]) -> bool {
    (3..=250).contains(&name.len())
        && name
            .iter()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

impl FromStr for ObjectId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl AsRef<str> for ObjectId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for ObjectId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for ObjectId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for ObjectId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read_or_refused() {
        let cases = [
            (
                "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Ok("identity"),
            ),
            (
                "x-mitre-data-source--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Ok("x-mitre-data-source"),
            ),
            ("x--y--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5", Ok("x--y")),
            ("", Err(IdError::Form)),
            ("identity", Err(IdError::Form)),
            (
                "identity-c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Err(IdError::Form),
            ),
            (
                "ab--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Err(IdError::TypeName),
            ),
            (
                "--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Err(IdError::TypeName),
            ),
            (
                "Identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Err(IdError::TypeName),
            ),
            (
                "identité--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Err(IdError::TypeName),
            ),
            (
                "identity--C78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
                Err(IdError::UpperCase),
            ),
            (
                "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40bg",
                Err(IdError::Uuid),
            ),
            (
                "identity--c78cb6e5-0c4b-4611-82970d1b8b55e40b5",
                Err(IdError::Uuid),
            ),
            (
                "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b\u{e9}",
                Err(IdError::Form),
            ),
        ];
        for (text, expected) in cases {
            let found = ObjectId::parse(text);
            assert_eq!(
                found.as_ref().map(ObjectId::type_name).map_err(|e| *e),
                expected,
                "{text}"
            );
        }
    }
}
