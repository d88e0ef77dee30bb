//! From tokens to a pattern, by recursive descent (grammar: STIX 2.1 §9, as OASIS published it for ANTLR). Invariant: depth is bounded.

use super::lexer::{Lexer, Token};
use super::{
    Comparison, Literal, Observation, Operator, Path, PathStep, Pattern, PatternError, Qualifier,
    Test,
};
use crate::timestamp::Timestamp;

/// Most parentheses open at once.
const DEPTH: usize = 64;

type Parsed<T> = Result<T, PatternError>;

pub(super) fn parse(text: &str) -> Parsed<Pattern> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        current: None,
        failed: None,
        depth: 0,
        end: text.len(),
    };
    parser.advance();
    let expression = parser.observations()?;
    match parser.peek() {
        None if parser.failed.is_none() => Ok(Pattern { expression }),
        _ => Err(parser.expected("an operator, a qualifier or the end")),
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    current: Option<(usize, Token)>,
    /// Why there is no current token, if not because of the end.
    failed: Option<PatternError>,
    depth: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.current.as_ref().map(|(_, token)| token)
    }

    fn advance(&mut self) {
        match self.lexer.next() {
            Ok(token) => self.current = token,
            Err(error) => {
                self.current = None;
                self.failed = Some(error);
            }
        }
    }

    /// Where the current token begins.
    fn at(&self) -> usize {
        self.current.as_ref().map_or(self.end, |(at, _)| *at)
    }

    fn expected(&self, what: &str) -> PatternError {
        self.failed.clone().unwrap_or_else(|| PatternError {
            at: self.at(),
            message: format!("expected {what}"),
        })
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        if found {
            self.advance();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(name)) if name == word);
        if found {
            self.advance();
        }
        found
    }

    fn sign(&mut self, sign: &str) -> Parsed<()> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.expected(sign))
        }
    }

    fn word(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.expected(word))
        }
    }

    fn literal(&mut self) -> Parsed<Literal> {
        match self.peek() {
            Some(Token::Literal(literal)) => {
                let literal = literal.clone();
                self.advance();
                Ok(literal)
            }
            _ => Err(self.expected("a constant, such as 'text' or 17")),
        }
    }

    /// `( inner )`, with bounded depth; the opening parenthesis is taken.
    fn parenthesized<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.expected("fewer parentheses inside each other"));
        }
        let found = inner(self)?;
        self.depth -= 1;
        self.sign(")")?;
        Ok(found)
    }

    /// One or more of `part`, with `word` between them.
    fn chain<T>(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Parsed<T>,
        join: fn(Vec<T>) -> T,
    ) -> Parsed<T> {
        let first = part(self)?;
        if !self.take_word(word) {
            return Ok(first);
        }
        let mut parts = vec![first];
        loop {
            parts.push(part(self)?);
            if !self.take_word(word) {
                return Ok(join(parts));
            }
        }
    }

    fn observations(&mut self) -> Parsed<Observation> {
        self.chain("FOLLOWEDBY", Self::observations_or, Observation::FollowedBy)
    }

    fn observations_or(&mut self) -> Parsed<Observation> {
        self.chain("OR", Self::observations_and, Observation::Or)
    }

    fn observations_and(&mut self) -> Parsed<Observation> {
        self.chain("AND", Self::observation, Observation::And)
    }

    fn observation(&mut self) -> Parsed<Observation> {
        let inner = if self.take_sign("[") {
            let comparison = self.comparison()?;
            self.sign("]")?;
            Observation::One(comparison)
        } else if self.take_sign("(") {
            self.parenthesized(Self::observations)?
        } else {
            return Err(self.expected("[ or ("));
        };
        let mut qualifiers = Vec::new();
        while let Some(qualifier) = self.qualifier()? {
            qualifiers.push(qualifier);
        }
        Ok(match inner {
            inner if qualifiers.is_empty() => inner,
            // ([a] WITHIN 5 SECONDS) REPEATS 2 TIMES
            Observation::Qualified(inner, mut inside) => {
                inside.append(&mut qualifiers);
                Observation::Qualified(inner, inside)
            }
            inner => Observation::Qualified(Box::new(inner), qualifiers),
        })
    }

    fn qualifier(&mut self) -> Parsed<Option<Qualifier>> {
        if self.take_word("WITHIN") {
            let seconds = match self.peek() {
                Some(Token::Literal(Literal::Integer(n))) if *n > 0 => *n as f64,
                Some(Token::Literal(Literal::Float(n))) if *n > 0.0 => *n,
                _ => return Err(self.expected("a positive number of seconds")),
            };
            self.advance();
            self.word("SECONDS")?;
            return Ok(Some(Qualifier::Within(seconds)));
        }
        if self.take_word("REPEATS") {
            let times = match self.peek() {
                Some(Token::Literal(Literal::Integer(n))) if *n > 0 => n.unsigned_abs(),
                _ => return Err(self.expected("a positive number of times")),
            };
            self.advance();
            self.word("TIMES")?;
            return Ok(Some(Qualifier::Repeats(times)));
        }
        if self.take_word("START") {
            let start = self.time()?;
            self.word("STOP")?;
            let stop = self.time()?;
            return Ok(Some(Qualifier::During { start, stop }));
        }
        Ok(None)
    }

    /// A timestamp; in STIX 2.0 it was a plain text.
    fn time(&mut self) -> Parsed<Timestamp> {
        let wrong = self.expected("a timestamp, such as t'2024-05-01T12:00:00Z'");
        match self.literal() {
            Ok(Literal::Time(time)) => Ok(time),
            Ok(Literal::Text(text)) => Timestamp::parse(&text).map_err(|_| wrong),
            _ => Err(wrong),
        }
    }

    fn comparison(&mut self) -> Parsed<Comparison> {
        self.chain("OR", Self::comparison_and, Comparison::Or)
    }

    fn comparison_and(&mut self) -> Parsed<Comparison> {
        self.chain("AND", Self::test, Comparison::And)
    }

    fn test(&mut self) -> Parsed<Comparison> {
        if self.take_sign("(") {
            return self.parenthesized(Self::comparison);
        }
        let before = self.take_word("NOT");
        if self.take_word("EXISTS") {
            let path = self.path()?;
            return Ok(Comparison::Test(Test {
                path,
                negated: before,
                operator: Operator::Exists,
                values: Vec::new(),
            }));
        }
        if before {
            return Err(self.expected("EXISTS"));
        }
        let path = self.path()?;
        let negated = self.take_word("NOT");
        let operator = self.operator()?;
        let start = self.at();
        let values = if operator == Operator::In {
            self.set()?
        } else {
            vec![self.literal()?]
        };
        let fits = |value: &Literal| match operator {
            Operator::Like | Operator::Matches | Operator::IsSubset | Operator::IsSuperset => {
                matches!(value, Literal::Text(_))
            }
            Operator::Greater
            | Operator::Less
            | Operator::GreaterOrEqual
            | Operator::LessOrEqual => !matches!(value, Literal::Boolean(_)),
            _ => true,
        };
        if !values.iter().all(fits) {
            let message = "expected another kind of constant after this operator".to_owned();
            return Err(PatternError { at: start, message });
        }
        Ok(Comparison::Test(Test {
            path,
            negated,
            operator,
            values,
        }))
    }

    fn operator(&mut self) -> Parsed<Operator> {
        const OPERATORS: [(&str, Operator); 11] = [
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            (">", Operator::Greater),
            ("<", Operator::Less),
            (">=", Operator::GreaterOrEqual),
            ("<=", Operator::LessOrEqual),
            ("IN", Operator::In),
            ("LIKE", Operator::Like),
            ("MATCHES", Operator::Matches),
            ("ISSUBSET", Operator::IsSubset),
            ("ISSUPERSET", Operator::IsSuperset),
        ];
        let written = match self.peek() {
            Some(Token::Sign(sign)) => Some(*sign),
            Some(Token::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        let found = OPERATORS
            .into_iter()
            .find(|(word, _)| Some(*word) == written);
        let (_, operator) = found.ok_or_else(|| self.expected("a comparison operator"))?;
        self.advance();
        Ok(operator)
    }

    fn set(&mut self) -> Parsed<Vec<Literal>> {
        self.sign("(")?;
        let mut values = Vec::new();
        if self.take_sign(")") {
            return Ok(values);
        }
        loop {
            values.push(self.literal()?);
            if !self.take_sign(",") {
                self.sign(")")?;
                return Ok(values);
            }
        }
    }

    fn path(&mut self) -> Parsed<Path> {
        let object_type = self.name("the type of an object")?;
        self.sign(":")?;
        let mut steps = vec![self.property()?];
        loop {
            if self.take_sign(".") {
                steps.push(self.property()?);
            } else if self.take_sign("[") {
                let step = match self.peek() {
                    Some(Token::Sign("*")) => PathStep::Any,
                    Some(Token::Literal(Literal::Integer(index))) => PathStep::Index(*index),
                    _ => return Err(self.expected("an index or *")),
                };
                self.advance();
                self.sign("]")?;
                steps.push(step);
            } else {
                return Ok(Path { object_type, steps });
            }
        }
    }

    fn property(&mut self) -> Parsed<PathStep> {
        let name = match self.peek() {
            Some(Token::Literal(Literal::Text(text))) => text.clone(),
            // The grammar allows hyphens in quotes only.
            Some(Token::Name(name)) if !name.contains('-') => name.clone(),
            Some(Token::Literal(Literal::Boolean(_))) | None | Some(_) => {
                return Err(self.expected("the name of a property"));
            }
        };
        self.advance();
        Ok(PathStep::Property(name))
    }

    fn name(&mut self, what: &str) -> Parsed<String> {
        match self.peek() {
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.advance();
                Ok(name)
            }
            _ => Err(self.expected(what)),
        }
    }
}
