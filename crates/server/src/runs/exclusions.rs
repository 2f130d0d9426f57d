//! Exclusions of a run (reference §8.7): the titles are Inspector's, to the letter; the sentences are ours.

use assay_link::AgentHealth;
use assay_model::arn::{ExclusionArn, Id, RulesPackageArn, RunArn};
use assay_model::attribute::Attribute;
use assay_model::exclusion::{Exclusion, Scope};
use assay_reach::inspector::NetworkExclusion;

use super::handlers::needs_agents;
use crate::service::{Judge, Support};
use crate::store::{BusyAgent, ExclusionText, Member};

/// A way into the network of a run, or of one of its instances, could not be worked out.
pub(super) fn network_error(error: &NetworkExclusion, package: &RulesPackageArn) -> ExclusionText {
    let NetworkExclusion { route, instance, why, .. } = error;
    let description = format!("Who can reach the instances this way could not be worked out. {why}");
    let advice = "Start another run once the cause is gone; what other ways reveal is reported all the same.";
    let Some(instance) = instance else {
        return of_packages(route.title(), description, advice, std::slice::from_ref(package));
    };
    let mut text = of_instance(route.title(), instance, description, advice);
    text.scopes.push(Scope::RulesPackageArn(package.clone()));
    text
}

/// An evaluation failed for the whole run: `why` is a sentence.
pub(super) fn evaluation_error(packages: &[RulesPackageArn], why: &str) -> ExclusionText {
    let description = format!("The run could not be evaluated: {why}.");
    of_packages("Rules evaluation error", description, "Start another run; the server's log says more.", packages)
}

/// An evaluation failed for one host: `why` is a sentence without its full stop.
pub(super) fn evaluation_error_of(agent_id: &str, packages: &[RulesPackageArn], why: &str) -> ExclusionText {
    let description = format!("The evidence of instance {agent_id} could not be evaluated: {why}.");
    let advice = "Start another run; the server's log says more.";
    let mut text = of_instance("Rules evaluation error for single instance", agent_id, description, advice);
    text.scopes.extend(packages.iter().cloned().map(Scope::RulesPackageArn));
    text
}

/// The package has nothing to say about the host's operating system.
pub(super) fn not_supported_by_os(agent_id: &str, os: Option<&str>, package: &RulesPackageArn) -> ExclusionText {
    let name = package.resolve().map_or_else(|| package.to_string(), |kind| kind.to_string());
    let os = os.unwrap_or("an operating system that is not known");
    let description = format!("Instance {agent_id} runs {os}, for which \"{name}\" has no content.");
    let advice = "Assess this instance with a template without the rules package, or take it out of the target.";
    let mut text = of_instance("Rules package not supported by OS", agent_id, description, advice);
    text.scopes.push(Scope::RulesPackageArn(package.clone()));
    text
}

/// Nothing can be assessed on the host's operating system.
pub(super) fn unsupported_os(agent_id: &str, os: &str) -> ExclusionText {
    let description = format!("Instance {agent_id} runs {os}, which Assay cannot assess.");
    of_instance("Unsupported OS version", agent_id, description, "Take the instance out of the target.")
}

/// What is known before a run of which hosts and packages will be left out.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) judge: &'a dyn Judge,
    pub(super) packages: &'a [RulesPackageArn],
    pub(super) members: &'a [Member],
}

impl Scene<'_> {
    /// What a run that started now would leave out.
    pub(super) fn foreseen(&self, busy: &[BusyAgent]) -> Vec<ExclusionText> {
        let mut texts = self.of_run();
        for member in self.members {
            if let Some(busy) = busy.iter().find(|busy| busy.agent_id == member.agent_id) {
                texts.push(already_running(busy));
            }
            if !needs_agents(self.packages) {
                continue;
            }
            texts.extend(without_agent(member));
            let os = member.facts.as_ref().map(|facts| facts.operating_system.as_str());
            texts.extend(self.of_os(&member.agent_id, os));
        }
        texts
    }

    /// What concerns the run as a whole.
    pub(super) fn of_run(&self) -> Vec<ExclusionText> {
        let mut texts = Vec::new();
        if self.members.is_empty() {
            texts.push(of_packages(
                "No instances in target",
                "No running instance and no enrolled agent is selected by the target, so nothing was assessed."
                    .to_owned(),
                "Compare the tags of the target's resource group with those of the instances.",
                self.packages,
            ));
        }
        for package in self.packages {
            let is_retired = package.resolve().is_some_and(|kind| self.judge.support(kind, None) == Support::Retired);
            if is_retired {
                let name = package.resolve().map(|kind| kind.to_string()).unwrap_or_default();
                texts.push(of_packages(
                    "Deprecated rules package",
                    format!("\"{name}\" has no rules any more, so nothing was judged by it."),
                    "Make a template without this rules package.",
                    std::slice::from_ref(package),
                ));
            }
        }
        texts
    }

    /// What is left out because of a host's operating system.
    pub(super) fn of_os(&self, agent_id: &str, os: Option<&str>) -> Vec<ExclusionText> {
        if let Some(os) = os.filter(|os| !self.judge.supports_operating_system(os)) {
            return vec![unsupported_os(agent_id, os)];
        }
        let is_missing = |package: &&RulesPackageArn| {
            package.resolve().is_some_and(|kind| self.judge.support(kind, os) == Support::NotForThisSystem)
        };
        self.packages.iter().filter(is_missing).map(|package| not_supported_by_os(agent_id, os, package)).collect()
    }
}

/// Why a host will be without evidence, as far as its agent is the cause.
pub(super) fn without_agent(member: &Member) -> Option<ExclusionText> {
    let id = member.agent_id.as_str();
    let details = member.details.as_deref().map(|text| format!(" {}.", text.trim_end_matches('.'))).unwrap_or_default();
    if member.facts.is_none() || member.last_seen_at.is_none() {
        let description = format!("No agent of instance {id} has been heard from.{details}");
        let advice = "Enrol the instance with `assay agent enroll`, and see that `assay agent run` is running on it.";
        return Some(of_instance("Agent not found", id, description, advice));
    }
    if member.health != AgentHealth::Healthy {
        let description = format!("The agent of instance {id} was not able to work.{details}");
        return Some(of_instance("Agent is unhealthy", id, description, UNHEALTHY_ADVICE));
    }
    None
}

/// A host whose agent was well at the start, and of which there is no evidence all the same.
pub(super) fn did_not_deliver(agent_id: &str, loss: Option<&str>) -> ExclusionText {
    let description = match loss {
        Some(loss) => format!("The agent of instance {agent_id} could not collect: {}.", loss.trim_end_matches('.')),
        None => format!("The agent of instance {agent_id} had not sent its evidence when collection ended."),
    };
    of_instance("Agent is unhealthy", agent_id, description, UNHEALTHY_ADVICE)
}

const UNHEALTHY_ADVICE: &str = "Look at `assay agent status` on the instance, and restart the agent or enrol it again.";

fn already_running(busy: &BusyAgent) -> ExclusionText {
    let BusyAgent { agent_id, run } = busy;
    let description = format!("Instance {agent_id} takes part in {run}.");
    let advice = "Wait for that run to end, or stop it: an instance takes part in one run at a time.";
    of_instance("Agent is already running", agent_id, description, advice)
}

fn of_instance(title: &str, agent_id: &str, description: String, recommendation: &str) -> ExclusionText {
    ExclusionText {
        title: title.to_owned(),
        description,
        recommendation: recommendation.to_owned(),
        scopes: vec![Scope::InstanceId(agent_id.to_owned())],
        attributes: vec![Attribute::new("INSTANCE_ID", agent_id)],
    }
}

fn of_packages(title: &str, description: String, recommendation: &str, packages: &[RulesPackageArn]) -> ExclusionText {
    ExclusionText {
        title: title.to_owned(),
        description,
        recommendation: recommendation.to_owned(),
        scopes: packages.iter().cloned().map(Scope::RulesPackageArn).collect(),
        attributes: Vec::new(),
    }
}

/// Exclusions of a run, out of what they say. The same texts in the same order get the same ARNs; `about` tells apart who
/// makes them: a host, or the run itself.
pub(super) fn exclusions(run: &RunArn, about: &str, texts: Vec<ExclusionText>) -> Vec<Exclusion> {
    let exclusion = |(index, text): (usize, ExclusionText)| Exclusion {
        arn: ExclusionArn::new(run, &Id::derive(format!("{run} exclusion {about} {index}").as_bytes())),
        title: text.title,
        description: text.description,
        recommendation: text.recommendation,
        scopes: text.scopes,
        attributes: text.attributes,
        rules: Vec::new(),
    };
    texts.into_iter().enumerate().map(exclusion).collect()
}
