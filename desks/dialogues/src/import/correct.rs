//! Corrections by a person: each is one step that can be repeated, and none touches what the machine found.
//! Invariant: after every correction the clauses lie in the order of the text, do not overlap, and hold exactly its words.

use anyhow::{Context, Result, bail};
use stix::ObjectId;

use super::heard::{Heard, HeardNext, Said};
use super::reading::Reading;
use crate::records::Act;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// The head: everything but the clauses.
    Head(Box<Heard>),
    /// What a clause does, who does it, about what, by when.
    Clause(Said),
    /// Cut a clause in two, at a code point of the text.
    Split(String, usize),
    /// Join a clause with the one after it.
    Merge(String),
    /// Leave a clause out of the register, or take it back in.
    LeaveOut(String, bool),
    /// Begin again with what the machine found.
    Begin,
}

impl Reading {
    /// Whether somebody else corrected it last than this person.
    pub fn is_others(&self, person: Option<&ObjectId>) -> bool {
        self.corrected_by.as_deref() != person.map(ObjectId::as_str)
    }
}

/// Makes the step in a reading, for a person.
///
/// # Errors
/// When there is no such clause, or it cannot be cut or joined there.
pub fn correct(reading: &mut Reading, step: Correction, by: Option<&ObjectId>) -> Result<()> {
    let heard = &mut reading.corrected;
    match step {
        Correction::Head(head) => {
            let statements = std::mem::take(&mut heard.statements);
            let (schema, doc) = (heard.schema.clone(), heard.doc.clone());
            *heard = *head;
            heard.statements = statements;
            heard.schema = schema;
            heard.doc = doc;
            heard.next_meeting = heard
                .next_meeting
                .take()
                .filter(|next| *next != HeardNext::default());
        }
        Correction::Clause(new) => {
            let said = find(heard, &new.id)?;
            let said = &mut heard.statements[said];
            if Act::named(&new.act).is_none() {
                bail!("there is no act {:?}", new.act);
            }
            *said = Said {
                start: said.start,
                end: said.end,
                text: std::mem::take(&mut said.text),
                strength: new.strength.clamp(1, 3),
                ..new
            };
        }
        Correction::Split(id, at) => split(heard, &reading.text, &id, at)?,
        Correction::Merge(id) => merge(heard, &reading.text, &id)?,
        Correction::LeaveOut(id, left_out) => {
            let said = find(heard, &id)?;
            heard.statements[said].left_out = left_out;
        }
        Correction::Begin => *heard = reading.machine.clone(),
    }
    reading.revision += 1;
    reading.corrected_by = by.map(ToString::to_string);
    Ok(())
}

fn find(heard: &Heard, id: &str) -> Result<usize> {
    let place = heard.statements.iter().position(|said| said.id == id);
    place.with_context(|| format!("there is no clause {id:?}"))
}

/// The words between two code points.
fn between(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

fn split(heard: &mut Heard, text: &str, id: &str, at: usize) -> Result<()> {
    let place = find(heard, id)?;
    let whole = heard.statements[place].clone();
    if at <= whole.start || at >= whole.end {
        bail!("a clause is cut between its words");
    }
    // Blanks at the cut belong to neither part.
    let (mut end, mut start) = (at, at);
    let letters: Vec<char> = text
        .chars()
        .skip(whole.start)
        .take(whole.end - whole.start)
        .collect();
    while end > whole.start && letters[end - 1 - whole.start].is_whitespace() {
        end -= 1;
    }
    while start < whole.end && letters[start - whole.start].is_whitespace() {
        start += 1;
    }
    if end == whole.start || start == whole.end {
        bail!("a clause is cut between its words");
    }
    let first = Said {
        end,
        text: between(text, whole.start, end),
        ..whole.clone()
    };
    let second = Said {
        start,
        text: between(text, start, whole.end),
        ..whole
    };
    heard.statements.splice(place..=place, [first, second]);
    number(heard);
    Ok(())
}

fn merge(heard: &mut Heard, text: &str, id: &str) -> Result<()> {
    let place = find(heard, id)?;
    let Some(next) = heard.statements.get(place + 1).cloned() else {
        bail!("there is no clause after it to join it with");
    };
    let said = &mut heard.statements[place];
    said.end = next.end;
    said.text = between(text, said.start, said.end);
    said.due = said.due.take().or(next.due);
    said.strength = said.strength.max(next.strength);
    for topic in next.topics {
        if !said.topics.contains(&topic) && said.topics.len() < 5 {
            said.topics.push(topic);
        }
    }
    heard.statements.remove(place + 1);
    number(heard);
    Ok(())
}

fn number(heard: &mut Heard) {
    for (place, said) in heard.statements.iter_mut().enumerate() {
        said.id = format!("s{:02}", place + 1);
    }
}
