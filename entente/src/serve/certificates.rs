//! The certificates that the node shows at its door: read again when their files have changed, so that nobody restarts it for a new one.
//!
//! Invariant: a connection that says which key it expects ([`node::keys::Pin::expectation`]) is shown that key if it is the node's own, now or before
//! its last change; what cannot be read changes nothing, and is logged once.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use node::keys::Use;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// Where the certificates lie.
#[derive(Debug)]
pub(super) struct Files {
    /// The node's folder of keys.
    pub(super) keys: PathBuf,
    /// A chain and its key that the operator keeps, shown to who expects none of the node's own keys.
    pub(super) chain: Option<(PathBuf, PathBuf)>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Certificates {
    files: Files,
    provider: CryptoProvider,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    stamps: Vec<Option<Stamp>>,
    shown: Shown,
}

#[derive(Debug, Clone)]
struct Shown {
    first: Arc<CertifiedKey>,
    own: Vec<(Vec<u8>, Arc<CertifiedKey>)>,
}

/// What tells a file from the one that was there before.
type Stamp = (u64, u64, i64, i64);

impl Certificates {
    /// Reads them.
    ///
    /// # Errors
    /// When a file is missing or holds no usable PEM, or a certificate and its key do not belong together.
    pub(super) fn read(files: Files) -> Result<Self> {
        let provider = ring::default_provider();
        // Before the files themselves: what changes in between is read again.
        let stamps = files.stamps();
        let shown = files.read(&provider)?;
        Ok(Self {
            files,
            provider,
            held: Mutex::new(Held { stamps, shown }),
        })
    }

    /// What is shown now.
    fn shown(&self) -> Shown {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let stamps = self.files.stamps();
        if stamps != held.stamps {
            held.stamps = stamps;
            match self.files.read(&self.provider) {
                Ok(shown) => {
                    held.shown = shown;
                    tracing::info!("tls.certificates.read");
                }
                // A chain and its key are two files: between the two changes they do not fit.
                Err(error) => tracing::warn!(
                    error = format!("{error:#}"),
                    "new certificates cannot be used; those before are shown"
                ),
            }
        }
        held.shown.clone()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.shown();
        let expected: Vec<&[u8]> = hello.alpn().into_iter().flatten().collect();
        let own = shown
            .own
            .into_iter()
            .find(|(name, _)| expected.contains(&name.as_slice()));
        Some(own.map_or(shown.first, |(_, key)| key))
    }
}

impl Files {
    fn stamps(&self) -> Vec<Option<Stamp>> {
        let own = self.keys.join(Use::Tls.name());
        let chain = self.chain.iter().flat_map(|(chain, key)| [chain, key]);
        [&own].into_iter().chain(chain).map(stamp).collect()
    }

    fn read(&self, provider: &CryptoProvider) -> Result<Shown> {
        let keys = node::keys::load(&self.keys)?.tls;
        let mut own = Vec::new();
        for key in [Some(&keys), keys.previous()].into_iter().flatten() {
            let certificate = CertificateDer::from_pem_slice(key.certificate().as_bytes())?;
            let private = PrivatePkcs8KeyDer::from(key.private_der().to_vec());
            let certified = certified(vec![certificate], private.into(), provider)?;
            own.push((key.pin().expectation(), certified));
        }
        let first = match &self.chain {
            Some((chain, key)) => {
                let unread =
                    |path: &PathBuf| format!("{} holds no PEM that can be used", path.display());
                let certificates = CertificateDer::pem_file_iter(chain)
                    .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                    .with_context(|| unread(chain))?;
                ensure!(!certificates.is_empty(), unread(chain));
                let private = PrivateKeyDer::from_pem_file(key).with_context(|| unread(key))?;
                certified(certificates, private, provider)?
            }
            None => own
                .first()
                .map(|(_, key)| Arc::clone(key))
                .context("the node has no TLS key")?,
        };
        Ok(Shown { first, own })
    }
}

fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    provider: &CryptoProvider,
) -> Result<Arc<CertifiedKey>> {
    let certified = CertifiedKey::from_der(chain, key, provider)
        .context("the certificate and the key do not belong together")?;
    Ok(Arc::new(certified))
}

fn stamp(path: &PathBuf) -> Option<Stamp> {
    let metadata: Metadata = std::fs::metadata(path).ok()?;
    let (seconds, nanos) = (metadata.mtime(), metadata.mtime_nsec());
    Some((metadata.ino(), metadata.len(), seconds, nanos))
}
