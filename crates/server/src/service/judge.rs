//! Judge: what turns evidence into findings. The server holds no rules; who starts it hands this in.

use assay_model::Timestamp;
use assay_model::assessment::Assessment;
use assay_model::evidence::Evidence;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::AssessmentRun;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use assay_reach::inspector::{NetworkHost, NetworkJudgement};

/// What there is to know of a rules package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesPackageAbout {
    /// The version of the knowledge in use.
    pub version: String,
    /// What it judges, a few sentences.
    pub description: String,
    /// Number of rules; absent where they are advisories.
    pub rules: Option<u32>,
}

/// What a rules package has to say about an operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It judges it.
    Full,
    /// It has nothing for it: the exclusion "Rules package not supported by OS".
    NotForThisSystem,
    /// It has nothing for any: the exclusion "Deprecated rules package".
    Retired,
    /// It judges the network of all hosts of a run together, whatever they run.
    WholeRun,
}

/// One host of a run, to be judged.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The target of the run.
    pub target: &'a AssessmentTarget,
    /// The template of the run.
    pub template: &'a AssessmentTemplate,
    /// The run, as it was when evaluation began.
    pub run: &'a AssessmentRun,
    /// The evidence of the host.
    pub evidence: &'a Evidence,
    /// Its content address.
    pub digest: &'a str,
    /// By what to judge.
    pub packages: &'a [RulesPackageKind],
    /// The time of evaluation.
    pub now: Timestamp,
}

/// The hosts of a run, whose networks are to be judged.
#[derive(Debug)]
pub struct NetworkSubject<'a> {
    /// The run, as it was when its other evaluation had ended.
    pub run: &'a AssessmentRun,
    /// Its hosts, with or without an agent.
    pub hosts: &'a [NetworkHost],
    /// The time of evaluation.
    pub now: Timestamp,
}

/// What became of a host.
pub type Judgement = Result<Assessment, String>;

/// What judges evidence.
pub trait Judge: Send + Sync + 'static {
    /// What has to be collected for these rules packages.
    fn request_for(&self, packages: &[RulesPackageKind]) -> CollectionRequest;

    /// What there is to know of a rules package.
    fn about(&self, package: RulesPackageKind) -> RulesPackageAbout;

    /// What a rules package has to say about an operating system, by the name that os-release(5) gives it; absent where
    /// that is not known.
    fn support(&self, package: RulesPackageKind, _operating_system: Option<&str>) -> Support {
        let has_rules = self.about(package).rules.is_some_and(|rules| rules > 0);
        match package {
            RulesPackageKind::Cve => Support::Full,
            RulesPackageKind::Network => Support::WholeRun,
            _ if has_rules => Support::Full,
            RulesPackageKind::Runtime => Support::Retired,
            RulesPackageKind::Cis | RulesPackageKind::BestPractices => Support::NotForThisSystem,
        }
    }

    /// Whether anything can be assessed on an operating system of this name.
    fn supports_operating_system(&self, name: &str) -> bool {
        !name.contains("Windows")
    }

    /// Judges one host: a pure function of the subject and the knowledge of now. It is synchronous and takes its time.
    /// An error is one sentence, and becomes the exclusion "Rules evaluation error for single instance".
    fn judge(&self, subject: &Subject<'_>) -> Judgement;

    /// Judges the network of the hosts of a run, once a run; without one that is known, all of it is unknown. It is
    /// synchronous and takes its time.
    fn judge_network(&self, _subject: &NetworkSubject<'_>) -> NetworkJudgement {
        NetworkJudgement::unknown("The server has no configuration of a network to work with.")
    }
}
