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
    ("{search query}", "search MATCH $1"),
    (
        "{search purge}",
        "INSERT INTO search (search) VALUES ('optimize')",
    ),
];

/// PostgreSQL 15 or later.
pub(crate) const POSTGRES: Dialect = &[
    ("{key}", "BIGINT PRIMARY KEY"),
    ("{bytes}", "BYTEA"),
    ("{clustered}", ""),
    (
        "{search table}",
        "CREATE TABLE search (rowid BIGINT PRIMARY KEY, words TEXT NOT NULL, class TEXT NOT NULL, tokens TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', words || ' ' || class)) STORED);\nCREATE INDEX search_tokens ON search USING gin (tokens)",
    ),
    ("{search query}", "tokens @@ to_tsquery('simple', $1)"),
    ("{search purge}", "DELETE FROM search WHERE false"),
];

/// The text with this engine's words in place of the tokens.
pub(crate) fn speak(dialect: Dialect, text: &str) -> String {
    dialect.iter().fold(text.to_owned(), |text, (token, word)| {
        text.replace(token, word)
    })
}

/// A search for records that have one of each group of words, in one of the classes if any are given; in SQLite's writing.
///
/// Words are letters and digits only, so nothing needs to be escaped. PostgreSQL writes `&` and `|` for `AND` and `OR`, and no columns.
pub(crate) fn search_text(groups: &[Vec<String>], classes: Option<&[String]>) -> String {
    let any = |column: &str, words: &[String]| {
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        format!("{column} : ({})", words.join(" OR "))
    };
    let groups = groups.iter().map(|group| any("words", group));
    let parts: Vec<String> = groups
        .chain(classes.map(|classes| any("class", classes)))
        .collect();
    parts.join(" AND ")
}
