//! Dates, times and lists, as each language's `format.ftl` has them.

use node::health::Size;
use stix::Timestamp;

use super::words::{Arg, Words};

/// Begins a stretch that is read from right to left, whatever stands around it (Unicode Standard Annex 9, RLI).
const RIGHT_TO_LEFT: char = '\u{2067}';
/// Ends it (PDI).
const END: char = '\u{2069}';
/// All that begin such a stretch, and what ends one.
const ISOLATES: [char; 4] = ['\u{2066}', RIGHT_TO_LEFT, '\u{2068}', END];

impl Words {
    /// A moment with its zone: `21 November 2026, 22:40 UTC`, `21 novembre 2026, 22 h 40 (UTC)`. Microseconds since 1970.
    pub fn moment(&self, micros: i64) -> String {
        self.moment_of(&Timestamp::from_micros(micros))
    }

    /// The same of a time that somebody wrote; what is no time stays as it is.
    pub fn moment_of(&self, at: &Timestamp) -> String {
        let text = at.as_str();
        let made = self
            .date_of(text)
            .zip(text.get(11..13).zip(text.get(14..16)));
        made.map_or_else(
            || text.to_owned(),
            |(date, (hour, minute))| {
                let short = hour.strip_prefix('0').unwrap_or(hour);
                let places = [
                    ("date", Arg::from(date)),
                    ("time", Arg::from(format!("{hour}:{minute}"))),
                    ("hour", Arg::from(hour)),
                    ("short", Arg::from(short)),
                    ("minute", Arg::from(minute)),
                ];
                self.whole(self.with("format-moment", &places))
            },
        )
    }

    /// A day and a time by the clocks of a zone, both as the zone has them: `11 June 2019, 09:05 (Europe/Paris)`.
    pub fn moment_in(&self, day: &str, time: &str, zone: &str) -> String {
        let date = self.date_of(day).unwrap_or_else(|| day.to_owned());
        let (hour, minute) = time.split_once(':').unwrap_or((time, "00"));
        let short = hour.strip_prefix('0').unwrap_or(hour);
        let places = [
            ("date", Arg::from(date)),
            ("time", Arg::from(time)),
            ("short", Arg::from(short)),
            ("minute", Arg::from(minute)),
            ("zone", Arg::from(zone)),
        ];
        self.whole(self.with("format-moment-in", &places))
    }

    /// A day: `11 June 2019`. Microseconds since 1970.
    pub fn date(&self, micros: i64) -> String {
        let at = Timestamp::from_micros(micros);
        self.date_of(at.as_str())
            .unwrap_or_else(|| at.as_str().to_owned())
    }

    /// A day that is written `2019-06-11`, with or without a time; nothing if it isn't.
    pub fn date_of(&self, text: &str) -> Option<String> {
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
        let (year, month, day) = (text.get(..4)?, number(5..7)?, number(8..10)?);
        year.parse::<u32>().ok()?;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let month = self.t(&format!("month-{month}"));
        Some(self.whole(self.t3("format-date", "day", day, "month", month, "year", year)))
    }

    /// How the first day of a month and any other are written, with `#d`, `#m` and `#y` for day, month and year: for a script.
    pub(crate) fn days(&self) -> [String; 2] {
        [Arg::from(1), Arg::from("#d")].map(|day| {
            let places = [("day", day), ("month", "#m".into()), ("year", "#y".into())];
            self.whole(self.with("format-date", &places))
        })
    }

    /// A date made of pieces, as one piece. Where text is read from right to left each piece is isolated: a sign between two of them
    /// would take the direction of the page, and a date that holds nothing but isolates has no direction of its own in a sentence.
    fn whole(&self, text: String) -> String {
        match self.direction() {
            "rtl" => format!("{RIGHT_TO_LEFT}{}{END}", text.replace(ISOLATES, "")),
            _ => text,
        }
    }

    /// An amount of bytes in the unit that it is read in, cut to one decimal where that says more: `137 MiB`, `57.3 GiB`.
    pub fn size(&self, bytes: u64) -> String {
        let (key, n) = match Size::of(bytes) {
            Size::Mebibytes(n) => ("format-mebibytes", self.figure(n)),
            Size::Tenths(n) => ("format-gibibytes", self.figure(f64::from(n) / 10.0)),
            Size::Gibibytes(n) => ("format-gibibytes", self.figure(n)),
        };
        self.t1(key, "n", n)
    }

    /// How long something lasts, in the unit in which it is a small number: `1 minute`, `36 hours`, `3 days`. Microseconds.
    pub fn lasting(&self, micros: i64) -> String {
        const MINUTE: i64 = 60_000_000;
        let minutes = micros / MINUTE;
        match minutes {
            ..120 => self.t1("format-minutes", "n", minutes),
            120..2_880 => self.t1("format-hours", "n", (minutes + 30) / 60),
            _ => self.t1("format-days", "n", (minutes + 720) / 1_440),
        }
    }

    /// Names in a row: `a, b and c`.
    pub fn list(&self, names: &[String]) -> String {
        self.row("format-and", "format-comma", names)
    }

    /// Names of which any one will do: `a, b or c`.
    pub fn either(&self, names: &[String]) -> String {
        self.row("format-or", "format-comma", names)
    }

    /// Names of which none will do, after a word for "not": `a, b or c`, « a ni par b ni par c ».
    pub(super) fn neither(&self, names: &[String]) -> String {
        self.row("format-nor", "format-nor-comma", names)
    }

    fn row(&self, key: &str, comma: &str, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => self.t2(key, "names", first.join(&self.t(comma)), "last", last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Locales;
    use crate::shell::site::LOCALES;

    #[test]
    fn from_right_to_left_a_time_is_one_piece_and_a_date_keeps_its_order_in_a_sentence() {
        let locales = Locales::new([&LOCALES], true);
        let turned = locales.choose(Some("ar-XB"), None, None);
        let moment = turned.moment(1_560_292_800_000_000);
        assert!(moment.contains("22:40"), "{moment:?}");
        let inside = moment
            .strip_prefix('\u{2067}')
            .and_then(|rest| rest.strip_suffix('\u{2069}'));
        let inside = inside.unwrap_or_else(|| panic!("{moment:?}"));
        assert!(!inside.contains(super::ISOLATES), "{moment:?}");
        let date = turned.date_of("2019-06-11").unwrap();
        assert!(date.starts_with('\u{2067}'), "{date:?}");
        let told = turned.t2("frame-printed", "date", &date, "node", "Valmora");
        assert!(told.contains(&date), "{told:?}");
        let english = locales.choose(Some("en"), None, None);
        assert!(!english.moment(0).contains(super::ISOLATES));
    }

    #[test]
    fn each_language_writes_its_own_way() {
        let locales = Locales::new([&LOCALES], false);
        let of = |tag| locales.choose(Some(tag), None, None);
        let (english, french) = (of("en"), of("fr"));
        for (micros, in_english, in_french) in [
            (
                1_793_523_959_000_000,
                "1\u{a0}November\u{a0}2026, 09:05\u{a0}UTC",
                "1er\u{a0}novembre 2026, 9\u{a0}h\u{a0}05 (UTC)",
            ),
            (
                1_560_292_800_000_000,
                "11\u{a0}June\u{a0}2019, 22:40\u{a0}UTC",
                "11\u{a0}juin 2019, 22\u{a0}h\u{a0}40 (UTC)",
            ),
        ] {
            assert_eq!(english.moment(micros), in_english);
            assert_eq!(french.moment(micros), in_french);
        }
        for (number, in_english, in_french) in [
            (0.0, "0", "0"),
            (999.0, "999", "999"),
            (16_208.0, "16,208", "16\u{202f}208"),
            (
                -1_234_567.5,
                "\u{2212}1,234,567.5",
                "\u{2212}1\u{202f}234\u{202f}567,5",
            ),
        ] {
            assert_eq!(english.figure(number), in_english);
            assert_eq!(french.figure(number), in_french);
        }
        for (mebibytes, in_english, in_french) in [
            (0, "0\u{a0}MiB", "0\u{a0}Mio"),
            (1_023, "1,023\u{a0}MiB", "1\u{202f}023\u{a0}Mio"),
            (1_024, "1\u{a0}GiB", "1\u{a0}Gio"),
            (58_690, "57.3\u{a0}GiB", "57,3\u{a0}Gio"),
            (2_000_000, "1,953\u{a0}GiB", "1\u{202f}953\u{a0}Gio"),
        ] {
            assert_eq!(english.size(mebibytes << 20), in_english);
            assert_eq!(french.size(mebibytes << 20), in_french);
        }
        for (minutes, in_english, in_french) in [
            (1, "1\u{a0}minute", "1\u{a0}minute"),
            (119, "119\u{a0}minutes", "119\u{a0}minutes"),
            (120, "2\u{a0}hours", "2\u{a0}heures"),
            (2_879, "48\u{a0}hours", "48\u{a0}heures"),
            (4_318, "3\u{a0}days", "3\u{a0}jours"),
        ] {
            assert_eq!(english.lasting(minutes * 60_000_000), in_english);
            assert_eq!(french.lasting(minutes * 60_000_000), in_french);
        }
        let names: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(english.list(&names), "a, b and c");
        assert_eq!(french.list(&names[..2]), "a et b");
        assert_eq!(english.date_of("2019-13-01"), None);
        assert_eq!(english.date_of("soon"), None);
    }
}
