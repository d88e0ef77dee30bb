//! `entente read` as it is called: files, folders, standard input, and files made to hurt.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const TEXT: &str = "The EU and Japan held their fourth Cyber Dialogue in Brussels on 11 June 2019. \
     They agreed to meet again in Tokyo in 2020. They condemned attacks on hospitals.";

fn read(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entente"))
        .arg("read")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A PDF of one page with these lines.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|l| format!("({l}) Tj T* ")).collect();
    let content = format!("BT /F1 12 Tf 14 TL 50 700 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let table = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF"
    ));
    out.into_bytes()
}

/// A DOCX whose main part is this XML, given in pieces.
fn docx(path: &Path, pieces: impl Iterator<Item = Vec<u8>>) {
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
    archive
        .start_file(
            "word/document.xml",
            zip::write::SimpleFileOptions::default(),
        )
        .expect("a part");
    for piece in pieces {
        archive.write_all(&piece).expect("room");
    }
    archive.finish().expect("an archive");
}

#[test]
fn one_file_prints_its_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("joint.txt");
    std::fs::write(&path, TEXT).expect("a file");
    let output = read(&[path.to_str().expect("a name")]);
    assert!(output.status.success(), "{}", said(&output));
    let record = json(&output);
    assert_eq!(record["schema"], "entente-statement/1");
    assert_eq!(record["doc"], "joint");
    assert_eq!(record["series"]["id"], "EU-JP:cyber-dialogue");
    assert_eq!(record["statements"][1]["act"], "commitment");
    assert!(record.get("findings").is_none());

    let explained = json(&read(&["--explain", path.to_str().expect("a name")]));
    let findings = explained["findings"].as_array().expect("findings");
    assert!(
        findings
            .iter()
            .any(|f| f["rule"].as_str().is_some_and(|r| r.contains("agree"))
                && f["confidence"].as_f64().is_some_and(|c| c > 0.5))
    );
}

#[test]
fn standard_input_pdf_and_docx_give_the_same_clauses() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines: Vec<&str> = TEXT.split_inclusive(". ").map(str::trim).collect();
    let portable = folder.path().join("joint.pdf");
    std::fs::write(&portable, pdf(&lines)).expect("a file");
    let word = folder.path().join("joint.docx");
    let paragraphs: String = lines
        .iter()
        .map(|l| format!("<w:p><w:r><w:t>{l}</w:t></w:r></w:p>"))
        .collect();
    docx(
        &word,
        std::iter::once(
            format!("<w:document><w:body>{paragraphs}</w:body></w:document>").into_bytes(),
        ),
    );

    let mut child = Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["read", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(TEXT.as_bytes())
        .expect("a reader");
    let plain: Value =
        serde_json::from_slice(&child.wait_with_output().expect("an end").stdout).expect("JSON");
    let clauses = |record: &Value| -> Vec<(Value, Value)> {
        record["statements"]
            .as_array()
            .expect("clauses")
            .iter()
            .map(|s| (s["act"].clone(), s["text"].clone()))
            .collect()
    };
    assert_eq!(clauses(&plain).len(), 3);
    for path in [portable, word] {
        let record = json(&read(&[path.to_str().expect("a name")]));
        assert_eq!(clauses(&record), clauses(&plain), "{}", path.display());
    }
}

#[test]
fn what_cannot_be_read_stops_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file =
        |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("a file");
    file("a.txt", TEXT.as_bytes());
    file("broken.pdf", b"%PDF-1.7 and then nothing that is one");
    file("deutsch.txt", "Die beiden Seiten haben sich auf eine Zusammenarbeit im Bereich der Sicherheit und des Rechts verst\u{e4}ndigt.".as_bytes());
    file(
        "z.html",
        format!("<html><body><nav>Home</nav><p>{TEXT}</p></body></html>").as_bytes(),
    );
    let records = folder.path().join("records");
    let output = read(&[
        folder.path().to_str().expect("a name"),
        "--out",
        records.to_str().expect("a name"),
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let errors = said(&output);
    assert!(
        errors.contains("deutsch.txt") && errors.contains("German"),
        "{errors}"
    );
    assert!(errors.contains("broken.pdf"), "{errors}");
    assert!(records.join("a.json").exists() && records.join("z.json").exists());
    assert!(!records.join("deutsch.json").exists());
}

#[test]
fn a_bomb_ends_in_a_clear_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bomb.docx");
    let piece = [b"<w:t>".as_slice(), &[b'a'; 1 << 20], b"</w:t>"].concat();
    docx(
        &path,
        std::iter::once(b"<w:document>".to_vec()).chain(std::iter::repeat_n(piece, 200)),
    );
    assert!(std::fs::metadata(&path).expect("a file").len() < 4 << 20);
    let output = read(&[path.to_str().expect("a name")]);
    assert_eq!(output.status.code(), Some(1));
    let errors = said(&output);
    assert!(
        errors.contains("bomb.docx") && errors.contains("too large"),
        "{errors}"
    );
}
