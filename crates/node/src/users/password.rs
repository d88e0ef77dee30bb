//! Passwords: long ones, kept under Argon2id. Invariant: checking takes as long for nobody as for somebody.

use anyhow::Result;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::chance::Random;

/// The fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 12;
/// The most bytes that are looked at.
pub const LONGEST_PASSWORD: usize = 1_024;

/// Why a password is not taken. No rule asks for digits or signs: length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    #[error("a password has at least {SHORTEST_PASSWORD} characters")]
    Short,
    /// More than [`LONGEST_PASSWORD`] bytes.
    #[error("a password has at most {LONGEST_PASSWORD} bytes")]
    Long,
    /// Few different characters, a row of the keyboard, a word that everybody tries, or the person's own name.
    #[error("this password is among the first that somebody would try")]
    Guessable,
}

/// What people use where twelve characters are asked for.
const TRIED: [&str; 22] = [
    "password",
    "passwort",
    "motdepasse",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "1234567890",
    "abcdefghij",
    "letmein",
    "welcome",
    "bienvenue",
    "administrator",
    "administrateur",
    "changeme",
    "entente",
    "iloveyou",
    "jetaime",
    "sunshine",
    "football",
    "secret",
    "diplomat",
    "ministry",
];

/// Whether a password is good enough for somebody of these names.
///
/// # Errors
/// Why it is not.
pub(crate) fn check(password: &str, names: &[&str]) -> Result<(), Weak> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(Weak::Short);
    }
    if password.len() > LONGEST_PASSWORD {
        return Err(Weak::Long);
    }
    let letters: Vec<char> = password
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let different = letters
        .iter()
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    let folded: String = letters.iter().collect();
    // What is left when the words that everybody tries are taken out has to stand by itself.
    let mut rest = folded;
    let words = names.iter().flat_map(|name| {
        name.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 2)
    });
    for word in TRIED
        .into_iter()
        .map(str::to_owned)
        .chain(words.map(str::to_lowercase))
    {
        rest = rest.replace(&word, "");
    }
    let digits = rest.chars().all(|c| c.is_ascii_digit());
    if different < 5 || rest.chars().count() < 6 || (digits && rest.chars().count() < 10) {
        return Err(Weak::Guessable);
    }
    Ok(())
}

/// How a password is kept: Argon2id in PHC form.
pub(crate) fn hash(password: &str, chance: &mut dyn Random) -> Result<String> {
    let mut salt = [0; 16];
    chance.fill(&mut salt);
    let hash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| anyhow::anyhow!("the password could not be hashed: {error}"))?;
    Ok(hash.to_string())
}

/// Whether it is the one. For nobody (`None`) it takes as long, and is wrong.
pub(crate) fn fits(password: &str, kept: Option<&str>) -> bool {
    let password = if password.len() > LONGEST_PASSWORD {
        ""
    } else {
        password
    };
    let parsed = kept.and_then(|kept| PasswordHash::new(kept).ok());
    match parsed {
        Some(hash) => Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok(),
        None => {
            let _ = Argon2::default().hash_password_with_salt(password.as_bytes(), &[0; 16]);
            false
        }
    }
}
