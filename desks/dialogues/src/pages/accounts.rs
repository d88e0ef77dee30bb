//! What stands behind our own account of a commitment: who has it, where it waits, who has an earlier one. Invariant: it is told to our own
//! people alone; for whom it is is what `policy` says of the label that is in force, and who has it is what the delivery ledger says.

use std::collections::{BTreeMap, BTreeSet};

use site::{Failure, Visitor};

use super::taking_back::{let_in, listed};
use super::view::{Eyes, Word};
use crate::records::{FollowUp, Piece};
use crate::rules::due::newest_of_each;

/// Who a label lets have something, in a phrase.
fn who(visitor: &Visitor, label: &policy::Label) -> String {
    let words = &visitor.words;
    match let_in(visitor, label) {
        None => words.t("dialogues-share-public"),
        Some(names) if names.is_empty() => words.t("dialogues-share-ours"),
        Some(names) => listed(visitor, names),
    }
}

/// Who took something, by the lines of the ledger, and on which day first.
fn taken(visitor: &Visitor, lines: Vec<store::LedgerEntry>) -> BTreeMap<String, String> {
    let eyes = Eyes::new(visitor);
    let mut taken = BTreeMap::new();
    for line in lines {
        let date = visitor.words.date(line.first_at);
        taken.entry(eyes.side(&line.viewer)).or_insert(date);
    }
    taken
}

/// Puts beside our own account, among those of a commitment, who has it and where it waits. The words stand in the order of the accounts.
pub(super) fn noted(
    visitor: &Visitor,
    said: &[Piece<FollowUp>],
    words: &mut [Word],
) -> Result<(), Failure> {
    let home = &visitor.node().home().id;
    for (piece, word) in newest_of_each(said).into_iter().zip(words) {
        if piece.author == *home && visitor.person().is_some() {
            word.notes = notes(visitor, piece)?;
        }
    }
    Ok(())
}

fn notes(
    visitor: &Visitor,
    said: &Piece<FollowUp>,
) -> Result<Vec<(String, Option<String>)>, Failure> {
    let (words, node) = (&visitor.words, visitor.node());
    let Some(label) = &said.label else {
        return Ok(Vec::new());
    };
    let tlp = |label: &policy::Label| label.class.tlp().to_string();
    let asked = node.clearance().asked_for(visitor.viewer(), &said.id)?;
    let waits = asked
        .map(|case| case.into_inner())
        .and_then(|case| Some((case.number, case.label()?)));
    let mut notes = Vec::new();
    match &waits {
        Some((number, wanted)) => {
            let whom = who(visitor, wanted);
            let told = words.t2("dialogues-account-waits", "tlp", tlp(wanted), "who", whom);
            let case = words.t1("clearance-case-number", "n", *number);
            let told = words.t2("dialogues-account-case", "told", told, "case", case);
            notes.push((told, Some(format!("/clearance/cases/{number}"))));
        }
        None => {
            let whom = who(visitor, label);
            notes.push((
                words.t2("dialogues-account-with", "tlp", tlp(label), "who", whom),
                None,
            ));
            let mut open = let_in(visitor, label).unwrap_or_default();
            for (side, date) in taken(visitor, node.takers_of_newest(&said.id)?) {
                open.remove(&side);
                let told = words.t2("dialogues-account-taken", "side", side, "date", date);
                notes.push((told, None));
            }
            if !open.is_empty() {
                let names = listed(visitor, open);
                notes.push((words.t1("dialogues-account-open", "names", names), None));
            }
        }
    }
    let now = let_in(visitor, label).unwrap_or_default();
    let earlier = taken(visitor, node.takers(&said.id)?);
    let earlier = earlier.into_keys().filter(|name| !now.contains(name));
    let earlier: BTreeSet<String> = earlier.collect();
    if !earlier.is_empty() {
        let names = listed(visitor, earlier);
        notes.push((words.t1("dialogues-account-earlier", "names", names), None));
    }
    let eyes = Eyes::new(visitor);
    for request in node.withdrawals(&said.id)? {
        let side = eyes.side(request.recipient.as_str());
        let date = words.date(request.made);
        notes.push((
            words.t2("dialogues-account-back", "side", side, "date", date),
            None,
        ));
    }
    Ok(notes)
}
