//! Where a record stands: its label, in which case it waits, who has it, and the way to its history. One part for every page
//! of the desk that is of one record. Invariant: it is told to our own people alone; for whom a record is is what `policy` says
//! of the label that is in force, and who has it is what the delivery ledger says.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use site::{Failure, Visitor, Words};
use stix::ObjectId;

use super::taking_back::{labels, let_in, listed};
use super::view::Eyes;
use crate::records::Piece;

/// A sentence, and where it leads.
pub(super) type Note = (String, Option<String>);

/// What stands under the name of a record on its page.
#[derive(Template)]
#[template(path = "dialogues/stands.html")]
pub(super) struct Stands {
    notes: Vec<Note>,
    record: String,
    words: Words,
}

impl askama::filters::HtmlSafe for Stands {}

impl Stands {
    /// Of a record; nothing to whoever is outside.
    pub(super) fn of<T>(visitor: &Visitor, piece: &Piece<T>) -> Result<Option<Self>, Failure> {
        let words = &visitor.words;
        let Some(label) = piece.label.as_ref().filter(|_| visitor.person().is_some()) else {
            return Ok(None);
        };
        let is_ours = piece.author == visitor.node().home().id;
        let notes = match is_ours {
            true => notes(visitor, &piece.id, label, &VERSION)?,
            false => {
                let by = Eyes::new(visitor).side(piece.author.as_str());
                let tlp = label.class.tlp().to_string();
                vec![(words.t2("stands-theirs", "tlp", tlp, "by", by), None)]
            }
        };
        Ok(Some(Self {
            notes,
            record: format!("/records/{}", piece.id),
            words: words.clone(),
        }))
    }
}

/// The keys of what is told of earlier versions: who has one, that everybody has, and who was asked to withdraw one.
pub(super) struct Earlier {
    with: &'static str,
    public: &'static str,
    back: &'static str,
}

/// Of a record.
const VERSION: Earlier = Earlier {
    with: "stands-earlier",
    public: "stands-earlier-public",
    back: "stands-back",
};

/// Of an account of what followed.
pub(super) const ACCOUNT: Earlier = Earlier {
    with: "dialogues-account-earlier",
    public: "dialogues-account-earlier-public",
    back: "dialogues-account-back",
};

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

/// The State or organization that a taker is an organ of: what its organ took, it has.
fn state_of(visitor: &Visitor, line: &store::LedgerEntry) -> Option<String> {
    let taker = visitor.node().participant(&line.viewer)?;
    Some(Eyes::new(visitor).side(taker.organ_of?.as_str()))
}

/// What is told of a record of ours, in one line.
pub(super) fn line(
    visitor: &Visitor,
    id: &ObjectId,
    label: &policy::Label,
) -> Result<String, Failure> {
    let notes = notes(visitor, id, label, &VERSION)?.into_iter();
    Ok(notes.map(|(note, _)| note).collect::<Vec<_>>().join(" · "))
}

/// What is told of a record of ours.
pub(super) fn notes(
    visitor: &Visitor,
    id: &ObjectId,
    label: &policy::Label,
    of_earlier: &Earlier,
) -> Result<Vec<Note>, Failure> {
    let (words, node) = (&visitor.words, visitor.node());
    let tlp = |label: &policy::Label| label.class.tlp().to_string();
    let asked = node.clearance().asked_for(visitor.viewer(), id)?;
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
            let takers = node.takers_of_newest(id)?;
            for above in takers.iter().filter_map(|line| state_of(visitor, line)) {
                open.remove(&above);
            }
            for (side, date) in taken(visitor, takers) {
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
    let eyes = Eyes::new(visitor);
    let requests = node.withdrawals(id)?;
    let asked: BTreeSet<String> = requests
        .iter()
        .map(|request| eyes.side(request.recipient.as_str()))
        .collect();
    // Where everybody may have it now, nobody has more of an earlier one than of this.
    if let Some(now) = let_in(visitor, label) {
        let every = labels(visitor, id)?;
        if every.iter().any(|one| let_in(visitor, one).is_none()) {
            notes.push((words.t(of_earlier.public), None));
        } else {
            // Who was asked to withdraw it has a line of its own.
            let earlier = taken(visitor, node.takers(id)?).into_keys();
            let earlier = earlier.filter(|name| !now.contains(name) && !asked.contains(name));
            let earlier: BTreeSet<String> = earlier.collect();
            if !earlier.is_empty() {
                let names = listed(visitor, earlier);
                notes.push((words.t1(of_earlier.with, "names", names), None));
            }
        }
    }
    for request in requests {
        let side = eyes.side(request.recipient.as_str());
        let date = words.date(request.made);
        notes.push((words.t2(of_earlier.back, "side", side, "date", date), None));
    }
    Ok(notes)
}
