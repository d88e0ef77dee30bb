//! Dates and times as people write them, in UTC. A text that is no date stays as it is.

use stix::Timestamp;

const NBSP: char = '\u{a0}';

const MONTHS: [(&str, &str); 12] = [
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
];

struct Parts<'a> {
    year: &'a str,
    month: (&'static str, &'static str),
    day: &'a str,
    hour: &'a str,
    minute: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let month: usize = text.get(5..7)?.parse().ok()?;
        Some(Self {
            year: text.get(..4)?,
            month: *MONTHS.get(month.checked_sub(1)?)?,
            day: text.get(8..10)?.trim_start_matches('0'),
            hour: text.get(11..13)?,
            minute: text.get(14..16)?,
        })
    }
}

/// "1 January 2027, 09:30 UTC".
pub(crate) fn in_english(at: &Timestamp) -> String {
    let Some(Parts {
        year,
        month,
        day,
        hour,
        minute,
    }) = Parts::of(at.as_str())
    else {
        return at.as_str().to_owned();
    };
    format!("{day} {} {year}, {hour}:{minute} UTC", month.0)
}

/// « 1er janvier 2027 à 9 h 30 (UTC) ».
pub(crate) fn in_french(at: &Timestamp) -> String {
    let Some(Parts {
        year,
        month,
        day,
        hour,
        minute,
    }) = Parts::of(at.as_str())
    else {
        return at.as_str().to_owned();
    };
    let day = if day == "1" { "1er" } else { day };
    let hour = hour.strip_prefix('0').unwrap_or(hour);
    format!(
        "{day}{NBSP}{} {year} à {hour}{NBSP}h{NBSP}{minute} (UTC)",
        month.1
    )
}
