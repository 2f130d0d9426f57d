//! Judge: the rules and feeds of this machine, for the service.

use std::sync::Arc;

use assay_assess::{Knowledge, Session};
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use assay_reach::inspector::NetworkJudgement;
use assay_rules::KnowledgeBase;
use assay_server::networks::NetworkFolder;
use assay_server::service::{Judge, Judgement, NetworkSubject, RulesPackageAbout, Subject};

use crate::settings::Settings;
use crate::terminal::Terminal;

use super::knowledge::{self, Advisories};
use super::rules;

/// Judges by the rules and feeds of this machine.
#[derive(Debug)]
pub struct KnowledgeJudge {
    rules: KnowledgeBase,
    settings: Settings,
    networks: Vec<NetworkFolder>,
    terminal: Arc<Terminal>,
}

impl KnowledgeJudge {
    /// Reads the rules; feeds are opened for each host, and networks looked at for each run, because they may change
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// When a rule is wrong.
    pub fn new(
        settings: Settings,
        networks: Vec<NetworkFolder>,
        terminal: Arc<Terminal>,
    ) -> anyhow::Result<KnowledgeJudge> {
        Ok(KnowledgeJudge { rules: rules::knowledge(&settings)?, settings, networks, terminal })
    }
}

impl Judge for KnowledgeJudge {
    fn request_for(&self, packages: &[RulesPackageKind]) -> CollectionRequest {
        assay_assess::request_for(packages, &self.rules)
    }

    fn about(&self, package: RulesPackageKind) -> RulesPackageAbout {
        let known = self.rules.package(package);
        let of_networks = (package == RulesPackageKind::Network).then_some(assay_assess::NETWORK_RULES);
        RulesPackageAbout {
            version: known.map_or_else(|| package.version().to_owned(), |known| known.version.clone()),
            description: description(package).to_owned(),
            rules: known.and_then(|known| u32::try_from(known.rules.len()).ok()).or(of_networks),
        }
    }

    fn judge(&self, subject: &Subject<'_>) -> Judgement {
        let advisories = if subject.packages.contains(&RulesPackageKind::Cve) {
            knowledge::open(subject.evidence, !self.settings.offline, &self.settings, &self.terminal)
        } else {
            Advisories::not_asked_for()
        };
        let knowledge = Knowledge {
            rules: &self.rules,
            database: advisories.database.as_ref(),
            libraries: &advisories.libraries,
            enrichment: advisories.enrichment.as_ref(),
            feeds: &advisories.summaries,
            gaps: &advisories.gaps,
            vex: &[],
        };
        let session =
            Session { target: subject.target.clone(), template: subject.template.clone(), run: subject.run.clone() };
        let Subject { evidence, digest, packages, now, .. } = subject;
        Ok(assay_assess::assess(session, evidence, digest, &knowledge, packages, *now))
    }

    fn judge_network(&self, subject: &NetworkSubject<'_>) -> NetworkJudgement {
        let networks: Vec<_> = self.networks.iter().map(NetworkFolder::now).collect();
        assay_assess::judge_networks(&subject.run.arn, subject.hosts, &networks, subject.now)
    }
}

/// What a package judges.
fn description(package: RulesPackageKind) -> &'static str {
    match package {
        RulesPackageKind::Cve => {
            "Compares the installed packages, libraries and the running kernel of each host with the advisories of \
             their publishers, and reports known vulnerabilities."
        }
        RulesPackageKind::Cis => {
            "Compares the configuration of each host with published security benchmarks of its operating system."
        }
        RulesPackageKind::Network => {
            "Computes from the configuration of the network who can reach which port of which host, and what listens \
             there."
        }
        RulesPackageKind::BestPractices => {
            "Looks for settings of each host that make attacks easier: remote logins, passwords, memory protection, \
             rights of system directories."
        }
        RulesPackageKind::Runtime => {
            "Observes each host for the duration of the run: what listens, what talks in clear text, how the running \
             code is hardened."
        }
    }
}
