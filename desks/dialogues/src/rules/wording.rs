//! How wording moved: words that stayed, went and came, and how close two passages are.
//! Invariant: put together, what stayed and went is the older text, what stayed and came the newer, to the letter but for blanks.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What became of a stretch of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It stands in both.
    Same(String),
    /// It stands in the older alone.
    Gone(String),
    /// It stands in the newer alone.
    New(String),
}

/// Words beyond which two passages are compared as wholes.
const LONGEST: usize = 4_000;

/// A word for comparing: without case, kind of apostrophe or hyphen, and the marks around it.
fn folded(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .chars()
        .map(|c| match c {
            '\u{2019}' | '\u{2018}' => '\'',
            '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{202f}')
        .filter(|word| !word.is_empty())
        .collect()
}

/// The longest common run of words in order, as a table of lengths from the end.
fn common(old: &[String], new: &[String]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            table[i][j] = if a == b {
                table[i + 1][j + 1] + 1
            } else {
                table[i + 1][j].max(table[i][j + 1])
            };
        }
    }
    table
}

/// What changed from one passage to the other, word by word.
pub fn changes(old: &str, new: &str) -> Vec<Change> {
    let (olds, news) = (words(old), words(new));
    if olds.len() > LONGEST || news.len() > LONGEST {
        return if old == new {
            vec![Change::Same(old.to_owned())]
        } else {
            vec![Change::Gone(old.to_owned()), Change::New(new.to_owned())]
        };
    }
    let fold = |words: &[&str]| words.iter().map(|word| folded(word)).collect::<Vec<_>>();
    let (old_folded, new_folded) = (fold(&olds), fold(&news));
    let table = common(&old_folded, &new_folded);
    let mut changes: Vec<Change> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < olds.len() || j < news.len() {
        let change = if i < olds.len() && j < news.len() && old_folded[i] == new_folded[j] {
            i += 1;
            j += 1;
            Change::Same(news[j - 1].to_owned())
        } else if j >= news.len() || (i < olds.len() && table[i + 1][j] >= table[i][j + 1]) {
            i += 1;
            Change::Gone(olds[i - 1].to_owned())
        } else {
            j += 1;
            Change::New(news[j - 1].to_owned())
        };
        match (changes.last_mut(), change) {
            (Some(Change::Same(last)), Change::Same(word))
            | (Some(Change::Gone(last)), Change::Gone(word))
            | (Some(Change::New(last)), Change::New(word)) => {
                last.push(' ');
                last.push_str(&word);
            }
            (_, change) => changes.push(change),
        }
    }
    changes
}

/// How close two passages are, in percent: words in common and in order, against the length of both.
pub fn closeness(a: &str, b: &str) -> u32 {
    let mut lexicon = Lexicon::default();
    let (a, b) = (lexicon.read(a), lexicon.read(b));
    a.closeness(&b, 0).unwrap_or(0)
}

/// How many of their words two texts share, in percent of both, in whatever order: cheap to count, and never less than [`closeness`].
pub fn shared(a: &str, b: &str) -> u32 {
    let mut lexicon = Lexicon::default();
    let (a, b) = (lexicon.read(a), lexicon.read(b));
    a.percent(&b, a.shared(&b))
}

/// Words by numbers, so that passages which are held against many others are read once.
#[derive(Debug, Default)]
pub struct Lexicon(BTreeMap<String, u32>);

/// A passage as the numbers of its words: in order, and sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    words: Vec<u32>,
    sorted: Vec<u32>,
}

impl Lexicon {
    /// Reads a passage.
    pub fn read(&mut self, text: &str) -> Passage {
        let mut numbers = Vec::new();
        for word in words(text) {
            let word = folded(word);
            if word.is_empty() || numbers.len() >= LONGEST {
                continue;
            }
            let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            numbers.push(*self.0.entry(word).or_insert(next));
        }
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        Passage {
            words: numbers,
            sorted,
        }
    }
}

impl Passage {
    /// How close it is to another one, of the same lexicon, as [`closeness`] says; `None` where that is less than `least`.
    pub fn closeness(&self, other: &Self, least: u32) -> Option<u32> {
        // In whatever order: cheap to count, and never less.
        if self.percent(other, self.shared(other)) < least {
            return None;
        }
        let close = self.percent(other, self.in_order(other));
        Some(close).filter(|close| *close >= least)
    }

    /// Words in common against the length of both.
    fn percent(&self, other: &Self, common: usize) -> u32 {
        let all = self.words.len() + other.words.len();
        let percent = (200 * common).checked_div(all);
        percent.map_or(0, |percent| u32::try_from(percent).unwrap_or(100))
    }

    /// How many words both have.
    fn shared(&self, other: &Self) -> usize {
        let (mut ours, mut theirs) = (
            self.sorted.iter().peekable(),
            other.sorted.iter().peekable(),
        );
        let mut shared = 0;
        while let (Some(a), Some(b)) = (ours.peek(), theirs.peek()) {
            match a.cmp(b) {
                Ordering::Less => drop(ours.next()),
                Ordering::Greater => drop(theirs.next()),
                Ordering::Equal => {
                    shared += 1;
                    ours.next();
                    theirs.next();
                }
            }
        }
        shared
    }

    /// How many words both have in the same order, at most.
    fn in_order(&self, other: &Self) -> usize {
        let mut row = vec![0; other.words.len() + 1];
        for a in &self.words {
            let mut before = 0;
            for (j, b) in other.words.iter().enumerate() {
                let above = row[j + 1];
                row[j + 1] = if a == b {
                    before + 1
                } else {
                    above.max(row[j])
                };
                before = above;
            }
        }
        row[other.words.len()]
    }
}
