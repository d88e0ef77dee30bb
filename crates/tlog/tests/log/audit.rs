//! Any damage to a record, a leaf or a tile is found, and named where it is.

use crate::reference::{Stored, grown, leaves};
use tlog::{Entry, Finding, Hash, TileId, Tree, audit};

/// A log in which every seventh record was erased.
fn log(count: usize) -> (Tree, Stored, Vec<Entry>) {
    let leaves = leaves(0, count);
    let (tree, stored) = grown(&leaves, 50);
    let entries = leaves
        .iter()
        .enumerate()
        .map(|(index, leaf)| match index % 7 {
            3 => Entry::Erased,
            _ => Entry::Kept(*leaf),
        });
    (tree, stored, entries.collect())
}

fn findings(tree: &Tree, stored: &Stored, entries: &[Entry]) -> Vec<Finding> {
    let report = audit(tree.size(), &tree.root(), stored, entries.iter().copied()).unwrap();
    report.findings
}

const SIZES: [usize; 7] = [0, 1, 255, 256, 257, 600, 66_000];

#[test]
fn a_whole_log_is_clean_also_where_content_was_erased() {
    for size in SIZES {
        let (tree, stored, entries) = log(size);
        assert_eq!(findings(&tree, &stored, &entries), [], "{size}");
        let all_erased = vec![Entry::Erased; size];
        assert_eq!(findings(&tree, &stored, &all_erased), [], "{size}");
    }
}

#[test]
fn a_changed_record_is_named() {
    for size in SIZES {
        let (tree, stored, entries) = log(size);
        for index in (0..size).step_by(size / 9 + 1) {
            let mut changed = entries.clone();
            changed[index] = Entry::Kept(Hash::leaf(b"another record"));
            let expected = [Finding::Record {
                index: index as u64,
            }];
            assert_eq!(
                findings(&tree, &stored, &changed),
                expected,
                "{index} of {size}"
            );
        }
    }
}

#[test]
fn every_byte_of_every_tile_counts() {
    let (tree, stored, entries) = log(600);
    for (id, hashes) in &stored.0 {
        for at in 0..hashes.len() {
            let mut damaged = stored.clone();
            damaged.0.get_mut(id).unwrap()[at] ^= 1 << (at % 8);
            let found = findings(&tree, &damaged, &entries);
            let offset = (at / Hash::LEN) as u16;
            let index = id.number * 256 + u64::from(offset);
            let erased = id.level == 0 && entries[index as usize] == Entry::Erased;
            match &found[..] {
                [
                    Finding::Tile {
                        id: named,
                        offset: place,
                    },
                ] => {
                    assert_eq!((named, *place, erased), (id, offset, false));
                }
                [Finding::ErasedLeaf { id: named }, Finding::Root { .. }] => {
                    assert_eq!((named, erased), (id, true));
                }
                other => panic!("byte {at} of {id}: {other:?}"),
            }
        }
    }
}

#[test]
fn damage_far_up_and_deep_down_is_named() {
    let (tree, stored, entries) = log(66_000);
    let top = TileId {
        level: 2,
        number: 0,
    };
    for (id, offset) in [
        (top, 0),
        (
            TileId {
                level: 1,
                number: 0,
            },
            200,
        ),
        (
            TileId {
                level: 1,
                number: 1,
            },
            0,
        ),
    ] {
        let mut damaged = stored.clone();
        damaged.0.get_mut(&id).unwrap()[usize::from(offset) * 32] ^= 1;
        assert_eq!(
            findings(&tree, &damaged, &entries),
            [Finding::Tile { id, offset }]
        );
    }
    // An erased leaf far to the left shows on two levels above it, and only it is named.
    let id = TileId {
        level: 0,
        number: 3,
    };
    let mut damaged = stored;
    let erased = entries[768..]
        .iter()
        .position(|entry| *entry == Entry::Erased)
        .unwrap();
    damaged.0.get_mut(&id).unwrap()[erased * Hash::LEN] ^= 1;
    let found = findings(&tree, &damaged, &entries);
    assert!(
        matches!(found[..], [Finding::ErasedLeaf { id: named }, Finding::Root { .. }] if named == id),
        "{found:?}"
    );
}

#[test]
fn truncation_and_surplus_are_named() {
    for size in SIZES.into_iter().filter(|size| *size > 0) {
        let (tree, stored, entries) = log(size);
        let found = (size - 1) as u64;
        assert_eq!(
            findings(&tree, &stored, &entries[1..]).last(),
            Some(&Finding::Count { found })
        );
        let cut = findings(&tree, &stored, &entries[..size - 1]);
        assert!(cut.contains(&Finding::Count { found }), "{cut:?}");
        let mut more = entries.clone();
        more.push(Entry::Erased);
        let found = (size + 1) as u64;
        assert_eq!(findings(&tree, &stored, &more), [Finding::Count { found }]);
        for id in stored.0.keys().step_by(stored.0.len() / 9 + 1) {
            let mut damaged = stored.clone();
            damaged.0.remove(id);
            let found = findings(&tree, &damaged, &entries);
            assert!(
                found.contains(&Finding::Missing { id: *id }),
                "{size}: {found:?}"
            );
            let mut damaged = stored.clone();
            let hashes = damaged.0.get_mut(id).unwrap();
            hashes.truncate(hashes.len() - 1);
            let found = findings(&tree, &damaged, &entries);
            assert!(
                found.contains(&Finding::Missing { id: *id }),
                "{size}: {found:?}"
            );
        }
    }
}

#[test]
fn another_head_is_named() {
    let (tree, stored, entries) = log(600);
    let other = Hash::leaf(b"another root");
    let report = audit(600, &other, &stored, entries).unwrap();
    assert!(
        report
            .findings
            .contains(&Finding::Root { found: tree.root() }),
        "{report:?}"
    );
}

#[test]
fn a_ruined_log_gives_a_short_report() {
    let (tree, stored, entries) = log(66_000);
    let wrong = entries.iter().map(|_| Entry::Kept(Hash::empty()));
    let report = audit(tree.size(), &tree.root(), &stored, wrong).unwrap();
    assert!((1000..=1001).contains(&report.findings.len()));
    let report = audit(tree.size(), &tree.root(), Stored::default(), entries).unwrap();
    assert!(!report.is_clean());
}
