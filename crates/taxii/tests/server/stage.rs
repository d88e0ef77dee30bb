//! A node in a folder, its routes on loopback, a few programs that may come in, and short ways to ask.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use http::StatusCode;
use node::chance::SeededRandom;
use node::clock::ManualClock;
use node::submission::Marking;
use node::{
    Access, Channel, Credentials, Kind, New, NewAccess, Node, Participant, Receipt, Removal,
    Submission,
};
use policy::{Member, Released, Tlp};
use serde_json::Value;
use stix::ObjectId;
use store::{List, Listed, PageQuery, Spliced, Versions};
use taxii::server::{Accepted, Bounds, Host, Shelf, router};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";
/// Stands for the node's own participant among the numbers of organs.
const HOME: u64 = 0;
pub(crate) const NOW: i64 = 1_795_000_000_000_000;
/// A node that is being served; it ends with its value.
pub(crate) struct Stage {
    pub(crate) host: Desk,
    pub(crate) clock: ManualClock,
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.task.abort();
        self.host.node.close();
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The values of a key in the members of `objects`.
    pub(crate) fn each(&self, key: &str) -> Vec<String> {
        let value = self.json();
        let objects = value["objects"].as_array().cloned().unwrap_or_default();
        objects
            .iter()
            .map(|object| object[key].as_str().unwrap_or("-").to_owned())
            .collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.each("name")
    }
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(Bounds::default()).await
    }

    pub(crate) async fn with(bounds: Bounds) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::new(NOW);
        let mut chance = SeededRandom::new(1);
        let new = New {
            participant: "Ministry of Valmora".into(),
            kind: Kind::Organ,
            organ_of: Some("Valmora".into()),
            country: None,
        };
        let root = folder.path().join("node");
        Node::create(&root, &new, &clock, &mut chance).unwrap();
        let node = Node::open(&root, None, Arc::new(clock.clone()), Box::new(chance)).unwrap();
        let host = Desk::new(node).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = router(host.clone(), bounds);
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self {
            host,
            clock,
            address,
            task,
            _folder: folder,
        }
    }

    /// Asks as `who`, whose secret every stage knows.
    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.ask("GET", who, path, &[("accept", TAXII)], "").await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: &str) -> Answer {
        let headers = [("accept", TAXII), ("content-type", TAXII)];
        self.ask("POST", who, path, &headers, body).await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        who: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        if !who.is_empty() {
            head.push_str(&format!("authorization: {}\r\n", self.basic(who)));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        let answer = self.raw(format!("{head}\r\n{body}").as_bytes()).await;
        assert!(method != "HEAD" || answer.body.is_empty());
        answer
    }

    /// Sends bytes and reads the answer.
    pub(crate) async fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // The server may answer and close before all is sent.
        let _ = stream.write_all(request).await;
        read(&mut stream).await
    }

    /// Puts objects into `situation`, readable by the programs of these participants, as an operator would.
    pub(crate) async fn put(&self, readers: &[u64], objects: &[String]) -> Receipt {
        let audience = readers.iter().map(|n| Member::Participant(organ(*n)));
        let marking = Marking {
            tlp: Some(Tlp::AmberStrict),
            audience: audience.collect(),
        };
        self.host.put("situation", marking, objects).await
    }

    /// The credentials of a program; a wrong secret for one that does not exist.
    pub(crate) fn basic(&self, name: &str) -> String {
        basic(name, self.secret(name))
    }

    pub(crate) fn secret(&self, name: &str) -> &str {
        self.host
            .secrets
            .get(name)
            .map_or("wrong horse", String::as_str)
    }

    pub(crate) fn id_of(&self, alias: &str) -> String {
        self.host.node.collection(alias).unwrap().unwrap().id
    }
}

/// Reads one answer to its end.
pub(crate) async fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    // A reset after the answer is no news.
    let _ = end.expect("an answer in time");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers: HashMap<_, _> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Answer {
        status,
        headers,
        body: body.to_owned(),
    }
}

pub(crate) fn basic(name: &str, secret: &str) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{secret}"));
    format!("Basic {text}")
}

pub(crate) fn organ(n: u64) -> ObjectId {
    let id = format!("identity--00000000-0000-4000-8000-{n:012}");
    ObjectId::parse(&id).unwrap()
}

pub(crate) fn tool_id(n: usize) -> String {
    format!("tool--00000000-0000-4000-8000-{n:012}")
}

/// Version `second` of the `n`th tool. The odd blanks and the number have to come back as they are.
pub(crate) fn tool_at(n: usize, modified: &str) -> String {
    format!(
        r#"{{"type":"tool", "spec_version":"2.1","id":"{}","created":"2020-01-01T00:00:00Z","modified":"{modified}","name":"t{n}" ,"x_odd":1.50}}"#,
        tool_id(n)
    )
}

pub(crate) fn tool(n: usize) -> String {
    tool_at(n, "2020-01-01T00:00:00.000Z")
}

pub(crate) fn envelope(objects: &[String]) -> String {
    format!("{{\"objects\":[{}]}}", objects.join(", "))
}

pub(crate) const SITUATION: &str = "/taxii2/root/collections/situation/";

/// The node with the programs that these tests know:
///
/// | name | participant | situation | norms |
/// |---|---|---|---|
/// | `both` | 1 | reads, adds | reads, adds |
/// | `reader` | 2 | reads | |
/// | `writer` | 3 | adds | |
/// | `stranger` | 4 | | reads |
/// | `second` | 1 | reads, adds | |
///
/// It is the node itself, but for a switch that lets it fail and a count of slow checks.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) node: Node,
    secrets: Arc<HashMap<String, String>>,
    /// How many secrets were verified the slow way.
    pub(crate) verified: Arc<Mutex<usize>>,
    /// Lets every read and every change fail.
    pub(crate) broken: Arc<Mutex<bool>>,
}

impl Desk {
    async fn new(node: Node) -> Self {
        for n in 1..=4 {
            let participant = Participant::new(organ(n), &format!("Organ {n}"), Kind::Organ);
            node.add_participant(participant, &node.at_terminal("operator"))
                .await
                .unwrap();
        }
        let mut secrets = HashMap::new();
        for (name, n, read, write) in [
            (
                "both",
                1,
                vec!["situation", "norms"],
                vec!["situation", "norms"],
            ),
            ("reader", 2, vec!["situation"], vec![]),
            ("writer", 3, vec![], vec!["situation"]),
            ("stranger", 4, vec!["norms"], vec![]),
            ("second", 1, vec!["situation"], vec!["situation"]),
            ("keeper", HOME, vec!["situation"], vec!["situation"]),
        ] {
            let whose = if n == HOME {
                node.home().id.clone()
            } else {
                organ(n)
            };
            let new = NewAccess {
                name: name.to_owned(),
                participant: whose.to_string(),
                read: read.into_iter().map(str::to_owned).collect(),
                write: write.into_iter().map(str::to_owned).collect(),
                ..NewAccess::default()
            };
            let granted = node
                .add_access(new, &node.at_terminal("tests"))
                .unwrap()
                .await
                .unwrap();
            secrets.insert(granted.name, granted.secret);
        }
        Self {
            node,
            secrets: Arc::new(secrets),
            verified: Arc::default(),
            broken: Arc::default(),
        }
    }

    fn check(&self) -> Result<()> {
        anyhow::ensure!(!*self.broken.lock().unwrap(), "the disk is gone");
        Ok(())
    }

    pub(crate) async fn put(
        &self,
        collection: &str,
        marking: Marking,
        objects: &[String],
    ) -> Receipt {
        let bytes = Bytes::from(objects.concat());
        let mut at = 0;
        let places = objects.iter().map(|object| {
            at += object.len();
            at - object.len()..at
        });
        let submission = Submission {
            objects: places.collect(),
            bytes: bytes.clone(),
            channel: Channel::Import,
            submitter: self.node.home().id.clone(),
            person: None,
            collection: collection.to_owned(),
            marking,
        };
        let receipt = self.node.accept(submission).unwrap().await.unwrap();
        let refused = receipt.lines.iter().find(|line| !line.outcome.is_success());
        assert_eq!(refused, None);
        receipt
    }
}

impl Host for Desk {
    fn title(&self) -> String {
        self.node.title()
    }

    fn token_key(&self) -> [u8; 32] {
        Host::token_key(&self.node)
    }

    fn now(&self) -> i64 {
        Host::now(&self.node)
    }

    fn recall(&self, shown: &Credentials) -> Option<Arc<Access>> {
        Host::recall(&self.node, shown)
    }

    fn verify_quickly(&self, shown: &Credentials) -> Result<Option<Arc<Access>>> {
        let access = self.node.verify_quickly(shown)?;
        *self.verified.lock().unwrap() += usize::from(access.is_some());
        Ok(access)
    }

    fn begin_try(
        &self,
        name: &str,
        from: Option<std::net::IpAddr>,
    ) -> Result<node::users::Try, node::users::Patience> {
        Host::begin_try(&self.node, name, from)
    }

    fn verify(&self, shown: &Credentials) -> Result<Option<Arc<Access>>> {
        *self.verified.lock().unwrap() += 1;
        self.node.verify(shown)
    }

    fn collections(&self, access: &Access) -> Result<Vec<Shelf>> {
        self.check()?;
        Host::collections(&self.node, access)
    }

    fn collection(&self, access: &Access, name: &str) -> Result<Option<Shelf>> {
        self.check()?;
        Host::collection(&self.node, access, name)
    }

    fn page(
        &self,
        access: &Access,
        query: &PageQuery,
        open: &[u8],
        asked: &str,
    ) -> Result<Released<Spliced>> {
        Host::page(&self.node, access, query, open, asked)
    }

    fn list<L: List>(
        &self,
        access: &Access,
        query: &PageQuery,
        list: L,
    ) -> Result<Released<Listed<L>>> {
        Host::list(&self.node, access, query, list)
    }

    fn nothing_beyond(&self, access: &Access, collection: i64, after: i64) -> bool {
        Host::nothing_beyond(&self.node, access, collection, after)
    }

    fn settled(&self) -> Option<u64> {
        Host::settled(&self.node)
    }

    fn given_again(&self, access: &Access, taken: &node::ledger::Taken<'_>) {
        Host::given_again(&self.node, access, taken);
    }

    fn knows(&self, access: &Access, collection: i64, id: &ObjectId) -> Result<bool> {
        Host::knows(&self.node, access, collection, id)
    }

    async fn accept(&self, access: &Arc<Access>, submission: Submission) -> Result<Accepted> {
        Host::accept(&self.node, access, submission).await
    }

    fn accepted(&self, access: &Access, id: &str) -> Result<Option<Accepted>> {
        self.node.accepted(access, id)
    }

    async fn remove(
        &self,
        access: &Arc<Access>,
        collection: i64,
        id: &ObjectId,
        versions: &Versions,
    ) -> Result<Removal> {
        self.node.remove(access, collection, id, versions).await
    }
}

pub(crate) fn is(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status.as_u16(), "{answer:?}");
}
