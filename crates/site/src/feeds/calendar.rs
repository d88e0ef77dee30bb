//! Calendars: iCalendar (RFC 5545) of what has a date. Whole days, folded lines, escaped text.
//!
//! Invariant: no line is longer than 75 octets; each entry carries its label; what has no date has no place in it.

use policy::Released;
use stix::Timestamp;

use super::base;
use crate::shell::answer::Page;
use crate::shell::desk::{Dated, When};
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

/// The octets of a line, without its end.
const LINE: usize = 74;

/// A moment with digits alone: `20261125T113000Z`.
fn moment(micros: i64) -> String {
    let at = Timestamp::from_micros(micros);
    let kept = at.as_str().chars().filter(|c| !matches!(c, '-' | ':'));
    let digits: String = kept.take(15).collect();
    format!("{digits}Z")
}

fn day(micros: i64) -> String {
    moment(micros).chars().take(8).collect()
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
        if length + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

fn write((name, note): (&str, Option<&str>), at: &str, entries: &[Dated]) -> String {
    let mut out = String::new();
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Entente//Entente//EN",
        "CALSCALE:GREGORIAN",
    ] {
        line(&mut out, text);
    }
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    if let Some(note) = note {
        line(&mut out, &format!("X-WR-CALDESC:{}", escaped(note)));
    }
    for entry in entries {
        let when = match entry.when {
            When::Open => continue,
            When::Moment(at) => vec![format!("DTSTART:{}", moment(at))],
            When::Days(first, after) => vec![
                format!("DTSTART;VALUE=DATE:{}", day(first)),
                format!("DTEND;VALUE=DATE:{}", day(after)),
            ],
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
        if let Some(label) = &entry.label {
            let label = Tlp::of(label.class.tlp()).text;
            line(&mut out, &format!("CATEGORIES:{}", escaped(&label)));
        }
        if entry.cancelled {
            line(&mut out, "STATUS:CANCELLED");
        }
        line(&mut out, &format!("URL:{at}{}", entry.path));
        line(&mut out, "TRANSP:TRANSPARENT");
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

/// The calendar of what was released to whoever reads, as a file of this name.
pub fn calendar(visitor: &Visitor, name: &str, file: &str, entries: Released<Vec<Dated>>) -> Page {
    let at = base(visitor);
    let note = visitor.ended();
    let text = entries.map(|entries| write((name, note.as_deref()), &at, &entries));
    Page::of("text/calendar; charset=utf-8", text).as_file(file)
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::shell::desk::{Dated, When};

    fn entry(title: &str, when: When) -> Dated {
        Dated {
            id: "case:1:silence".into(),
            path: "/clearance/cases/1".into(),
            title: title.into(),
            when,
            told: String::new(),
            place: None,
            changed: 0,
            awaits: false,
            cancelled: false,
            label: None,
        }
    }

    #[test]
    fn moments_days_and_folded_lines() {
        let at = 1_795_606_200_000_000_i64;
        let day = at - at.rem_euclid(86_400_000_000);
        let entries = [
            entry("é;".repeat(60).as_str(), When::Moment(at)),
            entry("b\nc", When::Days(day, day + 86_400_000_000)),
            entry("waits", When::Open),
        ];
        let text = write(("A, b", Some("c, d")), "https://n", &entries);
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        for line in [
            "X-WR-CALNAME:A\\, b\r\n",
            "DTSTAMP:19700101T000000Z\r\n",
            "DTSTART:20261125T113000Z\r\n",
            "DTSTART;VALUE=DATE:20261125\r\nDTEND;VALUE=DATE:20261126\r\n",
            "SUMMARY:b\\nc\r\n",
            "URL:https://n/clearance/cases/1\r\n",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
        assert!(text.replace("\r\n ", "").contains(&"é\\;".repeat(60)));
    }
}
