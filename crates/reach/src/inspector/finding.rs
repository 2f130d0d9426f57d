//! Findings of network reachability, with the ids, titles, severities and attributes of Inspector Classic.

use std::fmt;

use assay_model::severity::Severity;

use super::listener::Listener;
use crate::exposure::Gate;
use crate::network::Protocol;

/// The types of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingRule {
    /// A recognised port, and a process listens.
    RecognizedPortWithListener,
    /// A recognised port of an instance without agent.
    RecognizedPortNoAgent,
    /// A recognised port on which nothing listens.
    RecognizedPortNoListener,
    /// Another port, and a process listens.
    UnrecognizedPortWithListener,
    /// Everything that is open, as a whole.
    NetworkExposure,
}

impl fmt::Display for FindingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FindingRule::RecognizedPortWithListener => "RecognizedPortWithListener",
            FindingRule::RecognizedPortNoAgent => "RecognizedPortNoAgent",
            FindingRule::RecognizedPortNoListener => "RecognizedPortNoListener",
            FindingRule::UnrecognizedPortWithListener => "UnrecognizedPortWithListener",
            FindingRule::NetworkExposure => "NetworkExposure",
        })
    }
}

impl FindingRule {
    /// Every type.
    pub const ALL: [FindingRule; 5] = [
        FindingRule::RecognizedPortWithListener,
        FindingRule::RecognizedPortNoAgent,
        FindingRule::RecognizedPortNoListener,
        FindingRule::UnrecognizedPortWithListener,
        FindingRule::NetworkExposure,
    ];
}

/// Where a finding's traffic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// The internet, straight or through a load balancer.
    Internet,
    /// A VPC at the far end of a peering connection.
    PeeredVpc,
    /// A VPN or Direct Connect, through a virtual private gateway.
    Vgw,
}

impl Route {
    /// Every route.
    pub const ALL: [Route; 3] = [Route::Internet, Route::PeeredVpc, Route::Vgw];

    /// Within titles.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Route::Internet => "the internet",
            Route::PeeredVpc => "a Peered VPC",
            Route::Vgw => "a Virtual Private Gateway",
        }
    }

    /// Within ids, which leave out an article before the internet but for one.
    fn id_phrase(self) -> &'static str {
        if self == Route::Internet { "internet" } else { self.phrase() }
    }

    /// `REACHABILITY_TYPE`. That of a virtual private gateway was never seen; it is a guess.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Route::Internet => "Internet",
            Route::PeeredVpc => "PeeredVpc",
            Route::Vgw => "Vgw",
        }
    }
}

/// The id of the rule of a type and route, for example `Recognized port reachable from internet`.
pub fn rule_id(rule: FindingRule, route: Route) -> String {
    let what = match rule {
        FindingRule::RecognizedPortWithListener => "Recognized port with listener reachable",
        FindingRule::RecognizedPortNoAgent => "Recognized port reachable",
        FindingRule::RecognizedPortNoListener => "Recognized port with no listener reachable",
        FindingRule::UnrecognizedPortWithListener => "Unrecognized port with listener reachable",
        FindingRule::NetworkExposure => return format!("Network exposure from {}", route.phrase()),
    };
    format!("{what} from {}", route.id_phrase())
}

/// The most alarming severity that a finding of a rule has.
pub fn worst_severity(rule: FindingRule, route: Route) -> Severity {
    severity(rule, Severity::High, route)
}

/// Reference §2.2: from elsewhere than the internet, one level lower; without a listener, none.
pub(super) fn severity(rule: FindingRule, of_service: Severity, route: Route) -> Severity {
    let on_internet = match rule {
        FindingRule::RecognizedPortWithListener | FindingRule::RecognizedPortNoAgent => of_service,
        FindingRule::UnrecognizedPortWithListener => Severity::Low,
        FindingRule::RecognizedPortNoListener | FindingRule::NetworkExposure => Severity::Informational,
    };
    match on_internet {
        severity if route == Route::Internet => severity,
        Severity::High => Severity::Medium,
        Severity::Medium => Severity::Low,
        _ => Severity::Informational,
    }
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkFinding {
    /// Its type.
    pub rule: FindingRule,
    /// Where the traffic comes from.
    pub route: Route,
    /// The id of its rule, as [`rule_id`] has it.
    pub id: String,
    /// What tells it from the other findings of its instance and rule, and stays the same as long as the network does.
    pub subject: String,
    /// Its title.
    pub title: String,
    /// What is open, in a few sentences.
    pub description: String,
    /// How bad it is.
    pub severity: Severity,
    /// The instance.
    pub instance: String,
    /// The interface.
    pub interface: String,
    /// The protocol; of a network exposure, TCP.
    pub protocol: Protocol,
    /// The port; a network exposure has several.
    pub port: Option<u16>,
    /// The sources that are let in, as blocks: what Inspector does not tell.
    pub sources: Vec<String>,
    /// The rules that let them in, in the order of the path.
    pub gates: Vec<Gate>,
    /// What listens there, where an agent reports it.
    pub listener: Option<Listener>,
    /// Its attributes, by key.
    pub attributes: Vec<(&'static str, String)>,
    /// What to change, in a sentence.
    pub recommendation: String,
}
