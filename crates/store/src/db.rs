//! One connection: statements are prepared once, rows are read in place. Invariant: only this file and `store` speak to the engine.

use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::error::{Error, Result};

/// A connection and its prepared statements.
#[derive(Debug)]
pub(crate) struct Db {
    connection: Connection,
    damage: Damage,
}

/// What the engine said when it first met a damaged page, over any connection of a store: that does not heal by itself.
pub(crate) type Damage = Arc<OnceLock<String>>;

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 192;

impl Db {
    pub(crate) fn new(connection: Connection) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Self {
            connection,
            damage: Damage::default(),
        }
    }

    /// Lets others know of damage that this connection meets.
    pub(crate) fn tells(mut self, damage: Damage) -> Self {
        self.damage = damage;
        self
    }

    fn noting<T>(&self, done: Result<T>) -> Result<T> {
        if let Err(Error::Damaged(why)) = &done {
            let _ = self.damage.set(why.clone());
        }
        done
    }

    /// Carries out a statement; how many rows it touched.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        let run = || -> Result<usize> { Ok(self.connection.prepare_cached(sql)?.execute(params)?) };
        self.noting(run())
    }

    /// The first row, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let one = || -> Result<Option<T>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            Ok(statement.query_row(params, read).optional()?)
        };
        self.noting(one())
    }

    /// All rows.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let all = || -> Result<Vec<T>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement
                .query_map(params, read)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(rows)
        };
        self.noting(all())
    }

    /// Row by row, until `visit` says `false`.
    pub(crate) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut visit: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        let each = || -> Result<()> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                if !visit(row)? {
                    break;
                }
            }
            Ok(())
        };
        self.noting(each())
    }

    /// Several statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        self.noting(self.connection.execute_batch(sql).map_err(Error::from))
    }

    /// The engine's connection, for what only `store` does: backup and pragmas.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}
