//! Every statement of the store, by name, so that another engine can be asked about each. Invariant: placeholders appear in
//! ascending order in a text, because SQLite numbers `$n` by first appearance.

/// Declares statements: a constant each, and the list of all of them.
macro_rules! statements {
    ($($name:ident = $text:expr;)*) => {
        $(pub(crate) const $name: &str = $text;)*
        /// Every statement of this file, with its name.
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

pub(crate) mod audit;
pub(crate) mod findings;
pub(crate) mod people;
pub(crate) mod positions;
pub(crate) mod queues;
pub(crate) mod records;
pub(crate) mod registers;

/// Every statement of the store.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        audit::ALL,
        records::ALL,
        positions::ALL,
        findings::ALL,
        people::ALL,
        queues::ALL,
        registers::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_come_in_order() {
        for (name, text) in super::all() {
            let text = crate::dialect::speak(crate::dialect::SQLITE, text);
            let mut seen = 0;
            for part in text.split('$').skip(1) {
                let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
                let number: usize = digits.parse().expect(name);
                assert!(number <= seen + 1, "{name}: ${number} after ${seen}");
                seen = seen.max(number);
            }
        }
    }
}
