//! Our node under load: one participant writes, another reads what is labeled for it, so that each read is released and noted as
//! between States.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::http::Connection;
use crate::bench::process::Server;
use crate::program::output;
use crate::workspace;

/// Where it listens.
pub(super) const AT: &str = "127.0.0.1:7471";
/// What it speaks.
pub(super) const MEDIA: &str = "application/taxii+json;version=2.1";

/// A serving node with one collection.
pub(super) struct Ours {
    pub(super) server: Server,
    /// The path of the collection.
    pub(super) collection: String,
    /// The secret of another participant's program, which reads.
    pub(super) reader: String,
    /// The secret of our own program, which writes.
    writer: String,
    /// The id of our own participant.
    pub(super) author: String,
}

impl Ours {
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let binary = workspace::target().join("fast/entente");
        let node = folder.join("node");
        let node = node.to_string_lossy();
        let run = |arguments: &[&str]| output(Command::new(&binary).args(arguments));
        run(&["init", &node, "--participant", "Valmora"])?;
        run(&["participant", "add", &node, "Belmark", "--kind", "state"])?;
        let label = ["--tlp", "AMBER", "--for", "Belmark"];
        for collection in ["bench", "sealed", "small"] {
            run(&[&["collection", "add", &node, collection][..], &label].concat())?;
        }
        let grant = |name: &str, participant: &str, rights: &[&str]| -> Result<(String, String)> {
            let who = ["access", "add", &node, name, "--participant", participant];
            let granted = run(&[&who[..], rights, &["--json"]].concat())?;
            let granted: Value = serde_json::from_str(&granted)?;
            let (secret, id) = (&granted["secret"], &granted["participant"]["id"]);
            let text = |value: &Value| value.as_str().map(str::to_owned);
            text(secret).zip(text(id)).context("no secret was printed")
        };
        let all = ["bench", "sealed", "small"]
            .map(|name| ["--write", name])
            .concat();
        let (writer, author) = grant("writer", "Valmora", &all)?;
        let (reader, _) = grant("reader", "Belmark", &["--read", "bench", "--read", "small"])?;
        let mut command = Command::new(&binary);
        command
            .args(["--log", "warn", "serve", &node, "--listen", AT])
            .stdout(Stdio::null());
        let started = Instant::now();
        let server = Server::start(&mut command, AT)?;
        println!(
            "started in {:.2} s, {:.0} MiB",
            started.elapsed().as_secs_f64(),
            server.rss()
        );
        let mut first = Self {
            server,
            collection: String::new(),
            reader,
            writer,
            author,
        };
        let discovery: Value = serde_json::from_slice(&first.reading()?.get("/taxii2/")?.body)?;
        let root = discovery["default"]
            .as_str()
            .context("no default API root")?;
        let root = root.split_once("://").map_or(root, |(_, rest)| {
            rest.find('/').map_or("/", |at| &rest[at..])
        });
        first.collection = format!("{}/collections/bench/", root.trim_end_matches('/'));
        Ok(first)
    }

    /// A connection of the reader.
    pub(super) fn reading(&self) -> Result<Connection> {
        connect(&self.reader)
    }

    /// A connection of the writer.
    pub(super) fn writing(&self) -> Result<Connection> {
        connect(&self.writer)
    }
}

fn connect(secret: &str) -> Result<Connection> {
    Connection::open(
        AT,
        &format!("Authorization: Bearer {secret}\r\nAccept: {MEDIA}\r\n"),
    )
}
