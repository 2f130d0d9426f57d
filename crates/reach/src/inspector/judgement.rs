//! What a rules package asks of networks, and what it gets: the hosts of a run, and what is reachable of each.

use std::sync::Arc;

use assay_model::assessment::RuleResult;
use assay_model::coverage::OutcomeCounts;
use assay_model::evidence::socket::Sockets;
use assay_model::finding::{Asset, Finding};

use super::excluded::ExcludedRoute;
use super::reachable::Reachable;

/// A network that was analysed.
#[derive(Clone, Debug)]
pub struct KnownNetwork {
    /// The account that all of it belongs to, whatever its files say.
    pub account: Option<String>,
    /// What is reachable in it.
    pub reachable: Arc<Reachable>,
}

/// A host, to be looked for in networks by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkHost {
    /// The host.
    pub asset: Asset,
    /// What listens on it; absent where no agent tells.
    pub sockets: Option<Sockets>,
}

/// What is reachable of a host.
#[derive(Clone, Debug, PartialEq)]
pub struct HostJudgement {
    /// Its id.
    pub agent_id: String,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The outcome of every rule.
    pub rule_results: Vec<RuleResult>,
    /// How many rules had which outcome.
    pub outcomes: OutcomeCounts,
}

/// A way into a network that could not be worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkExclusion {
    /// The way.
    pub route: ExcludedRoute,
    /// The host that it concerns; absent where it concerns all.
    pub instance: Option<String>,
    /// Why, in sentences.
    pub why: String,
    /// The rules that could not be decided; empty: all.
    pub rules: Vec<String>,
}

/// What is reachable of the hosts of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkJudgement {
    /// The hosts that a network tells of.
    pub hosts: Vec<HostJudgement>,
    /// What could not be worked out.
    pub exclusions: Vec<NetworkExclusion>,
}

impl NetworkJudgement {
    /// Nothing is known of any network: `why` is a sentence.
    pub fn unknown(why: impl Into<String>) -> NetworkJudgement {
        let (route, why) = (ExcludedRoute::Internet, why.into());
        let exclusion = NetworkExclusion { route, instance: None, why, rules: Vec::new() };
        NetworkJudgement { hosts: Vec::new(), exclusions: vec![exclusion] }
    }
}
