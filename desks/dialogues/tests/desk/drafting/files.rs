//! Rounds that leave as files and return: as Word writes them, damaged, of another text, or untouched.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use dialogues::drafting::docx::{self, Broken};
use dialogues::drafting::ink::{passage, proposed};
use dialogues::drafting::propose::{propose, strike, view};
use dialogues::drafting::returned::{Findings, Senders, authors, returned};
use dialogues::records::{Passage, Remark};

use super::{STAMP, all, called, edited, parties, sheet, told};

const DATE: &str = "2026-11-24T09:30:00Z";

/// A DOCX with this body, as another program would have written it.
fn file(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (part, content) in parts {
        writer
            .start_file(*part, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of a DOCX that was written here, the body changed as a person would have changed it.
fn changed(bytes: &[u8], pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    let mut parts = Vec::new();
    for part in &names {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(part).unwrap(), &mut text).unwrap();
        if part == "word/document.xml" {
            for (from, to) in pairs {
                assert!(text.contains(from), "{from} is not in {text}");
                text = text.replacen(from, to, 1);
            }
        }
        parts.push((part.clone(), text));
    }
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    file(&parts)
}

fn compared(base: &[Passage], bytes: &[u8]) -> (Vec<Passage>, Findings) {
    let doc = docx::read(bytes).unwrap();
    let sides: BTreeMap<String, String> =
        [("A. Tanaka", "JP"), ("Author", "JP"), ("Unbekannt", "JP")]
            .into_iter()
            .map(|(author, side)| (author.to_owned(), side.to_owned()))
            .collect();
    let by = Senders {
        base,
        stamp: STAMP,
        name: &called,
        sides: &sides,
        sender: "JP",
        parties: &parties(),
        at: DATE,
    };
    let mut count = 0;
    returned(&by, &doc, &mut || {
        count += 1;
        format!("3b-{count}")
    })
}

fn ins(text: &str) -> String {
    format!(
        "<w:ins w:id=\"900\" w:author=\"A. Tanaka\" w:date=\"{DATE}\"><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:ins>"
    )
}

fn del(text: &str) -> String {
    format!(
        "<w:del w:id=\"901\" w:author=\"A. Tanaka\" w:date=\"{DATE}\"><w:r><w:delText xml:space=\"preserve\">{text}</w:delText></w:r></w:del>"
    )
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn draft() -> Vec<Passage> {
    let mut open = edited("Both sides will meet.", &[("EU", "Both sides shall meet.")]);
    open.mark = Some("1-2".to_owned());
    vec![
        passage("The first paragraph stands.", "1-1".to_owned()),
        open,
        passage("The last & only one.", "1-3".to_owned()),
    ]
}

#[test]
fn an_untouched_file_changes_nothing() {
    let mut passages = draft();
    passages.push(proposed("A new one.", "2a-1".to_owned(), "EU"));
    passages.push(strike(&passage("One to go.", "1-4".to_owned()), "EU").unwrap());
    let mut held = edited(
        "They will publish the results.",
        &[("JP", "They will publish [the results].")],
    );
    held.mark = Some("1-5".to_owned());
    held.remarks = vec![
        Remark {
            by: "JP".into(),
            words: "Not in public.".into(),
            at: DATE.into(),
            on: Some("publish".into()),
            answers: None,
        },
        Remark {
            by: "EU".into(),
            words: "Why?".into(),
            at: DATE.into(),
            on: Some("publish".into()),
            answers: Some(0),
        },
    ];
    passages.push(held);
    let (after, found) = compared(&passages, &sheet(&passages));
    assert_eq!(after, passages);
    assert_eq!(found, Findings::new());
    // It says of which round it is.
    let doc = docx::read(&sheet(&passages)).unwrap();
    assert_eq!(
        (doc.draft.as_deref(), doc.round.as_deref()),
        (Some("draft--1"), Some("draft--2"))
    );
    assert_eq!(doc.notes[1].answers, Some(0));
    assert!(authors(&doc, &passages, STAMP, &called).is_empty());
}

#[test]
fn a_word_that_is_rejected_leaves_no_blank() {
    let words = [
        "Both sides will soon meet.",
        "Both sides will meet soon and again.",
    ];
    for (base, with) in [
        ("Both sides will meet.", words[0]),
        ("Both sides will meet again.", words[1]),
    ] {
        let base = vec![edited(base, &[("EU", with)])];
        // Somebody takes the words out of what the file has as put in, and leaves a blank there.
        let word = if with.contains("soon and") {
            "soon and"
        } else {
            "soon"
        };
        let (after, found) = compared(&base, &changed(&sheet(&base), &[(word, "")]));
        let wanted = with.replace(&format!("{word} "), &format!("[EU>JP:{word} ]"));
        assert_eq!(all(&after), [wanted], "{:?}", all(&base));
        assert_eq!(found, Findings::from([("rejected", 1)]), "{with}");
    }
    // Where another word comes in its place, the blank parts that from the next.
    let base = vec![edited(
        "Both sides will meet.",
        &[("EU", "Both sides will soon meet.")],
    )];
    let (after, _) = compared(&base, &changed(&sheet(&base), &[("soon", "always")]));
    assert_eq!(
        all(&after),
        ["Both sides will [EU>JP:soon][+JP:always!][+EU: ]meet."]
    );
    // Where a word of it stays, so do the blanks.
    let base = vec![edited(
        "Both sides will meet.",
        &[("EU", "Both sides will soon and often meet.")],
    )];
    let (after, _) = compared(&base, &changed(&sheet(&base), &[("soon and ", "")]));
    assert!(all(&after)[0].contains("EU:often"), "{:?}", all(&after));
}

#[test]
fn what_word_writes_is_put_down_to_its_side() {
    let base = draft();
    let bytes = sheet(&base);
    let first = run("The first paragraph stands.");
    for (pairs, wanted, findings) in [
        // A word for another, recorded.
        (
            vec![(
                first.clone(),
                format!(
                    "{}{}{}{}",
                    run("The first "),
                    del("paragraph"),
                    ins("passage"),
                    run(" stands.")
                ),
            )],
            vec![
                "The first [-JP:paragraph][+JP:passage] stands.",
                "Both sides [-EU:will][+EU:shall] meet.",
                "The last & only one.",
            ],
            vec![],
        ),
        // The same without a record: found all the same, and told.
        (
            vec![(first.clone(), run("The first passage stands."))],
            vec![
                "The first [-JP:paragraph!][+JP:passage!] stands.",
                "Both sides [-EU:will][+EU:shall] meet.",
                "The last & only one.",
            ],
            vec![("untracked", 1)],
        ),
        // A paragraph put in after another, as Word writes it: the end of the first one is what is new.
        (
            vec![(
                format!("<w:p><w:pPr></w:pPr>{first}</w:p>"),
                format!(
                    "<w:p><w:pPr><w:rPr><w:ins w:id=\"1\" w:author=\"A. Tanaka\" w:date=\"{DATE}\"/></w:rPr></w:pPr>{first}</w:p><w:p>{}</w:p>",
                    ins("Quite new.")
                ),
            )],
            vec![
                "The first paragraph stands.",
                "[+JP:Quite new.]",
                "Both sides [-EU:will][+EU:shall] meet.",
                "The last & only one.",
            ],
            vec![],
        ),
        // A paragraph taken out with its end.
        (
            vec![(
                format!("<w:p><w:pPr></w:pPr>{first}</w:p>"),
                format!(
                    "<w:p><w:pPr><w:rPr><w:del w:id=\"1\" w:author=\"A. Tanaka\" w:date=\"{DATE}\"/></w:rPr></w:pPr>{}</w:p>",
                    del("The first paragraph stands.")
                ),
            )],
            vec![
                "[-JP:The first paragraph stands.]",
                "Both sides [-EU:will][+EU:shall] meet.",
                "The last & only one.",
            ],
            vec![],
        ),
        // Brackets put in by hand.
        (
            vec![(
                first.clone(),
                format!(
                    "{}{}{}{}{}",
                    run("The first "),
                    ins("["),
                    run("paragraph"),
                    ins("]"),
                    run(" stands.")
                ),
            )],
            vec![
                "The first [=JP:paragraph] stands.",
                "Both sides [-EU:will][+EU:shall] meet.",
                "The last & only one.",
            ],
            vec![],
        ),
        // Moved to the end, and a change of form alone.
        (
            vec![
                (
                    first.clone(),
                    format!(
                        "<w:moveFromRangeStart w:id=\"5\" w:name=\"m\"/><w:moveFrom w:id=\"6\" w:author=\"A. Tanaka\" w:date=\"{DATE}\">{first}</w:moveFrom><w:moveFromRangeEnd w:id=\"5\"/>"
                    ),
                ),
                (
                    run("The last &amp; only one."),
                    format!(
                        "<w:r><w:rPr><w:b/><w:rPrChange w:id=\"8\" w:author=\"A. Tanaka\"><w:rPr/></w:rPrChange></w:rPr><w:t>The last &amp; only one.</w:t></w:r><w:moveTo w:id=\"7\" w:author=\"A. Tanaka\" w:date=\"{DATE}\">{}</w:moveTo>",
                        run(" Moved.")
                    ),
                ),
            ],
            vec![
                "[-JP:The first paragraph stands.~]",
                "Both sides [-EU:will][+EU:shall] meet.",
                "The last & only one.[+JP: Moved.~]",
            ],
            vec![("form", 1), ("moved", 2)],
        ),
    ] {
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let (after, found) = compared(&base, &changed(&bytes, &pairs));
        assert_eq!(all(&after), wanted);
        let found: Vec<(&str, u32)> = found.into_iter().collect();
        assert_eq!(found, findings);
    }
}

#[test]
fn what_was_accepted_or_rejected_in_word_is_told_and_nothing_is_lost() {
    let base = draft();
    let bytes = sheet(&base);
    let old = |kind: &str, text: &str, tag: &str, id: u32| {
        format!(
            "<w:{kind} w:id=\"{id}\" w:author=\"European Union\" w:date=\"{STAMP}\"><w:r><w:{tag} xml:space=\"preserve\">{text}</w:{tag}></w:r></w:{kind}>"
        )
    };
    let (will, shall) = (
        old("del", "will", "delText", 1),
        old("ins", "shall", "t", 2),
    );
    for (pairs, wanted, findings) in [
        // Both accepted: it is agreed.
        (
            vec![(will.clone(), String::new()), (shall.clone(), run("shall"))],
            "Both sides shall meet.",
            vec![("accepted", 1)],
        ),
        // Both rejected: the objection stands beside the words.
        (
            vec![(will.clone(), run("will")), (shall.clone(), String::new())],
            "Both sides [-EU=JP:will][EU>JP:shall] meet.",
            vec![("rejected", 1)],
        ),
        // Taken out with a record, inside what the other side put in.
        (
            vec![(run("shall"), del("shall"))],
            "Both sides [-EU:will][EU>JP:shall] meet.",
            vec![],
        ),
        // All names taken out of the file: what was open stays whose it was.
        (
            vec![
                ("European Union".to_owned(), "Author".to_owned()),
                ("European Union".to_owned(), "Author".to_owned()),
            ],
            "Both sides [-EU:will][+EU:shall] meet.",
            vec![("nameless", 1)],
        ),
    ] {
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let (after, found) = compared(&base, &changed(&bytes, &pairs));
        assert_eq!(told(&after[1]), wanted);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), findings);
    }
}

#[test]
fn files_that_are_none_are_told_apart() {
    let document =
        |body: &str| format!("<w:document xmlns:w=\"x\"><w:body>{body}</w:body></w:document>");
    let read = |body: &str| docx::read(&file(&[("word/document.xml", &document(body))]));
    assert_eq!(docx::read(b"%PDF-1.7"), Err(Broken::NotDocx));
    assert_eq!(docx::read(b""), Err(Broken::NotDocx));
    assert_eq!(
        docx::read(&file(&[("other.xml", "<a/>")])),
        Err(Broken::NotDocx)
    );
    assert_eq!(docx::read(&sheet(&draft())[..400]), Err(Broken::Damaged));
    assert_eq!(read("<w:p></w:p>"), Err(Broken::Empty));
    assert_eq!(read("<w:p><w:r><w:t>a"), Err(Broken::Damaged));
    assert_eq!(read(&"<w:sdt>".repeat(300)), Err(Broken::TooLarge));
    // 400 MiB of nothing in a few hundred kilobytes.
    let bomb = file(&[("word/document.xml", &document(&" ".repeat(30 << 20)))]);
    assert!(bomb.len() < 200_000);
    assert_eq!(docx::read(&bomb), Err(Broken::TooLarge));
    // Entities are not expanded, a macro is neither read nor run, and what stands beside the text is told.
    let odd = "<!DOCTYPE a [<!ENTITY x \"boom\">]><w:document xmlns:w=\"x\"><w:body><w:p><w:r><w:t>a&x;b</w:t><w:footnoteReference/></w:r></w:p></w:body></w:document>";
    let doc = docx::read(&file(&[
        ("word/document.xml", odd),
        ("word/vbaProject.bin", "x"),
    ]))
    .unwrap();
    let text: String = doc.letters.iter().map(|seen| seen.letter).collect();
    assert_eq!((text.as_str(), doc.macros, doc.beside), ("ab", true, true));
}

/// Numbers from a seed: the same row each time.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn words(&mut self, most: usize) -> String {
        const WORDS: [&str; 12] = [
            "both",
            "sides",
            "will",
            "shall",
            "meet",
            "exchange",
            "contact",
            "points",
            "l’été",
            "à",
            "yearly",
            "A&B",
        ];
        let count = 1 + self.below(most);
        (0..count)
            .map(|_| WORDS[self.below(12)])
            .collect::<Vec<_>>()
            .join(" ")
            + "."
    }
}

/// Whatever sides do to a text, its file read back says the same of every word, by the same side.
#[test]
fn a_round_that_is_written_and_read_says_the_same() {
    let mut seeded = Seeded(11);
    for round in 0..250 {
        let count = 1 + seeded.below(5);
        let mut passages: Vec<Passage> = Vec::new();
        for place in 0..count {
            let mut made = if seeded.below(5) == 0 {
                proposed(
                    &seeded.words(8),
                    format!("1-{place}"),
                    ["EU", "JP"][seeded.below(2)],
                )
            } else {
                passage(&seeded.words(12), format!("1-{place}"))
            };
            for _ in 0..seeded.below(4) {
                let side = ["EU", "JP"][seeded.below(2)];
                let mut words: Vec<String> = view(&made)
                    .replace(['[', ']'], "")
                    .split(' ')
                    .map(str::to_owned)
                    .collect();
                let at = seeded.below(words.len());
                match seeded.below(5) {
                    0 => drop(words.remove(at)),
                    1 => words.insert(at, seeded.words(3)),
                    2 => words[at] = seeded.words(2),
                    3 => words[at] = format!("[{}]", words[at]),
                    _ => {
                        if let Some(struck) = strike(&made, side) {
                            made = struck;
                        }
                        continue;
                    }
                }
                if let Some(next) = propose(&made, side, &words.join(" ")).unwrap() {
                    made = next;
                }
            }
            passages.push(made);
        }
        let (after, found) = compared(&passages, &sheet(&passages));
        assert_eq!(all(&after), all(&passages), "round {round}");
        assert_eq!(after, passages, "round {round}");
        assert_eq!(found, Findings::new(), "round {round}");
    }
}
