//! Any bytes at all: thousands of seeded mutations of real layouts, and inputs made to hurt.

use std::time::Instant;

#[path = "../fuzz/promises.rs"]
mod promises;

/// A small generator, so that every run is the same (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or(0)
            % sides.max(1)
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/statements/dev");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|e| e.expect("a readable entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt" || e == "html"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|p| std::fs::read(p).expect("a readable fixture"))
        .collect()
}

fn mutate(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"\"",
        "«".as_bytes(),
        b":",
        b";\n",
        b"\n\n",
        b"- ",
        b"1. ",
        b"(a) ",
        b"will ",
        b" and ",
        b" et ",
        b"\x00",
        b"\xff\xfe",
        b"\xe2\x80",
        b"<div>",
        b"</p>",
        b"<!--",
        b"&#x41;",
        b"31 June ",
        b"99/99/9999",
        b"U.S.",
        b"We, the ",
        b"...",
        "\u{202e}".as_bytes(),
    ];
    let mut out = seed.to_vec();
    for _ in 0..=dice.roll(12) {
        let at = dice.roll(out.len() + 1);
        match dice.roll(6) {
            0 => out.truncate(at),
            1 => {
                let piece = PIECES[dice.roll(PIECES.len())];
                out.splice(at..at, piece.iter().copied());
            }
            2 if at < out.len() => out[at] ^= 1 << dice.roll(8),
            3 => {
                let end = (at + dice.roll(400)).min(out.len());
                out.drain(at..end);
            }
            4 => {
                let from = dice.roll(other.len());
                let to = (from + dice.roll(600)).min(other.len());
                out.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                let end = (at + dice.roll(200)).min(out.len());
                let again = out[at..end].to_vec();
                out.splice(at..at, again);
            }
        }
    }
    out
}

#[test]
fn mutations_keep_the_promises() {
    let seeds = seeds();
    let mut dice = Dice(0x5EED_0FA1_17E5_7500);
    for round in 0..240 {
        let seed = &seeds[dice.roll(seeds.len())];
        let other = &seeds[dice.roll(seeds.len())];
        let bytes = mutate(seed, other, &mut dice);
        let format = text::Format::guess(&bytes);
        let outcome = std::panic::catch_unwind(|| {
            promises::plain(&bytes);
            if format == text::Format::Html {
                promises::page(&bytes);
            }
        });
        assert!(
            outcome.is_ok(),
            "round {round}: {:?}",
            String::from_utf8_lossy(&bytes)
        );
    }
}

#[test]
fn a_broken_promise_is_noticed() {
    let text = b"The EU and Japan met in Brussels on 11 June 2019. They agreed to meet again in Tokyo in 2020.";
    let mut reading = text::read(text, &text::Options::named("x")).expect("a reading");
    promises::check(&reading);
    reading.statement.statements[1].start += 1;
    assert!(std::panic::catch_unwind(|| promises::check(&reading)).is_err());
}

/// A lead-in is read together with the first words of its item: wherever they end, a word must not be looked for beyond them.
#[test]
fn an_item_may_be_cut_anywhere() {
    let words = [
        "purposes", "that", "which", "to", "will", "be", "and", ",", "not", "the",
    ];
    for last in words {
        for filler in 0..10 {
            let text = format!(
                "The group calls on governments to:\n\n1. Refrain {} {last} are harmful;\n\n2. Act.\n",
                "use ".repeat(filler)
            );
            promises::plain(text.as_bytes());
        }
    }
}

/// What grows faster than the text shows here long before it hurts.
#[test]
fn long_and_nested_input_ends_soon() {
    let words = "the parties agreed to share and welcomed, ".repeat(4_000);
    let inputs: Vec<(&str, Vec<u8>)> = vec![
        ("one sentence of 28,000 words", words.clone().into_bytes()),
        (
            "open quotation marks",
            format!("The sides met. {}", "\"We will act. ".repeat(8_000)).into_bytes(),
        ),
        (
            "commas",
            format!("The parties of the dialogue{}.", ", and".repeat(30_000)).into_bytes(),
        ),
        (
            "capital letters",
            "The UN AND THE EU ".repeat(10_000).into_bytes(),
        ),
        (
            "digits and marks",
            "1.2.3-4/5 (6) [7] ".repeat(10_000).into_bytes(),
        ),
        (
            "deep elements",
            format!(
                "{}the parties of the dialogue agreed",
                "<div>".repeat(50_000)
            )
            .into_bytes(),
        ),
        (
            "an element of many attributes",
            format!(
                "<p {}>the parties of the dialogue agreed",
                (0..100_000)
                    .map(|i| format!("a{i}='x' "))
                    .collect::<String>()
            )
            .into_bytes(),
        ),
        ("addresses", "a@b.c ".repeat(30_000).into_bytes()),
        ("one word", vec![b'a'; 1 << 20]),
        ("nothing", Vec::new()),
        ("zeros", vec![0; 1 << 16]),
    ];
    for (what, bytes) in inputs {
        let start = Instant::now();
        promises::plain(&bytes);
        promises::page(&bytes);
        promises::word(&bytes);
        assert!(
            start.elapsed().as_secs() < 60,
            "{what}: {:?}",
            start.elapsed()
        );
    }
}
