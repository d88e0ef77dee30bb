//! Keys on disk: one file each in a folder of their own. Invariant: nothing is read from a file or folder that somebody else could have
//! read or replaced, and a file is either the old one or the new one, also after a power cut.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret as _;
use ed25519_dalek::SigningKey;
use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::{BundleKeys, Keys, Tls, TlsError, Use};

/// Why keys were not read or written. The path says which.
#[derive(Debug, thiserror::Error)]
pub enum KeyFolderError {
    /// The file or folder is not there: this is no node's folder, or keys were lost.
    #[error("{0} is not there: restore it from a backup, or recover with `entente key recover`")]
    Missing(PathBuf),
    /// There is one already; keys are never overwritten but by rotation.
    #[error("{0} is there already")]
    Exists(PathBuf),
    /// It is a symbolic link, a device, or not what it should be.
    #[error("{0} must be a plain file or folder, not a link")]
    NotPlain(PathBuf),
    /// Group or others may use it.
    #[error("{path} has mode {mode:04o}: others could read it; run `chmod go= {path}`")]
    Mode {
        /// Which.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It belongs to another user of the machine.
    #[error("{path} belongs to user {owner}, not to the one that runs this")]
    Owner {
        /// Which.
        path: PathBuf,
        /// The number of that user.
        owner: u32,
    },
    /// It is not a key.
    #[error("{path} is not a key of this kind: {reason}")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What is wrong; never a part of the content.
        reason: String,
    },
    /// The system refused.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Makes the folder and writes all four keys.
///
/// # Errors
/// When there is a key already, or the folder is not safe.
pub fn store(folder: &Path, keys: &Keys) -> Result<(), KeyFolderError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(failed(folder)(error));
        }
        _ => check_folder(folder)?,
    }
    for key in Use::ALL {
        let path = folder.join(key.name());
        if path.symlink_metadata().is_ok() {
            return Err(KeyFolderError::Exists(path));
        }
    }
    Use::ALL
        .into_iter()
        .try_for_each(|key| replace(folder, key, keys))?;
    // The folder itself is an entry of the one above.
    match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => sync_folder(above),
        _ => Ok(()),
    }
}

/// Writes one key in the place of the one that is there: whole and durable, or not at all.
///
/// # Errors
/// When the folder is not safe or the system refuses.
pub fn replace(folder: &Path, key: Use, keys: &Keys) -> Result<(), KeyFolderError> {
    check_folder(folder)?;
    let content = match key {
        Use::Seal => signing_text(key, &keys.seal),
        Use::Log => signing_text(key, &keys.log),
        Use::Tls => keys.tls.pem(),
        Use::Bundle => {
            let mut text = Zeroizing::new(String::new());
            for identity in keys.bundle.identities() {
                text.push_str(identity.to_string().expose_secret());
                text.push('\n');
            }
            text
        }
    };
    write(folder, key.name(), content.as_bytes())
}

/// Reads all four keys, and refuses to if anybody else could.
///
/// # Errors
/// Says which file is missing, unsafe or broken.
pub fn load(folder: &Path) -> Result<Keys, KeyFolderError> {
    check_folder(folder)?;
    Ok(Keys {
        seal: read(folder, Use::Seal, |text| signing_key(Use::Seal, text))?,
        log: read(folder, Use::Log, |text| signing_key(Use::Log, text))?,
        bundle: read(folder, Use::Bundle, bundle_keys)?,
        tls: read(folder, Use::Tls, |pem| {
            Tls::read(pem).map_err(|error: TlsError| error.to_string())
        })?,
    })
}

fn signing_text(key: Use, signing: &SigningKey) -> Zeroizing<String> {
    let secret = Zeroizing::new(hex::encode(signing.as_bytes()));
    Zeroizing::new(format!("entente-{key}-key/v1 {}\n", *secret))
}

fn signing_key(key: Use, text: &str) -> Result<SigningKey, String> {
    let mut secret = Zeroizing::new([0; 32]);
    text.strip_prefix(&format!("entente-{key}-key/v1 "))
        .and_then(|rest| rest.strip_suffix('\n'))
        .and_then(|digits| hex::decode_to_slice(digits, &mut *secret).ok())
        .ok_or("expected one line with its kind and 64 hexadecimal digits")?;
    Ok(SigningKey::from_bytes(&secret))
}

fn bundle_keys(text: &str) -> Result<BundleKeys, String> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut identities = lines.map(|line| line.parse().map_err(str::to_owned));
    let current = identities.next().ok_or("expected an age secret key")??;
    Ok(BundleKeys {
        current,
        retired: identities.collect::<Result<_, String>>()?,
    })
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyFolderError + '_ {
    move |source| {
        let path = path.to_owned();
        // What opening a link with NOFOLLOW says.
        let link = rustix::io::Errno::LOOP.raw_os_error();
        match source.kind() {
            io::ErrorKind::NotFound => KeyFolderError::Missing(path),
            _ if source.raw_os_error() == Some(link) => KeyFolderError::NotPlain(path),
            _ => KeyFolderError::Io { path, source },
        }
    }
}

fn check_folder(folder: &Path) -> Result<(), KeyFolderError> {
    let metadata = folder.symlink_metadata().map_err(failed(folder))?;
    match metadata.is_dir() {
        true => check_access(folder, &metadata),
        false => Err(KeyFolderError::NotPlain(folder.to_owned())),
    }
}

fn check_access(path: &Path, metadata: &std::fs::Metadata) -> Result<(), KeyFolderError> {
    let (mode, owner) = (metadata.mode() & 0o7777, metadata.uid());
    let path = path.to_owned();
    if mode & 0o077 != 0 {
        return Err(KeyFolderError::Mode { path, mode });
    }
    if owner != rustix::process::geteuid().as_raw() {
        return Err(KeyFolderError::Owner { path, owner });
    }
    Ok(())
}

fn read<T>(
    folder: &Path,
    key: Use,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, KeyFolderError> {
    let path = folder.join(key.name());
    // NOFOLLOW: what is checked below is what is read. NONBLOCK: a pipe in its place must not hang the start.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    let mut file = options.open(&path).map_err(failed(&path))?;
    let metadata = file.metadata().map_err(failed(&path))?;
    if !metadata.is_file() || metadata.nlink() != 1 {
        return Err(KeyFolderError::NotPlain(path));
    }
    check_access(&path, &metadata)?;
    let malformed = |reason: String| KeyFolderError::Malformed {
        path: path.clone(),
        reason,
    };
    if metadata.len() > 64 * 1024 {
        return Err(malformed("too large".into()));
    }
    let mut content = Zeroizing::new(String::new());
    file.read_to_string(&mut content).map_err(failed(&path))?;
    parse(&content).map_err(malformed)
}

fn write(folder: &Path, name: &str, content: &[u8]) -> Result<(), KeyFolderError> {
    let path = folder.join(name);
    let new = folder.join(format!(".{name}.new"));
    // Left by a power cut: never in use.
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&new)(error)),
        _ => {}
    }
    let write = || {
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&new, &path)
    };
    write().map_err(failed(&path))?;
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), KeyFolderError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed(folder))
}
