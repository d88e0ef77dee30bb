//! What holds for every input, tried on generated ones.

use proptest::prelude::*;
use stix::{Limits, Timestamp, canonical, check, split, stream};

/// JSON values that differ in every way that matters to a canonical form, as text.
fn json() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(|n| format!("{n:e}")),
        any::<i64>().prop_map(|n| n.to_string()),
        // Halves and quarters, where the shortest digits are a tie.
        (0_u64..1 << 54).prop_map(|n| format!("{}", n as f64 / 4.0)),
    ];
    let text = any::<String>().prop_map(|text| quoted(&text));
    let leaf = prop_oneof![
        number,
        text,
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just(" false ".to_owned())
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..6)
            .prop_map(|items| format!("[{}]", items.join(" ,")));
        let object =
            proptest::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .rev()
                    .map(|(key, value)| format!("{}:{value}", quoted(key)))
                    .collect();
                format!("{{{}}}", members.join(",\n"))
            });
        prop_oneof![list, object]
    })
}

/// A JSON string; every third character is escaped, whether it must be or not.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for (index, c) in text.chars().enumerate() {
        if index % 3 == 0 || c < ' ' || matches!(c, '"' | '\\') {
            let mut units = [0; 2];
            out.extend(
                c.encode_utf16(&mut units)
                    .iter()
                    .map(|unit| format!("\\u{unit:04X}")),
            );
        } else {
            out.push(c);
        }
    }
    out.push('"');
    out
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    let base =
        (0_i64..3).prop_map(|n| Timestamp::from_micros(n * 1_000_000).as_str()[..19].to_owned());
    (base, proptest::option::of("[0-2]{1,4}0{0,3}")).prop_map(|(seconds, fraction)| {
        let fraction = fraction
            .map(|digits| format!(".{digits}"))
            .unwrap_or_default();
        Timestamp::parse(&format!("{seconds}{fraction}Z")).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let limits = Limits::default();
        let _ = check(&bytes, &limits);
        let _ = split(&bytes, &limits);
        let _ = stream(&bytes[..], &limits).count();
        let _ = canonical(&bytes, &limits);
    }

    #[test]
    fn json_like_text_is_answered(text in "[\\[\\]{}\",:\\\\u0dDabn1e. -]{0,80}") {
        let limits = Limits::default();
        let _ = check(text.as_bytes(), &limits);
        let _ = split(text.as_bytes(), &limits);
        let _ = stream(text.as_bytes(), &limits).count();
        let _ = canonical(text.as_bytes(), &limits);
    }

    #[test]
    fn the_canonical_form_is_that_of_the_reference(text in json()) {
        let form = canonical(text.as_bytes(), &Limits::default()).unwrap();
        let again = canonical(&form, &Limits::default());
        prop_assert_eq!(again.as_ref(), Ok(&form));
        let reference = serde_json_canonicalizer::to_vec(&serde_json::from_str::<serde_json::Value>(&text).unwrap()).unwrap();
        prop_assert_eq!(String::from_utf8(form).unwrap(), String::from_utf8(reference).unwrap());
    }

    #[test]
    fn what_is_json_to_others_is_json_to_us(text in json()) {
        let object = format!(r#"{{"type":"x-any","id":"x-any--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","x":{text}}}"#);
        let roomy = Limits { depth: 512, ..Limits::default() };
        let found = check(object.as_bytes(), &roomy).unwrap();
        let value: serde_json::Value = serde_json::from_str(&object).unwrap();
        let strings = |value: &serde_json::Value| count_strings(value);
        prop_assert_eq!(stix::strings(found.view()).count(), strings(&value));
        let envelope = format!(r#"{{"objects":[{object},{object}]}}"#);
        prop_assert_eq!(split(envelope.as_bytes(), &roomy).objects, vec![object.as_bytes(); 2]);
    }

    #[test]
    fn the_order_of_times_is_that_of_their_texts(a in timestamp(), b in timestamp()) {
        prop_assert_eq!(a.cmp(&b), a.sortable().cmp(&b.sortable()));
        prop_assert_eq!(a.as_str() == b.as_str(), a.version_key() == b.version_key());
        if a < b {
            prop_assert!(a.version_key() < b.version_key() && a.micros() <= b.micros());
        }
    }

    #[test]
    fn a_clock_is_written_and_read(micros in -62_167_219_200_000_000_i64..253_402_300_800_000_000) {
        let time = Timestamp::from_micros(micros);
        prop_assert_eq!(time.micros(), micros);
        prop_assert_eq!(time.as_str().len(), 27);
        prop_assert!(Timestamp::parse(time.as_str()).is_ok());
    }
}

fn count_strings(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::String(_) => 1,
        serde_json::Value::Array(items) => items.iter().map(count_strings).sum(),
        serde_json::Value::Object(members) => members.values().map(count_strings).sum(),
        _ => 0,
    }
}
