//! How a server proves who it is: by the public authorities, by named ones, or by a key that was pinned.
//!
//! A pin is the SHA-256 of the certificate's SubjectPublicKeyInfo (RFC 7469 §2.4). The key is what counts: the name in
//! the certificate, its issuer and its dates are not looked at, but the handshake is still signed by that key.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};

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

/// The SHA-256 of a SubjectPublicKeyInfo. Written and read as `sha256/` and base64, as curl's `--pinnedpubkey` has it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pin([u8; 32]);

/// Not `sha256/` and 44 characters of base64, nor 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pin is sha256/ and 44 characters of base64, or 64 hexadecimal digits")]
pub struct PinError;

impl Pin {
    /// The pin of the key in a certificate (DER); `None` when it is no X.509 certificate.
    pub fn of_certificate(der: &[u8]) -> Option<Self> {
        let der = CertificateDer::from(der);
        let certificate = ParsedCertificate::try_from(&der).ok()?;
        Some(Self::of_key(&certificate.subject_public_key_info()))
    }

    /// The pin of a SubjectPublicKeyInfo (DER).
    pub fn of_key(spki: &[u8]) -> Self {
        Self(Sha256::digest(spki).into())
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256/{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Pin {
    type Err = PinError;

    fn from_str(text: &str) -> Result<Self, PinError> {
        let body = text
            .strip_prefix("sha256/")
            .or_else(|| text.strip_prefix("sha256:"))
            .unwrap_or(text);
        let bytes = if body.len() == 64 {
            hex(body).ok_or(PinError)?
        } else {
            STANDARD.decode(body).map_err(|_| PinError)?
        };
        Ok(Self(bytes.try_into().map_err(|_| PinError)?))
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok())
        .collect()
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
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| unusable(&e))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    match identity {
        None => Ok(config.with_no_client_auth()),
        Some(identity) => {
            let chain = CertificateDer::pem_slice_iter(identity.certificates.as_bytes())
                .collect::<Result<Vec<_>, _>>()
                .map_err(|e| unusable(&e))?;
            let key =
                PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(|e| unusable(&e))?;
            config
                .with_client_auth_cert(chain, key)
                .map_err(|e| unusable(&e))
        }
    }
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
        let found = Pin::of_key(&certificate.subject_public_key_info());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_read_in_three_spellings() {
        let pin = Pin([0xab; 32]);
        for text in [
            pin.to_string(),
            "ab".repeat(32),
            format!("sha256:{}", "AB".repeat(32)),
        ] {
            assert_eq!(text.parse(), Ok(pin), "{text}");
        }
        for text in ["", "sha256/", "ab", "sha256/q6urqw==", &"zz".repeat(32)] {
            assert_eq!(text.parse::<Pin>(), Err(PinError), "{text}");
        }
    }
}
