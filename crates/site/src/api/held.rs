//! Whether an answer is what the document says: for the tests of rooms and desks. Every keyword of JSON Schema that the document uses
//! is checked; one that is not known here is a fault.

use serde_json::Value;

/// The operation that was asked, by its name.
///
/// # Errors
/// What the answer breaks of the document.
pub fn held(
    document: &Value,
    (method, path): (&str, &str),
    (status, media, body): (u16, &str, &str),
) -> Result<String, Vec<String>> {
    let path = path.split('?').next().unwrap_or(path);
    let paths = document["paths"].as_object().into_iter().flatten();
    let mut fitting: Vec<(&String, &Value)> =
        paths.filter(|(pattern, _)| fits(pattern, path)).collect();
    // What is written out goes before what a parameter stands for.
    fitting.sort_by_key(|(pattern, _)| pattern.matches('{').count());
    let stated = fitting
        .first()
        .map(|(_, stated)| &stated[method.to_lowercase()]);
    let Some(operation) = stated.filter(|stated| stated.is_object()) else {
        return Err(vec![format!("{method} {path} is not in the document")]);
    };
    let name = operation["operationId"].as_str().unwrap_or("?").to_owned();
    let Some(said) = operation["responses"].get(status.to_string()) else {
        return Err(vec![format!(
            "{name}: {status} is not among its answers: {body}"
        )]);
    };
    let mut found = Vec::new();
    match said.get("content").and_then(Value::as_object) {
        None if !body.is_empty() => found.push(format!("{status} has a body")),
        None => {}
        Some(content) => {
            let plain = media.split(';').next().unwrap_or(media);
            match content.get(plain) {
                None => found.push(format!("{status} is of type {media}")),
                Some(stated) if plain.ends_with("json") => match serde_json::from_str(body) {
                    Ok(value) => breaks(document, &value, &stated["schema"], "", &mut found),
                    Err(error) => found.push(format!("{status} is no JSON: {error}")),
                },
                Some(_) => {}
            }
        }
    }
    if found.is_empty() {
        Ok(name)
    } else {
        Err(found
            .into_iter()
            .map(|fault| format!("{name}: {fault}"))
            .collect())
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (own, asked): (Vec<&str>, Vec<&str>) =
        (pattern.split('/').collect(), path.split('/').collect());
    own.len() == asked.len()
        && own
            .iter()
            .zip(&asked)
            .all(|(own, asked)| own.starts_with('{') || own == asked)
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

/// What a value breaks of a schema of a document.
pub fn breaks(document: &Value, value: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().into_iter().flatten() {
        match (keyword.as_str(), rule) {
            ("description" | "title" | "$schema" | "$id", _) => {}
            ("$ref", rule) => {
                let pointer = rule.as_str().unwrap_or_default().trim_start_matches('#');
                match document.pointer(pointer) {
                    Some(schema) => breaks(document, value, schema, at, found),
                    None => found.push(format!("{at}: there is no schema {rule}")),
                }
            }
            ("type", Value::String(kind)) => {
                if !is_of(value, kind) {
                    found.push(format!("{at}: {value} is no {kind}"));
                }
            }
            ("type", Value::Array(kinds)) => {
                if !kinds
                    .iter()
                    .filter_map(Value::as_str)
                    .any(|kind| is_of(value, kind))
                {
                    found.push(format!("{at}: {value} is none of {rule}"));
                }
            }
            ("enum", Value::Array(words)) => {
                if !words.contains(value) {
                    found.push(format!("{at}: {value} is none of {rule}"));
                }
            }
            ("const", wanted) => {
                if wanted != value {
                    found.push(format!("{at}: {value} is not {wanted}"));
                }
            }
            ("required", Value::Array(names)) => {
                for name in names.iter().filter_map(Value::as_str) {
                    if value.is_object() && value.get(name).is_none() {
                        found.push(format!("{at}: without {name}"));
                    }
                }
            }
            ("properties", Value::Object(schemas)) => {
                for (name, schema) in schemas {
                    if let Some(value) = value.get(name) {
                        breaks(document, value, schema, &format!("{at}/{name}"), found);
                    }
                }
            }
            ("additionalProperties", Value::Bool(false)) => {
                let known = schema.get("properties").and_then(Value::as_object);
                for name in value.as_object().into_iter().flat_map(|own| own.keys()) {
                    if !known.is_some_and(|known| known.contains_key(name)) {
                        found.push(format!("{at}: {name} is not in the schema"));
                    }
                }
            }
            ("additionalProperties", Value::Bool(true)) => {}
            ("items", schema) => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    breaks(document, item, schema, &format!("{at}/{place}"), found);
                }
            }
            ("minLength", least) => {
                let length = value.as_str().map(|text| text.chars().count() as u64);
                if length.is_some_and(|length| Some(length) < least.as_u64()) {
                    found.push(format!("{at}: {value} is too short"));
                }
            }
            ("minimum", least) => {
                if value.as_i64().is_some_and(|own| Some(own) < least.as_i64()) {
                    found.push(format!("{at}: {value} is too small"));
                }
            }
            ("format", Value::String(form)) if form == "date-time" => {
                let text = value.as_str();
                if text.is_some_and(|text| stix::Timestamp::parse(text).is_err()) {
                    found.push(format!("{at}: {value} is no time"));
                }
            }
            (keyword, _) => found.push(format!("{at}: the keyword {keyword} is not known here")),
        }
    }
}

/// A request as a manual writes it, with curl.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Example {
    /// The method.
    pub method: String,
    /// The path and query.
    pub path: String,
    /// Headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// The requests in a manual: what begins with `curl` in its blocks of shell, a line each.
pub fn requests(manual: &str) -> Vec<String> {
    let blocks = manual.split("```sh\n").skip(1);
    let blocks: Vec<String> = blocks
        .filter_map(|rest| rest.split("```").next())
        .map(|block| block.replace("\\\n", " "))
        .collect();
    let lines = blocks.iter().flat_map(|block| block.lines());
    lines
        .filter(|line| line.trim_start().starts_with("curl "))
        .map(str::to_owned)
        .collect()
}

/// The request that `curl` makes of these words, which a shell gave it; `$NODE` is nothing there.
pub fn example(words: &[String]) -> Example {
    let mut made = Example {
        method: "GET".to_owned(),
        ..Example::default()
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" => made.method = words.next().cloned().unwrap_or_default(),
            "-H" => {
                let header = words.next().cloned().unwrap_or_default();
                if let Some((name, value)) = header.split_once(": ") {
                    made.headers.push((name.to_lowercase(), value.to_owned()));
                }
            }
            "-d" => made.body = words.next().cloned().unwrap_or_default(),
            word if word.starts_with('-') => {}
            word => word.clone_into(&mut made.path),
        }
    }
    if !made.body.is_empty() && made.method == "GET" {
        "POST".clone_into(&mut made.method);
    }
    made
}
