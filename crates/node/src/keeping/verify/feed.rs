//! The records of the log in their order, examined beside the thread that reads them. Memory: a few chunks, whatever the size.

use std::collections::{HashSet, VecDeque};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

use store::Look;
use tlog::{Entry, Hash};

use super::examine::{Examined, Known, What, Work, examine};
use super::marks::Marks;
use super::report::{Area, Finding, Progress, Report};
use crate::relabel::taken_with;

/// A chunk ends after so many records,
const ROWS: usize = 256;
/// or so many bytes.
const BYTES: usize = 1024 * 1024;
/// So many chunks are under way for each thread.
const AHEAD: usize = 2;
/// So many places that the engine cannot read are stepped over.
const STEPS: u32 = 64;

/// What was gathered on the way.
#[derive(Default)]
pub(super) struct Gathered {
    pub report: Report,
    /// Records to be explained.
    pub suspects: Vec<i64>,
    pub handlings: Vec<i64>,
    /// What the log says of further places: the record, and the label under which it stands there,
    pub further: HashSet<(i64, String)>,
    /// and the same without times.
    pub further_classes: HashSet<(i64, String)>,
    pub seals: Vec<i64>,
    pub erasures: Vec<i64>,
    pub erased: Vec<i64>,
    pub rosters: Vec<i64>,
    pub trail_marks: Vec<i64>,
    /// Rotations and revocations of keys.
    pub keys: Vec<i64>,
}

struct Worker {
    send: SyncSender<Vec<Work>>,
    receive: Receiver<Vec<Examined>>,
}

/// See the module.
pub(super) struct Feed<'a> {
    look: &'a Look,
    relabelled: &'a Marks,
    progress: &'a mut dyn FnMut(Progress),
    gathered: &'a mut Gathered,
    workers: Vec<Worker>,
    size: i64,
    /// The next number to read.
    next: i64,
    /// The next number to give.
    expected: i64,
    steps: u32,
    done: bool,
    /// Chunks that are being examined: by which worker.
    under_way: VecDeque<usize>,
    turn: usize,
    ready: VecDeque<Examined>,
}

impl<'a> Feed<'a> {
    /// Starts the threads.
    pub(super) fn start<'s, 'e>(
        scope: &'s Scope<'s, 'e>,
        known: &'e Known,
        threads: usize,
        look: &'a Look,
        relabelled: &'a Marks,
        (gathered, progress): (&'a mut Gathered, &'a mut dyn FnMut(Progress)),
    ) -> Self {
        let workers = (0..threads.max(1)).map(|_| {
            let (send, work) = sync_channel::<Vec<Work>>(AHEAD);
            let (done, receive) = sync_channel(AHEAD);
            scope.spawn(move || {
                for chunk in work {
                    let examined = chunk.iter().map(|work| examine(work, known)).collect();
                    if done.send(examined).is_err() {
                        break;
                    }
                }
            });
            Worker { send, receive }
        });
        let size = i64::try_from(gathered.report.size).unwrap_or(i64::MAX);
        Self {
            look,
            relabelled,
            progress,
            gathered,
            workers: workers.collect(),
            size,
            next: i64::MIN,
            expected: 0,
            steps: 0,
            done: false,
            under_way: VecDeque::new(),
            turn: 0,
            ready: VecDeque::new(),
        }
    }

    fn fill(&mut self) {
        while !self.done && self.under_way.len() < self.workers.len() * AHEAD {
            let rows = match self.look.audited_from(self.next, ROWS, BYTES) {
                Ok(rows) => rows,
                Err(error) => {
                    // Steps over what cannot be read, to say how far the damage goes.
                    self.next = self.next.max(self.expected.max(0));
                    let what = format!("it cannot be read from the database: {error}");
                    self.gathered
                        .report
                        .find(Finding::at(Area::Database, self.next, what));
                    self.next = self.next.saturating_add(1);
                    self.steps += 1;
                    self.done = self.steps > STEPS || self.next > self.size;
                    continue;
                }
            };
            let Some(last) = rows.last() else {
                self.done = true;
                break;
            };
            self.next = last.recno.saturating_add(1);
            let look = self.look;
            let work = rows.into_iter().map(|row| Work {
                taken: self
                    .relabelled
                    .has(row.recno)
                    .then(|| look.meta(&taken_with(row.recno)).ok().flatten())
                    .flatten(),
                row,
            });
            let work: Vec<Work> = work.collect();
            for work in &work {
                self.first_of_object(work);
            }
            let at = self.turn % self.workers.len();
            self.turn += 1;
            if let Some(worker) = self.workers.get(at)
                && worker.send.send(work).is_ok()
            {
                self.under_way.push_back(at);
            }
        }
    }

    /// Whoever looks for an object by its id finds it.
    fn first_of_object(&mut self, work: &Work) {
        let row = &work.row;
        if row.object != row.recno {
            return;
        }
        let Ok(id) = stix::ObjectId::parse(&row.id) else {
            return;
        };
        let found = self.look.object_no(&id);
        if !matches!(found, Ok(Some(object)) if object.0 == row.recno) {
            let what = "it is not found by its id";
            self.gathered
                .report
                .find(Finding::at(Area::Id, row.recno, what).named(&row.id, &row.version));
        }
    }

    fn note(&mut self, examined: &mut Examined) {
        let gathered = &mut *self.gathered;
        for finding in examined.findings.drain(..) {
            gathered.report.find(finding);
        }
        if examined.suspect && gathered.suspects.len() < Report::MOST {
            gathered.suspects.push(examined.recno);
        }
        gathered.report.bytes += examined.bytes;
        let (all, new) = (&mut gathered.report.seals, examined.seals);
        all.good += new.good;
        all.unknown += new.unknown;
        all.broken += new.broken;
        match examined.what {
            What::Plain => {}
            What::Erased => {
                gathered.report.erased += 1;
                gathered.erased.push(examined.recno);
            }
            What::Handling => gathered.handlings.push(examined.recno),
            What::Seal => gathered.seals.push(examined.recno),
            What::Roster => gathered.rosters.push(examined.recno),
            What::Erasure => gathered.erasures.push(examined.recno),
            What::TrailMark => gathered.trail_marks.push(examined.recno),
            What::Key => gathered.keys.push(examined.recno),
        }
        if examined.recno % 4096 == 0 {
            (self.progress)(Progress {
                stage: "records",
                done: u64::try_from(examined.recno).unwrap_or(0),
                total: u64::try_from(self.size).unwrap_or(0),
            });
        }
    }

    fn missing(&mut self) -> Entry {
        let what = "the record is missing";
        let read_before = self
            .gathered
            .report
            .findings
            .iter()
            .any(|found| found.area == Area::Database && found.leaf == Some(self.expected));
        if !read_before {
            self.gathered
                .report
                .find(Finding::at(Area::Count, self.expected, what));
        }
        self.expected += 1;
        Entry::Kept(Hash::empty())
    }
}

impl Iterator for Feed<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(next) = self.ready.front() {
                if next.recno > self.expected && self.expected < self.size {
                    return Some(self.missing());
                }
                let mut examined = self.ready.pop_front()?;
                self.note(&mut examined);
                if examined.recno < self.expected {
                    let what = "there is no leaf of this number";
                    let finding = Finding::at(Area::Count, examined.recno, what);
                    self.gathered.report.find(finding);
                    continue;
                }
                self.expected = examined.recno.saturating_add(1);
                return Some(examined.entry);
            }
            self.fill();
            match self.under_way.pop_front() {
                Some(at) => {
                    let worker = self.workers.get(at)?;
                    self.ready.extend(worker.receive.recv().ok()?);
                }
                // What ends too early is missing, one by one.
                None if self.expected < self.size && self.gathered.report.more == 0 => {
                    return Some(self.missing());
                }
                None => return None,
            }
        }
    }
}
