//! One node, open: what it is made of, and its doors.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anyhow::{Context, Result};
use bytes::Bytes;
use policy::{Desk, Viewer};
use stix::{Limits, ObjectId};
use store::{Binding, NewCollection, Options, Reader, Store};
use tlog::Origin;
use tokio::sync::watch;

use crate::accept::Lot;
use crate::access::Warm;
use crate::called::fit_name;
use crate::ceiling::Banner;
use crate::chance::Random;
use crate::clock::{Clock, HOUR};
use crate::collections::{Shelves, write_said};
use crate::config::Config;
use crate::facets::Declarations;
use crate::folder::{Folder, Hold, write_private};
use crate::gained::Gaining;
use crate::health::{Ground, Pulse};
use crate::keeping::backup::{forget_copy, is_unannounced, refuse_unannounced};
use crate::keeping::bundle::forget_spool;
use crate::keeping::keys_in_use;
use crate::keys::{self, Keys, Recovery, Words};
use crate::late::Late;
use crate::ledger::Gathered;
use crate::log::Log;
use crate::markings::Markings;
use crate::news::{Herald, News, Pace};
use crate::peers::evidence;
use crate::peers::quota::{Quota, accept_within};
use crate::peers::{Exchange, Tokens};
use crate::pending::Pending;
use crate::reading::{Look, look};
use crate::register::{BOUND, Kind, PARTICIPANTS, Participant, Register};
use crate::submission::{Receipt, Submission};
use crate::users::vouched::VOUCHED;
use crate::users::{Ceremonies, Guesses, Hashing, Inherited};
use crate::writer::{Change, Kept, Parts, Writer};

/// A node that this process holds. Cheap to clone; all clones are one node.
#[derive(Clone)]
pub struct Node {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) folder: Folder,
    pub(crate) config: Config,
    /// A rename leaves the old name in memory until the process ends: there are few, and everybody may hold on to what they were given.
    pub(crate) home: RwLock<&'static Participant>,
    pub(crate) store: Store,
    pub(crate) declarations: Declarations,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Mutex<Box<dyn Random>>,
    pub(crate) keys: Arc<RwLock<Arc<Keys>>>,
    pub(crate) origin: Origin,
    pub(crate) writer: Writer,
    pub(crate) register: Arc<RwLock<Arc<Register>>>,
    pub(crate) news: watch::Sender<News>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) trouble: Arc<RwLock<Option<String>>>,
    pub(crate) ground: Arc<Ground>,
    pub(crate) pulse: Pulse,
    pub(crate) warm: Warm,
    pub(crate) guesses: Arc<Guesses>,
    pub(crate) shelves: Shelves,
    pub(crate) gathered: Arc<Gathered>,
    pub(crate) tokens: Tokens,
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) gaining: Arc<Gaining>,
    pub(crate) ceremonies: Ceremonies,
    pub(crate) hashing: Hashing,
    /// The introduction that was read out last, and its words, which are slow to make.
    pub(crate) spoken: Mutex<Option<(Vec<u8>, Words)>>,
    banner: Banner,
    limits: Limits,
    _hold: Hold,
}

/// What a new node is told.
#[derive(Debug, Clone)]
pub struct New {
    /// The name of its participant.
    pub participant: String,
    /// What that is.
    pub kind: Kind,
    /// The State or organisation that it is an organ of, by name.
    pub organ_of: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// Under which names a node keeps its own matters in the store.
pub(crate) const HOME: &str = "node.home";
pub(crate) const ORIGIN: &str = "node.origin";
pub(crate) const RECOVERY: &str = "node.recovery";
pub(crate) const HEAD: &str = "log.head";

/// The collections that every node has: one per desk.
const DESKS: [(Desk, &str); 7] = [
    (Desk::Dialogues, "Dialogues and commitments"),
    (Desk::Norms, "Norms and measures"),
    (Desk::Contacts, "Participants and contact points"),
    (Desk::Situation, "Situation"),
    (Desk::Incidents, "Incidents"),
    (Desk::Exercises, "Exercises"),
    (Desk::Capacity, "Needs and offers"),
];

impl Node {
    /// Makes the folder of a new node: keys, database, its own participant. Returns the recovery key, which is kept nowhere here.
    ///
    /// # Errors
    /// When the folder holds a node already or cannot be written; when nobody can be called so.
    pub fn create(
        root: &Path,
        new: &New,
        clock: &dyn Clock,
        chance: &mut dyn Random,
    ) -> Result<Recovery> {
        let name = fit_name(&new.participant)?;
        let above = new.organ_of.as_deref().map(fit_name).transpose()?;
        let folder = Folder::create(root)?;
        let keys = Keys::generate(chance, &["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        keys::store(&folder.keys(), &keys)?;
        let recovery = Recovery::generate(chance);
        let home = identity(chance)?;
        let mut participants = Vec::new();
        let organ_of = match &above {
            Some(above) => {
                let parent = identity(chance)?;
                participants.push(Participant::new(parent.clone(), above, Kind::State));
                Some(parent)
            }
            None => None,
        };
        let own = Participant {
            organ_of,
            country: new.country.clone(),
            ..Participant::new(home.clone(), &name, new.kind)
        };
        participants.push(own.clone());
        folder.keep_database_private()?;
        let store = Store::open(folder.database(), Options::default())?;
        let origin = format!("entente/{}", home.uuid());
        store.write(|txn| -> Result<()> {
            txn.set_meta(HOME, &serde_json::to_vec(&own)?)?;
            txn.set_meta(PARTICIPANTS, &serde_json::to_vec(&participants)?)?;
            txn.set_meta(ORIGIN, origin.as_bytes())?;
            txn.set_meta(RECOVERY, recovery.recipient().to_string().as_bytes())?;
            txn.set_meta(VOUCHED, b"1")?;
            txn.put_binding(&Binding {
                identity: home.to_string(),
                key: keys.public().seal.as_bytes().to_vec(),
                state: BOUND.to_owned(),
                since: clock.now(),
                ..Binding::default()
            })?;
            for (desk, title) in DESKS {
                let uuid = uuid_v4(chance);
                txn.add_collection(&NewCollection {
                    uuid: &uuid,
                    alias: Some(desk.as_str()),
                    title,
                    desk: Some(desk.as_str()),
                    ..NewCollection::default()
                })?;
            }
            Ok(())
        })?;
        // The configuration comes last: a folder without it is no node yet, so that a crash before leaves nothing half made.
        let config = toml::to_string_pretty(&Config::default())
            .context("the default configuration could not be written")?;
        write_private(&folder.config(), config.as_bytes())?;
        Ok(recovery)
    }

    /// Opens a node, and holds it alone until it is closed.
    ///
    /// # Errors
    /// When another process has it, when its keys are readable by others, when its records are not those that the head of its log was signed
    /// over.
    pub fn open(
        root: &Path,
        config: Option<Config>,
        clock: Arc<dyn Clock>,
        chance: Box<dyn Random>,
    ) -> Result<Self> {
        Self::open_as(root, config, clock, chance, refuse_unannounced)
    }

    /// Opens a node that was restored from a backup, so that it can say so.
    pub(crate) fn open_restored(
        root: &Path,
        clock: Arc<dyn Clock>,
        chance: Box<dyn Random>,
    ) -> Result<Self> {
        Self::open_as(root, None, clock, chance, |_, _| Ok(()))
    }

    fn open_as(
        root: &Path,
        config: Option<Config>,
        clock: Arc<dyn Clock>,
        mut chance: Box<dyn Random>,
        may: impl FnOnce(&store::Look, &Path) -> Result<()>,
    ) -> Result<Self> {
        let folder = Folder::open(root)?;
        let hold = folder.hold()?;
        forget_copy(&folder);
        forget_spool(&folder);
        let config = match config {
            Some(config) => config,
            None => Config::parse(
                &std::fs::read_to_string(folder.config())
                    .context("config.toml could not be read")?,
            )?,
        };
        let options = Options {
            writer_cache_kib: config.cache_kib,
            ..Options::default()
        };
        folder.keep_database_private()?;
        let store = Store::open(folder.database(), options)?;
        let ground = Arc::new(Ground::of(&folder)?);
        let keys = keys_in_use(&folder, &store)?;
        let reader = store.read()?;
        may(&reader, root)?;
        let home: Participant = serde_json::from_slice(
            &reader
                .meta(HOME)?
                .context("the database names no participant")?,
        )?;
        let origin = String::from_utf8(reader.meta(ORIGIN)?.context("the database names no log")?)?;
        let origin = Origin::new(&origin)?;
        let size = u64::try_from(reader.records()?)?;
        let log = Log::load(size, &reader, origin.clone(), keys.log.clone())
            .with_context(|| damaged(root))?;
        let register = Register::load(&home.id, config.community.as_deref(), &reader)?;
        let timed = reader.expires_anything()?;
        let pulse = Pulse::load(&reader)?;
        let inherited = match Inherited::read(&reader, chance.as_mut()) {
            Ok(inherited) => inherited.map(|inherited| Ok(Arc::new(inherited))),
            Err(error) => Some(Err(format!("{error:#}"))),
        };
        let inherits = inherited.is_some();
        drop(reader);
        let shared = Arc::new(RwLock::new(Arc::new(register.clone())));
        let (news, _) = watch::channel(News::default());
        let pace = Arc::new(Pace::new(timed));
        let trouble = Arc::new(RwLock::new(None));
        let warm = Warm::new(chance.as_mut());
        let mut seed = [0; 8];
        chance.fill(&mut seed);
        let keys = Arc::new(RwLock::new(Arc::new(keys)));
        let gathered = Arc::new(Gathered::default());
        let exchange = Arc::new(Exchange::default());
        let declarations = Declarations::default();
        let writer = Writer::start(Parts {
            declarations: declarations.clone(),
            gathered: Arc::clone(&gathered),
            late: Late::default(),
            inherited,
            keys: Arc::clone(&keys),
            store: store.clone(),
            ground: Arc::clone(&ground),
            log,
            register,
            markings: Markings::default(),
            limits: Kept {
                quarantine: i64::try_from(config.limits.quarantine_bytes).unwrap_or(i64::MAX),
                publication_delay: i64::try_from(config.publication_delay_hours)
                    .unwrap_or(i64::MAX)
                    .saturating_mul(HOUR),
                peer: Quota::of(&config.limits),
            },
            clock: Arc::clone(&clock),
            chance: chance.fork(),
            herald: Herald {
                pace: Arc::clone(&pace),
                register: Arc::clone(&shared),
                news: news.clone(),
                trouble: Arc::clone(&trouble),
                exchange: Arc::clone(&exchange),
            },
        })?;
        let inner = Inner {
            limits: Limits {
                object: config.limits.object_bytes,
                objects: config.limits.envelope_objects,
                ..Limits::default()
            },
            banner: Banner::new(&config.ceiling),
            folder,
            config,
            home: RwLock::new(Box::leak(Box::new(home))),
            store,
            declarations,
            clock,
            chance: Mutex::new(chance),
            keys,
            origin,
            writer,
            register: shared,
            news,
            pace,
            trouble,
            ground,
            pulse,
            warm,
            guesses: Arc::default(),
            shelves: Shelves::default(),
            gathered,
            tokens: Tokens::default(),
            exchange,
            gaining: Arc::default(),
            ceremonies: Ceremonies::default(),
            hashing: Hashing::default(),
            spoken: Mutex::default(),
            _hold: hold,
        };
        let node = Self {
            inner: Arc::new(inner),
        };
        // The first change of all takes over what an earlier program left. Where it cannot be written, the node reads on and says so.
        if inherits && let Err(error) = node.change(|_| Ok(())).wait() {
            tracing::error!(error = format!("{error:#}"), "trail.not_taken_over");
        }
        // A recovery of keys was cut off before it had told them.
        if let Err(error) = node.say_lost() {
            tracing::error!(error = format!("{error:#}"), "keys.lost_not_told");
        }
        if let Err(error) = node.read_rosters_again() {
            tracing::error!(error = format!("{error:#}"), "rosters.not_read_again");
        }
        Ok(node)
    }

    /// Takes the rosters that an earlier program could not read. A node that was restored says that first.
    fn read_rosters_again(&self) -> Result<()> {
        let reader = self.read()?;
        let rosters = evidence::broken_rosters(&reader, &self.register())?;
        let waits = rosters.is_empty() || is_unannounced(&reader)?;
        drop(reader);
        if waits {
            return Ok(());
        }
        self.change(move |change| evidence::look_again_at_rosters(change, &rosters))
            .wait()
    }

    /// Finishes what is queued and lets the folder go. The database is one whole file afterwards.
    pub fn close(&self) {
        // Who took what in the last second, too. What fails is said where commits are made.
        drop(self.write_ledger());
        self.inner.writer.stop();
        if let Err(error) = self.inner.store.empty_wal() {
            // Nothing is lost: it is done when the node is opened again.
            tracing::debug!(error = error.to_string(), "node.close");
        }
    }

    /// Where it lives.
    pub fn folder(&self) -> &Folder {
        &self.inner.folder
    }

    /// This node's participant.
    pub fn home(&self) -> &Participant {
        *self
            .inner
            .home
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What the operator decided.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The limits of what may come in.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// The ceiling.
    pub(crate) fn banner(&self) -> &Banner {
        &self.inner.banner
    }

    /// What tells the time here.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.inner.clock)
    }

    /// Now, in microseconds.
    pub fn now(&self) -> i64 {
        self.inner.clock.now()
    }

    /// Lets objects in. The receipt comes when they are on disk.
    ///
    /// # Errors
    /// At once, when the collection does not exist or its name is not known; later, when the storage fails, or [`Surplus`](crate::peers::Surplus)
    /// where a peer has brought as much as it may. Objects that are not taken are no error: the receipt says so.
    pub fn accept(&self, submission: Submission) -> Result<Pending<Receipt>> {
        let lot = self.lot(submission)?;
        Ok(self.change(move |change| accept_within(change, &lot)))
    }

    /// What was submitted, looked at.
    pub(crate) fn lot(&self, submission: Submission) -> Result<Lot> {
        let collection = self
            .collection(&submission.collection)?
            .with_context(|| format!("there is no collection {:?}", submission.collection))?;
        let looks = self.look_at(&submission);
        let said = submission.marking.terms(&submission.channel);
        Ok(Lot {
            looks,
            channel: submission.channel,
            submitter: submission.submitter,
            person: submission.person,
            in_person: true,
            terms_text: said.as_ref().map(write_said),
            terms: said.unwrap_or_else(|| collection.terms.clone()),
            collection,
            decided: false,
        })
    }

    fn look_at(&self, submission: &Submission) -> Vec<Look> {
        let bytes: &Bytes = &submission.bytes;
        submission
            .objects
            .iter()
            .map(|range| look(bytes, range.clone(), &self.inner.limits, &self.inner.banner))
            .collect()
    }

    /// Makes a change in the next commit.
    pub(crate) fn change<T: Send + 'static>(
        &self,
        make: impl FnOnce(&mut Change<'_, '_>) -> Result<T> + Send + 'static,
    ) -> Pending<T> {
        Pending::new(self.inner.writer.change(make))
    }

    /// A view of the store.
    pub(crate) fn read(&self) -> Result<Reader<'_>> {
        Ok(self.inner.store.read()?)
    }

    /// Who is who, as of the last commit.
    pub(crate) fn register(&self) -> Arc<Register> {
        Arc::clone(
            &self
                .inner
                .register
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// The keys in use.
    pub(crate) fn keys(&self) -> Arc<Keys> {
        Arc::clone(
            &self
                .inner
                .keys
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Chance, outside the writing thread.
    pub(crate) fn chance(&self) -> MutexGuard<'_, Box<dyn Random>> {
        self.inner
            .chance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// This node's own participant, looking for itself: through a program or a page without a person.
    pub fn home_viewer(&self) -> Viewer {
        self.register().viewer(&self.home().id, None, false)
    }

    /// The last commit, if all that is visible stays as it is until the next one; `None` where something ceases to be by the clock.
    pub fn settled(&self) -> Option<u64> {
        self.inner.pace.settled()
    }

    /// Why the storage refuses to write, if it does: the node then answers reads only.
    pub fn storage_trouble(&self) -> Option<String> {
        self.inner
            .trouble
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Tells of every commit that somebody may want to know about.
    pub fn news(&self) -> watch::Receiver<News> {
        self.inner.news.subscribe()
    }
}

/// A random identity.
pub(crate) fn identity(chance: &mut dyn Random) -> Result<ObjectId> {
    Ok(ObjectId::parse(&format!("identity--{}", uuid_v4(chance)))?)
}

/// A UUID that stands for a name (RFC 9562, version 5), where a rule wants an identity and there is only a name.
pub(crate) fn uuid_of(name: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}

/// A random UUID (RFC 9562, version 4).
pub(crate) fn uuid_v4(chance: &mut dyn Random) -> String {
    let mut bytes = [0; 16];
    chance.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// What is done about a node whose database is not what its log was signed over.
pub(crate) fn damaged(root: &Path) -> String {
    let root = root.display();
    format!(
        "this node was not opened, so that nothing is signed over what its database was changed to. Keep {root} as it is, let `entente verify \
         {root}` say what was changed, and restore a backup into another folder"
    )
}
