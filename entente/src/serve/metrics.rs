//! `GET /metrics`: what the process does, in Prometheus' text format.
//!
//! Invariant: it counts work, never records: no figure tells whether something hidden exists, or who talks to whom. So there is none of records,
//! of what awaits a decision or of the quarantine: whoever sends something and sees such a figure move learns what the answer hides.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{self, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use node::Node;
use node::health::{Finding, Found, Grade};
use node::peers::State;

/// Upper bounds of the histogram of answering times, in seconds.
const BOUNDS: [(f64, &str); 9] = [
    (0.001, "0.001"),
    (0.0025, "0.0025"),
    (0.005, "0.005"),
    (0.01, "0.01"),
    (0.05, "0.05"),
    (0.1, "0.1"),
    (0.5, "0.5"),
    (1.0, "1"),
    (5.0, "5"),
];
/// The first digit of a status, for which requests are counted.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The figures of this process since it started.
pub(crate) struct Metrics {
    started: Instant,
    connections: AtomicI64,
    connections_all: AtomicU64,
    requests: [AtomicU64; CLASSES.len()],
    /// How many answers took no longer than each bound, and longer than the one before; the last: longer than all.
    answers: [AtomicU64; BOUNDS.len() + 1],
    answer_micros: AtomicU64,
}

/// A connection that counts as open until this is dropped.
pub(crate) struct Open(Arc<Metrics>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            connections: AtomicI64::new(0),
            connections_all: AtomicU64::new(0),
            requests: Default::default(),
            answers: Default::default(),
            answer_micros: AtomicU64::new(0),
        })
    }

    /// Counts a connection.
    pub(crate) fn connection(self: &Arc<Self>) -> Open {
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.connections_all.fetch_add(1, Ordering::Relaxed);
        Open(Arc::clone(self))
    }

    fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(count) = self.requests.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let seconds = took.as_secs_f64();
        let place = BOUNDS.iter().position(|(bound, _)| seconds <= *bound);
        self.answers[place.unwrap_or(BOUNDS.len())].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.answer_micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, samples: &[(String, f64)]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in samples {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let one = |value: f64| vec![(String::new(), value)];
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed) as f64;
        let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        family(
            "entente_info",
            "gauge",
            "The program that runs.",
            &[(version, 1.0)],
        );
        family(
            "entente_uptime_seconds",
            "gauge",
            "Since the start.",
            &one(self.started.elapsed().as_secs_f64()),
        );
        if let Some(bytes) = resident() {
            family(
                "process_resident_memory_bytes",
                "gauge",
                "Memory in use.",
                &one(bytes),
            );
        }
        let open = self.connections.load(Ordering::Relaxed) as f64;
        family(
            "entente_connections",
            "gauge",
            "Open connections.",
            &one(open),
        );
        family(
            "entente_connections_total",
            "counter",
            "Connections.",
            &one(count(&self.connections_all)),
        );
        let requests: Vec<_> = CLASSES
            .iter()
            .zip(&self.requests)
            .map(|(class, number)| (format!("{{status=\"{class}\"}}"), count(number)))
            .collect();
        family(
            "entente_http_requests_total",
            "counter",
            "Requests by the class of their status.",
            &requests,
        );
        self.histogram(&mut text);
        text
    }

    fn histogram(&self, text: &mut String) {
        const NAME: &str = "entente_http_answer_seconds";
        let _ = writeln!(
            text,
            "# HELP {NAME} Until the head of the answer.\n# TYPE {NAME} histogram"
        );
        let mut sum = 0;
        let bounds = BOUNDS.iter().map(|(_, bound)| *bound).chain(["+Inf"]);
        for (bound, number) in bounds.zip(&self.answers) {
            sum += number.load(Ordering::Relaxed);
            let _ = writeln!(text, "{NAME}_bucket{{le=\"{bound}\"}} {sum}");
        }
        let seconds = self.answer_micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "{NAME}_sum {seconds}\n{NAME}_count {sum}");
    }
}

/// Bytes of memory in use, where the system says so.
fn resident() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as f64)
}

/// Counts each request and logs it, without what it asked for.
pub(crate) async fn count(
    extract::State(metrics): extract::State<Arc<Metrics>>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let second = request.version() == Version::HTTP_2;
    let answer = next.run(request).await;
    let took = begun.elapsed();
    metrics.answered(answer.status(), took);
    tracing::debug!(
        http.method = method.as_str(),
        http.version = if second { 2 } else { 1 },
        http.status = answer.status().as_u16(),
        http.seconds = took.as_secs_f64(),
        "answered"
    );
    answer
}

/// The page itself.
pub(crate) async fn page(
    extract::State((metrics, node)): extract::State<(Arc<Metrics>, Node)>,
) -> Response {
    let mut text = metrics.text();
    peers(&mut text, &node.peers_by_state());
    let found = tokio::task::spawn_blocking(move || node.health()).await;
    health(&mut text, &found.unwrap_or_default());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// How many peers there are, by how far they have come.
fn peers(text: &mut String, counted: &[(State, usize)]) {
    let _ = writeln!(
        text,
        "# HELP entente_peers Peers by state.\n# TYPE entente_peers gauge"
    );
    for (state, number) in counted {
        let _ = writeln!(
            text,
            "entente_peers{{state=\"{}\"}} {number}",
            state.as_str()
        );
    }
}

/// How each part is: 1 well, 0.5 worth a look, 0 not well; and the room on the disk.
fn health(text: &mut String, found: &[Finding]) {
    let _ = writeln!(
        text,
        "# HELP entente_health Each part that the node needs: 1 well, 0.5 worth a look, 0 not well.\n# TYPE entente_health gauge"
    );
    for one in found {
        let value = match one.grade() {
            Grade::Pass => "1",
            Grade::Warn => "0.5",
            Grade::Fail => "0",
        };
        let _ = writeln!(
            text,
            "entente_health{{part=\"{}\"}} {value}",
            one.part.as_str()
        );
    }
    for one in found {
        if let Found::Enough(bytes) | Found::Little(bytes) | Found::NoRoom(bytes) = one.found {
            let _ = writeln!(
                text,
                "# HELP entente_disk_free_bytes Room on the disk of the node's folder.\n# TYPE entente_disk_free_bytes gauge\nentente_disk_free_bytes {bytes}"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_add_up() {
        let metrics = Metrics::new();
        let open = metrics.connection();
        metrics.answered(StatusCode::OK, Duration::from_millis(1));
        metrics.answered(StatusCode::NOT_FOUND, Duration::from_millis(2));
        metrics.answered(StatusCode::OK, Duration::from_secs(60));
        let text = metrics.text();
        for line in [
            "entente_connections 1",
            "entente_http_requests_total{status=\"2xx\"} 2",
            "entente_http_requests_total{status=\"4xx\"} 1",
            "entente_http_answer_seconds_bucket{le=\"0.001\"} 1",
            "entente_http_answer_seconds_bucket{le=\"0.0025\"} 2",
            "entente_http_answer_seconds_bucket{le=\"5\"} 2",
            "entente_http_answer_seconds_bucket{le=\"+Inf\"} 3",
            "entente_http_answer_seconds_count 3",
            "entente_http_answer_seconds_sum 60.003",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.contains("process_resident_memory_bytes"));
        let mut told = String::new();
        let found = [
            (node::health::Part::Room, Found::NoRoom(7)),
            (node::health::Part::Clock, Found::Behind(1)),
        ];
        health(
            &mut told,
            &found.map(|(part, found)| Finding { part, found }),
        );
        for line in [
            "entente_health{part=\"room\"} 0",
            "entente_health{part=\"clock\"} 0.5",
            "entente_disk_free_bytes 7",
        ] {
            assert!(told.lines().any(|found| found == line), "{line}\n{told}");
        }
        drop(open);
        assert!(metrics.text().contains("entente_connections 0\n"));
    }
}
