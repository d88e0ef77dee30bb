//! What a reading promises of any bytes at all; shared by the fuzz targets and the tests.
#![allow(dead_code, unreachable_pub, reason = "each target uses one promise")]

use text::{Format, Options, Reading};

/// Plain text: spans are those of the decoded source.
pub fn plain(bytes: &[u8]) {
    hold(bytes, Format::Txt);
}

/// A web page.
pub fn page(bytes: &[u8]) {
    hold(bytes, Format::Html);
}

/// A Word document.
pub fn word(bytes: &[u8]) {
    hold(bytes, Format::Docx);
}

/// A PDF. Its parser is not ours and panics on damaged files, which `text` turns into a failure; that is not told as a crash.
pub fn portable(bytes: &[u8]) {
    static QUIET: std::sync::Once = std::sync::Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    hold(bytes, Format::Pdf);
}

fn hold(bytes: &[u8], format: Format) {
    let options = Options {
        format: Some(format),
        name: "any".to_owned(),
    };
    if let Ok(reading) = text::read(bytes, &options) {
        check(&reading);
    }
    let _guessed = Format::guess(bytes);
}

/// Spans lie in the text, in order, and give back the words of their clauses.
pub fn check(reading: &Reading) {
    let chars: Vec<char> = reading.text.chars().collect();
    let mut last = 0;
    for clause in &reading.statement.statements {
        assert!(
            last <= clause.start && clause.start < clause.end && clause.end <= chars.len(),
            "{clause:?}"
        );
        let slice: String = chars[clause.start..clause.end].iter().collect();
        assert_eq!(slice, clause.text);
        assert!(
            (1..=5).contains(&clause.topics.len())
                && (1..=3).contains(&clause.strength)
                && !clause.actors.is_empty(),
            "{clause:?}"
        );
        last = clause.end;
    }
    for finding in &reading.findings {
        assert!(
            finding.span.start <= finding.span.end && finding.span.end <= chars.len(),
            "{finding:?}"
        );
        assert!((0.0..=1.0).contains(&finding.confidence), "{finding:?}");
    }
}
