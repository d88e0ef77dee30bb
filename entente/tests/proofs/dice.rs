//! Chance that can be had again: a seed is printed at the start of each proof, and taken from `PROOF_SEED` where it is set.

use std::hash::{BuildHasher, Hasher, RandomState};

/// xorshift64*.
pub(crate) struct Dice(u64);

impl Dice {
    /// Chance for the proof of this name.
    pub(crate) fn new(proof: &str) -> Self {
        let seed = setting("PROOF_SEED")
            .unwrap_or_else(|| RandomState::new().build_hasher().finish() >> 16);
        println!("{proof}: PROOF_SEED={seed}");
        Self::of(seed)
    }

    /// Chance from a seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides.max(1)
    }

    /// A number below `most`, small ones as likely as large ones.
    pub(crate) fn any_size(&mut self, most: u64) -> u64 {
        let bits = 1 + self.roll(u64::from(most.max(2).ilog2()));
        self.roll(1 << bits).min(most)
    }
}

/// A number from the environment: how long a proof runs, or its seed.
pub(crate) fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
    )
}
