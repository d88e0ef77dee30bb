//! Corpora and seeded mutations of them: what a plain test replays where no fuzzer is at hand. Crates with parsers include this file.
#![allow(dead_code, unreachable_pub, reason = "each crate uses a part of it")]

use std::path::Path;

/// Mutations of each corpus, by default; `FUZZ_MUTATIONS` asks for more.
const MUTATIONS: usize = 4000;

/// A small generator (xorshift64*), so that a failure can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides.max(1)
    }
}

/// Bytes and words that parsers trip over.
const WORDS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"\\u",
    b"\\ud800",
    b"\\udc00",
    b"\\u0061",
    b"null",
    b"-",
    b"0",
    b"1e999",
    b"1e-400",
    b"\xff",
    b"\xc3",
    b"\xf0\x9f\x98\x80",
    b"\0",
    b" ",
    b"\n",
    b"'",
    b"(",
    b")",
    b".",
    b"Z",
    b"9",
    b"NOT ",
    b"AND ",
    b" FOLLOWEDBY ",
    b"[*]",
    b"\"objects\":[",
    b"\"id\":\"",
    b"\"type\":\"bundle\"",
    b"\xef\xbb\xbf",
    b"true",
    b"h'",
    b"t'",
    b"=",
];

fn mutate(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.roll(seeds.len())].clone();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len() + 1);
        let end = (at + dice.roll(12)).min(bytes.len());
        match dice.roll(6) {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, WORDS[dice.roll(WORDS.len())].iter().copied())),
            2 => drop(bytes.splice(at..end, WORDS[dice.roll(WORDS.len())].iter().copied())),
            3 if at < bytes.len() => bytes[at] = dice.roll(256) as u8,
            4 => {
                let other = &seeds[dice.roll(seeds.len())];
                let from = dice.roll(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
        }
    }
    bytes
}

/// Holds a promise against the corpus below `fuzz`, the crate's folder of that name, and against mutations of it.
pub fn replay(fuzz: &Path, target: &str, promise: fn(&[u8])) {
    replay_part(fuzz, target, promise, 1);
}

/// The same with one in so many of the mutations, for what takes long.
pub fn replay_part(fuzz: &Path, target: &str, promise: fn(&[u8]), one_in: usize) {
    let folder = fuzz.join("corpus").join(target);
    let files =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let seeds: Vec<_> = paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    assert!(!seeds.is_empty());
    seeds.iter().for_each(|seed| promise(seed));
    let count = std::env::var("FUZZ_MUTATIONS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(MUTATIONS)
        / one_in;
    let mut dice = Dice(0x0e17_e17e);
    for round in 0..count {
        let bytes = mutate(&seeds, &mut dice);
        if let Err(panic) = std::panic::catch_unwind(|| promise(&bytes)) {
            eprintln!(
                "round {round} of {target}: {:?}",
                String::from_utf8_lossy(&bytes)
            );
            std::panic::resume_unwind(panic);
        }
    }
}
