//! Real data: every ATT&CK object is accepted as it is.

mod shared;

use std::collections::BTreeSet;
use stix::{Container, Limits, SpecVersion, check, split};

#[test]
fn every_attack_version_is_accepted() {
    for (name, count, versions) in [
        ("mobile-ics-all-versions.json", 16_208, 16_208),
        ("ics-attack-18.1.json", 0, 0),
    ] {
        let Some(text) = shared::data(&format!("attack/{name}")) else {
            return;
        };
        let limits = Limits {
            objects: usize::MAX,
            ..Limits::default()
        };
        let found = split(&text, &limits);
        assert_eq!((found.container, &found.lost), (Container::Bundle, &None));
        let mut distinct = BTreeSet::new();
        for raw in &found.objects {
            let object = check(raw, &limits).unwrap_or_else(|problems| panic!("{problems}"));
            let header = object.header();
            assert_eq!(header.spec(), SpecVersion::V21);
            assert_eq!(object.raw().as_bytes(), *raw);
            distinct.insert((header.id.clone(), header.version().unwrap().version_key()));
        }
        if count > 0 {
            assert_eq!((found.objects.len(), distinct.len()), (count, versions));
        }
    }
}
