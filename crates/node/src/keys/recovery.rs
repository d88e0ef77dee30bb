//! The recovery key: backups are encrypted to it. Invariant: its private half is shown once at the start and kept by people, never by the node.

use age::secrecy::ExposeSecret;
use age::x25519;
use zeroize::Zeroizing;

use super::age_identity;
use crate::chance::Random;

/// A new recovery key: show [`Recovery::words_to_keep`], keep [`Recovery::recipient`].
pub struct Recovery(x25519::Identity);

impl Recovery {
    /// Draws one.
    pub fn generate(random: &mut dyn Random) -> Self {
        Self(age_identity(random))
    }

    /// What people type to restore; `None` if it is not a recovery key. Blanks around it and lower case do not matter.
    pub fn read(typed: &str) -> Option<Self> {
        let typed = Zeroizing::new(typed.trim().to_ascii_uppercase());
        typed.parse().ok().map(Self)
    }

    /// The text to print once and to keep off the machine: 74 letters and digits that every age program takes.
    pub fn words_to_keep(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// What the node keeps.
    pub fn recipient(&self) -> x25519::Recipient {
        self.0.to_public()
    }

    /// What opens a backup.
    pub fn identity(&self) -> &x25519::Identity {
        &self.0
    }
}
