//! The question and the answer.

use std::net::IpAddr;

use serde::Serialize;

use super::ends::{self, End, EndError};
use super::steps::{Step, Walk};
use super::{balanced, internet, private};
use crate::exposure::Certainty;
use crate::network::{Network, Protocol, View};
use crate::remedy::Edit;

/// A flow to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathQuery {
    /// An address, an instance, an interface, or an internet gateway for any client beyond it.
    pub from: String,
    /// An address, an instance or an interface.
    pub to: String,
    /// The protocol.
    pub protocol: Protocol,
    /// The port; of ICMP, the type.
    pub port: u16,
    /// The port that the client sends from.
    pub source_port: u16,
}

/// Whether a flow works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Requests arrive, and answers come back.
    Reachable,
    /// Requests arrive, answers do not come back.
    ForwardOnly,
    /// Requests do not arrive.
    Blocked,
}

/// The half of a flow that a step is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// The request.
    Request,
    /// The answer.
    Answer,
}

/// A step that the flow passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// The half.
    pub leg: Leg,
    /// What it is: `interface`, `security-group`, `network-acl`, `route`, `gateway` …
    pub kind: &'static str,
    /// The object.
    pub id: String,
    /// The rule of it that lets the flow pass.
    pub rule: String,
}

/// A step that stops the flow. Each of them has to change before it works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocker {
    /// The half.
    pub leg: Leg,
    /// The explanation code, as VPC Reachability Analyzer has it.
    pub code: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// The object.
    pub id: String,
    /// Why.
    pub detail: String,
}

/// What became of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether it works.
    pub verdict: Verdict,
    /// Whether that is sure.
    pub certainty: Certainty,
    /// The packet: addresses as the target sees them.
    pub source: Option<IpAddr>,
    /// The private address of the target.
    pub destination: Option<IpAddr>,
    /// What it passes, in order.
    pub hops: Vec<Hop>,
    /// What stops it: all of it, not the first only.
    pub blockers: Vec<Blocker>,
    /// Edits that would let it pass what stops it, where one is known.
    #[serde(skip)]
    pub(crate) remedies: Vec<Edit>,
}

/// Follows a flow. It is an error if an end is not known.
pub fn path(network: &Network<'_>, query: &PathQuery) -> Result<Answer, EndError> {
    let (from, to) = (ends::find(network, &query.from)?, ends::find(network, &query.to)?);
    let certain = seen(network, query, &from, &to, View::Certain)?;
    let best = match certain.verdict() {
        Verdict::Reachable => (certain, Certainty::Certain),
        worse => {
            let possible = seen(network, query, &from, &to, View::Possible)?;
            let is_better = rank(possible.verdict()) > rank(worse);
            if is_better { (possible, Certainty::May) } else { (certain, Certainty::Certain) }
        }
    };
    Ok(best.0.answer(best.1))
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Blocked => 0,
        Verdict::ForwardOnly => 1,
        Verdict::Reachable => 2,
    }
}

fn seen(network: &Network<'_>, query: &PathQuery, from: &End, to: &End, view: View) -> Result<Walk, EndError> {
    let mut walk = Walk::new(query.protocol, query.port, query.source_port, view);
    if let End::Node { balancer, node } = to {
        balanced::walk(network, &mut walk, from, (balancer, *node))?;
        return Ok(walk);
    }
    match (from, to) {
        (End::Interface { .. }, End::Interface { public: Some(public), .. }) if query.to.parse() == Ok(*public) => {
            // I5: who speaks to a public address goes out and in through the internet.
            internet::hairpin(network, &mut walk, from, to)?;
        }
        (End::Interface { .. }, _) => private::walk(network, &mut walk, from, to)?,
        _ => internet::or_remote(network, &mut walk, from, to)?,
    }
    Ok(walk)
}

impl Walk {
    pub(super) fn verdict(&self) -> Verdict {
        let is_blocked = |leg| self.steps.iter().any(|step| step.leg == leg && step.code.is_some());
        match (is_blocked(Leg::Request), is_blocked(Leg::Answer)) {
            (true, _) => Verdict::Blocked,
            (false, true) => Verdict::ForwardOnly,
            (false, false) => Verdict::Reachable,
        }
    }

    fn answer(self, certainty: Certainty) -> Answer {
        let verdict = self.verdict();
        let (mut hops, mut blockers) = (Vec::new(), Vec::new());
        let mut remedies = Vec::new();
        for Step { leg, kind, id, text, code, remedy } in self.steps {
            remedies.extend(remedy);
            match code {
                None => hops.push(Hop { leg, kind, id, rule: text }),
                Some(code) => blockers.push(Blocker { leg, code, kind, id, detail: text }),
            }
        }
        Answer { verdict, certainty, source: self.source, destination: self.destination, hops, blockers, remedies }
    }
}
