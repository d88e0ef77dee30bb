//! Other TAXII servers beside ours, with as many objects as they bear: installed from PyPI, or loudly left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::ours::{MEDIA, Ours};
use crate::bench::http::Connection;
use crate::bench::process::Server;
use crate::bench::synthetic::{Dice, envelope};
use crate::program::quietly_succeeds;
use crate::workspace;

/// How many objects each gets: medallion's first page takes minutes with some thousands.
const OBJECTS: u64 = 1_000;
/// Objects of one request.
const BATCH: u64 = 250;
/// How long single answers are asked for.
const WHILE: Duration = Duration::from_secs(3);
/// An author of whom no server knows anything.
const NOBODY: &str = "identity--6a0a1c4e-54b1-4c59-8d3c-53a5d1a5a1f0";
/// `bench:secret`.
const BASIC: &str = "Basic YmVuY2g6c2VjcmV0";

/// A server to be measured.
struct Other {
    server: Server,
    at: &'static str,
    collection: String,
    habits: Habits,
}

/// What a server does otherwise.
#[derive(Clone, Copy)]
struct Habits {
    /// How it answers what it took.
    took: u16,
    /// Whether it takes objects that have no `modified`.
    unversioned: bool,
}

/// What the standard says.
const USUAL: Habits = Habits {
    took: 202,
    unversioned: true,
};

pub(super) fn run(ours: &Ours, folder: &Path) -> Result<()> {
    println!(
        "\n| server, {OBJECTS} objects | taken in per CPU-second | full pull, objects/s | first page | object by id, requests/s | match[type], requests/s |\n|---|---|---|---|---|---|"
    );
    let small = ours.collection.replace("/bench/", "/small/");
    let mut writing = ours.writing()?;
    measure(
        "ours",
        (&mut writing, &mut ours.reading()?),
        &ours.server,
        (&small, USUAL),
    )?;
    for (name, start) in [
        ("medallion 3.0.0", medallion as fn(&Path) -> Result<Other>),
        (
            "OpenTAXII 0.9.3 under SQLite: no observables; each envelope is stored and then answered 500",
            opentaxii,
        ),
    ] {
        let measured = start(folder).and_then(|other| {
            let headers = format!("Authorization: {BASIC}\r\nAccept: {MEDIA}\r\n");
            let connect = || Connection::open(other.at, &headers);
            measure(
                name,
                (&mut connect()?, &mut connect()?),
                &other.server,
                (&other.collection, other.habits),
            )
        });
        if let Err(error) = measured {
            println!("| {name} | ######## LEFT OUT: {error:#} ######## | | | | |");
        }
    }
    Ok(())
}

fn measure(
    name: &str,
    (writing, reading): (&mut Connection, &mut Connection),
    server: &Server,
    (collection, habits): (&str, Habits),
) -> Result<()> {
    let answer = reading.get(&format!("{collection}objects/?limit=1"))?;
    ensure!(
        answer.status == 200,
        "its empty collection answers {}",
        answer.status
    );
    let mut dice = Dice::new(43);
    let cpu = server.cpu(None)?;
    for from in (0..OBJECTS).step_by(BATCH as usize) {
        let author = (!habits.unversioned).then_some(NOBODY);
        let body = envelope(&mut dice, from, BATCH.min(OBJECTS - from), author);
        let answer = writing.post(&format!("{collection}objects/"), MEDIA, body.as_bytes())?;
        ensure!(
            answer.status == habits.took,
            "an envelope is answered by {}",
            answer.status
        );
    }
    let taken_in = OBJECTS as f64 / (server.cpu(None)? - cpu).max(0.01);
    let began = Instant::now();
    let mut first = None;
    let (mut ids, mut next) = (Vec::new(), String::new());
    loop {
        let answer = reading.get(&format!("{collection}objects/?limit=1000{next}"))?;
        first.get_or_insert_with(|| began.elapsed());
        ensure!(
            answer.status == 200,
            "a page is answered by {}",
            answer.status
        );
        let page: Value = serde_json::from_slice(&answer.body)?;
        let objects = page["objects"].as_array().into_iter().flatten();
        ids.extend(objects.filter_map(|object| object["id"].as_str().map(str::to_owned)));
        match page["next"].as_str() {
            Some(token) if page["more"] == true => next = format!("&next={token}"),
            _ => break,
        }
    }
    ensure!(
        ids.len() as u64 == OBJECTS,
        "{} of {OBJECTS} objects come back",
        ids.len()
    );
    let pulled = ids.len() as f64 / began.elapsed().as_secs_f64();
    let mut asked = |path: &dyn Fn(u64) -> Option<String>| -> Result<f64> {
        let (began, mut count) = (Instant::now(), 0_u64);
        while began.elapsed() < WHILE || count == 0 {
            let answer = reading.get(&path(count).context("nothing was pulled")?)?;
            ensure!(
                answer.status == 200,
                "a question is answered by {}",
                answer.status
            );
            count += 1;
        }
        Ok(count as f64 / began.elapsed().as_secs_f64())
    };
    let by_id = asked(&|n| {
        let id = ids.get(n as usize % ids.len().max(1))?;
        Some(format!("{collection}objects/{id}/"))
    })?;
    let by_type = asked(&|n| {
        let limit = 50 + n % 50;
        Some(format!(
            "{collection}objects/?match%5Btype%5D=sighting&limit={limit}"
        ))
    })?;
    println!(
        "| {name} | {taken_in:.0} | {pulled:.0} | {:.1} ms | {by_id:.0} | {by_type:.0} |",
        first.unwrap_or_default().as_secs_f64() * 1e3
    );
    Ok(())
}

/// An environment with a package from PyPI, kept between runs.
fn installed(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let place = workspace::target().join(format!("bench/{name}"));
    let bin = place.join("bin");
    if bin.join("ready").exists() {
        return Ok(bin);
    }
    if !quietly_succeeds(Command::new("python3").args(["-m", "venv"]).arg(&place)) {
        bail!("python3 with venv is not there");
    }
    let mut pip = Command::new(bin.join("pip"));
    if !quietly_succeeds(pip.args(["install", "-q"]).args(packages)) {
        bail!("pip could not install {}", packages.join(" "));
    }
    fs::write(bin.join("ready"), "")?;
    Ok(bin)
}

fn medallion(folder: &Path) -> Result<Other> {
    let at = "127.0.0.1:7474";
    let bin = installed("medallion", &["medallion==3.0.0"])?;
    let (data, config) = (
        folder.join("medallion-data.json"),
        folder.join("medallion.json"),
    );
    let id = "91a7b528-80eb-42ed-a74d-c6fbd5a26116";
    let root = format!("http://{at}/api/");
    let media = "application/stix+json;version=2.1";
    let holds = json!({
        "/discovery": { "title": "bench", "default": root, "api_roots": [root] },
        "api": {
            "information": { "title": "bench", "versions": [MEDIA], "max_content_length": 104_857_600 },
            "status": [],
            "collections": [{
                "id": id, "title": "bench", "can_read": true, "can_write": true,
                "media_types": [media], "objects": [], "manifest": [],
            }],
        },
    });
    fs::write(&data, holds.to_string())?;
    let settings = json!({
        "backend": {
            "module": "medallion.backends.memory_backend", "module_class": "MemoryBackend",
            "filename": data.to_string_lossy(),
        },
        "users": { "bench": "secret" },
        "taxii": { "max_page_size": 1000 },
    });
    fs::write(&config, settings.to_string())?;
    let mut command = Command::new(bin.join("medallion"));
    command.args([
        "--host",
        "127.0.0.1",
        "--port",
        "7474",
        "--log-level",
        "ERROR",
    ]);
    let server = served(command.arg(&config), at)?;
    let collection = format!("/api/collections/{id}/");
    Ok(Other {
        server,
        at,
        collection,
        habits: USUAL,
    })
}

/// Under SQLite its collections cannot be listed and what it has taken is answered by 500, both because an id is no text; and an object without
/// `modified` it cannot keep. The rest is measured.
fn opentaxii(folder: &Path) -> Result<Other> {
    let at = "127.0.0.1:7475";
    let packages = ["opentaxii==0.9.3", "gunicorn", "sqlalchemy<2"];
    let bin = installed("opentaxii", &packages)?;
    let config = folder.join("opentaxii.yml");
    let place = folder.to_string_lossy();
    let store = |indent: &str, class: &str, file: &str| {
        format!(
            "{indent}class: {class}\n{indent}parameters:\n{indent}  db_connection: sqlite:///{place}/{file}\n{indent}  create_tables: yes\n"
        )
    };
    fs::write(
        &config,
        format!(
            "---\ndomain: {at}\nsupport_basic_auth: yes\nauth_api:\n{}    secret: bench\ntaxii1:\ntaxii2:\n  title: bench\n  max_content_length: 104857600\n  public_discovery: true\n  persistence_api:\n{}logging:\n  root: error\n",
            store(
                "  ",
                "opentaxii.auth.sqldb.SQLDatabaseAPI",
                "opentaxii-auth.db"
            ),
            store(
                "    ",
                "opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI",
                "opentaxii.db"
            ),
        ),
    )?;
    let run = |program: &str, arguments: &[&str]| -> Result<()> {
        let mut command = Command::new(bin.join(program));
        command.env("OPENTAXII_CONFIG", &config).args(arguments);
        ensure!(quietly_succeeds(&mut command), "{program} fails");
        Ok(())
    };
    run(
        "opentaxii-create-account",
        &["-u", "bench", "-p", "secret", "-a"],
    )?;
    run("opentaxii-add-api-root", &["-t", "bench", "--default"])?;
    let mut command = Command::new(bin.join("gunicorn"));
    command.env("OPENTAXII_CONFIG", &config).args([
        "opentaxii.http:app",
        "--workers",
        "2",
        "-b",
        at,
    ]);
    let server = served(&mut command, at)?;
    let headers = format!("Authorization: {BASIC}\r\nAccept: {MEDIA}\r\n");
    let answer = Connection::open(at, &headers)?.get("/taxii2/")?;
    ensure!(
        answer.status == 200,
        "its discovery answers {}",
        answer.status
    );
    let discovery: Value = serde_json::from_slice(&answer.body)?;
    let root = discovery["default"].as_str().context("no API root")?;
    let number = root.trim_matches('/').rsplit('/').next();
    let root_of = ["-r", number.unwrap_or_default(), "-t", "bench"];
    let open = ["-a", "bench", "--public", "--public-write"];
    run("opentaxii-add-collection", &[root_of, open].concat())?;
    Ok(Other {
        server,
        at,
        collection: format!("{root}collections/bench/"),
        habits: Habits {
            took: 500,
            unversioned: false,
        },
    })
}

fn served(command: &mut Command, at: &str) -> Result<Server> {
    Server::start(command.stdout(Stdio::null()).stderr(Stdio::null()), at)
}
