//! Telling an author that a copy of its record was changed on the way. The notice is an ordinary STIX `note` of ours, for the author's
//! participant alone: it travels as any record does, however the author's node is reached, and needs no form of its own.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::{Clause, Label, Member, Tlp};
use serde_json::json;
use stix::{ObjectId, Timestamp};

use crate::accept::{Lot, insert_own};
use crate::admission::Why;
use crate::node::uuid_v4;
use crate::peers::quota;
use crate::reading::Good;
use crate::submission::Channel;
use crate::writer::Change;

/// Tells the author of a copy that awaits a decision, if the author is a peer and did not send it itself: whoever came with it, as a peer
/// or by a program. Whoever brings many such copies does not make us write as many notes: the author would take nothing else from us.
pub(crate) fn tell_author(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    why: &Why,
) -> Result<()> {
    let relay = match &lot.channel {
        Channel::Access(_) => Some(&lot.submitter),
        other => other.peer(),
    };
    let (Some(author), Some(relay)) = (&good.header.created_by_ref, relay) else {
        return Ok(());
    };
    let known = change.register.peer(author);
    if author == relay || !known.is_some_and(super::Known::is_active) {
        return Ok(());
    }
    if !quota::may_notify(change, relay)? {
        return Ok(());
    }
    let home = change.register.home().clone();
    let version = good
        .header
        .version()
        .map_or_else(|| "-".to_owned(), |version| version.as_str().to_owned());
    let now = Timestamp::from_micros(change.now);
    let hash = hex::encode(good.hash);
    let (heading, how) = match why {
        // The seal may have been lost and nothing else; whoever edits a copy leaves it out.
        Why::SealMissing => (
            "Unsealed copy received",
            "carries no seal of its author, so that nobody can tell whether it is as it was written".to_owned(),
        ),
        Why::SealFormer => (
            "Copy under a former key received",
            "is sealed by a key that its author has replaced or revoked, and too late. If its author did not seal it, somebody else has that key"
                .to_owned(),
        ),
        other => (
            "Altered copy received",
            format!("is not as its author sealed it: {}", other.in_english()),
        ),
    };
    let content = format!(
        "A copy of {} ({version}) that came through {relay} {how}. \
         It is not released here and awaits a decision. SHA-256 of the copy: {hash}.",
        good.header.id
    );
    let note = json!({
        "type": "note",
        "spec_version": "2.1",
        "id": format!("note--{}", uuid_v4(change.chance)),
        "created_by_ref": home,
        "created": now.as_str(),
        "modified": now.as_str(),
        "abstract": heading,
        "content": content,
        "object_refs": [good.header.id],
    });
    let to = BTreeSet::from([author.clone()]);
    let label = for_participants(&home, &to, lot.collection.desk);
    insert_own(change, &note.to_string(), &label, Some(&lot.collection))?;
    Ok(())
}

/// AMBER+STRICT, from us to these participants.
pub(crate) fn for_participants(
    home: &ObjectId,
    to: &BTreeSet<ObjectId>,
    desk: Option<policy::Desk>,
) -> Label {
    let members = to.iter().cloned().map(Member::Participant);
    for_members(home, members.collect(), desk)
}

/// The same, to participants or persons.
pub(crate) fn for_members(
    home: &ObjectId,
    to: BTreeSet<Member>,
    desk: Option<policy::Desk>,
) -> Label {
    let mut clause = Clause::own(Tlp::AmberStrict, home.clone());
    clause.audience = to;
    clause.desk = desk;
    Label::always(policy::Class::of(clause))
}
