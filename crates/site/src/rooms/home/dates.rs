//! Dates and times on pages, in UTC and in words.

use stix::Timestamp;

use crate::locale::Voice as Language;

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

/// Microseconds since 1970 as `21 November 2026, 22:40 UTC` or `21 novembre 2026, 22 h 40 (UTC)`.
pub(crate) fn time(micros: i64, language: Language) -> String {
    written(&Timestamp::from_micros(micros), language)
}

/// The same of a time that somebody wrote; what is no date stays as it is.
pub(crate) fn written(at: &Timestamp, language: Language) -> String {
    let text = at.as_str();
    parts(text, language).unwrap_or_else(|| text.to_owned())
}

fn parts(text: &str, language: Language) -> Option<String> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<usize>().ok();
    let (year, hour, minute) = (text.get(..4)?, text.get(11..13)?, text.get(14..16)?);
    let (month, day) = (MONTHS.get(number(5..7)?.checked_sub(1)?)?, number(8..10)?);
    Some(match language {
        Language::English => format!("{day} {} {year}, {hour}:{minute} UTC", month.0),
        Language::French => {
            let first = if day == 1 { "er" } else { "" };
            let hour = number(11..13)?;
            format!(
                "{day}{first}\u{a0}{} {year}, {hour}\u{a0}h\u{a0}{minute} (UTC)",
                month.1
            )
        }
    })
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
                "1er\u{a0}novembre 2026, 9\u{a0}h\u{a0}05 (UTC)",
            ),
            (
                "2019-06-11T22:40:00Z",
                "11 June 2019, 22:40 UTC",
                "11\u{a0}juin 2019, 22\u{a0}h\u{a0}40 (UTC)",
            ),
        ] {
            let at = Timestamp::parse(at).unwrap();
            assert_eq!(written(&at, Language::English), english);
            assert_eq!(written(&at, Language::French), french);
            assert_eq!(time(at.micros(), Language::English), english);
        }
    }
}
