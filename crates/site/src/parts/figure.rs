//! Figures that the server draws: a time line, a chart, a graph, a map. Each has a title, a description and the same content as a table.
//!
//! Invariant: what a picture shows is in its table, and nothing is told by color alone. From right to left, time runs from right to left.

mod chart;
mod graph;
mod map;
mod timeline;

use askama::Template;

pub use chart::{Bar, Chart};
pub use graph::{Edge, Graph, Vertex};
pub use map::{Map, Point};
pub use timeline::{Event, Timeline};

use crate::locale::Words;

/// The width of a figure in its own units.
const WIDE: f64 = 900.0;

/// A name as far as there is room for it, to the end of a word; the table has it whole.
fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let begin: String = name.chars().take(most).collect();
    match begin.rfind(' ').and_then(|end| begin.get(..end)) {
        Some(whole) if whole.chars().count() > most / 2 => {
            format!("{}…", whole.trim_end_matches([' ', ',', '–', '-']))
        }
        _ => format!("{}…", name.chars().take(most - 1).collect::<String>()),
    }
}

/// A line of the picture.
#[derive(Debug, Clone)]
struct Line {
    from: (f64, f64),
    to: (f64, f64),
    class: &'static str,
}

/// A dot of the picture.
#[derive(Debug, Clone)]
struct Dot {
    at: (f64, f64),
    size: f64,
    class: &'static str,
}

/// An area of the picture.
#[derive(Debug, Clone)]
struct Area {
    at: (f64, f64),
    size: (f64, f64),
}

/// A text of the picture; `anchor` is `start`, `middle` or `end`.
#[derive(Debug, Clone)]
struct Label {
    at: (f64, f64),
    anchor: &'static str,
    class: &'static str,
    text: String,
}

/// A figure: a part that writes itself.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/figure.html")]
struct Drawn {
    id: String,
    title: String,
    description: String,
    twin: String,
    note: String,
    high: f64,
    lines: Vec<Line>,
    areas: Vec<Area>,
    dots: Vec<Dot>,
    labels: Vec<Label>,
    columns: Vec<String>,
    rows: Vec<Vec<(Option<String>, String)>>,
    /// Whether there is a picture, or only the table.
    pictured: bool,
}

impl Drawn {
    fn new(words: &Words, title: &str, description: String) -> Self {
        let id: String = title
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric())
            .collect();
        Self {
            id: format!("figure-{}", id.to_ascii_lowercase()),
            title: title.to_owned(),
            description,
            twin: words.t("figure-twin"),
            pictured: true,
            ..Self::default()
        }
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &'static str) {
        self.lines.push(Line { from, to, class });
    }

    fn text(&mut self, at: (f64, f64), anchor: &'static str, class: &'static str, text: &str) {
        self.labels.push(Label {
            at,
            anchor,
            class,
            text: text.to_owned(),
        });
    }

    /// Turns the picture for languages that run from right to left.
    fn turned(mut self, words: &Words) -> Self {
        if words.direction() == "rtl" {
            let over = |(x, y): (f64, f64)| (WIDE - x, y);
            for line in &mut self.lines {
                (line.from, line.to) = (over(line.from), over(line.to));
            }
            for dot in &mut self.dots {
                dot.at = over(dot.at);
            }
            for area in &mut self.areas {
                area.at.0 = WIDE - area.at.0 - area.size.0;
            }
            // `start` is the side where the language begins: the picture's `direction` is that of the page.
            for label in &mut self.labels {
                label.at = over(label.at);
            }
        }
        self
    }
}

/// Two decimals are enough for a picture.
fn short(number: &f64) -> String {
    format!("{:.1}", number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locales;
    use crate::shell::site::LOCALES;

    fn words(tag: &str) -> Words {
        Locales::new([&LOCALES], true).choose(Some(tag), None, None)
    }

    fn event(day: &str, name: &str) -> Event {
        Event {
            day: day.to_owned(),
            name: name.to_owned(),
            path: Some(format!("/{name}")),
            ahead: false,
        }
    }

    #[test]
    fn a_name_is_cut_at_the_end_of_a_word_and_says_so() {
        for (name, shown) in [
            ("Tokyo", "Tokyo"),
            ("Both sides will designate", "Both sides will…"),
            ("Elements, in common and so on", "Elements, in…"),
            ("Bundesministeriumfür", "Bundesministeri…"),
        ] {
            assert_eq!(cut(name, 16), shown, "{name}");
        }
    }

    #[test]
    fn a_picture_says_what_it_is_and_its_table_has_all_of_it() {
        let words = words("fr");
        let events = vec![
            event("2026-11-22", "<later>"),
            event("2025-01-02", "earlier"),
            event("soon", "undated"),
        ];
        let line = Timeline::of(&words, "Suites", events).to_string();
        let bar = |name: &str, figure| Bar {
            name: name.to_owned(),
            figure,
            path: None,
        };
        let chart = Chart::of(
            &words,
            "Nombre",
            "Quoi",
            "Combien",
            vec![bar("a", 16_208), bar("b", 0)],
        );
        let chart = chart.to_string();
        for (figure, expected) in [
            (
                &line,
                &[
                    "<title id=\"figure-suites-title\">Suites</title>",
                    "3 événements",
                    "22\u{a0}novembre 2026",
                    "<a href=\"/earlier\">",
                    "undated",
                    "&#60;later&#62;",
                ][..],
            ),
            (
                &chart,
                &[
                    "role=\"img\"",
                    "16\u{202f}208</bdi>",
                    "<bdi>b</bdi>",
                    "data-name=\"Combien\"",
                ],
            ),
        ] {
            for text in expected {
                assert!(figure.contains(text), "{text} in {figure}");
            }
            assert!(!figure.contains("<later>") && !figure.contains("style="));
        }
        let first = line.find("earlier").unwrap();
        assert!(first < line.find("&#60;later").unwrap());
    }

    #[test]
    fn time_runs_the_way_the_language_does() {
        let dots = |tag: &str| -> Vec<f64> {
            let events = vec![event("2025-01-01", "a"), event("2026-01-01", "b")];
            let text = Timeline::of(&words(tag), "T", events).to_string();
            text.split(" cx=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
                .collect()
        };
        let (there, back) = (dots("en"), dots("ar-XB"));
        assert!(
            there[0] < there[1] && back[0] > back[1],
            "{there:?} {back:?}"
        );
    }

    #[test]
    fn a_map_that_is_off_is_a_table() {
        let point = Point {
            name: "Valmora".to_owned(),
            latitude: 52.1,
            longitude: 4.3,
            path: None,
        };
        let (on, off) = (true, false);
        let map =
            |on| Map::of(&words("en"), "Places", std::slice::from_ref(&point), on).to_string();
        assert!(map(on).contains("<svg") && !map(off).contains("<svg"));
        for one in [map(on), map(off)] {
            assert!(one.contains("do not imply official recognition") && one.contains("52.1"));
        }
    }
}
