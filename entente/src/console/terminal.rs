//! The caller at this process's own standard streams and files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use rustix::termios::{self, LocalModes, OptionalActions, Termios};
use serde_json::Value;
use zeroize::Zeroizing;

use super::progress::Meter;
use super::stop::{Stop, Until, exit_when_asked};
use super::{Console, LONGEST_SECRET, Progress, SHORTEST_SECRET, Shown, Sink, Source};

/// Standard streams, and files named on the command line.
pub(crate) struct Terminal {
    json: bool,
    meter: Meter,
    stop: Stop,
}

impl Terminal {
    /// With `json`, programs read the answer.
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            meter: Meter::new(),
            stop: Stop::default(),
        }
    }

    /// From now on Ctrl-C ends what is read and written here, and not the process: for work that tells how far it came.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn stop_when_asked(&self) -> Result<()> {
        self.stop.listen()
    }

    /// A secret from standard input, without its trailing newline; somebody at a terminal is told what is wanted.
    ///
    /// # Errors
    /// When none comes, or one of another length than secrets have.
    pub(crate) fn ask(&mut self, what: &str) -> Result<Zeroizing<String>> {
        let input = io::stdin().lock();
        if !input.is_terminal() {
            return read_secret(input);
        }
        let _unseen = Unseen::begin()?;
        eprint!("{what}: ");
        read_secret(LineOf(input))
    }

    /// Shows why the command ended early: what happened, and under it each cause.
    pub(crate) fn fail(&mut self, error: &anyhow::Error) {
        self.meter.clear();
        if self.json {
            let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
            eprintln!(
                "{}",
                serde_json::json!({ "error": error.to_string(), "causes": causes })
            );
            return;
        }
        eprintln!("entente: {}", Shown(&error.to_string()));
        for cause in error.chain().skip(1) {
            // What stands under a cause stays indented, so that no line of it looks like one of ours.
            for (number, line) in cause.to_string().lines().enumerate() {
                let margin = if number == 0 {
                    "because: "
                } else {
                    "         "
                };
                eprintln!("  {margin}{}", Shown(line));
            }
        }
    }
}

impl Console for Terminal {
    fn wants_json(&self) -> bool {
        self.json
    }

    fn line(&mut self, text: &str) -> Result<()> {
        self.meter.clear();
        writeln!(io::stdout(), "{}", Shown(text)).context("could not write the answer")
    }

    fn document(&mut self, value: Value) -> Result<()> {
        self.meter.clear();
        writeln!(io::stdout(), "{value}").context("could not write the answer")
    }

    fn note(&mut self, text: &str) -> Result<()> {
        self.meter.clear();
        // Nobody may be reading; the answer does not depend on it.
        let _ = writeln!(io::stderr(), "{}", Shown(text));
        Ok(())
    }

    fn progress(&mut self, progress: &Progress) -> Result<()> {
        self.meter.show(progress);
        Ok(())
    }

    fn open(&mut self, path: &Path) -> Result<Source> {
        if path == Path::new("-") {
            return Ok(Source {
                reader: Box::new(Until(self.stop.clone(), io::stdin())),
                size: None,
            });
        }
        let file =
            File::open(path).with_context(|| format!("{} could not be opened", path.display()))?;
        let about = file.metadata()?;
        ensure!(
            !about.is_dir(),
            "{} is a folder; name the files in it",
            path.display()
        );
        Ok(Source {
            size: about.is_file().then_some(about.len()),
            reader: Box::new(Until(self.stop.clone(), file)),
        })
    }

    fn create(&mut self, path: &Path) -> Result<Box<dyn Sink>> {
        if path == Path::new("-") {
            return Ok(Box::new(StandardOutput));
        }
        Ok(Box::new(NewFile::begin(path, self.stop.clone())?))
    }

    fn secret(&mut self) -> Result<Zeroizing<String>> {
        self.ask("Secret")
    }
}

/// What is typed is not shown, until this is dropped.
struct Unseen(Option<Termios>);

impl Unseen {
    fn begin() -> Result<Self> {
        let shown = termios::tcgetattr(io::stdin()).ok();
        if let Some(mut changed) = shown.clone() {
            let again = shown.clone();
            // Who thinks better of it gets the terminal back as it was.
            exit_when_asked(move || show(again.as_ref()))?;
            changed.local_modes.remove(LocalModes::ECHO);
            let _ = termios::tcsetattr(io::stdin(), OptionalActions::Flush, &changed);
        }
        Ok(Self(shown))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        show(self.0.as_ref());
    }
}

fn show(again: Option<&Termios>) {
    if let Some(again) = again {
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, again);
        eprintln!();
    }
}

/// Somebody types a secret and ends it with the line.
struct LineOf<R>(R);

impl<R: Read> Read for LineOf<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // Byte by byte, so that nothing behind the line is taken.
        let Some(first) = into.get_mut(..1) else {
            return Ok(0);
        };
        let count = self.0.read(first)?;
        Ok(if first == b"\n" { 0 } else { count })
    }
}

fn read_secret(input: impl Read) -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_SECRET + 3));
    input
        .take(LONGEST_SECRET as u64 + 3)
        .read_to_end(&mut bytes)
        .context("could not read the secret from standard input")?;
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    ensure!(
        bytes.len() >= SHORTEST_SECRET,
        "a secret has at least {SHORTEST_SECRET} bytes; this one has {}",
        bytes.len()
    );
    ensure!(
        bytes.len() <= LONGEST_SECRET,
        "a secret has at most {LONGEST_SECRET} bytes"
    );
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => bail!("a secret is UTF-8 text; this one is not"),
    }
}

struct StandardOutput;

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

impl Sink for StandardOutput {
    fn finish(self: Box<Self>) -> Result<()> {
        io::stdout()
            .flush()
            .context("could not write to standard output")
    }
}

/// A file that takes its name when it is whole.
struct NewFile {
    file: Until<File>,
    unfinished: PathBuf,
    path: PathBuf,
    finished: bool,
}

impl NewFile {
    fn begin(path: &Path, stop: Stop) -> Result<Self> {
        ensure!(
            !path.exists(),
            "{} exists already; choose another name, or remove it first",
            path.display()
        );
        let name = path
            .file_name()
            .with_context(|| format!("{} is not the name of a file", path.display()))?;
        let mut unfinished = name.to_owned();
        unfinished.push(format!(".{}.unfinished", std::process::id()));
        let unfinished = path.with_file_name(unfinished);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)
            .with_context(|| format!("{} could not be made", unfinished.display()))?;
        Ok(Self {
            file: Until(stop, file),
            unfinished,
            path: path.to_owned(),
            finished: false,
        })
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Sink for NewFile {
    fn finish(mut self: Box<Self>) -> Result<()> {
        let finish = || -> io::Result<()> {
            self.file.1.sync_all()?;
            // A link refuses to replace what has appeared meanwhile; a rename would not.
            fs::hard_link(&self.unfinished, &self.path).or_else(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Err(error),
                _ => fs::rename(&self.unfinished, &self.path),
            })?;
            let parent = self.path.parent().filter(|p| !p.as_os_str().is_empty());
            File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
        };
        finish().with_context(|| format!("{} could not be completed", self.path.display()))?;
        self.finished = !self.unfinished.exists();
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_file(&self.unfinished);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_loses_its_newline_and_has_eight_bytes() {
        for (input, secret) in [
            ("correct horse\n", Some("correct horse")),
            ("correct horse\r\n", Some("correct horse")),
            ("two\nlines\n\n", Some("two\nlines\n")),
            (" spaces ", Some(" spaces ")),
            ("1234567\n", None),
            ("", None),
        ] {
            let read = read_secret(input.as_bytes()).ok();
            assert_eq!(read.as_ref().map(|s| s.as_str()), secret, "{input:?}");
        }
        let long = "x".repeat(LONGEST_SECRET);
        assert!(read_secret(format!("{long}\r\n").as_bytes()).is_ok());
        assert!(read_secret(format!("{long}x").as_bytes()).is_err());
        assert!(read_secret(&b"\xff\xff\xff\xff\xff\xff\xff\xff"[..]).is_err());
    }

    #[test]
    fn a_secret_that_is_typed_ends_with_its_line() {
        let typed = &b"correct horse\nand what comes later"[..];
        assert_eq!(
            read_secret(LineOf(typed)).unwrap().as_str(),
            "correct horse"
        );
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all_and_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        let mut terminal = Terminal::new(false);

        let mut dropped = terminal.create(&path).unwrap();
        dropped.write_all(b"half").unwrap();
        drop(dropped);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);

        let stopped = Terminal::new(false);
        let mut interrupted = Terminal {
            stop: stopped.stop.clone(),
            ..Terminal::new(false)
        }
        .create(&path)
        .unwrap();
        interrupted.write_all(b"half").unwrap();
        stopped.stop.ask();
        let error = interrupted.write_all(b"more").unwrap_err();
        assert_eq!(error.to_string(), super::super::INTERRUPTED);
        drop(interrupted);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);

        let mut sink = terminal.create(&path).unwrap();
        sink.write_all(b"whole").unwrap();
        assert!(!path.exists());
        sink.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(terminal.create(&path).is_err());
    }
}
