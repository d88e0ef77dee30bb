//! The canonical form of RFC 8785. Invariant: two texts with the same meaning have the same form; what has no single meaning has none.

use std::borrow::Cow;
use std::fmt::Write;

use crate::limits::Limits;
use crate::problem::{Problem, Problems, Rule};
use crate::scan::{skip_blanks, unescape};
use crate::view::{View, number_end, string_at};

/// Writes `json`, any JSON value, in the canonical form of RFC 8785.
///
/// Numbers are doubles there: integers beyond 2^53 lose their last digits, so a seal covers the bytes too.
///
/// ```
/// let form = stix::canonical(br#" {"b": 1e2, "a": "\u00e9"} "#, &stix::Limits::default())?;
/// assert_eq!(form, "{\"a\":\"é\",\"b\":100}".as_bytes());
/// # Ok::<(), stix::Problems>(())
/// ```
///
/// # Errors
/// The problem that [`check`](crate::check()) would find in the JSON: duplicate keys, lone surrogates, depth, and so on.
pub fn canonical(json: &[u8], limits: &Limits) -> Result<Vec<u8>, Problems> {
    canonical_of(View::parse(json, limits)?)
}

/// The same of a value that was read already.
///
/// # Errors
/// As [`canonical`], of which nothing is left for a value that was read.
pub fn canonical_of(view: View<'_>) -> Result<Vec<u8>, Problems> {
    let text = view.raw();
    let mut writer = Writer {
        text,
        at: 0,
        out: String::with_capacity(text.len()),
    };
    match writer.value() {
        Some(()) => Ok(writer.out.into_bytes()),
        None => Err(Problem::new("", Rule::Json, "not JSON").into()),
    }
}

/// Rewrites text that a scanner has passed.
struct Writer<'a> {
    text: &'a str,
    at: usize,
    out: String,
}

impl<'a> Writer<'a> {
    /// The next byte that is not blank.
    fn peek(&mut self) -> Option<u8> {
        self.at = skip_blanks(self.text.as_bytes(), self.at);
        self.text.as_bytes().get(self.at).copied()
    }

    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            b'{' => self.object(),
            b'[' => self.list(),
            b'"' => {
                let content = self.string()?;
                write_string(&mut self.out, &content);
                Some(())
            }
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => {
                let end = number_end(self.text.as_bytes(), self.at);
                let number: f64 = self.text[self.at..end].parse().ok()?;
                self.at = end;
                self.out
                    .push_str(ryu_js::Buffer::new().format_finite(number));
                Some(())
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.at += word.len();
        self.out.push_str(word);
        Some(())
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let (string, end) = string_at(self.text, self.at)?;
        self.at = end;
        let content = &self.text[string.start..string.end];
        Some(if string.escaped {
            unescape(content).into()
        } else {
            content.into()
        })
    }

    fn list(&mut self) -> Option<()> {
        self.at += 1;
        self.out.push('[');
        if self.peek()? != b']' {
            loop {
                self.value()?;
                if self.peek()? == b']' {
                    break;
                }
                self.at += 1;
                self.out.push(',');
            }
        }
        self.at += 1;
        self.out.push(']');
        Some(())
    }

    /// Writes the members as they come, then puts them in order.
    fn object(&mut self) -> Option<()> {
        self.at += 1;
        let start = self.out.len();
        let mut members = Vec::new();
        while self.peek()? != b'}' {
            if self.text.as_bytes().get(self.at) == Some(&b',') {
                self.at += 1;
                self.peek()?;
            }
            let from = self.out.len();
            let key = self.string()?;
            write_string(&mut self.out, &key);
            self.peek()?;
            self.at += 1;
            self.out.push(':');
            self.value()?;
            members.push((key, from..self.out.len()));
        }
        self.at += 1;
        // RFC 8785 §3.2.3: in the order of UTF-16 code units.
        members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        let written = self.out.split_off(start);
        self.out.push('{');
        for (index, (_, place)) in members.into_iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.out
                .push_str(&written[place.start - start..place.end - start]);
        }
        self.out.push('}');
        Some(())
    }
}

/// Writes `content` as a JSON string with the fewest escapes (RFC 8785 §3.2.2.2).
pub(crate) fn write_string(out: &mut String, content: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in content.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&content[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => drop(write!(out, "\\u{byte:04x}")),
        }
    }
    out.push_str(&content[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_rfc_8785_appendix_b() {
        let cases: &[(u64, &str)] = &[
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ];
        for (bits, expected) in cases {
            let text = format!("{:e}", f64::from_bits(*bits));
            let form = canonical(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(form, expected.as_bytes());
        }
    }

    #[test]
    fn the_example_of_rfc_8785_comes_out() {
        let text = r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(
            String::from_utf8(canonical(text.as_bytes(), &Limits::default()).unwrap()).unwrap(),
            expected
        );
        let keys = "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}";
        let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}";
        assert_eq!(
            String::from_utf8(canonical(keys.as_bytes(), &Limits::default()).unwrap()).unwrap(),
            expected
        );
    }

    #[test]
    fn what_has_two_meanings_has_no_form() {
        for text in [
            r#"{"a":1,"\u0061":2}"#,
            r#""\ud800""#,
            "1e999",
            "[1,]",
            "",
            "nul",
        ] {
            assert!(
                canonical(text.as_bytes(), &Limits::default()).is_err(),
                "{text}"
            );
        }
    }
}
