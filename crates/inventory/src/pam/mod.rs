//! What decides about passwords and logins: PAM stacks (pam.conf(5)), login.defs(5) and pwquality.conf(5).
//!
//! Three files, three rules: PAM takes the first directory that has a service; login.defs takes the last line of a key;
//! pwquality takes the last line too, but reads its drop-ins *before* the main file, so that a drop-in never overrides
//! what `pwquality.conf` says.

mod line;
mod login_defs;
mod pwquality;
mod stack;

pub use line::{Layout, LineContent, StackLine, parse_lines};
pub use login_defs::parse_login_defs;
pub use pwquality::parse_pwquality;

pub(crate) use login_defs::read_login_defs;
pub(crate) use pwquality::read_pwquality;
pub(crate) use stack::read_services;
