//! What somebody at a terminal sees, which no pipe shows: no color codes, no word of the libraries, secrets that are not echoed.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, ExitStatus};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::program::{Home, binary, entente, text};

/// Runs a command whose three streams are a terminal, and gives back all that the terminal showed. Does `answer` once the command asks.
fn at_a_terminal(arguments: &[&str], answer: impl Fn(&mut File, &Child)) -> (ExitStatus, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new())
        .unwrap()
        .into_string()
        .unwrap();
    let end = || OpenOptions::new().read(true).write(true).open(&name);
    let mut child = {
        let mut command = binary();
        command.args(arguments).env("TERM", "xterm-256color");
        command.stdin(end().unwrap()).stdout(end().unwrap());
        command.stderr(end().unwrap()).spawn().unwrap()
    };
    let mut terminal = File::from(terminal);
    let mut shown = Vec::new();
    let mut some = [0; 4096];
    // Once the last process has closed it, reading fails.
    while let Ok(read @ 1..) = terminal.read(&mut some) {
        shown.extend_from_slice(&some[..read]);
        if shown.ends_with(b": ") {
            answer(&mut terminal, &child);
        }
    }
    (
        child.wait().unwrap(),
        String::from_utf8_lossy(&shown).into_owned(),
    )
}

#[test]
fn a_terminal_shows_the_answer_and_nothing_else() {
    let home = Home::new();
    let dir = home.dir();
    let list = ["collection", "list", text(&dir)];
    let piped = entente(&list).with(0).out;
    let (status, shown) = at_a_terminal(&list, |_, _| {});
    assert!(status.success(), "{shown}");
    assert_eq!(shown.replace("\r\n", "\n"), piped);
}

#[test]
fn a_key_that_is_typed_is_asked_for_by_name_and_not_shown() {
    let home = Home::empty();
    let (dir, backup) = (home.dir(), home.file("backup.age"));
    let made = entente(&["init", text(&dir), "--participant", "Arland", "--json"]).with(0);
    let key = made.json()["recovery_key"].as_str().unwrap().to_owned();
    entente(&["backup", text(&dir), text(&backup)]).with(0);
    let restored = home.file("restored");
    let restore = ["restore", text(&backup), text(&restored)];
    let (status, shown) = at_a_terminal(&restore, |terminal, _| {
        terminal.write_all(format!("{key}\n").as_bytes()).unwrap();
    });
    assert!(status.success(), "{shown}");
    assert!(shown.contains("Recovery key: "), "{shown}");
    assert!(!shown.contains(&key), "{shown}");
}

#[test]
fn who_thinks_better_of_a_secret_gets_the_terminal_back() {
    let home = Home::new();
    let backup = home.file("backup.age");
    home.run(&["backup", "DIR", text(&backup)]).with(0);
    let restored = home.file("restored");
    let restore = ["restore", text(&backup), text(&restored)];
    let echoes = |terminal: &File| {
        let modes = tcgetattr(terminal).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    };
    let after = RefCell::new(None);
    let (status, shown) = at_a_terminal(&restore, |terminal, child| {
        assert!(!echoes(terminal));
        *after.borrow_mut() = Some(terminal.try_clone().unwrap());
        kill_process(Pid::from_child(child), Signal::INT).unwrap();
    });
    assert!(echoes(after.borrow().as_ref().unwrap()));
    assert_eq!(status.code(), Some(130), "{shown}");
    assert!(shown.ends_with("Recovery key: \r\n"), "{shown}");
    assert!(!restored.exists());
}

#[test]
fn words_and_reasons_of_several_lines_are_lines() {
    let home = Home::new();
    let words = home.run(&["peer", "introduce", "DIR"]).with(0).err;
    assert!(
        !words.contains("\\u{a}") && words.lines().count() >= 3,
        "{words}"
    );
    let config = home.dir().join("config.toml");
    let mut text = std::fs::read_to_string(&config).unwrap();
    text.push_str("\n[nonsense]\n");
    std::fs::write(&config, text).unwrap();
    let reason = home.run(&["collection", "list", "DIR"]).with(2).err;
    assert!(!reason.contains("\\u{a}"), "{reason}");
    assert!(reason.contains("\n           "), "{reason}");
}
