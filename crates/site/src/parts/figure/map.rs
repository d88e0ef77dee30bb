//! A map of points: places and names on a grid of degrees, without coasts or borders. Off unless the operator turns maps on.

use std::fmt;

use super::{Dot, Drawn, WIDE};
use crate::locale::Words;

/// A place.
#[derive(Debug, Clone)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Where it leads.
    pub path: Option<String>,
}

/// A map.
#[derive(Debug, Clone)]
pub struct Map(Drawn);

impl askama::filters::HtmlSafe for Map {}

impl fmt::Display for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const HIGH: f64 = WIDE / 2.0;

impl Map {
    /// Draws places where maps are `on`; else their names and degrees stand in the table alone.
    pub fn of(words: &Words, title: &str, points: &[Point], on: bool) -> Self {
        let description = words.t1("figure-places", "n", points.len());
        let mut drawn = Drawn::new(words, title, description);
        drawn.pictured = on;
        drawn.high = HIGH;
        let place = |point: &Point| {
            let x = (point.longitude.clamp(-180.0, 180.0) + 180.0) / 360.0 * WIDE;
            let y = (90.0 - point.latitude.clamp(-90.0, 90.0)) / 180.0 * HIGH;
            (x, y)
        };
        for step in 0..=12 {
            let x = f64::from(step) / 12.0 * WIDE;
            drawn.line((x, 0.0), (x, HIGH), "grid");
        }
        for step in 0..=6 {
            let y = f64::from(step) / 6.0 * HIGH;
            drawn.line((0.0, y), (WIDE, y), "grid");
        }
        for point in points {
            let at = place(point);
            drawn.dots.push(Dot {
                at,
                size: 4.5,
                class: "past",
            });
            let before = at.0 > WIDE - 180.0;
            // A map is the same in all directions of writing: its labels are, too.
            let (x, anchor) = if before {
                (at.0 - 9.0, "end")
            } else {
                (at.0 + 9.0, "start")
            };
            drawn.text((x, at.1 + 4.5), anchor, "name", &point.name);
        }
        drawn.note = words.t("figure-borders");
        drawn.columns = ["figure-place", "figure-north", "figure-east"]
            .map(|key| words.t(key))
            .to_vec();
        drawn.rows = points
            .iter()
            .map(|point| {
                vec![
                    (point.path.clone(), point.name.clone()),
                    (None, words.figure(point.latitude)),
                    (None, words.figure(point.longitude)),
                ]
            })
            .collect();
        if words.direction() == "rtl" {
            for label in &mut drawn.labels {
                label.anchor = if label.anchor == "end" {
                    "start"
                } else {
                    "end"
                };
            }
        }
        Self(drawn)
    }
}
