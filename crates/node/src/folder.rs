//! The folder that is a node: where its files lie, and that one process at a time holds it.
//!
//! ```text
//! DIR/config.toml     what the operator decides
//! DIR/node.db         records, log, everything else; readable by its owner only, like all that lies here
//! DIR/keys/           four keys, readable by their owner only
//! DIR/control.sock    while it serves: how commands reach it
//! DIR/lock            held by whoever has the node open
//! ```

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::fs::{FlockOperation, flock};

/// The paths of one node.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// Proof that this process alone has the node open; the hold ends when it is dropped.
#[derive(Debug)]
pub struct Hold {
    _lock: File,
}

impl Folder {
    /// Makes the folder of a new node, readable by its owner only. Refuses a folder that holds one already.
    pub fn create(root: &Path) -> Result<Self> {
        let folder = Self {
            root: root.to_owned(),
        };
        if folder.config().exists() || folder.database().exists() {
            bail!(
                "{} already holds a node; choose another folder, or serve this one",
                root.display()
            );
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder.keys())
            .with_context(|| format!("could not make the folder {}", root.display()))?;
        fs::set_permissions(root, fs::Permissions::from_mode(0o700))?;
        Ok(folder)
    }

    /// The folder of an existing node.
    pub fn open(root: &Path) -> Result<Self> {
        let folder = Self {
            root: root.to_owned(),
        };
        if folder.config().is_file() {
            return Ok(folder);
        }
        let root = root.display();
        if fs::metadata(folder.config())
            .is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
        {
            bail!("{root} is not readable for who runs this; run it as the node's own user");
        }
        if folder.database().exists() {
            bail!(
                "{root} holds a node without its config.toml; put that back, or an empty file, which decides nothing"
            );
        }
        bail!("{root} holds no node; make one with `entente init {root} --participant NAME`");
    }

    /// Takes the node for this process; says who has it otherwise.
    pub fn hold(&self) -> Result<Hold> {
        let path = self.lock();
        let lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("could not open {}", path.display()))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Hold { _lock: lock }),
            Err(error) if error == rustix::io::Errno::WOULDBLOCK => {
                bail!(
                    "another process has {} open; stop it, or let it finish, and try again",
                    self.root.display()
                )
            }
            Err(error) => Err(io::Error::from(error)).context("could not lock the node's folder"),
        }
    }

    /// `DIR`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `DIR/config.toml`.
    pub fn config(&self) -> PathBuf {
        self.root.join("config.toml")
    }

    /// `DIR/node.db`.
    pub fn database(&self) -> PathBuf {
        self.root.join("node.db")
    }

    /// `DIR/lock`.
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Makes the database's file, empty, and takes from others what rights they have to it and to what lies beside it: the engine gives
    /// the files that it makes there the rights of this one.
    pub(crate) fn keep_database_private(&self) -> Result<()> {
        let path = self.database();
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("could not open {}", path.display()))?;
        for beside in ["", "-wal", "-shm"] {
            let mut name = path.clone().into_os_string();
            name.push(beside);
            match fs::metadata(&name) {
                Ok(data) if data.permissions().mode() & 0o077 != 0 => {
                    fs::set_permissions(&name, fs::Permissions::from_mode(0o600))
                        .context("could not make the database private")?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `DIR/keys`.
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// `DIR/keys.next`: new keys, until the commit that speaks of them is on disk and they are in their place.
    pub fn next_keys(&self) -> PathBuf {
        self.root.join("keys.next")
    }

    /// `DIR/control.sock`.
    pub fn control(&self) -> PathBuf {
        self.root.join("control.sock")
    }
}

/// Writes `bytes` to `path` so that a crash leaves the old file or the new one, readable by its owner only.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let parent = path.parent().unwrap_or(Path::new("."));
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let fresh = parent.join(format!(".{name}.new"));
    let _ = fs::remove_file(&fresh);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    File::open(parent)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_holds_a_node() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(&dir.path().join("n")).unwrap();
        let hold = folder.hold().unwrap();
        assert!(
            folder
                .hold()
                .unwrap_err()
                .to_string()
                .contains("another process")
        );
        drop(hold);
        folder.hold().unwrap();
    }

    #[test]
    fn the_database_and_what_lies_beside_it_are_for_the_owner() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(&dir.path().join("n")).unwrap();
        let beside = ["node.db", "node.db-wal", "node.db-shm"].map(|name| folder.root().join(name));
        let modes = || {
            beside
                .clone()
                .map(|path| fs::metadata(path).map_or(0, |data| data.permissions().mode() & 0o777))
        };
        folder.keep_database_private().unwrap();
        assert_eq!(modes(), [0o600, 0, 0]);
        // As an earlier version left them.
        for path in &beside {
            fs::write(path, "").unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        }
        folder.keep_database_private().unwrap();
        assert_eq!(modes(), [0o600; 3]);
    }

    #[test]
    fn a_second_node_is_refused_and_a_missing_one_is_explained() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(dir.path()).unwrap();
        assert!(
            Folder::open(dir.path())
                .unwrap_err()
                .to_string()
                .contains("entente init")
        );
        write_private(&folder.config(), b"x = 1").unwrap();
        assert!(
            Folder::create(dir.path())
                .unwrap_err()
                .to_string()
                .contains("already holds")
        );
        let mode = fs::metadata(folder.config()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
