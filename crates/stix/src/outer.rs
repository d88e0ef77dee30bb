//! The outside of an envelope or bundle, followed piece by piece. Invariant: never looks back, so a file of any size needs
//! memory for one member only; whoever splits and whoever streams takes the same decisions.

use std::ops::Range;

use crate::problem::{Problem, Rule, excerpt};
use crate::scan::{skip_blanks, unescape};
use crate::walk::Walk;

/// Longest key or noted value on the outside; what is longer belongs to no envelope.
const LONGEST: usize = 64 << 10;
/// Most keys on the outside.
const MOST_KEYS: usize = 1000;

/// What comes next in the bytes that were given.
#[derive(Debug)]
pub(crate) enum Event {
    /// A member of `objects`, whole, at this place; go on after it.
    Member(Range<usize>),
    /// A member that begins here, goes on beyond the bytes given and is over the limit; go on with what comes after them.
    Large(usize),
    /// The members of `objects` begin; go on from here.
    Members(usize),
    /// More bytes are needed; those before this place are done with.
    More(usize),
    /// The end of the text.
    End,
    /// The outside cannot be followed any further.
    Lost(Problem),
}

/// What the outside says about itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// `type`, when it is a string.
    pub(crate) kind: Option<String>,
    /// `more`, also as the text `"true"`.
    pub(crate) more: Option<bool>,
    /// `next`, when it is a string.
    pub(crate) next: Option<String>,
    /// Whether there was a list called `objects`.
    pub(crate) members: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Start,
    FirstKey,
    Key,
    Value(String),
    AfterValue,
    FirstMember,
    Member,
    AfterMember,
    Done,
}

/// Where in the outside we are.
#[derive(Debug)]
pub(crate) struct Outer {
    state: State,
    walk: Walk,
    /// How far into the current token the walk has come.
    walked: usize,
    /// A member over the limit is passed over, not kept.
    passing: bool,
    keys: Vec<String>,
    most: usize,
    pub(crate) said: Said,
}

impl Outer {
    /// `most`: the bytes of one member that are kept.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            state: State::Start,
            walk: Walk::default(),
            walked: 0,
            passing: false,
            keys: Vec::new(),
            most,
            said: Said::default(),
        }
    }

    /// Follows `bytes`, which begin where the last event ended; `whole` says that nothing comes after them.
    pub(crate) fn next(&mut self, bytes: &[u8], whole: bool) -> Event {
        let mut at = 0;
        loop {
            // A token that goes on must not be cut at its blanks.
            if self.walked == 0 && !self.passing {
                at = skip_blanks(bytes, at);
            }
            let Some(&byte) = bytes.get(at) else {
                return match self.state {
                    State::Done if whole => Event::End,
                    _ if whole => lost("the text ends too early"),
                    _ => Event::More(at),
                };
            };
            match &self.state {
                State::Start if byte == b'{' => self.state = State::FirstKey,
                State::Start => {
                    let message = "expected an object: an envelope, a bundle or a STIX object";
                    return Event::Lost(Problem::new("", Rule::Container, message));
                }
                State::FirstKey | State::AfterValue if byte == b'}' => self.state = State::Done,
                State::AfterValue if byte == b',' => self.state = State::Key,
                State::AfterValue => {
                    return lost("expected a comma or a closing brace after a value");
                }
                State::FirstMember | State::AfterMember if byte == b']' => {
                    self.state = State::AfterValue
                }
                State::AfterMember if byte == b',' => self.state = State::Member,
                State::AfterMember => {
                    return lost("expected a comma or a closing bracket after an object");
                }
                State::Done => return lost("text after the end"),
                State::FirstKey | State::Key => {
                    let Some(token) = self.token(bytes, at, whole) else {
                        return self.unfinished(bytes, at, whole);
                    };
                    let colon = skip_blanks(bytes, token.end);
                    if byte != b'"' {
                        return lost("expected a key in double quotes");
                    }
                    match bytes.get(colon) {
                        Some(b':') => {}
                        None if !whole => return Event::More(at),
                        _ => return lost("expected a colon after a key"),
                    }
                    let Some(key) = string(&bytes[token]) else {
                        return lost("a key that is not UTF-8");
                    };
                    if self.keys.contains(&key) {
                        let message =
                            format!("the key \"{}\" occurs more than once", excerpt(&key));
                        return Event::Lost(Problem::new(
                            format!("/{}", excerpt(&key)),
                            Rule::DuplicateKey,
                            message,
                        ));
                    }
                    if self.keys.len() == MOST_KEYS {
                        return lost("too many keys beside the objects");
                    }
                    self.keys.push(key.clone());
                    self.state = State::Value(key);
                    at = colon + 1;
                    continue;
                }
                State::Value(key) => {
                    let single = self
                        .said
                        .kind
                        .as_deref()
                        .is_some_and(|kind| kind != "bundle");
                    if byte == b'['
                        && key == "objects"
                        && !single
                        && self.walked == 0
                        && !self.passing
                    {
                        self.said.members = true;
                        self.state = State::FirstMember;
                        return Event::Members(at + 1);
                    }
                    let noted = matches!(key.as_str(), "type" | "more" | "next");
                    let key = key.clone();
                    let Some(token) = self.token(bytes, at, whole) else {
                        if noted {
                            return self.unfinished(bytes, at, whole);
                        }
                        // Nothing of it is needed: it can be let go piece by piece.
                        self.walked = 0;
                        self.passing = true;
                        return if whole {
                            lost("the text ends too early")
                        } else {
                            Event::More(bytes.len())
                        };
                    };
                    self.passing = false;
                    if noted {
                        self.note(&key, &bytes[token.clone()]);
                    }
                    self.state = State::AfterValue;
                    at = token.end;
                    continue;
                }
                State::FirstMember | State::Member => {
                    if !self.passing
                        && self.walked == 0
                        && matches!(byte, b',' | b']' | b'}' | b':')
                    {
                        return lost("expected an object");
                    }
                    let Some(token) = self.token(bytes, at, whole) else {
                        if whole {
                            return lost("the text ends inside an object");
                        }
                        if self.passing || bytes.len() - at > self.most {
                            self.walked = 0;
                            let first = !std::mem::replace(&mut self.passing, true);
                            return if first {
                                Event::Large(at)
                            } else {
                                Event::More(bytes.len())
                            };
                        }
                        return Event::More(at);
                    };
                    self.state = State::AfterMember;
                    at = token.end;
                    if std::mem::take(&mut self.passing) {
                        continue;
                    }
                    return Event::Member(token);
                }
            }
            at += 1;
        }
    }

    /// The value that begins at `at` (or, while passing, goes on there), or `None` when it does not end in `bytes`.
    fn token(&mut self, bytes: &[u8], at: usize, whole: bool) -> Option<Range<usize>> {
        if self.walked == 0 && !self.passing {
            self.walk.reset();
        }
        let from = at + self.walked;
        let end = match self.walk.feed(&bytes[from..]) {
            Some(end) => from + end,
            None if whole && self.walk.in_scalar() => bytes.len(),
            None => {
                self.walked = bytes.len() - at;
                return None;
            }
        };
        self.walked = 0;
        Some(at..end)
    }

    fn unfinished(&self, bytes: &[u8], at: usize, whole: bool) -> Event {
        if whole {
            lost("the text ends too early")
        } else if bytes.len() - at > LONGEST {
            lost("a key or value beside the objects is too long")
        } else {
            Event::More(at)
        }
    }

    fn note(&mut self, key: &str, value: &[u8]) {
        let text = string(value);
        match key {
            "type" => self.said.kind = Some(text.unwrap_or_default()),
            "next" => self.said.next = text,
            _ => {
                self.said.more = match value {
                    b"true" | b"\"true\"" => Some(true),
                    b"false" | b"\"false\"" => Some(false),
                    _ => None,
                }
            }
        }
    }
}

fn lost(message: &str) -> Event {
    Event::Lost(Problem::new("", Rule::Json, message))
}

/// The meaning of a string token; `None` for other tokens and bad UTF-8.
fn string(token: &[u8]) -> Option<String> {
    let content = token.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    std::str::from_utf8(content).ok().map(unescape)
}
