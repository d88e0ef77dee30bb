//! People who sign in: who they are, with what they prove it, and what they may do.
//!
//! Invariant: what somebody may do is read from the store inside the transaction that does it. An [`Actor`] says who asks; it does not
//! decide. Every change to people and every use of a right is a line of the audit trail.

mod actor;
mod cipher;
mod codes;
mod enrolment;
mod guesses;
mod inherited;
#[cfg(test)]
mod matrix;
mod once;
mod openid;
mod passkeys;
mod password;
mod register;
mod rights;
mod sessions;
mod sign_in;
#[cfg(test)]
pub(crate) mod tests;
mod throttle;
mod tokens;
mod totp;
mod trail;
pub(crate) mod vouched;

pub use actor::{Actor, Refused};
pub use enrolment::{Means, Secured};
pub(crate) use guesses::Guesses;
pub use guesses::{Patience, Try};
pub use once::{Once, OneTime};
pub use passkeys::{Ceremony, Site};
pub use password::{LONGEST_PASSWORD, SHORTEST_PASSWORD, Weak};
pub use register::{NewUser, State, User, UserChange};
pub use rights::{Right, Role, Roles};
pub use sessions::{Method, Opened, Session};
pub use sign_in::Shown;
pub use tokens::{NewToken, Scope, Token};
pub use totp::{TOTP_DIGITS, TOTP_SECONDS, TotpSecret};
pub(crate) use trail::trail_holds;
pub use trail::{TrailBreak, TrailLine, check_trail};
pub use vouched::PROOF;

pub(crate) use inherited::Inherited;
pub(crate) use passkeys::Ceremonies;
pub(crate) use throttle::Hashing;
