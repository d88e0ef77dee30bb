//! Every SQL text of the store is understood by PostgreSQL: the schema is made there, and each statement prepared.
//!
//! Runs if a PostgreSQL 15 or later is found, in `ENTENTE_TEST_POSTGRES` (its folder of programs), where Debian puts it, or in
//! `PATH`; else it says that it was skipped. The server is started in a temporary folder, on no network, and ended.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use store::{Engine, schema_texts, statement_texts};

#[test]
fn postgres_understands_every_text() {
    let Some(programs) = programs() else {
        println!("SKIP ######## no PostgreSQL found: the SQL texts were not tried on it ########");
        return;
    };
    let server = Server::start(&programs);
    for text in schema_texts(Engine::Postgres) {
        server
            .run(&format!("{text};"))
            .unwrap_or_else(|error| panic!("{text}\n{error}"));
    }
    let mut refused = Vec::new();
    let statements = statement_texts(Engine::Postgres);
    let all: String = statements
        .iter()
        .map(|(name, text)| format!("PREPARE {name} AS {text};\n"))
        .collect();
    if server.run(&all).is_err() {
        for (name, text) in &statements {
            if let Err(error) = server.run(&format!("PREPARE {name} AS {text};")) {
                refused.push(format!("{name}: {text}\n{error}"));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    println!(
        "PostgreSQL understands the schema and {} statements",
        statements.len()
    );
    let foreign =
        server.run("PREPARE x AS INSERT OR REPLACE INTO meta (name, value) VALUES ($1, $2);");
    assert!(foreign.is_err(), "and refuses what only SQLite understands");
}

fn programs() -> Option<PathBuf> {
    let named = std::env::var_os("ENTENTE_TEST_POSTGRES").map(PathBuf::from);
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|found| {
            found
                .flatten()
                .map(|version| version.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = named
        .into_iter()
        .chain(debian.into_iter().rev())
        .chain(std::env::split_paths(&path));
    places.find(|place| {
        ["initdb", "pg_ctl", "psql"]
            .iter()
            .all(|program| place.join(program).exists())
    })
}

/// A throwaway server, ended when dropped.
struct Server {
    programs: PathBuf,
    folder: tempfile::TempDir,
    /// PostgreSQL refuses to run as root; then it runs as nobody.
    user: Option<u32>,
}

const NOBODY: u32 = 65_534;

impl Server {
    fn start(programs: &Path) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("pg")
            .tempdir_in("/tmp")
            .unwrap();
        let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
        if root {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let server = Self {
            programs: programs.to_owned(),
            folder,
            user: root.then_some(NOBODY),
        };
        let data = server.data();
        let made = server.call(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
        );
        made.unwrap();
        let folder = server.folder.path().display();
        let options = format!("-k {folder} -c listen_addresses= -c fsync=off");
        let log = format!("{folder}/log");
        server
            .call(
                "pg_ctl",
                &["-D", &data, "-w", "-l", &log, "-o", &options, "start"],
            )
            .unwrap();
        server
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, sql: &str) -> Result<(), String> {
        let file = self.folder.path().join("text.sql");
        std::fs::write(&file, sql).unwrap();
        let (socket, file) = (
            self.folder.path().display().to_string(),
            file.display().to_string(),
        );
        self.call(
            "psql",
            &[
                "-X",
                "-q",
                "-h",
                &socket,
                "-U",
                "postgres",
                "-v",
                "ON_ERROR_STOP=1",
                "-f",
                &file,
            ],
        )
    }

    fn call(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder.path());
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        let Output {
            status,
            stdout: _,
            stderr,
        } = if program == "pg_ctl" {
            // The server keeps what it inherits open: it must not be a pipe that somebody waits for.
            command
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            let status = command.status().unwrap();
            Output {
                status,
                stdout: Vec::new(),
                stderr: Vec::new(),
            }
        } else {
            command.output().unwrap()
        };
        if status.success() {
            Ok(())
        } else {
            Err(format!("{program}: {}", String::from_utf8_lossy(&stderr)))
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.data();
        // If it cannot be stopped there is nothing more to do; the folder goes either way.
        let _ = self.call("pg_ctl", &["-D", &data, "-w", "-m", "immediate", "stop"]);
    }
}
