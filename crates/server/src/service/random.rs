//! Random ids, keys and secrets, from the system's random source.

use assay_model::arn::Id;
use aws_lc_rs::error::Unspecified;

/// Letters and digits of access keys: those of base 32.
const KEY_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A random id. There are 2^47 of them, so the store has to refuse one that is there already.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn random_id() -> Result<Id, Unspecified> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes)?;
    Ok(Id::from_random(u64::from_le_bytes(bytes)))
}

/// The id of an access key: `AKIA` and 16 characters.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn random_key_id() -> Result<String, Unspecified> {
    Ok(format!("AKIA{}", random_text::<16>()?))
}

/// A secret of 40 characters: 200 bits.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn random_secret() -> Result<String, Unspecified> {
    random_text::<40>()
}

fn random_text<const LENGTH: usize>() -> Result<String, Unspecified> {
    let mut bytes = [0_u8; LENGTH];
    aws_lc_rs::rand::fill(&mut bytes)?;
    let character = |byte: u8| KEY_ALPHABET.get(usize::from(byte & 31)).copied().map_or('A', char::from);
    Ok(bytes.into_iter().map(character).collect())
}
