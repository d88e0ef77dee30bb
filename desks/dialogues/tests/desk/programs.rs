//! The desk's operations for programs: each is asked, and every answer is held against the document that the node serves.

mod sessions;

use std::collections::BTreeSet;
use std::sync::Mutex;

use axum::body::Body;
use axum::http::Request;
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, FollowUp, NewPiece, Piece, Session, Text};
use dialogues::register::Register;
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use node::chance::SeededRandom;
use node::users::{NewToken, NewUser, Once, Role, Scope};
use serde_json::{Value, json};
use site::api::{example, held, requests};
use site::{SetUp, Settings, Site};
use stage::Bench;
use stix::marking::TlpName;

struct Programs {
    bench: Bench,
    router: axum::Router,
    document: Value,
    token: String,
    seen: Mutex<BTreeSet<String>>,
    /// The tag of what was answered last.
    tag: Mutex<String>,
}

impl Programs {
    async fn new() -> Self {
        let bench = Bench::new(&Dialogues);
        let node = &bench.node;
        node.complete_set_up().await.unwrap();
        let set_up = SetUp::of(node, &mut SeededRandom::new(8)).unwrap();
        let desks: Vec<Box<dyn site::Desk>> = vec![Box::new(Dialogues)];
        let (site, router) = Site::mount(node, &set_up, desks, Settings::default());
        assert_eq!(site.astray(), Vec::<String>::new());
        let operator = node.at_terminal("tests");
        let new = NewUser {
            name: "Tester".to_owned(),
            roles: Role::ALL.into_iter().collect(),
            ..NewUser::default()
        };
        let id = node.admit(new, &operator).await.unwrap();
        let code = node.one_time(&id, Once::Link, &operator).await.unwrap();
        let me = node.redeem(&code.secret, "tests").await.unwrap().actor;
        let new = NewToken {
            name: "tests".to_owned(),
            scope: Scope::Write,
            days: 300,
        };
        let token = node.add_token(new, &me).await.unwrap().to_string();
        Self {
            router,
            document: site.described().clone(),
            token,
            seen: Mutex::default(),
            tag: Mutex::default(),
            bench,
        }
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: &str,
    ) -> (u16, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("accept-language", "en");
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let (parts, body) = service.call(request).await.unwrap().into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let status = parts.status.as_u16();
        let media = parts.headers["content-type"].to_str().unwrap();
        if let Some(tag) = parts.headers.get("etag") {
            tag.to_str()
                .unwrap()
                .clone_into(&mut self.tag.lock().unwrap());
        }
        match held(&self.document, (method, path), (status, media, &body)) {
            Ok(name) if status < 300 => {
                self.seen.lock().unwrap().insert(name);
            }
            Ok(_) => {}
            Err(faults) => panic!("{method} {path}: {faults:#?}"),
        }
        (status, serde_json::from_str(&body).unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, value) = self.ask("GET", path, &[], "").await;
        assert_eq!(status, 200, "{path}: {value}");
        value
    }

    /// A series with its session, text, and commitments by us and by the other side: our commitment, and the series.
    fn fill(&self) -> (String, String) {
        let node = &self.bench.node;
        let mut batch = Batch::new(node, None, Label::Ours);
        let home = node.home().id.to_string();
        let series: Dialogue =
            made(json!({ "name": "Valmora-Kestria Cyber Dialogue", "parties": [home, "KE"] }));
        let series = batch.add(NewPiece::of(series)).unwrap().id.to_string();
        let session: Session = made(json!({
            "dialogue_ref": series, "parties": [home, "KE"], "starts": "2026-03-01T00:00:00Z", "state": "held"
        }));
        let session = batch.add(NewPiece::of(session)).unwrap().id.to_string();
        let text: Text = made(json!({
            "title": "Joint statement", "standing": "joint", "kind": "dialogue_statement", "normal": "00",
            "content": "Both sides will.", "published": "2026-03-02T00:00:00Z", "session_ref": session
        }));
        let text = batch.add(NewPiece::of(text)).unwrap().id.to_string();
        let promise = |actor: &str, due: &str| -> Commitment {
            made(json!({
                "words": "will name a contact point", "act": "commitment", "actors": [actor], "strength": 3,
                "standing": "joint", "dialogue_ref": series, "text_ref": text, "due_by": due
            }))
        };
        let ours = promise(&home, "2026-12-31T00:00:00Z");
        let ours = batch.add(NewPiece::of(ours)).unwrap().id.to_string();
        let theirs = promise("KE", "2028-12-31T00:00:00Z");
        batch.add(NewPiece::of(theirs)).unwrap();
        batch.send().unwrap();
        (ours, series)
    }
}

fn made<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn count(value: &Value) -> usize {
    value["items"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_of_the_desk_answers_as_the_document_says() {
    let all = Programs::new().await;
    let (commitment, series) = tokio::task::block_in_place(|| all.fill());
    let base = "/api/v1/dialogues";
    let listed = all.get(&format!("{base}/series")).await;
    assert_eq!(listed["items"][0]["id"], series.as_str());
    for path in [
        format!("sessions?series={series}"),
        "sessions".into(),
        "texts".into(),
    ] {
        assert_eq!(
            count(&all.get(&format!("{base}/{path}")).await),
            1,
            "{path}"
        );
    }
    for (query, wanted) in [
        ("", 2),
        ("?actor=KE", 1),
        ("?due_before=2027-01-01T00:00:00Z", 1),
        (
            "?due_from=2027-01-01T00:00:00Z&due_before=2030-01-01T00:00:00Z",
            1,
        ),
        ("?due_before=2030-01-01T00:00:00Z&actor=FR", 0),
    ] {
        let found = all.get(&format!("{base}/commitments{query}")).await;
        assert_eq!(count(&found), wanted, "{query}: {found}");
    }
    // Page by page, each once.
    let path = format!("{base}/commitments?limit=1&series={series}");
    let first = all.get(&path).await;
    let next = first["next"].as_str().unwrap();
    let second = all.get(&format!("{path}&cursor={next}")).await;
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    for path in [
        "commitments?cursor=zz",
        "commitments?due_before=tomorrow",
        "series?limit=1000",
    ] {
        let (status, problem) = all.ask("GET", &format!("{base}/{path}"), &[], "").await;
        let code = json!("urn:entente:problem:unreadable");
        assert_eq!((status, &problem["type"]), (400, &code), "{path}");
    }
    let one = format!("{base}/commitments/{commitment}");
    assert_eq!(all.get(&one).await["says"]["strength"], 3);
    let id = commitment.parse().unwrap();
    let page = Register::at_home(&all.bench.node)
        .one::<Commitment>(&id)
        .unwrap();
    assert!(page.is_some(), "the pages see it too");
    let nowhere = format!("{base}/commitments/commitment--00000000-0000-4000-8000-000000000000");
    assert_eq!(all.ask("GET", &nowhere, &[], "").await.0, 404);

    // What became of it, stated once; stated anew it is a version of the same record.
    let evidence = json!({ "title": "Note", "url": "https://arland.example/1" });
    let said = json!({ "state": "under_way", "account": "It begins.", "evidence": evidence });
    let said = said.to_string();
    let key = [("idempotency-key", "f-1")];
    let path = format!("{one}/follow-ups");
    let (status, stated) = all.ask("POST", &path, &key, &said).await;
    assert_eq!(status, 201, "{stated}");
    assert_eq!(
        all.ask("POST", &path, &key, &said).await,
        (201, stated.clone())
    );
    all.bench.later(86_400);
    let done = json!({ "state": "implemented" }).to_string();
    assert_eq!(all.ask("POST", &path, &[], &done).await.1, stated);
    let told = all.get(&path).await;
    let state = |told: &Value| told["items"][0]["says"]["state"].clone();
    assert_eq!(
        (count(&told), state(&told), &told["next"]),
        (1, json!("implemented"), &Value::Null)
    );
    // Without a label, the one in force stays: here that of who has it, which a program's word goes on waiting for.
    let kestria = "identity--00000000-0000-4000-8000-00000000000a";
    let node = &all.bench.node;
    let other = node::Participant::new(kestria.parse().unwrap(), "Kestria", node::Kind::State);
    let operator = node.at_terminal("tests");
    node.add_participant(other, &operator).await.unwrap();
    let id: stix::ObjectId = stated["id"].as_str().unwrap().parse().unwrap();
    let known = Register::at_home(node).one::<FollowUp>(&id).unwrap();
    let known = known.unwrap().into_inner();
    let named = vec![stix::marking::Audience::Identity(kestria.parse().unwrap())];
    all.bench.later(60);
    let mut batch = Batch::new(node, None, Label::To(TlpName::AmberStrict, named));
    batch.add(known.revised(known.what.clone())).unwrap();
    tokio::task::block_in_place(|| batch.send()).unwrap();
    let theirs = node.viewer_of(&kestria.parse().unwrap(), true);
    let had = || {
        let stood = node.stood(&theirs, policy::Purpose::Relay, &id).unwrap();
        stood.map(|stood| stood.into_inner().record.body)
    };
    let before = had();
    assert!(before.is_some(), "it has the account");
    all.bench.later(60);
    let again = json!({ "state": "implemented", "account": "By a program" }).to_string();
    assert_eq!(all.ask("POST", &path, &[], &again).await.0, 201);
    assert_eq!(had(), before, "it keeps what it has");
    let asked = node.clearance().asked_for(&node.home_viewer(), &id);
    assert!(asked.unwrap().is_some(), "the new one waits for a person");
    // However many there are, they come page by page.
    let mut batch = Batch::new(&all.bench.node, None, Label::Ours);
    let about = one.rsplit('/').next().unwrap();
    let what = json!({ "about_ref": about, "state": "under_way", "side": "EU" });
    for _ in 0..2 {
        batch
            .add(NewPiece::of(made::<FollowUp>(what.clone())))
            .unwrap();
    }
    tokio::task::block_in_place(|| batch.send()).unwrap();
    let (mut way, mut found) = (format!("{path}?limit=1"), BTreeSet::new());
    loop {
        let told = all.get(&way).await;
        assert_eq!(count(&told), 1, "{told}");
        found.insert(told["items"][0]["id"].as_str().unwrap().to_owned());
        let Some(next) = told["next"].as_str() else {
            break;
        };
        way = format!("{path}?limit=1&cursor={next}");
    }
    assert_eq!(found.len(), 3);
    // What somebody writes in the name of a side that is not theirs is listed, and does not count.
    assert_eq!(all.get(&path).await["items"][0]["counts"], true);
    let other = "identity--00000000-0000-4000-8000-0000000000bb";
    let node = &all.bench.node;
    let mut batch = Batch::new(node, None, Label::Ours);
    let piece = batch.add(NewPiece::of(made::<FollowUp>(what))).unwrap();
    let theirs = Piece {
        id: node.new_id("follow-up").unwrap(),
        author: other.parse().unwrap(),
        ..piece
    };
    let (desk, tlp) = (dialogues::DESK, TlpName::AmberStrict);
    all.bench.imported(desk, &theirs, tlp).await;
    let told = all.get(&path).await;
    let told = told["items"].as_array().unwrap();
    let counts = |one: &Value| one["counts"].as_bool().unwrap();
    let of = |one: &Value| one["author"] == other;
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|one| counts(one) != of(one)), "{told:?}");
    for one in told {
        let why = one["why_not"].as_str().unwrap_or_default();
        assert_eq!(why.contains(other) && why.contains("EU"), of(one), "{one}");
    }
    for (body, status) in [
        (json!({ "state": "perhaps" }), 422),
        (
            json!({ "state": "implemented", "evidence": { "title": "x", "url": "http://x" } }),
            422,
        ),
        (json!({ "state": "implemented", "other": 1 }), 400),
        (
            json!({ "state": "implemented", "label": { "tlp": "GREEN" } }),
            403,
        ),
    ] {
        let (got, problem) = all.ask("POST", &path, &[], &body.to_string()).await;
        assert_eq!(got, status, "{body}: {problem}");
    }

    // Of what others committed to there is no part of ours to state.
    let theirs = all.get(&format!("{base}/commitments?actor=KE")).await;
    let theirs = theirs["items"][0]["id"].as_str().unwrap().to_owned();
    let of_theirs = format!("{base}/commitments/{theirs}/follow-ups");
    assert_eq!(all.ask("POST", &of_theirs, &[], &done).await.0, 409);
    assert_eq!(count(&all.get(&of_theirs).await), 0);

    let session = sessions::entered_and_changed(&all, &series).await;

    // The examples of the manual.
    let manual = include_str!("../../../../docs/api.md");
    let mut tried = 0;
    for line in requests(manual) {
        let tag = all.tag.lock().unwrap().clone();
        let variables = [
            ("NODE", ""),
            ("TOKEN", "a-token"),
            ("RECORD", ""),
            ("PARTICIPANT", ""),
            ("ETAG", &*tag),
            ("COMMITMENT", &commitment),
            ("SERIES", &series),
            ("SESSION", &session),
        ];
        let example = example(&stage::shell::words(&line, &variables));
        if !example.path.contains("/dialogues/") {
            continue;
        }
        all.bench.later(86_400);
        let (path, body) = (example.path, example.body);
        let tag = all.tag.lock().unwrap().clone();
        let tag = [("if-match", &*tag)];
        let more = if example.method == "PUT" {
            &tag[..]
        } else {
            &[]
        };
        let (status, value) = all.ask(&example.method, &path, more, &body).await;
        assert!(status < 300, "{} {path}: {value}", example.method);
        tried += 1;
    }
    assert_eq!(tried, 7);
    let paths = all.document["paths"].as_object().unwrap();
    let stated: BTreeSet<String> = paths
        .iter()
        .filter(|(path, _)| path.starts_with(base))
        .flat_map(|(_, path)| path.as_object().unwrap().values())
        .map(|one| one["operationId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(*all.seen.lock().unwrap(), stated);
}
