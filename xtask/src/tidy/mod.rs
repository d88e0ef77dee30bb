//! `cargo xtask tidy`: the rules of the tree, which no compiler knows. Each rule is a pure function from the tree to what
//! breaks it; `tests` plants a violation of every one.

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;

use crate::workspace::Tree;

mod arrows;
mod documents;
mod manners;
mod rooms;
mod rust;
#[cfg(test)]
mod tests;
mod traces;

/// Something that breaks a rule, and what to do about it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    path: String,
    /// 1 is the first line; 0 means the file or the package as a whole.
    line: usize,
    message: String,
}

impl Violation {
    fn new(path: impl Into<String>, line: usize, message: impl Into<String>) -> Violation {
        Violation {
            path: path.into(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// Reads the tree around us and prints what breaks a rule.
pub(crate) fn run() -> Result<ExitCode> {
    let violations = check(&Tree::read()?);
    for violation in &violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => {
            println!("tidy: nothing to mend");
            Ok(ExitCode::SUCCESS)
        }
        count => {
            println!("tidy: {count} to mend");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// All rules, over one tree.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let rules: [fn(&Tree) -> Vec<Violation>; 5] = [
        arrows::check,
        rooms::check,
        manners::check,
        traces::check,
        documents::check,
    ];
    let mut violations: Vec<Violation> = rules.iter().flat_map(|rule| rule(tree)).collect();
    violations.sort();
    violations.dedup();
    violations
}
