//! STIX patterns (STIX 2.1 §9). Invariant: writing a pattern and reading it again gives the same pattern.

mod lexer;
mod parser;
mod write;

use std::fmt;

use crate::timestamp::Timestamp;

/// A pattern that has been read.
///
/// ```
/// use stix::pattern::{Literal, Pattern};
/// let pattern = Pattern::parse("[ipv4-addr:value = '198.51.100.3' OR url:value LIKE '%/a'] REPEATS 5 TIMES")?;
/// let observable = &pattern.observables()[0];
/// assert_eq!((observable.object_type, observable.path.as_str()), ("ipv4-addr", "value"));
/// assert_eq!(observable.value, &Literal::Text("198.51.100.3".into()));
/// # Ok::<(), stix::pattern::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// What is to be observed.
    pub expression: Observation,
}

/// An observation expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// `[...]`: one observation that fits.
    One(Comparison),
    /// Two or more that must all be seen, in any order.
    And(Vec<Observation>),
    /// Two or more of which one must be seen.
    Or(Vec<Observation>),
    /// Two or more that must be seen one after the other.
    FollowedBy(Vec<Observation>),
    /// An observation under qualifiers, innermost first.
    Qualified(Box<Observation>, Vec<Qualifier>),
}

/// What qualifies an observation expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Qualifier {
    /// `WITHIN n SECONDS`.
    Within(f64),
    /// `REPEATS n TIMES`.
    Repeats(u64),
    /// `START t'..' STOP t'..'`.
    During {
        /// The first instant.
        start: Timestamp,
        /// The end, which does not belong to it.
        stop: Timestamp,
    },
}

/// A comparison expression, inside the brackets.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// Two or more that must all hold.
    And(Vec<Comparison>),
    /// Two or more of which one must hold.
    Or(Vec<Comparison>),
    /// One test of one property.
    Test(Test),
}

/// One test of one property.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The property.
    pub path: Path,
    /// Whether `NOT` stands before the operator.
    pub negated: bool,
    /// The operator.
    pub operator: Operator,
    /// What the property is compared with: any number for `IN`, none for `EXISTS`, else one.
    pub values: Vec<Literal>,
}

/// Where a property lies, such as `file:hashes.'SHA-256'`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The type of the object.
    pub object_type: String,
    /// The way from there; never empty, and begins with a property.
    pub steps: Vec<PathStep>,
}

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq)]
pub enum PathStep {
    /// A property or key.
    Property(String),
    /// An element of a list, from 0; negative ones count from its end.
    Index(i64),
    /// `[*]`: any element of a list.
    Any,
}

/// How a property is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the standard")]
pub enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    In,
    Like,
    Matches,
    IsSubset,
    IsSuperset,
    Exists,
}

/// A constant in a pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `'text'`
    Text(String),
    /// `17`
    Integer(i64),
    /// `1.5`
    Float(f64),
    /// `true`
    Boolean(bool),
    /// `t'2024-05-01T12:00:00Z'`
    Time(Timestamp),
    /// `b'aGVsbG8='`, in base64
    Binary(String),
    /// `h'ff00'`
    Hex(String),
}

/// One value that a pattern looks for by `=` or `IN`, not negated.
#[derive(Clone, Debug, PartialEq)]
pub struct Observable<'p> {
    /// The type of the object, such as `file`.
    pub object_type: &'p str,
    /// The path to the property, such as `hashes.'SHA-256'`.
    pub path: String,
    /// The value.
    pub value: &'p Literal,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// Where, in bytes from the beginning.
    pub at: usize,
    /// What was expected there.
    pub message: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} of the pattern", self.message, self.at)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Reads a pattern of STIX 2.1, or of 2.0, whose `START` and `STOP` have plain texts.
    ///
    /// # Errors
    /// The first place where the text is no pattern, or where it nests more than 64 parentheses.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        parser::parse(text)
    }

    /// Every test, in the order of the text.
    #[must_use]
    pub fn tests(&self) -> Vec<&Test> {
        let mut found = Vec::new();
        in_observation(&self.expression, &mut found);
        found
    }

    /// Every value that the pattern looks for by `=` or `IN`.
    #[must_use]
    pub fn observables(&self) -> Vec<Observable<'_>> {
        let sought =
            |test: &&Test| !test.negated && matches!(test.operator, Operator::Equal | Operator::In);
        let mut found = Vec::new();
        for Test { path, values, .. } in self.tests().into_iter().filter(sought) {
            let steps = write::steps(&path.steps);
            let observable = |value| Observable {
                object_type: &path.object_type,
                path: steps.clone(),
                value,
            };
            found.extend(values.iter().map(observable));
        }
        found
    }
}

fn in_observation<'p>(observation: &'p Observation, found: &mut Vec<&'p Test>) {
    match observation {
        Observation::One(comparison) => in_comparison(comparison, found),
        Observation::And(parts) | Observation::Or(parts) | Observation::FollowedBy(parts) => {
            parts.iter().for_each(|part| in_observation(part, found));
        }
        Observation::Qualified(inner, _) => in_observation(inner, found),
    }
}

fn in_comparison<'p>(comparison: &'p Comparison, found: &mut Vec<&'p Test>) {
    match comparison {
        Comparison::And(parts) | Comparison::Or(parts) => {
            parts.iter().for_each(|part| in_comparison(part, found))
        }
        Comparison::Test(test) => found.push(test),
    }
}
