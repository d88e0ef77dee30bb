//! How wording moved: words that stayed, went and came, and how close two passages are.
//! Invariant: put together, what stayed and went is the older text, what stayed and came the newer, to the letter but for blanks.

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
    let fold = |text: &str| -> Vec<String> {
        words(text)
            .iter()
            .map(|word| folded(word))
            .filter(|word| !word.is_empty())
            .take(LONGEST)
            .collect()
    };
    let (a, b) = (fold(a), fold(b));
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let shared = usize::try_from(common(&a, &b)[0][0]).unwrap_or_default();
    u32::try_from(200 * shared / (a.len() + b.len())).unwrap_or(100)
}
