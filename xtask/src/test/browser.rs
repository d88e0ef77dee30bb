//! The pages in a browser: `web/tests` over a node that really serves. Without Node or a browser it is skipped, aloud.

use anyhow::Result;

use super::tally::Tally;
use crate::program::{cargo, command, quietly_succeeds, shown_and_kept, succeeds};
use crate::workspace;

/// Where Debian has it; `CHROMIUM` names another.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Whether built scripts and styles are those of their sources, then every page. After all the other tests the program is the one
/// that they have just built and run, and no pictures are taken; alone, it is built, and each page leaves its pictures.
pub(super) fn run(alone: bool) -> Result<Tally> {
    if let Some(missing) = missing() {
        return Ok(Tally::skip(format!("browser: {missing}")));
    }
    let mut tally = Tally::one(
        "browser: built from the sources in web/",
        succeeds(&mut npm(&["run", "--silent", "check"]))?,
    );
    if alone && !succeeds(&mut cargo(&["build", "--package", "entente"]))? {
        tally.add(Tally::one("browser: the program", false));
        return Ok(tally);
    }
    let program = workspace::target().join("debug/entente");
    let mut run = command("node", &["web/tests/run.mjs"]);
    run.arg(program);
    if alone {
        run.env("PICTURES", workspace::target().join("screenshots"));
    } else {
        run.env("PICTURES", "");
    }
    let (printed, passed) = shown_and_kept(&mut run)?;
    tally.add(counted(&printed).or_failure("browser", passed));
    Ok(tally)
}

/// What is not here and could not be had.
fn missing() -> Option<String> {
    if !quietly_succeeds(&mut command("node", &["--version"])) {
        return Some("Node is not installed".to_owned());
    }
    let browser = std::env::var_os("CHROMIUM").unwrap_or_else(|| CHROMIUM.into());
    if !quietly_succeeds(&mut command(&browser, &["--version"])) {
        return Some(format!("there is no browser at {}", browser.display()));
    }
    let modules = workspace::root().join("web/node_modules");
    let installed = |name: &str| modules.join(name).is_dir();
    if !installed("playwright-core") || !installed("oidc-provider") {
        println!("installing the npm packages of web/");
        let packages = ["ci", "--no-audit", "--no-fund", "--loglevel", "error"];
        if !quietly_succeeds(&mut npm(&packages)) {
            return Some("the npm packages of web/ could not be installed".to_owned());
        }
    }
    None
}

fn npm(arguments: &[&str]) -> std::process::Command {
    let mut npm = command("npm", arguments);
    npm.current_dir(workspace::root().join("web"));
    npm
}

/// What the last line counts: `browser: 120 checks, 2 failed`, and the lines that say which.
fn counted(printed: &str) -> Tally {
    let failed: Vec<String> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("FAIL "))
        .map(|fault| format!("browser: {fault}"))
        .collect();
    let skipped = printed
        .lines()
        .filter_map(|line| line.strip_prefix("SKIP "))
        .map(|why| format!("browser: {why}"))
        .collect();
    let checks = printed
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("browser: "))
        .and_then(|line| line.split(' ').next()?.parse::<usize>().ok())
        .unwrap_or(0);
    Tally {
        passed: checks.saturating_sub(failed.len()),
        failed,
        skipped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_found_is_counted() {
        let tally =
            counted("looked at /\nFAIL / en: axe\nok   keys\nbrowser: 12 checks, 1 failed\n");
        assert_eq!(
            (tally.passed, tally.failed),
            (11, vec!["browser: / en: axe".to_owned()])
        );
        let skipped = counted("SKIP a provider: none\nbrowser: 1 checks, 0 failed\n");
        assert_eq!(skipped.skipped, ["browser: a provider: none"]);
        let none = counted("node: not found\n").or_failure("browser", false);
        assert_eq!((none.passed, none.failed.len()), (0, 1));
    }
}
