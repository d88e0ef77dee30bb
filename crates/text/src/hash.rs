//! Hash maps for tables that are fixed when the program is built: quick rather than hard to attack.
//! Invariant: only keys of our own data files are ever stored; texts only look up.

use std::hash::{BuildHasherDefault, Hasher};

/// A map from our own keys.
pub(crate) type Table<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Fnv>>;

/// FNV-1a over eight bytes at a time.
#[derive(Default)]
pub(crate) struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        // The map uses the upper bits; mix them.
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut hash = self.0 ^ 0xcbf2_9ce4_8422_2325;
        for chunk in bytes.chunks(8) {
            let mut word = 0u64;
            for b in chunk {
                word = word << 8 | u64::from(*b);
            }
            hash = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            hash ^= hash >> 32;
        }
        self.0 = hash;
    }
}
