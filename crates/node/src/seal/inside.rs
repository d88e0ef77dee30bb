//! Seals inside the objects that a node composes: the property extension [`SEAL_EXTENSION_ID`]. Invariant: what is sealed is the object
//! with `{}` in the place of the seal, byte for byte, so the rest is never written anew.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::SigningKey;
use policy::Label;
use serde_json::json;
use stix::{Kind, Limits, Object, ObjectId, View};

use super::{Claim, Members, SEAL_EXTENSION_ID, Seal, SealError};
use crate::clock::Micros;

/// Seals an object that carries no seal yet: the same bytes, with the seal added to its `extensions`.
///
/// `label` is the author's: as it reads on the author's own node, the author being its holder.
///
/// # Errors
/// When the object names another author, has no canonical form, or carries a seal already.
pub fn seal(
    object: &Object<'_>,
    label: &Label,
    author: &ObjectId,
    key: &SigningKey,
    made: Micros,
) -> Result<String, SealError> {
    let text = with_place(object).ok_or(SealError::Malformed("seal"))?;
    let placed = check(&text)?;
    let claim = Claim::of(&placed, label, author, &key.verifying_key(), made)?;
    let seal = Seal::signed(claim, Vec::new(), true, key)?;
    let place = place(&placed).ok_or(SealError::Malformed("seal"))?;
    let sealed = replace(&text, place, &extension(&seal));
    check(&sealed)?;
    Ok(sealed)
}

/// The seal that an object carries; `None` when it carries none. Nothing is verified yet.
///
/// # Errors
/// [`SealError::Malformed`] unless it is exactly as [`seal`] writes it.
pub fn read(object: &Object<'_>) -> Result<Option<Seal>, SealError> {
    let Some(place) = place(object) else {
        return Ok(None);
    };
    let members = Members::within(place, "seal");
    let seal = Seal {
        claim: Claim {
            object: object.header().id.clone(),
            version: object.header().version().cloned(),
            sha256: members.text("sha256")?,
            canonical_sha256: members.text("canonical_sha256")?,
            label: members.text("label")?,
            author: members.id("author_ref")?,
            key: members.key()?,
            made: members.time("made")?,
        },
        markings: Vec::new(),
        inside: true,
        signature: members.signature()?,
    };
    members.is(&extension(&seal))?;
    Ok(Some(seal))
}

/// The sealed bytes: with `{}` in the place of the seal. `None` without one.
pub(crate) fn without(object: &Object<'_>) -> Option<String> {
    place(object).map(|place| replace(object.raw(), place, "{}"))
}

/// Its own RFC 8785 form, as that of a record beside an object.
fn extension(seal: &Seal) -> String {
    let claim = &seal.claim;
    let extension = json!({
        "extension_type": "property-extension",
        "sha256": claim.sha256,
        "canonical_sha256": claim.canonical_sha256,
        "label": claim.label,
        "author_ref": claim.author.as_str(),
        "key": claim.key.as_str(),
        "made": claim.made.as_str(),
        "signature": BASE64_STANDARD.encode(seal.signature),
    });
    extension.to_string()
}

fn check(text: &str) -> Result<Object<'_>, SealError> {
    stix::check(text.as_bytes(), &Limits::default())
        .map_err(|problems| SealError::NotCanonical(problems.to_string()))
}

fn place<'a>(object: &'a Object<'_>) -> Option<View<'a>> {
    object
        .view()
        .member("extensions")?
        .member(SEAL_EXTENSION_ID)
}

/// The object with an empty seal; `None` when there is one already, or `extensions` is no object.
fn with_place(object: &Object<'_>) -> Option<String> {
    let raw = object.raw();
    let empty = format!("\"{SEAL_EXTENSION_ID}\":{{}}");
    match object.view().member("extensions") {
        Some(extensions) if extensions.kind() != Kind::Object => None,
        Some(extensions) if extensions.member(SEAL_EXTENSION_ID).is_some() => None,
        Some(extensions) => {
            let rest = extensions.raw().strip_prefix('{')?;
            let comma = if extensions.members().next().is_some() {
                ","
            } else {
                ""
            };
            Some(replace(raw, extensions, &format!("{{{empty}{comma}{rest}")))
        }
        None => {
            // An object has members: at least its type and identifier.
            let rest = raw.strip_suffix('}')?;
            Some(format!("{rest},\"extensions\":{{{empty}}}}}"))
        }
    }
}

/// Writes `new` in the place of a part of `raw`.
fn replace(raw: &str, part: View<'_>, new: &str) -> String {
    let start = part.raw().as_ptr() as usize - raw.as_ptr() as usize;
    let before = raw.get(..start).unwrap_or_default();
    let after = raw.get(start + part.raw().len()..).unwrap_or_default();
    [before, new, after].concat()
}
