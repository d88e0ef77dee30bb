//! A memory of which object keys may be there, so that a new object costs no read of the large index. Invariant: a key that is
//! there is never denied; of those that are not, about one in a hundred is not denied.

/// A Bloom filter that learns the keys of the database in portions, in their order.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    bits: Vec<u64>,
    keys: usize,
    /// Keys below this are learned; above it the filter denies nothing. `None` once all are.
    learned: Option<i64>,
    begun: bool,
}

/// Bits for each key, of which it sets [`MARKS`].
const BITS: usize = 12;
const MARKS: u32 = 6;
/// 4 MiB at most: enough for 2.8 million objects at full strength, and of some use for ten times as many.
const MOST_WORDS: usize = 1 << 19;

impl Filter {
    /// Whether it must still be taught, and from which key on.
    pub(crate) fn wants(&self) -> Option<i64> {
        if self.begun {
            self.learned
        } else {
            Some(i64::MIN)
        }
    }

    /// Begins, with room for so many keys and half as many again.
    pub(crate) fn begin(&mut self, keys: usize) {
        let words = (keys * 3 / 2 * BITS / 64)
            .next_power_of_two()
            .clamp(1 << 14, MOST_WORDS);
        *self = Self {
            bits: vec![0; words],
            keys: 0,
            learned: Some(i64::MIN),
            begun: true,
        };
    }

    /// All keys below `to` were added; `None`: all there are.
    pub(crate) fn learned(&mut self, to: Option<i64>) {
        self.learned = to;
    }

    /// Remembers a key.
    pub(crate) fn add(&mut self, key: i64) {
        if self.bits.is_empty() {
            return;
        }
        self.keys += 1;
        for mark in 0..MARKS {
            let (word, bit) = self.place(key, mark);
            if let Some(word) = self.bits.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Whether the key is certainly not there.
    pub(crate) fn denies(&self, key: i64) -> bool {
        let known = self.begun && self.learned.is_none_or(|to| key < to);
        known
            && (0..MARKS).any(|mark| {
                let (word, bit) = self.place(key, mark);
                self.bits.get(word).is_some_and(|word| word & bit == 0)
            })
    }

    /// Whether it holds so many keys that a larger one would do better.
    pub(crate) fn is_full(&self) -> bool {
        self.bits.len() < MOST_WORDS && self.keys * BITS > self.bits.len() * 64
    }

    /// All marks of a key fall into eight neighboring words, which is one line of the processor's cache.
    fn place(&self, key: i64, mark: u32) -> (usize, u64) {
        // The key is a hash already; the multiplication spreads its 48 bits over 64.
        let spread = key.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let line =
            usize::try_from(spread >> 40).unwrap_or(0) & (self.bits.len() / 8).saturating_sub(1);
        let choice = spread
            .rotate_left(mark * 9 + 1)
            .wrapping_mul(0xd6e8_feb8_6659_fd93)
            >> 55;
        (
            line * 8 + usize::try_from(choice >> 6).unwrap_or(0),
            1 << (choice & 63),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u64) -> i64 {
        // Any well spread 48 bits.
        (n.wrapping_mul(0x2545_f491_4f6c_dd1d)
            .rotate_left(23)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            >> 16)
            .cast_signed()
    }

    #[test]
    fn it_denies_most_that_are_not_there_and_none_that_are() {
        for count in [0, 1_000, 100_000, 300_000] {
            let mut filter = Filter::default();
            assert!(!filter.denies(key(1)), "it knows nothing yet");
            filter.begin(count as usize);
            (0..count).for_each(|n| filter.add(key(n)));
            filter.learned(None);
            assert!((0..count).all(|n| !filter.denies(key(n))), "{count}");
            let wrong = (count..count + 100_000)
                .filter(|n| !filter.denies(key(*n)))
                .count();
            assert!(wrong < 2_000, "{wrong} in 100,000 of {count}");
        }
    }

    #[test]
    fn above_what_it_learned_it_denies_nothing() {
        let mut filter = Filter::default();
        filter.begin(10);
        filter.learned(Some(1_000));
        assert!(filter.denies(999));
        assert!(!filter.denies(1_000));
    }
}
