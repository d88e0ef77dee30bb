//! The views, asked one request at a time, and what is said of each. Invariant: a view that doesn't answer, or is narrowed by something
//! that it was not asked with, is a failure.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::http::Connection;
use crate::bench::pages::house::AT;
use crate::bench::pages::visits::{GOAL, at};
use crate::bench::process::Server;

/// The brief, as a page and as a file, has a goal of its own.
const BRIEF: &str = "/dialogues/sessions/{id}/brief";
const BRIEF_GOAL: f64 = 2_000.0;

/// A view of the desk.
pub(super) struct View {
    name: String,
    /// Else a feed or a file, which has no goal.
    is_page: bool,
    /// Addresses, asked in turn.
    asked: Vec<String>,
    /// Why it is not asked.
    why: Option<String>,
}

/// What came of a view.
struct Row {
    name: String,
    p50: f64,
    p99: f64,
    cpu: f64,
    bytes: usize,
    goal: Option<f64>,
}

impl View {
    /// Those that the desk listed.
    pub(super) fn listed(file: &Path) -> Result<Vec<Self>> {
        let text = fs::read_to_string(file).with_context(|| format!("{file:?} is not there"))?;
        let all: Vec<Value> = serde_json::from_str(&text)?;
        let view = |value: &Value| {
            let asked = value["asked"].as_array()?.iter();
            Some(Self {
                name: value["view"].as_str()?.to_owned(),
                is_page: value["page"].as_bool()?,
                asked: asked.filter_map(Value::as_str).map(str::to_owned).collect(),
                why: value["why"].as_str().map(str::to_owned),
            })
        };
        let views: Option<Vec<Self>> = all.iter().map(view).collect();
        views.with_context(|| format!("{file:?} does not list views"))
    }

    fn goal(&self) -> Option<f64> {
        if self.name.starts_with(BRIEF) {
            return Some(BRIEF_GOAL);
        }
        // The rows of a page as a file are up to 10,000, and no view.
        let is_file = self.name.contains("?as=");
        (self.is_page && !is_file).then_some(GOAL)
    }
}

/// Asks every view so often; says whether all answered within their goals.
pub(super) fn ask(server: &Server, cookie: &str, views: &[View], rounds: usize) -> Result<bool> {
    let mut visitor = Connection::open(AT, cookie)?;
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    let mut narrowed: BTreeMap<&str, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    // Once each, so that no figure is that of a page whose texts were never read.
    for view in views.iter().filter(|view| view.why.is_none()) {
        let path = view.asked.first();
        let path = path.with_context(|| format!("nothing is asked of {}", view.name))?;
        let answer = visitor.get(path)?;
        let page = String::from_utf8_lossy(&answer.body);
        let (plain, question) = view.name.split_once('?').unwrap_or((&view.name, ""));
        let (offered, asked) = narrowed.entry(plain).or_default();
        offered.extend(filters(&page, path));
        let names = question.split('&').filter_map(|part| part.split_once('='));
        asked.extend(names.map(|(name, _)| name.to_owned()));
    }
    for (view, (offered, asked)) in &narrowed {
        let missing: Vec<&str> = offered.difference(asked).map(String::as_str).collect();
        if !missing.is_empty() {
            wrong.push(format!(
                "{view} was never narrowed by {}",
                missing.join(", ")
            ));
        }
    }
    for view in views.iter().filter(|view| view.why.is_none()) {
        match measured(server, &mut visitor, view, rounds)? {
            Ok(row) => rows.push(row),
            Err(said) => wrong.push(said),
        }
    }
    rows.sort_by(|a, b| b.p99.total_cmp(&a.p99));
    println!(
        "\n| view, {rounds} times | p50 ms | p99 ms | server CPU ms | bytes | goal p99 |\n|---|---|---|---|---|---|"
    );
    for row in &rows {
        let goal = match row.goal {
            None => "-".to_owned(),
            Some(goal) if row.p99 <= goal => format!("{goal} ms"),
            Some(goal) => format!("{goal} ms **missed**"),
        };
        println!(
            "| `{}` | {:.1} | {:.1} | {:.1} | {} | {goal} |",
            row.name, row.p50, row.p99, row.cpu, row.bytes
        );
    }
    println!();
    for view in views {
        if let Some(why) = &view.why {
            println!("not asked: {}, which {why}", view.name);
        }
    }
    for said in &wrong {
        println!("wrong: {said}");
    }
    let missed = |row: &&Row| row.goal.is_some_and(|goal| row.p99 > goal);
    let missed = rows.iter().filter(missed).count();
    println!("{} views asked, {missed} above their goal", rows.len());
    Ok(missed == 0 && wrong.is_empty())
}

/// What a view takes, or how it answered otherwise.
fn measured(
    server: &Server,
    visitor: &mut Connection,
    view: &View,
    rounds: usize,
) -> Result<Result<Row, String>> {
    let mut figures = Vec::with_capacity(rounds);
    let mut bytes = 0;
    let cpu = server.cpu(None)?;
    for path in view.asked.iter().cycle().take(rounds) {
        let sent = Instant::now();
        let answer = visitor.get(path)?;
        figures.push(sent.elapsed().as_secs_f64() * 1e3);
        if answer.status != 200 {
            return Ok(Err(format!("{path} answered {}", answer.status)));
        }
        bytes = bytes.max(answer.body.len());
    }
    let cpu = (server.cpu(None)? - cpu) / rounds as f64 * 1e3;
    figures.sort_by(f64::total_cmp);
    Ok(Ok(Row {
        name: view.name.clone(),
        p50: at(&figures, 0.5),
        p99: at(&figures, 0.99),
        cpu,
        bytes,
        goal: view.goal(),
    }))
}

/// By what a page lets itself be narrowed: the names in its forms that ask it, but for the search that every page has. What a form asks of
/// another page is looked for there.
fn filters(page: &str, asked: &str) -> BTreeSet<String> {
    let own = asked.split('?').next().unwrap_or(asked);
    let mut names = BTreeSet::new();
    for form in page.split("<form ").skip(1) {
        let (tag, rest) = form.split_once('>').unwrap_or((form, ""));
        if !tag.contains("method=\"get\"") || tag.contains("class=\"search\"") {
            continue;
        }
        let action = tag.split_once("action=\"");
        let action = action.and_then(|(_, rest)| rest.split_once('"'));
        if action.is_some_and(|(to, _)| !to.is_empty() && to != own) {
            continue;
        }
        let fields = rest.split("</form>").next().unwrap_or_default();
        let own = fields.split(" name=\"").skip(1);
        names.extend(own.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::filters;

    #[test]
    fn filters_are_those_of_forms_that_ask() {
        let page = r#"<form class="search" method="get"><input name="q"></form><form method="get" class="form"><input id="by" name="side">
            <select name="state"></select></form><form method="post"><input name="words"></form><form method="get" action="/register"><input name="until"></form>
            <form method="get" action="/compare"><input name="from"></form>"#;
        let found: Vec<String> = filters(page, "/register?act=report").into_iter().collect();
        assert_eq!(found, ["side", "state", "until"]);
    }
}
