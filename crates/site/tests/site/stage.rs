//! A node with its pages, asked in memory.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use node::chance::SeededRandom;
use node::clock::SystemClock;
use node::submission::Marking;
use node::users::{NewUser, Once, Role};
use node::{Channel, Kind, New, Node, Submission};
use policy::Member;
use site::{SetUp, Settings, Site};
use stix::ObjectId;
use tempfile::TempDir;

pub(crate) struct Stage {
    pub(crate) node: Node,
    pub(crate) site: Site,
    router: Router,
    folder: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    /// With the page of parts, set up.
    pub(crate) async fn design() -> Self {
        let stage = Self::with(Settings {
            design: true,
            ..Settings::default()
        });
        stage.node.complete_set_up().await.unwrap();
        stage
    }

    pub(crate) fn with(settings: Settings) -> Self {
        Self::decided(settings, None)
    }

    /// With what the operator decided.
    pub(crate) fn decided(settings: Settings, config: Option<node::config::Config>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("node");
        let new = New {
            participant: "Agency <b>of</b> Belmark".to_owned(),
            kind: Kind::Organ,
            organ_of: Some("Belmark".to_owned()),
            country: None,
        };
        let chance = || SeededRandom::new(7);
        Node::create(&root, &new, &SystemClock, &mut chance()).unwrap();
        let node = Node::open(&root, config, Arc::new(SystemClock), Box::new(chance())).unwrap();
        let set_up = SetUp::of(&node, &mut SeededRandom::new(8)).unwrap();
        let (site, router) = Site::mount(&node, &set_up, Vec::new(), settings);
        Self {
            router,
            site,
            node,
            folder,
        }
    }

    /// Takes the node's folder away, so that nothing can be written, or puts it back.
    pub(crate) fn out_of_place(&self, away: bool) {
        let [here, there] = ["node", "away"].map(|name| self.folder.path().join(name));
        let (from, to) = if away { (here, there) } else { (there, here) };
        std::fs::rename(from, to).unwrap();
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "").await
    }

    /// Sends a form, as a browser does from a page of this site.
    pub(crate) async fn post(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let headers = [
            ("cookie", cookie),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.send("POST", path, &headers, body).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (status, headers, body) = self.ask(request).await;
        Answer {
            status,
            headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Sends any request.
    pub(crate) async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Bytes) {
        let service = TowerToHyperService::new(self.router.clone());
        let (parts, body) = service.call(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (parts.status, parts.headers, body)
    }

    /// A link that signs somebody in once, with every role; without a name, somebody whom no record names.
    pub(crate) async fn link(&self, person: Option<ObjectId>) -> String {
        let operator = self.node.at_terminal("tests");
        let known = self.node.persons().unwrap();
        let named = person.map(|id| known.into_iter().find(|one| one.id == id.as_str()).unwrap());
        let name = named.map_or_else(|| "Tester".to_owned(), |one| one.name);
        let users = self.node.users(&operator).unwrap();
        let id = match users.into_iter().find(|user| user.name == name) {
            Some(user) => user.person,
            None => {
                let new = NewUser {
                    name,
                    roles: Role::ALL.into_iter().collect(),
                    ..NewUser::default()
                };
                self.node.admit(new, &operator).await.unwrap()
            }
        };
        let code = self.node.one_time(&id, Once::Link, &operator).await;
        code.unwrap().path()
    }

    /// Signs in by a link; the cookie.
    pub(crate) async fn enter(&self, person: Option<ObjectId>) -> String {
        self.enter_by(&self.link(person).await).await
    }

    /// Presses the button of the page that a link leads to; the cookie.
    pub(crate) async fn enter_by(&self, link: &str) -> String {
        let key = link.split("key=").nth(1).unwrap();
        let entered = self.post("/enter", "", &format!("secret-key={key}")).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        let cookie = entered.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"));
        cookie.split(';').next().unwrap().to_owned()
    }

    pub(crate) fn note(&self, number: u8, text: &str, tlp: &str, to: Vec<Member>) {
        let home = &self.node.home().id;
        let object = written(number, home, text);
        let marking = Marking {
            tlp: Some(tlp.parse().unwrap()),
            audience: to,
        };
        let objects = std::iter::once(0..object.len()).collect();
        let receipt = self.node.accept(Submission {
            bytes: Bytes::from(object),
            objects,
            channel: Channel::Local,
            submitter: home.clone(),
            person: None,
            collection: "dialogues".to_owned(),
            marking,
        });
        let receipt = receipt.unwrap();
        std::thread::scope(|scope| {
            let receipt = scope.spawn(|| receipt.wait().unwrap()).join().unwrap();
            assert_eq!(receipt.successes(), 1, "{receipt:?}");
        });
    }
}

fn written(number: u8, author: &ObjectId, text: &str) -> String {
    let at = "2026-11-01T00:00:00.000Z";
    format!(
        r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-0000000000{number:02x}","created":"{at}","modified":"{at}","created_by_ref":"{author}","content":"{text}","object_refs":["{author}"]}}"#
    )
}
