//! Which clauses of a reading stand for which of the gold: as the annotation guide's scorer matches them.
//! Invariant: no clause is counted for two.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Right, too many, missed.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    /// Found and right.
    pub(crate) right: usize,
    /// Found and wrong.
    pub(crate) extra: usize,
    /// Not found.
    pub(crate) missed: usize,
}

impl Count {
    /// The harmonic mean of precision and recall.
    pub(crate) fn f1(self) -> f64 {
        let total = 2 * self.right + self.extra + self.missed;
        if total == 0 {
            return 1.0;
        }
        2.0 * self.right as f64 / total as f64
    }

    /// Counts what two sets have in common, and what only one has.
    pub(crate) fn add_sets(&mut self, gold: &BTreeSet<String>, found: &BTreeSet<String>) {
        let right = gold.intersection(found).count();
        self.right += right;
        self.extra += found.len() - right;
        self.missed += gold.len() - right;
    }
}

/// How often each word stands in a text.
pub(crate) fn words(text: &str) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    let plain: String = text
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_lowercase().next().unwrap_or(c)
            } else {
                ' '
            }
        })
        .collect();
    for word in plain.split_whitespace() {
        *out.entry(word.to_owned()).or_default() += 1;
    }
    out
}

/// The share of words that two texts have in common.
pub(crate) fn overlap(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> f64 {
    let both: usize = a
        .iter()
        .map(|(w, n)| (*n).min(b.get(w).copied().unwrap_or(0)))
        .sum();
    let all = a.values().sum::<usize>() + b.values().sum::<usize>() - both;
    if all == 0 {
        0.0
    } else {
        both as f64 / all as f64
    }
}

/// The texts of a list.
pub(crate) fn strings(value: &Value) -> BTreeSet<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect()
}

/// For each clause of the gold that was found, which it is: the best overlap of words first, from one half on.
pub(crate) fn matched(gold: &[Value], found: &[Value]) -> BTreeMap<usize, usize> {
    let bag = |s: &Value| words(s["text"].as_str().unwrap_or_default());
    let (gold, found): (Vec<_>, Vec<_>) = (
        gold.iter().map(bag).collect(),
        found.iter().map(bag).collect(),
    );
    let mut pairs = Vec::new();
    for (i, a) in gold.iter().enumerate() {
        for (j, b) in found.iter().enumerate() {
            let v = overlap(a, b);
            if v >= 0.5 {
                pairs.push((v, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut of_gold, mut of_found) = (BTreeMap::new(), BTreeSet::new());
    for (_, i, j) in pairs {
        if !of_gold.contains_key(&i) && of_found.insert(j) {
            of_gold.insert(i, j);
        }
    }
    of_gold
}

/// Every gold file of a folder whose name begins so, with what is read from the text or page beside it.
pub(crate) fn readings(folder: &Path, prefix: &str) -> Vec<(Value, Value)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of gold files")
        .map(|e| e.expect("an entry").path())
        .collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_none_or(|e| e != "json") || !name.starts_with(prefix) {
            continue;
        }
        let gold: Value =
            serde_json::from_slice(&std::fs::read(&path).expect("a readable file")).expect("JSON");
        if gold["schema"] != text::SCHEMA {
            continue;
        }
        let Some(source) = ["txt", "html"]
            .iter()
            .map(|e| path.with_extension(e))
            .find(|p| p.exists())
        else {
            continue;
        };
        let found = text::read(
            &std::fs::read(source).expect("a readable file"),
            &text::Options::named(&name),
        )
        .map(|r| serde_json::to_value(&r.statement).expect("JSON"));
        out.push((gold, found.unwrap_or_default()));
    }
    out
}
