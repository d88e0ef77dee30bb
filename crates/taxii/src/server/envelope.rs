//! Writing pages: stored bytes are spliced into one buffer of the right size, never parsed again.

use stix::Timestamp;
use store::{Mention, Page, Spec, Spliced};

use super::reply::Written;

/// How an envelope begins when it holds something.
pub(super) const OPEN: &[u8] = b"{\"objects\":[";

/// The envelope of a page (TAXII 2.1 §3.7), whose text begins with [`OPEN`]: `{}` when it holds nothing.
pub(super) fn objects(page: Spliced, next: Option<&str>) -> Written {
    let Spliced {
        text: mut body,
        rows,
        ends,
        more,
    } = page;
    if rows == 0 {
        body.clear();
        body.extend_from_slice(b"{}");
    } else {
        close(&mut body, more, next);
    }
    Written {
        added: ends,
        records: rows,
        body: body.into(),
    }
}

/// The manifest of a page (§5.3).
pub(super) fn manifest(page: &Page<Mention>, next: Option<&str>) -> Written {
    let size = page.rows.len() * 230;
    let mut body = begin(size, page.rows.is_empty(), "objects");
    let mut stamp = Stamp::default();
    for (at, row) in page.rows.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        // Ids, versions and media types hold no character that JSON escapes: they were checked on the way in.
        for part in [
            "{\"id\":\"",
            &row.id,
            "\",\"date_added\":\"",
            stamp.of(row.added),
            "\",\"version\":\"",
            &row.version,
            "\",\"media_type\":\"",
            media_type(row.spec),
            "\"}",
        ] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    end(&mut body, page, next);
    Written {
        added: ends(&page.rows, |row| row.added),
        records: page.rows.len(),
        body: body.into(),
    }
}

/// The versions of one object (§5.8).
pub(super) fn versions(page: &Page<Mention>, next: Option<&str>) -> Written {
    let size = page.rows.len() * 36;
    let mut body = begin(size, page.rows.is_empty(), "versions");
    for (at, row) in page.rows.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        for part in ["\"", &row.version, "\""] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    end(&mut body, page, next);
    Written {
        added: ends(&page.rows, |row| row.added),
        records: page.rows.len(),
        body: body.into(),
    }
}

/// Everything before the first member. TAXII has no empty lists, so that nothing to list is no key.
fn begin(size: usize, empty: bool, key: &str) -> Vec<u8> {
    let mut body = Vec::with_capacity(size + 96);
    body.push(b'{');
    if !empty {
        for part in ["\"", key, "\":["] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    body
}

fn end(body: &mut Vec<u8>, page: &Page<Mention>, next: Option<&str>) {
    if page.rows.is_empty() {
        body.push(b'}');
    } else {
        close(body, page.more, next);
    }
}

/// Everything after the last member.
fn close(body: &mut Vec<u8>, more: bool, next: Option<&str>) {
    body.push(b']');
    if more {
        body.extend_from_slice(b",\"more\":true");
    }
    if let Some(next) = next {
        for part in [",\"next\":\"", next, "\""] {
            body.extend_from_slice(part.as_bytes());
        }
    }
    body.push(b'}');
}

/// Writes dates: those of neighbors differ in their last digits only, and are not made anew.
#[derive(Default)]
struct Stamp {
    second: Option<i64>,
    text: String,
}

impl Stamp {
    fn of(&mut self, micros: i64) -> &str {
        let second = micros.div_euclid(1_000_000);
        if self.second == Some(second) {
            // Twenty characters up to the point, six digits, `Z`.
            self.text.truncate(20);
            let mut rest = micros.rem_euclid(1_000_000);
            let mut divisor = 100_000;
            while divisor > 0 {
                let digit = u8::try_from(rest / divisor).unwrap_or(0);
                self.text.push(char::from(b'0' + digit));
                rest %= divisor;
                divisor /= 10;
            }
            self.text.push('Z');
        } else {
            self.second = Some(second);
            Timestamp::from_micros(micros)
                .as_str()
                .clone_into(&mut self.text);
        }
        &self.text
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_made_from_their_neighbors_are_those_made_anew() {
        let mut stamp = Stamp::default();
        for micros in [
            0,
            1,
            999_999,
            1_000_000,
            1_000_001,
            -1,
            -2,
            1_795_000_000_123_456,
            1_795_000_000_000_000,
        ] {
            assert_eq!(stamp.of(micros), Timestamp::from_micros(micros).as_str());
        }
    }
}
