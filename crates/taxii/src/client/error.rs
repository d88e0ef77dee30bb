//! What can go wrong with a server, told apart by what one can do about it.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// Why a request brought nothing. Each variant says what to do; [`Error::retry`] says it to a program.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No connection: the network, the name, the proxy, or the server is down. Try again later.
    #[error("the server could not be reached: {0}")]
    Unreachable(String),
    /// Who answers is not who was introduced. Confirm the key with them by another way before changing the pin.
    #[error("the server's certificate is not the one that is trusted: {0}")]
    Untrusted(String),
    /// No answer, or one that drips too slowly. Try again later.
    #[error("{0}")]
    TooSlow(String),
    /// The answer is larger than [`Limits`](super::Limits) allows. Ask for smaller pages, or raise the limit.
    #[error("the answer is larger than {limit} bytes; ask for smaller pages")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Something answers that is not TAXII: a login page, a portal, a wrong address. Check the address.
    #[error("the answer is not TAXII but {found}; check the address")]
    NotTaxii {
        /// Its media type, or what it lacks.
        found: String,
    },
    /// The server wants other credentials, or more rights for these (401, 403).
    #[error("the server does not let us in: {0}; check the credentials and what they are allowed")]
    Denied(Refusal),
    /// There is no such thing, or none that we may see (404).
    #[error("the server says that there is nothing there: {0}")]
    Absent(Refusal),
    /// The server asks for patience (429, 503).
    #[error("the server is busy: {refusal}")]
    Busy {
        /// What it said.
        refusal: Refusal,
        /// When it wants to be asked again.
        after: Option<Duration>,
    },
    /// The server does not take the request as it is (other 4xx). Asking again changes nothing.
    #[error("the server refused the request: {0}")]
    Refused(Refusal),
    /// The server failed (5xx). Try again later; its operator can look up the error id.
    #[error("the server failed: {0}")]
    Failed(Refusal),
    /// The answer, or what we were asked to fetch, points to another server or out of TAXII. Nothing was sent there.
    #[error("{address} lies outside the configured server; configure that address if it is right")]
    Elsewhere {
        /// Where to.
        address: String,
    },
    /// The answer does not say what TAXII asks for. What could be read before was handed on.
    #[error("the answer could not be read: {0}")]
    Unreadable(String),
    /// The server goes on promising more without bringing anything. The cursor stays where it was.
    #[error("the server promises more and brings nothing new: {0}")]
    Stuck(String),
    /// One run brought as much as [`Limits`](super::Limits) allows. Go on from the cursor with the next run.
    #[error("one run brought {0}, which is as much as one run may; the next one goes on from here")]
    Enough(String),
}

/// Whether asking again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Yes: after this long, if the server said so; else by one's own back-off.
    Later(Option<Duration>),
    /// Not before somebody has changed something.
    AfterChange,
}

impl Error {
    /// Whether asking again may help.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Unreachable(_)
            | Self::TooSlow(_)
            | Self::Failed(_)
            | Self::Unreadable(_)
            | Self::Stuck(_) => Retry::Later(None),
            Self::Busy { after, .. } => Retry::Later(*after),
            Self::Enough(_) => Retry::Later(Some(Duration::ZERO)),
            Self::Untrusted(_)
            | Self::TooLarge { .. }
            | Self::NotTaxii { .. }
            | Self::Denied(_)
            | Self::Absent(_)
            | Self::Refused(_)
            | Self::Elsewhere { .. } => Retry::AfterChange,
        }
    }

    pub(super) fn unreadable(why: impl Into<String>) -> Self {
        Self::Unreadable(why.into())
    }
}

/// A server's refusal in its own words, cut to a length and cleaned of control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `error_id`.
    pub error_id: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        if let Some(title) = &self.title {
            write!(f, " \"{title}\"")?;
        }
        if let Some(description) = &self.description {
            write!(f, " ({description})")?;
        }
        if let Some(id) = &self.error_id {
            write!(f, " [error id {id}]")?;
        }
        Ok(())
    }
}
