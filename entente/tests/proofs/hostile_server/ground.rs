//! Where it happens: the node that polls, an honest peer of it, and the hostile one, whose keys are real.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use node::clock::{Clock as _, SystemClock};
use node::keys::{Introduction as Introduced, Keys};
use node::seal::Seal;
use policy::{Class, Clause, Label, Member, Tlp};
use serde_json::Value;
use stix::{Limits, ObjectId, Timestamp};

use super::heads;
use crate::front::{Does, Front, answer};
use crate::peering::{Introduction, configure, confirm, introduce, participant, peer};
use crate::program::{Ended, Home, Serving, text};
use crate::wire::{Caller, SITUATION};

pub(super) const FIRST: &str = "2020-01-01T00:00:00.000Z";
pub(super) const LATER: &str = "2021-01-01T00:00:00.000Z";

/// Objects that one peer may bring in a day, and that may await a decision, at the node that polls.
pub(super) const A_DAY: usize = 5_000;
pub(super) const AWAITING: usize = 300;

/// A peer that answers what it likes.
pub(super) struct Hostile {
    pub(super) name: &'static str,
    pub(super) id: ObjectId,
    pub(super) front: Front,
    pub(super) keys: Keys,
    pub(super) log: tlog::Key,
    /// Its collection of the situation desk.
    pub(super) situation: String,
    home: Home,
    _serving: Option<Serving>,
}

/// See the module.
pub(super) struct Ground {
    pub(super) arland: Home,
    pub(super) arland_id: ObjectId,
    pub(super) serving: Serving,
    /// The node's own participant, reading.
    pub(super) own: Caller,
    /// A program of the hostile participant, reading.
    pub(super) spy: Caller,
    pub(super) belmark: Home,
    pub(super) belmark_id: ObjectId,
    pub(super) belmark_keys: Keys,
    _belmark_serving: Serving,
    pub(super) malvia: Hostile,
    introduction: Introduction,
    number: AtomicI64,
}

impl Ground {
    pub(super) fn new() -> Self {
        let arland = Home::of("Arland");
        configure(
            &arland,
            &[
                ("poll_seconds = 30", "poll_seconds = 600"),
                ("checkpoint_seconds = 60", "checkpoint_seconds = 1"),
                (
                    "peer_objects_per_day = 1000000",
                    &format!("peer_objects_per_day = {A_DAY}"),
                ),
                (
                    "peer_awaiting = 10000",
                    &format!("peer_awaiting = {AWAITING}"),
                ),
            ],
        );
        let own = arland.let_in("own", "Arland", &["situation"], &[]);
        let spy = arland.let_in("spy", "Malvia", &["situation"], &[]);
        let serving = arland.serve();
        let introduction = introduce(
            &arland,
            "Arland",
            Some(&format!("http://{}", serving.address)),
        );
        let belmark = Home::of("Belmark");
        let belmark_serving = belmark.serve();
        let address = format!("http://{}", belmark_serving.address);
        confirm(&arland, &introduce(&belmark, "Belmark", Some(&address)));
        confirm(&belmark, &introduction);
        let malvia = Hostile::new("Malvia", &arland, &introduction, (true, None));
        Self {
            own: serving.caller(&own),
            spy: serving.caller(&spy),
            arland_id: participant(&arland, "Arland").parse().unwrap(),
            belmark_id: participant(&belmark, "Belmark").parse().unwrap(),
            belmark_keys: node::keys::load(&belmark.dir().join("keys")).unwrap(),
            _belmark_serving: belmark_serving,
            number: AtomicI64::new(0x10_0000),
            arland,
            serving,
            belmark,
            malvia,
            introduction,
        }
    }

    /// Another hostile peer; one that does not serve has only what its front does.
    pub(super) fn another(&self, name: &'static str, serves: bool) -> Hostile {
        Hostile::new(name, &self.arland, &self.introduction, (serves, None))
    }

    /// Another one, which shows no head of its log before it is told to: the node asks by itself as soon as it knows a peer.
    pub(super) fn headless(&self, name: &'static str) -> Hostile {
        let silent = Some(heads::silent());
        Hostile::new(name, &self.arland, &self.introduction, (true, silent))
    }

    /// A number that no object has yet.
    pub(super) fn fresh(&self) -> u64 {
        self.number.fetch_add(1, Ordering::SeqCst) as u64
    }

    /// The node exchanges with a peer now.
    pub(super) fn sync(&self, name: &str) -> Ended {
        self.arland.run(&["sync", "DIR", name, "--json"])
    }

    /// What its list of peers says of one.
    pub(super) fn peer(&self, name: &str) -> Value {
        peer(&self.arland, name)
    }

    /// Whether the log of a peer is marked as one that contradicts itself.
    pub(super) fn is_marked(&self, name: &str) -> bool {
        self.peer(name)["inconsistent"].is_string()
    }

    /// Belmark writes something for Arland.
    pub(super) fn belmark_writes(&self, objects: &[String]) {
        let file = self.belmark.file("objects.json");
        std::fs::write(&file, format!("{{\"objects\":[{}]}}", objects.join(","))).unwrap();
        self.belmark
            .run(&[
                "import",
                "DIR",
                text(&file),
                "--tlp",
                "AMBER+STRICT",
                "--for",
                "Arland",
            ])
            .with(0);
    }

    /// The bytes of an object that somebody sees at Arland's node.
    pub(super) fn seen(&self, by: &Caller, id: &str) -> Option<String> {
        let answer = by
            .get(&format!("{SITUATION}objects/{id}/?match[version]=all"))
            .ok()?;
        (answer.status == 200).then(|| answer.text())
    }

    /// The lines of a list that a person sees.
    pub(super) fn list(&self, what: &str) -> Vec<Value> {
        let shown = self
            .arland
            .run(&[what, "list", "DIR", "--json"])
            .with(0)
            .json();
        shown
            .as_array()
            .unwrap_or_else(|| panic!("{shown}"))
            .clone()
    }

    /// The honest peer's next record arrives, byte for byte.
    pub(super) fn neighbor_is_served(&self) -> Result<(), String> {
        let number = self.fresh();
        let object = tool(number, FIRST, "");
        self.belmark_writes(std::slice::from_ref(&object));
        let told = self.sync("Belmark");
        if told.code != Some(0) {
            return Err(format!("the honest peer is not reached: {}", told.out));
        }
        match self.seen(&self.own, &id("tool", number)) {
            Some(text) if text.contains(&object) => Ok(()),
            other => Err(format!(
                "the honest peer's record did not arrive: {other:?}"
            )),
        }
    }
}

impl Hostile {
    fn new(
        name: &'static str,
        arland: &Home,
        introduction: &Introduction,
        (serves, first): (bool, Option<Does>),
    ) -> Self {
        let home = Home::of(name);
        let front = Front::new();
        if let Some(first) = first {
            front.does(first);
        }
        confirm(&home, introduction);
        let serving = serves.then(|| home.serve());
        if let Some(serving) = &serving {
            front.stands_before(&serving.address);
        }
        let own = introduce(&home, name, Some(&front.url()));
        let introduced = Introduced::read(&std::fs::read(&own.file).unwrap()).unwrap();
        let collections = home
            .run(&["collection", "list", "DIR", "--json"])
            .with(0)
            .json();
        let situation = collections
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["alias"] == "situation");
        let situation = situation.unwrap()["id"].as_str().unwrap().to_owned();
        if serves {
            confirm(arland, &own);
        }
        Self {
            name,
            id: participant(&home, name).parse().unwrap(),
            keys: node::keys::load(&home.dir().join("keys")).unwrap(),
            log: introduced.log().clone(),
            front,
            situation,
            _serving: serving,
            home,
        }
    }

    /// A node confirms it, as it is.
    pub(super) fn is_confirmed_by(&self, other: &Home) {
        self.is_confirmed_at(other, &self.front.url());
    }

    /// A node confirms it, at another address than its own.
    pub(super) fn is_confirmed_at(&self, other: &Home, address: &str) {
        confirm(other, &introduce(&self.home, self.name, Some(address)));
    }

    /// Answers the next questions for the situation's pages with this, and everything else as the node behind does.
    pub(super) fn pages(&self, make: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static) -> Does {
        let situation = self.situation.clone();
        let count = AtomicI64::new(0);
        Arc::new(move |asked, stream| {
            if !asked.is_page_of(&situation) {
                return Ok(false);
            }
            let page = make(count.fetch_add(1, Ordering::SeqCst) as usize);
            std::io::Write::write_all(stream, &page)?;
            Ok(true)
        })
    }
}

/// One page with these objects, and no more after it.
pub(super) fn last_page(objects: &[String]) -> Vec<u8> {
    page(objects, "\"more\":false", &now())
}

/// A page; `rest` is what the envelope says beside its objects.
pub(super) fn page(objects: &[String], rest: &str, added: &str) -> Vec<u8> {
    let body = format!("{{{rest},\"objects\":[{}]}}", objects.join(","));
    let headers = [
        ("X-TAXII-Date-Added-First", added),
        ("X-TAXII-Date-Added-Last", added),
    ];
    answer(200, &headers, body.as_bytes())
}

pub(super) fn now() -> String {
    Timestamp::from_micros(micros()).to_string()
}

pub(super) fn micros() -> i64 {
    SystemClock.now()
}

pub(super) fn id(kind: &str, n: u64) -> String {
    format!("{kind}--00000000-0000-4000-8000-{n:012x}")
}

/// An object that names no author unless `rest` does.
pub(super) fn tool(n: u64, modified: &str, rest: &str) -> String {
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"{}","created":"{FIRST}","modified":"{modified}","name":"tool {n}"{rest}}}"#,
        id("tool", n)
    )
}

/// The same by an author.
pub(super) fn by(author: &ObjectId, n: u64, modified: &str) -> String {
    tool(n, modified, &format!(r#","created_by_ref":"{author}""#))
}

/// AMBER+STRICT of this author, for nobody else or for one more.
pub(super) fn label(author: &ObjectId, tlp: Tlp, to: Option<&ObjectId>) -> Label {
    let mut clause = Clause::own(tlp, author.clone());
    clause.audience = to.into_iter().cloned().map(Member::Participant).collect();
    Label::always(Class::of(clause))
}

/// A seal beside an object, by these keys.
pub(super) fn seal(object: &str, author: &ObjectId, keys: &Keys, label: &Label) -> String {
    let object = stix::check(object.as_bytes(), &Limits::default()).unwrap();
    let seal = Seal::beside(&object, label, author, &keys.seal, micros()).unwrap();
    seal.record().unwrap()
}
