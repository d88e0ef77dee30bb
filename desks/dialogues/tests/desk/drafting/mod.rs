//! Texts in the making: what sides do to a passage, rounds that leave as files and return, and silence.

mod closed;
mod files;
mod settling;
mod silence;

use dialogues::drafting::docx::{self, Sheet};
use dialogues::drafting::ink::passage;
use dialogues::drafting::propose::propose;
use dialogues::records::{Passage, Run};

/// A passage as one line: `[+EU:in]`, `[-JP:out]`, `[EU>JP:in by the one, out by the other]`, `[=EU:held]`; `!` after what was not
/// recorded, `~` after what moved.
fn told(passage: &Passage) -> String {
    if passage.runs.is_empty() {
        return passage.words.clone();
    }
    let run = |run: &Run| {
        let sign = format!(
            "{}{}",
            if run.untracked { "!" } else { "" },
            if run.moved { "~" } else { "" }
        );
        let words = &run.words;
        match (&run.in_by, &run.out_by, &run.held_by) {
            (None, None, None) => words.clone(),
            (Some(by), None, _) => format!("[+{by}:{words}{sign}]"),
            (None, Some(by), None) => format!("[-{by}:{words}{sign}]"),
            (None, Some(by), Some(held)) => format!("[-{by}={held}:{words}{sign}]"),
            (Some(by), Some(out), _) => format!("[{by}>{out}:{words}{sign}]"),
            (None, None, Some(by)) => format!("[={by}:{words}{sign}]"),
        }
    };
    passage.runs.iter().map(run).collect()
}

fn all(passages: &[Passage]) -> Vec<String> {
    passages.iter().map(told).collect()
}

/// When the rounds that these tests write were made.
pub(crate) const STAMP: &str = "2026-11-22T03:00:00Z";

/// What files call a side.
pub(crate) fn called(side: &str) -> String {
    match side {
        "EU" => "European Union".to_owned(),
        "JP" => "Japan".to_owned(),
        other => other.to_owned(),
    }
}

/// A round of these passages, as it leaves.
pub(crate) fn sheet(passages: &[Passage]) -> Vec<u8> {
    let sheet = Sheet {
        title: "Elements & <more>",
        head: "Round 2",
        foot: "a node",
        lang: "en",
        draft: "draft--1",
        round: "draft--2",
        stamp: STAMP,
        passages,
    };
    docx::write(&sheet, &called).unwrap()
}

fn parties() -> Vec<String> {
    vec!["EU".to_owned(), "JP".to_owned()]
}

fn edited(text: &str, edits: &[(&str, &str)]) -> Passage {
    let mut made = passage(text, "1-1".to_owned());
    for (side, text) in edits {
        made = propose(&made, side, text).unwrap().unwrap();
    }
    made
}
