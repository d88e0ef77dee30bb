//! `/design/figures`: a time line, a chart, a graph and a map of invented things.

use askama::Template;
use axum::response::Response;

use crate::parts::figure::{Bar, Chart, Edge, Event, Graph, Map, Point, Timeline, Vertex};
use crate::shell::answer::nothing;
use crate::shell::frame::Frame;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "rooms/design/figures.html")]
struct Show {
    frame: Frame,
    timeline: Timeline,
    chart: Chart,
    graph: Graph,
    map: Map,
    off: Map,
}

/// `GET /design/figures`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let words = visitor.words.clone();
            let name = |key: &str| words.t(&format!("design-{key}"));
            let events = [
                ("2024-06-11", "event-first", false),
                ("2025-02-04", "event-second", false),
                ("2025-03-20", "event-text", false),
                ("2026-11-22", "event-third", false),
                ("2027-06-30", "event-due", true),
            ];
            let events = events.map(|(day, key, ahead)| Event {
                day: day.to_owned(),
                name: name(key),
                path: Some("/design/table".to_owned()),
                ahead,
            });
            let bars = [
                ("state-planned", 12),
                ("state-begun", 31),
                ("state-done", 1_204),
            ];
            let bars = bars.map(|(key, figure)| Bar {
                name: name(key),
                figure,
                path: Some("/design/table".to_owned()),
            });
            let vertex = |key: &str| Vertex {
                id: key.to_owned(),
                name: name(key),
                path: None,
            };
            let edge = |from: &str, to: &str, how: &str| Edge {
                from: from.to_owned(),
                to: to.to_owned(),
                how: name(how),
            };
            let vertices = [
                "event-third",
                "valmora",
                "kestria",
                "event-text",
                "event-due",
                "belmark",
            ];
            let edges = vec![
                edge("event-third", "valmora", "how-with"),
                edge("event-third", "kestria", "how-with"),
                edge("event-text", "event-third", "how-from"),
                edge("event-due", "event-text", "how-from"),
                edge("belmark", "event-due", "how-with"),
            ];
            let points = [
                ("valmora", 52.1, 4.3),
                ("kestria", -33.9, 18.4),
                ("belmark", 35.7, 139.7),
            ];
            let points = points.map(|(key, latitude, longitude)| Point {
                name: name(key),
                latitude,
                longitude,
                path: None,
            });
            visitor.page("design-figures", nothing(), |(), frame| {
                let step = frame.t("design-title");
                Ok(Show {
                    timeline: Timeline::of(&words, &words.t("design-timeline"), events.to_vec()),
                    chart: Chart::of(
                        &words,
                        &words.t("design-chart"),
                        &words.t("design-field-state"),
                        &words.t("design-rows"),
                        bars.to_vec(),
                    ),
                    graph: Graph::of(
                        &words,
                        &words.t("design-graph"),
                        vertices.map(vertex).to_vec(),
                        edges,
                    ),
                    map: Map::of(&words, &words.t("design-map"), &points, true),
                    off: Map::of(&words, &words.t("design-map-off"), &points, false),
                    frame: frame.under("/design", step),
                })
            })
        })
        .await
}
