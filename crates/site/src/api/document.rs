//! The OpenAPI 3.1 document, made of the operations that are served and the schemas of the rooms and desks.

use serde_json::{Map, Value, json};

use super::operation::{Answer, Operation, Parameter, Shape};
use crate::shell::routes::{Kind, Route, Who};

/// The document of these operations.
pub(crate) fn document(operations: &[Operation], schemas: Map<String, Value>) -> Value {
    let mut paths = Map::new();
    for operation in operations {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_lowercase()] = written(operation);
    }
    let mut schemas = schemas;
    let listed: Vec<&str> = operations
        .iter()
        .flat_map(|operation| &operation.answers)
        .filter(|answer| answer.paged)
        .filter_map(|answer| answer.schema)
        .collect();
    for name in listed {
        schemas.insert(format!("{name}Page"), page_of(name));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Entente",
            "version": "1",
            "summary": "What the pages of a node do, for programs",
            "description": "A program shows a token of a person, made on their account page, as `Authorization: Bearer TOKEN`. It does what the token is for and its owner may. What is hidden from them is absent. Lists go on from `next` until there is none. What is refused comes as a problem (RFC 9457); a method that an address does not have is 405, with those that it has in `Allow`.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "A token from the account page" } },
            "schemas": schemas
        }
    })
}

/// Routes for programs below the base that no operation states, and operations that no route serves.
pub(crate) fn astray(operations: &[Operation], routes: &[Route]) -> Vec<String> {
    let served = |operation: &&Operation| {
        routes
            .iter()
            .any(|route| route.method == operation.method && route.path == operation.path)
    };
    let stated = |route: &&Route| {
        operations
            .iter()
            .any(|one| one.method == route.method && one.path == route.path)
    };
    let unserved = operations.iter().filter(|one| !served(one));
    let unstated = routes
        .iter()
        .filter(|route| super::is_for_programs(route.path) && !stated(route));
    unserved
        .map(|one| format!("{} {} is served nowhere", one.method, one.path))
        .chain(unstated.map(|one| format!("{} {} is stated nowhere", one.method, one.path)))
        .chain(
            routes
                .iter()
                .filter(|route| super::is_for_programs(route.path) && route.kind != Kind::Api)
                .map(|route| format!("{} is no address for programs", route.path)),
        )
        .collect()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn page_of(name: &str) -> Value {
    json!({
        "type": "object",
        "required": ["items", "next"],
        "additionalProperties": false,
        "properties": {
            "items": { "type": "array", "items": reference(name) },
            "next": { "type": ["string", "null"], "description": "The cursor of the next page; null at the end" }
        }
    })
}

fn shape(shape: Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Number => json!({ "type": "integer" }),
        Shape::Moment => json!({ "type": "string", "format": "date-time" }),
    }
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.about,
        "schema": shape(parameter.shape)
    })
}

fn answer(answer: &Answer) -> Value {
    let mut said = json!({ "description": answer.about });
    let schema = match (answer.schema, answer.paged) {
        (Some(name), true) => Some(reference(&format!("{name}Page"))),
        (Some(name), false) => Some(reference(name)),
        (None, _) if !answer.media.is_empty() => Some(json!({ "type": "string" })),
        (None, _) => None,
    };
    if let Some(schema) = schema {
        said["content"] = json!({ answer.media: { "schema": schema } });
    }
    said
}

fn written(operation: &Operation) -> Value {
    let in_path = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = in_path
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    parameters.extend(operation.parameters.iter().map(parameter));
    let mut answers = Map::new();
    for one in &operation.answers {
        answers.insert(one.status.to_string(), answer(one));
    }
    let area = operation.path.split('/').nth(3).unwrap_or("node");
    let mut said = json!({
        "operationId": operation.name,
        "summary": operation.about,
        "tags": [area.trim_end_matches(".json")],
        "responses": answers
    });
    let needs = match operation.who {
        Who::Everyone => {
            said["security"] = json!([]);
            None
        }
        Who::May(right) => Some(format!("Needs the right to {right}.")),
        Who::Role(role) => Some(format!("Needs the role {role}.")),
        Who::SignedIn | Who::Choosing => None,
    };
    if let Some(needs) = needs {
        said["description"] = json!(needs);
    }
    if !parameters.is_empty() {
        said["parameters"] = json!(parameters);
    }
    if let Some(body) = operation.body {
        said["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": reference(body) } }
        });
    }
    said
}
