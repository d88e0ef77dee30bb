//! Circles and their rosters. Invariant: a membership that ended is kept with its epochs, because labels name epochs.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::registers;
use crate::write::WriteTxn;

/// A circle that this node keeps, or knows the roster of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circle {
    /// Its opaque id, which labels carry.
    pub id: String,
    /// Its name, for members only.
    pub name: String,
    /// The participant that keeps it.
    pub owner: String,
    /// Grows with every change of the roster.
    pub epoch: i64,
    /// What else the node knows of it, in its own writing.
    pub profile: String,
}

/// A stay in a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The circle.
    pub circle: String,
    /// The member, in its canonical text.
    pub member: String,
    /// The epoch in which it joined.
    pub since: i64,
    /// The epoch in which it left.
    pub until: Option<i64>,
}

fn circle(row: &Row<'_>) -> rusqlite::Result<Circle> {
    Ok(Circle {
        id: row.get(0)?,
        name: row.get(1)?,
        owner: row.get(2)?,
        epoch: row.get(3)?,
        profile: row.get(4)?,
    })
}

fn stay(row: &Row<'_>) -> rusqlite::Result<Stay> {
    Ok(Stay {
        circle: row.get(0)?,
        member: row.get(1)?,
        since: row.get(2)?,
        until: row.get(3)?,
    })
}

impl Look {
    /// All circles.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn circles(&self) -> Result<Vec<Circle>> {
        self.db().all(registers::CIRCLES, [], circle)
    }

    /// One circle.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn circle(&self, id: &str) -> Result<Option<Circle>> {
        self.db().one(registers::CIRCLE, [id], circle)
    }

    /// All stays in a circle, also those that ended.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn roster(&self, circle: &str) -> Result<Vec<Stay>> {
        self.db().all(registers::ROSTER, [circle], stay)
    }

    /// The circles that a member is in now.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn circles_of(&self, member: &str) -> Result<Vec<Stay>> {
        self.db().all(registers::CIRCLES_OF, [member], stay)
    }
}

impl WriteTxn<'_> {
    /// Adds a circle, or changes everything of it but its roster.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if its owner has another circle of this name.
    pub fn put_circle(&mut self, circle: &Circle) -> Result<()> {
        self.move_generation();
        let row = (
            &circle.id,
            &circle.name,
            &circle.owner,
            circle.epoch,
            &circle.profile,
        );
        self.db().run(registers::PUT_CIRCLE, row)?;
        Ok(())
    }

    /// A member joins, in this epoch.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn join_circle(&mut self, circle: &str, member: &str, epoch: i64) -> Result<()> {
        self.move_generation();
        self.db()
            .run(registers::JOIN_CIRCLE, (circle, member, epoch))?;
        Ok(())
    }

    /// A member leaves, in this epoch. Returns whether it was in.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn leave_circle(&mut self, circle: &str, member: &str, epoch: i64) -> Result<bool> {
        self.move_generation();
        Ok(self
            .db()
            .run(registers::LEAVE_CIRCLE, (epoch, circle, member))?
            > 0)
    }

    /// Forgets a circle and its roster: what is labeled for it then reaches nobody through it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_circle(&mut self, circle: &str) -> Result<bool> {
        self.move_generation();
        self.db().run(registers::DROP_ROSTER, [circle])?;
        Ok(self.db().run(registers::DROP_CIRCLE, [circle])? > 0)
    }
}
