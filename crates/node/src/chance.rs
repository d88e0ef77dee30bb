//! Where randomness comes from: the only place that asks the operating system for it.
//!
//! Everything that needs chance (salts, gaps between positions, keys, one-time codes) takes a [`Random`], so
//! that a test can replay it from a seed.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng, TryRng};

/// A source of random bytes.
pub trait Random: Send {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);

    /// A number from `0` to `below - 1`; `0` when `below` is 0 or 1. The bias is below 2⁻³² for small ranges.
    fn below(&mut self, below: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes).checked_rem(below).unwrap_or(0)
    }

    /// Another source, seeded from this one: for a thread of its own.
    fn fork(&mut self) -> Box<dyn Random>;

    /// `N` random bytes.
    fn bytes<const N: usize>(&mut self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

impl<R: Random + ?Sized> Random for Box<R> {
    fn fill(&mut self, bytes: &mut [u8]) {
        (**self).fill(bytes);
    }

    fn fork(&mut self) -> Box<dyn Random> {
        (**self).fork()
    }
}

/// A cryptographic generator seeded by the operating system.
#[derive(Debug)]
pub struct SystemRandom(StdRng);

impl SystemRandom {
    /// Seeds a generator from the operating system; fails only where the system offers no randomness.
    pub fn new() -> anyhow::Result<Self> {
        let mut seed = [0; 32];
        rand::rngs::SysRng.try_fill_bytes(&mut seed)?;
        Ok(Self(StdRng::from_seed(seed)))
    }
}

impl Random for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    fn fork(&mut self) -> Box<dyn Random> {
        Box::new(Self(StdRng::from_rng(&mut self.0)))
    }
}

/// A generator that repeats itself from its seed: for tests and replayed histories, never for keys.
#[derive(Debug)]
pub struct SeededRandom(StdRng);

impl SeededRandom {
    /// Starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    fn fork(&mut self) -> Box<dyn Random> {
        Box::new(Self(StdRng::from_rng(&mut self.0)))
    }
}
