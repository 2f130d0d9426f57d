//! Role: what an access key may do.

use std::fmt;
use std::str::FromStr;

/// What an access key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Look at everything in its account.
    ReadOnly,
    /// All of that, and change everything in its account.
    Operator,
    /// All of that, and keys, accounts, and agents' certificates.
    Administrator,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Role; 3] = [Role::ReadOnly, Role::Operator, Role::Administrator];

    /// The word of the command line and of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::ReadOnly => "read-only",
            Role::Operator => "operator",
            Role::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no role: use read-only, operator or administrator")]
pub struct ParseRoleError {
    /// What was given.
    pub text: String,
}

impl FromStr for Role {
    type Err = ParseRoleError;

    fn from_str(text: &str) -> Result<Role, ParseRoleError> {
        let role = Role::ALL.into_iter().find(|role| role.as_str() == text);
        role.ok_or_else(|| ParseRoleError { text: text.to_owned() })
    }
}
