//! A time line: events by date, in lanes so that their names don't touch.

use std::fmt;

use super::{Dot, Drawn, WIDE};
use crate::locale::Words;

/// Something that happened, or is to happen.
#[derive(Debug, Clone)]
pub struct Event {
    /// The day, as `2026-11-22`.
    pub day: String,
    /// What.
    pub name: String,
    /// Where it leads.
    pub path: Option<String>,
    /// Whether it is yet to come.
    pub ahead: bool,
}

/// A time line.
#[derive(Debug, Clone)]
pub struct Timeline(Drawn);

impl askama::filters::HtmlSafe for Timeline {}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// About how wide a letter of a name is.
const LETTER: f64 = 7.0;
const LANE: f64 = 26.0;
const EDGE: f64 = 30.0;

impl Timeline {
    /// Draws events; those whose day can't be read are in the table only.
    pub fn of(words: &Words, title: &str, mut events: Vec<Event>) -> Self {
        events.sort_by(|one, other| one.day.cmp(&other.day));
        let days: Vec<Option<f64>> = events.iter().map(|event| days(&event.day)).collect();
        let known = || days.iter().flatten().copied();
        let (first, last) = (
            known().fold(f64::INFINITY, f64::min),
            known().fold(f64::NEG_INFINITY, f64::max),
        );
        let mut drawn = Drawn::new(words, title, words.t1("figure-events", "n", events.len()));
        let span = (last - first).max(1.0);
        let place = |day: f64| EDGE + (day - first) / span * (WIDE - 2.0 * EDGE);
        let mut ends: Vec<f64> = Vec::new();
        let mut marks = Vec::new();
        for (event, day) in events.iter().zip(&days) {
            let Some(day) = day else { continue };
            let x = place(*day);
            let width = (event.name.chars().count() as f64 * LETTER).min(400.0) + 20.0;
            // Towards the end of the line names stand before their dots.
            let before = x + width > WIDE;
            let begin = if before { (x - width).max(0.0) } else { x };
            let free = ends.iter().position(|end| *end <= begin);
            let lane = free.unwrap_or(ends.len());
            let end = if before { x + 12.0 } else { begin + width };
            match free {
                Some(lane) => ends[lane] = end,
                None => ends.push(end),
            }
            marks.push((event, x, lane, before));
        }
        let ground = ends.len() as f64 * LANE + 18.0;
        drawn.high = ground + 30.0;
        for (event, x, lane, before) in marks {
            let y = ground - 22.0 - lane as f64 * LANE;
            drawn.line((x, y + 4.0), (x, ground), "fine");
            drawn.dots.push(Dot {
                at: (x, y),
                size: 4.5,
                class: if event.ahead { "ahead" } else { "past" },
            });
            let name = super::cut(&event.name, 58);
            let (at, anchor) = if before {
                (x - 9.0, "end")
            } else {
                (x + 9.0, "start")
            };
            drawn.text((at, y + 4.5), anchor, "name", &name);
        }
        drawn.line((0.0, ground), (WIDE, ground), "axis");
        if first.is_finite() {
            for year in years(&events) {
                if let Some(day) = days_of_year(&year).filter(|day| (first..=last).contains(day)) {
                    let x = place(day);
                    drawn.line((x, ground), (x, ground + 6.0), "axis");
                    drawn.text((x, ground + 21.0), "middle", "figure", &year);
                }
            }
        }
        drawn.columns = vec![words.t("figure-day"), words.t("figure-what")];
        drawn.rows = events
            .iter()
            .map(|event| {
                let day = words
                    .date_of(&event.day)
                    .unwrap_or_else(|| event.day.clone());
                vec![(None, day), (event.path.clone(), event.name.clone())]
            })
            .collect();
        drawn.pictured = first.is_finite();
        Self(drawn.turned(words))
    }
}

fn years(events: &[Event]) -> Vec<String> {
    let mut years: Vec<String> = events
        .iter()
        .filter_map(|event| event.day.get(..4).map(str::to_owned))
        .collect();
    years.dedup();
    years
}

fn days_of_year(year: &str) -> Option<f64> {
    days(&format!("{year}-01-01"))
}

/// Days since some beginning, by the civil calendar.
fn days(day: &str) -> Option<f64> {
    let number = |range: std::ops::Range<usize>| day.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let all = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some(all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years() {
        let apart = |one, other| days(other).unwrap() - days(one).unwrap();
        assert_eq!(apart("2024-02-28", "2024-03-01"), 2.0);
        assert_eq!(apart("2026-02-28", "2026-03-01"), 1.0);
        assert_eq!(apart("1999-12-31", "2000-12-31"), 366.0);
        assert_eq!(days("2026-13-01"), None);
        assert_eq!(days("soon"), None);
    }
}
