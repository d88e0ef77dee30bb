//! A file of any size, object by object. Invariant: memory is bounded by one object and one piece of input, never by the file.

use std::io::{ErrorKind, Read};

use crate::limits::Limits;
use crate::outer::{Event, Outer};
use crate::problem::{Problem, Rule};
use crate::split::BOM;

/// Room for bytes read; grows when one object needs more.
const PIECE: usize = 64 << 10;

/// One object of a stream, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// Where the object begins in the input, in bytes: also the progress so far.
    pub offset: u64,
    /// Its place among the members, from 0.
    pub index: u64,
    /// The bytes of the object, to be given to [`check`](crate::check()).
    pub raw: Vec<u8>,
}

/// Why a stream has less to give.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError {
    /// One object was passed over; the stream goes on.
    Object {
        /// Where it begins in the input.
        offset: u64,
        /// What is wrong with it.
        problem: Problem,
        /// Its beginning, one byte more than an object may have.
        beginning: Vec<u8>,
    },
    /// The outside of the input cannot be followed; the stream ends here.
    Lost {
        /// How far it was followed.
        offset: u64,
        /// What is wrong.
        problem: Problem,
    },
    /// Reading failed; the stream ends here.
    Read(std::io::Error),
}

impl std::fmt::Display for StreamError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Object {
                offset, problem, ..
            } => {
                write!(f, "object at byte {offset} left out: {problem}")
            }
            Self::Lost { offset, problem } => write!(f, "stopped at byte {offset}: {problem}"),
            Self::Read(error) => write!(f, "cannot read on: {error}"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            _ => None,
        }
    }
}

/// Iterates over the objects of `input`: a bundle or envelope of any size, or a single object.
///
/// The limits of [`Limits::object`] and [`Limits::objects`] hold: give `usize::MAX` objects for a file. Unlike
/// [`split`](crate::split()), which sees all of the text before it answers, a stream takes the first list called `objects` as the
/// members unless a `type` other than `bundle` came before it.
///
/// ```
/// let file = br#"{"type":"bundle","objects":[{"type":"x-a"},{"type":"x-b"}]}"#;
/// let objects: Vec<_> = stix::stream(&file[..], &stix::Limits::default()).collect::<Result<_, _>>()?;
/// assert_eq!(objects[1].raw, br#"{"type":"x-b"}"#);
/// assert_eq!(objects[1].offset, 43);
/// # Ok::<(), stix::StreamError>(())
/// ```
pub fn stream<R: Read>(input: R, limits: &Limits) -> Stream<R> {
    Stream {
        input,
        outer: Outer::new(limits.object),
        buffer: Vec::new(),
        filled: 0,
        from: 0,
        offset: 0,
        whole: false,
        ended: false,
        index: 0,
        limits: *limits,
        head: Some(Vec::new()),
    }
}

/// The iterator that [`stream`] returns.
#[derive(Debug)]
pub struct Stream<R> {
    input: R,
    outer: Outer,
    buffer: Vec<u8>,
    /// Where in `buffer` the bytes read end; behind it is room.
    filled: usize,
    /// Where in `buffer` the bytes that are not yet done with begin.
    from: usize,
    /// Where in the input `buffer` begins.
    offset: u64,
    whole: bool,
    ended: bool,
    index: u64,
    limits: Limits,
    /// Everything read so far, as long as the input may be a single object.
    head: Option<Vec<u8>>,
}

impl<R: Read> Stream<R> {
    /// How many bytes of the input have been followed.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset + self.from as u64
    }

    /// The input, to ask it for its size or the like.
    pub fn input(&self) -> &R {
        &self.input
    }

    /// The bytes that were read and are not yet done with.
    fn rest(&self) -> &[u8] {
        &self.buffer[self.from..self.filled]
    }

    /// Reads on behind what was read. What is done with is let go only when the room is used up, and the room doubles
    /// when that does not help, so that following a long object stays linear, however small the pieces are.
    fn fill(&mut self) -> std::io::Result<()> {
        let first = self.offset == 0 && self.filled == 0;
        if self.filled == self.buffer.len() {
            self.buffer.copy_within(self.from.., 0);
            self.offset += self.from as u64;
            self.filled -= self.from;
            self.from = 0;
            let room = PIECE.max(self.filled * 2);
            self.buffer.resize(room.max(self.buffer.len()), 0);
        }
        let start = self.filled;
        // The first piece is long enough to show a byte order mark.
        while self.filled == start || first && self.filled < BOM.len() {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => {
                    self.whole = true;
                    break;
                }
                Ok(more) => self.filled += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if first && self.rest().starts_with(BOM) {
            self.from = BOM.len();
        }
        if let Some(head) = &mut self.head {
            // One byte over the limit is enough to know.
            let room = self
                .limits
                .object
                .saturating_add(1)
                .saturating_sub(head.len());
            head.extend(
                self.buffer[start.max(self.from)..self.filled]
                    .iter()
                    .take(room),
            );
        }
        Ok(())
    }

    /// The whole input as one object, when it says that it is one; broken or not, that is for the check to tell.
    fn single(&mut self) -> Option<Result<Item, StreamError>> {
        self.head.as_ref()?;
        self.outer
            .said
            .kind
            .as_deref()
            .filter(|kind| *kind != "bundle")?;
        while !self.whole
            && self
                .head
                .as_ref()
                .is_some_and(|head| head.len() <= self.limits.object)
        {
            self.from = self.filled;
            if let Err(error) = self.fill() {
                return Some(Err(StreamError::Read(error)));
            }
        }
        let head = self.head.take()?;
        Some(if head.len() > self.limits.object {
            Err(StreamError::Object {
                offset: 0,
                problem: too_large(self.limits.object, ""),
                beginning: head,
            })
        } else {
            Ok(Item {
                offset: 0,
                index: 0,
                raw: head,
            })
        })
    }
}

fn beginning(raw: &[u8], limits: &Limits) -> Vec<u8> {
    let most = limits.object.saturating_add(1);
    raw.iter().take(most).copied().collect()
}

fn too_large(most: usize, pointer: &str) -> Problem {
    Problem::new(
        pointer,
        Rule::Size,
        format!("an object has at most {most} bytes"),
    )
}

impl<R: Read> Iterator for Stream<R> {
    type Item = Result<Item, StreamError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self
                .outer
                .next(&self.buffer[self.from..self.filled], self.whole)
            {
                Event::Members(next) => {
                    self.head = None;
                    self.from += next;
                }
                Event::More(done) => {
                    self.from += done;
                    if let Err(error) = self.fill() {
                        self.ended = true;
                        return Some(Err(StreamError::Read(error)));
                    }
                }
                Event::Member(place) => {
                    let offset = self.offset() + place.start as u64;
                    let pointer = format!("/objects/{}", self.index);
                    let index = self.index;
                    self.index += 1;
                    if index >= self.limits.objects as u64 {
                        self.ended = true;
                        let message = format!(
                            "more than {} objects at once: send them in parts",
                            self.limits.objects
                        );
                        return Some(Err(StreamError::Lost {
                            offset,
                            problem: Problem::new("/objects", Rule::Count, message),
                        }));
                    }
                    let raw = &self.buffer[self.from + place.start..self.from + place.end];
                    let item = if raw.len() > self.limits.object {
                        Err(StreamError::Object {
                            offset,
                            problem: too_large(self.limits.object, &pointer),
                            beginning: beginning(raw, &self.limits),
                        })
                    } else {
                        Ok(Item {
                            offset,
                            index,
                            raw: raw.to_vec(),
                        })
                    };
                    self.from += place.end;
                    return Some(item);
                }
                Event::Large(start) => {
                    let offset = self.offset() + start as u64;
                    let problem =
                        too_large(self.limits.object, &format!("/objects/{}", self.index));
                    let raw = &self.buffer[self.from + start..self.filled];
                    let beginning = beginning(raw, &self.limits);
                    self.index += 1;
                    self.from = self.filled;
                    return Some(Err(StreamError::Object {
                        offset,
                        problem,
                        beginning,
                    }));
                }
                Event::End => {
                    self.ended = true;
                    return self.single();
                }
                Event::Lost(problem) => {
                    self.ended = true;
                    let offset = self.offset();
                    return Some(
                        self.single()
                            .unwrap_or(Err(StreamError::Lost { offset, problem })),
                    );
                }
            }
        }
        None
    }
}
