//! How progress is shown: a bar on a terminal, a line every few seconds elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Progress, Unit};

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// The bar or the lines of one piece of work at a time.
pub(super) struct Meter {
    bar: Option<(String, ProgressBar)>,
    said: Option<(String, Instant)>,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self {
            bar: None,
            said: None,
        }
    }

    pub(super) fn show(&mut self, progress: &Progress) {
        if std::io::stderr().is_terminal() {
            self.draw(progress);
        } else if let Some(line) = self.line(progress, Instant::now()) {
            eprintln!("{line}");
        }
    }

    /// Takes the bar away, so that a line can be printed.
    pub(super) fn clear(&mut self) {
        if let Some((_, bar)) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn draw(&mut self, progress: &Progress) {
        if self
            .bar
            .as_ref()
            .is_none_or(|(what, _)| *what != progress.what)
        {
            self.clear();
            let bar = ProgressBar::with_draw_target(progress.total, ProgressDrawTarget::stderr());
            bar.set_style(style(progress));
            bar.set_prefix(progress.what.clone());
            self.bar = Some((progress.what.clone(), bar));
        }
        if let Some((_, bar)) = &self.bar {
            if let Some(total) = progress.total {
                bar.set_length(total);
            }
            bar.set_message(progress.detail.clone());
            bar.set_position(progress.done);
        }
    }

    /// The line to print now, if it is time for one.
    fn line(&mut self, progress: &Progress, now: Instant) -> Option<String> {
        let is_new = self
            .said
            .as_ref()
            .is_none_or(|(what, _)| *what != progress.what);
        let at = self.said.as_ref().map_or(now, |(_, at)| *at);
        let due = now.duration_since(at) >= BETWEEN_LINES;
        if is_new || due {
            self.said = Some((progress.what.clone(), now));
        }
        due.then(|| in_words(progress))
    }
}

fn style(progress: &Progress) -> ProgressStyle {
    let template = match (progress.total, progress.unit) {
        (Some(_), Unit::Bytes) => {
            "{prefix}  {wide_bar} {bytes}/{total_bytes}  {elapsed}, {eta} left  {msg}"
        }
        (Some(_), Unit::Pieces) => {
            "{prefix}  {wide_bar} {human_pos}/{human_len}  {elapsed}, {eta} left  {msg}"
        }
        (None, Unit::Bytes) => "{prefix}  {bytes}  {elapsed}  {msg}",
        (None, Unit::Pieces) => "{prefix}  {human_pos}  {elapsed}  {msg}",
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn in_words(progress: &Progress) -> String {
    let amount = |number: u64| match progress.unit {
        Unit::Bytes => HumanBytes(number).to_string(),
        Unit::Pieces => HumanCount(number).to_string(),
    };
    let mut line = format!("{}: {}", progress.what, amount(progress.done));
    if let Some(total) = progress.total {
        line.push_str(&format!(" of {}", amount(total)));
    }
    if !progress.detail.is_empty() {
        line.push_str(&format!(", {}", progress.detail));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_every_few_seconds_and_not_for_short_work() {
        let progress = |done| Progress {
            what: "Importing".to_owned(),
            done,
            total: Some(2048),
            unit: Unit::Bytes,
            detail: "3 accepted".to_owned(),
        };
        let mut meter = Meter::new();
        let start = Instant::now();
        assert_eq!(meter.line(&progress(0), start), None);
        assert_eq!(
            meter.line(&progress(512), start + Duration::from_secs(4)),
            None
        );
        assert_eq!(
            meter
                .line(&progress(1024), start + Duration::from_secs(5))
                .as_deref(),
            Some("Importing: 1.00 KiB of 2.00 KiB, 3 accepted")
        );
        assert_eq!(
            meter.line(&progress(2048), start + Duration::from_secs(6)),
            None
        );
    }
}
