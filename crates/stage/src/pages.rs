//! The pages of a node with a desk, as a browser asks for them, and somebody who has signed in.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use node::chance::SeededRandom;
use node::users::{NewUser, Once, Role};
use site::{Desk, SetUp, Settings, Site};
use stix::ObjectId;

use crate::Bench;

/// The pages of a node.
pub struct Pages {
    /// The node.
    pub bench: Bench,
    /// The cookie of somebody with every role.
    pub cookie: String,
    /// What answers.
    pub router: axum::Router,
}

/// What was answered.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it leads; empty where nowhere.
    pub to: String,
    /// The type of the content.
    pub kind: String,
    /// The content.
    pub body: String,
}

impl Pages {
    /// Of a ministry's node with a desk.
    pub async fn new(desk: impl Desk + 'static) -> Self {
        let bench = Bench::new(&desk);
        Self::over(desk, bench).await
    }

    /// Of a node that there is.
    pub async fn over(desk: impl Desk + 'static, bench: Bench) -> Self {
        bench.node.complete_set_up().await.unwrap();
        let set_up = SetUp::of(&bench.node, &mut SeededRandom::new(8)).unwrap();
        let desks: Vec<Box<dyn Desk>> = vec![Box::new(desk)];
        let (_, router) = Site::mount(&bench.node, &set_up, desks, Settings::default());
        let mut pages = Self {
            bench,
            router,
            cookie: String::new(),
        };
        pages.cookie = pages.somebody("Tester", &Role::ALL).await;
        pages
    }

    /// The cookie of somebody with these roles, who has signed in.
    pub async fn somebody(&self, name: &str, roles: &[Role]) -> String {
        let node = &self.bench.node;
        let operator = node.at_terminal("tests");
        let new = NewUser {
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            ..NewUser::default()
        };
        let id = node.admit(new, &operator).await.unwrap();
        self.enter(&id).await
    }

    /// The cookie of somebody whom the node knows, who signs in.
    pub async fn enter(&self, person: &ObjectId) -> String {
        let node = &self.bench.node;
        let operator = node.at_terminal("tests");
        let code = node.one_time(person, Once::Link, &operator).await;
        let link = code.unwrap().path();
        let key = link.split("key=").nth(1).unwrap().to_owned();
        let request = Request::post("/enter")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("secret-key={key}")))
            .unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let entered = service.call(request).await.unwrap();
        let cookie = entered.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Asks for something as whoever has a cookie. What begins with `--entente` is sent as a form with files, of that boundary.
    pub async fn ask(&self, method: &str, path: &str, cookie: &str, body: String) -> Answer {
        let kind = if body.starts_with("--entente") {
            "multipart/form-data; boundary=entente"
        } else {
            "application/x-www-form-urlencoded"
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let (parts, body) = service.call(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let header = |name: &str| {
            let header = parts.headers.get(name);
            header.map(|header| header.to_str().unwrap().to_owned())
        };
        Answer {
            status: parts.status,
            to: header("location").unwrap_or_default(),
            kind: header("content-type").unwrap_or_default(),
            // To whoever reads, a space that breaks no line is a space.
            body: String::from_utf8_lossy(&body).replace('\u{a0}', " "),
        }
    }

    /// Reads a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &self.cookie, String::new()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask("POST", path, &self.cookie, form(fields)).await
    }
}

/// Fields as a form sends them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let written = |text: &str| -> String {
        let bytes = text.bytes().map(|byte| match byte {
            kept if kept.is_ascii_alphanumeric() => char::from(kept).to_string(),
            other => format!("%{other:02X}"),
        });
        bytes.collect()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", written(name), written(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The first address in a page that begins so.
///
/// # Panics
/// When there is none.
pub fn address(page: &str, begin: &str) -> String {
    let at = page
        .find(&format!("href=\"{begin}"))
        .unwrap_or_else(|| panic!("no {begin} in {page}"));
    page[at + 6..].split('"').next().unwrap().to_owned()
}

/// What stands in a hidden field of a page: a form sends it along unasked.
///
/// # Panics
/// When there is none.
pub fn hidden(page: &str, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    let at = page
        .find(&begin)
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    let rest = &page[at + begin.len()..];
    rest.split('"').next().unwrap().to_owned()
}
