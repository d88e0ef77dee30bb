//! Walks JSON text that has been checked before. Invariant: never fails and never panics; on text that was not checked it yields less.

use std::borrow::Cow;

use crate::limits::Limits;
use crate::problem::{Problem, Problems, Rule};
use crate::scan::{Scanner, Text, skip_blanks, skip_plain};

/// One value inside an object that [`check`](crate::check()) has accepted: a piece of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'a>(&'a str);

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of JSON")]
pub enum Kind {
    Object,
    List,
    String,
    Number,
    True,
    False,
    Null,
}

impl<'a> View<'a> {
    /// Any JSON value, checked as [`check`](crate::check()) checks an object.
    ///
    /// # Errors
    /// The first problem in the JSON.
    pub fn parse(json: &'a [u8], limits: &Limits) -> Result<Self, Problems> {
        let most = limits.object.min(Limits::MAX_OBJECT);
        if json.len() > most {
            return Err(Problem::new(
                "",
                Rule::Size,
                format!("{} bytes; at most {most} are taken", json.len()),
            )
            .into());
        }
        let text = std::str::from_utf8(json).map_err(|error| {
            Problem::new(
                "",
                Rule::Encoding,
                format!("not UTF-8 at byte {}", error.valid_up_to()),
            )
        })?;
        Scanner::new(text, limits)
            .any()
            .map_err(|fault| fault.into_problem())?;
        Ok(Self::trusted(text))
    }

    /// Of text that a scanner has passed, or a value inside such text.
    pub(crate) fn trusted(text: &'a str) -> Self {
        Self(text.trim_ascii())
    }

    /// The bytes of the value as they were received.
    #[must_use]
    pub fn raw(self) -> &'a str {
        self.0
    }

    /// What the value is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::String,
            Some(b't') => Kind::True,
            Some(b'f') => Kind::False,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Null,
        }
    }

    /// The text of a string, escapes undone; borrowed when there are none.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        if self.kind() != Kind::String {
            return None;
        }
        string_at(self.0, 0).map(|(text, _)| text.unescape(self.0))
    }

    /// The value of a number as a double (RFC 8259 §6); `None` for anything else.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        if self.kind() == Kind::Number {
            self.0.parse().ok()
        } else {
            None
        }
    }

    /// Whether the value is `true` or `false`.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// The members of an object, in their order; nothing for anything else.
    pub fn members(self) -> impl Iterator<Item = (Cow<'a, str>, View<'a>)> + use<'a> {
        let mut at = self.inside(b'{');
        std::iter::from_fn(move || {
            let (key, end) = string_at(self.0, at?)?;
            let colon = skip_blanks(self.0.as_bytes(), end);
            let (value, next) = self.element(colon + 1, b'}')?;
            at = next;
            Some((key.unescape(self.0), value))
        })
    }

    /// The elements of a list, in their order; nothing for anything else.
    pub fn items(self) -> impl Iterator<Item = View<'a>> + use<'a> {
        let mut at = self.inside(b'[');
        std::iter::from_fn(move || {
            let (value, next) = self.element(at?, b']')?;
            at = next;
            Some(value)
        })
    }

    /// The member called `key` of an object.
    #[must_use]
    pub fn member(self, key: &str) -> Option<View<'a>> {
        self.members()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The value at a JSON pointer (RFC 6901) such as `/external_references/0/url`; the empty pointer is the value itself.
    #[must_use]
    pub fn pointer(self, pointer: &str) -> Option<View<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer
            .strip_prefix('/')?
            .split('/')
            .try_fold(self, |value, segment| match value.kind() {
                Kind::Object if segment.contains('~') => {
                    value.member(&segment.replace("~1", "/").replace("~0", "~"))
                }
                Kind::Object => value.member(segment),
                Kind::List if segment == "0" || !segment.starts_with(['0', '+']) => {
                    value.items().nth(segment.parse().ok()?)
                }
                _ => None,
            })
    }

    /// Where the first member or element begins; `None` when this opens with something else than `open`, or is empty.
    fn inside(self, open: u8) -> Option<usize> {
        let bytes = self.0.as_bytes();
        if bytes.first() != Some(&open) {
            return None;
        }
        let at = skip_blanks(bytes, 1);
        (!matches!(bytes.get(at), Some(b'}' | b']') | None)).then_some(at)
    }

    /// The value at `at` and where its next sibling begins.
    fn element(self, at: usize, close: u8) -> Option<(View<'a>, Option<usize>)> {
        let bytes = self.0.as_bytes();
        let start = skip_blanks(bytes, at);
        let end = value_end(bytes, start)?;
        let after = skip_blanks(bytes, end);
        let next = match bytes.get(after) {
            Some(b',') => Some(skip_blanks(bytes, after + 1)),
            Some(byte) if *byte == close => None,
            _ => return None,
        };
        Some((View(self.0.get(start..end)?), next))
    }
}

/// The place after the number or word that begins at `start`.
pub(crate) fn number_end(bytes: &[u8], start: usize) -> usize {
    let ends = |b: &u8| {
        matches!(
            b,
            b',' | b':' | b']' | b'}' | b'[' | b'{' | b'"' | b' ' | b'\n' | b'\t' | b'\r'
        )
    };
    bytes
        .get(start..)
        .and_then(|rest| rest.iter().position(ends))
        .map_or(bytes.len(), |length| start + length)
}

/// The string whose opening quote is at `at`, and the place after its closing quote.
pub(crate) fn string_at(text: &str, at: usize) -> Option<(Text, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let start = at + 1;
    let (mut end, mut escaped) = (start, false);
    loop {
        end = skip_plain(bytes, end);
        match bytes.get(end)? {
            b'"' => {
                return Some((
                    Text {
                        start,
                        end,
                        escaped,
                    },
                    end + 1,
                ));
            }
            b'\\' => {
                escaped = true;
                end += 2;
            }
            _ => end += 1,
        }
    }
}

/// The place after the value that begins at `start`; brackets are counted, not matched.
fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at += 1;
                loop {
                    at = skip_plain(bytes, at);
                    match bytes.get(at)? {
                        b'"' => break,
                        b'\\' => at += 2,
                        _ => at += 1,
                    }
                }
                at += 1;
            }
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b',' | b':' | b' ' | b'\n' | b'\t' | b'\r' if depth > 0 => at += 1,
            _ => {
                let end = number_end(bytes, at);
                if end == at {
                    return None;
                }
                at = end;
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}
