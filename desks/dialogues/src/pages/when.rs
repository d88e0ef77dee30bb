//! How dates read on a page, however much of one is known: a day, a month, a year, or about then.

use super::view::Eyes;
use crate::records::Session;
use crate::rules::dates;

/// Whether a date has its day: in French it takes an article then, a month or a year none.
fn is_day(date: &str) -> bool {
    date.len() == "2027-06-30".len()
}

impl Eyes<'_> {
    /// A date as printed, however much of it there is.
    pub(super) fn date(&self, text: &str) -> String {
        let (plain, about) = match text.strip_suffix('~') {
            Some(plain) => (plain, true),
            None => (text, false),
        };
        let month = plain.get(5..7).and_then(|month| month.parse::<u32>().ok());
        let written = match (plain.len(), month) {
            (7, Some(month)) if (1..=12).contains(&month) => format!(
                "{} {}",
                self.words.t(&format!("month-{month}")),
                plain.get(..4).unwrap_or_default()
            ),
            _ => self
                .words
                .date_of(plain)
                .unwrap_or_else(|| plain.to_owned()),
        };
        match about {
            true if is_day(plain) => self.words.t1("dialogues-about-day", "date", written),
            true => self.words.t1("dialogues-about", "date", written),
            false => written,
        }
    }

    /// For when and where a session was announced, as far as that was said.
    pub(super) fn announced(&self, date: Option<&str>, place: Option<&str>) -> String {
        let words = self.words;
        let for_when = |date: &str| {
            let (plain, key) = match date.strip_suffix('~') {
                Some(plain) if is_day(plain) => (plain, "dialogues-announced-about-day"),
                Some(plain) => (plain, "dialogues-announced-about"),
                None if is_day(date) => (date, "dialogues-announced-day"),
                None => (date, "dialogues-announced-for"),
            };
            words.t1(key, "date", self.date(plain))
        };
        let when = date.map_or_else(|| words.t("dialogues-announced"), for_when);
        match place.map(|place| self.place(place)) {
            Some(place) => words.t2("dialogues-announced-in", "when", when, "place", place),
            None => when,
        }
    }

    /// A day that lies ahead or behind: the date, and how far it is.
    pub(super) fn away(&self, days: i64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "days are few")]
        let days = days as f64;
        self.words.t1("dialogues-in-days", "days", days)
    }

    /// How far a session that is not over lies ahead: in days where it has a day, else the month or the year that it is planned for.
    pub(super) fn ahead(&self, session: &Session) -> String {
        let words = self.words;
        let date = session.start.as_deref().unwrap_or(&session.starts);
        let Some(stretch) = dates::Stretch::parse(date) else {
            return String::new();
        };
        if date.ends_with('~') {
            return self.date(date);
        }
        // Of a year or a month nobody knows the day.
        match date.len() {
            4 | 7 if stretch.first > self.now => {
                words.t1("dialogues-in-stretch", "date", self.date(date))
            }
            4 => words.t("dialogues-this-year"),
            7 => words.t("dialogues-this-month"),
            _ => {
                let far = (stretch.first - self.now).max(0);
                self.away((far + 86_399_999_999) / 86_400_000_000)
            }
        }
    }
}
