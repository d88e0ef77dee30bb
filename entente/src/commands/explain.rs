//! `entente explain`: who may see a record, who may not, and why. For those who hold it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use node::withdrawal::Request;
use node::{Node, Participant};
use policy::{Candidate, Decision, Explanation, Label, Purpose, Verdict, who};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use site::locale::{Locales, Words};
use stix::{ObjectId, Timestamp};
use store::LedgerEntry;

use super::{minute, names, stamp};
use crate::console::{Console, Exit};

/// Say in words who may see a record, who may not and why; and who has taken it.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente explain /var/lib/entente report--1f2e0d00-6c2b-4d4c-9c1e-3f8f5f2f7a11
  entente explain /var/lib/entente report--1f2e0d00-6c2b-4d4c-9c1e-3f8f5f2f7a11 --viewer Belmark")]
pub(crate) struct Args {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The record's id.
    record: String,
    /// One participant: may it have the record, and why or why not?
    #[arg(long, value_name = "P")]
    viewer: Option<String>,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.dir
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let id = super::erase::record_id(&self.record)?;
        match &self.viewer {
            Some(name) => one(node, &id, name, console),
            None => everybody(node, &id, console),
        }
    }
}

fn one(node: &Node, id: &ObjectId, name: &str, console: &mut dyn Console) -> Result<Exit> {
    let participant = names::participant(node, name)?;
    let viewer = node.viewer_of(&participant.id, true);
    let (_, decision) = node.explain(id, &viewer, Purpose::Relay)?;
    let [english, french] = languages();
    let fate = node.fate(id)?;
    let (verdict, whys) = match fate.erased {
        // What is not here any more nobody gets, whatever its label says.
        true => (Verdict::Refused, [&english, &french].map(|words| vec![words.erased()])),
        false => (decision.verdict(), [&english, &french].map(|words| reasons(&decision, words))),
    };
    let answer = json!({
        "record": id.as_str(),
        "viewer": participant.name,
        "verdict": named(verdict),
        "reasons": whys[0],
        "reasons_fr": whys[1],
        "revoked": fate.revoked,
        "erased": fate.erased,
    });
    console.answer(&answer, |answer| {
        let may = match verdict {
            Verdict::Granted => "may have it",
            Verdict::WithoutSpeakers => "may have it without who spoke and for whom",
            Verdict::Refused => "may not have it",
        };
        let why: Vec<&str> = answer["reasons"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut text = format!("{} {may}: {}.", participant.name, why.join("; "));
        if fate.revoked {
            text.push_str(&format!(" {}", english.revoked()));
        }
        text
    })?;
    Ok(Exit::Done)
}

fn named(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Granted => "granted",
        Verdict::WithoutSpeakers => "without_speakers",
        Verdict::Refused => "refused",
    }
}

fn reasons(decision: &Decision, words: &Words) -> Vec<String> {
    match decision.verdict() {
        Verdict::Refused => decision.reasons().iter().map(|why| words.reason(*why)).collect(),
        _ => decision.grounds().iter().map(|why| words.ground(*why)).collect(),
    }
}

/// English and French, as the pages have them.
fn languages() -> [Words; 2] {
    let all = Locales::of_the_site(false);
    ["en", "fr"].map(|tag| all.choose(Some(tag), None, None))
}

fn everybody(node: &Node, id: &ObjectId, console: &mut dyn Console) -> Result<Exit> {
    let (label, _) = node.explain(id, &node.home_viewer(), Purpose::Show)?;
    let fate = node.fate(id)?;
    let mut told = tell(node, &label);
    let [english, french] = languages();
    let [in_english, in_french] = [&english, &french].map(|words| words.explained_of(&told, fate));
    if fate.erased {
        (told.public, told.seen_by, told.without_speakers, told.not_seen_by) = (false, vec![], vec![], vec![]);
    }
    let takers = node.takers(id)?;
    let taken: Vec<Value> = takers
        .iter()
        .map(|line| json!({ "by": by(node, line), "first": stamp(line.first_at), "last": stamp(line.last_at) }))
        .collect();
    let withdrawals = node.withdrawals(id)?;
    let asked: Vec<Asked> = once(withdrawals)
        .into_iter()
        .map(|request| {
            let us = request.recipient == node.home().id;
            // What others ask of us is honored as it comes in.
            let had = if us { Some(request.made) } else { request.delivered };
            Asked {
                by: names::identity(node, request.recipient.as_str()),
                asked: stamp(request.made),
                acknowledged: had.map(stamp),
                us,
            }
        })
        .collect();
    let contents = node.in_several_contents(id)?;
    let answer = json!({
        "record": id.as_str(),
        "label": label.class.tlp().to_string(),
        "public": told.public,
        "seen_by": told.seen_by.iter().map(|(name, ground)| json!({ "name": name, "why": english.ground(*ground) })).collect::<Vec<_>>(),
        "not_seen_by": told.not_seen_by.iter().map(|(name, reason)| json!({ "name": name, "why": english.reason(*reason) })).collect::<Vec<_>>(),
        "english": in_english,
        "french": in_french,
        "revoked": fate.revoked,
        "erased": fate.erased,
        "taken": taken,
        "asked_to_withdraw": asked,
        "several_contents": contents.iter().map(|(version, held)| json!({ "version": version, "contents": held })).collect::<Vec<_>>(),
    });
    console.answer(&answer, |_| {
        let mut text = format!("{}\n\n{}\n\n{}\n", label.class.tlp(), in_english, in_french);
        for line in &takers {
            text.push_str(&format!("\nTaken by {}, {}", by(node, line), minute(line.first_at)));
        }
        for Asked { by, asked, acknowledged, us } in &asked {
            let answer = match acknowledged {
                _ if *us => "honored here".to_owned(),
                Some(at) => format!("acknowledged {at}"),
                None => "not acknowledged yet".to_owned(),
            };
            text.push_str(&format!("\nAsked to withdraw: {by}, {asked}; {answer}"));
        }
        for (version, held) in &contents {
            text.push_str(&format!(
                "\nHere in {held} contents, as files had them: version {version}. Programs get all of them; a peer gets the first that it may have, and no other"
            ));
        }
        text
    })?;
    Ok(Exit::Done)
}

/// Somebody who was asked to stop releasing the record: by us, or we by others.
#[derive(Serialize)]
struct Asked {
    by: String,
    asked: String,
    acknowledged: Option<String>,
    #[serde(skip)]
    us: bool,
}

/// The requests of one moment to one participant as one, whatever the number of versions that they name; acknowledged when all are.
fn once(requests: Vec<Request>) -> Vec<Request> {
    let mut all: Vec<Request> = Vec::new();
    for request in requests {
        match all.iter_mut().find(|one| (&one.recipient, one.made) == (&request.recipient, request.made)) {
            Some(one) => one.delivered = one.delivered.zip(request.delivered).map(|(one, other)| one.max(other)),
            None => all.push(request),
        }
    }
    all
}

/// Who took something; with the person, where its program is bound to one.
fn by(node: &Node, line: &LedgerEntry) -> String {
    let participant = names::identity(node, &line.viewer);
    match line.person.as_str() {
        "" => participant,
        person => format!("{participant} ({})", names::identity(node, person)),
    }
}

/// What every participant known here would get.
fn tell(node: &Node, label: &Label) -> Explanation {
    let home = node.home();
    let all = node.participants();
    // A State with organs here acts through them: they are asked in its place.
    let acts_itself = |known: &Participant| !all.iter().any(|organ| organ.organ_of.as_ref() == Some(&known.id));
    let candidates: Vec<Candidate> = all
        .iter()
        .filter(|known| known.id != home.id && acts_itself(known))
        .map(|known| Candidate { name: known.name.clone(), viewer: node.viewer_of(&known.id, true) })
        .collect();
    let name = |id: &ObjectId| names::identity(node, id.as_str());
    who(label, Purpose::Relay, &Timestamp::from_micros(node.now()), &candidates, &name)
}
