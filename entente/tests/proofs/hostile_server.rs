//! A peer whose server misbehaves when it is polled, in every way we could think of. Each way has a name and an outcome: its objects in
//! quarantine or in front of a person with the reason, the exchange stopped with the reason shown beside the peer, the peer marked, or
//! no harm at all. After each, an honest peer's next record arrives, and the hostile peer is exchanged with again as soon as it behaves.

mod answers;
mod cases;
mod ground;
mod heads;
mod objects;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use ground::{A_DAY, AWAITING, FIRST, Ground, Hostile, by, id, last_page, tool};
use objects::{BELMARKS, NOBODYS};

use crate::front::{Does, Front};
use crate::program::Home;

/// How much more memory the node may hold after all this.
const MEMORY: u64 = 256 << 20;
/// How long it is asked again and again for what is due from time to time.
const PATIENCE: Duration = Duration::from_secs(240);

/// What a misbehavior comes to.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// Its object is refused, the one beside it accepted; the quarantine shows a reason with these words.
    Quarantined(&'static str),
    /// Its object waits for a person with a reason in these words; the one beside it is accepted.
    Awaiting(&'static str),
    /// Its object is refused and nothing of it kept, the one beside it accepted.
    Refused,
    /// The exchange ends with these words, which stand beside the peer.
    Stopped(&'static str),
    /// The same, and the peer is marked as inconsistent, with a proof.
    Marked,
    /// It is taken and changes nothing for anybody else: see the promises at the end.
    Harmless,
}

/// How it is done.
enum Way {
    /// Objects in a page that is otherwise good, with one beside them that is good.
    Brings(fn(&Ground) -> Vec<String>),
    /// Answers.
    Answers(fn(&Ground) -> Does),
    /// Answers to the question for its collections, which is asked anew once an exchange has failed.
    Lists(fn(&Ground) -> Does),
    /// A head of its log, after one of size 5 that was believed.
    Shows(fn(&Hostile) -> Does),
}

/// A misbehavior.
struct Case {
    name: &'static str,
    way: Way,
    comes_to: Outcome,
}

/// Somebody who undoes what the node has done right, so that the harness has something to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    None,
    /// Takes whatever awaits a decision, without looking.
    AdmitsAll,
    /// Throws away the quarantine.
    Discards,
    /// Suspends the honest peer, as a node would that lets one peer stand for all.
    PunishesAll,
    /// Goes where the hostile server points, as a client would that follows redirects.
    FollowsRedirects,
}

/// What the node shows about a misbehavior, in the lists that people see.
struct Before {
    quarantine: Vec<Value>,
    awaiting: Vec<Value>,
}

impl Before {
    fn of(ground: &Ground) -> Self {
        Self {
            quarantine: ground.list("quarantine"),
            awaiting: ground.list("awaiting"),
        }
    }
}

/// What is new on a list.
fn new_reasons(before: &[Value], after: &[Value]) -> Vec<String> {
    let known = |line: &&Value| !before.iter().any(|old| old["number"] == line["number"]);
    let reason = |line: &Value| line["reason"].as_str().unwrap_or_default().to_owned();
    after.iter().filter(known).map(reason).collect()
}

/// Does it, and compares what it came to.
fn play(ground: &Ground, log: &Hostile, case: &Case, plant: Plant) -> Result<(), String> {
    let before = Before::of(ground);
    let (hostile, neighbor) = match case.way {
        Way::Brings(make) => {
            let number = ground.fresh();
            let mut objects = make(ground);
            objects.push(tool(number, FIRST, ""));
            let page = last_page(&objects);
            ground
                .malvia
                .front
                .does(ground.malvia.pages(move |_| page.clone()));
            (&ground.malvia, Some(id("tool", number)))
        }
        Way::Answers(make) => {
            ground.malvia.front.does(make(ground));
            (&ground.malvia, None)
        }
        Way::Lists(make) => {
            ground.malvia.front.does(answers::fails(ground));
            ground.sync(ground.malvia.name);
            ground.malvia.front.does(make(ground));
            (&ground.malvia, None)
        }
        Way::Shows(make) => {
            log.front.does(make(log));
            (log, None)
        }
    };
    let mut told = ground.sync(hostile.name);
    if matches!(case.way, Way::Shows(_)) {
        // The node may have asked for it by itself, and says of a fork once: asked again until it was asked for this one.
        let begun = Instant::now();
        while told.code == Some(0) && !ground.is_marked(hostile.name) {
            if begun.elapsed() > PATIENCE {
                return Err(format!("{PATIENCE:?} long it was not asked for this head"));
            }
            told = ground.sync(hostile.name);
        }
    }
    match plant {
        Plant::AdmitsAll => drop(ground.arland.run(&["awaiting", "admit", "DIR", "--all"])),
        Plant::Discards => {
            for line in ground.list("quarantine") {
                ground
                    .arland
                    .run(&["quarantine", "discard", "DIR", &line["number"].to_string()]);
            }
        }
        Plant::PunishesAll => drop(ground.arland.run(&["peer", "suspend", "DIR", "Belmark"])),
        Plant::FollowsRedirects | Plant::None => {}
    }
    let said = told.json()[0].clone();
    let wrong = |what: String| Err(format!("{what}: {said}"));
    let seen = Before::of(ground);
    let quarantined = new_reasons(&before.quarantine, &seen.quarantine);
    let awaiting = new_reasons(&before.awaiting, &seen.awaiting);
    let says = |list: &[String], words: &str| list.iter().any(|reason| reason.contains(words));
    match case.comes_to {
        Outcome::Quarantined(words) if !says(&quarantined, words) => {
            return wrong(format!(
                "nobody sees {words:?} in quarantine: {quarantined:?}"
            ));
        }
        Outcome::Awaiting(words) if !says(&awaiting, words) => {
            return wrong(format!("nobody is asked because {words:?}: {awaiting:?}"));
        }
        Outcome::Refused if said["refused"] != 1 || !quarantined.is_empty() => {
            return wrong(format!("it was not refused, or kept: {quarantined:?}"));
        }
        Outcome::Harmless if told.code != Some(0) => {
            return wrong("the exchange stopped".to_owned());
        }
        Outcome::Stopped(words) => {
            let error = said["error"].as_str().unwrap_or_default();
            let shown = ground.peer(hostile.name)["last_error"].clone();
            if !error.contains(words) || shown.as_str() != Some(error) {
                return wrong(format!(
                    "it did not stop because {words:?}, or that is not shown: {shown}"
                ));
            }
        }
        Outcome::Marked if !ground.is_marked(hostile.name) => {
            return wrong("it is not marked".to_owned());
        }
        _ => {}
    }
    if let Some(neighbor) = neighbor
        && ground.seen(&ground.own, &neighbor).is_none()
    {
        return wrong("the object beside it was not taken".to_owned());
    }
    // The others do not suffer, and it is forgiven as soon as it behaves.
    ground.neighbor_is_served()?;
    match case.way {
        Way::Shows(_) => log.front.does(heads::none(log)),
        _ => ground.malvia.front.is_honest(),
    }
    let again = ground.sync(hostile.name);
    match again.code {
        Some(0) => Ok(()),
        _ => Err(format!(
            "once it behaves, it is not exchanged with: {}",
            again.out
        )),
    }
}

/// What has to be as it was at the end of everything.
fn promises(ground: &Ground) -> Vec<Option<String>> {
    let tools = [NOBODYS, BELMARKS].map(|n| id("tool", n));
    let mut all: Vec<Option<String>> = Vec::new();
    for tool in &tools {
        all.push(ground.seen(&ground.own, tool));
        all.push(ground.seen(&ground.spy, tool));
    }
    all.push(Some(
        ground
            .arland
            .run(&["circle", "list", "DIR", "--json"])
            .with(0)
            .out,
    ));
    let belmark = ground.peer("Belmark");
    all.push(Some(format!(
        "{} {} {}",
        belmark["state"], belmark["addresses"], belmark["inconsistent"]
    )));
    all
}

/// Belmark has given an object of nobody's and one of its own, and a circle to which Arland belongs.
fn stage() -> Ground {
    let ground = Ground::new();
    ground.belmark_writes(&[
        tool(NOBODYS, FIRST, ""),
        by(&ground.belmark_id, BELMARKS, FIRST),
    ]);
    ground
        .belmark
        .run(&["circle", "add", "DIR", "Core", "Belmark", "Arland"])
        .with(0);
    ground.neighbor_is_served().unwrap();
    ground
}

#[test]
fn each_misbehavior_of_a_server_ends_with_its_reason_and_no_other_peer_suffers() {
    let ground = stage();
    let before = promises(&ground);
    assert!(
        before[0].is_some() && before[2].is_some() && before[1].is_none(),
        "{before:?}"
    );
    assert!(
        before[4]
            .as_ref()
            .is_some_and(|circles| circles.contains("Core")),
        "{before:?}"
    );
    // These take their time, in which everything else happens.
    let slow = [
        ground.another("Dolus", false),
        ground.another("Mutus", false),
    ];
    let log = ground.headless("Janus");
    log.front.does(heads::first(&log));
    shows_its_first_head(&ground, "Janus");
    log.front.does(heads::none(&log));
    ground.sync("Janus").with(0);
    let memory = ground.serving.memory();
    let (mut most, mut failed) = (memory, Vec::new());
    let cases = cases::all();
    let drips = std::thread::scope(|scope| {
        let slow: Vec<_> = slow
            .iter()
            .map(|peer| scope.spawn(|| crawls(&ground, peer)))
            .collect();
        for case in &cases {
            let wrong = play(&ground, &log, case, Plant::None).err();
            failed.extend(wrong.map(|wrong| format!("{}: {wrong}", case.name)));
            most = most.max(ground.serving.memory());
        }
        slow.into_iter()
            .map(|one| one.join().unwrap())
            .collect::<Vec<String>>()
    });
    assert!(
        failed.is_empty(),
        "{} of {} misbehaviors came to something else:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
    for (drip, words) in drips
        .iter()
        .zip(["less than 1024 bytes a second", "stopped for 20 s"])
    {
        assert!(drip.contains(words), "{drip}");
    }
    let others = others(&ground);
    most = most.max(ground.serving.memory());
    assert_eq!(promises(&ground), before);
    assert!(
        most - memory <= MEMORY,
        "{} MiB more",
        (most - memory) >> 20
    );
    let played = cases.len() + drips.len() + others;
    println!(
        "hostile server: no defect found under these {played} misbehaviors; {} MiB more at most",
        (most - memory) >> 20
    );
    crate::the_document_says(&format!("| hostile server | {played} misbehaviors,"));
}

/// Asks until the head of its log was taken, which is due from time to time only.
fn shows_its_first_head(ground: &Ground, name: &str) {
    let begun = Instant::now();
    while ground.peer(name)["log_size"] != 5 {
        let waited = begun.elapsed();
        assert!(waited < PATIENCE, "{waited:?}: {}", ground.peer(name));
        ground.sync(name);
    }
}

/// A peer that drips, or says nothing after the head of its answer; what stops the exchange with it.
fn crawls(ground: &Ground, peer: &Hostile) -> String {
    use std::io::Write;
    let drips = peer.name == "Dolus";
    peer.front.does(Arc::new(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/taxii+json;version=2.1\r\nContent-Length: 100000\r\n\r\n")?;
        loop {
            if drips {
                stream.write_all(b" ")?;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    }));
    peer.is_confirmed_by(&ground.arland);
    let told = ground.sync(peer.name);
    told.json()[0]["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// What needs a peer of its own, because it is not forgiven the same day, or is another one than it says; how many there are.
fn others(ground: &Ground) -> usize {
    let stopped = |name: &str, words: &str| {
        let told = ground.sync(name);
        let error = told.json()[0]["error"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(error.contains(words), "{name}: {}", told.out);
        assert_eq!(
            ground.peer(name)["last_error"].as_str(),
            Some(&*error),
            "{name}"
        );
        ground
            .neighbor_is_served()
            .unwrap_or_else(|wrong| panic!("after {name}: {wrong}"));
    };
    // Good objects without end: its share of a day, and no more.
    let copia = ground.another("Copia", true);
    copia.front.does(answers::good_objects_without_end(&copia));
    stopped("Copia", "today as it may");
    let taken = ground.peer("Copia")["taken"].as_u64().unwrap();
    assert!((1..=A_DAY as u64 + 500).contains(&taken), "{taken}");
    // Questions for a person without end.
    let turba = ground.another("Turba", true);
    turba
        .front
        .does(answers::open_questions_without_end(ground, &turba));
    stopped("Turba", "await a decision");
    let waiting = ground.list("awaiting").len();
    assert!(waiting <= 2 * AWAITING + 100, "{waiting}");
    // A log that takes back its end.
    let lethe = ground.another("Lethe", true);
    lethe.front.does(heads::first(&lethe));
    shows_its_first_head(ground, "Lethe");
    lethe.front.does(heads::rewound(&lethe));
    let begun = Instant::now();
    while ground.sync("Lethe").code == Some(0) && !ground.is_marked("Lethe") {
        assert!(begun.elapsed() < PATIENCE, "it is not marked");
    }
    assert!(ground.is_marked("Lethe"));
    // Another key than that of the introduction answers at its address.
    let corvia = Home::of("Corvia");
    crate::peering::configure(&corvia, &[("mode = \"auto\"", "mode = \"own\"")]);
    let corvia = corvia.serve();
    let larva = ground.another("Larva", false);
    larva.is_confirmed_at(&ground.arland, &format!("https://{}", corvia.address));
    stopped("Larva", "certificate is not the one that is trusted");
    // It points to a door within the network: nobody knocks there.
    assert_eq!(knocks(ground, Plant::None), 0);
    // It fails for ever: tried less and less often, at last once an hour, and at once when a person wants it.
    ground.malvia.front.does(answers::fails(ground));
    for _ in 0..12 {
        ground.sync("Malvia").with(1);
    }
    let peer = ground.peer("Malvia");
    let next: stix::Timestamp = peer["next_try"].as_str().unwrap().parse().unwrap();
    let pause = (next.micros() - ground::micros()) / 60_000_000;
    assert!(
        peer["failures"].as_u64() >= Some(12) && (40..=80).contains(&pause),
        "{pause} minutes: {peer}"
    );
    ground.malvia.front.is_honest();
    ground.sync("Malvia").with(0);
    assert_eq!(ground.peer("Malvia")["failures"], 0);
    6
}

/// How often somebody came to where the hostile server pointed.
fn knocks(ground: &Ground, plant: Plant) -> usize {
    let door = Front::new();
    ground
        .malvia
        .front
        .does(answers::redirect_to(door.address.to_string()));
    let told = ground.sync("Malvia");
    assert!(
        told.out.contains("outside the configured server"),
        "{}",
        told.out
    );
    if plant == Plant::FollowsRedirects {
        let follower = crate::wire::Caller {
            address: ground.malvia.front.address.to_string(),
            authorization: None,
        };
        let pointed = follower.get("/taxii2/root/").unwrap();
        let to = pointed
            .header("location")
            .unwrap()
            .trim_start_matches("http://");
        let (address, path) = to.split_once('/').unwrap();
        let there = crate::wire::Caller {
            address: address.to_owned(),
            authorization: None,
        };
        let _ = there.get(&format!("/{path}"));
    }
    ground.malvia.front.is_honest();
    ground.sync("Malvia").with(0);
    door.asked()
}

#[test]
fn planted_bugs_are_caught() {
    let ground = stage();
    let case = |name: &str| {
        cases::all()
            .into_iter()
            .find(|case| case.name == name)
            .unwrap()
    };
    for (plant, name, symptom) in [
        (
            Plant::AdmitsAll,
            "another's name without its seal",
            "nobody is asked",
        ),
        (Plant::Discards, "a key twice", "nobody sees"),
        (
            Plant::PunishesAll,
            "500 for ever",
            "honest peer is not reached",
        ),
    ] {
        let wrong =
            play(&ground, &ground.malvia, &case(name), plant).expect_err("the plant was not found");
        assert!(wrong.contains(symptom), "{plant:?}: {wrong}");
        println!("{plant:?} was caught: {wrong}");
    }
    ground
        .arland
        .run(&["peer", "resume", "DIR", "Belmark"])
        .with(0);
    assert!(knocks(&ground, Plant::FollowsRedirects) > 0);
}
