//! From a session and its evidence to the whole assessment.

use assay_model::Timestamp;
use assay_model::assessment::{Assessment, HostSummary};
use assay_model::coverage::{CoverageUnit, OutcomeCounts, PackageCoverage};
use assay_model::evidence::Evidence;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{FindingCounts, RunState};
use assay_model::severity::Severity;

use crate::exclusion::{self, Exclusions, Reason};
use crate::judgement::{Judgement, Subject};
use crate::key::IdSource;
use crate::knowledge::Knowledge;
use crate::session::Session;
use crate::vulnerability::SET_ASIDE;
use crate::{native, vulnerability};

/// Judges the evidence of a session's run by the rules packages asked for, and ends the run.
///
/// `digest` is the content address of the evidence, `now` the time of evaluation.
pub fn assess(
    mut session: Session,
    evidence: &Evidence,
    digest: &str,
    knowledge: &Knowledge<'_>,
    packages: &[RulesPackageKind],
    now: Timestamp,
) -> Assessment {
    let run_arn = session.run.arn.clone();
    let subject = Subject { evidence, now };
    let mut judgement = Judgement::default();
    let mut ids = IdSource::new(&run_arn);
    let mut undecided = Vec::new();
    let mut uncovered = Vec::new();
    let mut reasons: Vec<(Option<RulesPackageKind>, Reason)> = Vec::new();
    for kind in packages {
        if *kind == RulesPackageKind::Cve {
            reasons.extend(
                vulnerability::judge(&subject, knowledge, &mut ids, &mut judgement)
                    .into_iter()
                    .map(|reason| (Some(RulesPackageKind::Cve), reason)),
            );
        } else if let Some(package) = knowledge.rules.package(*kind) {
            undecided.push((package, native::judge(package, &subject, &mut ids, &mut judgement)));
        } else {
            uncovered.push(*kind);
        }
    }
    let mut exclusions = Exclusions::new(&evidence.host.agent_id, &mut ids);
    // What the user set aside comes last: reports cut long lists, and what nobody decided matters more.
    let (aside, reasons): (Vec<_>, Vec<_>) = reasons.into_iter().partition(|(_, reason)| reason.title == SET_ASIDE);
    for (package, reason) in reasons {
        exclusions.push(package, reason);
    }
    for (package, rules) in undecided {
        native::exclude(package, rules, &mut exclusions);
    }
    for kind in uncovered {
        exclude_package(kind, &mut exclusions, &mut judgement);
    }
    exclusion::of_evidence(evidence, &mut exclusions);
    for (package, reason) in aside {
        exclusions.push(package, reason);
    }
    judgement.exclusions = exclusions.into_vec();
    judgement.sort();
    let ended = if has_evaluation_error(&judgement) { RunState::CompletedWithErrors } else { RunState::Completed };
    session.run.finding_counts = counts(&judgement);
    session.run.enter(ended, now);
    Assessment {
        target: session.target,
        template: session.template,
        run: session.run,
        host: summary(evidence, digest),
        feeds: knowledge.feeds.to_vec(),
        findings: judgement.findings,
        exclusions: judgement.exclusions,
        coverage: judgement.coverage,
        rule_results: judgement.rule_results,
    }
}

/// A package that this version has no rules for: said so, and counted as not checked.
fn exclude_package(kind: RulesPackageKind, exclusions: &mut Exclusions<'_, '_>, judgement: &mut Judgement) {
    exclusions.push(
        Some(kind),
        Reason {
            title: "Rules package has no rules",
            description: format!("This version of Assay has no rules of \"{kind}\", so nothing of it was checked."),
            recommendation: "Leave the package out, or add a folder of rules with --knowledge.".to_owned(),
            rules: Vec::new(),
        },
    );
    judgement.coverage.packages.push(PackageCoverage {
        rules_package: kind,
        unit: CoverageUnit::Rules,
        outcomes: OutcomeCounts { notchecked: 1, ..OutcomeCounts::default() },
    });
}

fn has_evaluation_error(judgement: &Judgement) -> bool {
    judgement.coverage.packages.iter().any(|package| package.outcomes.error > 0)
}

fn counts(judgement: &Judgement) -> FindingCounts {
    let mut counts: FindingCounts = Severity::ALL.into_iter().map(|severity| (severity, 0)).collect();
    for finding in &judgement.findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    counts
}

fn summary(evidence: &Evidence, digest: &str) -> HostSummary {
    let os = evidence.os.facts.as_ref();
    let name = os.and_then(|os| os.pretty_name.clone()).or_else(|| {
        os.map(|os| format!("{} {}", os.id, os.version_id.as_deref().unwrap_or_default()).trim_end().to_owned())
    });
    let kernel = evidence.kernel.facts.as_ref().and_then(|kernel| kernel.running.as_ref());
    let installed = evidence.packages.facts.as_ref().map(|packages| {
        u32::try_from(packages.packages.iter().filter(|package| package.state.has_files()).count()).unwrap_or(u32::MAX)
    });
    HostSummary {
        agent_id: evidence.host.agent_id.clone(),
        hostname: evidence.host.hostname.clone(),
        operating_system: name.unwrap_or_else(|| "unknown".to_owned()),
        kernel: kernel.map(|kernel| kernel.release.clone()),
        installed_packages: installed,
        source: evidence.source,
        collected_at: evidence.collected_at,
        evidence_digest: digest.to_owned(),
    }
}
