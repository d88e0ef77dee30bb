//! Which clause of one language version says what which clause of the other says. Invariant: pairs keep the order of both texts; a clause
//! without a counterpart stays alone rather than being paired by force.

use super::heard::Said;

/// Two clauses that say the same, by their places; one of them may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// In the first text.
    pub first: Option<usize>,
    /// In the second.
    pub second: Option<usize>,
}

/// What leaving one alone costs, against what a pair is worth at most (10).
const ALONE: i32 = 3;

fn worth(a: &Said, b: &Said, longest: (usize, usize)) -> i32 {
    let mut worth = 0;
    if a.act == b.act {
        worth += 4;
    }
    let shared = a
        .topics
        .iter()
        .filter(|topic| b.topics.contains(topic))
        .count();
    let all = a.topics.len().max(b.topics.len()).max(1);
    worth += i32::try_from(3 * shared / all).unwrap_or_default();
    if a.due.is_some() && a.due == b.due {
        worth += 2;
    }
    if a.speaker.is_some() == b.speaker.is_some() {
        worth += 1;
    }
    // Translations are about as long as each other, in proportion to their texts.
    let (long_a, long_b) = (
        a.text.chars().count() * longest.1,
        b.text.chars().count() * longest.0,
    );
    if long_a > 2 * long_b || long_b > 2 * long_a {
        worth -= 3;
    }
    worth
}

/// Aligns the clauses of two versions of one text.
pub fn align(first: &[Said], second: &[Said]) -> Vec<Pair> {
    let length = |all: &[Said]| {
        all.iter()
            .map(|said| said.text.chars().count())
            .sum::<usize>()
    };
    let lengths = (length(first).max(1), length(second).max(1));
    let (n, m) = (first.len(), second.len());
    let mut best = vec![vec![0_i32; m + 1]; n + 1];
    for i in (0..=n).rev() {
        for j in (0..=m).rev() {
            let mut top = i32::MIN;
            if i < n && j < m {
                top = top.max(best[i + 1][j + 1] + worth(&first[i], &second[j], lengths));
            }
            if i < n {
                top = top.max(best[i + 1][j] - ALONE);
            }
            if j < m {
                top = top.max(best[i][j + 1] - ALONE);
            }
            best[i][j] = if i == n && j == m { 0 } else { top };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < n || j < m {
        if i < n
            && j < m
            && best[i][j] == best[i + 1][j + 1] + worth(&first[i], &second[j], lengths)
        {
            pairs.push(Pair {
                first: Some(i),
                second: Some(j),
            });
            i += 1;
            j += 1;
        } else if i < n && best[i][j] == best[i + 1][j] - ALONE {
            pairs.push(Pair {
                first: Some(i),
                second: None,
            });
            i += 1;
        } else {
            pairs.push(Pair {
                first: None,
                second: Some(j),
            });
            j += 1;
        }
    }
    pairs
}
