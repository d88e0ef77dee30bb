//! What the desk itself remarks on what it read: in English in the record, in the reader's words on a page. Invariant: what is written is
//! read back; any other remark stands as it was made.

use std::fmt;

/// A remark of the desk's own; dates are as the record has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark<'a> {
    /// A text is dated before the session that it tells of.
    Early {
        /// When it was published.
        published: &'a str,
        /// When the session began, as it says.
        start: &'a str,
    },
    /// A text dates its session otherwise than what was known of it.
    Apart {
        /// As the text has it.
        is: &'a str,
        /// As it was known.
        was: &'a str,
    },
    /// No text says when a session was held.
    Undated,
}

const UNDATED: &str = "The text does not say when it was held.";

impl fmt::Display for Remark<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Early { published, start } => {
                write!(out, "published {published}, before the session of {start}")
            }
            Self::Apart { is, was } => write!(out, "dated {is} here, {was} in the session"),
            Self::Undated => out.write_str(UNDATED),
        }
    }
}

impl<'a> Remark<'a> {
    /// A remark of a record, where it is one of the desk's own.
    pub fn read(text: &'a str) -> Option<Self> {
        if text == UNDATED {
            return Some(Self::Undated);
        }
        let early = text.strip_prefix("published ");
        if let Some((published, start)) =
            early.and_then(|rest| rest.split_once(", before the session of "))
        {
            return Some(Self::Early { published, start });
        }
        let apart = text
            .strip_prefix("dated ")?
            .strip_suffix(" in the session")?;
        let (is, was) = apart.split_once(" here, ")?;
        Some(Self::Apart { is, was })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_nothing_else() {
        let all = [
            Remark::Early {
                published: "2014-11-05",
                start: "2014-12-05",
            },
            Remark::Apart {
                is: "2021-12-06",
                was: "2021-12~",
            },
            Remark::Undated,
        ];
        for remark in all {
            assert_eq!(Remark::read(&remark.to_string()), Some(remark));
        }
        for other in ["", "dated by hand", "published twice", "dated 2021 here"] {
            assert_eq!(Remark::read(other), None, "{other}");
        }
    }
}
