//! What two rows of words have in common, in order. Invariant: the steps, followed, lead from the one to the other; the work is bounded, and
//! what differs beyond the bound differs as a whole.

/// A step from one row to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// In both, at these places.
    Both(usize, usize),
    /// In the first alone.
    First(usize),
    /// In the second alone.
    Second(usize),
}

/// How many differences are followed one by one.
const MOST: usize = 800;

/// The steps from one row to the other (Myers, "An O(ND) difference algorithm").
pub(super) fn steps<T: PartialEq>(first: &[T], second: &[T]) -> Vec<Step> {
    let head = first.iter().zip(second).take_while(|(a, b)| a == b).count();
    let rest = first.len().min(second.len()) - head;
    let tail = first
        .iter()
        .rev()
        .zip(second.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let mut found: Vec<Step> = (0..head).map(|place| Step::Both(place, place)).collect();
    let (a, b) = (
        &first[head..first.len() - tail],
        &second[head..second.len() - tail],
    );
    found.extend(middle(a, b).into_iter().map(|step| match step {
        Step::Both(i, j) => Step::Both(i + head, j + head),
        Step::First(i) => Step::First(i + head),
        Step::Second(j) => Step::Second(j + head),
    }));
    let (a_end, b_end) = (first.len() - tail, second.len() - tail);
    found.extend((0..tail).map(|place| Step::Both(a_end + place, b_end + place)));
    // What is taken out stands before what is put in its place.
    let mut ordered: Vec<Step> = Vec::with_capacity(found.len());
    let mut waiting: Vec<Step> = Vec::new();
    for step in found {
        match step {
            Step::Second(_) => waiting.push(step),
            Step::First(_) => ordered.push(step),
            Step::Both(..) => {
                ordered.append(&mut waiting);
                ordered.push(step);
            }
        }
    }
    ordered.append(&mut waiting);
    ordered
}

fn whole(n: usize, m: usize) -> Vec<Step> {
    (0..n)
        .map(Step::First)
        .chain((0..m).map(Step::Second))
        .collect()
}

fn middle<T: PartialEq>(a: &[T], b: &[T]) -> Vec<Step> {
    let (n, m) = (a.len(), b.len());
    if n == 0 || m == 0 {
        return whole(n, m);
    }
    let most = MOST.min(n + m);
    // Place `k + most + 1` is how far along the first row the diagonal k reaches.
    let width = 2 * most + 3;
    let mut reach = vec![0_usize; width];
    let mut trail: Vec<Vec<usize>> = Vec::new();
    for depth in 0..=most {
        trail.push(reach.clone());
        for step in 0..=depth {
            // The diagonal, moved so that it is never negative.
            let k = most + 1 + 2 * step - depth;
            let down = step == 0 || (step != depth && reach[k - 1] < reach[k + 1]);
            let mut x = if down { reach[k + 1] } else { reach[k - 1] + 1 };
            // y = x - (k - most - 1), which is never negative.
            let mut y = x + most + 1 - k;
            while x < n && y < m && a[x] == b[y] {
                x += 1;
                y += 1;
            }
            reach[k] = x;
            if x >= n && y >= m {
                return back(&trail, depth, most, (n, m));
            }
        }
    }
    whole(n, m)
}

fn back(trail: &[Vec<usize>], depth: usize, most: usize, (n, m): (usize, usize)) -> Vec<Step> {
    let (mut x, mut y) = (n, m);
    let mut found = Vec::new();
    for level in (0..=depth).rev() {
        let reach = &trail[level];
        let k = x + most + 1 - y;
        if level == 0 {
            while x > 0 && y > 0 {
                (x, y) = (x - 1, y - 1);
                found.push(Step::Both(x, y));
            }
            break;
        }
        let low = most + 1 - level;
        let high = most + 1 + level;
        let down = k == low || (k != high && reach[k - 1] < reach[k + 1]);
        let before = if down { reach[k + 1] } else { reach[k - 1] };
        let before_k = if down { k + 1 } else { k - 1 };
        let before_y = before + most + 1 - before_k;
        let (from_x, from_y) = if down {
            (before, before_y + 1)
        } else {
            (before + 1, before_y)
        };
        while x > from_x && y > from_y {
            (x, y) = (x - 1, y - 1);
            found.push(Step::Both(x, y));
        }
        if down {
            y -= 1;
            found.push(Step::Second(y));
        } else {
            x -= 1;
            found.push(Step::First(x));
        }
    }
    found.reverse();
    found
}

/// A text by its letters, and where it is cut besides between words: before the letters that are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut<'t> {
    /// The letters.
    pub(super) letters: &'t [char],
    /// Whether it is cut before each; nothing: nowhere.
    pub(super) before: &'t [bool],
}

/// Where the words of a text begin and end: letters and digits together, anything else by itself.
fn words(text: Cut<'_>) -> Vec<std::ops::Range<usize>> {
    let letters = text.letters;
    let mut words = Vec::new();
    let mut from = 0;
    for (place, letter) in letters.iter().enumerate() {
        let kind = letter.is_alphanumeric();
        let cut = text.before.get(place).copied().unwrap_or(false);
        let before = place
            .checked_sub(1)
            .and_then(|before| letters.get(before))
            .map(|before| before.is_alphanumeric());
        if before.is_some_and(|before| before != kind || !kind || cut) {
            words.push(from..place);
            from = place;
        }
    }
    if from < letters.len() {
        words.push(from..letters.len());
    }
    words
}

/// The steps between two texts, word by word, told letter by letter.
pub(super) fn letters(first: Cut<'_>, second: Cut<'_>) -> Vec<Step> {
    let (a, b) = (words(first), words(second));
    let (first, second) = (first.letters, second.letters);
    let of = |text: &[char], at: &[std::ops::Range<usize>]| -> Vec<String> {
        at.iter()
            .map(|range| text[range.clone()].iter().collect())
            .collect()
    };
    steps(&of(first, &a), &of(second, &b))
        .into_iter()
        .flat_map(|step| -> Vec<Step> {
            match step {
                Step::Both(i, j) => a[i]
                    .clone()
                    .zip(b[j].clone())
                    .map(|(i, j)| Step::Both(i, j))
                    .collect(),
                Step::First(i) => a[i].clone().map(Step::First).collect(),
                Step::Second(j) => b[j].clone().map(Step::Second).collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(a: &str, b: &str) {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let whole = |letters| Cut {
            letters,
            before: &[],
        };
        for found in [steps(&a, &b), letters(whole(&a), whole(&b))] {
            let (mut old, mut new) = (Vec::new(), Vec::new());
            for step in found {
                match step {
                    Step::Both(i, j) => {
                        assert_eq!(a[i], b[j]);
                        old.push(i);
                        new.push(j);
                    }
                    Step::First(i) => old.push(i),
                    Step::Second(j) => new.push(j),
                }
            }
            assert_eq!(old, (0..a.len()).collect::<Vec<_>>());
            assert_eq!(new, (0..b.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_step_leads_from_the_one_to_the_other() {
        for (a, b) in [
            ("", ""),
            ("a", ""),
            ("", "b"),
            ("Both sides will meet.", "Both sides shall meet again."),
            ("abcabba", "cbabac"),
            ("the the the", "the"),
        ] {
            followed(a, b);
        }
        // Rows made by a small generator, so that many shapes are met.
        let mut seed = 7_u32;
        for _ in 0..400 {
            let mut row = || -> String {
                (0..12)
                    .filter_map(|_| {
                        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        ['a', 'b', ' ', '\n', 'c']
                            .get((seed >> 28) as usize)
                            .copied()
                    })
                    .collect()
            };
            let (a, b) = (row(), row());
            followed(&a, &b);
        }
    }

    #[test]
    fn what_has_little_in_common_is_told_as_a_whole() {
        let a: Vec<usize> = (0..5_000).collect();
        let b: Vec<usize> = (10_000..15_000).collect();
        assert_eq!(steps(&a, &b).len(), 10_000);
    }
}
