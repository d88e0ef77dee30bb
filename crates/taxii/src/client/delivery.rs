//! Giving objects to a server: in envelopes that it can take, followed until it has decided.
//!
//! Invariant: every object gets a line, and one that a server does not take never costs its neighbors theirs: a
//! refused envelope is halved until the refusal fits one object.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use bytes::Bytes;
use stix::Timestamp;
use tokio::time::{Instant, sleep};

use super::Client;
use super::error::Error;
use super::resource::{ApiRoot, Collection};
use super::status::{Detail, Status};

/// What became of the objects given, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// A line for each.
    pub lines: Vec<Line>,
    /// Why the rest was not sent, if it was not.
    pub stopped: Option<Error>,
}

/// What became of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The server has it.
    Taken,
    /// The server had not decided when we stopped asking.
    Pending,
    /// The server refused it, and why.
    Refused(String),
    /// It is larger than any envelope that the server takes; it was not sent.
    TooLarge,
    /// It may have arrived: the exchange broke off, or the server does not say which objects it took. Send it again.
    Unknown,
    /// It was not sent; see [`Delivery::stopped`].
    Unsent,
}

impl Delivery {
    /// Whether the server has every object.
    pub fn is_complete(&self) -> bool {
        self.lines.iter().all(|line| line.fate == Fate::Taken)
    }
}

const OPEN: &[u8] = b"{\"objects\":[";
const CLOSE: &[u8] = b"]}";
const LONGEST_PAUSE: std::time::Duration = std::time::Duration::from_secs(30);

pub(super) async fn deliver(
    client: &Client,
    root: &ApiRoot,
    collection: &Collection,
    objects: Vec<&[u8]>,
) -> Delivery {
    let mut delivery = Delivery {
        lines: objects.iter().map(|object| line(object)).collect(),
        stopped: None,
    };
    let ours = client.limits.envelope_bytes;
    let theirs = root.max_content_length.unwrap_or(u64::MAX);
    let most = ours.min(usize::try_from(theirs).unwrap_or(usize::MAX));
    let mut waiting = VecDeque::from(parts(
        &objects,
        most,
        client.limits.envelope_objects,
        &mut delivery.lines,
    ));
    while let Some(part) = waiting.pop_front() {
        let Some(sent) = objects.get(part.clone()) else {
            continue;
        };
        match client.post(&collection.url, envelope(sent)).await {
            Ok(status) => {
                let status = decided(client, root, status).await;
                note(&status, &mut delivery.lines[part]);
            }
            Err(Error::Refused(_)) if part.len() > 1 => {
                let middle = part.start + part.len() / 2;
                waiting.push_front(middle..part.end);
                waiting.push_front(part.start..middle);
            }
            Err(Error::Refused(refusal)) => {
                let fate = if refusal.status == http::StatusCode::PAYLOAD_TOO_LARGE {
                    Fate::TooLarge
                } else {
                    Fate::Refused(refusal.to_string())
                };
                mark(&mut delivery.lines[part], &fate);
            }
            Err(error) => {
                let fate = match error {
                    Error::TooSlow(_)
                    | Error::Unreachable(_)
                    | Error::Failed(_)
                    | Error::Unreadable(_)
                    | Error::TooLarge { .. } => Fate::Unknown,
                    _ => Fate::Unsent,
                };
                mark(&mut delivery.lines[part], &fate);
                delivery.stopped = Some(error);
                break;
            }
        }
    }
    delivery
}

fn line(object: &[u8]) -> Line {
    let checked = stix::check(object, &stix::Limits::default()).ok();
    let header = checked.as_ref().map(stix::Object::header);
    Line {
        id: header.map(|header| header.id.to_string()),
        version: header.and_then(|header| Some(header.version()?.to_string())),
        fate: Fate::Unsent,
    }
}

/// Neighbors that fit one envelope; those that fit none are marked.
fn parts(objects: &[&[u8]], most: usize, count: usize, lines: &mut [Line]) -> Vec<Range<usize>> {
    let frame = OPEN.len() + CLOSE.len();
    let mut parts = Vec::new();
    let mut start = 0;
    let mut bytes = frame;
    for (at, object) in objects.iter().enumerate() {
        if frame + object.len() > most {
            lines[at].fate = Fate::TooLarge;
            parts.push(start..at);
            start = at + 1;
            bytes = frame;
        } else if bytes + object.len() + 1 > most || at - start >= count.max(1) {
            parts.push(start..at);
            start = at;
            bytes = frame + object.len();
        } else {
            bytes += object.len() + usize::from(at > start);
        }
    }
    parts.push(start..objects.len());
    parts.retain(|part| !part.is_empty());
    parts
}

fn envelope(objects: &[&[u8]]) -> Bytes {
    let size: usize = objects.iter().map(|object| object.len() + 1).sum();
    let mut bytes = Vec::with_capacity(OPEN.len() + size + CLOSE.len());
    bytes.extend_from_slice(OPEN);
    for (at, object) in objects.iter().enumerate() {
        if at > 0 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(object);
    }
    bytes.extend_from_slice(CLOSE);
    Bytes::from(bytes)
}

/// The status once the server has decided, or the last one known when time is over.
async fn decided(client: &Client, root: &ApiRoot, first: Status) -> Status {
    let until = Instant::now() + client.limits.decision;
    let mut pause = client.limits.first_pause;
    let mut status = first;
    while !status.complete {
        let Some(id) = status.id.clone() else { break };
        if Instant::now() + pause > until {
            break;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        match client.status(root, &id).await {
            Ok(next) => {
                status = Status {
                    id: Some(id),
                    ..next
                }
            }
            // A server may forget a status, and may be away for a moment: what is known stays known.
            Err(Error::Absent(_) | Error::Denied(_)) => break,
            Err(_) => {}
        }
    }
    status
}

/// Writes down what the server says of each object.
fn note(status: &Status, lines: &mut [Line]) {
    let mut told: HashMap<&str, Vec<(&Detail, Kind)>> = HashMap::new();
    for (details, kind) in [
        (&status.successes, Kind::Success),
        (&status.pendings, Kind::Pending),
        (&status.failures, Kind::Failure),
    ] {
        for detail in details {
            let entry = told.entry(detail.id.as_str()).or_default();
            entry.push((detail, kind));
        }
    }
    let mut named = [0_u64; 3];
    let mut unnamed = Vec::new();
    for line in lines {
        let known = line.id.as_deref().and_then(|id| told.get(id));
        let found = known
            .into_iter()
            .flatten()
            .find(|(detail, _)| same(detail.version.as_deref(), line.version.as_deref()));
        match found {
            Some((detail, kind)) => {
                named[*kind as usize] += 1;
                line.fate = kind.fate(detail.message.as_deref());
            }
            None => unnamed.push(line),
        }
    }
    // What is not named has the only outcome that the counts leave over.
    let counts = [
        status.success_count,
        status.pending_count,
        status.failure_count,
    ];
    let left: Vec<Kind> = [Kind::Success, Kind::Pending, Kind::Failure]
        .into_iter()
        .filter(|kind| counts[*kind as usize] > named[*kind as usize])
        .collect();
    let whole = status.complete && counts[0] > 0 && counts[1] == 0 && counts[2] == 0;
    let fate = match left[..] {
        [kind] => kind.fate(None),
        // Some servers count what they had already only once.
        [] if whole => Fate::Taken,
        _ => Fate::Unknown,
    };
    for line in unnamed {
        line.fate = fate.clone();
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Success,
    Pending,
    Failure,
}

impl Kind {
    fn fate(self, message: Option<&str>) -> Fate {
        match self {
            Self::Success => Fate::Taken,
            Self::Pending => Fate::Pending,
            Self::Failure => {
                Fate::Refused(message.unwrap_or("the server gives no reason").to_owned())
            }
        }
    }
}

/// One version, however spelt; a server that leaves it out means whichever there is.
fn same(theirs: Option<&str>, ours: Option<&str>) -> bool {
    let (Some(theirs), Some(ours)) = (theirs, ours) else {
        return true;
    };
    theirs == ours
        || matches!((Timestamp::parse(theirs), Timestamp::parse(ours)), (Ok(a), Ok(b)) if a == b)
}

fn mark(lines: &mut [Line], fate: &Fate) {
    for line in lines {
        line.fate = fate.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(sizes: &[usize], most: usize, count: usize) -> (Vec<Range<usize>>, Vec<usize>) {
        let objects: Vec<Vec<u8>> = sizes.iter().map(|size| vec![b'x'; *size]).collect();
        let slices: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
        let mut lines: Vec<Line> = slices.iter().map(|object| line(object)).collect();
        let parts = parts(&slices, most, count, &mut lines);
        for part in &parts {
            assert!(envelope(&slices[part.clone()]).len() <= most, "{part:?}");
        }
        let large = (0..sizes.len()).filter(|at| lines[*at].fate == Fate::TooLarge);
        (parts, large.collect())
    }

    #[test]
    fn envelopes_are_full_and_never_over() {
        assert_eq!(cut(&[10, 10, 10], 1_000, 2), (vec![0..2, 2..3], vec![]));
        // 14 bytes of frame, 10 + 1 + 10 of objects.
        assert_eq!(cut(&[10, 10, 10], 35, 9), (vec![0..2, 2..3], vec![]));
        assert_eq!(cut(&[10, 10, 10], 34, 9), (vec![0..1, 1..2, 2..3], vec![]));
        assert_eq!(cut(&[5, 90, 5, 5], 60, 9), (vec![0..1, 2..4], vec![1]));
        assert_eq!(cut(&[90], 60, 9), (vec![], vec![0]));
        assert_eq!(cut(&[], 60, 9), (vec![], vec![]));
    }
}
