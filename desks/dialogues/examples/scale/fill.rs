//! What the node is filled with. Invariant: the same records each time, but for their ids and what goes by the day.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result};
use dialogues::compose::{Batch, Label};
use dialogues::drafting::bench::Bench;
use dialogues::import::intake::{Step, begin, bring, decide, go_on, intake};
use dialogues::import::take_in;
use dialogues::names::TOPICS;
use dialogues::records::{
    Activity, Appraisal, Arrangement, Commitment, Demarche, Dialogue, Draft, Event, FollowUp,
    NewPiece, Session, Strand, Text,
};
use dialogues::register::Register;
use node::Node;
use policy::Purpose;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stix::{ObjectId, Timestamp};

/// Who has series with each other.
pub(crate) const SIDES: [&str; 12] = [
    "EU", "JP", "US", "GB", "KR", "IN", "BR", "AU", "CA", "UA", "SG", "NO",
];
/// Commitments of a series.
const OF_SERIES: usize = 333;
/// Sessions of a series, one a year.
const SESSIONS: usize = 7;
/// The year of the first.
const FIRST: usize = 2020;
/// Of so many series one has no session in its last year but one, though it was announced.
const FELL_THROUGH: usize = 10;
/// Of so many series one has a draft in the making, and a text that was read and waits to be confirmed.
const DRAFTED: usize = 10;

/// What was written: some ids of each kind, by kind.
pub(crate) struct Filled {
    pub(crate) some: BTreeMap<&'static str, Vec<String>>,
    series: usize,
    sessions: usize,
    commitments: usize,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} series, {} sessions each with its text, {} commitments",
            self.series, self.sessions, self.commitments
        )
    }
}

impl Filled {
    fn note(&mut self, kind: &'static str, id: impl Into<String>) {
        self.some.entry(kind).or_default().push(id.into());
    }
}

fn made<T: DeserializeOwned>(value: Value) -> Result<NewPiece<T>> {
    let what = serde_json::from_value(value).context("a record of the scale is not well formed")?;
    Ok(NewPiece::of(what).in_language("en"))
}

/// What a text says of one matter.
fn words(year: usize, c: usize) -> String {
    let matter = TOPICS[c % TOPICS.len()].replace('_', " ");
    format!(
        "Both sides will carry out item {c} of the plan of {year} on {matter} with matter {} of it in mind.",
        c % 9
    )
}

/// Fills a node.
pub(crate) fn fill(node: &Node, commitments: usize) -> Result<Filled> {
    let mut filled = Filled {
        some: BTreeMap::new(),
        series: (commitments / OF_SERIES).max(1),
        sessions: 0,
        commitments: 0,
    };
    let now = Timestamp::from_micros(node.now());
    for n in 0..filled.series {
        let parties = [SIDES[n % 12], SIDES[(n / 12 + n + 1) % 12]];
        let mut batch = Batch::new(node, None, Label::Ours);
        let name = format!("Dialogue {n}");
        let dialogue = batch.add(made::<Dialogue>(
            json!({ "name": name, "parties": parties }),
        )?)?;
        let dialogue = dialogue.id.to_string();
        filled.note("dialogue", &*dialogue);
        let mut before: Vec<String> = Vec::new();
        for s in 0..SESSIONS {
            let (year, month) = (FIRST + s, n % 12 + 1);
            if s + 2 == SESSIONS && n % FELL_THROUGH == 0 {
                continue;
            }
            let starts = format!("{year}-{month:02}-01T00:00:00Z");
            let state = match *starts < *now.as_str() {
                true => "held",
                false => "planned",
            };
            let session = batch.add(made::<Session>(json!({
                "dialogue_ref": dialogue, "state": state, "starts": starts, "start": &starts[..10], "parties": parties, "ordinal": s + 1,
                "place": "Kestria City", "agenda": [{ "title": "The state of things", "topics": [TOPICS[n % TOPICS.len()]] }],
                "persons": parties.map(|side| json!({ "name": format!("Person {n} of {side}"), "side": side, "function": "chair" })),
                "next": { "ordinal": s + 2, "date": format!("{}", year + 1), "by": format!("{}-12-31T23:59:59Z", year + 1) },
            }))?)?;
            let session = session.id.to_string();
            let all: Vec<String> = (0..OF_SERIES / SESSIONS).map(|c| words(year, c)).collect();
            let text = batch.add(made::<Text>(json!({
                "title": format!("Joint statement of {year} on {name}"), "standing": "joint", "kind": "dialogue_statement",
                "normal": format!("{n}-{s}"), "content": all.join("\n"), "published": starts, "parties": parties,
                "session_ref": session, "dialogue_ref": dialogue,
            }))?)?;
            let text = text.id.to_string();
            let (mut written, mut spoken) = (Vec::new(), Vec::new());
            let mut start = 0;
            for (c, words) in all.iter().enumerate() {
                let end = start + words.chars().count();
                let due =
                    (c % 3 == 0).then(|| format!("{}-{:02}-15T00:00:00Z", year + 1, c % 12 + 1));
                let repeats = (c % 20 == 0).then(|| before.get(c)).flatten();
                let commitment = batch.add(made::<Commitment>(json!({
                    "words": words, "act": "commitment", "actors": parties, "strength": 3, "standing": "joint",
                    "topics": [TOPICS[c % TOPICS.len()]], "due": due.as_deref().map(|due| &due[..10]), "due_by": due,
                    "dialogue_ref": dialogue, "session_ref": session, "text_ref": text, "place": { "start": start, "end": end },
                    "repeats_ref": repeats,
                }))?)?;
                start = end + 1;
                let commitment = commitment.id.to_string();
                if c % 2 == 1 {
                    batch.add(made::<FollowUp>(json!({
                        "about_ref": commitment, "dialogue_ref": dialogue, "side": parties[0], "state": "under_way",
                    }))?)?;
                    spoken.push(commitment.clone());
                }
                written.push(commitment);
            }
            filled.sessions += 1;
            filled.commitments += written.len();
            // Of each session one, of each series another.
            filled.note("commitment", &*written[(n + s) % written.len()]);
            filled.note("spoken", spoken[(n + s) % spoken.len()].clone());
            filled.note("session", session);
            filled.note("report", text);
            before = written;
        }
        besides(node, &mut batch, (n, &parties, &dialogue), &mut filled)?;
        batch.send()?;
    }
    said_anew(node, &mut filled)?;
    read(node, &mut filled)?;
    Ok(filled)
}

/// What runs between the sessions of a series, and what is judged and drafted.
fn besides(
    node: &Node,
    batch: &mut Batch<'_>,
    (n, parties, dialogue): (usize, &[&str; 2], &str),
    filled: &mut Filled,
) -> Result<()> {
    let last = |filled: &Filled, kind: &str| -> Result<String> {
        let all = filled.some.get(kind).and_then(|all| all.last());
        Ok(all.context("nothing was written")?.clone())
    };
    let (commitment, session) = (last(filled, "commitment")?, last(filled, "session")?);
    let home = node.home().id.to_string();
    let arrangement = batch.add(made::<Arrangement>(json!({
        "name": format!("Working arrangement {n}"), "parties": parties, "dialogue_ref": dialogue, "serves_refs": [commitment],
    }))?)?;
    let strand = batch.add(made::<Strand>(
        json!({ "arrangement_ref": arrangement.id, "name": format!("Strand {n}") }),
    )?)?;
    let activity = batch.add(made::<Activity>(json!({
        "part_of_ref": strand.id, "name": format!("Workshop {n}"), "progress": "planned", "due": "2027-02-01",
        "due_by": "2027-02-01T00:00:00Z", "serves_refs": [commitment],
    }))?)?;
    let event = batch.add(made::<Event>(json!({
        "name": format!("Conference {n}"), "starts": "2027-02-03T00:00:00Z", "hosts": parties, "dialogue_ref": dialogue,
        "serves_refs": [commitment],
    }))?)?;
    let demarche = batch.add(made::<Demarche>(json!({
        "towards": "BR", "by": parties, "subject": format!("Matter {n}"), "at": "2027-02-04T00:00:00Z", "dialogue_ref": dialogue,
        "serves_refs": [commitment],
    }))?)?;
    let appraisal = batch.add(made::<Appraisal>(json!({
        "about_ref": commitment, "of": home, "by": home, "basis": "What the text says", "account": "As was said",
    }))?)?;
    for (kind, id) in [
        ("arrangement", &arrangement.id),
        ("strand", &strand.id),
        ("activity", &activity.id),
        ("event", &event.id),
        ("demarche", &demarche.id),
        ("appraisal", &appraisal.id),
    ] {
        filled.note(kind, id.as_str());
    }
    if n % DRAFTED == 0 {
        drafted(node, batch, (parties, dialogue, &session), filled)?;
    }
    Ok(())
}

/// Two rounds of a draft, and the next one in preparation.
fn drafted(
    node: &Node,
    batch: &mut Batch<'_>,
    (parties, dialogue, session): (&[&str; 2], &str, &str),
    filled: &mut Filled,
) -> Result<()> {
    let round = |round: usize, first: Option<&ObjectId>| {
        let passages: Vec<Value> = (0..30)
            .map(|p| {
                json!({ "mark": format!("p{p}"), "words": words(2027, p + round), "state": "proposed", "by": parties[0] })
            })
            .collect();
        made::<Draft>(json!({
            "title": "Elements of a joint statement", "round": round, "side": parties[0], "session_ref": session,
            "dialogue_ref": dialogue, "parties": parties, "passages": passages, "draft_ref": first, "follows_ref": first.filter(|_| round > 1),
        }))
    };
    // The first round is what the draft is known by.
    let id = node.new_id("draft")?;
    let mut first = round(1, Some(&id))?;
    first.of = Some((id, Timestamp::from_micros(node.now())));
    let first = batch.add(first)?;
    let second = batch.add(round(2, Some(&first.id))?)?;
    Bench::begun(&first.id, &[&second], parties[0]).save(node)?;
    filled.note("draft", first.id.as_str());
    Ok(())
}

/// Further versions of some commitments.
fn said_anew(node: &Node, filled: &mut Filled) -> Result<()> {
    let register = Register::new(node, node.home_viewer(), Purpose::Show);
    let ids: Vec<ObjectId> = filled.some["commitment"]
        .iter()
        .step_by(SESSIONS * DRAFTED)
        .map(|id| id.parse())
        .collect::<Result<_, _>>()?;
    let mut batch = Batch::new(node, None, Label::Ours);
    for one in register.ones::<Commitment>(&ids)?.into_inner() {
        let mut what = one.what.clone();
        what.strength = 2;
        what.reason = Some("They intend to, no more.".to_owned());
        filled.note(
            "version",
            format!("{} {}", one.id.uuid(), one.modified.as_str()),
        );
        batch.add(one.revised(what))?;
    }
    batch.send()?;
    Ok(())
}

/// Texts that were read and wait to be confirmed, and a folder of them that was taken in.
fn read(node: &Node, filled: &mut Filled) -> Result<()> {
    let text = |n: usize, year: usize| {
        let said: Vec<String> = (0..30).map(|c| words(year, c)).collect();
        format!(
            "Joint elements of the {n}th EU-Japan Cyber Dialogue\n\nBrussels, 01/07/{year}\n\nThe European Union and Japan held a \
             meeting of their Cyber Dialogue in Brussels on 11 June {year}.\n{}\n",
            said.join("\n")
        )
    };
    for n in 0..(filled.series / DRAFTED).max(1) {
        let reading = take_in(
            node,
            &format!("text-{n}.txt"),
            text(n, 2026).as_bytes(),
            None,
        )?;
        let clause = reading.corrected.statements.first();
        let clause = clause.context("nothing was read in the text")?.id.clone();
        filled.note("clause", format!("{} {clause}", reading.id));
        filled.note("reading", reading.id);
    }
    let mut brought = begin(node, None)?;
    let files = (0..100).map(|n| {
        (
            format!("folder/{n}.txt"),
            text(1_000 + n, 2025).into_bytes(),
        )
    });
    bring(node, &mut brought, files.collect())?;
    decide(node, &mut brought, Step::Try)?;
    go_on(node, &brought.id, |_, _| anyhow::bail!("no PDF"), &|| false)?;
    let mut tried = intake(node, &brought.id)?.context("the folder is gone")?;
    decide(node, &mut tried, Step::Take)?;
    go_on(node, &brought.id, |_, _| anyhow::bail!("no PDF"), &|| false)?;
    filled.note("intake", brought.id);
    Ok(())
}
