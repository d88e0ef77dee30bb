//! Follows one JSON value to its end, piece by piece. Invariant: it looks at strings and brackets only, so what is broken inside
//! a value stays inside; its memory is one bit per open bracket.

use crate::scan::skip_plain;

/// A value that is being followed; feed it the bytes in order.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    state: State,
    /// Open brackets, innermost last: a set bit is a brace.
    open: Vec<u64>,
    depth: usize,
    braces: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Inside,
    Text,
    Escape,
    Scalar,
}

impl Walk {
    /// Forgets everything; ready for the next value.
    pub(crate) fn reset(&mut self) {
        self.state = State::Start;
        self.open.clear();
        self.depth = 0;
        self.braces = 0;
    }

    /// The place in `bytes` where the value ends, or `None` when it goes on.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        if self.state == State::Start {
            let first = *bytes.first()?;
            at = 1;
            match first {
                b'"' => self.state = State::Text,
                b'{' | b'[' => {
                    self.state = State::Inside;
                    self.push(first == b'{');
                }
                _ => self.state = State::Scalar,
            }
        }
        loop {
            match self.state {
                State::Start => return None,
                State::Scalar => {
                    let ends =
                        |b: &u8| matches!(b, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
                    return bytes[at..].iter().position(ends).map(|found| at + found);
                }
                State::Escape => {
                    bytes.get(at)?;
                    at += 1;
                    self.state = State::Text;
                }
                State::Text => {
                    at = skip_plain(bytes, at);
                    match bytes.get(at)? {
                        b'"' if self.depth == 0 => return Some(at + 1),
                        b'"' => self.state = State::Inside,
                        b'\\' => self.state = State::Escape,
                        _ => {}
                    }
                    at += 1;
                }
                State::Inside => {
                    while let Some(byte) = bytes.get(at)
                        && !SPECIAL[usize::from(*byte)]
                    {
                        at += 1;
                    }
                    let byte = *bytes.get(at)?;
                    at += 1;
                    match byte {
                        b'"' => self.state = State::Text,
                        b'{' | b'[' => self.push(byte == b'{'),
                        _ => {
                            self.pop(byte == b'}');
                            if self.depth == 0 {
                                return Some(at);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Whether the value so far is a scalar, which the end of the input may end.
    pub(crate) fn in_scalar(&self) -> bool {
        self.state == State::Scalar
    }

    fn push(&mut self, brace: bool) {
        let (word, bit) = (self.depth / 64, self.depth % 64);
        if word == self.open.len() {
            self.open.push(0);
        }
        self.open[word] = self.open[word] & !(1 << bit) | u64::from(brace) << bit;
        self.depth += 1;
        self.braces += usize::from(brace);
    }

    /// Closes the innermost bracket of this kind and what was left open inside it; a closer that nothing opened is passed over.
    fn pop(&mut self, brace: bool) {
        let any = if brace {
            self.braces > 0
        } else {
            self.depth > self.braces
        };
        if !any {
            return;
        }
        loop {
            self.depth -= 1;
            let top = self.open[self.depth / 64] >> (self.depth % 64) & 1 == 1;
            self.braces -= usize::from(top);
            if top == brace {
                return;
            }
        }
    }
}

/// The bytes that matter between strings.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b'"' as usize] = true;
    special[b'{' as usize] = true;
    special[b'}' as usize] = true;
    special[b'[' as usize] = true;
    special[b']' as usize] = true;
    special
};
