//! Accounts and groups: passwd(5), group(5), shadow(5).
//!
//! Lines are read as the C library's `files` service reads them, because what it accepts can log in: surprisingly,
//! `toor::0:0` without home and shell is a complete account to it.

mod shadow;

use std::str::FromStr;

use assay_host::Host;
use assay_model::evidence::account::{Account, Accounts, Group, PasswordStatus};
use assay_model::evidence::{Collected, Problem, ProblemKind};

use crate::text::{LineProblems, is_comment, lines};
pub use shadow::{ShadowEntry, parse as parse_shadow};

/// A host with half a million accounts stays below it.
const LIMIT: u64 = 64 << 20;

const PASSWD: &str = "/etc/passwd";
const GROUP: &str = "/etc/group";
const SHADOW: &str = "/etc/shadow";

/// Collects accounts and groups. No password hash leaves this function.
pub fn collect(host: &dyn Host) -> Collected<Accounts> {
    let (passwd, mut problems) = match host.read(PASSWD, LIMIT) {
        Ok(content) => parse_passwd(PASSWD, &content),
        Err(error) => return Collected::unavailable(error.to_problem()),
    };
    let shadow = if passwd.iter().any(|entry| entry.password == PasswordField::Shadow) {
        shadow::read(host, SHADOW, LIMIT, &mut problems)
    } else {
        Default::default()
    };
    let users = passwd.into_iter().map(|entry| {
        let mut account = entry.account;
        match entry.password {
            PasswordField::Status(status) => account.password = Some(status),
            PasswordField::Shadow => {
                let found = shadow.get(&account.name);
                account.password = found.map(|shadow| shadow.password);
                account.ageing = found.map(|shadow| shadow.ageing);
            }
        }
        account
    });
    let groups = match host.read(GROUP, LIMIT) {
        Ok(content) => {
            let (groups, malformed) = parse_group(GROUP, &content);
            problems.extend(malformed);
            groups
        }
        Err(error) => {
            problems.push(error.to_problem());
            Vec::new()
        }
    };
    Collected::partial(Accounts { users: users.collect(), groups }, problems)
}

/// Where the password of an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordField {
    /// In the shadow file: the field is `x`.
    Shadow,
    /// In the line itself, which everybody can read: then the shadow file does not count (pam_unix(8)).
    Status(PasswordStatus),
}

/// One line of passwd(5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswdEntry {
    /// The account; password status and ageing are absent.
    pub account: Account,
    /// Where its password stands.
    pub password: PasswordField,
}

/// Reads passwd(5).
pub fn parse_passwd(file: &str, bytes: &[u8]) -> (Vec<PasswdEntry>, Vec<Problem>) {
    parse_entries(file, bytes, |number, text, problems| {
        let mut fields = text.splitn(7, ':');
        let name = fields.next().unwrap_or_default().to_owned();
        let password = match fields.next().unwrap_or_default() {
            "x" => PasswordField::Shadow,
            field => PasswordField::Status(shadow::status_of(field)),
        };
        let (uid, gid) = (integer(fields.next()), integer(fields.next()));
        let (Some(uid), Some(gid)) = (uid, gid) else {
            problems.malformed(number, "has no valid user and group id");
            return None;
        };
        let rest: Vec<&str> = fields.collect();
        if rest.len() != 3 {
            problems.malformed(number, "has fewer than seven fields; the missing ones count as empty");
        }
        let field = |at: usize| rest.get(at).copied().unwrap_or_default().to_owned();
        let (home, shell) = (field(1), field(2));
        let account = Account { name, uid, gid, home, shell, line: number, password: None, ageing: None };
        Some(PasswdEntry { account, password })
    })
}

/// Reads group(5).
pub fn parse_group(file: &str, bytes: &[u8]) -> (Vec<Group>, Vec<Problem>) {
    parse_entries(file, bytes, |number, text, problems| {
        let mut fields = text.split(':');
        let name = fields.next().unwrap_or_default().to_owned();
        let Some(gid) = integer(fields.nth(1)) else {
            problems.malformed(number, "has no valid group id");
            return None;
        };
        let Some(members) = fields.next() else {
            problems.malformed(number, "has fewer than four fields; it counts as a group without members");
            return Some(Group { name, gid, members: Vec::new(), line: number });
        };
        let members = members.split(',').map(str::trim).filter(|member| !member.is_empty()).map(str::to_owned);
        Some(Group { name, gid, members: members.collect(), line: number })
    })
}

/// The lines that are an entry of their own; what stands for entries of another directory service is told.
fn parse_entries<T>(
    file: &str,
    bytes: &[u8],
    mut entry: impl FnMut(u32, &str, &mut LineProblems) -> Option<T>,
) -> (Vec<T>, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut entries = Vec::new();
    let mut directory_service = None;
    for line in lines(bytes, &mut problems) {
        let text = line.text.trim_start();
        if is_comment(text, &['#']) {
            continue;
        }
        if text.starts_with(['+', '-']) {
            directory_service.get_or_insert(line.number);
            continue;
        }
        if text.starts_with(':') {
            problems.malformed(line.number, "has no name");
            continue;
        }
        entries.extend(entry(line.number, text, &mut problems));
    }
    let mut problems = problems.into_problems();
    if let Some(line) = directory_service {
        let detail = format!("line {line} of {file} includes entries of NIS, which are not collected");
        problems.push(Problem::new(file, ProblemKind::NotSupported, detail));
    }
    (entries, problems)
}

/// A number as strtoul(3) reads it: white space and a plus sign may stand before it.
fn integer<T: FromStr>(field: Option<&str>) -> Option<T> {
    field?.trim_start().parse().ok()
}

#[cfg(test)]
mod tests;
