//! The one thread that writes. Changes queue here, share a commit, and are answered after it is on disk.
//!
//! Invariant: a caller hears of success only when its change is durable; a change that fails, or panics, leaves no trace and does not
//! hold up its neighbors in the same commit. A panic anywhere else leaves nobody knowing what this thread holds in memory: then nothing is
//! written any more until the node is started again, and whoever asks hears why.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow, bail};
use store::{LedgerEntry, Store, WriteTxn};
use tokio::sync::oneshot;

use crate::chance::Random;
use crate::clearance;
use crate::clock::{Clock, Micros};
use crate::facets::Declarations;
use crate::facets::awaiting::{self, Among};
use crate::health::Ground;
use crate::keeping::deliveries::note_taken;
use crate::keys::Keys;
use crate::late::Late;
use crate::ledger::Gathered;
use crate::log::Log;
use crate::markings::Markings;
use crate::news::Herald;
use crate::peers::quota::Quota;
use crate::pending::Unwritten;
use crate::register::Register;
use crate::relabel::{Newer, Older};
use crate::users::Inherited;
use crate::withdrawal::{self, Moved};

/// How many changes share a commit at most.
const TOGETHER: usize = 256;
/// Why nothing is written yet.
const NOT_TAKEN_OVER: &str = "the audit trail of an earlier program is not taken over yet";

/// Why nothing is written any more.
const LOST: &str = "the node met a fault of its own while it wrote, and writes nothing until it is started again; what was acknowledged is on disk";

/// What a change works with: the open transaction, the log, the time and chance.
pub(crate) struct Change<'a, 't> {
    /// The transaction that all changes of this commit share.
    pub txn: &'a mut WriteTxn<'t>,
    /// The database: a new view of it sees what stood before this commit.
    pub store: &'a Store,
    /// The tree that grows with it.
    pub log: &'a mut Log,
    /// The time of this commit.
    pub now: Micros,
    /// Chance.
    pub chance: &'a mut dyn Random,
    /// How much is kept of what is not taken.
    pub limits: Kept,
    /// By which values records are found.
    pub declarations: &'a Declarations,
    /// The keys in use.
    pub keys: &'a Keys,
    /// Keys to be taken into use with this commit.
    pub adopt: &'a mut Option<Adopt>,
    /// What is asked to be given another label in this commit.
    pub asked: &'a mut Vec<clearance::Asked>,
    /// Versions whose place a newer one takes in this commit.
    pub corrected: &'a mut clearance::Corrected,
    /// Who is who; see [`Change::reload`].
    pub register: &'a mut Register,
    /// What markings mean.
    pub markings: &'a mut Markings,
    /// Whether the register was read anew.
    pub reloaded: &'a mut bool,
    /// The classes in which something became visible or ceased to be.
    pub touched: &'a mut BTreeSet<i64>,
    /// Records that left their places.
    pub moved: &'a mut Vec<Moved>,
    /// What newer versions of the object that was looked at last come to.
    pub newer: &'a mut Option<Newer>,
    /// Whom older versions of it let in.
    pub older: &'a mut Option<Older>,
    /// Among which records something changed, so that it is seen anew which of them others answer.
    pub unsettled: &'a mut Among,
}

/// Makes the change, if there is a commit to make it in; says whether it stands, and how to answer once that is decided.
type Run = Box<dyn FnOnce(Option<&mut Change<'_, '_>>) -> (bool, Answer) + Send>;
type Answer = Box<dyn FnOnce(Option<&anyhow::Error>) + Send>;

/// The way to the writing thread.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: Sender<Option<Run>>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// New keys, and what makes them last once the commit that speaks of them is on disk.
pub(crate) struct Adopt {
    pub keys: Arc<Keys>,
    pub settle: Box<dyn FnOnce() + Send>,
}

/// How much is kept of what is not taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    /// Bytes in quarantine, per channel.
    pub quarantine: i64,
    /// How long a publication waits after it was signed.
    pub publication_delay: Micros,
    /// What one peer may bring.
    pub peer: Quota,
}

/// What the writing thread owns.
pub(crate) struct Parts {
    pub store: Store,
    /// The files that were opened: what is no longer in its place is not written to.
    pub ground: Arc<Ground>,
    pub log: Log,
    pub clock: Arc<dyn Clock>,
    pub chance: Box<dyn Random>,
    pub register: Register,
    pub markings: Markings,
    /// Lines of the ledger: every commit writes them first, so that whoever tightens in it knows who took what.
    pub gathered: Arc<Gathered>,
    pub limits: Kept,
    pub declarations: Declarations,
    pub keys: Arc<RwLock<Arc<Keys>>>,
    pub herald: Herald,
    pub late: Late,
    /// What the trail has to vouch for before anything else is written, or why that could not be read.
    pub inherited: Option<Result<Arc<Inherited>, String>>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(parts: Parts) -> Result<Self> {
        let (queue, inbox) = channel();
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || parts.serve(&inbox))
            .context("could not start the writing thread")?;
        Ok(Self {
            queue,
            thread: Arc::new(Mutex::new(Some(thread))),
        })
    }

    /// Makes a change in the next commit; the answer comes when that is on disk.
    pub(crate) fn change<T: Send + 'static>(
        &self,
        make: impl FnOnce(&mut Change<'_, '_>) -> Result<T> + Send + 'static,
    ) -> oneshot::Receiver<Result<T>> {
        let (run, answer) = asked(make);
        // If the thread is gone the receiver says so.
        let _ = self.queue.send(Some(run));
        answer
    }

    /// Lets what is queued finish, and ends the thread.
    pub(crate) fn stop(&self) {
        let _ = self.queue.send(None);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// A change met a fault of this program.
#[derive(Debug, thiserror::Error)]
#[error(
    "the node met a fault of its own while it made this change; nothing of it was kept. Its journal says where: please report it"
)]
struct Panicked;

/// A change as the writing thread takes it, and where its answer comes.
fn asked<T: Send + 'static>(
    make: impl FnOnce(&mut Change<'_, '_>) -> Result<T> + Send + 'static,
) -> (Run, oneshot::Receiver<Result<T>>) {
    let (reply, answer) = oneshot::channel();
    let run: Run = Box::new(move |change| {
        let made = change.map(|change| {
            let make = || make(change).and_then(|made| clearance::settle(change).map(|()| made));
            // What the change has done is undone with its part of the transaction, as when it fails.
            catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_| Err(Panicked.into()))
        });
        let stands = matches!(made, Some(Ok(_)));
        let answer: Answer = Box::new(move |trouble| {
            let answer = match (made, trouble) {
                (Some(Err(error)), _) => Err(error),
                (_, Some(error)) => Err(Unwritten(format!("{error:#}")).into()),
                (Some(Ok(made)), None) => Ok(made),
                (None, None) => return,
            };
            // Nobody may be waiting any more; the change stands all the same.
            let _ = reply.send(answer);
        });
        (stands, answer)
    });
    (run, answer)
}

impl Parts {
    fn serve(mut self, inbox: &Receiver<Option<Run>>) {
        let (mut troubled, mut lost) = (false, false);
        while let Ok(Some(first)) = inbox.recv() {
            let (batch, last) = gather(first, inbox);
            let mut answers = Vec::with_capacity(batch.len());
            let mut batch = batch.into_iter();
            let committed = if lost {
                Err(anyhow!(LOST))
            } else {
                let commit = || {
                    self.take_over()
                        .and_then(|()| self.commit_and_tell(&mut batch, &mut answers))
                };
                catch_unwind(AssertUnwindSafe(commit)).unwrap_or_else(|_| {
                    lost = true;
                    tracing::error!("writer.lost");
                    // What the panic left open is rolled back, so that the disk has the last commit and nothing else.
                    let ended = self.store.write(|_| -> Result<()> { bail!(LOST) });
                    Err(ended.err().unwrap_or_else(|| anyhow!(LOST)))
                })
            };
            if committed.is_err() || troubled {
                troubled = committed.is_err();
                self.herald
                    .storage(committed.as_ref().err().map(|error| format!("{error:#}")));
            }
            // Those that had no turn hear of it, too.
            answers.extend(batch.map(|run| run(None).1));
            for answer in answers {
                answer(committed.as_ref().err());
            }
            if last {
                break;
            }
        }
    }

    /// What an earlier program left is vouched for in a commit of its own: whoever changes something in the next one is compared with it.
    fn take_over(&mut self) -> Result<()> {
        let inherited = match &self.inherited {
            None => return Ok(()),
            Some(Err(why)) => bail!("{NOT_TAKEN_OVER}: {why}"),
            Some(Ok(inherited)) => Arc::clone(inherited),
        };
        let (run, mut answer) = asked(move |change| inherited.write(change));
        let mut answers = Vec::new();
        let mut batch = vec![run].into_iter();
        let committed = self.commit_and_tell(&mut batch, &mut answers);
        answers.extend(batch.map(|run| run(None).1));
        for answer in answers {
            answer(committed.as_ref().err());
        }
        answer.try_recv()?.context(NOT_TAKEN_OVER)?;
        self.inherited = None;
        Ok(())
    }

    /// Commits, and tells the rest of the node.
    fn commit_and_tell(
        &mut self,
        batch: &mut std::vec::IntoIter<Run>,
        answers: &mut Vec<Answer>,
    ) -> Result<()> {
        let mut touched = BTreeSet::new();
        let at = self.clock.now();
        let before = (self.log.clone(), self.register.clone());
        let mut adopt = None;
        let mut timed = false;
        let mut moved = Vec::new();
        let committed = self.commit(
            batch,
            at,
            (&mut touched, &mut adopt, &mut timed, &mut moved),
            answers,
        );
        match committed {
            Ok(reloaded) => {
                if let Some(Adopt { keys, settle }) = adopt {
                    *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
                    settle();
                }
                self.herald.pace.turn(timed);
                let left = self.register.last_left();
                self.late.keep(self.herald.pace.reached(), at, moved, left);
                self.herald
                    .committed(touched, at, reloaded.then_some(&self.register));
                Ok(())
            }
            Err(error) => {
                (self.log, self.register) = before;
                self.markings.forget_all();
                Err(error)
            }
        }
    }

    /// One transaction for all of them. What fails alone is undone alone.
    fn commit(
        &mut self,
        batch: &mut std::vec::IntoIter<Run>,
        at: Micros,
        (touched, adopted, timed, gone): (
            &mut BTreeSet<i64>,
            &mut Option<Adopt>,
            &mut bool,
            &mut Vec<Moved>,
        ),
        answers: &mut Vec<Answer>,
    ) -> Result<bool> {
        let limits = self.limits;
        let Self {
            store,
            ground,
            log,
            chance,
            register,
            markings,
            keys,
            gathered,
            herald,
            declarations,
            late,
            ..
        } = self;
        let lines = late.lines(gathered.take());
        let batch = late_first(late, &lines).into_iter().chain(batch);
        let mut keys = Arc::clone(&keys.read().unwrap_or_else(PoisonError::into_inner));
        let mut reloaded = false;
        let mut unsettled = Among::new();
        let committed = store.write(|txn| {
            if !lines.is_empty() {
                let taken = lines.iter().map(|(_, line)| line);
                note_taken(txn, taken, register.last_left())?;
            }
            for run in batch {
                let size = log.size();
                let mut classes = BTreeSet::new();
                let mut anew = false;
                let mut asked = Vec::new();
                let mut corrected = clearance::Corrected::default();
                let mut adopt = None;
                let mut moved = Vec::new();
                let mut among = Among::new();
                let (mut newer, mut older) = (None, None);
                txn.savepoint()?;
                let mut change = Change {
                    txn,
                    store,
                    log,
                    now: at,
                    chance: chance.as_mut(),
                    register,
                    markings,
                    limits,
                    declarations,
                    keys: &keys,
                    adopt: &mut adopt,
                    asked: &mut asked,
                    corrected: &mut corrected,
                    reloaded: &mut anew,
                    touched: &mut classes,
                    moved: &mut moved,
                    newer: &mut newer,
                    older: &mut older,
                    unsettled: &mut among,
                };
                let (stands, answer) = run(Some(&mut change));
                answers.push(answer);
                if stands {
                    txn.release()?;
                    touched.append(&mut classes);
                    gone.append(&mut moved);
                    unsettled.append(&mut among);
                    reloaded |= anew;
                    if let Some(new) = adopt {
                        keys = Arc::clone(&new.keys);
                        log.sign_with(new.keys.log.clone());
                        *adopted = Some(new);
                    }
                } else {
                    txn.rollback_to_savepoint()?;
                    log.truncate(size);
                    markings.forget_all();
                    if anew {
                        *register = register.reload(txn)?;
                    }
                }
            }
            awaiting::settle(txn, declarations, unsettled)?;
            log.write(txn, at)?;
            *timed = txn.expires_anything()?;
            // Last of all, and after every change had its turn: each caller hears of it.
            ground.stands()?;
            herald.committing(*timed);
            Ok(reloaded)
        });
        if committed.is_err() {
            // Reading goes on where nothing can be written: who took what is noted once there is room again.
            gathered.put_back(lines);
        }
        committed
    }
}

/// The change that makes up for reads that were noted after what they should have been noted before.
fn late_first(late: &Late, lines: &[(u64, LedgerEntry)]) -> Option<Run> {
    let missed = late.missed(lines);
    if missed.is_empty() {
        return None;
    }
    Some(Box::new(move |change| {
        let asked = change.map(|change| {
            let ask = || {
                let mut missed = missed.iter();
                missed.try_for_each(|(line, moved)| withdrawal::ask_late(change, line, moved))
            };
            catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|_| Err(Panicked.into()))
        });
        let stands = matches!(asked, Some(Ok(())));
        let answer: Answer = Box::new(move |_| {
            if let Some(Err(error)) = asked {
                tracing::error!(error = format!("{error:#}"), "withdrawal.late");
            }
        });
        (stands, answer)
    }))
}

/// The first change and what else waits; and whether the queue is closed after them.
fn gather(first: Run, inbox: &Receiver<Option<Run>>) -> (Vec<Run>, bool) {
    let mut batch = vec![first];
    while batch.len() < TOGETHER {
        match inbox.try_recv() {
            Ok(Some(run)) => batch.push(run),
            Ok(None) | Err(TryRecvError::Disconnected) => return (batch, true),
            Err(TryRecvError::Empty) => break,
        }
    }
    (batch, false)
}
