//! Kernel parameters: the running value of `/proc/sys`, and the line that sets it at boot (sysctl.d(5)).
//!
//! Surprising: systemd-sysctl(8) never reads `/etc/sysctl.conf`; up to Debian 12 a link in `/etc/sysctl.d` leads to it.
//! So that file counts where the link stands, and where no systemd is, last, as `sysctl --system` of procps reads it.

mod configuration;
mod key;

use std::collections::BTreeSet;

use assay_host::{Host, HostError};
use assay_model::evidence::sysctl::{Sysctl, SysctlValue};
use assay_model::evidence::{Collected, Problem, ProblemKind};

pub use configuration::{Assignment, parse};

use configuration::Configuration;
use key::normalize;

/// No parameter says more: the kernel hands out one page of most.
const VALUE_LIMIT: u64 = 64 << 10;

/// Parameters that are secrets, by their last component.
const SECRETS: [&str; 2] = ["stable_secret", "tcp_fastopen_key"];

/// Collects the parameters with these names; each may be written in both ways that sysctl.d(5) allows.
///
/// Every name has its entry, under the name that was asked for. A parameter that this kernel does not have has no
/// running value.
pub fn collect(host: &dyn Host, names: &BTreeSet<String>) -> Collected<Sysctl> {
    if names.is_empty() {
        return Collected::complete(Sysctl::new());
    }
    let mut problems = Vec::new();
    let configuration = Configuration::read(host, &mut problems);
    let mut values = Sysctl::new();
    for name in names {
        let key = normalize(name);
        if key.is_empty() || key.split('/').any(|component| component == "..") {
            problems.push(Problem::new(name, ProblemKind::Malformed, format!("{name} is no kernel parameter")));
            continue;
        }
        if SECRETS.iter().any(|secret| key.ends_with(secret)) {
            let detail = format!("{name} is a secret, which is not collected");
            problems.push(Problem::new(name, ProblemKind::NotSupported, detail));
            continue;
        }
        let running = if host.is_live() { running(host, &key, &mut problems) } else { None };
        values.insert(name.clone(), SysctlValue { running, persistent: configuration.setting(&key) });
    }
    Collected::partial(values, problems)
}

fn running(host: &dyn Host, key: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let path = format!("/proc/sys/{key}");
    match host.read(&path, VALUE_LIMIT) {
        Ok(content) => Some(String::from_utf8_lossy(&content).trim_end_matches('\n').to_owned()),
        Err(HostError::NotFound { .. }) => None,
        Err(error) => {
            problems.push(error.to_problem());
            None
        }
    }
}

#[cfg(test)]
mod tests;
