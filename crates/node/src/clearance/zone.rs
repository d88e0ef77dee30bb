//! Deadlines as people put them: a date, a time, a zone. The table of zones is the program's own, so that every machine agrees.

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, tz::Offset};

use crate::clock::Micros;

/// A time zone.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

/// Why a date, a time and a zone are no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMoment {
    /// No such zone.
    #[error("there is no such time zone")]
    Zone,
    /// No such date or time.
    #[error("there is no such date or time")]
    Unreadable,
    /// Clocks are put forward over it.
    #[error("this time does not exist on that day: clocks are put forward over it")]
    Skipped,
    /// Clocks are put back over it.
    #[error("this time comes twice on that day: clocks are put back over it")]
    Twice,
}

impl Zone {
    /// The zone of an IANA name.
    ///
    /// # Errors
    /// [`NoMoment::Zone`].
    pub fn named(name: &str) -> Result<Self, NoMoment> {
        let zone = TimeZoneDatabase::bundled()
            .get(name)
            .map_err(|_| NoMoment::Zone)?;
        Ok(Self {
            name: zone.iana_name().unwrap_or(name).to_owned(),
            zone,
        })
    }

    /// The names of all that people use: continents and oceans, and UTC first.
    #[must_use]
    pub fn all() -> Vec<String> {
        const PARTS: [&str; 8] = [
            "Africa",
            "America",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
        ];
        let table = TimeZoneDatabase::bundled();
        let named = table.available().map(|name| name.as_str().to_owned());
        let mut names: Vec<String> = named
            .filter(|name| {
                name.split_once('/')
                    .is_some_and(|(part, _)| PARTS.contains(&part))
            })
            .collect();
        names.sort_unstable();
        names.insert(0, "UTC".to_owned());
        names
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The moment of a date (`2026-11-27`) and a time (`15:00`) there.
    ///
    /// # Errors
    /// [`NoMoment`]; a time that comes twice or never is asked again rather than guessed.
    pub fn moment(&self, date: &str, time: &str) -> Result<Micros, NoMoment> {
        let date: Date = date.trim().parse().map_err(|_| NoMoment::Unreadable)?;
        let time: Time = time.trim().parse().map_err(|_| NoMoment::Unreadable)?;
        let offset: Offset = match self
            .zone
            .to_ambiguous_timestamp(date.to_datetime(time))
            .offset()
        {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { .. } => return Err(NoMoment::Skipped),
            AmbiguousOffset::Fold { .. } => return Err(NoMoment::Twice),
        };
        let moment = offset.to_timestamp(date.to_datetime(time));
        moment
            .map(|moment| moment.as_microsecond())
            .map_err(|_| NoMoment::Unreadable)
    }

    /// The first moment of a day (`2026-11-27`) there, and the first of the next.
    ///
    /// # Errors
    /// [`NoMoment::Unreadable`].
    pub fn day(&self, date: &str) -> Result<(Micros, Micros), NoMoment> {
        let date: Date = date.trim().parse().map_err(|_| NoMoment::Unreadable)?;
        let next = date.tomorrow().map_err(|_| NoMoment::Unreadable)?;
        let first = |day: Date| {
            let begins = day.to_zoned(self.zone.clone());
            begins
                .map(|begins| begins.timestamp().as_microsecond())
                .map_err(|_| NoMoment::Unreadable)
        };
        Ok((first(date)?, first(next)?))
    }

    /// The date (`2026-11-27`) and the time (`15:00`) there at a moment.
    #[must_use]
    pub fn shows(&self, at: Micros) -> (String, String) {
        let Ok(at) = Timestamp::from_microsecond(at) else {
            return (String::new(), String::new());
        };
        let shown = self.zone.to_datetime(at);
        (
            shown.date().to_string(),
            format!("{:02}:{:02}", shown.hour(), shown.minute()),
        )
    }
}
