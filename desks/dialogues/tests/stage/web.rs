//! The desk's pages over a node, as a browser asks for them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use dialogues::Dialogues;
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use node::chance::SeededRandom;
use node::users::{NewUser, Once, Role};
use site::{SetUp, Settings, Site};

use super::stage::Bench;

pub(crate) const TEXT: &str = "Joint elements of the 4th EU-Japan Cyber Dialogue\n\nBrussels, 01/07/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
Both sides condemned any attempt to misuse information and communication technologies.\n\
The EU and Japan will exchange contact points for cyber incidents by 31 December 2025.\n\
The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.\n\n\
Ann Press: +32 460 00 00 00 - ann.press@example.org\n";

pub(crate) struct Pages {
    pub(crate) bench: Bench,
    router: axum::Router,
    pub(crate) cookie: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) to: String,
    pub(crate) body: String,
}

impl Pages {
    pub(crate) async fn new() -> Self {
        Self::over(Bench::new()).await
    }

    /// The pages of a node, and somebody with every role who has signed in.
    pub(crate) async fn over(bench: Bench) -> Self {
        bench.node.complete_set_up().await.unwrap();
        let set_up = SetUp::of(&bench.node, &mut SeededRandom::new(8)).unwrap();
        let desks: Vec<Box<dyn site::Desk>> = vec![Box::new(Dialogues)];
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
    pub(crate) async fn somebody(&self, name: &str, roles: &[Role]) -> String {
        let node = &self.bench.node;
        let operator = node.at_terminal("tests");
        let new = NewUser {
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            ..NewUser::default()
        };
        let id = node.admit(new, &operator).await.unwrap();
        let code = node.one_time(&id, Once::Link, &operator).await;
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

    pub(crate) async fn ask(&self, method: &str, path: &str, cookie: &str, body: String) -> Answer {
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
        Answer {
            status: parts.status,
            to: parts
                .headers
                .get("location")
                .map(|to| to.to_str().unwrap().to_owned())
                .unwrap_or_default(),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &self.cookie, String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask("POST", path, &self.cookie, form(fields)).await
    }
}

/// Fields as a form sends them.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let written = |text: &str| -> String {
        let keep = |byte: &u8| byte.is_ascii_alphanumeric();
        text.bytes()
            .map(|byte| {
                if keep(&byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", written(name), written(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The first address in a page that begins so.
pub(crate) fn address(page: &str, begin: &str) -> String {
    let at = page
        .find(&format!("href=\"{begin}"))
        .unwrap_or_else(|| panic!("no {begin} in {page}"));
    page[at + 6..].split('"').next().unwrap().to_owned()
}

impl Pages {
    /// Reads and confirms a text, as a person does; the address of its session.
    pub(crate) async fn entered(&self, text: &str) -> String {
        let read = self
            .post("/dialogues/readings/new", &[("text", text)])
            .await;
        assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.body);
        let confirm = format!("{}/confirm", read.to);
        let done = self
            .post(&confirm, &[("standing", "joint"), ("others", "yes")])
            .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        done.to
    }
}
