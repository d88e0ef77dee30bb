//! How a server proves who it is: by the public authorities, by named ones, or by a key that was pinned.
//!
//! Of a pin the key is what counts: the name in
//! the certificate, its issuer and its dates are not looked at, but the handshake is still signed by that key.

use std::fmt;
use std::sync::Arc;

use node::keys::Pin;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::settings::{Identity, SettingsError};

/// Whom to believe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that this machine trusts.
    Public,
    /// These authorities alone, as PEM.
    Authorities(String),
    /// Whoever holds one of these keys: more than one while a key is being changed. None: nobody.
    Pinned(Vec<Pin>),
}

/// The pin of the key in a certificate (DER); `None` when it is no X.509 certificate.
pub fn pin_of(certificate: &[u8]) -> Option<Pin> {
    let der = CertificateDer::from(certificate);
    let certificate = ParsedCertificate::try_from(&der).ok()?;
    Some(Pin::of(&certificate.subject_public_key_info()))
}

/// TLS as the settings ask for it, with ring.
pub(super) fn config(
    trust: &Trust,
    identity: Option<&Identity>,
) -> Result<ClientConfig, SettingsError> {
    let unusable = |why: &dyn fmt::Display| SettingsError::Certificates(why.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Public => Arc::new(
            rustls_platform_verifier::Verifier::new(Arc::clone(&provider))
                .map_err(|e| unusable(&e))?,
        ),
        Trust::Authorities(pem) => {
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                roots
                    .add(certificate.map_err(|e| unusable(&e))?)
                    .map_err(|e| unusable(&e))?;
            }
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .map_err(|e| unusable(&e))?
        }
        Trust::Pinned(pins) => Arc::new(Pinned {
            pins: pins.clone(),
            provider: Arc::clone(&provider),
        }),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| unusable(&e))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let chain = CertificateDer::pem_slice_iter(identity.certificates.as_bytes())
                .collect::<Result<Vec<_>, _>>()
                .map_err(|e| unusable(&e))?;
            let key =
                PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(|e| unusable(&e))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|e| unusable(&e))?
        }
    };
    if let Trust::Pinned(pins) = trust {
        // A node that has changed its key, or that shows browsers another one, shows the key that is expected.
        config.alpn_protocols = pins.iter().map(Pin::expectation).collect();
        config.alpn_protocols.push(b"http/1.1".to_vec());
    }
    Ok(config)
}

/// Believes the holders of some keys.
#[derive(Debug)]
struct Pinned {
    pins: Vec<Pin>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let found = Pin::of(&certificate.subject_public_key_info());
        if self.pins.contains(&found) {
            Ok(ServerCertVerified::assertion())
        } else {
            let expected: Vec<_> = self.pins.iter().map(Pin::to_string).collect();
            Err(rustls::Error::General(format!(
                "its key is {found}, expected {}",
                expected.join(" or ")
            )))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
