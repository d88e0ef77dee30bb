//! Pulling everything, one page after another, beside nginx giving the same pages to the same client.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::ours::Ours;
use super::{files, median};
use crate::bench::http::Connection;

/// One page of a pull, as it came.
pub(super) struct Page {
    file: String,
    /// The last date of it, after which the next one begins.
    pub(super) last_added: String,
    /// Its objects' ids.
    pub(super) ids: Vec<String>,
    bytes: usize,
}

pub(super) fn run(ours: &Ours, folder: &Path) -> Result<Vec<Page>> {
    let mut connection = ours.reading()?;
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
                .context("a page without its last date")?
                .to_owned(),
            ids: Vec::new(),
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
        let objects = read["objects"].as_array();
        let ids = objects
            .into_iter()
            .flatten()
            .filter_map(|object| object["id"].as_str());
        page.ids = ids.map(str::to_owned).collect();
        fs::write(folder.join("www").join(&page.file), body)?;
    }
    let objects: usize = pages.iter().map(|page| page.ids.len()).sum();
    println!(
        "| full pull, one stream, pages of 1,000 | {objects} objects: {:.0} objects/s, {:.0} per server CPU-second |",
        objects as f64 / took,
        objects as f64 / cpu
    );
    let third = (times.len() / 3).max(1);
    let part = |range: &[f64]| median(range.iter().copied());
    println!(
        "| page time: first third, last third | {:.2} ms, {:.2} ms |",
        part(&times[..third]),
        part(&times[times.len() - third..])
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

/// The same pages from nginx and from us by turns, by the same client.
pub(super) fn beside(ours: &Ours, pages: &[Page], rounds: usize) -> Result<()> {
    let objects: usize = pages.iter().map(|page| page.ids.len()).sum();
    let mut files = Connection::open(files::AT, "")?;
    let mut connection = ours.reading()?;
    let mut figures = Vec::new();
    for _ in 0..rounds {
        let theirs = timed(&mut files, pages, |page, _| format!("/{}", page.file))?;
        let own = timed(&mut connection, pages, |_, before| {
            // By position, which needs no token of a page before.
            let after = before.map_or(String::new(), |page| {
                format!("&added_after={}", page.last_added)
            });
            format!("{}objects/?limit=1000{after}", ours.collection)
        })?;
        figures.push((own, theirs));
    }
    println!(
        "| full pull, ours and nginx by turns, median of {rounds} | {:.0} and {:.0} objects/s: {:.0} % |",
        objects as f64 / median(figures.iter().map(|(own, _)| *own)),
        objects as f64 / median(figures.iter().map(|(_, theirs)| *theirs)),
        median(figures.iter().map(|(own, theirs)| theirs / own * 100.0))
    );
    Ok(())
}

/// Seconds for all pages.
fn timed(
    connection: &mut Connection,
    pages: &[Page],
    path: impl Fn(&Page, Option<&Page>) -> String,
) -> Result<f64> {
    let started = Instant::now();
    let mut before = None;
    for page in pages {
        let answer = connection.get(&path(page, before))?;
        // A page by position has another token of the same length, or none.
        if answer.status != 200 || answer.body.len() != page.bytes {
            bail!(
                "{} is not the page that it was: {}",
                page.file,
                answer.status
            );
        }
        before = Some(page);
    }
    Ok(started.elapsed().as_secs_f64())
}
