//! A partial date, and the few sums that are done with dates.
//! Invariant: nothing is invented; a sum over a part that is not known gives nothing.

use std::fmt;

/// A date of which some parts may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Date {
    /// Year, if given.
    pub(crate) year: Option<i32>,
    /// Month, if given.
    pub(crate) month: Option<u32>,
    /// Day, if given.
    pub(crate) day: Option<u32>,
    /// "About".
    pub(crate) about: bool,
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(y) => write!(f, "{y:04}")?,
            None => f.write_str("XXXX")?,
        }
        if let Some(m) = self.month {
            write!(f, "-{m:02}")?;
            if let Some(d) = self.day {
                write!(f, "-{d:02}")?;
            }
        }
        if self.about { f.write_str("~") } else { Ok(()) }
    }
}

impl Date {
    /// A key that orders dates; unknown parts come first.
    pub(crate) fn order(&self) -> (i32, u32, u32) {
        (
            self.year.unwrap_or(0),
            self.month.unwrap_or(0),
            self.day.unwrap_or(0),
        )
    }

    /// Days since 1 March 0000 in the proleptic Gregorian calendar.
    fn days(&self) -> Option<i32> {
        let (year, month) = (self.year?, i32::try_from(self.month?).ok()?);
        let (y, m) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        Some(
            365 * y + y.div_euclid(4) - y.div_euclid(100)
                + y.div_euclid(400)
                + (153 * m + 2) / 5
                + i32::try_from(self.day?).ok()?
                - 1,
        )
    }

    /// The day of the week, Monday being 0.
    pub(crate) fn weekday(&self) -> Option<u32> {
        // 1 March 0000 was a Wednesday.
        u32::try_from((self.days()? + 2).rem_euclid(7)).ok()
    }

    /// That many days earlier, at most a week.
    pub(crate) fn days_earlier(&self, days: u32) -> Option<Date> {
        const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let (year, month, day) = (self.year?, self.month?, self.day?);
        if day > days {
            return Some(Date {
                day: Some(day - days),
                ..*self
            });
        }
        let (year, month) = if month == 1 {
            (year - 1, 12)
        } else {
            (year, month - 1)
        };
        let leap = month == 2 && (year % 4 == 0 && year % 100 != 0 || year % 400 == 0);
        let length = LENGTHS.get(usize::try_from(month).ok()? - 1)? + u32::from(leap);
        Some(Date {
            year: Some(year),
            month: Some(month),
            day: Some(day + length - days),
            about: self.about,
        })
    }

    /// That many months later, to the month.
    pub(crate) fn months_later(&self, months: u32) -> Option<Date> {
        let (year, month) = (self.year?, self.month?);
        let total = u32::try_from(year).ok()? * 12 + month - 1 + months;
        Some(Date {
            year: i32::try_from(total / 12).ok(),
            month: Some(total % 12 + 1),
            day: None,
            about: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_week() {
        let date = |year, month, day| Date {
            year: Some(year),
            month: Some(month),
            day: Some(day),
            about: false,
        };
        for (given, weekday) in [
            (date(2024, 5, 7), 1),
            (date(2000, 2, 29), 1),
            (date(1999, 12, 31), 4),
            (date(2026, 11, 22), 6),
        ] {
            assert_eq!(given.weekday(), Some(weekday), "{given}");
        }
        assert_eq!(date(2024, 3, 1).days_earlier(1), Some(date(2024, 2, 29)));
        assert_eq!(date(2023, 1, 3).days_earlier(5), Some(date(2022, 12, 29)));
        assert_eq!(Date::default().days_earlier(1), None);
    }
}
