//! A mark for each of some records: one bit each.

/// See the module.
#[derive(Default)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    /// Marks a record; says whether it was not marked before.
    pub(super) fn put(&mut self, recno: i64) -> bool {
        let Ok(at) = usize::try_from(recno) else {
            return false;
        };
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        let Some(word) = self.0.get_mut(at / 64) else {
            return false;
        };
        let (before, bit) = (*word, 1 << (at % 64));
        *word |= bit;
        before & bit == 0
    }

    /// Whether it is marked.
    pub(super) fn has(&self, recno: i64) -> bool {
        let word = usize::try_from(recno)
            .ok()
            .and_then(|at| Some((self.0.get(at / 64)?, at % 64)));
        word.is_some_and(|(word, bit)| word & 1 << bit != 0)
    }
}
