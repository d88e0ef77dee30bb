//! From a backup to a folder that is a node: built beside its place, verified, marked, and only then moved there.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use age::Decryptor;
use anyhow::{Context, Result, bail, ensure};
use store::{Options, Store};

use super::{CONFIG, DATABASE, FORMAT, MANIFEST, MARK, Manifest, check_keys, tar};
use crate::keeping::verify::{Ask, Finding, Progress, Report, verify};
use crate::keys::{Recovery, Use};

/// Larger than any file of a backup but the database.
const SMALL: u64 = 1024 * 1024;

/// What was restored.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// What verification says of it.
    pub report: Report,
}

/// A folder that is removed unless it is kept.
struct Building(PathBuf);

impl Drop for Building {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Restores a node into `root`, which must not exist, or be empty.
///
/// The node then refuses to open until [`announce_restore`](super::announce_restore).
///
/// # Errors
/// When it is no backup, the key is another one, anything in it is damaged, or the folder is not free: nothing is left then. What was changed
/// past the node in what people may, sign in with or took is no damage: it is in every backup from then on, and in the report.
pub fn restore(
    backup: impl Read,
    root: &Path,
    recovery: &Recovery,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome> {
    let empty = |root: &Path| fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_none());
    if root.exists() && !empty(root) {
        bail!("{} is not empty; restore into a new folder", root.display());
    }
    let name = root.file_name().context("the folder needs a name")?;
    let building = root.with_file_name(format!(".{}.restoring", name.to_string_lossy()));
    let _ = fs::remove_dir_all(&building);
    let folder = |path: &Path| DirBuilder::new().recursive(true).mode(0o700).create(path);
    folder(&building.join("keys"))
        .with_context(|| format!("could not make {}", building.display()))?;
    let building = Building(building);
    let manifest = unpack(backup, &building.0, recovery, progress)?;
    check_keys(&building.0.join("keys"))?;
    let report = verify(&building.0, &Ask::default(), progress)?;
    let found = report.findings.len() as u64 + report.more;
    let damage = |finding: &&Finding| !finding.area.leaves_records_whole();
    // Of those that are too many to be listed nobody knows what they are.
    let first = report.findings.first().filter(|_| report.more > 0);
    if let Some(finding) = report.findings.iter().find(damage).or(first) {
        bail!(
            "the backup is damaged: {finding}, and {} more; nothing was restored",
            found - 1
        );
    }
    ensure!(
        i64::try_from(report.size) == Ok(manifest.records),
        "the backup holds {} records and says {}; nothing was restored",
        report.size,
        manifest.records
    );
    let store = Store::open(building.0.join(DATABASE), Options::default())?;
    let mark = serde_json::to_vec(&manifest)?;
    store.write(|txn| txn.set_meta(MARK, &mark))?;
    store.empty_wal()?;
    drop(store);
    if root.exists() {
        fs::remove_dir(root)?;
    }
    fs::rename(&building.0, root).with_context(|| format!("could not make {}", root.display()))?;
    let above = root.parent().filter(|above| !above.as_os_str().is_empty());
    File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(Outcome { manifest, report })
}

fn unpack(
    backup: impl Read,
    folder: &Path,
    recovery: &Recovery,
    progress: &mut dyn FnMut(Progress),
) -> Result<Manifest> {
    let opened = Decryptor::new_buffered(BufReader::new(backup))
        .context("this is no backup: it is not encrypted with age, or its beginning is damaged")?;
    let identity: &dyn age::Identity = recovery.identity();
    let mut input = opened
        .decrypt(std::iter::once(identity))
        .context("this is not the recovery key of this backup")?;
    let damaged = "the backup is damaged or cut off; nothing was restored";
    let first = tar::next(&mut input).context(damaged)?;
    let (name, size) = first.context(damaged)?;
    ensure!(
        name == MANIFEST && size < SMALL,
        "this is no backup of a node"
    );
    let mut text = Vec::new();
    Read::take(&mut input, size)
        .read_to_end(&mut text)
        .context(damaged)?;
    tar::skip(&mut input, size).context(damaged)?;
    let manifest: Manifest =
        serde_json::from_slice(&text).context("this is no backup of a node")?;
    ensure!(
        manifest.format == FORMAT,
        "the backup is of the form {:?}; use the program that made it",
        manifest.format
    );
    let mut missing: Vec<String> = Use::ALL.iter().map(|key| format!("keys/{key}")).collect();
    missing.extend([CONFIG.to_owned(), DATABASE.to_owned()]);
    while let Some((name, size)) = tar::next(&mut input).context(damaged)? {
        let before = missing.len();
        missing.retain(|expected| *expected != name);
        ensure!(
            missing.len() < before,
            "the backup holds {name:?}, which belongs in none"
        );
        let most = if name == DATABASE {
            manifest.bytes
        } else {
            SMALL
        };
        ensure!(
            size <= most,
            "{name} in the backup is larger than it may be"
        );
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.join(&name))?;
        let mut done = 0;
        let mut chunk = vec![0; 256 * 1024];
        while done < size {
            let want = usize::try_from(size - done)
                .unwrap_or(usize::MAX)
                .min(chunk.len());
            let part = chunk.get_mut(..want).unwrap_or_default();
            input.read_exact(part).context(damaged)?;
            io::Write::write_all(&mut file, part)?;
            done += want as u64;
            progress(Progress {
                stage: "restore",
                done,
                total: manifest.bytes,
            });
        }
        file.sync_all()?;
        tar::skip(&mut input, size).context(damaged)?;
    }
    // The end of the stream is authenticated as well: a cut after the last file is noticed here.
    io::copy(&mut input, &mut io::sink()).context(damaged)?;
    ensure!(
        missing.is_empty(),
        "the backup lacks {}",
        missing.join(", ")
    );
    for part in ["keys", "."] {
        File::open(folder.join(part))?.sync_all()?;
    }
    Ok(manifest)
}
