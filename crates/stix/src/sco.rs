//! Cyber-observables. Invariant: the same observable has the same id everywhere (STIX 2.1 §2.9).

/// The types of cyber-observable objects of STIX 2.1 §6, in alphabetical order.
pub const OBSERVABLES: [&str; 18] = [
    "artifact",
    "autonomous-system",
    "directory",
    "domain-name",
    "email-addr",
    "email-message",
    "file",
    "ipv4-addr",
    "ipv6-addr",
    "mac-addr",
    "mutex",
    "network-traffic",
    "process",
    "software",
    "url",
    "user-account",
    "windows-registry-key",
    "x509-certificate",
];

/// Whether `type_name` is a cyber-observable of STIX 2.1.
#[must_use]
pub fn is_observable(type_name: &str) -> bool {
    OBSERVABLES.binary_search(&type_name).is_ok()
}
