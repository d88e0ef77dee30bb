//! From a pattern back to text, with as few parentheses as mean the same.

use std::fmt::{self, Display, Formatter, Write};

use super::{Comparison, Literal, Observation, Operator, PathStep, Pattern, Qualifier, Test};

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}

impl Display for Observation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(comparison) => write!(f, "[{comparison}]"),
            Self::And(parts) => join(f, parts, " AND ", |part| {
                !matches!(part, Self::One(_) | Self::Qualified(..))
            }),
            Self::Or(parts) => join(f, parts, " OR ", |part| {
                matches!(part, Self::Or(_) | Self::FollowedBy(_))
            }),
            Self::FollowedBy(parts) => join(f, parts, " FOLLOWEDBY ", |part| {
                matches!(part, Self::FollowedBy(_))
            }),
            Self::Qualified(inner, qualifiers) => {
                if matches!(**inner, Self::One(_)) {
                    inner.fmt(f)?;
                } else {
                    write!(f, "({inner})")?;
                }
                qualifiers
                    .iter()
                    .try_for_each(|qualifier| write!(f, " {qualifier}"))
            }
        }
    }
}

impl Display for Qualifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(seconds) => write!(f, "WITHIN {seconds} SECONDS"),
            Self::Repeats(times) => write!(f, "REPEATS {times} TIMES"),
            Self::During { start, stop } => write!(f, "START t'{start}' STOP t'{stop}'"),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => join(f, parts, " AND ", |part| !matches!(part, Self::Test(_))),
            Self::Or(parts) => join(f, parts, " OR ", |part| matches!(part, Self::Or(_))),
            Self::Test(test) => test.fmt(f),
        }
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = format!("{}:{}", self.path.object_type, steps(&self.path.steps));
        let not = if self.negated { "NOT " } else { "" };
        let operator = match self.operator {
            Operator::Exists => return write!(f, "{not}EXISTS {path}"),
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Greater => ">",
            Operator::Less => "<",
            Operator::GreaterOrEqual => ">=",
            Operator::LessOrEqual => "<=",
            Operator::In => "IN",
            Operator::Like => "LIKE",
            Operator::Matches => "MATCHES",
            Operator::IsSubset => "ISSUBSET",
            Operator::IsSuperset => "ISSUPERSET",
        };
        write!(f, "{path} {not}{operator} ")?;
        if self.operator == Operator::In {
            f.write_char('(')?;
        }
        for (index, value) in self.values.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            value.fmt(f)?;
        }
        if self.operator == Operator::In {
            f.write_char(')')?;
        }
        Ok(())
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Integer(number) => number.fmt(f),
            // A float keeps its point, so that it stays one.
            Self::Float(number) if number.fract() == 0.0 => write!(f, "{number:.1}"),
            Self::Float(number) => number.fmt(f),
            Self::Boolean(yes) => yes.fmt(f),
            Self::Time(time) => write!(f, "t'{time}'"),
            Self::Binary(base64) => write!(f, "b'{base64}'"),
            Self::Hex(digits) => write!(f, "h'{digits}'"),
        }
    }
}

fn join<T: Display>(
    f: &mut Formatter<'_>,
    parts: &[T],
    word: &str,
    needs_parentheses: fn(&T) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { word })?;
        if needs_parentheses(part) {
            write!(f, "({part})")?
        } else {
            part.fmt(f)?
        }
    }
    Ok(())
}

/// The way from an object to a property, such as `hashes.'SHA-256'` or `values[*].name`.
pub(super) fn steps(steps: &[PathStep]) -> String {
    let mut out = String::new();
    for (index, step) in steps.iter().enumerate() {
        match step {
            PathStep::Property(name) => {
                out.push_str(if index == 0 { "" } else { "." });
                let word = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                    && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && !matches!(name.as_str(), "true" | "false");
                if word {
                    out.push_str(name)
                } else {
                    out.push_str(&quoted(name))
                }
            }
            PathStep::Index(index) => out.push_str(&format!("[{index}]")),
            PathStep::Any => out.push_str("[*]"),
        }
    }
    out
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
