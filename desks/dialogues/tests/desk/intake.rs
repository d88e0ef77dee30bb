//! Many texts at once: tried, stopped, cut short, gone on with, read; and what is known, or cannot be read.

use std::cell::Cell;

use anyhow::{Result, bail};
use dialogues::Dialogues;
use dialogues::import::intake::{
    Entry, Fate, Intake, Phase, Step, Unread, begin, bring, decide, entries, go_on, intake,
    throw_away,
};
use dialogues::import::{lines, readings, take_in};
use dialogues::records::Text;
use dialogues::register::Register;
use stage::Bench;
use text::Format;

/// One statement of a series, with its number.
fn statement(n: usize) -> String {
    format!(
        "Joint statement of the {n}th Cyber Dialogue\n\nBrussels, 11 June 2019\n\nThe European Union and Japan held their Cyber \
         Dialogue in Brussels on 11 June 2019. The EU and Japan will exchange contact points on matter {n} by 31 December 2025. \
         Both sides reaffirmed the importance of an open, free and secure cyberspace for all.\n"
    )
}

fn unpack(bytes: Vec<u8>, _: Format) -> Result<String> {
    if bytes.ends_with(b"scan") {
        bail!("there is no text in it");
    }
    if bytes.ends_with(b"slow") {
        bail!("took longer than 30 seconds to unpack and was given up");
    }
    Ok(statement(77))
}

fn never() -> bool {
    false
}

fn all_of(bench: &Bench, brought: &Intake) -> Vec<Entry> {
    entries(&bench.node, &brought.id).unwrap()
}

fn fates(bench: &Bench, brought: &Intake) -> Vec<Fate> {
    let all = all_of(bench, brought);
    all.into_iter().map(|entry| entry.fate).collect()
}

#[test]
fn each_file_meets_its_fate_and_stops_no_other() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let known = take_in(node, "before.txt", statement(1).as_bytes(), None).unwrap();
    let mut brought = begin(node, None).unwrap();
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let html = format!(
        "<html><body><p>{}</p></body></html>",
        statement(2).replace("\n\n", "</p><p>")
    );
    bring(
        node,
        &mut brought,
        vec![
            file("a/one.txt", statement(1).as_bytes()),
            file("a/two.txt", statement(2).as_bytes()),
            file("a/two-again.txt", statement(2).as_bytes()),
            file("a/two-as-a-page.html", html.as_bytes()),
            file("a/none.txt", b"   "),
            file("a/german.txt", "Die beiden Seiten haben sich darauf verst\u{e4}ndigt, dass die Zusammenarbeit im Netz weiter vertieft werden soll und wird.".as_bytes()),
            file("a/scan.pdf", b"%PDF-1.7 scan"),
            file("a/slow.pdf", b"%PDF-1.7 slow"),
            file("a/good.docx", b"PK\x03\x04 good"),
        ],
    )
    .unwrap();
    // The same portion sent twice, as after a line that broke, adds nothing.
    bring(
        node,
        &mut brought,
        vec![file("a/two.txt", statement(2).as_bytes())],
    )
    .unwrap();
    assert_eq!(brought.files, 9);
    assert!(
        !go_on(node, &brought.id, unpack, &never).unwrap(),
        "nothing before somebody says so"
    );
    decide(node, &mut brought, Step::Take).unwrap();
    assert_eq!(
        brought.phase,
        Phase::Bringing,
        "nothing is taken before it is tried"
    );
    decide(node, &mut brought, Step::Try).unwrap();
    assert!(go_on(node, &brought.id, unpack, &never).unwrap());
    let all = fates(&bench, &brought);
    assert_eq!(
        all[0],
        Fate::Known {
            reading: known.id.clone()
        }
    );
    assert!(
        matches!(&all[1], Fate::New { language, clauses, .. } if language == "en" && *clauses > 0),
        "{:?}",
        all[1]
    );
    assert_eq!(
        all[2],
        Fate::Twice {
            file: "a/two.txt".to_owned()
        }
    );
    assert_eq!(
        all[3],
        Fate::Twice {
            file: "a/two.txt".to_owned()
        }
    );
    let why = |fate: &Fate| match fate {
        Fate::Failed { why } => Some(*why),
        _ => None,
    };
    assert_eq!(
        all[4..8].iter().map(why).collect::<Vec<_>>(),
        [
            Unread::Empty,
            Unread::Language,
            Unread::Empty,
            Unread::Large
        ]
        .map(Some)
    );
    assert!(matches!(all[8], Fate::New { .. }));
    assert_eq!(readings(node).unwrap().len(), 1, "trying keeps no reading");
    let mut brought = intake(node, &brought.id).unwrap().unwrap();
    assert_eq!(brought.phase, Phase::Tried);
    decide(node, &mut brought, Step::Take).unwrap();
    go_on(node, &brought.id, unpack, &never).unwrap();
    assert_eq!(readings(node).unwrap().len(), 3);
    assert_eq!(lines(node).unwrap().len(), 3);
    let taken = fates(&bench, &brought)
        .into_iter()
        .filter(|fate| matches!(fate, Fate::Taken { .. }));
    assert_eq!(taken.count(), 2);
    let texts = Register::at_home(&bench.node)
        .all::<Text>("text.back", 10)
        .unwrap();
    assert!(texts.into_inner().is_empty(), "nothing enters the register");
    bench.later(86_400);
    throw_away(node, &brought).unwrap();
    assert!(intake(node, &brought.id).unwrap().is_none() && all_of(&bench, &brought).is_empty());
    assert_eq!(readings(node).unwrap().len(), 3, "what was read stays");
}

#[test]
fn a_run_that_is_cut_short_goes_on_where_it_was() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let mut brought = begin(node, None).unwrap();
    let files = (0..20).map(|n| (format!("{n}.txt"), statement(n).into_bytes()));
    bring(node, &mut brought, files.collect()).unwrap();
    decide(node, &mut brought, Step::Try).unwrap();
    let looked_at = Cell::new(0);
    let after = |most: usize| {
        looked_at.set(0);
        let looked_at = &looked_at;
        move || {
            looked_at.set(looked_at.get() + 1);
            looked_at.get() > most
        }
    };
    let waiting = || {
        fates(&bench, &brought)
            .iter()
            .filter(|fate| **fate == Fate::Waiting)
            .count()
    };
    go_on(node, &brought.id, unpack, &after(7)).unwrap();
    assert_eq!(waiting(), 13);
    // A person stops it: nothing happens until that person goes on.
    let mut now = intake(node, &brought.id).unwrap().unwrap();
    decide(node, &mut now, Step::Stop).unwrap();
    assert!(!go_on(node, &brought.id, unpack, &never).unwrap());
    assert_eq!(waiting(), 13);
    decide(node, &mut now, Step::GoOn).unwrap();
    go_on(node, &brought.id, unpack, &never).unwrap();
    assert_eq!(waiting(), 0);
    let mut now = intake(node, &brought.id).unwrap().unwrap();
    decide(node, &mut now, Step::Take).unwrap();
    go_on(node, &brought.id, unpack, &after(12)).unwrap();
    assert_eq!(readings(node).unwrap().len(), 12);
    go_on(node, &brought.id, unpack, &never).unwrap();
    assert_eq!(
        readings(node).unwrap().len(),
        20,
        "none twice, none left out"
    );
    assert_eq!(
        intake(node, &brought.id).unwrap().unwrap().phase,
        Phase::Taken
    );
}
