//! Codes by time (RFC 6238): six digits every thirty seconds, by HMAC-SHA-1, which is what authenticator apps know.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use zeroize::Zeroizing;

use crate::chance::Random;
use crate::clock::{Micros, SECOND};

/// How many digits a code has.
pub const TOTP_DIGITS: u32 = 6;
/// How long a code stands, in seconds.
pub const TOTP_SECONDS: i64 = 30;
/// How many steps a clock may be off, either way.
const OFF: i64 = 1;

/// What codes are made from: 160 bits.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    pub(crate) fn generate(chance: &mut dyn Random) -> Self {
        let mut bytes = Zeroizing::new(vec![0; 20]);
        chance.fill(&mut bytes);
        Self(bytes)
    }

    /// Reads what [`Self::text`] writes, however it is spaced: what an app does with what was typed into it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new(Vec::new());
        let (mut held, mut bits) = (0_u32, 0);
        for letter in text.chars().filter(|c| !c.is_whitespace()) {
            let value = match letter.to_ascii_uppercase() {
                letter @ 'A'..='Z' => letter as u32 - 'A' as u32,
                digit @ '2'..='7' => digit as u32 - '2' as u32 + 26,
                _ => return None,
            };
            held = ((held << 5) | value) & 0xffff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from((held >> bits) & 0xff).unwrap_or(0));
            }
        }
        (!bytes.is_empty()).then_some(Self(bytes))
    }

    pub(crate) fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it is typed into an app (RFC 4648, base 32, without padding).
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = Zeroizing::new(String::new());
        let (mut held, mut bits) = (0_u32, 0);
        for byte in self.0.iter() {
            held = (held << 8) | u32::from(*byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                let letter = LETTERS.get((held >> bits) as usize & 31).copied();
                text.push(char::from(letter.unwrap_or(b'A')));
            }
        }
        text
    }

    /// What the picture says that an app reads.
    #[must_use]
    pub fn address(&self, issuer: &str, name: &str) -> Zeroizing<String> {
        let issuer = escaped(issuer);
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}",
            escaped(name),
            *self.text()
        ))
    }

    /// The code of a step.
    fn code(&self, step: i64) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest.last().copied().unwrap_or(0) & 15);
        let four = digest.get(offset..offset + 4).unwrap_or(&[0; 4]);
        let number = four
            .iter()
            .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 10_u32.pow(TOTP_DIGITS))
    }

    /// The code that an app shows now.
    #[must_use]
    pub fn now(&self, at: Micros) -> String {
        self.code(step(at))
    }

    /// The step whose code this is, if it is one of now, the one before or the one after, and later than the last that was used.
    pub(crate) fn step_of(&self, code: &str, at: Micros, used: Option<i64>) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = step(at);
        // All are compared, whichever fits.
        let mut fitting = (now - OFF..=now + OFF).filter(|step| equal(&self.code(*step), &code));
        fitting.rfind(|step| used.is_none_or(|used| *step > used))
    }
}

fn step(at: Micros) -> i64 {
    at.div_euclid(TOTP_SECONDS * SECOND)
}

fn equal(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |differences, (a, b)| differences | (a ^ b))
            == 0
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1, the last six of its eight digits.
        let secret = TotpSecret(Zeroizing::new(b"12345678901234567890".to_vec()));
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.now(second * SECOND), code);
        }
        assert_eq!(&*secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let read = TotpSecret::read("gezd gnbv gy3t qojq GEZDGNBVGY3TQOJQ").unwrap();
        assert_eq!(read.bytes(), secret.bytes());
        assert!(TotpSecret::read("1890").is_none() && TotpSecret::read("").is_none());
    }

    #[test]
    fn a_code_works_once_and_for_a_while() {
        let secret = TotpSecret::from_bytes(Zeroizing::new(vec![7; 20]));
        let at = 1_800_000_000 * SECOND;
        let code = secret.now(at);
        let step = secret.step_of(&code, at, None).unwrap();
        assert_eq!(
            secret.step_of(&format!(" {} {}", &code[..3], &code[3..]), at, None),
            Some(step)
        );
        assert_eq!(secret.step_of(&code, at + 30 * SECOND, None), Some(step));
        assert_eq!(secret.step_of(&code, at - 30 * SECOND, None), Some(step));
        assert_eq!(secret.step_of(&code, at + 60 * SECOND, None), None);
        assert_eq!(secret.step_of(&code, at, Some(step)), None, "used");
        assert_eq!(secret.step_of("", at, None), None);
    }
}
