//! `assay network check`: whether a network keeps to a policy, for a pipeline.

use std::io::Read as _;

use anyhow::Context as _;
use assay_reach::network::Network;
use assay_reach::policy::{Breach, BreachKind, Checked, Policy, check};
use camino::Utf8Path;

use super::network::{columns, few, json, read};
use crate::arguments::{CheckArguments, NetworkOutput};
use crate::exit::{Exit, UsageError};
use crate::output;

/// Bytes of a policy that are read; one more than the policy's own limit, so that a larger one is told as such.
const LIMIT: u64 = (1 << 20) + 1;

/// Checks a policy; the gate fails where the network does not keep to it.
pub(super) fn check_policy(arguments: &CheckArguments) -> anyhow::Result<Exit> {
    let policy = policy(&arguments.policy)?;
    let snapshot = read(&arguments.snapshot.vpc)?;
    let network = Network::new(&snapshot);
    let checked = check(&network, &policy);
    match arguments.snapshot.output {
        NetworkOutput::Json => json(&checked)?,
        NetworkOutput::Table => output::print(table(&checked))?,
    }
    Ok(if checked.breaches.is_empty() { Exit::Done } else { Exit::GateFailed })
}

fn policy(path: &Utf8Path) -> anyhow::Result<Policy> {
    let failed = || format!("failed to read {path}");
    let mut text = String::new();
    let file = std::fs::File::open(path).with_context(failed)?;
    file.take(LIMIT).read_to_string(&mut text).with_context(failed)?;
    Ok(text.parse().map_err(|error| UsageError(format!("{path}: {error}")))?)
}

fn table(checked: &Checked) -> String {
    let mut text = match checked.breaches.len() {
        0 => "The network keeps to the policy.\n".to_owned(),
        _ => {
            let heading = ["", "CLAUSE", "ORIGIN", "TARGET", "PORTS", "SOURCES", ""].map(str::to_owned);
            let mut lines = vec![heading.to_vec()];
            lines.extend(checked.breaches.iter().map(line));
            columns(&lines)
        }
    };
    if !checked.assumptions.is_empty() {
        text.push_str(&format!("\n{} assumptions; they are listed with -o json\n", checked.assumptions.len()));
    }
    text
}

fn line(breach: &Breach) -> Vec<String> {
    let kind = match breach.kind {
        BreachKind::Forbidden => "forbidden",
        BreachKind::NotAllowed => "not allowed",
        BreachKind::NotReachable => "not reachable",
        BreachKind::NotFound => "not found",
    };
    let target = breach.instance.clone().or_else(|| breach.interface.clone());
    let target = [target, breach.address.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let ports = [breach.protocol.clone(), breach.ports.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    vec![
        kind.to_owned(),
        breach.clause.clone().unwrap_or_default(),
        breach.origin.clone().unwrap_or_default(),
        target,
        ports,
        few(breach.sources.clone()),
        breach.detail.clone().unwrap_or_default(),
    ]
}
