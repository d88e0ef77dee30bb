//! TAXII beside nginx on the same bytes: what is taken in per second of processor, what is given back, and how fast single answers come.
//!
//! nginx serves from files what our node answered, so that both sides send the same bodies over the same loopback in the same minutes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::http::Connection;
use super::process::Server;
use super::synthetic::{Dice, envelope};
use super::wrk::load;
use crate::program::{cargo, output, quietly_succeeds, succeeds};
use crate::workspace;

const OURS: &str = "127.0.0.1:7471";
const NGINX: &str = "127.0.0.1:7472";
const MEDIA: &str = "application/taxii+json;version=2.1";
/// Objects of one request.
const BATCH: u64 = 500;

/// `bench taxii [OBJECTS [SECONDS]]`: 100,000 objects and 5 seconds a load, unless told otherwise.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let mut numbers = arguments.iter().map(|text| {
        text.parse::<u64>()
            .with_context(|| format!("{text:?} is no number"))
    });
    let objects = numbers.next().transpose()?.unwrap_or(100_000);
    let seconds = u32::try_from(numbers.next().transpose()?.unwrap_or(5))?;
    for program in ["nginx", "wrk"] {
        if !quietly_succeeds(Command::new(program).arg("-v"))
            && !Path::new("/usr/sbin").join(program).exists()
        {
            let installed = Command::new("apt-get")
                .args(["install", "-y", "-q", program])
                .stdout(Stdio::null())
                .status();
            if !installed.is_ok_and(|status| status.success()) {
                bail!("this measurement needs {program}: install it and try again");
            }
        }
    }
    if !succeeds(&mut cargo(&[
        "build",
        "--profile",
        "fast",
        "--locked",
        "--package",
        "entente",
    ]))? {
        return Ok(ExitCode::FAILURE);
    }
    let folder = workspace::target().join("bench/taxii");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("www"))?;
    let ours = Ours::start(&folder)?;
    println!("| what | figure |\n|---|---|");
    ingest(&ours, objects)?;
    let pages = pull(&ours, &folder)?;
    let nginx = start_nginx(&folder)?;
    pull_files(&pages, &ours)?;
    println!(
        "\n| answer | bytes | connections | requests/s | of nginx | p99 ms | nginx p99 |\n|---|---|---|---|---|---|---|"
    );
    for (name, path) in answers(&ours, &pages)? {
        beside(&ours, &folder, &name, &path, seconds)?;
    }
    drop(nginx);
    Ok(ExitCode::SUCCESS)
}

/// Our node, with one collection that one program may read and write.
struct Ours {
    server: Server,
    token: String,
    collection: String,
}

impl Ours {
    fn start(folder: &Path) -> Result<Self> {
        let binary = workspace::target().join("fast/entente");
        let node = folder.join("node");
        let node_text = node.to_string_lossy().into_owned();
        let run = |arguments: &[&str]| output(Command::new(&binary).args(arguments));
        run(&[
            "init",
            &node_text,
            "--participant",
            "Valmora",
            "--kind",
            "state",
        ])?;
        run(&["collection", "add", &node_text, "bench", "--json"])?;
        let granted = run(&[
            "access",
            "add",
            &node_text,
            "load",
            "--participant",
            "Valmora",
            "--read",
            "bench",
            "--write",
            "bench",
            "--json",
        ])?;
        let granted: Value = serde_json::from_str(&granted)?;
        let token = granted["secret"]
            .as_str()
            .context("no secret was printed")?
            .to_owned();
        let mut command = Command::new(&binary);
        command
            .args(["--log", "warn", "serve", &node_text, "--listen", OURS])
            .stdout(Stdio::null());
        let started = Instant::now();
        let server = Server::start(&mut command, OURS)?;
        println!(
            "started in {:.2} s, {:.0} MiB",
            started.elapsed().as_secs_f64(),
            server.rss()
        );
        let mut first = Self {
            server,
            token,
            collection: String::new(),
        };
        let discovery: Value = serde_json::from_slice(&first.connect()?.get("/taxii2/")?.body)?;
        let root = discovery["default"]
            .as_str()
            .context("no default API root")?;
        let root = root.split_once("://").map_or(root, |(_, rest)| {
            rest.find('/').map_or("/", |at| &rest[at..])
        });
        first.collection = format!("{}/collections/bench/", root.trim_end_matches('/'));
        Ok(first)
    }

    fn connect(&self) -> Result<Connection> {
        Connection::open(
            OURS,
            &format!(
                "Authorization: Bearer {}\r\nAccept: {MEDIA}\r\n",
                self.token
            ),
        )
    }
}

fn ingest(ours: &Ours, objects: u64) -> Result<()> {
    let path = format!("{}objects/", ours.collection);
    let mut connection = ours.connect()?;
    let mut dice = Dice::new(42);
    let (cpu, search) = (ours.server.cpu(None)?, ours.server.cpu(Some("jobs"))?);
    let started = Instant::now();
    let mut batches = Vec::new();
    let mut busy = Duration::ZERO;
    for from in (0..objects).step_by(BATCH as usize) {
        let body = envelope(&mut dice, from, BATCH.min(objects - from));
        let sent = Instant::now();
        let answer = connection.post(&path, MEDIA, body.as_bytes())?;
        busy += sent.elapsed();
        batches.push(sent.elapsed().as_secs_f64() * 1000.0);
        let status: Value = serde_json::from_slice(&answer.body)?;
        if answer.status != 202 || status["failure_count"] != 0 || status["pending_count"] != 0 {
            bail!(
                "an envelope was not taken: {} {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
    }
    let took = started.elapsed();
    // The index is at most a second behind: what is left of its work belongs to the figure.
    std::thread::sleep(Duration::from_millis(1500));
    let (cpu, search) = (
        ours.server.cpu(None)? - cpu,
        ours.server.cpu(Some("jobs"))? - search,
    );
    let count = objects as f64;
    println!(
        "| taken in, durable, per server CPU-second without the search job | {:.0} objects |",
        count / (cpu - search)
    );
    println!(
        "| the search job besides, CPU per object | {:.1} µs |",
        search / count * 1e6
    );
    println!(
        "| taken in per second, one sender, waiting for each answer | {:.0} objects of {:.0} while the generator ran |",
        count / busy.as_secs_f64(),
        count / took.as_secs_f64()
    );
    let tenth = (batches.len() / 10).max(1);
    let median = |part: &[f64]| {
        let mut sorted = part.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
    };
    let (first, last) = (
        median(&batches[..tenth]),
        median(&batches[batches.len() - tenth..]),
    );
    println!(
        "| median envelope of {BATCH}: first tenth, last tenth, ratio | {first:.1} ms, {last:.1} ms, {:.2} |",
        last / first
    );
    println!(
        "| VmRSS with {objects} objects | {:.0} MiB |",
        ours.server.rss()
    );
    Ok(())
}

/// One page of a pull, as it came.
struct Page {
    file: String,
    last_added: String,
    objects: usize,
    bytes: usize,
}

fn pull(ours: &Ours, folder: &Path) -> Result<Vec<Page>> {
    let mut connection = ours.connect()?;
    let mut pages: Vec<Page> = Vec::new();
    let mut times = Vec::new();
    let mut next = String::new();
    let cpu = ours.server.cpu(None)?;
    let mut bodies = Vec::new();
    let started = Instant::now();
    loop {
        let asked = Instant::now();
        let answer = connection.get(&format!("{}objects/?limit=1000{next}", ours.collection))?;
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
        if answer.status != 200 {
            bail!("a page was not given: {}", answer.status);
        }
        let token = token_of(&answer.body);
        pages.push(Page {
            file: format!("page-{:04}.json", pages.len()),
            last_added: answer
                .header("x-taxii-date-added-last")
                .unwrap_or_default()
                .to_owned(),
            objects: 0,
            bytes: answer.body.len(),
        });
        bodies.push(answer.body);
        match token {
            Some(token) => next = format!("&next={token}"),
            None => break,
        }
    }
    let took = started.elapsed().as_secs_f64();
    let cpu = ours.server.cpu(None)? - cpu;
    for (page, body) in pages.iter_mut().zip(&bodies) {
        let read: Value = serde_json::from_slice(body)?;
        page.objects = read["objects"].as_array().map_or(0, Vec::len);
        fs::write(folder.join("www").join(&page.file), body)?;
    }
    let objects: usize = pages.iter().map(|page| page.objects).sum();
    println!(
        "| full pull, one stream, pages of 1,000 | {:.0} objects/s, {:.0} per server CPU-second |",
        objects as f64 / took,
        objects as f64 / cpu
    );
    let third = (times.len() / 3).max(1);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    println!(
        "| page time: first third, last third | {:.2} ms, {:.2} ms |",
        mean(&times[..third]),
        mean(&times[times.len() - third..])
    );
    Ok(pages)
}

/// The value of `next`, which stands near the beginning or the end of an envelope.
fn token_of(body: &[u8]) -> Option<String> {
    let find = |part: &[u8]| {
        let text = String::from_utf8_lossy(part).into_owned();
        let (_, after) = text.split_once("\"next\":\"")?;
        after.split_once('"').map(|(token, _)| token.to_owned())
    };
    find(&body[..body.len().min(300)]).or_else(|| find(&body[body.len().saturating_sub(300)..]))
}

/// The same pages from nginx, by the same client.
fn pull_files(pages: &[Page], ours: &Ours) -> Result<()> {
    let timed = |connection: &mut Connection, path: &dyn Fn(&Page) -> String| -> Result<f64> {
        let started = Instant::now();
        for page in pages {
            let answer = connection.get(&path(page))?;
            if answer.status != 200 || answer.body.len() != page.bytes {
                bail!(
                    "{} is not the page that it was: {}",
                    page.file,
                    answer.status
                );
            }
        }
        Ok(started.elapsed().as_secs_f64())
    };
    let objects: usize = pages.iter().map(|page| page.objects).sum();
    let mut files = Connection::open(NGINX, "")?;
    let nginx = timed(&mut files, &|page| format!("/{}", page.file))?;
    // Once more ours, right after, so that both ran under the same load: by position, which needs no token of a page before.
    let mut connection = ours.connect()?;
    let mut before = String::new();
    let started = Instant::now();
    for page in pages {
        let after = if before.is_empty() {
            String::new()
        } else {
            format!("&added_after={before}")
        };
        let answer = connection.get(&format!("{}objects/?limit=1000{after}", ours.collection))?;
        if answer.status != 200 {
            bail!("a page was not given: {}", answer.status);
        }
        before.clone_from(&page.last_added);
    }
    let own = started.elapsed().as_secs_f64();
    println!(
        "| the same pull from nginx, ours right after | {:.0} and {:.0} objects/s: {:.0} % |",
        objects as f64 / nginx,
        objects as f64 / own,
        nginx / own * 100.0
    );
    Ok(())
}

fn start_nginx(folder: &Path) -> Result<Server> {
    let root = folder.to_string_lossy();
    let config: PathBuf = folder.join("nginx.conf");
    fs::write(
        &config,
        format!(
            "daemon off; worker_processes 2; pid {root}/nginx.pid; error_log {root}/nginx.log;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n\
             types {{ application/taxii+json json; }}\n\
             client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3; uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;\n\
             server {{ listen {NGINX}; root {root}/www; }} }}\n"
        ),
    )?;
    let mut command = Command::new("/usr/sbin/nginx");
    command
        .args(["-p", &root, "-c"])
        .arg(&config)
        .stderr(Stdio::null());
    if runs_as_root() {
        command.args(["-g", "user root;"]);
    }
    Server::start(&mut command, NGINX)
}

/// Whether nginx would give up root's rights and then not read our files.
fn runs_as_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The addresses that are measured, by name.
fn answers(ours: &Ours, pages: &[Page]) -> Result<Vec<(String, String)>> {
    let middle = pages.get(pages.len() / 2).context("nothing was pulled")?;
    let last = pages.last().context("nothing was pulled")?;
    let page = ours.connect()?.get(&format!(
        "{}objects/?limit=10&added_after={}",
        ours.collection, middle.last_added
    ))?;
    let page: Value = serde_json::from_slice(&page.body)?;
    let ids: Vec<&str> = page["objects"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|object| object["id"].as_str())
        .collect();
    let one = ids.first().context("a page in the middle is empty")?;
    let base = &ours.collection;
    Ok([
        ("collection", base.clone()),
        (
            "match[type], 100 of 5 %",
            format!("{base}objects/?match%5Btype%5D=sighting&limit=100"),
        ),
        (
            "match[id], one",
            format!("{base}objects/?match%5Bid%5D={one}"),
        ),
        (
            "match[id], ten",
            format!("{base}objects/?match%5Bid%5D={}", ids.join(",")),
        ),
        ("object by id", format!("{base}objects/{one}/")),
        (
            "added_after, middle, 100",
            format!("{base}objects/?limit=100&added_after={}", middle.last_added),
        ),
        (
            "empty poll",
            format!("{base}objects/?added_after={}", last.last_added),
        ),
        ("manifest, 100", format!("{base}manifest/?limit=100")),
        ("versions", format!("{base}objects/{one}/versions/")),
    ]
    .map(|(name, path)| (name.to_owned(), path))
    .into())
}

fn beside(ours: &Ours, folder: &Path, name: &str, path: &str, seconds: u32) -> Result<()> {
    let answer = ours.connect()?.get(path)?;
    if answer.status != 200 {
        bail!("{path} answers {}", answer.status);
    }
    fs::write(folder.join("www/same.json"), &answer.body)?;
    for connections in [1, 8, 32] {
        let theirs = load(
            &format!("http://{NGINX}/same.json"),
            None,
            connections,
            seconds,
        )?;
        let own = load(
            &format!("http://{OURS}{path}"),
            Some(&ours.token),
            connections,
            seconds,
        )?;
        println!(
            "| {name} | {} | {connections} | {:.0} | {:.0} % | {:.2} | {:.2} |",
            answer.body.len(),
            own.rate,
            own.rate / theirs.rate * 100.0,
            own.p99,
            theirs.p99
        );
    }
    Ok(())
}
