//! Sets of ports, or of types and codes of ICMP.

use std::fmt;
use std::sync::Arc;

/// A set of ports: inclusive ranges, sorted, disjoint and not touching. Cheap to copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ports(Arc<[(u16, u16)]>);

impl Ports {
    /// Every port.
    pub fn all() -> Ports {
        Ports(Arc::from([(0, u16::MAX)]))
    }

    /// The ports of all these ranges.
    pub fn of_ranges(mut ranges: Vec<(u16, u16)>) -> Ports {
        ranges.retain(|(from, to)| from <= to);
        ranges.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::new();
        for (from, to) in ranges {
            match merged.last_mut() {
                Some(before) if from <= before.1.saturating_add(1) => before.1 = before.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        Ports(merged.into())
    }

    /// The ranges.
    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the port is one of them.
    pub fn contains(&self, port: u16) -> bool {
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&port))
    }

    /// What is in both.
    pub fn intersection(&self, other: &Ports) -> Ports {
        let mut common = Vec::new();
        for (from, to) in self.0.iter() {
            common.extend(other.0.iter().map(|(other_from, other_to)| (*from.max(other_from), *to.min(other_to))));
        }
        Ports::of_ranges(common)
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (from, to)) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{from}-{to}")?;
        }
        Ok(())
    }
}
