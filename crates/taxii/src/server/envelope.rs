//! Writing pages: stored bytes are spliced into one buffer of the right size, never parsed again.

use stix::Timestamp;
use store::{Mention, Page, Record, Spec};

use super::reply::Written;

/// The envelope of a page (TAXII 2.1 §3.7): `{}` when it holds nothing.
pub(super) fn objects(page: &Page<Record>, next: Option<&str>) -> Written {
    let size: usize = page.rows.iter().map(|row| row.body.len() + 1).sum();
    let mut body = begin(size, page.more, next, page.rows.is_empty(), "objects");
    for (at, row) in page.rows.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&row.body);
    }
    end(&mut body, page.rows.is_empty());
    Written {
        added: ends(&page.rows, |row| row.added),
        records: page.rows.len(),
        body: body.into(),
    }
}

/// The manifest of a page (§5.3).
pub(super) fn manifest(page: &Page<Mention>, next: Option<&str>) -> Written {
    let size = page.rows.len() * 230;
    let mut body = begin(size, page.more, next, page.rows.is_empty(), "objects");
    for (at, row) in page.rows.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        // Ids, versions and media types hold no character that JSON escapes: they were checked on the way in.
        for part in [
            "{\"id\":\"",
            &row.id,
            "\",\"date_added\":\"",
            Timestamp::from_micros(row.added).as_str(),
            "\",\"version\":\"",
            &row.version,
            "\",\"media_type\":\"",
            media_type(row.spec),
            "\"}",
        ] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    end(&mut body, page.rows.is_empty());
    Written {
        added: ends(&page.rows, |row| row.added),
        records: page.rows.len(),
        body: body.into(),
    }
}

/// The versions of one object (§5.8).
pub(super) fn versions(page: &Page<Mention>, next: Option<&str>) -> Written {
    let size = page.rows.len() * 36;
    let mut body = begin(size, page.more, next, page.rows.is_empty(), "versions");
    for (at, row) in page.rows.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        for part in ["\"", &row.version, "\""] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    end(&mut body, page.rows.is_empty());
    Written {
        added: ends(&page.rows, |row| row.added),
        records: page.rows.len(),
        body: body.into(),
    }
}

/// Everything before the first member. TAXII has no empty lists, so that nothing to list is no key.
fn begin(size: usize, more: bool, next: Option<&str>, empty: bool, key: &str) -> Vec<u8> {
    let mut body = Vec::with_capacity(size + 96);
    body.push(b'{');
    if empty {
        return body;
    }
    if more {
        body.extend_from_slice(b"\"more\":true,");
    }
    if let Some(next) = next {
        for part in ["\"next\":\"", next, "\","] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    for part in ["\"", key, "\":["] {
        body.extend_from_slice(part.as_bytes());
    }
    body
}

fn end(body: &mut Vec<u8>, empty: bool) {
    body.extend_from_slice(if empty { b"}" } else { b"]}" });
}

fn ends<T>(rows: &[T], added: impl Fn(&T) -> i64) -> Option<(i64, i64)> {
    Some((added(rows.first()?), added(rows.last()?)))
}

fn media_type(spec: Spec) -> &'static str {
    match spec {
        Spec::V21 => crate::media::STIX,
        Spec::Unsaid | Spec::V20 => "application/stix+json;version=2.0",
        Spec::Other => "application/stix+json",
    }
}
