//! A rich assessment built in code: a Debian host with findings in every fix state, configuration findings, exclusions
//! and, on demand, hostile values. Deterministic, so that golden files can hold its reports.

#![allow(dead_code, reason = "the tests and the example each use a part of it")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

use assay_model::Timestamp;
use assay_model::arn::{ExclusionArn, FindingArn, Id, Realm, RunArn, TargetArn, TemplateArn};
use assay_model::assessment::{Assessment, FeedSummary, HostSummary, RuleResult};
use assay_model::attribute::Attribute;
use assay_model::coverage::{Coverage, CoverageUnit, OutcomeCounts, PackageCoverage};
use assay_model::evidence::SourceKind;
use assay_model::exclusion::{Exclusion, Scope};
use assay_model::finding::{AffectedPackage, Asset, CvssScore, Finding, FixState, RemediationStep, Vulnerability};
use assay_model::outcome::Outcome;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::severity::{Band, Severity};
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use assay_model::trace::{AdvisoryRecord, Comparison, ConditionPart, EvidenceItem, RiskAddend, Trace};

const AGENT_ID: &str = "i-0aa11bb22cc33dd44";
const HOSTNAME: &str = "web-1.example.org";
const KNOWLEDGE: &str = "2026.11.23";

/// Text that tries everything: markup, a script, a terminal escape, C1, bidirectional controls, quotes, a formula.
pub(crate) const HOSTILE: &str = "=cmd|'/c calc'!A1\"><script>alert(1)</script><img src=x onerror=alert(2)>\
     \x1b[2J\x1b]0;owned\x07\u{9b}31m\u{202e}gpj.exe\u{2066}\u{200b} & {{ 7*7 }} --><!-- ]]> \\";

/// The ordinary assessment.
pub(crate) fn assessment() -> Assessment {
    let mut findings = vulnerabilities();
    findings.extend(configuration());
    assemble(findings)
}

/// An assessment in which every text that a target controls is [`HOSTILE`], or very long.
pub(crate) fn hostile() -> Assessment {
    let mut assessment = assessment();
    let long = "x".repeat(10_000);
    assessment.host.hostname = HOSTILE.to_owned();
    assessment.host.operating_system = HOSTILE.to_owned();
    assessment.host.kernel = Some(HOSTILE.to_owned());
    assessment.target.name = HOSTILE.to_owned();
    assessment.template.name = HOSTILE.to_owned();
    assessment.run.name = HOSTILE.to_owned();
    for exclusion in &mut assessment.exclusions {
        exclusion.title = HOSTILE.to_owned();
        exclusion.description = format!("{HOSTILE}\n{long}");
        exclusion.recommendation = HOSTILE.to_owned();
        exclusion.rules = vec![HOSTILE.to_owned()];
    }
    for (index, finding) in assessment.findings.iter_mut().enumerate() {
        make_hostile(finding, if index % 2 == 0 { HOSTILE } else { &long });
    }
    for result in &mut assessment.rule_results {
        result.rule_id = HOSTILE.to_owned();
        result.reason = HOSTILE.to_owned();
    }
    for feed in &mut assessment.feeds {
        feed.name = HOSTILE.to_owned();
        feed.digest = HOSTILE.to_owned();
    }
    assessment
}

/// An assessment with so many findings, each as large as a real one.
pub(crate) fn large(count: usize) -> Assessment {
    let seeds = vulnerabilities();
    let packages = 400;
    let findings = (0..count)
        .map(|number| {
            let mut finding = seeds.get(number % seeds.len()).unwrap().clone();
            let cve = format!("CVE-{}-{}", 2015 + number % 12, 10_000 + number);
            let package = format!("package-{}", number % packages);
            finding.rule_id.clone_from(&cve);
            finding.key = key(&cve);
            finding.arn = finding_arn(&cve);
            finding.title = format!("Instance {AGENT_ID} is vulnerable to {cve}");
            finding.packages[0].name.clone_from(&package);
            finding.trace.comparisons[0].package = package;
            finding.risk -= (number / seeds.len()) as f64 / 1000.0;
            finding
        })
        .collect();
    assemble(findings)
}

/// An assessment that found nothing because it could decide nothing.
pub(crate) fn undecided() -> Assessment {
    let mut assessment = assemble(Vec::new());
    assessment.feeds.clear();
    assessment.host.kernel = None;
    assessment.host.installed_packages = None;
    assessment.coverage = Coverage {
        packages: vec![PackageCoverage {
            rules_package: RulesPackageKind::Cve,
            unit: CoverageUnit::Packages,
            outcomes: OutcomeCounts { notchecked: 847, ..OutcomeCounts::default() },
        }],
    };
    assessment
}

fn make_hostile(finding: &mut Finding, text: &str) {
    for target in [
        &mut finding.rule_id,
        &mut finding.title,
        &mut finding.description,
        &mut finding.asset.hostname,
        &mut finding.asset.agent_id,
        &mut finding.rules_package_version,
        &mut finding.trace.severity_source,
    ] {
        text.clone_into(target);
    }
    finding.asset.ipv4_addresses = vec![text.to_owned()];
    finding.references = vec![text.to_owned(), "javascript:alert(1)".to_owned()];
    finding.user_attributes = vec![Attribute::new(text, text)];
    finding.attributes.push(Attribute::new("package_name", text));
    for item in &mut finding.evidence {
        *item = EvidenceItem { label: text.into(), value: text.into(), source: Some(text.into()), line: Some(1) };
    }
    for package in &mut finding.packages {
        package.name = text.to_owned();
        package.version = text.to_owned();
        package.fixed_version = Some(text.to_owned());
        package.note = Some(text.to_owned());
    }
    for step in &mut finding.remediation {
        *step = RemediationStep { text: text.to_owned(), command: Some(text.to_owned()) };
    }
    if let Some(vulnerability) = &mut finding.vulnerability {
        vulnerability.cve = text.to_owned();
        vulnerability.kev_date_added = Some(text.to_owned());
        for cvss in &mut vulnerability.cvss {
            cvss.vector = text.to_owned();
            cvss.source = text.to_owned();
        }
    }
    let trace = &mut finding.trace;
    trace.condition = Some(text.to_owned());
    trace.parts = vec![ConditionPart { depth: 255, expression: text.to_owned(), value: text.to_owned() }];
    for record in &mut trace.advisories {
        record.status = text.to_owned();
        record.note = Some(text.to_owned());
    }
    for comparison in &mut trace.comparisons {
        comparison.package = text.to_owned();
        comparison.installed = text.to_owned();
        comparison.conclusion = text.to_owned();
    }
    for addend in &mut trace.risk {
        addend.label = text.to_owned();
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn target_arn() -> TargetArn {
    TargetArn::new(&Realm::local(), &Id::derive(b"target"))
}

fn template_arn() -> TemplateArn {
    TemplateArn::new(&target_arn(), &Id::derive(b"template"))
}

fn run_arn() -> RunArn {
    RunArn::new(&template_arn(), &Id::derive(b"run"))
}

fn finding_arn(rule: &str) -> FindingArn {
    FindingArn::new(&run_arn(), &Id::derive(rule.as_bytes()))
}

/// 16 hexadecimal digits that depend on the rule (FNV-1a).
fn key(rule: &str) -> String {
    let hash = rule
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

fn assemble(mut findings: Vec<Finding>) -> Assessment {
    findings.sort_by(|left, right| right.risk.total_cmp(&left.risk).then_with(|| left.rule_id.cmp(&right.rule_id)));
    let rules_package_arns = vec![RulesPackageKind::Cve.arn(), RulesPackageKind::BestPractices.arn()];
    let user_attributes = vec![Attribute::new("team", "core")];
    let mut run = AssessmentRun {
        arn: run_arn(),
        name: "nightly-42".to_owned(),
        template_arn: template_arn(),
        duration_seconds: 900,
        rules_package_arns: rules_package_arns.clone(),
        user_attributes_for_findings: user_attributes.clone(),
        created_at: at("2026-11-24T02:00:00Z"),
        started_at: None,
        completed_at: None,
        state_changes: Vec::new(),
        data_collected: false,
        finding_counts: Severity::ALL
            .into_iter()
            .map(|severity| (severity, findings.iter().filter(|finding| finding.severity == severity).count() as u32))
            .collect(),
    };
    run.enter(RunState::Created, at("2026-11-24T02:00:00Z"));
    run.enter(RunState::CollectingData, at("2026-11-24T02:00:00.101Z"));
    run.enter(RunState::DataCollected, at("2026-11-24T02:15:00.4Z"));
    run.enter(RunState::EvaluatingRules, at("2026-11-24T02:15:00.41Z"));
    run.enter(RunState::CompletedWithErrors, at("2026-11-24T02:15:00.93Z"));
    Assessment {
        target: AssessmentTarget {
            arn: target_arn(),
            name: "web servers".to_owned(),
            resource_group_arn: None,
            created_at: at("2026-11-01T09:00:00Z"),
            updated_at: at("2026-11-01T09:00:00Z"),
        },
        template: AssessmentTemplate {
            arn: template_arn(),
            name: "nightly".to_owned(),
            target_arn: target_arn(),
            duration_seconds: 900,
            rules_package_arns,
            user_attributes_for_findings: user_attributes,
            created_at: at("2026-11-01T09:00:00Z"),
        },
        run,
        host: HostSummary {
            agent_id: AGENT_ID.to_owned(),
            hostname: HOSTNAME.to_owned(),
            operating_system: "Debian GNU/Linux 12 (bookworm)".to_owned(),
            kernel: Some("6.1.0-37-amd64".to_owned()),
            installed_packages: Some(847),
            source: SourceKind::LiveHost,
            collected_at: at("2026-11-24T02:15:00.4Z"),
            evidence_digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        },
        feeds: feeds(),
        findings,
        exclusions: exclusions(),
        coverage: Coverage {
            packages: vec![
                PackageCoverage {
                    rules_package: RulesPackageKind::Cve,
                    unit: CoverageUnit::Packages,
                    outcomes: OutcomeCounts { pass: 826, fail: 18, notchecked: 3, ..OutcomeCounts::default() },
                },
                PackageCoverage {
                    rules_package: RulesPackageKind::BestPractices,
                    unit: CoverageUnit::Rules,
                    outcomes: OutcomeCounts {
                        pass: 4,
                        fail: 3,
                        unknown: 1,
                        notapplicable: 1,
                        ..OutcomeCounts::default()
                    },
                },
            ],
        },
        rule_results: rule_results(),
    }
}

fn feeds() -> Vec<FeedSummary> {
    [
        ("debian-tracker", "2026-11-23T23:02:11Z", 45_123),
        ("cisa-kev", "2026-11-23T23:02:14Z", 1_461),
        ("epss", "2026-11-20T01:00:00Z", 301_877),
    ]
    .into_iter()
    .map(|(name, fetched_at, records)| FeedSummary {
        name: name.to_owned(),
        fetched_at: at(fetched_at),
        digest: format!("{}{}{}{}", key(name), key("a"), key("b"), key("c")),
        records,
    })
    .collect()
}

fn exclusions() -> Vec<Exclusion> {
    let exclusion = |title: &str, description: &str, recommendation: &str, scopes, rules: &[&str]| Exclusion {
        arn: ExclusionArn::new(&run_arn(), &Id::derive(title.as_bytes())),
        title: title.to_owned(),
        description: description.to_owned(),
        recommendation: recommendation.to_owned(),
        scopes,
        attributes: vec![Attribute::new("INSTANCE_ID", AGENT_ID)],
        rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
    };
    vec![
        exclusion(
            "File not readable",
            "/etc/security/pwquality.conf could not be read: permission denied. One rule could not be decided.",
            "Run the assessment as root.",
            vec![Scope::InstanceId(AGENT_ID.to_owned()), Scope::RulesPackageArn(RulesPackageKind::BestPractices.arn())],
            &["Configure password complexity"],
        ),
        exclusion(
            "Packages not covered by any feed",
            "3 installed packages come from a third-party repository and were compared with no advisory: docker-ce, \
             docker-ce-cli, containerd.io.",
            "Follow the advisories of download.docker.com.",
            vec![Scope::InstanceId(AGENT_ID.to_owned()), Scope::RulesPackageArn(RulesPackageKind::Cve.arn())],
            &[],
        ),
    ]
}

fn rule_results() -> Vec<RuleResult> {
    [
        ("Disable root login over SSH", Severity::Medium, Outcome::Fail, "PermitRootLogin is yes"),
        ("Support SSH version 2 only", Severity::Medium, Outcome::Pass, "the server cannot speak version 1"),
        ("Disable password authentication over SSH", Severity::Medium, Outcome::Fail, "PasswordAuthentication is yes"),
        ("Configure password maximum age", Severity::Medium, Outcome::Pass, "PASS_MAX_DAYS is 90"),
        ("Configure password minimum length", Severity::Medium, Outcome::Pass, "minlen is 12"),
        ("Configure password complexity", Severity::Medium, Outcome::Unknown, "pwquality.conf could not be read"),
        ("Enable ASLR", Severity::Medium, Outcome::Pass, "kernel.randomize_va_space is 2"),
        ("Enable DEP", Severity::Medium, Outcome::NotApplicable, "the processor is an ARM"),
        ("Configure permissions for system directories", Severity::High, Outcome::Fail, "/usr/local/bin is mode 0777"),
    ]
    .into_iter()
    .map(|(rule_id, severity, outcome, reason)| RuleResult {
        rules_package: RulesPackageKind::BestPractices,
        rule_id: rule_id.to_owned(),
        severity,
        outcome,
        reason: reason.to_owned(),
    })
    .collect()
}

struct Seed {
    cve: &'static str,
    score: f64,
    kev: Option<&'static str>,
    epss: f64,
    source: &'static str,
    packages: &'static [(&'static str, FixState, Option<&'static str>)],
    installed: &'static str,
    fixed: Option<&'static str>,
    text: &'static str,
}

const SEEDS: [Seed; 9] = [
    Seed {
        cve: "CVE-2026-31337",
        score: 9.8,
        kev: Some("2026-10-02"),
        epss: 0.9432,
        source: "openssl",
        packages: &[("libssl3", FixState::FixedIn, None), ("openssl", FixState::FixedIn, None)],
        installed: "3.0.16-1~deb12u1",
        fixed: Some("3.0.17-1~deb12u3"),
        text: "A use after free in the handling of session tickets lets a remote peer run code in a server.",
    },
    Seed {
        cve: "CVE-2026-20480",
        score: 9.1,
        kev: None,
        epss: 0.1207,
        source: "openssl",
        packages: &[("libssl3", FixState::FixedIn, None), ("openssl", FixState::FixedIn, None)],
        installed: "3.0.16-1~deb12u1",
        fixed: Some("3.0.17-1~deb12u2"),
        text: "A forged certificate chain is accepted where partial chains are allowed.",
    },
    Seed {
        cve: "CVE-2026-1234",
        score: 8.8,
        kev: None,
        epss: 0.0341,
        source: "curl",
        packages: &[
            ("curl", FixState::FixedIn, None),
            ("libcurl4", FixState::FixedIn, None),
            ("libcurl3-gnutls", FixState::FixedIn, None),
        ],
        installed: "7.88.1-10+deb12u12",
        fixed: Some("7.88.1-10+deb12u14"),
        text: "A redirect to another scheme keeps the credentials of the first request.",
    },
    Seed {
        cve: "CVE-2026-4410",
        score: 7.8,
        kev: None,
        epss: 0.0021,
        source: "linux",
        packages: &[("linux-image-6.1.0-35-amd64", FixState::FixedIn, Some("installed, not running"))],
        installed: "6.1.137-1",
        fixed: Some("6.1.140-1"),
        text: "A race in the packet scheduler lets a local user write to freed memory.",
    },
    Seed {
        cve: "CVE-2025-61729",
        score: 7.5,
        kev: None,
        epss: 0.0006,
        source: "golang-1.19",
        packages: &[("golang-1.19-go", FixState::NoDsa, None)],
        installed: "1.19.8-2",
        fixed: None,
        text: "Verifying a certificate with many names takes quadratic time.",
    },
    Seed {
        cve: "CVE-2026-7788",
        score: 6.5,
        kev: None,
        epss: 0.0011,
        source: "glibc",
        packages: &[
            ("libc6", FixState::NoFixYet, None),
            ("libc-bin", FixState::NoFixYet, None),
            ("libc-l10n", FixState::NoFixYet, None),
            ("locales", FixState::NoFixYet, None),
            ("libc6-dev", FixState::NoFixYet, None),
            ("libc-dev-bin", FixState::NoFixYet, None),
        ],
        installed: "2.36-9+deb12u10",
        fixed: None,
        text: "The name service cache may return a stale answer for a group of another user.",
    },
    Seed {
        cve: "CVE-2024-21803",
        score: 5.5,
        kev: None,
        epss: 0.0004,
        source: "python2.7",
        packages: &[("python2.7-minimal", FixState::EndOfLife, Some("the source package gets no security support"))],
        installed: "2.7.18-13.1",
        fixed: None,
        text: "Unbounded recursion in the parser of a legacy module ends the process.",
    },
    Seed {
        cve: "CVE-2023-31486",
        score: 3.3,
        kev: None,
        epss: 0.0003,
        source: "perl",
        packages: &[("perl", FixState::Ignored, None), ("perl-base", FixState::Ignored, None)],
        installed: "5.36.0-7+deb12u2",
        fixed: None,
        text: "A module does not verify certificates unless it is asked to.",
    },
    Seed {
        cve: "CVE-2011-3374",
        score: 0.0,
        kev: None,
        epss: 0.0002,
        source: "apt",
        packages: &[("apt", FixState::NoFixYet, None), ("libapt-pkg6.0", FixState::NoFixYet, None)],
        installed: "2.6.1",
        fixed: None,
        text: "A key of another archive is accepted by a command that is not used any more.",
    },
];

fn vulnerabilities() -> Vec<Finding> {
    SEEDS.iter().map(vulnerability).collect()
}

fn vulnerability(seed: &Seed) -> Finding {
    let band = if seed.kev.is_some() { Band::Critical } else { Band::from_cvss(seed.score) };
    let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let packages: Vec<AffectedPackage> = seed
        .packages
        .iter()
        .map(|(name, state, note)| AffectedPackage {
            name: (*name).to_owned(),
            version: seed.installed.to_owned(),
            architecture: "amd64".to_owned(),
            source_name: seed.source.to_owned(),
            source_version: seed.installed.to_owned(),
            fixed_version: seed.fixed.map(str::to_owned),
            state: *state,
            note: note.map(str::to_owned),
        })
        .collect();
    let names: Vec<&str> = seed.packages.iter().map(|(name, _, _)| *name).collect();
    let package_list: Vec<String> = names.iter().map(|name| format!("{name}-0:{}", seed.installed)).collect();
    let remediation = match seed.fixed {
        Some(version) => vec![
            RemediationStep {
                text: "Refresh the package lists.".to_owned(),
                command: Some("sudo apt-get update".to_owned()),
            },
            RemediationStep {
                text: format!("Update to source version {version} or newer."),
                command: Some(format!("sudo apt-get install --only-upgrade {}", names.join(" "))),
            },
            RemediationStep { text: "Restart the services that use the old code.".to_owned(), command: None },
        ],
        None => vec![RemediationStep {
            text: "There is no update. Remove the packages if nothing needs them, or watch the tracker.".to_owned(),
            command: None,
        }],
    };
    let mut risk =
        vec![RiskAddend { label: format!("CVSS 3.1 base score {:.1}", seed.score), points: seed.score * 5.0 }];
    if let Some(date) = seed.kev {
        risk.push(RiskAddend { label: format!("known to be exploited (CISA KEV since {date})"), points: 30.0 });
    }
    risk.push(RiskAddend {
        label: format!("EPSS: {:.2} % chance of exploitation within 30 days", seed.epss * 100.0),
        points: (seed.epss * 150.0).round() / 10.0,
    });
    if seed.fixed.is_some() {
        risk.push(RiskAddend { label: "an update fixes it".to_owned(), points: 5.0 });
    }
    let has_fix = seed.fixed.is_some();
    let comparisons = names
        .iter()
        .map(|name| Comparison {
            package: (*name).to_owned(),
            installed: seed.installed.to_owned(),
            order: has_fix.then(|| "<".to_owned()),
            fixed: seed.fixed.map(str::to_owned),
            conclusion: match seed.fixed {
                Some(version) => format!("{name} is older than {version}, which has the fix: affected"),
                None => format!("the tracker names no fixed version for bookworm: {name} is affected"),
            },
        })
        .collect();
    finding(
        RulesPackageKind::Cve,
        seed.cve,
        band,
        Finding {
            title: format!("Instance {AGENT_ID} is vulnerable to {}", seed.cve),
            description: format!("{}\n\nAffected on {HOSTNAME}: {}.", seed.text, names.join(", ")),
            remediation,
            attributes: vec![
                Attribute::new("CVE_ID", seed.cve),
                Attribute::new("CVSS3_SCORE", format!("{:.1}", seed.score)),
                Attribute::new("CVSS3_VECTOR", vector),
                Attribute::new("package_name", package_list.join(", ")),
                Attribute::new("INSTANCE_ID", AGENT_ID),
            ],
            evidence: names
                .iter()
                .map(|name| EvidenceItem {
                    label: (*name).to_owned(),
                    value: seed.installed.to_owned(),
                    source: Some("/var/lib/dpkg/status".to_owned()),
                    line: Some(1017),
                })
                .collect(),
            packages,
            vulnerability: Some(Vulnerability {
                cve: seed.cve.to_owned(),
                cvss: vec![
                    CvssScore { version: "3.1".into(), score: seed.score, vector: vector.into(), source: "NVD".into() },
                    CvssScore {
                        version: "2.0".into(),
                        score: seed.score,
                        vector: "AV:N/AC:L/Au:N/C:P/I:P/A:P".into(),
                        source: "NVD".into(),
                    },
                ],
                kev_date_added: seed.kev.map(str::to_owned),
                epss: Some(seed.epss),
                epss_percentile: Some(0.5 + seed.epss / 2.0),
            }),
            references: vec![format!("https://security-tracker.debian.org/tracker/{}", seed.cve), "CWE-416".to_owned()],
            trace: Trace {
                condition: None,
                parts: Vec::new(),
                advisories: vec![AdvisoryRecord {
                    feed: "debian-tracker".to_owned(),
                    fetched_at: Some("2026-11-23T23:02:11Z".to_owned()),
                    feed_digest: Some(format!("{}{}", key("debian-tracker"), key("a"))),
                    release: "bookworm".to_owned(),
                    source_package: seed.source.to_owned(),
                    status: if has_fix { "resolved" } else { "open" }.to_owned(),
                    urgency: Some("not yet assigned".to_owned()),
                    note: (seed.packages[0].1 == FixState::NoDsa).then(|| "no-dsa: Minor issue".to_owned()),
                }],
                comparisons,
                severity_source: format!("CVSS 3.1 base score {:.1} by NVD", seed.score),
                risk,
            },
            ..blank()
        },
    )
}

fn configuration() -> Vec<Finding> {
    let rule = |rule_id: &str,
                severity: Severity,
                sentence: &str,
                evidence: EvidenceItem,
                command: Option<&str>,
                condition: &str| {
        let value = evidence.value.clone();
        finding(
            RulesPackageKind::BestPractices,
            rule_id,
            Band::from(severity),
            Finding {
                title: format!("Instance {AGENT_ID} {sentence}"),
                description: format!("{} is {value}. This makes it easier to get in.", evidence.label),
                remediation: vec![
                    RemediationStep {
                        text: "Make sure that another account can log in and use sudo.".into(),
                        command: None,
                    },
                    RemediationStep { text: "Change the value.".into(), command: command.map(str::to_owned) },
                    RemediationStep { text: "Check it.".into(), command: Some("sudo sshd -t".into()) },
                ],
                attributes: vec![Attribute::new("INSTANCE_ID", AGENT_ID)],
                evidence: vec![evidence],
                references: vec!["NIST 800-53 AC-6(2)".to_owned(), "CIS 5.2.7".to_owned()],
                trace: Trace {
                    condition: Some(condition.to_owned()),
                    parts: vec![
                        ConditionPart { depth: 0, expression: condition.to_owned(), value: "false".into() },
                        ConditionPart { depth: 1, expression: "sshd.installed".into(), value: "true".into() },
                        ConditionPart { depth: 1, expression: "value == \"no\"".into(), value: "false".into() },
                        ConditionPart { depth: 2, expression: "value".into(), value: format!("{value:?}") },
                    ],
                    severity_source: "the rule".to_owned(),
                    risk: vec![RiskAddend { label: format!("severity {severity}"), points: severity.numeric() * 5.0 }],
                    ..Trace::default()
                },
                ..blank()
            },
        )
    };
    let item = |label: &str, value: &str, source: &str, line| EvidenceItem {
        label: label.to_owned(),
        value: value.to_owned(),
        source: Some(source.to_owned()),
        line,
    };
    vec![
        rule(
            "Configure permissions for system directories",
            Severity::High,
            "has a system directory that others than root can write to.",
            item("/usr/local/bin", "mode 0777, owner root", "/usr/local/bin", None),
            Some("sudo chmod go-w /usr/local/bin"),
            "paths.all(p, !p.writable_by_others)",
        ),
        rule(
            "Disable root login over SSH",
            Severity::Medium,
            "allows users to log in with root credentials over SSH.",
            item("PermitRootLogin", "yes", "/etc/ssh/sshd_config.d/10-cloud.conf", Some(3)),
            Some("echo 'PermitRootLogin no' | sudo tee /etc/ssh/sshd_config.d/00-root.conf"),
            "!sshd.installed || sshd.effective.permitrootlogin == \"no\"",
        ),
        rule(
            "Disable password authentication over SSH",
            Severity::Medium,
            "accepts passwords over SSH.",
            item("PasswordAuthentication", "yes", "compiled-in default", None),
            None,
            "!sshd.installed || sshd.effective.passwordauthentication == \"no\"",
        ),
    ]
}

/// Fills in what the finding's rule and trace determine.
fn finding(package: RulesPackageKind, rule_id: &str, band: Band, finding: Finding) -> Finding {
    let risk: f64 = finding.trace.risk.iter().map(|addend| addend.points).sum();
    Finding {
        arn: finding_arn(rule_id),
        key: key(rule_id),
        rules_package: package,
        rule_id: rule_id.to_owned(),
        severity: band.severity(),
        band,
        risk: (risk * 10.0).round() / 10.0,
        ..finding
    }
}

fn blank() -> Finding {
    Finding {
        arn: finding_arn(""),
        key: String::new(),
        rules_package: RulesPackageKind::Cve,
        rules_package_version: KNOWLEDGE.to_owned(),
        asset: Asset {
            agent_id: AGENT_ID.to_owned(),
            hostname: HOSTNAME.to_owned(),
            ipv4_addresses: vec!["10.0.0.5".to_owned()],
        },
        rule_id: String::new(),
        title: String::new(),
        description: String::new(),
        remediation: Vec::new(),
        severity: Severity::Informational,
        band: Band::Informational,
        risk: 0.0,
        attributes: Vec::new(),
        user_attributes: vec![Attribute::new("team", "core")],
        evidence: Vec::new(),
        packages: Vec::new(),
        vulnerability: None,
        references: Vec::new(),
        trace: Trace::default(),
        created_at: at("2026-11-24T02:15:00.9Z"),
        updated_at: at("2026-11-24T02:15:00.9Z"),
    }
}
