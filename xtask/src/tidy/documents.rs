//! Rule: documents stay true to the tree. Every relative link leads to a file and a heading that are there, every path in
//! code marks exists, and every document that is mentioned by name is one of ours.

use std::collections::BTreeSet;

use super::Violation;
use super::rust::{Kind, tokens};
use crate::workspace::{File, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let places = Places::of(tree);
    let files = tree
        .files
        .iter()
        .filter(|file| !file.path.starts_with("fixtures/"));
    files
        .flat_map(|file| match file.path.rsplit('.').next() {
            Some("md") => document(&places, file),
            Some("rs") => comments(&places, file),
            _ => Vec::new(),
        })
        .collect()
}

fn document(places: &Places<'_>, file: &File) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut fenced = false;
    for (number, line) in (1..).zip(file.text.lines()) {
        let mut say =
            |message: String| violations.push(Violation::new(&file.path, number, message));
        for name in documents(line).filter(|name| !places.names(name)) {
            say(format!("there is no document {name} in the tree"));
        }
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for link in links(line).filter(|link| !places.leads(file, link)) {
            say(format!("the link {link} leads nowhere"));
        }
        for path in code_paths(line).filter(|path| !places.has(path)) {
            say(format!("{path} is not there"));
        }
    }
    violations
}

fn comments(places: &Places<'_>, file: &File) -> Vec<Violation> {
    let mut violations = Vec::new();
    for token in tokens(&file.text) {
        if let Kind::Comment(text) = &token.kind {
            for name in documents(text).filter(|name| !places.names(name)) {
                let message = format!("there is no document {name} in the tree");
                violations.push(Violation::new(&file.path, token.line, message));
            }
        }
    }
    violations
}

/// What there is: files, their folders, and the headings of documents.
struct Places<'t> {
    tree: &'t Tree,
    paths: BTreeSet<&'t str>,
}

impl<'t> Places<'t> {
    fn of(tree: &'t Tree) -> Places<'t> {
        let mut paths = BTreeSet::new();
        for file in &tree.files {
            let mut path = file.path.as_str();
            while paths.insert(path) {
                match path.rsplit_once('/') {
                    Some((folder, _)) => path = folder,
                    None => break,
                }
            }
        }
        Places { tree, paths }
    }

    fn has(&self, path: &str) -> bool {
        self.paths.contains(path.trim_end_matches('/'))
    }

    fn names(&self, name: &str) -> bool {
        self.paths
            .iter()
            .any(|path| path.rsplit('/').next() == Some(name))
    }

    fn leads(&self, from: &File, link: &str) -> bool {
        if link.contains("://") || link.starts_with("mailto:") {
            return true;
        }
        let (target, heading) = link.split_once('#').unwrap_or((link, ""));
        let Some(path) = resolve(&from.path, target) else {
            return false;
        };
        if !self.has(&path) {
            return false;
        }
        heading.is_empty()
            || self
                .tree
                .file(&path)
                .is_some_and(|file| headings(&file.text).any(|own| own == heading))
    }
}

/// The path that a link in a document names; the document itself when it is empty.
fn resolve(from: &str, target: &str) -> Option<String> {
    if target.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Link targets of Markdown and of the HTML that it may hold.
fn links(line: &str) -> impl Iterator<Item = &str> {
    [
        ("](", ')'),
        ("src=\"", '"'),
        ("href=\"", '"'),
        ("srcset=\"", '"'),
    ]
    .into_iter()
    .flat_map(move |(opening, closing)| {
        line.split(opening)
            .skip(1)
            .filter_map(move |rest| rest.split_once(closing).map(|(target, _)| target))
    })
    .filter(|target| !target.contains(' '))
}

/// Paths of this tree between backticks: those that begin with one of its folders.
fn code_paths(line: &str) -> impl Iterator<Item = &str> {
    const FOLDERS: [&str; 8] = [
        "crates/",
        "desks/",
        "docs/",
        "entente/",
        "fixtures/",
        "web/",
        "xtask/",
        "dist/",
    ];
    line.split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| FOLDERS.iter().any(|folder| code.starts_with(folder)))
        .filter(|code| {
            code.chars()
                .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
        })
        .filter(|code| {
            !code.chars().any(|c| c.is_ascii_uppercase())
                || code.ends_with(".md")
                || code.ends_with(".toml")
        })
}

/// Names of Markdown documents mentioned in a line.
fn documents(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || "._-".contains(c)))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| word.ends_with(".md") && word.len() > ".md".len())
}

/// The anchors of a document's headings, as the usual renderers make them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches('#').trim())
        .map(|title| {
            title
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-' || *c == '_')
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
}
