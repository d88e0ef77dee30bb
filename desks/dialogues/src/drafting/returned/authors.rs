//! Who wrote in a file that came back. Invariant: what the file left with is nobody's new word.

use std::collections::BTreeMap;

use crate::drafting::docx::{Note, Returned};
use crate::records::Passage;

/// An author of changes or comments that the file did not leave with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Author {
    /// As the file has it; perhaps empty.
    pub name: String,
    /// How many stretches it put in or took out.
    pub changes: u32,
    /// How many comments it made.
    pub notes: u32,
}

/// Which marks of the file it left with.
pub(super) fn is_old(
    doc: &Returned,
    base: &[Passage],
    stamp: &str,
    name: &dyn Fn(&str) -> String,
) -> Vec<bool> {
    let mut sides: Vec<&str> = Vec::new();
    for passage in base {
        let own = passage
            .runs
            .iter()
            .flat_map(|run| [&run.in_by, &run.out_by, &run.held_by]);
        let all = own.chain([&passage.by, &passage.joins_by]);
        for side in all.flatten() {
            if !sides.contains(&side.as_str()) {
                sides.push(side);
            }
        }
    }
    let names: Vec<String> = sides.iter().map(|side| name(side)).collect();
    let day = stamp.get(..19).unwrap_or(stamp);
    doc.signs
        .iter()
        .map(|sign| sign.date == day && names.contains(&sign.author))
        .collect()
}

/// Whether a comment of the file is one that it left with.
fn is_known(note: &Note, base: &[Passage], name: &dyn Fn(&str) -> String) -> bool {
    let mut remarks = base.iter().flat_map(|passage| &passage.remarks);
    remarks.any(|remark| remark.words == note.words && name(&remark.by) == note.sign.author)
}

/// Who changed or commented in a file what it did not leave with.
pub fn authors(
    doc: &Returned,
    base: &[Passage],
    stamp: &str,
    name: &dyn Fn(&str) -> String,
) -> Vec<Author> {
    let old = is_old(doc, base, stamp, name);
    let mut found: BTreeMap<String, Author> = BTreeMap::new();
    let mut last = [None; 2];
    for seen in &doc.letters {
        for (place, change) in [seen.put_in, seen.taken_out].into_iter().enumerate() {
            let new = change.filter(|sign| !old.get(*sign).copied().unwrap_or(false));
            if new.is_some() && new != last[place] {
                let author = new.and_then(|sign| doc.signs.get(sign));
                if let Some(sign) = author {
                    found.entry(sign.author.clone()).or_default().changes += 1;
                }
            }
            last[place] = new;
        }
    }
    for note in &doc.notes {
        if !note.words.is_empty() && !is_known(note, base, name) {
            found.entry(note.sign.author.clone()).or_default().notes += 1;
        }
    }
    found
        .into_iter()
        .map(|(name, author)| Author { name, ..author })
        .collect()
}
