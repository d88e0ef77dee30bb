//! Counting what passed, failed and was skipped, from what the test runners report. A test that prints a line `SKIP why`
//! was skipped, whatever its runner thinks.

use std::fmt;

/// What came of some checks and tests.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: usize,
    pub(super) failed: Vec<String>,
    pub(super) skipped: Vec<String>,
}

impl Tally {
    pub(super) fn one(name: &str, passed: bool) -> Tally {
        let mut tally = Tally::default();
        if passed {
            tally.passed = 1;
        } else {
            tally.failed.push(name.to_owned());
        }
        tally
    }

    pub(super) fn skip(reason: impl Into<String>) -> Tally {
        Tally {
            skipped: vec![reason.into()],
            ..Tally::default()
        }
    }

    pub(super) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        self.skipped.extend(other.skipped);
    }

    /// A run that failed without a failed test (it did not build, or crashed) is a failure of its own.
    pub(super) fn or_failure(mut self, name: &str, passed: bool) -> Tally {
        if !passed && self.failed.is_empty() {
            self.failed.push(format!("{name}: ended without a result"));
        }
        self
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for reason in &self.skipped {
            writeln!(f, "SKIP {reason}")?;
        }
        for name in &self.failed {
            writeln!(f, "FAIL {name}")?;
        }
        let (failed, skipped) = (self.failed.len(), self.skipped.len());
        writeln!(
            f,
            "{} passed, {failed} failed, {skipped} skipped",
            self.passed
        )
    }
}

/// Reads nextest's JUnit report, which holds the output of every test.
pub(super) fn of_nextest(report: &str) -> Tally {
    let mut tally = Tally::default();
    for case in report.split("<testcase ").skip(1) {
        let case = case.split("</testcase>").next().unwrap_or(case);
        let name = format!(
            "{} {}",
            attribute(case, "classname"),
            attribute(case, "name")
        );
        if case.contains("<failure") || case.contains("<error") {
            tally.failed.push(name);
        } else if case.contains("<skipped") {
            tally.skipped.push(name);
        } else {
            let output = case
                .split("<system-")
                .skip(1)
                .filter_map(|output| output.split("</system-").next()?.split_once('>'));
            match output
                .flat_map(|(_, text)| text.lines())
                .find_map(skip_line)
            {
                Some(reason) => tally.skipped.push(format!("{name}: {}", unescaped(reason))),
                None => tally.passed += 1,
            }
        }
    }
    tally
}

/// Reads what `cargo test -- --show-output` prints.
pub(super) fn of_libtest(printed: &str) -> Tally {
    let mut tally = Tally::default();
    let mut section = "";
    for line in printed.lines() {
        let name = line
            .strip_prefix("---- ")
            .and_then(|rest| rest.strip_suffix(" stdout ----"));
        if let Some(name) = name {
            section = name;
        } else if let Some(test) = line.strip_prefix("test ") {
            match test.rsplit_once(" ... ") {
                Some((_, "ok")) => tally.passed += 1,
                Some((name, "FAILED")) => tally.failed.push(name.to_owned()),
                Some((name, outcome)) if outcome.starts_with("ignored") => {
                    tally.skipped.push(name.to_owned())
                }
                _ => {}
            }
        } else if let Some(reason) = skip_line(line)
            && !section.is_empty()
        {
            tally.skipped.push(format!("{section}: {reason}"));
            tally.passed = tally.passed.saturating_sub(1);
            section = "";
        }
    }
    tally
}

fn skip_line(line: &str) -> Option<&str> {
    let said = line.trim_matches([' ', '*']).strip_prefix("SKIP")?;
    said.strip_prefix("PED")
        .unwrap_or(said)
        .strip_prefix([' ', ':'])
        .map(str::trim)
}

fn attribute<'c>(case: &'c str, name: &str) -> &'c str {
    let opening = format!("{name}=\"");
    let at = case
        .match_indices(&opening)
        .map(|(at, _)| at)
        .find(|at| *at == 0 || case[..*at].ends_with(' '));
    let value = at.map(|at| &case[at + opening.len()..]);
    value
        .and_then(|value| value.split('"').next())
        .unwrap_or_default()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::{Tally, of_libtest, of_nextest, skip_line};

    const NEXTEST: &str = r#"<?xml version="1.0"?>
<testsuites name="nextest-run" tests="4" failures="1">
  <testsuite name="store" tests="3">
    <testcase name="a" classname="store" time="0.1">
      <system-out>running 1 test
SKIPPER is another word
      </system-out>
    </testcase>
    <testcase name="b" classname="store" time="0.1">
      <system-out>SKIP no &quot;psql&quot; here</system-out>
      <system-err></system-err>
    </testcase>
    <testcase name="c" classname="store" time="0.1">
      <failure message="x">SKIP nothing</failure>
    </testcase>
  </testsuite>
  <testsuite name="node"><testcase name="d" classname="node" time="0"/></testsuite>
</testsuites>"#;

    #[test]
    fn a_report_of_nextest_is_counted() {
        let expected = Tally {
            passed: 2,
            failed: vec!["store c".to_owned()],
            skipped: vec!["store b: no \"psql\" here".to_owned()],
        };
        assert_eq!(of_nextest(NEXTEST), expected);
    }

    const LIBTEST: &str = "
running 4 tests
test a ... ok
test b ... ok
test c ... FAILED
test d ... ignored, slow
test src/lib.rs - f (line 3) - compile ... ok

successes:

---- b stdout ----
SKIP no psql here

test result: FAILED. 3 passed; 1 failed; 1 ignored
";

    #[test]
    fn output_of_libtest_is_counted() {
        let expected = Tally {
            passed: 2,
            failed: vec!["c".to_owned()],
            skipped: vec!["d".to_owned(), "b: no psql here".to_owned()],
        };
        assert_eq!(of_libtest(LIBTEST), expected);
    }

    #[test]
    fn a_skip_is_heard_however_it_is_said() {
        for line in [
            "SKIP no data",
            "  SKIPPED: no data",
            "*** SKIPPED: no data ***",
        ] {
            assert_eq!(skip_line(line), Some("no data"), "{line}");
        }
        for line in ["SKIPPER", "we SKIP it", "skip it"] {
            assert_eq!(skip_line(line), None, "{line}");
        }
    }

    #[test]
    fn a_run_without_a_result_failed() {
        assert_eq!(
            of_nextest("").or_failure("tests", false).failed,
            ["tests: ended without a result"]
        );
        assert_eq!(
            of_nextest(NEXTEST).or_failure("tests", false).failed,
            ["store c"]
        );
    }

    #[test]
    fn the_last_line_is_plain() {
        let mut tally = Tally::one("fmt", true);
        tally.add(Tally::one("clippy", false));
        tally.add(Tally::skip("no psql"));
        assert_eq!(
            tally.to_string(),
            "SKIP no psql\nFAIL clippy\n1 passed, 1 failed, 1 skipped\n"
        );
    }
}
