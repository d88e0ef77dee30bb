//! The records of a desk are what is published of them: examples and schemas in `docs/records/`, to the byte; each example fits its schema
//! and is read back. After a deliberate change: `UPDATE_EXPECT=1 cargo test -p DESK --test records`.

use desk::{Kind, Piece, schema};
use expect_test::expect_file;
use serde_json::{Value, json};

/// An invented id of a type.
pub fn id(kind: &str, n: u32) -> String {
    format!("{kind}--5b0c2d1e-8f47-4a36-9d10-{n:012}")
}

/// A record that says this, with an invented frame.
pub fn piece<T: Kind>(n: u32, what: T) -> Piece<T> {
    let day: stix::Timestamp = "2026-03-02T09:00:00.000Z".parse().unwrap();
    Piece {
        id: id(T::TYPE, n).parse().unwrap(),
        author: "identity--0b7a8c52-5f0e-4c6a-9a55-0d1f7f1f6c01"
            .parse()
            .unwrap(),
        created: day.clone(),
        modified: day,
        revoked: false,
        lang: Some("en".to_owned()),
        sources: Vec::new(),
        label: None,
        what,
    }
}

/// What a record says, as JSON has it.
pub fn made<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Holds a record that says this against its example and its schema in `docs/records/`.
///
/// # Panics
/// When it isn't read back as it was, doesn't fit its schema, or isn't what stands there.
pub fn example<T: Kind + std::fmt::Debug + PartialEq>(n: u32, what: T) {
    let piece = piece(n, what);
    let text = piece.write(&[]).unwrap();
    stix::check(text.as_bytes(), &stix::Limits::default()).unwrap();
    assert_eq!(Piece::<T>::read(text.as_bytes()).unwrap(), piece);
    let value: Value = serde_json::from_str(&text).unwrap();
    let schema = schema::<T>();
    let mut found = Vec::new();
    breaks(&value, &schema, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
    // The check can fail.
    let mut broken = value.clone();
    broken["type"] = json!("else");
    breaks(&broken, &schema, "", &mut found);
    assert!(!found.is_empty());
    let pretty = |value: &Value| format!("{}\n", serde_json::to_string_pretty(value).unwrap());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/records");
    expect_file![format!("{folder}/examples/{}.json", T::NAME)].assert_eq(&pretty(&value));
    expect_file![format!("{folder}/schemas/{}.json", T::NAME)].assert_eq(&pretty(&schema));
}

/// What a value breaks of a schema: the part of JSON Schema that the schemas here use.
fn breaks(value: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(wanted) = schema.get("const")
        && wanted != value
    {
        found.push(format!("{at}: not {wanted}"));
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    let fits = match schema.get("type").and_then(Value::as_str) {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    if !fits {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{at}: without {name}"));
        }
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        match schema.get("properties").and_then(|all| all.get(name)) {
            Some(schema) => breaks(member, schema, &format!("{at}/{name}"), found),
            None if schema.get("additionalProperties") == Some(&json!(false)) => {
                found.push(format!("{at}: {name} is not in the schema"));
            }
            None => {}
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for (n, item) in items.iter().enumerate() {
            breaks(item, schema, &format!("{at}/{n}"), found);
        }
    }
}
