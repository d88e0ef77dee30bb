//! `/design/routes`: every address of the site as JSON, with examples of those that have parameters. The browser's tests go by it.

use axum::response::Response;

use crate::shell::answer::{Page, nothing};
use crate::shell::routes::{Kind, Route};
use crate::shell::visitor::Visitor;

/// `GET /design/routes`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let all: Vec<String> = visitor.site.routes().iter().map(written).collect();
            let text = format!("[{}]\n", all.join(",\n"));
            Ok(Page::of("application/json", nothing().map(|()| text)))
        })
        .await
}

fn written(route: &Route) -> String {
    let kind = match route.kind {
        Kind::Page => "page",
        Kind::Form => "form",
        Kind::Feed => "feed",
        Kind::File => "file",
        Kind::Api => "api",
        Kind::Asset => "asset",
    };
    // A path with parameters leads somewhere only with a record's name: tests of its room bring one.
    let example = if route.path.contains('{') {
        String::new()
    } else {
        format!("\"{}\"", route.path)
    };
    format!(
        "{{\"method\":\"{}\",\"path\":\"{}\",\"kind\":\"{kind}\",\"examples\":[{example}]}}",
        route.method, route.path
    )
}
