//! Cyber-observables. Invariant: the same observable has the same id everywhere (STIX 2.1 §2.9).

use uuid::Uuid;

use crate::canonical::{canonical, write_string};
use crate::id::ObjectId;
use crate::limits::Limits;
use crate::view::{Kind, View};

/// The namespace of deterministic ids (STIX 2.1 §2.9).
const NAMESPACE: Uuid = Uuid::from_u128(0x00abedb4_aa42_466c_9c01_fed23315a9b7);

/// The types of cyber-observables of STIX 2.1 §6, in alphabetical order, and the properties that make their ids.
const OBSERVABLES: [(&str, &[&str]); 18] = [
    ("artifact", &["hashes", "payload_bin"]),
    ("autonomous-system", &["number"]),
    ("directory", &["path"]),
    ("domain-name", &["value"]),
    ("email-addr", &["value"]),
    ("email-message", &["from_ref", "subject", "body"]),
    (
        "file",
        &["hashes", "name", "extensions", "parent_directory_ref"],
    ),
    ("ipv4-addr", &["value"]),
    ("ipv6-addr", &["value"]),
    ("mac-addr", &["value"]),
    ("mutex", &["name"]),
    (
        "network-traffic",
        &[
            "start",
            "end",
            "src_ref",
            "dst_ref",
            "src_port",
            "dst_port",
            "protocols",
            "extensions",
        ],
    ),
    ("process", &[]),
    ("software", &["name", "cpe", "swid", "vendor", "version"]),
    ("url", &["value"]),
    (
        "user-account",
        &["account_type", "user_id", "account_login"],
    ),
    ("windows-registry-key", &["key", "values"]),
    ("x509-certificate", &["hashes", "serial_number"]),
];

/// Whether `type_name` is a cyber-observable of STIX 2.1.
#[must_use]
pub fn is_observable(type_name: &str) -> bool {
    contributing(type_name).is_some()
}

fn contributing(type_name: &str) -> Option<&'static [&'static str]> {
    let found = OBSERVABLES
        .binary_search_by_key(&type_name, |(name, _)| name)
        .ok()?;
    Some(OBSERVABLES[found].1)
}

/// The deterministic id of the cyber-observable `object`, whatever `id` it carries or lacks.
///
/// `None` when the standard gives it none: a `process`, a type that is no cyber-observable, or an object without any of the
/// properties that make the id of its type; such objects have a random id.
///
/// ```
/// let object = stix::View::parse(br#"{"type":"ipv4-addr","value":"198.51.100.3"}"#, &stix::Limits::default())?;
/// assert_eq!(stix::sco::id(object).unwrap().as_str(), "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");
/// # Ok::<(), stix::Problems>(())
/// ```
#[must_use]
pub fn id(object: View<'_>) -> Option<ObjectId> {
    let type_name = object.member("type")?.string()?;
    let properties = contributing(&type_name)?;
    let mut chosen = String::from("{");
    for (key, value) in object
        .members()
        .filter(|(key, _)| properties.contains(&&**key))
    {
        if chosen.len() > 1 {
            chosen.push(',');
        }
        write_string(&mut chosen, &key);
        chosen.push(':');
        if key == "hashes" {
            one_hash(value, &mut chosen)?
        } else {
            chosen.push_str(value.raw())
        }
    }
    if chosen.len() == 1 {
        return None;
    }
    chosen.push('}');
    let unbounded = Limits {
        object: usize::MAX,
        depth: usize::MAX,
        ..Limits::default()
    };
    let form = canonical(chosen.as_bytes(), &unbounded).ok()?;
    ObjectId::parse(&format!("{type_name}--{}", Uuid::new_v5(&NAMESPACE, &form))).ok()
}

/// Writes the one hash that counts (STIX 2.1 §2.9): MD5, SHA-1, SHA-256, SHA-512, else the first by name.
fn one_hash(hashes: View<'_>, out: &mut String) -> Option<()> {
    if hashes.kind() != Kind::Object {
        return None;
    }
    let preferred = ["MD5", "SHA-1", "SHA-256", "SHA-512"]
        .into_iter()
        .find_map(|name| Some((name.into(), hashes.member(name)?)));
    let (name, value) = preferred.or_else(|| hashes.members().min_by(|a, b| a.0.cmp(&b.0)))?;
    out.push('{');
    write_string(out, &name);
    out.push(':');
    out.push_str(value.raw());
    out.push('}');
    Some(())
}
