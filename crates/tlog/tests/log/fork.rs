//! A log that lies is proven to have lied; a log that only grew cannot be accused.

use crate::reference::{Stored, grown, leaves};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::fork::{Evidence, Lie, NotProven};
use tlog::{Checkpoint, Fork, Hash, Key, Origin, consistency, inclusion};

fn signing() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn log() -> Key {
    Key::log(origin(), signing().verifying_key())
}

fn origin() -> Origin {
    Origin::new("log.example").unwrap()
}

fn head(leaves: &[Hash], time: u64) -> String {
    let (tree, _) = grown(leaves, 256);
    Checkpoint::new(origin(), tree.size(), tree.root())
        .sign(&signing(), time)
        .unwrap()
}

/// What a third party makes of the text alone, with the key it knows.
fn third_party(fork: &Fork) -> Lie {
    let text = fork.to_string();
    let read = Fork::read(&text, &log()).unwrap();
    assert_eq!(&read, fork);
    // Mail turns line ends, and takes the space off an empty line.
    let mailed = text.replace("\n", "\r\n").replace("| \r", "|\r");
    assert_eq!(Fork::read(&mailed, &log()).as_ref(), Ok(fork));
    let stranger = Key::log(origin(), SigningKey::from_bytes(&[8; 32]).verifying_key());
    assert!(matches!(
        Fork::read(&text, &stranger),
        Err(NotProven::OtherLog(_))
    ));
    fork.lie().clone()
}

/// The past of 20 leaves with the leaf 5 replaced, then grown on.
fn rewritten(count: usize) -> (Vec<Hash>, Stored) {
    let mut all = leaves(0, count);
    all[5] = Hash::leaf(b"another commitment");
    let (_, stored) = grown(&all, 256);
    (all, stored)
}

#[test]
fn two_heads_of_one_size() {
    let (one, other) = (head(&leaves(0, 20), 1), head(&leaves(1, 20), 1));
    let fork = Fork::between(&log(), &one, &other).unwrap();
    assert_eq!(third_party(&fork), Lie::TwoHeads { size: 20 });
}

#[test]
fn a_rewind_by_the_logs_own_times() {
    let all = leaves(0, 20);
    let (large, small) = (head(&all, 100), head(&all[..12], 200));
    for (one, other) in [(&large, &small), (&small, &large)] {
        let fork = Fork::between(&log(), one, other).unwrap();
        assert_eq!(
            third_party(&fork),
            Lie::Rewound {
                from: 20,
                to: 12,
                at: 200
            }
        );
    }
    // An older, smaller head is no rewind.
    let small = head(&all[..12], 100);
    assert_eq!(
        Fork::between(&log(), &large, &small),
        Err(NotProven::NoContradiction)
    );
}

#[test]
fn a_rewritten_past_by_a_consistency_proof() {
    let (all, stored) = rewritten(33);
    let (old, new) = (head(&leaves(0, 20), 1), head(&all, 2));
    assert_eq!(
        Fork::between(&log(), &old, &new),
        Err(NotProven::NoContradiction)
    );
    let path = consistency::prove(&stored, 20, 33).unwrap();
    let fork = Fork::prove(&log(), &new, &old, Evidence::Consistency(path.clone())).unwrap();
    assert_eq!(third_party(&fork), Lie::Rewritten { size: 20 });
    let mut garbage = path;
    garbage[0] = Hash::empty();
    let garbage = Evidence::Consistency(garbage);
    assert!(matches!(
        Fork::prove(&log(), &old, &new, garbage),
        Err(NotProven::Evidence(_))
    ));
}

#[test]
fn a_rewritten_past_by_the_last_leaf_whatever_the_size() {
    for new in [21, 32, 33, 64, 300] {
        let (all, stored) = rewritten(new);
        for old in 6..=new.min(70) {
            let heads = (head(&leaves(0, old), 1), head(&all, 2));
            let index = old as u64 - 1;
            let evidence = Evidence::LastLeaf {
                leaf: all[old - 1],
                path: inclusion::prove(&stored, index, new as u64).unwrap(),
            };
            let fork = Fork::prove(&log(), &heads.0, &heads.1, evidence).unwrap();
            assert_eq!(third_party(&fork), Lie::Rewritten { size: old as u64 });
        }
    }
}

#[test]
fn a_replaced_record_by_whoever_kept_its_proof() {
    let before = leaves(0, 20);
    let (_, stored) = grown(&before, 256);
    let kept = (before[5], inclusion::prove(&stored, 5, 20).unwrap());
    let (after, stored) = rewritten(33);
    let shown = (after[5], inclusion::prove(&stored, 5, 33).unwrap());
    let evidence = Evidence::Leaves {
        index: 5,
        first: kept.clone(),
        second: shown,
    };
    let fork = Fork::prove(&log(), &head(&before, 1), &head(&after, 2), evidence).unwrap();
    assert_eq!(third_party(&fork), Lie::Replaced { index: 5 });

    let evidence = Evidence::Leaves {
        index: 5,
        first: kept.clone(),
        second: kept,
    };
    let head = head(&before, 1);
    assert_eq!(
        Fork::prove(&log(), &head, &head, evidence),
        Err(NotProven::NoContradiction)
    );
}

/// Whatever is changed in a proof, nobody else is accused, and what is still proven is the same lie.
#[test]
fn changed_texts_prove_nothing_else() {
    let (all, stored) = rewritten(33);
    let evidence = Evidence::Consistency(consistency::prove(&stored, 20, 33).unwrap());
    let fork = Fork::prove(&log(), &head(&leaves(0, 20), 1), &head(&all, 2), evidence).unwrap();
    let text = fork.to_string();
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] ^= 1;
        if let Ok(Ok(read)) = String::from_utf8(changed).map(|text| Fork::read(&text, &log())) {
            assert_eq!(read.lie(), fork.lie(), "byte {at}");
        }
    }
    for (number, _) in text.lines().enumerate() {
        let without: Vec<&str> = text
            .lines()
            .enumerate()
            .filter(|(at, _)| *at != number)
            .map(|(_, line)| line)
            .collect();
        if let Ok(read) = Fork::read(&without.join("\n"), &log()) {
            assert_eq!(read.lie(), fork.lie(), "line {number}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// No pair of heads of a log that only grew, with any proof it may ever have given, accuses it.
    #[test]
    fn an_honest_log_cannot_be_accused(
        new in 1usize..200, old in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()
    ) {
        let all = leaves(0, new);
        let (_, stored) = grown(&all, 64);
        let (old, at) = (old.index(new) + 1, at.index(new));
        let other = other.index(new);
        let (old_head, new_head) = (head(&all[..old], 10), head(&all, 11));
        let path = |index: usize, size: usize| inclusion::prove(&stored, index as u64, size as u64).unwrap_or_default();
        let accusations = [
            Evidence::Heads,
            Evidence::Times,
            Evidence::Consistency(consistency::prove(&stored, old as u64, new as u64).unwrap()),
            Evidence::Consistency(path(at, new)),
            Evidence::LastLeaf { leaf: all[old - 1], path: path(old - 1, new) },
            Evidence::LastLeaf { leaf: all[at], path: path(at, new) },
            Evidence::Leaves { index: at as u64, first: (all[at], path(at, old)), second: (all[at], path(at, new)) },
            Evidence::Leaves { index: at as u64, first: (all[at], path(at, old)), second: (all[other], path(other, new)) },
        ];
        for evidence in accusations {
            for (one, two) in [(&old_head, &new_head), (&new_head, &old_head)] {
                prop_assert!(Fork::prove(&log(), one, two, evidence.clone()).is_err(), "{:?}", evidence);
            }
        }
    }
}
