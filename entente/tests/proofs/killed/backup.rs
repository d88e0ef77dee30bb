//! `entente backup` is killed: alone, as the caller of a node that serves, and with that node.

use std::path::Path;
use std::time::{Duration, Instant};

use super::serve::{envelope, object};
use super::{Killed, catches, holds, log_verifies, spin};
use crate::dice::Dice;
use crate::program::{Home, reading, text};

/// Cycles of the short form; `BACKUP_CYCLES` asks for more.
const CYCLES: u64 = 6;
/// Objects that come between two backups.
const OBJECTS: u64 = 300;
/// Words that every object holds, and that no file holds which can be read without a key, but the database.
const WORDS: &[u8] = b"\"x_odd\":1.50";

/// A bug that the harness has to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    /// Somebody gives the name of the backup to what is not whole.
    Torn,
    /// Somebody leaves the copy lying that the backup is made from.
    Left,
}

/// Whom the signal hits.
#[derive(Debug, Clone, Copy)]
enum Victim {
    /// The command, which has the folder to itself.
    Alone,
    /// The command; the node that serves it lives on.
    Caller,
    /// The node that serves the command.
    Server,
}

struct Saved {
    home: Home,
    objects: u64,
    backups: u64,
    usual: Duration,
}

impl Saved {
    fn write(&mut self) {
        let file = self.home.file("objects.json");
        let objects: Vec<String> = (self.objects..self.objects + OBJECTS).map(object).collect();
        std::fs::write(&file, envelope(&objects)).unwrap();
        self.home.run(&["import", "DIR", text(&file)]).with(0);
        std::fs::remove_file(file).unwrap();
        self.objects += OBJECTS;
    }

    /// A backup that has its name is whole: it opens with the recovery key and holds every object.
    fn restores(&mut self, backup: &Path) -> Result<(), String> {
        let restored = self.home.file("restored");
        let _ = std::fs::remove_dir_all(&restored);
        let done = reading(
            &["restore", text(backup), text(&restored)],
            self.home.recovery(),
        );
        if done.code != Some(0) {
            return Err(format!("it does not restore: {}{}", done.out, done.err));
        }
        let leaves = log_verifies(&restored)?;
        if leaves != self.objects {
            return Err(format!("it restores {leaves} of {} objects", self.objects));
        }
        self.backups += 1;
        std::fs::remove_dir_all(&restored).map_err(|error| error.to_string())
    }

    /// Nothing can be read beside the database: neither in the node's folder nor where the backup was to be.
    fn nothing_lies_about(&self) -> Result<(), String> {
        let around = std::fs::read_dir(self.home.dir().parent().unwrap()).unwrap();
        let inside = std::fs::read_dir(self.home.dir()).unwrap();
        for file in around.chain(inside).flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with("node.db") || !file.file_type().unwrap().is_file() {
                continue;
            }
            let bytes = std::fs::read(file.path()).unwrap();
            if bytes.windows(WORDS.len()).any(|words| words == WORDS) {
                return Err(format!("{name} can be read"));
            }
        }
        Ok(())
    }
}

impl Killed for Saved {
    type Plant = Plant;
    const CYCLES_PER_FOLDER: u64 = 20;

    fn new() -> Self {
        let mut saved = Self {
            home: Home::new(),
            objects: 0,
            backups: 0,
            usual: Duration::ZERO,
        };
        saved.write();
        let backup = saved.home.file("first.age");
        let begun = Instant::now();
        saved.home.run(&["backup", "DIR", text(&backup)]).with(0);
        saved.usual = begun.elapsed();
        saved
    }

    fn cycle(&mut self, _: u64, plant: Option<Plant>, dice: &mut Dice) -> Result<(), String> {
        self.write();
        let backup = self.home.file("backup.age");
        let _ = std::fs::remove_file(&backup);
        let victim = [Victim::Alone, Victim::Caller, Victim::Server][dice.roll(3) as usize];
        let wrong = |wrong: String| format!("{victim:?}: {wrong}");
        let mut serving = (!matches!(victim, Victim::Alone)).then(|| self.home.serve());
        let mut saving = self
            .home
            .command(&["backup", "DIR", text(&backup)])
            .spawn()
            .unwrap();
        spin(Duration::from_micros(
            dice.roll(self.usual.as_micros() as u64 * 5 / 4),
        ));
        match (&mut serving, victim) {
            (Some(serving), Victim::Server) => drop(serving.kill()),
            _ => saving.kill().unwrap(),
        }
        saving.wait().unwrap();
        drop(serving);
        log_verifies(&self.home.dir()).map_err(wrong)?;
        // Whoever opens the folder next clears away what the killed one left.
        self.home.run(&["collection", "list", "DIR"]).with(0);
        if plant == Some(Plant::Left) {
            std::fs::copy(
                self.home.dir().join("node.db"),
                self.home.dir().join(".copy.db"),
            )
            .unwrap();
        }
        self.nothing_lies_about().map_err(wrong)?;
        if !backup.exists() {
            self.home.run(&["backup", "DIR", text(&backup)]).with(0);
        }
        if plant == Some(Plant::Torn) {
            let bytes = std::fs::read(&backup).unwrap();
            std::fs::write(
                &backup,
                &bytes[..bytes.len() - 1 - dice.roll(4_000) as usize],
            )
            .unwrap();
        }
        self.restores(&backup).map_err(wrong)
    }

    fn end(self) -> Result<u64, String> {
        log_verifies(&self.home.dir())?;
        Ok(self.backups * OBJECTS)
    }
}

#[test]
fn a_backup_that_is_killed_is_whole_or_not_there() {
    holds::<Saved>("killed backup", "BACKUP_CYCLES", CYCLES);
}

#[test]
fn planted_bugs_are_caught() {
    catches::<Saved>(
        "killed backup, planted",
        1,
        &[
            (Plant::Torn, &["does not restore"]),
            (Plant::Left, &["can be read"]),
        ],
    );
}
