//! What each parser promises for any bytes; fuzz targets and a plain test hold it to that.
#![allow(dead_code, unreachable_pub, reason = "each target uses one promise")]

use stix::{Limits, StreamError, Timestamp, View, canonical as canonical_form, check};

/// Small limits, so that short inputs reach them.
const LIMITS: Limits = Limits {
    object: 4096,
    depth: 16,
    references: 8,
    objects: 8,
};

/// An object that is accepted can be read in every way, and means the same in canonical form.
pub fn object(bytes: &[u8]) {
    let Ok(object) = check(bytes, &LIMITS) else {
        return;
    };
    let view = object.view();
    let header = object.header();
    assert_eq!(
        view.member("id").and_then(View::string).as_deref(),
        Some(header.id.as_str())
    );
    assert_eq!(stix::references(view).count(), header.references);
    let _ = stix::texts(view).count();
    let _ = stix::sco::id(view);
    let _ = stix::property::warnings(&object);
    let _ = stix::marking::Marking::read(&object);
    let _ = stix::language::LanguageContent::read(&object);
    let form = canonical_form(bytes, &LIMITS).expect("an accepted object has a canonical form");
    if let Ok(again) = check(&form, &LIMITS) {
        assert_eq!(again.header().id, header.id);
        assert_eq!(again.header().version(), header.version());
    }
}

/// What a split returns are pieces of the text, in order, that follow each other.
pub fn split(bytes: &[u8]) {
    let found = stix::split(bytes, &LIMITS);
    assert!(found.objects.len() <= LIMITS.objects);
    let mut end = bytes.as_ptr() as usize;
    for raw in &found.objects {
        let start = raw.as_ptr() as usize;
        assert!(start >= end && !raw.is_empty());
        end = start + raw.len();
        let _ = check(raw, &LIMITS);
    }
    assert!(end <= bytes.as_ptr() as usize + bytes.len());
}

/// A stream in small pieces gives what a stream in one piece gives, and, when nothing is odd, what a split gives.
pub fn stream(bytes: &[u8]) {
    let read = |size: usize| {
        let mut objects = Vec::new();
        let mut odd = false;
        for item in stix::stream(Pieces { bytes, size }, &LIMITS) {
            match item {
                Ok(item) => objects.push(item.raw),
                Err(StreamError::Read(error)) => panic!("{error}"),
                Err(_) => odd = true,
            }
        }
        (objects, odd)
    };
    let whole = read(usize::MAX);
    for size in [1, 3, 64] {
        assert_eq!(read(size), whole);
    }
    let found = stix::split(bytes, &LIMITS);
    if !whole.1 && found.lost.is_none() && found.container != stix::Container::Object {
        assert_eq!(whole.0, found.objects);
    }
}

/// A pattern that is read can be written and read again.
pub fn pattern(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match stix::pattern::Pattern::parse(text) {
        Ok(pattern) => {
            let written = pattern.to_string();
            let again = stix::pattern::Pattern::parse(&written)
                .unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(again, pattern, "{written}");
            let _ = pattern.observables();
        }
        Err(error) => assert!(error.at <= text.len()),
    }
}

/// Times keep their text, and their keys order them.
pub fn timestamp(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let times: Vec<_> = text
        .split('\n')
        .filter_map(|line| Timestamp::parse(line).ok())
        .collect();
    for time in &times {
        let clock = Timestamp::from_micros(time.micros());
        assert!(clock.micros() == time.micros());
        for other in &times {
            assert_eq!(time.cmp(other), time.sortable().cmp(&other.sortable()));
            assert_eq!(time == other, time.sortable() == other.sortable());
            assert_eq!(
                time.as_str() == other.as_str(),
                time.version_key() == other.version_key()
            );
            if time < other {
                assert!(time.version_key() < other.version_key());
                assert!(time.micros() <= other.micros());
            }
        }
    }
}

/// The canonical form of a canonical form is itself.
pub fn canonical(bytes: &[u8]) {
    let Ok(form) = canonical_form(bytes, &LIMITS) else {
        return;
    };
    let roomy = Limits {
        object: 1 << 20,
        ..LIMITS
    };
    assert_eq!(canonical_form(&form, &roomy).as_ref(), Ok(&form));
}

struct Pieces<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl std::io::Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.size.min(self.bytes.len()).min(buffer.len());
        let (now, later) = self.bytes.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.bytes = later;
        Ok(length)
    }
}
