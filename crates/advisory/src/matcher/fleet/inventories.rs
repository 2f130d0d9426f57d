//! A fleet of stored inventories.
//!
//! Hosts are made alike: of 45,000 hosts with 2,000 packages each, few of the 90 million packages differ. Each distinct
//! package is kept and judged once, found by the names that a feed may call it, and says who has it. So one advisory
//! costs what its packages cost, not what the fleet costs; the answer is that of [`explain`](super::super::explain()) for
//! each of the hosts.

use std::collections::HashMap;

use assay_model::evidence::package::{Package, PackageState};

use super::answer::FleetAnswer;
use super::circumstances::Circumstances;
use super::content::Content;
use super::distinct::Distinct;
use super::holders::{Holder, Holders};
use crate::AdvisoryError;
use crate::database::Database;
use crate::matcher::explain::{begin, not_in_feed, reason};
use crate::matcher::inventory::Inventory;
use crate::matcher::subject::feed_names;

/// The inventories of hosts of one release, which one database is about.
///
/// Where a package is recorded is left out: the same package stands in another line on every host. The answer says its
/// place in the host's own list instead.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    packages: Distinct<Held>,
    /// The packages that a feed may mean by a name.
    by_name: HashMap<String, Vec<usize>>,
    circumstances: Distinct<Circumstances>,
    /// The circumstances of each host.
    hosts: Vec<usize>,
}

/// A package and the hosts that have it.
#[derive(Clone, Debug)]
struct Held {
    package: Package,
    holders: Holders,
}

impl Fleet {
    /// A fleet without hosts.
    pub fn new() -> Fleet {
        Fleet::default()
    }

    /// Number of hosts.
    pub fn hosts(&self) -> usize {
        self.hosts.len()
    }

    /// Adds a host and gives its number: 0 for the first, then one more for each.
    pub fn add(&mut self, inventory: &Inventory<'_>) -> usize {
        let host = self.hosts.len();
        let circumstances = Circumstances::of(inventory);
        let (circumstances, _) =
            self.circumstances.place(&circumstances, |known| *known == circumstances, || circumstances.clone());
        self.hosts.push(circumstances);
        for (position, package) in inventory.packages.packages.iter().enumerate() {
            if package.state != PackageState::NotInstalled {
                self.add_package(package, Holder { host, position });
            }
        }
        host
    }

    fn add_package(&mut self, package: &Package, holder: Holder) {
        let content = Content(package);
        let make = || Held { package: Package { recorded_at: None, ..package.clone() }, holders: Holders::default() };
        let (place, is_new) = self.packages.place(content, |held| Content(&held.package) == content, make);
        if is_new {
            for name in feed_names(package) {
                self.by_name.entry(name.into_owned()).or_default().push(place);
            }
        }
        if let Some(held) = self.packages.get_mut(place) {
            held.holders.push(holder);
        }
    }

    /// Gives each host's one reason for a vulnerability, as [`explain`](super::super::explain()) does for a single host.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn explain<'a>(&'a self, database: &'a Database, id: &str) -> Result<FleetAnswer<'a>, AdvisoryError> {
        let Some((advisories, nothing)) = begin(database, id)? else {
            return Ok(FleetAnswer::of_all(not_in_feed(database), self.hosts.len()));
        };
        let platform = database.header().scope.platform();
        let mut answer = FleetAnswer::of_all(nothing, self.hosts.len());
        let named = advisories.iter().filter_map(|advisory| self.by_name.get(advisory.package)).flatten();
        let mut named: Vec<usize> = named.copied().collect();
        named.sort_unstable();
        named.dedup();
        for held in named.into_iter().filter_map(|place| self.packages.get(place)) {
            // The reasons that this package gives, by circumstances.
            let mut reasons: HashMap<usize, Option<usize>> = HashMap::new();
            for Holder { host, position } in held.holders.iter() {
                let Some(&place) = self.hosts.get(host) else {
                    continue;
                };
                let known = match reasons.get(&place) {
                    Some(known) => *known,
                    None => {
                        let facts = self.circumstances.get(place).map(|circumstances| circumstances.facts(platform));
                        let made = facts.map(|facts| reason(&held.package, &advisories, &facts)).transpose()?.flatten();
                        let made = made.map(|reason| answer.add(reason));
                        reasons.insert(place, made);
                        made
                    }
                };
                if let Some(reason) = known {
                    answer.offer(host, reason, position);
                }
            }
        }
        Ok(answer)
    }
}
