//! How fast statements are read, and how time grows with length: `cargo run --profile fast --example speed`.

use std::time::Instant;

fn fixtures(extension: &str) -> Result<Vec<Vec<u8>>, std::io::Error> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/statements/dev");
    let mut paths = std::fs::read_dir(folder)?
        .map(|e| Ok(e?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.retain(|p| p.extension().is_some_and(|e| e == extension));
    paths.sort();
    paths.iter().map(std::fs::read).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let texts = fixtures("txt")?;
    let options = text::Options::named("speed");
    // The data files are read once, at the first statement of each language.
    let start = Instant::now();
    for bytes in &texts {
        text::read(bytes, &options)?;
    }
    println!(
        "first pass with the data files: {:.0} ms",
        start.elapsed().as_secs_f64() * 1e3
    );

    let rounds = 10;
    let start = Instant::now();
    for _ in 0..rounds {
        for bytes in &texts {
            text::read(bytes, &options)?;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let count = (texts.len() * rounds) as f64;
    let bytes: usize = texts.iter().map(Vec::len).sum::<usize>() * rounds;
    println!(
        "{:.0} documents/s of {:.1} kB on one core ({:.2} MB/s)",
        count / seconds,
        bytes as f64 / count / 1e3,
        bytes as f64 / seconds / 1e6
    );

    println!("length   ms/document   us/kB");
    let body: Vec<u8> = texts.iter().flatten().copied().collect();
    for kilobytes in [1usize, 2, 4, 8, 16, 32, 64, 128] {
        let mut piece = body
            .iter()
            .copied()
            .cycle()
            .take(kilobytes << 10)
            .collect::<Vec<u8>>();
        while std::str::from_utf8(&piece).is_err() {
            piece.pop();
        }
        let rounds = (128 / kilobytes).clamp(2, 32);
        let start = Instant::now();
        for _ in 0..rounds {
            text::read(&piece, &options)?;
        }
        let each = start.elapsed().as_secs_f64() / rounds as f64;
        println!(
            "{kilobytes:>4} kB {:>12.2} {:>8.0}",
            each * 1e3,
            each * 1e6 / kilobytes as f64
        );
    }

    let pages = fixtures("html")?;
    let page: Vec<u8> = pages
        .iter()
        .flatten()
        .copied()
        .cycle()
        .take(4 << 20)
        .collect();
    let start = Instant::now();
    let plain = text::plain(&page, Some(text::Format::Html))?;
    println!(
        "HTML to text: {:.1} MB/s ({} kB of text)",
        page.len() as f64 / start.elapsed().as_secs_f64() / 1e6,
        plain.len() >> 10
    );
    let start = Instant::now();
    let mut total = 0usize;
    for page in pages.iter().cycle().take(pages.len() * 20) {
        text::plain(page, Some(text::Format::Html))?;
        total += page.len();
    }
    println!(
        "HTML to text, single pages: {:.1} MB/s",
        total as f64 / start.elapsed().as_secs_f64() / 1e6
    );
    Ok(())
}
