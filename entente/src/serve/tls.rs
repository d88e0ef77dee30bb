//! How the node speaks TLS at its own door: not at all on loopback, by its own key, or by the operator's files.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use node::config::{Tls, TlsMode};
use node::folder::Folder;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use super::certificates::{Certificates, Files};

/// What to speak at `address`; `None` is plain HTTP. Relative paths in `tls` are relative to the node's folder.
pub(crate) fn server(
    tls: &Tls,
    address: SocketAddr,
    folder: &Folder,
) -> Result<Option<Arc<ServerConfig>>> {
    let chain = match tls.mode {
        TlsMode::Off => return Ok(None),
        TlsMode::Auto if address.ip().to_canonical().is_loopback() => return Ok(None),
        TlsMode::Auto | TlsMode::Own => None,
        TlsMode::Files => Some(chain(tls, folder.root())?),
    };
    let certificates = Certificates::read(Files {
        keys: folder.keys(),
        chain,
    })?;
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = match &tls.client_authorities {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(
                Arc::new(authorities(&folder.root().join(path))?),
                provider,
            );
            let revoked = match &tls.client_revocations {
                Some(path) => revocations(&folder.root().join(path))?,
                None => Vec::new(),
            };
            // A client without a certificate still has its secret; one that shows a certificate must show a good one. An authority
            // need not have a list.
            let verifier = verifier
                .allow_unauthenticated()
                .with_crls(revoked)
                .only_check_end_entity_revocation()
                .allow_unknown_revocation_status();
            builder.with_client_cert_verifier(verifier.build()?)
        }
    };
    let mut config = builder.with_cert_resolver(Arc::new(certificates));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(Arc::new(config)))
}

/// The files that the operator names.
fn chain(tls: &Tls, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let path = |file: &Option<String>, name: &str| -> Result<PathBuf> {
        let file = file.as_ref().with_context(|| {
            format!("config.toml has tls.mode = \"files\" and no tls.{name}: name the file")
        })?;
        Ok(folder.join(file))
    };
    Ok((
        path(&tls.certificate, "certificate")?,
        path(&tls.key, "key")?,
    ))
}

fn authorities(path: &Path) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path)
        .with_context(|| format!("{} could not be read", path.display()))?;
    for certificate in certificates {
        roots.add(certificate?)?;
    }
    if roots.is_empty() {
        bail!("{} holds no certificate of an authority", path.display());
    }
    Ok(roots)
}

/// What authorities have taken back.
fn revocations(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    let unreadable = || format!("{} could not be read", path.display());
    let lists = CertificateRevocationListDer::pem_file_iter(path).with_context(unreadable)?;
    let lists: Vec<_> = lists.collect::<Result<_, _>>().with_context(unreadable)?;
    if lists.is_empty() {
        bail!("{} holds no list of revoked certificates", path.display());
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use node::chance::SeededRandom;
    use node::keys::{self, Keys};

    use super::*;

    #[test]
    fn the_mode_decides_and_a_missing_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(&dir.path().join("n")).unwrap();
        let keys = Keys::generate(&mut SeededRandom::new(1), &["localhost".to_owned()]).unwrap();
        keys::store(&folder.keys(), &keys).unwrap();
        let here: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let anywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
        let mode = |mode| Tls {
            mode,
            ..Tls::default()
        };
        for (mode, address, speaks) in [
            (mode(TlsMode::Auto), here, false),
            (mode(TlsMode::Auto), anywhere, true),
            (mode(TlsMode::Own), here, true),
            (mode(TlsMode::Off), anywhere, false),
        ] {
            assert_eq!(
                server(&mode, address, &folder).unwrap().is_some(),
                speaks,
                "{mode:?} {address}"
            );
        }
        let missing = server(&mode(TlsMode::Files), here, &folder).unwrap_err();
        assert!(missing.to_string().contains("tls.certificate"), "{missing}");

        fs::write(folder.root().join("chain.pem"), keys.tls.certificate()).unwrap();
        let files = Tls {
            certificate: Some("chain.pem".to_owned()),
            key: Some("chain.pem".to_owned()),
            client_authorities: Some("chain.pem".to_owned()),
            ..mode(TlsMode::Files)
        };
        let error = server(&files, here, &folder).unwrap_err();
        assert!(
            error.to_string().contains("chain.pem holds no PEM"),
            "{error}"
        );
        let own = Tls {
            client_authorities: Some("chain.pem".to_owned()),
            ..mode(TlsMode::Own)
        };
        assert!(server(&own, here, &folder).unwrap().is_some());
        let without = Tls {
            client_revocations: Some("chain.pem".to_owned()),
            ..own
        };
        let error = server(&without, here, &folder).unwrap_err();
        assert!(error.to_string().contains("no list of revoked"), "{error}");
    }
}
