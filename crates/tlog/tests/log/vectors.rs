//! The vectors that the implementations of Certificate Transparency share (RFC 6962 and 9162 have the same tree).

use crate::reference::{Definition, Stored};
use tlog::{Hash, Tree, consistency, inclusion};

const DATA: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const A: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const B: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const C: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const D: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const E: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const F: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

fn hash(text: &str) -> Hash {
    Hash::from_slice(&hex::decode(text).unwrap()).unwrap()
}

fn leaves() -> Vec<Hash> {
    let data = DATA.iter().map(|data| hex::decode(data).unwrap());
    data.map(|data| Hash::leaf(&data)).collect()
}

fn tree(size: usize) -> (Tree, Stored) {
    crate::reference::grown(&leaves()[..size], 3)
}

#[test]
fn roots() {
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(tree(size).0.root(), hash(root), "{size} leaves");
        assert_eq!(Definition::new(leaves()).root(0, size), hash(root));
    }
}

#[test]
fn inclusion_paths() {
    let cases: [(u64, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (0, 8, &[A, B, C]),
        (5, 8, &[D, E, ROOTS[4]]),
        (2, 3, &[ROOTS[2]]),
        (1, 5, &[ROOTS[1], B, D]),
    ];
    for (index, size, expected) in cases {
        let path = inclusion::prove(tree(size).1, index, size as u64).unwrap();
        let expected: Vec<Hash> = expected.iter().map(|text| hash(text)).collect();
        assert_eq!(path, expected, "leaf {index} of {size}");
        let leaf = &leaves()[index as usize];
        inclusion::verify(leaf, index, size as u64, &path, &hash(ROOTS[size])).unwrap();
    }
}

#[test]
fn consistency_paths() {
    let cases: [(u64, usize, &[&str]); 4] = [
        (1, 1, &[]),
        (1, 8, &[A, B, C]),
        (6, 8, &[F, E, ROOTS[4]]),
        (2, 5, &[B, D]),
    ];
    for (old, new, expected) in cases {
        let path = consistency::prove(tree(new).1, old, new as u64).unwrap();
        let expected: Vec<Hash> = expected.iter().map(|text| hash(text)).collect();
        assert_eq!(path, expected, "{old} to {new}");
        let roots = (hash(ROOTS[old as usize]), hash(ROOTS[new]));
        consistency::verify(old, &roots.0, new as u64, &roots.1, &path).unwrap();
    }
}

/// The roots tell our tree from the trees that are usually written instead of it.
#[test]
fn planted_trees_are_caught() {
    type Step = fn(&Hash, &Hash) -> Hash;
    let doubled = |leaves: &[Hash], step: Step| {
        let mut row = leaves.to_vec();
        while row.len() > 1 {
            row = row
                .chunks(2)
                .map(|pair| step(&pair[0], pair.last().unwrap()))
                .collect();
        }
        row[0]
    };
    let promoted = |leaves: &[Hash], step: Step| {
        let mut row = leaves.to_vec();
        while row.len() > 1 {
            let pairs = row.chunks(2).map(|pair| match pair {
                [left, right] => step(left, right),
                _ => pair[0],
            });
            row = pairs.collect();
        }
        row[0]
    };
    let unmarked: Step = |left, right| {
        let both = [&left.as_bytes()[..], right.as_bytes()].concat();
        Hash::leaf(&both)
    };
    let caught = |plant: &dyn Fn(&[Hash]) -> Hash| {
        (1..=8).any(|size| plant(&leaves()[..size]) != hash(ROOTS[size]))
    };
    assert!(caught(&|leaves| doubled(leaves, Hash::node)));
    assert!(caught(&|leaves| promoted(leaves, unmarked)));
    // Promoting the odd one is right, and is not caught.
    assert!(!caught(&|leaves| promoted(leaves, Hash::node)));
}
