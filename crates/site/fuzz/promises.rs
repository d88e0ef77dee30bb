//! What the pages promise of any request at all; shared by the fuzz target and a plain test.
//!
//! A request is written as its first line without the version, headers, an empty line and a body, lines ending with LF:
//! `POST /circles/new`, `as: administrator`, `content-type: ...`. It goes through the router of the whole site, over a node of its own, which is made
//! anew now and then; so forms, files, filters in addresses, cookies, tokens, feeds and the interface for programs are all read.
#![allow(
    unreachable_pub,
    dead_code,
    reason = "the target and the test share it, and use a part of the stage"
)]

#[path = "../tests/site/stage.rs"]
mod stage;

use std::cell::RefCell;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use bytes::Bytes;
use tokio::runtime::Runtime;

use stage::Stage;

/// The beginning of an element that no page has: where it comes back as it was sent, somebody else's script would, too.
const ELEMENT: &[u8] = b"<x7q";

/// After so many requests that may have changed something the node is made anew, so that what is found can be found again.
const CHANGES: usize = 200;

struct Scene {
    stage: Stage,
    cookie: String,
    changes: usize,
}

impl Scene {
    async fn new() -> Self {
        let stage = Stage::new();
        stage.node.complete_set_up().await.unwrap();
        let cookie = stage.enter(None).await;
        let home = policy::Member::Participant(stage.node.home().id.clone());
        stage.note(1, "first <x7q>", "AMBER", vec![home]);
        stage.note(2, "second", "CLEAR", Vec::new());
        Self {
            stage,
            cookie,
            changes: 0,
        }
    }
}

thread_local! {
    static RUNTIME: Runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    static SCENE: RefCell<Option<Scene>> = const { RefCell::new(None) };
}

/// Whatever is asked is answered: never with a fault of ours, with nothing of the request as markup of the page, never leading elsewhere.
pub fn ask(bytes: &[u8]) {
    let Some((request, signed_in)) = read(bytes) else {
        return;
    };
    let scene = SCENE.with_borrow_mut(Option::take);
    let scene = RUNTIME.with(|runtime| {
        runtime.block_on(async move {
            let mut scene = match scene {
                Some(scene) if scene.changes < CHANGES => scene,
                _ => Scene::new().await,
            };
            let mut request = request;
            scene.changes += usize::from(!request.method().is_safe());
            if signed_in {
                let cookie = HeaderValue::from_str(&scene.cookie).unwrap();
                request.headers_mut().append("cookie", cookie);
            }
            let about = format!("{} {}", request.method(), request.uri());
            let (status, headers, body) = scene.stage.ask(request).await;
            hold(&about, status, &headers, &body);
            scene
        })
    });
    SCENE.with_borrow_mut(|kept| *kept = Some(scene));
}

fn hold(about: &str, status: StatusCode, headers: &HeaderMap, body: &Bytes) {
    assert!(!status.is_server_error(), "{about}: {status}");
    let content = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    match content
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
    {
        "text/html" | "application/atom+xml" => {
            let markup = body.windows(ELEMENT.len()).any(|part| part == ELEMENT);
            assert!(!markup, "{about}: what was sent is markup of the answer");
            assert!(std::str::from_utf8(body).is_ok(), "{about}: not UTF-8");
        }
        kind if kind.ends_with("json") => {
            let read = serde_json::from_slice::<serde_json::Value>(body);
            assert!(read.is_ok(), "{about}: {:?}", read.err());
        }
        _ => {}
    }
    if let Some(place) = headers.get(LOCATION) {
        let place = place.to_str().unwrap();
        let own = place.starts_with('/') && !place.starts_with("//") && !place.contains('\\');
        assert!(own, "{about}: leads to {place}");
    }
    for cookie in headers.get_all(SET_COOKIE) {
        let cookie = cookie.to_str().unwrap();
        assert!(
            cookie.contains("; Path=/") && cookie.contains("; HttpOnly; SameSite=Lax"),
            "{about}: {cookie}"
        );
    }
}

/// The request, and whether somebody asks who is signed in; `None` if it is none that a server would hand on.
fn read(bytes: &[u8]) -> Option<(Request<Body>, bool)> {
    let end = bytes.windows(2).position(|part| part == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&bytes[..end], &bytes[end + 2..]),
        None => (bytes, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let (method, path) = first.split_once(' ')?;
    if !path.starts_with('/') {
        return None;
    }
    let mut request = Request::builder().method(method).uri(path);
    let mut signed_in = false;
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name == b"as" {
            signed_in = true;
            continue;
        }
        let name = HeaderName::from_bytes(name).ok()?;
        request = request.header(name, HeaderValue::from_bytes(value).ok()?);
    }
    let request = request.body(Body::from(body.to_vec())).ok()?;
    Some((request, signed_in))
}
