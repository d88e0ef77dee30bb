//! How fast the log grows and is verified on this machine: `cargo run --profile fast -p tlog --example tree_speed [LEAVES]`.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Instant;

use tlog::{Entry, Salt, TileId, TileReader, Tree, audit, consistency, inclusion, record_leaf};

struct Stored(HashMap<TileId, Vec<u8>>);

impl TileReader for Stored {
    type Error = Infallible;

    fn tile(&self, id: TileId, _: u16) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(&id).cloned())
    }
}

fn main() {
    let argument = std::env::args().nth(1);
    let count: u64 = argument
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let leaf = |index: u64| {
        let mut salt = [0; Salt::LEN];
        salt[..8].copy_from_slice(&index.to_le_bytes());
        let mut record = [7; 32];
        record[..8].copy_from_slice(&index.to_le_bytes());
        record_leaf(&Salt::new(&salt).expect("a salt of 16 bytes"), &record)
    };
    let rate = |what: &str, count: u64, start: Instant| {
        let seconds = start.elapsed().as_secs_f64();
        let each = count as f64 / seconds;
        println!("{what}: {count} in {seconds:.3} s, {each:.0}/s");
    };

    for batch in [1, 100, 1000] {
        let mut stored = Stored(HashMap::new());
        let mut tree = Tree::new();
        let start = Instant::now();
        for first in (0..count).step_by(batch) {
            let last = count.min(first + batch as u64);
            for tile in tree.append((first..last).map(leaf)) {
                stored.0.insert(tile.id, tile.hashes);
            }
            std::hint::black_box(tree.root());
        }
        rate(
            &format!("hash, append, root per batch of {batch}"),
            count,
            start,
        );
        if batch < 1000 {
            continue;
        }

        let start = Instant::now();
        let entries = (0..count).map(|index| Entry::Kept(leaf(index)));
        let report = audit(count, &tree.root(), &stored, entries).expect("memory can be read");
        rate("audit", count, start);
        assert!(report.is_clean(), "{report:?}");

        let start = Instant::now();
        for index in 0..1000 {
            let path =
                inclusion::prove(&stored, index * 997 % count, count).expect("tiles are there");
            std::hint::black_box(path);
        }
        rate("inclusion proofs made", 1000, start);
        let start = Instant::now();
        for old in 1..=1000 {
            let path =
                consistency::prove(&stored, old * 991 % count, count).expect("tiles are there");
            std::hint::black_box(path);
        }
        rate("consistency proofs made", 1000, start);
    }
}
