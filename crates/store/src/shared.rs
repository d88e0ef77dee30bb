//! What all connections of one process know without asking: lanes that exist and how far they reach, and what viewers reach.
//!
//! Invariant: a lane's tail is never below its last position in any snapshot that a reader may begin from now on.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

use policy::{Class, Purpose, Reach, Viewer};
use stix::ObjectId;

use crate::db::Damage;
use crate::error::{Error, Result};
use crate::filter::Filter;
use crate::lanes;
use crate::look::Look;
use crate::names::Names;
use crate::objects::Objects;
use crate::sql::{positions, records};
use crate::store::lock;
use crate::write::Written;

/// A sequence of positions in which a viewer seeks: class, kind, rank.
pub(crate) type LaneKey = (i64, i64, i64);

/// The lanes of the collections, each with a bound above its last position.
pub(crate) type Lanes = HashMap<i64, BTreeMap<LaneKey, i64>>;

/// How many viewers' reaches are kept.
const VIEWERS: usize = 512;

#[derive(Debug, Default)]
pub(crate) struct Shared {
    lanes: RwLock<Lanes>,
    held: RwLock<Held>,
    names: Names,
    objects: Objects,
    last_class: AtomicI64,
    generation: AtomicU64,
    reaches: Mutex<HashMap<ViewerKey, Vec<Known>>>,
    words: Mutex<HashMap<i64, Arc<str>>>,
    keys: Mutex<Filter>,
    damage: Damage,
}

/// All positions, by the epoch whose snapshots have them: as committed, and as they are about to be.
#[derive(Debug, Default)]
struct Held {
    /// Up to how many.
    most: usize,
    now: Option<(i64, Arc<lanes::Lanes>)>,
    foreseen: Option<(i64, Arc<lanes::Lanes>)>,
}

/// What tells most viewers apart at little cost.
type ViewerKey = (Option<ObjectId>, Option<ObjectId>, bool, Purpose);

fn key_of(viewer: &Viewer, purpose: Purpose) -> ViewerKey {
    (
        viewer.standing.participant.clone(),
        viewer.person.clone(),
        viewer.machine,
        purpose,
    )
}

#[derive(Debug)]
struct Known {
    viewer: Viewer,
    reach: Arc<Reached>,
}

/// The classes that a viewer reaches for a purpose, compiled in portions as classes came.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    portions: Vec<(i64, Arc<Reach<i64>>)>,
}

impl Reached {
    /// The portion that decides about a class; `None` if the class is newer than this.
    pub(crate) fn portion(&self, class: i64) -> Option<&Reach<i64>> {
        let at = self.portions.partition_point(|(last, _)| *last < class);
        self.portions.get(at).map(|(_, reach)| reach.as_ref())
    }

    /// Whether it reaches the class, times left out.
    pub(crate) fn reaches(&self, class: i64) -> bool {
        self.portion(class)
            .is_some_and(|reach| reach.reaches(&class))
    }

    /// The classes, in order.
    pub(crate) fn classes(&self) -> impl Iterator<Item = i64> {
        self.portions
            .iter()
            .flat_map(|(_, reach)| reach.classes().map(|(class, _)| *class))
    }

    fn last(&self) -> i64 {
        self.portions.last().map_or(0, |(last, _)| *last)
    }
}

impl Shared {
    /// Of a process that holds so many positions in memory.
    pub(crate) fn holding_up_to(most: usize) -> Self {
        let held = Held {
            most,
            ..Held::default()
        };
        Self {
            held: RwLock::new(held),
            ..Self::default()
        }
    }

    /// Where connections tell of damage that they meet.
    pub(crate) fn damage(&self) -> &Damage {
        &self.damage
    }

    /// Reads everything from the database, at the start.
    pub(crate) fn load(&self, look: &Look) -> Result<()> {
        let mut lanes = Lanes::new();
        let mut last = (i64::MIN, i64::MIN, i64::MIN, i64::MIN);
        let lane =
            |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        while let Some(next) = look.db().one(positions::NEXT_LANE, last, lane)? {
            let (collection, class, kind, rank) = next;
            let tail = look
                .db()
                .one(positions::LANE_TAIL, next, |row| row.get(0))?
                .unwrap_or(0);
            lanes
                .entry(collection)
                .or_default()
                .insert((class, kind, rank), tail);
            last = next;
        }
        *self.lanes.write().unwrap_or_else(PoisonError::into_inner) = lanes;
        let class = look
            .db()
            .one(records::LAST_CLASS, [], |row| row.get(0))?
            .unwrap_or(0);
        self.last_class.store(class, Ordering::Release);
        let generation = look.number(crate::write::GENERATION)?.unwrap_or(0);
        self.generation
            .store(u64::try_from(generation).unwrap_or(0), Ordering::Release);
        Ok(())
    }

    /// Takes note of what is about to be committed. Before the commit, because a reader may take its snapshot right after it: were a
    /// lane's tail behind then, the reader would pass over its newest rows while its cursor moves on. Too high does no harm.
    pub(crate) fn foresee(&self, written: &mut Written) {
        if !written.lanes.is_empty() {
            let mut lanes = self.lanes.write().unwrap_or_else(PoisonError::into_inner);
            for ((collection, lane), added) in written.lanes.drain(..) {
                let tail = lanes
                    .entry(collection)
                    .or_default()
                    .entry(lane)
                    .or_insert(added);
                *tail = added.max(*tail);
            }
        }
        if let Some(class) = written.last_class {
            self.last_class.store(class, Ordering::Release);
        }
        self.objects.add_several(&written.several);
        if let Some((before, epoch)) = written.epoch {
            let now = self.held(before);
            let next = now.and_then(|now| now.after(&written.moves));
            let next = next.filter(|next| next.held() <= self.most_held());
            self.holding().foreseen = next.map(|next| (epoch, Arc::new(next)));
        }
    }

    /// Takes note of what was committed.
    pub(crate) fn apply(&self, written: &Written) {
        self.objects.add(&written.objects);
        if !written.names.is_empty() {
            let names = written.names.iter();
            let names = names.map(|(recno, kind, short)| (*recno, &**kind, *short));
            self.names.add(names);
        }
        if !written.erased.is_empty() {
            self.names.forget(&written.erased);
        }
        if written.epoch.is_some() {
            let mut held = self.holding();
            held.now = held.foreseen.take();
        }
        if let Some(generation) = written.generation {
            self.generation
                .store(u64::try_from(generation).unwrap_or(0), Ordering::Release);
        }
    }

    /// All positions as snapshots of an epoch have them, if they are held.
    pub(crate) fn held(&self, epoch: i64) -> Option<Arc<lanes::Lanes>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let mut known = [&held.now, &held.foreseen].into_iter().flatten();
        known
            .find(|(of, _)| *of == epoch)
            .map(|(_, lanes)| Arc::clone(lanes))
    }

    /// Whether positions are held, or were too many for that.
    pub(crate) fn has_held(&self) -> bool {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.now.is_some() || held.most == 0
    }

    /// Up to how many positions are held.
    pub(crate) fn most_held(&self) -> usize {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.most
    }

    /// Holds all positions from now on, as snapshots of an epoch have them; `None` if they are too many, now and later.
    pub(crate) fn hold(&self, epoch: i64, lanes: Option<lanes::Lanes>) {
        let mut held = self.holding();
        if lanes.is_none() {
            held.most = 0;
        }
        held.now = lanes.map(|lanes| (epoch, Arc::new(lanes)));
        held.foreseen = None;
    }

    fn holding(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Objects by their ids.
    pub(crate) fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Ids and versions by records.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The lanes of a collection that reach beyond `after` and that `wanted` asks for, and how many lanes there are in all.
    pub(crate) fn lanes(
        &self,
        collection: i64,
        after: i64,
        mut wanted: impl FnMut(LaneKey) -> bool,
    ) -> (Vec<LaneKey>, usize) {
        let lanes = self.lanes.read().unwrap_or_else(PoisonError::into_inner);
        let Some(lanes) = lanes.get(&collection) else {
            return (Vec::new(), 0);
        };
        let beyond = lanes
            .iter()
            .filter(|(lane, tail)| **tail > after && wanted(**lane));
        (beyond.map(|(lane, _)| *lane).collect(), lanes.len())
    }

    /// What the viewer reaches for the purpose, of all classes that `look` sees.
    pub(crate) fn reach(
        &self,
        look: &Look,
        viewer: &Viewer,
        purpose: Purpose,
    ) -> Result<Arc<Reached>> {
        let newest = self.last_class.load(Ordering::Acquire);
        let known = self.lately_reached(viewer, purpose);
        if let Some(reach) = &known
            && reach.last() >= newest
        {
            return Ok(Arc::clone(reach));
        }
        let mut reached = Reached {
            portions: known.map_or_else(Vec::new, |known| known.portions.clone()),
        };
        let mut classes = Vec::new();
        look.db()
            .each(records::CLASSES_AFTER, [reached.last()], |row| {
                let (id, label): (i64, String) = (row.get(0)?, row.get(1)?);
                let class =
                    Class::parse(&label).map_err(|error| Error::Damaged(error.to_string()))?;
                classes.push((id, class));
                Ok(true)
            })?;
        if let Some((last, _)) = classes.last() {
            let reach = Reach::compile(
                viewer,
                purpose,
                classes.iter().map(|(id, class)| (*id, class)),
            );
            reached.portions.push((*last, Arc::new(reach)));
        }
        let reached = Arc::new(reached);
        let mut reaches = lock(&self.reaches);
        if reaches.len() >= VIEWERS {
            reaches.clear();
        }
        let known = reaches.entry(key_of(viewer, purpose)).or_default();
        known.retain(|known| known.viewer != *viewer);
        known.truncate(VIEWERS);
        known.push(Known {
            viewer: viewer.clone(),
            reach: Arc::clone(&reached),
        });
        Ok(reached)
    }

    /// The same, if that is known of all classes without asking.
    pub(crate) fn known_reach(&self, viewer: &Viewer, purpose: Purpose) -> Option<Arc<Reached>> {
        let newest = self.last_class.load(Ordering::Acquire);
        self.lately_reached(viewer, purpose)
            .filter(|reach| reach.last() >= newest)
    }

    fn lately_reached(&self, viewer: &Viewer, purpose: Purpose) -> Option<Arc<Reached>> {
        let reaches = lock(&self.reaches);
        let known = reaches.get(&key_of(viewer, purpose))?;
        let same = known.iter().find(|known| known.viewer == *viewer);
        same.map(|known| Arc::clone(&known.reach))
    }

    /// What is known of the keys of objects. For the writer.
    pub(crate) fn keys(&self) -> MutexGuard<'_, Filter> {
        lock(&self.keys)
    }

    /// A word that is known already.
    pub(crate) fn word(&self, id: i64) -> Option<Arc<str>> {
        lock(&self.words).get(&id).cloned()
    }

    /// Remembers a committed word.
    pub(crate) fn learn(&self, id: i64, text: Arc<str>) {
        let mut words = lock(&self.words);
        if words.len() >= 4_096 {
            words.clear();
        }
        words.insert(id, text);
    }
}
