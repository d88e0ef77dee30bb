//! Dates and times as people write them in English and French, in UTC: for explanations here and for every page that has no words of its
//! own for them. A text that is no date stays as it is.

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

/// As in "1 January 2027, 09:30 UTC".
pub fn in_english(at: &Timestamp) -> String {
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

/// As in « 1er janvier 2027 à 9 h 30 (UTC) », with no-break spaces.
pub fn in_french(at: &Timestamp) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_words() {
        for (at, english, french) in [
            (
                "2026-11-01T09:05:59.999Z",
                "1 November 2026, 09:05 UTC",
                "1er\u{a0}novembre 2026 à 9\u{a0}h\u{a0}05 (UTC)",
            ),
            (
                "2019-06-11T22:40:00Z",
                "11 June 2019, 22:40 UTC",
                "11\u{a0}juin 2019 à 22\u{a0}h\u{a0}40 (UTC)",
            ),
            (
                "2027-12-31T00:00:00Z",
                "31 December 2027, 00:00 UTC",
                "31\u{a0}décembre 2027 à 0\u{a0}h\u{a0}00 (UTC)",
            ),
        ] {
            let at = Timestamp::parse(at).unwrap();
            assert_eq!(in_english(&at), english);
            assert_eq!(in_french(&at), french);
        }
    }
}
