//! What somebody has taken to finish it, which holds others up for a while: putting forward, confirming, taking in. Invariant: what was cut
//! short holds nobody up for longer than that, whatever the clock showed when it was begun.

/// After how long, in microseconds, what was cut short holds nobody up any more.
const CUT_SHORT: i64 = 600_000_000;

/// Whether what was taken at a time is still being done. A time ahead is by a clock that was set back since.
pub fn is_being_done(since: i64, now: i64) -> bool {
    (0..CUT_SHORT).contains(&now.saturating_sub(since))
}
