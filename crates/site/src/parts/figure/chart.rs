//! A chart of bars, one below the other: figures by name, in the order given. It compares things, never participants.

use std::fmt;

use super::{Area, Drawn, WIDE};
use crate::locale::Words;

/// One bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it counts.
    pub name: String,
    /// How many.
    pub figure: u64,
    /// Where the rows behind it are.
    pub path: Option<String>,
}

/// A chart.
#[derive(Debug, Clone)]
pub struct Chart(Drawn);

impl askama::filters::HtmlSafe for Chart {}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const NAMES: f64 = 240.0;
const BAR: f64 = 16.0;
const STEP: f64 = 28.0;

impl Chart {
    /// Draws bars. `what` is the heading of their names, `unit` that of their figures.
    pub fn of(words: &Words, title: &str, what: &str, unit: &str, bars: Vec<Bar>) -> Self {
        let description = words.t1("figure-bars", "n", bars.len());
        let mut drawn = Drawn::new(words, title, description);
        let most = bars.iter().map(|bar| bar.figure).max().unwrap_or(0).max(1) as f64;
        drawn.high = bars.len() as f64 * STEP + 8.0;
        for (place, bar) in bars.iter().enumerate() {
            let y = place as f64 * STEP + 6.0;
            let long = bar.figure as f64 / most * (WIDE - NAMES - 90.0);
            let name = super::cut(&bar.name, 36);
            drawn.text((NAMES - 12.0, y + 13.0), "end", "name", &name);
            drawn.areas.push(Area {
                at: (NAMES, y),
                size: (long.max(1.0), BAR),
            });
            let figure = words.figure(bar.figure);
            drawn.text((NAMES + long + 8.0, y + 13.0), "start", "figure", &figure);
        }
        drawn.line((NAMES, 0.0), (NAMES, drawn.high), "axis");
        drawn.columns = vec![what.to_owned(), unit.to_owned()];
        drawn.rows = bars
            .iter()
            .map(|bar| {
                vec![
                    (bar.path.clone(), bar.name.clone()),
                    (None, words.figure(bar.figure)),
                ]
            })
            .collect();
        Self(drawn.turned(words))
    }
}
