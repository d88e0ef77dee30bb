//! Writing pages: stored bytes are spliced into one buffer of the right size, never parsed again.

use stix::Timestamp;
use store::{List, Listed, Named, Spec, Spliced};

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

/// What is listed, as the text of it grows. TAXII has no empty lists, so that nothing to list is no key.
pub(super) struct Text {
    body: Vec<u8>,
    stamp: Stamp,
    write: fn(&mut Vec<u8>, &mut Stamp, Named<'_>),
}

impl Text {
    /// A manifest of about so many (§5.3).
    pub(super) fn manifest(rows: usize) -> Self {
        Self {
            body: begin(b"{\"objects\":[", rows * 215),
            stamp: Stamp::default(),
            write: record,
        }
    }

    /// About so many versions of one object (§5.8).
    pub(super) fn versions(rows: usize) -> Self {
        Self {
            body: begin(b"{\"versions\":[", rows * 36),
            stamp: Stamp::default(),
            write: version,
        }
    }
}

impl List for Text {
    fn add(&mut self, named: Named<'_>) {
        (self.write)(&mut self.body, &mut self.stamp, named);
        self.body.push(b',');
    }
}

/// A record of a manifest.
fn record(body: &mut Vec<u8>, stamp: &mut Stamp, named: Named<'_>) {
    // Ids, versions and media types hold no character that JSON escapes: they were checked on the way in.
    for part in [
        "{\"id\":\"",
        named.id,
        "\",\"date_added\":\"",
        stamp.of(named.added),
        "\",\"version\":\"",
        named.version,
        "\",\"media_type\":\"",
        media_type(named.spec),
        "\"}",
    ] {
        body.extend_from_slice(part.as_bytes());
    }
}

/// A version.
fn version(body: &mut Vec<u8>, _: &mut Stamp, named: Named<'_>) {
    for part in ["\"", named.version, "\""] {
        body.extend_from_slice(part.as_bytes());
    }
}

/// The envelope of what was listed.
pub(super) fn listed(listed: Listed<Text>, next: Option<&str>) -> Written {
    let mut body = listed.list.body;
    // The last comma, or all of what was to come before the first member.
    body.pop();
    if listed.rows == 0 {
        body.clear();
        body.extend_from_slice(b"{}");
    } else {
        close(&mut body, listed.more, next);
    }
    Written {
        added: listed.ends,
        records: listed.rows,
        body: body.into(),
    }
}

/// Room for `size` and what comes around it.
fn begin(open: &[u8], size: usize) -> Vec<u8> {
    let mut body = Vec::with_capacity(size + 96);
    body.extend_from_slice(open);
    body
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
