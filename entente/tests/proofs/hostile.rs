//! A program with access that misbehaves in every way we could think of. Each way has a name and an outcome: refused, quarantined with
//! its reason, in front of a person with its reason, or harmless. After each, the node is well and an honest program is answered.

mod cases;
mod deliveries;
mod requests;

use std::io::Write;
use std::net::TcpStream;

use serde_json::Value;

use crate::dice::Dice;
use crate::peering::participant;
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

/// Somebody who undoes what the node has done right, so that the harness has something to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    None,
    /// Takes whatever awaits a decision, without looking.
    AdmitsAll,
    /// Throws away the quarantine.
    Discards,
    /// Keeps what was refused.
    Keeps,
    /// Shuts the honest program out, as a node would that lets one stand for all.
    PunishesAll,
}

/// Where it happens.
struct Ground {
    serving: Serving,
    home: Home,
    participant: String,
    hostile: Caller,
    honest: Caller,
    honest_access: Access,
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
    /// A node that holds what others brought, one object under TLP:RED and one under a marking that it does not know.
    fn new() -> Self {
        let home = Home::of("Ministry of Arland");
        let (situation, norms) = (["situation"], ["situation", "norms"]);
        let hostile = home.let_in("hostile", "Malvia", &situation, &situation);
        let honest_access = home.let_in("honest", "Belmark", &norms, &norms);
        let serving = home.serve();
        let ground = Self {
            participant: participant(&home, "Ministry of Arland"),
            hostile: serving.caller(&hostile),
            honest: serving.caller(&honest_access),
            anybody: serving.anybody(),
            honest_access,
            serving,
            home,
        };
        let ours = format!(r#","created_by_ref":"{}""#, ground.participant);
        let marked = |marking: &str| format!(r#","object_marking_refs":["{marking}"]"#);
        let objects = [
            imported(FIRST, ""),
            tool(3, FIRST, &ours),
            tool(4, FIRST, &marked(&id("marking-definition", 0xa))),
            tool(5, FIRST, &marked(deliveries::RED)),
        ];
        ground.import(&objects, &["--tlp", "AMBER+STRICT", "--for", "Belmark"]);
        let given = [tool(6, FIRST, "")];
        ground.import(&given, &["--tlp", "AMBER+STRICT", "--for", "Malvia"]);
        let own = add(&ground.honest, &honest(FIRST, ""));
        let status = own["id"].as_str().unwrap();
        std::fs::write(ground.home.file("status"), status).unwrap();
        ground
    }

    fn import(&self, objects: &[String], label: &[&str]) {
        let file = self.home.file("imported.json");
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

    /// The node is well, and the honest program gets its object.
    fn is_well(&self, after: &str) -> Result<(), String> {
        let wrong = |what: String| Err(format!("after {after}: {what}"));
        match self.anybody.get("/health") {
            Ok(health) if health.status == 200 => {}
            Ok(health) => return wrong(format!("health is {}", health.status)),
            Err(error) => return wrong(format!("no health: {error}")),
        }
        let own = self.seen(&self.honest, &id("tool", 2));
        if own.status != 200 || !own.text().contains(&honest(FIRST, "")) {
            return wrong(format!(
                "the honest program gets {} {}",
                own.status,
                own.text()
            ));
        }
        Ok(())
    }

    /// A list that a person sees.
    fn list(&self, list: &str) -> Vec<Value> {
        let shown = self
            .home
            .run(&[list, "list", "DIR", "--json"])
            .with(0)
            .json();
        shown
            .as_array()
            .cloned()
            .unwrap_or_else(|| panic!("{shown}"))
    }

    /// The reasons on it.
    fn reasons(&self, list: &str) -> Vec<String> {
        let lines = self.list(list);
        let reason = |line: &Value| line["reason"].as_str().map(str::to_owned);
        let reasons = lines
            .iter()
            .map(|line| reason(line).unwrap_or_else(|| panic!("{line}")));
        reasons.collect()
    }
}

/// Undoes what the node has done.
fn meddle(ground: &Ground, plant: Plant) {
    let run = |arguments: &[&str]| drop(ground.home.run(arguments));
    match plant {
        Plant::None => {}
        Plant::AdmitsAll => run(&["awaiting", "admit", "DIR", "--all"]),
        Plant::Discards => {
            for line in ground.list("quarantine") {
                run(&["quarantine", "discard", "DIR", &line["number"].to_string()]);
            }
        }
        Plant::Keeps => drop(add(&ground.hostile, &tool(requests::TORN, FIRST, ""))),
        Plant::PunishesAll => run(&["access", "revoke", "DIR", "honest"]),
    }
}

/// A program adds an object, which is taken.
fn add(by: &Caller, object: &str) -> Value {
    let body = format!("{{\"objects\":[{object}]}}");
    let answer = by.post(&format!("{SITUATION}objects/"), body.as_bytes());
    let answer = answer.unwrap();
    let told = answer.json();
    assert_eq!(
        (answer.status, &told["success_count"]),
        (202, &1.into()),
        "{told}"
    );
    told
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

/// The object that is sent beside that of a case.
fn neighbor(number: usize) -> u64 {
    0x1000 + number as u64
}

/// Does all of it, and looks after each and at the end: how much more memory the node held, or what was wrong.
fn play(ground: &Ground, cases: &[Case], plant: Plant) -> Result<u64, String> {
    let seen = || (1..=5).map(|n| ground.seen(&ground.honest, &id("tool", n)));
    let before: Vec<Answer> = seen().collect();
    let memory = ground.serving.memory();
    let (mut most, mut failed) = (memory, Vec::new());
    for (number, case) in cases.iter().enumerate() {
        let answer = match case.sends {
            Sends::Object(make) => {
                let beside = tool(neighbor(number), FIRST, "");
                deliver(ground, &make(ground), &beside)
            }
            Sends::Request(ask) => ask(ground),
        };
        let wrong = match (answer, case.comes_to) {
            (Ok(answer), _) => check(case, &answer).err(),
            (Err(_), Outcome::HungUp) => None,
            (Err(error), _) => Some(format!("no answer: {error}")),
        };
        failed.extend(wrong.map(|wrong| format!("{}: {wrong}", case.name)));
        ground.is_well(case.name)?;
        most = most.max(ground.serving.memory());
        meddle(ground, plant);
    }
    if !failed.is_empty() {
        return Err(format!(
            "{} of {} misbehaviors came to something else:\n{}",
            failed.len(),
            cases.len(),
            failed.join("\n")
        ));
    }
    if most - memory > MEMORY {
        return Err(format!("{} MiB more", (most - memory) >> 20));
    }
    promises(ground, cases, &before)?;
    Ok(most - memory)
}

/// What has to be true at the end of everything.
fn promises(ground: &Ground, cases: &[Case], before: &[Answer]) -> Result<(), String> {
    // What was taken is there, what was refused is not.
    let status = |n: u64| ground.seen(&ground.hostile, &id("tool", n)).status;
    for (number, case) in cases.iter().enumerate() {
        if matches!(case.sends, Sends::Object(_)) && status(neighbor(number)) != 200 {
            return Err(format!("{}: the object beside it is not there", case.name));
        }
    }
    if let Some(kept) = requests::refused().find(|n| status(*n) != 404) {
        return Err(format!("tool {kept:x} was refused, and is kept"));
    }
    // What a person sees: every reason, once at least.
    let (quarantine, awaiting) = (ground.reasons("quarantine"), ground.reasons("awaiting"));
    for case in cases {
        let (list, words) = match case.comes_to {
            Outcome::Quarantined(words) => (&quarantine, words),
            Outcome::Awaiting(words) | Outcome::Unseen(words) => (&awaiting, words),
            _ => continue,
        };
        if !list.iter().any(|reason| reason.contains(words)) {
            return Err(format!(
                "{}: no person sees {words:?} among {list:#?}",
                case.name
            ));
        }
    }
    // What the honest program sees has not changed, and the hostile one sees none of it.
    for (n, before) in (1..).zip(before) {
        let after = ground.seen(&ground.honest, &id("tool", n));
        if (after.status, after.text()) != (before.status, before.text()) {
            return Err(format!("tool {n} has changed: {}", after.text()));
        }
        if status(n) != 404 {
            return Err(format!("tool {n} is visible to the hostile program"));
        }
    }
    Ok(())
}

#[test]
fn each_misbehavior_ends_with_its_reason_and_the_node_stays_well() {
    let mut ground = Ground::new();
    let situation = ["situation"];
    let dripping = ground
        .home
        .let_in("dripping", "Malvia", &situation, &situation);
    let drips = drip(&ground.serving, &dripping);
    let cases = cases::all();
    let more = play(&ground, &cases, Plant::None).unwrap_or_else(|wrong| panic!("{wrong}"));
    drop(drips);
    println!(
        "hostile client: no defect found under these {} misbehaviors; {} MiB more at most",
        cases.len(),
        more >> 20
    );
    crate::the_document_says(&format!(
        "| hostile program | {} misbehaviors,",
        cases.len()
    ));
    // And it is the same after a restart.
    ground.serving.kill();
    let serving = ground.home.serve();
    let caller = serving.caller(&ground.honest_access);
    assert_eq!(ground.seen(&caller, &id("tool", 2)).status, 200);
}

/// The harness can fail: whoever undoes what the node did right is found out.
#[test]
fn planted_bugs_are_caught() {
    let few = [
        "a version of what another channel brought",
        "a key twice",
        "torn JSON",
    ];
    for (plant, symptom) in [
        (Plant::AdmitsAll, "no person sees \"another channel\""),
        (Plant::Discards, "no person sees \"duplicate-key\""),
        (Plant::Keeps, "was refused, and is kept"),
        (Plant::PunishesAll, "the honest program gets 401"),
    ] {
        let mut cases = cases::all();
        cases.retain(|case| few.contains(&case.name));
        assert_eq!(cases.len(), few.len());
        let wrong = play(&Ground::new(), &cases, plant).expect_err("the plant was not found");
        assert!(wrong.contains(symptom), "{plant:?}: {wrong}");
        println!("{plant:?} was caught: {wrong}");
    }
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
