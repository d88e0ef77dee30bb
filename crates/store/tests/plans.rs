//! Every statement seeks: none walks through a large table, and none sorts what an index could have given in order.

use rusqlite::Connection;
use store::{Engine, schema_texts, statement_texts};

/// Tables that grow with the records.
const LARGE: [&str; 13] = [
    "record",
    "r",
    "p",
    "position",
    "object_key",
    "facet_text",
    "facet_number",
    "ledger",
    "l",
    "pending",
    "quarantine",
    "position_past",
    "unresolved",
];

/// Asked by a person who looks at the queue, and as long as the queue is.
const COUNTS: [&str; 1] = ["COUNT_PENDING"];

/// Asked by a proof of the whole node, or to hold all positions in memory: what walks through everything by design.
const PROOFS: [&str; 10] = [
    "EVERY",
    "EVERY_PLACE",
    "RANKED_WRONG",
    "EVERY_RECORD",
    "EVERY_CHECKPOINT",
    "UNPLACED",
    "PLACED_APART",
    "PLACED_OTHERWISE",
    "PLACED_NOWHERE",
    "OF_OTHER_OBJECT",
];

#[test]
fn no_statement_walks_through_a_large_table() {
    let connection = Connection::open_in_memory().unwrap();
    for text in schema_texts(Engine::Sqlite) {
        connection.execute_batch(&text).unwrap();
    }
    let mut walking = Vec::new();
    for (name, text) in statement_texts(Engine::Sqlite) {
        let plan = plan(&connection, &text);
        println!("{name}: {plan:?}");
        if plan.iter().any(|step| walks(step)) && !COUNTS.contains(&name) && !PROOFS.contains(&name)
        {
            walking.push((name, plan));
        }
    }
    assert!(walking.is_empty(), "{walking:#?}");
}

#[test]
fn a_walk_would_be_noticed() {
    let connection = Connection::open_in_memory().unwrap();
    for text in schema_texts(Engine::Sqlite) {
        connection.execute_batch(&text).unwrap();
    }
    for text in [
        "SELECT recno FROM record WHERE accepted = $1",
        "SELECT added FROM position WHERE collection = $1 ORDER BY recno",
    ] {
        assert!(
            plan(&connection, text).iter().any(|step| walks(step)),
            "{text}"
        );
    }
}

fn plan(connection: &Connection, text: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {text}"))
        .unwrap();
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps
}

fn walks(step: &str) -> bool {
    let scanned = step
        .strip_prefix("SCAN ")
        .and_then(|rest| rest.split(' ').next());
    scanned.is_some_and(|table| LARGE.contains(&table)) || step.starts_with("USE TEMP B-TREE")
}
