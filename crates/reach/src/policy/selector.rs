//! Selectors: which interfaces a clause is about.

use std::fmt;
use std::str::FromStr;

use crate::network::Network;
use crate::snapshot::{Cidr, Interface};

/// What an interface is chosen by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The id of the interface, or of its instance, subnet, VPC or one of its security groups.
    Id(String),
    /// A block that has its private address.
    Block(Cidr),
    /// A tag of its instance.
    Tag {
        /// The key.
        key: String,
        /// The value; any, if none is named.
        value: Option<String>,
    },
}

/// A text is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} selects nothing: an id (i-…, eni-…, subnet-…, vpc-…, sg-…), a block of addresses or tag:KEY[=VALUE] does"
)]
pub struct NoSelector(String);

impl FromStr for Selector {
    type Err = NoSelector;

    fn from_str(text: &str) -> Result<Selector, NoSelector> {
        if let Some(tag) = text.strip_prefix("tag:").filter(|tag| !tag.is_empty()) {
            let (key, value) = match tag.split_once('=') {
                Some((key, value)) => (key, Some(value.to_owned())),
                None => (tag, None),
            };
            return Ok(Selector::Tag { key: key.to_owned(), value });
        }
        let is_id = ["i-", "eni-", "subnet-", "vpc-", "sg-"].iter().any(|kind| text.starts_with(kind));
        match text.parse::<Cidr>() {
            Ok(block) => Ok(Selector::Block(block)),
            Err(_) if is_id => Ok(Selector::Id(text.to_owned())),
            Err(_) => match text.parse::<std::net::IpAddr>() {
                Ok(address) => Ok(Selector::Block(Cidr::from(ipnet::IpNet::from(address)))),
                Err(_) => Err(NoSelector(text.to_owned())),
            },
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::Id(id) => f.write_str(id),
            Selector::Block(block) => block.fmt(f),
            Selector::Tag { key, value: None } => write!(f, "tag:{key}"),
            Selector::Tag { key, value: Some(value) } => write!(f, "tag:{key}={value}"),
        }
    }
}

impl Selector {
    /// Whether the snapshot knows what it names; a block or a tag may well choose nothing.
    pub(super) fn is_known(&self, network: &Network<'_>) -> bool {
        match self {
            Selector::Id(id) => network.snapshot.names.find(id).is_some(),
            Selector::Block(_) | Selector::Tag { .. } => true,
        }
    }

    /// Whether it chooses an address of an interface.
    pub(super) fn has(&self, network: &Network<'_>, interface: &Interface, address: std::net::IpAddr) -> bool {
        let snapshot = network.snapshot;
        match self {
            Selector::Block(block) => block.contains(address),
            Selector::Id(id) => {
                let Some(id) = snapshot.names.find(id) else { return false };
                let own = [Some(interface.id), interface.instance, interface.subnet, interface.vpc];
                own.contains(&Some(id)) || snapshot.interfaces.groups(interface).contains(&id)
            }
            Selector::Tag { key, value } => {
                let instance = interface.instance.and_then(|id| snapshot.instances.get(id));
                instance.is_some_and(|instance| {
                    instance.tags.iter().any(|tag| {
                        let is_value = value.as_deref().is_none_or(|value| snapshot.text(tag.value) == value);
                        snapshot.text(tag.key) == key && is_value
                    })
                })
            }
        }
    }
}
