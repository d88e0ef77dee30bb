//! A node that serves: set up once, quick to start, reachable by its own user, and gone when it is told to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustix::process::Signal;

use crate::program::{Home, binary, text};

#[test]
fn it_starts_at_once_and_stops_when_told_to() {
    let home = Home::new();
    let begun = Instant::now();
    let serving = home.serve();
    let took = begun.elapsed();
    // The goal is 0.3 s for a release build; a debug build on a busy machine gets more.
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert_eq!(serving.get("/health").0, 200);
    assert!(home.dir().join("control.sock").exists());
    let (code, log) = serving.stop(Signal::TERM);
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped"), "{log}");
    assert!(!home.dir().join("control.sock").exists());

    let (code, log) = home.serve().stop(Signal::INT);
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn figures_are_for_this_machine() {
    let home = Home::new();
    let serving = home.serve();
    let (status, answer) = serving.get("/metrics");
    assert_eq!(status, 200);
    assert!(
        answer.contains("entente_http_requests_total{status=\"2xx\"}"),
        "{answer}"
    );
    assert_eq!(
        serving
            .ask("GET /metrics HEAD\r\nForwarded: for=192.0.2.1\r\n\r\n")
            .0,
        404
    );
}

#[test]
fn figures_are_for_programs_that_may_read_them() {
    let home = Home::new();
    let let_in = |name: &str, right: &[&str]| {
        let who = [
            "access",
            "add",
            "DIR",
            name,
            "--participant",
            "Arland",
            "--json",
        ];
        let granted = home.run(&[&who[..], right].concat()).with(0);
        let granted: serde_json::Value = serde_json::from_str(&granted.out).unwrap();
        granted["secret"].as_str().unwrap().to_owned()
    };
    let figures = let_in("prometheus", &["--metrics"]);
    let records = let_in("feed", &["--read", "situation"]);
    let serving = home.serve();
    let basic =
        |name: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{name}:{secret}")));
    let asked = |path: &str, authorization: &str| {
        let through = format!("Forwarded: for=192.0.2.1\r\nAuthorization: {authorization}");
        serving.ask(&format!("GET {path} HEAD\r\n{through}\r\n\r\n"))
    };
    for (authorization, expected) in [
        (format!("Bearer {figures}"), 200),
        (basic("prometheus", &figures), 200),
        (format!("Bearer {records}"), 404),
        (basic("feed", &records), 404),
        (basic("feed", &figures), 404),
        (format!("Bearer {figures}x"), 404),
        ("Negotiate x".to_owned(), 404),
    ] {
        let (status, answer) = asked("/metrics", &authorization);
        assert_eq!(status, expected, "{authorization}");
        assert_eq!(
            answer.contains("entente_http_requests_total"),
            expected == 200
        );
    }
    assert_eq!(
        asked(
            "/taxii2/root/collections/situation/objects/",
            &basic("prometheus", &figures)
        )
        .0,
        404,
        "figures are no records"
    );
    home.run(&["access", "revoke", "DIR", "prometheus"]).with(0);
    assert_eq!(
        asked("/metrics", &basic("prometheus", &figures)).0,
        404,
        "from the next request on"
    );
}

#[test]
fn one_process_has_the_node_and_a_killed_one_is_replaced() {
    let home = Home::new();
    let serving = home.serve();
    let second = home
        .run(&["serve", "DIR", "--listen", "127.0.0.1:0"])
        .with(2);
    assert!(second.err.contains("another process has"), "{}", second.err);
    serving.stop(Signal::KILL);
    assert!(
        home.dir().join("control.sock").exists(),
        "it had no time to clean up"
    );
    // A command finds nobody behind the socket and takes the folder itself.
    home.run(&["export", "DIR"]).with(0);
    home.serve();
}

#[test]
fn another_user_of_the_machine_is_refused() {
    if !rustix::process::geteuid().is_root() {
        println!("SKIP another user can be played by root only");
        return;
    }
    let home = Home::new();
    let serving = home.serve();
    // Even where somebody has opened the folder and the socket.
    let dir = home.dir();
    for (path, mode) in [
        (dir.parent().unwrap(), 0o755),
        (&dir, 0o755),
        (&dir.join("config.toml"), 0o644),
        (&dir.join("control.sock"), 0o666),
    ] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let copy = home.file("entente");
    fs::copy(binary().get_program(), &copy).unwrap();
    let output = std::process::Command::new(&copy)
        .args(["export", text(&dir)])
        .uid(65_534)
        .gid(65_534)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("from its own user and from root only"),
        "{said}"
    );
    let (_, log) = serving.stop(Signal::TERM);
    assert!(log.contains("may not command this node"), "{log}");
}
