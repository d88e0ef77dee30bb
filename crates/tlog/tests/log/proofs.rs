//! Every proof of small trees is the one of the definition and verifies; no changed proof does.

use crate::reference::{Definition, grown, leaves};
use proptest::prelude::*;
use tlog::{Hash, ProofError, Tree, consistency, inclusion};

#[test]
fn inclusion_of_every_leaf_up_to_300() {
    let leaves = leaves(0, 300);
    let definition = Definition::new(leaves.clone());
    let (_, stored) = grown(&leaves, 300);
    for size in 1..=300 {
        let root = definition.root(0, size);
        for index in 0..size {
            // Proofs for any earlier size come from the tiles of the grown tree.
            let path = inclusion::prove(&stored, index as u64, size as u64).unwrap();
            assert_eq!(
                path,
                definition.path(index, 0, size),
                "leaf {index} of {size}"
            );
            let (index, size) = (index as u64, size as u64);
            let leaf = &leaves[index as usize];
            assert_eq!(inclusion::verify(leaf, index, size, &path, &root), Ok(()));
        }
    }
}

#[test]
fn consistency_of_every_pair_up_to_130() {
    let leaves = leaves(0, 130);
    let definition = Definition::new(leaves.clone());
    let (_, stored) = grown(&leaves, 7);
    for new in 0..=130 {
        for old in 0..=new {
            let path = consistency::prove(&stored, old as u64, new as u64).unwrap();
            if old > 0 {
                assert_eq!(
                    path,
                    definition.subproof(old, 0, new, true),
                    "{old} to {new}"
                );
            }
            let roots = (definition.root(0, old), definition.root(0, new));
            let result = consistency::verify(old as u64, &roots.0, new as u64, &roots.1, &path);
            assert_eq!(result, Ok(()), "{old} to {new}");
        }
    }
}

#[test]
fn what_lies_beyond_the_tree_is_refused() {
    let leaves = leaves(0, 5);
    let (tree, stored) = grown(&leaves, 5);
    assert!(inclusion::prove(&stored, 5, 5).is_err());
    assert!(inclusion::prove(&stored, 0, 6).is_err());
    assert!(inclusion::prove(&stored, 0, 0).is_err());
    assert!(consistency::prove(&stored, 6, 5).is_err());
    assert!(consistency::prove(&stored, 3, 600).is_err());
    let (leaf, root) = (&leaves[0], &tree.root());
    assert_eq!(
        inclusion::verify(leaf, 0, 0, &[], root),
        Err(ProofError::OutOfRange)
    );
    assert_eq!(
        inclusion::verify(leaf, u64::MAX, 5, &[], root),
        Err(ProofError::OutOfRange)
    );
    assert_eq!(
        inclusion::verify(leaf, 0, u64::MAX, &[*leaf; 64], root),
        Err(ProofError::RootDiffers)
    );
    assert_eq!(
        consistency::verify(6, root, 5, root, &[]),
        Err(ProofError::OutOfRange)
    );
    // The empty tree is the beginning of every tree, and has one root.
    assert_eq!(consistency::verify(0, &Hash::empty(), 5, root, &[]), Ok(()));
    assert_eq!(
        consistency::verify(0, leaf, 5, root, &[]),
        Err(ProofError::OldRootDiffers)
    );
    assert_eq!(
        consistency::verify(0, &Hash::empty(), 5, root, &[*leaf]),
        Err(ProofError::PathTooLong)
    );
    assert_eq!(
        consistency::verify(5, leaf, 5, root, &[]),
        Err(ProofError::OldRootDiffers)
    );
}

/// One claim of inclusion.
#[derive(Debug, Clone, PartialEq)]
struct Claim {
    leaf: Hash,
    index: u64,
    size: u64,
    path: Vec<Hash>,
    root: Hash,
}

/// Every small change of a path, including all of its single bits.
fn changed(path: &[Hash]) -> Vec<Vec<Hash>> {
    let mut changed = Vec::new();
    for at in 0..path.len() {
        for bit in 0..256 {
            let mut bytes = *path[at].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let mut path = path.to_vec();
            path[at] = bytes.into();
            changed.push(path);
        }
        let mut shorter = path.to_vec();
        shorter.remove(at);
        changed.push(shorter);
        for other in 0..at {
            let mut swapped = path.to_vec();
            swapped.swap(at, other);
            changed.push(swapped);
        }
    }
    for at in 0..=path.len() {
        for hash in path.iter().copied().chain([Hash::empty()]) {
            let mut longer = path.to_vec();
            longer.insert(at, hash);
            changed.push(longer);
        }
    }
    changed.retain(|other| other != path);
    changed
}

/// Changed claims of inclusion that `verify` takes.
fn taken(verify: impl Fn(&Claim) -> bool) -> Vec<Claim> {
    let leaves = leaves(0, 20);
    let definition = Definition::new(leaves.clone());
    let mut taken = Vec::new();
    for size in 1..=20 {
        for index in 0..size {
            let claim = Claim {
                leaf: leaves[index],
                index: index as u64,
                size: size as u64,
                path: definition.path(index, 0, size),
                root: definition.root(0, size),
            };
            assert!(verify(&claim), "the true claim is taken");
            let paths = changed(&claim.path).into_iter().map(|path| Claim {
                path,
                ..claim.clone()
            });
            let indexes = (0..40)
                .filter(|other| *other != claim.index)
                .map(|index| Claim {
                    index,
                    ..claim.clone()
                });
            let others = leaves.iter().filter(|leaf| **leaf != claim.leaf);
            let replaced = others.map(|leaf| Claim {
                leaf: *leaf,
                ..claim.clone()
            });
            let root = Claim {
                root: Hash::empty(),
                ..claim.clone()
            };
            let all = paths.chain(indexes).chain(replaced).chain([root]);
            taken.extend(all.filter(|changed| verify(changed)));
        }
    }
    taken
}

fn verify_inclusion(claim: &Claim) -> bool {
    inclusion::verify(
        &claim.leaf,
        claim.index,
        claim.size,
        &claim.path,
        &claim.root,
    )
    .is_ok()
}

#[test]
fn no_changed_inclusion_proof_verifies() {
    assert_eq!(taken(verify_inclusion), []);
}

/// The search for changed proofs finds the mistakes that verifiers are known for.
#[test]
fn planted_verifiers_are_caught() {
    let climb = |claim: &Claim, whole_path: bool| {
        let (mut node, mut last) = (claim.index, claim.size - 1);
        let mut hash = claim.leaf;
        for sibling in &claim.path {
            if last == 0 {
                return !whole_path && hash == claim.root;
            }
            if node & 1 == 1 || node == last {
                hash = Hash::node(sibling, &hash);
                while node & 1 == 0 && node != 0 {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Hash::node(&hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        hash == claim.root && last == 0
    };
    let inside = |claim: &Claim| claim.index < claim.size;
    assert_eq!(taken(|claim| climb(claim, true) && inside(claim)), []);
    assert_ne!(
        taken(|claim| climb(claim, false) && inside(claim)),
        [],
        "takes a longer path"
    );
    assert_ne!(
        taken(|claim| climb(claim, true)),
        [],
        "takes an index beyond the tree"
    );
}

#[test]
fn no_changed_consistency_proof_verifies() {
    let leaves = leaves(0, 20);
    let definition = Definition::new(leaves);
    for new in 1..=20u64 {
        for old in 1..=new {
            let path = definition.subproof(old as usize, 0, new as usize, true);
            let roots = (
                definition.root(0, old as usize),
                definition.root(0, new as usize),
            );
            for path in changed(&path) {
                assert!(
                    consistency::verify(old, &roots.0, new, &roots.1, &path).is_err(),
                    "{old} to {new}"
                );
            }
            for other in (1..=40).filter(|other| *other != old) {
                let result = consistency::verify(other, &roots.0, new, &roots.1, &path);
                assert!(result.is_err(), "{old} taken for {other} to {new}");
            }
            let empty = Hash::empty();
            assert!(consistency::verify(old, &empty, new, &roots.1, &path).is_err());
            assert!(consistency::verify(old, &roots.0, new, &empty, &path).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the leaves are batched, tree and tiles are the same, and a stored tree continues as if never stopped.
    #[test]
    fn batches_and_restarts_do_not_matter(count in 0usize..3000, batch in 1usize..700, stop in 0usize..3000) {
        let leaves = leaves(1, count);
        let (whole, tiles) = grown(&leaves, count.max(1));
        let (again, same) = grown(&leaves, batch);
        prop_assert_eq!(&whole, &again);
        prop_assert_eq!(&tiles.0, &same.0);

        let (before, after) = leaves.split_at(stop.min(count));
        let (stopped, mut stored) = grown(before, batch);
        let mut continued = Tree::load(before.len() as u64, &stored).unwrap();
        prop_assert_eq!(&continued, &stopped);
        stored.write(continued.append(after.iter().copied()));
        prop_assert_eq!(continued.root(), whole.root());
        prop_assert_eq!(stored.0, tiles.0);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn proofs_of_larger_trees(count in 1usize..70_000, index in any::<prop::sample::Index>(), old in any::<prop::sample::Index>()) {
        let leaves = leaves(2, count);
        let (tree, stored) = grown(&leaves, 5000);
        let (index, old, size) = (index.index(count) as u64, old.index(count) as u64 + 1, count as u64);
        let path = inclusion::prove(&stored, index, size).unwrap();
        prop_assert_eq!(inclusion::verify(&leaves[index as usize], index, size, &path, &tree.root()), Ok(()));
        let path = consistency::prove(&stored, old, size).unwrap();
        let old_root = Tree::load(old, &stored).unwrap().root();
        prop_assert_eq!(consistency::verify(old, &old_root, size, &tree.root(), &path), Ok(()));
    }
}
