//! How fast objects are split and checked: `cargo run -p stix --profile fast --example checking FILE`.

use std::time::Instant;
use stix::{Limits, check, split, stream};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name a bundle")?;
    let text = std::fs::read(&file)?;
    let limits = Limits {
        objects: usize::MAX,
        ..Limits::default()
    };
    let megabytes = text.len() as f64 / 1e6;
    let measure = |what: &str, run: &dyn Fn() -> usize| {
        let best = (0..15).map(|_| {
            let start = Instant::now();
            let count = run();
            (start.elapsed().as_secs_f64(), count)
        });
        let (seconds, count) = best
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap_or((f64::NAN, 0));
        println!(
            "{what:16} {count:7} objects  {:7.0} MB/s  {:9.0} objects/s",
            megabytes / seconds,
            count as f64 / seconds
        );
    };
    let objects = split(&text, &limits).objects;
    measure("split", &|| split(&text, &limits).objects.len());
    measure("check", &|| {
        objects
            .iter()
            .filter(|raw| check(raw, &limits).is_ok())
            .count()
    });
    measure("split and check", &|| {
        split(&text, &limits)
            .objects
            .iter()
            .filter(|raw| check(raw, &limits).is_ok())
            .count()
    });
    measure("stream", &|| {
        stream(&text[..], &limits).filter(Result::is_ok).count()
    });
    Ok(())
}
