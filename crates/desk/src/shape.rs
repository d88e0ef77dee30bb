//! One declaration per record: the structure, its reading and writing, and its JSON Schema all come from it.
//! Invariant: a field that is needed is required in the schema and in reading; a field that may be absent is left out when it is.

use serde_json::{Map, Value, json};

/// What the JSON Schema of a value is.
pub trait Shape {
    /// The schema.
    fn shape() -> Value;
}

impl Shape for String {
    fn shape() -> Value {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl Shape for bool {
    fn shape() -> Value {
        json!({ "type": "boolean" })
    }
}

impl Shape for u32 {
    fn shape() -> Value {
        json!({ "type": "integer", "minimum": 0 })
    }
}

impl Shape for i32 {
    fn shape() -> Value {
        json!({ "type": "integer" })
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn shape() -> Value {
        json!({ "type": "array", "items": T::shape() })
    }
}

impl<T: Shape> Shape for Option<T> {
    fn shape() -> Value {
        T::shape()
    }
}

/// Whether a value says nothing and is left out.
pub trait Blank {
    /// Whether it does.
    fn is_blank(&self) -> bool;
}

impl<T> Blank for Option<T> {
    fn is_blank(&self) -> bool {
        self.is_none()
    }
}

impl<T> Blank for Vec<T> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Blank for bool {
    fn is_blank(&self) -> bool {
        !*self
    }
}

/// A schema with what its declaration says about it.
pub fn told(lines: &[&str], shape: Value) -> Value {
    let mut shape = shape;
    let words = lines
        .iter()
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ");
    if let Value::Object(members) = &mut shape {
        members.insert("description".to_owned(), json!(words.trim()));
    }
    shape
}

/// The schema of a structure with these fields.
pub fn object(fields: Vec<(&str, Value, bool)>) -> Value {
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.2)
        .map(|field| field.0)
        .collect();
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, shape, _)| ((*name).to_owned(), shape.clone()))
        .collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// A structure of a record: `needs` what it cannot be without, and `may` have the rest.
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $about:literal])+
        $name:ident
        needs { $( $(#[doc = $need_doc:literal])+ $need:ident : $need_type:ty ),* $(,)? }
        may { $( $(#[doc = $may_doc:literal])+ $may:ident : $may_type:ty ),* $(,)? }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, Eq, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "desk::serde")]
        pub struct $name {
            $( $(#[doc = $need_doc])+ pub $need: $need_type, )*
            $( $(#[doc = $may_doc])+
               #[serde(default, skip_serializing_if = "desk::Blank::is_blank")]
               pub $may: $may_type, )*
        }

        impl $crate::Shape for $name {
            fn shape() -> $crate::serde_json::Value {
                use $crate::Shape;
                use $crate::shape::{object, told};
                told(&[$($about),+], object(vec![
                    $( (stringify!($need), told(&[$($need_doc),+], <$need_type as Shape>::shape()), true), )*
                    $( (stringify!($may), told(&[$($may_doc),+], <$may_type as Shape>::shape()), false), )*
                ]))
            }
        }
    };
}

/// One of several words.
#[macro_export]
macro_rules! choice {
    ( $(#[doc = $about:literal])+ $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $word:literal ),+ $(,)? } ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(crate = "desk::serde")]
        pub enum $name { $( $(#[doc = $doc])+ #[serde(rename = $word)] $variant ),+ }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// As records and addresses have it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The one of that word.
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        impl $crate::Shape for $name {
            fn shape() -> $crate::serde_json::Value {
                $crate::serde_json::json!({ "enum": [$($word),+] })
            }
        }
    };
}

/// The JSON Schema of a kind of record, frame included.
pub fn schema<T: super::Kind>() -> Value {
    let id =
        "^[a-z][a-z0-9-]+[a-z0-9]--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
    let stamp = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$";
    let own = T::shape();
    let mut properties = json!({
        "type": { "const": T::TYPE },
        "spec_version": { "const": "2.1" },
        "id": { "type": "string", "pattern": format!("^{}--", T::TYPE) },
        "created": { "type": "string", "pattern": stamp },
        "modified": { "type": "string", "pattern": stamp },
        "created_by_ref": { "type": "string", "pattern": "^identity--" },
        "revoked": { "type": "boolean" },
        "lang": { "type": "string" },
        "object_marking_refs": { "type": "array", "items": { "type": "string", "pattern": id } },
        "external_references": { "type": "array", "items": { "type": "object", "required": ["source_name"] } },
    });
    let mut required = vec![
        "type",
        "spec_version",
        "id",
        "created",
        "modified",
        "created_by_ref",
        "extensions",
    ];
    let mut extension = json!({ "type": "object", "properties": { "extension_type": { "const": "new-sdo" } }, "required": ["extension_type"] });
    let description = own["description"].clone();
    if T::EXTENDS {
        extension = own;
        extension["properties"]["extension_type"] = json!({ "const": "property-extension" });
        if let Some(list) = extension["required"].as_array_mut() {
            list.insert(0, json!("extension_type"));
        }
    } else {
        if let (Some(all), Some(own)) = (properties.as_object_mut(), own["properties"].as_object())
        {
            all.extend(own.clone());
        }
        let own = own["required"].as_array().cloned().unwrap_or_default();
        let names: Vec<String> = own
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        properties["extensions"] = json!({ "type": "object", "required": [super::EXTENSION], "properties": { super::EXTENSION: extension } });
        let mut all: Vec<String> = required.drain(..).map(str::to_owned).collect();
        all.extend(names);
        return json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": format!("urn:entente:record:{}:1", T::NAME),
            "title": description, "type": "object", "properties": properties, "required": all, "additionalProperties": false,
        });
    }
    properties["extensions"] = json!({ "type": "object", "required": [super::EXTENSION], "properties": { super::EXTENSION: extension } });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": format!("urn:entente:record:{}:1", T::NAME),
        "title": description, "type": "object", "properties": properties, "required": required,
    })
}
