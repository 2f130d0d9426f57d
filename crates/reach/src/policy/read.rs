//! Reads policies.

use std::str::FromStr;

use assay_yaml::{Limits, parse};
use serde::Deserialize;
use serde_json::Value;

use super::clause::{Clause, Policy, Requirement};
use super::error::PolicyError;
use crate::exposure::Mode;
use crate::network::Protocol;
use crate::path::PathQuery;
use crate::sets::Ports;

/// Bytes of a policy.
const LIMIT: usize = 1 << 20;
/// Values of one, and how deep they are nested.
const LIMITS: Limits = Limits { nodes: 50_000, depth: 16 };

/// The port that the client of a required flow sends from, as clients of Linux and Windows do.
const SOURCE_PORT: u16 = 49152;

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Policy, PolicyError> {
        if text.len() > LIMIT {
            return Err(PolicyError::TooLarge { size: text.len(), limit: LIMIT });
        }
        let said = serde_json::from_value(parse("policy", text, LIMITS)?.to_json());
        let said: Said = said.map_err(|error| PolicyError::Shape(error.to_string()))?;
        let mode = match said.mode.as_deref() {
            None | Some("end-to-end") => Mode::EndToEnd,
            Some("edge") => Mode::Edge,
            Some(other) => return Err(PolicyError::Shape(format!("mode {other:?} is neither edge nor end-to-end"))),
        };
        if said.version != 1 {
            return Err(PolicyError::Shape(format!("version {} is not known; 1 is", said.version)));
        }
        let all = |clauses: Vec<SaidClause>| clauses.into_iter().map(SaidClause::clause).collect::<Result<_, _>>();
        let policy = Policy {
            mode,
            forbid: all(said.forbid)?,
            allow: said.allow.map(all).transpose()?,
            require: said.require.into_iter().map(SaidFlow::requirement).collect::<Result<_, _>>()?,
        };
        if policy.forbid.is_empty() && policy.allow.is_none() && policy.require.is_empty() {
            return Err(PolicyError::Shape("it neither forbids, allows nor requires anything".to_owned()));
        }
        Ok(policy)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    version: u64,
    mode: Option<String>,
    #[serde(default)]
    forbid: Vec<SaidClause>,
    allow: Option<Vec<SaidClause>>,
    #[serde(default)]
    require: Vec<SaidFlow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidClause {
    name: String,
    #[serde(default)]
    from: Several,
    #[serde(default)]
    to: Several,
    protocol: Option<Value>,
    #[serde(default)]
    ports: Several,
    #[serde(default)]
    sources: Several,
    #[serde(default)]
    except: Several,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidFlow {
    name: String,
    from: String,
    to: String,
    protocol: Option<Value>,
    #[serde(default)]
    port: u16,
    source_port: Option<u16>,
}

/// One value or a list of them.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Several {
    #[default]
    None,
    List(Vec<Value>),
    One(Value),
}

impl Several {
    fn texts(self) -> Result<Vec<String>, PolicyError> {
        let values = match self {
            Several::None | Several::One(Value::Null) => Vec::new(),
            Several::List(values) => values,
            Several::One(value) => vec![value],
        };
        values.iter().map(text).collect()
    }

    fn each<T: FromStr>(self, name: &str, member: &str) -> Result<Vec<T>, PolicyError>
    where
        T::Err: std::fmt::Display,
    {
        let texts = self.texts()?;
        let wrong = |error: T::Err| PolicyError::Shape(format!("{member} of {name:?}: {error}"));
        texts.iter().map(|text| text.parse().map_err(wrong)).collect()
    }
}

fn text(value: &Value) -> Result<String, PolicyError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(PolicyError::Shape(format!("{other} is neither a text nor a number"))),
    }
}

fn protocol(name: &str, value: Option<Value>) -> Result<Option<Protocol>, PolicyError> {
    let Some(value) = value else { return Ok(None) };
    let text = text(&value)?;
    if text == "any" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error| PolicyError::Shape(format!("protocol of {name:?}: {error}")))
}

impl SaidClause {
    fn clause(self) -> Result<Clause, PolicyError> {
        let name = self.name;
        let protocol = protocol(&name, self.protocol)?;
        let listed = self.ports.texts()?;
        let mut ranges = Vec::new();
        for text in &listed {
            ranges.push(range(&name, protocol, text)?);
        }
        if protocol.is_none() && !listed.is_empty() {
            return Err(PolicyError::Shape(format!("{name:?} names ports, so it needs a protocol")));
        }
        Ok(Clause {
            from: self.from.each(&name, "from")?,
            to: self.to.each(&name, "to")?,
            protocol,
            ports: if listed.is_empty() { Ports::all() } else { Ports::of_ranges(ranges) },
            sources: self.sources.each(&name, "sources")?,
            except: self.except.each(&name, "except")?,
            name,
        })
    }
}

fn range(name: &str, protocol: Option<Protocol>, text: &str) -> Result<(u16, u16), PolicyError> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let is_icmp = protocol.is_some_and(Protocol::is_icmp);
    let last = if is_icmp { u16::from(u8::MAX) } else { u16::MAX };
    match (from.parse::<u16>(), to.parse::<u16>()) {
        (Ok(from), Ok(to)) if from <= to && to <= last => {
            Ok(if is_icmp { (from << 8, (to << 8) | 0xff) } else { (from, to) })
        }
        _ => Err(PolicyError::Shape(format!("ports of {name:?}: {text:?} is no port and no range up to {last}"))),
    }
}

impl SaidFlow {
    fn requirement(self) -> Result<Requirement, PolicyError> {
        let protocol = protocol(&self.name, self.protocol)?.unwrap_or(Protocol::Tcp);
        if protocol.is_icmp() && self.port > u16::from(u8::MAX) {
            return Err(PolicyError::Shape(format!("port of {:?}: the types of ICMP end at 255", self.name)));
        }
        let source_port = self.source_port.unwrap_or(SOURCE_PORT);
        let flow = PathQuery { from: self.from, to: self.to, protocol, port: self.port, source_port };
        Ok(Requirement { name: self.name, flow })
    }
}
