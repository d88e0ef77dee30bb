//! The words of the pages, one table per language: [`ENGLISH`](en::ENGLISH) and [`FRENCH`](fr::FRENCH) have the same entries.
//!
//! `{…}` in an entry is a place that [`fill`] fills.

mod en;
mod fr;

use crate::locale::Voice as Language;

/// One language's words. The names of the entries say what they are for.
pub(crate) struct Words {
    pub language: Language,
    pub sections: &'static str,
    pub this_node: &'static str,
    pub organ_of: &'static str,
    pub kinds_of_participant: [&'static str; 4],
    pub address: &'static str,
    pub no_address: &'static str,
    pub now: &'static str,
    pub log_entries: &'static str,
    pub trouble: &'static str,
    pub needs_you: &'static str,
    pub received: [&'static str; 2],
    pub received_none: &'static str,
    pub awaiting_count: [&'static str; 2],
    pub awaiting_none: &'static str,
    pub quarantine_count: [&'static str; 2],
    pub quarantine_none: &'static str,
    pub publication_count: [&'static str; 2],
    pub publication_none: &'static str,
    pub withheld_count: [&'static str; 2],
    pub holds: &'static str,
    pub collection: &'static str,
    pub short_name: &'static str,
    pub records: &'static str,
    pub more_than: &'static str,
    pub newest: &'static str,
    pub newest_note: &'static str,
    pub nothing_held: &'static str,
    pub by: &'static str,
    pub no_author: &'static str,
    pub accepted: &'static str,
    pub channels: [&'static str; 5],
    pub who_may: &'static str,
    pub revoked: &'static str,
    pub embargo: &'static str,
    pub expired: &'static str,
    pub expires: &'static str,
    pub identifier: &'static str,
    pub version: &'static str,
    pub peers: &'static str,
    pub peers_none: &'static str,
    pub peer: &'static str,
    pub state: &'static str,
    pub states: [&'static str; 3],
    pub last_contact: &'static str,
    pub never: &'static str,
    pub last_error: &'static str,
    pub none: &'static str,
    pub next_try: &'static str,
    pub polled: &'static str,
    pub taken_from: &'static str,
    pub its_log: &'static str,
    pub inconsistent: &'static str,
    pub circles: &'static str,
    pub circle: &'static str,
    pub kept_by: &'static str,
    pub members: &'static str,
    pub exchanged: &'static str,
    pub exchanged_note: &'static str,
    pub given: &'static str,
    pub given_none: &'static str,
    pub given_on: &'static str,
    pub open: &'static str,
    pub withheld: &'static str,
    pub withheld_none: &'static str,
    pub because: &'static str,
    pub ledger: &'static str,
    pub awaiting: &'static str,
    pub number: &'static str,
    pub object: &'static str,
    pub from: &'static str,
    pub arrived: &'static str,
    pub why: &'static str,
    pub decide_how: &'static str,
    pub quarantine: &'static str,
    pub quarantine_about: &'static str,
    pub size: &'static str,
    pub hash: &'static str,
    pub publications: &'static str,
    pub publications_about: &'static str,
    pub asked_by: &'static str,
    pub asked_at: &'static str,
    pub stands: &'static str,
    pub second_person: &'static str,
    pub delay_until: &'static str,
    pub show_all: &'static str,
    pub log: &'static str,
    pub log_head: &'static str,
    pub log_empty: &'static str,
    pub signed_at: &'static str,
    pub peers_see: &'static str,
    pub note: &'static str,
    pub political: &'static str,
    pub types: &'static [(&'static str, &'static str)],
    pub reasons: &'static [(&'static str, &'static str)],
}

impl Words {
    /// The words of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &en::ENGLISH,
            Language::French => &fr::FRENCH,
        }
    }

    /// The sentence for a number: in French 0 and 1 are singular.
    pub(crate) fn count(&self, forms: &[&'static str; 2], n: usize) -> String {
        let one = match self.language {
            Language::English => n == 1,
            Language::French => n < 2,
        };
        let [singular, plural] = forms;
        let form = if one { singular } else { plural };
        fill(form, "n", &self.figure(n))
    }

    /// A number with its thousands apart.
    pub(crate) fn figure(&self, n: usize) -> String {
        let gap = match self.language {
            Language::English => ',',
            Language::French => '\u{202f}',
        };
        let digits = n.to_string();
        let mut figure = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                figure.push(gap);
            }
            figure.push(digit);
        }
        figure
    }

    /// What a type of STIX is called; its own name where there is no word for it.
    pub(crate) fn kind(&self, kind: &str) -> String {
        let known = self.types.iter().find(|(name, _)| *name == kind);
        known.map_or_else(|| kind.replace('-', " "), |(_, word)| (*word).to_owned())
    }

    /// Why something awaits a decision: the node keeps a code and a sentence in English.
    pub(crate) fn awaits(&self, reason: &str) -> String {
        let (code, sentence) = reason.split_once(": ").unwrap_or((reason, reason));
        let known = self.reasons.iter().find(|(name, _)| *name == code);
        known.map_or_else(|| sentence.to_owned(), |(_, word)| (*word).to_owned())
    }
}

/// The entry with `{name}` replaced.
pub(crate) fn fill(entry: &str, name: &str, value: &str) -> String {
    entry.replace(&format!("{{{name}}}"), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_has_them() {
        let (english, french) = (Words::of(Language::English), Words::of(Language::French));
        for (n, en, fr) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (16_208, "16,208", "16\u{202f}208"),
            (1_234_567, "1,234,567", "1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(
                (english.figure(n), french.figure(n)),
                (en.to_owned(), fr.to_owned())
            );
        }
        let forms = ["{n} one", "{n} many"];
        assert_eq!(english.count(&forms, 0), "0 many");
        assert_eq!(french.count(&forms, 0), "0 one");
        assert_eq!(french.count(&forms, 2), "2 many");
    }

    #[test]
    fn french_signs_have_their_spaces() {
        let strings = fr::TEXT.split('"').skip(1).step_by(2);
        for text in strings.filter(|text| text.contains(' ')) {
            for (place, sign) in text.match_indices([';', ':', '?', '!', '»']) {
                let before = text[..place].chars().next_back();
                assert!(
                    matches!(before, Some('\u{a0}' | '\u{202f}')),
                    "no space before {sign} in {text:?}"
                );
            }
        }
    }
}
