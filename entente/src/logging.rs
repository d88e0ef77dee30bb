//! What the program tells its journal: structured lines on standard error, as text or as JSON.
//!
//! Fields are dotted and carry their unit (`http.seconds`, `import.bytes`). Never logged: content above TLP:CLEAR, secrets, and who
//! talks to whom. Libraries below us are heard from warnings up only, since they know nothing of that rule.

use std::io;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// Whose lines are wanted in more detail than the others'.
const OURS: [&str; 4] = ["entente", "node", "store", "taxii"];

/// How much is logged, and how it looks.
#[derive(Debug, Clone, Args)]
pub(crate) struct Logging {
    /// How much to log: error, warn, info, debug or trace; info while it serves, else warn.
    #[arg(
        long = "log",
        env = "ENTENTE_LOG",
        value_name = "LEVEL",
        global = true,
        help_heading = "Logging",
        hide_possible_values = true,
        hide_env = true
    )]
    level: Option<Level>,
    /// How a line of the log looks: text for people, json an object a line.
    #[arg(
        long,
        env = "ENTENTE_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        global = true,
        help_heading = "Logging",
        hide_possible_values = true,
        hide_env = true
    )]
    log_format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// An object a line.
    Json,
}

impl Logging {
    /// Starts to log, for the rest of the process, at a level that suits it if the operator chose none.
    pub(crate) fn start(&self, serving: bool) -> Result<()> {
        let level = self
            .level
            .unwrap_or(if serving { Level::Info } else { Level::Warn });
        let filter =
            EnvFilter::try_new(filter(level)).context("the level of the log is not understood")?;
        let lines = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(io::stderr);
        match self.log_format {
            Format::Json => lines
                .json()
                .flatten_event(true)
                .with_current_span(false)
                .with_span_list(false)
                .try_init(),
            Format::Text => lines.with_ansi(false).with_target(false).try_init(),
        }
        .map_err(|error| anyhow::anyhow!("could not start to log: {error}"))
    }
}

/// A level for ours; others are heard from warnings up.
fn filter(level: Level) -> String {
    let (level, others) = match level {
        Level::Error => ("error", "error"),
        Level::Warn => ("warn", "warn"),
        Level::Info => ("info", "warn"),
        Level::Debug => ("debug", "warn"),
        Level::Trace => ("trace", "warn"),
    };
    OURS.iter().fold(others.to_owned(), |filter, ours| {
        format!("{filter},{ours}={level}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_heard_from_warnings_up() {
        assert_eq!(
            filter(Level::Debug),
            "warn,entente=debug,node=debug,store=debug,taxii=debug"
        );
        assert!(filter(Level::Error).starts_with("error,"));
        assert!(EnvFilter::try_new(filter(Level::Trace)).is_ok());
    }
}
