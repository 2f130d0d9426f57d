//! The shadow file, shadow(5): whether a password is set and how it ages. The hash is looked at and dropped.
//!
//! Surprising: a field that is no possible result of crypt(3), such as `NP` or `x`, locks a password just as `!` does.

use std::collections::HashMap;
use std::hint::black_box;

use assay_host::Host;
use assay_model::evidence::Problem;
use assay_model::evidence::account::{PasswordAgeing, PasswordStatus};

use super::{integer, parse_entries};

/// What one line of shadow(5) says, without the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShadowEntry {
    /// Password status.
    pub password: PasswordStatus,
    /// Ageing.
    pub ageing: PasswordAgeing,
}

/// The entries of the shadow file by account; why it cannot be read is one problem.
pub(super) fn read(
    host: &dyn Host,
    file: &str,
    limit: u64,
    problems: &mut Vec<Problem>,
) -> HashMap<String, ShadowEntry> {
    let mut content = match host.read(file, limit) {
        Ok(content) => content,
        Err(error) => {
            problems.push(error.to_problem());
            return HashMap::new();
        }
    };
    let (entries, malformed) = parse(file, &content);
    // So that no hash stays behind in memory that is given back; the compiler must not see that nobody reads it.
    content.fill(0);
    black_box(&content);
    problems.extend(malformed);
    entries
}

/// Reads shadow(5); of two lines for one account the first counts.
pub fn parse(file: &str, bytes: &[u8]) -> (HashMap<String, ShadowEntry>, Vec<Problem>) {
    let (entries, problems) = parse_entries(file, bytes, |number, text, problems| {
        let mut fields = text.split(':');
        let name = fields.next().unwrap_or_default().to_owned();
        let Some(password) = fields.next() else {
            problems.malformed(number, "has no password field");
            return None;
        };
        let password = status_of(password);
        let mut days = || match fields.next().map(str::trim) {
            None | Some("") => Ok(None),
            // Negative numbers mean the same as an empty field.
            Some(field) => integer(Some(field)).map(|days: i64| Some(days).filter(|days| *days >= 0)).ok_or(()),
        };
        let fields = [days(), days(), days(), days(), days(), days()];
        if fields.contains(&Err(())) {
            problems.malformed(number, "has an ageing field that is no number");
        }
        let [last_change, minimum, maximum, warning, inactive, expires] = fields.map(Result::unwrap_or_default);
        let ageing = PasswordAgeing { last_change, minimum, maximum, warning, inactive, expires };
        Some((name, ShadowEntry { password, ageing }))
    });
    let mut by_name = HashMap::with_capacity(entries.len());
    for (name, entry) in entries {
        by_name.entry(name).or_insert(entry);
    }
    (by_name, problems)
}

/// What a password field says.
pub(super) fn status_of(field: &str) -> PasswordStatus {
    let unlocked = field.trim_start_matches('!');
    let is_hash = match unlocked.as_bytes() {
        [b'$', _, ..] | [b'_', ..] => true,
        // The traditional hash has 13 letters, the doubled ones of bigcrypt more.
        letters => {
            letters.len() >= 13
                && letters.iter().all(|byte| matches!(byte, b'.' | b'/') || byte.is_ascii_alphanumeric())
        }
    };
    PasswordStatus {
        is_set: is_hash,
        is_empty: field.is_empty(),
        is_locked: !field.is_empty() && (field.starts_with('!') || !is_hash),
    }
}
