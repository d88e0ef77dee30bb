//! The key of connections. Invariant: peers recognise it by the pin alone; names, dates and issuers of the certificate decide nothing.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use sha2::{Digest, Sha256};

/// A P-256 key (what every browser and TAXII client takes) and a certificate that it signed itself; and the one before it, for peers that
/// have not heard of the change.
pub struct Tls {
    key: KeyPair,
    certificate: String,
    previous: Option<Box<Tls>>,
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
        Ok(Self {
            key,
            certificate,
            previous: None,
        })
    }

    /// Follows `old`, which is still shown to who expects it: by that connection it learns of this one. Not for a key that was revoked.
    pub(crate) fn after(mut self, mut old: Self) -> Self {
        old.previous = None;
        self.previous = Some(Box::new(old));
        self
    }

    /// The same key with a certificate for other hosts: the pin stays.
    ///
    /// # Errors
    /// When a host is no name or address that a certificate can have.
    pub fn for_hosts(self, hosts: &[String]) -> Result<Self, TlsError> {
        let certified = Self::certify(self.key, hosts)?;
        Ok(Self {
            previous: self.previous,
            ..certified
        })
    }

    /// Reads what [`Tls::pem`] wrote.
    pub(crate) fn read(pem: &str) -> Result<Self, TlsError> {
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
        let at = pem.find(begin).ok_or(TlsError::Malformed)?;
        let over = pem.find(end).ok_or(TlsError::Malformed)? + end.len();
        let (Some(key), Some(certificate), Some(rest)) =
            (pem.get(..at), pem.get(at..over), pem.get(over..))
        else {
            return Err(TlsError::Malformed);
        };
        let previous = match rest.trim() {
            "" => None,
            rest => Some(Box::new(Self::read(rest)?)),
        };
        Ok(Self {
            key: KeyPair::from_pem(key)?,
            certificate: format!("{certificate}\n"),
            previous,
        })
    }

    /// Private key and certificate, for the file; behind them those before.
    pub(crate) fn pem(&self) -> zeroize::Zeroizing<String> {
        let mut text = zeroize::Zeroizing::new(self.key.serialize_pem() + &self.certificate);
        if let Some(previous) = &self.previous {
            text.push_str(&previous.pem());
        }
        text
    }

    /// The key before, while peers may still expect it.
    pub fn previous(&self) -> Option<&Self> {
        self.previous.as_deref()
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

    /// The name by which a connection says, before anything else, which key it expects (an ALPN protocol name, RFC 7301). A node that has
    /// several shows that one; everybody else passes over a name that they do not know.
    pub fn expectation(&self) -> Vec<u8> {
        let short = self.0.first_chunk::<4>().map(hex::encode);
        format!("entente-{}", short.unwrap_or_default()).into_bytes()
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
