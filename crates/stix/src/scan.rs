//! Reads one JSON value in one pass, without a tree. Invariant: every text that passes has a single meaning (RFC 7493) within the [`Limits`].
//!
//! The scanner owns two stacks that it reuses: the keys of the objects that are open, to find duplicates, and a buffer for
//! keys with escapes. Everything else stays in the input.

use std::borrow::Cow;
use std::ops::Range;

use crate::keys::Keys;
use crate::limits::Limits;
use crate::problem::{Problem, Rule, excerpt};

/// A fault found while scanning; the path grows from the inside out as the calls return.
#[derive(Debug)]
pub(crate) struct Fault {
    rule: Rule,
    message: Cow<'static, str>,
    at: usize,
    path: Vec<String>,
}

impl Fault {
    pub(crate) fn into_problem(self) -> Problem {
        let pointer = self
            .path
            .iter()
            .rev()
            .flat_map(|segment| ["/", segment])
            .collect::<String>();
        let message = match self.rule {
            Rule::Json | Rule::Encoding | Rule::Number => {
                format!("{} at byte {}", self.message, self.at)
            }
            _ => self.message.into_owned(),
        };
        Problem::new(pointer, self.rule, message)
    }
}

pub(crate) type Step<T = ()> = Result<T, Box<Fault>>;

/// A string in the input: where its content lies, between the quotes, and whether it holds escapes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) escaped: bool,
}

impl Text {
    /// The content of this string, which lies in `source`, without its escapes.
    pub(crate) fn unescape(self, source: &str) -> Cow<'_, str> {
        let content = &source[self.start..self.end];
        if self.escaped {
            Cow::Owned(unescape(content))
        } else {
            Cow::Borrowed(content)
        }
    }
}

pub(crate) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    keys: Keys,
    depth: usize,
    references: usize,
    max_depth: usize,
    max_references: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str, limits: &Limits) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            keys: Keys::default(),
            depth: 0,
            references: 0,
            max_depth: limits.depth.min(Limits::MAX_DEPTH),
            max_references: limits.references,
        }
    }

    /// References seen so far.
    pub(crate) fn references(&self) -> usize {
        self.references
    }

    /// Reads the whole input as one object and calls `on` with each of its keys and the place of its value.
    pub(crate) fn document(&mut self, mut on: impl FnMut(&str, Range<usize>)) -> Step {
        self.blanks();
        if self.peek() != Some(b'{') {
            return Err(self.fault(Rule::Container, "not a JSON object"));
        }
        self.object(&mut on)?;
        self.blanks();
        if self.pos < self.bytes.len() {
            Err(self.fault(Rule::Json, "text after the end of the object"))
        } else {
            Ok(())
        }
    }

    /// Reads the whole input as one value of any kind.
    pub(crate) fn any(&mut self) -> Step {
        self.blanks();
        self.value(false)?;
        self.blanks();
        if self.pos < self.bytes.len() {
            Err(self.fault(Rule::Json, "text after the end of the value"))
        } else {
            Ok(())
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    fn fault(&self, rule: Rule, message: &'static str) -> Box<Fault> {
        self.fault_at(rule, message, self.pos)
    }

    #[cold]
    fn fault_at(&self, rule: Rule, message: &'static str, at: usize) -> Box<Fault> {
        Box::new(Fault {
            rule,
            message: Cow::Borrowed(message),
            at,
            path: Vec::new(),
        })
    }

    fn blanks(&mut self) {
        self.pos = skip_blanks(self.bytes, self.pos);
    }

    fn enter(&mut self) -> Step {
        self.depth += 1;
        if self.depth > self.max_depth {
            Err(self.fault(Rule::Depth, "nested too deeply"))
        } else {
            Ok(())
        }
    }

    /// Reads an object; `pos` is at its `{`.
    fn object(&mut self, on: &mut impl FnMut(&str, Range<usize>)) -> Step {
        self.enter()?;
        self.pos += 1;
        let opened = self.keys.open();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.pos += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.fault(Rule::Json, "expected a key in double quotes"));
            }
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.fault(Rule::Json, "expected a colon after the key"));
            }
            self.pos += 1;
            self.blanks();
            let start = self.pos;
            let name = self.keys.push(self.text, key);
            let refers = name.ends_with("_ref") || name.ends_with("_refs");
            self.value(refers)
                .map_err(|fault| within(fault, &key.unescape(self.text)))?;
            on(self.keys.name(self.text, key), start..self.pos);
            self.blanks();
            match self.peek() {
                Some(b',') => self.pos += 1,
                Some(b'}') => break,
                _ => return Err(self.fault(Rule::Json, "expected a comma or a closing brace")),
            }
            self.blanks();
        }
        self.pos += 1;
        self.depth -= 1;
        match self.keys.close(self.text, opened) {
            None => Ok(()),
            Some(name) => {
                let mut fault = self.fault(Rule::DuplicateKey, "");
                fault.message =
                    format!("the key \"{}\" occurs more than once", excerpt(&name)).into();
                Err(within(fault, &name))
            }
        }
    }

    /// Reads a list; `pos` is at its `[`.
    fn list(&mut self, refers: bool) -> Step {
        self.enter()?;
        self.pos += 1;
        self.blanks();
        if self.peek() == Some(b']') {
            self.pos += 1;
            self.depth -= 1;
            return Ok(());
        }
        let mut index = 0_usize;
        loop {
            self.value(refers)
                .map_err(|fault| within(fault, &index.to_string()))?;
            index += 1;
            self.blanks();
            match self.peek() {
                Some(b',') => self.pos += 1,
                Some(b']') => break,
                _ => return Err(self.fault(Rule::Json, "expected a comma or a closing bracket")),
            }
            self.blanks();
        }
        self.pos += 1;
        self.depth -= 1;
        Ok(())
    }

    fn value(&mut self, refers: bool) -> Step {
        match self.peek() {
            Some(b'"') => {
                self.string()?;
                if refers {
                    self.references += 1;
                    if self.references > self.max_references {
                        return Err(
                            self.fault(Rule::References, "too many references in one object")
                        );
                    }
                }
                Ok(())
            }
            Some(b'{') => self.object(&mut |_, _| {}),
            Some(b'[') => self.list(refers),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(b'N' | b'I' | b'+') => {
                Err(self.fault(Rule::Number, "NaN and Infinity are no JSON numbers"))
            }
            Some(_) => Err(self.fault(Rule::Json, "expected a value")),
            None => Err(self.fault(Rule::Json, "the text ends too early")),
        }
    }

    fn word(&mut self, word: &[u8]) -> Step {
        if self.bytes[self.pos..].starts_with(word) {
            self.pos += word.len();
            Ok(())
        } else {
            Err(self.fault(Rule::Json, "expected a value"))
        }
    }

    fn digits(&mut self) -> Step {
        let start = self.pos;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.pos += 1;
        }
        if self.pos == start {
            Err(self.fault(Rule::Json, "expected a digit"))
        } else {
            Ok(())
        }
    }

    fn number(&mut self) -> Step {
        let start = self.pos;
        if self.peek() == Some(b'-') {
            self.pos += 1;
            if self.peek() == Some(b'I') {
                return Err(self.fault(Rule::Number, "NaN and Infinity are no JSON numbers"));
            }
        }
        if self.peek() == Some(b'0') {
            self.pos += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits()?;
        }
        let mut large = self.pos - start > 300;
        if matches!(self.peek(), Some(b'e' | b'E')) {
            large = true;
            self.pos += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.pos += 1;
            }
            self.digits()?;
        }
        if large
            && !self.text[start..self.pos]
                .parse::<f64>()
                .is_ok_and(f64::is_finite)
        {
            return Err(self.fault_at(Rule::Number, "a number beyond what a double holds", start));
        }
        Ok(())
    }

    /// Reads a string; `pos` is at its opening quote.
    fn string(&mut self) -> Step<Text> {
        let start = self.pos + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            at = skip_plain(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.pos = at + 1;
                    return Ok(Text {
                        start,
                        end: at,
                        escaped,
                    });
                }
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at)?;
                }
                Some(_) => {
                    return Err(self.fault_at(
                        Rule::Json,
                        "a control character in a string; write it as an escape",
                        at,
                    ));
                }
                None => {
                    return Err(self.fault_at(
                        Rule::Json,
                        "a string without its closing quote",
                        start - 1,
                    ));
                }
            }
        }
    }

    /// Checks the escape whose backslash is at `at` and returns where the text goes on.
    fn escape(&self, at: usize) -> Step<usize> {
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => match self.unit(at) {
                Some(0xd800..=0xdbff) => match self.unit(at + 6) {
                    Some(0xdc00..=0xdfff) => Ok(at + 12),
                    _ => Err(self.fault_at(Rule::Encoding, "half of a surrogate pair", at)),
                },
                Some(0xdc00..=0xdfff) => {
                    Err(self.fault_at(Rule::Encoding, "half of a surrogate pair", at))
                }
                Some(_) => Ok(at + 6),
                None => Err(self.fault_at(Rule::Json, "an unknown escape in a string", at)),
            },
            _ => Err(self.fault_at(Rule::Json, "an unknown escape in a string", at)),
        }
    }

    /// The code unit of the `\uXXXX` whose backslash is at `at`.
    fn unit(&self, at: usize) -> Option<u32> {
        let escape = self.bytes.get(at..at + 6)?;
        let digits = escape.strip_prefix(b"\\u")?;
        hex4(digits)
    }
}

fn within(mut fault: Box<Fault>, segment: &str) -> Box<Fault> {
    fault
        .path
        .push(excerpt(&segment.replace('~', "~0").replace('/', "~1")));
    fault
}

fn hex4(digits: &[u8]) -> Option<u32> {
    digits.iter().take(4).try_fold(0, |unit, digit| {
        Some(unit * 16 + char::from(*digit).to_digit(16)?)
    })
}

/// The meaning of the content of a string that a [`Scanner`] has passed.
pub(crate) fn unescape(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let bytes = rest.as_bytes();
        let unit = |from: usize| bytes.get(from..).and_then(hex4).unwrap_or(0xfffd);
        let mut length = 2;
        out.push(match bytes.get(at + 1) {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = unit(at + 2);
                let code = if (0xd800..0xdc00).contains(&high) {
                    length = 12;
                    0x10000 + ((high - 0xd800) << 10) + (unit(at + 8).wrapping_sub(0xdc00) & 0x3ff)
                } else {
                    length = 6;
                    high
                };
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            Some(other) => char::from(*other),
            None => break,
        });
        rest = rest.get(at + length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of each byte of `word` that equals `byte`; exact up to and including the lowest hit.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ (LOW * byte as u64);
    difference.wrapping_sub(LOW) & !difference & HIGH
}

/// The place of the first quote, backslash or control character from `at` on; the length of `bytes` if there is none.
#[inline]
pub(crate) fn skip_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(LOW * 0x20) & !word & HIGH;
        let hit = control | equal(word, b'"') | equal(word, b'\\');
        if hit != 0 {
            return at + (hit.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes
        .get(at)
        .is_some_and(|b| *b >= 0x20 && *b != b'"' && *b != b'\\')
    {
        at += 1;
    }
    at
}

/// Text without the JSON white space around it; a form feed, which ASCII counts as white space, is none.
pub(crate) fn trim_blanks(bytes: &[u8]) -> &[u8] {
    let bytes = &bytes[skip_blanks(bytes, 0)..];
    let end = bytes
        .iter()
        .rposition(|byte| !matches!(byte, b' ' | b'\n' | b'\t' | b'\r'));
    &bytes[..end.map_or(0, |last| last + 1)]
}

/// The place of the first byte from `at` on that is not JSON white space.
#[inline]
pub(crate) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\n' | b'\t' | b'\r') => at += 1,
            _ => return at,
        }
        while let Some(b"        ") = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            at += 8;
        }
    }
}
