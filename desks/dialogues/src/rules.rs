//! What follows from the records: pure functions over them, with time passed in. Invariant: a rule says what was recorded and what was
//! not; it counts, sorts and judges nobody.

pub mod accounts;
pub mod along;
pub mod announced;
pub mod appraisals;
pub mod attendance;
pub mod consent;
pub mod dates;
pub mod due;
pub mod observers;
pub mod place;
pub mod remarks;
pub mod repeated;
pub mod same;
pub mod scores;
pub mod silence;
pub mod speaking;
pub mod taken;
pub mod wording;
