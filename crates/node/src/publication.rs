//! Publishing takes two persons and a delay (rule 7), unless the author's own marking says CLEAR.
//!
//! Until then what is to be published is seen where it comes from and by nobody else. Either person, or any other, may cancel it.

use anyhow::{Context, Result, bail};
use policy::{Awaits, Label, Publication};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::{ObjectId, Timestamp};

use crate::clock::{HOUR, Micros};
use crate::node::Node;
use crate::pending::Pending;
use crate::relabel::relabel;
use crate::seal::{label_text, read_label};
use crate::users::{Actor, Refused, Right};
use crate::writer::Change;

/// Records that somebody asked to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its number.
    pub number: u64,
    /// The door through which it was asked, and by whom where that is known.
    pub asked_by: String,
    /// When.
    pub asked_at: Micros,
    /// The records, as runs of their numbers: first and last.
    pub records: Vec<(i64, i64)>,
    /// The label that they get.
    pub label: String,
    /// Who agreed.
    pub agreed_by: Option<String>,
    /// The end of the delay, once somebody has agreed.
    pub not_before: Option<Micros>,
}

const REQUESTS: &str = "node.publications";

/// Asks to publish a record: joins it to the request of the same commit, door and label.
pub(crate) fn ask(
    change: &mut Change<'_, '_>,
    asked_by: &str,
    recno: i64,
    label: &Label,
) -> Result<()> {
    let label = label_text(label);
    if let Some(open) = change.asked.last_mut()
        && open.asked_by == asked_by
        && open.label == label
    {
        match open.records.last_mut() {
            Some((_, last)) if *last + 1 == recno => *last = recno,
            _ => open.records.push((recno, recno)),
        }
        return Ok(());
    }
    change.asked.push(Request {
        number: 0,
        asked_by: asked_by.to_owned(),
        asked_at: change.now,
        records: vec![(recno, recno)],
        label,
        agreed_by: None,
        not_before: None,
    });
    Ok(())
}

/// Writes down what was asked in this commit.
pub(crate) fn settle(change: &mut Change<'_, '_>) -> Result<()> {
    if change.asked.is_empty() {
        return Ok(());
    }
    let mut requests = read(change.txn)?;
    for mut asked in std::mem::take(change.asked) {
        let joined = requests.iter_mut().find(|open| {
            open.agreed_by.is_none() && open.asked_by == asked.asked_by && open.label == asked.label
        });
        match joined {
            Some(open) => open.records.append(&mut asked.records),
            None => {
                asked.number = requests.iter().map(|open| open.number).max().unwrap_or(0) + 1;
                requests.push(asked);
            }
        }
    }
    for request in &mut requests {
        merge(&mut request.records);
    }
    write(change, &requests)
}

/// Joins runs that touch, so that a long import is one run.
fn merge(runs: &mut Vec<(i64, i64)>) {
    runs.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(runs.len());
    for &(first, last) in runs.iter() {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    *runs = merged;
}

fn read(look: &store::Look) -> Result<Vec<Request>> {
    match look.meta(REQUESTS)? {
        Some(json) => serde_json::from_slice(&json).context("the list of publications is damaged"),
        None => Ok(Vec::new()),
    }
}

fn write(change: &mut Change<'_, '_>, requests: &[Request]) -> Result<()> {
    Ok(change
        .txn
        .set_meta(REQUESTS, &serde_json::to_vec(requests)?)?)
}

impl Request {
    fn waits(&self, at: Micros) -> Awaits {
        // The rule knows persons; a door that nobody stands behind by name is a person of its own.
        let person =
            |name: &str| ObjectId::parse(&format!("identity--{}", crate::node::uuid_of(name))).ok();
        let (Some(asked_by), never) =
            (person(&self.asked_by), Timestamp::from_micros(i64::MAX / 2))
        else {
            return Awaits::SecondPerson;
        };
        let publication = Publication {
            asked_by,
            agreed_by: self.agreed_by.as_deref().and_then(person),
            not_before: self.not_before.map_or(never, Timestamp::from_micros),
        };
        publication.awaits(&Timestamp::from_micros(at))
    }

    /// How many records it is about.
    pub fn count(&self) -> i64 {
        self.records
            .iter()
            .map(|(first, last)| last - first + 1)
            .sum()
    }
}

/// What the trail says of a request.
fn told(request: &Request) -> (String, Value) {
    let detail = json!({ "records": request.count(), "asked_by": request.asked_by });
    (format!("publication {}", request.number), detail)
}

impl Node {
    /// What waits to be published.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn publications(&self) -> Result<Vec<Request>> {
        let reader = self.read()?;
        read(&reader)
    }

    /// A second person agrees, who has signed in and may release; the delay begins.
    ///
    /// # Errors
    /// [`Refused`]: the terminal agrees to nothing, and whoever asked does not count twice. When there is no such request.
    pub fn agree(&self, number: u64, by: &Actor) -> Pending<Request> {
        let (by, delay) = (by.clone(), self.config().publication_delay_hours);
        let delay = i64::try_from(delay)
            .unwrap_or(i64::MAX)
            .saturating_mul(HOUR);
        self.change(move |change| {
            change.authorize(&by, Right::Release)?;
            if by.is_at_terminal() {
                return Err(Refused::NotAllowed(Right::Release).into());
            }
            let mut requests = read(change.txn)?;
            let request = requests.iter_mut().find(|request| request.number == number);
            let request = request.with_context(|| format!("there is no publication {number}"))?;
            if by.is(&request.asked_by) {
                return Err(Refused::SamePerson(by.name.clone()).into());
            }
            if request.agreed_by.is_some() {
                bail!("somebody has agreed to publication {number} already; its delay runs");
            }
            request.agreed_by = Some(by.person.to_string());
            request.not_before = Some(change.now.saturating_add(delay));
            let request = request.clone();
            write(change, &requests)?;
            let (subject, detail) = told(&request);
            change.note(&by, "publication.agree", &subject, &detail)?;
            Ok(request)
        })
    }

    /// Nothing is published; the records stay where they are.
    ///
    /// # Errors
    /// [`Refused`]; when there is no such request.
    pub fn cancel(&self, number: u64, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Stop)?;
            let mut requests = read(change.txn)?;
            let at = requests.iter().position(|request| request.number == number);
            let at = at.with_context(|| {
                format!("there is no publication {number}; it may have been carried out")
            })?;
            let request = requests.remove(at);
            write(change, &requests)?;
            let (subject, detail) = told(&request);
            change.note(&by, "publication.cancel", &subject, &detail)
        })
    }

    /// Publishes what nothing stands against any more, a portion at a time; says whether there is more to do.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn publish_due(&self) -> Pending<bool> {
        self.change(|change| {
            let mut requests = read(change.txn)?;
            let now = change.now;
            let Some(due) = requests
                .iter_mut()
                .find(|request| request.waits(now) == Awaits::Nothing)
            else {
                return Ok(false);
            };
            let label = read_label(&due.label).context("the label of a publication is damaged")?;
            let mut left = PORTION;
            while let Some((first, last)) = due.records.pop() {
                let end = last.min(first.saturating_add(left) - 1);
                for recno in first..=end {
                    relabel(change, recno, &label)?;
                }
                left -= end - first + 1;
                if end < last {
                    due.records.push((end + 1, last));
                }
                if left <= 0 {
                    break;
                }
            }
            requests.retain(|request| !request.records.is_empty());
            write(change, &requests)?;
            Ok(true)
        })
    }
}

/// How many records are published in one commit.
const PORTION: i64 = 500;
