//! Rounds and steps of a silence procedure as records. Invariant: a round is written once, under the label that somebody chose, and never
//! to more than its sources allow.

use anyhow::Result;
use node::Node;
use policy::{Class, Clause, Label as Told, Viewer, derive};
use stix::marking::Audience;
use stix::{ObjectId, Timestamp};

use super::bench::Bench;
use super::ink::passage;
use super::rounds::Rounds;
use crate::compose::{Batch, By, Label};
use crate::names;
use crate::records::{Draft, NewPiece, Passage, Piece, Session, Silence};

/// The side that this node speaks for, as the text names it; its own id where the text does not name it.
pub fn our_side(node: &Node, parties: &[String]) -> String {
    let ours = names::ours(node);
    parties
        .iter()
        .find(|party| ours.contains(party))
        .cloned()
        .unwrap_or_else(|| node.home().id.to_string())
}

/// What begins a draft.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// What it is to become.
    pub title: String,
    /// The language of its words.
    pub lang: String,
    /// Its paragraphs, each with the commitment whose language it takes up.
    pub paragraphs: Vec<(String, Option<ObjectId>)>,
}

/// Writes the first round of a draft for a session; gives its id, and the observers who were named and do not get it.
///
/// # Errors
/// When the node does not take it.
pub fn begin(
    node: &Node,
    by: impl Into<By>,
    label: Label,
    session: &Piece<Session>,
    beginning: Beginning,
) -> Result<(ObjectId, Vec<ObjectId>)> {
    let parties = session.what.parties.clone();
    let id = node.new_id("draft")?;
    let passages = beginning
        .paragraphs
        .into_iter()
        .enumerate()
        .map(|(place, (words, from))| Passage {
            from_ref: from.map(|id| id.to_string()),
            ..passage(&words, format!("1-{}", place + 1))
        });
    let what = Draft {
        title: beginning.title,
        round: 1,
        side: our_side(node, &parties),
        passages: passages.collect(),
        dialogue_ref: Some(session.what.dialogue_ref.clone()),
        session_ref: Some(session.id.to_string()),
        parties,
        draft_ref: Some(id.to_string()),
        follows_ref: None,
        also_follows_ref: None,
        received: None,
        became_ref: None,
        reason: None,
    };
    let mut batch = Batch::new(node, by, label);
    let mut new = NewPiece::of(what).in_language(&beginning.lang);
    new.of = Some((id.clone(), Timestamp::from_micros(node.now())));
    batch.add(new)?;
    let left_out = batch.left_out();
    batch.send()?;
    Ok((id, left_out))
}

/// Writes a round that was prepared, and lets go of the preparation; gives the round's id, and the observers who were named and do not
/// get it. What it is made of gives it its embargo, its expiry and its caveats. It is for the session that is named, else for that of the
/// rounds before: a text is moved to another session by its next round, since a round is never changed.
///
/// # Errors
/// [`node::Meanwhile`] when it was changed, or is being put forward this moment; when the node does not take it.
pub fn put_forward(
    node: &Node,
    by: impl Into<By>,
    (label, sources): (Label, &[&Told]),
    (before, rounds): (&Piece<Draft>, &Rounds),
    session: Option<&Piece<Session>>,
    bench: &Bench,
) -> Result<(ObjectId, Vec<ObjectId>)> {
    let draft = ObjectId::parse(&bench.draft)?;
    bench.take(node)?;
    let batch = Batch::new(node, by, label).within(sources);
    let sent = round(batch, (before, rounds), session, bench);
    match &sent {
        Ok(_) => Bench::let_go(node, &draft)?,
        Err(_) => bench.give_back(node)?,
    }
    sent
}

/// Writes a round as it was prepared.
fn round(
    mut batch: Batch<'_>,
    (before, rounds): (&Piece<Draft>, &Rounds),
    session: Option<&Piece<Session>>,
    bench: &Bench,
) -> Result<(ObjectId, Vec<ObjectId>)> {
    let (dialogue, session) = match session {
        Some(one) => (Some(&*one.what.dialogue_ref), Some(one.id.as_str())),
        None => rounds.made_for(),
    };
    let what = Draft {
        title: before.what.title.clone(),
        round: bench.round,
        side: bench.side.clone(),
        passages: bench.passages.clone(),
        dialogue_ref: dialogue.map(str::to_owned),
        session_ref: session.map(str::to_owned),
        parties: before.what.parties.clone(),
        draft_ref: Some(bench.draft.clone()),
        follows_ref: bench.takes_up.first().cloned(),
        also_follows_ref: bench.takes_up.get(1).cloned(),
        received: bench.received.clone(),
        became_ref: None,
        reason: None,
    };
    let mut new = NewPiece::of(what);
    new.lang.clone_from(&before.lang);
    let piece = batch.add(new)?;
    let left_out = batch.left_out();
    batch.send()?;
    Ok((piece.id, left_out))
}

/// Writes a step of a silence procedure; gives its id, and the observers who were named and do not get it.
///
/// # Errors
/// When the node does not take it.
pub fn silence(
    node: &Node,
    by: impl Into<By>,
    label: Label,
    what: Silence,
) -> Result<(ObjectId, Vec<ObjectId>)> {
    let mut batch = Batch::new(node, by, label);
    let step = batch.add(NewPiece::of(what))?;
    let left_out = batch.left_out();
    batch.send()?;
    Ok((step.id, left_out))
}

/// The other parties of a text that would not have something of ours under a label, though this node knows who they are. For persons
/// alone, who they speak for is theirs to say.
pub fn deaf<'p>(
    node: &Node,
    chosen: &Label,
    parties: &'p [String],
    at: &Timestamp,
) -> Result<Vec<&'p String>> {
    let mut clause = Clause::own(policy::Tlp::AmberStrict, node.home().id.clone());
    match chosen {
        Label::Public => return Ok(Vec::new()),
        Label::Ours => {}
        Label::To(tlp, audience) => {
            clause.tlp = (*tlp).into();
            for one in audience {
                clause.audience.insert(node.member(match one {
                    Audience::Identity(id) => id.as_str(),
                    Audience::Circle(id) => id,
                })?);
            }
            if clause.tlp.is_for_persons() && !clause.audience.is_empty() {
                return Ok(Vec::new());
            }
        }
    }
    let label = Told::always(Class::of(clause));
    let ours = names::ours(node);
    let hears = |party: &&String| {
        let called = names::participants(node, party);
        called.is_empty()
            || called.iter().any(|one| {
                let viewer = node.viewer_of(&one.id, true);
                policy::decide(&viewer, &label, policy::Purpose::Relay, at).is_granted()
            })
    };
    let others = parties.iter().filter(|party| !ours.contains(party));
    Ok(others.filter(|party| !hears(party)).collect())
}

/// Who would see something of ours under a label who may not have what it is made of. Nobody: it may go. Whoever has every source of
/// it - who wrote them, too - may have what is made of them.
pub fn too_many(
    node: &Node,
    by: &Viewer,
    chosen: &node::submission::Marking,
    sources: &[&Told],
    at: &Timestamp,
) -> Vec<ObjectId> {
    let tlp = chosen.tlp.unwrap_or(policy::Tlp::AmberStrict);
    let home = &node.home().id;
    let mut clause = Clause::own(tlp, home.clone());
    clause.audience = chosen.audience.iter().cloned().collect();
    let label = Told::always(Class::of(clause));
    let Some(derived) = derive(by, sources.iter().copied(), at) else {
        return vec![home.clone()];
    };
    let others = node.participants().into_iter().map(|known| known.id);
    others
        .filter(|id| id != home)
        .filter(|id| {
            let viewer = node.viewer_of(id, true);
            let granted = |label: &Told| {
                policy::decide(&viewer, label, policy::Purpose::Relay, at).is_granted()
            };
            let has_all = || sources.iter().all(|source| granted(source));
            granted(&label) && !granted(&derived) && !has_all()
        })
        .collect()
}
