//! What changed between two texts, word by word.

use askama::Template;

/// Words of each side that are compared; what is longer is shown as taken and added.
const MOST: usize = 1_500;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// In both.
    Kept,
    /// Only in the later one.
    Added,
    /// Only in the earlier one.
    Taken,
}

/// Two texts as one: a part that writes itself, with `ins` and `del`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<div class="difference"{% if !lang.is_empty() %} lang="{{ lang }}"{% endif %} dir="{{ crate::locale::direction(lang) }}">{% for (change, text) in pieces %}{% match change %}{% when Change::Kept %}{{ text }}{% when Change::Added %}<ins>{{ text }}</ins>{% when Change::Taken %}<del>{{ text }}</del>{% endmatch %}{% endfor %}</div>"#
)]
pub struct Difference {
    pieces: Vec<(Change, String)>,
    lang: String,
}

impl askama::filters::HtmlSafe for Difference {}

impl Difference {
    /// What changed from one text to the other. `lang` is the tag of their language, or nothing.
    pub fn of(earlier: &str, later: &str, lang: impl Into<String>) -> Self {
        let (one, other) = (words(earlier), words(later));
        let mut pieces: Vec<(Change, String)> = Vec::new();
        let mut push = |change: Change, text: &str| match pieces.last_mut() {
            Some((last, sum)) if *last == change => sum.push_str(text),
            _ => pieces.push((change, text.to_owned())),
        };
        let head = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let rest = one.len().min(other.len()) - head;
        let tail = one
            .iter()
            .rev()
            .zip(other.iter().rev())
            .take(rest)
            .take_while(|(a, b)| a == b)
            .count();
        let (middle, changed) = (
            &one[head..one.len() - tail],
            &other[head..other.len() - tail],
        );
        for word in &one[..head] {
            push(Change::Kept, word);
        }
        for (change, word) in aligned(middle, changed) {
            push(change, word);
        }
        for word in &one[one.len() - tail..] {
            push(Change::Kept, word);
        }
        Self {
            pieces: joined(pieces),
            lang: lang.into(),
        }
    }

    /// Whether anything changed.
    pub fn is_none(&self) -> bool {
        self.pieces
            .iter()
            .all(|(change, _)| *change == Change::Kept)
    }
}

/// The same with changes that only a space parts made one: "~~May 2026~~ 30 June 2027" is read more easily than each word by itself.
fn joined(pieces: Vec<(Change, String)>) -> Vec<(Change, String)> {
    let mut all: Vec<(Change, String)> = Vec::new();
    let (mut taken, mut added, mut space) = (String::new(), String::new(), String::new());
    let mut end = |taken: &mut String, added: &mut String, kept: String| {
        let mut put = |change, text: &mut String| {
            if !text.is_empty() {
                all.push((change, std::mem::take(text)));
            }
        };
        // Of what was only added, or only taken, the spaces between belong to it alone.
        match (taken.trim().is_empty(), added.trim().is_empty()) {
            (true, false) => taken.clear(),
            (false, true) => added.clear(),
            _ => {}
        }
        put(Change::Taken, taken);
        put(Change::Added, added);
        put(Change::Kept, &mut { kept });
    };
    for (change, text) in pieces {
        let changing = !taken.is_empty() || !added.is_empty();
        if change == Change::Kept && changing && text.trim().is_empty() {
            space.push_str(&text);
            continue;
        }
        if change == Change::Kept {
            let kept = std::mem::take(&mut space) + &text;
            end(&mut taken, &mut added, kept);
            continue;
        }
        taken.push_str(&space);
        added.push_str(&space);
        space.clear();
        match change {
            Change::Taken => taken.push_str(&text),
            _ => added.push_str(&text),
        }
    }
    end(&mut taken, &mut added, space);
    all
}

/// Words and what stands between them, each by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut from = 0;
    let mut before = None;
    for (place, letter) in text.char_indices() {
        let kind = letter.is_alphanumeric();
        if before.is_some_and(|before| before != kind || !kind) {
            words.push(&text[from..place]);
            from = place;
        }
        before = Some(kind);
    }
    if from < text.len() {
        words.push(&text[from..]);
    }
    words
}

/// The longest row of words that both have, and what lies between.
fn aligned<'t>(one: &[&'t str], other: &[&'t str]) -> Vec<(Change, &'t str)> {
    let taken = |words: &[&'t str]| {
        words
            .iter()
            .map(|word| (Change::Taken, *word))
            .collect::<Vec<_>>()
    };
    let added = |words: &[&'t str]| {
        words
            .iter()
            .map(|word| (Change::Added, *word))
            .collect::<Vec<_>>()
    };
    if one.is_empty() || other.is_empty() || one.len() > MOST || other.len() > MOST {
        return [taken(one), added(other)].concat();
    }
    let width = other.len() + 1;
    let mut longest = vec![0_u16; (one.len() + 1) * width];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            longest[i * width + j] = if one[i] == other[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    while i < one.len() && j < other.len() {
        if one[i] == other[j] {
            all.push((Change::Kept, one[i]));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            all.push((Change::Taken, one[i]));
            i += 1;
        } else {
            all.push((Change::Added, other[j]));
            j += 1;
        }
    }
    all.extend(taken(&one[i..]));
    all.extend(added(&other[j..]));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_changed_are_told_from_those_that_stayed() {
        for (earlier, later, told) in [
            ("a b c", "a b c", "a b c"),
            (
                "Both sides will meet in May.",
                "Both sides will meet in June.",
                "Both sides will meet in [-May-]{+June+}.",
            ),
            ("", "new", "{+new+}"),
            ("old", "", "[-old-]"),
            (
                "share indicators",
                "share all indicators weekly",
                "share {+all +}indicators{+ weekly+}",
            ),
            ("l’été", "l’hiver", "l’[-été-]{+hiver+}"),
            (
                "a contact point by May 2026, in writing",
                "a contact point by 30 June 2027, in writing",
                "a contact point by [-May 2026-]{+30 June 2027+}, in writing",
            ),
            (
                "We meet soon.",
                "We all meet very soon.",
                "We {+all +}meet{+ very+} soon.",
            ),
        ] {
            let difference = Difference::of(earlier, later, "");
            let written: String = difference
                .pieces
                .iter()
                .map(|(change, text)| match change {
                    Change::Kept => text.clone(),
                    Change::Added => format!("{{+{text}+}}"),
                    Change::Taken => format!("[-{text}-]"),
                })
                .collect();
            assert_eq!(written, told);
            assert_eq!(difference.is_none(), earlier == later);
        }
        let html = Difference::of("<b>", "<i>", "fr").to_string();
        assert!(
            html.contains("lang=\"fr\"") && !html.contains("<b>"),
            "{html}"
        );
    }

    #[test]
    fn long_texts_take_no_longer_for_it() {
        let long = "word ".repeat(20_000);
        let difference = Difference::of(&long, &format!("{long}end"), "");
        assert_eq!(
            difference.pieces.last(),
            Some(&(Change::Added, "end".to_owned()))
        );
        let reversed: String = (0..5_000).map(|n| format!("{n} ")).collect();
        assert!(!Difference::of(&long, &reversed, "").is_none());
    }
}
