//! From text to tokens. Invariant: every token knows where it begins, and no token is empty.

use super::{Literal, PatternError};
use crate::timestamp::Timestamp;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A keyword, type or property name.
    Name(String),
    Literal(Literal),
    /// One of `[ ] ( ) : . , * = != > < >= <=`
    Sign(&'static str),
}

/// Reads tokens one by one, so that a long text costs no memory.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

/// Longer ones first; the second is how the first is written here.
const SIGNS: [(&str, &str); 16] = [
    ("==", "="),
    ("!=", "!="),
    ("<>", "!="),
    (">=", ">="),
    ("<=", "<="),
    ("=", "="),
    (">", ">"),
    ("<", "<"),
    ("[", "["),
    ("]", "]"),
    ("(", "("),
    (")", ")"),
    (":", ":"),
    (".", "."),
    (",", ","),
    ("*", "*"),
];

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token and where it begins; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Token)>, PatternError> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        if self.rest().is_empty() {
            return Ok(None);
        }
        let start = self.at;
        Ok(Some((start, self.token()?)))
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn error(&self, message: &str) -> PatternError {
        PatternError {
            at: self.at,
            message: message.to_owned(),
        }
    }

    fn token(&mut self) -> Result<Token, PatternError> {
        let rest = self.rest().as_bytes();
        match rest {
            [b'\'', ..] => Ok(Token::Literal(Literal::Text(self.quoted(0)?))),
            [kind @ (b't' | b'b' | b'h'), b'\'', ..] => {
                let kind = *kind;
                self.special(kind)
            }
            [b'0'..=b'9', ..]
            | [b'+' | b'-' | b'.', b'0'..=b'9', ..]
            | [b'+' | b'-', b'.', b'0'..=b'9', ..] => self.number(),
            [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => {
                let length = rest
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
                    .count();
                let name = self.rest()[..length].to_owned();
                self.at += length;
                Ok(match &*name {
                    "true" => Token::Literal(Literal::Boolean(true)),
                    "false" => Token::Literal(Literal::Boolean(false)),
                    _ => Token::Name(name),
                })
            }
            _ => {
                let sign = SIGNS.iter().find(|(sign, _)| self.rest().starts_with(sign));
                let (sign, meaning) = sign.ok_or_else(|| self.error("unexpected character"))?;
                self.at += sign.len();
                Ok(Token::Sign(meaning))
            }
        }
    }

    /// The text between quotes; the opening one stands `before` bytes further on. `\'` and `\\` are the only escapes (§9.3).
    fn quoted(&mut self, before: usize) -> Result<String, PatternError> {
        let mut content = String::new();
        let mut chars = self.rest()[before + 1..].char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' => {
                    self.at += before + 1 + at + 1;
                    return Ok(content);
                }
                '\\' => match chars.next() {
                    Some((_, escaped @ ('\'' | '\\'))) => content.push(escaped),
                    _ => return Err(self.error("only \\' and \\\\ may be escaped in a text")),
                },
                _ => content.push(c),
            }
        }
        Err(self.error("a text without its closing quote"))
    }

    fn special(&mut self, kind: u8) -> Result<Token, PatternError> {
        let start = self.at;
        let content = self.quoted(1)?;
        let wrong = |message: &str| {
            Err(PatternError {
                at: start,
                message: message.to_owned(),
            })
        };
        Ok(Token::Literal(match kind {
            b't' => match Timestamp::parse(&content) {
                Ok(time) => Literal::Time(time),
                Err(error) => return wrong(&error.to_string()),
            },
            b'b' if is_base64(&content) => Literal::Binary(content),
            b'b' => return wrong("not base64"),
            _ if content.len() % 2 == 0 && content.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Literal::Hex(content)
            }
            _ => return wrong("not an even number of hexadecimal digits"),
        }))
    }

    fn number(&mut self) -> Result<Token, PatternError> {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| {
            bytes[from..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count()
        };
        let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        let mut end = sign + digits(sign);
        let float = bytes.get(end) == Some(&b'.') && digits(end + 1) > 0;
        if float {
            end += 1 + digits(end + 1);
        }
        let text = &self.rest()[..end];
        let literal = if float {
            text.parse().ok().map(Literal::Float)
        } else {
            text.parse().ok().map(Literal::Integer)
        };
        let literal = literal.ok_or_else(|| self.error("a number out of range"))?;
        self.at += end;
        Ok(Token::Literal(literal))
    }
}

fn is_base64(text: &str) -> bool {
    let content = text.trim_end_matches('=');
    text.len() - content.len() <= 2
        && text.len().is_multiple_of(4)
        && content
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}
