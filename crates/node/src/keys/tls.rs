//! The key of connections. Invariant: peers recognise it by the pin alone; names, dates and issuers of the certificate decide nothing.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use sha2::{Digest, Sha256};

/// A P-256 key (what every browser and TAXII client takes) and a certificate that it signed itself.
pub struct Tls {
    key: KeyPair,
    certificate: String,
}

/// Why there is no TLS key.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A host is no name or address, or the library refused the key.
    #[error("no certificate can be made for these hosts: {0}")]
    Library(#[from] rcgen::Error),
    /// The file has not one private key and one certificate.
    #[error("not a private key and a certificate in PEM form")]
    Malformed,
}

impl Tls {
    pub(crate) fn generate(hosts: &[String]) -> Result<Self, TlsError> {
        Self::certify(KeyPair::generate()?, hosts)
    }

    fn certify(key: KeyPair, hosts: &[String]) -> Result<Self, TlsError> {
        let certificate = CertificateParams::new(hosts)?.self_signed(&key)?.pem();
        Ok(Self { key, certificate })
    }

    /// The same key with a certificate for other hosts: the pin stays.
    ///
    /// # Errors
    /// When a host is no name or address that a certificate can have.
    pub fn for_hosts(self, hosts: &[String]) -> Result<Self, TlsError> {
        Self::certify(self.key, hosts)
    }

    /// Reads what [`Tls::pem`] wrote.
    pub(crate) fn read(pem: &str) -> Result<Self, TlsError> {
        let begin = "-----BEGIN CERTIFICATE-----";
        let at = pem.find(begin).ok_or(TlsError::Malformed)?;
        let (key, certificate) = pem.split_at(at);
        Ok(Self {
            key: KeyPair::from_pem(key)?,
            certificate: certificate.to_owned(),
        })
    }

    /// Private key and certificate, for the file.
    pub(crate) fn pem(&self) -> zeroize::Zeroizing<String> {
        zeroize::Zeroizing::new(self.key.serialize_pem() + &self.certificate)
    }

    /// The certificate in PEM form.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The private key in PKCS#8 DER form, for the TLS library.
    pub fn private_der(&self) -> &[u8] {
        self.key.serialized_der()
    }

    /// By which peers recognise it.
    pub fn pin(&self) -> Pin {
        Pin::of(&self.key.subject_public_key_info())
    }
}

/// SHA-256 of a SubjectPublicKeyInfo in DER form (RFC 7469 §2.4). As text `sha256//` and base64: what curl's `--pinnedpubkey` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pin([u8; 32]);

impl Pin {
    /// Of the SubjectPublicKeyInfo of a certificate.
    pub fn of(public_key_info: &[u8]) -> Self {
        Self(Sha256::digest(public_key_info).into())
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "sha256//{}", BASE64_STANDARD.encode(self.0))
    }
}

/// The text is not a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a pin, such as sha256// and the base64 of 32 bytes")]
pub struct NotAPin;

impl FromStr for Pin {
    type Err = NotAPin;

    fn from_str(text: &str) -> Result<Self, NotAPin> {
        let digits = text.strip_prefix("sha256//").ok_or(NotAPin)?;
        let bytes = BASE64_STANDARD.decode(digits).map_err(|_| NotAPin)?;
        bytes.try_into().map(Self).map_err(|_| NotAPin)
    }
}
