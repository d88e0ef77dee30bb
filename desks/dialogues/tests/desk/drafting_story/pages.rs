//! Somebody at the desk's pages who sends and takes files, and what is done to a file on the way.

use std::io::{Cursor, Read as _, Write as _};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, NewPiece, Session};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use node::users::Role;
use serde_json::json;
use stage::Bench;

pub(crate) struct Pages {
    pub(crate) bench: Bench,
    pub(crate) router: axum::Router,
    pub(crate) cookie: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) kind: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        // As of other pages: to whoever reads, a space that breaks no line is a space.
        let text = String::from_utf8(self.bytes.clone()).unwrap();
        text.replace('\u{a0}', " ")
    }

    #[track_caller]
    pub(crate) fn has(&self, words: &str) {
        let text = self.text();
        assert!(text.contains(words), "no “{words}” in {text}");
    }
}

impl Pages {
    pub(crate) async fn new() -> Self {
        let pages = stage::Pages::new(Dialogues).await;
        let cookie = pages.somebody("Ilse Varnholt", &Role::ALL).await;
        Self {
            bench: pages.bench,
            router: pages.router,
            cookie,
        }
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        content: &str,
        body: Vec<u8>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", content)
            .body(Body::from(body))
            .unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let (parts, body) = service.call(request).await.unwrap().into_parts();
        let header = |name: &str| {
            let value = parts.headers.get(name);
            value
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        Answer {
            status: parts.status,
            to: header("location"),
            kind: format!(
                "{}; {}",
                header("content-type"),
                header("content-disposition")
            ),
            bytes: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let answer = self.ask("GET", path, "text/plain", Vec::new()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let written =
            |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
        let pairs = fields
            .iter()
            .map(|(name, value)| format!("{}={}", written(name), written(value)));
        let body = pairs.collect::<Vec<_>>().join("&").into_bytes();
        self.ask("POST", path, "application/x-www-form-urlencoded", body)
            .await
    }

    pub(crate) async fn sent(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post(path, fields).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{path}: {}",
            answer.text()
        );
        answer
    }

    /// Puts forward what is in preparation, as its page shows it, for our side alone; the round's address.
    pub(crate) async fn forward(&self, draft: &str) -> String {
        let way = format!("{draft}/forward");
        let revision = carried(&self.get(&way).await, "revision");
        let fields = [("revision", &*revision), ("tlp", "AMBER+STRICT")];
        self.sent(&way, &fields).await.to
    }

    pub(crate) async fn wrong(&self, path: &str, fields: &[(&str, &str)], says: &str) {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        answer.has(says);
    }

    pub(crate) async fn upload(&self, path: &str, from: &str, file: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("from", from), ("on", "2026-11-24")] {
            body.extend(
                format!(
                    "--xYz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .into_bytes(),
            );
        }
        body.extend(b"--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"back.docx\"\r\nContent-Type: x/y\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--xYz--\r\n");
        self.ask("POST", path, "multipart/form-data; boundary=xYz", body)
            .await
    }

    /// A session of our side and Japan, with something agreed before; the session's address.
    pub(crate) async fn session(&self) -> String {
        let node = self.bench.node.clone();
        let home = node.home().id.to_string();
        tokio::task::spawn_blocking(move || {
            let mut batch = Batch::new(&node, None, Label::Ours);
            let what: Dialogue =
                serde_json::from_value(json!({ "name": "Valmora–Japan", "parties": [home, "JP"] })).unwrap();
            let dialogue = batch.add(NewPiece::of(what)).unwrap();
            let what: Session = serde_json::from_value(json!({
                "dialogue_ref": dialogue.id.as_str(), "state": "planned", "starts": "2026-12-10T00:00:00Z",
                "start": "2026-12-10", "place": "Tokyo", "ordinal": 5, "parties": [home, "JP"],
            }))
            .unwrap();
            let session = batch.add(NewPiece::of(what)).unwrap();
            let what: Commitment = serde_json::from_value(json!({
                "words": "Both sides reaffirm the eleven norms of 2015.", "act": "commitment", "actors": ["JP"], "strength": 3,
                "standing": "joint", "topics": ["norms"], "dialogue_ref": dialogue.id.as_str(),
            }))
            .unwrap();
            batch.add(NewPiece::of(what).in_language("en")).unwrap();
            batch.send().unwrap();
            format!("/dialogues/sessions/{}", session.id.uuid())
        })
        .await
        .unwrap()
    }
}

/// The value of a field that goes along in a page.
pub(crate) fn carried(page: &Answer, name: &str) -> String {
    let text = page.text();
    let mark = format!("name=\"{name}\" value=\"");
    let at = text
        .find(&mark)
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    text[at + mark.len()..]
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

/// A file as a person would have changed it: a part's text, replaced.
pub(crate) fn edited(bytes: &[u8], part: &str, pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    for name in names {
        let mut text = String::new();
        archive
            .by_name(&name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        if name == part {
            for (from, to) in pairs {
                assert!(text.contains(from), "{from} is not in {text}");
                text = text.replacen(from, to, 1);
            }
        }
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
