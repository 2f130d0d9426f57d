//! Accounts and groups, without their secrets.

use serde::{Deserialize, Serialize};

/// What the shadow file says about a password. The hash itself is never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordStatus {
    /// A hash is there (locked or not).
    pub is_set: bool,
    /// The field is empty: no password is asked for.
    pub is_empty: bool,
    /// Starts with `!` or is `*`: no password can match.
    pub is_locked: bool,
}

/// Password ageing fields of shadow(5), in days; absent where the field is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordAgeing {
    /// Days since 1970-01-01.
    pub last_change: Option<i64>,
    /// Minimum days between changes.
    pub minimum: Option<i64>,
    /// Maximum days between changes.
    pub maximum: Option<i64>,
    /// Days of warning before the maximum.
    pub warning: Option<i64>,
    /// Days of grace after the maximum.
    pub inactive: Option<i64>,
    /// Days since 1970-01-01 on which the account expires.
    pub expires: Option<i64>,
}

/// One account of passwd(5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
    /// Home directory.
    pub home: String,
    /// Login shell.
    pub shell: String,
    /// 1-based line in `/etc/passwd`.
    pub line: u32,
    /// Absent where the shadow file could not be read or has no such account.
    pub password: Option<PasswordStatus>,
    /// Absent where the shadow file could not be read or has no such account.
    pub ageing: Option<PasswordAgeing>,
}

/// One group of group(5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Group id.
    pub gid: u32,
    /// Members beyond those whose primary group it is.
    pub members: Vec<String>,
    /// 1-based line in `/etc/group`.
    pub line: u32,
}

/// All accounts and groups, in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// Accounts.
    pub users: Vec<Account>,
    /// Groups.
    pub groups: Vec<Group>,
}
