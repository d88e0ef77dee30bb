//! One transaction of the writer. Invariant: nothing of it is seen or remembered anywhere until it is committed.

use std::collections::HashMap;
use std::ops::Deref;

use policy::Class;

use crate::error::{Error, Result};
use crate::lanes::Move;
use crate::look::{Look, ObjectNo};
use crate::names::Short;
use crate::objects::IdKey;
use crate::shared::LaneKey;
use crate::sql::{positions, queues, records, registers};

pub(crate) const GENERATION: &str = "store.generation";
/// Grows with each commit that changes positions: by it, snapshots and what is held of positions know each other.
pub(crate) const EPOCH: &str = "store.epoch";

/// Changes that become durable together. What can be looked up without a viewer is looked up through it as well.
#[derive(Debug)]
pub struct WriteTxn<'s> {
    look: &'s Look,
    keys_gathered: u32,
    pub(crate) keys_new: i64,
    written: Written,
    generation_moved: bool,
    words: HashMap<String, i64>,
    classes: HashMap<String, i64>,
    /// The class that was asked for last: mostly the next is the same.
    last_class: Option<(Class, i64)>,
    last_added: HashMap<i64, i64>,
    pub(crate) brand_new: Option<(i64, Vec<i64>)>,
    /// How much had been written when a part began: lanes, moves, objects, names.
    savepoints: Vec<(usize, usize, usize, usize)>,
}

/// What a commit changed of the things that all connections remember.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) lanes: Vec<((i64, LaneKey), i64)>,
    pub(crate) last_class: Option<i64>,
    pub(crate) generation: Option<i64>,
    pub(crate) moves: Vec<Move>,
    /// New objects, and objects that got a further version.
    pub(crate) objects: Vec<(IdKey, i64)>,
    pub(crate) several: Vec<i64>,
    /// Of new records, with their types.
    pub(crate) names: Vec<(i64, Box<str>, Short)>,
    /// Records whose content went.
    pub(crate) erased: Vec<i64>,
    /// The epoch before, and the one that the commit begins.
    pub(crate) epoch: Option<(i64, i64)>,
}

impl Deref for WriteTxn<'_> {
    type Target = Look;

    fn deref(&self) -> &Look {
        self.look
    }
}

impl<'s> WriteTxn<'s> {
    pub(crate) fn begin(look: &'s Look, keys_gathered: u32) -> Result<Self> {
        if !look.db().connection().is_autocommit() {
            // A writer that panicked left its transaction open.
            look.db().batch("ROLLBACK")?;
        }
        look.db().run("BEGIN IMMEDIATE", [])?;
        let txn = Self {
            look,
            keys_gathered,
            keys_new: 0,
            written: Written::default(),
            generation_moved: false,
            words: HashMap::new(),
            classes: HashMap::new(),
            last_class: None,
            last_added: HashMap::new(),
            brand_new: None,
            savepoints: Vec::new(),
        };
        if let Err(error) = txn.learn_keys() {
            txn.roll_back();
            return Err(error);
        }
        Ok(txn)
    }

    pub(crate) fn commit(mut self) -> Result<()> {
        let made = self.finish();
        if made.is_err() {
            self.undo();
        }
        made
    }

    fn finish(&mut self) -> Result<()> {
        let last_added = std::mem::take(&mut self.last_added);
        for (collection, added) in last_added {
            self.db()
                .run(registers::SET_COLLECTION_LAST, (added, collection))?;
        }
        if self.keys_new > 0 {
            let gathered = self
                .db()
                .one(records::COUNT_NEW_KEYS, [], |row| row.get(0))?
                .unwrap_or(0);
            if gathered >= i64::from(self.keys_gathered) {
                self.db().run(records::MERGE_KEYS, [])?;
                self.db().run(records::CLEAR_NEW_KEYS, [])?;
            }
        }
        if self.generation_moved {
            let generation = self.number(GENERATION)?.unwrap_or(0) + 1;
            self.set_meta(GENERATION, generation.to_string().as_bytes())?;
            self.written.generation = Some(generation);
        }
        if self.written.last_class.is_some() {
            // Classes may have been undone with a part of the transaction.
            self.written.last_class = self.db().one(records::LAST_CLASS, [], |row| row.get(0))?;
        }
        if !(self.written.moves.is_empty() && self.written.erased.is_empty()) {
            let before = self.number(EPOCH)?.unwrap_or(0);
            let epoch = before.wrapping_add(1);
            self.set_meta(EPOCH, epoch.to_string().as_bytes())?;
            self.written.epoch = Some((before, epoch));
        }
        self.look.shared().foresee(&mut self.written);
        self.db().run("COMMIT", [])?;
        self.look.shared().apply(&self.written);
        Ok(())
    }

    pub(crate) fn undo(&mut self) {
        self.roll_back();
    }

    fn roll_back(&self) {
        // An engine that met a full disk may have rolled back already; then there is nothing left to undo.
        let _ = self.db().batch("ROLLBACK");
    }

    /// Begins a part that can be undone alone. Parts nest.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn savepoint(&mut self) -> Result<()> {
        self.db().run("SAVEPOINT part", [])?;
        self.savepoints.push((
            self.written.lanes.len(),
            self.written.moves.len(),
            self.written.objects.len(),
            self.written.names.len(),
        ));
        Ok(())
    }

    /// Ends the part and keeps it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn release(&mut self) -> Result<()> {
        self.savepoints.pop();
        self.db().run("RELEASE SAVEPOINT part", [])?;
        Ok(())
    }

    /// Undoes the part, and ends it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn rollback_to_savepoint(&mut self) -> Result<()> {
        if let Some((lanes, moves, objects, names)) = self.savepoints.pop() {
            self.written.lanes.truncate(lanes);
            self.written.moves.truncate(moves);
            self.written.objects.truncate(objects);
            self.written.names.truncate(names);
        }
        // What was remembered may have been undone; it is looked up again. Collections' last positions may stay: they only grow.
        self.words.clear();
        self.classes.clear();
        self.last_class = None;
        self.brand_new = None;
        self.db().run("ROLLBACK TO SAVEPOINT part", [])?;
        self.db().run("RELEASE SAVEPOINT part", [])?;
        Ok(())
    }

    /// Says that what was computed from classes, circles, access and the like is stale.
    pub fn move_generation(&mut self) {
        self.generation_moved = true;
    }

    /// Keeps a value under a name.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn set_meta(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.db().run(records::PUT_META, (name, value))?;
        Ok(())
    }

    /// Forgets a value.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn remove_meta(&mut self, name: &str) -> Result<()> {
        self.db().run(records::REMOVE_META, [name])?;
        Ok(())
    }

    /// The number of a class, which is given one if it has none.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn intern_class(&mut self, class: &Class) -> Result<i64> {
        if let Some((_, id)) = self.last_class.as_ref().filter(|(last, _)| last == class) {
            return Ok(*id);
        }
        let label = class.key();
        if let Some(id) = self.classes.get(&label) {
            self.last_class = Some((class.clone(), *id));
            return Ok(*id);
        }
        let id = match self
            .db()
            .one(records::CLASS_OF_LABEL, [&label], |row| row.get(0))?
        {
            Some(id) => id,
            None => {
                let last: i64 = self
                    .db()
                    .one(records::LAST_CLASS, [], |row| row.get(0))?
                    .unwrap_or(0);
                self.db().run(records::ADD_CLASS, (last + 1, &label))?;
                self.written.last_class = Some(last + 1);
                self.move_generation();
                last + 1
            }
        };
        self.classes.insert(label, id);
        Ok(id)
    }

    /// The number of a word, which is given one if it has none.
    pub(crate) fn intern_word(&mut self, text: &str) -> Result<i64> {
        if let Some(id) = self.words.get(text) {
            return Ok(*id);
        }
        let id = match self.word_number(text)? {
            Some(id) => id,
            None => {
                let last: i64 = self
                    .db()
                    .one(records::LAST_WORD, [], |row| row.get(0))?
                    .unwrap_or(0);
                self.db().run(records::ADD_WORD, (last + 1, text))?;
                last + 1
            }
        };
        self.words.insert(text.to_owned(), id);
        Ok(id)
    }

    /// A number that was never given before, for rows that come and go.
    pub(crate) fn next_number(&mut self, of: &str) -> Result<i64> {
        let number = self.db().one(queues::NEXT_NUMBER, [of], |row| row.get(0))?;
        number.ok_or_else(|| Error::Damaged(format!("the counter of {of} gives nothing")))
    }

    /// The position a collection has reached, kept for the length of the transaction.
    pub(crate) fn advance(&mut self, collection: i64, added: i64) -> Result<()> {
        let last = match self.last_added.get(&collection) {
            Some(last) => *last,
            None => {
                let last = self
                    .db()
                    .one(registers::COLLECTION_LAST, [collection], |row| row.get(0))?;
                last.ok_or_else(|| Error::Missing(format!("collection {collection}")))?
            }
        };
        if added <= last {
            return Err(Error::NotIncreasing {
                collection,
                added,
                last,
            });
        }
        self.last_added.insert(collection, added);
        Ok(())
    }

    /// A position was put: its lane reaches at least that far.
    pub(crate) fn reached(&mut self, collection: i64, lane: LaneKey, added: i64) {
        let last = self.written.lanes.last_mut();
        match last {
            Some(((c, l), tail))
                if *c == collection && *l == lane && self.savepoints.is_empty() =>
            {
                *tail = added.max(*tail);
            }
            _ => self.written.lanes.push(((collection, lane), added)),
        }
    }

    /// The last position of a collection, put or removed, in this transaction or before.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such collection.
    pub fn last_added(&self, collection: i64) -> Result<i64> {
        if let Some(last) = self.last_added.get(&collection) {
            return Ok(*last);
        }
        let last = self
            .db()
            .one(registers::COLLECTION_LAST, [collection], |row| row.get(0))?;
        last.ok_or_else(|| Error::Missing(format!("collection {collection}")))
    }

    pub(crate) fn remove_position_row(&mut self, at: (i64, LaneKey, i64)) -> Result<()> {
        let (collection, (class, kind, rank), added) = at;
        self.db().run(
            positions::REMOVE_POSITION,
            (collection, class, kind, rank, added),
        )?;
        self.moved(Move::Taken(collection, (class, kind, rank), added));
        Ok(())
    }

    /// A record was put, with its name: the first of its object, or a further one.
    pub(crate) fn put_record(
        &mut self,
        key: Option<IdKey>,
        object: ObjectNo,
        named: Option<(i64, &str, Short)>,
    ) {
        let named = named.map(|(recno, kind, short)| (recno, kind.into(), short));
        self.written.names.extend(named);
        match key {
            Some(key) => self.written.objects.push((key, object.0)),
            None => self.written.several.push(object.0),
        }
    }

    /// A record's content went.
    pub(crate) fn erased(&mut self, recno: i64) {
        self.written.erased.push(recno);
    }

    /// Something was done to the table of positions.
    pub(crate) fn moved(&mut self, step: Move) {
        self.written.moves.push(step);
    }
}
