//! What is marked above the ceiling comes in by none of the desk's doors: no letter of it is in any file of the node, and whoever brings
//! it is told.

use std::io::{Cursor, Write as _};

use axum::http::StatusCode;
use dialogues::compose::{Batch, Label};
use dialogues::import::{take_in, take_in_text};
use dialogues::records::{Commitment, NewPiece};
use serde_json::json;
use stage::address;

use crate::drafting_story::pages::{Pages, carried, edited};
use crate::entered::TEXT;

const OURS: (&str, &str) = ("tlp", "AMBER+STRICT");
const SAYS: &str = "classification that this node may not hold";

/// A canary for each door, so that a later one is not blamed for an earlier.
fn canary(door: &str) -> String {
    format!("Quillfeather {door} 7731")
}

fn marked(door: &str) -> String {
    let canary = canary(door);
    format!("SECRET//NOFORN\n\n{TEXT}\n{canary} knows of it.\n")
}

/// The parts of a form with files, of the boundary that the pages of the tests take.
fn files(fields: &[(&str, &str)], files: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!(
            "--entente\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    for (field, text) in files {
        body += &format!(
            "--entente\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"brought.txt\"\r\n\r\n{text}\r\n"
        );
    }
    body + "--entente--\r\n"
}

/// A DOCX with one part more.
fn with_part(bytes: &[u8], name: &str, text: &str) -> Vec<u8> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.merge_archive(archive).unwrap();
    writer
        .start_file(name, zip::write::SimpleFileOptions::default())
        .unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

impl Pages {
    /// Nothing of what came through a door is here.
    #[track_caller]
    fn without(&self, door: &str, held: &mut Vec<String>) {
        if self.bench.holds(&canary(door)) {
            held.push(door.to_owned());
        }
    }

    async fn bring(&self, path: &str, body: String) -> (StatusCode, String) {
        let kind = "multipart/form-data; boundary=entente";
        let answer = self.ask("POST", path, kind, body.into_bytes()).await;
        let to = answer.to.clone();
        if answer.status == StatusCode::SEE_OTHER {
            return (answer.status, self.get(&to).await.text());
        }
        (answer.status, answer.text())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_above_the_ceiling_comes_in_by_no_door() {
    let pages = Pages::new().await;
    let mut held: Vec<String> = Vec::new();
    let mut silent: Vec<String> = Vec::new();
    let mut told = |door: &str, text: &str| {
        if !text.contains(SAYS) {
            silent.push(door.to_owned());
        }
    };

    // A text that is pasted, and one that comes as bytes, as commands bring it.
    let pasted = pages
        .post(
            "/dialogues/readings/new",
            &[("name", "x"), ("text", &marked("pasted"))],
        )
        .await;
    told("pasted", &pasted.text());
    pages.without("pasted", &mut held);
    let node = pages.bench.node.clone();
    let errors = tokio::task::spawn_blocking(move || {
        let bytes = marked("taken");
        let one = take_in(&node, "x.txt", bytes.as_bytes(), None).map(drop);
        let text = marked("text");
        let other = take_in_text(&node, "x.txt", b"%PDF-1.7", &text, None).map(drop);
        [one, other].map(|one| one.err().map(|error| error.to_string()))
    })
    .await
    .unwrap();
    for (door, error) in ["taken", "text"].into_iter().zip(errors) {
        told(door, &error.unwrap_or_default());
        pages.without(door, &mut held);
    }

    // Many files at once: what is above stops no other.
    let good = TEXT.replace("fourth", "fifth");
    let above = marked("file");
    let body = files(&[], &[("files", &above), ("files", &good)]);
    let (_, page) = pages.bring("/dialogues/readings/files", body).await;
    told("file", &page);
    pages.without("file", &mut held);

    // The internal file of a series.
    let session = pages.session().await;
    let series = address(&pages.get(&session).await.text(), "/dialogues/series/");
    let file = format!("{series}/file");
    let page = pages
        .post(
            &file,
            &[("revision", "0"), ("red-lines", &marked("red lines"))],
        )
        .await;
    told("red lines", &page.text());
    pages.without("red lines", &mut held);

    // A table of scores.
    let scores = format!(
        "SECRET//NOFORN\ncommitment,member,score,text\n\"x\",Japan,1,{}\n",
        canary("scores")
    );
    let body = files(
        &[("coder", "G7 Research Group"), ("basis", "Report")],
        &[("file", &scores)],
    );
    let (_, page) = pages.bring(&format!("{series}/scores"), body).await;
    told("scores", &page);
    pages.without("scores", &mut held);

    // A draft: when it begins, in a passage, and in a file that came back.
    let new = format!("{session}/drafts/new");
    let fields = |text: &'_ str| [("title", "T".to_owned()), ("text", text.to_owned())];
    let with = |all: [(&'static str, String); 2]| async {
        let all = all;
        let mut pairs: Vec<(&str, &str)> = all.iter().map(|(a, b)| (*a, b.as_str())).collect();
        pairs.push(OURS);
        pages.post(&new, &pairs).await
    };
    let page = with(fields(&marked("draft"))).await;
    told("draft", &page.text());
    pages.without("draft", &mut held);
    let draft = with(fields("They will meet.\n\nThey will publish it.")).await;
    assert_eq!(draft.status, StatusCode::SEE_OTHER, "{}", draft.text());
    let draft = draft.to;
    let work = format!("{draft}/work");
    pages.sent(&work, &[]).await;
    let passage = format!("{work}/1-2");
    let revision = carried(&pages.get(&passage).await, "revision");
    let words = marked("passage");
    let page = pages
        .post(&passage, &[("words", &words), ("revision", &revision)])
        .await;
    told("passage", &page.text());
    pages.without("passage", &mut held);
    let words = marked("remark");
    let page = pages
        .post(
            &passage,
            &[
                ("words", "They will publish it."),
                ("remark", &words),
                ("revision", &revision),
            ],
        )
        .await;
    told("remark", &page.text());
    pages.without("remark", &mut held);
    pages.sent(&format!("{draft}/drop"), &[]).await;
    let round = address(&pages.get(&draft).await.text(), &format!("{draft}/rounds/"));
    let sent = pages.get(&format!("{round}/round.docx")).await;
    let line = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let back = edited(
        &sent.bytes,
        "word/document.xml",
        &[
            ("<w:body>", &format!("<w:body>{}", line("SECRET//NOFORN"))),
            ("They will publish it.", &canary("returned")),
        ],
    );
    let page = pages
        .upload(&format!("{draft}/receive"), "Ms Tanaka", &back)
        .await;
    let there = match page.status {
        StatusCode::SEE_OTHER => pages.get(&page.to).await.text(),
        _ => page.text(),
    };
    told("returned", &there);
    // It lies packed in its file, so its letters would not be found: whether anything waits is asked.
    let waits = pages
        .ask(
            "GET",
            &format!("{draft}/received"),
            "text/plain",
            Vec::new(),
        )
        .await;
    if waits.status != StatusCode::NOT_FOUND {
        held.push("returned".to_owned());
    }

    // A banner at the head of its pages, as houses put it.
    let head = format!(
        "<w:hdr xmlns:w=\"w\">{}{}</w:hdr>",
        line("Ministry of Valmora"),
        line("SECRET D\u{c9}FENSE"),
    );
    let headed = with_part(&sent.bytes, "word/header2.xml", &head);
    let page = pages
        .upload(&format!("{draft}/receive"), "Ms Tanaka", &headed)
        .await;
    told("headed", &page.text());

    // A record of ours, wherever it keeps its words.
    let node = pages.bench.node.clone();
    let refused = tokio::task::spawn_blocking(move || {
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what: Commitment = serde_json::from_value(json!({
            "words": marked("record"), "act": "commitment", "actors": ["JP"], "strength": 3,
            "standing": "joint", "topics": [],
        }))
        .unwrap();
        batch.add(NewPiece::of(what).in_language("en")).unwrap();
        batch.send().map(drop).err().map(|error| error.to_string())
    })
    .await
    .unwrap();
    told("record", &refused.unwrap_or_default());
    pages.without("record", &mut held);

    assert_eq!(
        (held, silent),
        (Vec::<String>::new(), Vec::<String>::new()),
        "doors through which it came, and that did not say so"
    );
    // And the search is able to find what is here.
    assert!(pages.bench.holds("They will publish it."));
}
