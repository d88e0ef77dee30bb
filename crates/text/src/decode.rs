//! From bytes to text: which encoding, and what to say when the declared one is wrong or missing.
//! Invariant: never fails; bytes that mean nothing become U+FFFD and are reported.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::problem::Problem;

/// Decodes plain text or HTML. `html` allows a declaration in a meta element.
pub(crate) fn decode(bytes: &[u8], html: bool, problems: &mut Vec<Problem>) -> String {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return lossy(encoding, &bytes[skip..], problems);
    }
    let declared = if html { declared(bytes) } else { None };
    if let Ok(text) = std::str::from_utf8(bytes)
        && wide(bytes).is_none()
    {
        if let Some(other) = declared
            && other != UTF_8
            && !bytes.is_ascii()
        {
            problems.push(Problem {
                code: "encoding-wrong",
                message: format!(
                    "declared as {}, but the bytes are UTF-8; read as UTF-8",
                    other.name()
                ),
                span: None,
            });
        }
        return text.to_owned();
    }
    if let Some(wide) = wide(bytes) {
        problems.push(Problem {
            code: "encoding-missing",
            message: format!("no byte order mark; detected as {}", wide.name()),
            span: None,
        });
        return lossy(wide, bytes, problems);
    }
    match declared {
        Some(encoding) if encoding != UTF_8 => lossy(encoding, bytes, problems),
        _ => {
            let message = if declared.is_some() {
                "declared as UTF-8, but the bytes are not; read as windows-1252"
            } else {
                "no encoding declared and not UTF-8; read as windows-1252"
            };
            // A stray bad byte in UTF-8 is not another encoding.
            let broken = UTF_8.decode_without_bom_handling(bytes).0;
            let bad = broken.matches('\u{fffd}').count();
            let high = broken.chars().filter(|c| !c.is_ascii()).count();
            if bad * 5 < high {
                problems.push(Problem {
                    code: "encoding-damaged",
                    message: format!("{bad} bytes are not UTF-8; each is shown as U+FFFD"),
                    span: None,
                });
                return broken.into_owned();
            }
            problems.push(Problem {
                code: if declared.is_some() {
                    "encoding-wrong"
                } else {
                    "encoding-missing"
                },
                message: message.to_owned(),
                span: None,
            });
            lossy(WINDOWS_1252, bytes, problems)
        }
    }
}

fn lossy(encoding: &'static Encoding, bytes: &[u8], problems: &mut Vec<Problem>) -> String {
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    if bad {
        problems.push(Problem {
            code: "encoding-damaged",
            message: format!(
                "some bytes are not {}; each is shown as U+FFFD",
                encoding.name()
            ),
            span: None,
        });
    }
    text.into_owned()
}

/// UTF-16 without a mark: every other byte of plain text is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(2000)];
    if sample.len() < 8 {
        return None;
    }
    let zero = |parity: usize| {
        sample
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let half = sample.len() / 2;
    if zero(1) * 10 > half * 7 && zero(0) * 10 < half {
        return Some(UTF_16LE);
    }
    if zero(0) * 10 > half * 7 && zero(1) * 10 < half {
        return Some(UTF_16BE);
    }
    None
}

/// The charset of a meta element in the first 4 KiB.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes[..bytes.len().min(4096)]
        .iter()
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    let at = head.find("charset")?;
    let rest = head[at + 7..].trim_start().strip_prefix('=')?.trim_start();
    let label: String = rest
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        .collect();
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        let table: &[(&[u8], &str, &[&str])] = &[
            ("déjà".as_bytes(), "déjà", &[]),
            (b"d\xe9j\xe0 vu", "déjà vu", &["encoding-missing"]),
            (b"\xff\xfed\x00\xe9\x00", "dé", &[]),
            (
                b"<meta charset=iso-8859-1>\xc3\xa9\xc3\xa8",
                "<meta charset=iso-8859-1>éè",
                &["encoding-wrong"],
            ),
            (
                b"<meta charset=\"utf-8\">d\xe9j\xe0",
                "<meta charset=\"utf-8\">déjà",
                &["encoding-wrong"],
            ),
            (b"a\x00b\x00c\x00d\x00e\x00", "abcde", &["encoding-missing"]),
        ];
        for (bytes, expected, codes) in table {
            let mut problems = Vec::new();
            let text = decode(bytes, true, &mut problems);
            assert_eq!(text, *expected);
            assert_eq!(
                problems.iter().map(|p| p.code).collect::<Vec<_>>(),
                *codes,
                "{expected}"
            );
        }
    }
}
