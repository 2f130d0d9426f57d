//! The networks of a run: what is reachable of its hosts, judged once when all else is.
//!
//! What listens on a host is part of its evidence; a host without is judged all the same.

use std::sync::Arc;

use assay_model::arn::{RulesPackageArn, RunArn};
use assay_model::coverage::{CoverageUnit, PackageCoverage};
use assay_model::evidence::Collected;
use assay_model::evidence::socket::Sockets;
use assay_model::exclusion::Exclusion;
use assay_model::finding::Asset;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::AssessmentRun;
use assay_reach::inspector::{HostJudgement, NetworkHost, NetworkJudgement};
use serde::Deserialize;

use super::exclusions::{evaluation_error, exclusions, network_error};
use crate::jobs::JobError;
use crate::service::{NetworkSubject, Service};
use crate::store::{Member, NetworkOfHost, RunEnd, RunHost};

/// What is read of evidence.
#[derive(Deserialize)]
struct Listening {
    sockets: Collected<Sockets>,
}

/// Adds to the end of a run what is reachable of its hosts, if that is asked for.
pub(super) async fn add_networks(
    service: &Arc<Service>,
    run: &AssessmentRun,
    hosts: &[(RunHost, Member)],
    end: &mut RunEnd,
) -> Result<(), JobError> {
    let is_network = |package: &&RulesPackageArn| package.resolve() == Some(RulesPackageKind::Network);
    let Some(package) = run.rules_package_arns.iter().find(is_network) else { return Ok(()) };
    if hosts.is_empty() {
        return Ok(());
    }
    let mut asked = Vec::new();
    for (host, member) in hosts {
        let asset =
            Asset { agent_id: host.agent_id.clone(), hostname: member.hostname.clone(), ipv4_addresses: Vec::new() };
        asked.push(NetworkHost { asset, sockets: sockets(service, host).await? });
    }
    let (shared, of, now) = (Arc::clone(service), run.clone(), service.now());
    let judged = tokio::task::spawn_blocking(move || {
        shared.judge.judge_network(&NetworkSubject { run: &of, hosts: &asked, now })
    });
    match judged.await {
        Ok(judgement) => take(run, package, hosts, judgement, end),
        Err(_) => {
            tracing::error!(run = %run.arn, "the analysis of a network panicked");
            let text = evaluation_error(std::slice::from_ref(package), "the analysis of the network panicked");
            end.exclusions.extend(exclusions(&run.arn, "network", vec![text]));
            end.has_errors = true;
        }
    }
    Ok(())
}

/// What listens on a host, as its evidence has it.
async fn sockets(service: &Service, host: &RunHost) -> Result<Option<Sockets>, JobError> {
    let Some(digest) = &host.evidence_digest else { return Ok(None) };
    match service.store.evidence(digest).await {
        Ok(bytes) => {
            let read: Result<Listening, _> = serde_json::from_slice(&bytes);
            Ok(read.ok().and_then(|evidence| evidence.sockets.facts))
        }
        // What is wrong with it, its own evaluation has said.
        Err(error) if error.is_loss_of_evidence() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn take(
    run: &AssessmentRun,
    package: &RulesPackageArn,
    hosts: &[(RunHost, Member)],
    judgement: NetworkJudgement,
    end: &mut RunEnd,
) {
    end.exclusions.extend(told(&run.arn, package, &judgement));
    for HostJudgement { agent_id, mut findings, rule_results, outcomes } in judgement.hosts {
        let Some((_, member)) = hosts.iter().find(|(host, _)| host.agent_id == agent_id) else { continue };
        for finding in &mut findings {
            finding.user_attributes.clone_from(&run.user_attributes_for_findings);
        }
        let (rules_package, unit) = (RulesPackageKind::Network, CoverageUnit::Rules);
        end.hosts.push(NetworkOfHost {
            agent_id,
            scaling_group: member.auto_scaling_group.clone().unwrap_or_default(),
            findings,
            rule_results,
            coverage: PackageCoverage { rules_package, unit, outcomes },
        });
    }
}

fn told(run: &RunArn, package: &RulesPackageArn, judgement: &NetworkJudgement) -> Vec<Exclusion> {
    let texts = judgement.exclusions.iter().map(|one| network_error(one, package)).collect();
    let mut told = exclusions(run, "network", texts);
    for (exclusion, of) in told.iter_mut().zip(&judgement.exclusions) {
        exclusion.rules.clone_from(&of.rules);
    }
    told
}
