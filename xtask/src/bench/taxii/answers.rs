//! Single answers beside nginx: each question differs from those before it, and nginx has one file for each of the same bodies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::ours::{self, Ours};
use super::pull::Page;
use super::{Plan, files, median};
use crate::bench::process::Server;
use crate::bench::synthetic::Dice;
use crate::bench::wrk::{Load, load};

/// What our node remembers of its last answers.
const REMEMBERED: usize = 2 << 20;
/// Several times that, so that no answer is there when its question comes again.
const BYTES: usize = 40 << 20;
/// What our node reckons for each remembered answer besides its bytes.
const EACH: usize = 512;
/// No more questions of one kind: nginx keeps a file open for each.
const MOST: usize = 18_000;
/// No fewer, where the answers are large.
const FEWEST: usize = 100;

/// Makes the path of the n-th question of a kind.
type Ask = Box<dyn Fn(&mut Dice, usize) -> String>;

/// A kind of question.
struct Kind {
    name: &'static str,
    ask: Ask,
}

/// What one side did in one round.
struct Figures {
    load: Load,
    cpu: f64,
}

pub(super) fn run(
    plan: &Plan,
    ours: &Ours,
    nginx: &Server,
    folder: &Path,
    pages: &[Page],
) -> Result<()> {
    println!(
        "\n| answer | bytes | connections | requests/s | of nginx | p50 ms, nginx | p99 ms, nginx | p99, times nginx's | CPU µs, nginx |\n\
         |---|---|---|---|---|---|---|---|---|"
    );
    for kind in kinds(ours, pages)?
        .iter()
        .filter(|kind| plan.has_answer(kind.name))
    {
        let (own, theirs, bytes) = prepare(ours, folder, kind)?;
        for connections in [1, 8, 32] {
            let mut rounds = Vec::new();
            for _ in 0..plan.rounds {
                let measured = |server: &Server, at: &str, token: Option<&str>, list: &Path| {
                    let cpu = server.cpu(None)?;
                    let load = load(
                        &format!("http://{at}/"),
                        list,
                        token,
                        connections,
                        plan.seconds,
                    )?;
                    let cpu = (server.cpu(None)? - cpu) / load.requests * 1e6;
                    anyhow::Ok(Figures { load, cpu })
                };
                let own = measured(&ours.server, ours::AT, Some(&ours.reader), &own)?;
                let theirs = measured(nginx, files::AT, None, &theirs)?;
                rounds.push((own, theirs));
            }
            let both = |figure: fn(&Figures) -> f64| {
                (
                    median(rounds.iter().map(|(own, _)| figure(own))),
                    median(rounds.iter().map(|(_, theirs)| figure(theirs))),
                )
            };
            let ratio = |figure: fn(&Figures) -> f64| {
                median(
                    rounds
                        .iter()
                        .map(|(own, theirs)| figure(own) / figure(theirs)),
                )
            };
            let (p50, p99) = (both(|f| f.load.p50), both(|f| f.load.p99));
            let (cpu, rate) = (both(|f| f.cpu), both(|f| f.load.rate));
            println!(
                "| {} | {bytes} | {connections} | {:.0} | {:.0} % | {:.2}, {:.2} | {:.2}, {:.2} | {:.1} | {:.0}, {:.0} |",
                kind.name,
                rate.0,
                ratio(|f| f.load.rate) * 100.0,
                p50.0,
                p50.1,
                p99.0,
                p99.1,
                ratio(|f| f.load.p99),
                cpu.0,
                cpu.1,
            );
        }
    }
    println!(
        "\nVmRSS after these {:.0} MiB; machine's load {}, its own two servers and the load client included",
        ours.server.rss(),
        crate::bench::load_of_machine()
    );
    Ok(())
}

/// The questions that are asked.
fn kinds(ours: &Ours, pages: &[Page]) -> Result<Vec<Kind>> {
    let ids: Vec<String> = pages.iter().flat_map(|page| page.ids.clone()).collect();
    // Any date between two pages is a depth; most fall inside one, as those of readers do.
    let mut depths: Vec<String> = pages.iter().map(|page| page.last_added.clone()).collect();
    depths.pop();
    let depths = between(&depths)?;
    let base = ours.collection.clone();
    let one = |dice: &mut Dice, from: &[String]| {
        let at = dice.next() as usize % from.len().max(1);
        from.get(at).cloned().unwrap_or_default()
    };
    let mut kinds: Vec<Kind> = Vec::new();
    let mut kind = |name, ask: Ask| kinds.push(Kind { name, ask });
    kind("object by id", {
        let (base, ids) = (base.clone(), ids.clone());
        Box::new(move |dice, _| format!("{base}objects/{}/", one(dice, &ids)))
    });
    kind("versions", {
        let (base, ids) = (base.clone(), ids.clone());
        Box::new(move |dice, _| format!("{base}objects/{}/versions/", one(dice, &ids)))
    });
    kind("match[id], ten", {
        let (base, ids) = (base.clone(), ids);
        Box::new(move |dice, _| {
            let ten: Vec<String> = (0..10).map(|_| one(dice, &ids)).collect();
            format!("{base}objects/?match%5Bid%5D={}", ten.join(","))
        })
    });
    kind("empty poll", {
        let base = base.clone();
        // Each later than all that is there.
        Box::new(move |_, n| format!("{base}objects/?added_after=2099-01-01T00:00:00.{n:06}Z"))
    });
    for (name, resource, rest) in [
        ("page of 100, any depth", "objects", "&limit=100"),
        (
            "match[type], 100, any depth",
            "objects",
            "&limit=100&match%5Btype%5D=",
        ),
        ("manifest of 100, any depth", "manifest", "&limit=100"),
        ("page of 1,000, any depth", "objects", "&limit=1000"),
    ] {
        let (base, depths) = (base.clone(), depths.clone());
        kind(
            name,
            Box::new(move |dice, _| {
                let after = one(dice, &depths);
                let types = ["sighting", "indicator", "relationship", "domain-name"];
                let of = if rest.ends_with('=') {
                    types[dice.next() as usize % types.len()]
                } else {
                    ""
                };
                format!("{base}{resource}/?added_after={after}{rest}{of}")
            }),
        );
    }
    Ok(kinds)
}

/// Each date, and a hundred others of the same second.
fn between(dates: &[String]) -> Result<Vec<String>> {
    let mut all = BTreeSet::new();
    let mut dice = Dice::new(7);
    for date in dates {
        all.insert(date.clone());
        let (second, _) = date.split_once('.').context("a date without millionths")?;
        for _ in 0..100 {
            all.insert(format!("{second}.{:06}Z", dice.next() % 1_000_000));
        }
    }
    Ok(all.into_iter().collect())
}

/// Asks each question once, keeps its answer for nginx, and writes both sides' lists of paths.
fn prepare(ours: &Ours, folder: &Path, kind: &Kind) -> Result<(PathBuf, PathBuf, usize)> {
    let mut connection = ours.reading()?;
    let mut dice = Dice::new(11);
    let www = folder.join("www/answers");
    let _ = fs::remove_dir_all(&www);
    fs::create_dir_all(&www)?;
    let (mut own, mut theirs) = (String::new(), String::new());
    let (mut bytes, mut count, mut asked) = (0, 0, BTreeSet::new());
    for n in 0..4 * MOST {
        if count >= MOST || count >= FEWEST && bytes + count * EACH >= BYTES {
            break;
        }
        let path = (kind.ask)(&mut dice, n);
        if !asked.insert(path.clone()) {
            continue;
        }
        let answer = connection.get(&path)?;
        if answer.status != 200 {
            bail!("{path} answers {}", answer.status);
        }
        // Another folder for each run of numbers, since nginx keeps what it knows of a path.
        let name = format!(
            "{}-{n}.json",
            kind.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
        );
        fs::write(www.join(&name), &answer.body)?;
        own.push_str(&path);
        own.push('\n');
        theirs.push_str(&format!("/answers/{name}\n"));
        bytes += answer.body.len();
        count += 1;
    }
    if count < FEWEST || bytes + count * EACH < REMEMBERED * 7 / 5 {
        bail!(
            "only {count} different questions of the kind {:?}: their answers would be remembered",
            kind.name
        );
    }
    let lists = (folder.join("ours.list"), folder.join("theirs.list"));
    fs::write(&lists.0, own)?;
    fs::write(&lists.1, theirs)?;
    Ok((lists.0, lists.1, bytes / count))
}
