//! A stream gives what a split gives, in pieces of any size.

mod shared;

use std::io::Read;
use stix::{Limits, Rule, StreamError, split, stream};

/// Reads in pieces of `1..=size` bytes.
struct Drip<'a>(&'a [u8], usize, usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.2 = self.2 * 7 % 31 + 1;
        let length = self.0.len().min(self.2 % self.1 + 1).min(buffer.len());
        let (now, later) = self.0.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.0 = later;
        Ok(length)
    }
}

const TEXTS: &[&str] = &[
    "{}",
    "",
    "null",
    "[{}]",
    "\u{feff}{\"objects\":[{}]}",
    r#" { "type" : "bundle" , "id":"bundle--1", "objects" : [ {"a":"]}\"\\"} , {"b":[{"c":{}},[]]} , 17 , "x" ] , "y":{"objects":[{}]} } "#,
    r#"{"objects":[{"a":1},{"b":2}],"more":true,"next":"abc"}"#,
    r#"{"x":{"objects":[{"a":1}],"y":"[[[{{{\\"},"objects":[{"b":2}]}"#,
    r#"{"type":"observed-data","objects":{"0":[{}]},"name":"é"}"#,
    r#"{"objects":[{"a":]},{"b":[},3,nul]}"#,
    r#"{"objects":[{"a":1},{"b":"#,
    r#"{"objects":[{"a":1}],"objects":[{"b":1}]}"#,
    r#"{"objects":[{"a":1}]} x"#,
    r#"{"objects":[{"a":1},]}"#,
];

#[test]
fn a_stream_gives_what_a_split_gives() {
    let limits = Limits::default();
    for text in TEXTS {
        let expected = split(text.as_bytes(), &limits);
        for size in [1, 2, 3, 7, 30, 1000] {
            let (mut objects, mut lost) = (Vec::new(), None);
            for item in stream(Drip(text.as_bytes(), size, size), &limits) {
                match item {
                    Ok(item) => {
                        assert_eq!(item.index, objects.len() as u64);
                        let start = item.offset as usize;
                        assert!(text.as_bytes()[start..].starts_with(&item.raw) || start == 0);
                        objects.push(item.raw);
                    }
                    Err(StreamError::Lost { problem, .. }) => lost = Some(problem),
                    Err(other) => panic!("{other}"),
                }
            }
            assert_eq!(objects, expected.objects, "{text} in pieces of {size}");
            assert_eq!(lost, expected.lost, "{text} in pieces of {size}");
        }
    }
}

#[test]
fn a_large_object_is_passed_over_without_being_kept() {
    let limits = Limits {
        object: 1000,
        ..Limits::default()
    };
    let large = format!(r#"{{"x":"{}"}}"#, "a]}".repeat(1_000_000));
    let text = format!(r#"{{"objects":[{{"a":1}},{large},{{"b":2}}]}}"#);
    let mut found = stream(text.as_bytes(), &limits);
    assert_eq!(found.next().unwrap().unwrap().raw, br#"{"a":1}"#);
    let Some(Err(StreamError::Object {
        offset,
        problem,
        beginning,
    })) = found.next()
    else {
        panic!("not refused")
    };
    assert_eq!(
        (offset, problem.pointer.as_str(), problem.rule),
        (20, "/objects/1", Rule::Size)
    );
    assert_eq!(beginning, large.as_bytes()[..1001]);
    let last = found.next().unwrap().unwrap();
    assert_eq!((last.index, last.raw.as_slice()), (2, &br#"{"b":2}"#[..]));
    assert!(found.next().is_none());
}

#[test]
fn a_single_object_over_the_limit_is_refused() {
    let limits = Limits {
        object: 1000,
        ..Limits::default()
    };
    let text = format!(r#"{{"type":"note","x":"{}"}}"#, "a".repeat(2_000_000));
    let found: Vec<_> = stream(text.as_bytes(), &limits).collect();
    assert!(
        matches!(&found[..], [Err(StreamError::Object { problem, .. })] if problem.rule == Rule::Size),
        "{found:?}"
    );
}

#[test]
fn real_data_streams() {
    let Some(text) = shared::data("attack/ics-attack-18.1.json") else {
        return;
    };
    let limits = Limits {
        objects: usize::MAX,
        ..Limits::default()
    };
    let streamed: Vec<_> = stream(&text[..], &limits)
        .map(|item| item.unwrap().raw)
        .collect();
    assert_eq!(streamed, split(&text, &limits).objects);
}
