//! Who asks, and what there is to ask about: records of every type of the desk, for everybody of the house, for those named, for others.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{
    Activity, Appraisal, Arrangement, Commitment, Demarche, Dialogue, Draft, Event, NewPiece,
    Session, Strand, Text,
};
use dialogues::register::Register;
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use node::chance::SeededRandom;
use node::users::{NewUser, Once, Role};
use serde_json::{Value, json};
use site::{Right, Route, SetUp, Settings, Site, Who};
use stix::marking::{Audience, TlpName};
use stix::{ObjectId, Timestamp};

use stage::Bench;

/// Somebody with roles, or nobody.
pub(crate) struct Caller {
    pub(crate) roles: Vec<Role>,
    pub(crate) person: Option<ObjectId>,
    cookie: String,
}

impl Caller {
    /// What the address declares about this caller: 401, 403, or that they may.
    pub(crate) fn declared(&self, route: &Route) -> Option<StatusCode> {
        let may = |right: Right| self.roles.iter().any(|role| role.rights().contains(&right));
        match route.who {
            Who::Everyone => None,
            _ if self.person.is_none() => Some(StatusCode::UNAUTHORIZED),
            Who::Choosing | Who::SignedIn => None,
            Who::Role(role) => (!self.roles.contains(&role)).then_some(StatusCode::FORBIDDEN),
            Who::May(right) => (!may(right)).then_some(StatusCode::FORBIDDEN),
        }
    }

    /// Whether a role of theirs reads records.
    pub(crate) fn reads(&self) -> bool {
        self.roles
            .iter()
            .any(|role| role.rights().contains(&Right::Read))
    }
}

/// The ids of one record of each type, by type.
pub(crate) type Lot = BTreeMap<&'static str, ObjectId>;

/// A house with everything, and its pages.
pub(crate) struct World {
    pub(crate) bench: Bench,
    pub(crate) site: Site,
    router: axum::Router,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

fn made<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        let bench = Bench::new(&Dialogues);
        bench.node.complete_set_up().await.unwrap();
        let set_up = SetUp::of(&bench.node, &mut SeededRandom::new(8)).unwrap();
        let desks: Vec<Box<dyn site::Desk>> = vec![Box::new(Dialogues)];
        let (site, router) = Site::mount(&bench.node, &set_up, desks, Settings::default());
        Self {
            bench,
            site,
            router,
        }
    }

    /// Somebody new with these roles.
    pub(crate) async fn caller(&self, name: &str, roles: &[Role]) -> Caller {
        let operator = self.bench.node.at_terminal("tests");
        let new = NewUser {
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            ..NewUser::default()
        };
        let person = self.bench.node.admit(new, &operator).await.unwrap();
        let mut caller = Caller {
            roles: roles.to_vec(),
            person: Some(person),
            cookie: String::new(),
        };
        self.enter(&mut caller).await;
        caller
    }

    /// Lets somebody in again, whose session a form has ended.
    pub(crate) async fn enter(&self, caller: &mut Caller) {
        let Some(person) = &caller.person else {
            return;
        };
        let operator = self.bench.node.at_terminal("tests");
        let code = self
            .bench
            .node
            .one_time(person, Once::Link, &operator)
            .await;
        let key = code.unwrap().secret.to_string();
        let request = Request::post("/enter")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("secret-key={key}")))
            .unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let entered = service.call(request).await.unwrap();
        let cookie = entered.headers()["set-cookie"].to_str().unwrap();
        caller.cookie = cookie.split(';').next().unwrap().to_owned();
    }

    /// One for each role, and nobody.
    pub(crate) async fn callers(&self) -> Vec<Caller> {
        let mut all = vec![Caller {
            roles: Vec::new(),
            person: None,
            cookie: String::new(),
        }];
        for role in Role::ALL {
            all.push(self.caller(&format!("One {role}"), &[role]).await);
        }
        all
    }

    pub(crate) async fn ask(
        &self,
        caller: &Caller,
        method: &Method,
        path: &str,
        body: &str,
    ) -> Answer {
        let kind = match path.starts_with("/api/") {
            true => "application/json",
            false => "application/x-www-form-urlencoded",
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &caller.cookie)
            .header("sec-fetch-site", "same-origin")
            .header("accept-language", "en")
            .header("content-type", kind)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let (parts, body) = service.call(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// How many entries the log has: what writes makes it grow.
    pub(crate) fn size(&self) -> u64 {
        self.bench.node.head().unwrap().map_or(0, |head| head.size)
    }

    /// One record of each type with a word in its titles, for those named; for all of the house where none is.
    pub(crate) fn write(&self, word: &str, by: Option<&ObjectId>, named: &[ObjectId]) -> Lot {
        let node = &self.bench.node;
        let label = match named {
            [] => Label::Ours,
            named => Label::To(
                TlpName::Red,
                named.iter().cloned().map(Audience::Identity).collect(),
            ),
        };
        let mut batch = Batch::new(node, by.cloned(), label);
        let home = node.home().id.to_string();
        let mut lot = Lot::new();
        let series: Dialogue = made(json!({
            "name": format!("{word} Dialogue"), "parties": [home, "KE"], "description": word
        }));
        let series = batch.add(NewPiece::of(series)).unwrap().id;
        let session: Session = made(json!({
            "dialogue_ref": series, "parties": [home, "KE"], "starts": "2027-03-01T00:00:00Z",
            "state": "planned", "title": format!("{word} session")
        }));
        let session = batch.add(NewPiece::of(session)).unwrap().id;
        let text: Text = made(json!({
            "title": format!("{word} statement"), "standing": "joint", "kind": "dialogue_statement", "normal": word,
            "content": format!("Both sides will speak of {word}."), "published": "2026-11-02T00:00:00Z",
            "session_ref": session, "dialogue_ref": series
        }));
        let text = batch.add(NewPiece::of(text)).unwrap().id;
        let commitment: Commitment = made(json!({
            "words": format!("will name a {word}"), "act": "commitment", "actors": [home], "strength": 3,
            "standing": "joint", "dialogue_ref": series, "session_ref": session, "text_ref": text,
            "due": "2027-01-31", "due_by": "2027-01-31T00:00:00Z", "topics": ["cooperation"]
        }));
        let commitment = batch.add(NewPiece::of(commitment)).unwrap().id;
        let appraisal: Appraisal = made(json!({
            "about_ref": commitment, "of": home, "by": home, "basis": format!("What {word} says"), "account": word
        }));
        let appraisal = batch.add(NewPiece::of(appraisal)).unwrap().id;
        let draft_id = node.new_id("draft").unwrap();
        let draft: Draft = made(json!({
            "title": format!("{word} elements"), "round": 1, "side": home, "session_ref": session, "draft_ref": draft_id,
            "dialogue_ref": series, "parties": [home, "KE"],
            "passages": [{ "mark": "p1", "words": format!("The sides speak of {word}."), "state": "proposed", "by": home }]
        }));
        let mut draft = NewPiece::of(draft);
        draft.of = Some((draft_id, Timestamp::from_micros(node.now())));
        let draft = batch.add(draft).unwrap().id;
        let arrangement: Arrangement = made(json!({
            "name": format!("{word} arrangement"), "parties": [home, "KE"], "dialogue_ref": series,
            "serves_refs": [commitment]
        }));
        let arrangement = batch.add(NewPiece::of(arrangement)).unwrap().id;
        let strand: Strand =
            made(json!({ "arrangement_ref": arrangement, "name": format!("{word} strand") }));
        let strand = batch.add(NewPiece::of(strand)).unwrap().id;
        let activity: Activity = made(json!({
            "part_of_ref": strand, "name": format!("{word} activity"), "progress": "planned",
            "due": "2027-02-01", "due_by": "2027-02-01T00:00:00Z", "serves_refs": [commitment]
        }));
        let activity = batch.add(NewPiece::of(activity)).unwrap().id;
        let event: Event = made(json!({
            "name": format!("{word} event"), "starts": "2027-02-03T00:00:00Z", "dialogue_ref": series,
            "serves_refs": [commitment]
        }));
        let event = batch.add(NewPiece::of(event)).unwrap().id;
        let demarche: Demarche = made(json!({
            "towards": "TP", "by": [home], "subject": format!("{word} demarche"),
            "at": "2027-02-04T00:00:00Z", "dialogue_ref": series
        }));
        let demarche = batch.add(NewPiece::of(demarche)).unwrap().id;
        for (kind, id) in [
            ("dialogue", series),
            ("session", session),
            ("report", text),
            ("commitment", commitment),
            ("appraisal", appraisal),
            ("draft", draft),
            ("arrangement", arrangement),
            ("strand", strand),
            ("activity", activity),
            ("event", event),
            ("demarche", demarche),
        ] {
            lot.insert(kind, id);
        }
        batch.send().unwrap();
        self.bench.later(1);
        if named.is_empty() {
            let read = Register::at_home(&self.bench.node).one::<Commitment>(&lot["commitment"]);
            assert!(read.unwrap().is_some(), "the house has what is its own");
        }
        lot
    }
}

/// Ids that nothing has.
pub(crate) fn absent(like: &Lot) -> Lot {
    let id = |kind: &str| format!("{kind}--00000000-0000-4000-8000-00000000dead");
    like.keys()
        .map(|kind| (*kind, ObjectId::parse(&id(kind)).unwrap()))
        .collect()
}
