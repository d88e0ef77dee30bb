//! Style, script and fonts, inside the program. Each address has the hash of its content, so that a browser may keep it.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// Where the style sheet is.
pub(crate) fn style() -> &'static str {
    static AT: OnceLock<String> = OnceLock::new();
    AT.get_or_init(|| address("entente.css").unwrap_or_default())
}

/// Where the script is.
pub(crate) fn script() -> Option<&'static str> {
    static AT: OnceLock<Option<String>> = OnceLock::new();
    AT.get_or_init(|| address("entente.js")).as_deref()
}

pub(crate) fn address(name: &str) -> Option<String> {
    let file = ASSETS.get_file(name)?;
    let hash = Sha256::digest(file.contents());
    let hash: String = hash
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(format!("/assets/{name}?v={hash}"))
}

/// `GET /assets/{*name}`.
pub(crate) async fn show(Path(name): Path<String>) -> Response {
    let Some(file) = ASSETS.get_file(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let content = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(content)),
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    (headers, file.contents()).into_response()
}

/// `GET /favicon.ico`: browsers ask for one unasked, and a page that says it is absent is more than they need.
pub(crate) async fn no_icon() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
