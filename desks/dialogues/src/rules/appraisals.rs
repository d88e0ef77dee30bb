//! How an appraisal may go out: first to the side that it judges, to others when that side has replied or had its time to. Invariant: no
//! appraisal reaches others before the side judged could speak, and that side is never left out.

use stix::Timestamp;

use crate::records::Appraisal;

/// To whom somebody wants it to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Whether the side judged is among them.
    pub side: bool,
    /// Whether anybody else is.
    pub others: bool,
}

/// Why it may not go yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Nobody is named.
    Nobody,
    /// The side judged gets it first, alone.
    SideFirst,
    /// The side judged is left out.
    SideLeftOut,
    /// That side has until then, in microseconds, to reply.
    Until(i64),
    /// The day until which it may reply is missing, or lies behind.
    NoTime,
}

/// Whether it may go. `reached` is whether the side judged has it, `replied` whether it replied, `by` the day until which it may reply
/// where it gets it now.
///
/// # Errors
/// Why not.
pub fn may_go(
    appraisal: &Appraisal,
    reached: bool,
    replied: bool,
    wanted: Wanted,
    by: Option<i64>,
    now: i64,
) -> Result<(), Wait> {
    if !wanted.side && !wanted.others {
        return Err(Wait::Nobody);
    }
    if !reached {
        return match by {
            _ if wanted.others || !wanted.side => Err(Wait::SideFirst),
            Some(by) if by > now => Ok(()),
            _ => Err(Wait::NoTime),
        };
    }
    if !wanted.side {
        return Err(Wait::SideLeftOut);
    }
    match until(appraisal) {
        _ if !wanted.others || replied => Ok(()),
        Some(until) if until <= now => Ok(()),
        Some(until) => Err(Wait::Until(until)),
        None => Err(Wait::SideFirst),
    }
}

/// Until when the side judged may reply before others get it.
pub fn until(appraisal: &Appraisal) -> Option<i64> {
    let by = appraisal.reply_by.as_deref()?;
    Some(Timestamp::parse(by).ok()?.micros())
}
