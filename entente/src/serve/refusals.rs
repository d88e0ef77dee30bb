//! Handshakes that end because of the certificate that a client showed: said in the journal with the reason.
//!
//! Invariant: whoever shows bad certificates cannot fill the journal, nor write into it: a reason is one of ours, said at most once a
//! minute, with how many there were since.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::CertificateError;

/// Between two lines of one reason.
const PAUSE: Duration = Duration::from_secs(60);

/// What was said, and when.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<HashMap<&'static str, Said>>);

struct Said {
    last: Instant,
    since: u64,
}

impl Refusals {
    /// A handshake failed.
    pub(crate) fn note(&self, error: &io::Error) {
        let Some(reason) = reason(error) else {
            tracing::debug!(error = error.to_string(), "a handshake failed");
            return;
        };
        if let Some(others) = self.due(reason, Instant::now()) {
            tracing::warn!(
                reason,
                tls.refused_since_last_line = others,
                "tls.client_certificate.refused"
            );
        }
    }

    /// How many others there were since the last line of this reason, if one may be written now.
    fn due(&self, reason: &'static str, now: Instant) -> Option<u64> {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = said.get_mut(reason) else {
            let first = Said {
                last: now,
                since: 0,
            };
            said.insert(reason, first);
            return Some(0);
        };
        if now.saturating_duration_since(known.last) < PAUSE {
            known.since += 1;
            return None;
        }
        known.last = now;
        Some(std::mem::take(&mut known.since))
    }
}

/// Why the certificate of a client was refused; `None` if the handshake failed for something else.
fn reason(error: &io::Error) -> Option<&'static str> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(why) = error else {
        return None;
    };
    Some(match why {
        // A stranger may have the name of one of the authorities: then it is the signature that does not fit.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "no authority in tls.client_authorities has signed it"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::Revoked => "its authority has revoked it",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet"
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not for clients"
        }
        CertificateError::BadEncoding => "it cannot be read",
        _ => "it cannot be used",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_said_once_a_minute_with_how_many_there_were() {
        let refusals = Refusals::default();
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        for (reason, seconds, said) in [
            ("one", 0, Some(0)),
            ("one", 1, None),
            ("other", 1, Some(0)),
            ("one", 59, None),
            ("one", 60, Some(2)),
            ("one", 61, None),
            ("one", 200, Some(1)),
            ("one", 400, Some(0)),
        ] {
            assert_eq!(
                refusals.due(reason, at(seconds)),
                said,
                "{reason} {seconds}"
            );
        }
    }

    #[test]
    fn only_the_certificate_of_a_client_is_said() {
        let failed = |error: rustls::Error| io::Error::new(io::ErrorKind::InvalidData, error);
        let foreign = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        assert!(reason(&failed(foreign)).unwrap().contains("authority"));
        assert_eq!(reason(&failed(rustls::Error::HandshakeNotComplete)), None);
        assert_eq!(reason(&io::Error::from(io::ErrorKind::UnexpectedEof)), None);
    }
}
