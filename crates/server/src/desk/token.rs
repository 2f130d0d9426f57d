//! Token: made once, shown once, stored as its SHA-256.

use sha2::{Digest as _, Sha256};

use crate::service::random_secret;

/// A fresh enrolment token.
pub struct NewToken {
    /// What the host's operator gets: 200 random bits in 40 characters.
    pub text: String,
    /// What is stored.
    pub digest: String,
}

impl NewToken {
    /// Draws one; nothing when the system has no random numbers.
    pub fn draw() -> Option<NewToken> {
        let text = random_secret().ok()?;
        let digest = token_digest(&text);
        Some(NewToken { text, digest })
    }
}

/// Without the token, which is a secret.
impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken").field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// The SHA-256 of a token. A token has 200 random bits, so nobody finds it by trying.
pub fn token_digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
