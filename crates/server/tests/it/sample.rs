//! Assessments made of literals, rich enough that every member of the model is in use.

use assay_model::Timestamp;
use assay_model::arn::{ExclusionArn, FindingArn, Id, Realm, RunArn, TargetArn, TemplateArn};
use assay_model::assessment::{Assessment, FeedSummary, HostSummary, RuleResult};
use assay_model::attribute::Attribute;
use assay_model::coverage::{Coverage, CoverageUnit, OutcomeCounts, PackageCoverage};
use assay_model::evidence::{Evidence, SourceKind};
use assay_model::exclusion::{Exclusion, Scope};
use assay_model::finding::{
    AffectedPackage, Asset, Confidence, CvssScore, Finding, FixState, RemediationStep, Vulnerability,
};
use assay_model::outcome::Outcome;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::severity::{Band, Severity};
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use assay_model::trace::{AdvisoryRecord, Comparison, ConditionPart, EvidenceItem, RiskAddend, Trace};

/// The evidence of every sample.
pub(crate) const EVIDENCE: &[u8] = br#"{"schema":1,"collector":"0.1.0"}"#;

/// A time with nanoseconds, so that a store that keeps only milliseconds is found out.
pub(crate) fn time(second: i64) -> Timestamp {
    Timestamp::new(1_800_000_000 + second, 123_456_789).unwrap()
}

/// The `number`th run of a host's default template: as many findings as asked for, worst first.
pub(crate) fn assessment(host: &str, number: i64, finding_count: usize) -> Assessment {
    let target = target(host);
    let template = template(&target);
    let run_arn = RunArn::new(&template.arn, &Id::derive(format!("{host} run {number}").as_bytes()));
    let findings: Vec<Finding> = (0..finding_count).map(|index| finding(&run_arn, host, index)).collect();
    let mut run = AssessmentRun {
        arn: run_arn.clone(),
        name: format!("{host} number {number}"),
        template_arn: template.arn.clone(),
        duration_seconds: 0,
        rules_package_arns: template.rules_package_arns.clone(),
        user_attributes_for_findings: template.user_attributes_for_findings.clone(),
        created_at: time(number),
        started_at: None,
        completed_at: None,
        state_changes: Vec::new(),
        data_collected: false,
        finding_counts: Severity::ALL
            .into_iter()
            .map(|severity| (severity, findings.iter().filter(|finding| finding.severity == severity).count() as u32))
            .collect(),
    };
    for state in [RunState::Created, RunState::CollectingData, RunState::DataCollected, RunState::Completed] {
        run.enter(state, time(number));
    }
    Assessment {
        target,
        template,
        run,
        host: host_summary(host, number),
        feeds: vec![FeedSummary {
            name: "debian-tracker".into(),
            fetched_at: time(0),
            digest: "ab".repeat(32),
            records: 45_000,
        }],
        findings,
        exclusions: vec![exclusion(&run_arn, host)],
        coverage: coverage(),
        rule_results: vec![
            rule_result("Disable root login over SSH", Outcome::Fail),
            rule_result("Enable ASLR", Outcome::Pass),
            rule_result("Configure password complexity", Outcome::Unknown),
        ],
    }
}

fn target(host: &str) -> AssessmentTarget {
    let arn = TargetArn::new(&Realm::local(), &Id::derive(host.as_bytes()));
    AssessmentTarget { arn, name: host.to_owned(), resource_group_arn: None, created_at: time(0), updated_at: time(0) }
}

fn template(target: &AssessmentTarget) -> AssessmentTemplate {
    AssessmentTemplate {
        arn: TemplateArn::new(&target.arn, &Id::derive(b"template")),
        name: "default".into(),
        target_arn: target.arn.clone(),
        duration_seconds: 0,
        rules_package_arns: vec![RulesPackageKind::Cve.arn(), RulesPackageKind::BestPractices.arn()],
        user_attributes_for_findings: vec![Attribute::new("team", "platform")],
        created_at: time(0),
    }
}

pub(crate) fn host_summary(host: &str, number: i64) -> HostSummary {
    HostSummary {
        agent_id: format!("i-{host}"),
        hostname: format!("{host}.example.org"),
        operating_system: "Debian GNU/Linux 12 (bookworm)".into(),
        kernel: Some("6.1.0-37-amd64".into()),
        installed_packages: Some(812),
        source: SourceKind::LiveHost,
        collected_at: time(number),
        evidence_digest: Evidence::digest(EVIDENCE),
    }
}

pub(crate) fn exclusion(run: &RunArn, host: &str) -> Exclusion {
    Exclusion {
        arn: ExclusionArn::new(run, &Id::derive(b"exclusion")),
        title: "Not permitted to read a file".into(),
        description: "/etc/shadow could not be read: no permission".into(),
        recommendation: "Run the assessment as root.".into(),
        scopes: vec![
            Scope::InstanceId(format!("i-{host}")),
            Scope::RulesPackageArn(RulesPackageKind::BestPractices.arn()),
        ],
        attributes: vec![Attribute::new("path", "/etc/shadow")],
        rules: vec!["Configure password maximum age".into()],
    }
}

pub(crate) fn coverage() -> Coverage {
    let counts = OutcomeCounts { pass: 700, fail: 100, unknown: 3, error: 0, notapplicable: 2, notchecked: 7 };
    let packages = PackageCoverage {
        rules_package: RulesPackageKind::Cve,
        unit: CoverageUnit::Packages,
        outcomes: counts.clone(),
    };
    let rules =
        PackageCoverage { rules_package: RulesPackageKind::BestPractices, unit: CoverageUnit::Rules, outcomes: counts };
    Coverage { packages: vec![packages, rules] }
}

fn rule_result(rule_id: &str, outcome: Outcome) -> RuleResult {
    RuleResult {
        rules_package: RulesPackageKind::BestPractices,
        rule_id: rule_id.into(),
        severity: Severity::Medium,
        outcome,
        reason: format!("The outcome is {outcome}."),
    }
}

/// Finding 0 is the worst. Every tenth is about sshd, the others each about one CVE in `pkg<index % 7>`.
pub(crate) fn finding(run: &RunArn, host: &str, index: usize) -> Finding {
    let is_configuration = index % 10 == 9;
    let band = Band::ALL[(index / 4).min(4)];
    let cve = format!("CVE-2024-{:04}", 1000 + index);
    // One third has no exact binary form: what comes back must be the same to the last bit.
    let risk = 100.0 - index as f64 / 3.0;
    let (rules_package, rule_id) = if is_configuration {
        (RulesPackageKind::BestPractices, "Disable root login over SSH".to_owned())
    } else {
        (RulesPackageKind::Cve, cve.clone())
    };
    Finding {
        arn: FindingArn::new(run, &Id::derive(format!("finding {index}").as_bytes())),
        key: format!("{:016x}", 0x00ff_0000_0000_0000_u64 + index as u64 * 0x1000_0000),
        rules_package,
        rules_package_version: "1.1".into(),
        asset: Asset {
            agent_id: format!("i-{host}"),
            hostname: format!("{host}.example.org"),
            ipv4_addresses: vec!["192.0.2.10".into()],
        },
        title: format!("On instance i-{host}, {rule_id} needs attention"),
        description: format!("Étage {index}: 100% of \"it\" is\nvulnerable."),
        rule_id,
        remediation: vec![
            RemediationStep { text: "Upgrade.".into(), command: Some("apt-get install pkg".into()) },
            RemediationStep { text: "Restart what uses it.".into(), command: None },
        ],
        severity: band.severity(),
        band,
        risk,
        attributes: vec![Attribute::new("CVE_ID", cve.clone())],
        user_attributes: vec![Attribute::new("team", "platform")],
        evidence: vec![EvidenceItem {
            label: "PermitRootLogin".into(),
            value: "yes".into(),
            source: Some("/etc/ssh/sshd_config".into()),
            line: Some(33),
        }],
        packages: if is_configuration { Vec::new() } else { vec![package(index)] },
        vulnerability: (!is_configuration).then(|| vulnerability(&cve, index)),
        references: vec!["CWE-79".into()],
        trace: trace(risk),
        created_at: time(1),
        updated_at: time(2),
    }
}

fn package(index: usize) -> AffectedPackage {
    let state =
        [FixState::FixedIn, FixState::NoFixYet, FixState::NoDsa, FixState::Ignored, FixState::EndOfLife][index % 5];
    AffectedPackage {
        name: format!("libpkg{}-dev", index % 7),
        version: "1:2.3-4".into(),
        architecture: "amd64".into(),
        source_name: format!("pkg{}", index % 7),
        source_version: "2.3-4".into(),
        fixed_version: (state == FixState::FixedIn).then(|| "2.3-5".into()),
        state,
        note: Some("installed, not running".into()),
        confidence: Confidence::Certain,
        purl: None,
        location: None,
    }
}

fn vulnerability(cve: &str, index: usize) -> Vulnerability {
    Vulnerability {
        cve: cve.to_owned(),
        aliases: vec![format!("GHSA-{index}")],
        cvss: vec![CvssScore {
            version: "3.1".into(),
            score: 9.8,
            vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
            source: "NVD".into(),
        }],
        kev_date_added: Some("2024-05-01".into()),
        epss: Some(0.943_215_678_901_234_5 / (index as f64 + 1.0)),
        epss_percentile: Some(0.1 + 0.2),
    }
}

fn trace(risk: f64) -> Trace {
    Trace {
        condition: Some("sshd.options.permitrootlogin.value == 'no'".into()),
        parts: vec![ConditionPart { depth: 0, expression: "a == b".into(), value: "false".into() }],
        advisories: vec![AdvisoryRecord {
            feed: "debian-tracker".into(),
            fetched_at: Some("2026-11-01T00:00:00Z".into()),
            feed_digest: Some("ab".repeat(32)),
            release: "bookworm".into(),
            source_package: "pkg".into(),
            status: "open".into(),
            urgency: Some("not yet assigned".into()),
            note: None,
        }],
        comparisons: vec![Comparison {
            package: "libpkg".into(),
            installed: "2.3-4".into(),
            order: Some("<".into()),
            fixed: Some("2.3-5".into()),
            conclusion: "2.3-4 is older than 2.3-5, so it is vulnerable.".into(),
        }],
        severity_source: "CVSS 3.1 base score 9.8 (NVD)".into(),
        risk: vec![RiskAddend { label: "CVSS".into(), points: risk }],
    }
}
