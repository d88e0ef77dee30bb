//! What differs between the engines, all of it. Invariant: no other file names an engine's own words.

/// The words of one engine, by the token that stands for them in the schema and in statements.
pub(crate) type Dialect = &'static [(&'static str, &'static str)];

/// SQLite 3.44 or later.
pub(crate) const SQLITE: Dialect = &[
    ("{key}", "INTEGER PRIMARY KEY"),
    ("{bytes}", "BLOB"),
    ("{clustered}", "WITHOUT ROWID"),
    (
        "{search table}",
        "CREATE VIRTUAL TABLE search USING fts5(words, class, content='', contentless_delete=1, detail=column, tokenize='ascii')",
    ),
    ("{search key}", "rowid"),
    ("{search query}", "search = $1"),
];

/// PostgreSQL 15 or later.
pub(crate) const POSTGRES: Dialect = &[
    ("{key}", "BIGINT PRIMARY KEY"),
    ("{bytes}", "BYTEA"),
    ("{clustered}", ""),
    (
        "{search table}",
        "CREATE TABLE search (recno BIGINT PRIMARY KEY, words TEXT NOT NULL, class TEXT NOT NULL, tokens TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', words || ' ' || class)) STORED);\nCREATE INDEX search_tokens ON search USING gin (tokens)",
    ),
    ("{search key}", "recno"),
    ("{search query}", "tokens @@ to_tsquery('simple', $1)"),
];

/// The text with this engine's words in place of the tokens.
pub(crate) fn speak(dialect: Dialect, text: &str) -> String {
    dialect.iter().fold(text.to_owned(), |text, (token, word)| {
        text.replace(token, word)
    })
}
