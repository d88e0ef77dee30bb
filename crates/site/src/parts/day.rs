//! A day as it is typed: year, month, day in figures, which nobody takes for another, and beside it how it is read. A browser's own field
//! for dates follows the browser's language, not the page's: 10/05 is May to one and October to another.

use askama::Template;
use stix::Timestamp;

use crate::locale::Words;
use crate::shell::visitor::Visitor;

/// Whether it is a day of the calendar, written `2027-06-30`.
pub fn is_day(text: &str) -> bool {
    text.len() == 10 && Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok()
}

/// Whether it begins with one, and a time follows: `2027-06-30 17:00`, or with the `T` that a program writes.
pub(super) fn is_moment(text: &str) -> bool {
    let parted = text.split_once(['T', ' ']);
    parted.is_some_and(|(day, time)| is_day(day) && !time.trim().is_empty())
}

/// The reading of a day beside the field that it is typed into: a part that writes itself. A script says it anew while one types.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/day.html")]
pub struct DayRead {
    id: String,
    text: String,
    first: String,
    other: String,
    months: String,
}

impl askama::filters::HtmlSafe for DayRead {}

impl DayRead {
    /// Of what stands in the field with this id.
    pub fn of(words: &Words, id: &str, value: &str) -> Self {
        let day = value.trim().split(['T', ' ']).next().unwrap_or_default();
        let text = is_day(day).then(|| words.date_of(day)).flatten();
        let [first, other] = words.days();
        let months = (1..=12).map(|month| words.t(&format!("month-{month}")));
        Self {
            id: id.to_owned(),
            text: text.unwrap_or_default(),
            first,
            other,
            months: months.collect::<Vec<_>>().join("|"),
        }
    }
}

/// A field of an address that asks for a day: what was typed, as far as it is one, and what is wrong with it.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/day-asked.html")]
pub struct DayAsked {
    id: String,
    name: String,
    label: String,
    value: String,
    hint: String,
    wrong: Option<String>,
    read: DayRead,
}

impl askama::filters::HtmlSafe for DayAsked {}

impl DayAsked {
    /// By its name in the address, the id of the element, and what it asks.
    pub fn new(words: &Words, name: &str, id: String, label: &str, value: &str) -> Self {
        let wrong = !value.is_empty() && !is_day(value);
        Self {
            read: DayRead::of(words, &id, value),
            id,
            name: name.to_owned(),
            label: label.to_owned(),
            value: value.to_owned(),
            hint: words.t("form-day-hint"),
            wrong: wrong.then(|| words.t("form-day-wrong")),
        }
    }
}

impl Visitor {
    /// A day that the address asks for; nothing where it is none.
    pub fn asked_day(&self, name: &str) -> Option<String> {
        self.asked(name).filter(|day| is_day(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_be_mistaken_is_a_day() {
        for (text, day) in [
            ("2027-06-30", true),
            ("2028-02-29", true),
            ("2027-02-29", false),
            ("2027-6-30", false),
            ("30/06/2027", false),
            ("06/30/2027", false),
            ("2027-06", false),
            ("", false),
        ] {
            assert_eq!(is_day(text), day, "{text}");
        }
        for (text, moment) in [
            ("2027-06-30 17:00", true),
            ("2027-06-30T17:00", true),
            ("2027-06-30", false),
            ("30.06.2027 17:00", false),
        ] {
            assert_eq!(is_moment(text), moment, "{text}");
        }
    }
}
