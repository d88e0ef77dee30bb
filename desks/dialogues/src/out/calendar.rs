//! iCalendar (RFC 5545): whole days, folded lines, escaped text. Invariant: no line is longer than 75 octets, and a date that is not known
//! to the day is an entry of its last day only where something is due, else of its first.

use crate::rules::dates::{Stretch, civil};

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is about, by id.
    pub id: String,
    /// When it was last changed, in microseconds.
    pub changed: i64,
    /// The first day, as printed.
    pub start: String,
    /// The last.
    pub end: Option<String>,
    /// What it says.
    pub title: String,
    /// Where.
    pub place: Option<String>,
    /// The moment itself, in microseconds, where it is one and not a day.
    pub moment: Option<i64>,
}

const DAY: i64 = 86_400_000_000;

fn day(micros: i64) -> String {
    let (year, month, day) = civil(micros);
    format!("{year:04}{month:02}{day:02}")
}

fn moment(micros: i64) -> String {
    let seconds = micros.div_euclid(1_000_000).rem_euclid(86_400);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{}T{hour:02}{minute:02}{second:02}Z", day(micros))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, folded where it would be too long, between characters.
fn line(out: &mut String, text: &str) {
    let mut length = 0;
    for c in text.chars() {
        if length + c.len_utf8() > 74 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// The calendar of some entries. What has no date is left out.
pub fn write(name: &str, entries: &[Entry]) -> String {
    let mut out = String::new();
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Entente//dialogues//EN",
        "CALSCALE:GREGORIAN",
    ] {
        line(&mut out, text);
    }
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    for entry in entries {
        let days = Stretch::parse(&entry.start).map(|start| {
            let end = entry.end.as_deref().and_then(Stretch::parse);
            // A partial date covers all the days that it leaves open; a moment the day on which it lies.
            let first = start.first.div_euclid(DAY) * DAY;
            let last = end.map_or(start.last, |end| end.last).max(start.last);
            (first, last.div_euclid(DAY) * DAY + DAY)
        });
        let when = match (entry.moment, days) {
            (Some(at), _) => vec![format!("DTSTART:{}", moment(at))],
            (None, Some((first, after))) => vec![
                format!("DTSTART;VALUE=DATE:{}", day(first)),
                format!("DTEND;VALUE=DATE:{}", day(after)),
            ],
            (None, None) => continue,
        };
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}", entry.id));
        line(&mut out, &format!("DTSTAMP:{}", moment(entry.changed)));
        for when in when {
            line(&mut out, &when);
        }
        line(&mut out, &format!("SUMMARY:{}", escaped(&entry.title)));
        if let Some(place) = &entry.place {
            line(&mut out, &format!("LOCATION:{}", escaped(place)));
        }
        line(&mut out, "TRANSP:TRANSPARENT");
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}
