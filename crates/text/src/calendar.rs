//! Dates as printed: days, ranges, months and years, found in tokens and held as partial ISO dates.
//! Invariant: nothing is invented; a part that the text does not give stays empty.

use std::collections::HashSet;

pub(crate) use crate::date::Date;
use crate::hash::Table;
use crate::lexicon::sections;
use crate::token::{Form, Token, fold};

/// A date or range of dates in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DateFound {
    /// First token.
    pub(crate) start: usize,
    /// One past the last token.
    pub(crate) end: usize,
    /// The first day.
    pub(crate) from: Date,
    /// The last day; the same if there is one.
    pub(crate) to: Date,
}

/// The names of times in a language.
#[derive(Default)]
pub(crate) struct Calendar {
    months: Table<String, u32>,
    /// In the order of the table, Monday first.
    weekdays: Vec<String>,
    ordinals: Table<String, u32>,
    numbers: Table<String, u32>,
    /// "thirty" in "thirty-second".
    tens: Table<String, u32>,
    /// Seasons by their middle month.
    pub(crate) seasons: Table<String, u32>,
    joins: HashSet<String>,
    of: HashSet<String>,
}

fn valued(entries: &[&str]) -> Table<String, u32> {
    let mut out = Table::default();
    for entry in entries {
        let Some((names, value)) = entry.split_once('=') else {
            continue;
        };
        let Ok(value) = value.trim().parse() else {
            continue;
        };
        for name in names.split_whitespace() {
            out.insert(fold(name), value);
        }
    }
    out
}

impl Calendar {
    /// Reads `calendar.txt`.
    pub(crate) fn read(table: &'static str) -> Calendar {
        let mut calendar = Calendar::default();
        for (name, entries) in sections(table) {
            let words = || entries.iter().flat_map(|e| e.split_whitespace()).map(fold);
            match name {
                "months" => calendar.months = valued(&entries),
                "weekdays" => calendar.weekdays = words().collect(),
                "ordinals" => calendar.ordinals = valued(&entries),
                "numbers" => calendar.numbers = valued(&entries),
                "tens" => calendar.tens = valued(&entries),
                "seasons" => calendar.seasons = valued(&entries),
                "range" => calendar.joins = words().collect(),
                "day-first" => calendar.of = words().collect(),
                _ => {}
            }
        }
        calendar
    }

    /// The month of that name.
    pub(crate) fn month(&self, token: &Token) -> Option<u32> {
        // "may" and "mars" are words too: a month begins with a capital in English, and is never short for something in lower case.
        let m = self.months.get(&token.folded).copied()?;
        (token.capital
            || (token.folded != "may" && token.folded != "march" && token.folded.len() > 2))
            .then_some(m)
    }

    /// Whether it is the name of a month.
    pub(crate) fn is_month(&self, folded: &str) -> bool {
        self.months.contains_key(folded)
    }

    /// Whether it is a day of the week.
    pub(crate) fn is_weekday(&self, folded: &str) -> bool {
        self.weekdays.iter().any(|d| d == folded)
    }

    /// The day of the week of that full name, Monday being 0.
    pub(crate) fn weekday(&self, folded: &str) -> Option<u32> {
        let at = self.weekdays.iter().take(7).position(|d| d == folded)?;
        u32::try_from(at).ok()
    }

    /// A number in words or digits.
    pub(crate) fn number(&self, token: &Token) -> Option<u32> {
        self.numbers
            .get(&token.folded)
            .copied()
            .or_else(|| token.folded.parse().ok())
    }

    /// A number of one word or two: "dix-huit"; and how many tokens it takes.
    pub(crate) fn number_at(&self, tokens: &[Token], at: usize) -> Option<(u32, usize)> {
        let token = tokens.get(at)?;
        tokens
            .get(at + 1)
            .filter(|t| t.hyphened)
            .and_then(|t| self.numbers.get(&format!("{}-{}", token.folded, t.folded)))
            .map(|n| (*n, 2))
            .or_else(|| Some((self.number(token)?, 1)))
    }

    /// The ordinal at a token, and how many tokens it takes.
    pub(crate) fn ordinal(&self, tokens: &[Token], at: usize) -> Option<(u32, usize)> {
        let token = tokens.get(at)?;
        if let Some(next) = tokens.get(at + 1)
            && next.hyphened
            && let Some(&n) = self
                .ordinals
                .get(&format!("{}-{}", token.folded, next.folded))
        {
            return Some((n, 2));
        }
        let inside = token.hyphened
            && at
                .checked_sub(1)
                .and_then(|i| tokens.get(i))
                .is_some_and(|t| self.tens.contains_key(&t.folded));
        if inside {
            return None;
        }
        // "thirty-second", "vingt et unième", "trente-deuxième"
        if let Some(&tens) = self.tens.get(&token.folded) {
            let and = usize::from(tokens.get(at + 1).is_some_and(|t| t.is("et")));
            let unit = tokens.get(at + 1 + and).and_then(|t| {
                let unit = t.folded.replace("unieme", "premier");
                self.ordinals.get(&unit).copied().filter(|n| *n < 10)
            });
            return unit.map(|n| (tens + n, 2 + and));
        }
        let plural = token.folded.strip_suffix('s').filter(|w| w.len() > 4);
        if let Some(&n) = self
            .ordinals
            .get(&token.folded)
            .or_else(|| self.ordinals.get(plural?))
        {
            return Some((n, 1));
        }
        let digits: String = token
            .folded
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        if !digits.is_empty()
            && digits.len() <= 2
            && matches!(
                &token.folded[digits.len()..],
                "st" | "nd"
                    | "rd"
                    | "th"
                    | "e"
                    | "er"
                    | "re"
                    | "eme"
                    | "es"
                    | "emes"
                    | "ieme"
                    | "iemes"
            )
        {
            return Some((digits.parse().ok()?, 1));
        }
        // "IVe", "XIIe"
        let roman: String = token
            .folded
            .chars()
            .take_while(|c| matches!(c, 'i' | 'v' | 'x'))
            .collect();
        if token.capital
            && !roman.is_empty()
            && roman.len() < token.folded.len()
            && matches!(&token.folded[roman.len()..], "e" | "eme" | "th")
        {
            let value = |c: char| match c {
                'x' => 10i32,
                'v' => 5,
                _ => 1,
            };
            let digits: Vec<i32> = roman.chars().map(value).collect();
            let total: i32 = digits
                .iter()
                .enumerate()
                .map(|(i, d)| {
                    if digits.get(i + 1).is_some_and(|n| n > d) {
                        -d
                    } else {
                        *d
                    }
                })
                .sum();
            return u32::try_from(total).ok().map(|n| (n, 1));
        }
        // "14 th", where the ending was raised.
        if !digits.is_empty()
            && digits.len() == token.folded.len()
            && digits.len() <= 2
            && tokens
                .get(at + 1)
                .is_some_and(|t| matches!(t.folded.as_str(), "th" | "st" | "nd" | "rd" | "eme"))
        {
            return Some((digits.parse().ok()?, 2));
        }
        None
    }

    fn day(&self, tokens: &[Token], at: usize) -> Option<(u32, usize)> {
        let token = tokens.get(at)?;
        let (n, used) = if token.form == Form::Number && token.folded.len() <= 2 {
            let extra = tokens.get(at + 1).is_some_and(|t| {
                matches!(t.folded.as_str(), "th" | "st" | "nd" | "rd") && !t.capital
            });
            // "9. November 2023"
            let dotted = tokens.get(at + 1).is_some_and(|t| t.is(".") && !t.spaced)
                && tokens
                    .get(at + 2)
                    .is_some_and(|t| t.spaced && self.month(t).is_some());
            (
                token.folded.parse().ok()?,
                if extra || dotted { 2 } else { 1 },
            )
        } else {
            let digits: String = token
                .folded
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            if digits.is_empty()
                || digits.len() > 2
                || !matches!(
                    &token.folded[digits.len()..],
                    "st" | "nd" | "rd" | "th" | "er"
                )
            {
                return None;
            }
            (digits.parse().ok()?, 1)
        };
        (1..=31).contains(&n).then_some((n, used))
    }

    /// Past the days between the first and the last of a list: ", 5" in "4, 5 and 6 February".
    fn days_listed(&self, tokens: &[Token], at: usize) -> usize {
        /// No meeting lasts longer, told so.
        const DAYS: usize = 5;
        let mut end = at;
        for _ in 0..DAYS {
            match self.day(tokens, end + 1) {
                Some((_, used)) if tokens.get(end).is_some_and(|t| t.is(",")) => end += 1 + used,
                _ => break,
            }
        }
        let joined = self.joins(tokens, end);
        if end > at && joined > 0 && self.day(tokens, end + joined).is_some() {
            end
        } else {
            at
        }
    }

    fn joins(&self, tokens: &[Token], at: usize) -> usize {
        let Some(token) = tokens.get(at) else {
            return 0;
        };
        if token.hyphened {
            return 0;
        }
        if self.joins.contains(&token.folded) || token.is("/") || token.is("&") {
            return if tokens
                .get(at + 1)
                .is_some_and(|t| t.is("le") || t.is("the"))
            {
                2
            } else {
                1
            };
        }
        0
    }

    fn year(tokens: &[Token], at: usize) -> Option<i32> {
        let token = tokens.get(at)?;
        if token.form != Form::Number || token.folded.len() != 4 {
            return None;
        }
        let y = token.folded.parse().ok()?;
        (1985..=2100).contains(&y).then_some(y)
    }

    /// Skips a comma and "of", and reads a year.
    fn year_after(&self, tokens: &[Token], at: usize) -> (Option<i32>, usize) {
        let mut i = at;
        if tokens.get(i).is_some_and(|t| t.is(",") || t.is("."))
            || tokens.get(i).is_some_and(|t| self.of.contains(&t.folded))
        {
            i += 1;
        }
        match Self::year(tokens, i) {
            Some(y) => (Some(y), i + 1),
            None => (None, at),
        }
    }

    fn numeric(tokens: &[Token], at: usize) -> Option<DateFound> {
        let date = |a: u32, b: u32, c: u32| -> Option<Date> {
            let (y, m, d) = if a > 31 {
                (a, b, c)
            } else if b > 12 {
                (c, a, b)
            } else {
                (c, b, a)
            };
            ((1985..=2100).contains(&y) && (1..=12).contains(&m) && (1..=31).contains(&d))
                .then_some(Date {
                    year: i32::try_from(y).ok(),
                    month: Some(m),
                    day: Some(d),
                    about: false,
                })
        };
        let token = tokens.get(at)?;
        if token.form != Form::Number {
            return None;
        }
        let parts: Vec<u32> = token
            .folded
            .split('.')
            .filter_map(|p| p.parse().ok())
            .collect();
        if parts.len() == 3 && token.folded.len() >= 8 {
            let d = date(parts[0], parts[1], parts[2])?;
            return Some(DateFound {
                start: at,
                end: at + 1,
                from: d,
                to: d,
            });
        }
        let n = |i: usize| {
            tokens
                .get(i)
                .filter(|t| t.form == Form::Number)
                .and_then(|t| t.folded.parse::<u32>().ok())
        };
        if tokens.get(at + 1).is_some_and(|t| t.hyphened)
            && tokens.get(at + 2).is_some_and(|t| t.hyphened)
        {
            let d = date(n(at)?, n(at + 1)?, n(at + 2)?)?;
            return Some(DateFound {
                start: at,
                end: at + 3,
                from: d,
                to: d,
            });
        }
        if tokens.get(at + 1).is_some_and(|t| t.is("/"))
            && tokens.get(at + 3).is_some_and(|t| t.is("/"))
        {
            let d = date(n(at)?, n(at + 2)?, n(at + 4)?)?;
            return Some(DateFound {
                start: at,
                end: at + 5,
                from: d,
                to: d,
            });
        }
        None
    }

    fn at(&self, tokens: &[Token], at: usize) -> Option<DateFound> {
        if let Some(found) = Self::numeric(tokens, at) {
            return Some(found);
        }
        let made = |year, month, day| Date {
            year,
            month,
            day,
            about: false,
        };
        if let Some((first, used)) = self.day(tokens, at) {
            let mut i = at + used;
            let of =
                |i: usize| usize::from(tokens.get(i).is_some_and(|t| self.of.contains(&t.folded)));
            // 11 June 2019; 11 of June
            if let Some(month) = tokens.get(i + of(i)).and_then(|t| self.month(t)) {
                i += of(i) + 1;
                let (year, after) = self.year_after(tokens, i);
                // 30 June to 2 July 2020
                let joins = self.joins(tokens, after);
                let hyphened = tokens.get(after).is_some_and(|t| t.hyphened);
                if (joins > 0 || hyphened)
                    && let Some((second, used)) = self.day(tokens, after + joins)
                    && let Some(other) =
                        tokens.get(after + joins + used).and_then(|t| self.month(t))
                {
                    let (late, end) = self.year_after(tokens, after + joins + used + 1);
                    return Some(DateFound {
                        start: at,
                        end,
                        from: made(year.or(late), Some(month), Some(first)),
                        to: made(late.or(year), Some(other), Some(second)),
                    });
                }
                let d = made(year, Some(month), Some(first));
                return Some(DateFound {
                    start: at,
                    end: after,
                    from: d,
                    to: d,
                });
            }
            // 4 and 5 May 2020; 19-20 October; 4, 5 and 6 February
            i = self.days_listed(tokens, i);
            let joins = self.joins(tokens, i);
            let hyphened = tokens.get(i).is_some_and(|t| t.hyphened);
            if joins > 0 || hyphened {
                let (second, used) = self.day(tokens, i + joins)?;
                i += joins + used;
                i += of(i);
                let month = tokens.get(i).and_then(|t| self.month(t))?;
                let (year, end) = self.year_after(tokens, i + 1);
                return Some(DateFound {
                    start: at,
                    end,
                    from: made(year, Some(month), Some(first)),
                    to: made(year, Some(month), Some(second)),
                });
            }
            return None;
        }
        let month = tokens.get(at).and_then(|t| self.month(t))?;
        let mut i = at + 1;
        if tokens.get(i).is_some_and(|t| t.is(".")) && self.day(tokens, i + 1).is_some() {
            i += 1;
        }
        if let Some((first, used)) = self.day(tokens, i) {
            let mut j = self.days_listed(tokens, i + used);
            let joins = self.joins(tokens, j);
            let hyphened = tokens.get(j).is_some_and(|t| t.hyphened);
            if joins > 0 || hyphened {
                if let Some((second, used)) = self.day(tokens, j + joins) {
                    j += joins + used;
                    let (year, end) = self.year_after(tokens, j);
                    return Some(DateFound {
                        start: at,
                        end,
                        from: made(year, Some(month), Some(first)),
                        to: made(year, Some(month), Some(second)),
                    });
                }
                if let Some(other) = tokens.get(j + joins).and_then(|t| self.month(t))
                    && let Some((second, used)) = self.day(tokens, j + joins + 1)
                {
                    let (year, end) = self.year_after(tokens, j + joins + 1 + used);
                    return Some(DateFound {
                        start: at,
                        end,
                        from: made(year, Some(month), Some(first)),
                        to: made(year, Some(other), Some(second)),
                    });
                }
            }
            let (year, end) = self.year_after(tokens, j);
            let d = made(year, Some(month), Some(first));
            return Some(DateFound {
                start: at,
                end,
                from: d,
                to: d,
            });
        }
        let (year, end) = self.year_after(tokens, i);
        let d = made(year, Some(month), None);
        Some(DateFound {
            start: at,
            end,
            from: d,
            to: d,
        })
    }

    /// All dates with at least a month, in order, not overlapping.
    pub(crate) fn dates(&self, tokens: &[Token]) -> Vec<DateFound> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            // "CICTE/DEC. 1/23" is the symbol of a document.
            let symbol = at > 0 && tokens[at - 1].is("/") && self.is_month(&tokens[at].folded);
            match self.at(tokens, at).filter(|_| !symbol) {
                Some(found) => {
                    at = found.end.max(at + 1);
                    out.push(found);
                }
                None => at += 1,
            }
        }
        out
    }

    /// A year that stands alone.
    pub(crate) fn lone_year(&self, tokens: &[Token], at: usize) -> Option<i32> {
        Self::year(tokens, at).filter(|_| {
            // "mid-2020" is a year, "A-2020" is none.
            let mid = at
                .checked_sub(1)
                .is_some_and(|i| matches!(tokens[i].folded.as_str(), "mid" | "mi"));
            (mid || !tokens.get(at).is_some_and(|t| t.hyphened))
                && !tokens.get(at + 1).is_some_and(|t| t.hyphened || t.is("/"))
        })
    }
}

#[cfg(test)]
mod tests;
