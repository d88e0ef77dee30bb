//! A graph of what is linked to what: in rings around what the page is about. It never opens with more than 200 nodes; the table has all.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::f64::consts::TAU;
use std::fmt;

use super::{Dot, Drawn, WIDE};
use crate::locale::Words;

/// How many nodes a picture has.
const MOST: usize = 200;

/// Something that is linked. The first one given stands in the middle.
#[derive(Debug, Clone)]
pub struct Vertex {
    /// By what edges name it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub path: Option<String>,
}

/// A link.
#[derive(Debug, Clone)]
pub struct Edge {
    /// From which.
    pub from: String,
    /// To which.
    pub to: String,
    /// How.
    pub how: String,
}

/// A graph.
#[derive(Debug, Clone)]
pub struct Graph(Drawn);

impl askama::filters::HtmlSafe for Graph {}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Graph {
    /// Draws what is linked to the first of these.
    pub fn of(words: &Words, title: &str, vertices: Vec<Vertex>, edges: Vec<Edge>) -> Self {
        let description = words.t2("figure-links", "n", vertices.len(), "m", edges.len());
        let mut drawn = Drawn::new(words, title, description);
        let rings = rings(&vertices, &edges);
        let shown: usize = rings.iter().map(Vec::len).sum();
        if shown < vertices.len() {
            drawn.note = words.t2("figure-beyond", "n", shown, "all", vertices.len());
        }
        let widest = rings.iter().map(Vec::len).max().unwrap_or(0);
        drawn.high = (widest as f64 * 34.0 + 90.0).clamp(200.0, 640.0);
        let mut places: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for (ring, all) in rings.iter().enumerate() {
            for (place, vertex) in all.iter().enumerate() {
                // Each ring begins elsewhere, so that a chain of single nodes doesn't become one line.
                let turn = TAU * (place as f64 / all.len() as f64) + ring as f64 * 1.3;
                places.insert(
                    &vertex.id,
                    (ring as f64 * turn.cos(), ring as f64 * turn.sin()),
                );
            }
        }
        filled(&mut places, drawn.high);
        let middle = vertices
            .first()
            .and_then(|first| places.get(&*first.id).copied())
            .unwrap_or_default();
        for edge in &edges {
            if let (Some(from), Some(to)) = (places.get(&*edge.from), places.get(&*edge.to)) {
                drawn.line(*from, *to, "fine");
            }
        }
        for vertex in &vertices {
            let Some(at) = places.get(&*vertex.id).copied() else {
                continue;
            };
            let is_middle = at == middle;
            drawn.dots.push(Dot {
                at,
                size: if is_middle { 7.0 } else { 4.5 },
                class: "past",
            });
            let name = super::cut(&vertex.name, 28);
            let (to, anchor) = if is_middle {
                ((at.0, at.1 - 13.0), "middle")
            } else if at.0 < middle.0 {
                ((at.0 - 9.0, at.1 + 4.5), "end")
            } else {
                ((at.0 + 9.0, at.1 + 4.5), "start")
            };
            if shown <= 60 || is_middle {
                drawn.text(to, anchor, "name", &name);
            }
        }
        let named: BTreeMap<&str, &Vertex> = vertices
            .iter()
            .map(|vertex| (&*vertex.id, vertex))
            .collect();
        let cell = |id: &str| {
            named.get(id).map_or_else(
                || (None, id.to_owned()),
                |vertex| (vertex.path.clone(), vertex.name.clone()),
            )
        };
        drawn.columns = ["figure-from", "figure-how", "figure-to"]
            .map(|key| words.t(key))
            .to_vec();
        drawn.rows = edges
            .iter()
            .map(|edge| vec![cell(&edge.from), (None, edge.how.clone()), cell(&edge.to)])
            .collect();
        Self(drawn.turned(words))
    }
}

/// Stretches what is placed over the picture, with room for names at its sides.
fn filled(places: &mut BTreeMap<&str, (f64, f64)>, high: f64) {
    let stretched = |values: Vec<f64>, from: f64, to: f64| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let span = values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low;
        move |value: f64| {
            if span > 0.0 {
                from + (value - low) / span * (to - from)
            } else {
                f64::midpoint(from, to)
            }
        }
    };
    let across = stretched(
        places.values().map(|at| at.0).collect(),
        190.0,
        WIDE - 190.0,
    );
    let down = stretched(places.values().map(|at| at.1).collect(), 32.0, high - 24.0);
    for at in places.values_mut() {
        *at = (across(at.0), down(at.1));
    }
}

/// What is one link away from the first, two, and so on, as far as a picture goes; then what is linked to none of them.
fn rings<'v>(vertices: &'v [Vertex], edges: &[Edge]) -> Vec<Vec<&'v Vertex>> {
    let by_id: BTreeMap<&str, &Vertex> = vertices
        .iter()
        .map(|vertex| (&*vertex.id, vertex))
        .collect();
    let mut rings: Vec<Vec<&Vertex>> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut queue: VecDeque<(&'v Vertex, usize)> = vertices
        .first()
        .map(|first| (first, 0))
        .into_iter()
        .collect();
    while let Some((vertex, ring)) = queue.pop_front() {
        if seen.len() >= MOST || !seen.insert(&vertex.id) {
            continue;
        }
        if rings.len() <= ring {
            rings.push(Vec::new());
        }
        if let Some(ring) = rings.get_mut(ring) {
            ring.push(vertex);
        }
        for edge in edges {
            let next = if edge.from == vertex.id {
                &edge.to
            } else if edge.to == vertex.id {
                &edge.from
            } else {
                continue;
            };
            if let Some(next) = by_id.get(&**next) {
                queue.push_back((next, ring + 1));
            }
        }
    }
    let rest: Vec<&Vertex> = vertices
        .iter()
        .filter(|vertex| !seen.contains(&*vertex.id))
        .take(MOST - seen.len().min(MOST))
        .collect();
    if !rest.is_empty() {
        rings.push(rest);
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_out_from_the_middle_and_never_beyond_its_limit() {
        let vertex = |n: usize| Vertex {
            id: n.to_string(),
            name: n.to_string(),
            path: None,
        };
        let edge = |from: usize, to: usize| Edge {
            from: from.to_string(),
            to: to.to_string(),
            how: String::new(),
        };
        let vertices: Vec<Vertex> = (0..500).map(vertex).collect();
        let edges = vec![edge(0, 1), edge(2, 0), edge(2, 3), edge(3, 0)];
        let sizes = |rings: Vec<Vec<&Vertex>>| rings.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(rings(&vertices[..5], &edges)), [1, 3, 1]);
        assert_eq!(sizes(rings(&vertices, &edges)).iter().sum::<usize>(), MOST);
        assert!(rings(&[], &edges).is_empty());
    }
}
