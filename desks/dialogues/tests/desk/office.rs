//! A round goes through LibreOffice and back: opened, changed with the change recorded, saved. Where LibreOffice isn't installed this is
//! said loudly and nothing is shown: `apt-get install libreoffice-writer python3-uno`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use dialogues::drafting::docx;
use dialogues::drafting::ink::{passage, proposed};
use dialogues::drafting::propose::{propose, strike};
use dialogues::drafting::returned::{Findings, Senders, authors, returned};
use dialogues::records::{Passage, Remark};

use crate::drafting::{STAMP, called, sheet};

/// What somebody does in LibreOffice: records on, a word for another, a paragraph more, a comment; then a word without a record.
const EDIT: &str = r#"
import os, sys, time, uno
from com.sun.star.beans import PropertyValue
def named(name, value):
    made = PropertyValue(); made.Name = name; made.Value = value; return made
port, source, target = sys.argv[1:4]
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for turn in range(240):
    try:
        context = resolver.resolve("uno:socket,host=127.0.0.1,port=%s;urp;StarOffice.ComponentContext" % port); break
    except Exception:
        time.sleep(0.25)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
document = desktop.loadComponentFromURL("file://" + source, "_blank", 0, (named("Hidden", True),))
def put(wanted, words):
    search = document.createSearchDescriptor(); search.SearchString = wanted
    found = document.findFirst(search)
    found.setString(words)
    return found
document.RecordChanges = True
put("paragraph", "passage")
text = document.Text
text.insertString(text.End, " And one more sentence.", False)
note = document.createInstance("com.sun.star.text.textfield.Annotation")
note.Author = "A. Tanaka"; note.Content = "Is this new?"
search = document.createSearchDescriptor(); search.SearchString = "passage"
text.insertTextContent(document.findFirst(search).End, note, False)
document.RecordChanges = False
put("stands", "holds")
document.storeToURL("file://" + target, (named("FilterName", "MS Word 2007 XML"),))
print("stored", flush=True)
try:
    desktop.terminate()
except Exception:
    pass
# Leaves at once: the bridge may fall over its own threads when the interpreter clears away.
os._exit(0)
"#;

fn base() -> Vec<Passage> {
    let mut open = passage("Both sides will publish the results.", "1-2".to_owned());
    for (side, text) in [
        ("EU", "Both sides shall publish the results."),
        ("JP", "Both sides shall publish [the results]."),
    ] {
        open = propose(&open, side, text).unwrap().unwrap();
    }
    open.remarks = vec![Remark {
        by: "EU".into(),
        words: "Stronger.".into(),
        at: "2026-11-21T10:00:00Z".into(),
        on: Some("shall".into()),
        answers: None,
    }];
    vec![
        passage("The first paragraph stands.", "1-1".to_owned()),
        open,
        proposed("A new one.", "2a-1".to_owned(), "EU"),
        strike(&passage("One to go.", "1-3".to_owned()), "JP").unwrap(),
        passage("The last one.", "1-4".to_owned()),
    ]
}

fn compared(base: &[Passage], bytes: &[u8]) -> (Vec<Passage>, Findings, Vec<String>) {
    let doc = docx::read(bytes).unwrap();
    assert_eq!(
        (doc.draft.as_deref(), doc.round.as_deref()),
        (Some("draft--1"), Some("draft--2"))
    );
    let authors: Vec<String> = authors(&doc, base, STAMP, &called)
        .into_iter()
        .map(|author| author.name)
        .collect();
    let sides: BTreeMap<String, String> = authors
        .iter()
        .map(|author| (author.clone(), "JP".to_owned()))
        .collect();
    let by = Senders {
        base,
        stamp: STAMP,
        name: &called,
        sides: &sides,
        sender: "JP",
        parties: &["EU".to_owned(), "JP".to_owned()],
        at: STAMP,
    };
    let mut count = 0;
    let (passages, found) = returned(&by, &doc, &mut || {
        count += 1;
        format!("3b-{count}")
    });
    (passages, found, authors)
}

/// The program, if it is installed.
fn office() -> Option<PathBuf> {
    ["/usr/bin/soffice", "/usr/bin/libreoffice"]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
}

fn started(office: &Path, home: &Path) -> Command {
    let mut command = Command::new(office);
    command.env("HOME", home).args([
        "--headless",
        "--norestore",
        "--nologo",
        &format!("-env:UserInstallation=file://{}/profile", home.display()),
    ]);
    command
}

#[test]
fn a_round_goes_through_libreoffice_and_each_change_is_its_sides() {
    let Some(office) = office() else {
        println!("SKIP LibreOffice is not installed; no round went through it");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    let base = base();
    let source = home.join("round.docx");
    std::fs::write(&source, sheet(&base)).unwrap();

    // Opened and saved: whatever LibreOffice writes otherwise, it says the same.
    let out = home.join("saved");
    let saved = started(&office, &home)
        .args(["--convert-to", "docx", "--outdir"])
        .arg(&out)
        .arg(&source)
        .output()
        .unwrap();
    assert!(
        saved.status.success(),
        "{}",
        String::from_utf8_lossy(&saved.stderr)
    );
    let (after, found, authors) = compared(&base, &std::fs::read(out.join("round.docx")).unwrap());
    assert_eq!(
        (&after, found, authors.len()),
        (&base, Findings::new(), 0),
        "{authors:?}"
    );

    // Changed by somebody, mostly with a record.
    let has_uno = Command::new("/usr/bin/python3")
        .args(["-c", "import uno"])
        .status();
    if !has_uno.is_ok_and(|status| status.success()) {
        println!("SKIP python3-uno is not installed; no round was changed in LibreOffice");
        return;
    }
    let port = 20_000 + std::process::id() % 20_000;
    let script = home.join("edit.py");
    std::fs::write(&script, EDIT).unwrap();
    let mut serving = started(&office, &home)
        .arg(format!("--accept=socket,host=127.0.0.1,port={port};urp;"))
        .spawn()
        .unwrap();
    let target = home.join("edited.docx");
    let edited = Command::new("/usr/bin/python3")
        .arg(&script)
        .arg(port.to_string())
        .args([&source, &target])
        .output()
        .unwrap();
    let _ = serving.kill();
    let _ = serving.wait();
    assert!(
        edited.stdout.starts_with(b"stored"),
        "{}: {}",
        edited.status,
        String::from_utf8_lossy(&edited.stderr)
    );
    let (after, found, _) = compared(&base, &std::fs::read(&target).unwrap());
    let open = |place: usize| -> Vec<(String, String)> {
        dialogues::drafting::settle::changes(&after[place])
            .into_iter()
            .map(|change| {
                (
                    change.by,
                    format!(
                        "{}>{}{}",
                        change.gone,
                        change.words,
                        if change.untracked { "!" } else { "" }
                    ),
                )
            })
            .collect()
    };
    let jp = |words: &str| ("JP".to_owned(), words.to_owned());
    assert_eq!(open(0), [jp("paragraph>passage"), jp("stands>holds!")]);
    assert_eq!(open(4), [jp("> And one more sentence.")]);
    assert_eq!(after[1..4], base[1..4]);
    let said: Vec<(&str, &str)> = after[0]
        .remarks
        .iter()
        .map(|remark| (remark.by.as_str(), remark.words.as_str()))
        .collect();
    assert_eq!(said, [("JP", "Is this new?")]);
    assert_eq!(found.get("untracked"), Some(&1));
}
