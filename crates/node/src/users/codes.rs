//! Codes and secrets that the node makes up: read aloud and typed, or carried in a link. They are kept as SHA-256, since they have 80
//! bits or more.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::chance::Random;

/// Letters and digits that nobody confuses when they are read aloud.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code to be typed: groups of four, `bits / 5` characters, with dashes.
pub(crate) fn typed(chance: &mut dyn Random, characters: usize) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(vec![0; characters]);
    chance.fill(&mut bytes);
    let mut code = Zeroizing::new(String::with_capacity(characters + characters / 4));
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = ALPHABET.get(usize::from(byte % 32)).copied();
        code.push(char::from(letter.unwrap_or(b'0')));
    }
    code
}

/// As people type it: spaces and dashes as they like, small letters, O for 0, I and L for 1.
pub(crate) fn plain(text: &str) -> Zeroizing<String> {
    let letters = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'));
    let letters = letters.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    });
    Zeroizing::new(letters.collect())
}

/// A secret of 256 bits for a link, a cookie, a program.
pub(crate) fn secret(chance: &mut dyn Random) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 32]);
    chance.fill(bytes.as_mut());
    Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))
}

/// What the store keeps of it.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// The same for a code that was typed.
pub(crate) fn digest_typed(code: &str) -> Vec<u8> {
    digest(&plain(code))
}
