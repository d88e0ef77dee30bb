//! `entente --help`: every command, in the order in which somebody new needs them.
//!
//! Invariant: a command that stands in no group is shown all the same, at the end; a test wants none there.

use clap::Command;

/// What one comes for, and the commands for it.
const GROUPS: [(&str, &[&str]); 6] = [
    ("Start here", &["init", "serve", "demo", "health"]),
    (
        "Who takes part",
        &["participant", "circle", "collection", "user", "access"],
    ),
    (
        "Records",
        &[
            "import",
            "export",
            "explain",
            "awaiting",
            "quarantine",
            "clearance",
            "dialogues",
            "read",
        ],
    ),
    ("Other nodes", &["peer", "sync", "bundle"]),
    ("Keep and restore", &["verify", "backup", "restore", "key"]),
    ("Remove for good", &["erase", "spill"]),
];
const OTHERS: &str = "Others";

/// How wide a line may be, and where what a command does begins.
const WIDTH: usize = 100;
const INDENT: usize = 15;

/// The command line with its commands by group.
pub(super) fn guided(mut command: Command) -> Command {
    let known: Vec<(String, String)> = command
        .get_subcommands()
        .map(|one| {
            (
                one.get_name().to_owned(),
                one.get_about().map(ToString::to_string).unwrap_or_default(),
            )
        })
        .collect();
    let text = groups(&known);
    for (name, _) in known {
        command = command.mut_subcommand(name, |one| one.hide(true));
    }
    command
        .override_usage("entente <COMMAND> [OPTIONS]")
        .help_template(format!("{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{text}\n{{all-args}}{{after-help}}"))
}

fn groups(known: &[(String, String)]) -> String {
    let grouped = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    let mut groups: Vec<(&str, Vec<&(String, String)>)> = GROUPS
        .iter()
        .map(|(title, names)| {
            (
                *title,
                names
                    .iter()
                    .filter_map(|name| known.iter().find(|one| one.0 == *name))
                    .collect(),
            )
        })
        .collect();
    groups.push((
        OTHERS,
        known.iter().filter(|one| !grouped(&one.0)).collect(),
    ));
    let mut text = String::new();
    for (title, commands) in groups.iter().filter(|(_, commands)| !commands.is_empty()) {
        text.push_str(&format!("\n{title}:\n"));
        for (name, about) in commands {
            text.push_str(&format!(
                "  {name:<width$}{}\n",
                wrapped(about),
                width = INDENT - 2
            ));
        }
    }
    text
}

/// The words in lines, all but the first indented.
fn wrapped(text: &str) -> String {
    let (mut lines, mut column) = (String::new(), INDENT);
    for word in text.split_whitespace() {
        let long = word.chars().count() + 1;
        if column + long > WIDTH {
            lines.push('\n');
            lines.push_str(&" ".repeat(INDENT));
            column = INDENT;
        } else if column > INDENT {
            lines.push(' ');
        }
        lines.push_str(word);
        column += long;
    }
    lines
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::commands::CommandLine;

    #[test]
    fn every_command_has_its_group_and_every_group_its_commands() {
        let command = CommandLine::command();
        let mut known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        let mut grouped: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| names.iter().copied())
            .collect();
        known.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(grouped, known);
        let new = [("novelty".to_owned(), "Something new".to_owned())];
        assert!(groups(&new).contains("Others:\n  novelty      Something new"));
    }
}
