//! Visits: each kind of page by itself, then people who come and go.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::house::{AT, House, REPORT};
use crate::bench::http::Connection;
use crate::bench::synthetic::Dice;

/// A page may take so long, in milliseconds, for 99 of 100.
pub(in crate::bench) const GOAL: f64 = 50.0;

/// What is visited: what it is, its address, and whether administrators only come there.
fn kinds(deep: &str) -> Vec<(&'static str, String, bool)> {
    let page = |name: &'static str, path: &str| (name, path.to_owned(), false);
    let own = |name: &'static str, path: &str| (name, path.to_owned(), true);
    vec![
        page("home", "/"),
        page("records, newest", "/records"),
        page("records, oldest first", "/records?sort=accepted"),
        page("records, in the middle", deep),
        page("records of one type", "/records?kind=sighting"),
        page("a collection, newest", "/records?in=situation"),
        page(
            "a collection, oldest first",
            "/records?in=situation&sort=accepted",
        ),
        page(
            "a collection, one type",
            "/records?in=situation&kind=sighting",
        ),
        page("one record", &format!("/records/{REPORT}")),
        page(
            "its versions compared",
            &format!("/records/{REPORT}/versions"),
        ),
        page("search, a word in a third of all", "/search?q=satellite"),
        page(
            "search, four words",
            "/search?q=wiper+rail+customs+phishing",
        ),
        page("search, nothing found", "/search?q=zeppelin"),
        page("the desk of dialogues", "/dialogues"),
        page("participants", "/participants"),
        page("peers", "/peers"),
        page("circles", "/circles"),
        page("awaiting a decision", "/awaiting"),
        page("clearance", "/clearance"),
        page("quarantine", "/quarantine"),
        page("log", "/log"),
        page("public portal", "/public"),
        page("own account", "/account"),
        page("what changed", "/changes"),
        own("users", "/users"),
        own("settings", "/settings"),
        own("bundles", "/bundles"),
        own("health", "/status"),
    ]
}

/// A value at a part of sorted figures.
pub(in crate::bench) fn at(sorted: &[f64], part: f64) -> f64 {
    let place = (sorted.len() as f64 * part).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// The address of a page half-way through all records.
fn middle(house: &House) -> Result<String> {
    let mut visitor = Connection::open(AT, &house.administrator)?;
    let page = visitor.get("/records?sort=accepted")?;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    if !text.contains("after=") {
        bail!("the list of records ends on its first page");
    }
    let log = visitor.get("/records")?;
    let text = String::from_utf8_lossy(&log.body).into_owned();
    let after = text
        .split("after=")
        .nth(1)
        .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|after| after.parse::<u64>().ok())
        .unwrap_or(0);
    Ok(format!("/records?after={}", after / 2))
}

/// Each kind of page, one request at a time, each in another session. Says whether all reached the goal.
pub(super) fn alone(house: &House, rounds: usize) -> Result<bool> {
    let deep = middle(house)?;
    println!(
        "| page, one request at a time | p50 ms | p95 ms | p99 ms | server CPU ms | bytes | goal p99 {GOAL} ms |\n|---|---|---|---|---|---|---|"
    );
    let mut good = true;
    for (name, path, own) in kinds(&deep) {
        let mut figures = Vec::with_capacity(rounds);
        let mut bytes = 0;
        let mut people = house.readers.iter().cycle();
        // The first visit after a start fills what is remembered; it is no page of its own.
        let cpu = house.server.cpu(None)?;
        for _ in 0..rounds {
            let cookie = if own {
                &house.administrator
            } else {
                people.next().unwrap_or(&house.administrator)
            };
            let mut visitor = Connection::open(AT, cookie)?;
            let sent = Instant::now();
            let answer = visitor.get(&path)?;
            figures.push(sent.elapsed().as_secs_f64() * 1e3);
            bytes = answer.body.len();
            if answer.status != 200 {
                bail!("{path} answered {}", answer.status);
            }
        }
        let cpu = (house.server.cpu(None)? - cpu) / rounds as f64 * 1e3;
        figures.sort_by(f64::total_cmp);
        let p99 = at(&figures, 0.99);
        good &= p99 <= GOAL;
        println!(
            "| {name} | {:.1} | {:.1} | {p99:.1} | {cpu:.1} | {bytes} | {} |",
            at(&figures, 0.5),
            at(&figures, 0.95),
            if p99 <= GOAL { "reached" } else { "**missed**" }
        );
    }
    Ok(good)
}

/// Everybody at once: each opens a page, reads for some seconds, opens another.
pub(super) fn together(house: &House, seconds: u64) -> Result<bool> {
    let deep = middle(house)?;
    let pages: Vec<String> = kinds(&deep)
        .into_iter()
        .filter(|(_, _, own)| !own)
        .map(|(_, path, _)| path)
        .collect();
    let figures = Mutex::new(Vec::new());
    let failed = Mutex::new(0_usize);
    let cpu = house.server.cpu(None)?;
    let until = Instant::now() + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        for (number, cookie) in (0..).zip(&house.readers) {
            let (pages, figures, failed) = (&pages, &figures, &failed);
            scope.spawn(move || {
                let mut dice = Dice::new(1_000 + number);
                let mut own = Vec::new();
                let pause = |dice: &mut Dice| Duration::from_millis(2_000 + dice.next() % 6_000);
                std::thread::sleep(Duration::from_millis(dice.next() % 5_000));
                let mut visitor = Connection::open(AT, cookie).ok();
                while Instant::now() < until {
                    let place = usize::try_from(dice.next() % pages.len() as u64).unwrap_or(0);
                    let path = pages.get(place).map_or("/", String::as_str);
                    let sent = Instant::now();
                    let answer = visitor.as_mut().and_then(|visitor| visitor.get(path).ok());
                    own.push(sent.elapsed().as_secs_f64() * 1e3);
                    if answer.is_none_or(|answer| answer.status != 200) {
                        *failed
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner) += 1;
                        visitor = Connection::open(AT, cookie).ok();
                    }
                    std::thread::sleep(pause(&mut dice));
                }
                figures
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .extend(own);
            });
        }
    });
    let mut figures = figures
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let failed = failed
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let cpu = house.server.cpu(None)? - cpu;
    figures.sort_by(f64::total_cmp);
    let p99 = at(&figures, 0.99);
    println!(
        "\n| {} people at once, a page each 2 to 8 s, {seconds} s | figure |\n|---|---|\n| pages; not answered | {}; {failed} |\n| p50, p95, p99 | {:.1}, {:.1}, {p99:.1} ms |\n| server CPU per page | {:.1} ms |",
        house.readers.len(),
        figures.len(),
        at(&figures, 0.5),
        at(&figures, 0.95),
        cpu / figures.len().max(1) as f64 * 1e3
    );
    Ok(p99 <= GOAL && failed == 0)
}
