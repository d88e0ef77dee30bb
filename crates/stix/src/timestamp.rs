//! Times as they were written. Invariant: a [`Timestamp`] keeps its text; equality and order are those of the exact instant.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

/// A STIX timestamp (STIX 2.1 §2.16, RFC 3339 in UTC), with as many fraction digits as its author wrote, up to 99.
///
/// Two versions of an object that differ in the ninth digit are two versions, so nothing is rounded:
///
/// ```
/// use stix::Timestamp;
/// let a: Timestamp = "2024-05-01T12:00:00.123456788Z".parse()?;
/// let b: Timestamp = "2024-05-01T12:00:00.123456789Z".parse()?;
/// assert!(a < b);
/// let c: Timestamp = "2024-05-01T12:00:00.1Z".parse()?;
/// let d: Timestamp = "2024-05-01T12:00:00.100Z".parse()?;
/// assert_eq!(c, d); // one instant
/// assert_ne!(c.version_key(), d.version_key()); // two spellings
/// # Ok::<(), stix::TimestampError>(())
/// ```
#[derive(Clone)]
pub struct Timestamp(Arc<str>);

/// Why a text is no timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// Not `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, with capital `T` and `Z`.
    Form,
    /// A month, day, hour, minute or second that does not exist.
    Calendar,
    /// A time zone other than `Z`: convert to UTC.
    Zone,
    /// More than 99 fraction digits.
    Fraction,
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "a timestamp has the form 2024-05-01T12:00:00.000Z",
            Self::Calendar => "a timestamp names a day or an hour that does not exist",
            Self::Zone => "a timestamp must be in UTC and end in Z",
            Self::Fraction => "a timestamp has at most 99 fraction digits",
        })
    }
}

impl std::error::Error for TimestampError {}

/// Length of `YYYY-MM-DDTHH:MM:SS`.
const SECONDS: usize = 19;
const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Timestamp {
    /// Reads a timestamp.
    ///
    /// # Errors
    /// A [`TimestampError`] that says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        Self::validate(text)?;
        Ok(Self(text.into()))
    }

    /// [`parse`](Self::parse) without keeping the text.
    ///
    /// # Errors
    /// As `parse`.
    pub fn validate(text: &str) -> Result<(), TimestampError> {
        let bytes = text.as_bytes();
        let Some((seconds, rest)) = bytes.split_at_checked(SECONDS) else {
            return Err(TimestampError::Form);
        };
        for (byte, form) in seconds.iter().zip(b"0000-00-00T00:00:00") {
            let fits = if *form == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == form
            };
            if !fits {
                return Err(TimestampError::Form);
            }
        }
        let number = |range: std::ops::Range<usize>| {
            seconds[range]
                .iter()
                .fold(0_u32, |n, d| n * 10 + u32::from(d - b'0'))
        };
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        let (hour, minute, second) = (number(11..13), number(14..16), number(17..19));
        let leap_second =
            second == 60 && hour == 23 && minute == 59 && day == days_in_month(year, month);
        let exists = (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && (second < 60 || leap_second);
        if !exists {
            return Err(TimestampError::Calendar);
        }
        let zone = match rest {
            [b'.', fraction @ ..] => {
                let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
                match digits {
                    0 => return Err(TimestampError::Form),
                    1..=99 => &fraction[digits..],
                    _ => return Err(TimestampError::Fraction),
                }
            }
            _ => rest,
        };
        match zone {
            b"Z" => Ok(()),
            [b'+' | b'-', ..] => Err(TimestampError::Zone),
            _ => Err(TimestampError::Form),
        }
    }

    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z, written as TAXII does: six digits and `Z`.
    ///
    /// What lies outside the years 0000 to 9999 becomes the nearest instant inside.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(String::from_utf8_lossy(&Self::text_of(micros)).into())
    }

    /// The text of [`Timestamp::from_micros`], for whoever writes many.
    #[must_use]
    pub fn text_of(micros: i64) -> [u8; 27] {
        let micros = micros.clamp(
            -62_167_219_200 * MICROS_PER_SECOND,
            253_402_300_800 * MICROS_PER_SECOND - 1,
        );
        let (seconds, fraction) = (
            micros.div_euclid(MICROS_PER_SECOND),
            micros.rem_euclid(MICROS_PER_SECOND),
        );
        let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
        let rest = seconds.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        // Every answer carries some: digit by digit is several times as fast as by a format.
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        for (range, number) in [
            (0..4, year),
            (5..7, month),
            (8..10, day),
            (11..13, hour),
            (14..16, minute),
            (17..19, second),
            (20..26, fraction),
        ] {
            let mut left = number;
            for digit in text[range].iter_mut().rev() {
                *digit += u8::try_from(left % 10).unwrap_or(0);
                left /= 10;
            }
        }
        text
    }

    /// Microseconds since 1970-01-01T00:00:00Z, rounded down. A leap second counts as the second after it.
    #[must_use]
    pub fn micros(&self) -> i64 {
        let number = |range: std::ops::Range<usize>| {
            self.0.as_bytes()[range]
                .iter()
                .fold(0_i64, |n, d| n * 10 + i64::from(d - b'0'))
        };
        let days = days_from_civil(number(0..4), number(5..7), number(8..10));
        let seconds =
            days * SECONDS_PER_DAY + number(11..13) * 3600 + number(14..16) * 60 + number(17..19);
        let fraction = self
            .fraction()
            .bytes()
            .chain(std::iter::repeat(b'0'))
            .take(6)
            .fold(0, |n, d| n * 10 + i64::from(d - b'0'));
        seconds * MICROS_PER_SECOND + fraction
    }

    /// The text as its author wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `YYYY-MM-DDTHH:MM:SS[.fraction without trailing zeros]`: the order of these texts is the order of the instants.
    #[must_use]
    pub fn sortable(&self) -> String {
        let mut key = String::with_capacity(self.0.len() + 2);
        self.write_sortable(&mut key);
        key
    }

    /// [`sortable`](Self::sortable), a space, and the number of fraction digits written, in two digits.
    ///
    /// Different for two spellings of one instant, and still in the order of the instants.
    #[must_use]
    pub fn version_key(&self) -> String {
        let mut key = String::with_capacity(self.0.len() + 2);
        self.write_sortable(&mut key);
        let digits = self.fraction().len();
        key.push(' ');
        key.push(char::from(b'0' + (digits / 10) as u8));
        key.push(char::from(b'0' + (digits % 10) as u8));
        key
    }

    fn write_sortable(&self, key: &mut String) {
        key.push_str(&self.0[..SECONDS]);
        let fraction = self.fraction().trim_end_matches('0');
        if !fraction.is_empty() {
            key.push('.');
            key.push_str(fraction);
        }
    }

    /// The digits after the dot; empty without a dot.
    fn fraction(&self) -> &str {
        self.0
            .get(SECONDS + 1..self.0.len() - 1)
            .unwrap_or_default()
    }

    fn instant(&self) -> (&str, &str) {
        (&self.0[..SECONDS], self.fraction().trim_end_matches('0'))
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant() == other.instant()
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant().cmp(&other.instant())
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant().hash(state);
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        Self::parse(text)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counted in years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn timestamps_are_read_or_refused() {
        let cases = [
            ("2017-06-01T00:00:00Z", Ok("2017-06-01T00:00:00")),
            ("2017-06-01T00:00:00.000Z", Ok("2017-06-01T00:00:00")),
            (
                "2017-06-01T00:00:00.120300Z",
                Ok("2017-06-01T00:00:00.1203"),
            ),
            (
                "2024-02-29T00:00:00.1234567891Z",
                Ok("2024-02-29T00:00:00.1234567891"),
            ),
            ("0000-01-01T00:00:00Z", Ok("0000-01-01T00:00:00")),
            ("2016-12-31T23:59:60Z", Ok("2016-12-31T23:59:60")),
            ("2016-12-30T23:59:60Z", Err(TimestampError::Calendar)),
            ("2023-02-29T00:00:00Z", Err(TimestampError::Calendar)),
            ("2024-13-01T00:00:00Z", Err(TimestampError::Calendar)),
            ("2024-01-00T00:00:00Z", Err(TimestampError::Calendar)),
            ("2024-01-01T24:00:00Z", Err(TimestampError::Calendar)),
            ("2024-01-01T00:60:00Z", Err(TimestampError::Calendar)),
            ("2024-01-01T00:00:00+00:00", Err(TimestampError::Zone)),
            ("2024-01-01T00:00:00.5+02:00", Err(TimestampError::Zone)),
            ("2024-01-01T00:00:00.Z", Err(TimestampError::Form)),
            ("2024-01-01T00:00:00", Err(TimestampError::Form)),
            ("2024-01-01t00:00:00z", Err(TimestampError::Form)),
            ("2024-01-01 00:00:00Z", Err(TimestampError::Form)),
            ("2024-01-01T00:00:00ZZ", Err(TimestampError::Form)),
            ("2024-01-01T00:00:0\u{660}Z", Err(TimestampError::Form)),
            ("yesterday", Err(TimestampError::Form)),
            ("", Err(TimestampError::Form)),
        ];
        for (text, expected) in cases {
            let found = Timestamp::parse(text).map(|t| t.sortable());
            assert_eq!(found.as_deref().map_err(|e| *e), expected, "{text}");
        }
        assert!(Timestamp::parse(&format!("2024-01-01T00:00:00.{}Z", "1".repeat(99))).is_ok());
        assert_eq!(
            Timestamp::parse(&format!("2024-01-01T00:00:00.{}Z", "1".repeat(100))),
            Err(TimestampError::Fraction)
        );
    }

    #[test]
    fn version_keys_tell_spellings_apart_and_keep_the_order() {
        let ascending = [
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00.0Z",
            "2024-01-01T00:00:00.000Z",
            "2024-01-01T00:00:00.000000001Z",
            "2024-01-01T00:00:00.1Z",
            "2024-01-01T00:00:00.100Z",
            "2024-01-01T00:00:00.11Z",
            "2024-01-01T00:00:01Z",
        ];
        let keys: Vec<_> = ascending.iter().map(|t| at(t).version_key()).collect();
        assert_eq!(keys[2], "2024-01-01T00:00:00 03");
        assert_eq!(keys[4], "2024-01-01T00:00:00.1 01");
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        assert!(ascending.is_sorted_by_key(|t| at(t)));
    }

    #[test]
    fn clocks_and_texts_agree() {
        let cases = [
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (1_709_164_800_000_001, "2024-02-29T00:00:00.000001Z"),
            (i64::MAX, "9999-12-31T23:59:59.999999Z"),
            (i64::MIN, "0000-01-01T00:00:00.000000Z"),
        ];
        for (micros, text) in cases {
            assert_eq!(Timestamp::from_micros(micros).as_str(), text);
        }
        assert_eq!(at("1969-12-31T23:59:59.9999999Z").micros(), -1);
        assert_eq!(
            at("2024-02-29T00:00:00.0000019Z").micros(),
            1_709_164_800_000_001
        );
        for day in (-700_000..2_900_000).step_by(37) {
            let micros = day * SECONDS_PER_DAY * MICROS_PER_SECOND + 5;
            assert_eq!(Timestamp::from_micros(micros).micros(), micros);
        }
    }
}
