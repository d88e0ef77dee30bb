//! Dates as texts print them: a year, a month, a day, or about one of them. Invariant: what a partial date leaves open stays open: it is a
//! stretch from its first moment to its last, and nothing is made up in between.

use stix::Timestamp;

const DAY: i64 = 86_400_000_000;
/// How far "about" reaches, either way, in months.
const ABOUT: i64 = 2;

/// The stretch of time that a date leaves open, in microseconds, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first moment.
    pub first: i64,
    /// The last.
    pub last: i64,
}

/// The days from 1 January 1970 to a day of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day of the calendar on which a moment lies: year, month, day.
pub fn civil(micros: i64) -> (i64, i64, i64) {
    let days = micros.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = years + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// The first moment of a month that may lie beyond December or before January.
fn month(year: i64, month: i64) -> i64 {
    let months = year * 12 + month - 1;
    days(months.div_euclid(12), months.rem_euclid(12) + 1, 1) * DAY
}

/// How many days a month has.
fn length(year: i64, of: i64) -> i64 {
    (month(year, of + 1) - month(year, of)) / DAY
}

impl Stretch {
    /// Reads an ISO date, perhaps partial, `~` for about; a whole time counts as its moment.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains('T') {
            let at = Timestamp::parse(text).ok()?.micros();
            return Some(Self {
                first: at,
                last: at,
            });
        }
        let (text, about) = match text.strip_suffix('~') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
        let year = parts.next()??;
        let (of, day) = (parts.next(), parts.next());
        if parts.next().is_some() || !(1..=9_999).contains(&year) {
            return None;
        }
        let stretch = match (of, day) {
            (None, _) => Self {
                first: month(year, 1),
                last: month(year + 1, 1) - 1,
            },
            (Some(of), day) => {
                let of = of.filter(|of| (1..=12).contains(of))?;
                match day {
                    None => Self {
                        first: month(year, of),
                        last: month(year, of + 1) - 1,
                    },
                    Some(day) => {
                        let day = day.filter(|day| (1..=length(year, of)).contains(day))?;
                        let first = days(year, of, day) * DAY;
                        Self {
                            first,
                            last: first + DAY - 1,
                        }
                    }
                }
            }
        };
        Some(if about { stretch.wider() } else { stretch })
    }

    /// The same, as far as "about" reaches.
    fn wider(self) -> Self {
        let (from, to) = (civil(self.first), civil(self.last));
        Self {
            first: month(from.0, from.1 - ABOUT),
            last: month(to.0, to.1 + ABOUT + 1) - 1,
        }
    }

    /// Whether two stretches have a moment in common.
    pub fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// The latest moment of a date, as records have times.
pub fn by(text: &str) -> Option<String> {
    // Whole seconds: a time is read by people too.
    let last = Stretch::parse(text)?.last / 1_000_000 * 1_000_000;
    Some(Timestamp::from_micros(last).as_str().to_owned())
}

/// The first moment of a date, as records have times.
pub fn from(text: &str) -> Option<String> {
    let first = Stretch::parse(text.trim_end_matches('~'))?.first;
    Some(Timestamp::from_micros(first).as_str().to_owned())
}

/// Whether two dates contradict each other: no day is both.
pub fn contradict(a: &str, b: &str) -> bool {
    match (Stretch::parse(a), Stretch::parse(b)) {
        (Some(a), Some(b)) => !a.meets(b),
        _ => false,
    }
}
