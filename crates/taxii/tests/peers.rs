//! Two nodes over HTTP on this machine: what is written for a peer is there at once, because it is poked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use node::chance::SystemRandom;
use node::clock::SystemClock;
use node::config::Config;
use node::peers::Exchanging;
use node::submission::{Channel, Marking, Submission};
use node::{Kind, New, Node};
use policy::{Member, Purpose, Tlp};
use stix::ObjectId;
use tempfile::TempDir;

struct Running {
    node: Node,
    address: SocketAddr,
    _exchanging: Exchanging,
    _folder: TempDir,
}

async fn start(name: &str) -> Running {
    // They are all on this machine, also for the one that names no address.
    let config = Config {
        local_peers: Some(true),
        ..Config::default()
    };
    start_with(name, Some(config)).await
}

async fn start_with(name: &str, config: Option<Config>) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node");
    let new = New {
        participant: name.to_owned(),
        kind: Kind::Organ,
        organ_of: None,
        country: None,
    };
    let mut chance = SystemRandom::new().unwrap();
    Node::create(&path, &new, &SystemClock, &mut chance).unwrap();
    let node = Node::open(&path, config, Arc::new(SystemClock), Box::new(chance)).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = taxii::server::router(node.clone(), taxii::server::Bounds::of(node.config()))
        .merge(taxii::peer_routes::router(node.clone()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let wire = taxii::wire::Peers::new(None, node.clock());
    Running {
        _exchanging: node.start_exchange(Arc::new(wire)),
        node,
        address,
        _folder: folder,
    }
}

/// `to` comes to know `who`; with no address, it can only be called by it.
fn introduce(who: &Running, to: &Running, reachable: bool) {
    let addresses = match reachable {
        true => vec![format!("http://{}", who.address)],
        false => Vec::new(),
    };
    let file = who
        .node
        .introduce(addresses, &who.node.at_terminal("operator"))
        .wait()
        .unwrap()
        .file();
    let introduced = to
        .node
        .add_peer(file.as_bytes(), &to.node.at_terminal("operator"))
        .unwrap();
    let words = who.node.own_words().unwrap().unwrap().in_english();
    to.node
        .confirm_peer(
            &introduced.participant,
            &words,
            &to.node.at_terminal("operator"),
        )
        .unwrap();
}

fn write(from: &Running, to: &Running, number: u32) -> ObjectId {
    let home = &from.node.home().id;
    let id = format!("note--00000000-0000-4000-8000-{number:012}");
    let text = format!(
        r#"{{"type":"note","spec_version":"2.1","id":"{id}","created_by_ref":"{home}","created":"2026-11-21T12:00:00Z","modified":"2026-11-21T12:00:00Z","content":"x","object_refs":["{home}"]}}"#
    );
    let submission = Submission {
        objects: std::iter::once(0..text.len()).collect(),
        bytes: text.into(),
        channel: Channel::Local,
        submitter: home.clone(),
        person: None,
        collection: "situation".to_owned(),
        marking: Marking {
            tlp: Some(Tlp::AmberStrict),
            audience: vec![Member::Participant(to.node.home().id.clone())],
        },
    };
    let receipt = from.node.accept(submission).unwrap().wait().unwrap();
    assert_eq!(receipt.successes(), 1);
    id.parse().unwrap()
}

/// Waits for the commit that brings it.
async fn arrived(at: &Running, id: &ObjectId) -> Duration {
    let begun = Instant::now();
    let mut news = at.node.news();
    let wait = async {
        while at
            .node
            .object(&at.node.home_viewer(), Purpose::Show, id)
            .unwrap()
            .is_none()
        {
            news.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .unwrap_or_else(|_| panic!("{id} never arrived: {:?}", at.node.peers().unwrap()));
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_for_a_peer_arrives_because_the_peer_is_poked() {
    let (a, b) = (start("Aland").await, start("Borea").await);
    let (a, b) = tokio::task::spawn_blocking(move || {
        introduce(&a, &b, true);
        introduce(&b, &a, true);
        (a, b)
    })
    .await
    .unwrap();
    let mut waits = Vec::new();
    for number in 0..5 {
        let (from, to) = if number % 2 == 0 { (&a, &b) } else { (&b, &a) };
        let id = tokio::task::block_in_place(|| write(from, to, number));
        waits.push(arrived(to, &id).await);
    }
    waits.sort();
    // Without a poke it would take the thirty seconds to the next poll.
    assert!(waits[2] < Duration::from_secs(1), "{waits:?}");
    let peer = &b.node.peers().unwrap()[0];
    assert!(
        peer.last_contact.is_some() && peer.last_error.is_none(),
        "{peer:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_be_reached_gives_and_fetches_by_itself() {
    let (a, b) = (start("Aland").await, start("Borea").await);
    let (a, b) = tokio::task::spawn_blocking(move || {
        introduce(&a, &b, false);
        introduce(&b, &a, true);
        (a, b)
    })
    .await
    .unwrap();
    let given = tokio::task::block_in_place(|| write(&a, &b, 1));
    arrived(&b, &given).await;
    let kept = tokio::task::block_in_place(|| write(&b, &a, 2));
    // Nobody can poke it: it fetches when its time comes, or when it is told to.
    let wire = taxii::wire::Peers::new(None, a.node.clock());
    a.node.sync(&wire, &b.node.home().id).await.unwrap();
    assert!(
        a.node
            .object(&a.node.home_viewer(), Purpose::Show, &kept)
            .unwrap()
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_pushes_more_than_it_may_is_told_when_to_come_again() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut config = Config::default();
    config.limits.peer_objects_per_day = 2;
    let a = start_with("Aland", Some(config)).await;
    let b = start("Borea").await;
    let (a, b) = tokio::task::spawn_blocking(move || {
        introduce(&a, &b, false);
        introduce(&b, &a, false);
        (a, b)
    })
    .await
    .unwrap();
    let push = |number: u32| {
        let token = b.node.token_for(&a.node.home().id).unwrap();
        let collection = a.node.collection("situation").unwrap().unwrap().id;
        let body = format!(
            r#"{{"objects":[{{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-{number:012}","created":"2026-11-21T12:00:00Z","modified":"2026-11-21T12:00:00Z","name":"x"}}]}}"#
        );
        let request = format!(
            "POST /taxii2/root/collections/{collection}/objects/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             authorization: Bearer {token}\r\naccept: application/taxii+json;version=2.1\r\n\
             content-type: application/taxii+json;version=2.1\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let address = a.address;
        async move {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        }
    };
    for number in [1, 2] {
        let answer = push(number).await;
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    }
    let answer = push(3).await;
    assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
    let head = answer.to_lowercase();
    let after = head.split("retry-after: ").nth(1).unwrap();
    let seconds: u32 = after.split("\r\n").next().unwrap().parse().unwrap();
    assert!((1..=86_401).contains(&seconds), "{answer}");
    assert!(
        answer.contains("Nothing of this request was kept"),
        "{answer}"
    );
    let id = "tool--00000000-0000-4000-8000-000000000003"
        .parse()
        .unwrap();
    let held = a.node.object(&a.node.home_viewer(), Purpose::Show, &id);
    assert!(held.unwrap().is_none());
}
