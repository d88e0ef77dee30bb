//! A program with access that misbehaves in every way we could think of. Each way has a name and an outcome: refused, quarantined with
//! its reason, in front of a person with its reason, or harmless. After each, the node is well and an honest program is answered.

mod cases;
mod deliveries;
mod requests;

use std::io::Write;
use std::net::TcpStream;

use crate::dice::Dice;
use crate::program::{Access, Home, Serving, text};
use crate::wire::{Answer, Caller, SITUATION, TAXII};

/// How much more memory the node may hold after all this.
const MEMORY: u64 = 256 << 20;
/// Connections that stay open with half a request while everything else happens.
const DRIPS: usize = 60;

/// What a misbehavior comes to.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// The request is refused with one of these codes, and nothing is kept of it.
    Refused(&'static [u16]),
    /// The object is refused, its neighbor accepted; the quarantine shows a reason with these words.
    Quarantined(&'static str),
    /// The object waits for a person with a reason in these words, its neighbor is accepted.
    Awaiting(&'static str),
    /// The object is one that its sender may not see: the answer is that for a new one, and it waits for a person with a reason in
    /// these words.
    Unseen(&'static str),
    /// It is taken, or answered, and changes nothing for anybody else: see the promises at the end.
    Harmless,
    /// There is no answer to speak of: the connection ends.
    HungUp,
}

/// A misbehavior.
struct Case {
    name: &'static str,
    sends: Sends,
    comes_to: Outcome,
}

/// How it is done.
enum Sends {
    /// An object in an envelope, with an honest neighbor.
    Object(fn(&Ground) -> Vec<u8>),
    /// Anything else.
    Request(fn(&Ground) -> std::io::Result<Answer>),
}

/// Where it happens.
struct Ground {
    home: Home,
    participant: String,
    hostile: Caller,
    honest: Caller,
    anybody: Caller,
}

/// A version of the object that the operator has imported; its date can be another.
fn imported(modified: &str, rest: &str) -> String {
    tool(1, modified, rest)
}

/// A version of the object that the honest program has added.
fn honest(modified: &str, rest: &str) -> String {
    tool(2, modified, rest)
}

fn tool(n: u64, modified: &str, rest: &str) -> String {
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"{}","created":"2020-01-01T00:00:00.000Z","modified":"{modified}","name":"tool {n}"{rest}}}"#,
        id("tool", n)
    )
}

fn id(kind: &str, n: u64) -> String {
    format!("{kind}--00000000-0000-4000-8000-{n:012x}")
}

const FIRST: &str = "2020-01-01T00:00:00.000Z";
const LATER: &str = "2021-01-01T00:00:00.000Z";

impl Ground {
    fn new(home: Home, serving: &Serving, hostile: &Access, honest: &Access) -> Self {
        let participants = home
            .run(&["participant", "list", "DIR", "--json"])
            .with(0)
            .json();
        let own = participants
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == "Ministry of Arland")
            .unwrap();
        Self {
            participant: own["id"].as_str().unwrap().to_owned(),
            hostile: serving.caller(hostile),
            honest: serving.caller(honest),
            anybody: serving.anybody(),
            home,
        }
    }

    fn import(&self, name: &str, objects: &[String], label: &[&str]) {
        let file = self.home.file(name);
        std::fs::write(&file, format!("{{\"objects\":[{}]}}", objects.join(","))).unwrap();
        self.home
            .run(&[&["import", "DIR", text(&file)], label].concat())
            .with(0);
    }

    /// What the honest program gets when it asks for an object.
    fn seen(&self, by: &Caller, id: &str) -> Answer {
        by.get(&format!("{SITUATION}objects/{id}/?match[version]=all"))
            .unwrap()
    }

    fn is_well(&self, after: &str) {
        let health = self
            .anybody
            .get("/health")
            .unwrap_or_else(|error| panic!("after {after}: no health: {error}"));
        assert_eq!(health.status, 200, "after {after}");
        let own = self.seen(&self.honest, &id("tool", 2));
        assert_eq!(
            (own.status, own.text().contains(&honest(FIRST, ""))),
            (200, true),
            "after {after}: {}",
            own.text()
        );
    }

    /// The reasons on a list that a person sees.
    fn reasons(&self, list: &str) -> Vec<String> {
        let shown = self
            .home
            .run(&[list, "list", "DIR", "--json"])
            .with(0)
            .json();
        let lines = shown
            .as_array()
            .cloned()
            .unwrap_or_else(|| panic!("{shown}"));
        lines
            .iter()
            .map(|line| {
                line["reason"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{line}"))
                    .to_owned()
            })
            .collect()
    }
}

/// Delivers an object beside an honest one, and says what the status was for it.
fn deliver(ground: &Ground, object: &[u8], neighbor: &str) -> std::io::Result<Answer> {
    let body = [b"{\"objects\":[", object, b",", neighbor.as_bytes(), b"]}"].concat();
    ground.hostile.post(&format!("{SITUATION}objects/"), &body)
}

/// What the answer to an envelope says about its one bad object.
fn check(case: &Case, answer: &Answer) -> Result<(), String> {
    let wrong = |what: &str| {
        Err(format!(
            "{what}: {} {}",
            answer.status,
            answer.text().chars().take(600).collect::<String>()
        ))
    };
    let says = |list: &str, words: &str| {
        let lines = answer.json()[list].as_array().cloned().unwrap_or_default();
        lines.iter().any(|line| {
            line["message"]
                .as_str()
                .is_some_and(|message| message.contains(words))
        })
    };
    match case.comes_to {
        Outcome::Refused(codes) if codes.contains(&answer.status) => Ok(()),
        Outcome::Refused(codes) => wrong(&format!("not one of {codes:?}")),
        Outcome::Quarantined(_) | Outcome::Awaiting(_) if answer.status != 202 => {
            wrong("the envelope was refused")
        }
        Outcome::Quarantined(_) | Outcome::Awaiting(_) if answer.json()["success_count"] != 1 => {
            wrong("the neighbor was not accepted")
        }
        Outcome::Unseen(_) if answer.status != 202 || answer.json()["success_count"] != 2 => {
            wrong("the answer tells that something is there")
        }
        Outcome::Quarantined(words) if !says("failures", words) => {
            wrong(&format!("no failure says {words:?}"))
        }
        Outcome::Awaiting(words) if !says("pendings", words) => {
            wrong(&format!("nothing is pending because {words:?}"))
        }
        Outcome::Harmless if answer.status >= 500 => wrong("the node is in trouble"),
        Outcome::HungUp => wrong("there was an answer"),
        _ => Ok(()),
    }
}

#[test]
fn each_misbehavior_ends_with_its_reason_and_the_node_stays_well() {
    let home = Home::of("Ministry of Arland");
    let (situation, norms) = (["situation"], ["situation", "norms"]);
    let hostile = home.let_in("hostile", "Malvia", &situation, &situation);
    let dripping = home.let_in("dripping", "Malvia", &situation, &situation);
    let honest_access = home.let_in("honest", "Belmark", &norms, &norms);
    let mut serving = home.serve();
    let ground = Ground::new(home, &serving, &hostile, &honest_access);
    let ours = tool(
        3,
        FIRST,
        &format!(r#","created_by_ref":"{}""#, ground.participant),
    );
    let secret = tool(
        4,
        FIRST,
        &format!(
            r#","object_marking_refs":["{}"]"#,
            id("marking-definition", 0xa)
        ),
    );
    let red = tool(
        5,
        FIRST,
        &format!(r#","object_marking_refs":["{}"]"#, deliveries::RED),
    );
    ground.import(
        "imported.json",
        &[imported(FIRST, ""), ours, red],
        &["--tlp", "AMBER+STRICT", "--for", "Belmark"],
    );
    ground.import(
        "given.json",
        &[tool(6, FIRST, "")],
        &["--tlp", "AMBER+STRICT", "--for", "Malvia"],
    );
    ground.import(
        "unknown.json",
        &[secret],
        &["--tlp", "AMBER+STRICT", "--for", "Belmark"],
    );
    let own = ground
        .honest
        .post(
            &format!("{SITUATION}objects/"),
            format!("{{\"objects\":[{}]}}", honest(FIRST, "")).as_bytes(),
        )
        .unwrap();
    assert_eq!(
        (own.status, own.json()["success_count"].as_u64()),
        (202, Some(1)),
        "{}",
        own.text()
    );
    let status = own.json()["id"].as_str().unwrap().to_owned();
    std::fs::write(ground.home.file("status"), &status).unwrap();
    let before: Vec<Answer> = (1..=5)
        .map(|n| ground.seen(&ground.honest, &id("tool", n)))
        .collect();

    let drips = drip(&serving, &dripping);
    let memory = serving.memory();
    let (mut most, mut failed) = (memory, Vec::new());
    let cases = cases::all();
    for (number, case) in cases.iter().enumerate() {
        let answer = match case.sends {
            Sends::Object(make) => deliver(
                &ground,
                &make(&ground),
                &tool(0x1000 + number as u64, FIRST, ""),
            ),
            Sends::Request(ask) => ask(&ground),
        };
        let wrong = match (answer, case.comes_to) {
            (Ok(answer), _) => check(case, &answer).err(),
            (Err(_), Outcome::HungUp) => None,
            (Err(error), _) => Some(format!("no answer: {error}")),
        };
        failed.extend(wrong.map(|wrong| format!("{}: {wrong}", case.name)));
        ground.is_well(case.name);
        most = most.max(serving.memory());
    }
    assert!(
        failed.is_empty(),
        "{} of {} misbehaviors came to something else:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
    assert!(
        most - memory <= MEMORY,
        "{} MiB more",
        (most - memory) >> 20
    );

    // What a person sees: every reason, once at least.
    let (quarantine, awaiting) = (ground.reasons("quarantine"), ground.reasons("awaiting"));
    for case in &cases {
        let (list, words) = match case.comes_to {
            Outcome::Quarantined(words) => (&quarantine, words),
            Outcome::Awaiting(words) | Outcome::Unseen(words) => (&awaiting, words),
            _ => continue,
        };
        assert!(
            list.iter().any(|reason| reason.contains(words)),
            "{}: no person sees {words:?} among {list:#?}",
            case.name
        );
    }
    // What the honest program sees has not changed, and the hostile one sees none of it.
    for (n, before) in (1..=5).zip(before) {
        let after = ground.seen(&ground.honest, &id("tool", n));
        assert_eq!(
            (after.status, after.text()),
            (before.status, before.text()),
            "tool {n}"
        );
        assert_eq!(
            ground.seen(&ground.hostile, &id("tool", n)).status,
            404,
            "tool {n} is visible to the hostile program"
        );
    }
    drop(drips);
    println!(
        "hostile client: no defect found under these {} misbehaviors; {} MiB more at most",
        cases.len(),
        (most - memory) >> 20
    );
    // And it is the same after a restart.
    serving.kill();
    let serving = ground.home.serve();
    let caller = serving.caller(&honest_access);
    assert_eq!(ground.seen(&caller, &id("tool", 2)).status, 200);
}

/// Connections that began a request, and say no more.
fn drip(serving: &Serving, access: &Access) -> Vec<TcpStream> {
    let mut dice = Dice::new("hostile client");
    let caller = serving.caller(access);
    let head = caller.head(
        "POST",
        &format!("{SITUATION}objects/"),
        &[
            ("Content-Type", TAXII),
            ("Accept", TAXII),
            ("Content-Length", "100000"),
        ],
    );
    let request = format!("{head}\r\n{{\"objects\":[");
    let begin = |_| {
        let mut stream = caller.connect().unwrap();
        stream
            .write_all(&request.as_bytes()[..1 + dice.roll(request.len() as u64 - 1) as usize])
            .unwrap();
        stream
    };
    (0..DRIPS).map(begin).collect()
}

/// The harness can fail: a node that did something else than the table says is found out.
#[test]
fn another_outcome_is_noticed() {
    let answer = |status: u16, body: &str| Answer {
        status,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    };
    let case = |comes_to| Case {
        name: "planted",
        sends: Sends::Object(|_| Vec::new()),
        comes_to,
    };
    let accepted = r#"{"success_count":2,"failures":[],"pendings":[]}"#;
    let refused = r#"{"success_count":1,"failures":[{"message":"too deep"}]}"#;
    for (comes_to, status, body, fine) in [
        (Outcome::Refused(&[413]), 413, "", true),
        (Outcome::Refused(&[413]), 202, accepted, false),
        (Outcome::Quarantined("deep"), 202, refused, true),
        (Outcome::Quarantined("wide"), 202, refused, false),
        (Outcome::Quarantined("deep"), 202, accepted, false),
        (Outcome::Awaiting("deep"), 202, refused, false),
        (Outcome::Harmless, 500, "", false),
        (Outcome::HungUp, 200, "", false),
    ] {
        assert_eq!(
            check(&case(comes_to), &answer(status, body)).is_ok(),
            fine,
            "{comes_to:?} {status} {body}"
        );
    }
}
