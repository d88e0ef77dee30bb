//! Backup and restore: the whole node in one stream, encrypted to the recovery key, and back into a folder.
//!
//! Invariant: what was restored is verified before it is called done, and marked: it does not go on as its old self in silence, because
//! whatever was accepted after the backup is lost, and its log would contradict the checkpoints that peers have. [`announce_restore`]
//! says so, and lets the log go on under a new name.

mod restore;
mod tar;

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::Encryptor;
use age::x25519;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use store::Store;
use tlog::Origin;

use crate::chance::Random;
use crate::clock::{Clock, Micros};
use crate::folder::Folder;
use crate::keeping::own::tell_peers;
use crate::keeping::restoration::{Restoration, Restored};
use crate::keeping::verify::Progress;
use crate::keys::{self, Use};
use crate::node::{HEAD, Node, ORIGIN, RECOVERY};
use crate::peers::older;

pub use restore::{Outcome, restore};

/// Under which name a restored node says that it is one.
const MARK: &str = "node.restored";
/// The first file of a backup.
const MANIFEST: &str = "manifest.json";
const CONFIG: &str = "config.toml";
const DATABASE: &str = "node.db";
/// The copy of the database that a backup is written from: readable, so it goes with the backup.
const COPY: &str = ".backup.db";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What kind of archive it is.
    pub format: String,
    /// The participant whose node it is.
    pub participant: String,
    /// When it was made.
    pub made: Micros,
    /// The size of its log.
    pub records: i64,
    /// The signed head of its log; none when the log is empty.
    pub head: Option<String>,
    /// Bytes of the database.
    pub bytes: u64,
}

const FORMAT: &str = "entente-backup/1";

/// Removes a file when dropped, with what the engine lays beside a database.
struct Passing(PathBuf);

impl Passing {
    fn remove(&self) {
        for side in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(side);
            let _ = fs::remove_file(path);
        }
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Removes the copy that a backup left when it was killed: it would keep what is erased later. To be called by whoever holds the folder.
pub(crate) fn forget_copy(folder: &Folder) {
    Passing(folder.root().join(COPY)).remove();
}

impl Node {
    /// Writes a backup to `out` while the node goes on: a consistent copy of the database, keys and configuration, readable with the
    /// recovery key only.
    ///
    /// # Errors
    /// When the disk is full, or `out` fails; the node is not touched.
    pub fn backup(&self, out: impl Write, progress: &mut dyn FnMut(Progress)) -> Result<Manifest> {
        let recipient = self.read()?.meta(RECOVERY)?;
        let recipient = String::from_utf8(recipient.context("the node has no recovery key")?)?;
        let recipient: x25519::Recipient = recipient.parse().map_err(|error: &str| {
            anyhow::anyhow!("the recovery key's public half is damaged: {error}")
        })?;
        let copy = Passing(self.folder().root().join(COPY));
        copy.remove();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        options
            .open(&copy.0)
            .context("there is no room for a copy of the database")?;
        loop {
            let before = self.keys();
            self.inner.store.backup(&copy.0, |left, total| {
                progress(Progress {
                    stage: "copy",
                    done: total.saturating_sub(left),
                    total,
                });
            })?;
            // A key that changed meanwhile would not fit the copy.
            if before.public() == self.keys().public() {
                break;
            }
        }
        let manifest = self.manifest_of(&copy.0)?;
        let recipients = std::iter::once(&recipient as &dyn age::Recipient);
        let mut sealed = Encryptor::with_recipients(recipients)?.wrap_output(out)?;
        let text = serde_json::to_vec_pretty(&manifest)?;
        tar::put(&mut sealed, MANIFEST, text.len() as u64, &mut &text[..])?;
        let folder = self.folder();
        put_file(&mut sealed, CONFIG, &folder.config(), &mut |_| {})?;
        for key in Use::ALL {
            let name = format!("keys/{key}");
            put_file(
                &mut sealed,
                &name,
                &folder.keys().join(key.name()),
                &mut |_| {},
            )?;
        }
        put_file(&mut sealed, DATABASE, &copy.0, &mut |done| {
            progress(Progress {
                stage: "write",
                done,
                total: manifest.bytes,
            });
        })?;
        tar::end(&mut sealed)?;
        sealed.finish()?.flush()?;
        Ok(manifest)
    }

    /// Writes a backup to a file that is there whole or not at all.
    ///
    /// # Errors
    /// As [`Node::backup`]; also when the file is there already.
    pub fn backup_to(&self, path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Manifest> {
        if path.exists() {
            bail!("{} is there already; choose another name", path.display());
        }
        let name = path.file_name().context("a backup needs a file name")?;
        let new = Passing(path.with_file_name(format!(".{}.new", name.to_string_lossy())));
        new.remove();
        let mut options = OpenOptions::new();
        let file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new.0)?;
        let manifest = self.backup(&file, progress)?;
        file.sync_all()?;
        fs::rename(&new.0, path)?;
        let above = path.parent().filter(|above| !above.as_os_str().is_empty());
        File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(manifest)
    }

    fn manifest_of(&self, copy: &Path) -> Result<Manifest> {
        let bytes = fs::metadata(copy)?.len();
        let copy = Store::inspect(copy)?;
        let reader = copy.read()?;
        let head = reader.meta(HEAD)?.map(String::from_utf8).transpose()?;
        Ok(Manifest {
            format: FORMAT.to_owned(),
            participant: self.home().id.to_string(),
            made: self.now(),
            records: reader.records()?,
            head,
            bytes,
        })
    }
}

fn put_file(
    out: &mut dyn Write,
    name: &str,
    path: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<()> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let size = file.metadata()?.len();
    let mut counted = Counted {
        file,
        done: 0,
        progress,
    };
    Ok(tar::put(out, name, size, &mut counted)?)
}

struct Counted<'a> {
    file: File,
    done: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.done += read as u64;
        (self.progress)(self.done);
        Ok(read)
    }
}

/// Refuses a node that was restored and has not said so.
pub(crate) fn refuse_unannounced(look: &store::Look, root: &Path) -> Result<()> {
    let Some(mark) = look.meta(MARK)? else {
        return Ok(());
    };
    let manifest: Manifest = serde_json::from_slice(&mark)?;
    bail!(
        "this node was restored from a backup of {} records, made at {}: what it accepted later is lost, and its peers may have it. \
         Let it say so with `entente restore --announce {}`; its log then goes on under a new name",
        manifest.records,
        stix::Timestamp::from_micros(manifest.made),
        root.display()
    )
}

/// Whether a node was restored and has not said so.
pub(crate) fn is_unannounced(look: &store::Look) -> Result<bool> {
    Ok(look.meta(MARK)?.is_some())
}

/// A restored node says that it is one, and its log goes on under a new name.
///
/// # Errors
/// When the node was not restored, or has said so already, or another process has it.
pub fn announce_restore(
    root: &Path,
    clock: Arc<dyn Clock>,
    chance: Box<dyn Random>,
) -> Result<Restored> {
    let node = Node::open_restored(root, clock, chance)?;
    let said = node.say_restored();
    node.close();
    said
}

impl Node {
    fn say_restored(&self) -> Result<Restored> {
        let old = self.inner.origin.clone();
        let new = next_origin(&old)?;
        let collection = self.notices()?;
        let said = self.change(move |change| {
            if change.txn.meta(MARK)?.is_none() {
                bail!("this node was not restored from a backup, or has said so already");
            }
            let says = Restored {
                old,
                new: new.clone(),
                size: change.log.size(),
                root: change.log.root(),
            };
            let home = change.register.home().clone();
            let said = Restoration::sign(says.clone(), &home, &change.keys.seal, change.now)?;
            tell_peers(change, &said.record()?, &collection)?;
            change.txn.set_meta(ORIGIN, new.as_str().as_bytes())?;
            change.txn.remove_meta(MARK)?;
            older::own_up(change)?;
            change.log.go_on_as(new);
            Ok(says)
        });
        said.wait()
    }
}

/// `name`, `name/2`, `name/3` ...
fn next_origin(old: &Origin) -> Result<Origin> {
    let text = old.as_str();
    let (base, number) = match text.rsplit_once('/') {
        Some((base, number)) if base.contains('/') => (base, number.parse().unwrap_or(1_u64)),
        _ => (text, 1),
    };
    Ok(Origin::new(&format!(
        "{base}/{}",
        number.saturating_add(1)
    ))?)
}

/// Keys as they lie in a folder, for whoever has just put them there.
fn check_keys(folder: &Path) -> Result<()> {
    keys::load(folder)?;
    Ok(())
}
