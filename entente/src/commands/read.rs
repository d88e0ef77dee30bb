//! `entente read`: statements to records, file by file; one that cannot be read does not stop the others.
//! Invariant: PDF and DOCX are unpacked only in a child process of limited memory and time.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use rustix::process::{Resource, Rlimit, setrlimit};
use serde_json::{Value, json};
use text::{Format, Options, Reading};

use crate::console::{Console, Exit, Progress, Terminal, Unit};

/// A file of more bytes than this is refused.
const LARGEST: u64 = 64 << 20;
/// Address space of the child that unpacks a PDF or DOCX.
const MEMORY: u64 = 1 << 30;
/// Processor time of the child, in seconds.
const PROCESSOR: u64 = 20;
/// Time by the clock after which the child is ended.
const PATIENCE: Duration = Duration::from_secs(30);
/// Stands before the text that the child hands over, after whatever its libraries print.
const MARK: &[u8] = b"\0entente text\0";

/// Read statements: who met whom, when and where, and who promised what.
///
/// Takes plain text, saved web pages, PDF with a text layer and DOCX, in English or French, and needs no node. A single file's
/// record is printed as JSON; several files are read on even when one of them fails.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  entente read statement.html\n  entente read --explain - < statement.txt\n  entente read archive/ --out records/"
)]
pub(crate) struct Args {
    /// Files or folders; "-" is standard input.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The format, when it should not be guessed from the content.
    #[arg(long, value_enum)]
    format: Option<Layout>,
    /// Add for each finding its rule, its cue, where it stands and how sure it is.
    #[arg(long)]
    explain: bool,
    /// Print the readable text instead of the record.
    #[arg(long, conflicts_with = "explain")]
    text: bool,
    /// Write NAME.json (or NAME.txt with --text) for each file into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Unpack standard input in this process and print its text.
    #[arg(long, hide = true)]
    unpack: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Layout {
    Txt,
    Html,
    Pdf,
    Docx,
}

impl From<Layout> for Format {
    fn from(layout: Layout) -> Format {
        match layout {
            Layout::Txt => Format::Txt,
            Layout::Html => Format::Html,
            Layout::Pdf => Format::Pdf,
            Layout::Docx => Format::Docx,
        }
    }
}

impl Args {
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<Exit> {
        if self.unpack {
            return unpack(self.format.map(Format::from));
        }
        let files = files(&self.paths)?;
        if let Some(folder) = &self.out {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} could not be made", folder.display()))?;
        }
        let single = files.len() == 1 && self.out.is_none();
        let mut answers = Vec::new();
        let mut written = HashSet::new();
        let mut failed = 0usize;
        for (done, path) in files.iter().enumerate() {
            if files.len() > 1 {
                terminal.progress(&Progress {
                    what: "Reading".to_owned(),
                    done: done as u64,
                    total: Some(files.len() as u64),
                    unit: Unit::Pieces,
                    detail: path.display().to_string(),
                })?;
            }
            let outcome = self.one(path).and_then(|found| {
                let answer = self.answer(path, &found, single, terminal)?;
                if let Some(folder) = &self.out {
                    return keep(folder, path, &found, &answer, &mut written);
                }
                Ok(answer)
            });
            match outcome {
                Ok(answer) if terminal.wants_json() => answers.push(answer),
                Ok(answer) => show(terminal, &answer, single, self.out.is_some())?,
                Err(error) => {
                    failed += 1;
                    if terminal.wants_json() {
                        answers.push(json!({ "file": path, "error": format!("{error:#}") }));
                    } else {
                        terminal.note(&format!("{}: {error:#}", path.display()))?;
                    }
                }
            }
        }
        if terminal.wants_json() {
            let answer = if single {
                answers.pop().unwrap_or_default()
            } else {
                Value::Array(answers)
            };
            terminal.document(answer)?;
        } else if files.len() > 1 {
            terminal.note(&format!("{} read, {failed} not", files.len() - failed))?;
        }
        Ok(if failed > 0 {
            Exit::Incomplete
        } else {
            Exit::Done
        })
    }

    /// Reads one file.
    fn one(&self, path: &Path) -> Result<Found> {
        let stdin = path == Path::new("-");
        let mut bytes = Vec::new();
        if stdin {
            std::io::stdin()
                .lock()
                .take(LARGEST + 1)
                .read_to_end(&mut bytes)?;
        } else {
            let file = std::fs::File::open(path).context("could not be opened")?;
            file.take(LARGEST + 1)
                .read_to_end(&mut bytes)
                .context("could not be read")?;
        }
        if bytes.len() as u64 > LARGEST {
            bail!("is larger than {} MiB", LARGEST >> 20);
        }
        let name = stem(path);
        let format = self
            .format
            .map_or_else(|| Format::guess(&bytes), Format::from);
        if matches!(format, Format::Pdf | Format::Docx) {
            let plain = unpacked(bytes, format)?;
            if self.text {
                return Ok(Found::Text(plain));
            }
            return Ok(Found::Record(Box::new(text::read_text(
                plain,
                &name,
                Vec::new(),
            )?)));
        }
        if self.text {
            return Ok(Found::Text(text::plain(&bytes, Some(format))?));
        }
        let options = Options {
            format: Some(format),
            name,
        };
        Ok(Found::Record(Box::new(text::read(&bytes, &options)?)))
    }

    /// What is answered for one file: the record alone, or with its file beside others.
    fn answer(
        &self,
        path: &Path,
        found: &Found,
        single: bool,
        terminal: &mut Terminal,
    ) -> Result<Value> {
        let reading = match found {
            Found::Text(plain) => {
                return Ok(if single && !terminal.wants_json() {
                    json!(plain)
                } else {
                    json!({ "file": path, "text": plain })
                });
            }
            Found::Record(reading) => reading,
        };
        let mut value = serde_json::to_value(&reading.statement)?;
        if !single && self.out.is_none() {
            value["file"] = json!(path);
        }
        if self.explain || terminal.wants_json() {
            value["problems"] = serde_json::to_value(&reading.problems)?;
        }
        if self.explain {
            value["findings"] = serde_json::to_value(&reading.findings)?;
        }
        if !terminal.wants_json() {
            for problem in &reading.problems {
                terminal.note(&format!("{}: {}", path.display(), problem.message))?;
            }
        }
        Ok(value)
    }
}

/// The name of a record: that of its file, without folder and extension.
fn stem(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".to_owned();
    }
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Prints a record or a text to standard output, untouched.
fn show(terminal: &mut Terminal, answer: &Value, single: bool, kept: bool) -> Result<()> {
    if kept {
        return Ok(());
    }
    let body = match answer {
        Value::String(plain) => plain.clone(),
        value if single => serde_json::to_string_pretty(value)?,
        value => value.to_string(),
    };
    let mut out = terminal.create(Path::new("-"))?;
    writeln!(out, "{body}")?;
    out.finish()
}

/// Writes a record or a text into the folder.
fn keep(
    folder: &Path,
    path: &Path,
    found: &Found,
    answer: &Value,
    written: &mut HashSet<PathBuf>,
) -> Result<Value> {
    let (body, extension) = match found {
        Found::Text(plain) => (plain.clone(), "txt"),
        Found::Record(_) => (serde_json::to_string_pretty(answer)?, "json"),
    };
    let mut target = folder.join(format!("{}.{extension}", stem(path)));
    // Two files of one name: the second keeps its extension, the third gets a number.
    let whole = path.file_name().unwrap_or_default().to_string_lossy();
    let mut n = 1;
    while !written.insert(target.clone()) {
        let name = if n == 1 {
            format!("{whole}.{extension}")
        } else {
            format!("{whole}.{n}.{extension}")
        };
        target = folder.join(name);
        n += 1;
    }
    std::fs::write(&target, body + "\n")
        .with_context(|| format!("{} could not be written", target.display()))?;
    Ok(json!({ "file": path, "written": target }))
}

/// The files named, those of folders included, in the order of their names.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = out.len();
            collect(path, &mut out)?;
            if out.len() == before {
                bail!(
                    "{}: no .txt, .html, .pdf or .docx file in this folder",
                    path.display()
                );
            }
        } else {
            out.push(path.clone());
        }
    }
    Ok(out)
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot open the folder {}", folder.display()))?
        .collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&path, out)?;
        } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| {
            matches!(
                e.to_ascii_lowercase().as_str(),
                "txt" | "html" | "htm" | "pdf" | "docx"
            )
        }) {
            out.push(path);
        }
    }
    Ok(())
}

/// What one file gave.
enum Found {
    Record(Box<Reading>),
    Text(String),
}

/// In the child: limits itself, unpacks standard input and prints the text.
fn unpack(format: Option<Format>) -> Result<Exit> {
    let limit = |n| Rlimit {
        current: Some(n),
        maximum: Some(n),
    };
    setrlimit(Resource::As, limit(MEMORY)).context("cannot limit memory")?;
    setrlimit(Resource::Cpu, limit(PROCESSOR)).context("cannot limit time")?;
    setrlimit(Resource::Core, limit(0)).context("cannot limit core files")?;
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    // Panics of the PDF parser are turned into failures; their trace helps nobody here.
    std::panic::set_hook(Box::new(|_| {}));
    match text::plain(&bytes, format) {
        Ok(plain) => {
            let mut out = std::io::stdout().lock();
            out.write_all(MARK)?;
            out.write_all(plain.as_bytes())?;
            out.flush()?;
            Ok(Exit::Done)
        }
        Err(failure) => {
            eprint!("{failure}");
            Ok(Exit::Incomplete)
        }
    }
}

/// The text of a PDF or DOCX, unpacked by a child process.
pub(crate) fn unpacked(bytes: Vec<u8>, format: Format) -> Result<String> {
    let program =
        std::env::current_exe().context("cannot find this program to start its reader")?;
    let format = match format {
        Format::Pdf => "pdf",
        _ => "docx",
    };
    let mut child = Command::new(program)
        .args(["read", "--unpack", "--format", format, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the reader process")?;
    let (Some(mut input), Some(output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        bail!("the reader process has no pipes")
    };
    let feeder = std::thread::spawn(move || {
        // A child that stops early closes the pipe; its own words say why.
        let _closed = input.write_all(&bytes);
    });
    let (send, receive) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let mut words = String::new();
        let read = output.take(LARGEST * 4).read_to_end(&mut text);
        let _lost = errors.take(4096).read_to_string(&mut words);
        let _gone = send.send(read.map(|_| (text, words)));
    });
    let Ok(outcome) = receive.recv_timeout(PATIENCE) else {
        child.kill().context("cannot end the reader process")?;
        child.wait()?;
        bail!(
            "took longer than {} seconds to unpack and was given up",
            PATIENCE.as_secs()
        );
    };
    let status = child.wait()?;
    feeder.join().ok();
    reader.join().ok();
    let (bytes, words) = outcome.context("the reader process broke off")?;
    if !status.success() {
        if status.code() == Some(1) {
            bail!("{}", words.trim());
        }
        bail!(
            "needs more than {} MiB of memory or {PROCESSOR} seconds to unpack, or is damaged; it was given up",
            MEMORY >> 20
        );
    }
    let at = bytes
        .windows(MARK.len())
        .position(|w| w == MARK)
        .context("the reader process gave no text")?;
    String::from_utf8(bytes[at + MARK.len()..].to_vec()).context("the reader process gave no text")
}
