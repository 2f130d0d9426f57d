//! Findings of network reachability, with the ids, titles, severities and attributes of Inspector Classic.

use std::fmt;

use assay_model::severity::Severity;

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

/// Where a finding's traffic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Route {
    Internet,
    PeeredVpc,
    Vgw,
}

impl Route {
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

/// The id of the rule of a type and route.
pub(super) fn id(rule: FindingRule, route: Route) -> String {
    let what = match rule {
        FindingRule::RecognizedPortWithListener => "Recognized port with listener reachable",
        FindingRule::RecognizedPortNoAgent => "Recognized port reachable",
        FindingRule::RecognizedPortNoListener => "Recognized port with no listener reachable",
        FindingRule::UnrecognizedPortWithListener => "Unrecognized port with listener reachable",
        FindingRule::NetworkExposure => return format!("Network exposure from {}", route.phrase()),
    };
    format!("{what} from {}", route.id_phrase())
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkFinding {
    /// Its type.
    pub rule: FindingRule,
    /// The id of its rule, for example `Recognized port reachable from internet`.
    pub id: String,
    /// Its title.
    pub title: String,
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
    /// Its attributes, by key.
    pub attributes: Vec<(&'static str, String)>,
    /// What to change, in a sentence.
    pub recommendation: String,
}

/// A route by which something may be reachable, that could not be evaluated to the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteExclusion {
    /// `internet`, `internet via alb …`, `peered pcx-…`, `vgw vgw-…`.
    pub route: String,
    /// The instance.
    pub instance: String,
    /// What may be open.
    pub ports: String,
}
