//! A node that serves: set up once, quick to start, reachable by its own user, and gone when it is told to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

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
fn set_up_takes_the_code_from_the_terminal_once() {
    let home = Home::new();
    let serving = home.serve();
    let code = serving.set_up_code.clone().unwrap();
    let enter = |code: &str| {
        let body = format!("code={code}");
        let length = body.len();
        serving.ask(&format!(
            "POST /setup HEAD\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    };
    assert_eq!(serving.get("/setup").0, 200);
    let (status, answer) = enter("AAAA-AAAA-AAAA");
    assert_eq!(status, 403);
    assert!(answer.contains("4 tries left"), "{answer}");
    let proxied = serving.ask("GET /setup HEAD\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
    assert_eq!(
        proxied.0, 404,
        "what came through a proxy is not from this machine"
    );
    assert_eq!(enter(&code).0, 303);
    assert_eq!(enter(&code).0, 303, "there is nothing left to enter");
    serving.stop(Signal::TERM);
    assert_eq!(home.serve().set_up_code, None);
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

#[test]
fn who_has_lost_the_way_in_gets_an_address_that_works_once() {
    let home = Home::new();
    home.run(&["user", "add", "DIR", "Ada Lind"]).with(0);
    let idle = home.run(&["user", "recover", "DIR", "Ada Lind"]).with(2);
    assert!(idle.err.contains("entente serve"), "{}", idle.err);
    let serving = home.serve();
    home.run(&["user", "recover", "DIR", "Bo Holm"]).with(2);
    let answer = home
        .run(&["user", "recover", "DIR", "Ada Lind", "--json"])
        .with(0)
        .json();
    let link = answer["sign_in"].as_str().unwrap();
    let path = link
        .strip_prefix(&format!("http://{}", serving.address))
        .unwrap();
    let (_, first) = serving.get(path);
    assert!(first.to_lowercase().contains("\r\nset-cookie:"), "{first}");
    let (_, second) = serving.get(path);
    assert!(
        !second.to_lowercase().contains("\r\nset-cookie:"),
        "{second}"
    );
}
