//! Every SQL text in each engine's words, for those who try them on another engine.

use crate::dialect::{POSTGRES, SQLITE, speak};
use crate::{schema, sql};

/// A database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// What is built in.
    Sqlite,
    /// What a larger installation uses.
    Postgres,
}

/// The statements that make the tables, in order.
#[must_use]
pub fn schema_texts(engine: Engine) -> Vec<String> {
    schema::spoken(dialect(engine), 0)
}

/// All other statements, by name.
#[must_use]
pub fn statement_texts(engine: Engine) -> Vec<(&'static str, String)> {
    sql::all()
        .map(|(name, text)| (name, speak(dialect(engine), text)))
        .collect()
}

fn dialect(engine: Engine) -> crate::dialect::Dialect {
    match engine {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    }
}
